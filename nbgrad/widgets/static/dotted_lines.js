// @ts-check
/**
 * The dotted lines under numbers that can be changed, as long as these are.
 *
 * @import {NumberControls} from "./number_controls.js"
 * @import {PaintedElement} from "./painted.js"
 */

import { createSvgElement } from "./dom.js";
import { NUMBER, SMALL, textWidth } from "./text_width.js";

/** @param {NumberControls} numbers */
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
