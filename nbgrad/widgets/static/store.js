// @ts-check
/**
 * The store: what a learner can change, and everything that follows from it.
 *
 * Inputs, seeds, stops, opened groups and the step are traits, shared with Python where there is a
 * kernel; in a saved page an object that remembers them stands in its place. From them follow the
 * trace and the styles, computed here from the program, once a frame however many changes came.
 */
import { fromEntries } from "./entries.js";
import { Program } from "./program.js";
import { styled } from "./template.js";
import { Trace } from "./trace.js";

/**
 * @typedef {import("./arrays.js").Arr} Arr
 * @typedef {import("./forms.js").Style} Style
 * @typedef {string | number} Entry  what a field holds
 * @typedef {{name: string, words: string, open: boolean, exit: string, members: string[]}} Group
 * @typedef {{key: string, width: number, layout: string, opened: string[], svg: string,
 *            rules: [string, string, string, Record<string, unknown>][], folds: unknown[],
 *            groups: Group[], steps: number, overview: string}} View
 *   a scene that Python has laid out for a width, a layout and a set of opened groups
 * @typedef {{inputs: Record<string, Entry[]>, seeds: Record<string, Entry[]>, stopped: string[],
 *            opened: string[], step: number, layout: string, hidden: string,
 *            answers: Record<string, unknown>, message: string, wrong: string,
 *            arrays: Record<string, unknown>,
 *            program: Record<string, unknown> | null, views: Record<string, View>,
 *            answer: Record<string, unknown> | null}} Traits
 * @typedef {"view" | "trace" | "focus" | "frame"} Derived
 *   another scene; other numbers; another card in focus; a frame has been painted
 * @typedef {{node: string, edge?: string, cell?: number, lane?: "value" | "adjoint"}} Focus
 *   what somebody looks at: a card, one of its lanes, and a cell of an array in it
 * @typedef {{get<Name extends keyof Traits>(name: Name): Traits[Name],
 *            set<Name extends keyof Traits>(name: Name, value: Traits[Name]): void,
 *            save_changes(): void, send?(message: unknown): void,
 *            on(event: string, callback: (...args: any[]) => void): void,
 *            off(event: string, callback: (...args: any[]) => void): void}} Model
 *   what anywidget gives, and what stands in for it in a saved page
 */

export class Store {
  /**
   * @param {Model} model
   * @param {AbortSignal} signal  aborted when the page is closed; ends every listener and timer
   */
  constructor(model, signal) {
    this.model = model;
    this.signal = signal;
    /** @type {Map<Derived, (() => void)[]>} */
    this.listeners = new Map();
    /** What is looked at; null for nothing. @type {Focus | null} */
    this.focus = null;
    /** The width that there is for the picture. */
    this.width = 878;
    const json = model.get("program");
    this.program = json && new Program(json);
    this.view = this.findView();
    this.change = { view: true, trace: true };
    /** The trace before the last change, or at the beginning of a drag. @type {Trace | null} */
    this.before = null;
    this.isDragging = false;
    this.compute();
    this.observe(["inputs", "seeds", "arrays", "stopped", "answer"], () => this.request("trace"));
    this.observe(["opened", "layout", "views"], () => this.request("view"));
  }

  /**
   * @template {keyof Traits} Name
   * @param {Name} name
   * @returns {Traits[Name]}
   */
  get(name) {
    return this.model.get(name);
  }

  /**
   * @template {keyof Traits} Name
   * @param {Name} name
   * @param {Traits[Name]} value
   */
  set(name, value) {
    this.model.set(name, value);
    this.model.save_changes();
  }

  /**
   * Call back after every change of one of these traits, also when Python makes it.
   * @param {(keyof Traits)[]} names
   * @param {() => void} callback
   */
  observe(names, callback) {
    for (const name of names) {
      this.model.on(`change:${name}`, callback);
      this.signal.addEventListener("abort", () => this.model.off(`change:${name}`, callback));
    }
  }

  /**
   * Call back at once, and after every change of what follows from the traits.
   * @param {Derived[]} names
   * @param {() => void} callback
   */
  on(names, callback) {
    for (const name of names) {
      this.listeners.set(name, [...(this.listeners.get(name) ?? []), callback]);
    }
    callback();
  }

  /** @param {Derived} name */
  tell(name) {
    for (const callback of this.listeners.get(name) ?? []) callback();
  }

  // What follows ------------------------------------------------------------------------------

  /** Everything is computed once before the next frame. @param {"view" | "trace"} what */
  request(what) {
    const isWaiting = this.change.view || this.change.trace;
    this.change[what] = true;
    if (!isWaiting) requestAnimationFrame(() => this.signal.aborted || this.update());
  }

  update() {
    const { view } = this.change;
    if (view) this.view = this.findView();
    this.compute();
    if (view) this.tell("view");
    this.tell("trace");
    this.tell("frame");
  }

  /** The trace of the inputs, seeds and stops, and the styles of the scene for it. */
  compute() {
    if (this.change.trace) {
      const last = /** @type {Trace | undefined} */ (this.trace);
      if (last && !this.isDragging) this.before = last;
      this.trace = this.program
        ? this.program.run({
            inputs: fromEntries(this.program, "inputs", this.get("inputs"), this.get("arrays")),
            seeds: fromEntries(this.program, "seeds", this.get("seeds"), {}),
            stopped: this.get("stopped"),
          })
        : Trace.fromJson(/** @type {any} */ (this.get("answer")).trace);
    }
    const found = styled(this.view, /** @type {Trace} */ (this.trace));
    /** @type {Record<string, Style>} */
    this.styles = found.styles;
    /** The trace as it is folded. */
    this.seen = found.seen;
    /** After how many steps of the trace each step of `seen` has happened. */
    this.clock = found.clock;
    this.change = { view: false, trace: false };
  }

  /** The view for the width, the layout and the opened groups; Python lays out what is not there. */
  findView() {
    const views = this.get("views");
    const wanted = { width: this.widthClass, layout: this.get("layout"), opened: this.get("opened") };
    const found = views[viewKey(wanted)];
    if (!found && this.model.send) this.model.send({ want: wanted });
    return found ?? this.view ?? /** @type {View} */ (Object.values(views)[0]);
  }

  /** The width that views are laid out for: wide, medium, or a row for each card. */
  get widthClass() {
    return this.width >= 760 ? 878 : this.width >= 520 ? 640 : 360;
  }

  /** @param {number} width  of the container */
  setWidth(width) {
    const old = this.widthClass;
    this.width = width;
    if (this.widthClass !== old) this.request("view");
  }

  // Steps -------------------------------------------------------------------------------------

  get steps() {
    return this.seen?.steps.length ?? 0;
  }

  /** The step after the last one shows everything, with nothing at work. */
  get finalStep() {
    return this.steps + 1;
  }

  get step() {
    return Math.min(this.get("step"), this.finalStep);
  }

  /** @param {number} step */
  seek(step) {
    this.set("step", Math.max(0, Math.min(step, this.finalStep)));
  }

  // Acts --------------------------------------------------------------------------------------

  /** @type {(trait: "inputs" | "seeds", label: string, index: number, entry: Entry) => void} */
  setEntry(trait, label, index, entry) {
    const entries = this.get(trait);
    const changed = (entries[label] ?? []).map((old, i) => (i === index ? entry : old));
    this.set(trait, { ...entries, [label]: changed });
  }

  /** While somebody drags, "was" is the number at the beginning of the drag. */
  startDrag() {
    this.before = this.trace ?? null;
    this.isDragging = true;
  }

  endDrag() {
    this.isDragging = false;
  }

  /** @param {string} node */
  toggleStop(node) {
    this.toggle("stopped", node);
  }

  /** @param {string} name  of a group */
  toggleGroup(name) {
    this.toggle("opened", name);
  }

  /** @type {(trait: "stopped" | "opened", item: string) => void} */
  toggle(trait, item) {
    const items = new Set(this.get(trait));
    if (!items.delete(item)) items.add(item);
    this.set(trait, [...items]);
  }

  /** @param {Focus | null} focus */
  setFocus(focus) {
    this.focus = focus;
    this.tell("focus");
  }
}

/** @type {(wanted: {width: number, layout: string, opened: string[]}) => string} */
export function viewKey({ width, layout, opened }) {
  return `${width} ${layout} ${JSON.stringify(opened)}`;
}
