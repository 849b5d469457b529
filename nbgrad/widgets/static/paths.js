// @ts-check
/**
 * Paths: the adjoint of a tensor as a sum with one term for each way to the ys.
 *
 * The twin of `nbgrad/trace/paths.py`. Paths multiply where a graph branches: they are counted in
 * whole numbers of any size, and listed only where they are few.
 *
 * @import {Arr} from "./arrays.js"
 * @import {Trace, TraceEdge, TraceNode} from "./trace.js"
 *
 * @typedef {{nodes: TraceNode[], edges: TraceEdge[], product: Arr | null}} Path
 *   one way from a tensor to a y, along the operands, with what comes back along it
 * @typedef {{count: bigint, listed: Path[]}} Paths
 *   how many there are; and all of them, or none where they are too many to list
 */

import { areFinite, broadcastShape, broadcastTo, makeArray, mapTwo, sameShape } from "./arrays.js";

/** The paths from x to the ys: listed if there are at most `most`, and counted in any case.
 *
 * With `cut`, those that let no gradient through are among them.
 * @type {(trace: Trace, x: TraceNode, options?: {most?: number, cut?: boolean}) => Paths} */
export function pathsFrom(trace, x, { most = 200, cut = false } = {}) {
  const goals = new Set(trace.ys);
  const ahead = pathCounts(trace, goals, cut);
  const count = ahead.get(x.id) ?? 0n;
  const listed = count <= BigInt(most) ? walks(trace, x, goals, ahead, cut) : [];
  return { count, listed: listed.map((edges) => pathAlong(trace, x, edges)) };
}

/** The number of paths from each node to the goals; nodes without any are left out.
 *
 * From the last node to the first: whatever reads a node was created after it.
 * @type {(trace: Trace, goals: Set<string>, cut: boolean) => Map<string, bigint>} */
function pathCounts(trace, goals, cut) {
  /** @type {Map<string, bigint>} */
  const ahead = new Map();
  for (const node of [...trace.nodes].reverse()) {
    let count = goals.has(node.id) ? 1n : 0n;
    for (const edge of trace.outgoing(node)) {
      if (isOpen(edge, cut)) count += ahead.get(edge.target) ?? 0n;
    }
    if (count) ahead.set(node.id, count);
  }
  return ahead;
}

/** Each path as its edges; only ways that lead to a goal are ever entered.
 * @type {(trace: Trace, x: TraceNode, goals: Set<string>, ahead: Map<string, bigint>,
 *        cut: boolean) => TraceEdge[][]} */
function walks(trace, x, goals, ahead, cut) {
  /** @type {TraceEdge[][]} */
  const found = [];
  /** @type {[TraceNode, TraceEdge[]][]} */
  const waiting = [[x, []]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [here, edges] = next;
    if (goals.has(here.id)) found.push(edges);
    const onward = trace
      .outgoing(here)
      .filter((edge) => isOpen(edge, cut) && ahead.has(edge.target));
    for (const edge of [...onward].reverse()) {
      waiting.push([trace.node(edge.target), [...edges, edge]]);
    }
  }
  return found;
}

/** Whether a path may go along an edge. @type {(edge: TraceEdge, cut: boolean) => boolean} */
function isOpen(edge, cut) {
  return cut || edge.contribution !== null;
}

/** A path from a node along these edges, with what comes back along it.
 * @type {(trace: Trace, x: TraceNode, edges: readonly TraceEdge[]) => Path} */
export function pathAlong(trace, x, edges) {
  const nodes = [x, ...edges.map((edge) => trace.node(edge.target))];
  let product = nodes[nodes.length - 1]?.seed ?? null;
  for (const edge of [...edges].reverse()) {
    if (product) product = carriedAlong(trace, edge, product);
  }
  return { nodes, edges: [...edges], product };
}

/** The share of a gradient after one more edge of a path.
 * @type {(trace: Trace, edge: TraceEdge, arrived: Arr) => Arr | null} */
function carriedAlong(trace, edge, arrived) {
  if (!edge.contribution || !edge.local) return null;
  const total = trace.node(edge.target).adjoint.value;
  if (total && areAlike(total, arrived)) {
    return edge.contribution; // the share is all there is: what became of it is known
  }
  if (!edge.local.value) return null;
  const factor = edge.local.value;
  const dtype = arrived.dtype === factor.dtype ? arrived.dtype : "float64";
  const whole = withSummedAxes(arrived, trace.node(edge.target));
  const product = mapTwo(whole, factor, (a, b) => a * b, dtype);
  return broadcastUndone(product, trace.node(edge.source).shape);
}

/** A gradient that arrived at a sum along axes, with each of these as an axis of size 1.
 * @type {(array: Arr, target: TraceNode) => Arr} */
function withSummedAxes(array, target) {
  const [operand = "", result = ""] = target.subscripts.split("->");
  if (operand.includes(",") || operand.length <= array.shape.length) return array;
  const sizes = [...array.shape];
  const shape = [...operand].map((letter) => (result.includes(letter) ? sizes.shift() ?? 1 : 1));
  return makeArray(array.dtype, shape, array.data);
}

/** A gradient summed to the shape of a repeated operand, as in a reverse pass.
 * @type {(array: Arr, shape: number[]) => Arr} */
function broadcastUndone(array, shape) {
  const whole = broadcastTo(array, broadcastShape(array.shape, shape));
  if (sameShape(whole.shape, shape)) return whole;
  const sums = makeArray("float64", shape);
  const places = broadcastTo({ ...sums, data: sums.data.map((_, i) => i) }, whole.shape).data;
  whole.data.forEach((number, i) => {
    sums.data[places[i]] += number;
  });
  return makeArray(array.dtype, shape, sums.data);
}

/** Whether two arrays hold the same numbers; NaN is like NaN.
 * @type {(a: Arr, b: Arr) => boolean} */
export function areAlike(a, b) {
  const isAlike = (/** @type {number} */ x, /** @type {number} */ i) =>
    x === b.data[i] || (Number.isNaN(x) && Number.isNaN(b.data[i]));
  return sameShape(a.shape, b.shape) && a.data.every(isAlike);
}

/** The numbers that are multiplied, from y back to x, without the seed.
 * @type {(path: Path) => Arr[]} */
function factorsOf(path) {
  return [...path.edges].reverse().flatMap((edge) => (edge.local?.value ? [edge.local.value] : []));
}

/** Whether a path's product is that of its factors: a rule may send 0 where that is 0 · NaN.
 * @type {(path: Path) => boolean} */
export function isProduct(path) {
  const factors = factorsOf(path);
  if (!path.product || factors.length < path.edges.length) return false;
  return !areFinite(path.product) || factors.every(areFinite);
}

/** The edge at which a gradient coming back along a path stops: the first one, seen from y.
 * @type {(path: Path) => TraceEdge | undefined} */
export function cutOf(path) {
  return [...path.edges].reverse().find((edge) => edge.contribution === null);
}

/** Whether the seed of its y stands before the factors of a path: not a 1, unless alone.
 * @type {(path: Path) => boolean} */
export function isSeeded({ nodes, edges }) {
  const seed = nodes.at(-1)?.seed;
  return !edges.length || Boolean(seed?.data.some((each) => each !== 1));
}

/** A path as its labels: `x → a → f`. @type {(path: Path) => string} */
export function pathText(path) {
  return path.nodes.map((node) => node.label).join(" → ");
}

/** Whether what an edge carries is summed, as its operand was repeated (broadcast).
 * @type {(trace: Trace, edge: TraceEdge) => boolean} */
export function isSummed(trace, edge) {
  if (!edge.local?.is_factor) return false;
  const factor = edge.local.value ? edge.local.value.data.length : 1;
  const size = Math.max(trace.node(edge.target).value.data.length, factor);
  return size > trace.node(edge.source).value.data.length;
}
