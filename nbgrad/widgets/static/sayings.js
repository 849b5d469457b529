// @ts-check
/**
 * What is said: the step line, which says what the step does, in symbols, numbers and result, each
 * in its role's colour; below it a message, on what could not be set, taken or had without a kernel;
 * and for a screen reader, where a change ends.
 *
 * In the place of the step stand, when they are asked for, the sum behind an adjoint ("why?"), total
 * and partial derivative where something is stopped, and the adjoint that is to be predicted.
 *
 * @import {LineOptions, Part} from "./line_parts.js"
 * @import {Picture} from "./picture.js"
 * @import {Store} from "./store.js"
 * @import {TraceNode} from "./trace.js"
 *
 * @typedef {{lines: (readonly Part[])[], title?: string, hint?: string}} Saying
 *   one or two sentences, a word before them, and what is said aside at the right
 */

import { createElement, createTimer, focusOn } from "./dom.js";
import { textOfParts, textPart } from "./line_parts.js";
import { areAlike } from "./paths.js";
import { stepLine } from "./step_line.js";
import { Trace } from "./trace.js";
import { comparedLines, firstChanged, whyLine } from "./why.js";
import { isFound, questionFor, UNKNOWN, withholdFrom } from "./withhold.js";
import { endLine, startLine } from "./words.js";

const MOST_RESULTS = 6; // gradients that are listed when all is done

/** @param {Store} store */
export function createStepLine(store) {
  const lines = createElement("div", { class: "lines" });
  const hint = createElement("span");
  const showAll = createElement("button", { type: "button", title: "h" }, "show all");
  showAll.addEventListener("click", () => {
    store.togglePrediction();
    focusOn(element.closest(".nbgrad-explorer")); // whose keys go on
  });
  const aside = createElement("div", { class: "hint" }, hint, showAll);
  const element = createElement("div", { class: "step-line" }, lines, aside);
  const show = () => {
    const saying = currentSaying(store);
    const title = saying.title ? [createElement("b", {}, saying.title), " "] : [];
    lines.replaceChildren(...saying.lines.map(createLine));
    lines.classList.toggle("compared", saying.lines.length > 1);
    lines.firstElementChild?.prepend(...title);
    hint.textContent = saying.hint ?? "";
    showAll.hidden = !store.isAsking;
    aside.hidden = showAll.hidden && !saying.hint;
  };
  store.observe(["step"], show);
  store.on(["trace", "why", "focus", "small"], show);
  keepHeight(element, store.signal);
  return element;
}

/** @param {readonly Part[]} parts */
function createLine(parts) {
  return createElement("div", { class: "line" }, ...parts.flatMap(partNodes));
}

/** A part, after the sign that joins it to the part before. @param {Part} part */
function partNodes({ text, role, before, strong, cut }) {
  const tag = cut ? "s" : strong ? "b" : "span";
  const look = role ? { class: `say-${role}` } : {};
  if (cut && before === " · ") return [createElement(tag, look, before + text)]; // in one stroke
  return [before, createElement(tag, look, text)];
}

// What is said ----------------------------------------------------------------------------------

/** What there is to say now. @type {(store: Store) => Saying} */
function currentSaying(store) {
  if (store.isAsking) return prediction(store);
  const { seen, why, step, finalStep } = store;
  const asked = why ? seen.nodesById.get(why) : undefined;
  if (asked) return reason(store, asked);
  if (step === finalStep) return ending(store);
  return split(step === 0 ? startLine(seen) : stepLine(seen, step));
}

/** It as plain text. @param {Store} store */
function currentText(store) {
  const { title = "", lines } = currentSaying(store);
  return `${title} ${lines.map(textOfParts).join("; ")}`.trim();
}

/** The sum over all paths out of a node; two sums where some of its paths are cut.
 * @type {(store: Store, node: TraceNode) => Saying} */
function reason(store, node) {
  const whole = unstoppedTrace(store);
  if (whole && isChangedAt(whole, store.seen, node.id)) return compared(store, whole, node.id);
  return { ...split(whyLine(store.seen, node.id)), title: "Why?" };
}

/** What is said when all is done: where something is stopped, what that has changed.
 * @type {(store: Store) => Saying} */
function ending(store) {
  const { seen, focus } = store;
  const whole = unstoppedTrace(store);
  if (whole) {
    const isAtFocus = focus !== null && isChangedAt(whole, seen, focus.node);
    const changed = isAtFocus ? focus.node : firstChanged(whole, seen);
    const saying = changed ? compared(store, whole, changed) : { lines: [] };
    if (saying.lines[0]?.length) return saying;
  }
  const rest = seen.xs.length - MOST_RESULTS;
  if (rest < 2) return split(endLine(seen));
  const first = new Trace({ ...seen, xs: seen.xs.slice(0, MOST_RESULTS) });
  return { ...split(endLine(first)), hint: `and ${rest} more gradients` };
}

/** Total and partial derivative. @type {(store: Store, whole: Trace, node: string) => Saying} */
function compared({ seen }, whole, node) {
  return { lines: comparedLines(whole, seen, node) };
}

/** The trace without stops, where there are some. @param {Store} store */
function unstoppedTrace(store) {
  return store.get("stopped").length ? store.unstopped() : null;
}

/** @type {(whole: Trace, stopped: Trace, id: string) => boolean} */
function isChangedAt(whole, stopped, id) {
  const [before, after] = [whole, stopped].map((trace) => trace.nodesById.get(id)?.adjoint.value);
  return before && after ? !areAlike(before, after) : Boolean(before) !== Boolean(after);
}

/** @type {(parts: readonly Part[]) => Saying} */
function split(parts) {
  const hints = parts.filter((part) => part.role === "hint");
  const hint = hints.map((part) => part.text).join(" ");
  return { lines: [parts.filter((part) => part.role !== "hint")], hint };
}

// Predictions -----------------------------------------------------------------------------------

/** @param {Store} store @returns {Saying} */
function prediction(store) {
  const { everything: whole, seen, asked, focus, step, steps } = store;
  const found = asked.filter((node) => isFound(whole, node, store.get("answers")));
  const score = `${found.length} of ${asked.length} right\u2002·\u2002Enter checks`;
  const hint = asked.length ? score : "";
  const options = { withhold: withholdFrom(whole, seen) };
  const node = focus ? whole.nodesById.get(focus.node) : undefined;
  if (node && asked.includes(node)) {
    return { lines: [predictedParts(whole, node, options)], title: "Predict", hint };
  }
  if (step > 0 && step <= steps) return { ...split(stepLine(whole, step, options)), hint };
  const isReadable = asked.length > 0 && !store.isSmall;
  const way = isReadable ? "type a number" : "zoom in, and type a number";
  return { lines: [[textPart(`the gradients: ${way} into any ?`)]], title: "Predict", hint };
}

/** The sum that an adjoint is, without its reason; where there is none, that is to be found, too.
 * @type {(whole: Trace, node: TraceNode, options: LineOptions) => readonly Part[]} */
function predictedParts(whole, node, options) {
  if (!node.adjoint.value && options.withhold?.("adjoint", node.id)) {
    return [textPart(whole.total(node), "adjoint"), textPart(UNKNOWN, "adjoint", " = ")];
  }
  const parts = whyLine(whole, node.id, options).filter((part) => part.role !== "hint");
  const isOneForAll = node.shape.length && questionFor(whole, node) === "one";
  return isOneForAll ? [...parts, textPart("the same in every cell", "mute", ": ")] : parts;
}

// Its height ------------------------------------------------------------------------------------

/** Words that once took three lines keep them: nothing below moves when fewer would do. In another
 * width they begin anew.
 * @type {(element: HTMLElement, signal: AbortSignal) => void} */
export function keepHeight(element, signal) {
  let width = 0;
  const keep = () => (element.style.minHeight = `${element.offsetHeight}px`);
  const release = () => ((element.style.minHeight = ""), keep());
  const observer = new ResizeObserver(() => {
    // An observer that makes smaller what it observes is reported as a loop: not in this frame.
    if (element.offsetWidth === width) keep();
    else requestAnimationFrame(release);
    width = element.offsetWidth;
  });
  observer.observe(element);
  signal.addEventListener("abort", () => observer.disconnect());
}

// Why? A click on an adjoint asks, and another leads back; one on a cell looks at that, too ------

const ASKABLE = new Set(["adjoint", "path sum", "no map", "map", "cell number"]);

/** @type {(store: Store, picture: Picture) => void} */
export function handleWhy(store, picture) {
  /** @type {Map<string, {node: string, isArray: boolean}>} */
  let adjoints = new Map();
  store.on(["view"], () => {
    adjoints = new Map(
      store.view.rules.flatMap(([id, form, node, options]) => {
        const isAsked = ASKABLE.has(form) && (options?.lane ?? "adjoint") === "adjoint";
        return isAsked ? [[id, { node, isArray: options?.lane !== undefined }]] : [];
      }),
    );
    for (const id of adjoints.keys()) {
      picture.elements.get(id)?.element.setAttribute("data-askable", "");
    }
  });
  picture.element.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target.closest("[data-id]") : null;
    const found = adjoints.get(target?.getAttribute("data-id") ?? "");
    if (!found || store.isAsking) return;
    if (found.isArray) store.setWhy(found.node);
    else store.toggleWhy(found.node);
  });
  store.observe(["step"], () => store.why && store.setWhy(null));
}

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
