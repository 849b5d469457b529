// @ts-check
/**
 * The minimap: all of a scene in a corner while a part is seen, and where that part lies.
 *
 * @import {Viewport} from "./viewport.js"
 */
import { createElement, createSvgElement, cssZoom } from "./dom.js";

const WIDTH = 168;
const MAP_HEIGHT = 88;

/** @param {Viewport} viewport */
export function createMinimap(viewport) {
  const svg = createSvgElement("svg", { "aria-hidden": "true" });
  const element = createElement("div", { class: "minimap" });
  element.append(svg);
  const frame = createSvgElement("rect", { class: "minimap-frame", rx: 2 });
  let scale = 1;
  const fill = () => {
    const { width, height } = viewport.scene ?? { width: 1, height: 1 };
    scale = Math.min(WIDTH / width, MAP_HEIGHT / height);
    svg.setAttribute("width", String(Math.ceil(width * scale)));
    svg.setAttribute("height", String(Math.ceil(height * scale)));
    svg.replaceChildren(...blocksOf(viewport, scale), frame);
  };
  const move = () => {
    element.hidden = !viewport.isZoomed;
    if (element.hidden) return;
    const { width, height } = viewport.size;
    setBox(frame, {
      x: viewport.corner.x * scale,
      y: viewport.corner.y * scale,
      width: (width / viewport.z) * scale,
      height: (height / viewport.z) * scale,
    });
  };
  viewport.store.on(["view"], () => {
    fill();
    move();
  });
  viewport.onMove(move);
  handleMinimapPointer(viewport, svg, () => scale);
  return element;
}

/** A small block for each card. @type {(viewport: Viewport, scale: number) => SVGElement[]} */
function blocksOf(viewport, scale) {
  const cards = viewport.picture.svg.querySelectorAll("[data-node]");
  return [...cards].flatMap((card) => {
    const node = card.getAttribute("data-node") ?? "";
    const box = viewport.boxOf(node);
    if (!box) return [];
    const block = createSvgElement("rect", { class: "minimap-block" });
    setBox(block, {
      x: box.x * scale,
      y: box.y * scale,
      width: Math.max(box.width * scale, 2),
      height: Math.max(box.height * scale, 2),
    });
    return [block];
  });
}

/** @type {(rect: SVGRectElement, box: Record<string, number>) => void} */
function setBox(rect, box) {
  for (const [name, value] of Object.entries(box)) rect.setAttribute(name, value.toFixed(1));
}

/** A press puts the middle of what is seen there. @type {(viewport: Viewport, svg: SVGSVGElement, scale: () => number) => void} */
function handleMinimapPointer(viewport, svg, scale) {
  const { signal } = viewport.store;
  const look = /** @param {PointerEvent} event */ (event) => {
    const { left, top } = svg.getBoundingClientRect();
    const { width, height } = viewport.size;
    const each = scale() * cssZoom(svg);
    const x = (event.clientX - left) / each - width / viewport.z / 2;
    const y = (event.clientY - top) / each - height / viewport.z / 2;
    viewport.look({ x, y }, viewport.z);
  };
  svg.addEventListener("pointerdown", (event) => {
    svg.setPointerCapture(event.pointerId);
    look(event);
  }, { signal });
  svg.addEventListener("pointermove", (event) => {
    if (svg.hasPointerCapture(event.pointerId)) look(event);
  }, { signal });
}
