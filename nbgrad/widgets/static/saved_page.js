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
    if (this.state[name] === value) return;
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

/** In a notebook with a kernel, the widget comes within this time, and hides this page. */
const WIDGET_DELAY_MS = 1000;

/**
 * Put a live picture in the place of the still one, once somebody can see it.
 * @param {string} id  of the place
 * @param {() => Promise<Record<string, any>>} readState
 */
export function startPage(id, readState) {
  for (const place of document.querySelectorAll(`[id="${id}"]:not([data-live])`)) {
    const controller = new AbortController();
    const start = async () => {
      if (controller.signal.aborted) return;
      controller.abort();
      place.setAttribute("data-live", "");
      const model = new SavedModel(withViews(await readState()));
      place.replaceChildren();
      render({ model: /** @type {any} */ (model), el: /** @type {HTMLElement} */ (place) });
    };
    startWhenSeen(place, start, controller.signal);
    for (const event of ["pointerenter", "focusin"]) {
      place.addEventListener(event, start, { signal: controller.signal });
    }
  }
}

/** @type {(place: Element, start: () => void, signal: AbortSignal) => void} */
function startWhenSeen(place, start, signal) {
  const delay = place.closest(".jp-OutputArea") ? WIDGET_DELAY_MS : 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const observer = new IntersectionObserver((entries) => {
    clearTimeout(timer);
    if (entries.some((entry) => entry.isIntersecting)) timer = setTimeout(start, delay);
  });
  observer.observe(place);
  signal.addEventListener("abort", () => observer.disconnect());
}

/**
 * The state, in which a view that looks like another one is there as the name of that.
 * @param {Record<string, any>} state
 */
function withViews(state) {
  for (const [key, view] of Object.entries(state.views)) {
    if (typeof view === "string") state.views[key] = state.views[view];
  }
  return state;
}
