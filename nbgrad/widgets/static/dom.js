// @ts-check
/**
 * Elements of the page, and what happens to them over time.
 */

// With the focus on a control, JupyterLab would take an arrow key for its own, and "x" for "cut
// this cell"; it looks for this attribute on the focused element itself.
export const SUPPRESS_SHORTCUTS = "data-lm-suppress-shortcuts";
const SVG = "http://www.w3.org/2000/svg";

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function createElement(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (tag === "input" || tag === "button") element.setAttribute(SUPPRESS_SHORTCUTS, "true");
  element.append(...children);
  return element;
}

/**
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number>} attributes
 * @param {...(Node | string)} children
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function createSvgElement(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
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

/**
 * How many pixels of the screen are one of the element's: more than 1 while somebody presents.
 * @type {(element: Element) => number}
 */
export function cssZoom(element) {
  return element.currentCSSZoom ?? 1;
}

/** Whether somebody has asked their system for less motion. */
export function prefersStill() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
