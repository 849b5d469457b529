// @ts-check
/** What `?` shows: the keys, from the table that they are taken from, and the signs. */
import { createElement, createSvgElement } from "./dom.js";

/** @import {Shortcut} from "./keys.js" */

/** A sign as a small drawing, and what it means. @type {[string, string, string][]} */
const SIGNS = [
  ["forward", "M2 8H30", "a value on its way to who reads it"],
  ["reverse", "M2 8H30", "a gradient on its way back"],
  ["local-text", "∂", "a local derivative, which belongs to a line"],
  ["glow", "M6 8H26", "what is at work in this step"],
  ["bar", "M13 1V15M19 1V15", "a stop: no gradient passes"],
  ["dotted", "M4 12H28", "a number that can be changed"],
  ["adjoint-text", "x\u0304", "the gradient of x"],
  ["quiet-text", "·", "not computed yet"],
  ["quiet-text", "⌀", "None: no path leads there"],
  ["quiet-text", "‖", "None: every path is stopped"],
  ["quiet-text", "ℤ", "None: integers, or truth values, on every path"],
  ["quiet-text", "∄", "None: what has no derivative on every path"],
  ["quiet-text", "×0", "0, for a local derivative is 0"],
  ["quiet-text", "off", "0, for a unit passes nothing on"],
  ["quiet-text", "cancel", "0, for what meets adds up to 0"],
  ["quiet-text", "seed 0", "0, for the seed is 0"],
  ["quiet-text", "≈ 0", "as good as 0 beside the other numbers"],
];

/** @param {Shortcut[]} shortcuts */
export function createHelp(shortcuts) {
  const keys = shortcuts.map(({ shown, words }) => createRow([createKeycap(shown)], words));
  const signs = SIGNS.map(([look, shape, words]) => createRow([createSign(look, shape)], words));
  const attributes = { class: "help", role: "dialog", "aria-label": "help", tabindex: "-1" };
  const element = createElement(
    "div",
    attributes,
    createElement("dl", { "aria-label": "keys" }, ...keys.flat()),
    createElement("dl", { "aria-label": "signs" }, ...signs.flat()),
  );
  element.hidden = true;
  return element;
}

/** @type {(sign: Node[], words: string) => Node[]} */
function createRow(sign, words) {
  return [createElement("dt", {}, ...sign), createElement("dd", {}, words)];
}

/** @param {string} keys */
function createKeycap(keys) {
  return createElement("kbd", {}, keys);
}

/** @type {(look: string, drawing: string) => Node} */
function createSign(look, drawing) {
  const isPath = drawing.startsWith("M");
  const shape = isPath
    ? createSvgElement("path", { class: look, d: drawing })
    : createSvgElement("text", { class: `text ${look}`, x: 0, y: 13 }, drawing);
  return createSvgElement("svg", { width: 46, height: 16 }, shape);
}

/**
 * Open and close it by its button; the focus goes in, and back.
 * @type {(help: HTMLElement, button: HTMLElement) => {toggle(): void, close(): boolean}}
 */
export function connectHelp(help, button) {
  /** @type {Element | null} */
  let before = null;
  const setOpen = (/** @type {boolean} */ isOpen) => {
    help.hidden = !isOpen;
    button.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) {
      before = document.activeElement;
      help.focus({ preventScroll: true });
      help.scrollIntoView({ block: "nearest" });
    } else if (before instanceof HTMLElement || before instanceof SVGElement) {
      before.focus({ preventScroll: true });
    }
  };
  const toggle = () => setOpen(Boolean(help.hidden));
  const close = () => {
    const wasOpen = !help.hidden;
    if (wasOpen) setOpen(false);
    return wasOpen;
  };
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", toggle);
  return { toggle, close };
}
