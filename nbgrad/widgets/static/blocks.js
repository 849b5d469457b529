// @ts-check
/**
 * Blocks: the cards of a whole graph while they are too small to be read.
 *
 * Each stands for its card, with its name and, where there is room, its gradient, tinted by its
 * size; a road is one dashed line. Words keep their size on the screen.
 *
 * @import {Rule} from "./facts.js"
 * @import {Store} from "./store.js"
 * @import {Viewport} from "./viewport.js"
 */
import { createSvgElement } from "./dom.js";
import { squeezed } from "./text_width.js";

const FULL = 1; // from this zoom on there are cards
const NUMBERS = 0.7; // from this zoom on a block has room for a number
const SIZE = 12.5; // of words on the screen

/** @typedef {{node: string, label: string, width: number, middle: number, centre: number,
 *            tint: SVGElement, name: SVGElement, number: SVGElement}} Block
 * @typedef {{edge: string, path: SVGElement}} FlowLine */

/** @type {(store: Store, viewport: Viewport) => void} */
export function createBlocks(store, viewport) {
  /** @type {{group: SVGElement, blocks: Block[], lines: FlowLine[]} | null} */
  let layer = null;
  let isStale = true;
  const update = () => {
    const isShown = viewport.isWhole && viewport.z < FULL;
    viewport.picture.svg.toggleAttribute("data-blocks", isShown);
    store.setSmall(isShown);
    if (!isShown) return;
    if (!layer?.group.isConnected) {
      layer = createLayer(store, viewport);
      isStale = true;
    }
    if (isStale) paintBlocks(store, layer);
    isStale = false;
    sizeWords(layer, viewport.z);
  };
  store.on(["view", "trace"], () => {
    isStale = true;
    update();
  });
  viewport.onMove(update);
}

/** @type {(store: Store, viewport: Viewport) =>
 *        {group: SVGElement, blocks: Block[], lines: FlowLine[]}} */
function createLayer(store, viewport) {
  const { svg } = viewport.picture;
  const group = createSvgElement("g", { class: "blocks" });
  const lines = store.seen.edges.flatMap((edge) => {
    const id = `[data-id="${edge.id}.reverse"]`;
    const lane = svg.querySelector(`${id} path, path${id}`);
    const path = createSvgElement("path", { d: lane?.getAttribute("d") ?? "", fill: "none" });
    return lane ? [{ edge: edge.id, path }] : [];
  });
  const blocks = store.seen.nodes.flatMap((node) => {
    const box = viewport.boxOf(node.id);
    return box ? [createBlock(node, box)] : [];
  });
  group.append(...lines.map(({ path }) => path), ...blocks.map(({ element }) => element));
  const root = svg.querySelector('[data-id="picture"]') ?? svg;
  root.append(group);
  return { group, blocks, lines };
}

/** @type {(node: import("./trace.js").TraceNode, box: DOMRect) => Block & {element: SVGElement}} */
function createBlock(node, box) {
  const { x, y, width, height } = box;
  const isLeaf = node.role === "input" || node.role === "variable";
  const rx = isLeaf ? height / 2 : 8;
  const place = { x, y, width, height, rx };
  const outline = createSvgElement("rect", { ...place, class: isLeaf ? "block leaf" : "block" });
  const tint = createSvgElement("rect", place);
  const middle = x + width / 2;
  const words = { "text-anchor": "middle", x: middle };
  const name = createSvgElement("text", { ...words, class: "block-word" });
  const number = createSvgElement("text", { ...words, class: "block-word number" });
  const element = createSvgElement("g", { "data-node": node.id }, outline, tint, name, number);
  const centre = y + height / 2;
  return { node: node.id, label: node.label, width, middle, centre, tint, name, number, element };
}

/** @type {(store: Store, layer: {blocks: Block[], lines: FlowLine[]}) => void} */
function paintBlocks(store, { blocks, lines }) {
  const styles = store.moreStyles([
    ...blocks.flatMap(({ node, width }) => /** @type {Rule[]} */ ([
      [`${node} tint`, "block tint", node],
      [`${node} number`, "block number", node, { room: width - 10 }],
    ])),
    ...lines.map(({ edge }) => /** @type {Rule} */ ([edge, "flow", edge, { edges: [edge] }])),
  ]);
  for (const { node, tint, number } of blocks) {
    const { class: look = "", tint: opacity } = styles[`${node} tint`] ?? {};
    tint.setAttribute("class", look);
    tint.setAttribute("fill-opacity", `${opacity}`);
    number.textContent = styles[`${node} number`]?.text ?? "";
  }
  for (const { edge, path } of lines) {
    path.setAttribute("class", styles[edge]?.class ?? "");
    path.setAttribute("stroke-width", `${styles[edge]?.width || 1}`);
  }
}

/** Words are as large on the screen at every zoom.
 * @type {(layer: {group: SVGElement, blocks: Block[]}, z: number) => void} */
function sizeWords({ group, blocks }, z) {
  const hasNumbers = z >= NUMBERS;
  group.style.setProperty("font-size", `${SIZE / z}px`);
  group.style.setProperty("--per-pixel", String(1 / z));
  for (const { label, width, centre, name, number } of blocks) {
    name.textContent = squeezed(label, width * z - 8);
    const line = SIZE / z;
    name.setAttribute("y", String(hasNumbers ? centre - 0.25 * line : centre + 0.36 * line));
    number.setAttribute("y", String(centre + line));
    number.toggleAttribute("data-away", !hasNumbers);
  }
}
