// @ts-check
/**
 * Blocks: the cards of a whole graph while they are too small to be read.
 *
 * Each stands for its card, with its name and, where there is room, its gradient, tinted by its
 * size; a road is one dashed line. Words keep their size on the screen.
 *
 * @import {Rule} from "./facts.js"
 * @import {Picture} from "./picture.js"
 * @import {Store, View} from "./store.js"
 * @import {TraceNode} from "./trace.js"
 * @import {Viewport} from "./viewport.js"
 */
import { createSvgElement } from "./dom.js";
import { PaintedElement } from "./painted.js";
import { squeezed } from "./text_width.js";

const FULL = 1; // from this zoom on there are cards
const NUMBERS = 0.7; // from this zoom on a block has room for a number
const SIZE = 12.5; // of words on the screen

/** @typedef {{group: SVGElement, blocks: Block[], rules: Rule[],
 *            painted: Map<string, PaintedElement>}} Layer
 *   what depends on numbers is painted by rules, as the scene is
 * @typedef {{label: string, width: number, centre: number, name: SVGElement,
 *            number: SVGElement}} Block */

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
    viewport.picture.svg.toggleAttribute("data-blocks", isShown);
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
