// @ts-check
/**
 * The lanes of the cards on a picture: where a number ends, and the room that is left of it.
 */
import { boxOf } from "./boxes.js";
import { NAME, NUMBER, textWidth } from "./text_width.js";

/**
 * @import {Box} from "./boxes.js"
 * @import {PaintedElement} from "./painted.js"
 * @import {Picture} from "./picture.js"
 * @import {Store} from "./store.js"
 *
 * @typedef {{node: string, lane: "value" | "adjoint", id: string, number: PaintedElement,
 *            start: number, end: number, y: number, label: PaintedElement | undefined,
 *            beside: PaintedElement[], body: Box | null}} NumberLane
 *   of a number its element, where its lane starts and where it ends, the name of an adjoint
 *   before it, what else stands on its line, and the outline of its card
 */

const NUMBERED = new Set(["value", "adjoint", "path sum"]);
const SAME_LINE = 10;
const AFTER_RULE = 5; // from the stroke at the beginning of a lane to a text

/**
 * The lanes that hold one number each, found once for each view.
 * @type {(store: Store, picture: Picture) => NumberLane[]}
 */
export function lanesOf(store, picture) {
  const { elements } = picture;
  const outlines = new Map(
    store.view.rules.flatMap(([id, form, of]) => (form === "body" ? [[of, id]] : [])),
  );
  return store.view.rules.flatMap(([id, form, node]) => {
    const number = elements.get(id);
    const text = number?.element.querySelector(":scope > text");
    if (!number || !text || !NUMBERED.has(form)) return [];
    const lane = /** @type {"value" | "adjoint"} */ (form === "value" ? "value" : "adjoint");
    const [end, y] = [Number(text.getAttribute("x")), Number(text.getAttribute("y"))];
    const outline = elements.get(outlines.get(node) ?? "");
    const body = outline ? boxOf(outline.element) : null;
    const label = elements.get(`${id}.label`);
    const rule = elements.get(`${id}.lane`);
    const edge = rule ? boxOf(rule.element) : body;
    const start = edge ? edge.x + AFTER_RULE : end - 100;
    const others = [`${node}.name`, `${id}.label`, `${node}.cause`, `${node}.value`];
    const beside = others.flatMap((other) => {
      const found = other === id ? undefined : elements.get(other);
      return found && Math.abs(baseOf(found) - y) < SAME_LINE ? [found] : [];
    });
    return [{ node, lane, id, number, start, end, y, label, beside, body }];
  });
}

/** @param {PaintedElement} painted */
function baseOf({ element }) {
  const text = element.matches("text") ? element : element.querySelector(":scope > text");
  return Number(text?.getAttribute("y"));
}

/**
 * Where the room left of a number begins, without and with the room of the adjoint's name.
 * @type {(lane: NumberLane) => {start: number, withLabel: number}}
 */
export function roomBefore({ beside, label, start, end }) {
  const ends = (/** @type {PaintedElement[]} */ elements) =>
    Math.max(start, ...elements.map(endOf).filter((each) => each < end));
  return { start: ends(beside), withLabel: ends(beside.filter((each) => each !== label)) };
}

/**
 * The right end of a text, estimated as Python does: nothing is measured.
 * @param {PaintedElement} painted
 */
function endOf({ element, style }) {
  const text = element.matches("text") ? element : element.querySelector(":scope > text");
  if (/\boff\b/.test(style.class) || !text) return -Infinity;
  const isNumber = /\bnumber\b/.test(style.class);
  const tail = element.querySelector(":scope > .tail")?.textContent ?? "";
  const x = Number(text.getAttribute("x"));
  if (text.getAttribute("text-anchor") === "end") return x;
  if (isNumber) return x + textWidth(style.text, NUMBER, true);
  const isName = /\bname\b/.test(style.class);
  return x + textWidth(style.text, NAME, isName) + textWidth(tail, NAME);
}
