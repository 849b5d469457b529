// @ts-check
/**
 * The cells of maps: elements laid out in a matrix, means of blocks, and tints. Of
 * `nbgrad/picture/cards/maps.py`.
 *
 * @import {Arr} from "./arrays.js"
 * @import {Cells} from "./forms.js"
 *
 * @typedef {{rows: number, columns: number, data: ArrayLike<number>}} Matrix
 */

import { roundedToEven } from "./digits.js";
import { pairwiseSum, unrounded } from "./sums.js";

const INFINITE_CELL = 1000; // the cell of a number that is infinite

/**
 * The number of rows of tiles in a stack.
 * @type {(numbers: Arr, tile: readonly number[], beside: number) => number}
 */
export function matricesIn({ data }, [high = 1, wide = 1], beside) {
  return Math.ceil(data.length / (high * wide * beside));
}

/**
 * The number of cells of a map.
 * @type {(tile: readonly number[], block: readonly number[], beside: number, down: number) =>
 *        number}
 */
export function cellCount([high = 1, wide = 1], [rows = 1, columns = 1], beside, down) {
  return down * Math.ceil(high / rows) * beside * Math.ceil(wide / columns);
}

/**
 * The matrices of a stack in rows, so many beside each other; empty places hold 0.
 * @type {(numbers: Arr, tile: readonly number[], axes: readonly number[], beside: number) =>
 *        Matrix}
 */
export function laidOut(numbers, tile, axes, beside) {
  const [high = 1, wide = 1] = tile;
  const ordered = axes.length ? inOrderOfAxes(numbers, axes) : numbers.data;
  if (beside === 1) return { rows: ordered.length / wide, columns: wide, data: ordered };
  const rows = matricesIn(numbers, tile, beside) * high;
  const columns = beside * wide;
  const data = new Float64Array(rows * columns);
  for (let i = 0; i < ordered.length; i++) {
    const count = Math.floor(i / (high * wide));
    const row = Math.floor(count / beside) * high + (Math.floor(i / wide) % high);
    data[row * columns + (count % beside) * wide + (i % wide)] = ordered[i] ?? 0;
  }
  return { rows, columns, data };
}

/**
 * The elements of an array with its axes in another order.
 * @type {(numbers: Arr, axes: readonly number[]) => Float64Array}
 */
function inOrderOfAxes({ shape, data }, axes) {
  const apart = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const sizes = axes.map((axis) => shape[axis] ?? 1);
  const steps = axes.map((axis) => apart[axis] ?? 1);
  const ordered = new Float64Array(data.length);
  const at = sizes.map(() => 0);
  for (let i = 0, from = 0; i < ordered.length; i++) {
    ordered[i] = data[from] ?? 0;
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      const place = (at[axis] ?? 0) + 1;
      const size = sizes[axis] ?? 1;
      const step = steps[axis] ?? 1;
      from += place < size ? step : step * (1 - size);
      at[axis] = place < size ? place : 0;
      if (place < size) break;
    }
  }
  return ordered;
}

/**
 * The mean of each block of elements; no block reaches into two tiles.
 * @type {(matrix: Matrix, tile: readonly number[], block: readonly number[]) => Float64Array}
 */
export function blockMeans(matrix, [high = 1, wide = 1], [blockRows = 1, blockColumns = 1]) {
  const { rows, columns } = matrix;
  const down = blockStarts(rows, high, blockRows);
  const across = blockStarts(columns, wide, blockColumns);
  const largest = largestFinite(matrix.data) || 1;
  // Relative to the largest, so that no sum is beyond the range of its type.
  const scaled = Float64Array.from(matrix.data, (number) => number / largest);
  const sums = new Float64Array(columns);
  const means = new Float64Array((down.length - 1) * (across.length - 1));
  let n = 0;
  for (let i = 0; i + 1 < down.length; i++) {
    const [top = 0, bottom = 0] = [down[i], down[i + 1]];
    for (let column = 0; column < columns; column++) {
      sums[column] = sumFrom(scaled, top * columns + column, bottom - top, columns);
    }
    for (let j = 0; j + 1 < across.length; j++) {
      const [left = 0, right = 0] = [across[j], across[j + 1]];
      const sum = sumFrom(sums, left, right - left, 1);
      means[n++] = (sum / ((bottom - top) * (right - left))) * largest;
    }
  }
  return means;
}

/**
 * Where blocks begin along an axis, and where the last one ends.
 * @param {number} size
 * @param {number} whole  of a tile, in which blocks begin anew
 * @param {number} step
 * @returns {number[]}
 */
function blockStarts(size, whole, step) {
  const starts = [];
  for (let i = 0; i < size; i++) {
    if ((i % whole) % step === 0) starts.push(i);
  }
  return [...starts, size];
}

/**
 * A sum in the order in which NumPy reduces slices.
 * @type {(data: Float64Array, start: number, count: number, stride: number) => number}
 */
function sumFrom(data, start, count, stride) {
  return (data[start] ?? 0) + pairwiseSum(data, start + stride, count - 1, stride, unrounded);
}

/** @type {(data: ArrayLike<number>) => number} */
function largestFinite(data) {
  let found = 0;
  for (let i = 0; i < data.length; i++) {
    const size = Math.abs(data[i] ?? 0);
    if (size > found && size < Infinity) found = size;
  }
  return found;
}

/**
 * The tints of a map's cells in per cent, below zero where the number is.
 * @type {(numbers: ArrayLike<number>, faintest: number, strongest: number, signed: boolean) =>
 *        Cells}
 */
export function tintsOf(numbers, faintest, strongest, signed) {
  const largest = largestFinite(numbers) || 1;
  /** @type {Cells} */
  const cells = new Array(numbers.length);
  for (let i = 0; i < cells.length; i++) {
    const number = numbers[i] ?? 0;
    const size = Math.abs(number);
    let tint = 0;
    if (!(size < Infinity)) {
      cells[i] = !signed ? 0 : size ? Math.sign(number) * INFINITE_CELL : null; // a badge says it
      continue;
    }
    if (size) tint = roundedToEven(faintest + (strongest - faintest) * (size / largest));
    cells[i] = signed && number < 0 ? -tint : tint;
  }
  return cells;
}
