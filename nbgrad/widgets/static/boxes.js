// @ts-check
/**
 * Boxes around elements as they were placed: read, not measured, so that they are known before
 * anything is on the screen, and in any zoom.
 *
 * @typedef {{x: number, y: number, width: number, height: number}} Box
 */

/**
 * The box of a rectangle, or of a path of absolute points, such as a card's outline.
 * @type {(element: Element) => Box}
 */
export function boxOf(element) {
  const d = element.getAttribute("d");
  if (d === null) {
    const [x = 0, y = 0, width = 0, height = 0] = ["x", "y", "width", "height"]
      .map((name) => Number(element.getAttribute(name)));
    return { x, y, width, height };
  }
  const numbers = (d.match(/-?\d+(?:\.\d+)?/g) ?? []).map(Number);
  const xs = numbers.filter((_, i) => i % 2 === 0);
  const ys = numbers.filter((_, i) => i % 2 === 1);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}
