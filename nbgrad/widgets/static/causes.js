// @ts-check
/**
 * Why an adjoint is exactly zero, or not finite: the cause, and where it lies. The twin of
 * `nbgrad/trace/assembly.py`.
 *
 * @typedef {import("./arrays.js").Arr} Arr
 * @typedef {import("./trace.js").Adjoint} Adjoint
 * @typedef {[cause: string, at: string | null]} CauseAt
 * @typedef {{node: string, above: Adjoint, value: Arr, gate: boolean,
 *            culprit: string | null, factor: Arr | null}} Arrival
 *   One contribution to an adjoint: the id of the node whose operation sent it, that node's
 *   adjoint, the value, whether the sender's rule chooses by a comparison, the node whose value
 *   made an operand of the sender ∞ or NaN, and the factor of what arrived at the sender, where its
 *   rule multiplies by element.
 */

import { isFloat } from "./arrays.js";

/** Whether there is neither ∞ nor NaN in a value. @param {Arr} x */
export function allFinite({ dtype, data }) {
  if (!isFloat(dtype)) return true;
  for (let i = 0; i < data.length; i += 1) if (!Number.isFinite(data[i])) return false;
  return true;
}

/** Whether any element is not zero. @param {Arr} x */
export function anyNotZero({ data }) {
  for (let i = 0; i < data.length; i += 1) if (data[i] !== 0) return true;
  return false;
}

/**
 * The adjoint of a node with its state and, where it is zero or not finite, the cause.
 * @param {string} node
 * @param {Arr} value
 * @param {Arr | null} seed  what a y started with
 * @param {Arrival[]} arrivals
 * @returns {Adjoint}
 */
export function adjointWithCause(node, value, seed, arrivals) {
  if (!allFinite(value)) {
    const [cause, at] = causeOfNotFinite(node, arrivals);
    return { state: "not finite", cause, at, value };
  }
  if (value.data.length && !anyNotZero(value)) {
    const [cause, at] = causeOfZero(node, seed, arrivals);
    return { state: "zero", cause, at, value };
  }
  return { state: "number", cause: "", at: null, value };
}

/**
 * Whether ∞ or NaN came from further on, from a value, or began at this node's operations.
 * @type {(node: string, arrivals: Arrival[]) => CauseAt}
 */
function causeOfNotFinite(node, arrivals) {
  for (const { node: sender, above, value, culprit } of arrivals) {
    if (allFinite(value)) continue;
    if (above.state === "not finite") {
      const fromValue = above.cause === "value not finite";
      return [fromValue ? "value not finite" : "came from above", above.at];
    }
    return culprit === null ? ["began here", sender] : ["value not finite", culprit];
  }
  return ["began here", node];
}

/**
 * Whether products without a zero factor were summed: what was broadcast, adds up.
 * @param {Arrival} arrival
 */
function isSum({ above, value, factor }) {
  const isFewer = above.value !== null && value.data.length < above.value.data.length;
  return isFewer && factor !== null && factor.data.every((each) => each !== 0);
}

/**
 * Whether terms cancelled, a factor was zero, a unit was off, or nothing but zero came.
 * @type {(node: string, seed: Arr | null, arrivals: Arrival[]) => CauseAt}
 */
function causeOfZero(node, seed, arrivals) {
  if ((seed && anyNotZero(seed)) || arrivals.some(({ value }) => anyNotZero(value))) {
    return ["terms cancel", node];
  }
  for (const arrival of arrivals) {
    if (arrival.above.state === "zero") continue;
    if (isSum(arrival)) return ["terms cancel", node];
    return [arrival.gate ? "unit off" : "times zero", arrival.node];
  }
  const [first] = arrivals;
  return first ? [first.above.cause, first.above.at] : ["seed zero", node];
}
