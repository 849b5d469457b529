// @ts-check
/**
 * Kernels of parts: slices, splits, joints, margins. They compute no number, but put elements
 * elsewhere. Each is the twin of the NumPy kernel in `nbgrad/ops`.
 *
 * @import {Arr, Sizes} from "./arrays.js"
 * @import {Kernel} from "./kernels_elementwise.js"
 * @import {View} from "./kernels_shaping.js"
 *
 * @typedef {number | null | "..." | {slice: (number | null)[]}} IndexEntry  as between brackets
 */

import { inShape, makeArray, normalAxis, sameShape, stridesOf } from "./arrays.js";
import { addRows, axisMoved, putInto, takeAlong, viewOf, wholeView } from "./kernels_shaping.js";

// Slices -----------------------------------------------------------------------------------------

/** The part of an array of a shape that an index takes, as NumPy reads it.
 * @type {(sizes: Sizes, index: IndexEntry[]) => View} */
function partView(sizes, index) {
  const strides = stridesOf(sizes);
  /** @type {View} */
  const view = { shape: [], strides: [], offset: 0 };
  const named = index.filter((entry) => entry !== null && entry !== "...").length;
  const missing = sizes.length - named;
  const entries = index.includes("...") ? index : [...index, /** @type {"..."} */ ("...")];
  let axis = 0;
  /** @param {number} start @param {number} step @param {number | null} count */
  const take = (start, step, count) => {
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

/** Where a slice starts, its step and how many it takes.
 * @type {(slice: (number | null)[], size: number) => [number, number, number]} */
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
  const whole = makeArray(dy.dtype, shape);
  putInto(whole, partView(shape, index), dy);
  return whole;
}

// Splits and joints ------------------------------------------------------------------------------

/** A stretch along one axis.
 * @param {Arr} x @param {number} axis @param {number} start @param {number} size */
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
function splitEvenly([x], { axis, num_split: count }) {
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
function splitV([x], { axis, size_splits: splits }) {
  const along = normalAxis(axis, x.shape.length);
  const named = splits.filter((/** @type {number} */ size) => size > 0);
  const known = named.reduce((/** @type {number} */ a, /** @type {number} */ b) => a + b, 0);
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
function unpack([x], { axis = 0 }) {
  const along = normalAxis(axis, x.shape.length);
  const shape = x.shape.filter((_, i) => i !== along);
  const parts = splitBySizes(x, new Array(x.shape[along]).fill(1), along);
  return parts.map((part) => inShape(part, shape));
}

/** @param {Arr[]} values @param {number} axis @returns {Arr} */
function concatenated(values, axis) {
  const first = /** @type {Arr} */ (values[0]);
  const along = normalAxis(axis, first.shape.length);
  const without = (/** @type {Arr} */ x) => x.shape.filter((_, i) => i !== along);
  const wrong = values.findIndex((value) => !sameShape(without(value), without(first)));
  if (wrong > 0) {
    throw new Error(
      `ConcatOp : Dimensions of inputs should match: shape[0] = [${first.shape}] ` +
        `vs. shape[${wrong}] = [${values[wrong]?.shape}]`,
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
  const { shape } = values[0];
  const along = normalAxis(axis, shape.length + 1);
  const thick = [...shape.slice(0, along), 1, ...shape.slice(along)];
  const wrong = values.findIndex((value) => !sameShape(value.shape, shape));
  if (wrong > 0) {
    throw new Error(
      `Shapes of all inputs must match: values[0].shape = [${shape}] ` +
        `!= values[${wrong}].shape = [${values[wrong]?.shape}]`,
    );
  }
  return concatenated(
    values.map((value) => inShape(value, thick)),
    along,
  );
}

// Margins ----------------------------------------------------------------------------------------

/** @type {Kernel} */
function pad([x], { paddings, constant_values: value = 0 }) {
  const shape = x.shape.map((size, i) => size + paddings[i][0] + paddings[i][1]);
  const whole = makeArray(x.dtype, shape);
  whole.data.fill(value);
  const view = wholeView(shape);
  shape.forEach((_, i) => (view.offset += paddings[i][0] * view.strides[i]));
  putInto(whole, { ...view, shape: x.shape }, x);
  return whole;
}

/** For each cell along an axis with mirrored margins, the one that it shows.
 * @param {number} size
 * @param {number[]} margins
 * @param {string} mode  "SYMMETRIC" repeats the cell at the edge, "REFLECT" does not */
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
    tensor,
  );
}

/** @type {Kernel} */
function foldBack([tensor], { paddings, mode }) {
  let dy = tensor;
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

/** @type {Record<string, Kernel>} */
export const SLICING = {
  StridedSlice: ([x], { index }) => viewOf(x, partView(x.shape, index)),
  StridedSliceGrad: putSlice,
  Split: splitEvenly,
  SplitV: splitV,
  Unpack: unpack,
  ConcatV2: (values, { axis }) => concatenated(values, axis),
  Pack: pack,
  Pad: pad,
  MirrorPad: mirrorPad,
  MirrorPadGrad: foldBack,
};
