// @ts-check
/**
 * Numbers that are dragged: where they stand, on a slider below their card, or on one in a row
 * below the picture, for fingers and where cards stand in rows. Keys reach the number itself.
 *
 * @import {Range} from "./entries.js"
 * @import {NumberControl, NumberControls} from "./number_controls.js"
 * @import {NumberFields} from "./number_fields.js"
 * @import {Place} from "./store.js"
 *
 * @typedef {{x: number, y: number, width: number}} SliderPlace
 */

import { boxOf, createElement, createSvgElement, focusOn } from "./dom.js";
import { written } from "./entries.js";
import { SMALL, textWidth } from "./text_width.js";

// A row below the picture ------------------------------------------------------------------------

/** Whether cards stand in rows, with no room below them. @param {NumberControls} numbers */
export function areInRows({ store, picture }) {
  return store.view.width < 520 || picture.elements.has("head.value");
}

/** @param {NumberControls} numbers */
function isInRow(numbers) {
  return numbers.store.touch || areInRows(numbers);
}

/** Where a number is between the ends of a range.
 * @type {(value: number, range: Range) => number} */
function shareOf(value, { min, max }) {
  return Math.min(1, Math.max(0, (value - min) / (max - min)));
}

/** @type {(numbers: NumberControls, fields: NumberFields) => HTMLElement} */
export function createSliderRow(numbers, fields) {
  const row = new SliderRow(numbers);
  const { store } = numbers;
  const { slider, field } = row;
  slider.addEventListener("input", () => {
    if (row.place) store.setEntry(row.place, Number(slider.value));
  });
  slider.addEventListener("pointerdown", () => store.startDrag());
  for (const end of ["pointerup", "pointercancel"]) { // a finger may go on to scroll the page
    slider.addEventListener(end, () => store.endDrag());
  }
  field.addEventListener("focus", () => field.select());
  field.addEventListener("change", () => row.place && fields.enter(row.place, field.value));
  numbers.focusListeners.push(() => row.show());
  store.on(["view", "touch"], () => row.show());
  store.on(["trace"], () => row.move());
  return row.element;
}

class SliderRow {
  /** @param {NumberControls} numbers */
  constructor(numbers) {
    this.numbers = numbers;
    /** Of the number that had the focus last. @type {Place | null} */
    this.place = null;
    this.name = createElement("b");
    this.slider = createElement("input", { type: "range" });
    this.field = createElement("input", { type: "text", inputmode: "decimal", class: "value" });
    this.element = createElement(
      "div",
      { class: "slider-row", role: "group", "aria-label": "slider", "data-beside": "" },
      this.name, this.createStep("−", -1), this.slider, this.createStep("+", 1), this.field,
    );
  }

  /** @type {(sign: string, count: number) => HTMLElement} */
  createStep(sign, count) {
    const label = count < 0 ? "less" : "more";
    const button = createElement("button", { type: "button", "aria-label": label }, sign);
    button.addEventListener("click", () => this.place && this.numbers.nudge(this.place, count));
    return button;
  }

  /** The row stays for the number that had the focus, while somebody uses it. */
  show() {
    const control = this.numbers.focused;
    this.element.hidden = !isInRow(this.numbers) || !(control || this.place);
    if (!control || this.element.hidden) return;
    this.place = control.place;
    this.element.classList.toggle("of-seed", control.place.trait === "seeds");
    this.name.textContent = control.name;
    this.slider.setAttribute("aria-label", control.name);
    this.field.setAttribute("aria-label", control.name);
    const { min, max, step } = this.numbers.range;
    Object.assign(this.slider, { min, max, step });
    this.move();
  }

  move() {
    const { numbers, slider, field, place } = this;
    if (!place || this.element.hidden) return;
    const entry = numbers.store.entryAt(place);
    const [zero, here] = [0, Number(entry)].map((n) => 100 * shareOf(n, numbers.range));
    if (slider !== document.activeElement) slider.value = `${entry}`;
    slider.style.setProperty("--from", `${Math.min(zero ?? 0, here ?? 0)}%`);
    slider.style.setProperty("--to", `${Math.max(zero ?? 0, here ?? 0)}%`);
    if (field !== document.activeElement) field.value = written(entry);
  }
}

// A slider below the card of the focused number --------------------------------------------------

const HEIGHT = 20;
const BELOW = 4; // from a card to its slider
const ENDS = 26; // from the ends of the slider to those of its track
const VALVE = 8; // the size of half a valve
const LEAST_SLIDER = 104; // its least width

/** @param {NumberControls} numbers */
export function createNumberSlider(numbers) {
  const slider = new NumberSlider(numbers);
  numbers.focusListeners.push(() => slider.show());
  numbers.store.on(["view", "touch"], () => slider.show());
  numbers.store.on(["trace"], () => slider.group.isConnected && slider.move());
  handleSlider(slider);
}

class NumberSlider {
  /** @param {NumberControls} numbers */
  constructor(numbers) {
    this.numbers = numbers;
    const attributes = { class: "slider", "data-beside": "", "aria-hidden": "true" };
    this.group = createSvgElement("g", attributes);
    this.frame = createSvgElement("rect", { height: HEIGHT, rx: HEIGHT / 2 });
    this.ends = [-1, 1].map(createEnd);
    this.track = createSvgElement("path", { class: "track" });
    this.fill = createSvgElement("path", { class: "fill" });
    this.knob = createSvgElement("circle", { class: "knob", r: 7 });
    this.reading = createSvgElement("text", { class: "reading" });
    this.bubble = createSvgElement("rect", { class: "bubble", height: HEIGHT, rx: HEIGHT / 2 });
    const { frame, track, fill, knob, bubble, reading } = this;
    const buttons = this.ends.map(({ button }) => button);
    this.group.append(frame, ...buttons, track, fill, knob, bubble, reading);
    /** Where the track begins, how long it is, and its height. */
    this.line = { left: 0, length: 0, y: 0 };
  }

  /** Below the number that has the focus. */
  show() {
    const { numbers, line } = this;
    const control = numbers.focused;
    this.group.remove();
    if (!control || isInRow(numbers)) return;
    const { x, y, width } = sliderPlace(numbers, control);
    Object.assign(line, { left: x + ENDS, length: width - 2 * ENDS, y: y + HEIGHT / 2 });
    setNumbers(this.frame, { x, y, width });
    this.track.setAttribute("d", `M${line.left},${line.y}h${line.length}`);
    this.ends.forEach(({ hit, sign }, i) => {
      const at = i ? x + width - ENDS : x;
      setNumbers(hit, { x: at, y: y - 2 });
      setNumbers(sign, { x: at + ENDS / 2 + (i ? 2 : -2), y: line.y + 5 });
    });
    this.group.classList.toggle("of-seed", control.place.trait === "seeds");
    this.move();
    numbers.picture.svg.append(this.group);
    const valves = numbers.picture.svg.querySelector(":scope > .valves");
    if (valves) numbers.picture.svg.append(valves); // it covers none that has no other place
  }

  /** The knob goes where the number is; the track is filled from zero. */
  move() {
    const { numbers, line } = this;
    const control = numbers.focused;
    if (!control) return;
    const entry = numbers.store.entryAt(control.place);
    const value = Number.isFinite(Number(entry)) ? Number(entry) : 0;
    const [zero, here] = [0, value].map((n) => line.left + line.length * shareOf(n, numbers.range));
    setNumbers(this.knob, { cx: here ?? 0, cy: line.y });
    this.fill.setAttribute("d", `M${zero},${line.y}H${here}`);
    const isRead = isReadOnCard(numbers, control);
    this.say(isRead ? "" : `${control.name} = ${written(entry)}`);
  }

  /** What is not to be read on the card, in a bubble right of the slider; left of that of a seed,
   * whose dial is at the right, and where the picture ends.
   * @type {(text: string) => void} */
  say(text) {
    const { line, numbers } = this;
    const width = text ? textWidth(text, SMALL) + 4 * BELOW : 0;
    const right = line.left + line.length + ENDS + BELOW;
    const isOfSeed = this.group.classList.contains("of-seed");
    const hasRoom = !isOfSeed && right + width < numbers.store.view.size[0];
    const x = hasRoom ? right : line.left - ENDS - BELOW - width;
    this.reading.textContent = text;
    setNumbers(this.reading, { x: x + 2 * BELOW, y: line.y + 4.5 });
    setNumbers(this.bubble, { x, y: line.y - HEIGHT / 2, width });
  }

  /** The number for a place on the screen. @param {number} clientX */
  set(clientX) {
    const { numbers, line } = this;
    const { min, max, step } = numbers.range;
    const matrix = numbers.picture.svg.getScreenCTM();
    const { a, e } = matrix ?? { a: 1, e: 0 };
    const share = Math.min(1, Math.max(0, ((clientX - e) / a - line.left) / line.length));
    const value = Math.round((min + share * (max - min)) / step) * step;
    const place = numbers.focused?.place;
    if (place) numbers.store.setEntry(place, Number(value.toPrecision(12)));
  }
}

/** Whether a number stands on its card; in an overview, and in many maps, it does not, nor does a
 * seed where more than the seed arrives.
 * @type {(numbers: NumberControls, control: NumberControl) => boolean} */
function isReadOnCard({ picture }, { element, node, place }) {
  if (element.classList.contains("block-hit")) return false;
  const isCell = element.classList.contains("cell-hit");
  const lane = place.trait === "seeds" ? "adjoint" : "value";
  if (!isCell) return true;
  const number = picture.elements.get(`${node}.${lane}.${place.index}`);
  return number?.element.hasAttribute("data-input") ?? false;
}

/** An end of the slider, which is one step. @param {number} count */
function createEnd(count) {
  const sign = createSvgElement("text", { "text-anchor": "middle" }, count < 0 ? "−" : "+");
  const hit = createSvgElement("rect", { class: "hit", width: ENDS, height: HEIGHT + 4 });
  const button = createSvgElement("g", { class: "nudge", "data-count": count }, hit, sign);
  return { button, hit, sign };
}

/** Dragging on the track sets the number. @param {NumberSlider} slider */
function handleSlider(slider) {
  const { numbers, group } = slider;
  group.addEventListener("pointerdown", (event) => {
    event.preventDefault(); // the focus stays with the number
    event.stopPropagation();
    const end = event.target instanceof Element && event.target.closest(".nudge");
    const place = numbers.focused?.place;
    if (end && place) return numbers.nudge(place, Number(end.getAttribute("data-count")));
    numbers.store.startDrag();
    group.setPointerCapture(event.pointerId);
    slider.set(event.clientX);
  });
  group.addEventListener("pointermove", ({ clientX, pointerId }) => {
    if (group.hasPointerCapture(pointerId)) slider.set(clientX);
  });
  // Of what is taken out of the page during a drag, the document hears in its place.
  document.addEventListener("lostpointercapture", () => numbers.store.endDrag(), {
    signal: numbers.store.signal,
  });
}

/** Below its card, or where there is room in the picture, and no valve; of a seed, beside the dial.
 * @type {(numbers: NumberControls, control: NumberControl) => SliderPlace} */
function sliderPlace({ store, picture }, { element, node, place }) {
  const dial = place.trait === "seeds" ? picture.elements.get(`${node}.seed`)?.element : undefined;
  const card = dial ? null : element.closest("[data-node]")?.querySelector(":scope > .body");
  const box = boxOf(card ?? (dial ?? element).querySelector("rect") ?? element);
  const width = Math.max(LEAST_SLIDER, dial ? 0 : box.width);
  const away = dial ? 3 * BELOW : BELOW;
  const below = { x: box.x, y: box.y + box.height + BELOW, width };
  if (dial) Object.assign(below, { x: box.x + box.width - width, y: below.y + BELOW });
  const above = { ...below, y: box.y - BELOW - HEIGHT };
  const left = { x: box.x - width - away, y: box.y + (box.height - HEIGHT) / 2, width };
  const right = { ...left, x: box.x + box.width + away };
  const places = dial ? [left, right, below] : [below, above, left, right];
  const [wide, high] = store.view.size;
  const inside = places.filter(({ y }) => y >= 0 && y + HEIGHT < high);
  return inside.find((place) => isFree(picture.svg, wide, place)) ?? inside[0] ?? below;
}

/** @type {(svg: SVGElement, wide: number, place: SliderPlace) => boolean} */
function isFree(svg, wide, { x, y, width }) {
  const valves = [...svg.querySelectorAll(".valve > circle")].map((circle) => ({
    cx: Number(circle.getAttribute("cx")), cy: Number(circle.getAttribute("cy")),
  }));
  const isCovered = valves.some(({ cx, cy }) =>
    cx > x - VALVE && cx < x + width + VALVE && cy > y - VALVE && cy < y + HEIGHT + VALVE);
  return x >= 0 && x + width <= wide && !isCovered;
}

/** @type {(element: Element, attributes: Record<string, number>) => void} */
function setNumbers(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, `${value}`);
}

// The number itself: four pixels sideways are a step; a seed goes upwards, too -------------------

const PIXELS = 4;

/** @param {NumberControls} numbers */
export function handleScrubbing(numbers) {
  const { element } = numbers.picture;
  element.addEventListener("pointerdown", (event) => {
    const control = numbers.controlOf(event);
    numbers.store.setTouch(event.pointerType === "touch");
    if (!control || event.button) return;
    if (event.pointerType !== "touch") scrub(numbers, control, event);
  });
  // A finger scrolls the page as ever; it taps a number for its row below the picture.
  element.addEventListener("click", (event) => {
    const control = numbers.controlOf(event);
    if (control && numbers.store.touch) focusOn(control.element);
  });
  element.addEventListener("dblclick", (event) => {
    const control = numbers.controlOf(event);
    if (!control) return;
    if (control.place.trait === "seeds") numbers.store.setEntry(control.place, 1);
    else numbers.onType(control.place, null);
  });
}

/** @type {(numbers: NumberControls, control: NumberControl, event: PointerEvent) => void} */
function scrub(numbers, control, event) {
  const { element, place } = control;
  const { store } = numbers;
  event.preventDefault(); // which would select texts, and the focus is set here
  focusOn(element);
  numbers.measure(control);
  element.setPointerCapture(event.pointerId);
  let [done, isDragged] = [0, false];
  const move = (/** @type {PointerEvent} */ { clientX, clientY, shiftKey, altKey }) => {
    const upwards = place.trait === "seeds" ? event.clientY - clientY : 0;
    const count = Math.round((clientX - event.clientX + upwards) / PIXELS);
    if (count === done) return;
    if (!isDragged) store.startDrag();
    isDragged = numbers.picture.isHeld = true;
    numbers.nudge(place, (count - done) * (shiftKey ? 10 : altKey ? 0.1 : 1));
    done = count;
  };
  const end = () => {
    element.removeEventListener("pointermove", move);
    element.removeEventListener("pointerup", end);
    element.removeEventListener("pointercancel", end);
    if (isDragged) store.endDrag();
  };
  element.addEventListener("pointermove", move);
  element.addEventListener("pointerup", end);
  element.addEventListener("pointercancel", end);
}
