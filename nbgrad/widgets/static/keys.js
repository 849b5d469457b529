// @ts-check
/**
 * All keys, in one table: what is pressed, what it does, and the words by which `?` lists it, with
 * the signs of a picture.
 *
 * A key that is not in the table, or is pressed while a text is edited, goes on its way; so do
 * all with Ctrl or ⌘, which belong to the page. What a control does with a key by itself (a number
 * with ↑ and ↓) comes first, and is listed, too.
 *
 * @import {Picture} from "./picture.js"
 * @import {Player} from "./transport.js"
 * @import {Store} from "./store.js"
 *
 * @typedef {"seed" | "search" | "zoomIn" | "zoomOut" | "fit" | "panLeft" | "panRight" | "panUp" |
 *           "panDown" | "help" | "present" | "close"} Act
 * @typedef {Partial<Record<Act, () => unknown>>} Acts  what other parts of the page can do
 * @typedef {{shown: string, words: string, keys: Record<string, () => unknown>}} Shortcut
 *   how keys are written, what they do in few words, and for each its function; none where a
 *   control has it
 */

import { createElement, createSvgElement, focusOn, SUPPRESS_SHORTCUTS } from "./dom.js";

/** The table. @type {(store: Store, player: Player, picture: Picture, acts: Acts) => Shortcut[]} */
export function createShortcuts(store, player, picture, acts) {
  const card = () => store.focus?.node ?? store.seen.ys[0] ?? "";
  const walk = (/** @type {import("./picture.js").Direction} */ way) => () =>
    void picture.neighbour(card(), way);
  /** @type {(shown: string, words: string, keys?: Record<string, () => unknown>) => Shortcut} */
  const row = (shown, words, keys = {}) => ({ shown, words, keys });
  /** @type {(shown: string, words: string, keys: Record<string, Act>) => Shortcut[]} */
  const optional = (shown, words, keys) => {
    const found = Object.entries(keys).flatMap(([key, act]) => {
      const does = acts[act];
      return does ? [/** @type {[string, () => unknown]} */ ([key, does])] : [];
    });
    return found.length ? [row(shown, words, Object.fromEntries(found))] : [];
  };
  return [
    row("← →", "one step back, one forward", {
      ArrowLeft: () => player.seek(store.step - 1),
      ArrowRight: () => player.advance(),
    }),
    row("Home End", "the first step, the last (on a number: its least, its greatest)", {
      Home: () => player.seek(0),
      End: () => player.seek(store.finalStep),
    }),
    row("Space", "play the steps, pause", { " ": () => player.toggle() }),
    row("Tab", "to the next number or card"),
    row("↑ ↓", "on a number: more, less (Shift: ten times as much; Alt: a tenth); or type it"),
    ...optional("g", "to the seed", { g: "seed" }),
    row("s", "on a card: stop the gradient there, or let it pass", {
      s: () => store.toggleStop(card()),
    }),
    row("w", "on a card: why is its gradient what it is?", { w: () => store.toggleWhy(card()) }),
    row("Alt + arrows", "to the card of an operand (←), a reader (→), or one above or below", {
      "Alt+ArrowLeft": walk("operand"),
      "Alt+ArrowRight": walk("reader"),
      "Alt+ArrowUp": walk("up"),
      "Alt+ArrowDown": walk("down"),
    }),
    row("Enter", "fold or open a group; on a matrix: its cells"),
    row("h", "predict: hide the gradients, show them", { h: () => store.togglePrediction() }),
    ...optional("/", "search", { "/": "search" }),
    ...optional("+ − 0", "zoom in, out, show all", { "+": "zoomIn", "-": "zoomOut", 0: "fit" }),
    ...optional("Shift + arrows", "move over the picture", {
      "Shift+ArrowLeft": "panLeft",
      "Shift+ArrowRight": "panRight",
      "Shift+ArrowUp": "panUp",
      "Shift+ArrowDown": "panDown",
    }),
    ...optional("p", "present: larger, on the whole screen", { p: "present" }),
    ...optional("?", "these keys", { "?": "help" }),
    ...optional("Esc", "close what is open", { Escape: "close" }),
  ];
}

/** Listen to the keys of a table wherever the focus is in the widget.
 * @type {(root: HTMLElement, shortcuts: Shortcut[], signal: AbortSignal) => void} */
export function handleKeys(root, shortcuts, signal) {
  const acts = Object.assign({}, ...shortcuts.map(({ keys }) => keys));
  root.addEventListener(
    "keydown",
    (event) => {
      const key = nameOfKey(event);
      if (event.defaultPrevented || !(key in acts) || isTaken(event)) return;
      if (acts[key]() === false) return; // nothing to close
      event.preventDefault();
      event.stopPropagation();
    },
    { signal },
  );
  keepShortcutsAway(root, signal);
}

/** The name of a key in the table; Shift is a part of what it types.
 * @param {{key: string, altKey: boolean, ctrlKey: boolean, metaKey: boolean,
 *          shiftKey: boolean}} event */
export function nameOfKey({ key, altKey, ctrlKey, metaKey, shiftKey }) {
  if (ctrlKey || metaKey) return "";
  const shift = shiftKey && key.length > 1 ? "Shift+" : "";
  return `${altKey ? "Alt+" : ""}${shift}${key}`;
}

/** Whether a key belongs to the control that has the focus: any to a text that is edited, but Esc;
 * and Space to a button that was reached by key.
 * @param {KeyboardEvent} event */
function isTaken({ target, key }) {
  if (!(target instanceof Element)) return false;
  if (isEdited(target)) return key !== "Escape";
  const isButton = target.matches("button, select, [role=button], [role=switch]");
  return key === " " && isButton && target.matches(":focus-visible");
}

/** @param {Element} element */
function isEdited(element) {
  const text = "input:not([type=range], [type=checkbox]), textarea, [contenteditable=true]";
  return element.closest(text) !== null;
}

/** JupyterLab's shortcuts stay away from whatever has the focus here, but those with Ctrl or ⌘.
 * @type {(root: HTMLElement, signal: AbortSignal) => void} */
function keepShortcutsAway(root, signal) {
  const mark = (/** @type {Event} */ { target }) => {
    root.removeAttribute(SUPPRESS_SHORTCUTS); // it counts for all that is inside
    if (target instanceof Element) target.setAttribute(SUPPRESS_SHORTCUTS, "true");
  };
  const isForPage = (/** @type {KeyboardEvent} */ { key }) => key === "Control" || key === "Meta";
  root.addEventListener("focusin", mark, { signal });
  root.addEventListener("keyup", (event) => isForPage(event) && mark(event), { signal });
  root.addEventListener(
    "keydown",
    (event) => {
      const { target } = event;
      if (isForPage(event) && target instanceof Element) target.removeAttribute(SUPPRESS_SHORTCUTS);
    },
    { signal },
  );
}

// Help -------------------------------------------------------------------------------------------

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
  const keys = shortcuts.map((each) => createRow([createKeycap(each)], each.words));
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

/** A key; one that does a single thing can be pressed here, too: a finger has no keys.
 * @param {Shortcut} shortcut */
function createKeycap({ shown, words, keys }) {
  const cap = createElement("kbd", {}, shown);
  const [act, ...others] = Object.values(keys);
  if (!act || others.length) return cap;
  const button = createElement("button", { type: "button", "aria-label": words }, cap);
  button.addEventListener("click", () => act());
  return button;
}

/** @type {(look: string, drawing: string) => Node} */
function createSign(look, drawing) {
  const isPath = drawing.startsWith("M");
  const shape = isPath
    ? createSvgElement("path", { class: look, d: drawing })
    : createSvgElement("text", { class: `text ${look}`, x: 0, y: 13 }, drawing);
  return createSvgElement("svg", { width: 46, height: 16 }, shape);
}

/** Open and close it by its button; the focus goes in, and back.
 * @type {(help: HTMLElement, button: HTMLElement) => {toggle(): void, close(): boolean}} */
export function connectHelp(help, button) {
  /** @type {Element | null} */
  let before = null;
  const setOpen = (/** @type {boolean} */ isOpen) => {
    help.hidden = !isOpen;
    button.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) {
      before = document.activeElement;
      focusOn(help);
      help.scrollIntoView({ block: "nearest" });
    } else focusOn(before);
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
