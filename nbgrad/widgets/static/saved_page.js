// @ts-check
/**
 * An explorer where there is no kernel: in a saved page, a slide, a reopened notebook.
 *
 * What the widget has in common with Python elsewhere is here an object that remembers it. The
 * views that Python laid out are in the page; another one cannot be had.
 */
import { render } from "./explorer.js";

export class SavedModel {
  /** @param {Record<string, any>} state  the traits */
  constructor(state) {
    this.state = state;
    /** @type {Map<string, Set<() => void>>} */
    this.callbacks = new Map();
  }

  /** @param {string} name */
  get(name) {
    return this.state[name];
  }

  /** @type {(name: string, value: unknown) => void} */
  set(name, value) {
    this.state[name] = value;
    for (const callback of this.callbacks.get(`change:${name}`) ?? []) callback();
  }

  save_changes() {}

  /** @type {(event: string, callback: () => void) => void} */
  on(event, callback) {
    this.callbacks.set(event, (this.callbacks.get(event) ?? new Set()).add(callback));
  }

  /** @type {(event: string, callback: () => void) => void} */
  off(event, callback) {
    this.callbacks.get(event)?.delete(callback);
  }
}

/**
 * Put a live picture in the place of the still one, once somebody can see it.
 * @param {HTMLElement} place  with the still picture
 * @param {() => Promise<Record<string, any>>} readState
 */
export function startPage(place, readState) {
  const observer = new IntersectionObserver(async (entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    const model = new SavedModel(await readState());
    place.replaceChildren();
    render({ model: /** @type {any} */ (model), el: place });
  });
  observer.observe(place);
}
