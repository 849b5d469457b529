// @ts-check
/**
 * Kernels of softmax, its logarithm, and the cross-entropies: step by step as `nbgrad/ops/activations`
 * has them, each step an array of its own, so that it is rounded where NumPy rounds.
 *
 * @typedef {import("./arrays.js").Arr} Arr
 * @typedef {import("./kernels_elementwise.js").Kernel} Kernel
 */

import { inShape, makeArray, mapOne, mapTwo, sameShape } from "./arrays.js";
import { largestAlong, sumAlong } from "./kernels_reductions.js";

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
