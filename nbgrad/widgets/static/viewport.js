// @ts-check
/**
 * The viewport: which part of a scene is seen, how large, and what moves it.
 *
 * A scene that fits is seen whole, and can be zoomed into. Of a large graph the overview is seen
 * first; zooming in leads to the same nodes as cards, in a plane that no screen holds. The wheel is
 * only taken with Ctrl, or while the picture has the focus: else it scrolls the notebook, and must
 * never be caught.
 *
 * @import {Picture} from "./picture.js"
 * @import {Store} from "./store.js"
 *
 * @typedef {{x: number, y: number}} Point
 */

import { cssZoom, prefersStill } from "./dom.js";

export const ZOOM_STEP = 1.25;
const MOST_ZOOM = 2;
const LEAST_WHOLE = 0.3; // below, blocks of the whole graph would have no room for their names
const TALLEST = 446; // the height for a part of the whole graph
const AROUND = 40; // what is shown around a card that is brought into view
const GLIDE_MS = 250;
const TOO_LARGE =
  "This graph is too large to be zoomed into: open=[…] shows a scope of it in full.";

export class Viewport {
  /** @param {Store} store
   * @param {Picture} picture */
  constructor(store, picture) {
    this.store = store;
    this.picture = picture;
    /** Pixels of one unit of the scene. */
    this.z = 1;
    /** The corner of what is seen, in the scene. @type {Point} */
    this.corner = { x: 0, y: 0 };
    /** @type {(() => void)[]} */
    this.listeners = [];
    /** Where to look when the whole graph is there. @type {{node: string, z: number} | null} */
    this.goal = null;
    picture.viewport = this;
    store.on(["view"], () => this.mount());
  }

  /** Call back whenever another part is seen, or in another size. @param {() => void} callback */
  onMove(callback) {
    this.listeners.push(callback);
  }

  /** A new scene is seen as a whole, or where somebody has zoomed to. */
  mount() {
    const { width, height } = this.picture.svg.viewBox.baseVal;
    this.scene = { width, height };
    const goal = this.goal;
    this.goal = null;
    if (goal && this.isWhole) this.centre(goal.node, goal.z);
    else this.fit();
  }

  /** Whether every node is a card, in a plane of which a part is seen. */
  get isWhole() {
    return this.store.view.layout === "whole";
  }

  /** Whether this is an overview, behind which the whole graph lies. */
  get isOverview() {
    return Boolean(this.store.view.overview) && !this.isWhole;
  }

  /** The pixels that there are for the scene. */
  get size() {
    const { width, height } = this.scene ?? { width: 1, height: 1 };
    const room = Math.max(200, Math.floor(this.store.width));
    if (this.isWhole) return { width: room, height: Math.min(TALLEST, Math.ceil(height * this.z)) };
    return { width: Math.min(room, width), height };
  }

  get isZoomed() {
    return this.isWhole || this.z > 1;
  }

  // Where to look ---------------------------------------------------------------------------

  /** All of it: of the whole graph, its overview. */
  fit() {
    if (this.isWhole) return this.store.setWhole(false);
    const { width } = this.scene ?? { width: 1 };
    this.look({ x: 0, y: 0 }, Math.min(1, this.store.width / width));
  }

  /** Larger or smaller, around a point of the scene that stays where it is.
   * @param {number} factor
   * @param {Point} [around] */
  zoomBy(factor, around = this.middle) {
    if (this.isOverview) return factor > 1 ? this.enter(this.nearest(around)) : undefined;
    const least = this.isWhole ? LEAST_WHOLE : 1;
    if (factor < 1 && this.z * factor < least - 1e-9) return this.fit();
    const z = Math.min(MOST_ZOOM, this.z * factor);
    const share = this.z / z;
    this.look(
      {
        x: around.x - (around.x - this.corner.x) * share,
        y: around.y - (around.y - this.corner.y) * share,
      },
      z,
    );
  }

  /** From the overview to the cards around a node. @param {string} node @param {number} [z] */
  enter(node, z = LEAST_WHOLE * ZOOM_STEP) {
    if (!this.store.view.entered) return this.store.say(TOO_LARGE);
    this.goal = { node, z };
    this.store.setWhole(true);
  }

  /** Move by pixels. @param {number} dx @param {number} dy */
  pan(dx, dy) {
    this.look({ x: this.corner.x + dx / this.z, y: this.corner.y + dy / this.z }, this.z);
  }

  /** Put a node in the middle. @param {string} node @param {number} z */
  centre(node, z) {
    if (this.isOverview) return this.enter(node, z);
    const box = this.boxOf(node);
    if (!box) return;
    const { width, height } = { ...this.size, ...(this.isWhole ? { height: TALLEST } : {}) };
    const x = box.x + box.width / 2 - width / z / 2;
    this.glide({ x, y: box.y + box.height / 2 - height / z / 2 }, z);
  }

  /** Move as little as is needed to see an element. @param {Element} element */
  show(element) {
    if (!this.isZoomed) return;
    const frame = this.picture.svg.getBoundingClientRect();
    const box = element.getBoundingClientRect();
    const dx = missing(box.left - frame.left, box.right - frame.right);
    const dy = missing(box.top - frame.top, box.bottom - frame.bottom);
    const zoom = cssZoom(this.picture.svg);
    if (dx || dy) this.pan(dx / zoom, dy / zoom);
  }

  /** @type {(goal: Point, z: number) => void} */
  glide(goal, z) {
    const start = { ...this.corner, z: this.z };
    if (prefersStill() || Math.abs(start.z - z) > 2) return this.look(goal, z);
    const began = performance.now();
    let last = (this.corner = { ...this.corner }); // which ends an earlier glide
    /** @param {number} now */
    const frame = (now) => {
      // Whoever looks elsewhere meanwhile, or at another scene, stays there.
      if (this.corner !== last || this.store.signal.aborted) return;
      const t = Math.min(1, (now - began) / GLIDE_MS);
      const s = t * t * (3 - 2 * t);
      /** @type {(a: number, b: number) => number} */
      const between = (a, b) => a + (b - a) * s;
      const corner = { x: between(start.x, goal.x), y: between(start.y, goal.y) };
      this.look(corner, between(start.z, z));
      last = this.corner;
      if (t < 1) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  /** See the part of the scene from a corner on. @type {(corner: Point, z: number) => void} */
  look(corner, z) {
    this.z = z;
    const { width, height } = this.size;
    const scene = this.scene ?? { width, height };
    this.corner = {
      x: clamp(corner.x, 0, scene.width - width / z),
      y: clamp(corner.y, 0, scene.height - height / z),
    };
    const { svg } = this.picture;
    svg.setAttribute("width", String(width));
    svg.setAttribute("height", String(this.isZoomed ? height : Math.ceil(height * z)));
    const { x, y } = this.corner;
    const seen = this.isZoomed ? [x, y, width / z, height / z] : [0, 0, scene.width, scene.height];
    svg.setAttribute("viewBox", seen.join(" "));
    for (const callback of this.listeners) callback();
  }

  // Where things are ------------------------------------------------------------------------

  /** The middle of what is seen, in the scene. */
  get middle() {
    const { width, height } = this.size;
    return { x: this.corner.x + width / this.z / 2, y: this.corner.y + height / this.z / 2 };
  }

  /** The point of the scene below a pointer. @param {{clientX: number, clientY: number}} event */
  pointAt({ clientX, clientY }) {
    const frame = this.picture.svg.getBoundingClientRect();
    const scale = this.z * cssZoom(this.picture.svg);
    const x = this.corner.x + (clientX - frame.left) / scale;
    return { x, y: this.corner.y + (clientY - frame.top) / scale };
  }

  /** The outline of a node's card or block. @param {string} node */
  boxOf(node) {
    /** @type {SVGGraphicsElement | null} */
    const body = this.picture.svg.querySelector(`[data-id="${node}.body"]`);
    return body?.getBBox() ?? null;
  }

  /** The node nearest to a point of an overview; of a group, its first. @param {Point} point */
  nearest({ x, y }) {
    const { rules } = this.store.view;
    let best = { node: this.store.seen?.ys[0] ?? "", distance: Infinity };
    for (const [id, form, of] of rules) {
      if (form !== "card" && form !== "group") continue;
      const box = this.boxOf(id);
      if (!box) continue;
      const dx = x - box.x - box.width / 2;
      const distance = Math.hypot(dx, y - box.y - box.height / 2);
      if (distance < best.distance) best = { node: of, distance };
    }
    return best.node;
  }
}

/** @type {(value: number, least: number, most: number) => number} */
function clamp(value, least, most) {
  return most < least ? (least + most) / 2 : Math.min(Math.max(value, least), most);
}

/** How far to move so that something is seen. @type {(before: number, after: number) => number} */
function missing(before, after) {
  return before < AROUND ? before - AROUND : after > -AROUND ? after + AROUND : 0;
}

// Panning ----------------------------------------------------------------------------------------

const GRIP = 4; // pixels that a press may move before it is a drag

/** @param {Viewport} viewport */
export function handlePanning(viewport) {
  const { element } = viewport.picture;
  const { signal } = viewport.store;
  const onWheel = /** @param {WheelEvent} event */ (event) => {
    if (!event.ctrlKey && !element.contains(document.activeElement)) return;
    event.preventDefault();
    viewport.zoomBy(event.deltaY < 0 ? ZOOM_STEP : 1 / ZOOM_STEP, viewport.pointAt(event));
  };
  element.addEventListener("wheel", onWheel, { passive: false, signal });
  element.addEventListener("dblclick", (event) => handleDoubleClick(viewport, event), { signal });
  handleDrag(viewport);
  handlePinch(viewport);
}

/** On a block, its card; on the ground, all of it.
 * @param {Viewport} viewport
 * @param {MouseEvent} event */
function handleDoubleClick(viewport, event) {
  const target = /** @type {Element} */ (event.target);
  const node = target.closest("[data-node]")?.getAttribute("data-node");
  const isSmall = viewport.isOverview || (viewport.isWhole && viewport.z < 1);
  if (node && isSmall) return viewport.centre(node, 1);
  if (!node) viewport.fit();
}

/** Dragging the ground moves what is seen. @param {Viewport} viewport */
function handleDrag(viewport) {
  const { element } = viewport.picture;
  const { signal } = viewport.store;
  /** @type {{x: number, y: number, moved: boolean} | null} */
  let last = null;
  const start = (/** @type {PointerEvent} */ event) => {
    if (!viewport.isZoomed || !isGrip(event)) return;
    last = { x: event.clientX, y: event.clientY, moved: false };
  };
  const move = (/** @type {PointerEvent} */ event) => {
    if (!event.buttons) last = null; // it was let go outside of the picture
    if (!last) return;
    const [dx, dy] = [last.x - event.clientX, last.y - event.clientY];
    if (!last.moved && Math.hypot(dx, dy) < GRIP) return;
    if (!last.moved) element.setPointerCapture(event.pointerId);
    last = { x: event.clientX, y: event.clientY, moved: true };
    element.classList.add("panning");
    const zoom = cssZoom(element);
    viewport.pan(dx / zoom, dy / zoom);
  };
  const end = () => {
    last = null;
    element.classList.remove("panning");
  };
  element.addEventListener("pointerdown", start, { signal });
  element.addEventListener("pointermove", move, { signal });
  element.addEventListener("pointerup", end, { signal });
  element.addEventListener("pointercancel", end, { signal });
}

/** Whether a press takes hold of the ground: with a mouse, and on no card or control.
 * @param {PointerEvent} event */
function isGrip({ pointerType, button, target }) {
  const pressed = /** @type {Element} */ (target);
  const around = pressed.closest("[data-node], [role]");
  const isGround = !around || around === pressed.closest(".nbgrad-picture");
  return pointerType !== "touch" && button === 0 && isGround;
}

/** Two fingers move and stretch what is seen; one finger scrolls the page.
 * @param {Viewport} viewport */
function handlePinch(viewport) {
  const { element } = viewport.picture;
  const { signal } = viewport.store;
  /** @type {Map<number, {clientX: number, clientY: number}>} */
  const fingers = new Map();
  /** @type {{x: number, y: number, apart: number} | null} */
  let last = null;
  const measure = () => {
    const [a, b] = [...fingers.values()];
    if (!a || !b) return null;
    const apart = Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
    return { x: (a.clientX + b.clientX) / 2, y: (a.clientY + b.clientY) / 2, apart };
  };
  const onTouch = /** @param {PointerEvent} event */ (event) => {
    if (event.pointerType !== "touch") return;
    const { clientX, clientY } = event;
    if (event.type === "pointermove" && !fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, { clientX, clientY });
    const now = measure();
    if (now && last && event.type === "pointermove") {
      viewport.zoomBy(now.apart / last.apart, viewport.pointAt({ clientX: now.x, clientY: now.y }));
      viewport.pan(last.x - now.x, last.y - now.y);
    }
    last = now;
  };
  const onEnd = /** @param {PointerEvent} event */ (event) => {
    fingers.delete(event.pointerId);
    last = null;
  };
  element.addEventListener("pointerdown", onTouch, { signal });
  element.addEventListener("pointermove", onTouch, { signal });
  element.addEventListener("pointerup", onEnd, { signal });
  element.addEventListener("pointercancel", onEnd, { signal });
}
