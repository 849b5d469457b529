// @ts-check
/**
 * Dials: around the seed of each y an arc that says how large it is, to the right for more.
 *
 * @import {NumberControls} from "./number_controls.js"
 */

import { createSvgElement } from "./dom.js";

const ARC_RADIUS = 16;
const END = 2.3; // of the arc, from the top, in radians
const PER_UNIT = 0.9;

/** @param {NumberControls} numbers */
export function createDials(numbers) {
  const { store, picture } = numbers;
  /** @type {{place: import("./store.js").Place, arc: SVGPathElement, x: number, y: number}[]} */
  let dials = [];
  const mount = () => {
    dials = [];
    for (const { place, element } of numbers.controls.values()) {
      const text = element.querySelector("text");
      if (place.trait !== "seeds" || !text) continue;
      const [x, y] = [Number(text.getAttribute("x")), Number(text.getAttribute("y"))];
      const arc = createSvgElement("path", { class: "arc" });
      const all = createSvgElement("path", { class: "arc-all", d: arcPath(x, y, -END, END) });
      element.before(createSvgElement("g", { class: "dial" }, all, arc));
      dials.push({ place, arc, x, y });
    }
    move();
  };
  const move = () => {
    for (const { place, arc, x, y } of dials) {
      const seed = Number(store.entryAt(place)) || 0;
      const angle = Math.max(-END, Math.min(END, PER_UNIT * seed));
      const d = arcPath(x, y, Math.min(0, angle), Math.max(0, angle));
      if (arc.getAttribute("d") !== d) arc.setAttribute("d", d);
    }
  };
  store.on(["view"], mount);
  store.on(["trace"], move);
  return picture;
}

/** @type {(x: number, y: number, from: number, to: number) => string} */
function arcPath(x, y, from, to) {
  const at = (/** @type {number} */ angle) =>
    `${x + ARC_RADIUS * Math.sin(angle)},${y - ARC_RADIUS * Math.cos(angle)}`;
  const large = to - from > Math.PI ? 1 : 0;
  return `M${at(from)}A${ARC_RADIUS},${ARC_RADIUS} 0 ${large} 1 ${at(to)}`;
}
