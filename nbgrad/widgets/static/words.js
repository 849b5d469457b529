// @ts-check
/**
 * A picture in words: its accessible name, and the lines before the first step and after the last.
 *
 * The twin of a part of `nbgrad/picture/words.py`. An array in a sentence is its formula and its
 * shape.
 *
 * @import {LineOptions, Part} from "./line_parts.js"
 * @import {Trace, TraceNode} from "./trace.js"
 */

import { FOLD } from "./folding.js";
import { inWords, signBefore } from "./numbers.js";
import { reasons } from "./reasons.js";
import { textPart } from "./line_parts.js";

/**
 * The picture in a line, its accessible name: each y with its value, and each x's adjoint.
 * @type {(trace: Trace, options?: LineOptions) => string}
 */
export function headline(trace, options = {}) {
  const ys = trace.ys.map((y) => equation(trace.node(y))).join(", ");
  const totals = trace.xs.map((x) => adjointResult(trace, trace.node(x), options)).join(", ");
  return totals ? `${ys}; ${totals}` : ys;
}

/** `a = x · x = 9`, `u = X W, 2×2`, `X is 2×3`. @type {(node: TraceNode) => string} */
function equation(node) {
  const expression = node.op_type === FOLD ? "" : node.expression;
  const symbols = [node.label, expression].filter(Boolean).join(" = ");
  return `${symbols}${signBefore(node.value, !expression)}${inWords(node.value)}`;
}

/**
 * `df/dx = 24`, `dL/dW is 3×2`, or `df/dx is None`.
 * @type {(trace: Trace, node: TraceNode, options: LineOptions) => string}
 */
function adjointResult(trace, node, { withhold }) {
  const [found, total] = [node.adjoint.value, trace.total(node)];
  if (withhold?.("adjoint", node.id)) return `${total} = ?`;
  if (found) return `${total}${signBefore(found)}${inWords(found)}`;
  return `${total} is ${node.adjoint.state === "none" ? "None" : "not run"}`;
}

/** What is said before the first step. @type {(trace: Trace) => Part[]} */
export function startLine(trace) {
  const words = `The inputs are given; ${trace.steps.length} steps follow.`;
  return [{ ...textPart("Before the first step."), strong: true }, textPart(words, "", " ")];
}

/**
 * What is said after the last step: the results, and why one is missing, zero or not finite.
 * @type {(trace: Trace, options?: LineOptions) => Part[]}
 */
export function endLine(trace, options = {}) {
  const done = { ...textPart("Both passes are done."), strong: true };
  const shown = trace.xs.filter((x) => !options.withhold?.("adjoint", x));
  const said = [`${headline(trace, options)}.`, ...reasons(trace, shown.map((x) => trace.node(x)))];
  const parts = said.map((text) => textPart(text, "", " "));
  return [done, ...parts];
}
