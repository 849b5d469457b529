// @ts-check
/**
 * An explorer where there is no kernel: in a saved page, a slide, a reopened notebook.
 *
 * What the widget has in common with Python elsewhere is here an object that remembers it. The
 * views that Python laid out are in the page; another one cannot be had.
 */
import { createTimer } from "./dom.js";
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

const WIDGET_DELAY_MS = 1000; // a widget takes about as long to be there
const MOST_DELAYS = 10; // with no kernel at all, JupyterLab loads a widget for ever

/** Put a live picture in the place of the still one, once somebody can see it.
 * @param {HTMLElement} place  with the still picture
 * @param {() => Promise<Record<string, any>>} readState */
export function startPage(place, readState) {
  const controller = new AbortController();
  const start = async () => {
    if (isWidgetThere(place)) return;
    controller.abort();
    if (place.hasAttribute("data-live")) return;
    place.setAttribute("data-live", "");
    const model = /** @type {any} */ (new SavedModel(withViews(await readState())));
    const still = [...place.children];
    render({ model, el: place });
    for (const each of still) each.remove(); // it stays where that has failed
  };
  startWhenSeen(place, start, controller.signal);
  for (const event of ["pointerenter", "focusin"]) {
    place.addEventListener(event, start, { signal: controller.signal });
  }
}

/** @type {(place: Element, start: () => void, signal: AbortSignal) => void} */
function startWhenSeen(place, start, signal) {
  const timer = createTimer(signal);
  let delays = 0;
  const decide = () => {
    if (isWidgetComing(place) && ++delays < MOST_DELAYS) timer.start(WIDGET_DELAY_MS, decide);
    else start();
  };
  const observer = new IntersectionObserver((entries) => {
    timer.stop();
    if (!entries.some((entry) => entry.isIntersecting)) return;
    timer.start(outputOf(place) ? WIDGET_DELAY_MS : 0, decide);
  });
  observer.observe(place);
  signal.addEventListener("abort", () => observer.disconnect());
}

/** The output of a running notebook that a page is in. @param {Element} place */
function outputOf(place) {
  return place.closest(".lm-Widget .jp-OutputArea-child");
}

/** Whether the widget is in the next output, so that the page is hidden. @param {Element} place */
function isWidgetThere(place) {
  return Boolean(outputOf(place)?.nextElementSibling?.querySelector(".nbgrad-explorer"));
}

/** Whether a notebook is about to show the widget, which is the next output, and hides this page.
 * @param {Element} place */
function isWidgetComing(place) {
  const next = outputOf(place)?.nextElementSibling;
  return Boolean(next) && !next?.textContent?.includes("Error displaying widget");
}

/** The state as Python has packed it: pictures beside the views, and for a view that looks like
 * another one its name. See `widgets/bundle.py`.
 * @param {Record<string, any>} packed */
function withViews({ views, pictures, ...state }) {
  for (const [key, svg] of Object.entries(pictures)) views[key].svg = svg;
  for (const key in views) if (typeof views[key] === "string") views[key] = views[views[key]];
  return { ...state, views };
}
