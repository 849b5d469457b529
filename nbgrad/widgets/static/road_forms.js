// @ts-check
/**
 * The forms of roads: their lanes, captions, and what they bring to an inbox. They stand in
 * `nbgrad/picture/cards/roads.py`.
 *
 * @import {Arr} from "./arrays.js"
 * @import {Form, Style} from "./forms.js"
 * @import {Local, Trace, TraceEdge} from "./trace.js"
 */

import { NEVER, NOTHING_ARRIVED, isKeptZero, scalarNumber } from "./facts.js";
import { FORMS, NOT_FINITE, OFF, fitting, seedStep, styleOf, valueSince } from "./forms.js";
import { exact, firstOf, inWords, short } from "./numbers.js";
import { wording } from "./words.js";
import { bar } from "./trace.js";
import { SMALL, clipped, clippedName, firstFitting, textWidth } from "./text_width.js";

// A bar over a word would stand over its first letter only.
const BARRED_WORD = /.[\u0304\u0305][A-Za-z]/;

/** @type {Record<string, Form>} */
const ROAD_FORMS = {
  /** The tooltip of a road. */
  edge(facts, of) {
    const { trace } = facts;
    const each = trace.edge(of);
    const source = trace.node(each.source);
    const target = trace.node(each.target);
    let title = `${source.label} → ${target.label}`;
    if (!each.contribution) {
      title += each.cause ? `: no gradient, ${each.cause}` : "";
      return styleOf({ class: "edge", title });
    }
    if (each.local) {
      const found = each.local.value ? ` = ${inTitle(each.local.value)}` : "";
      title += `\n${each.local.symbol} = ${each.local.formula}${found}`;
    }
    const kept = isKeptZero(target, each) ? `, ${NOTHING_ARRIVED}` : "";
    title += `\nbrings ${inTitle(each.contribution)} to ${source.label}${kept}`;
    return styleOf({ class: "edge", title });
  },

  /** The value's lane of a road, at full strength once its reader has been computed. */
  forward(facts, of) {
    const since = valueSince(facts, facts.trace.edge(of).target);
    return styleOf({ class: "road forward", since });
  },

  /** The gradient's lane of a road; there is none where no gradient comes back. */
  reverse(facts, of) {
    return facts.trace.edge(of).contribution
      ? styleOf({ class: "road reverse", since: facts.window(of)[0] })
      : OFF;
  },

  /** The light below a road in its step. */
  glow(facts, of, { width = 0 }) {
    const [since, until] = facts.window(of);
    return styleOf({ class: "glow", since, until, width });
  },

  /** The double bar before a stopped operation. */
  stop(facts, of) {
    return facts.trace.edge(of).cause === "stopped" ? styleOf({ class: "bar" }) : OFF;
  },

  /** The short piece of the gradient's lane from a stopped operation to its bar. */
  stub(facts, of) {
    return facts.trace.edge(of).cause === "stopped" ? styleOf({ class: "reverse" }) : OFF;
  },

  /** The caption of an operand: its local derivative, or why it has none. */
  local(facts, of, { room }) {
    const each = facts.trace.edge(of);
    const source = facts.trace.node(each.source);
    const cut = source.role === "constant" ? "" : wording(each.cause).caption;
    if (cut) {
      const text = clipped(source.dtype === "bool" ? "true/false" : cut, SMALL, room);
      return styleOf({ text, class: "text cut-text", since: facts.end });
    }
    if (!each.local) return OFF;
    // A rule that is no factor says what the adjoint is, in its colour.
    const look = each.local.is_factor ? "text local-text" : "text adjoint-text";
    const text = firstFitting(localTexts(facts.trace, each, each.local), room, "");
    return styleOf({ text, class: look, since: facts.window(of)[0] });
  },

  /** What one reader brings to an adjoint: a row of the inbox; the rows sum to the adjoint. */
  inbox(facts, of, { room }) {
    const each = facts.trace.edge(of);
    if (each.cause === "stopped") return styleOf({ text: "cut ‖", class: "text inbox cut-text" });
    if (!each.contribution) {
      return styleOf({ text: "–", class: "text inbox quiet-text", since: facts.end });
    }
    const since = facts.moments.contribution[of] ?? NEVER;
    if (each.contribution.shape.length) {
      const text = clippedName(facts.trace.node(each.target).label, SMALL, room);
      return styleOf({ text, class: "text inbox adjoint-text", since });
    }
    return signedRow(each.contribution, since, room);
  },

  /** The row of a seed, in the inbox of a y that other operations read. */
  "inbox seed"(facts, of, { room }) {
    const { seed } = facts.trace.node(of);
    if (!seed) return OFF;
    const since = seedStep(facts, of);
    return seed.shape.length
      ? styleOf({ text: "seed", class: "text inbox adjoint-text", since })
      : signedRow(seed, since, room);
  },

  /** The dot in a row of an inbox that nothing has come to yet. */
  "inbox waiting"(facts, of) {
    if (facts.trace.edge(of).cause === "stopped") return OFF;
    const until = facts.moments.contribution[of] ?? facts.end;
    return styleOf({ text: "·", class: "text inbox quiet-text", until });
  },
};
Object.assign(FORMS, ROAD_FORMS);

/** Every digit of a number, the shape of an array. @type {(numbers: Arr) => string} */
function inTitle(numbers) {
  return numbers.shape.length ? inWords(numbers) : exact(numbers);
}

/** A local derivative as captions, the longest first: `∂a/∂x = 3`, `∂ = −0.5344`.
 *
 * Where it is no factor, what it makes of the arriving gradient: `h̄ = c̄ W2ᵀ`.
 * @type {(trace: Trace, each: TraceEdge, found: Local) => string[]} */
function localTexts(trace, each, found) {
  const { symbol, formula } = found;
  const number = numberOfLocal(trace, each, found);
  if (number !== null && found.is_factor) {
    const text = short(number);
    return [`${symbol} = ${text}`, `∂ = ${text}`, text];
  }
  if (formula === symbol) return [];
  return found.is_factor
    ? [`${symbol} = ${formula}`, `∂ = ${formula}`, formula]
    : ruleTexts(trace, each, formula);
}

/** The number of a local derivative; null where it is an array.
 * @type {(trace: Trace, each: TraceEdge, found: Local) => number | null} */
function numberOfLocal(trace, each, { value }) {
  if (value?.data.length && trace.node(each.target).op_type === "Mean") {
    return firstOf(value); // 1/n, for every element
  }
  return scalarNumber(value);
}

/** @type {(trace: Trace, each: TraceEdge, rule: string) => string[]} */
function ruleTexts(trace, each, rule) {
  const source = trace.node(each.source);
  const target = trace.node(each.target);
  const gets = trace.outgoing(source).length > 1 ? "+=" : "=";
  const name = bar(source.label);
  if (!BARRED_WORD.test(`${name} ${rule}`)) return [`${name} ${gets} ${rule}`, rule];
  const formula = rule.split(bar(target.label)).join(trace.total(target));
  return [`${trace.total(source)} ${gets} ${formula}`, formula];
}

/** A term of a sum, with its sign. @type {(numbers: Arr, since: number, room: number) => Style} */
function signedRow(numbers, since, room) {
  const number = firstOf(numbers);
  let text = fitting(number, room, SMALL, false);
  if (!text.startsWith("−") && !NOT_FINITE.includes(text)) {
    text = `+${fitting(number, room - textWidth("+", SMALL), SMALL, false)}`;
  }
  return styleOf({ text, class: "text inbox adjoint-text", since });
}
