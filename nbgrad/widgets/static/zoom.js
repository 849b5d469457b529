// @ts-check
/**
 * A large picture: the row above it (a search box, what a tint means, how large it is seen), the
 * minimap, and the blocks that stand for its cards while these are too small to be read.
 *
 * A block has the name of its card and, where there is room, its gradient, tinted by its size; a road
 * is one dashed line. Words keep their size on the screen.
 *
 * @import {Rule} from "./facts.js"
 * @import {Picture} from "./picture.js"
 * @import {Store, View} from "./store.js"
 * @import {TraceNode} from "./trace.js"
 *
 * @typedef {{group: SVGElement, blocks: Block[], rules: Rule[],
 *            painted: Map<string, PaintedElement>}} Layer
 *   what depends on numbers is painted by rules, as the scene is
 * @typedef {{label: string, width: number, centre: number, name: SVGElement,
 *            number: SVGElement}} Block
 */

import { createElement, createSvgElement, cssZoom } from "./dom.js";
import { PaintedElement } from "./painted.js";
import { squeezed } from "./text_width.js";
import { handlePanning, Viewport, ZOOM_STEP } from "./viewport.js";

const HINT = "one block = one node; double-click opens it";

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

// Blocks -----------------------------------------------------------------------------------------

const FULL = 1; // from this zoom on there are cards
const NUMBERS = 0.7; // from this zoom on a block has room for a number
const SIZE = 12.5; // of words on the screen

/** @type {(store: Store, viewport: Viewport) => void} */
function createBlocks(store, viewport) {
  /** @type {Layer | null} */
  let layer = null;
  let isStale = true;
  const showStep = () => {
    if (store.isSmall) for (const each of layer?.painted.values() ?? []) each.showStep(store.shown);
  };
  const update = () => {
    const isShown = viewport.isWhole && viewport.z < FULL;
    const { picture } = viewport;
    if (isShown && picture.element.contains(document.activeElement)) picture.focusWhole();
    picture.svg.toggleAttribute("data-blocks", isShown);
    if (!isShown) return store.setSmall(false);
    if (!layer?.group.isConnected) {
      layer = createLayer(store, viewport);
      isStale = true;
    }
    if (isStale) paintBlocks(store, layer);
    isStale = false;
    sizeWords(layer, viewport.z);
    store.setSmall(true);
  };
  store.on(["view", "trace"], () => {
    isStale = true;
    update();
  });
  store.on(["trace", "small"], showStep);
  store.observe(["step"], showStep);
  viewport.onMove(update);
  followWork(store, viewport);
}

/** @type {(store: Store, layer: Layer) => void} */
function paintBlocks(store, { rules, painted }) {
  const styles = store.moreStyles(rules);
  for (const [id, element] of painted) {
    const style = styles[id];
    if (style) element.apply(style);
  }
}

/** @type {(store: Store, viewport: Viewport) => Layer} */
function createLayer(store, viewport) {
  const { svg } = viewport.picture;
  const group = createSvgElement("g", { class: "blocks" });
  /** @type {Layer} */
  const layer = { group, blocks: [], rules: [], painted: new Map() };
  for (const { id } of store.seen.edges) {
    const place = `[data-id="${id}.reverse"]`;
    const d = svg.querySelector(`${place} path, path${place}`)?.getAttribute("d");
    const path = createSvgElement("path", { d: d ?? "", fill: "none" });
    if (!d) continue;
    group.append(path);
    addRule(layer, path, ["flow", id, { edges: [id] }]);
  }
  for (const node of store.seen.nodes) {
    const box = viewport.boxOf(node.id);
    if (box) addBlock(layer, node, box);
  }
  const root = svg.querySelector('[data-id="picture"]') ?? svg;
  root.append(group);
  return layer;
}

/** @type {(layer: Layer, element: SVGElement,
 *          rule: [form: string, of: string, options?: Record<string, any>]) => void} */
function addRule({ rules, painted }, element, [form, of, options = {}]) {
  rules.push([`${of} ${form}`, form, of, options]);
  painted.set(`${of} ${form}`, new PaintedElement(element));
}

/** @type {(layer: Layer, node: TraceNode, box: DOMRect) => void} */
function addBlock(layer, { id, role, label }, { x, y, width, height }) {
  const isLeaf = role === "input" || role === "variable";
  const place = { x, y, width, height, rx: isLeaf ? height / 2 : 8 };
  const outline = createSvgElement("rect", { ...place, class: isLeaf ? "block leaf" : "block" });
  const tint = createSvgElement("rect", place);
  const words = { "text-anchor": "middle", x: x + width / 2 };
  const name = createSvgElement("text", { ...words, class: "block-word" });
  const number = createSvgElement("text", words);
  layer.group.append(createSvgElement("g", { "data-node": id }, outline, tint, name, number));
  layer.blocks.push({ label, width, centre: y + height / 2, name, number });
  addRule(layer, tint, ["block tint", id]);
  addRule(layer, number, ["block number", id, { room: width - 10 }]);
}

/** Words are as large on the screen at every zoom.
 * @type {(layer: Layer, z: number) => void} */
function sizeWords({ group, blocks }, z) {
  const hasNumbers = z >= NUMBERS;
  group.style.setProperty("font-size", `${SIZE / z}px`);
  group.style.setProperty("--per-pixel", String(1 / z));
  group.toggleAttribute("data-named", !hasNumbers);
  for (const { label, width, centre, name, number } of blocks) {
    name.textContent = squeezed(label, width * z - 8);
    const line = SIZE / z;
    name.setAttribute("y", String(hasNumbers ? centre - 0.25 * line : centre + 0.36 * line));
    number.setAttribute("y", String(centre + line));
  }
}

/** The block at work has a halo, and stepping keeps in view what is at work.
 * @type {(store: Store, viewport: Viewport) => void} */
function followWork(store, viewport) {
  const { picture } = viewport;
  let last = "";
  const follow = () => {
    const step = store.seen.steps[store.step - 1];
    const edge = step?.kind === "multiply" ? store.seen.edge(step.edges[0] ?? "") : null;
    const node = edge?.target ?? step?.node ?? "";
    for (const each of picture.svg.querySelectorAll("[data-working]")) {
      each.removeAttribute("data-working");
    }
    const found = elementsFor(store, picture, node);
    for (const each of found) each.setAttribute("data-working", "");
    const isOther = node !== last;
    last = node;
    const shown = found.find((each) => each.closest(".blocks")) ?? found[0];
    if (shown && isOther && viewport.isZoomed) viewport.show(shown);
  };
  store.on(["view", "trace", "small"], follow);
  store.observe(["step"], follow);
}

/** The card and the block of a node, or the block of the group that it is in.
 * @type {(store: Store, picture: Picture, node: string) => Element[]} */
function elementsFor({ view }, { svg, elements }, node) {
  const own = [...svg.querySelectorAll(`[data-node="${node}"]`)];
  if (own.length || !node) return own;
  const isAround = (/** @type {View["rules"][number]} */ [, form, , options]) =>
    form === "group" && options?.["members"].includes(node);
  const group = elements.get(view.rules.find(isAround)?.[0] ?? "")?.element;
  return group ? [group] : [];
}
