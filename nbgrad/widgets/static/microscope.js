// @ts-check
/**
 * The cell microscope: one cell of an array as the products whose sum it is: its formula and a column
 * for each product, in a strip below the picture; and outlines around the cells that made it.
 *
 * The table is the twin of that in `nbgrad/picture/microscope.py`, with the factors to be outlined.
 *
 * @import {Cell, Factor, Lane, Term} from "./cells.js"
 * @import {Places} from "./map_cells.js"
 * @import {Picture} from "./picture.js"
 * @import {Store} from "./store.js"
 * @import {Trace} from "./trace.js"
 *
 * @typedef {{name: string, label: string, role: string, texts: string[]}} CellRow
 *   one factor of every product, or the products: the row's name in ids, what it says, whose
 *   colour it has, and its numbers, written with the same decimals
 * @typedef {{node: string, lane: Lane, index: number[], role: string}} Outlined
 *   a cell that made the cell: "value", "adjoint" or "local"; "this" is the cell itself
 * @typedef {{title: string, value: number, heads: string[],
 *            rows: CellRow[], rest: {count: number, total: number}, strengths: number[],
 *            factors: Outlined[]}} CellTable
 *   `rest` of the products without a column; `strengths` of those with one, relative to the largest
 * @typedef {Map<string, {letter: string, values: number[]}>} Letters
 *   the letters that count the products, by the values that each takes
 * @typedef {{trace: Trace, cell: Cell, shown: number[], letters: Letters}} Table
 */

import { indexOf } from "./arrays.js";
import { cellOf } from "./cells.js";
import { createElement, createSvgElement } from "./dom.js";
import { gridOf, placeIn, rectangles } from "./map_cells.js";
import { fixed, short } from "./numbers.js";
import { numbersIn } from "./trace.js";

const MOST_PRODUCTS = 9; // of more products than this, the largest are shown,
const SHOWN_PRODUCTS = 8; // so many
const LONGEST_SUM = 70; // up to so many characters, a sum of different products is written out
const COUNTERS = new Map([["n", "ₙ"], ["k", "ₖ"], ["m", "ₘ"], ["i", "ᵢ"], ["j", "ⱼ"]]);

/** One cell of a node's value or adjoint as a table.
 * @type {(trace: Trace, key: string, index: number[], lane: Lane) => CellTable} */
export function cellTable(trace, key, index, lane) {
  const cell = cellOf(trace, key, index, lane);
  const shown = largestTerms(cell.terms);
  const table = { trace, cell, shown, letters: lettersOf(cell.terms) };
  const left = cell.terms.filter((_, n) => !shown.includes(n)).map((term) => term.product);
  return {
    title: formulaOfCell(table),
    value: cell.this.value,
    heads: cell.terms.length ? headsOf(table) : [],
    rows: cell.terms.length ? rowsOfTable(table) : [],
    rest: { count: left.length, total: left.reduce((a, b) => a + b, 0) },
    strengths: strengthsOf(table),
    factors: outlinedFactors(cell),
  };
}

/** The products that have a column, by number, in their order.
 * @type {(terms: Term[]) => number[]} */
function largestTerms(terms) {
  const numbers = terms.map((_, n) => n);
  if (terms.length <= MOST_PRODUCTS) return numbers;
  const size = (/** @type {number} */ n) => weightOf(terms[n]?.product ?? 0);
  const bySize = numbers.sort((a, b) => (size(a) === size(b) ? 0 : size(b) - size(a)));
  return bySize.slice(0, SHOWN_PRODUCTS).sort((a, b) => a - b);
}

/** A magnitude by which the largest are found; NaN is larger than all. @param {number} x */
function weightOf(x) {
  return Number.isNaN(x) ? Infinity : Math.abs(x);
}

/** The magnitudes of the products with a column, relative to the largest.
 * @type {(table: Table) => number[]} */
function strengthsOf({ cell, shown }) {
  const sizes = shown.map((n) => weightOf(cell.terms[n]?.product ?? 0));
  const largest = Math.max(0, ...sizes.filter(Number.isFinite)) || 1;
  return sizes.map((size) => Math.min(size / largest, 1));
}

// Names -----------------------------------------------------------------------------------------

/** The letters that count the products; none where the products are not all of one form.
 * @type {(terms: Term[]) => Letters} */
function lettersOf(terms) {
  /** @type {Letters} */
  const found = new Map();
  const forms = new Set(terms.map(({ factors }) => factors.map(nameOfFactor).join("\n")));
  if (terms.length < 2 || forms.size > 1) return found;
  const taken = terms[0]?.factors.map((factor) => factor.label) ?? [];
  const free = [...COUNTERS.keys()].filter((letter) => !taken.includes(letter));
  const runs = runsOf(terms).sort((a, b) => a.axis - b.axis);
  for (const { values } of runs) {
    const key = values.join();
    if (new Set(values).size > 1 && !found.has(key) && free.length) {
      // What counts rows and nothing else is n.
      const areRows = runs.every((run) => run.axis === 0 || run.values.join() !== key);
      const other = free.find((letter) => letter !== "n") ?? "n";
      const letter = areRows && free.includes("n") ? "n" : other;
      free.splice(free.indexOf(letter), 1);
      found.set(key, { letter, values });
    }
  }
  const counted = [...found.values()].reduce((n, { values }) => n * new Set(values).size, 1);
  return counted === terms.length ? found : new Map();
}

/** What a factor is of, whatever its cell. @param {Factor} factor @returns {string} */
function nameOfFactor({ label, node, lane }) {
  return [label, node, lane].join("\t");
}

/** For each axis of each factor, its number, and the index in every product.
 * @type {(terms: Term[]) => {axis: number, values: number[]}[]} */
function runsOf(terms) {
  const factors = terms[0]?.factors ?? [];
  return factors.flatMap(({ index }, place) =>
    index.map((_, axis) => ({
      axis,
      values: terms.map((term) => term.factors[place]?.index[axis] ?? 0),
    })),
  );
}

/** The places of the local derivative or first factor in a product, and of the others.
 * @template Item
 * @param {Table} table
 * @param {Item[]} factors
 * @returns {[Item[], Item[]]} */
function halvesOf({ cell }, factors) {
  const [first, others] = [factors.slice(0, 1), factors.slice(1)];
  return cell.this.lane === "value" ? [first, others] : [others, first];
}

/** The formula of the cell: `dloss/dW[1, 2] = Σₙ X[n, 1] · dloss/da[n, 2]`.
 * @type {(table: Table) => string} */
function formulaOfCell(table) {
  const { trace, cell, letters } = table;
  const name = writtenFactor(trace, cell.this);
  if (!cell.terms.length) {
    const { expression } = trace.node(cell.this.node);
    const whole = expression ? `, a cell of ${expression}` : ", as given";
    return `${name} = ${short(cell.this.value)}${whole}`;
  }
  if (letters.size) {
    const sigma = [...letters.values()].map(({ letter }) => COUNTERS.get(letter)).join("");
    return `${name} = Σ${sigma} ${labelsOf(table).filter(Boolean).join(" · ")}`;
  }
  const terms = cell.terms.map(({ factors }) =>
    halvesOf(table, factors).flat().map((factor) => writtenFactor(trace, factor)).join(" · "),
  );
  const words = terms.join(" + ");
  const isShort = [...words].length <= LONGEST_SUM;
  return `${name} = ${isShort ? words : `the sum of ${terms.length} terms`}`;
}

/** The labels of the two sides, with letters for what counts the products.
 * @type {(table: Table) => [string, string]} */
function labelsOf(table) {
  const { cell, letters } = table;
  if (!(letters.size || cell.terms.length === 1)) {
    return cell.this.lane === "value" ? ["", ""] : ["local", "arriving"];
  }
  const written = (cell.terms[0]?.factors ?? []).map((_, place) => letteredFactor(table, place));
  const [first, second] = halvesOf(table, written);
  return [first.join(" · "), second.join(" · ")];
}

/** A factor of all products, by its place in them, with letters in its index.
 * @type {(table: Table, place: number) => string} */
function letteredFactor({ trace, cell, letters }, place) {
  const factors = cell.terms.flatMap((term) => term.factors[place] ?? []);
  const [factor] = /** @type {[Factor]} */ (factors);
  const index = factor.index.map((here, axis) => {
    const values = factors.map((each) => each.index[axis] ?? 0);
    return letters.get(values.join())?.letter ?? String(here);
  });
  return writtenFactor(trace, factor, index);
}

/** A factor with its index, as the picture names it.
 * @type {(trace: Trace, factor: Factor, index?: (string | number)[]) => string} */
function writtenFactor(trace, factor, index = factor.index) {
  const isAdjoint = factor.lane === "adjoint" && factor.node;
  return indexed(isAdjoint ? trace.total(trace.node(factor.node)) : factor.label, index);
}

/** A label with an index, of which a scalar has none.
 * @type {(label: string, index: any[]) => string} */
function indexed(label, index) {
  return index.length ? `${label}[${index.join(", ")}]` : label;
}

// Columns and rows ------------------------------------------------------------------------------

/** What stands above the columns: `n = 3`, or the cell that is multiplied.
 * @type {(table: Table) => string[]} */
function headsOf({ trace, cell, shown, letters }) {
  const counters = [...letters.values()];
  const [only] = counters;
  if (only && counters.length === 1) return shown.map((n) => `${only.letter} = ${only.values[n]}`);
  if (only) return shown.map((n) => `[${counters.map(({ values }) => values[n]).join(", ")}]`);
  if (cell.terms.length === 1) return [""];
  return shown.map((n) => {
    // The operation or the operand through which a product comes.
    const factor = cell.terms[n]?.factors.at(cell.this.lane === "adjoint" ? 0 : -1);
    const label = factor?.node ? trace.node(factor.node).label : factor?.label;
    return indexed(label ?? "", factor?.index ?? []);
  });
}

/** The factors, where any product has two, and the products. @type {(table: Table) => CellRow[]} */
function rowsOfTable(table) {
  const { cell, shown, letters } = table;
  const { lane } = cell.this;
  const texts = alignedTexts(shown.map((n) => cell.terms[n]?.product ?? 0)).map(signedTerm);
  if (lane === "adjoint" || cell.terms.some((term) => term.factors.length > 1)) {
    const product = { name: "product", label: "product", role: lane, texts };
    return [rowOf(table, 0), rowOf(table, 1), product];
  }
  const label = letters.size ? labelsOf(table)[0] : "term";
  return [{ name: "product", label, role: lane, texts }];
}

/** One side of all products. @type {(table: Table, side: 0 | 1) => CellRow} */
function rowOf(table, side) {
  const { cell, shown } = table;
  const numbers = shown.map((n) =>
    halvesOf(table, cell.terms[n]?.factors ?? [])[side].reduce((a, { value }) => a * value, 1),
  );
  const isValue = cell.this.lane === "value";
  const name = (isValue ? ["first", "second"] : ["local", "arriving"])[side] ?? "";
  const role = isValue ? "value" : (["local", "adjoint"][side] ?? "");
  return { name, label: labelsOf(table)[side] || name, role, texts: alignedTexts(numbers) };
}

/** A term of a sum: all but the first have their sign.
 * @type {(text: string, n: number) => string} */
function signedTerm(text, n) {
  return n === 0 || text === "0" || /^[−N]/.test(text) ? text : `+${text}`;
}

/** Numbers with the same decimals, so that their points stand below each other.
 * @type {(numbers: number[]) => string[]} */
function alignedTexts(numbers) {
  const finite = numbers.filter(Number.isFinite);
  const largest = Math.max(0, ...finite.map(Math.abs));
  if (numbers.length === 1 || !(largest >= 1e-3 && largest < 1e5)) {
    return numbers.map((x) => short(x, numbers.length === 1 ? 9 : 7));
  }
  let decimals = Math.min(4, Math.max(0, 3 - Math.floor(Math.log10(largest))));
  while (decimals && finite.every((x) => fixed(x, decimals).endsWith("0"))) {
    decimals -= 1;
  }
  return numbers.map((x) => atDecimals(x, decimals));
}

/** A number with so many decimals; zero, and what they cannot show, as it is.
 * @type {(number: number, decimals: number) => string} */
function atDecimals(number, decimals) {
  const text = Number.isFinite(number) ? fixed(number, decimals).replace("-", "−") : "";
  return /[^−0.]/.test(text) ? text : short(number, 7);
}

/** The cells that made a cell, each with the part that it plays; without those of no place.
 * @type {(cell: Cell) => Outlined[]} */
function outlinedFactors(cell) {
  const isValue = cell.this.lane === "value";
  const roleOf = (/** @type {Factor} */ { lane }) =>
    isValue ? "value" : lane === "adjoint" ? "adjoint" : "local";
  const made = cell.terms.flatMap(({ factors }) => factors);
  const all = [{ ...cell.this, role: "this" }, ...made.map((f) => ({ ...f, role: roleOf(f) }))];
  return all
    .filter(({ node, index }) => node && index.length)
    .map(({ node, lane, index, role }) => ({ node, lane, index, role }));
}

// The strip below the picture --------------------------------------------------------------------

/** @param {Store} store
 * @param {Picture} picture */
export function createMicroscope(store, picture) {
  // No <section>: slides would take it for one of them.
  const attributes = { class: "microscope", role: "region", "aria-label": "cell microscope" };
  const element = createElement("div", attributes);
  const outlines = createSvgElement("g", { class: "outlines" });
  const close = createElement("button", { type: "button", "aria-label": "close" }, "✕");
  close.addEventListener("click", () => store.setFocus(null));
  const update = () => {
    const looked = cellInFocus(store);
    element.hidden = !looked;
    outlines.replaceChildren();
    if (!looked || !store.trace) return;
    const table = cellTable(store.trace, looked.node, looked.index, looked.lane);
    element.replaceChildren(createHead(table.title, close), createTable(table, looked.lane));
    outlines.append(...outlinesOf(store, picture, table.factors));
    (picture.svg.querySelector('[data-id="picture"]') ?? picture.svg).append(outlines);
  };
  store.on(["focus", "trace", "view"], update);
  return element;
}

/** The cell that is looked at, if there still is one. @param {Store} store */
function cellInFocus({ focus, trace }) {
  if (focus?.cell === undefined || !trace?.nodesById.has(focus.node)) return null;
  const node = trace.node(focus.node);
  const lane = focus.lane ?? "value";
  const numbers = numbersIn(node, lane);
  if (!numbers || focus.cell >= numbers.data.length) return null;
  return { node: node.id, lane, index: indexOf(focus.cell, node.shape) };
}

/** @type {(title: string, close: HTMLElement) => HTMLElement} */
function createHead(title, close) {
  const name = createElement("span", { class: "microscope-name" }, "cell microscope");
  return createElement("header", {}, createElement("b", {}, title), name, close);
}

// The strip -----------------------------------------------------------------------------------

/** A column for each product, a row for each side of it; the sum at the right.
 * @param {CellTable} table
 * @param {string} lane */
function createTable(table, lane) {
  if (!table.heads.length) return createElement("div");
  const { heads, rows, rest, strengths, value } = table;
  const head = createElement("tr", {}, createElement("td"));
  head.append(...heads.map((text) => createElement("th", { scope: "col" }, text)));
  if (rest.count) head.append(createElement("th", { scope: "col" }, `+ ${rest.count} more`));
  const body = rows.map((row) => {
    const label = row.role === "local" && row.label !== "local" ? `${row.label}  local` : row.label;
    const line = createElement("tr", { class: `${row.name} role-${row.role}` });
    line.append(createElement("th", { scope: "row" }, label));
    line.append(...row.texts.map((text, n) => createCell(row.name, text, strengths[n] ?? 0)));
    if (rest.count) {
      const total = row.name === "product" ? `= ${short(rest.total, 7)}` : "";
      line.append(createElement("td", {}, total));
    }
    return line;
  });
  const sum = createElement("td", { class: `sum role-${lane}` }, `= ${short(value)}`);
  body.at(-1)?.append(sum);
  const strip = createElement("table", {}, createElement("thead", {}, head));
  strip.append(createElement("tbody", {}, ...body));
  return createElement("div", { class: "strip" }, strip);
}

/** A number; of a product, on a tint by its size.
 * @type {(row: string, text: string, strength: number) => HTMLElement} */
function createCell(row, text, strength) {
  if (row !== "product") return createElement("td", {}, text);
  const tint = `${Math.round(3 + 40 * strength)}%`;
  return createElement("td", {}, createElement("span", { style: `--tint:${tint}` }, text));
}

// Outlines ------------------------------------------------------------------------------------

/** The outlines around the cells that made a cell.
 * @type {(store: Store, picture: Picture, factors: Outlined[]) => SVGElement[]} */
function outlinesOf({ view, trace, styles }, picture, factors) {
  /** @type {Map<string, {factor: Outlined, places: [number, number][]}>} */
  const found = new Map();
  for (const factor of factors) {
    const grid = gridOf(view, factor.node, factor.lane);
    const shape = trace?.nodesById.get(factor.node)?.shape;
    if (!grid || !shape || !factor.index.length) continue;
    const key = `${factor.node}.${factor.lane}.${factor.role}`;
    const each = found.get(key) ?? { factor, places: [] };
    each.places.push(placeIn(grid, factor.index, shape));
    found.set(key, each);
  }
  return [...found.values()].flatMap(({ factor, places }) => {
    const id = `${factor.node}.${factor.lane}.map`;
    const map = picture.svg.querySelector(`[data-id="${id}"]`);
    const count = styles?.[id]?.cells.length ?? 0;
    if (!map) return [];
    return rectangles(places).map((each) => createOutline(map, count, factor.role, each));
  });
}

/** @type {(map: Element, count: number, role: string, places: Places) => SVGElement} */
function createOutline(map, count, role, { top, bottom, left, right }) {
  const frame = /** @type {SVGRectElement} */ (map.querySelector("rect")).getBBox();
  const columns = Number(map.getAttribute("data-columns") ?? 1);
  const [wide, high] = [frame.width / columns, frame.height / (count / columns)];
  const grow = role === "this" ? 0 : 1;
  return createSvgElement("rect", {
    class: `lens ${role}`,
    x: frame.x + left * wide - grow,
    y: frame.y + top * high - grow,
    width: (right - left + 1) * wide + 2 * grow,
    height: (bottom - top + 1) * high + 2 * grow,
  });
}
