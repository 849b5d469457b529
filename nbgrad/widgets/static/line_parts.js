// @ts-check
/**
 * The parts of a line: texts, and numbers of the trace in a form; and how they are filled.
 *
 * As in `nbgrad/picture/step_line.py`. A part that names its number keeps form and id, so that
 * numbers that somebody is asked for can be withheld.
 *
 * @import {Arr} from "./arrays.js"
 * @import {Local, Trace, TraceEdge, TraceNode} from "./trace.js"
 *
 * @typedef {"" | "value" | "adjoint" | "local" | "stop" | "mute" | "hint"} PartRole
 *   "mute" of what is said aside, "hint" of what an operation does, at the end of a line
 * @typedef {{text: string, role: PartRole, form: string, of: string, before: string,
 *            strong: boolean, cut: boolean}} Part
 *   as `Part` in Python: `before` joins it to the part before, `strong` is the result, and what is
 *   `cut` is struck through
 * @typedef {(form: string, of: string) => boolean} Withhold
 *   whether a number is not to be given away
 * @typedef {{withhold?: Withhold}} LineOptions
 */

import { areFinite } from "./arrays.js";
import { isKeptZero, NOTHING_ARRIVED } from "./facts.js";
import { inBrackets, inWords } from "./numbers.js";
import { pathAlong } from "./paths.js";

/** A part that says a text. @type {(text: string, role?: PartRole, before?: string) => Part} */
export function textPart(text, role = "", before = "") {
  return { text, role, form: "", of: "", before, strong: false, cut: false };
}

/** A part that names a number: a key of `LINE_FORMS`, and the id of its node or edge.
 * @type {(role: PartRole, form: string, of: string, before?: string, strong?: boolean) => Part} */
export function numberPart(role, form, of, before = "", strong = false) {
  return { text: "", role, form, of, before, strong, cut: false };
}

/** How the number that a part names is written: `FORMS` in Python.
 * @type {Record<string, (trace: Trace, key: string) => string>} */
const LINE_FORMS = {
  value: (trace, key) => byItself(trace.node(key).value),
  "value factor": (trace, key) => asFactor(trace.node(key).value),
  adjoint: (trace, key) => byItself(trace.node(key).adjoint.value),
  seed: (trace, key) => byItself(trace.node(key).seed ?? trace.node(key).adjoint.value),
  "seed term": (trace, key) => asFactor(trace.node(key).seed),
  arrived: (trace, key) => ifMultiplied(trace, key, targetOf(trace, key).adjoint.value),
  local: (trace, key) => ifMultiplied(trace, key, ruleOf(trace.edge(key)).value),
  "local factor": (trace, key) => asFactor(ruleOf(trace.edge(key)).value),
  contribution: (trace, key) => byItself(trace.edge(key).contribution),
  term: (trace, key) => asFactor(trace.edge(key).contribution),
  "path term": (trace, key) => asFactor(pathNamed(trace, key).product),
  "nothing arrived": (trace, key) =>
    isKeptZero(targetOf(trace, key), trace.edge(key)) ? NOTHING_ARRIVED : "",
};

/** The parts that have something to say, with their numbers.
 * @type {(parts: Iterable<Part>, trace: Trace, options?: LineOptions) => Part[]} */
export function filledParts(parts, trace, { withhold } = {}) {
  const found = [];
  for (const part of parts) {
    const text = part.form ? (LINE_FORMS[part.form]?.(trace, part.of) ?? "") : part.text;
    if (text) {
      const hidden = part.form && withhold?.(part.form, part.of);
      const shown = hidden ? withheld(part.form, text) : text;
      if (shown) found.push({ ...part, text: shown });
    }
  }
  return found;
}

/** What stands in the place of a number that is not given away; a shape says nothing of it.
 * @type {(form: string, text: string) => string} */
function withheld(form, text) {
  return form === "nothing arrived" ? "" : /[×[]/.test(text) ? text : "?";
}

/** Parts as text, the hints at the end left out; what is cut says so.
 * @type {(parts: Iterable<Part>) => string} */
export function textOfParts(parts) {
  let text = "";
  let isCut = false;
  for (const part of parts) {
    if (part.role !== "hint") {
      const [end, start] = [isCut && !part.cut ? ")" : "", !isCut && part.cut ? "(cut: " : ""];
      text += end + part.before + start + part.text;
      isCut = part.cut;
    }
  }
  return text;
}

/** @param {Arr | null} numbers @returns {string} */
function byItself(numbers) {
  return numbers ? inWords(numbers) : "";
}

/** @param {Arr | null} numbers @returns {string} */
function asFactor(numbers) {
  return inBrackets(byItself(numbers));
}

/** @param {Trace} trace @param {string} key @returns {TraceNode} */
function targetOf(trace, key) {
  return trace.node(trace.edge(key).target);
}

/** The path along some edges, whose ids are a text with spaces between.
 * @param {Trace} trace
 * @param {string} keys */
function pathNamed(trace, keys) {
  const edges = keys.split(" ").map((key) => trace.edge(key));
  return pathAlong(trace, trace.node(edges[0]?.source ?? ""), edges);
}

/** A factor of what an edge carried; nothing where it is not multiplied.
 * @type {(trace: Trace, key: string, numbers: Arr | null) => string} */
function ifMultiplied(trace, key, numbers) {
  return isMultiplied(trace, trace.edge(key)) ? asFactor(numbers) : "";
}

/** Whether a contribution is the product of its numbers: for 0 · ∞ a rule may send 0.
 * @type {(trace: Trace, edge: TraceEdge) => boolean} */
function isMultiplied(trace, edge) {
  const numbers = [trace.node(edge.target).adjoint.value, ruleOf(edge).value];
  const areFactorsFinite = numbers.every((each) => each === null || areFinite(each));
  return areFactorsFinite || edge.contribution === null || !areFinite(edge.contribution);
}

/** The rule of an edge along which a gradient went. @type {(edge: TraceEdge) => Local} */
export function ruleOf(edge) {
  if (!edge.local) {
    throw new Error(`No gradient went along ${edge.id}, which therefore has no rule to print.`);
  }
  return edge.local;
}

/** Whether the symbols say what an edge carried: `df/da · ∂a/∂x`, not a rule by itself.
 * @type {(edge: TraceEdge) => boolean} */
export function isSymbolicProduct(edge) {
  const rule = ruleOf(edge);
  return rule.is_factor || rule.formula === rule.symbol;
}
