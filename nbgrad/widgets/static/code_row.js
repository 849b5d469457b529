// @ts-check
/** The code line: the call that gives the same numbers, what it prints, and a button to copy it. */
import { codeLine } from "./code_line.js";
import { createElement, createTimer } from "./dom.js";
import { keepHeight } from "./step_line_row.js";

/** @import {Store} from "./store.js" */

const COPIED_MS = 1500;
const LONGEST_READ = 330; // a longer call is copied, not read: of it stand three lines
const PRINTS = "  # → "; // a comment, so that all of it can be pasted

/** @param {Store} store */
export function createCodeRow(store) {
  const call = createElement("span", { class: "call" });
  const result = createElement("span", { class: "result" });
  const code = createElement("code", {}, call, PRINTS, result);
  const show = () => {
    const line = codeLine(store.get("call"), store.trace, store.get("stopped"));
    if (call.textContent !== line.code) call.textContent = line.code;
    code.classList.toggle("long", line.code.length > LONGEST_READ);
    if (result.textContent !== line.result) result.textContent = line.result;
  };
  store.observe(["call"], show);
  store.on(["trace"], show);
  const button = createCopyButton(store, code);
  const element = createElement("div", { class: "code-line" }, code, button);
  keepHeight(element, store.signal);
  return element;
}

/** @type {(store: Store, code: HTMLElement) => HTMLElement} */
function createCopyButton(store, code) {
  const button = createElement("button", { type: "button", class: "copy" }, "copy");
  const timer = createTimer(store.signal);
  button.addEventListener("click", async () => {
    button.textContent = (await isCopied(code)) ? "copied" : "selected";
    timer.start(COPIED_MS, () => (button.textContent = "copy"));
  });
  return button;
}

/**
 * Whether a text could be copied; where the page may not, it is selected.
 * @param {HTMLElement} code
 */
async function isCopied(code) {
  try {
    await navigator.clipboard.writeText(code.textContent ?? "");
    return true;
  } catch {
    getSelection()?.selectAllChildren(code);
    return false;
  }
}
