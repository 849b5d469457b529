// @ts-check
/**
 * The cells of maps: which element of an array each shows, `Grid.place` of `cards/maps.py` from the
 * other side. Those of an input can have the focus.
 *
 * @import {Picture} from "./picture.js"
 * @import {Store} from "./store.js"
 */

import { boxOf } from "./boxes.js";
import { createSvgElement } from "./dom.js";
import { closestCard } from "./picture.js";

/** @typedef {{tile: number[], axes: number[], beside: number, block: number[]}} MapGrid */

const MOST_CELLS = 36;

/**
 * A rectangle over each cell of a map that shows one element.
 * @type {(map: SVGElement, shape: number[], options: Record<string, unknown>) =>
 *        {index: number, rect: SVGRectElement}[]}
 */
export function cellsOfMap(map, shape, options) {
  return cellBoxes(map, shape, options).map(({ index, ...place }) => {
    const rect = createSvgElement("rect", { class: "cell-hit", ...place });
    map.closest("[data-node]")?.append(rect);
    return { index, rect };
  });
}

/**
 * Where each element of a small array is on its map; its rule has the options.
 * @type {(map: SVGElement, shape: number[], options: Record<string, unknown>) =>
 *        ({index: number} & import("./boxes.js").Box)[]}
 */
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

/**
 * The first element that a cell shows, counted row by row; null where there is none.
 * @type {(grid: MapGrid, shape: number[], row: number, column: number) => number | null}
 */
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

/**
 * A click on a cell of any map looks at that cell.
 * @type {(store: Store, picture: Picture) => void}
 */
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

/**
 * @param {SVGElement} map
 * @param {MouseEvent} event
 * @param {number[]} shape
 * @param {Record<string, unknown>} options
 */
function clickedCell(map, event, shape, options) {
  const grid = /** @type {MapGrid} */ (/** @type {unknown} */ (options));
  const box = map.querySelector(":scope > rect")?.getBoundingClientRect();
  if (!box) return null;
  const [x, y] = [(event.clientX - box.x) / box.width, (event.clientY - box.y) / box.height];
  if (x < 0 || x >= 1 || y < 0 || y >= 1) return null;
  const [rows, columns] = [rowsOf(shape, grid), Number(map.dataset.columns)];
  return elementAt(grid, shape, Math.floor(y * rows), Math.floor(x * columns));
}
