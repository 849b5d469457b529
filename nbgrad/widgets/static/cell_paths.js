// @ts-check
/**
 * The cells of a map as SVG paths: `map_parts` of `nbgrad/picture/output/shapes.py`.
 *
 * @import {Frame} from "./painted.js"
 */

const INFINITE = 1000;
const DARK = 62; // from this tint on, in per cent, a dash is light

/**
 * A path for each tint, then the solid cells, the dashes, and the light lines.
 * @type {(cells: readonly (number | null)[], frame: Frame, isDashed: boolean) => string}
 */
export function cellPaths(cells, frame, isDashed) {
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

/**
 * A cross for what is not a number, and ∞ in six strokes with its sign.
 * @type {(cell: number | null, x: number, y: number, size: number) => string}
 */
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
