// @ts-check
/**
 * What shows that a number can be changed: a dotted line under it, the dial of a seed, and the
 * cells of a map, of which each element has one: `Grid.place` of `cards/maps.py`, backwards.
 *
 * @import {NumberControls} from "./number_controls.js"
 * @import {PaintedElement} from "./painted.js"
 * @import {Picture} from "./picture.js"
 * @import {Store} from "./store.js"
 *
 * @typedef {{x: number, y: number, radius: number}} Ring  its middle, and its size
 */

import { boxOf, createSvgElement } from "./dom.js";
import { closestCard } from "./picture.js";
import { NUMBER, SMALL, textWidth } from "./text_width.js";

// Cells ------------------------------------------------------------------------------------------

/** @typedef {{tile: number[], axes: number[], beside: number, block: number[]}} MapGrid */

const MOST_CELLS = 36;

/** A rectangle over each cell of a map that shows one element.
 * @type {(map: SVGElement, shape: number[], options: Record<string, unknown>) =>
 *        {index: number, rect: SVGRectElement}[]} */
export function cellsOfMap(map, shape, options) {
  return cellBoxes(map, shape, options).map(({ index, ...place }) => {
    const rect = createSvgElement("rect", { class: "cell-hit", ...place });
    map.closest("[data-node]")?.append(rect);
    return { index, rect };
  });
}

/** Where each element of a small array is on its map; its rule has the options.
 * @type {(map: SVGElement, shape: number[], options: Record<string, unknown>) =>
 *        ({index: number} & import("./dom.js").Box)[]} */
export function cellBoxes(map, shape, options) {
  const grid = /** @type {MapGrid} */ (/** @type {unknown} */ (options));
  const size = shape.reduce((product, n) => product * n, 1);
  const frame = map.querySelector(":scope > rect");
  if (!frame || size > MOST_CELLS || grid.block.some((n) => n > 1)) return [];
  const columns = Number(map.dataset.columns);
  const rows = rowsOf(shape, grid);
  const { x, y, ...box } = boxOf(frame);
  const [width, height] = [box.width / columns, box.height / rows];
  const found = [];
  for (let n = 0; n < rows * columns; n++) {
    const [row, column] = [Math.floor(n / columns), n % columns];
    const index = elementAt(grid, shape, row, column);
    if (index === null) continue;
    found.push({ index, x: x + column * width, y: y + row * height, width, height });
  }
  return found;
}

/** @type {(shape: number[], grid: MapGrid) => number} */
function rowsOf(shape, { tile, beside, block }) {
  const [high = 1, wide = 1] = tile;
  const size = shape.reduce((product, n) => product * n, 1);
  return Math.ceil(size / (high * wide * beside)) * Math.ceil(high / (block[0] ?? 1));
}

/** The first element that a cell shows, counted row by row; null where there is none.
 * @type {(grid: MapGrid, shape: number[], row: number, column: number) => number | null} */
export function elementAt({ tile, axes, beside, block }, shape, row, column) {
  const [high = 1, wide = 1] = tile;
  const [tall = 1, broad = 1] = block;
  const [rows, columns] = [Math.ceil(high / tall), Math.ceil(wide / broad)];
  const count = Math.floor(row / rows) * beside + Math.floor(column / columns);
  let flat = count * high * wide + (row % rows) * tall * wide + (column % columns) * broad;
  if (flat >= shape.reduce((product, n) => product * n, 1)) return null;
  if (!axes.length) return flat;
  /** @type {number[]} */
  const index = [];
  for (const axis of [...axes].reverse()) {
    const size = shape[axis] ?? 1;
    index[axis] = flat % size;
    flat = Math.floor(flat / size);
  }
  return shape.reduce((sum, size, axis) => sum * size + (index[axis] ?? 0), 0);
}

/** A click on a cell of any map looks at that cell.
 * @type {(store: Store, picture: Picture) => void} */
export function followCells(store, picture) {
  picture.element.addEventListener("click", (event) => {
    const node = closestCard(event)?.getAttribute("data-node");
    if (!node) return;
    for (const [id, form, of, options] of store.view.rules) {
      if (form !== "map" || of !== node || !options) continue;
      const map = picture.elements.get(id)?.element;
      const cell = map && clickedCell(map, event, store.seen.node(node).shape, options);
      const lane = options.lane === "value" ? /** @type {const} */ ("value") : "adjoint";
      if (typeof cell === "number") return store.setFocus({ node, lane, cell });
    }
  });
}

/** @param {SVGElement} map
 * @param {MouseEvent} event
 * @param {number[]} shape
 * @param {Record<string, unknown>} options */
function clickedCell(map, event, shape, options) {
  const grid = /** @type {MapGrid} */ (/** @type {unknown} */ (options));
  const box = map.querySelector(":scope > rect")?.getBoundingClientRect();
  if (!box) return null;
  const [x, y] = [(event.clientX - box.x) / box.width, (event.clientY - box.y) / box.height];
  if (x < 0 || x >= 1 || y < 0 || y >= 1) return null;
  const [rows, columns] = [rowsOf(shape, grid), Number(map.dataset.columns)];
  return elementAt(grid, shape, Math.floor(y * rows), Math.floor(x * columns));
}

const [ARC_RADIUS, SMALL_ARC] = [16, 7];
const END = 2.3; // of the arc, from the top, in radians
const PER_UNIT = 0.9;

// Dotted lines ----------------------------------------------------------------------------------

/** Under each number that can be changed a dotted line, as long as the number.
 * @param {NumberControls} numbers */
export function createDottedLines(numbers) {
  const { store, picture } = numbers;
  /** @type {{painted: PaintedElement, line: SVGPathElement, text: string}[]} */
  let lines = [];
  const mount = () => {
    const shown = [...picture.elements.values()];
    lines = shown.filter(({ element }) => isLined(element)).map((painted) => {
      const line = createSvgElement("path", { class: "dotted" });
      painted.element.append(line);
      return { painted, line, text: "" };
    });
    draw();
  };
  const draw = () => {
    for (const each of lines) {
      const { text } = each.painted.style;
      if (text === each.text) continue;
      each.text = text;
      each.line.setAttribute("d", lineUnder(each.painted, text));
    }
  };
  store.on(["view"], mount);
  store.on(["trace"], draw);
}

/** @param {SVGElement} element */
function isLined(element) {
  return element.matches(".number[data-number], .cell-number[data-input]");
}

/** What is known of the width of digits is enough: nothing is measured in a frame.
 * @type {(painted: PaintedElement, text: string) => string} */
function lineUnder({ element }, text) {
  const words = element.querySelector("text");
  const isCell = element.classList.contains("cell-number");
  const [x, y] = [Number(words?.getAttribute("x")), Number(words?.getAttribute("y"))];
  const width = textWidth(text, isCell ? SMALL : NUMBER, !isCell);
  return text && `M${x - width},${y + (isCell ? 6.8 : 8.6)}h${width}`;
}

// Dials -----------------------------------------------------------------------------------------

/** Around the seed of each y an arc that says how large it is, to the right for more.
 * @type {(numbers: NumberControls) => void} */
export function createDials(numbers) {
  const { store } = numbers;
  /** @type {{place: import("./store.js").Place, arc: SVGPathElement, ring: Ring}[]} */
  let dials = [];
  const mount = () => {
    dials = [];
    for (const { place, element } of numbers.controls.values()) {
      const ring = place.trait === "seeds" ? ringOf(element) : null;
      if (!ring) continue;
      const arc = createSvgElement("path", { class: "arc" });
      const all = createSvgElement("path", { class: "arc-all", d: arcPath(ring, -END, END) });
      element.before(createSvgElement("g", { class: "dial" }, all, arc));
      dials.push({ place, arc, ring });
    }
    move();
  };
  const move = () => {
    for (const { place, arc, ring } of dials) {
      const seed = Number(store.entryAt(place)) || 0;
      const angle = Math.max(-END, Math.min(END, PER_UNIT * seed));
      const d = arcPath(ring, Math.min(0, angle), Math.max(0, angle));
      if (arc.getAttribute("d") !== d) arc.setAttribute("d", d);
    }
  };
  store.on(["view"], mount);
  store.on(["trace"], move);
}

/** Around a seed, or in a row before it; none for a cell of several.
 * @type {(element: SVGElement) => Ring | null} */
function ringOf(element) {
  const text = element.querySelector("text");
  const { x, y, height } = boxOf(text ?? element);
  if (text) return { x, y, radius: ARC_RADIUS };
  if (!element.matches(".seed-hit")) return null;
  return { x: x + SMALL_ARC + 3, y: y + height / 2, radius: SMALL_ARC };
}

/** @type {(ring: Ring, from: number, to: number) => string} */
function arcPath({ x, y, radius }, from, to) {
  const at = (/** @type {number} */ angle) =>
    `${x + radius * Math.sin(angle)},${y - radius * Math.cos(angle)}`;
  const large = to - from > Math.PI ? 1 : 0;
  return `M${at(from)}A${radius},${radius} 0 ${large} 1 ${at(to)}`;
}
