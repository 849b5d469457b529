// @ts-check
/**
 * Facts about a trace that all styles need: when each card is at work, and what is known when.
 * `nbgrad/picture/forms.py` in the page.
 *
 * @import {Arr} from "./arrays.js"
 * @import {Trace, TraceEdge, TraceNode} from "./trace.js"
 *
 * @typedef {readonly [start: number, end: number]} Window
 *   of steps
 * @typedef {{value: Record<string, number>, adjoint: Record<string, number>,
 *            contribution: Record<string, number>}} Moments
 *   for each node and edge, the number of steps after which a part of it is known
 * @typedef {[of: string, room: number, column: number]} Label
 *   an adjoint that is named beside its number
 * @typedef {readonly [id: string, form: string, of: string, options?: Record<string, any>]} Rule
 *   a style as data: which number, in which form, stands under which id
 */

import { areFinite, isAllZero, magnitude } from "./arrays.js";

export const NOTHING_ARRIVED = "because nothing arrived";
export const NEVER = 1e9; // the number of a step that never comes
/** @type {Window} */
const NO_WINDOW = [NEVER, NEVER];
const PHASES = { forward: "forward", sum: "sum", seed: "seed", multiply: "send", stop: "send" };

/** A trace, and the times of its steps. */
export class Facts {
  /** @type {number | null} */
  #gradientScale = null;
  /** @type {number | null} */
  #sizeScale = null;

  /** @param {Trace} trace
   * @param {Label[]} labels */
  constructor(trace, labels) {
    this.trace = trace;
    this.labels = labels;
    this.moments = momentsOf(trace);
    /** For "n3.forward", "n3.sum", "n3.send", "n3.seed" and "e3.0". */
    this.active = activeWindows(trace);
    /** What a form found out about the whole picture: it is asked again for each card.
     * @type {{totals?: boolean, columns?: Set<number>}} */
    this.found = {};
  }

  /** @returns {number} */
  get end() {
    return this.trace.steps.length;
  }

  /** The largest finite magnitude in any adjoint, of numbers too. @returns {number} */
  get gradientScale() {
    return (this.#gradientScale ??= largest(this.trace.nodes, (node) => node.adjoint.value));
  }

  /** The largest finite magnitude in any value, of numbers too. @returns {number} */
  get sizeScale() {
    return (this.#sizeScale ??= largest(this.trace.nodes, (node) => node.value));
  }

  /** The steps in which a card or an edge is at work. @type {(key: string) => Window} */
  window(key) {
    return this.active.get(key) ?? NO_WINDOW;
  }
}

/** The facts about a trace, found once for each picture, whose rules say which names it has.
 * @type {(trace: Trace, rules?: readonly Rule[]) => Facts} */
export function factsOf(trace, rules = []) {
  /** @type {Label[]} */
  const labels = [];
  for (const [, form, of, options] of rules) {
    if (form === "label" && options) labels.push([of, options.room, options.column]);
  }
  return new Facts(trace, labels);
}

/** The step after which each value, adjoint and contribution of a trace is known.
 * @type {(trace: Trace) => Moments} */
function momentsOf(trace) {
  /** @type {Moments} */
  const { value, adjoint, contribution } = { value: {}, adjoint: {}, contribution: {} };
  for (const node of trace.nodes) {
    value[node.id] = 0;
    adjoint[node.id] = trace.steps.length;
  }
  const sums = new Set();
  trace.steps.forEach((step, index) => {
    if (step.kind === "forward") {
      value[step.node] = index + 1;
    } else if (step.kind === "seed" || step.kind === "sum") {
      adjoint[step.node] = index + 1;
      sums.add(step.node);
    } else if (step.kind === "multiply") {
      contribution[step.edges[0] ?? ""] = index + 1;
    }
  });
  for (const { id, source } of trace.edges) {
    // A single contribution is the adjoint; several wait for their sum.
    const since = contribution[id];
    if (since !== undefined && !sums.has(source)) adjoint[source] = since;
  }
  return { value, adjoint, contribution };
}

/** The window of steps in which each card and edge is at work.
 * @type {(trace: Trace) => Map<string, Window>} */
function activeWindows(trace) {
  /** @type {Map<string, Window>} */
  const found = new Map();
  trace.steps.forEach((step, index) => {
    const k = index + 1;
    const isSent = step.kind === "multiply";
    const atWork = isSent ? trace.edge(step.edges[0] ?? "").target : step.node;
    const card = `${atWork}.${PHASES[step.kind]}`;
    for (const key of isSent ? [card, ...step.edges] : [card]) {
      found.set(key, [found.get(key)?.[0] ?? k, k + 1]);
    }
  });
  return found;
}

/** The largest finite magnitude in some arrays of all nodes.
 * @type {(nodes: readonly TraceNode[], arrayOf: (node: TraceNode) => Arr | null) => number} */
function largest(nodes, arrayOf) {
  let found = 0;
  for (const node of nodes) {
    const numbers = arrayOf(node);
    found = numbers ? Math.max(found, magnitude(numbers)) : found;
  }
  return found;
}

/** Whether zero was sent because nothing arrived, though the factor is not finite.
 * @type {(target: TraceNode, edge: TraceEdge) => boolean} */
export function isKeptZero(target, edge) {
  const arriving = target.adjoint.value;
  const factor = edge.local?.value;
  if (!arriving || !factor || !edge.contribution) return false;
  const nothing = isAllZero(arriving) && isAllZero(edge.contribution);
  return nothing && !areFinite(factor);
}

/** The number in a scalar, and null for anything else.
 * @type {(numbers: Arr | null | undefined) => number | null} */
export function scalarNumber(numbers) {
  return numbers && !numbers.shape.length ? (numbers.data[0] ?? null) : null;
}
