// @ts-check
/**
 * Groups: a folded card opens by its name, and an open group closes by its title.
 *
 * A folded card shows the edge of another behind it. What Python draws no frame around gets one.
 *
 * @import {Picture} from "./picture.js"
 * @import {Group, Store} from "./store.js"
 */

import { createSvgElement, SUPPRESS_SHORTCUTS } from "./dom.js";
import { closestCard } from "./picture.js";

const AROUND_GROUP = { x: 8, top: 40, bottom: 26 }; // from the cards of an open group to its frame

/** @type {(store: Store, picture: Picture) => void} */
export function createGroupControls(store, picture) {
  store.on(["view"], () => {
    for (const group of store.view.groups) {
      if (group.open) addTitle(picture, group);
      else addFold(picture, group);
    }
  });
  const { element } = picture;
  const nameAt = (/** @type {Event} */ event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-group]") : null;
    return button?.getAttribute("data-group") ?? null;
  };
  element.addEventListener("click", (event) => {
    const name = nameAt(event);
    if (name) store.toggleGroup(name);
  });
  element.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const node = closestCard(event)?.getAttribute("data-node");
    const isCard = target instanceof Element && target.matches("[data-node]");
    const name = key === "Enter" || key === " "
      ? nameAt(event) ?? (key === "Enter" && isCard && node && foldedGroup(store, node)?.name)
      : key === "f" && node ? (foldedGroup(store, node) ?? openGroup(store, node))?.name : "";
    if (!name) return;
    store.toggleGroup(name);
    event.preventDefault();
    event.stopPropagation();
  });
}

/** @type {(store: Store, node: string) => Group | undefined} */
function foldedGroup({ view }, node) {
  return view.groups.find(({ open, exit }) => !open && exit === node);
}

/** The innermost open group around a card. @type {(store: Store, node: string) => Group | undefined} */
function openGroup({ view }, node) {
  const around = view.groups.filter(({ open, members }) => open && members.includes(node));
  return around.sort((a, b) => a.members.length - b.members.length)[0];
}

/** @type {(group: Group, attributes: Record<string, string | number>) => SVGRectElement} */
function createGroupButton({ name, words, open }, attributes) {
  return createSvgElement("rect", {
    class: "group-button", role: "button", tabindex: 0, "data-group": name,
    "aria-expanded": `${open}`, "aria-label": `${open ? "fold" : "unfold"} ${words}`,
    [SUPPRESS_SHORTCUTS]: "true", ...attributes,
  });
}

/** @type {(picture: Picture, group: Group) => void} */
function addFold(picture, group) {
  const card = picture.cardOf(group.exit);
  /** @type {SVGGraphicsElement | null | undefined} */
  const body = card?.querySelector(":scope > .body");
  if (!card || !body) return;
  const { x, y, width, height } = body.getBBox();
  const behind = createSvgElement("path", {
    class: "card-behind",
    d: `M${x + 5},${y + height + 3.5}H${x + width - 5}`,
  });
  const title = createSvgElement("title", {}, `unfold ${group.words}`);
  const button = createGroupButton(group, { x, y, width: width, height: 22 });
  button.append(title);
  card.append(behind, button);
}

/** @type {(picture: Picture, group: Group) => void} */
function addTitle(picture, group) {
  const frame = picture.elements.get(`${group.exit}.frame`)?.element;
  const { x, y, width } = frame ? boxOf([frame]) : addFrame(picture, group);
  const attributes = { class: "text quiet-text fold-sign", x: x + width - 10, y: y + 17, "text-anchor": "end" };
  const sign = createSvgElement("text", attributes, "fold ▴");
  picture.svg.append(sign, createGroupButton(group, { x, y, width, height: 24 }));
}

/** @type {(picture: Picture, group: Group) => {x: number, y: number, width: number}} */
function addFrame(picture, { name, members }) {
  const bodies = members.flatMap((node) => {
    const body = picture.cardOf(node)?.querySelector(":scope > .body");
    return body ? [/** @type {SVGGraphicsElement} */ (body)] : [];
  });
  const box = boxOf(bodies);
  const x = Math.max(2, box.x - AROUND_GROUP.x);
  const y = Math.max(2, box.y - AROUND_GROUP.top);
  const width = box.x + box.width + AROUND_GROUP.x - x;
  const height = box.y + box.height + AROUND_GROUP.bottom - y;
  const frame = createSvgElement("rect", { class: "group-frame", x, y, width, height, rx: 10 });
  const title = createSvgElement("text", { class: "text quiet-text", x: x + 10, y: y + 17 }, name);
  picture.svg.prepend(frame);
  picture.svg.append(title);
  return { x, y, width };
}

/** The box around elements. @param {SVGElement[]} elements */
function boxOf(elements) {
  const boxes = elements.map((each) => /** @type {SVGGraphicsElement} */ (each).getBBox());
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const width = Math.max(...boxes.map((box) => box.x + box.width)) - x;
  const height = Math.max(...boxes.map((box) => box.y + box.height)) - y;
  return { x, y, width, height };
}
