// @ts-check
/**
 * Views: parts of an array, or all of it in another order, by the place of the first element and
 * the strides. They are read, written to, and turned; rows are taken and added by position.
 *
 * @typedef {import("./arrays.js").Arr} Arr
 * @typedef {import("./arrays.js").Sizes} Sizes
 * @typedef {{shape: Sizes, strides: Sizes, offset: number}} View
 */

import { broadcastTo, countOf, makeArray, normalAxis } from "./arrays.js";
import { pickPlaces, placesOf, stridesOf } from "./arrays.js";

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

/**
 * An array with one axis moved elsewhere.
 * @param {Arr} x
 * @param {number} from
 * @param {number} to
 */
export function axisMoved(x, from, to) {
  const order = x.shape.map((_, i) => i);
  const [axis] = order.splice(normalAxis(from, order.length), 1);
  order.splice(normalAxis(to, order.length + 1), 0, axis ?? 0);
  return transposed(x, order);
}

/**
 * Elements at positions along an axis.
 * @param {Arr} x
 * @param {ArrayLike<number>} at
 * @param {number} axis
 */
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

/**
 * Rows added to those at some positions.
 * @param {Arr} to
 * @param {ArrayLike<number>} at
 * @param {Arr} rows
 */
export function addRows(to, at, rows) {
  const width = countOf(rows.shape) / Math.max(at.length, 1);
  for (let i = 0; i < at.length; i += 1) {
    const start = /** @type {number} */ (at[i]) * width;
    for (let j = 0; j < width; j += 1) to.data[start + j] += rows.data[i * width + j];
  }
}
