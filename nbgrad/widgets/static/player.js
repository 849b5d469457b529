// @ts-check
/**
 * The player: which step is next, and when.
 *
 * A step that is gone forward is shown with its motion, one that is sought is shown at once.
 */
import { createTimer } from "./dom.js";

/** @import {Store} from "./store.js" */

export const SPEEDS = [1, 2, 0.5];
/** The length of a step at single speed: its motion, and some time to read. */
const INTERVAL_MS = 1500;

export class Player {
  /** @param {Store} store */
  constructor(store) {
    this.store = store;
    this.timer = createTimer(store.signal);
    this.isPlaying = false;
    this.speed = 1;
    /** Called after a step forward, with the motion of that step to be shown. */
    this.onAdvance = () => {};
    /** @type {(() => void)[]} */
    this.listeners = [];
  }

  /**
   * Call back at once, when it begins or ends to play, and at another speed.
   * @param {() => void} callback
   */
  listen(callback) {
    this.listeners.push(callback);
    callback();
  }

  get isAtEnd() {
    return this.store.step === this.store.finalStep;
  }

  /** @param {number} step */
  seek(step) {
    this.pause();
    this.store.seek(step);
  }

  /** One step forward. */
  advance() {
    this.pause();
    this.moveOn();
  }

  moveOn() {
    this.store.seek(this.store.step + 1);
    this.onAdvance();
  }

  pause() {
    this.timer.stop();
    this.setPlaying(false);
  }

  /** Play the steps one after the other, from the first if all are shown; or stop that. */
  toggle() {
    if (this.isPlaying) return this.pause();
    if (this.isAtEnd) this.store.seek(0);
    this.setPlaying(true);
    this.play();
  }

  play() {
    this.moveOn();
    if (this.isAtEnd) this.pause();
    else this.timer.start(INTERVAL_MS / this.speed, () => this.play());
  }

  /** The next of the speeds. */
  changeSpeed() {
    this.speed = SPEEDS[(SPEEDS.indexOf(this.speed) + 1) % SPEEDS.length] ?? 1;
    for (const listener of this.listeners) listener();
  }

  /** @param {boolean} isPlaying */
  setPlaying(isPlaying) {
    if (this.isPlaying === isPlaying) return;
    this.isPlaying = isPlaying;
    for (const listener of this.listeners) listener();
  }
}
