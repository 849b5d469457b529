// @ts-check
/**
 * What moves the viewport: the wheel, the pointer, and two fingers.
 *
 * The wheel is only taken with Ctrl, or while the picture has the focus: else it scrolls the
 * notebook, and must never be caught.
 *
 * @import {Viewport} from "./viewport.js"
 */
import { cssZoom } from "./dom.js";
import { ZOOM_STEP } from "./viewport.js";

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

/**
 * On a block, its card; on the ground, all of it.
 * @param {Viewport} viewport
 * @param {MouseEvent} event
 */
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

/**
 * Whether a press takes hold of the ground: with a mouse, and on no card or control.
 * @param {PointerEvent} event
 */
function isGrip({ pointerType, button, target }) {
  const pressed = /** @type {Element} */ (target);
  const around = pressed.closest("[data-node], [role]");
  const isGround = !around || around === pressed.closest(".nbgrad-picture");
  return pointerType !== "touch" && button === 0 && isGround;
}

/** Two fingers move and stretch what is seen; one finger scrolls the page. @param {Viewport} viewport */
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
