// @ts-check
/**
 * The slider of the focused number: a small one below its card; a row below the picture for
 * fingers, and where cards stand in rows, as on rails. Keys reach the number itself, so it is for pointers only.
 *
 * @import {NumberControls} from "./number_controls.js"
 */

import { boxOf } from "./boxes.js";
import { createElement, createSvgElement } from "./dom.js";
import { written } from "./entries.js";

const HEIGHT = 20;
const BELOW = 4; // from a card to its slider
const ENDS = 26; // from the ends of the slider to those of its track
const LEAST_WIDTH_OF_SLIDER = 104;

/** @param {NumberControls} numbers */
export function createNumberSlider(numbers) {
  const { store, picture } = numbers;
  const group = createSvgElement("g", { class: "slider", "data-beside": "", "aria-hidden": "true" });
  const frame = createSvgElement("rect", { height: HEIGHT, rx: HEIGHT / 2 });
  const [minus, plus] = [-1, 1].map((count) => {
    const sign = createSvgElement("text", { "text-anchor": "middle" }, count < 0 ? "−" : "+");
    const hit = createSvgElement("rect", { class: "hit", width: ENDS, height: HEIGHT + 4 });
    const button = createSvgElement("g", { class: "nudge", "data-count": count }, hit, sign);
    group.append(button);
    return { hit, sign };
  });
  const track = createSvgElement("path", { class: "track" });
  const fill = createSvgElement("path", { class: "fill" });
  const knob = createSvgElement("circle", { class: "knob", r: 7 });
  group.prepend(frame);
  const reading = createSvgElement("text", { class: "reading" });
  group.append(track, fill, knob, reading);
  let [left, right, middle] = [0, 0, 0];

  const show = () => {
    const control = numbers.focused;
    group.remove();
    if (!control || isInRow(numbers)) return;
    const { x, y, width } = sliderPlace(numbers, control);
    const isSeed = control.place.trait === "seeds";
    [left, right, middle] = [x + ENDS, x + width - ENDS, y + HEIGHT / 2];
    setAttributes(frame, { x, y, width });
    track.setAttribute("d", `M${left},${middle}H${right}`);
    for (const [end, at] of /** @type {const} */ ([[minus, x], [plus, x + width - ENDS]])) {
      setAttributes(end?.hit, { x: at, y: y - 2 });
      setAttributes(end?.sign, { x: at + ENDS / 2 - (at === x ? 2 : -2), y: middle + 5 });
    }
    setAttributes(reading, { x: x + width + 6, y: middle + 4 });
    group.classList.toggle("of-seed", isSeed);
    move();
    picture.svg.append(group);
  };
  const move = () => {
    const control = numbers.focused;
    if (!control) return;
    const entry = store.entryAt(control.place);
    const value = Number(entry);
    // The block of an overview does not show it.
    const isBlock = control.element.classList.contains("block-hit");
    reading.textContent = isBlock ? `${control.name} = ${written(entry)}` : "";
    const at = (/** @type {number} */ n) => left + (right - left) * shareOf(n, numbers.range);
    knob.setAttribute("cx", `${at(Number.isFinite(value) ? value : 0)}`);
    knob.setAttribute("cy", `${middle}`);
    fill.setAttribute("d", Number.isFinite(value) ? `M${at(0)},${middle}H${at(value)}` : "");
  };
  numbers.focusListeners.push(show);
  store.on(["view", "touch"], show);
  store.on(["trace"], () => group.isConnected && move());
  handlePointer(numbers, group, () => {
    const matrix = picture.svg.getScreenCTM();
    return { left: left * (matrix?.a ?? 1) + (matrix?.e ?? 0), width: (right - left) * (matrix?.a ?? 1) };
  });
}

/**
 * Below its card, or above where the picture ends; of a seed, left of it there.
 * @type {(numbers: NumberControls, control: import("./number_controls.js").NumberControl) =>
 *        {x: number, y: number, width: number}}
 */
function sliderPlace({ store }, { element, place }) {
  const isSeed = place.trait === "seeds";
  const card = isSeed ? null : element.closest("[data-node]")?.querySelector(":scope > .body");
  const box = boxOf(card ?? element.querySelector("rect") ?? element);
  const width = Math.max(LEAST_WIDTH_OF_SLIDER, isSeed ? 0 : box.width);
  const below = { x: box.x, y: box.y + box.height + BELOW, width };
  const hasRoom = below.y + HEIGHT < store.view.size[1];
  if (!isSeed) return hasRoom ? below : { ...below, y: box.y - BELOW - HEIGHT };
  if (hasRoom) return { ...below, x: box.x + box.width - width, y: below.y + BELOW };
  return { x: box.x - width - 3 * BELOW, y: box.y + (box.height - HEIGHT) / 2, width };
}

/**
 * Dragging on the track sets the number; a click on an end is one step.
 * @type {(numbers: NumberControls, group: SVGGElement,
 *         measure: () => {left: number, width: number}) => void}
 */
function handlePointer(numbers, group, measure) {
  const { store } = numbers;
  group.addEventListener("pointerdown", (event) => {
    const control = numbers.focused;
    event.preventDefault(); // the focus stays with the number
    event.stopPropagation();
    const button = event.target instanceof Element && event.target.closest(".nudge");
    if (!control) return;
    if (button) return numbers.nudge(control.place, Number(button.getAttribute("data-count")));
    const { left, width } = measure();
    store.startDrag();
    group.setPointerCapture(event.pointerId);
    const set = (/** @type {PointerEvent} */ { clientX }) =>
      setShare(numbers, Math.min(1, Math.max(0, (clientX - left) / width)));
    set(event);
    group.addEventListener("pointermove", set);
    group.addEventListener("lostpointercapture", () => {
      group.removeEventListener("pointermove", set);
      store.endDrag();
    }, { once: true });
  });
}

/** @type {(value: number, range: import("./entries.js").Range) => number} */
function shareOf(value, { min, max }) {
  return Math.min(1, Math.max(0, (value - min) / (max - min)));
}

/** @type {(numbers: NumberControls, share: number) => void} */
function setShare(numbers, share) {
  const control = numbers.focused;
  if (!control) return;
  const { min, max, step } = numbers.range;
  const value = Math.round((min + share * (max - min)) / step) * step;
  numbers.store.setEntry(control.place, Number(value.toPrecision(12)));
}

/** @type {(element: Element | undefined, attributes: Record<string, number>) => void} */
function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element?.setAttribute(name, `${value}`);
}

// The row -----------------------------------------------------------------------------------------

/** Whether the slider is a row below the picture. @param {NumberControls} numbers */
function isInRow({ store, picture }) {
  return store.touch || store.view.width < 520 || picture.elements.has("head.value");
}

/** @type {(numbers: NumberControls, fields: import("./number_fields.js").NumberFields) => HTMLElement} */
export function createSliderRow(numbers, fields) {
  const { store } = numbers;
  const name = createElement("b");
  const slider = createElement("input", { type: "range" });
  const field = createElement("input", { type: "text", inputmode: "decimal", class: "value" });
  const button = (/** @type {string} */ sign, /** @type {number} */ count) => {
    const label = count < 0 ? "less" : "more";
    const element = createElement("button", { type: "button", "aria-label": label }, sign);
    element.addEventListener("click", () => place && numbers.nudge(place, count));
    return element;
  };
  /** @type {import("./store.js").Place | null} */
  let place = null;
  const row = createElement(
    "div",
    { class: "slider-row", role: "group", "aria-label": "slider", "data-beside": "" },
    name, button("−", -1), slider, button("+", 1), field,
  );
  const show = () => {
    const control = numbers.focused;
    row.hidden = !isInRow(numbers) || !(control || place);
    if (!control || row.hidden) return;
    place = control.place;
    name.textContent = control.name;
    slider.setAttribute("aria-label", control.name);
    field.setAttribute("aria-label", control.name);
    const { min, max, step } = numbers.range;
    Object.assign(slider, { min, max, step });
    move();
  };
  const move = () => {
    if (!place || row.hidden) return;
    const entry = store.entryAt(place);
    if (slider !== document.activeElement) slider.value = `${entry}`;
    const { min, max } = numbers.range;
    const [zero, here] = [0, Number(entry)].map((n) => 100 * shareOf(n, { min, max, step: 0 }));
    slider.style.setProperty("--from", `${Math.min(zero ?? 0, here ?? 0)}%`);
    slider.style.setProperty("--to", `${Math.max(zero ?? 0, here ?? 0)}%`);
    if (field !== document.activeElement) field.value = written(entry);
  };
  slider.addEventListener("input", () => place && store.setEntry(place, Number(slider.value)));
  slider.addEventListener("pointerdown", () => store.startDrag());
  slider.addEventListener("pointerup", () => store.endDrag());
  field.addEventListener("focus", () => field.select());
  field.addEventListener("change", () => place && fields.enter(place, field.value));
  numbers.focusListeners.push(show);
  store.on(["view", "touch"], show);
  store.on(["trace"], move);
  return row;
}
