// @ts-check
/**
 * The numbers of inputs and seeds on their cards: which they are, what a screen reader is told of
 * them, and what keys do to them. Each is a spinbutton: "w1", "W[1, 0]", "seed of f".
 *
 * @import {Entry, Range} from "./entries.js"
 * @import {Picture} from "./picture.js"
 * @import {Place, Store} from "./store.js"
 * @import {TraceNode} from "./trace.js"
 */

import { boxOf, createSvgElement, focusOn, SUPPRESS_SHORTCUTS } from "./dom.js";
import { cellName, isWhole, moved, rangeOf, stepOf, written } from "./entries.js";
import { cellsOfMap } from "./map_cells.js";

/** @typedef {{key: string, place: Place, name: string, dtype: string, node: string,
 *            element: SVGElement, shown: Entry | null}} NumberControl
 *   `element` shows it, and `shown` is what a screen reader was last told
 * @typedef {import("./shared_state.js").View["rules"]} Rules */

const SEED_ROOM = 60; // of a seed's number and its dial in a row
const BEGINS_NUMBER = /^[-−+.,\d∞]$/;

export class NumberControls {
  /** @param {Store} store
   * @param {Picture} picture */
  constructor(store, picture) {
    this.store = store;
    this.picture = picture;
    /** @type {Map<string, NumberControl>} */
    this.controls = new Map();
    /** @type {NumberControl | null} */
    this.focused = null;
    this.step = 1;
    /** @type {Range} */
    this.range = { min: -5, max: 5, step: 0.1 };
    /** Called with a number and what somebody begins to type. */
    this.onType = (/** @type {Place} */ _place, /** @type {string | null} */ _text) => {};
    /** @type {(() => void)[]} */
    this.focusListeners = [];
    store.on(["view"], () => this.mount());
    store.on(["trace"], () => this.refresh());
    store.observe(["wrong"], () => this.markWrong());
    picture.element.addEventListener("focusin", (event) => this.follow(event));
    picture.element.addEventListener("focusout", () => this.follow(null));
    picture.element.addEventListener("keydown", (event) => this.handleKey(event));
  }

  // Which there are -------------------------------------------------------------------------

  mount() {
    this.controls.clear();
    this.focused = null;
    const rules = this.store.canCompute ? this.store.view.rules : [];
    for (const [id, form, of, options] of rules) {
      const node = this.store.seen.nodesById.get(of);
      const painted = this.picture.elements.get(id);
      if (!node || !painted) continue;
      const { element } = painted;
      if (form === "seed") this.addSeed(node, element);
      if (form === "map" || form === "cell number") this.addCells(node, form, element, options);
      if (node.shape.length || !this.isInput(node)) continue;
      if (form === "value") {
        painted.followText();
        this.addInput(node, 0, element);
      }
      if (form === "block") this.addInput(node, 0, coverOf(element));
    }
    this.addSeedsInRows(rules);
    this.setTabStops();
    this.refresh();
    this.markWrong();
    focusOn(this.controls.get(this.picture.held?.getAttribute("data-number") ?? "")?.element);
  }

  /** @type {(node: TraceNode, index: number, element: SVGElement) => void} */
  addInput(node, index, element) {
    const place = { trait: /** @type {const} */ ("inputs"), label: node.label, index };
    this.add(place, cellName(node.label, node.shape, index), node, element);
  }

  /** @type {(node: TraceNode, element: SVGElement, index?: number | null) => void} */
  addSeed(node, element, index = node.shape.length ? null : 0) {
    if (!(node.label in this.store.get("seeds"))) return;
    const place = { trait: /** @type {const} */ ("seeds"), label: node.label, index };
    const name = index === null ? node.label : cellName(node.label, node.shape, index);
    this.add(place, `seed of ${name}`, node, element);
  }

  /** Where there is no dial, as in a tape, a seed is changed in its row. @param {Rules} rules */
  addSeedsInRows(rules) {
    const seeds = new Set([...this.controls.values()].map(({ name }) => name));
    for (const [id, form, of] of rules) {
      const node = form === "inbox seed" ? this.store.seen.nodesById.get(of) : undefined;
      const painted = node && this.picture.elements.get(id);
      if (!painted || seeds.has(`seed of ${node.label}`)) continue;
      this.addSeed(node, coverOfText(painted.element));
    }
  }

  /** The cells of an input's value; and those of the gradient of a y, each of which is moved by the
   * seed in it. It is the seed where nothing else arrives.
   * @type {(node: TraceNode, form: string, element: SVGElement, options: any) => void} */
  addCells(node, form, element, options) {
    const isValue = options.lane === "value";
    if (!node.shape.length || !(isValue ? this.isInput(node) : this.hasSeeds(node))) return;
    if (form === "cell number") {
      const isRead = this.store.seen.outgoing(node).length > 0;
      if (isValue || !isRead) element.setAttribute("data-input", isValue ? "" : "seed");
      return;
    }
    for (const { index, rect } of cellsOfMap(element, node.shape, options)) {
      if (isValue) this.addInput(node, index, rect);
      else this.addSeed(node, rect, index);
    }
  }

  /** @param {TraceNode} node */
  isInput({ label, role }) {
    return label in this.store.get("inputs") && role !== "operation" && role !== "output";
  }

  /** Whether the seed of a node has an entry for each element. @param {TraceNode} node */
  hasSeeds({ label, value }) {
    return this.store.get("seeds")[label]?.length === value.data.length;
  }

  /** @type {(place: Place, name: string, node: TraceNode, element: SVGElement) => void} */
  add(place, name, node, element) {
    const key = keyOf(place);
    if (this.controls.has(key)) return; // it is shown twice, and changed at its first place
    element.setAttribute("role", "spinbutton");
    element.setAttribute("aria-label", name);
    element.setAttribute("data-number", key);
    element.setAttribute(SUPPRESS_SHORTCUTS, "true");
    const { dtype } = node;
    this.controls.set(key, { key, place, name, dtype, node: node.id, element, shown: null });
  }

  /** Of the cells of a map, one is a tab stop. @param {NumberControl | null} chosen */
  setTabStops(chosen = this.focused) {
    const stops = new Set(chosen ? [arrayOf(chosen)] : []);
    for (const control of this.controls.values()) {
      const isStop = control === chosen || !stops.has(arrayOf(control));
      stops.add(arrayOf(control));
      control.element.setAttribute("tabindex", isStop ? "0" : "-1");
    }
  }

  /** A screen reader is told of what has changed. */
  refresh() {
    for (const control of this.controls.values()) {
      const entry = this.store.entryAt(control.place);
      if (entry === control.shown) continue;
      control.shown = entry;
      const { element } = control;
      if (typeof entry === "number") element.setAttribute("aria-valuenow", `${entry}`);
      else element.removeAttribute("aria-valuenow");
      element.setAttribute("aria-valuetext", written(entry));
    }
  }

  /** What Python was given and could not take. */
  markWrong() {
    const wrong = this.store.get("wrong");
    for (const { name, element } of this.controls.values()) {
      if (name === wrong) element.setAttribute("aria-invalid", "true");
      else element.removeAttribute("aria-invalid");
    }
  }

  // What is done to them --------------------------------------------------------------------

  /** @param {Place} place */
  at(place) {
    return this.controls.get(keyOf(place));
  }

  /** The focus goes to the first seed. */
  focusSeed() {
    const seeds = [...this.controls.values()].filter(({ place }) => place.trait === "seeds");
    focusOn(seeds[0]?.element);
    if (seeds[0]) this.picture.reveal(seeds[0].element);
  }

  /** The type of an entry's array. @param {Place} place */
  dtypeOf({ label }) {
    return this.store.trace.node(label).dtype;
  }

  /** So many steps further on; a step is that of the number when it got the focus.
   * @type {(place: Place, count: number) => void} */
  nudge(place, count) {
    const isFocused = this.focused?.key === keyOf(place);
    const entry = this.store.entryAt(place);
    const dtype = this.dtypeOf(place);
    const step = isFocused ? this.step : stepOf(entry, dtype);
    // A whole number has no tenth of a step.
    const steps = isWhole(dtype) ? Math.sign(count) * Math.ceil(Math.abs(count)) : count;
    this.store.setEntry(place, moved(entry, Number((steps * step).toPrecision(12)), dtype));
  }

  /** @param {NumberControl | null} control */
  measure(control = this.focused) {
    if (!control) return;
    const entry = this.store.entryAt(control.place);
    this.step = stepOf(entry, control.dtype);
    this.range = rangeOf(entry, control.place.trait, control.dtype);
  }

  // Focus and keys --------------------------------------------------------------------------

  /** @param {FocusEvent | null} event */
  follow(event) {
    const control = event ? this.controlOf(event) : null;
    if (event && !control && this.isBeside(event.target)) return;
    if (control === this.focused) return;
    this.focused = control;
    this.measure();
    if (control) this.setTabStops();
    for (const callback of this.focusListeners) callback();
    // A cell is looked at by a click; from then on, as its neighbours get the focus.
    const { focus } = this.store;
    if (control && focus?.cell !== undefined && control.place.index !== null) {
      this.store.setFocus({ ...focus, cell: control.place.index });
    }
  }

  /** Whether something belongs to the focused number. @param {EventTarget | null} target */
  isBeside(target) {
    return target instanceof Element && target.closest("[data-beside]") !== null;
  }

  /** @param {Event} event */
  controlOf(event) {
    const element = event.target instanceof Element ? event.target.closest("[data-number]") : null;
    return this.controls.get(element?.getAttribute("data-number") ?? "") ?? null;
  }

  /** @param {KeyboardEvent} event */
  handleKey(event) {
    if (event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    const control = this.controlOf(event);
    const action = control ? this.actionOf(event, control) : this.entranceOf(event);
    if (!action) return;
    action();
    event.preventDefault();
    event.stopPropagation();
  }

  /** Enter on a card leads to its number, or to a cell of its map.
   * @type {(event: KeyboardEvent) => (() => void) | undefined} */
  entranceOf({ key, target }) {
    if (key !== "Enter" || !(target instanceof Element) || !target.matches("[data-node]")) return;
    const number = target.querySelector('[data-number][tabindex="0"]');
    return number ? () => focusOn(number) : undefined;
  }

  /** @type {(event: KeyboardEvent, control: NumberControl) => (() => unknown) | undefined} */
  actionOf({ key, shiftKey, altKey }, control) {
    const { place } = control;
    const isCell = control.element.classList.contains("cell-hit");
    const count = shiftKey ? 10 : altKey ? 0.1 : 1;
    const nudge = (/** @type {number} */ sign) => () => this.nudge(place, sign * count);
    if (isCell && !altKey && key.startsWith("Arrow")) return () => this.walk(control, key);
    if (altKey && key !== "ArrowUp" && key !== "ArrowDown") return undefined;
    if (BEGINS_NUMBER.test(key)) return () => this.onType(place, key);
    return {
      ArrowUp: nudge(1),
      ArrowDown: nudge(-1),
      PageUp: nudge(isCell ? 1 : 10),
      PageDown: nudge(isCell ? -1 : -10),
      Home: () => this.store.setEntry(place, this.range.min),
      End: () => this.store.setEntry(place, this.range.max),
      Enter: () => this.onType(place, null),
      Backspace: () => this.onType(place, ""),
      Delete: () => this.onType(place, ""),
      ...(isCell ? { Escape: () => this.picture.focusCard(control.node) } : {}),
    }[key];
  }

  /** To the next cell of a map in one direction.
   * @type {(from: NumberControl, key: string) => void} */
  walk(from, key) {
    const [x, y] = centre(from.element);
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1] }[key] ?? [0, 1];
    let [best, least] = [/** @type {NumberControl | null} */ (null), Infinity];
    for (const control of this.controls.values()) {
      if (arrayOf(control) !== arrayOf(from) || control === from) continue;
      const [cx, cy] = centre(control.element);
      const along = (cx - x) * (dx ?? 0) + (cy - y) * (dy ?? 0);
      const aside = Math.abs((cx - x) * (dy ?? 0)) + Math.abs((cy - y) * (dx ?? 0));
      if (along > 1 && along + 9 * aside < least) [best, least] = [control, along + 9 * aside];
    }
    focusOn(best?.element);
  }
}

/** @param {Place} place */
export function keyOf({ trait, label, index }) {
  return `${trait} ${index ?? "all"} ${label}`;
}

/** A rectangle over the block of an input in an overview, which shows no value of its own.
 * @param {SVGElement} block */
function coverOf(block) {
  const { x, y, width, height } = boxOf(block);
  const place = { x, y, width, height, rx: height / 2 };
  const cover = createSvgElement("rect", { class: "block-hit", ...place });
  block.parentElement?.append(cover);
  return cover;
}

/** A rectangle over a number without a pill, that its surroundings can be hit, too.
 * @param {SVGElement} text */
function coverOfText(text) {
  const [x, y] = ["x", "y"].map((name) => Number(text.getAttribute(name)));
  const place = { x: (x ?? 0) - SEED_ROOM, y: (y ?? 0) - 15, width: SEED_ROOM + 4, height: 20 };
  const cover = createSvgElement("rect", { class: "seed-hit", rx: 4, ...place });
  text.after(cover);
  return cover;
}

/** The array that a number is an element of. @param {NumberControl} control */
function arrayOf({ place }) {
  return `${place.trait} ${place.label}${place.index === null ? " as a whole" : ""}`;
}

/** @param {SVGElement} element */
function centre(element) {
  const { x, y, width, height } = boxOf(element);
  return /** @type {[number, number]} */ ([x + width / 2, y + height / 2]);
}
