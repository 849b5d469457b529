// @ts-check
/**
 * A picture in words: for a screen reader, a caption, the lines around the picture.
 *
 * The twin of `nbgrad/picture/words.py`. An array in a sentence is its formula and its shape; the
 * numbers of small ones stand in the table at the end.
 *
 * @import {LineOptions, Part} from "./step_line.js"
 * @import {Trace, TraceEdge, TraceNode} from "./trace.js"
 */

import { FOLD } from "./folding.js";
import { inWords, isNumber, oneLine, signBefore } from "./numbers.js";
import { isIntegerWithGradient, why } from "./reasons.js";
import { ruleOf, sentence, textPart } from "./step_line.js";

// Sentences -------------------------------------------------------------------------------------

/**
 * The picture in a line, its accessible name: each y with its value, and each x's adjoint.
 *
 * @param {Trace} trace
 * @param {LineOptions} [options]
 * @returns {string}
 */
export function headline(trace, options = {}) {
  const ys = trace.ys.map((y) => equation(trace.node(y))).join(", ");
  const totals = trace.xs.map((x) => adjointResult(trace, trace.node(x), options)).join(", ");
  return totals ? `${ys}; ${totals}` : ys;
}

/**
 * `a = x · x = 9`, `u = X W, 2×2`, `X is 2×3`.
 *
 * @param {TraceNode} node
 * @returns {string}
 */
function equation(node) {
  const expression = node.op_type === FOLD ? "" : node.expression;
  const symbols = [node.label, expression].filter(Boolean).join(" = ");
  return `${symbols}${signBefore(node.value, !expression)}${inWords(node.value)}`;
}

/**
 * `df/dx = 24`, `dL/dW is 3×2`, or `df/dx is None`.
 *
 * @param {Trace} trace
 * @param {TraceNode} node
 * @param {LineOptions} options
 * @returns {string}
 */
function adjointResult(trace, node, { withhold }) {
  const [found, total] = [node.adjoint.value, trace.total(node)];
  if (withhold?.("adjoint", node.id)) {
    return `${total} = ?`;
  }
  if (found) {
    return `${total}${signBefore(found)}${inWords(found)}`;
  }
  return `${total} is ${node.adjoint.state === "none" ? "None" : "not run"}`;
}

/**
 * What is said before the first step.
 *
 * @param {Trace} trace
 * @returns {Part[]}
 */
export function startLine(trace) {
  const words = `The inputs are given; ${trace.steps.length} steps follow.`;
  return [{ ...textPart("Before the first step."), strong: true }, textPart(words, "", " ")];
}

/**
 * What is said after the last step: the results, and why one is missing, zero or not finite.
 *
 * @param {Trace} trace
 * @param {LineOptions} [options]
 * @returns {Part[]}
 */
export function endLine(trace, options = {}) {
  const done = { ...textPart("Both passes are done."), strong: true };
  const shown = trace.xs.filter((x) => !options.withhold?.("adjoint", x));
  const reasons = shown.map((x) => why(trace, trace.node(x))).filter(Boolean);
  const parts = [`${headline(trace, options)}.`, ...reasons].map((text) => textPart(text, "", " "));
  return [done, ...parts];
}

const LEAVES = ["input", "variable", "constant"];

/**
 * Everything in a picture as sentences: the headline, the leaves, each step, the reasons.
 *
 * @param {Trace} trace
 * @returns {string}
 */
export function describe(trace) {
  const leaves = trace.nodes
    .filter((node) => LEAVES.includes(node.role) && !isNumber(node.label))
    .map(equation);
  const steps = trace.steps.map((_, index) => `${index + 1}. ${sentence(trace, index + 1)}`);
  const reasons = trace.xs.map((x) => why(trace, trace.node(x)));
  if (trace.nodes.some(isIntegerWithGradient)) {
    reasons.push("Integers carry gradients here, as in TensorFlow up to 1.8.");
  }
  const given = leaves.length ? [`Given: ${leaves.join(", ")}.`] : [];
  return [`${headline(trace)}.`, ...given, ...steps, ...reasons.filter(Boolean)].join("\n");
}

/**
 * Everything in a picture, as sentences and as a table.
 *
 * @param {Trace} trace
 * @returns {string}
 */
export function fullDescription(trace) {
  return `${describe(trace)}\n\n${nodeTable(trace)}`;
}

// The table -------------------------------------------------------------------------------------

const HEADS = ["node", "is", "shape", "value", "adjoint", "sends back to its operands"];

/**
 * A row for each node, in the order of the forward pass.
 *
 * @param {Trace} trace
 * @returns {string}
 */
export function nodeTable(trace) {
  const names = uniqueNames(trace);
  const rows = [HEADS, ...trace.nodes.map((node) => cellsOfRow(trace, node, names))];
  const widths = HEADS.map((_, n) => Math.max(...rows.map((row) => lengthOf(row[n] ?? ""))));
  const lines = rows.map((row) => {
    const padded = row.map((cell, n) => cell + " ".repeat((widths[n] ?? 0) - lengthOf(cell)));
    return padded.join(" | ").trimEnd();
  });
  const rule = widths.map((width) => "-".repeat(width)).join("-|-");
  return [lines[0], rule, ...lines.slice(1)].join("\n");
}

/** The number of characters in a text. @param {string} text @returns {number} */
function lengthOf(text) {
  return [...text].length;
}

/**
 * A name for each node's id: its label; of several constants 2, "2 (1)" and "2 (2)".
 *
 * @param {Trace} trace
 * @returns {Map<string, string>}
 */
function uniqueNames(trace) {
  /** @type {Map<string, number>} */
  const alike = new Map();
  const count = (/** @type {Map<string, number>} */ seen, /** @type {string} */ label) =>
    seen.set(label, (seen.get(label) ?? 0) + 1).get(label);
  trace.nodes.forEach((node) => count(alike, node.label));
  /** @type {Map<string, number>} */
  const seen = new Map();
  return new Map(
    trace.nodes.map(({ id, label }) => {
      const which = count(seen, label);
      return [id, (alike.get(label) ?? 0) > 1 ? `${label} (${which})` : label];
    }),
  );
}

/**
 * The cells of one row.
 *
 * @param {Trace} trace
 * @param {TraceNode} node
 * @param {Map<string, string>} names
 * @returns {string[]}
 */
function cellsOfRow(trace, node, names) {
  const kind = LEAVES.includes(node.role) ? node.role : node.op_type;
  const flags = [node.requested ? "in xs" : "", node.stopped ? "stopped" : ""];
  const sent = trace
    .incoming(node)
    .map((edge) => `${names.get(edge.source)}: ${contributionCell(trace, edge)}`);
  return [
    names.get(node.id) ?? "",
    [node.expression || kind, ...flags].filter(Boolean).join(", "),
    node.shape.length ? inWords(node.value) : "",
    oneLine(node.value),
    adjointCell(trace, node, names),
    sent.join("; "),
  ];
}

/**
 * `24`, `1 (seed 1)`, `None (stopped at a)`, `0 (unit off at b)`, `not run`.
 *
 * @param {Trace} trace
 * @param {TraceNode} node
 * @param {Map<string, string>} names
 * @returns {string}
 */
function adjointCell(trace, node, names) {
  const { state, cause, at, value } = node.adjoint;
  if (state === "not run" && node.role === "constant") {
    return "constant: no gradient asked";
  }
  const notes = cause ? [cause + (at ? ` at ${names.get(at)}` : "")] : [];
  if (node.seed && trace.ys.includes(node.id)) {
    notes.push(`seed ${oneLine(node.seed)}`);
  }
  const known = state === "none" ? "None" : state === "not run" ? state : "";
  const text = known || (value ? oneLine(value) : "");
  return notes.length ? `${text} (${notes.join("; ")})` : text;
}

/**
 * The contribution of an edge with its rule, or why there is none: `12 (× y = 4)`.
 *
 * @param {Trace} trace
 * @param {TraceEdge} edge
 * @returns {string}
 */
function contributionCell(trace, edge) {
  if (!edge.contribution) {
    const isConstant = trace.node(edge.source).role === "constant" && edge.cause === "no path";
    return isConstant ? "constant" : edge.cause || "nothing";
  }
  const [text, local] = [oneLine(edge.contribution), ruleOf(edge)];
  if (!local.value) {
    return `${text} (${local.formula})`;
  }
  const factors = new Set([local.formula, oneLine(local.value)]);
  return `${text} (× ${[...factors].join(" = ")})`;
}
