// @ts-check
/**
 * What a learner predicts is withheld from everything that is painted and said.
 *
 * The adjoints that have not been found yet are taken out of the trace itself. So whatever reads
 * the trace (cards, tints, titles, sentences, a screen reader's words) has nothing to give away,
 * and nobody has to remember not to.
 *
 * @import {Arr} from "./arrays.js"
 * @import {Rule} from "./facts.js"
 * @import {Style} from "./forms.js"
 * @import {Adjoint, TraceEdge, TraceNode} from "./trace.js"
 *
 * @typedef {{typed: string | string[], right: boolean}} Answer
 *   what somebody typed for an adjoint, of an array for each of its elements; and whether it
 *   was right. Hints that name a mistake will have their place here.
 * @typedef {Record<string, Answer>} Answers  by the labels of nodes
 * @typedef {"" | "one" | "each"} Question
 *   whether an adjoint is asked: not, as one number, or each of its elements
 */

import { countOf } from "./arrays.js";
import { NEVER } from "./facts.js";
import { OFF } from "./forms.js";
import { stylesOf } from "./template.js";
import { Trace } from "./trace.js";

/** An array of more elements, which differ, is given. */
const MOST_ASKED = 36;
const SIGNIFICANT_DIGITS = 2;
/** @type {Adjoint} */
const NOT_FOUND = { state: "not run", cause: "", at: null, value: null };
/** What takes the place of a number. */
export const UNKNOWN = "?";

/** How an adjoint is asked. That of a y which nothing but its seed reaches is given.
 * @param {Trace} trace  with everything in it
 * @param {TraceNode} node
 * @returns {Question} */
export function questionFor(trace, node) {
  const { state, value } = node.adjoint;
  const isGiven = node.seed && !trace.outgoing(node).some((edge) => edge.contribution);
  if (state === "not run" || isGiven) return "";
  if (!value) return "one";
  const { data } = value;
  if (isText(value)) return "";
  const first = Number(data[0]) + 0; // −0 is 0
  if (data.every((each) => Object.is(each + 0, first))) return data.length ? "one" : "";
  return data.length <= MOST_ASKED ? "each" : "";
}

/** The nodes that a view asks for: those whose adjoint it shows as a number, or as a map. What it
 * does not show, as inside a group, it does not ask.
 * @type {(rules: readonly Rule[], trace: Trace) => TraceNode[]} */
export function askedNodes(rules, trace) {
  const shown = new Set(rules.flatMap((rule) => (showsAdjoint(rule) ? [rule[2]] : [])));
  return trace.nodes.filter((node) => shown.has(node.id) && questionFor(trace, node));
}

/** @param {Rule} rule */
export function showsAdjoint([, form, , options]) {
  if (form === "map" || form === "block number") return options?.["lane"] === "adjoint";
  return form === "adjoint" || form === "path sum";
}

/** Whether Python tells how numbers look, which the page cannot compute with: complex ones. Nobody
 * can type them; they are withheld until all others are found.
 * @param {Arr} numbers */
function isText({ data }) {
  return typeof data[0] === "string";
}

/** Whether an adjoint is known to the learner: never asked, or found, also for numbers of now.
 * @param {Trace} trace
 * @param {TraceNode} node
 * @param {Answers} answers */
export function isFound(trace, node, answers) {
  const answer = answers[node.label];
  const { value } = node.adjoint;
  if (!questionFor(trace, node)) return !(value && isText(value));
  return Boolean(answer?.right && isRight(answer.typed, node.adjoint));
}

/** The trace without the adjoints that are still to be found, and without what makes them up.
 * @param {Trace} trace
 * @param {Answers} answers */
export function foundTrace(trace, answers) {
  const found = new Set(trace.nodes.filter((node) => isFound(trace, node, answers)));
  const nodes = trace.nodes.map((node) =>
    found.has(node) ? node : { ...node, adjoint: NOT_FOUND },
  );
  const edges = trace.edges.map((edge) =>
    found.has(trace.node(edge.source)) ? edge : concealed(trace, edge),
  );
  const { steps, ys, xs } = trace;
  return new Trace({ nodes, edges, steps, ys, xs });
}

/** An edge without what it brings, and without the reason if it brings nothing; a stop is no
 * secret, for the learner has set it.
 * @param {Trace} trace
 * @param {TraceEdge} edge */
function concealed(trace, edge) {
  const isStopped = trace.node(edge.target).stopped;
  return { ...edge, contribution: null, cause: isStopped ? edge.cause : "" };
}

// Pictures --------------------------------------------------------------------------------------

// What the forms do with what is withheld: their places hold a question mark; a road has nothing
// on it; dots wait for nothing; a local derivative or a name gives nothing away.
const NUMBER_LOOKS = new Map([
  ["adjoint", "chip number adjoint"],
  ["path product", "chip number adjoint"],
  ["path sum", "chip number adjoint"],
  ["inbox", "text inbox adjoint-text"], // without a pill
  ["product", "text inbox adjoint-text"],
  ["block number", "text block-number adjoint-text"],
]);
const LANE_FORMS = new Set(["reverse", "flow"]);
const WAITING_FORMS = new Set(["waiting", "inbox waiting"]);
const GROUP_FORMS = new Set(["group", "group number", "ends"]);
const OPEN_FORMS = new Set(["factor", "factors", "path numbers", "ribbon", "label", "total"]);

/** The styles of a picture of what is known: with a question mark for what is withheld.
 * @type {(rules: readonly Rule[], whole: Trace, seen: Trace, clock: number[],
 *        all?: Record<string, Style>) => Record<string, Style>} */
export function knownStyles(rules, whole, seen, clock, all = stylesOf(rules, whole, clock)) {
  if (whole === seen) return all;
  const styles = stylesOf(rules, seen, clock);
  for (const [id, , of] of rules) { // arrays too large to be asked are as Python has painted them
    const { shape, value } = whole.nodesById.get(whole.edgesById.get(of)?.source ?? of) ?? {};
    if (shape && countOf(shape) > (value?.data.length ?? 0)) styles[id] = all[id] ?? OFF;
  }
  return questionStyles(rules, whole, seen, styles, all);
}

/** The styles of a picture with a question mark in the place of each number that is withheld.
 * @param {readonly Rule[]} rules
 * @param {Trace} whole  with everything in it
 * @param {Trace} seen  what is left of it
 * @param {Record<string, Style>} styles  of what is left
 * @param {Record<string, Style>} all  of everything */
export function questionStyles(rules, whole, seen, styles, all) {
  const asked = { ...styles };
  for (const [id, form, of, options] of rules) {
    const style = styles[id] ?? OFF;
    const several = options?.["members"] ?? options?.["edges"] ?? [of];
    if (OPEN_FORMS.has(form)) asked[id] = withoutCut(all[id] ?? OFF);
    else if (!several.some((/** @type {string} */ key) => isConcealed(whole, seen, key))) continue;
    else if (LANE_FORMS.has(form)) asked[id] = openRoad(style, form, sinceOf(all, id));
    else if (WAITING_FORMS.has(form) || (form === "block tint" && several.length > 1)) {
      asked[id] = OFF; // the tint of a group is that of its largest gradient
    } else if (GROUP_FORMS.has(form)) asked[id] = withoutLargest(style, form);
    else if (options?.["lane"] === "value") continue;
    else if (NUMBER_LOOKS.has(form)) asked[id] = questionMark(style, form);
    else asked[id] = asUnknown(style);
  }
  return asked;
}

/** @type {(style: Style, form: string, since: number) => Style} */
function openRoad(style, form, since) {
  return { ...style, class: `road ${form}`, since };
}

/** When a road is gone through; one that is not, when all are.
 * @type {(styles: Record<string, Style>, id: string) => number} */
function sinceOf(styles, id) {
  const style = styles[id] ?? OFF;
  if (style !== OFF) return style.since;
  const times = Object.values(styles).map(({ since }) => since);
  return Math.max(0, ...times.filter((time) => time < NEVER));
}

/** A style that does not say that nothing passes, which is to be found.
 * @type {(style: Style) => Style} */
function withoutCut(style) {
  const text = /\bcut-text\b/.test(style.class) ? "" : style.text;
  return { ...style, text, class: style.class.replace(/ cut$/, ""), title: "" };
}

/** The words of several nodes do not say which gradient is the largest of those that are known. A
 * group is not asked: it has the dot of what is yet to come.
 * @type {(style: Style, form: string) => Style} */
function withoutLargest(style, form) {
  if (form === "group number") return { ...style, text: "·", since: 0 };
  const [text = "", title = ""] = [style.text.split("; largest")[0], style.title.split("\n")[0]];
  return { ...style, text: text.startsWith("largest") ? "" : text, title };
}

/** A style whose words do not say that there is none. @param {Style} style @returns {Style} */
function asUnknown({ title, ...style }) {
  return { ...style, title: title.replaceAll("not run", UNKNOWN) };
}

/** @type {(style: Style, form: string) => Style} */
function questionMark(style, form) {
  const look = NUMBER_LOOKS.get(form) ?? "";
  return { ...style, text: UNKNOWN, class: look, since: 0, width: 18, title: "" };
}

/** Whether something is withheld of the node or edge with this id.
 * @param {Trace} whole
 * @param {Trace} seen
 * @param {string} id */
function isConcealed(whole, seen, id) {
  const key = whole.edgesById.get(id)?.source ?? id;
  const { adjoint } = seen.nodesById.get(key) ?? {};
  return adjoint?.state === "not run" && whole.nodesById.get(key)?.adjoint.state !== "not run";
}

// Sentences -------------------------------------------------------------------------------------

/** For the forms of numbers that say something of an adjoint: of which node it is. */
const OWNERS = /** @type {Record<string, (trace: Trace, of: string) => string>} */ ({
  adjoint: (_, of) => of,
  "adjoint factor": (_, of) => of,
  arrived: (trace, of) => trace.edge(of).target,
  contribution: (trace, of) => trace.edge(of).source,
  term: (trace, of) => trace.edge(of).source,
  "path term": (trace, of) => trace.edge(of.split(" ")[0] ?? "").source,
  "nothing arrived": (trace, of) => trace.edge(of).source,
});

/** Whether a number in a sentence about the whole trace would give away what is to be found.
 * @type {(whole: Trace, seen: Trace) => (form: string, of: string) => boolean} */
export function withholdFrom(whole, seen) {
  return (form, of) => {
    const owner = OWNERS[form]?.(whole, of);
    return owner !== undefined && isConcealed(whole, seen, owner);
  };
}

// Answers ---------------------------------------------------------------------------------------

/** Whether what was typed is an adjoint to two significant digits; of several, each.
 * @param {string | string[]} typed
 * @param {Adjoint} adjoint */
export function isRight(typed, { value }) {
  if (!Array.isArray(typed)) return isSameNumber(typed, value ? Number(value.data[0]) : null);
  return (
    typed.length === value?.data.length &&
    typed.every((text, i) => isSameNumber(text, Number(value.data[i])))
  );
}

/** Whether a text is a number to two significant digits; "None" is what null is called.
 * @param {string} text
 * @param {number | null} number */
export function isSameNumber(text, number) {
  const typed = typedNumber(text);
  if (typed === undefined) return false;
  if (typed === null || number === null) return typed === number;
  if (!Number.isFinite(number) || number === 0) return Object.is(typed + 0, number + 0);
  const digit = 10 ** (Math.floor(Math.log10(Math.abs(number))) + 1 - SIGNIFICANT_DIGITS);
  return Math.abs(typed - number) <= 0.5 * digit * (1 + 1e-9);
}

/** Whether a text is typed for an element of an adjoint, and is not that number.
 * @type {(text: string, node: TraceNode, index: number) => boolean} */
export function isWrongNumber(text, { adjoint: { value } }, index) {
  return text.trim() !== "" && !isSameNumber(text, value ? Number(value.data[index]) : null);
}

/** What is not written in digits. @type {Record<string, number | null>} */
const NUMBER_WORDS = {
  none: null,
  "⌀": null,
  nan: NaN,
  inf: Infinity,
  "∞": Infinity,
  "-inf": -Infinity,
  "-∞": -Infinity,
};

/** The number that a text says, null for None; undefined where it says neither.
 * @param {string} text  also "−3", "1/2", "0,5", "2e-3"
 * @returns {number | null | undefined} */
export function typedNumber(text) {
  const plain = text.trim().toLowerCase().replaceAll("−", "-").replace(/^\+/, "");
  if (plain in NUMBER_WORDS) return NUMBER_WORDS[plain];
  const [above = "", below = "1", ...rest] = plain.replaceAll(",", ".").split("/");
  const number = Number(above || NaN) / Number(below || NaN);
  return rest.length || Number.isNaN(number) ? undefined : number;
}
