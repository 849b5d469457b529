// @ts-check
/**
 * The cell microscope: one cell of an array as the products whose sum it is, in a strip below the
 * picture, and outlines around the cells that made it.
 *
 * @import {Store, View} from "./store.js"
 * @import {Picture} from "./picture.js"
 * @typedef {{node: string, lane: string, index: number[], role: string}} Factor
 * @typedef {{tile: [number, number], axes: number[], beside: number, block: [number, number]}} Grid
 * @typedef {{top: number, bottom: number, left: number, right: number}} Places
 */
import { cellTable } from "./cell_table.js";
import { createElement, createSvgElement } from "./dom.js";
import { short } from "./numbers.js";

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
  const numbers = lane === "value" ? node.value : node.adjoint.value;
  if (!numbers || focus.cell >= numbers.data.length) return null;
  return { node: node.id, lane, index: unraveled(focus.cell, node.shape) };
}

/** The index of an element from its place in row-major order.
 * @type {(flat: number, shape: number[]) => number[]} */
export function unraveled(flat, shape) {
  const index = shape.map(() => 0);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 1;
    index[axis] = flat % size;
    flat = Math.floor(flat / size);
  }
  return index;
}

/** @type {(title: string, close: HTMLElement) => HTMLElement} */
function createHead(title, close) {
  const name = createElement("span", { class: "microscope-name" }, "cell microscope");
  return createElement("header", {}, createElement("b", {}, title), name, close);
}

// The strip -----------------------------------------------------------------------------------

/** A column for each product, a row for each side of it; the sum at the right.
 * @param {import("./cell_table.js").CellTable} table
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
 * @type {(store: Store, picture: Picture, factors: Factor[]) => SVGElement[]} */
function outlinesOf({ view, trace, styles }, picture, factors) {
  /** @type {Map<string, {factor: Factor, places: [number, number][]}>} */
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

/** How a map's cells stand for the elements of its array.
 * @type {(view: View, node: string, lane: string) => Grid | null} */
export function gridOf(view, node, lane) {
  const rule = view.rules.find(([id, form]) => form === "map" && id === `${node}.${lane}.map`);
  return /** @type {Grid | null} */ (rule ? rule[3] : null);
}

/** The row and the column of the cell that shows an element.
 * @type {(grid: Grid, index: number[], shape: number[]) => [number, number]} */
export function placeIn({ tile, axes, beside, block }, index, shape) {
  const order = axes.length ? axes : shape.map((_, axis) => axis);
  const flat = order.reduce((sum, axis) => sum * (shape[axis] ?? 1) + (index[axis] ?? 0), 0);
  const [count, inside] = [Math.floor(flat / (tile[0] * tile[1])), flat % (tile[0] * tile[1])];
  const [down, across] = [Math.floor(count / beside), count % beside];
  const [row, column] = [Math.floor(inside / tile[1]), inside % tile[1]];
  const [high, wide] = [Math.ceil(tile[0] / block[0]), Math.ceil(tile[1] / block[1])];
  return [
    down * high + Math.floor(row / block[0]),
    across * wide + Math.floor(column / block[1]),
  ];
}

/** One rectangle where cells fill it, else one for each cell. @param {[number, number][]} places */
export function rectangles(places) {
  const rows = places.map(([row]) => row);
  const columns = places.map(([, column]) => column);
  const whole = {
    top: Math.min(...rows),
    bottom: Math.max(...rows),
    left: Math.min(...columns),
    right: Math.max(...columns),
  };
  const distinct = new Set(places.map(String)).size;
  if (distinct === (whole.bottom - whole.top + 1) * (whole.right - whole.left + 1)) return [whole];
  return places.map(([row, column]) => ({ top: row, bottom: row, left: column, right: column }));
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
