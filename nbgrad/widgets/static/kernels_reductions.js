// @ts-check
/**
 * Kernels that reduce an array along some of its axes, or run along one: sums, means, extremes,
 * products, positions of extremes, running sums, softmax and cross-entropies. Each is the twin of
 * the NumPy kernel in `nbgrad/ops`; sums are added up in its order, and rounded where it rounds.
 *
 * @import {Arr, Elements, Sizes} from "./arrays.js"
 * @import {Kernel} from "./kernels_elementwise.js"
 */

import {
  broadcastTo, inShape, isFloat, limitsOf, makeArray, mapOne, mapTwo, normalAxes, normalAxis,
  pairwiseSum, placesOf, rounding, sameShape, stridesOf,
} from "./arrays.js";
import { castTo, productOf } from "./kernels_elementwise.js";

/** The cells of an array as groups, one for each element of a reduction.
 * @param {Sizes} sizes  of the array
 * @param {number[]} axes  that go */
function groupsOf(sizes, axes) {
  const strides = stridesOf(sizes);
  const kept = sizes.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  /** @param {number[]} some @returns {[Sizes, Sizes]} */
  const along = (some) => [some.map((axis) => sizes[axis]), some.map((axis) => strides[axis])];
  const shape = kept.map((axis) => sizes[axis]);
  return { shape, starts: placesOf(...along(kept)), members: placesOf(...along(axes)) };
}

/** An array reduced along some axes.
 * @param {Arr} x
 * @param {any} axis  a number, several, or null for all
 * @param {boolean} keepdims  whether the axes stay, with size 1
 * @param {(data: Elements, start: number, members: Sizes | Int32Array) => number | boolean} fold
 *   of one group: the elements at `start` and each of `members`
 * @param {string} [dtype]
 * @returns {Arr} */
function reduceAlong(x, axis, keepdims, fold, dtype = x.dtype) {
  const axes = normalAxes(axis, x.shape.length);
  const { shape, starts, members } = groupsOf(x.shape, axes);
  const result = makeArray(dtype, shape);
  for (let i = 0; i < starts.length; i += 1) result.data[i] = fold(x.data, starts[i], members);
  return keepdims ? inShape(result, sizesKept(x.shape, axes)) : result;
}

/** A shape with size 1 along some axes. @param {Sizes} sizes @param {number[]} axes */
function sizesKept(sizes, axes) {
  return sizes.map((size, axis) => (axes.includes(axis) ? 1 : size));
}

/** A fold from the first element to the last.
 * @param {number} first
 * @param {(total: number, element: number) => number} combine */
function inOrder(first, combine) {
  /** @param {Elements} data @param {number} start @param {any} members @returns {number} */
  const fold = (data, start, members) => {
    let total = first;
    for (let i = 0; i < members.length; i += 1) total = combine(total, data[start + members[i]]);
    return total;
  };
  return fold;
}

// Sums -------------------------------------------------------------------------------------------

/** The sum along some axes. What lies side by side is added by halves, as NumPy does it: so the
 * error of a long sum stays small, and the digits are the same.
 * @type {(x: Arr, axis: any, keepdims?: boolean) => Arr} */
function sumAlong(x, axis, keepdims = false) {
  if (x.data.length === 1 && axis === null && !keepdims) return inShape(x, []);
  const r = rounding(x.dtype);
  const run = sizeSideBySide(x.shape, normalAxes(axis, x.shape.length));
  return reduceAlong(x, axis, keepdims, (data, start, members) => {
    let total = 0;
    for (let i = 0; i < members.length; i += run) {
      const from = start + /** @type {any} */ (members)[i];
      total = r(total + pairwiseSum(data, from, run, 1, r));
    }
    return total;
  });
}

/** How many elements of one group lie side by side. @param {Sizes} sizes @param {number[]} axes */
function sizeSideBySide(sizes, axes) {
  let run = 1;
  for (let axis = sizes.length - 1; axis >= 0; axis -= 1) {
    if (axes.includes(axis)) run *= sizes[axis];
    else if (sizes[axis] !== 1) break;
  }
  return run;
}

/** Undo a broadcast: what was repeated is summed. @param {Arr} x @param {Sizes} shape */
function sumTo(x, shape) {
  const extra = x.shape.length - shape.length;
  const stretched = x.shape
    .map((_, axis) => axis)
    .filter((axis) => axis < extra || (shape[axis - extra] === 1 && x.shape[axis] !== 1));
  return stretched.length ? inShape(sumAlong(x, stretched), shape) : x;
}

/** @type {Kernel} */
function mean([x], { axis = null, keepdims = false }) {
  const total = sumAlong(isFloat(x.dtype) ? x : castTo(x, "float64"), axis, keepdims);
  const count = Math.floor(x.data.length / Math.max(total.data.length, 1));
  return castTo(
    mapOne(total, (each) => each / count),
    x.dtype,
  );
}

/** @type {Kernel} */
function euclideanNorm([x], { axis = null, keepdims = false }) {
  return mapOne(sumAlong(mapTwo(x, x, productOf(x.dtype)), axis, keepdims), Math.sqrt);
}

/** @type {Kernel} */
function l2Loss([x]) {
  const sum = sumAlong(mapTwo(x, x, (a, b) => a * b), null);
  return mapOne(sum, (each) => each / 2);
}

/** @type {Kernel} */
function sumTiles([x], { multiples }) {
  const halves = x.shape.flatMap((size, i) => [multiples[i], size / multiples[i]]);
  return sumAlong(inShape(x, halves), x.shape.map((_, i) => 2 * i));
}

// Extremes ---------------------------------------------------------------------------------------

/** The maximum along some axes. @param {Arr} x @param {any} axis @param {boolean} [keepdims] */
function largestAlong(x, axis, keepdims = false) {
  const lowest = isFloat(x.dtype) ? -Infinity : limitsOf(x.dtype).lowest;
  return reduceAlong(x, axis, keepdims, inOrder(lowest, Math.max));
}

/** @type {Kernel} */
function smallest([x], { axis = null, keepdims = false }) {
  const highest = isFloat(x.dtype) ? Infinity : limitsOf(x.dtype).highest;
  return reduceAlong(x, axis, keepdims, inOrder(highest, Math.min));
}

/** The first position of the extreme along an axis; a NaN wins.
 * @param {(a: number, b: number) => boolean} beats
 * @returns {Kernel} */
const positionOf = (beats) => ([input], { axis = 0, output_type: dtype = "int64" }) => {
  /** @param {Elements} data @param {number} start @param {any} members */
  const fold = (data, start, members) => {
    let best = 0;
    for (let i = 1; i < members.length; i += 1) {
      const [one, other] = [data[start + members[i]], data[start + members[best]]];
      if (beats(one, other) || (one !== one && other === other)) best = i;
    }
    return best;
  };
  return reduceAlong(input, axis, false, fold, dtype);
};

// Along one axis ---------------------------------------------------------------------------------

/** What runs along one axis: for each line of an array, its places in order.
 * @param {Sizes} sizes
 * @param {number} axis
 * @param {boolean} reverse */
function linesAlong(sizes, axis, reverse) {
  const { starts, members } = groupsOf(sizes, [normalAxis(axis, sizes.length)]);
  if (reverse) members.reverse();
  return { starts, members };
}

/** Running results along an axis, with or without the element itself.
 * @param {number} first
 * @param {(dtype: string) => (total: number, element: number) => number} combineOf
 * @returns {Kernel} */
const running = (first, combineOf) => ([x], { axis = 0, exclusive, reverse = false }) => {
  const result = makeArray(x.dtype, x.shape);
  const { starts, members } = linesAlong(x.shape, axis, reverse);
  const [combine, to] = [combineOf(x.dtype), result.data];
  for (const start of starts) {
    let total = first;
    for (const member of members) {
      const place = start + member;
      const before = total;
      to[place] = combine(total, x.data[place]);
      total = to[place]; // as rounded
      if (exclusive) to[place] = before;
    }
  }
  return result;
};

/** @type {Kernel} */
function recurrence([b, a], { axis = 0, reverse = false, delayed = false }) {
  const [r, h] = [rounding(b.dtype), makeArray(b.dtype, b.shape)];
  const { starts, members } = linesAlong(b.shape, axis, reverse);
  for (const start of starts) {
    let carried = 0;
    for (const member of members) {
      const place = start + member;
      h.data[place] = delayed ? carried : b.data[place] + carried;
      const product = r(a.data[place] * h.data[place]);
      carried = delayed ? r(product + b.data[place]) : product;
    }
  }
  return h;
}

/** @type {Kernel} */
function spread([x], { shape, axis = null, keepdims = false }) {
  if (keepdims) return broadcastTo(x, shape);
  return broadcastTo(inShape(x, sizesKept(shape, normalAxes(axis, shape.length))), shape);
}

/** @type {Record<string, Kernel>} */
export const REDUCTIONS = {
  Sum: ([x], { axis = null, keepdims = false }) => sumAlong(x, axis, Boolean(keepdims)),
  Mean: mean,
  SumTo: ([x], { shape }) => sumTo(x, shape),
  TileGrad: sumTiles,
  L2Loss: l2Loss,
  EuclideanNorm: euclideanNorm,
  Max: ([x], { axis = null, keepdims = false }) => largestAlong(x, axis, keepdims),
  Min: smallest,
  Prod: ([input], { axis = null, keepdims = false }) => {
    const x = input;
    const [r, product] = [rounding(x.dtype), productOf(x.dtype)];
    return reduceAlong(x, axis, keepdims, inOrder(1, (a, b) => r(product(a, b))));
  },
  All: ([x], { axis = null, keepdims = false }) =>
    reduceAlong(x, axis, keepdims, inOrder(1, (a, b) => (a && b ? 1 : 0))),
  Any: ([x], { axis = null, keepdims = false }) =>
    reduceAlong(x, axis, keepdims, inOrder(0, (a, b) => (a || b ? 1 : 0))),
  ArgMax: positionOf((a, b) => a > b),
  ArgMin: positionOf((a, b) => a < b),
  Cumsum: running(0, () => (total, element) => total + element),
  Cumprod: running(1, productOf),
  Recurrence: recurrence,
  Spread: spread,
};

// Softmax, and cross-entropies -------------------------------------------------------------------

/** x − max x, its exponential, and the sum of those. @param {Arr} x @param {number} axis */
function exponentials(x, axis) {
  const shifted = mapTwo(x, largestAlong(x, axis, true), (a, b) => a - b);
  const weights = mapOne(shifted, Math.exp);
  return { shifted, weights, total: sumAlong(weights, axis, true) };
}

/** x − log Σ eˣ. @param {Arr} x @param {number} axis @returns {Arr} */
function logOfSoftmax(x, axis) {
  const { shifted, total } = exponentials(x, axis);
  return mapTwo(shifted, mapOne(total, Math.log), (a, b) => a - b);
}

/** @type {Kernel} */
function softmax([logits], { axis = -1 }) {
  const { weights, total } = exponentials(logits, axis);
  return mapTwo(weights, total, (a, b) => a / b);
}

/** @type {Kernel} */
function crossEntropy([features, labels], { axis = -1 }) {
  const logP = logOfSoftmax(features, axis);
  const terms = mapTwo(labels, logP, (a, b) => a * b);
  return mapOne(sumAlong(terms, axis), (x) => -x);
}

/** @type {Kernel} */
function sparseCrossEntropy([x, at]) {
  const outer = x.shape.slice(0, -1);
  const count = /** @type {number} */ (x.shape.at(-1));
  if (!sameShape(at.shape, outer)) {
    throw new Error(
      "logits and labels must have the same first dimension, got logits shape " +
        `[${x.shape}] and labels shape [${at.shape}]`,
    );
  }
  const wrong = at.data.find((/** @type {number} */ label) => label < 0 || label >= count);
  if (wrong !== undefined) {
    throw new Error(
      `Received a label value of ${wrong} which is outside the valid range of [0, ${count}).  ` +
        `Label values: ${[...at.data].join(" ")}`,
    );
  }
  const logP = logOfSoftmax(x, -1);
  const picked = makeArray(x.dtype, [at.data.length]);
  for (let i = 0; i < at.data.length; i += 1) {
    picked.data[i] = -logP.data[i * count + at.data[i]];
  }
  return inShape(picked, outer);
}

/** @type {Record<string, Kernel>} */
export const SOFTMAX = {
  Softmax: softmax,
  LogSoftmax: ([x], { axis = -1 }) => logOfSoftmax(x, axis),
  SoftmaxCrossEntropyWithLogits: crossEntropy,
  SparseSoftmaxCrossEntropyWithLogits: sparseCrossEntropy,
};
