// @ts-check
/**
 * The kernels of the page, by type of operation, and the calls of a program that name them.
 *
 * They are what NumPy computes for Python, for real numbers. There is no gradient rule among them:
 * rules come with the program, as such calls. What has no kernel here is computed by Python, which
 * finds their names in these files (`bundle.py`).
 *
 * @import {Arr} from "./arrays.js"
 * @import {Kernel} from "./kernels_elementwise.js"
 *
 * @typedef {[slot: number, truth: boolean][]} Guard  when a call is made at all
 * @typedef {[type: string, operands: number[], results: (number | null)[],
 *            attributes?: Record<string, any>, guard?: Guard]} CallJson
 * @typedef {{kernel: Kernel, operands: number[], results: (number | null)[],
 *            attributes: Record<string, any>, varies: boolean, guard: Guard}} Call
 *   `varies`: an attribute is known in the run alone
 * @typedef {(Arr | undefined)[] & {[slot: number]: any}} Values
 *   By slot; nothing where the branch of a `cond` was not taken
 */

import { makeArray, plainNumbers } from "./arrays.js";
import { CONVOLUTION } from "./kernels_convolution.js";
import { ELEMENTWISE } from "./kernels_elementwise.js";
import { INDEXING } from "./kernels_indexing.js";
import { MATRIX, SOLVING } from "./kernels_matrix.js";
import { REDUCTIONS, SOFTMAX } from "./kernels_reductions.js";
import { SHAPING } from "./kernels_shaping.js";
import { SLICING } from "./kernels_slicing.js";

/** @type {Record<string, Kernel>} */
export const KERNELS = {
  ...ELEMENTWISE,
  ...REDUCTIONS,
  ...SHAPING,
  ...SLICING,
  ...INDEXING,
  ...MATRIX,
  ...SOLVING,
  ...SOFTMAX,
  ...CONVOLUTION,
};

/** A call with its kernel, found once. @param {CallJson} json @returns {Call} */
export function preparedCall([type, operands, results, attributes = {}, guard = []]) {
  const kernel = KERNELS[type];
  if (!kernel) throw new Error(`The page has no kernel for ${type}.`);
  const varies = JSON.stringify(attributes).includes('{"slot":');
  const prepared = attributesIn(attributes, null);
  return { kernel, operands, results, attributes: prepared, varies, guard };
}

/** Make calls in their order; not those in a branch that is not taken.
 * @type {(calls: Call[], values: Values) => void} */
export function makeCalls(calls, values) {
  for (const { kernel, operands, results, attributes, varies, guard } of calls) {
    if (guard.length && !guard.every(([slot, truth]) => isTrue(values[slot]) === truth)) continue;
    const inputs = operands.map((slot) => values[slot]);
    if (inputs.includes(undefined)) continue;
    const given = varies ? attributesIn(attributes, values) : attributes;
    const found = kernel(/** @type {any} */ (inputs), given);
    const several = Array.isArray(found) ? found : [found];
    for (let i = 0; i < several.length; i += 1) {
      const slot = results[i] ?? null;
      if (slot !== null) values[slot] = several[i];
    }
  }
}

/** @param {Arr | undefined} x */
function isTrue(x) {
  return x !== undefined && x.data[0] !== 0;
}

/** Attributes as a kernel takes them: words as the numbers that JSON has not and, in a run, slots
 * as the numbers that stand there.
 * @type {(given: any, values: Values | null) => any} */
function attributesIn(given, values) {
  if (given === "NaN" || given === "Infinity" || given === "-Infinity") return Number(given);
  if (given === null || typeof given !== "object") return given;
  if (Array.isArray(given)) return given.map((each) => attributesIn(each, values));
  if (values && given.slot !== undefined) {
    return plainNumbers(values[given.slot] ?? makeArray("int32", []));
  }
  const entries = Object.entries(given).map(([key, each]) => [key, attributesIn(each, values)]);
  return Object.fromEntries(entries);
}
