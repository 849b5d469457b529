// @ts-check
/**
 * Groups: a folded card opens by its name, and an open group closes by its title.
 *
 * A folded card shows the edge of another behind it. An open group without a frame in the picture
 * is named in a row above it.
 *
 * @import {Picture} from "./picture.js"
 * @import {Group, Store, View} from "./store.js"
 */

import { boxOf, createElement, createSvgElement, SUPPRESS_SHORTCUTS } from "./dom.js";
import { closestCard } from "./picture.js";
import { NARROW, viewKey } from "./shared_state.js";

/** @type {(store: Store, picture: Picture) => void} */
export function createGroupControls(store, picture) {
  store.on(["view"], () => {
    for (const group of store.view.groups) {
      if (group.open) addTitle(picture, group);
      else addFold(picture, group);
    }
    for (const group of openLadders(store, picture)) addTitle(picture, group);
  });
  // Python has come, which lays out what the page was saved without.
  store.observe(["name"], () => mayFoldLadders(store.view) && store.mountAgain());
  picture.element.addEventListener("click", (event) => {
    const name = groupAt(event);
    if (name) store.toggleGroup(name);
  });
  picture.element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const name = groupForKey(store, event);
    if (!name) return;
    store.toggleGroup(name);
    event.preventDefault();
    event.stopPropagation();
  });
}

/** Whether ladders are open in a view where there is room for them. @param {View} view */
function mayFoldLadders({ layout, overview }) {
  return layout === "overlay" && !overview;
}

/** The ladders that are open because there is room for them.
 * @type {(store: Store, picture: Picture) => Group[]} */
function openLadders(store, picture) {
  if (!mayFoldLadders(store.view)) return [];
  const { groups } = store.view;
  const framed = [...picture.elements.keys()].filter((id) => id.endsWith(".frame"));
  const exits = framed.map((id) => id.slice(0, -".frame".length));
  return exits
    .filter((exit) => store.seen.nodesById.has(exit) && !groups.some((each) => each.exit === exit))
    .flatMap((exit) => foldedLadder(store, exit) ?? []);
}

/** The group that a ladder is once it is folded; null where nobody can lay that out.
 * @type {(store: Store, exit: string) => Group | null} */
function foldedLadder(store, exit) {
  const { label } = store.seen.node(exit);
  const folded = store.get("views")[viewKey(store.wanted({ width: NARROW }))];
  const group = folded?.groups.find((each) => each.members.includes(exit));
  if (group) return { ...group, open: true, exit };
  if (folded || !store.model.send) return null;
  return { name: label, words: `${label} · a chain`, open: true, exit, members: [exit] };
}

/** The name of the group whose title an event happened on. @param {Event} event */
function groupAt({ target }) {
  const button = target instanceof Element ? target.closest("[data-group]") : null;
  return button?.getAttribute("data-group") ?? "";
}

/** The group that a key opens or closes. @type {(store: Store, event: KeyboardEvent) => string} */
function groupForKey(store, event) {
  const { key, target } = event;
  const node = closestCard(event)?.getAttribute("data-node") ?? "";
  const isCard = target instanceof Element && target.matches("[data-node]");
  const folded = foldedGroup(store, node)?.name;
  if (key === "f") return folded ?? openGroup(store, node)?.name ?? "";
  if (key === "Enter") return groupAt(event) || (isCard && folded) || "";
  return key === " " ? groupAt(event) : "";
}

/** @type {(store: Store, node: string) => Group | undefined} */
function foldedGroup({ view }, node) {
  return view.groups.find(({ open, exit }) => !open && exit === node);
}

/** The innermost open group around a card.
 * @type {(store: Store, node: string) => Group | undefined} */
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
  const body = card?.querySelector(":scope > .body");
  if (!card || !body) return;
  const { x, y, width, height } = boxOf(body);
  const behind = createSvgElement("path", {
    class: "card-behind",
    d: `M${x + 5},${y + height + 3.5}H${x + width - 5}`,
  });
  const title = createSvgElement("title", {}, `unfold ${group.words}`);
  const button = createGroupButton(group, { x, y, width, height: 24 });
  button.append(title);
  card.append(behind, button);
}

/** The title of a frame that Python has drawn folds what is in it.
 * @type {(picture: Picture, group: Group) => void} */
function addTitle(picture, group) {
  const frame = picture.elements.get(`${group.exit}.frame`)?.element;
  if (!frame) return;
  const { x, y, width } = boxOf(frame);
  const place = { x: x + width - 10, y: y + 17, "text-anchor": "end" };
  const sign = createSvgElement("text", { class: "text quiet-text", ...place }, "fold ▴");
  picture.svg.append(sign, createGroupButton(group, { x, y, width, height: 24 }));
}

/** A row with the open groups that have no frame in the picture, to fold them again.
 * @type {(store: Store, picture: Picture) => HTMLElement} */
export function createGroupRow(store, picture) {
  const row = createElement("div", { class: "group-row", role: "group", "aria-label": "unfolded" });
  store.on(["view"], () => {
    const isFramed = (/** @type {Group} */ { exit }) => picture.elements.has(`${exit}.frame`);
    const groups = store.view.groups.filter((group) => group.open && !isFramed(group));
    row.replaceChildren(...groups.map((group) => createRowButton(store, group)));
    row.hidden = !groups.length;
  });
  return row;
}

/** @type {(store: Store, group: Group) => HTMLElement} */
function createRowButton(store, { name, words }) {
  const attributes = { type: "button", "aria-expanded": "true", "aria-label": `fold ${words}` };
  const button = createElement("button", attributes, `${name} ▴`);
  button.addEventListener("click", () => store.toggleGroup(name));
  return button;
}
