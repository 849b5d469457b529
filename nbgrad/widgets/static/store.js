// @ts-check
/**
 * The store: what a learner can change, and everything that follows from it.
 *
 * Inputs, seeds, stops, opened groups and the step are traits, shared with Python where there is a
 * kernel; in a saved page an object that remembers them stands in its place. From them follow the
 * trace and the styles, computed here from the program, once a frame however many changes came.
 */
import { fromEntries, seedsAmong, startsOf } from "./entries.js";
import { folded } from "./folding.js";
import { Program } from "./program.js";
import {
  NARROW, nearestView, openedIn, SharedState, viewKey, viewsLike, widthClassOf,
} from "./shared_state.js";
import { styled } from "./template.js";
import { Trace } from "./trace.js";
import { askedNodes, foundTrace, isFound, knownStyles } from "./withhold.js";

/** @typedef {import("./forms.js").Style} Style
 * @typedef {import("./entries.js").Entry} Entry
 * @typedef {import("./shared_state.js").Group} Group
 * @typedef {import("./shared_state.js").Model} Model
 * @typedef {import("./shared_state.js").View} View
 * @typedef {{width: number, layout: string, opened: string[]}} Wanted
 * @typedef {{trait: "inputs" | "seeds", label: string, index: number | null}} Place
 *   of an entry: which array, and which of its elements; null for all of them
 * @typedef {{node: string, edge?: string, cell?: number, lane?: "value" | "adjoint"}} Focus
 *   what somebody looks at: a card, one of its lanes, and a cell of an array in it */

export class Store extends SharedState {
  /** @param {Model} model
   * @param {AbortSignal} signal  aborted when the page is closed; ends every listener and timer */
  constructor(model, signal) {
    super(model, signal);
    /** The name of this page among those of one explorer, each of which wants its own view. */
    this.page = `${Math.random()}`;
    /** What is looked at; null for nothing. @type {Focus | null} */
    this.focus = null;
    /** The adjoint that is asked for: the id of its node. @type {string | null} */
    this.why = null;
    /** The width that there is for the picture. */
    this.width = 878;
    /** Whether ladders are folded, as in a narrower picture, although there is room for them. */
    this.foldsLadders = false;
    /** Whether a large graph is seen as cards in a plane without an end, not as its overview. */
    this.whole = false;
    /** Whether it is seen so small that blocks stand for its cards. */
    this.isSmall = false;
    /** Whether the last pointer was a finger. */
    this.touch = false;
    /** The view that is waited for. @type {Wanted | null} */
    this.missing = null;
    const json = model.get("program");
    this.program = json && new Program(json);
    this.starts = startsOf(this.program);
    /** The last arrays without a bad entry. */
    this.good = this.starts;
    /** What could not be done last, here and not in Python. */
    this.said = "";
    /** Why an operation did not take its operands, if one did not. */
    this.refused = "";
    /** @type {View} */
    this.view = /** @type {View} */ (Object.values(model.get("views"))[0]);
    this.view = this.findView();
    this.change = { view: false, trace: false };
    /** The trace before the last change, or at the beginning of a drag. @type {Trace | null} */
    this.before = null;
    this.isDragging = false;
    /** What would be seen without stops, once somebody asks for it. @type {Trace | null} */
    this.withoutStops = null;
    /** Everything that was computed. @type {Trace} */
    this.computed = this.first();
    const { trace, everything, styles, seen, clock } = this.style();
    /** What a learner may know of it: without the adjoints to be predicted. @type {Trace} */
    this.trace = trace;
    /** The trace as it is folded, with what is to be predicted. @type {Trace} */
    this.everything = everything;
    /** @type {Record<string, Style>} */
    this.styles = styles;
    /** The trace as it is folded. @type {Trace} */
    this.seen = seen;
    /** After how many steps of the trace each step of `seen` has happened. @type {number[]} */
    this.clock = clock;
    const numbers = /** @type {const} */ (["inputs", "seeds", "arrays", "stopped", "answer"]);
    this.observe([...numbers], () => this.request("trace"));
    this.observe(["hidden", "answers"], () => this.request("trace"));
    this.observe(["opened", "layout_name", "views"], () => this.request("view"));
  }

  // What follows ------------------------------------------------------------------------------

  /** Everything is computed once before the next frame. @param {"view" | "trace"} what */
  request(what) {
    const isWaiting = this.change.view || this.change.trace;
    this.change[what] = true;
    if (!isWaiting) requestAnimationFrame(() => this.signal.aborted || this.update());
  }

  /** The scene is mounted once more, though it is the same. */
  mountAgain() {
    this.view = { ...this.view, key: "" };
    this.request("view");
  }

  update() {
    const last = this.view;
    const { view, trace } = this.change;
    // First: where something below fails, the next change is to be painted all the same.
    this.change = { view: false, trace: false };
    if (view) this.view = this.findView();
    this.compute(trace);
    // Views that come are no reason to mount the same scene again.
    if (this.view.key !== last.key || this.view.svg !== last.svg) this.tell("view");
    this.tell("trace");
    this.tell("frame");
  }

  /** The trace, if numbers have changed, and the styles. @param {boolean} isChanged */
  compute(isChanged) {
    if (isChanged) {
      if (!this.isDragging) this.before = this.trace;
      this.computed = this.lastOrNext();
    }
    this.withoutStops = null;
    Object.assign(this, this.style());
  }

  /** The first trace; of the numbers to begin with, where a page is opened on refused ones. */
  first() {
    try {
      return this.run();
    } catch (error) {
      if (!this.program) throw error;
      this.refused = refusal(error);
      return this.program.run({ ...this.starts, stopped: this.get("stopped") });
    }
  }

  /** The trace of the moment; where an operation refuses its operands, the last one. */
  lastOrNext() {
    try {
      this.refused = "";
      return this.run();
    } catch (error) {
      this.refused = refusal(error);
      return this.computed;
    }
  }

  /** The trace of the inputs and seeds of the moment. @type {(stopped?: string[]) => Trace} */
  run(stopped = this.get("stopped")) {
    if (!this.program) return Trace.fromJson(this.get("answer").trace);
    return this.program.run({ ...this.given(), stopped });
  }

  /** The arrays of inputs and seeds; in place of what is no number, the last that was one. */
  given() {
    const { inputs, seeds } = this.starts;
    const arrays = this.get("arrays");
    this.good = {
      inputs: fromEntries(inputs, this.get("inputs"), arrays, this.good.inputs),
      seeds: fromEntries(seeds, this.get("seeds"), seedsAmong(arrays), this.good.seeds),
    };
    return this.good;
  }

  /** Whether adjoints are to be predicted. */
  get isAsking() {
    return Boolean(this.get("hidden"));
  }

  /** The nodes whose adjoints the view asks for, found or not. */
  get asked() {
    return askedNodes(this.view.rules, this.everything);
  }

  /** What would be seen with nothing stopped; null where the page cannot compute it. */
  unstopped() {
    if (this.program) this.withoutStops ??= folded(this.run([]), this.view.folds).trace;
    return this.withoutStops;
  }

  /** The styles of the scene; of what is to be predicted, question marks. Once all that the view
   * asks for is found, so is the rest.
   * @returns {{trace: Trace, everything: Trace, styles: Record<string, Style>, seen: Trace,
   *            clock: number[]}} */
  style() {
    const { rules } = this.view;
    const { styles: all, seen: everything, clock } = this.styleAll();
    const answers = this.get("answers");
    const asked = this.isAsking ? askedNodes(rules, everything) : [];
    const isOver = asked.length > 0 && asked.every((node) => isFound(everything, node, answers));
    if (!this.isAsking || isOver) {
      return { trace: this.computed, everything, styles: all, seen: everything, clock };
    }
    const seen = foundTrace(everything, answers);
    const styles = knownStyles(rules, everything, seen, clock, all);
    return { trace: foundTrace(this.computed, answers), everything, styles, seen, clock };
  }

  /** The styles of elements that are painted beside those of the scene.
   * @param {readonly import("./facts.js").Rule[]} rules */
  moreStyles(rules) {
    return knownStyles(rules, this.everything, this.seen, this.clock);
  }

  /** The styles of all that was computed, by the page or by Python. */
  styleAll() {
    if (this.program) return styled(this.view, this.computed);
    const { views } = this.get("answer");
    const { styles, seen, clock } = views[this.view.key] ?? Object.values(views)[0];
    return { styles, seen: Trace.fromJson(seen), clock };
  }

  /** Whether anybody computes: the page, or Python. */
  get canCompute() {
    return this.program !== null || this.model.send !== undefined;
  }

  // Views -------------------------------------------------------------------------------------

  /** The view for the width, the layout and the opened groups; Python lays out what is not there.
   * @returns {View} */
  findView() {
    const wanted = this.wanted();
    const found = this.get("views")[viewKey(wanted)];
    this.missing = found ? null : wanted;
    const isAnswered = this.program || this.get("answer").views[viewKey(wanted)];
    if (!(found && isAnswered)) this.model.send?.({ want: { page: this.page, ...wanted } });
    return found ?? nearestView(this.get("views"), wanted) ?? this.view;
  }

  /** @param {Partial<Wanted>} other  what is wanted otherwise than now @returns {Wanted} */
  wanted(other = {}) {
    const layout = this.get("layout_name");
    if (this.whole && layout === "overlay") return { width: 878, layout: "whole", opened: [] };
    const width = this.foldsLadders ? Math.min(this.widthClass, NARROW) : this.widthClass;
    return { width, layout, opened: this.get("opened"), ...other };
  }

  /** Whether a view is there, be it for another width, or Python can be asked for it.
   * @param {Partial<Wanted>} other */
  canShow(other) {
    const isThere = viewsLike(this.get("views"), this.wanted(other)).length > 0;
    return isThere || this.model.send !== undefined;
  }

  get widthClass() {
    return widthClassOf(this.width);
  }

  /** @param {number} width  of the container */
  setWidth(width) {
    const old = this.widthClass;
    this.width = width;
    if (this.widthClass !== old) this.request("view");
  }

  // Steps -------------------------------------------------------------------------------------

  /** How many steps a learner walks through: those of what is seen. */
  get steps() {
    return this.seen.steps.length;
  }

  /** The step after the last one shows everything, with nothing at work. */
  get finalStep() {
    return this.steps + 1;
  }

  /** How many steps of what is seen have happened. */
  get step() {
    const { shown, clock } = this;
    if (shown > (clock.at(-1) ?? 0)) return this.finalStep;
    const next = clock.findIndex((time) => time > shown);
    return next < 0 ? this.steps : Math.max(0, next - 1);
  }

  /** How many steps of the whole trace have happened, by which styles are timed. */
  get shown() {
    return this.get("step");
  }

  /** @param {number} step  of what is seen */
  seek(step) {
    const { clock } = this;
    this.set("step", clock[Math.max(0, step)] ?? (clock.at(-1) ?? 0) + 1);
  }

  // Acts --------------------------------------------------------------------------------------

  /** @type {(place: Place, entry: Entry) => void} */
  setEntry(place, entry) {
    this.setEntries(place, [entry]);
  }

  /** One entry for each element, or one for all. @type {(place: Place, given: Entry[]) => void} */
  setEntries({ trait, label, index }, given) {
    const entries = this.get(trait);
    const old = entries[label] ?? [];
    const changed = old.map((each, i) =>
      index === null ? given[i] ?? given[0] ?? each : i === index ? given[0] ?? each : each);
    if (changed.every((each, i) => each === old[i])) return;
    this.set(trait, { ...entries, [label]: changed });
  }

  /** @param {Place} place @returns {Entry} */
  entryAt({ trait, label, index }) {
    return this.get(trait)[label]?.[index ?? 0] ?? "";
  }

  /** While somebody drags, "was" is the number at the beginning of the drag. */
  startDrag() {
    this.before = this.trace;
    this.isDragging = true;
  }

  endDrag() {
    if (!this.isDragging) return;
    if (this.change.trace) this.update(); // the last move still belongs to the drag
    this.isDragging = false;
  }

  /** @param {string} node */
  toggleStop(node) {
    if (this.canCompute) this.set("stopped", toggled(this.get("stopped"), node));
  }

  /** Whether it is the width alone that opens or folds a group. @param {string} name */
  isLadder(name) {
    const wide = this.get("views")[viewKey({ ...this.wanted(), width: this.widthClass })];
    return this.foldsLadders
      ? wide !== undefined && !wide.groups.some((group) => group.name === name)
      : !this.view.groups.some((group) => group.name === name);
  }

  /** @param {string} name  of a group */
  toggleGroup(name) {
    if (this.isLadder(name)) {
      this.foldsLadders = !this.foldsLadders;
      return this.request("view");
    }
    const opened = this.shownWith(toggled(this.get("opened"), name), name);
    if (opened) this.set("opened", opened);
    else this.say(`No kernel is running, and this page was saved without “${name}” unfolded.`);
  }

  /**
   * The opened groups, or without a kernel those of a view that is there and opens, or closes, this
   * one too; null if there is none.
   * @type {(opened: string[], name: string) => string[] | null}
   */
  shownWith(opened, name) {
    if (this.canShow({ opened })) return opened;
    return openedIn(this.get("views"), this.get("layout_name"), name, opened.includes(name));
  }

  /** @param {string} layout */
  setLayout(layout) {
    if (this.canShow({ layout })) this.set("layout_name", layout);
    else this.say(`No kernel is running, and this page was saved without the layout “${layout}”.`);
  }

  /** Zoom from the overview of a large graph to its cards, and back. @param {boolean} whole */
  setWhole(whole) {
    this.whole = whole;
    const isThere = this.model.send !== undefined || viewKey(this.wanted()) in this.get("views");
    if (isThere) return this.request("view");
    this.whole = false;
    this.say("No kernel is running, and this page was saved without the cards of this graph.");
  }

  /** @param {boolean} isSmall */
  setSmall(isSmall) {
    if (isSmall === this.isSmall) return;
    this.isSmall = isSmall;
    this.tell("small");
  }

  /** What could not be done, until something is. @param {string} words */
  say(words) {
    this.said = words;
    this.tell("said");
  }

  /** @template {keyof import("./shared_state.js").Traits} Name
   * @param {Name} name
   * @param {import("./shared_state.js").Traits[Name]} value */
  set(name, value) {
    super.set(name, value);
    if (this.said) this.say("");
  }

  /** @param {string | null} node */
  setWhy(node) {
    this.why = node;
    this.tell("why");
  }

  /** @param {string} node */
  toggleWhy(node) {
    this.setWhy(this.why === node ? null : node);
  }

  togglePrediction() {
    this.set("hidden", this.get("hidden") ? "" : "adjoints");
  }

  /** @param {boolean} touch */
  setTouch(touch) {
    if (touch === this.touch) return;
    this.touch = touch;
    this.tell("touch");
  }

  /** @param {Focus | null} focus */
  setFocus(focus) {
    this.focus = focus;
    this.tell("focus");
  }
}

/** Why an operation did not take its operands, in one line. @param {unknown} error */
function refusal(error) {
  return error instanceof Error ? error.message.split("\n")[0] ?? "" : "";
}

/** @type {(items: string[], item: string) => string[]} */
function toggled(items, item) {
  return items.includes(item) ? items.filter((each) => each !== item) : [...items, item];
}
