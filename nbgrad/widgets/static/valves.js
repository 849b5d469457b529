// @ts-check
/**
 * Valves: on the gradient's lane before each in-port of an operation, closed by a click.
 *
 * A stop is of a node, so that all its valves close together. A card that is pressed for long is
 * stopped, too.
 *
 * @import {Picture} from "./picture.js"
 * @import {Store} from "./store.js"
 */

import { createSvgElement, createTimer } from "./dom.js";
import { closestCard } from "./picture.js";

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
  /**
   * @param {Store} store
   * @param {Picture} picture
   */
  constructor(store, picture) {
    this.store = store;
    this.picture = picture;
    this.layer = createSvgElement("g", { class: "valves" });
    /** Those of each node. @type {Map<string, SVGGElement[]>} */
    this.valves = new Map();
    /** The node whose valves are to be seen. @type {string | null} */
    this.near = null;
  }

  mount() {
    const { layer, valves, store, picture } = this;
    layer.replaceChildren();
    valves.clear();
    picture.svg.append(layer);
    const stops = store.view.rules.filter(([, form]) => form === "stop");
    if (stops.length <= MOST_AT_ONCE) for (const { id } of store.seen.nodes) this.add(id);
    this.showStops();
  }

  /** @param {string} node */
  add(node) {
    const { store, picture } = this;
    if (this.valves.has(node)) return;
    const edges = store.seen.edges.filter(({ target }) => target === node);
    const made = edges.flatMap(({ id }) => {
      const stub = picture.elements.get(`${id}.stub`)?.element;
      return stub ? [createValve(stub, node)] : [];
    });
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

/** @type {(stub: SVGElement, node: string) => SVGGElement} */
function createValve(stub, node) {
  const numbers = (stub.getAttribute("d") ?? "").match(/-?[\d.]+/g)?.map(Number) ?? [];
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = [...numbers.slice(0, 2), ...numbers.slice(-2)];
  const length = Math.hypot(x1 - x0, y1 - y0) || 1;
  const distance = Math.max(length, BEFORE) / length;
  const [x, y] = [x0 + (x1 - x0) * distance, y0 + (y1 - y0) * distance];
  const size = matchMedia("(pointer: coarse)").matches ? 44 : 26;
  const hit = { class: "hit", x: x - size / 2, y: y - size / 2, width: size, height: size };
  return createSvgElement(
    "g",
    { class: "valve", "data-valve": node },
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

/**
 * A card that is pressed for half a second is stopped, or let go again.
 * @type {(store: Store, picture: Picture) => void}
 */
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
