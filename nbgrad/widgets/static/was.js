// @ts-check
/**
 * "was 24": what a number was before the last change, or at the beginning of a drag, for a second.
 *
 * It stands left of the new number, or in the strip of the captions where there is no room for
 * it. A frame measures nothing.
 */
import { createSvgElement, createTimer, prefersStill } from "./dom.js";
import { lanesOf, roomBefore } from "./lanes.js";
import { short } from "./numbers.js";
import { NUMBER, SMALL, textWidth } from "./text_width.js";

/**
 * @import {NumberLane} from "./lanes.js"
 * @import {Picture} from "./picture.js"
 * @import {Store} from "./store.js"
 * @import {TraceNode} from "./trace.js"
 *
 * @typedef {{end: number, base: number, room: number, coversLabel?: boolean}} WasSeat
 *   where a text ends, and its room
 */

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
  const end = () => {
    layer.remove();
    for (const { label } of lanes) label?.element.removeAttribute("data-covered");
  };
  const show = () => {
    const changed = lanes.flatMap((lane) => {
      const before = textBefore(store, lane);
      return before ? [{ lane, before }] : [];
    });
    if (!changed.length) return;
    end();
    const texts = changed.flatMap(({ lane, before }) => createWas(store, lane, before, lanes));
    layer.replaceChildren(...texts);
    layer.classList.remove("fading");
    picture.svg.append(layer);
    fading.start(FULL_MS, () => layer.classList.toggle("fading", !prefersStill()));
    ending.start(FADED_MS, end);
  };
  store.on(["view"], () => {
    end();
    lanes = lanesOf(store, picture);
  });
  store.on(["trace"], show);
}

/**
 * What a number was, where it was another one; else nothing.
 * @type {(store: Store, lane: NumberLane) => string}
 */
function textBefore({ before, seen }, { node, lane, number }) {
  const [old, now] = [before?.nodesById.get(node), seen.nodesById.get(node)];
  const isShown = number.style.text && !number.isAway;
  if (!old || !now || !isShown) return "";
  const [oldText, newText] = [oldTextOf(old, lane), oldTextOf(now, lane)];
  return newText && oldText !== newText ? oldText : "";
}

/** @type {(node: TraceNode, lane: "value" | "adjoint") => string} */
function oldTextOf({ value, adjoint }, lane) {
  if (lane === "adjoint" && adjoint.state === "none") return "None";
  const numbers = lane === "value" ? value : adjoint.value;
  return numbers && !numbers.shape.length ? short(Number(numbers.data[0])) : "";
}

/**
 * The text in the first seat that has the room for it; if none has, without its word.
 * @type {(store: Store, lane: NumberLane, old: string, lanes: NumberLane[]) => SVGElement[]}
 */
function createWas(store, lane, old, lanes) {
  const seats = seatsOf(store, lane, lanes);
  for (const words of [WORD, ""]) {
    const width = textWidth(words + old, SMALL);
    const seat = seats.find(({ room }) => room >= width);
    if (!seat) continue;
    if (seat.coversLabel) lane.label?.element.setAttribute("data-covered", "");
    const struck = createSvgElement("tspan", { class: "old" }, old);
    const place = { x: seat.end, y: seat.base, "text-anchor": "end" };
    return [createSvgElement("text", { class: "text quiet-text", ...place }, words, struck)];
  }
  return [];
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

/**
 * The right end of the strip above an operation, for its value, or below it, for its adjoint; and
 * the ground below the card of a leaf.
 * @type {(store: Store, lane: NumberLane, lanes: NumberLane[]) => WasSeat[]}
 */
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
