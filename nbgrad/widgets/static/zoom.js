// @ts-check
/**
 * A large picture: the row above it, with a search box and how large it is seen, and the minimap.
 *
 * @import {Picture} from "./picture.js"
 * @import {Store} from "./store.js"
 */

import { createBlocks } from "./blocks.js";
import { createElement, createSvgElement, cssZoom } from "./dom.js";
import { handlePanning, Viewport, ZOOM_STEP } from "./viewport.js";

const HINT = "double-click opens a block";

/** @param {Store} store
 * @param {Viewport} viewport */
function createSearchRow(store, viewport) {
  const box = createSearchBox(store, viewport);
  const hint = createElement("span", { class: "zoom-hint" }, HINT);
  const percent = createElement("output", { class: "zoom-percent" });
  /** @type {(text: string, label: string, act: () => void) => HTMLButtonElement} */
  const button = (text, label, act) => {
    const element = createElement("button", { type: "button", "aria-label": label }, text);
    element.addEventListener("click", act);
    return element;
  };
  const out = button("−", "zoom out", () => viewport.zoomBy(1 / ZOOM_STEP));
  const into = button("+", "zoom in", () => viewport.zoomBy(ZOOM_STEP));
  const fit = button("fit", "show all of it", () => viewport.fit());
  const element = createElement("div", { class: "search-row", role: "search" });
  element.append(box.input, box.count, hint, out, percent, into, fit);
  const update = () => {
    element.hidden = !(viewport.isWhole || viewport.isOverview || box.isOpen || viewport.isZoomed);
    percent.textContent = `${Math.round(100 * viewport.z)} %`;
    if (viewport.isOverview) percent.textContent = "all";
    hint.hidden = !(viewport.isOverview || viewport.isWhole);
  };
  viewport.onMove(update);
  box.onClose = update;
  store.on(["view"], update);
  /** Show the row, and go to its box. */
  const open = () => {
    box.isOpen = true;
    update();
    box.input.focus();
  };
  return { element, open };
}

/** A box that finds nodes by name, operation or scope; Enter goes on from one to the next.
 * @param {Store} store
 * @param {Viewport} viewport */
function createSearchBox(store, viewport) {
  const input = createElement("input", {
    type: "search",
    placeholder: "find a node ( / )",
    "aria-label": "find a node",
    autocomplete: "off",
    spellcheck: "false",
  });
  const count = createElement("output", { class: "search-count" });
  const box = { input, count, isOpen: false, onClose: () => {} };
  let at = -1;
  const found = () => matches(store, input.value);
  const mark = () => {
    const nodes = new Set(found().map((node) => node.id));
    for (const card of viewport.picture.element.querySelectorAll("[data-node]")) {
      const isFound = nodes.has(card.getAttribute("data-node") ?? "");
      card.toggleAttribute("data-found", isFound && input.value.trim() !== "");
    }
    const shown = store.trace.nodes.filter((node) => node.role !== "constant").length;
    count.textContent = input.value.trim() ? `${nodes.size} found` : `${shown} nodes`;
  };
  input.addEventListener("input", () => {
    at = -1;
    mark();
  });
  const goOn = (/** @type {boolean} */ isBack) => {
    const nodes = found();
    const next = isBack ? Math.max(at, 0) + nodes.length - 1 : at + 1; // the first back is the last
    at = nodes.length ? next % nodes.length : -1;
    const node = nodes[at];
    if (node) viewport.centre(node.id, 1);
  };
  const close = () => {
    const node = found()[at]?.id ?? "";
    input.value = "";
    at = -1;
    mark();
    // First: a row that is hidden loses the focus to nowhere.
    if (!viewport.picture.focusCard(node)) viewport.picture.focusTabStop();
    box.isOpen = false;
    box.onClose();
  };
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key !== "Enter") return;
    goOn(event.shiftKey);
    event.stopPropagation();
  });
  store.on(["view"], () => mark());
  viewport.onMove(() => mark());
  return box;
}

/** The nodes whose name, operation or scope holds a text; those that begin with it come first.
 * @param {Store} store
 * @param {string} text */
export function matches(store, text) {
  const wanted = text.trim().toLowerCase();
  const nodes = store.trace.nodes.filter((node) => node.role !== "constant");
  if (!wanted) return [];
  /** @param {{label: string, op_type: string, path: string}} node */
  const rank = ({ label, op_type, path }) => {
    const name = label.toLowerCase();
    if (name === wanted) return 0;
    if (name.startsWith(wanted)) return 1;
    if (name.includes(wanted)) return 2;
    return op_type.toLowerCase() === wanted || path.toLowerCase().includes(wanted) ? 3 : 9;
  };
  const ranked = nodes.map((node) => ({ node, rank: rank(node) })).filter((each) => each.rank < 9);
  return ranked.sort((a, b) => a.rank - b.rank).map((each) => each.node);
}

// The minimap ------------------------------------------------------------------------------------

const WIDTH = 168;
const MAP_HEIGHT = 88;

/** @param {Viewport} viewport */
function createMinimap(viewport) {
  const svg = createSvgElement("svg", { "aria-hidden": "true" });
  const element = createElement("div", { class: "minimap" });
  element.append(svg);
  const frame = createSvgElement("rect", { class: "minimap-frame", rx: 2 });
  let scale = 1;
  const fill = () => {
    const { width, height } = viewport.scene ?? { width: 1, height: 1 };
    scale = Math.min(WIDTH / width, MAP_HEIGHT / height);
    svg.setAttribute("width", String(Math.ceil(width * scale)));
    svg.setAttribute("height", String(Math.ceil(height * scale)));
    svg.replaceChildren(...blocksOf(viewport, scale), frame);
  };
  const move = () => {
    element.hidden = !viewport.isZoomed;
    if (element.hidden) return;
    const { width, height } = viewport.size;
    setBox(frame, {
      x: viewport.corner.x * scale,
      y: viewport.corner.y * scale,
      width: (width / viewport.z) * scale,
      height: (height / viewport.z) * scale,
    });
  };
  viewport.store.on(["view"], () => {
    fill();
    move();
  });
  viewport.onMove(move);
  handleMinimapPointer(viewport, svg, () => scale);
  return element;
}

/** A small block for each card. @type {(viewport: Viewport, scale: number) => SVGElement[]} */
function blocksOf(viewport, scale) {
  const cards = viewport.picture.svg.querySelectorAll("[data-node]");
  return [...cards].flatMap((card) => {
    const node = card.getAttribute("data-node") ?? "";
    const box = viewport.boxOf(node);
    if (!box) return [];
    const block = createSvgElement("rect", { class: "minimap-block" });
    setBox(block, {
      x: box.x * scale,
      y: box.y * scale,
      width: Math.max(box.width * scale, 2),
      height: Math.max(box.height * scale, 2),
    });
    return [block];
  });
}

/** @type {(rect: SVGRectElement, box: Record<string, number>) => void} */
function setBox(rect, box) {
  for (const [name, value] of Object.entries(box)) rect.setAttribute(name, value.toFixed(1));
}

/** A press puts the middle of what is seen there.
 * @type {(viewport: Viewport, svg: SVGSVGElement, scale: () => number) => void} */
function handleMinimapPointer(viewport, svg, scale) {
  const { signal } = viewport.store;
  const look = /** @param {PointerEvent} event */ (event) => {
    const { left, top } = svg.getBoundingClientRect();
    const { width, height } = viewport.size;
    const each = scale() * cssZoom(svg);
    const x = (event.clientX - left) / each - width / viewport.z / 2;
    const y = (event.clientY - top) / each - height / viewport.z / 2;
    viewport.look({ x, y }, viewport.z);
  };
  svg.addEventListener("pointerdown", (event) => {
    svg.setPointerCapture(event.pointerId);
    look(event);
  }, { signal });
  svg.addEventListener("pointermove", (event) => {
    if (svg.hasPointerCapture(event.pointerId)) look(event);
  }, { signal });
}

// Both, with what is seen through them -----------------------------------------------------------

const PAN = 60; // pixels that an arrow key moves

/** @param {Store} store
 * @param {Picture} picture */
export function createZoom(store, picture) {
  const viewport = new Viewport(store, picture);
  createBlocks(store, viewport);
  const search = createSearchRow(store, viewport);
  picture.element.append(createMinimap(viewport));
  handlePanning(viewport);
  const acts = {
    search: search.open,
    zoomIn: () => viewport.zoomBy(ZOOM_STEP),
    zoomOut: () => viewport.zoomBy(1 / ZOOM_STEP),
    fit: () => viewport.fit(),
    panLeft: () => viewport.pan(-PAN, 0),
    panRight: () => viewport.pan(PAN, 0),
    panUp: () => viewport.pan(0, -PAN),
    panDown: () => viewport.pan(0, PAN),
  };
  return { row: search.element, acts };
}
