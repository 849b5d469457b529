// @ts-check
/**
 * What a motion is made of: things that are hidden for a while, light up, and travel.
 *
 * All of it is laid over the picture, and ends by being taken away. Nothing is measured: that would
 * lay out the page anew in the middle of a frame.
 *
 * @typedef {{x: number, y: number}} Point
 * @typedef {[from: number, until: number]} Span  of time, in milliseconds from the beginning
 * @typedef {{element: SVGGElement, width: number}} Bead  a number on a pill, at the origin
 */

import { createSvgElement } from "./dom.js";

export const FAINT = 0.22; // of a road that nothing has gone through
const SAMPLES = 24; // points along a road
const BEAD_HEIGHT = 20; // of a bead
const BEAD_DIGIT = 8.2; // the width of a digit on it
export const BASELINE = 4.5; // of its text, below its middle
let masks = 0;

export class Reel {
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
    const words = createSvgElement("text", { y: BASELINE, "text-anchor": "middle" }, text);
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
    const d = road.getAttribute("d") ?? "";
    const whole = { pathLength: 1, "stroke-dasharray": 1 };
    const cover = createSvgElement("path", { d, class: "cover", ...whole });
    const id = `nb-motion-${(masks += 1)}`;
    const all = { x: -1e4, y: -1e4, width: 2e4, height: 2e4 };
    const mask = createSvgElement("mask", { id, maskUnits: "userSpaceOnUse", ...all }, cover);
    const strong = createSvgElement("path", { d, class: lane.getAttribute("class") ?? "" });
    strong.setAttribute("mask", `url(#${id})`);
    this.put(this.layer, mask);
    this.put(this.layer, strong);
    const frames = [{ strokeDashoffset: 1 }, { strokeDashoffset: 0 }];
    this.animate(cover, frames, span, { easing: "ease-in-out", fill: "backwards" });
  }
}

/** Points along a road, from its beginning to its end. They are those of a copy: to measure what is
 * in the page would lay that out anew. @type {(road: SVGPathElement) => Point[]} */
export function pointsAlong(road) {
  const copy = createSvgElement("path", { d: road.getAttribute("d") ?? "" });
  const each = copy.getTotalLength() / SAMPLES;
  return Array.from({ length: SAMPLES + 1 }, (_, i) => copy.getPointAtLength(i * each));
}
