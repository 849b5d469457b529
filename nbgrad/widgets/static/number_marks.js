// @ts-check
/**
 * What shows that a number can be changed: a dotted line under it, and the dial of a seed.
 *
 * @import {NumberControls} from "./number_controls.js"
 * @import {PaintedElement} from "./painted.js"
 *
 * @typedef {{x: number, y: number, radius: number}} Ring  its middle, and its size
 */

import { boxOf } from "./boxes.js";
import { createSvgElement } from "./dom.js";
import { NUMBER, SMALL, textWidth } from "./text_width.js";

const [ARC_RADIUS, SMALL_ARC] = [16, 7];
const END = 2.3; // of the arc, from the top, in radians
const PER_UNIT = 0.9;

// Dotted lines ----------------------------------------------------------------------------------

/**
 * Under each number that can be changed a dotted line, as long as the number.
 * @param {NumberControls} numbers
 */
export function createDottedLines(numbers) {
  const { store, picture } = numbers;
  /** @type {{painted: PaintedElement, line: SVGPathElement, text: string}[]} */
  let lines = [];
  const mount = () => {
    const shown = [...picture.elements.values()];
    lines = shown.filter(({ element }) => isLined(element)).map((painted) => {
      const line = createSvgElement("path", { class: "dotted" });
      painted.element.append(line);
      return { painted, line, text: "" };
    });
    draw();
  };
  const draw = () => {
    for (const each of lines) {
      const { text } = each.painted.style;
      if (text === each.text) continue;
      each.text = text;
      each.line.setAttribute("d", lineUnder(each.painted, text));
    }
  };
  store.on(["view"], mount);
  store.on(["trace"], draw);
}

/** @param {SVGElement} element */
function isLined(element) {
  return element.matches(".number[data-number], .cell-number[data-input]");
}

/**
 * What is known of the width of digits is enough: nothing is measured in a frame.
 * @type {(painted: PaintedElement, text: string) => string}
 */
function lineUnder({ element }, text) {
  const words = element.querySelector("text");
  const isCell = element.classList.contains("cell-number");
  const [x, y] = [Number(words?.getAttribute("x")), Number(words?.getAttribute("y"))];
  const width = textWidth(text, isCell ? SMALL : NUMBER, !isCell);
  return text && `M${x - width},${y + (isCell ? 6.8 : 8.6)}h${width}`;
}

// Dials -----------------------------------------------------------------------------------------

/**
 * Around the seed of each y an arc that says how large it is, to the right for more.
 * @param {NumberControls} numbers
 */
export function createDials(numbers) {
  const { store } = numbers;
  /** @type {{place: import("./store.js").Place, arc: SVGPathElement, ring: Ring}[]} */
  let dials = [];
  const mount = () => {
    dials = [];
    for (const { place, element } of numbers.controls.values()) {
      const ring = place.trait === "seeds" ? ringOf(element) : null;
      if (!ring) continue;
      const arc = createSvgElement("path", { class: "arc" });
      const all = createSvgElement("path", { class: "arc-all", d: arcPath(ring, -END, END) });
      element.before(createSvgElement("g", { class: "dial" }, all, arc));
      dials.push({ place, arc, ring });
    }
    move();
  };
  const move = () => {
    for (const { place, arc, ring } of dials) {
      const seed = Number(store.entryAt(place)) || 0;
      const angle = Math.max(-END, Math.min(END, PER_UNIT * seed));
      const d = arcPath(ring, Math.min(0, angle), Math.max(0, angle));
      if (arc.getAttribute("d") !== d) arc.setAttribute("d", d);
    }
  };
  store.on(["view"], mount);
  store.on(["trace"], move);
}

/**
 * Around a seed, or in a row before it; none for a cell of several.
 * @type {(element: SVGElement) => Ring | null}
 */
function ringOf(element) {
  const text = element.querySelector("text");
  const { x, y, height } = boxOf(text ?? element);
  if (text) return { x, y, radius: ARC_RADIUS };
  if (!element.matches(".seed-hit")) return null;
  return { x: x + SMALL_ARC + 3, y: y + height / 2, radius: SMALL_ARC };
}

/** @type {(ring: Ring, from: number, to: number) => string} */
function arcPath({ x, y, radius }, from, to) {
  const at = (/** @type {number} */ angle) =>
    `${x + radius * Math.sin(angle)},${y - radius * Math.cos(angle)}`;
  const large = to - from > Math.PI ? 1 : 0;
  return `M${at(from)}A${radius},${radius} 0 ${large} 1 ${at(to)}`;
}
