// @ts-check
/**
 * The motion of one step: a number leaves its card, meets the local derivative, and arrives.
 *
 * The picture is already as it is after the step; its motion keeps from view for a while what is
 * new in it, and lays animations over it. So to end all of it, at any time, is to take it away. A
 * number is never shown on its way to another one: that would be a wrong number.
 *
 * @import {Arr} from "./arrays.js"
 * @import {Picture} from "./picture.js"
 * @import {Store} from "./store.js"
 * @import {TraceEdge, TraceStep} from "./trace.js"
 * @import {Player} from "./transport.js"
 * @import {Bead, Point, Span} from "./reel.js"
 */

import { boxOf, prefersStill } from "./dom.js";
import { inBrackets, inWords } from "./numbers.js";
import { BASELINE, FAINT, pointsAlong, Reel } from "./reel.js";
import { SMALL, textWidth } from "./text_width.js";
import { UNKNOWN } from "./withhold.js";

// When what happens while a gradient is sent along an edge, at single speed, in milliseconds.
const LIT = 120; // the halo of the sender is there
const AT_PORT = 260; // the bead has come to the port, where the local derivative opens
const SENT = 420; // the product sets out
const ARRIVED = 660; // it drops into its row of the inbox
const ADDED = 780; // the receiver lights up, with its number
const OVER = 1000;

const MOST_BEADS = 6;
const GAP = 3; // between a bead and the local derivative

export class Motion {
  /** @param {Store} store
   * @param {Picture} picture
   * @param {Player} player */
  constructor(store, picture, player) {
    this.store = store;
    this.picture = picture;
    this.player = player;
    this.reel = new Reel(picture.svg, 1);
    /** The ids of elements by form and node or edge. @type {Map<string, string>} */
    this.ids = new Map();
    player.onAdvance = () => this.show();
    store.observe(["step"], () => this.finish());
    store.on(["view"], () => {
      this.finish();
      this.ids = new Map(store.view.rules.map(([id, form, of]) => [`${form} ${of}`, id]));
    });
  }

  /** At once the last frame. */
  finish() {
    this.reel.end();
  }

  /** The motion of the step that has just been made. */
  show() {
    const step = this.store.seen.steps[this.store.step - 1];
    if (!step || prefersStill()) return;
    const { svg, viewport } = this.picture;
    const scale = this.store.isSmall ? 1 / (viewport?.z ?? 1) : 1; // a bead is never too small
    this.reel = new Reel(svg, this.player.speed, scale);
    this[step.kind](step);
    this.reel.endByItself();
  }

  // The kinds of steps ------------------------------------------------------------------------

  /** The values of the operands come together. @param {TraceStep} step */
  forward({ node }) {
    this.reveal(ARRIVED);
    this.light(node);
    let begin = LIT;
    for (const edge of this.edges("target", node)) {
      const road = this.strengthen("forward", edge.id, [LIT, ARRIVED]);
      const way = road ? pointsAlong(road) : this.flow(edge);
      const bead = this.reel.bead(textOf(this.store.seen.node(edge.source).value), "value");
      if (!way.length) continue;
      this.reel.travel(bead, way, [LIT, ARRIVED]);
      begin = ARRIVED;
    }
    const found = this.reel.bead(textOf(this.store.seen.node(node).value), "value");
    this.showOnGroup(node, found, [begin, OVER]);
  }

  /** The seed goes to its card. @param {TraceStep} step */
  seed({ node }) {
    this.reveal(ARRIVED);
    const road = this.strengthen("seed line", node, [LIT, ARRIVED]);
    const bead = this.reel.bead(textOf(this.store.seen.node(node).seed), "adjoint");
    if (road) this.reel.travel(bead, pointsAlong(road), [LIT, ARRIVED]);
    this.ring(node, [ARRIVED, OVER]);
  }

  /** A gradient is multiplied, and drops into its row. @param {TraceStep} step */
  multiply({ edges: [id = ""] }) {
    const edge = this.store.seen.edge(id);
    const row = this.elementOf("inbox", id);
    this.reveal(ADDED);
    this.light(edge.target);
    this.reel.hide(this.elementOf("local", id), AT_PORT);
    this.reel.hide(this.elementOf("glow", id), SENT);
    this.reel.hide(row, ARRIVED);
    const road = this.strengthen("reverse", id, [SENT, ARRIVED]);
    const way = road ? pointsAlong(road) : this.flow(edge).reverse();
    if (way.length) this.multiplyAlong(way, edge);
    else this.multiplyInside(edge);
    this.flash(row, [ARRIVED, OVER]);
    this.ring(edge.source, [ADDED, OVER]);
  }

  /** The rows of an inbox are added. @param {TraceStep} step */
  sum({ node }) {
    this.reveal(ARRIVED);
    this.light(node);
    const end = middleOf(this.elementOf("adjoint", node));
    for (const edge of this.edges("source", node)) {
      const row = this.elementOf("inbox", edge.id);
      const start = middleOf(row);
      if (!start || !end || edge.contribution === null) continue;
      this.flash(row, [0, SENT]);
      const bead = this.reel.bead(textOf(edge.contribution), "adjoint");
      this.reel.travel(bead, [start, end], [LIT, ARRIVED]);
    }
    const sum = this.reel.bead(textOf(this.store.seen.node(node).adjoint.value), "adjoint");
    this.showOnGroup(node, sum, [LIT, OVER]);
  }

  /** What has arrived is held by the double bar. @param {TraceStep} step */
  stop({ node }) {
    this.light(node);
    const start = middleOf(this.elementOf("adjoint", node));
    for (const edge of this.edges("target", node)) {
      const end = middleOf(this.elementOf("stop", edge.id));
      if (!start || !end || edge.cause !== "stopped") continue;
      const bead = this.reel.bead(textOf(this.store.seen.node(node).adjoint.value), "adjoint");
      this.reel.travel(bead, [start, end], [LIT, SENT], ARRIVED);
    }
  }

  /** The gradient of the sender goes to the port, is multiplied there, and goes on as the product.
   * @type {(way: Point[], edge: TraceEdge) => void} */
  multiplyAlong(way, edge) {
    const { reel } = this;
    const arriving = reel.bead(textOf(this.store.seen.node(edge.target).adjoint.value), "adjoint");
    const factor = reel.bead(factorOf(edge), "local");
    const product = reel.bead(textOf(edge.contribution), "adjoint");
    const { at, beside, ahead } = atPort(way, factor.width / 2, arriving.width / 2);
    const beyond = at.x + factor.width / 2 + GAP - this.rightEnd;
    if (beyond > 0) for (const place of [at, beside]) place.x -= beyond;
    const start = this.placeOf(edge.target) ?? beside;
    reel.travel(arriving, [start, beside], [LIT, AT_PORT], SENT);
    reel.travel(factor, [at, at], [AT_PORT, SENT]);
    reel.travel(product, [beside, ...ahead], [SENT, ARRIVED]);
  }

  // Inside a closed group there is no way: what happens stands on its block ---------------------

  /** @type {(node: string, bead: Bead, span: Span) => void} */
  showOnGroup(node, bead, span) {
    const place = this.placeOnGroup(node);
    if (place) this.reel.travel(bead, [place, place], span);
  }

  /** The gradient and the local derivative stand beside each other, then their product, which goes
   * to the row of an x. @param {TraceEdge} edge */
  multiplyInside(edge) {
    const { reel } = this;
    const place = this.placeOnGroup(edge.target);
    if (!place) return;
    const arriving = reel.bead(textOf(this.store.seen.node(edge.target).adjoint.value), "adjoint");
    const factor = reel.bead(factorOf(edge), "local");
    const product = reel.bead(textOf(edge.contribution), "adjoint");
    const half = (arriving.width + GAP + factor.width) / 2;
    const middle = Math.min(Math.max(place.x, half), this.rightEnd - half);
    const left = { x: middle - half + arriving.width / 2, y: place.y };
    const right = { x: middle + half - factor.width / 2, y: place.y };
    reel.travel(arriving, [left, left], [LIT, AT_PORT], SENT);
    reel.travel(factor, [right, right], [AT_PORT, SENT]);
    reel.travel(product, [place, this.placeOf(edge.source) ?? place], [SENT, ARRIVED], OVER);
  }

  // The elements of the picture ---------------------------------------------------------------

  get rightEnd() {
    const { x, width } = this.picture.svg.viewBox.baseVal;
    return x + width;
  }

  /** The first edges that lead to a node, or from it.
   * @type {(end: "source" | "target", node: string) => TraceEdge[]} */
  edges(end, node) {
    return this.store.seen.edges.filter((edge) => edge[end] === node).slice(0, MOST_BEADS);
  }

  /** @type {(form: string, of: string) => SVGElement | undefined} */
  elementOf(form, of) {
    const element = this.picture.elements.get(this.ids.get(`${form} ${of}`) ?? "")?.element;
    return element?.matches(".off, .off *") ? undefined : element;
  }

  /** The line between two blocks of an overview, of which an edge may cross several pieces.
   * @param {TraceEdge} edge */
  flow({ id }) {
    const pieces = this.store.view.rules.flatMap(([key, form, , options]) => {
      const path = this.picture.elements.get(key)?.element;
      const isPiece = form === "flow" && options?.["edges"].includes(id);
      return isPiece && path instanceof SVGPathElement ? [{ path, points: pointsAlong(path) }] : [];
    });
    for (const { path } of pieces) this.reel.hide(path, ARRIVED, FAINT);
    const starts = pieces.map(({ points }) => points).sort(([a], [b]) => (a?.x ?? 0) - (b?.x ?? 0));
    return starts.flat();
  }

  /** Where the gradient of a node stands, or its block; the number of the group that it is in.
   * @param {string} node */
  placeOf(node) {
    const number = this.store.isSmall ? undefined : this.elementOf("adjoint", node);
    if (number) return middleOf(number);
    const body = this.picture.elements.get(`${node}.body`)?.element;
    if (!body) return this.placeOnGroup(node);
    const { x, y, width, height } = boxOf(body);
    return { x: x + width / 2, y: y + height / 2 };
  }

  /** Where the number of a closed group stands, for a node that is in one. @param {string} node */
  placeOnGroup(node) {
    const group = this.picture.groupOf(node)?.getAttribute("data-id");
    const number = this.picture.elements.get(`${group}.number`)?.element;
    const [x = 0, y = 0] = ["x", "y"].map((name) => Number(number?.getAttribute(name)));
    return number ? { x, y: y - BASELINE } : null;
  }

  /** The halos of a card. @param {string} node */
  halos(node) {
    const all = [...this.picture.elements.values()];
    return all.filter(({ element }) => element.dataset.id?.startsWith(`${node}.halo.`));
  }

  /** What is new after the step waits for its time; halos, roads and captions have their own. */
  reveal(/** @type {number} */ until) {
    const { shown } = this.store;
    for (const { style, element } of this.picture.elements.values()) {
      const isNew = style.since === shown && style.until > shown;
      const hasOwnTime = /\b(halo|road|glow|local-text|inbox|off)\b/.test(style.class);
      if (isNew && !hasOwnTime) this.reel.hide(element, until);
    }
  }

  /** @param {string} node  whose card begins to work */
  light(node) {
    for (const { style, element } of this.halos(node)) {
      if (style.since === this.store.shown) this.reel.appear(element, [0, LIT]);
    }
  }

  /** @type {(node: string, span: Span) => void} */
  ring(node, span) {
    const halo = this.halos(node)[0] ?? this.picture.elements.get(`${node}.body`);
    if (halo) this.reel.ring(halo.element, span);
  }

  /** @type {(row: Element | undefined, span: Span) => void} */
  flash(row, span) {
    const tray = this.picture.elements.get(`${row?.getAttribute("data-id")}.tray`);
    if (tray) this.reel.flash(tray.element, span);
  }

  /** A lane becomes strong behind what goes along it.
   * @type {(form: string, of: string, span: Span) => SVGPathElement | undefined}  its line */
  strengthen(form, of, span) {
    const lane = this.elementOf(form, of);
    const path = lane?.matches("path") ? lane : lane?.querySelector("path:not(.head)");
    if (!lane || !(path instanceof SVGPathElement)) return undefined;
    this.reel.strengthen(lane, path, span);
    return path;
  }
}

// Numbers on beads ------------------------------------------------------------------------------

/** @param {Arr | null} numbers  of an array, the shape */
function textOf(numbers) {
  return numbers ? inWords(numbers) : UNKNOWN;
}

/** What the local derivative does to what arrives: "× 9". @param {TraceEdge} edge */
function factorOf({ local }) {
  if (!local) return "";
  const isNumber = local.value && !local.value.shape.length;
  if (isNumber) return `× ${inBrackets(inWords(/** @type {Arr} */ (local.value)))}`;
  return local.is_factor ? `× ${inBrackets(local.formula)}` : local.formula;
}

// Places ----------------------------------------------------------------------------------------

/** Where a local derivative opens, the bead beside it, and the way that is left. On a road that is
 * too short for both the bead waits inside its own card: on the next one it would be read as the
 * gradient of that.
 * @type {(points: Point[], half: number, otherHalf: number) =>
 *        {at: Point, beside: Point, ahead: Point[]}} */
function atPort(points, half, otherHalf) {
  const [first, last] = [points[0] ?? { x: 0, y: 0 }, points.at(-1) ?? { x: 0, y: 0 }];
  const apart = half + GAP + otherHalf;
  const across = last.x - first.x;
  if (Math.abs(across) < 4) {
    const beside = { x: first.x, y: (first.y + last.y) / 2 };
    return { at: { x: first.x + apart, y: beside.y }, beside, ahead: [last] };
  }
  const way = Math.sign(across);
  const at = { x: first.x + way * half, y: first.y };
  if (Math.abs(across) < apart + half + otherHalf) {
    const beside = { x: first.x - way * (otherHalf + GAP), y: first.y };
    return { at, beside, ahead: points };
  }
  const x = at.x + way * apart;
  const ahead = points.filter((point) => way * (point.x - x) > 0);
  return { at, beside: { x, y: ahead[0]?.y ?? last.y }, ahead };
}

/** The middle of a number, as it was placed.
 * @type {(element: Element | undefined) => Point | null} */
function middleOf(element) {
  const pill = element?.querySelector(":scope > rect") ?? element;
  if (!pill) return null;
  if (pill.matches("text")) return middleOfText(pill);
  const { x, y, width, height } = boxOf(pill);
  return { x: x + width / 2, y: y + height / 2 };
}

/** @param {Element} text */
function middleOfText(text) {
  const { x, y } = boxOf(text);
  const half = textWidth(text.textContent ?? "", SMALL) / 2;
  const way = { end: -1, middle: 0 }[text.getAttribute("text-anchor") ?? ""] ?? 1;
  return { x: x + way * half, y: y - BASELINE };
}
