// @ts-check
/**
 * Why an adjoint is what it is: the sum over all paths out, and what a stop cuts from it.
 *
 * The twin of `tests/page/page_lines.py`: a line of parts, as that of a step. Where paths are few
 * and short, each is a term; else what each reader of the node sends back to it.
 *
 * @import {LineOptions, Part} from "./line_parts.js"
 * @import {Path, Paths} from "./paths.js"
 * @import {Trace, TraceEdge, TraceNode} from "./trace.js"
 *
 * @typedef {{symbols: Part[], numbers: Part[], edges: TraceEdge[]}} Share
 *   what an adjoint has from one path, or through one reader: its parts in symbols and in numbers,
 *   none where it is an array, or not their product; and the edges along which it came
 */

import { filledParts, isSymbolicProduct, numberPart, ruleOf, textPart } from "./line_parts.js";
import { areAlike, cutOf, isProduct, isSeeded, isSummed, pathsFrom } from "./paths.js";
import { causeWords, why } from "./words.js";
import { signBefore } from "./numbers.js";
import { inTurn, ruleParts, sentTo, withGap } from "./step_line.js";
import { bar } from "./trace.js";

const MOST_PATHS = 4; // so many paths are written out,
const LONGEST = 54; // if their symbols are no longer than this

/** An adjoint as a sum over all paths out, or why there is none.
 * @type {(trace: Trace, key: string, options?: LineOptions) => Part[]} */
export function whyLine(trace, key, options = {}) {
  const node = trace.node(key);
  if (!node.adjoint.value) return [textPart(why(trace, node).replace(/\.$/, ""))];
  const total = textPart(trace.total(node), "adjoint");
  const shares = sharesOf(trace, node);
  const hint = textPart(hintOfSum(trace, node, options), "hint", "; ");
  if (!shares.some((share) => share.edges.length)) {
    const seed = numberPart("adjoint", "adjoint", key, signBefore(node.value), true);
    return [total, ...filledParts([seed], trace, options), hint];
  }
  const sums = sidesOf(shares).flatMap(sumOf);
  return [total, ...filledParts([...sums, resultOf(node), hint], trace, options)];
}

/** The sides of a sum: symbols, and numbers where all terms have them and they say more.
 * @type {(shares: Share[]) => Part[][][]} */
function sidesOf(shares) {
  const symbols = shares.map((share) => share.symbols);
  const numbers = shares.map((share) => share.numbers);
  const sayMore = numbers.length > 1 || (numbers[0]?.length ?? 0) > 1;
  return sayMore && numbers.every((side) => side.length) ? [symbols, numbers] : [symbols];
}

/** The reason for an unusual adjoint; of any other, how many paths add up to it.
 * @type {(trace: Trace, node: TraceNode, options: LineOptions) => string} */
function hintOfSum(trace, node, { withhold }) {
  const reason = withhold?.("adjoint", node.id) ? "" : causeWords(trace, node);
  if (reason) return reason;
  const others = trace.ys.filter((y) => y !== node.id);
  const goal = others.map((y) => trace.node(y).label).join(" or ");
  const { count } = pathsFrom(trace, node, { most: 0 });
  if (others.length < trace.ys.length) {
    const paths = `${withCommas(count - 1n)} path${count > 2n ? "s" : ""} to ${goal}`;
    return count > 1n ? `its seed, and ${paths}` : "the seed of the reverse pass";
  }
  const lead = count === 1n ? "the only path" : `${withCommas(count)} paths lead`;
  return `${lead} from ${node.label} to ${goal}`;
}

/** A whole number with a comma after the thousands. @param {bigint} count @returns {string} */
function withCommas(count) {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** What all shares add up to. @type {(node: TraceNode) => Part} */
function resultOf(node) {
  const isScalar = !node.shape.length;
  const before = signBefore(node.value, false);
  return numberPart(isScalar ? "adjoint" : "mute", "adjoint", node.id, before, isScalar);
}

/** Sides in a row, with a plus between them; of very many, most are left out.
 * @type {(sides: Part[][]) => Part[]} */
function sumOf(sides) {
  return withGap(sides, [textPart("…")]).flatMap(([first = textPart(""), ...others], n) => [
    { ...first, before: `${n ? " + " : " = "}${first.before}` },
    ...others,
  ]);
}

// Shares ----------------------------------------------------------------------------------------

/** What an adjoint is the sum of: the products along all paths, or what its readers send.
 * @type {(trace: Trace, node: TraceNode) => Share[]} */
function sharesOf(trace, node) {
  const paths = pathsFrom(trace, node, { most: MOST_PATHS });
  if (paths.count <= BigInt(MOST_PATHS) && areProductsOfScalars(paths)) {
    const shares = paths.listed.sort(arrivesFirst).map((path) => shareOfPath(trace, path));
    const symbols = shares.flatMap((share) => share.symbols);
    const characters = [...symbols.map((part) => part.before + part.text).join("")];
    if (characters.length + 3 * (shares.length - 1) <= LONGEST) return shares;
  }
  const edges = sentTo(trace, node).map((edge) => shareOfEdge(trace, edge));
  if (!node.seed || !trace.ys.includes(node.id)) return edges;
  const seed = { symbols: [textPart("seed", "adjoint")], numbers: [seedTerm(node)], edges: [] };
  return [seed, ...edges];
}

/** Which of two paths brings its product first; a seed is there from the start.
 * @type {(a: Path, b: Path) => number} */
function arrivesFirst({ edges: [a] }, { edges: [b] }) {
  return a && b ? inTurn(a, b) : Number(Boolean(a)) - Number(Boolean(b));
}

/** Whether along all paths numbers are multiplied, and nothing but numbers.
 * @type {(paths: Paths) => boolean} */
function areProductsOfScalars({ listed }) {
  return listed.every(
    ({ nodes, edges }) =>
      nodes.every((node) => !node.shape.length) &&
      edges.every(({ local }) => local?.is_factor && local.value && !local.value.shape.length),
  );
}

/** The seed of a y, as a factor. @param {TraceNode} y @returns {Part} */
function seedTerm(y) {
  return numberPart("adjoint", "seed term", y.id);
}

/** The product along a path, from its y back to its x: `∂f/∂b · ∂b/∂x`.
 * @type {(trace: Trace, path: Path) => Share} */
function shareOfPath(trace, path) {
  const edges = [...path.edges].reverse();
  const y = /** @type {TraceNode} */ (path.nodes.at(-1));
  const begins = isSeeded(path);
  // An adjoint that more than its seed went into is no factor of this path.
  const isSeed = !sentTo(trace, y).length;
  const start = isSeed ? trace.total(y) : edges.length ? `seed ${y.label}` : "seed";
  const symbol = textPart(start, "adjoint");
  const symbols = edges.map((edge) => textPart(ruleOf(edge).symbol, "local"));
  const numbers = edges.map((edge) => numberPart("local", "local factor", edge.id));
  return {
    symbols: inProduct(begins ? [symbol, ...symbols] : symbols),
    numbers: isProduct(path) ? inProduct(begins ? [seedTerm(y), ...numbers] : numbers) : [],
    edges: path.edges,
  };
}

/** Factors in a row. @param {Part[]} parts @returns {Part[]} */
function inProduct(parts) {
  return parts.map((part, n) => (n ? { ...part, before: " · " } : part));
}

/** What one reader sends back: `dL/da · ∂a/∂x`; alone `∂L/∂x`, where L starts with 1.
 * @type {(trace: Trace, edge: TraceEdge) => Share} */
function shareOfEdge(trace, edge) {
  const [source, target, rule] = [trace.node(edge.source), trace.node(edge.target), ruleOf(edge)];
  const [arriving, barred] = [trace.total(target), bar(target.label)];
  if (!isSymbolicProduct(edge)) {
    const parts = [...ruleParts(rule.formula, barred, arriving, "")];
    return { symbols: parts.filter((part) => part.text), numbers: [], edges: [edge] };
  }
  const isEnd = trace.ys.includes(target.id) && !sentTo(trace, target).length;
  const isOne = isEnd && arriving !== barred;
  const symbols = [textPart(rule.symbol, "local")];
  const numbers = [numberPart("local", "local", edge.id)];
  if (!isOne) {
    symbols.unshift(textPart(arriving, "adjoint"));
    numbers.unshift(numberPart("adjoint", "arrived", edge.id));
  }
  const isScalar = rule.is_factor && !(target.shape.length || source.shape.length);
  const [first = textPart(""), ...others] = symbols;
  const marked = { ...first, before: isSummed(trace, edge) ? "Σ " : "" };
  return {
    symbols: inProduct([marked, ...others]),
    numbers: isScalar ? inProduct(numbers) : [],
    edges: [edge],
  };
}

// With a stop, and without ----------------------------------------------------------------------

/** The id of the first x whose adjoint another trace's stops change; null where there is none.
 * @type {(whole: Trace, stopped: Trace) => string | null} */
export function firstChanged(whole, stopped) {
  return whole.xs.find((x) => isChanged(whole.node(x), stopped.node(x))) ?? null;
}

/** @param {TraceNode} before @param {TraceNode} after @returns {boolean} */
function isChanged(before, after) {
  const [a, b] = [before.adjoint.value, after.adjoint.value];
  return a && b ? !areAlike(a, b) : a !== b;
}

/** An adjoint in total, and below it under stops, with what they cut struck through.
 *
 * Both traces are of one run; there are no lines where nothing arrived without stops either.
 * @type {(whole: Trace, stopped: Trace, key: string, options?: LineOptions) => [Part[], Part[]]} */
export function comparedLines(whole, stopped, key, options = {}) {
  const [before, after] = [whole.node(key), stopped.node(key)];
  const shares = before.adjoint.value ? sharesOf(whole, before) : [];
  if (!shares.some((share) => share.edges.length)) return [[], []];
  const total = textPart(whole.total(before), "adjoint", " ");
  const sides = sidesOf(shares);
  const cuts = shares.map((share) => cutEdge(stopped, share) !== undefined);
  const fill = (/** @type {Part} */ part, /** @type {boolean} */ cut) =>
    filledParts([part], cut ? whole : stopped, options).map((each) => ({ ...each, cut }));
  const struck = sides.map((side) =>
    side.map((parts, n) => parts.flatMap((part) => fill(part, cuts[n] ?? false))),
  );
  const none = { ...textPart("None", "adjoint", " = "), strong: true };
  const result = after.adjoint.value ? fill(resultOf(after), false) : [none];
  const changed = isChanged(before, after);
  const end = changed ? partialResult(whole, stopped, shares, key, options) : [];
  const partial = { ...textPart("partial", "stop"), strong: true };
  const sums = filledParts([...sides.flatMap(sumOf), resultOf(before)], whole, options);
  return [
    [textPart("total", "mute"), total, ...sums],
    [partial, total, ...struck.flatMap(sumOf), ...result, ...end].filter((part) => part.text),
  ];
}

/** The first edge of a share, seen from y, along which nothing comes under stops.
 * @type {(stopped: Trace, share: Share) => TraceEdge | undefined} */
function cutEdge(stopped, share) {
  const edges = share.edges.map((edge) => stopped.edge(edge.id));
  return cutOf({ nodes: [], edges, product: null });
}

/** `, was 3: the path through b is cut`.
 * @type {(whole: Trace, stopped: Trace, shares: Share[], key: string, options: LineOptions) =>
 *        Part[]} */
function partialResult(whole, stopped, shares, key, options) {
  const isScalar = !whole.node(key).shape.length;
  const was = isScalar ? [numberPart("mute", "adjoint", key, ", was ")] : [];
  const found = shares.flatMap((share) => cutEdge(stopped, share) ?? []);
  const held = found.filter(({ cause }) => cause === "stopped");
  const cuts = new Set(held.map(({ target }) => target));
  const stops = stopped.nodes.filter(({ id, stopped: isStopped }) =>
    cuts.size ? cuts.has(id) : isStopped,
  );
  const [all, left] = [whole, stopped].map(
    (trace) => pathsFrom(trace, trace.node(key), { most: 0 }).count,
  );
  const count = (all ?? 0n) - (left ?? 0n);
  const through = stops.length === 1 ? ` through ${stops[0]?.label}` : "";
  const paths = `${withCommas(count)} paths${through} are`;
  const several = count === 1n ? `the path${through} is` : paths;
  const words = count ? `${through && count > 1n ? "the " : ""}${several} cut` : "";
  const parts = [...was, textPart(words, "mute", isScalar ? ": " : ", ")];
  return filledParts(parts, whole, options);
}
