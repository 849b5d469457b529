// @ts-check
/**
 * What a page has in common with Python, `nbgrad/widgets/explorer.py`: the traits, who hears of
 * their changes and of what follows from them; and which of the views among them is shown.
 *
 * @import {Entry} from "./entries.js"
 * @import {Fold} from "./folding.js"
 * @import {View, Wanted} from "./store.js"
 * @import {Answers} from "./withhold.js"
 *
 * @typedef {{name: string, words: string, open: boolean, exit: string, members: string[]}} Group
 * @typedef {{key: string, width: number, layout: string, opened: string[], svg: string,
 *            rules: [string, string, string, Record<string, any>?][], folds: Fold[][],
 *            groups: Group[], size: [number, number], overview: string,
 *            entered: boolean}} View
 *   a scene that Python has laid out for a width, a layout and a set of opened groups
 * @typedef {{name: string, inputs: Record<string, Entry[]>, seeds: Record<string, Entry[]>, stopped: string[],
 *            opened: string[], step: number, layout_name: string, hidden: string,
 *            answers: Answers, message: string, wrong: string,
 *            arrays: Record<string, unknown>,
 *            program: Record<string, unknown> | null, views: Record<string, View>,
 *            answer: any, call: import("./code_line.js").Call}} Traits
 *   `answer` is what Python computes where the page has no program
 * @typedef {"view" | "trace" | "focus" | "frame" | "why" | "touch" |
 *           "small" | "said"} Derived
 *   another scene; other numbers; another card in focus; a frame has been painted; an adjoint is
 *   asked for; fingers have come, or a mouse; blocks have come for cards, or cards; something could
 *   not be done
 * @typedef {{get<Name extends keyof Traits>(name: Name): Traits[Name],
 *            set<Name extends keyof Traits>(name: Name, value: Traits[Name]): void,
 *            save_changes(): void, send?(message: unknown): void,
 *            on(event: string, callback: (...args: any[]) => void): void,
 *            off(event: string, callback: (...args: any[]) => void): void}} Model
 *   what anywidget gives, and what stands in for it in a saved page
 */

export class SharedState {
  /** @param {Model} model
   * @param {AbortSignal} signal  aborted when the page is closed; ends every listener and timer */
  constructor(model, signal) {
    this.model = model;
    this.signal = signal;
    /** @type {Map<Derived, (() => void)[]>} */
    this.listeners = new Map();
  }

  /** @template {keyof Traits} Name
   * @param {Name} name
   * @returns {Traits[Name]} */
  get(name) {
    return this.model.get(name);
  }

  /** @template {keyof Traits} Name
   * @param {Name} name
   * @param {Traits[Name]} value */
  set(name, value) {
    this.model.set(name, value);
    this.model.save_changes();
  }

  /** Call back after every change of one of these traits, also when Python makes it.
   * @type {(names: (keyof Traits)[], callback: () => void) => void} */
  observe(names, callback) {
    for (const name of names) {
      this.model.on(`change:${name}`, callback);
      this.signal.addEventListener("abort", () => this.model.off(`change:${name}`, callback));
    }
  }

  /** Call back at once, and after every change of what follows from the traits.
   * @type {(names: Derived[], callback: () => void) => void} */
  on(names, callback) {
    for (const name of names) {
      this.listeners.set(name, [...(this.listeners.get(name) ?? []), callback]);
    }
    callback();
  }

  /** @param {Derived} name */
  tell(name) {
    for (const callback of this.listeners.get(name) ?? []) {
      try {
        callback();
      } catch (error) {
        reportError(error); // in the console; the others hear all the same
      }
    }
  }
}

// Views, which `nbgrad/widgets/views.py` lays out ------------------------------------------------

// Of the columns that pictures are laid out for.
const VIEW_WIDTHS = [878, 760, 640, 520, 360];

export const NARROW = 640; // the widest view in which ladders are folded

/** The width that a view is wanted for: no text is made smaller. @param {number} width */
export function widthClassOf(width) {
  return VIEW_WIDTHS.find((each) => each <= width) ?? VIEW_WIDTHS.at(-1) ?? width;
}

/** The name of a view, `key_of` in Python. @type {(wanted: Wanted) => string} */
export function viewKey({ width, layout, opened }) {
  return `${width} ${layout} ${JSON.stringify(opened)}`;
}

/** The views of one layout with these groups open, the widest first.
 * @type {(views: Record<string, View>, wanted: Wanted) => View[]} */
export function viewsLike(views, wanted) {
  const alike = Object.values(views).filter(
    (each) => viewKey({ ...each, width: wanted.width }) === viewKey(wanted),
  );
  return alike.sort((a, b) => b.width - a.width);
}

/** Of these, the widest that is not too wide; else the narrowest.
 * @type {(views: Record<string, View>, wanted: Wanted) => View | undefined} */
export function nearestView(views, wanted) {
  const alike = viewsLike(views, wanted);
  return alike.find((each) => each.width <= wanted.width) ?? alike.at(-1);
}

/** The opened groups of a view that is there and opens, or closes, one group too.
 * @type {(views: Record<string, View>, layout: string, name: string, opens: boolean) =>
 *        string[] | null} */
export function openedIn(views, layout, name, opens) {
  const found = Object.values(views).find(
    (view) => view.layout === layout && view.opened.includes(name) === opens,
  );
  return found?.opened ?? null;
}
