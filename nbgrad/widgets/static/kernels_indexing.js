// @ts-check
/**
 * Kernels that pick elements by position, put them back, rank them, or add them up in groups. Each
 * is the twin of the NumPy kernel in `nbgrad/ops`.
 *
 * @import {Arr, Sizes} from "./arrays.js"
 * @import {Kernel} from "./kernels_elementwise.js"
 */

import {
  countOf, indexOf, inShape, isFloat, limitsOf, makeArray, mapTwo, normalAxis, sameShape, stridesOf,
} from "./arrays.js";
import { addRows, axisMoved, takeAlong } from "./kernels_shaping.js";

/** Refuse positions that do not exist. @param {Arr} at @param {number} size @param {string} what */
function checkWithin(at, size, what, outside = "not in") {
  const wrong = at.data.findIndex((/** @type {number} */ each) => each < 0 || each >= size);
  if (wrong < 0) return;
  const where = indexText(wrong, at.shape);
  throw new Error(`${what}${where} = ${at.data[wrong]} is ${outside} [0, ${size})`);
}

/** Where an element stands, as a message says it: "[1,0]".
 * @param {number} place
 * @param {Sizes} sizes */
function indexText(place, sizes) {
  return sizes.length ? `[${indexOf(place, sizes)}]` : "";
}

/** @type {Kernel} */
function gather([x, at], { axis = 0 }) {
  const along = normalAxis(axis, x.shape.length);
  checkWithin(at, x.shape[along], "indices");
  const shape = [...x.shape.slice(0, along), ...at.shape, ...x.shape.slice(along + 1)];
  return inShape(takeAlong(x, at.data, along), shape);
}

/** The rows that index tuples name, as positions among all rows.
 * @param {Arr} indices  whose last axis is a tuple
 * @param {Sizes} sizes  of the array with those rows
 * @param {string} what  the array is called in messages */
function rowsNamed(indices, sizes, what) {
  const length = /** @type {number} */ (indices.shape.at(-1));
  const [outer, strides] = [indices.shape.slice(0, -1), stridesOf(sizes.slice(0, length))];
  const rows = new Int32Array(countOf(outer));
  for (let i = 0; i < rows.length; i += 1) {
    const tuple = [...indices.data.subarray(i * length, (i + 1) * length)];
    if (tuple.some((at, axis) => at < 0 || at >= sizes[axis])) {
      const at = `indices${indexText(i, outer)} = [${tuple.join(", ")}]`;
      throw new Error(`${at} does not index into ${what} [${sizes}]`);
    }
    rows[i] = tuple.reduce((sum, at, axis) => sum + at * strides[axis], 0);
  }
  return { rows, outer, inner: sizes.slice(length) };
}

/** @type {Kernel} */
function gatherNd([x, indices]) {
  const { rows, outer, inner } = rowsNamed(indices, x.shape, "param shape");
  const flat = inShape(x, [countOf(x.shape) / Math.max(countOf(inner), 1), countOf(inner)]);
  return inShape(takeAlong(flat, rows, 0), [...outer, ...inner]);
}

/** @type {Kernel} */
function scatterNd([at, parts], { shape }) {
  const { rows, outer, inner } = rowsNamed(at, shape, "shape");
  if (!sameShape(parts.shape, [...outer, ...inner])) {
    throw new Error(
      "Must have updates.shape = indices.shape[:batch_dim] + buffer_shape[num_index_dims:], got " +
        `updates.shape: [${parts.shape}], indices.shape: [${at.shape}], buffer_shape: [${shape}]`,
    );
  }
  const whole = makeArray(parts.dtype, shape);
  addRows(whole, rows, parts);
  return whole;
}

/** @type {Kernel} */
function oneHot([at, on, off], { depth, axis = -1 }) {
  const result = makeArray(on.dtype, [...at.shape, depth]);
  result.data.fill(off.data[0]);
  at.data.forEach((/** @type {number} */ each, /** @type {number} */ i) => {
    if (each >= 0 && each < depth) result.data[i * depth + each] = on.data[0];
  });
  return axis === -1 ? result : axisMoved(result, -1, axis);
}

/** @type {Kernel} */
function positionsOfTrue([x]) {
  const found = /** @type {number[]} */ ([]);
  x.data.forEach((/** @type {number} */ each, /** @type {number} */ i) => each && found.push(i));
  const indices = found.flatMap((place) => indexOf(place, x.shape));
  return makeArray("int64", [found.length, x.shape.length], indices);
}

// Ranking ----------------------------------------------------------------------------------------

/** The positions of numbers, from the largest to the smallest; NaN last. @param {number[]} row */
function orderOfLargest(row) {
  const rank = (/** @type {any} */ x) => (Number.isNaN(x) ? -Infinity : x);
  const last = (/** @type {any} */ x) => (Number.isNaN(x) ? 1 : 0);
  return row
    .map((_, i) => i)
    .sort((i, j) => last(row[i]) - last(row[j]) || compare(rank(row[j]), rank(row[i])));
}

/** @param {number} a @param {number} b */
function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0; // a difference of infinities is NaN
}

/** @type {Kernel} */
function topK([x], { k }) {
  const columns = /** @type {number} */ (x.shape.at(-1));
  if (columns < k) throw new Error("input must have at least k columns");
  const shape = [...x.shape.slice(0, -1), k];
  const [values, places] = [makeArray(x.dtype, shape), makeArray("int32", shape)];
  for (let row = 0; row * k < values.data.length; row += 1) {
    const numbers = [...x.data.subarray(row * columns, (row + 1) * columns)];
    const order = orderOfLargest(numbers).slice(0, k);
    places.data.set(order, row * k);
    values.data.set(
      order.map((i) => numbers[i] ?? 0),
      row * k,
    );
  }
  return [values, places];
}

/** @type {Kernel} */
function inTopK([x, target], { k }) {
  const columns = x.shape[1];
  const found = makeArray("bool", target.shape);
  for (let row = 0; row < target.data.length; row += 1) {
    const at = target.data[row];
    const numbers = [...x.data.subarray(row * columns, (row + 1) * columns)];
    const ofTarget = numbers[at];
    if (ofTarget === undefined || at < 0) continue;
    found.data[row] = numbers.filter((each) => each > ofTarget).length < k ? 1 : 0;
  }
  return found;
}

/** @type {Kernel} */
function invertPermutation([x]) {
  const result = makeArray(x.dtype, x.shape);
  x.data.forEach((/** @type {number} */ at, /** @type {number} */ i) => (result.data[at] = i));
  return result;
}

// Groups -----------------------------------------------------------------------------------------

/** Without a number of groups of their own, as many as the last id says. @param {Arr} ids */
function groupCount(ids) {
  return ids.data.length ? ids.data[ids.data.length - 1] + 1 : 0;
}

/** Each group of rows reduced.
 * @param {Arr} data
 * @param {Arr} ids
 * @param {number} count
 * @param {number} start  for an empty group
 * @param {(total: number, element: number) => number} combine */
function reduceGroups(data, ids, count, start, combine) {
  checkWithin(ids, count, "segment_ids", "out of range");
  const inner = data.shape.slice(ids.shape.length);
  const [width, found] = [countOf(inner), makeArray(data.dtype, [count, ...inner])];
  found.data.fill(start);
  for (let k = 0; k < data.data.length; k += 1) {
    const place = ids.data[Math.floor(k / width)] * width + (k % width);
    found.data[place] = combine(found.data[place], data.data[k]);
  }
  return found;
}

/** @param {number} a @param {number} b */
const sumOfTwo = (a, b) => a + b;

const LARGEST_FLOATS = /** @type {Record<string, number>} */ ({
  float32: (2 - 2 ** -23) * 2 ** 127,
  float64: Number.MAX_VALUE,
});

/** What an extreme begins with: for groups of sorted ids ∓∞, else the last finite number.
 * @param {string} dtype @param {number} side @param {boolean} sorted */
function extremeOfNone(dtype, side, sorted) {
  if (!isFloat(dtype)) return side < 0 ? limitsOf(dtype).lowest : limitsOf(dtype).highest;
  return side * (sorted ? Infinity : LARGEST_FLOATS[dtype] ?? 0);
}

/** The extreme of each group.
 * @param {-1 | 1} side  -1 for the maximum, which begins with the lowest number; 1 for the minimum
 * @param {boolean} sorted  whether the ids are, and the last one says how many groups there are
 * @returns {Kernel} */
const groupExtreme = (side, sorted) => ([x, at], { num_segments: count }) => {
  const start = extremeOfNone(x.dtype, side, sorted);
  const groups = sorted ? groupCount(at) : count;
  const found = reduceGroups(x, at, groups, start, side < 0 ? Math.max : Math.min);
  if (!sorted) return found;
  const [ids, width] = [new Set(at.data), found.data.length / Math.max(groups, 1)];
  for (let id = 0; id < groups; id += 1) {
    if (!ids.has(id)) found.data.fill(0, id * width, (id + 1) * width); // a number that no row has
  }
  return found;
};

/** The sum of each group, whose ids are sorted. @param {Arr} data @param {Arr} ids */
function sumOfGroups(data, ids) {
  return reduceGroups(data, ids, groupCount(ids), 0, sumOfTwo);
}

/** @type {Kernel} */
function segmentMean([x, at]) {
  const sums = sumOfGroups(x, at);
  const counts = makeArray(x.dtype, [sums.shape[0], ...x.shape.slice(1).fill(1)]);
  at.data.forEach((/** @type {number} */ id) => (counts.data[id] += 1));
  const rounded = isFloat(x.dtype) ? (/** @type {number} */ mean) => mean : Math.trunc;
  return mapTwo(sums, counts, (sum, count) => rounded(sum / Math.max(count, 1)));
}

/** @type {Record<string, Kernel>} */
export const INDEXING = {
  GatherV2: gather,
  GatherNd: gatherNd,
  ScatterNd: scatterNd,
  OneHot: oneHot,
  Where: positionsOfTrue,
  TopKV2: topK,
  InTopKV2: inTopK,
  InvertPermutation: invertPermutation,
  UnsortedSegmentSum: ([data, ids], { num_segments: count }) =>
    reduceGroups(data, ids, count, 0, sumOfTwo),
  UnsortedSegmentMax: groupExtreme(-1, false),
  UnsortedSegmentMin: groupExtreme(1, false),
  SegmentSum: ([data, ids]) => sumOfGroups(data, ids),
  SegmentMean: segmentMean,
  SegmentMax: groupExtreme(-1, true),
  SegmentMin: groupExtreme(1, true),
};
