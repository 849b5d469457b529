// @ts-check
/**
 * Fields: a number is typed where it stands. Enter takes it, Esc keeps what was.
 *
 * What is no number stays in its field, with a sentence below its card, and the last good number
 * goes on to count; several such fields wait side by side.
 *
 * @import {NumberControls} from "./number_controls.js"
 * @import {Place} from "./store.js"
 */

import { createElement, cssZoom, focusOn } from "./dom.js";
import { cellName, EntryError, readEntries, written } from "./entries.js";
import { keyOf } from "./number_controls.js";
import { areInRows } from "./sliders.js";

const LEAST_WIDTH = 58;
const LINE = 20;

/** @typedef {{place: Place, input: HTMLInputElement, complaint: HTMLElement, problem: string,
 *             anchor: () => Element | undefined}} Field */

export class NumberFields {
  /** @param {NumberControls} numbers */
  constructor(numbers) {
    this.numbers = numbers;
    this.store = numbers.store;
    /** Over the picture, and as large. */
    this.layer = createElement("div", { class: "fields" });
    /** What is wrong, below the picture, where cards stand in rows. */
    this.row = createElement("div", { class: "complaints" });
    /** @type {Map<string, Field>} */
    this.fields = new Map();
    numbers.picture.element.append(this.layer);
    numbers.onType = (place, text) => this.open(place, text);
    this.store.on(["view"], () => this.place());
    this.store.on(["trace"], () => this.complain());
    this.followViewport();
  }

  /** A field over a number; over another element of the page, if one is given.
   * @type {(place: Place, text: string | null, anchor?: Element) => void} */
  open(place, text, anchor) {
    const key = keyOf(place);
    const old = this.fields.get(key);
    const field = old ?? this.create(place, anchor);
    this.fields.set(key, field);
    const { input } = field;
    input.value = text === null && !old ? this.textOf(place) : text ?? input.value;
    this.place();
    focusOn(input);
    if (text === null) input.select();
  }

  /** What was typed elsewhere. @type {(place: Place, text: string) => void} */
  enter(place, text) {
    const key = keyOf(place);
    const field = this.fields.get(key) ?? this.create(place);
    this.fields.set(key, field);
    field.input.value = text;
    this.take(field);
  }

  /** @type {(place: Place, anchor?: Element) => Field} */
  create(place, anchor) {
    const name = this.nameOf(place);
    const input = createElement("input", {
      type: "text", inputmode: "decimal", "aria-label": name, class: `field ${place.trait === "seeds" ? "of-seed" : ""}`,
      autocomplete: "off", spellcheck: "false", "data-beside": "",
    });
    const complaint = createElement("div", { class: "complaint", role: "alert" });
    const field = {
      place, input, complaint, problem: "",
      anchor: () => (anchor?.isConnected ? anchor : this.numbers.at(place)?.element),
    };
    input.addEventListener("keydown", (event) => this.handleKey(event, field));
    input.addEventListener("blur", () => this.take(field));
    this.layer.append(input, complaint);
    return field;
  }

  /** @param {Place} place */
  textOf(place) {
    const entries = this.store.get(place.trait)[place.label] ?? [];
    const isAll = place.index === null && entries.some((each) => each !== entries[0]);
    return isAll ? entries.map(written).join(" ") : written(this.store.entryAt(place));
  }

  /** @param {Place} place */
  nameOf({ trait, label, index }) {
    const { shape } = this.store.trace.node(label);
    const name = index === null ? label : cellName(label, shape, index);
    return trait === "seeds" ? `seed of ${name}` : name;
  }

  /** @type {(event: KeyboardEvent, field: Field) => void} */
  handleKey(event, field) {
    const { key, shiftKey, altKey } = event;
    event.stopPropagation();
    if (key === "Enter" || key === "Tab") {
      this.take(field);
      if (key === "Tab") this.goBack(field); // and on, also from what is no number
    } else if (key === "Escape") {
      this.close(field);
    } else if (key === "ArrowUp" || key === "ArrowDown") {
      this.nudge(field, (key === "ArrowUp" ? 1 : -1) * (shiftKey ? 10 : altKey ? 0.1 : 1));
    } else return;
    if (key !== "Tab") event.preventDefault();
  }

  /** @type {(field: Field, count: number) => void} */
  nudge(field, count) {
    if (!this.read(field)) return this.complain();
    this.numbers.nudge(field.place, count);
    field.input.value = this.textOf(field.place);
  }

  /** What is typed goes on to count if it is a number; else it stays. @param {Field} field */
  take(field) {
    if (!this.fields.has(keyOf(field.place))) return;
    if (this.read(field)) this.close(field);
    else this.complain();
  }

  /** @param {Field} field */
  read(field) {
    const { place, input } = field;
    const old = this.store.get(place.trait)[place.label] ?? [];
    const size = place.index === null ? old.length : 1;
    const isOld = input.value === this.textOf(place);
    try {
      const read = isOld ? [] : readEntries(input.value, this.numbers.dtypeOf(place), size);
      if (!isOld) this.store.setEntries(place, read);
      field.problem = "";
      this.numbers.measure();
    } catch (error) {
      if (!(error instanceof EntryError)) throw error;
      field.problem = error.message;
    }
    return !field.problem;
  }

  /** @param {Field} field */
  close(field) {
    this.fields.delete(keyOf(field.place)); // first: an input that goes away is left, too
    this.goBack(field);
    field.input.remove();
    field.complaint.remove();
    this.place();
  }

  /** The focus returns from the field to its number. @param {Field} field */
  goBack({ input, anchor }) {
    if (input === document.activeElement) focusOn(anchor());
  }

  /** Each wrong entry says so below its card, and what still counts. */
  complain() {
    for (const { place, input, complaint, problem } of this.fields.values()) {
      const words = problem && `${problem}; ${this.nameOf(place)} stays ${this.textOf(place)}`;
      if (complaint.textContent !== words) complaint.textContent = words;
      input.setAttribute("aria-invalid", String(problem !== ""));
    }
    this.place();
  }

  /** Fields stand on their numbers, what is wrong below their cards or below the picture. */
  place() {
    if (!this.fields.size) return;
    const zoom = cssZoom(this.layer);
    const frame = scaledBox(this.layer, zoom);
    /** @type {Map<Element, number>} */
    const lines = new Map();
    const isInRow = areInRows(this.numbers);
    for (const { input, complaint, anchor, problem } of this.fields.values()) {
      const element = anchor();
      input.hidden = !element; // its card is folded away for now
      complaint.hidden = !element || !problem;
      const home = isInRow ? this.row : this.layer;
      if (complaint.parentElement !== home) home.append(complaint);
      if (!element) continue;
      const body = element.closest("[data-node]")?.querySelector(":scope > .body") ?? element;
      const line = lines.get(body) ?? 0;
      if (problem) lines.set(body, line + 1);
      placeInput(input, scaledBox(element, zoom), frame);
      placeComplaint(complaint, scaledBox(element.closest(".seed") ?? body, zoom), frame, line);
    }
  }

  /** Fields follow when another part of the picture is looked at. */
  followViewport() {
    const observer = new MutationObserver(() => this.place());
    const attributes = { subtree: true, attributeFilter: ["viewBox"] };
    observer.observe(this.numbers.picture.ground, attributes);
    this.store.signal.addEventListener("abort", () => observer.disconnect());
  }
}

/** @type {(input: HTMLElement, box: DOMRect, frame: DOMRect) => void} */
function placeInput({ style }, box, frame) {
  const width = Math.max(LEAST_WIDTH, box.width + 14);
  style.width = `${width}px`;
  style.left = `${Math.max(0, box.right - frame.x + 4 - width)}px`;
  style.top = `${box.y + box.height / 2 - frame.y - 12}px`;
}

/** Below its card, or above where the picture ends.
 * @type {(complaint: HTMLElement, card: DOMRect, frame: DOMRect, line: number) => void} */
function placeComplaint({ style }, card, frame, line) {
  const below = card.bottom - frame.y + 3 + LINE * line;
  const above = card.top - frame.y - LINE * (line + 1);
  style.left = `${Math.max(0, card.x - frame.x)}px`;
  style.top = `${below + LINE > frame.height ? above : below}px`;
}

/** @type {(element: Element, zoom: number) => DOMRect} */
function scaledBox(element, zoom) {
  const { x, y, width, height } = element.getBoundingClientRect();
  return new DOMRect(x / zoom, y / zoom, width / zoom, height / zoom);
}
