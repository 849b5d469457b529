// @ts-check
/**
 * The line of a step: symbols, numbers, result, each in its role, and what the operation does.
 *
 * The twin of `nbgrad/picture/step_line.py`, and for what the operation does of
 * `tests/page/page_lines.py`; what a line is made of stands in `line_parts.js`. An array in a line
 * is its formula and its shape.
 *
 * @import {LineOptions, Part} from "./line_parts.js"
 * @import {Trace, TraceEdge, TraceNode, TraceStep} from "./trace.js"
 */

import { FOLD } from "./folding.js";
import { filledParts, isSymbolicProduct, numberPart, ruleOf, textPart } from "./line_parts.js";
import { inWords, isNumber, shaped, signBefore } from "./numbers.js";
import { isSummed } from "./paths.js";
import { bar } from "./trace.js";

/** The sentence of step k, counted from 1: symbols, numbers, result, and what is done.
 * @type {(trace: Trace, k: number, options?: LineOptions) => Part[]} */
export function stepLine(trace, k, options) {
  const step = /** @type {TraceStep} */ (trace.steps[k - 1]);
  return filledParts(stepTemplate(trace, step), trace, options);
}

/** The parts of a step's sentence; where there is a number, which one and in which form.
 * @param {Trace} trace
 * @param {TraceStep} step
 * @returns {Generator<Part>} */
function* stepTemplate(trace, step) {
  const node = trace.node(step.node);
  switch (step.kind) {
    case "forward":
      return yield* forwardParts(trace, node);
    case "multiply":
      return yield* multiplyParts(trace, trace.edge(step.edges[0] ?? ""));
    case "sum":
      return yield* sumParts(trace, node);
    case "seed":
      yield textPart(`The reverse pass starts at ${node.label} with its seed: `);
      yield textPart(trace.total(node), "adjoint");
      return yield numberPart("adjoint", "seed", node.id, signBefore(node.value), true);
    case "stop":
      yield textPart(node.label);
      yield textPart("is stopped", "stop", " ");
      yield textPart(trace.total(node), "adjoint", ": its own gradient arrives, ");
      yield numberPart("adjoint", "adjoint", node.id, signBefore(node.value));
      return yield textPart("and nothing leaves", "", ", ");
  }
}

/** `a = x · x = 3 · 3 = 9`; `u = X W, 2×2 = 2×3 · 3×2`.
 * @param {Trace} trace
 * @param {TraceNode} node
 * @returns {Generator<Part>} */
function* forwardParts(trace, node) {
  const operands = trace.incoming(node).map((edge) => trace.node(edge.source));
  yield textPart(node.label);
  if (node.op_type === FOLD) {
    yield numberPart("value", "value", node.id, signBefore(node.value), true);
    return yield textPart(node.expression, "hint", "; ");
  }
  yield textPart(node.expression || node.op_type, "", " = ");
  if (!operands.some((each) => each.shape.length)) {
    yield* inNumbers(node.expression, operands);
  }
  const isScalar = !node.shape.length;
  const before = signBefore(node.value, false);
  yield numberPart(isScalar ? "value" : "mute", "value", node.id, before, isScalar);
  const shapes = new Map(operands.map((each) => [each.label, each.shape]));
  yield textPart(productOfShapes(node.expression, shapes), "mute", " = ");
}

/** An expression of scalars with their values in place of their labels, if it has any.
 * @param {string} expression
 * @param {TraceNode[]} operands
 * @returns {Generator<Part>} */
function* inNumbers(expression, operands) {
  const places = new Map(operands.map((each) => [each.label, each.id]));
  if ([...places.keys()].every(isNumber)) return;
  let before = " = ";
  const pieces = expression.split(new RegExp(`(${namesPattern(places.keys())})`, "u"));
  for (const [i, piece] of pieces.entries()) {
    if (!piece) continue;
    if (i % 2) {
      // In the parentheses of a function, a negative number needs none of its own.
      const alone = /\($|, $/.test(pieces[i - 1] ?? "") && /^[),]/.test(pieces[i + 1] ?? "");
      const form = alone ? "value" : "value factor";
      yield numberPart("value", form, places.get(piece) ?? "", before);
    } else {
      yield textPart(piece, "value", before);
    }
    before = "";
  }
}

/** What finds these labels in an expression, as whole names.
 * @type {(names: Iterable<string>) => string} */
function namesPattern(names) {
  const labels = [...names].map(escapedPattern).sort((a, b) => b.length - a.length);
  const word = "[\\p{L}\\p{N}_]";
  return `(?<!${word}|[\\\\.])(?:${labels.join("|")})(?!(?![⁰¹²³⁴⁵⁶⁷⁸⁹])${word}|\\()`;
}

/** @param {string} text @returns {string} */
function escapedPattern(text) {
  return text.replace(/[\^$\\.*+?()[\]{}|/]/g, "\\$&");
}

/** `df/dx = df/da · ∂a/∂x = 4 · 3 = 12`; `dL/dW = Xᵀ · dL/da, 3×5 = 3×8 · 8×5`.
 * @param {Trace} trace
 * @param {TraceEdge} edge
 * @returns {Generator<Part>} */
function* multiplyParts(trace, edge) {
  const [source, target] = [trace.node(edge.source), trace.node(edge.target)];
  yield textPart(trace.total(source), "adjoint");
  const isOneOfSeveral = arrivalsAt(trace, source).length > 1;
  yield* productParts(trace, edge, isOneOfSeveral ? " gets " : " = ");
  yield textPart(hintOf(trace, edge, source, target), "hint", "; ");
}

/** What an edge carried, in symbols, in numbers, and the result.
 * @param {Trace} trace
 * @param {TraceEdge} edge
 * @param {string} before
 * @returns {Generator<Part>} */
function* productParts(trace, edge, before) {
  const [source, target, rule] = [trace.node(edge.source), trace.node(edge.target), ruleOf(edge)];
  const [arriving, sigma] = [trace.total(target), isSummed(trace, edge) ? "Σ " : ""];
  const isScalar = !(target.shape.length || source.shape.length);
  if (isSymbolicProduct(edge)) {
    yield textPart(arriving, "adjoint", `${before}${sigma}`);
    yield textPart(rule.symbol, "local", " · ");
    if (isScalar && rule.is_factor) {
      yield numberPart("adjoint", "arrived", edge.id, " = ");
      yield numberPart("local", "local", edge.id, " · ");
    } else if (!isScalar && rule.formula !== rule.symbol && !isNumber(rule.formula)) {
      yield textPart(arriving, "adjoint", ` = ${sigma}`);
      yield textPart(bracketedSum(rule.formula), "local", " · ");
    }
  } else {
    yield* ruleParts(rule.formula, bar(target.label), arriving, before);
  }
  const isResult = !source.shape.length;
  yield isScalar
    ? numberPart("adjoint", "contribution", edge.id, " = ", isResult)
    : numberPart("mute", "contribution", edge.id, ", ", isResult);
  yield textPart(shapesMultiplied(trace, edge, sigma), "mute", sigma ? " = Σ " : " = ");
  yield numberPart("", "nothing arrived", edge.id, ", ");
}

/** The shapes that are multiplied, or summed, along an edge of arrays; "" where there are none.
 * @type {(trace: Trace, edge: TraceEdge, sigma: string) => string} */
function shapesMultiplied(trace, edge, sigma) {
  const [target, rule] = [trace.node(edge.target), ruleOf(edge)];
  if (sigma) return inWords(target.value);
  if (rule.is_factor) return "";
  const shapes = new Map(
    rule.uses.map((key) => [trace.node(key).label, trace.node(key).shape]),
  );
  return productOfShapes(rule.formula, shapes.set(bar(target.label), target.shape));
}

/** A rule that is no factor, with what arrives in its place: `Xᵀ · dL/da`.
 * @param {string} formula
 * @param {string} barred
 * @param {string} arriving
 * @param {string} before
 * @returns {Generator<Part>} */
export function* ruleParts(formula, barred, arriving, before) {
  const words = formula.split(" ");
  const areNames = words.every((word) => /^[\p{L}\p{N}]\S*$/u.test(word));
  const isProductOfMatrices = words.includes(barred) && !words.includes("Σ") && areNames;
  const whole = isProductOfMatrices ? formula.replaceAll(" ", " · ") : formula;
  let sign = before;
  for (const [i, piece] of whole.split(barred).entries()) {
    if (i) {
      yield textPart(arriving, "adjoint", sign);
      sign = "";
    }
    yield textPart(piece, "local", sign);
    sign = piece ? "" : sign;
  }
}

/** A formula as a factor: in brackets where it is a sum or begins with a sign.
 * @type {(formula: string) => string} */
export function bracketedSum(formula) {
  const outside = formula.replace(/\([^()]*\)/g, "").replace(/\([^()]*\)/g, "");
  return / [+−] |^−/.test(outside) ? `(${formula})` : formula;
}

/** `3×8 · 8×5` for `Xᵀ ā`; nothing for what is no product of two matrices.
 * @type {(formula: string, shapes: Map<string, number[]>) => string} */
function productOfShapes(formula, shapes) {
  const found = [];
  for (const word of formula.split(/ · | /)) {
    const shape = shapes.get(word.endsWith("ᵀ") ? word.slice(0, -1) : word) ?? [];
    if (shape.length < 2) return "";
    const [rows, columns] = shape.slice(-2);
    const last = word.endsWith("ᵀ") ? [columns ?? 0, rows ?? 0] : [rows ?? 0, columns ?? 0];
    found.push([...shape.slice(0, -2), ...last]);
  }
  const [left, right] = found;
  const isProductOfTwo = found.length === 2 && left?.at(-1) === right?.at(-2);
  return isProductOfTwo ? found.map(shaped).join(" · ") : "";
}

/** What meets at a node as terms of a sum: its seed, and what came along each edge, in turn.
 * @type {(trace: Trace, node: TraceNode) => Part[]} */
function arrivalsAt(trace, node) {
  const isSeeded = node.seed && trace.ys.includes(node.id);
  const seed = isSeeded ? [numberPart("adjoint", "seed term", node.id)] : [];
  return [...seed, ...sentTo(trace, node).map((edge) => numberPart("adjoint", "term", edge.id))];
}

/** The edges that brought a contribution to a node's adjoint, in the order in which they sent.
 * @type {(trace: Trace, node: TraceNode) => TraceEdge[]} */
export function sentTo(trace, node) {
  return trace.outgoing(node).filter((edge) => edge.contribution).sort(inTurn);
}

/** Which of two edges sends first: the last node does, and ids are numbered as nodes were made.
 * @type {(a: TraceEdge, b: TraceEdge) => number} */
export function inTurn(a, b) {
  return Number(b.target.slice(1)) - Number(a.target.slice(1)) || a.position - b.position;
}

/** The most terms of a sum that are all written. */
const MOST_TERMS = 6;

/** The terms of a sum; of very many the first and the last, with a gap between them.
 * @template Term
 * @param {Term[]} terms
 * @param {Term} gap
 * @returns {Term[]} */
export function withGap(terms, gap) {
  return terms.length <= MOST_TERMS
    ? terms
    : [...terms.slice(0, MOST_TERMS / 2), gap, ...terms.slice(-1)];
}

/** `df/dx gets 4 · 3 = 12, so 12 + 12 = 24`: what came last, and all parts.
 * @param {Trace} trace
 * @param {TraceNode} node
 * @returns {Generator<Part>} */
function* sumParts(trace, node) {
  const terms = arrivalsAt(trace, node);
  const last = trace.edge(terms.at(-1)?.of ?? "");
  yield textPart(trace.total(node), "adjoint");
  const isScalar = !node.shape.length && !trace.node(last.target).shape.length;
  if (isScalar && ruleOf(last).is_factor) {
    yield numberPart("adjoint", "arrived", last.id, " gets ");
    yield numberPart("local", "local", last.id, " · ");
    yield numberPart("adjoint", "contribution", last.id, " = ");
    yield textPart("so", "", ", ");
  } else {
    yield textPart("gets", "", " ");
  }
  for (const [i, term] of withGap(terms, textPart("…")).entries()) {
    yield { ...term, before: i ? " + " : " " };
  }
  yield numberPart("adjoint", "adjoint", node.id, " = ", true);
  const words = `${terms.length} gradients meet at ${node.label}, and add up`;
  yield textPart(words, "hint", "; ");
}

// What an operation does with the gradient ------------------------------------------------------

/** What an operation does with the gradient that arrives; the same as in Python, says a test. */
export const HINTS = {
  Add: "add: passes the gradient on as it is",
  AddN: "add: passes the gradient on as it is",
  BiasAdd: "add: passes the gradient on as it is",
  Sub: "subtract: passes the gradient on, to what is subtracted with its sign changed",
  Mul: "multiply: passes on the gradient × the other input",
  RealDiv: "divide: the gradient ÷ what is below the line, or × −above ÷ below²",
  Neg: "minus: changes the sign of the gradient",
  Square: "square: the gradient × twice the input",
  Reciprocal: "1/x: the gradient × −(its own result)²",
  Sqrt: "root: the gradient ÷ twice its own result",
  Exp: "exp: the gradient × its own result",
  Log: "log: the gradient ÷ the input",
  Tanh: "tanh: the gradient × (1 − its own result²)",
  Sigmoid: "σ: the gradient × its own result × (1 − that)",
  Relu: "relu: passes the gradient on where the input is above 0",
  Maximum: "max: passes the gradient on to the larger input alone",
  Minimum: "min: passes the gradient on to the smaller input alone",
  Select: "where: passes the gradient on to what was chosen",
  Sum: "sum: each element gets the whole gradient",
  Mean: "mean: each of {n} elements gets 1/{n} of the gradient",
  [FOLD]: "{does}: the gradient × the derivatives inside",
};

/** What an operation does with the gradient, in few words.
 * @type {(trace: Trace, edge: TraceEdge, source: TraceNode, target: TraceNode) => string} */
function hintOf(trace, edge, source, target) {
  if (isSummed(trace, edge)) return `${source.label} was repeated: what its copies get adds up`;
  const [rows, columns] = target.shape;
  if (target.op_type === "MatMul" && target.shape.length === 2 && !/ᵀ/.test(target.expression)) {
    const other = trace.incoming(target).find((each) => each.position !== edge.position);
    const label = trace.node(other?.source ?? "").label;
    const [each, count] = edge.position === 1 ? ["row", rows] : ["column", columns];
    return `each ${each} of ${label} counts; the ${count} ${each}s add up`;
  }
  const known = HINTS[/** @type {keyof typeof HINTS} */ (target.op_type)];
  if (known !== undefined) {
    const sizes = [source, target].map((node) => Math.max(1, node.value.data.length));
    const n = String(Math.floor((sizes[0] ?? 1) / (sizes[1] ?? 1)));
    return known.replaceAll("{n}", n).replaceAll("{does}", () => target.expression);
  }
  const own = ruleOf(edge).is_factor
    ? "the gradient × its local derivative"
    : "its rule, with the gradient in it";
  return `${target.symbol || target.op_type}: ${own}`;
}
