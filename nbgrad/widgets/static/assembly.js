// @ts-check
/**
 * The numbers of one run, put into nodes and edges that have none yet: a Trace; and why an adjoint
 * is exactly zero, or not finite. The twin of `nbgrad/trace/assembly.py`.
 *
 * @import {Arr} from "./arrays.js"
 * @import {Adjoint, TraceEdge, TraceNode, TraceStep} from "./trace.js"
 *
 * @typedef {[cause: string, at: string | null]} CauseAt
 * @typedef {{node: string, above: Adjoint, value: Arr, gate: boolean,
 *            culprit: string | null, factor: Arr | null}} Arrival
 *   One contribution to an adjoint: the id of the node whose operation sent it, that node's
 *   adjoint, the value, whether the sender's rule chooses by a comparison, the node whose value
 *   made an operand of the sender ∞ or NaN, and the factor of what arrived at the sender, where its
 *   rule multiplies by element.
 * @typedef {{nodes: TraceNode[], edges: TraceEdge[], steps: TraceStep[], ys: string[],
 *            xs: string[], into: Map<string, TraceEdge[]>, outOf: Map<string, TraceEdge[]>}} Blanks
 *   All of a trace but its numbers, and the edges by target and by source.
 * @typedef {{sent: Arr, factor: Arr | null, gate: boolean,
 *            whole: [string, string] | null}} Carried
 *   What went along one edge: a factor of what arrived, where the rule multiplies by element;
 *   whether the rule chooses by a comparison; a learner's own rule in full: does it multiply?
 * @typedef {{values: Map<string, Arr>, totals: Map<string, Arr>, seeds: Map<string, Arr>,
 *            carried: Map<string, Carried>}} Run  the numbers, by the ids of nodes and edges
 */

import { areFinite, isAllZero, mapTwo, sameShape } from "./arrays.js";
import { grouped, Trace } from "./trace.js";

/** The adjoint of a node with its state and, where it is zero or not finite, the cause.
 * @param {string} node
 * @param {Arr} value
 * @param {Arr | null} seed  what a y started with
 * @param {Arrival[]} arrivals
 * @returns {Adjoint} */
function adjointWithCause(node, value, seed, arrivals) {
  if (!areFinite(value)) {
    const [cause, at] = causeOfNotFinite(node, arrivals);
    return { state: "not finite", cause, at, value };
  }
  if (value.data.length && isAllZero(value)) {
    const [cause, at] = causeOfZero(node, seed, arrivals);
    return { state: "zero", cause, at, value };
  }
  return { state: "number", cause: "", at: null, value };
}

/** Whether ∞ or NaN came from further on, from a value, or began at this node's operations.
 * @type {(node: string, arrivals: Arrival[]) => CauseAt} */
function causeOfNotFinite(node, arrivals) {
  for (const { node: sender, above, value, culprit } of arrivals) {
    if (areFinite(value)) continue;
    if (above.state === "not finite") {
      const fromValue = above.cause === "value not finite";
      return [fromValue ? "value not finite" : "came from above", above.at];
    }
    return culprit === null ? ["began here", sender] : ["value not finite", culprit];
  }
  return ["began here", node];
}

/** Whether products without a zero factor were summed: what was broadcast, adds up.
 * @param {Arrival} arrival */
function isSum({ above, value, factor }) {
  const isFewer = above.value !== null && value.data.length < above.value.data.length;
  return isFewer && factor !== null && factor.data.every((each) => each !== 0);
}

/** Whether terms cancelled, a factor was zero, a unit was off, or nothing but zero came.
 * @type {(node: string, seed: Arr | null, arrivals: Arrival[]) => CauseAt} */
function causeOfZero(node, seed, arrivals) {
  const terms = [...arrivals.map(({ value }) => value), ...(seed ? [seed] : [])];
  if (!terms.every(isAllZero)) return ["terms cancel", node];
  for (const arrival of arrivals) {
    if (arrival.above.state === "zero") continue;
    if (isSum(arrival)) return ["terms cancel", node];
    return [arrival.gate ? "unit off" : "times zero", arrival.node];
  }
  const [first] = arrivals;
  return first ? [first.above.cause, first.above.at] : ["seed zero", node];
}

/** @type {readonly TraceEdge[]} */
const NO_CARRIERS = [];
const PRODUCT_TOLERANCE = 1e-4;

/** The trace of one run. @param {Blanks} blanks @param {Run} run @returns {Trace} */
export function assembled(blanks, run) {
  return new Trace({
    nodes: nodesWithNumbers(blanks, run),
    edges: blanks.edges.map((edge) => edgeWithNumbers(edge, run)),
    steps: blanks.steps,
    ys: blanks.ys,
    xs: blanks.xs,
  });
}

/** The nodes with their values and adjoints. @param {Blanks} blanks @param {Run} run */
function nodesWithNumbers(blanks, run) {
  /** @type {Map<string, Adjoint>} */
  const adjoints = new Map();
  const found = culprits(blanks, run);
  /** @type {TraceNode[]} */
  const nodes = new Array(blanks.nodes.length);
  // From the last node to the first: the cause of a zero may lie further on.
  for (let i = nodes.length - 1; i >= 0; i -= 1) {
    const blank = /** @type {TraceNode} */ (blanks.nodes[i]);
    const [total, seed] = [run.totals.get(blank.id), run.seeds.get(blank.id) ?? null];
    let { adjoint } = blank;
    if (total) {
      const arrivals = contributionsTo(blank.id, blanks, run, adjoints, found);
      adjoint = adjointWithCause(blank.id, total, seed, arrivals);
    }
    adjoints.set(blank.id, adjoint);
    const value = run.values.get(blank.id) ?? blank.value;
    nodes[i] = { ...blank, value, shape: value.shape, adjoint, seed };
  }
  return nodes;
}

/** The contributions to one adjoint, in the order of the edges.
 * @param {string} node
 * @param {Blanks} blanks
 * @param {Run} run
 * @param {Map<string, Adjoint>} adjoints
 * @param {Map<string, string>} found  the culprits
 * @returns {Arrival[]} */
function contributionsTo(node, { outOf }, { carried }, adjoints, found) {
  const arrivals = [];
  for (const { id, target } of outOf.get(node) ?? NO_CARRIERS) {
    const [sending, above] = [carried.get(id), adjoints.get(target)];
    if (!sending || !above) continue;
    const culprit = found.get(target) ?? null;
    const { sent: value, gate, factor } = sending;
    arrivals.push({ node: target, above, value, gate, culprit, factor });
  }
  return arrivals;
}

/** For each node with an operand that is ∞ or NaN, the node where that arose.
 * @type {(blanks: Blanks, run: Run) => Map<string, string>} */
function culprits({ nodes, into }, { values, totals }) {
  /** @type {Map<string, string>} */
  const behind = new Map();
  if ([...totals.values()].every(areFinite)) return behind;
  /** @type {Map<string, string>} */
  const arose = new Map();
  for (const { id } of nodes) {
    const edges = into.get(id) ?? NO_CARRIERS;
    const known = edges.map(({ source }) => arose.get(source)).find((each) => each !== undefined);
    if (known !== undefined) behind.set(id, known);
    const value = values.get(id);
    if (value && !areFinite(value)) arose.set(id, known ?? id);
  }
  return behind;
}

/** The edge with its local derivative and what was sent along it.
 * @type {(blank: TraceEdge, run: Run) => TraceEdge} */
function edgeWithNumbers(blank, { carried, totals }) {
  const sending = carried.get(blank.id);
  if (!sending || !blank.local) return blank;
  let local = blank.local;
  if (sending.factor) {
    local = { ...local, value: sending.factor };
    if (sending.whole && !multiplies(sending, totals.get(blank.target))) {
      const [formula, latex] = sending.whole;
      local = { ...local, formula, latex, is_factor: false, value: null };
    }
  }
  return { ...blank, local, contribution: sending.sent };
}

/** Whether a learner's own rule has multiplied the gradient by a factor.
 * @param {Carried} carried
 * @param {Arr | undefined} arriving */
function multiplies({ sent, factor }, arriving) {
  if (!arriving || !factor) return true;
  const product = mapTwo(arriving, factor, (a, b) => a * b);
  if (!sameShape(product.shape, sent.shape)) return true; // summed over an operand's repetitions
  return product.data.every((b, i) => {
    const a = sent.data[i];
    const near = Math.abs(a - b) <= PRODUCT_TOLERANCE * (1 + Math.abs(b)) && Number.isFinite(b);
    return near || Object.is(a, b);
  });
}

/** The forward pass, and the reverse pass through the nodes that it reached.
 * @type {(nodes: TraceNode[], edges: TraceEdge[], ys: string[], reached: Set<string>) =>
 *        TraceStep[]} */
export function stepsOf(nodes, edges, ys, reached) {
  const carrying = edges.filter((edge) => edge.local);
  const into = grouped(carrying, (edge) => edge.target);
  const outOf = grouped(carrying, (edge) => edge.source);
  const computed = nodes.filter(({ role }) => role === "operation" || role === "output");
  /** @type {TraceStep[]} */
  const steps = computed.map(({ id }) => ({ kind: "forward", node: id, edges: [] }));
  for (const y of ys) steps.push({ kind: "seed", node: y, edges: [] });
  for (const { id, stopped } of [...nodes].reverse()) {
    if (!reached.has(id)) continue;
    const arrived = outOf.get(id) ?? [];
    if (arrived.length + Number(ys.includes(id)) > 1) {
      steps.push({ kind: "sum", node: id, edges: arrived.map((edge) => edge.id) });
    }
    const sent = into.get(id) ?? [];
    for (const edge of sent) steps.push({ kind: "multiply", node: id, edges: [edge.id] });
    if (!sent.length && stopped) steps.push({ kind: "stop", node: id, edges: [] });
  }
  return steps;
}
