// @ts-check
/**
 * What stands around numbers: a dotted line under one that can be changed, the dial of a seed, and
 * for a second after a change, or during a drag, what it was: "was 24".
 *
 * For this it is known where a number ends, and which room is left in its lane. A frame measures
 * nothing.
 *
 * @import {Box} from "./dom.js"
 * @import {NumberControls} from "./number_controls.js"
 * @import {PaintedElement} from "./painted.js"
 * @import {Picture} from "./picture.js"
 * @import {Store} from "./store.js"
 * @import {TraceNode} from "./trace.js"
 *
 * @typedef {{x: number, y: number, radius: number}} Ring  its middle, and its size
 * @typedef {{node: string, lane: "value" | "adjoint", id: string, number: PaintedElement,
 *            start: number, end: number, y: number, label: PaintedElement | undefined,
 *            beside: PaintedElement[], body: Box | null}} NumberLane
 *   of a number its element, where its lane starts and where it ends, the name of an adjoint
 *   before it, what else stands on its line, and the outline of its card
 * @typedef {{end: number, base: number, room: number, coversLabel?: boolean,
 *            word?: string}} WasSeat
 *   where a text ends, its room, whether it takes that of a name, and the word before the number
 */

import { boxOf, createSvgElement, createTimer, prefersStill } from "./dom.js";
import { short } from "./numbers.js";
import { NAME, NUMBER, SMALL, textWidth } from "./text_width.js";
import { numbersIn } from "./trace.js";

// Dotted lines ----------------------------------------------------------------------------------

/** Under each number that can be changed a dotted line, as long as the number.
 * @param {NumberControls} numbers */
export function createDottedLines(numbers) {
  const { store, picture } = numbers;
  /** @type {{painted: PaintedElement, line: SVGPathElement, text: string}[]} */
  let lines = [];
  const mount = () => {
    const shown = [...picture.elements.values()];
    lines = shown.filter(({ element }) => isLined(element)).map((painted) => {
      const line = createSvgElement("path", { class: "dotted" });
      painted.element.append(line);
      return { painted, line, text: "" };
    });
    draw();
  };
  const draw = () => {
    for (const each of lines) {
      const { text } = each.painted.style;
      if (text === each.text) continue;
      each.text = text;
      each.line.setAttribute("d", lineUnder(each.painted, text));
    }
  };
  store.on(["view"], mount);
  store.on(["trace"], draw);
}

/** @param {SVGElement} element */
function isLined(element) {
  return element.matches(".number[data-number], .cell-number[data-input]");
}

/** What is known of the width of digits is enough: nothing is measured in a frame.
 * @type {(painted: PaintedElement, text: string) => string} */
function lineUnder({ element }, text) {
  const words = element.querySelector("text");
  const isCell = element.classList.contains("cell-number");
  const [x, y] = [Number(words?.getAttribute("x")), Number(words?.getAttribute("y"))];
  const width = textWidth(text, isCell ? SMALL : NUMBER, !isCell);
  return text && `M${x - width},${y + (isCell ? 6.8 : 8.6)}h${width}`;
}

// Dials -----------------------------------------------------------------------------------------

const [ARC_RADIUS, SMALL_ARC] = [16, 7];
const DIAL_HIT = 22; // the radius of what a finger can hit
const END = 2.3; // of the arc, from the top, in radians
const PER_UNIT = 0.9;

/** Around the seed of each y an arc that says how large it is, to the right for more.
 * @type {(numbers: NumberControls) => void} */
export function createDials(numbers) {
  const { store } = numbers;
  /** @type {{place: import("./store.js").Place, arc: SVGPathElement, ring: Ring}[]} */
  let dials = [];
  const mount = () => {
    dials = [];
    for (const { place, element } of numbers.controls.values()) {
      const ring = place.trait === "seeds" ? ringOf(element) : null;
      if (!ring) continue;
      const arc = createSvgElement("path", { class: "arc" });
      const all = createSvgElement("path", { class: "arc-all", d: arcPath(ring, -END, END) });
      element.before(createSvgElement("g", { class: "dial" }, all, arc));
      if (ring.radius === ARC_RADIUS) element.prepend(hitOf(ring));
      dials.push({ place, arc, ring });
    }
    move();
  };
  const move = () => {
    for (const { place, arc, ring } of dials) {
      const seed = Number(store.entryAt(place)) || 0;
      const angle = Math.max(-END, Math.min(END, PER_UNIT * seed));
      const d = arcPath(ring, Math.min(0, angle), Math.max(0, angle));
      if (arc.getAttribute("d") !== d) arc.setAttribute("d", d);
    }
  };
  store.on(["view"], mount);
  store.on(["trace"], move);
}

/** A dial can be hit anywhere. @param {Ring} ring */
function hitOf({ x, y }) {
  return createSvgElement("circle", { class: "hit", cx: x, cy: y, r: DIAL_HIT });
}

/** Around a seed, or in a row before it; none for a cell of several.
 * @type {(element: SVGElement) => Ring | null} */
function ringOf(element) {
  const text = element.querySelector("text");
  const { x, y, height } = boxOf(text ?? element);
  if (text) return { x, y, radius: ARC_RADIUS };
  if (!element.matches(".seed-hit")) return null;
  return { x: x + SMALL_ARC + 3, y: y + height / 2, radius: SMALL_ARC };
}

/** @type {(ring: Ring, from: number, to: number) => string} */
function arcPath({ x, y, radius }, from, to) {
  const at = (/** @type {number} */ angle) =>
    `${x + radius * Math.sin(angle)},${y - radius * Math.cos(angle)}`;
  const large = to - from > Math.PI ? 1 : 0;
  return `M${at(from)}A${radius},${radius} 0 ${large} 1 ${at(to)}`;
}

// Lanes ------------------------------------------------------------------------------------------

const NUMBERED = new Set(["value", "adjoint", "path sum"]);
const SAME_LINE = 10;
const AFTER_RULE = 5; // from the stroke at the beginning of a lane to a text

/** The lanes that hold one number each, found once for each view.
 * @type {(store: Store, picture: Picture) => NumberLane[]} */
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

/** Where the room left of a number begins, without and with the room of the adjoint's name.
 * @type {(lane: NumberLane) => {start: number, withLabel: number}} */
export function roomBefore({ beside, label, start, end }) {
  const ends = (/** @type {PaintedElement[]} */ elements) =>
    Math.max(start, ...elements.map(endOf).filter((each) => each < end));
  return { start: ends(beside), withLabel: ends(beside.filter((each) => each !== label)) };
}

/** The right end of a text, estimated as Python does: nothing is measured.
 * @param {PaintedElement} painted */
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

// What was ---------------------------------------------------------------------------------------

const FULL_MS = 800;
const FADED_MS = 1000;
const WORD = "was ";
const BESIDE = 6; // from the old number to the new one
const TALL = 60; // so high is a card with strips of its own
const BASE = 4.5; // from the middle of a line to its base
const STRIP_ABOVE = 9; // from a card to the base of the caption above it,
const STRIP_BELOW = 17; // and of the one below

/** @type {(store: Store, picture: Picture) => void} */
export function handleWas(store, picture) {
  const layer = createSvgElement("g", { class: "was", "aria-hidden": "true" });
  const [fading, ending] = [createTimer(store.signal), createTimer(store.signal)];
  /** @type {NumberLane[]} */
  let lanes = [];
  /** @type {Map<NumberLane, WasText>} */
  const texts = new Map();
  const end = () => {
    layer.remove();
    for (const { label } of lanes) label?.element.removeAttribute("data-covered");
  };
  const show = () => {
    let count = 0;
    for (const lane of lanes) {
      const old = textBefore(store, lane);
      const text = texts.get(lane) ?? (old ? new WasText(layer) : undefined);
      if (text) texts.set(lane, text);
      text?.show(old, old ? seatFor(store, lane, old, lanes) : null, lane);
      if (old) count += 1;
    }
    if (!count) return;
    layer.classList.remove("fading");
    if (!layer.isConnected) picture.svg.append(layer);
    fading.start(FULL_MS, () => layer.classList.toggle("fading", !prefersStill()));
    ending.start(FADED_MS, end);
  };
  store.on(["view"], () => {
    end();
    texts.clear();
    layer.replaceChildren();
    lanes = store.view.overview ? [] : lanesOf(store, picture);
  });
  store.on(["trace"], show);
}

/** The text of one lane; while somebody drags, only what changes is written. */
class WasText {
  /** @param {SVGElement} layer */
  constructor(layer) {
    this.old = createSvgElement("tspan", { class: "old" });
    this.word = document.createTextNode("");
    const attributes = { class: "text quiet-text", "text-anchor": "end" };
    this.element = createSvgElement("text", attributes, this.word, this.old);
    this.shown = "";
    layer.append(this.element);
  }

  /** @type {(old: string, seat: WasSeat | null, lane: NumberLane) => void} */
  show(old, seat, { label }) {
    const { end = 0, base = 0, word = "", coversLabel = false } = seat ?? {};
    const wanted = seat ? `${word}${old} ${end} ${base}` : "";
    label?.element.toggleAttribute("data-covered", coversLabel);
    if (wanted === this.shown) return;
    this.shown = wanted;
    this.word.nodeValue = word;
    this.old.textContent = seat ? old : "";
    this.element.setAttribute("x", `${end}`);
    this.element.setAttribute("y", `${base}`);
  }
}

/** What a number was, where it was another one; else nothing.
 * @type {(store: Store, lane: NumberLane) => string} */
function textBefore({ before, seen }, { node, lane, number }) {
  const [old, now] = [before?.nodesById.get(node), seen.nodesById.get(node)];
  const isShown = number.style.text && !number.isAway;
  if (!old || !now || !isShown) return "";
  const [oldNumber, newNumber] = [laneNumber(old, lane), laneNumber(now, lane)];
  if (oldNumber === undefined || newNumber === undefined || Object.is(oldNumber, newNumber)) {
    return "";
  }
  const oldText = oldNumber === null ? "None" : short(oldNumber);
  return newNumber !== null && short(newNumber) === oldText ? "" : oldText;
}

/** The number in a lane, null for None; undefined where there is no number, or more than one.
 * @type {(node: TraceNode, lane: "value" | "adjoint") => number | null | undefined} */
function laneNumber(node, lane) {
  if (lane === "adjoint" && node.adjoint.state === "none") return null;
  const numbers = numbersIn(node, lane);
  return numbers && !numbers.shape.length ? Number(numbers.data[0]) : undefined;
}

/** The first seat that has room for a text; if none has, for the number without its word.
 * @type {(store: Store, lane: NumberLane, old: string, lanes: NumberLane[]) => WasSeat | null} */
function seatFor(store, lane, old, lanes) {
  const seats = seatsOf(store, lane, lanes);
  for (const word of [WORD, ""]) {
    const width = textWidth(word + old, SMALL);
    const seat = seats.find(({ room }) => room >= width);
    if (seat) return { ...seat, word };
  }
  return null;
}

/** @type {(store: Store, lane: NumberLane, lanes: NumberLane[]) => WasSeat[]} */
function seatsOf(store, lane, lanes) {
  const end = lane.end - textWidth(lane.number.style.text, NUMBER, true) - BESIDE;
  const { start, withLabel } = roomBefore(lane);
  const base = lane.y + BASE;
  const beside = { end, base, room: end - start - (lane.lane === "value" ? 6 : 2) };
  const instead = { end, base, room: end - withLabel, coversLabel: true };
  return [beside, ...stripSeat(store, lane, lanes), instead];
}

/** The right end of the strip above an operation, for its value, or below it, for its adjoint; and
 * the ground below the card of a leaf.
 * @type {(store: Store, lane: NumberLane, lanes: NumberLane[]) => WasSeat[]} */
function stripSeat({ seen, styles, focus }, { node, lane, body }, lanes) {
  const edges = seen.edges.filter(({ target }) => target === node);
  if (!body || (edges.length && body.height < TALL)) return [];
  // Below a leaf in focus is its slider.
  if (!edges.length && (lane === "value" || focus?.node === node)) return [];
  // The first operand's caption stands above, and the last one's below.
  const caption = styles[`${edges.at(lane === "value" ? 0 : -1)?.id}.local`]?.text ?? "";
  const room = body.width - (caption ? 11 + textWidth(caption, SMALL) : 0);
  const end = body.x + body.width;
  const base = lane === "value" ? body.y - STRIP_ABOVE : body.y + body.height + STRIP_BELOW;
  const isFree = lanes.every(
    ({ body: other }) =>
      !other || other.y >= base + 3 || other.y + other.height <= base - SMALL ||
      other.x >= end || other.x + other.width <= body.x,
  );
  return isFree ? [{ end, base, room }] : [];
}
