// @ts-check
/**
 * What is said beside the step line: the message, on what could not be set, taken or had without a
 * kernel; and for a screen reader, where a change ends.
 *
 * @import {Store} from "./store.js"
 */

import { createElement, createTimer } from "./dom.js";
import { currentText } from "./step_line_row.js";

// On the screen ----------------------------------------------------------------------------------

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

// To a screen reader: once a change has settled, and not all on its way --------------------------

const SAID_MS = 600;

export class Announcement {
  /** @param {Store} store */
  constructor(store) {
    this.store = store;
    this.element = createElement("div", { class: "screen-reader-only", role: "status" });
    this.timer = createTimer(store.signal);
    /** What comes before the words of the step line. */
    this.words = "";
    let isFirst = true; // nobody has changed anything yet
    const settle = () => isFirst || this.settle();
    store.observe(["step"], settle);
    store.on(["trace", "why"], settle);
    isFirst = false;
  }

  /** Say it when nothing changes any more.
   * @param {string} words  that come before what the step line says */
  settle(words = this.words) {
    this.words = words;
    this.timer.start(SAID_MS, () => {
      this.element.textContent = `${this.words} ${currentText(this.store)}`.trim();
      this.words = "";
    });
  }
}
