// @ts-check
/**
 * What broadcasting repeats, in numbers: of `nbgrad/picture/cards/faces.py`.
 *
 * @import {Trace, TraceEdge, TraceNode} from "./trace.js"
 */

import { countOf } from "./arrays.js";

/**
 * How often a reader repeats an operand, and whether as rows or columns.
 *
 * @param {Trace} trace
 * @param {TraceNode} node
 * @param {TraceEdge} edge
 * @returns {[count: number, what: "" | "rows" | "columns"] | null}
 */
export function repeated(trace, node, edge) {
  const reader = trace.node(edge.target);
  const count = Math.floor(countOf(reader.shape) / Math.max(1, countOf(node.shape)));
  if (!reader.elementwise || count < 2) {
    return null;
  }
  const [high = 1, wide = 1] = reader.shape;
  if (reader.shape.length !== 2) {
    return [count, ""];
  }
  const [rows = 1, columns = 1] = [1, 1, ...node.shape].slice(-2);
  const down = rows === 1 && high > 1;
  const across = columns === 1 && wide > 1;
  return [count, down && !across ? "rows" : across && !down ? "columns" : ""];
}
