// @ts-check
/**
 * The cells of maps: which element each shows, and where an element is: `Grid.place` of
 * `cards/maps.py`, in both directions. A click on one looks at it.
 *
 * @import {Box} from "./dom.js"
 * @import {Picture} from "./picture.js"
 * @import {Store, View} from "./store.js"
 *
 * @typedef {{tile: [number, number], axes: number[], beside: number, block: [number, number]}} Grid
 *   how the cells of a map stand for the elements of its array: the options of its rule
 * @typedef {{top: number, bottom: number, left: number, right: number}} Places
 *   of cells, by row and column
 */

import { countOf, indexOf } from "./arrays.js";
import { boxOf, createSvgElement } from "./dom.js";
import { closestCard } from "./picture.js";

const MOST_CELLS = 36; // that can be told one by one

/** How the cells of a node's map stand for the elements of its array.
 * @type {(view: View, node: string, lane: string) => Grid | null} */
export function gridOf(view, node, lane) {
  const rule = view.rules.find(([id, form]) => form === "map" && id === `${node}.${lane}.map`);
  return /** @type {Grid | null} */ (rule ? rule[3] : null);
}

/** The place of an element in row-major order. @type {(index: number[], shape: number[]) => number} */
function raveled(index, shape) {
  return shape.reduce((sum, size, axis) => sum * size + (index[axis] ?? 0), 0);
}

/** The axes of an array in the order in which a map counts its elements.
 * @type {(grid: Grid, shape: number[]) => number[]} */
function axesOf({ axes }, shape) {
  return axes.length ? axes : shape.map((_, axis) => axis);
}

/** The row and the column of the cell that shows an element.
 * @type {(grid: Grid, index: number[], shape: number[]) => [number, number]} */
export function placeIn(grid, index, shape) {
  const { tile: [high, wide], block: [tall, broad], beside } = grid;
  const axes = axesOf(grid, shape);
  const flat = raveled(axes.map((axis) => index[axis] ?? 0), axes.map((axis) => shape[axis] ?? 1));
  const [count = 0, row = 0, column = 0] = indexOf(flat, [Infinity, high, wide]);
  return [
    Math.floor(count / beside) * Math.ceil(high / tall) + Math.floor(row / tall),
    (count % beside) * Math.ceil(wide / broad) + Math.floor(column / broad),
  ];
}

/** The first element that a cell shows, counted row by row; null where there is none.
 * @type {(grid: Grid, shape: number[], row: number, column: number) => number | null} */
function elementAt(grid, shape, row, column) {
  const { tile: [high, wide], block: [tall, broad], beside } = grid;
  const [rows, columns] = [Math.ceil(high / tall), Math.ceil(wide / broad)];
  const count = Math.floor(row / rows) * beside + Math.floor(column / columns);
  const flat = count * high * wide + (row % rows) * tall * wide + (column % columns) * broad;
  if (flat >= countOf(shape)) return null;
  const axes = axesOf(grid, shape);
  const counted = indexOf(flat, axes.map((axis) => shape[axis] ?? 1));
  return raveled(shape.map((_, axis) => counted[axes.indexOf(axis)] ?? 0), shape);
}

/** The number of rows of cells. @type {(grid: Grid, shape: number[]) => number} */
function rowsOf({ tile: [high, wide], block: [tall], beside }, shape) {
  return Math.ceil(countOf(shape) / (high * wide * beside)) * Math.ceil(high / tall);
}

/** One rectangle where cells fill it, else one for each cell.
 * @type {(places: [number, number][]) => Places[]} */
export function rectangles(places) {
  const rows = places.map(([row]) => row);
  const columns = places.map(([, column]) => column);
  const [top, bottom] = [Math.min(...rows), Math.max(...rows)];
  const [left, right] = [Math.min(...columns), Math.max(...columns)];
  const distinct = new Set(places.map(String)).size;
  const isFilled = distinct === (bottom - top + 1) * (right - left + 1);
  if (isFilled) return [{ top, bottom, left, right }];
  return places.map(([row, column]) => ({ top: row, bottom: row, left: column, right: column }));
}

// On the picture ---------------------------------------------------------------------------------

/** Where each element of a small array is on its map.
 * @type {(map: SVGElement, shape: number[], grid: Grid) => ({index: number} & Box)[]} */
export function cellBoxes(map, shape, grid) {
  const frame = map.querySelector(":scope > rect");
  if (!frame || countOf(shape) > MOST_CELLS || grid.block.some((n) => n > 1)) return [];
  const { x, y, ...box } = boxOf(frame);
  const width = box.width / Number(map.dataset.columns);
  const height = box.height / rowsOf(grid, shape);
  return Array.from({ length: countOf(shape) }, (_, index) => {
    const [row, column] = placeIn(grid, indexOf(index, shape), shape);
    return { index, x: x + column * width, y: y + row * height, width, height };
  });
}

/** A rectangle over each cell of a map that shows one element.
 * @type {(map: SVGElement, shape: number[], grid: Grid) =>
 *        {index: number, rect: SVGRectElement}[]} */
export function cellsOfMap(map, shape, grid) {
  return cellBoxes(map, shape, grid).map(({ index, ...place }) => {
    const rect = createSvgElement("rect", { class: "cell-hit", ...place });
    map.closest("[data-node]")?.append(rect);
    return { index, rect };
  });
}

/** A click on a cell of any map looks at that cell.
 * @type {(store: Store, picture: Picture) => void} */
export function followCells(store, picture) {
  picture.element.addEventListener("click", (event) => {
    const node = closestCard(event)?.getAttribute("data-node");
    if (!node) return;
    for (const lane of /** @type {const} */ (["value", "adjoint"])) {
      const grid = gridOf(store.view, node, lane);
      const map = picture.elements.get(`${node}.${lane}.map`)?.element;
      const cell = grid && map && clickedCell(map, event, store.seen.node(node).shape, grid);
      if (typeof cell === "number") return store.setFocus({ node, lane, cell });
    }
  });
}

/** @type {(map: SVGElement, event: MouseEvent, shape: number[], grid: Grid) => number | null} */
function clickedCell(map, event, shape, grid) {
  const box = map.querySelector(":scope > rect")?.getBoundingClientRect();
  if (!box) return null;
  const [x, y] = [(event.clientX - box.x) / box.width, (event.clientY - box.y) / box.height];
  if (x < 0 || x >= 1 || y < 0 || y >= 1) return null;
  const [rows, columns] = [rowsOf(grid, shape), Number(map.dataset.columns)];
  return elementAt(grid, shape, Math.floor(y * rows), Math.floor(x * columns));
}
