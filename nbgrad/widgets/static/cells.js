// @ts-check
/**
 * Cells: one element of a tensor as a sum of products, its terms.
 *
 * The twin of `nbgrad/trace/cells.py`. Which cells make a cell, a node's subscripts say: those of
 * `np.einsum`. They are read backwards in the reverse pass.
 *
 * @import {Arr} from "./arrays.js"
 * @import {Trace, TraceEdge, TraceNode} from "./trace.js"
 *
 * @typedef {"value" | "adjoint"} Lane
 * @typedef {{label: string, value: number, node: string, index: number[], lane: Lane}} Factor
 *   a number in a product: the cell of a tensor, or a number without a place (node "")
 * @typedef {{factors: Factor[], product: number}} Term  one product of the sum
 * @typedef {{this: Factor, terms: Term[]}} Cell
 *   one element, and the products whose sum it is; none where it is no sum of products
 * @typedef {{letters: string[], shapes: number[][], sizes: Map<string, number>}} Subscripts
 *   the letters and the shapes of all operands, in their order, those of the result last; and the
 *   number of values of each letter
 * @typedef {Map<string, number>} Place  a value for each letter
 */

import { broadcastTo, stridesOf } from "./arrays.js";
import { bar, numbersIn } from "./trace.js";

/** How exact a sum of terms is: in float16, the least exact of the types. */
const EXACTNESS = 1e-2;

/** The products whose sum is one cell.
 * @type {(trace: Trace, key: string, index: number[], lane: Lane) => Cell} */
export function cellOf(trace, key, index, lane = "value") {
  const node = trace.node(key);
  const termsOf = lane === "value" ? valueTerms : adjointTerms;
  return { this: factorAt(node, index, lane), terms: termsOf(trace, node, index) };
}

/** A cell of a node's value or adjoint.
 * @type {(node: TraceNode, index: number[], lane?: Lane) => Factor} */
function factorAt(node, index, lane = "value") {
  const numbers = numbersIn(node, lane);
  const label = lane === "value" ? node.label : bar(node.label);
  return { label, value: numbers ? cellAt(numbers, index) : NaN, node: node.id, index, lane };
}

/** A number without a place. @param {string} label @param {number} value @returns {Factor} */
function numberAlone(label, value) {
  return { label, value, node: "", index: [], lane: "value" };
}

/** @param {Arr} array @param {number[]} index @returns {number} */
function cellAt(array, index) {
  const strides = stridesOf(array.shape);
  return array.data[index.reduce((place, each, axis) => place + each * strides[axis], 0)];
}

/** @param {Factor[]} factors @returns {Term} */
function termOf(factors) {
  return { factors, product: factors.reduce((product, factor) => product * factor.value, 1) };
}

/**
 * A node's operands, and how their cells make its own; null where that is not known.
 * @type {(trace: Trace, node: TraceNode) => {operands: TraceNode[], subscripts: Subscripts | null}}
 */
function subscriptsAt(trace, node) {
  const edges = [...trace.incoming(node)].sort((a, b) => a.position - b.position);
  const operands = edges.map((edge) => trace.node(edge.source));
  if (!node.subscripts || node.subscripts.split(",").length !== operands.length) {
    return { operands, subscripts: null };
  }
  const shapes = [...operands, node].map((each) => each.shape);
  return { operands, subscripts: parsedSubscripts(node.subscripts, shapes) };
}

/** The products whose sum is a cell of a value.
 * @type {(trace: Trace, node: TraceNode, at: number[]) => Term[]} */
function valueTerms(trace, node, at) {
  const { operands, subscripts } = subscriptsAt(trace, node);
  if (!subscripts) return [];
  const cells = placesAt(subscripts, -1, at).map((place) =>
    operands.map((x, i) => factorAt(x, indexAt(subscripts, i, place))),
  );
  switch (node.cells) {
    case "product":
      return cells.map(termOf);
    case "sum":
      return cells.flat().map((cell) => termOf([cell]));
    case "mean": {
      const share = numberAlone(`1/${cells.length}`, 1 / cells.length);
      return cells.map((factors) => termOf([share, ...factors]));
    }
    case "difference":
      return cells.flatMap(([x, y]) =>
        x && y ? [termOf([x]), termOf([numberAlone("(−1)", -1), y])] : [],
      );
    case "quotient":
      return cells.flatMap(([x, y]) =>
        x && y?.value ? [termOf([x, { ...y, label: `(1/${y.label})`, value: 1 / y.value }])] : [],
      );
    default:
      return [];
  }
}

/** The products whose sum is a cell of an adjoint: those of every edge, and the seed.
 * @type {(trace: Trace, node: TraceNode, at: number[]) => Term[]} */
function adjointTerms(trace, node, at) {
  /** @type {Term[]} */
  const terms = [];
  if (node.seed && trace.ys.includes(node.id)) {
    const seed = broadcastTo(node.seed, node.shape);
    terms.push(termOf([numberAlone("seed", cellAt(seed, at))]));
  }
  for (const edge of trace.outgoing(node)) {
    if (edge.contribution) {
      const carried = cellAt(edge.contribution, at);
      const products = edgeTerms(trace, edge, at);
      const whole = numberAlone(`through ${trace.node(edge.target).label}`, carried);
      terms.push(...(addUpTo(carried, products) ? products : [termOf([whole])]));
    }
  }
  return terms;
}

/** Whether these products add up to the contribution; not always under a learner's own rule.
 * @type {(carried: number, products: Term[]) => boolean} */
function addUpTo(carried, products) {
  const numbers = products.map((term) => term.product);
  if (![carried, ...numbers].every(Number.isFinite)) return products.length > 0;
  const sum = numbers.reduce((a, b) => a + b, 0);
  const size = numbers.reduce((a, b) => a + Math.abs(b), Math.abs(carried));
  return Math.abs(sum - carried) <= EXACTNESS * size;
}

/** The products that make up one cell of what an edge carried; none if that is not known.
 * @type {(trace: Trace, edge: TraceEdge, at: number[]) => Term[]} */
function edgeTerms(trace, edge, at) {
  const { local, position } = edge;
  const target = trace.node(edge.target);
  const { operands, subscripts } = subscriptsAt(trace, target);
  if (!subscripts || !local || !target.adjoint.value) return [];
  const factor = local.value;
  if (!factor && target.cells !== "product") return [];
  // Of many into one, there is a factor for each cell of the operand; else, of the result.
  const larger = reduces(subscripts, position) ? position : -1;
  const isOperand = isOtherOperand(target, edge, operands);
  const numbers =
    factor && !isOperand ? broadcastTo(factor, subscripts.shapes.at(larger) ?? []) : null;
  return placesAt(subscripts, position, at).map((place) => {
    const arrived = factorAt(target, indexAt(subscripts, -1, place), "adjoint");
    const others = numbers
      ? [numberAlone(local.symbol, cellAt(numbers, indexAt(subscripts, larger, place)))]
      : operands.flatMap((x, i) =>
          i === position ? [] : [factorAt(x, indexAt(subscripts, i, place))],
        );
    return termOf([arrived, ...others]);
  });
}

/** Whether a local derivative is the other operand, which then can be pointed at.
 * @type {(target: TraceNode, edge: TraceEdge, operands: TraceNode[]) => boolean} */
function isOtherOperand(target, edge, operands) {
  if (target.cells !== "product" || operands.length !== 2 || !edge.local) return false;
  return !edge.local.value || edge.local.formula === operands[1 - edge.position]?.label;
}

// Subscripts ------------------------------------------------------------------------------------

/** Subscripts such as "ik,kj->ij" for arrays of these shapes: which cells make which.
 * @type {(text: string, shapes: number[][]) => Subscripts} */
function parsedSubscripts(text, shapes) {
  const [operands = "", result = ""] = text.split("->");
  const letters = [...operands.split(","), result];
  /** @type {Map<string, number>} */
  const sizes = new Map();
  letters.forEach((each, which) => {
    [...each].forEach((letter, axis) => {
      const size = shapes[which]?.[axis] ?? 1;
      sizes.set(letter, size ? Math.max(size, sizes.get(letter) ?? 1) : 0);
    });
  });
  return { letters, shapes, sizes };
}

/** Whether several cells of an operand go into one of the result.
 * @type {(subscripts: Subscripts, which: number) => boolean} */
function reduces({ letters }, which) {
  return [...(letters[which] ?? "")].some((letter) => !letters.at(-1)?.includes(letter));
}

/** All values of the letters at which one cell of one array takes part.
 * @type {(subscripts: Subscripts, which: number, at: number[]) => Place[]} */
function placesAt({ letters, shapes, sizes }, which, at) {
  /** @type {Map<string, number>} */
  const fixed = new Map();
  [...(letters.at(which) ?? "")].forEach((letter, axis) => {
    if (shapes.at(which)?.[axis] === sizes.get(letter)) {
      fixed.set(letter, at[axis] ?? 0); // else its only cell serves all
    }
  });
  /** @type {Place[]} */
  let places = [new Map()];
  for (const [letter, size] of sizes) {
    const known = fixed.get(letter);
    const run = known === undefined ? Array.from({ length: size }, (_, k) => k) : [known];
    places = places.flatMap((place) => run.map((k) => new Map([...place, [letter, k]])));
  }
  return places;
}

/** The index of one array's cell, for some values of the letters.
 * @type {(subscripts: Subscripts, which: number, place: Place) => number[]} */
function indexAt({ letters, shapes }, which, place) {
  const names = [...(letters.at(which) ?? "")];
  return names.map((letter, axis) =>
    shapes.at(which)?.[axis] === 1 ? 0 : (place.get(letter) ?? 0),
  );
}
