// @ts-check
/**
 * The message: what Python could not set, what an operation does not take, and what cannot be had
 * without a kernel. Said once.
 *
 * @import {Store} from "./store.js"
 */

import { createElement, createTimer } from "./dom.js";

const PATIENCE_MS = 5000; // a kernel that is busy may take this long to lay out a view
const NO_ANSWER = "No kernel answers: run the cell again for other layouts and groups. "
  + "Numbers, seeds and stops go on to work.";
const NOTHING_COMPUTES = "Read only: the kernel is not running. Steps can still be walked through.";

/** @param {Store} store */
export function createMessage(store) {
  const element = createElement("div", { class: "message", role: "alert" });
  const timer = createTimer(store.signal);
  const show = (/** @type {string} */ words) => {
    if (element.textContent !== words) element.textContent = words; // which is read out each time
    element.hidden = !words;
  };
  const saying = () => store.said || store.get("message") || store.refused;
  const follow = () =>
    show(store.canCompute ? saying() : NOTHING_COMPUTES);
  let waiting = /** @type {unknown} */ (null);
  const wait = () => {
    if (store.missing === waiting) return;
    waiting = store.missing;
    timer.stop();
    follow();
    if (waiting && store.model.send) timer.start(PATIENCE_MS, () => show(NO_ANSWER));
  };
  store.on(["frame"], wait);
  store.on(["trace", "said"], follow);
  store.observe(["message"], follow);
  if (!store.program) {
    store.observe(["inputs", "seeds", "stopped"], () =>
      timer.start(PATIENCE_MS, () => show(NOTHING_COMPUTES)));
    store.observe(["answer"], () => (timer.stop(), follow()));
  }
  return element;
}
