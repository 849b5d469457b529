// @ts-check
/**
 * Kernels that compute no number, but put elements elsewhere: shapes, repetitions, diagonals, and
 * what is made of nothing. Each is the twin of the NumPy kernel in `nbgrad/ops`.
 *
 * They read views: parts of an array, or all of it in another order, by the place of the first
 * element and the strides.
 *
 * @import {Arr, Sizes} from "./arrays.js"
 * @import {Kernel} from "./kernels_elementwise.js"
 *
 * @typedef {{shape: Sizes, strides: Sizes, offset: number}} View
 */

import {
  broadcastTo, countOf, inShape, makeArray, normalAxes, normalAxis, pickPlaces, placesOf, rounding,
  scalarOf, stridesOf,
} from "./arrays.js";

/** A copy of a part. @param {Arr} x @param {View} view @returns {Arr} */
export function viewOf(x, { shape, strides, offset }) {
  return pickPlaces(x, shape, placesOf(shape, strides, offset));
}

/** Elements put into a part of an array. @param {Arr} whole @param {View} view @param {Arr} part */
export function putInto(whole, { shape, strides, offset }, part) {
  const places = placesOf(shape, strides, offset);
  const { data } = broadcastTo(part, shape);
  for (let i = 0; i < places.length; i += 1) whole.data[places[i]] = data[i];
}

/** The whole of an array as a view, to be changed. @param {Sizes} shape @returns {View} */
export function wholeView(shape) {
  return { shape: [...shape], strides: stridesOf(shape), offset: 0 };
}

/** The axes in another order. @param {Arr} x @param {number[] | null} perm @returns {Arr} */
export function transposed(x, perm = null) {
  const order = perm ?? x.shape.map((_, i) => x.shape.length - 1 - i);
  const strides = stridesOf(x.shape);
  const axes = order.map((axis) => normalAxis(axis, x.shape.length));
  const along = (/** @type {Sizes} */ sizes) => axes.map((axis) => sizes[axis]);
  return viewOf(x, { shape: along(x.shape), strides: along(strides), offset: 0 });
}

/** An array with one axis moved elsewhere.
 * @param {Arr} x
 * @param {number} from
 * @param {number} to */
export function axisMoved(x, from, to) {
  const order = x.shape.map((_, i) => i);
  const [axis] = order.splice(normalAxis(from, order.length), 1);
  order.splice(normalAxis(to, order.length + 1), 0, axis ?? 0);
  return transposed(x, order);
}

/** Elements at positions along an axis.
 * @param {Arr} x
 * @param {ArrayLike<number>} at
 * @param {number} axis */
export function takeAlong(x, at, axis) {
  const [outer, inner] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
  const [count, width, size] = [countOf(outer), countOf(inner), x.shape[axis]];
  const result = makeArray(x.dtype, [...outer, at.length, ...inner]);
  for (let i = 0, k = 0; i < count; i += 1) {
    for (let j = 0; j < at.length; j += 1) {
      const start = (i * size + /** @type {number} */ (at[j])) * width;
      for (let w = 0; w < width; w += 1, k += 1) result.data[k] = x.data[start + w];
    }
  }
  return result;
}

/** Rows added to those at some positions.
 * @type {(to: Arr, at: ArrayLike<number>, rows: Arr) => void} */
export function addRows(to, at, rows) {
  const width = countOf(rows.shape) / Math.max(at.length, 1);
  for (let i = 0; i < at.length; i += 1) {
    const start = /** @type {number} */ (at[i]) * width;
    for (let j = 0; j < width; j += 1) to.data[start + j] += rows.data[i * width + j];
  }
}

/** @type {Kernel} */
function reshape([x], { shape }) {
  const free = shape.indexOf(-1);
  const known = countOf(shape.filter((/** @type {number} */ size) => size !== -1));
  /** @type {Sizes} */
  const sizes = [...shape];
  if (free >= 0) sizes[free] = known ? x.data.length / known : 0;
  if (countOf(sizes) !== x.data.length || sizes.some((size) => size % 1)) {
    const wanted = free < 0 ? `has ${known}` : `requires a multiple of ${known}`;
    throw new Error(
      `Input to reshape is a tensor with ${x.data.length} values, ` +
        `but the requested shape ${wanted}`,
    );
  }
  return inShape(x, sizes);
}

/** @type {Kernel} */
function expandDims([x], { axis }) {
  const shape = [...x.shape];
  shape.splice(normalAxis(axis, shape.length + 1), 0, 1);
  return inShape(x, shape);
}

/** @type {Kernel} */
function squeeze([x], { axis = null }) {
  const named = axis === null || axis.length === 0 ? null : normalAxes(axis, x.shape.length);
  for (const each of named ?? []) {
    const size = x.shape[each];
    if (size === 1) continue;
    throw new Error(`Can not squeeze dim[${each}], expected a dimension of 1, got ${size}`);
  }
  return inShape(
    x,
    x.shape.filter((size, i) => (named ? !named.includes(i) : size !== 1)),
  );
}

/** @type {Kernel} */
function reverse([x], { axis }) {
  const view = wholeView(x.shape);
  for (const each of normalAxes(axis, x.shape.length)) {
    view.offset += view.strides[each] * Math.max(x.shape[each] - 1, 0);
    view.strides[each] *= -1;
  }
  return viewOf(x, view);
}

/** @type {Kernel} */
function roll([input], { shift, axis }) {
  let x = input;
  const [shifts, axes] = [[shift].flat(), [axis].flat()];
  axes.forEach((each, i) => {
    const [to, strides] = [normalAxis(each, x.shape.length), stridesOf(x.shape)];
    const size = x.shape[to];
    const by = (((shifts[i] ?? shifts[0]) % size) + size) % size;
    const places = placesOf(x.shape, strides).map((place) => {
      const at = Math.floor(place / strides[to]) % size;
      return place + (((at - by + size) % size) - at) * strides[to];
    });
    x = pickPlaces(x, x.shape, places);
  });
  return x;
}

/** @type {Kernel} */
function tile([x], { multiples }) {
  const strides = stridesOf(x.shape);
  const view = {
    shape: x.shape.flatMap((size, i) => [multiples[i], size]),
    strides: strides.flatMap((stride) => [0, stride]),
    offset: 0,
  };
  return inShape(
    viewOf(x, view),
    x.shape.map((size, i) => size * multiples[i]),
  );
}

// Diagonals --------------------------------------------------------------------------------------

/** The view of the diagonals of the last two axes. @param {Sizes} sizes @returns {View} */
function diagonalView(sizes) {
  const { shape, strides } = wholeView(sizes);
  const [columns, rows] = [shape.pop() ?? 0, shape.pop() ?? 0];
  const step = (strides.pop() ?? 0) + (strides.pop() ?? 0);
  return { shape: [...shape, Math.min(rows, columns)], strides: [...strides, step], offset: 0 };
}

/** Matrices with these diagonals.
 * @param {Arr} x
 * @param {number | null} [rows]
 * @param {number | null} [columns] */
function onDiagonals(x, rows, columns) {
  const size = /** @type {number} */ (x.shape.at(-1));
  const whole = makeArray(x.dtype, [...x.shape.slice(0, -1), rows || size, columns || size]);
  putInto(whole, { ...diagonalView(whole.shape), shape: x.shape }, x);
  return whole;
}

/** @type {Kernel} */
function diag([x]) {
  return inShape(onDiagonals(inShape(x, [x.data.length])), [...x.shape, ...x.shape]);
}

/** @type {Kernel} */
function diagPart([x]) {
  const half = x.shape.slice(0, x.shape.length / 2);
  const square = inShape(x, [countOf(half), countOf(half)]);
  return inShape(viewOf(square, diagonalView(square.shape)), half);
}

/** @type {Kernel} */
function matrixBandPart([x], { num_lower: lower, num_upper: upper }) {
  const [rows, columns] = /** @type {[number, number]} */ (x.shape.slice(-2));
  const result = makeArray(x.dtype, x.shape);
  for (let k = 0; k < x.data.length; k += 1) {
    const below = (Math.floor(k / columns) % rows) - (k % columns);
    const inside = (lower < 0 || below <= lower) && (upper < 0 || -below <= upper);
    if (inside) result.data[k] = x.data[k];
  }
  return result;
}

// Made of nothing --------------------------------------------------------------------------------

/** @type {Kernel} */
function fill([value], { shape }) {
  return broadcastTo(value, shape);
}

/** @type {Kernel} */
function range(_, { start, limit, delta, dtype }) {
  if (delta === 0) throw new Error("Requires delta != 0: 0");
  const count = Math.max(0, Math.ceil((limit - start) / delta));
  const step = start + delta - start; // NumPy's own step, as it was rounded
  return makeArray(
    dtype,
    [count],
    Array.from({ length: count }, (_each, i) => start + i * step),
  );
}

/** @type {Kernel} */
function linspace([first, last], { num }) {
  const [{ dtype, data }, stop] = [first, last.data[0]];
  if (num < 1) throw new Error(`Requires num > 0: ${num}`);
  const [r, start] = [rounding(dtype), data[0]];
  const step = num > 1 ? r(r(stop - start) / (num - 1)) : 0;
  const at = (/** @type {number} */ i) => (i && i === num - 1 ? stop : r(i * step) + start);
  return makeArray(dtype, [num], Array.from({ length: num }, (_, i) => at(i)));
}

/** @type {Record<string, Kernel>} */
export const SHAPING = {
  Shape: ([x], { out_type: dtype = "int32" }) =>
    makeArray(dtype, [x.shape.length], x.shape),
  Size: ([x], { out_type: dtype = "int32" }) => scalarOf(dtype, x.data.length),
  Rank: ([x]) => scalarOf("int32", x.shape.length),
  Reshape: reshape,
  ExpandDims: expandDims,
  Squeeze: squeeze,
  Transpose: ([a], { perm = null }) => transposed(a, perm),
  ReverseV2: reverse,
  Roll: roll,
  BroadcastTo: ([x], { shape }) => broadcastTo(x, shape),
  Tile: tile,
  Diag: diag,
  DiagPart: diagPart,
  MatrixDiag: ([x], { num_rows: rows, num_cols: columns }) => onDiagonals(x, rows, columns),
  MatrixDiagPart: ([x]) => viewOf(x, diagonalView(x.shape)),
  MatrixBandPart: matrixBandPart,
  Fill: fill,
  Range: range,
  LinSpace: linspace,
};
