// @ts-check
/**
 * The slider as a row below the picture: for fingers, and where cards stand in rows, as on rails.
 *
 * @import {Range} from "./entries.js"
 * @import {NumberControls} from "./number_controls.js"
 * @import {NumberFields} from "./number_fields.js"
 * @import {Place} from "./store.js"
 */

import { createElement } from "./dom.js";
import { written } from "./entries.js";

/** Whether there is no room for a slider below its card. @param {NumberControls} numbers */
export function isInRow({ store, picture }) {
  return store.touch || store.view.width < 520 || picture.elements.has("head.value");
}

/**
 * Where a number is between the ends of a range.
 * @type {(value: number, range: Range) => number}
 */
export function shareOf(value, { min, max }) {
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
