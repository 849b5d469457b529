// @ts-check
/**
 * Blocks: how the cards of a large graph are seen from afar. Each is a block tinted by its gradient,
 * and each road one dashed line. Words keep their size on the screen.
 *
 * @import {Box} from "./dom.js"
 * @import {Rule} from "./facts.js"
 * @import {Picture} from "./picture.js"
 * @import {Store} from "./store.js"
 * @import {TraceNode} from "./trace.js"
 * @import {Viewport} from "./viewport.js"
 *
 * @typedef {{group: SVGElement, blocks: Block[], titles: Title[], rules: Rule[],
 *            painted: Map<string, PaintedElement>}} Layer
 *   what depends on numbers is painted by rules, as the scene is
 * @typedef {{label: string, box: Box, name: SVGElement, number: SVGElement}} Block
 * @typedef {{label: string, frame: Box, element: SVGElement}} Title  of a scope
 */

import { boxOf, createSvgElement } from "./dom.js";
import { PaintedElement } from "./painted.js";
import { squeezed, textWidth } from "./text_width.js";

const FULL = 1; // from this zoom on there are cards
const NUMBERS = 0.7; // from this zoom on a block has room for a number
const SIZE = 12.5; // of words on the screen
const LEAF_HEIGHT = 44; // a higher one is a card with a long inbox, and no pill

/** @type {(store: Store, viewport: Viewport) => void} */
export function createBlocks(store, viewport) {
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
  const layer = { group, blocks: [], titles: [], rules: [], painted: new Map() };
  for (const { id } of store.seen.edges) {
    const place = `[data-id="${id}.reverse"]`;
    const d = svg.querySelector(`${place} path, path${place}`)?.getAttribute("d");
    const path = createSvgElement("path", { d: d ?? "", fill: "none" });
    if (!d) continue;
    group.append(path);
    addRule(layer, path, ["flow", id, { edges: [id] }]);
  }
  for (const node of store.seen.nodes) {
    const box = boxWithInbox(store, viewport.picture, node.id);
    if (box) addBlock(layer, node, box);
  }
  for (const id of viewport.picture.elements.keys()) {
    if (id.endsWith(".title")) addScope(layer, viewport.picture, id.slice(0, -".title".length));
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

/** The outline of a card and of its inbox, where the roads of its readers end.
 * @type {(store: Store, picture: Picture, node: string) => Box | null} */
function boxWithInbox({ seen }, { elements }, node) {
  const trays = seen.outgoing(seen.node(node)).map(({ id }) => `${id}.inbox.tray`);
  const parts = [`${node}.body`, ...trays].flatMap((id) => elements.get(id)?.element ?? []);
  if (!elements.has(`${node}.body`)) return null;
  const boxes = parts.map(boxOf);
  const [x, y] = [Math.min(...boxes.map((box) => box.x)), Math.min(...boxes.map((box) => box.y))];
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { x, y, width: right - x, height: bottom - y };
}

/** @type {(layer: Layer, node: TraceNode, box: Box) => void} */
function addBlock(layer, { id, role, label }, box) {
  const isLeaf = role === "input" || role === "variable";
  const place = { ...box, rx: isLeaf ? Math.min(box.height, LEAF_HEIGHT) / 2 : 8 };
  const kind = isLeaf ? " leaf" : role === "output" ? " output" : "";
  const outline = createSvgElement("rect", { ...place, class: `block${kind}` });
  const tint = createSvgElement("rect", place);
  const words = { "text-anchor": "middle", x: box.x + box.width / 2 };
  const look = isLeaf ? "block-word leaf" : "block-word";
  const name = createSvgElement("text", { ...words, class: look });
  const number = createSvgElement("text", words);
  layer.group.append(createSvgElement("g", { "data-node": id }, outline, tint, name, number));
  layer.blocks.push({ label, box, name, number });
  addRule(layer, tint, ["block tint", id]);
  addRule(layer, number, ["block number", id, { room: box.width - 10 }]);
}

/** The name of a scope, in its frame. @type {(layer: Layer, picture: Picture, id: string) => void} */
function addScope(layer, { elements }, id) {
  const [frame, title] = [`${id}.frame`, `${id}.title`].map((key) => elements.get(key)?.element);
  const label = title?.textContent ?? "";
  if (!frame || !label) return;
  const element = createSvgElement("text", { class: "scope", "text-anchor": "end" }, label);
  layer.group.append(element);
  layer.titles.push({ label, frame: boxOf(frame), element });
}

/** Words are as large on the screen at every zoom.
 * @type {(layer: Layer, z: number) => void} */
function sizeWords({ group, blocks, titles }, z) {
  const hasNumbers = z >= NUMBERS;
  const line = SIZE / z;
  group.style.setProperty("font-size", `${line}px`);
  group.style.setProperty("--per-pixel", String(1 / z));
  group.toggleAttribute("data-named", !hasNumbers);
  for (const { label, box, name, number } of blocks) {
    const centre = box.y + box.height / 2;
    name.textContent = squeezed(label, box.width * z - 8);
    name.setAttribute("y", String(hasNumbers ? centre - 0.25 * line : centre + 0.36 * line));
    number.setAttribute("y", String(centre + line));
  }
  for (const title of titles) placeTitle(title, blocks, line);
}

/** In a corner of its frame where no block is, or else nowhere.
 * @type {(title: Title, blocks: Block[], line: number) => void} */
function placeTitle({ label, frame, element }, blocks, line) {
  const width = (textWidth(label, SIZE) * line) / SIZE;
  const [left, right] = [frame.x + 0.6 * line, frame.x + frame.width - 0.6 * line - width];
  const [top, bottom] = [frame.y + 0.3 * line, frame.y + frame.height - 1.3 * line];
  const corners = [[right, bottom], [right, top], [left, bottom], [left, top]];
  const free = corners.find(([x = 0, y = 0]) => !blocks.some(({ box }) =>
    box.x < x + width && box.x + box.width > x && box.y < y + line && box.y + box.height > y));
  element.toggleAttribute("hidden", !free || width > frame.width);
  const [x = 0, y = 0] = free ?? [];
  element.setAttribute("x", String(x + width));
  element.setAttribute("y", String(y + 0.85 * line));
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
    const found = elementsFor(picture, node);
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
 * @type {(picture: Picture, node: string) => Element[]} */
function elementsFor(picture, node) {
  const own = [...picture.svg.querySelectorAll(`[data-node="${node}"]`)];
  const group = own.length || !node ? undefined : picture.groupOf(node);
  return group ? [group] : own;
}
