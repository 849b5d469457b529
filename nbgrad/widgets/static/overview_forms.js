// @ts-check
/**
 * The forms of an overview, `picture/layouts/overview/forms.py`: tints, widths of lines, and the
 * one number of a block.
 *
 * @import {Facts} from "./facts.js"
 * @import {Style} from "./forms.js"
 * @import {TraceNode} from "./trace.js"
 * @import {Arr} from "./arrays.js"
 */
import { magnitude } from "./arrays.js";
import { everyDigit, exact, exponential, firstOf, fixed, short } from "./numbers.js";
import { NEVER } from "./facts.js";
import { FORMS, OFF, adjointSince, body, fitting, styleOf } from "./forms.js";
import { textWidth } from "./text_width.js";

const DECADES = 3; // from the weakest tint to the strongest
const [WEAKEST, STRONGEST_TINT] = [0.05, 0.45]; // tints, behind ink
const [THIN, THICKER] = [0.8, 2.2]; // a line's width, and what the largest contribution adds
const WEAK = 0.4; // lines of less strength are paler
const SMALL_TEXT = 12;
const MOST_NAMED = 3; // so many xs are named above the picture

/** How a magnitude compares with the largest. @type {(size: number, scale: number) => number} */
export function strengthOf(size, scale) {
  if (!size || !scale) return 0;
  return Math.min(1, Math.max(0, 1 + Math.log10(size / scale) / DECADES));
}

/** The opacity of a tint. @type {(size: number, scale: number) => number} */
export function tintOf(size, scale) {
  return rounded(WEAKEST + (STRONGEST_TINT - WEAKEST) * strengthOf(size, scale), 3);
}

/** @type {(number: number, digits: number) => number} */
function rounded(number, digits) {
  return Number(fixed(number, digits));
}

/** @type {(facts: Facts, of: string, members: readonly string[] | undefined) => TraceNode[]} */
function nodesOfBlock(facts, of, members) {
  return (members?.length ? members : [of]).map((key) => facts.trace.node(key));
}

/** The adjoints that have come to some nodes. @param {TraceNode[]} nodes */
function adjointsOf(nodes) {
  return nodes.flatMap((node) => {
    const numbers = node.adjoint.value;
    return numbers ? [{ node, numbers }] : [];
  });
}

/** @param {number[]} numbers */
function most(numbers) {
  return numbers.reduce((a, b) => Math.max(a, b), 0);
}

/** The tint of a block by its largest |gradient|; by |value| where there is no gradient, or where
 * values are asked for.
 * @type {(facts: Facts, of: string, options: {members?: readonly string[], lane?: string}) =>
 *        Style} */
function blockTint(facts, of, { members, lane }) {
  const nodes = nodesOfBlock(facts, of, members);
  const found = lane === "value" ? [] : adjointsOf(nodes);
  if (found.length) {
    const size = most(found.map(({ numbers }) => magnitude(numbers)));
    const since = most(found.map(({ node }) => adjointSince(facts, node)));
    const tint = tintOf(size, facts.gradientScale);
    return size ? styleOf({ class: "tint", since, tint }) : OFF;
  }
  const size = most(nodes.map((node) => magnitude(node.value)));
  const since = most(nodes.map((node) => facts.moments.value[node.id] ?? 0));
  const tint = tintOf(size, facts.sizeScale);
  const shown = lane === "value" ? tint : rounded(tint / 6, 3); // weaker than any large gradient
  return size ? styleOf({ class: "tint value", since, tint: shown }) : OFF;
}

/** The number of a block: its gradient; its value where there is none. Of an array, max |…|.
 * @type {(facts: Facts, of: string, options: {room: number, lane?: string}) => Style} */
function blockNumber(facts, of, { room, lane }) {
  const node = facts.trace.node(of);
  const isValue = lane === "value" || !node.adjoint.value;
  const numbers = /** @type {Arr} */ (isValue ? node.value : node.adjoint.value);
  const since = isValue ? (facts.moments.value[of] ?? 0) : adjointSince(facts, node);
  const text = numbers.shape.length
    ? largestText(magnitude(numbers), room)
    : fitting(firstOf(numbers), room, SMALL_TEXT);
  // On a tint of the adjoint's colour only ink is read.
  const look = isValue ? "text block-number value-text" : "text block-number";
  return styleOf({ text, class: look, since });
}

/** @type {(size: number, room: number) => string} */
function largestText(size, room) {
  return `max ${fitting(size, room - 28, SMALL_TEXT)}`;
}

/** A line: as thick as the largest contribution that it brings, solid where it brings none.
 * @type {(facts: Facts, _of: string, options: {edges: readonly string[]}) => Style} */
export function flow(facts, _of, { edges }) {
  const brought = edges.filter((key) => facts.trace.edge(key).contribution);
  if (!brought.length) {
    const times = edges.map((key) => facts.moments.value[facts.trace.edge(key).target] ?? 0);
    return styleOf({ class: "road no-flow", since: Math.min(...times) });
  }
  const arrays = brought.flatMap((key) => facts.trace.edge(key).contribution ?? []);
  const sizes = arrays.map(magnitude);
  const strong = strengthOf(most(sizes), facts.gradientScale);
  const since = Math.min(...brought.map((key) => facts.moments.contribution[key] ?? NEVER));
  const look = strong < WEAK ? "road flow weak" : "road flow";
  return styleOf({ class: look, since, width: rounded(THIN + THICKER * strong, 2) });
}

FORMS["block"] = (facts, of) => {
  const style = body(facts, of);
  return { ...style, class: `${style.class} block` };
};
FORMS["block tint"] = blockTint;
FORMS["block number"] = blockNumber;
FORMS["flow"] = flow;

FORMS["ends"] = (facts, _of, { members, room }) => {
  const nodes = nodesOfBlock(facts, "", members);
  const ys = nodes.filter(({ id }) => facts.trace.ys.includes(id));
  const xs = nodes.filter((node) => !ys.includes(node));
  const found = adjointsOf(xs).filter(({ numbers }) => magnitude(numbers));
  found.sort((a, b) => magnitude(b.numbers) - magnitude(a.numbers));
  const parts = ys.map((node) => `${node.label} = ${oneNumber(node.value)}`);
  const largest = found.slice(0, MOST_NAMED);
  const named = largest.map(({ node, numbers }) => `${node.label} ${oneNumber(numbers)}`);
  let [text, between] = ["", ""];
  for (const part of [...parts, ...named]) {
    if (part === named[0]) between = `${between && "; "}largest |gradient|: `;
    if (textWidth(`${text}${between}${part}`, SMALL_TEXT) > room) break;
    [text, between] = [`${text}${between}${part}`, ", "];
  }
  return styleOf({ text, class: "text", since: facts.end });
};

/** A number, or the largest magnitude of several. @type {(numbers: Arr) => string} */
function oneNumber(numbers) {
  return numbers.shape.length ? `max ${short(magnitude(numbers))}` : short(Number(numbers.data[0]));
}

FORMS["group number"] = (facts, of, { members, room }) => {
  const found = adjointsOf(nodesOfBlock(facts, of, members));
  if (!found.length) return styleOf({ text: "no gradient", class: "text", since: facts.end });
  const since = most(found.map(({ node }) => adjointSince(facts, node)));
  const size = most(found.map(({ numbers }) => magnitude(numbers)));
  return styleOf({ text: largestText(size, room), class: "text block-number", since });
};

FORMS["group"] = (facts, of, { members, name }) => {
  const nodes = nodesOfBlock(facts, of, members);
  const lines = [`${name}: ${nodes.length} nodes`];
  const found = adjointsOf(nodes);
  const size = most(found.map(({ numbers }) => magnitude(numbers)));
  const largest = found.find(({ numbers }) => magnitude(numbers) === size);
  if (largest) {
    const { numbers, node } = largest;
    const words = numbers.shape.length ? everyDigit(magnitude(numbers), "float64") : exact(numbers);
    lines.push(`largest |gradient|: ${words}, of ${node.label}`);
  }
  return styleOf({ class: "card", title: lines.join("\n") });
};

FORMS["scale tint"] = (facts, _of, { decade }) => {
  const scale = facts.gradientScale;
  return scale ? styleOf({ class: "tint", tint: tintOf(scale / 10 ** decade, scale) }) : OFF;
};

FORMS["scale number"] = (facts, _of, { decade }) => {
  const scale = facts.gradientScale;
  if (!scale) return OFF;
  const text = short(Number(exponential(scale / 10 ** decade, 1)), 6);
  return styleOf({ text, class: "text adjoint-text" });
};
