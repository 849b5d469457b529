// @ts-check
/**
 * Kernels that compute no number, but put elements elsewhere: shapes, parts, joints, margins,
 * repetitions, diagonals, and what is made of nothing. Each is the twin of the NumPy kernel in
 * `nbgrad/ops`.
 *
 * @typedef {import("./arrays.js").Arr} Arr
 * @typedef {import("./arrays.js").Sizes} Sizes
 * @typedef {import("./kernels_elementwise.js").Kernel} Kernel
 * @typedef {number | null | "..." | {slice: (number | null)[]}} IndexEntry  as between brackets
 * @typedef {{shape: Sizes, strides: Sizes, offset: number}} View  part of an array, or all of it
 */

import { broadcastTo, inShape, makeArray, normalAxes, normalAxis } from "./arrays.js";
import { pickPlaces, placesOf, rounding, sameShape, countOf, stridesOf } from "./arrays.js";
import { given } from "./kernels_elementwise.js";

/** A copy of a part. @param {Arr} x @param {View} view @returns {Arr} */
function viewOf(x, { shape, strides, offset }) {
  return pickPlaces(x, shape, placesOf(shape, strides, offset));
}

/** Elements put into a part of an array. @param {Arr} whole @param {View} view @param {Arr} part */
function putInto(whole, { shape, strides, offset }, part) {
  const places = placesOf(shape, strides, offset);
  const { data } = broadcastTo(part, shape);
  for (let i = 0; i < places.length; i += 1) whole.data[places[i]] = data[i];
}

/** The whole of an array as a view, to be changed. @param {Sizes} shape @returns {View} */
function wholeView(shape) {
  return { shape: [...shape], strides: stridesOf(shape), offset: 0 };
}

// Shapes -----------------------------------------------------------------------------------------

/** @type {Kernel} */
function reshape([tensor], { shape }) {
  const x = given(tensor);
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
function expandDims([input], { axis }) {
  const x = given(input);
  const shape = [...x.shape];
  shape.splice(normalAxis(axis, shape.length + 1), 0, 1);
  return inShape(x, shape);
}

/** @type {Kernel} */
function squeeze([input], { axis = null }) {
  const x = given(input);
  const named = axis === null || axis.length === 0 ? null : normalAxes(axis, x.shape.length);
  for (const each of named ?? []) {
    if (x.shape[each] === 1) continue;
    throw new Error(`Can not squeeze dim[${each}], expected a dimension of 1, got ${x.shape[each]}`);
  }
  return inShape(
    x,
    x.shape.filter((size, i) => (named ? !named.includes(i) : size !== 1)),
  );
}

/** The axes in another order. @param {Arr} x @param {number[] | null} perm @returns {Arr} */
export function transposed(x, perm = null) {
  const order = perm ?? x.shape.map((_, i) => x.shape.length - 1 - i);
  const strides = stridesOf(x.shape);
  const axes = order.map((axis) => normalAxis(axis, x.shape.length));
  const along = (/** @type {Sizes} */ sizes) => axes.map((axis) => sizes[axis]);
  return viewOf(x, { shape: along(x.shape), strides: along(strides), offset: 0 });
}

/** An array with one axis moved elsewhere. @param {Arr} x @param {number} from @param {number} to */
export function axisMoved(x, from, to) {
  const order = x.shape.map((_, i) => i);
  const [axis] = order.splice(normalAxis(from, order.length), 1);
  order.splice(normalAxis(to, order.length + 1), 0, axis ?? 0);
  return transposed(x, order);
}

/** @type {Kernel} */
function reverse([tensor], { axis }) {
  const x = given(tensor);
  const view = wholeView(x.shape);
  for (const each of normalAxes(axis, x.shape.length)) {
    view.offset += view.strides[each] * Math.max(x.shape[each] - 1, 0);
    view.strides[each] *= -1;
  }
  return viewOf(x, view);
}

/** @type {Kernel} */
function roll([input], { shift, axis }) {
  let x = given(input);
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

// Parts ------------------------------------------------------------------------------------------

/**
 * The part of an array of a shape that an index takes, as NumPy reads it.
 *
 * @param {Sizes} sizes
 * @param {IndexEntry[]} index
 * @returns {View}
 */
function partView(sizes, index) {
  const strides = stridesOf(sizes);
  /** @type {View} */
  const view = { shape: [], strides: [], offset: 0 };
  const named = index.filter((entry) => entry !== null && entry !== "...").length;
  const missing = sizes.length - named;
  const entries = index.includes("...") ? index : [...index, /** @type {"..."} */ ("...")];
  let axis = 0;
  const take = (/** @type {number} */ start, /** @type {number} */ step, /** @type {any} */ count) => {
    view.offset += start * strides[axis];
    if (count !== null) {
      view.shape.push(count);
      view.strides.push(step * strides[axis]);
    }
    axis += 1;
  };
  for (const entry of entries) {
    if (entry === "...") for (let i = 0; i < missing; i += 1) take(0, 1, sizes[axis]);
    else if (entry === null) {
      view.shape.push(1);
      view.strides.push(0);
    } else if (typeof entry === "number") take(positionWithin(entry, sizes[axis], axis), 1, null);
    else take(...sliceOf(entry.slice, sizes[axis]));
  }
  return view;
}

/** @param {number} at @param {number} size @param {number} axis */
function positionWithin(at, size, axis) {
  if (at >= -size && at < size) return at < 0 ? at + size : at;
  throw new Error(`slice index ${at} of dimension ${axis} out of bounds.`);
}

/**
 * Where a slice starts, its step and how many it takes.
 *
 * @param {(number | null)[]} slice
 * @param {number} size
 * @returns {[number, number, number]}
 */
function sliceOf([start = null, stop = null, by = null], size) {
  const step = by ?? 1;
  const [first, last] = step > 0 ? [0, size] : [-1, size - 1];
  const within = (/** @type {number | null} */ end, /** @type {number} */ otherwise) => {
    if (end === null) return otherwise;
    return Math.min(Math.max(end < 0 ? end + size : end, first), last);
  };
  const from = within(start, step > 0 ? first : last);
  const to = within(stop, step > 0 ? last : first);
  return [from, step, Math.max(0, Math.ceil((to - from) / step))];
}

/** @type {Kernel} */
function putSlice([dy], { shape, index }) {
  const whole = makeArray(given(dy).dtype, shape);
  putInto(whole, partView(shape, index), given(dy));
  return whole;
}

/**
 * A stretch along one axis.
 *
 * @param {Arr} x @param {number} axis @param {number} start @param {number} size
 */
function stretch(x, axis, start, size) {
  const view = wholeView(x.shape);
  view.shape[axis] = size;
  view.offset = start * view.strides[axis];
  return viewOf(x, view);
}

/** @param {Arr} x @param {number[]} sizes @param {number} axis @returns {Arr[]} */
function splitBySizes(x, sizes, axis) {
  let start = 0;
  return sizes.map((size) => {
    const part = stretch(x, axis, start, size);
    start += size;
    return part;
  });
}

/** @type {Kernel} */
function splitEvenly([value], { axis, num_split: count }) {
  const x = given(value);
  const along = normalAxis(axis, x.shape.length);
  const size = x.shape[along];
  if (size % count) {
    throw new Error(
      "Number of ways to split should evenly divide the split dimension, " +
        `but got split_dim ${axis} (size = ${size}) and num_split ${count}`,
    );
  }
  return splitBySizes(x, new Array(count).fill(size / count), along);
}

/** @type {Kernel} */
function splitV([value], { axis, size_splits: splits }) {
  const x = given(value);
  const along = normalAxis(axis, x.shape.length);
  const known = splits.reduce((/** @type {number} */ s, /** @type {number} */ n) => s + Math.max(n, 0), 0);
  const left = x.shape[along] - known;
  if (left < 0 || (left > 0 && !splits.includes(-1))) {
    throw new Error(
      "Determined shape must either match input shape along split_dim exactly if fully " +
        "specified, or be less than the size of the input along split_dim if not fully " +
        `specified.  Got: ${known}`,
    );
  }
  const sizes = splits.map((/** @type {number} */ size) => (size === -1 ? left : size));
  return splitBySizes(x, sizes, along);
}

/** @type {Kernel} */
function unpack([value], { axis = 0 }) {
  const x = given(value);
  const along = normalAxis(axis, x.shape.length);
  const shape = x.shape.filter((_, i) => i !== along);
  const parts = splitBySizes(x, new Array(x.shape[along]).fill(1), along);
  return parts.map((part) => inShape(part, shape));
}

// Joints, margins, repetitions -------------------------------------------------------------------

/** @type {Kernel} */
function concat(values, { axis }) {
  const first = given(values[0]);
  const along = normalAxis(axis, first.shape.length);
  const without = (/** @type {Arr} */ x) => x.shape.filter((_, i) => i !== along);
  const wrong = values.findIndex((value) => !sameShape(without(value), without(first)));
  if (wrong > 0) {
    const shapes = [first.shape, given(values[wrong]).shape];
    throw new Error(
      `ConcatOp : Dimensions of inputs should match: shape[0] = [${shapes[0]}] ` +
        `vs. shape[${wrong}] = [${shapes[1]}]`,
    );
  }
  const shape = [...first.shape];
  shape[along] = values.reduce((total, value) => total + value.shape[along], 0);
  const whole = makeArray(first.dtype, shape);
  const view = wholeView(shape);
  for (const value of values) {
    putInto(whole, { ...view, shape: value.shape }, value);
    view.offset += value.shape[along] * view.strides[along];
  }
  return whole;
}

/** @type {Kernel} */
function pack(values, { axis = 0 }) {
  const { shape } = given(values[0]);
  const along = normalAxis(axis, shape.length + 1);
  const thick = [...shape.slice(0, along), 1, ...shape.slice(along)];
  const wrong = values.findIndex((value) => !sameShape(value.shape, shape));
  if (wrong > 0) {
    throw new Error(
      `Shapes of all inputs must match: values[0].shape = [${shape}] ` +
        `!= values[${wrong}].shape = [${given(values[wrong]).shape}]`,
    );
  }
  return concat(
    values.map((value) => inShape(value, thick)),
    { axis: along },
  );
}

/** @type {Kernel} */
function pad([tensor], { paddings, constant_values: value = 0 }) {
  const x = given(tensor);
  const shape = x.shape.map((size, i) => size + paddings[i][0] + paddings[i][1]);
  const whole = makeArray(x.dtype, shape);
  whole.data.fill(value);
  const view = wholeView(shape);
  shape.forEach((_, i) => (view.offset += paddings[i][0] * view.strides[i]));
  putInto(whole, { ...view, shape: x.shape }, x);
  return whole;
}

/**
 * For each cell along an axis with mirrored margins, the one that it shows.
 *
 * @param {number} size
 * @param {number[]} margins
 * @param {string} mode  "SYMMETRIC" repeats the cell at the edge, "REFLECT" does not
 */
function mirrored(size, [before = 0, after = 0], mode) {
  const edge = mode.toUpperCase() === "SYMMETRIC" ? 1 : 0;
  const period = Math.max(2 * (size - 1 + edge), 1);
  return Array.from({ length: before + size + after }, (_, i) => {
    const at = (((i - before) % period) + period) % period;
    return at < size ? at : period - at - edge;
  });
}

/** @type {Kernel} */
function mirrorPad([tensor], { paddings, mode }) {
  return paddings.reduce(
    (/** @type {Arr} */ x, /** @type {number[]} */ margins, /** @type {number} */ axis) =>
      takeAlong(x, mirrored(x.shape[axis], margins, mode), axis),
    given(tensor),
  );
}

/** @type {Kernel} */
function foldBack([tensor], { paddings, mode }) {
  let dy = given(tensor);
  paddings.forEach((/** @type {number[]} */ margins, /** @type {number} */ axis) => {
    const shape = [...dy.shape];
    shape[axis] -= (margins[0] ?? 0) + (margins[1] ?? 0);
    const rows = axisMoved(dy, axis, 0);
    const folded = makeArray(dy.dtype, [shape[axis], ...rows.shape.slice(1)]);
    addRows(folded, mirrored(shape[axis], margins, mode), rows);
    dy = axisMoved(folded, 0, axis);
  });
  return dy;
}

/** Rows added to those at some positions. @param {Arr} to @param {ArrayLike<number>} at @param {Arr} rows */
export function addRows(to, at, rows) {
  const width = countOf(rows.shape) / Math.max(at.length, 1);
  for (let i = 0; i < at.length; i += 1) {
    const start = /** @type {number} */ (at[i]) * width;
    for (let j = 0; j < width; j += 1) to.data[start + j] += rows.data[i * width + j];
  }
}

/** Elements at positions along an axis. @param {Arr} x @param {ArrayLike<number>} at @param {number} axis */
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

/** @type {Kernel} */
function tile([input], { multiples }) {
  const x = given(input);
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

/** @type {Kernel} */
function matrixDiag([diagonal], { num_rows: rows = null, num_cols: columns = null }) {
  const x = given(diagonal);
  const size = /** @type {number} */ (x.shape.at(-1));
  const whole = makeArray(x.dtype, [...x.shape.slice(0, -1), rows || size, columns || size]);
  putInto(whole, { ...diagonalView(whole.shape), shape: x.shape }, x);
  return whole;
}

/** @type {Kernel} */
function diag([diagonal], attributes) {
  const x = given(diagonal);
  const flat = inShape(x, [x.data.length]);
  return inShape(/** @type {Arr} */ (matrixDiag([flat], attributes)), [...x.shape, ...x.shape]);
}

/** @type {Kernel} */
function diagPart([input]) {
  const x = given(input);
  const half = x.shape.slice(0, x.shape.length / 2);
  const square = inShape(x, [countOf(half), countOf(half)]);
  return inShape(viewOf(square, diagonalView(square.shape)), half);
}

/** @type {Kernel} */
function matrixBandPart([input], { num_lower: lower, num_upper: upper }) {
  const x = given(input);
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
  return broadcastTo(given(value), shape);
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
  const [{ dtype, data }, stop] = [given(first), given(last).data[0]];
  if (num < 1) throw new Error(`Requires num > 0: ${num}`);
  const [r, start] = [rounding(dtype), data[0]];
  const step = num > 1 ? r(r(stop - start) / (num - 1)) : 0;
  const at = (/** @type {number} */ i) => (i && i === num - 1 ? stop : r(i * step) + start);
  return makeArray(dtype, [num], Array.from({ length: num }, (_, i) => at(i)));
}

/** @type {Record<string, Kernel>} */
export const SHAPING = {
  Reshape: reshape,
  ExpandDims: expandDims,
  Squeeze: squeeze,
  Transpose: ([a], { perm = null }) => transposed(given(a), perm),
  ReverseV2: reverse,
  Roll: roll,
  BroadcastTo: ([x], { shape }) => broadcastTo(given(x), shape),
  StridedSlice: ([x], { index }) => viewOf(given(x), partView(given(x).shape, index)),
  StridedSliceGrad: putSlice,
  Split: splitEvenly,
  SplitV: splitV,
  Unpack: unpack,
  ConcatV2: concat,
  Pack: pack,
  Pad: pad,
  MirrorPad: mirrorPad,
  MirrorPadGrad: foldBack,
  Tile: tile,
  Diag: diag,
  DiagPart: diagPart,
  MatrixDiag: matrixDiag,
  MatrixDiagPart: ([x]) => viewOf(given(x), diagonalView(given(x).shape)),
  MatrixBandPart: matrixBandPart,
  Fill: fill,
  Range: range,
  LinSpace: linspace,
};
