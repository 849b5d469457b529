// @ts-check
/**
 * A picture in words: why an adjoint is None, zero or not finite; its accessible name; and the
 * lines before the first step and after the last. The twin of a part of `nbgrad/picture/words.py`.
 *
 * An array in a sentence is its formula and its shape.
 *
 * @import {LineOptions, Part} from "./line_parts.js"
 * @import {Trace, TraceNode} from "./trace.js"
 *
 * @typedef {{reason: string, sign: string, caption: string}} Wording
 *   the words for a cause: why, with names in braces; on a card; on an edge without a gradient
 */

import { mapTwo } from "./arrays.js";
import { FOLD } from "./folding.js";
import { textPart } from "./line_parts.js";
import { inWords, short, signBefore } from "./numbers.js";
import { grouped } from "./trace.js";

/** @type {Record<string, Wording>} */
export const WORDINGS = {
  // None
  "no path": { reason: "no path leads from {node} to {goal}", sign: "⌀", caption: "" },
  stopped: { reason: "{way} is stopped{arrived}", sign: "‖", caption: "" },
  integer: {
    reason: "{way} holds {kind}, which have no derivative",
    sign: "ℤ",
    caption: "integers",
  },
  "not differentiable": {
    reason: "{way} has no gradient, for {op_type} is not differentiable",
    sign: "∄",
    caption: "no slope",
  },
  // 0
  "times zero": {
    reason: "a local derivative at {at} is 0, and anything times 0 is 0",
    sign: "×0",
    caption: "",
  },
  "unit off": {
    reason: "{off}",
    sign: "off",
    caption: "",
  },
  "terms cancel": {
    reason: "the gradients that meet at {at} cancel each other",
    sign: "cancel",
    caption: "",
  },
  "seed zero": {
    reason: "the reverse pass started with a seed of 0 at {at}",
    sign: "seed 0",
    caption: "",
  },
  // not finite
  "value not finite": { reason: "{at} itself {holds}", sign: "", caption: "" },
  "began here": {
    reason: "the first number that is not finite arises at {at}",
    sign: "",
    caption: "",
  },
  "came from above": {
    reason: "what arrives is already not finite; that began at {at}",
    sign: "",
    caption: "",
  },
};
/** @type {Wording} */
const NOT_RECORDED = { reason: "its cause was not recorded", sign: "", caption: "" };
/** @type {Record<string, string>} */
const STATES = { none: "None", zero: "0", "not finite": "not finite" };
/** @type {Record<string, string>} */
const CHOICES = {
  Maximum: "larger of its operands",
  Minimum: "smaller of its operands",
  Select: "operand that it took",
};
const LARGEST_FLOAT32 = 3.4028234663852886e38;
const NAME_IN_BRACES = /\{(\w+)\}/g;

/** The words for a cause; one that a trace does not name has no sign.
 * @type {(cause: string) => Wording} */
export function wording(cause) {
  return WORDINGS[cause] ?? NOT_RECORDED;
}

/** The reason for a node's missing or unusual adjoint; nothing for an ordinary number.
 * @type {(trace: Trace, node: TraceNode) => string} */
export function why(trace, node) {
  return reasons(trace, [node]).join(" ");
}

/** The reasons of several nodes' adjoints: one that several of them have is said once.
 * @type {(trace: Trace, nodes: TraceNode[]) => string[]} */
export function reasons(trace, nodes) {
  const alike = grouped(nodes, (node) => `${node.adjoint.state} ${causeWords(trace, node)}`);
  return [...alike.values()].flatMap((group) => {
    const first = /** @type {TraceNode} */ (group[0]);
    const words = causeWords(trace, first);
    const { state } = first.adjoint;
    if (!words && state !== "not run") return [];
    return [reasonOf(group.map((node) => trace.total(node)), state, words)];
  });
}

/** `df/dx and df/dy are 0: the unit h is off.`
 * @type {(totals: string[], state: string, words: string) => string} */
function reasonOf(totals, state, words) {
  const [others, last] = [totals.slice(0, -1), totals.at(-1)];
  const names = others.length ? `${others.join(", ")} and ${last}` : last;
  if (state === "not run") {
    return `${names} ${others.length ? "were" : "was"} not asked for: no reverse pass has run.`;
  }
  return `${names} ${others.length ? "are" : "is"} ${STATES[state]}: ${words}.`;
}

/** The cause of an adjoint that is None, zero or not finite, in words; "" of any other.
 * @type {(trace: Trace, node: TraceNode) => string} */
export function causeWords(trace, node) {
  if (!(node.adjoint.state in STATES)) return "";
  const names = namesInReasons(trace, node);
  const { reason } = wording(node.adjoint.cause);
  return reason.replace(NAME_IN_BRACES, (_, name) => names[name] ?? "");
}

/** The values of the names in braces.
 * @type {(trace: Trace, node: TraceNode) => Record<string, string>} */
function namesInReasons(trace, node) {
  const goal = trace.ys.map((y) => trace.node(y).label).join(" or ");
  const at = node.adjoint.at === null ? null : trace.node(node.adjoint.at);
  const there = at ? at.label : "an operation on the way";
  const way = `every path from ${node.label} to ${goal} goes through ${there}, and ${there}`;
  return {
    node: node.label,
    goal,
    at: there,
    kind: kindOf(at ?? node),
    way: at === node ? there : at ? way : `every path to ${goal}`,
    op_type: at ? at.op_type : "an operation",
    arrived: arrivedAtStop(trace, at),
    holds: holdsNotFinite(at ?? node),
    off: nothingPassed(trace, at, there),
  };
}

/** Why an operation that chooses has passed nothing on: of two operands, one takes all.
 * @type {(trace: Trace, at: TraceNode | null, there: string) => string} */
function nothingPassed(trace, at, there) {
  const choice = CHOICES[at?.op_type ?? ""];
  if (!at || !choice) {
    return `the unit ${there} is off: on this side of its threshold it passes nothing on`;
  }
  const [a, b, ...others] = trace.incoming(at).map((edge) => trace.node(edge.source).value);
  const isSame = (/** @type {number} */ x, /** @type {number} */ y) => Number(x === y);
  if (a && b && !others.length && mapTwo(a, b, isSame, "bool").data.every(Boolean)) {
    return `the operands of ${there} are equal, and then the first takes the whole gradient`;
  }
  return `${there} passes the gradient on to the ${choice} alone`;
}

/** The numbers in a tensor that is not differentiable. @type {(node: TraceNode) => string} */
function kindOf(node) {
  return node.dtype === "bool" ? "truth values" : "integers";
}

/** The gradient that reached the place of a stop.
 * @type {(trace: Trace, at: TraceNode | null) => string} */
function arrivedAtStop(trace, at) {
  const found = at?.adjoint.value;
  if (!at || !found) return ", so nothing leaves it";
  const gradient = `${trace.total(at)}${signBefore(found)}${inWords(found)}`;
  return `: its own gradient arrives (${gradient}), nothing leaves`;
}

/** The ∞ or NaN in a value, in words; of ∞, the range of its dtype.
 * @type {(node: TraceNode) => string} */
function holdsNotFinite(node) {
  const { data } = node.value;
  const verb = node.shape.length ? "holds" : "is";
  if (data.some(Number.isNaN)) return `${verb} NaN`;
  if (!node.dtype.startsWith("float")) return `${verb} ∞`;
  const sign = data.includes(Infinity) ? "" : "−";
  const limit = short(node.dtype === "float32" ? LARGEST_FLOAT32 : Number.MAX_VALUE);
  return `${verb} ${sign}∞, as is whatever lies beyond ${sign}${limit} in ${node.dtype}`;
}

// Lines ------------------------------------------------------------------------------------------

/** The picture in a line, its accessible name: each y with its value, and each x's adjoint.
 * @type {(trace: Trace, options?: LineOptions) => string} */
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

/** `df/dx = 24`, `dL/dW is 3×2`, or `df/dx is None`.
 * @type {(trace: Trace, node: TraceNode, options: LineOptions) => string} */
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

/** What is said after the last step: the results, and why one is missing, zero or not finite.
 * @type {(trace: Trace, options?: LineOptions) => Part[]} */
export function endLine(trace, options = {}) {
  const done = { ...textPart("Both passes are done."), strong: true };
  const shown = trace.xs.filter((x) => !options.withhold?.("adjoint", x));
  const said = [`${headline(trace, options)}.`, ...reasons(trace, shown.map((x) => trace.node(x)))];
  const parts = said.map((text) => textPart(text, "", " "));
  return [done, ...parts];
}
