// @ts-check
/**
 * Kernels that compute no number, but put elements elsewhere: shapes, repetitions, diagonals, and
 * what is made of nothing. Each is the twin of the NumPy kernel in `nbgrad/ops`.
 *
 * @typedef {import("./arrays.js").Arr} Arr
 * @typedef {import("./arrays.js").Sizes} Sizes
 * @typedef {import("./kernels_elementwise.js").Kernel} Kernel
 * @typedef {import("./array_views.js").View} View
 */

import { broadcastTo, countOf, inShape, makeArray, normalAxes, normalAxis } from "./arrays.js";
import { pickPlaces, placesOf, rounding, scalarOf, stridesOf } from "./arrays.js";
import { putInto, transposed, viewOf, wholeView } from "./array_views.js";

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

/**
 * Matrices with these diagonals.
 * @param {Arr} x
 * @param {number | null} [rows]
 * @param {number | null} [columns]
 */
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
