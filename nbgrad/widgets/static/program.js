// @ts-check
/**
 * A program, run: its calls forward, and back from the last operation to the first, to a Trace. The
 * twin of `tests/page/program_run.py`; `docs/program.md` explains every field.
 *
 * No gradient rule stands here: a rule is a list of calls in the program, like the forward pass.
 * Kernels are what NumPy computes for Python, for real numbers. What has none here Python computes,
 * which finds their names in their files (`bundle.py`).
 *
 * @import {Arr, ArrayJson} from "./arrays.js"
 * @import {Blanks, Carried, Run} from "./assembly.js"
 * @import {Kernel} from "./kernels_elementwise.js"
 * @import {Adjoint, Trace, TraceEdge, TraceNode} from "./trace.js"
 *
 * @typedef {[slot: number, truth: boolean][]} Guard  when a call is made at all
 * @typedef {[type: string, operands: number[], results: (number | null)[],
 *            attributes?: Record<string, any>, guard?: Guard]} CallJson
 * @typedef {{kernel: Kernel, operands: number[], results: (number | null)[],
 *            attributes: Record<string, any>, varies: boolean, guard: Guard}} Call
 *   `varies`: an attribute is known in the run alone
 * @typedef {(Arr | undefined)[] & {[slot: number]: any}} Values
 *   By slot; nothing where the branch of a `cond` was not taken
 * @typedef {{inputs: Record<string, Arr>, seeds: Record<string, Arr>, stopped: string[]}} Move
 * @typedef {{name: string, inputs: (number | null)[], outputs: number[], node?: string,
 *            ends?: boolean, blocks?: string, untrained?: number[], function?: number[],
 *            rule?: {arriving: (number | null)[], calls: CallJson[],
 *                    sent: (number | null)[]}}} Operation
 * @typedef {{source: string, target: string, position: number, operation?: number,
 *            switch?: number, sent?: number, factor?: number, symbol?: string,
 *            formula?: string, latex?: string, uses?: string[], gate?: boolean,
 *            whole?: [string, string], nothing?: string}} ProgramEdge
 * @typedef {Pick<TraceNode, "id" | "name" | "label" | "op_type" | "role"> & Partial<TraceNode>
 *           & {slot: number}} ProgramNode  what is left out has its default
 * @typedef {{format: number, inputs: {label?: string, slot: number, value: ArrayJson}[],
 *            constants: [number, ArrayJson][], forward: CallJson[], operations: Operation[],
 *            integers: number[], nodes: ProgramNode[], edges: ProgramEdge[],
 *            ys: {node: string, slot: number, seed: ArrayJson}[], xs: string[]}} ProgramJson
 */

import { makeArray, mapOne, mapTwo, plainNumbers, readArray } from "./arrays.js";
import { assembled, stepsOf } from "./assembly.js";
import { CONVOLUTION } from "./kernels_convolution.js";
import { castTo, ELEMENTWISE } from "./kernels_elementwise.js";
import { INDEXING } from "./kernels_indexing.js";
import { MATRIX, SOLVING } from "./kernels_matrix.js";
import { REDUCTIONS, SOFTMAX } from "./kernels_reductions.js";
import { SHAPING } from "./kernels_shaping.js";
import { SLICING } from "./kernels_slicing.js";
import { grouped, partial } from "./trace.js";

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

// Programs ---------------------------------------------------------------------------------------

const PROGRAM_FORMAT = 1;

/** What a trace says of each kind of absence; whatever else it is, no path leads there. */
const ABSENCES = /** @type {Record<string, string>} */ ({
  stopped: "stopped",
  integer: "integer",
  "not differentiable": "not differentiable",
  rule: "not differentiable",
});

/** A program: read once, run for any inputs, seeds and stops. */
export class Program {
  /** @type {Map<string, Blanks>} */
  #blanks = new Map();

  /** @param {any} json */
  constructor(json) {
    /** @type {ProgramJson} */
    this.json = json;
    if (json.format !== PROGRAM_FORMAT) {
      throw new Error(
        `A program of format ${json.format} cannot be run; this page runs ${PROGRAM_FORMAT}.`,
      );
    }
    const { operations } = this.json;
    this.inputs = this.json.inputs.map((input) => ({ ...input, value: readArray(input.value) }));
    this.constants = this.json.constants.map(([slot, value]) => ({
      slot,
      value: readArray(value),
    }));
    this.seeds = this.json.ys.map((y) => ({ ...y, seed: readArray(y.seed) }));
    this.labels = new Map(this.json.nodes.map(({ id, label }) => [id, label]));
    this.forward = this.json.forward.map(preparedCall);
    this.rules = operations.map(({ rule }) => rule && rule.calls.map(preparedCall));
    const calls = [...this.forward, ...this.rules.flatMap((rule) => rule ?? [])];
    const used = [...this.inputs, ...this.constants].map(({ slot }) => slot);
    for (const { results } of calls) used.push(...results.map((slot) => slot ?? 0));
    this.slots = used.reduce((most, slot) => Math.max(most, slot), 0) + 1;
    this.ofResult = new Map(operations.flatMap((op) => op.outputs.map((z) => [z, op])));
    this.edgeIds = this.json.edges.map(({ target, position }) => `e${target.slice(1)}.${position}`);
  }

  /** The trace for some inputs and seeds, by label, and the ids of stopped nodes. What is not given
   * has the value that stands in the program.
   * @type {(move?: Partial<Move>) => Trace} */
  run({ inputs = {}, seeds = {}, stopped = [] } = {}) {
    const run = new ProgramRun(this, stopped);
    const numbers = run.numbers(inputs, seeds);
    const key = [...stopped].sort().join(" ");
    const blanks = this.#blanks.get(key) ?? run.blanks(); // they depend on the stops alone
    this.#blanks.set(key, blanks);
    return assembled(blanks, numbers);
  }
}

/** One run of a program: what has a value, and what the reverse pass has reached. */
class ProgramRun {
  /** @param {Program} program @param {string[]} stopped */
  constructor(program, stopped) {
    this.program = program;
    this.operations = program.json.operations;
    const names = program.json.nodes.filter(({ id }) => stopped.includes(id));
    this.stops = new Set(names.map(({ name }) => operationName(name)));
    const { slots } = program;
    /** @type {Values} */
    this.values = new Array(slots);
    /** @type {((Arr | undefined)[] | undefined)[]} by slot: the gradients that came to a tensor */
    this.received = new Array(slots);
    /** @type {Values} */
    this.totals = new Array(slots);
    /** @type {Set<number>} the indices of the operations whose rule was applied */
    this.stepped = new Set();
  }

  /** The numbers of the run, each at the node or the edge that it belongs to.
   * @type {(inputs: Record<string, Arr>, seeds: Record<string, Arr>) => Run} */
  numbers(inputs, seeds) {
    const { program, values } = this;
    for (const { slot, value } of program.constants) values[slot] = value;
    for (const { label = "", slot, value } of program.inputs) {
      values[slot] = castTo(inputs[label] ?? value, value.dtype);
    }
    makeCalls(program.forward, values);
    const starts = program.seeds.map(({ node, slot, seed }) => {
      const given = seeds[program.labels.get(node) ?? ""];
      return { node, slot, seed: castTo(given ?? seed, seed.dtype) };
    });
    for (const { slot, seed } of starts) this.receive(slot, seed);
    this.reverse();
    return this.found(starts);
  }

  // The reverse pass -------------------------------------------------------------------------

  /** Send gradients from the ys back, operation by operation, from the last to the first. */
  reverse() {
    for (let k = this.operations.length - 1; k >= 0; k -= 1) {
      const op = /** @type {Operation} */ (this.operations[k]);
      const [rule, calls] = [op.rule, this.program.rules[k]];
      if (!rule || !calls || this.isStopped(op) || !this.isReached(op)) continue;
      op.outputs.forEach((z, i) => {
        const arriving = rule.arriving[i] ?? null;
        if (arriving !== null) this.values[arriving] = this.total(z) ?? zerosLike(this.values[z]);
      });
      makeCalls(calls, this.values);
      op.inputs.forEach((x, i) => {
        const dx = rule.sent[i] ?? null;
        if (x !== null && dx !== null) this.receive(x, this.values[dx]);
      });
      this.stepped.add(k);
    }
  }

  /** @param {number} slot @param {Arr | undefined} gradient */
  receive(slot, gradient) {
    const received = this.received[slot];
    if (received) received.push(gradient);
    else this.received[slot] = [gradient];
  }

  /** Whether any gradient has come to an operation's outputs. @param {Operation} op */
  isReached(op) {
    return op.outputs.some((z) => this.received[z]);
  }

  /** Whether nothing is sent behind an operation. @param {Operation} op */
  isStopped(op) {
    return op.ends || this.stops.has(op.name);
  }

  /** What a tensor has received, added up; nothing in a branch that was not taken.
   * @type {(slot: number) => Arr | undefined} */
  total(slot) {
    const received = this.received[slot];
    if (!received) return undefined;
    if (received.length === 1) return received[0];
    this.totals[slot] ??= received.reduce((a, b) => a && b && mapTwo(a, b, (x, y) => x + y));
    return this.totals[slot];
  }

  /** @type {(starts: {node: string, slot: number, seed: Arr}[]) => Run} */
  found(starts) {
    const { json, edgeIds } = this.program;
    /** @type {Run} */
    const run = { values: new Map(), totals: new Map(), seeds: new Map(), carried: new Map() };
    for (const { node, seed } of starts) {
      const other = run.seeds.get(node); // a y that is listed twice starts with the sum
      run.seeds.set(node, other ? mapTwo(other, seed, (x, y) => x + y) : seed);
    }
    for (const { id, slot } of json.nodes) {
      const [value, total] = [this.values[slot], this.total(slot)];
      if (value) run.values.set(id, value);
      if (total) run.totals.set(id, total);
    }
    json.edges.forEach((edge, i) => {
      const carried = this.carries(edge) ? this.carried(edge) : null;
      if (carried) run.carried.set(edgeIds[i] ?? "", carried);
    });
    return run;
  }

  /** Whether anything is sent along an edge. @param {ProgramEdge} edge */
  carries(edge) {
    return edge.sent !== undefined && this.stepped.has(edge.switch ?? edge.operation ?? -1);
  }

  /** @param {ProgramEdge} edge @returns {Carried | null} */
  carried({ sent = -1, factor = -1, gate = false, whole }) {
    const value = this.values[sent];
    if (!value) return null;
    return { sent: value, factor: this.values[factor] ?? null, gate, whole: whole ?? null };
  }

  // The trace without its numbers, under these stops -------------------------------------------

  /** @returns {Blanks} */
  blanks() {
    const { json, edgeIds } = this.program;
    const nodes = json.nodes.map((node) => this.blankNode(node));
    const edges = json.edges.map((edge, i) => this.blankEdge(edge, edgeIds[i] ?? ""));
    const ys = [...new Set(json.ys.map(({ node }) => node))];
    const reached = json.nodes.filter(({ slot }) => this.received[slot]).map(({ id }) => id);
    return {
      nodes,
      edges,
      steps: stepsOf(nodes, edges, ys, new Set(reached)),
      ys,
      xs: json.xs,
      into: grouped(edges, (edge) => edge.target),
      outOf: grouped(edges, (edge) => edge.source),
    };
  }

  /** @param {ProgramNode} node @returns {TraceNode} */
  blankNode({ id, name, label, role, slot, op_type, ...given }) {
    const { json, ofResult } = this.program;
    const [operation, requested] = [operationName(name), json.xs.includes(id)];
    const missed = !this.received[slot] && (requested || ofResult.has(slot));
    const computed = role === "operation" || role === "output";
    return {
      id,
      name,
      label,
      expression: given.expression ?? "",
      latex: given.latex ?? given.expression ?? "",
      op_type,
      symbol: given.symbol ?? "",
      role,
      shape: [],
      dtype: given.dtype ?? "float32",
      line: given.line ?? "",
      requested,
      stopped: computed && this.stops.has(operation),
      value: makeArray("float64", []),
      adjoint: missed ? this.causeOfNone(slot) : NOT_RUN,
      seed: null,
      elementwise: given.elementwise ?? false,
      cells: given.cells ?? "",
      subscripts: given.subscripts ?? "",
      path: given.path ?? operation,
    };
  }

  /** @param {ProgramEdge} edge @param {string} id @returns {TraceEdge} */
  blankEdge(edge, id) {
    const { source, target, position, formula = "", latex = formula, uses = [] } = edge;
    const ends = { id, source, target, position, contribution: null };
    if (!this.carries(edge)) return { ...ends, local: null, cause: this.causeOfNothingSent(edge) };
    const { labels } = this.program;
    const symbol = edge.symbol ?? partial(labels.get(target) ?? "", labels.get(source) ?? "");
    const is_factor = edge.factor !== undefined;
    return { ...ends, local: { symbol, formula, latex, is_factor, value: null, uses }, cause: "" };
  }

  /** Why an edge carried nothing. @param {ProgramEdge} edge @returns {string} */
  causeOfNothingSent({ operation = -1, nothing = "not differentiable" }) {
    const op = this.operations[operation];
    if (!op || !this.isReached(op)) return "no path";
    return this.isStopped(op) ? "stopped" : nothing;
  }

  // Why there is no gradient -------------------------------------------------------------------

  /** Why no gradient reached a tensor, and the node where its way was cut.
   * @type {(slot: number) => Adjoint} */
  causeOfNone(slot) {
    const found = this.blockers(slot);
    const kind = found[0]?.kind ?? "";
    const at = found.filter((each) => each.kind === kind).map((each) => each.op);
    const cause = ABSENCES[kind];
    const [first] = at;
    if (!cause || at.every((op) => op.function && !op.function.includes(slot))) {
      return { state: "none", cause: "no path", at: null, value: null };
    }
    return { state: "none", cause, at: first?.node ?? null, value: null };
  }

  /** The operations on the ways from a tensor to the ys that let nothing through.
   * @type {(slot: number) => {kind: string, op: Operation}[]} */
  blockers(slot) {
    const found = [];
    const waiting = [slot];
    const seen = new Set(waiting);
    for (const here of waiting) {
      const maker = this.program.ofResult.get(here);
      if (maker?.untrained?.includes(maker.outputs.indexOf(here))) {
        if (this.program.json.integers.includes(here)) found.push({ kind: "integer", op: maker });
        continue;
      }
      for (const op of this.operations.filter(({ inputs }) => inputs.includes(here))) {
        if (this.isReached(op)) {
          found.push({ kind: this.isStopped(op) ? "stopped" : op.blocks ?? "rule", op });
          continue;
        }
        const fresh = op.outputs.filter((z) => !seen.has(z));
        fresh.forEach((z) => seen.add(z));
        waiting.push(...fresh); // the loop goes on through them
      }
    }
    return found;
  }
}

/** @type {Adjoint} */
const NOT_RUN = { state: "not run", cause: "", at: null, value: null };

/** The operation that makes a tensor: of "split:1", "split". @param {string} name */
function operationName(name) {
  return name.slice(0, name.lastIndexOf(":"));
}

/** @param {Arr | undefined} like */
function zerosLike(like) {
  return like && mapOne(like, () => 0);
}
