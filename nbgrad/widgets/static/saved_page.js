// @ts-check
/**
 * An explorer in a page: in a notebook, a slide, a saved file.
 *
 * Where a kernel runs, Python has the explorer too, and its pages are in step with it. Elsewhere an
 * object remembers what they would have in common. The views that Python laid out are in the page;
 * another one cannot be had there.
 *
 * @import {Model} from "./shared_state.js"
 */
import { createTimer } from "./dom.js";
import { render } from "./explorer.js";

const BEGIN_DELAY_MS = 1000; // a notebook takes about as long until it has what Python has
const HAS_COME = "nbgrad-explorer";
const TEXT_OUTPUT = "jp-RenderedHTMLCommon";

/** The explorers that Python has, by name. @type {Map<string, Model>} */
const explorers = new Map();
/** The pages that are in step with one of them. @type {Set<Page>} */
const followers = new Set();
/** Where a page has been put. @type {WeakSet<Element>} */
const started = new WeakSet();

/** Python has an explorer: anywidget says so, whether or not it is shown.
 * @param {{model: Model}} context */
export function initialize({ model }) {
  const name = model.get("name");
  explorers.set(name, model);
  for (const place of document.querySelectorAll(`[data-explorer="${name}"]`)) {
    place.dispatchEvent(new Event(HAS_COME));
  }
  return () => explorers.delete(name);
}

/** Put a live picture in the place of the still one, once Python has it or somebody can see it.
 * @param {HTMLElement} place  with the still picture
 * @param {() => Promise<Record<string, any>>} readState */
export function startPage(place, readState) {
  for (const page of followers) page.leaveIfGone();
  if (!started.has(place)) new Page(place, readState);
  started.add(place);
}

class Page {
  /** @param {HTMLElement} place
   * @param {() => Promise<Record<string, any>>} readState */
  constructor(place, readState) {
    this.place = place;
    this.readState = readState;
    /** @type {SavedModel | null} */
    this.saved = null;
    this.close = () => {};
    const timer = createTimer(new AbortController().signal);
    new IntersectionObserver((entries) => {
      timer.stop();
      if (!entries.some((entry) => entry.isIntersecting) || this.follow()) return;
      timer.start(isInNotebook(place) ? BEGIN_DELAY_MS : 0, () => this.begin());
    }).observe(place);
    place.addEventListener(HAS_COME, () => this.follow());
    for (const event of ["pointerenter", "focusin"]) {
      place.addEventListener(event, () => this.follow() || this.begin());
    }
    this.follow();
  }

  /** Be in step with the explorer that Python has, if it has one. */
  follow() {
    const model = explorers.get(this.place.dataset.explorer ?? "");
    if (model && !followers.has(this)) {
      followers.add(this);
      this.saved?.follow(model);
      // Where the page computes, it is the same page as before, and who types in it goes on.
      if (!this.saved?.state.program) this.show(model);
    }
    return model !== undefined;
  }

  /** Be in step with nobody. */
  async begin() {
    if (this.saved) return;
    const saved = (this.saved = new SavedModel());
    saved.state = withViews(await this.readState());
    if (!followers.has(this)) this.show(/** @type {any} */ (saved));
  }

  /** @param {Model} model */
  show(model) {
    const before = [...this.place.children];
    const close = render({ model, el: this.place });
    this.close();
    this.close = close;
    for (const each of before) each.remove(); // it stays where that has failed
    this.place.setAttribute("data-live", "");
    // A notebook's margins, and its rules for tables and code, are not meant for controls.
    this.place.closest(`.${TEXT_OUTPUT}`)?.classList.remove(TEXT_OUTPUT);
  }

  /** A cell that runs again takes its page away; a notebook may bring it back. */
  leaveIfGone() {
    if (this.place.isConnected) return;
    this.close();
    this.saved = null;
    followers.delete(this);
  }
}

/** Whether there may be a kernel. @param {Element} place */
function isInNotebook(place) {
  return place.closest(".lm-Widget .jp-OutputArea-child") !== null;
}

/** What stands in for the explorer that Python has, until that comes. */
export class SavedModel {
  constructor() {
    /** The traits. @type {Record<string, any>} */
    this.state = {};
    /** The names of those that were moved. @type {Set<string>} */
    this.moved = new Set();
    /** @type {Map<string, Set<() => void>>} */
    this.callbacks = new Map();
    /** The explorer that Python has. @type {Model | null} */
    this.followed = null;
  }

  /** @param {string} name */
  get(name) {
    return this.followed ? this.followed.get(/** @type {any} */ (name)) : this.state[name];
  }

  /** @type {(name: string, value: unknown) => void} */
  set(name, value) {
    if (this.followed) return this.followed.set(/** @type {any} */ (name), value);
    if (this.state[name] === value) return;
    this.state[name] = value;
    this.moved.add(name);
    for (const callback of this.callbacks.get(`change:${name}`) ?? []) callback();
  }

  save_changes() {
    this.followed?.save_changes();
  }

  /** Nobody hears it before Python is there. */
  get send() {
    return this.followed?.send?.bind(this.followed);
  }

  /** @type {(event: string, callback: () => void) => void} */
  on(event, callback) {
    if (this.followed) return this.followed.on(event, callback);
    this.callbacks.set(event, (this.callbacks.get(event) ?? new Set()).add(callback));
  }

  /** @type {(event: string, callback: () => void) => void} */
  off(event, callback) {
    this.callbacks.get(event)?.delete(callback);
    this.followed?.off(event, callback);
  }

  /** From now on be that explorer: it gets what was moved here, and who listens here hears of all
   * that is otherwise there. @param {Model} model */
  follow(model) {
    for (const name of this.moved) model.set(/** @type {any} */ (name), this.state[name]);
    model.save_changes();
    this.followed = model;
    for (const [event, callbacks] of this.callbacks) {
      const name = event.slice("change:".length);
      for (const callback of callbacks) {
        model.on(event, callback);
        if (this.get(name) !== this.state[name]) callback();
      }
    }
  }
}

/** The state as Python has packed it: pictures beside the views, and for a view that looks like
 * another one its name. See `widgets/bundle.py`.
 * @param {Record<string, any>} packed */
function withViews({ views, pictures, ...state }) {
  for (const [key, svg] of Object.entries(pictures)) views[key].svg = svg;
  for (const key in views) if (typeof views[key] === "string") views[key] = views[views[key]];
  return { ...state, views };
}
