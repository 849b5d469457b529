// @ts-check
/**
 * What a screen reader is told: where a change ends, once it has settled, and not all on its way.
 */
import { createElement, createTimer } from "./dom.js";
import { currentText } from "./step_line_row.js";

/** @import {Store} from "./store.js" */

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

  /**
   * Say it when nothing changes any more.
   * @param {string} words  that come before what the step line says
   */
  settle(words = this.words) {
    this.words = words;
    this.timer.start(SAID_MS, () => {
      this.element.textContent = `${this.words} ${currentText(this.store)}`.trim();
      this.words = "";
    });
  }
}
