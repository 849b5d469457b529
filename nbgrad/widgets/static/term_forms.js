// @ts-check
/**
 * The forms of terms: what one edge brings to an adjoint, written out, and along whole paths.
 * `nbgrad/picture/cards/roads.py` in the page.
 *
 * @import {Arr} from "./arrays.js"
 * @import {Facts} from "./facts.js"
 * @import {Form, Style} from "./forms.js"
 * @import {Path} from "./paths.js"
 * @import {Local, Trace, TraceEdge, TraceNode} from "./trace.js"
 */

import { countOf, makeArray } from "./arrays.js";
import { NEVER, scalarNumber } from "./facts.js";
import { FORMS, OFF, adjointSince, isRatio, numberStyle, styleOf } from "./forms.js";
import { ruleOf } from "./line_parts.js";
import { inBrackets, inWords, shaped, short } from "./numbers.js";
import { cutOf, isProduct, isSeeded, isSummed, pathAlong, pathText } from "./paths.js";
import { wording } from "./words.js";
import { bracketedSum } from "./step_line.js";
import { bar } from "./trace.js";
import { NAME, SMALL, clipped, firstFitting, pillWidth, textWidth } from "./text_width.js";

/** A product along a path has room for the elements of a tensor, if they are not more. */
const MOST_ELEMENTS = 9;

/** @type {Record<string, Form>} */
const TERM_FORMS = {
  /** The name of an adjoint: df/dx, or x with a bar where there is no room or several ys.
   *
   * All of a picture are named in one way: df/dx fits where it fits on the `tightest`. */
  total(facts, of, { room, tightest }) {
    const node = facts.trace.node(of);
    const text = facts.trace.total(node);
    const [key, least] = tightest ?? [of, room];
    const widest = facts.trace.total(facts.trace.node(key));
    if (isRatio(text, node) && textWidth(widest, NAME) <= least) {
      return styleOf({ text, class: "text total" });
    }
    return styleOf({ text: clipped(node.label, NAME, room), class: "text total overlined" });
  },

  /** The mark before a row that is at work. */
  cursor(facts, of, { phase }) {
    const [since, until] = facts.window(`${of}.${phase}`);
    return styleOf({ text: "▶", class: "text", since, until });
  },

  factors: factorsStyle,
  product: productStyle,
  factor: factorStyle,

  /** A ribbon along a path, thin where no gradient comes back. */
  ribbon(facts, of, { number, edges }) {
    const path = pathAlongKeys(facts, of, edges);
    const classes = `ribbon path${number}${cutOf(path) ? " cut" : ""}`;
    return styleOf({ class: classes, title: `path ${number}: ${pathText(path)}` });
  },

  "path numbers": pathNumbers,

  /** The product of a path. */
  "path product"(facts, of, { edges, room }) {
    const path = pathAlongKeys(facts, of, edges);
    const cut = cutOf(path);
    if (cut) {
      const text = cut.cause === "stopped" ? "cut ‖" : "cut";
      return styleOf({ text, class: "chip number adjoint words", width: pillWidth(text) });
    }
    return resultStyle(path.product, "?", sinceEdge(facts, edges[0]), room);
  },

  /** The sum over the paths of an x, which is its adjoint. */
  "path sum"(facts, of, { room }) {
    const node = facts.trace.node(of);
    return resultStyle(node.adjoint.value, "None", adjointSince(facts, node), room);
  },
};
Object.assign(FORMS, TERM_FORMS);

// One edge --------------------------------------------------------------------------------------

/** What is multiplied in a term, in symbols: `df/db · ∂b/∂a`; or why there is no term.
 * @type {Form} */
function factorsStyle(facts, of, { room }) {
  const { trace } = facts;
  const each = trace.edge(of);
  if (!each.contribution) return nothingSent(facts, each, room);
  const [local, target] = [ruleOf(each), trace.node(each.target)];
  const rule = scalarNumber(local.value) === null ? local.formula : local.symbol;
  let texts = [rule];
  if (local.is_factor || rule === local.symbol) {
    const times = rule === "1" ? "" : ` · ${inBrackets(rule)}`;
    // Whatever is left out, a factor never stands alone: it is not the term.
    texts = [trace.total(target), bar(target.label), "…"].map((name) => `${name}${times}`);
  }
  const words = repeatedWords(trace, each);
  if (words) {
    texts = [...texts.map((text) => `${words}${text}`), ...texts.map((text) => `Σ ${text}`)];
  }
  const since = facts.window(of)[0];
  return styleOf({ text: firstFitting(texts, room, ""), class: ruleLook(local), since });
}

/** How a rule looks: one that is no factor says what an adjoint is, in its colour.
 * @type {(local: Local) => string} */
function ruleLook(local) {
  return local.is_factor ? "text local-text" : "text adjoint-text";
}

/** How often a reader repeats an operand, and whether as rows or columns: of `cards/faces.py`.
 * @type {(trace: Trace, node: TraceNode, edge: TraceEdge) => [count: number,
 *        what: "" | "rows" | "columns"] | null} */
function repeated(trace, node, edge) {
  const reader = trace.node(edge.target);
  const count = Math.floor(countOf(reader.shape) / Math.max(1, countOf(node.shape)));
  if (!reader.elementwise || count < 2) return null;
  const [high = 1, wide = 1] = reader.shape;
  if (reader.shape.length !== 2) return [count, ""];
  const [rows = 1, columns = 1] = [1, 1, ...node.shape].slice(-2);
  const down = rows === 1 && high > 1;
  const across = columns === 1 && wide > 1;
  return [count, down && !across ? "rows" : across && !down ? "columns" : ""];
}

/** What is summed because the operand was repeated: "Σ 8 rows of ".
 * @type {(trace: Trace, each: TraceEdge) => string} */
function repeatedWords(trace, each) {
  const found = repeated(trace, trace.node(each.source), each);
  return found ? `Σ ${found[0]} ${found[1] || "copies"} of ` : "";
}

/** Why nothing is sent along an edge.
 * @type {(facts: Facts, each: TraceEdge, room: number) => Style} */
function nothingSent(facts, { cause }, room) {
  const words = cause === "stopped" ? "‖ stopped" : wording(cause).caption;
  const text = clipped(words, SMALL, room);
  return words ? styleOf({ text, class: "text cut-text", since: facts.end }) : OFF;
}

/** A term of an adjoint in numbers: `1 · 4 = 4`; of an array, its shape. @type {Form} */
function productStyle(facts, of, { room }) {
  const each = facts.trace.edge(of);
  const sent = each.contribution;
  if (!sent) return OFF;
  const look = { class: "text inbox adjoint-text", since: sinceEdge(facts, of) };
  const number = scalarNumber(sent);
  if (number === null) {
    return styleOf({ ...look, text: clipped(`[${shaped(sent.shape)}]`, SMALL, room) });
  }
  const texts = [signedNumber(number)];
  const arrived = scalarNumber(facts.trace.node(each.target).adjoint.value);
  const factor = scalarNumber(ruleOf(each).value);
  if (factor !== null && arrived !== null) {
    const numbers = `${short(arrived)} · ${inBrackets(short(factor))}`;
    texts.unshift(`${numbers} = ${short(number)}`);
  }
  return styleOf({ ...look, text: firstFitting(texts, room, "") || signedNumber(number, 6) });
}

/** The step after which what an edge carries is known.
 * @type {(facts: Facts, key: string | undefined) => number} */
function sinceEdge(facts, key) {
  return facts.moments.contribution[key ?? ""] ?? NEVER;
}

/** A number as a term of a sum: `+4`, `−0.25`.
 * @type {(number: number, characters?: number) => string} */
function signedNumber(number, characters = 9) {
  const text = short(number, characters);
  return text.startsWith("−") || ["0", "NaN", "∞"].includes(text) ? text : `+${text}`;
}

/** What a gradient is multiplied by along an edge of the reverse pass: `× y = 4`. @type {Form} */
function factorStyle(facts, of, { room }) {
  const each = facts.trace.edge(of);
  if (!each.contribution) {
    const isConstant = facts.trace.node(each.source).role === "constant";
    return isConstant ? OFF : nothingSent(facts, each, room);
  }
  const text = firstFitting(multiplierTexts(facts.trace, each), room, "");
  return styleOf({ text, class: ruleLook(ruleOf(each)), since: facts.window(of)[0] });
}

/** What a gradient is multiplied by, from the longest text to the shortest.
 * @type {(trace: Trace, each: TraceEdge) => string[]} */
function multiplierTexts(trace, each) {
  const { is_factor: isFactor, formula, symbol, value } = ruleOf(each);
  const number = scalarNumber(value);
  if (!isFactor) return [formula, `× ${symbol}`];
  const times = `× ${inBrackets(formula)}`;
  if (number !== null) {
    const text = short(number);
    return formula === text ? [`× ${text}`] : [`${times} = ${text}`, `× ${text}`];
  }
  const words = repeatedWords(trace, each).replace(/ of $/, "");
  if (!words) return [times];
  return formula === "1" ? [words] : [`${times}, ${words}`, times];
}

// Along whole paths -----------------------------------------------------------------------------

/** The path from a node along these edges, with its numbers.
 * @type {(facts: Facts, of: string, edges: readonly string[]) => Path} */
function pathAlongKeys({ trace }, of, edges) {
  return pathAlong(trace, trace.node(of), edges.map((key) => trace.edge(key)));
}

/** The seed where it is not 1, and the local derivatives, from the y back to the x. @type {Form} */
function pathNumbers(facts, of, { edges, room }) {
  const { trace } = facts;
  const path = pathAlongKeys(facts, of, edges);
  const cut = cutOf(path);
  if (cut) {
    const [z, x] = [trace.node(cut.target).label, trace.node(cut.source).label];
    const words = `nothing passes from ${z} to ${x}: ${cut.cause}`;
    return styleOf({ text: clipped(words, SMALL, room), class: "text cut-text" });
  }
  const text = isProduct(path) ? numbersAlong(trace, path) : rulesAlong(trace, path, room);
  const since = sinceEdge(facts, edges[0]);
  return styleOf({ text: clipped(text, SMALL, room), class: "text", since });
}

/** The numbers that are multiplied along a path, from its y back; "" if one has no room.
 * @type {(trace: Trace, path: Path) => string} */
function numbersAlong(trace, path) {
  const seed = isSeeded(path) ? path.nodes.at(-1)?.seed : null;
  let [text, isSum] = [seed ? inWords(seed) : "", false];
  for (const edge of [...path.edges].reverse()) {
    const found = edge.local?.value;
    if (!found || found.data.length > MOST_ELEMENTS) return "";
    const times = isSum ? `(${text}) · ` : text && `${text} · `;
    isSum = isSummed(trace, edge);
    text = `${isSum ? "Σ " : ""}${times}${bracketedSum(inWords(asOneNumber(found)))}`;
  }
  return text;
}

/** A factor that is the same in every element, as that one number. @type {(numbers: Arr) => Arr} */
function asOneNumber(numbers) {
  const { dtype, data } = numbers;
  const first = data[0];
  const isOne = data.length > 0 && data.every((number) => number === first);
  return isOne ? makeArray(dtype, [], [first]) : numbers;
}

/** The rules along a path of arrays, from its x on: `Xᵀ ā, ā = z̄, z̄ = h̄ · [z > 0]`.
 * @type {(trace: Trace, path: Path, room: number) => string} */
function rulesAlong(trace, path, room) {
  const rules = path.edges.map((each, n) => {
    const [source, target] = [trace.node(each.source), trace.node(each.target)];
    let rule = each.local?.formula ?? "";
    if (each.local?.is_factor) {
      rule = bar(target.label) + (rule === "1" ? "" : ` · ${inBrackets(rule)}`);
    }
    const gets = trace.outgoing(source).length > 1 ? "+=" : "=";
    return `${n ? `${bar(source.label)} ${gets} ` : ""}${repeatedWords(trace, each)}${rule}`;
  });
  const texts = [rules.join(", ")];
  for (let n = rules.length - 1; n > 0; n--) {
    texts.push(`${rules.slice(0, n).join(", ")}, …`);
  }
  return firstFitting(texts, room, "") || (rules[0] ?? "");
}

/** A number at the end of a line, or the shape of an array.
 * @type {(numbers: Arr | null, otherwise: string, since: number, room: number) => Style} */
function resultStyle(numbers, otherwise, since, room) {
  if (numbers && !numbers.shape.length) return numberStyle(numbers, "adjoint", since, room);
  const text = numbers ? clipped(inWords(numbers), SMALL, room) : otherwise;
  return styleOf({ text, class: "chip number adjoint words", since, width: pillWidth(text) });
}
