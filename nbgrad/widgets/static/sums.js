// @ts-check
/**
 * Sums as NumPy adds: in pairs, so that rounding grows with the logarithm of their length.
 *
 * In another order the last bits are others, and at an edge the last digit that is shown.
 *
 * @import {Arr} from "./arrays.js"
 */

const BLOCK = 128; // so many are added in eight rows

/**
 * The sum of `count` numbers from `start` on, `stride` apart, rounded after each addition.
 * @param {ArrayLike<number>} data
 * @param {number} start
 * @param {number} count
 * @param {number} stride
 * @param {(sum: number) => number} rounded  `Math.fround` of float32
 * @returns {number}
 */
export function pairwiseSum(data, start, count, stride, rounded) {
  if (count < 8) return sumInOrder(data, start, count, stride, rounded);
  if (count > BLOCK) {
    const half = Math.floor(count / 2);
    const left = half - (half % 8);
    return rounded(
      pairwiseSum(data, start, left, stride, rounded) +
        pairwiseSum(data, start + left * stride, count - left, stride, rounded),
    );
  }
  const rows = Array.from({ length: 8 }, (_, i) => data[start + i * stride] ?? 0);
  const end = count - (count % 8);
  for (let i = 8; i < end; i++) {
    rows[i % 8] = rounded((rows[i % 8] ?? 0) + (data[start + i * stride] ?? 0));
  }
  for (let apart = 1; apart < 8; apart *= 2) {
    for (let i = 0; i < 8; i += 2 * apart) {
      rows[i] = rounded((rows[i] ?? 0) + (rows[i + apart] ?? 0));
    }
  }
  const rest = start + end * stride;
  return sumInOrder(data, rest, count - end, stride, rounded, rows[0] ?? 0);
}

/**
 * @param {ArrayLike<number>} data
 * @param {number} start
 * @param {number} count
 * @param {number} stride
 * @param {(sum: number) => number} rounded
 * @param {number} [sum]  of what came before
 * @returns {number}
 */
function sumInOrder(data, start, count, stride, rounded, sum = 0) {
  for (let i = 0; i < count; i++) {
    sum = rounded(sum + (data[start + i * stride] ?? 0));
  }
  return sum;
}

/** @type {(sum: number) => number} */
export function unrounded(sum) {
  return sum;
}

/**
 * The mean of all elements, in the precision of the array; of integers in float64.
 * @type {(numbers: Arr) => number}
 */
export function meanOf({ dtype, data }) {
  const rounded = dtype === "float32" ? Math.fround : unrounded;
  return rounded(pairwiseSum(data, 0, data.length, 1, rounded) / data.length);
}
