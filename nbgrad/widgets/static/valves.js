// @ts-check
/**
 * Valves: on the gradient's lane before each in-port of an operation, closed by a click; in a tape,
 * before the row of its gradient.
 *
 * A stop is of a node, so that all its valves close together. A card that is pressed for long is
 * stopped, too.
 *
 * @import {Picture} from "./picture.js"
 * @import {Store} from "./store.js"
 *
 * @typedef {{x: number, y: number, hasBars: boolean}} Port
 *   where a gradient leaves an operation, and whether the picture has bars there once it is stopped
 */

import { boxOf, createSvgElement, createTimer } from "./dom.js";
import { closestCard } from "./picture.js";

const PORT = /^(\w+(?:\.\d+)?)\.(stub|path|back\.halo\.send)\b/; // in the ids of elements
const VALVE_RADIUS = 7;
const BEFORE = 10; // the least distance from the in-port
const MOST_AT_ONCE = 120; // valves; of larger pictures only those of the card that is looked at
const LONG_PRESS_MS = 500;
const STILL = 8; // how far a finger that presses may move

/** @type {(store: Store, picture: Picture) => void} */
export function createValves(store, picture) {
  if (!store.canCompute) return;
  const valves = new Valves(store, picture);
  store.on(["view"], () => valves.mount());
  store.observe(["stopped"], () => valves.showStops());
  handleValves(valves);
  handleLongPress(store, picture);
}

class Valves {
  /** @param {Store} store
   * @param {Picture} picture */
  constructor(store, picture) {
    this.store = store;
    this.picture = picture;
    this.layer = createSvgElement("g", { class: "valves" });
    /** Those of each node. @type {Map<string, SVGGElement[]>} */
    this.valves = new Map();
    /** Where gradients leave, by the ids of edges. @type {Map<string, Port>} */
    this.ports = new Map();
    /** The node whose valves are to be seen. @type {string | null} */
    this.near = null;
  }

  mount() {
    const { layer, valves, store, picture } = this;
    layer.replaceChildren();
    valves.clear();
    picture.svg.append(layer);
    this.ports = portsOf(picture);
    const { nodes, edges } = store.seen;
    if (edges.length <= MOST_AT_ONCE) for (const { id } of nodes) this.add(id);
    this.showStops();
  }

  /** @param {string} node */
  add(node) {
    const { store, ports } = this;
    if (this.valves.has(node)) return;
    const edges = store.seen.edges.filter(({ target }) => target === node);
    const found = edges.flatMap(({ id }) => ports.get(id) ?? []);
    const isOnRoads = found.length > 0 || edges.every((edge) => isConstant(store, edge));
    const rows = isOnRoads ? [] : [ports.get(`${node}.row`) ?? []].flat();
    const made = [...found, ...rows].map((port) => createValve(port, node));
    made[0]?.setAttribute("role", "switch");
    made[0]?.setAttribute("aria-label", `stop ${store.seen.node(node).label}`);
    for (const other of made.slice(1)) other.setAttribute("aria-hidden", "true");
    this.valves.set(node, made);
    this.layer.append(...made);
  }

  showStops() {
    const stopped = this.store.get("stopped");
    for (const [node, group] of this.valves) {
      for (const valve of group) valve.setAttribute("aria-checked", `${stopped.includes(node)}`);
    }
    // A leaf sends nothing on, stopped or not; that it is stopped is still to be seen.
    for (const [node, card] of this.picture.cards) {
      card.toggleAttribute("data-stopped", stopped.includes(node));
    }
  }

  /** The valves of a card that is looked at. @param {string | null} node */
  show(node) {
    if (node === this.near) return;
    for (const valve of this.valves.get(this.near ?? "") ?? []) valve.removeAttribute("data-near");
    this.near = node;
    if (node && this.store.seen.nodesById.has(node)) this.add(node);
    for (const valve of this.valves.get(node ?? "") ?? []) valve.setAttribute("data-near", "");
    this.showStops();
  }
}

/** @type {(store: Store, edge: import("./trace.js").TraceEdge) => boolean} */
function isConstant({ seen }, { source }) {
  return seen.node(source).role === "constant";
}

/** Where valves stand: at the ends of stubs, which are where bars will be; in the middle of the
 * ribbons that leave a port together; or left of a row.
 * @type {(picture: Picture) => Map<string, Port>} */
function portsOf({ elements }) {
  /** @type {Map<string, Port>} */
  const ports = new Map();
  /** @type {Map<string, Port[]>} */
  const ribbons = new Map();
  for (const [id, { element }] of elements) {
    const [, key = "", part = ""] = PORT.exec(id) ?? [];
    if (part === "stub") ports.set(key, { ...endOfStub(element), hasBars: true });
    if (part === "path") ribbons.set(key, [...(ribbons.get(key) ?? []), startOfRibbon(element)]);
    if (part === "back.halo.send") ports.set(`${key}.row`, placeBeforeRow(boxOf(element)));
  }
  for (const [key, starts] of ribbons) ports.set(key, middleOfPorts(starts));
  return ports;
}

/** The numbers in a path: its points, one after the other. @param {Element} element */
function numbersOfPath(element) {
  const path = element.matches("path") ? element : element.querySelector("path");
  return path?.getAttribute("d")?.match(/-?[\d.]+/g)?.map(Number) ?? [];
}

/** @param {Element} element */
function endOfStub(element) {
  const numbers = numbersOfPath(element);
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = [...numbers.slice(0, 2), ...numbers.slice(-2)];
  const length = Math.hypot(x1 - x0, y1 - y0) || 1;
  const distance = Math.max(length, BEFORE) / length;
  return { x: x0 + (x1 - x0) * distance, y: y0 + (y1 - y0) * distance };
}

/** @type {(element: Element) => Port} */
function startOfRibbon(element) {
  const numbers = numbersOfPath(element);
  const [x = 0, y = 0, endX = 0, endY = 0] = [...numbers.slice(0, 2), ...numbers.slice(-2)];
  const isUpright = Math.abs(endX - x) < BEFORE;
  const [dx, dy] = isUpright ? [0, Math.sign(endY - y)] : [Math.sign(endX - x), 0];
  return { x: x + dx * BEFORE, y: y + dy * BEFORE, hasBars: false };
}

/** @type {(box: import("./dom.js").Box) => Port} */
function placeBeforeRow({ x, y, height }) {
  return { x: Math.max(VALVE_RADIUS + 1, x - VALVE_RADIUS - 1), y: y + height / 2, hasBars: false };
}

/** @type {(ports: Port[]) => Port} */
function middleOfPorts(ports) {
  const mean = (/** @type {number[]} */ numbers) =>
    numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
  return { x: mean(ports.map(({ x }) => x)), y: mean(ports.map(({ y }) => y)), hasBars: false };
}

/** @type {(port: Port, node: string) => SVGGElement} */
function createValve({ x, y, hasBars }, node) {
  const size = matchMedia("(pointer: coarse)").matches ? 44 : 26;
  const hit = { class: "hit", x: x - size / 2, y: y - size / 2, width: size, height: size };
  return createSvgElement(
    "g",
    { class: hasBars ? "valve" : "valve alone", "data-valve": node },
    createSvgElement("rect", hit),
    createSvgElement("circle", { cx: x, cy: y, r: VALVE_RADIUS }),
    createSvgElement("path", { d: `M${x - 2.2},${y - 3.5}v7M${x + 2.2},${y - 3.5}v7` }),
  );
}

/** @param {Valves} valves */
function handleValves(valves) {
  const { store, picture: { element } } = valves;
  const nodeAt = (/** @type {Event} */ event) => {
    const valve = event.target instanceof Element ? event.target.closest("[data-valve]") : null;
    return valve?.getAttribute("data-valve") ?? null;
  };
  const focused = () => {
    const isInside = element.contains(document.activeElement);
    return isInside && store.focus ? store.focus.node : null;
  };
  element.addEventListener("pointerdown", (event) => {
    if (nodeAt(event)) event.preventDefault(); // the focus stays where it is
  });
  element.addEventListener("click", (event) => {
    const node = nodeAt(event);
    if (node) store.toggleStop(node);
  });
  element.addEventListener("pointerover", (event) => {
    if (event.buttons || event.pointerType === "touch") return;
    valves.show(nodeAt(event) ?? closestCard(event)?.getAttribute("data-node") ?? focused());
  });
  element.addEventListener("pointerleave", () => valves.show(focused()));
  store.on(["focus"], () => valves.show(focused()));
}

/** A card that is pressed for half a second is stopped, or let go again.
 * @type {(store: Store, picture: Picture) => void} */
function handleLongPress(store, picture) {
  const { element } = picture;
  const timer = createTimer(store.signal);
  let start = { x: 0, y: 0 };
  const end = timer.stop;
  element.addEventListener("pointerdown", (event) => {
    end();
    const node = closestCard(event)?.getAttribute("data-node");
    const isNumber = event.target instanceof Element && event.target.closest("[data-number]");
    const canStop = node && store.seen.node(node).role !== "constant";
    if (!canStop || event.button || (isNumber && event.pointerType !== "touch")) return;
    start = { x: event.clientX, y: event.clientY };
    timer.start(LONG_PRESS_MS, () => {
      picture.isHeld = true;
      store.toggleStop(node);
      navigator.vibrate?.(15);
    });
  });
  element.addEventListener("pointermove", ({ clientX, clientY }) => {
    if (Math.hypot(clientX - start.x, clientY - start.y) > STILL) end();
  });
  for (const name of ["pointerup", "pointercancel", "pointerleave"]) {
    element.addEventListener(name, end);
  }
  // A finger that rests would otherwise ask for the browser's menu.
  element.addEventListener("contextmenu", (event) => {
    if (store.touch && closestCard(event)) event.preventDefault();
  });
}
