// @ts-check
/**
 * Elements of the page, the boxes around them, and what happens to them over time.
 *
 * @typedef {{x: number, y: number, width: number, height: number}} Box
 */

// With the focus on a control, JupyterLab would take an arrow key for its own, and "x" for "cut
// this cell"; it looks for this attribute on the focused element itself.
export const SUPPRESS_SHORTCUTS = "data-lm-suppress-shortcuts";
const SVG = "http://www.w3.org/2000/svg";

/** @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]} */
export function createElement(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (tag === "input" || tag === "button") element.setAttribute(SUPPRESS_SHORTCUTS, "true");
  element.append(...children);
  return element;
}

/** @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number>} attributes
 * @param {...(Node | string)} children
 * @returns {SVGElementTagNameMap[Tag]} */
export function createSvgElement(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** The focus goes to an element, if it can have it; nothing scrolls.
 * @param {Element | null | undefined} element */
export function focusOn(element) {
  const canFocus = element instanceof HTMLElement || element instanceof SVGElement;
  if (canFocus) element.focus({ preventScroll: true });
}

/** A timer that begins anew at each start, and ends with the page. @param {AbortSignal} signal */
export function createTimer(signal) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const stop = () => clearTimeout(timer);
  /** @type {(delay: number, callback: () => void) => void} */
  const start = (delay, callback) => {
    stop();
    if (!signal.aborted) timer = setTimeout(callback, delay);
  };
  signal.addEventListener("abort", stop);
  return { start, stop };
}

/** How many pixels of the screen are one of the element's: more than 1 while somebody presents.
 * @type {(element: Element) => number} */
export function cssZoom(element) {
  return element.currentCSSZoom ?? 1;
}

/** Whether somebody has asked their system for less motion. */
export function prefersStill() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

// Boxes, as they were placed: read, not measured, so that they are known before anything shows ---

/** The box of a rectangle, or of a path of absolute points, such as a card's outline.
 * @type {(element: Element) => Box} */
export function boxOf(element) {
  const d = element.getAttribute("d");
  if (d === null) {
    const [x = 0, y = 0, width = 0, height = 0] = ["x", "y", "width", "height"]
      .map((name) => Number(element.getAttribute(name)));
    return { x, y, width, height };
  }
  const numbers = (d.match(/-?\d+(?:\.\d+)?/g) ?? []).map(Number);
  const xs = numbers.filter((_, i) => i % 2 === 0);
  const ys = numbers.filter((_, i) => i % 2 === 1);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}
