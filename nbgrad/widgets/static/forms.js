// @ts-check
/**
 * The forms in which a picture shows numbers: the page's evaluator of styles.
 *
 * A form is a function of the facts of a trace, the id of a node or an edge, and the options of a
 * rule, and returns a style. Here are those of cards, as in `nbgrad/picture/forms.py`; modules that
 * have others add them to `FORMS`.
 *
 * @import {Arr} from "./arrays.js"
 * @import {Facts} from "./facts.js"
 * @import {Trace, TraceNode} from "./trace.js"
 *
 * @typedef {(number | null)[]} Cells
 * @typedef {{text: string, class: string, since: number, until: number, width: number,
 *            tint: number, title: string, cells: Cells}} Style
 *   the look of an element; `Style` in `nbgrad/picture/scene.py` explains each of them
 * @typedef {"value" | "adjoint"} Lane
 * @typedef {{room: number, phase: string, lane: Lane, column: number, width?: number,
 *            tile: number[], axes: number[], beside: number, block: number[], numbered: boolean,
 *            n: number, words: string, members: string[], edges: string[], name: string,
 *            number: number, decade: number, tightest?: [of: string, room: number] | null}} Options
 *   what rules have; each form reads those that it needs
 * @typedef {(facts: Facts, of: string, options: Options) => Style} Form
 */

import { exact, firstOf, roundedToEven, short } from "./numbers.js";
import { NEVER, scalarNumber } from "./facts.js";
import { wording } from "./words.js";
import { END_PAD, NAME, NUMBER, SMALL, clipped, pillWidth, textWidth } from "./text_width.js";

/** @type {Cells} */
const NO_CELLS = [];
export const OFF = styleOf({ class: "off" });
export const NOT_FINITE = ["NaN", "∞", "−∞"];
const KINDS = {
  input: " input",
  variable: " input",
  constant: " constant",
  operation: "",
  output: "",
};

/** A style, with the usual values of what is not said. @type {(given: Partial<Style>) => Style} */
export function styleOf(given) {
  const { text = "", since = 0, until = NEVER, width = 0, tint = 0, title = "" } = given;
  const { class: look = "", cells = NO_CELLS } = given;
  return { text, class: look, since, until, width, tint, title, cells };
}

/** A number with as many of its digits as there is room for: it loses digits, never size.
 * @type {(number: number, room: number, size?: number, bold?: boolean) => string} */
export function fitting(number, room, size = NUMBER, bold = true) {
  let text = "";
  for (let characters = 9; characters > 4; characters--) {
    text = short(number, characters);
    if (textWidth(text, size, bold) <= room) return text;
  }
  return text;
}

/** Every form, by the name that rules call it. @type {Record<string, Form>} */
export const FORMS = {
  /** The tooltip of a card: every digit, the type, and the line that made it. */
  card(facts, of) {
    const node = facts.trace.node(of);
    const name = node.expression ? `${node.label} = ${node.expression}` : node.label;
    let title = `${name}\nvalue ${exact(node.value)} (${node.dtype})`;
    if (node.role !== "constant") title += `\n${adjointTitle(facts.trace, node)}`;
    return styleOf({ class: "card", title: node.line ? `${title}\n${node.line}` : title });
  },

  body,

  /** The halo of a card while it is at work. */
  halo(facts, of, { phase }) {
    const [since, until] = facts.window(`${of}.${phase}`);
    return styleOf({ class: "halo", since, until });
  },

  /** A value in its lane, since its step of the forward pass. */
  value(facts, of, { room }) {
    const numbers = facts.trace.node(of).value;
    return numbers.shape.length ? OFF : numberStyle(numbers, "value", valueSince(facts, of), room);
  },

  adjoint: adjointStyle,

  /** The dot of a number that is not known yet. */
  waiting(facts, of, { lane }) {
    const until =
      lane === "value" ? valueSince(facts, of) : adjointSince(facts, facts.trace.node(of));
    return until ? styleOf({ text: "·", class: `chip number ${lane} wait`, until }) : OFF;
  },

  /** The name of an adjoint: df/dx, or x with a bar, or nothing where the number needs the room.
   *
   * Every card says df/dx where that fits on all of them; a column is without names where one is
   * too long. */
  label(facts, of, { room, column }) {
    const node = facts.trace.node(of);
    const total = facts.trace.total(node);
    if (isRatio(total, node) && allTotalsFit(facts)) {
      return styleOf({ text: total, class: "text total" });
    }
    if (columnsWithoutNames(facts).has(column)) return OFF;
    const text = clipped(node.label, NAME, room - 24);
    return styleOf({ text, class: "text total overlined" });
  },

  /** The head of a column of adjoints: df/d… where there is one y, of seed 1. */
  "adjoint head"(facts, of, { room }) {
    const node = facts.trace.node(of);
    const total = facts.trace.total(node);
    const text = isRatio(total, node) ? `${total.slice(0, -node.label.length)}…` : "";
    const fits = text && textWidth(text, SMALL) <= room;
    return styleOf({ text: fits ? text : "gradient", class: "text adjoint-text" });
  },

  /** Why an adjoint is zero, left of the 0. */
  cause(facts, of) {
    const node = facts.trace.node(of);
    const text = signOfZero(node);
    return text
      ? styleOf({ text, class: "text quiet-text", since: adjointSince(facts, node) })
      : OFF;
  },

  /** The seed in its dial, or the one number that all of its seeds are. */
  seed(facts, of) {
    const { seed } = facts.trace.node(of);
    if (!seed) return OFF;
    const start = firstOf(seed);
    const same = seed.data.length > 0 && seed.data.every((each) => each === start);
    const text = same ? short(start, 5) : "…";
    const width = Math.max(26, pillWidth(text, true, 14));
    return styleOf({ text, class: "chip seed", width, title: exact(seed) });
  },

  /** The arrow from the dial to its card. */
  "seed line"(facts, of) {
    return facts.trace.node(of).seed
      ? styleOf({ class: "road reverse", since: seedStep(facts, of) })
      : OFF;
  },

  /** The word beside the dial. */
  "seed label"(facts, of) {
    const node = facts.trace.node(of);
    const text = node.shape.length ? "seeds" : "seed";
    return node.seed ? styleOf({ text, class: "text quiet-text" }) : OFF;
  },
};

/** The tooltip of an adjoint: every digit, or its state.
 * @type {(trace: Trace, node: TraceNode) => string} */
function adjointTitle(trace, node) {
  const { state, cause, value } = node.adjoint;
  const words = value
    ? exact(value)
    : (state === "none" ? "None" : "not run") + (cause ? ` (${cause})` : "");
  return `${trace.total(node)} = ${words}`;
}

/** The outline of a card: its kind, and its state after the reverse pass.
 * @type {(facts: Facts, of: string) => Style} */
export function body(facts, of) {
  const node = facts.trace.node(of);
  let classes = `body${KINDS[node.role]}`;
  if (facts.trace.ys.includes(of)) classes += " output";
  if (node.stopped) {
    classes += " stopped";
  } else if (node.adjoint.state === "none" && node.role !== "constant") {
    classes += " unreached";
  }
  return styleOf({ class: classes });
}

/** An adjoint in its lane, in one of its five states.
 * @type {(facts: Facts, of: string, options: {room: number}) => Style} */
function adjointStyle(facts, of, { room }) {
  const node = facts.trace.node(of);
  const { state, cause, value } = node.adjoint;
  const since = adjointSince(facts, node);
  if (state === "none") return wordStyle(`None ${wording(cause).sign}`.trim(), "none", since);
  return value && !value.shape.length ? numberStyle(value, "adjoint", since, room) : OFF;
}

/** The step after which a value is known. @type {(facts: Facts, of: string) => number} */
export function valueSince(facts, of) {
  return facts.moments.value[of] ?? 0;
}

/** The step after which an adjoint is known. @type {(facts: Facts, node: TraceNode) => number} */
export function adjointSince(facts, node) {
  return node.adjoint.state === "not run" ? NEVER : (facts.moments.adjoint[node.id] ?? NEVER);
}

/** The step after which the seed of a y is there. @type {(facts: Facts, of: string) => number} */
export function seedStep(facts, of) {
  return facts.window(`${of}.seed`)[0];
}

/** A scalar in its slot, on a badge where it is not finite.
 * @type {(numbers: Arr, role: Lane, since: number, room: number) => Style} */
export function numberStyle(numbers, role, since, room) {
  const text = fitting(firstOf(numbers), room);
  const isBadge = NOT_FINITE.includes(text);
  const width = 2 * END_PAD + textWidth(text, isBadge ? SMALL : NUMBER, true);
  return styleOf({
    text,
    class: isBadge ? `chip number ${role} badge` : `chip number ${role}`,
    since,
    width: roundedToEven(width),
    title: exact(numbers),
  });
}

/** A pill with words in the place of a number.
 * @type {(words: string, state: string, since: number) => Style} */
function wordStyle(words, state, since) {
  const width = pillWidth(words);
  return styleOf({ text: words, class: `chip number adjoint ${state}`, since, width });
}

// Names of adjoints ------------------------------------------------------------------------------

/** Whether df/dx stands beside its number on every card. @type {(facts: Facts) => boolean} */
function allTotalsFit(facts) {
  const { trace, labels, found } = facts;
  found.totals ??= labels.every(([of, room]) => {
    const node = trace.node(of);
    return laneFits(node, room, trace.total(node));
  });
  return found.totals;
}

/** The columns in which a name with a bar does not stand beside its number.
 * @type {(facts: Facts) => Set<number>} */
function columnsWithoutNames(facts) {
  const { trace, labels, found } = facts;
  if (!found.columns) {
    found.columns = new Set();
    for (const [of, room, column] of labels) {
      const node = trace.node(of);
      if (!laneFits(node, room, node.label)) found.columns.add(column);
    }
  }
  return found.columns;
}

/** Whether the symbol of an adjoint is df/dx, and not x with a bar.
 * @type {(total: string, node: TraceNode) => boolean} */
export function isRatio(total, node) {
  return total.startsWith("d") && total.endsWith(`/d${node.label}`);
}

/** Whether a name stands beside the adjoint of a node in its lane.
 * @type {(node: TraceNode, room: number, name: string) => boolean} */
function laneFits(node, room, name) {
  const sign = signOfZero(node);
  const beside = sign ? textWidth(sign, SMALL) + 6 : 0;
  return textWidth(name, NAME) + 5 + beside + widthInLane(node, room) <= room;
}

/** What an adjoint takes of its lane: its text, and one end of its pill.
 * @type {(node: TraceNode, room: number) => number} */
function widthInLane({ adjoint }, room) {
  if (adjoint.state === "none") {
    return pillWidth(`None ${wording(adjoint.cause).sign}`.trim()) - END_PAD;
  }
  const number = scalarNumber(adjoint.value);
  if (number === null) return 0;
  const text = fitting(number, room);
  const size = NOT_FINITE.includes(text) ? SMALL : NUMBER;
  return roundedToEven(2 * END_PAD + textWidth(text, size, true)) - 2 * END_PAD;
}

/** Why an adjoint is zero, in a sign. @type {(node: TraceNode) => string} */
function signOfZero({ adjoint }) {
  return adjoint.state === "zero" ? wording(adjoint.cause).sign : "";
}
