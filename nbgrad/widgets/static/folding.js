// @ts-check
/**
 * Folding: a trace with some of its operations shown together, as one node.
 *
 * The twin of `nbgrad/trace/folding/fold.py`. What is folded, Python has chosen; here the numbers
 * of any run are folded: edges from the same operand become one, and carry the sum of what they
 * carried. Formulas in LaTeX are left out, for nothing in the page shows them.
 *
 * @import {Arr} from "./arrays.js"
 * @import {Local, TraceEdge, TraceNode, TraceStep} from "./trace.js"
 *
 * @typedef {{name: string, members: string[], exit: string, operations: number, form: string,
 *            title: string}} Fold
 *   operations that are shown as their last one, the exit; as `plain_folds` writes it
 * @typedef {Map<string, Fold>} Owner  the fold of each member
 * @typedef {{trace: Trace, clock: number[]}} FoldedTrace
 *   for each number of steps of the folded trace, how many of the whole one have then happened
 */

import { makeArray, mapOne, mapTwo, sameShape, scalarOf } from "./arrays.js";
import { bar, grouped, partial, Trace } from "./trace.js";

/** The operation type of a node that stands for several. */
export const FOLD = "Fold";

/** The trace with these folds, made one list after the other, and its clock.
 * @type {(trace: Trace, folds: readonly Fold[][]) => FoldedTrace} */
export function folded(trace, folds) {
  let seen = trace;
  let clock = Array.from({ length: trace.steps.length + 1 }, (_, k) => k);
  for (const layer of folds) {
    if (layer.length) {
      const once = foldOnce(seen, layer);
      seen = once.trace;
      clock = once.clock.map((tick) => clock[tick] ?? 0);
    }
  }
  return { trace: seen, clock };
}

/** The trace with folds that have no member in common, and its clock.
 * @type {(trace: Trace, folds: Fold[]) => FoldedTrace} */
function foldOnce(trace, folds) {
  /** @type {Owner} */
  const owner = new Map();
  for (const fold of folds) {
    for (const member of fold.members) {
      owner.set(member, fold);
    }
  }
  const merged = mergedEdges(trace, owner);
  const { steps, clock } = foldSteps(trace, owner, merged);
  return { trace: withEdges(trace, owner, merged, steps), clock };
}

/**
 * The trace with the nodes that are still seen, and with merged edges into those of folds.
 * @type {(trace: Trace, owner: Owner, merged: Map<string, TraceEdge>, steps: TraceStep[]) => Trace}
 */
function withEdges(trace, owner, merged, steps) {
  const nodes = trace.nodes
    .filter((node) => (owner.get(node.id)?.exit ?? node.id) === node.id)
    .map((node) => asFolded(node, owner));
  const edges = trace.edges.filter((edge) => !owner.has(edge.target));
  edges.push(...new Set(merged.values()));
  const order = new Map(nodes.map((node, place) => [node.id, place]));
  const place = (/** @type {TraceEdge} */ edge) => order.get(edge.target) ?? 0;
  edges.sort((a, b) => place(a) - place(b) || a.position - b.position);
  return new Trace({ nodes, edges, steps, ys: trace.ys, xs: trace.xs });
}

/** A node as it is seen: a cause inside a fold lies at its exit, which stands for the fold.
 * @type {(node: TraceNode, owner: Owner) => TraceNode} */
function asFolded(node, owner) {
  const at = node.adjoint.at;
  const around = at === null ? undefined : owner.get(at);
  const adjoint = around ? { ...node.adjoint, at: around.exit } : node.adjoint;
  const fold = owner.get(node.id);
  if (!fold) return around ? { ...node, adjoint } : node;
  // The last operation of a composite is called as the composite is.
  const named = fold.name && fold.name !== node.label ? `${fold.name} · ` : "";
  const expression = fold.form || `${named}${fold.operations} operations`;
  const look = { expression, latex: "", op_type: FOLD, symbol: "⊞", elementwise: false };
  return { ...node, adjoint, ...look };
}

/** For the id of each edge into a fold, the one edge that stands for it and its like.
 * @type {(trace: Trace, owner: Owner) => Map<string, TraceEdge>} */
function mergedEdges(trace, owner) {
  const members = trace.nodes.filter((node) => owner.has(node.id));
  const exitOf = (/** @type {string} */ id) => owner.get(id)?.exit ?? "";
  /** @type {Map<string, Map<string, Arr | null>>} */
  const factors = new Map();
  for (const [exit, inside] of grouped(members, (node) => exitOf(node.id))) {
    factors.set(exit, factorsThrough(trace, exit, inside));
  }
  const entering = trace.edges.filter(
    (edge) => owner.has(edge.target) && owner.get(edge.source) !== owner.get(edge.target),
  );
  const alike = grouped(entering, (edge) => `${exitOf(edge.target)} ${edge.source}`);
  /** @type {Map<string, number>} */
  const positions = new Map();
  /** @type {Map<string, TraceEdge>} */
  const merged = new Map();
  for (const edges of alike.values()) {
    const [{ target, source }] = /** @type {[TraceEdge]} */ (edges);
    const fold = /** @type {Fold} */ (owner.get(target));
    const position = positions.get(fold.exit) ?? 0;
    positions.set(fold.exit, position + 1);
    const bare = bareEdge(source, fold.exit, position);
    const one = mergedEdge(trace, fold, factors.get(fold.exit)?.get(source) ?? null, bare, edges);
    for (const edge of edges) {
      merged.set(edge.id, one);
    }
  }
  return merged;
}

/** An edge that carries nothing yet.
 * @type {(source: string, target: string, position: number) => TraceEdge} */
function bareEdge(source, target, position) {
  const id = `e${target.slice(1)}.${position}`;
  return { id, source, target, position, local: null, contribution: null, cause: "" };
}

/** The edges from one operand into a fold as one: what they carried is added.
 * @type {(trace: Trace, fold: Fold, factor: Arr | null, bare: TraceEdge, edges: TraceEdge[]) =>
 *        TraceEdge} */
function mergedEdge(trace, fold, factor, bare, edges) {
  /** @type {Arr[]} */
  const carried = edges.flatMap((edge) => (edge.contribution ? [edge.contribution] : []));
  const [first] = carried;
  if (!first) {
    const known = edges.find((edge) => edge.cause !== "no path") ?? edges[0];
    return { ...bare, cause: known?.cause ?? "" };
  }
  const symbol = partial(trace.node(bare.target).label, trace.node(bare.source).label);
  const local = ruleThrough(trace, fold, edges) ?? {
    formula: symbol,
    latex: "",
    is_factor: factor !== null,
    value: factor && mapOne(factor, (x) => x, first.dtype),
    uses: [],
  };
  // NumPy begins with 0, so that a sum of −0 and −0 is 0.
  const contribution = carried.reduce((sum, each) => mapTwo(sum, each, (a, b) => 0 + a + b));
  return { ...bare, local: { ...local, symbol }, contribution };
}

/** The rule of an edge into a fold, where all behind it passes on what arrives as it is.
 *
 * So it is in a linear layer: what arrives at `x W + b` arrives at `x W`.
 * @type {(trace: Trace, fold: Fold, edges: TraceEdge[]) => Local | null} */
function ruleThrough(trace, fold, edges) {
  const [{ local, target }] = /** @type {[TraceEdge]} */ (edges);
  const inside = trace.node(target);
  if (!passesOn(trace, fold, inside) || local === null || edges.length > 1) return null;
  const [arriving, arrived] = [bar(inside.label), bar(trace.node(fold.exit).label)];
  const uses = local.uses.map((key) => (key === inside.id ? fold.exit : key));
  const known = new Set([...edges.map((edge) => edge.source), fold.exit, ...outside(trace, fold)]);
  if (!uses.every((key) => known.has(key))) return null;
  return { ...local, formula: local.formula.replaceAll(arriving, arrived), latex: "", uses };
}

/** Whether what arrives at the exit of a fold arrives at a node inside it as it is.
 * @type {(trace: Trace, fold: Fold, inside: TraceNode) => boolean} */
function passesOn(trace, fold, inside) {
  let node = inside;
  while (node.id !== fold.exit) {
    const following = trace.outgoing(node);
    const [only] = following;
    if (following.length !== 1 || !only || only.local?.formula !== "1") return false;
    const next = trace.node(only.target);
    if (!sameShape(next.shape, node.shape)) return false;
    node = next;
  }
  return true;
}

/** The ids of the nodes that are still seen beside a fold, and read by it.
 * @type {(trace: Trace, fold: Fold) => string[]} */
function outside(trace, fold) {
  const members = new Set(fold.members);
  const edges = fold.members.flatMap((key) => [...trace.incoming(trace.node(key))]);
  return edges.map((edge) => edge.source).filter((source) => !members.has(source));
}

/** The derivative of a fold's result by each node before it, as a factor of what arrives.
 *
 * None where a rule on the way is no factor, or the shape changes. In double precision, as in
 * Python.
 * @type {(trace: Trace, exit: string, inside: TraceNode[]) => Map<string, Arr | null>} */
function factorsThrough(trace, exit, inside) {
  const ones = mapOne(makeArray("float64", trace.node(exit).shape), () => 1);
  /** @type {Map<string, Arr | null>} */
  const through = new Map([[exit, ones]]);
  for (const node of [...inside].reverse()) {
    const above = through.get(node.id);
    if (above === undefined) continue;
    for (const edge of trace.incoming(node)) {
      if (edge.contribution) {
        through.set(edge.source, factorAlong(trace, node, edge, above, through.get(edge.source)));
      }
    }
  }
  return through;
}

/** The factor of a node before an operation, with what one more edge adds to it.
 * @type {(trace: Trace, node: TraceNode, edge: TraceEdge, above: Arr | null,
 *        before: Arr | null | undefined) => Arr | null} */
function factorAlong(trace, node, edge, above, before) {
  const local = edge.local?.value;
  // What arrives at a scalar goes into every element of its operand.
  const alike = sameShape(node.shape, trace.node(edge.source).shape);
  if (!above || before === null || !local || !(alike || !node.shape.length)) return null;
  const share = mapTwo(above, local, (a, b) => a * b, "float64");
  return mapTwo(before ?? scalarOf("float64", 0), share, (a, b) => a + b, "float64");
}

// Steps -----------------------------------------------------------------------------------------

/** The steps that are still seen, and after how many of the old ones each has happened.
 * @type {(trace: Trace, owner: Owner, merged: Map<string, TraceEdge>) => {steps: TraceStep[],
 *        clock: number[]}} */
function foldSteps(trace, owner, merged) {
  /** @type {Map<string, number>} */
  const last = new Map();
  trace.steps.forEach((step, index) => {
    const edge = step.kind === "multiply" ? merged.get(step.edges[0] ?? "") : undefined;
    if (edge) last.set(edge.id, index + 1);
  });
  /** @type {TraceStep[]} */
  const steps = [];
  const clock = [0];
  trace.steps.forEach((step, index) => {
    const seen = foldStep(step, index + 1, owner, merged, last);
    if (seen) {
      steps.push(seen);
      clock.push(index + 1);
    }
  });
  clock[clock.length - 1] = trace.steps.length;
  return { steps, clock };
}

/** A step as it looks from outside all folds; null where it cannot be seen.
 * @type {(step: TraceStep, k: number, owner: Owner, merged: Map<string, TraceEdge>,
 *        last: Map<string, number>) => TraceStep | null} */
function foldStep(step, k, owner, merged, last) {
  const fold = owner.get(step.node);
  const edges = [...new Set(step.edges.map((key) => merged.get(key)?.id ?? key))];
  if (step.kind === "multiply") {
    if (!fold) return step;
    const crossed = merged.has(step.edges[0] ?? "");
    const isLast = crossed && last.get(edges[0] ?? "") === k;
    return isLast ? { kind: "multiply", node: fold.exit, edges } : null;
  }
  if (fold && fold.exit !== step.node) return null;
  if (step.kind === "sum" && edges.length === 1 && step.edges.length > 1) return null;
  return { ...step, edges };
}
