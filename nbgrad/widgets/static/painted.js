// @ts-check
/**
 * An element of the picture, which remembers how it is painted: only what is new is written.
 *
 * `nbgrad/picture/output/svg.py` says how a style is applied; nothing is measured here.
 *
 * @import {Style} from "./forms.js"
 */

import { boxOf } from "./dom.js";
import { NEVER } from "./facts.js";

// The pill of such a number has no paint, and need not follow its text.
const BARE = /\b(number|cell-number)\b(?!.*\b(badge|none)\b)/;
const INFINITE = 1000; // the tint of an infinite cell
const DARK = 62; // from this tint on, in per cent, a dash is light
const DIGIT = 7.6; // the width of a digit of a map's number

/** @typedef {import("./dom.js").Box & {columns: number}} Frame */

export class PaintedElement {
  /** @param {SVGElement} element  as Python has painted it */
  constructor(element) {
    this.element = element;
    this.textNode = findTextNode(element);
    /** @type {SVGRectElement | null} */
    this.rect = element.querySelector(":scope > rect:not([data-id])");
    /** @type {SVGGElement | null} */
    this.cells = element.querySelector(":scope > .cells");
    this.keepsEnd = this.textNode?.parentElement?.getAttribute("text-anchor") === "end";
    this.isAway = element.hasAttribute("data-away");
    this.painted = this.rect ? boxOf(this.rect) : { x: 0, width: 0 };
    this.pillWidth = this.painted.width;
    /** Whether the pill is tinted under a pointer, as that of a number that can be changed. */
    this.isTinted = false;
    this.style = originalStyle(this);
    this.title = this.style.title;
  }

  /** Paint what differs from the last style; the title waits for `showTitle`.
   * @type {(style: Style) => void} */
  apply(style) {
    const { element, textNode } = this;
    const last = this.style;
    this.style = style;
    if (textNode && style.text !== last.text) textNode.nodeValue = style.text;
    if (style.class !== last.class) element.setAttribute("class", style.class);
    if (this.cells && this.rect) {
      if (!isSame(style.cells, last.cells) || style.text !== last.text) this.paintCells();
    } else if (this.rect && element.tagName === "g") {
      if (this.isTinted || !BARE.test(style.class)) this.setPillWidth(style.width);
    } else {
      if (style.width !== last.width) element.style.strokeWidth = `${style.width || ""}`;
      if (style.tint !== last.tint) element.style.fillOpacity = `${style.tint || ""}`;
    }
  }

  /** Its pill is tinted under a pointer, and so is as long as its text from now on. */
  followText() {
    this.isTinted = true;
    this.setPillWidth(this.style.width);
  }

  /** @param {number} step */
  showStep(step) {
    const isAway = step < this.style.since || step >= this.style.until;
    if (isAway === this.isAway) return;
    this.isAway = isAway;
    this.element.toggleAttribute("data-away", isAway);
  }

  /** What hovering says; nobody reads it while numbers move. */
  showTitle() {
    const { title } = this.style;
    if (title === this.title) return;
    this.title = title;
    const current = this.element.querySelector(":scope > title");
    if (!title) return current?.remove();
    const element = current ?? document.createElementNS("http://www.w3.org/2000/svg", "title");
    element.textContent = title;
    if (!current) this.element.prepend(element);
  }

  /** A pill of another width keeps its middle, or its right end where the text ends there.
   * @type {(width: number) => void} */
  setPillWidth(width) {
    if (width === this.pillWidth || !this.rect) return;
    this.pillWidth = width;
    const difference = this.painted.width - width;
    const left = this.painted.x + (this.keepsEnd ? difference : difference / 2);
    this.rect.setAttribute("x", `${left}`);
    this.rect.setAttribute("width", `${width}`);
  }

  /** The cells of a map; the number that all of them hold runs upwards where there is no room. */
  paintCells() {
    const { cells, rect, element } = this;
    const { text, cells: tints } = this.style;
    if (!cells || !rect) return;
    const frame = frameOf(rect, element);
    cells.innerHTML = cellPaths(tints, frame, !text);
    const { x, y, width, height } = frame;
    const isTurned = width < DIGIT * text.length && width < height;
    const turn = isTurned ? `rotate(-90 ${x + width / 2} ${y + height / 2})` : "";
    element.querySelector(":scope > text")?.setAttribute("transform", turn);
  }
}

/** The style that an element has been painted with; its cells are not read.
 * @type {(painted: PaintedElement) => Style} */
function originalStyle({ element, textNode, painted }) {
  return {
    text: textNode?.nodeValue ?? "",
    class: element.getAttribute("class") ?? "",
    since: Number(element.dataset.since ?? 0),
    until: Number(element.dataset.until ?? NEVER),
    width: painted.width || Number(element.style.strokeWidth),
    tint: Number(element.style.fillOpacity),
    title: element.querySelector(":scope > title")?.textContent ?? "",
    cells: [NaN], // which is never the same
  };
}

/** The text of an element itself, not of one inside: before the tail of a header, inside a chip.
 * @type {(element: SVGElement) => Node | null} */
function findTextNode(element) {
  const own = ":scope > text:not([data-id])";
  const text = element.tagName === "text" ? element : element.querySelector(own);
  if (text && text.firstChild?.nodeType !== Node.TEXT_NODE) text.prepend("");
  return text?.firstChild ?? null;
}

/** The place of a map, and how many cells are in a row.
 * @type {(rect: SVGRectElement, element: SVGElement) => Frame} */
export function frameOf(rect, element) {
  return { ...boxOf(rect), columns: Number(element.dataset.columns) };
}

/** @type {(a: readonly unknown[], b: readonly unknown[]) => boolean} */
function isSame(a, b) {
  return a.length === b.length && a.every((each, i) => each === b[i]);
}

// The cells of a map, `map_parts` of `nbgrad/picture/output/__init__.py` --------------------------

/** A path for each tint, then the solid cells, the dashes, and the light lines.
 * @type {(cells: readonly (number | null)[], frame: Frame, isDashed: boolean) => string} */
function cellPaths(cells, frame, isDashed) {
  const width = frame.width / frame.columns;
  const height = (frame.height * frame.columns) / cells.length;
  /** @type {Map<number, string>} */
  const tints = new Map();
  const lines = { solid: "", dash: "", light: "" };
  cells.forEach((cell, n) => {
    const x = frame.x + (n % frame.columns) * width;
    const y = frame.y + Math.floor(n / frame.columns) * height;
    const outline = `M${x},${y} h${width} v${height} h${-width}z`;
    const [middle, level] = [x + width / 2, y + height / 2];
    if (cell === null || Math.abs(cell) === INFINITE) {
      lines.solid += outline;
      lines.light += glyph(cell, middle, level, Math.min(width, height));
    } else if (cell) {
      tints.set(Math.abs(cell), (tints.get(Math.abs(cell)) ?? "") + outline);
      const half = Math.min(4, 0.28 * width);
      const dash = `M${middle - half},${level} h${2 * half}`;
      if (cell < 0 && isDashed) lines[-cell > DARK ? "light" : "dash"] += dash;
    }
  });
  const tinted = [...tints].map(([tint, d]) => `<path fill-opacity="${tint / 100}" d="${d}"/>`);
  const others = Object.entries(lines).filter(([, d]) => d);
  return tinted.join("") + others.map(([part, d]) => `<path class="${part}" d="${d}"/>`).join("");
}

/** A cross for what is not a number, and ∞ in six strokes with its sign.
 * @type {(cell: number | null, x: number, y: number, size: number) => string} */
function glyph(cell, x, y, size) {
  const r = 0.3 * size;
  if (cell === null) {
    return `M${x - r},${y - r} l${2 * r},${2 * r} m${-2 * r},0 l${2 * r},${-2 * r}`;
  }
  const half = cell < 0 ? 0.8 * r : 1.2 * r;
  const sign = cell < 0 ? `M${x - 1.4 * r},${y} h${0.6 * r}` : "";
  const turns = [-1, 0, -0.5, -0.5, 0.5, 0.5, 1, 0, 0.5, -0.5, -0.5, 0.5, -1, 0];
  const start = cell < 0 ? x + 0.4 * r : x;
  return `${sign}M${turns.map((turn, n) => (n % 2 ? y : start) + turn * half).join(" ")}`;
}
