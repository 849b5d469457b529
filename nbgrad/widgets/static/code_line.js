// @ts-check
/**
 * The code line: the call that gives the numbers on the screen, what it prints, and a button to
 * copy both, to be pasted below the cell.
 *
 * The twin of `nbgrad/widgets/code_line.py`, which knows the notebook and writes `CodeCall`.
 *
 * @import {Arr} from "./arrays.js"
 * @import {Store} from "./store.js"
 * @import {Trace, TraceNode} from "./trace.js"
 *
 * @typedef {[node: string, key: string, start: string | null, same: string | null]} Fed
 *   a tensor that is given a value: its node, what stands in the `feed_dict`, the numbers that it
 *   starts with, and what is written as long as it has these
 * @typedef {[node: string, before: string, after: string, text: string | null]} SeedText
 *   what stands around the seed of a y, or for it
 * @typedef {{alias: string, session: string, graph: string, names: Record<string, string>,
 *            fed: Fed[], seeds: SeedText[]}} Call
 *   the call, but for the numbers of a run
 */

import { countOf } from "./arrays.js";
import { createElement, createTimer } from "./dom.js";
import { everyDigit } from "./numbers.js";
import { keepHeight } from "./sayings.js";

const MOST_WRITTEN = 36; // a tensor of more elements is fed by a name
const INITIAL = "initial"; // of variables that have the numbers they are initialized with
const FEW = 4; // a result of more elements is written as its shape

/** The call that gives the adjoints of a trace, what Python prints for it, and both as one line.
 *
 * What is None cannot be run; it is left out, and named behind the result. An adjoint that is not
 * given away is a question mark.
 * @type {(call: Call, trace: Trace, stopped: readonly string[]) => {code: string, result: string,
 *        text: string}} */
export function codeLine(call, trace, stopped) {
  const xs = trace.xs.map((x) => trace.node(x));
  const found = xs.filter(({ adjoint }) => adjoint.state !== "none");
  if (xs.length && !found.length) {
    const code = gradientsCall(call, trace, xs, stopped);
    return wholeLine(code, pythonList(xs.map(() => "None")));
  }
  const feeds = feedDict(call, trace);
  const ys = ysOf(call, trace);
  const fetches = xs.length ? gradientsCall(call, trace, found, stopped) : pythonList(ys);
  const values = trace.ys.map((y) => trace.node(y).value);
  const shown = xs.length ? found.map((x) => x.adjoint.value) : values;
  const result = pythonList(shown.map((each) => (each ? printedArray(each) : "?")));
  const missing = xs.filter((x) => !found.includes(x)).map((x) => nameInPython(call, x)).join(", ");
  const code = `${call.session}.run(${fetches}${feeds && `, ${feeds}`})`;
  return wholeLine(code, missing ? `${result}; None for ${missing}` : result);
}

/** @param {string} code @param {string} result */
function wholeLine(code, result) {
  return { code, result, text: `${code}  # → ${result}` };
}

/** `tf.gradients(f, [x, y], grad_ys=[2.0], stop_gradients=[b])`.
 * @type {(call: Call, trace: Trace, xs: TraceNode[], stopped: readonly string[]) => string} */
function gradientsCall(call, trace, xs, stopped) {
  const ys = ysOf(call, trace);
  const names = pythonList(xs.map((x) => nameInPython(call, x)));
  const parts = [ys.length === 1 ? (ys[0] ?? "") : pythonList(ys), names];
  const seeds = call.seeds.map(([node]) => trace.node(node).seed);
  if (seeds.some((seed) => seed?.data.some((each) => each !== 1))) {
    const written = call.seeds.map((seed, n) => seedText(seed, seeds[n] ?? null));
    parts.push(`grad_ys=${pythonList(written)}`);
  }
  if (stopped.length) {
    const stops = stopped.map((key) => nameInPython(call, trace.node(key)));
    parts.push(`stop_gradients=${pythonList(stops)}`);
  }
  return `${call.alias}.gradients(${parts.join(", ")})`;
}

/** @param {Call} call @param {Trace} trace @returns {string[]} */
function ysOf(call, trace) {
  return trace.ys.map((y) => nameInPython(call, trace.node(y)));
}

/** What gives a node's tensor in Python: a variable, or the tensor's name in its graph.
 * @type {(call: Call, node: TraceNode) => string} */
function nameInPython({ names, graph }, node) {
  return names[node.id] ?? `${graph}.get_tensor_by_name("${node.name}")`;
}

/** The `feed_dict`, "" where nothing is fed. @type {(call: Call, trace: Trace) => string} */
function feedDict({ fed, session }, trace) {
  /** @type {string[]} */
  const pairs = [];
  /** @type {string[]} */
  const initial = [];
  for (const [node, key, start, same] of fed) {
    const numbers = start === null ? "" : literalOf(trace.node(node).value);
    const text = start === null || start === numbers ? (same ?? numbers) : numbers;
    if (text === INITIAL) {
      initial.push(key);
    } else if (text) {
      pairs.push(`${key}: ${text}`);
    }
  }
  const values = `v: ${session}.run(v.initial_value) for v in (${initial.join(", ")})`;
  if (initial.length > 1) {
    pairs.unshift(pairs.length ? `**{${values}}` : values);
  } else if (initial.length) {
    pairs.unshift(`${initial[0]}: ${session}.run(${initial[0]}.initial_value)`);
  }
  return pairs.length ? `{${pairs.join(", ")}}` : "";
}

/** A seed as it is written; of equal numbers one, repeated.
 * @type {(seed: SeedText, numbers: Arr | null) => string} */
function seedText([, before, after, text], numbers) {
  if (!numbers) return `${before}1.0${after}`;
  const { dtype, shape, data } = numbers;
  if (data.length <= MOST_WRITTEN) return `${before}${literalOf(numbers)}${after}`;
  if (data.every((each) => each === data[0])) {
    const one = literalNumber(data[0], dtype);
    const repeated = [...shape].reverse().reduce((inner, size) => `[${inner}] * ${size}`, one);
    return `${before}${repeated}${after}`;
  }
  return text ?? "None";
}

/** @param {string[]} items @returns {string} */
function pythonList(items) {
  return `[${items.join(", ")}]`;
}

/** Numbers as nested lists, as Python reads them, each as short as its precision allows.
 * @type {(array: Arr, write?: (number: number, dtype: string) => string) => string} */
function literalOf({ dtype, shape, data }, write = literalNumber) {
  /** @type {(axis: number, start: number, count: number) => string} */
  const nested = (axis, start, count) => {
    if (axis === shape.length) return write(data[start], dtype);
    const size = shape[axis];
    const parts = Array.from({ length: size }, (_, n) => n * (count / size));
    return pythonList(parts.map((offset) => nested(axis + 1, start + offset, count / size)));
  };
  return nested(0, 0, data.length);
}

/** @param {number} number @param {string} dtype @returns {string} */
function literalNumber(number, dtype) {
  const text = printedNumber(number, dtype);
  return Number.isFinite(number) ? text : `float("${text}")`;
}

/** @param {number} number @param {string} dtype @returns {string} */
function printedNumber(number, dtype) {
  return everyDigit(number, dtype).replace("−", "-").replace("e−", "e-");
}

/** Numbers as Python prints them; many as their shape and type. @type {(numbers: Arr) => string} */
function printedArray(numbers) {
  const { dtype, shape } = numbers;
  return countOf(shape) > FEW
    ? `<${shape.join("×")} ${dtype}>`
    : literalOf(numbers, printedNumber);
}

// The row ----------------------------------------------------------------------------------------

const COPIED_MS = 1500;
const LONGEST_READ = 330; // a longer line is copied, not read: call and result have two lines each
const PRINTS = "  # → "; // a comment, so that all of it can be pasted

/** @param {Store} store */
export function createCodeRow(store) {
  const call = createElement("span", { class: "call" });
  const result = createElement("span", { class: "result" });
  const printed = createElement("span", {}, PRINTS, result);
  const code = createElement("code", {}, call, printed);
  const show = () => {
    const line = codeLine(store.get("call"), store.trace, store.get("stopped"));
    if (call.textContent !== line.code) call.textContent = line.code;
    code.classList.toggle("long", line.text.length > LONGEST_READ);
    if (result.textContent !== line.result) result.textContent = line.result;
  };
  store.observe(["call"], show);
  store.on(["trace"], show);
  const button = createCopyButton(store, code);
  const element = createElement("div", { class: "code-line" }, code, button);
  keepHeight(element, store.signal);
  return element;
}

/** @type {(store: Store, code: HTMLElement) => HTMLElement} */
function createCopyButton(store, code) {
  const button = createElement("button", { type: "button", class: "copy" }, "copy");
  const timer = createTimer(store.signal);
  button.addEventListener("click", async () => {
    button.textContent = (await isCopied(code)) ? "copied" : "selected";
    timer.start(COPIED_MS, () => (button.textContent = "copy"));
  });
  return button;
}

/** Whether a text could be copied; where the page may not, it is selected.
 * @param {HTMLElement} code */
async function isCopied(code) {
  try {
    await navigator.clipboard.writeText(code.textContent ?? "");
    return true;
  } catch {
    getSelection()?.selectAllChildren(code);
    return false;
  }
}
