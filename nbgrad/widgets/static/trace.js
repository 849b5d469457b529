// @ts-check
/**
 * The Trace in the page: one forward and one reverse run as plain data, `nbgrad/trace/model.py`;
 * and the symbols of its derivatives.
 *
 * Names and fields are those of `Trace.to_dict`; `nbgrad/trace/records.py` says what each means.
 *
 * @import {Arr} from "./arrays.js"
 *
 * @typedef {"input" | "variable" | "constant" | "operation" | "output"} Role
 * @typedef {"not run" | "none" | "zero" | "not finite" | "number"} State
 * @typedef {{state: State, cause: string, at: string | null, value: Arr | null}} Adjoint
 * @typedef {{symbol: string, formula: string, latex: string, is_factor: boolean,
 *            value: Arr | null, uses: string[]}} Local
 * @typedef {{id: string, name: string, label: string, expression: string, latex: string,
 *            op_type: string, symbol: string, role: Role, shape: number[], dtype: string,
 *            line: string, requested: boolean, stopped: boolean, value: Arr, adjoint: Adjoint,
 *            seed: Arr | null, elementwise: boolean, cells: string, subscripts: string,
 *            path: string}} TraceNode
 * @typedef {{id: string, source: string, target: string, position: number, local: Local | null,
 *            contribution: Arr | null, cause: string}} TraceEdge
 * @typedef {{kind: "forward" | "seed" | "multiply" | "sum" | "stop", node: string,
 *            edges: string[]}} TraceStep
 */

import { readArray } from "./arrays.js";

const BAR = "\u0304";

/** A label with a bar over its first letter, as adjoints are written: x̄.
 * @type {(label: string) => string} */
export function bar(label) {
  const length = firstLength(label);
  return label.slice(0, length) + BAR + label.slice(length);
}

/** How many units of UTF-16 a text's first character has. @type {(text: string) => number} */
function firstLength(text) {
  return (text.codePointAt(0) ?? 0) > 0xffff ? 2 : 1;
}

const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";

/** A number as an index below the line: ₁₂. @type {(number: number) => string} */
function subscript(number) {
  return [...String(number)].map((digit) => SUBSCRIPTS[Number(digit)]).join("");
}

/** A local derivative, ∂a/∂x; with the number of the operand where x is several of them.
 * @type {(target: string, source: string, operand?: number) => string} */
export function partial(target, source, operand = 0) {
  return `∂${operand ? subscript(operand) : ""}${target}/∂${source}`;
}

/** @type {readonly TraceEdge[]} */
const NO_EDGES = [];

/** One forward and one reverse run: nodes, edges, and the steps in the order they happened. */
export class Trace {
  /** @type {Map<string, TraceEdge[]> | null} */
  #into = null;
  /** @type {Map<string, TraceEdge[]> | null} */
  #outOf = null;
  /** @type {string | null} */
  #onlyY = null;

  /** @param {{nodes: TraceNode[], edges: TraceEdge[], steps: TraceStep[], ys: string[],
   *          xs: string[]}} parts */
  constructor({ nodes, edges, steps, ys, xs }) {
    this.nodes = nodes;
    this.edges = edges;
    this.steps = steps;
    this.ys = ys;
    this.xs = xs;
    /** @type {Map<string, TraceNode>} */
    this.nodesById = new Map(nodes.map((node) => [node.id, node]));
    /** @type {Map<string, TraceEdge>} */
    this.edgesById = new Map(edges.map((edge) => [edge.id, edge]));
  }

  /** The trace that Python's `to_dict` wrote. @type {(json: any) => Trace} */
  static fromJson(json) {
    return new Trace({
      nodes: json.nodes.map(readNode),
      edges: json.edges.map(readEdge),
      steps: json.steps,
      ys: json.ys,
      xs: json.xs,
    });
  }

  /** The node with this id or this label. @type {(key: string) => TraceNode} */
  node(key) {
    const found = this.nodesById.get(key) ?? this.nodes.find((node) => node.label === key);
    if (!found) throw new Error(`No node '${key}' in this trace.`);
    return found;
  }

  /** The edge with this id, such as "e5.1". @type {(key: string) => TraceEdge} */
  edge(key) {
    const found = this.edgesById.get(key);
    if (!found) throw new Error(`No edge '${key}' in this trace.`);
    return found;
  }

  /** The edges from a node's operands, in the order of the operands.
   * @type {(node: TraceNode) => readonly TraceEdge[]} */
  incoming(node) {
    this.#into ??= grouped(this.edges, (edge) => edge.target);
    return this.#into.get(node.id) ?? NO_EDGES;
  }

  /** The edges to the operations that read a node.
   * @type {(node: TraceNode) => readonly TraceEdge[]} */
  outgoing(node) {
    this.#outOf ??= grouped(this.edges, (edge) => edge.source);
    return this.#outOf.get(node.id) ?? NO_EDGES;
  }

  /** The symbol of a node's adjoint: "df/dx"; "x̄" where ys are several, or not seeded by 1.
   * @type {(node: TraceNode) => string} */
  total(node) {
    this.#onlyY ??= onlyY(this);
    return this.#onlyY ? `d${this.#onlyY}/d${node.label}` : bar(node.label);
  }
}

/** The label of the only y, if its seed is nothing but ones; else "".
 * @type {(trace: Trace) => string} */
function onlyY(trace) {
  const y = trace.ys.length === 1 ? trace.node(trace.ys[0] ?? "") : null;
  return y && (!y.seed || y.seed.data.every((seed) => seed === 1)) ? y.label : "";
}

/** The array of a lane. @type {(node: TraceNode, lane: "value" | "adjoint") => Arr | null} */
export function numbersIn(node, lane) {
  return lane === "value" ? node.value : node.adjoint.value;
}

/** The items in lists by key.
 * @template Item
 * @param {Item[]} items
 * @param {(item: Item) => string} key
 * @returns {Map<string, Item[]>} */
export function grouped(items, key) {
  /** @type {Map<string, Item[]>} */
  const groups = new Map();
  for (const item of items) {
    const name = key(item);
    const group = groups.get(name);
    if (group) {
      group.push(item);
    } else {
      groups.set(name, [item]);
    }
  }
  return groups;
}

/** @type {(json: any) => TraceNode} */
function readNode(json) {
  const { value, adjoint, seed } = json;
  return {
    ...json,
    value: readArray(value),
    adjoint: { ...adjoint, value: optionalArray(adjoint.value) },
    seed: optionalArray(seed),
  };
}

/** @type {(json: any) => TraceEdge} */
function readEdge(json) {
  const { local, contribution } = json;
  return {
    ...json,
    local: local && { ...local, value: optionalArray(local.value) },
    contribution: optionalArray(contribution),
  };
}

/** @type {(json: any) => Arr | null} */
function optionalArray(json) {
  return json ? readArray(json) : null;
}
