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
 *
 * @typedef {{x: number, y: number}} Point
 * @typedef {[from: number, until: number]} Span  of time, in milliseconds from the beginning
 * @typedef {{element: SVGGElement, width: number}} Bead  a number on a pill, at the origin
 */

import { boxOf, createSvgElement, prefersStill } from "./dom.js";
import { inBrackets, inWords } from "./numbers.js";
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
    for (const edge of this.edges("target", node)) {
      const road = this.strengthen("forward", edge.id, [LIT, ARRIVED]);
      const way = road ? pointsAlong(road) : this.flow(edge);
      const bead = this.reel.bead(textOf(this.store.seen.node(edge.source).value), "value");
      if (way.length) this.reel.travel(bead, way, [LIT, ARRIVED]);
    }
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

  /** Where the gradient of a node stands, or its block. @param {string} node */
  placeOf(node) {
    const number = this.store.isSmall ? undefined : this.elementOf("adjoint", node);
    if (number) return middleOf(number);
    const body = this.picture.elements.get(`${node}.body`)?.element;
    if (!body) return null;
    const { x, y, width, height } = boxOf(body);
    return { x: x + width / 2, y: y + height / 2 };
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

// What a motion is made of: things that are hidden for a while, light up, travel -----------------

const FAINT = 0.22; // of a road that nothing has gone through
const SAMPLES = 24; // points along a road
const BEAD_HEIGHT = 20; // of a bead
const BEAD_DIGIT = 8.2; // the width of a digit on it
let masks = 0;

class Reel {
  /** @param {SVGElement} svg
   * @param {number} speed
   * @param {number} scale  of beads, in a picture that is seen smaller than it is */
  constructor(svg, speed, scale = 1) {
    this.speed = speed;
    this.scale = scale;
    /** @type {Animation[]} */
    this.animations = [];
    /** Everything that is there for the motion alone. @type {Element[]} */
    this.props = [];
    this.layer = this.put(svg, createSvgElement("g", { class: "beads", "aria-hidden": "true" }));
  }

  /** @type {<Each extends Element>(parent: Element, element: Each) => Each} */
  put(parent, element) {
    parent.append(element);
    this.props.push(element);
    return element;
  }

  /** The last frame, at once. */
  end() {
    for (const animation of this.animations) animation.cancel();
    for (const element of this.props) element.remove();
  }

  /** Take everything away when it is over. */
  endByItself() {
    const all = Promise.all(this.animations.map(({ finished }) => finished));
    all.then(
      () => this.end(),
      () => {}, // it was ended before
    );
  }

  /** @type {(element: Element, frames: Keyframe[], span: Span, options?: KeyframeEffectOptions) =>
   *        void} */
  animate(element, frames, [from, until], options = {}) {
    const animation = element.animate(frames, { delay: from, duration: until - from, ...options });
    animation.playbackRate = this.speed;
    this.animations.push(animation);
  }

  /** @type {(element: Element | undefined, until: number, opacity?: number) => void} */
  hide(element, until, opacity = 0) {
    if (element) this.animate(element, [{ opacity }, { opacity }], [0, until]);
  }

  /** @type {(element: Element, span: Span) => void} */
  appear(element, span) {
    this.animate(element, [{ opacity: 0 }, { opacity: 1 }], span, { fill: "backwards" });
  }

  /** A box is filled with light, which goes out. @type {(box: Element, span: Span) => void} */
  flash(box, span) {
    const light = { fill: "var(--nb-halo)" };
    this.animate(box, [light, { ...light, offset: 0.7 }, {}], span);
  }

  /** A copy of a halo is there in a span. @type {(halo: Element, span: Span) => void} */
  ring(halo, [from, until]) {
    const copy = /** @type {Element} */ (halo.cloneNode());
    for (const name of ["data-id", "data-away"]) copy.removeAttribute(name);
    copy.setAttribute("class", "halo prop");
    halo.after(copy);
    this.props.push(copy);
    const there = { opacity: 1 };
    const frames = [{ opacity: 0 }, { ...there, offset: 0.2 }, { ...there, offset: 0.8 }];
    this.animate(copy, [...frames, { opacity: 0 }], [from, until]);
  }

  // Beads -------------------------------------------------------------------------------------

  /** @type {(text: string, role: "value" | "adjoint" | "local") => Bead} */
  bead(text, role) {
    const width = Math.max(28, BEAD_DIGIT * text.length + 14);
    const half = BEAD_HEIGHT / 2;
    const box = { x: -width / 2, y: -half, width, height: BEAD_HEIGHT, rx: half };
    const words = createSvgElement("text", { y: 4.5, "text-anchor": "middle" }, text);
    const pill = createSvgElement("rect", box);
    const element = createSvgElement("g", { class: "bead prop", "data-role": role }, pill, words);
    return { element: this.put(this.layer, element), width: this.scale * width };
  }

  /** A bead goes through points, evenly or with a slow beginning and end, and may rest at the last.
   * @type {(bead: Bead, points: Point[], span: Span, restUntil?: number) => void} */
  travel({ element }, points, [from, until], restUntil = until) {
    const share = (until - from) / (restUntil - from);
    const frames = points.map(({ x, y }, i) => ({
      opacity: 1,
      transform: `translate(${x}px, ${y}px) scale(${this.scale})`,
      offset: (share * i) / Math.max(1, points.length - 1),
    }));
    const last = frames.at(-1);
    if (last && last.offset < 1) frames.push({ ...last, offset: 1 });
    const easing = restUntil > until ? "linear" : "ease-in-out";
    this.animate(element, frames, [from, restUntil], { easing });
  }

  // Roads -------------------------------------------------------------------------------------

  /** A lane of a road is faint, and reaches its full strength from its beginning to its end.
   * @type {(lane: Element, road: SVGPathElement, span: Span) => void} */
  strengthen(lane, road, span) {
    this.hide(lane, span[1], FAINT);
    const length = road.getTotalLength();
    const d = road.getAttribute("d") ?? "";
    const cover = createSvgElement("path", { d, class: "cover", "stroke-dasharray": length });
    const id = `nb-motion-${(masks += 1)}`;
    const all = { x: -1e4, y: -1e4, width: 2e4, height: 2e4 };
    const mask = createSvgElement("mask", { id, maskUnits: "userSpaceOnUse", ...all }, cover);
    const strong = createSvgElement("path", { d, class: lane.getAttribute("class") ?? "" });
    strong.setAttribute("mask", `url(#${id})`);
    this.put(this.layer, mask);
    this.put(this.layer, strong);
    const frames = [{ strokeDashoffset: length }, { strokeDashoffset: 0 }];
    this.animate(cover, frames, span, { easing: "ease-in-out", fill: "backwards" });
  }
}

/** Points along a road, from its beginning to its end. @type {(road: SVGPathElement) => Point[]} */
function pointsAlong(road) {
  const length = road.getTotalLength();
  const shares = Array.from({ length: SAMPLES + 1 }, (_, i) => i / SAMPLES);
  return shares.map((share) => road.getPointAtLength(share * length));
}

/** The middle of an element, in the coordinates of its picture.
 * @type {(element: Element | undefined) => Point | null} */
function middleOf(element) {
  if (!(element instanceof SVGGraphicsElement)) return null;
  const { x, y, width, height } = element.getBBox();
  return { x: x + width / 2, y: y + height / 2 };
}
