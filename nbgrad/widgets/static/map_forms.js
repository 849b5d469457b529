// @ts-check
/**
 * The forms of maps: their cells, which are elements laid out in a matrix, or means of blocks, as
 * tints; and which words stand on them. `nbgrad/picture/cards/maps.py`.
 *
 * @import {Arr} from "./arrays.js"
 * @import {Facts} from "./facts.js"
 * @import {Cells, Form, Lane} from "./forms.js"
 * @import {TraceNode} from "./trace.js"
 *
 * @typedef {{rows: number, columns: number, data: ArrayLike<number>}} Matrix
 */

import { isAllZero, magnitude, pairwiseSum, unrounded } from "./arrays.js";
import { adjointSince, FORMS, numberStyle, OFF, styleOf, valueSince } from "./forms.js";
import { everyDigit, firstOf, roundedToEven, shaped, short, summary } from "./numbers.js";
import { clipped, firstFitting, pillWidth, SMALL, textWidth } from "./text_width.js";
import { numbersIn } from "./trace.js";
import { why, wording } from "./words.js";

const INFINITE_CELL = 1000; // the cell of a number that is infinite

/** The number of rows of tiles in a stack.
 * @type {(numbers: Arr, tile: readonly number[], beside: number) => number} */
function matricesIn({ data }, [high = 1, wide = 1], beside) {
  return Math.ceil(data.length / (high * wide * beside));
}

/** The number of cells of a map.
 * @type {(tile: readonly number[], block: readonly number[], beside: number, down: number) =>
 *        number} */
function cellCount([high = 1, wide = 1], [rows = 1, columns = 1], beside, down) {
  return down * Math.ceil(high / rows) * beside * Math.ceil(wide / columns);
}

/** The matrices of a stack in rows, so many beside each other; empty places hold 0.
 * @type {(numbers: Arr, tile: readonly number[], axes: readonly number[], beside: number) =>
 *        Matrix} */
function laidOut(numbers, tile, axes, beside) {
  const [high = 1, wide = 1] = tile;
  const ordered = axes.length ? inOrderOfAxes(numbers, axes) : numbers.data;
  if (beside === 1) return { rows: ordered.length / wide, columns: wide, data: ordered };
  const rows = matricesIn(numbers, tile, beside) * high;
  const columns = beside * wide;
  const data = new Float64Array(rows * columns);
  for (let i = 0; i < ordered.length; i++) {
    const count = Math.floor(i / (high * wide));
    const row = Math.floor(count / beside) * high + (Math.floor(i / wide) % high);
    data[row * columns + (count % beside) * wide + (i % wide)] = ordered[i] ?? 0;
  }
  return { rows, columns, data };
}

/** The elements of an array with its axes in another order.
 * @type {(numbers: Arr, axes: readonly number[]) => Float64Array} */
function inOrderOfAxes({ shape, data }, axes) {
  const apart = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const sizes = axes.map((axis) => shape[axis] ?? 1);
  const steps = axes.map((axis) => apart[axis] ?? 1);
  const ordered = new Float64Array(data.length);
  const at = sizes.map(() => 0);
  for (let i = 0, from = 0; i < ordered.length; i++) {
    ordered[i] = data[from] ?? 0;
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      const place = (at[axis] ?? 0) + 1;
      const size = sizes[axis] ?? 1;
      const step = steps[axis] ?? 1;
      from += place < size ? step : step * (1 - size);
      at[axis] = place < size ? place : 0;
      if (place < size) break;
    }
  }
  return ordered;
}

/** The mean of each block of elements; no block reaches into two tiles.
 * @type {(matrix: Matrix, tile: readonly number[], block: readonly number[]) => Float64Array} */
function blockMeans(matrix, [high = 1, wide = 1], [blockRows = 1, blockColumns = 1]) {
  const { rows, columns } = matrix;
  const down = blockStarts(rows, high, blockRows);
  const across = blockStarts(columns, wide, blockColumns);
  const largest = magnitude(matrix) || 1;
  // Relative to the largest, so that no sum is beyond the range of its type.
  const scaled = Float64Array.from(matrix.data, (number) => number / largest);
  const sums = new Float64Array(columns);
  const means = new Float64Array((down.length - 1) * (across.length - 1));
  let n = 0;
  for (let i = 0; i + 1 < down.length; i++) {
    const [top = 0, bottom = 0] = [down[i], down[i + 1]];
    for (let column = 0; column < columns; column++) {
      sums[column] = sumFrom(scaled, top * columns + column, bottom - top, columns);
    }
    for (let j = 0; j + 1 < across.length; j++) {
      const [left = 0, right = 0] = [across[j], across[j + 1]];
      const sum = sumFrom(sums, left, right - left, 1);
      means[n++] = (sum / ((bottom - top) * (right - left))) * largest;
    }
  }
  return means;
}

/** Where blocks begin along an axis, and where the last one ends.
 * @param {number} size
 * @param {number} whole  of a tile, in which blocks begin anew
 * @param {number} step
 * @returns {number[]} */
function blockStarts(size, whole, step) {
  const starts = [];
  for (let i = 0; i < size; i++) {
    if ((i % whole) % step === 0) starts.push(i);
  }
  return [...starts, size];
}

/** A sum in the order in which NumPy reduces slices.
 * @type {(data: Float64Array, start: number, count: number, stride: number) => number} */
function sumFrom(data, start, count, stride) {
  return (data[start] ?? 0) + pairwiseSum(data, start + stride, count - 1, stride, unrounded);
}

/** The tints of a map's cells in per cent, below zero where the number is.
 * @type {(numbers: ArrayLike<number>, faintest: number, strongest: number, signed: boolean) =>
 *        Cells} */
function tintsOf(numbers, faintest, strongest, signed) {
  const largest = magnitude({ data: numbers }) || 1;
  /** @type {Cells} */
  const cells = new Array(numbers.length);
  for (let i = 0; i < cells.length; i++) {
    const number = numbers[i] ?? 0;
    const size = Math.abs(number);
    let tint = 0;
    if (!(size < Infinity)) {
      cells[i] = !signed ? 0 : size ? Math.sign(number) * INFINITE_CELL : null; // a badge says it
      continue;
    }
    if (size) tint = roundedToEven(faintest + (strongest - faintest) * (size / largest));
    cells[i] = signed && number < 0 ? -tint : tint;
  }
  return cells;
}

const FAINTEST = 6; // the tint of the smallest number, in per cent
const STRONGEST = 92;
const BEHIND_NUMBER = 45; // the strongest tint that a number is read on
const EVERYWHERE = 22; // the tint of a map that holds one number
const ROUNDING = 1e-6; // relative to the largest in the picture, what is not told from rounding
const GREATEST = { value: "value", adjoint: "gradient" };

/** @type {Record<string, Form>} */
const MAP_FORMS = {
  /** The cells of an array, or the one number that all of them hold. */
  map(facts, of, options) {
    const { lane, block } = options;
    const node = facts.trace.node(of);
    const numbers = numbersIn(node, lane);
    if (!numbers) return OFF;
    const since = laneSince(facts, node, lane);
    const look = { class: `map ${lane}`, since };
    let title = titleOf(node, lane, numbers);
    if (!numbers.data.length) return styleOf({ ...look, text: "empty", cells: [0], title });
    const isRounding = holdsRounding(facts, lane, numbers);
    const text = wordsEverywhere(facts, node, lane, numbers, options.room, options.numbered);
    const tint = isRounding ? FAINTEST : EVERYWHERE;
    const cells =
      text || isRounding ? sameCells(numbers, options, tint) : tintedCells(numbers, options);
    if (block[0] !== 1 || block[1] !== 1) title += `\na cell is the mean of ${shaped(block)}`;
    if (isRounding) {
      title += `\nbelow a millionth of the largest ${GREATEST[lane]}: rounding, or as good as 0`;
    }
    return styleOf({ ...look, text, cells, title });
  },

  /** The number in a cell of a very small array, on a badge where it is not finite. */
  "cell number"(facts, of, { lane, n, room }) {
    const node = facts.trace.node(of);
    const numbers = numbersIn(node, lane);
    if (!numbers || (lane === "adjoint" && node.adjoint.state === "zero")) return OFF;
    const { dtype } = numbers;
    const since = laneSince(facts, node, lane);
    const element = numbers.data[n] ?? NaN;
    if (!Number.isFinite(element)) {
      const scalar = { dtype, shape: [], data: numbers.data.slice(n, n + 1) };
      return numberStyle(scalar, lane, since, room);
    }
    const text = inCell(element, dtype, room);
    return styleOf({ text, class: "chip cell-number", since, title: everyDigit(element, dtype) });
  },

  /** A line between two matrices of a stack; there is none where one number is said of all. */
  gap(facts, of, { lane, room }) {
    const node = facts.trace.node(of);
    const numbers = numbersIn(node, lane);
    if (!numbers || wordsEverywhere(facts, node, lane, numbers, room, false)) return OFF;
    return styleOf({ class: "gap", since: laneSince(facts, node, lane) });
  },

  /** The pill in the place of an adjoint that is None. */
  "no map"(facts, of, { room }) {
    const node = facts.trace.node(of);
    if (node.adjoint.state !== "none") return OFF;
    const { sign } = wording(node.adjoint.cause);
    const texts = [`None ${sign}`.trim(), "None", sign || "–"];
    const text = texts.find((each) => pillWidth(each) <= room) ?? (sign || "–");
    return styleOf({
      text,
      class: "chip number adjoint none",
      since: adjointSince(facts, node),
      width: pillWidth(text),
      title: why(facts.trace, node),
    });
  },

  /** The note on an adjoint that is a sum over the repetitions of its operand. */
  "sum note"(facts, of, { words }) {
    const node = facts.trace.node(of);
    return node.adjoint.value
      ? styleOf({ text: words, class: "text adjoint-text", since: adjointSince(facts, node) })
      : OFF;
  },
};
Object.assign(FORMS, MAP_FORMS);

/** The step after which the array of a lane is known.
 * @type {(facts: Facts, node: TraceNode, lane: Lane) => number} */
function laneSince(facts, node, lane) {
  return lane === "value" ? valueSince(facts, node.id) : adjointSince(facts, node);
}

/** The cells of a map that has one tint, or none where it is 0.
 * @type {(numbers: Arr, options: {tile: number[], block: number[], beside: number},
 *        tint: number) => Cells} */
function sameCells(numbers, { tile, block, beside }, tint) {
  const count = cellCount(tile, block, beside, matricesIn(numbers, tile, beside));
  return Array(count).fill(isAllZero(numbers) ? 0 : tint);
}

/** The cells of a map that tell its elements, or the means of its blocks.
 * @type {(numbers: Arr, options: {tile: number[], axes: number[], beside: number, block: number[],
 *        numbered: boolean}) => Cells} */
function tintedCells(numbers, { tile, axes, beside, block, numbered }) {
  const matrix = laidOut(numbers, tile, axes, beside);
  const isWhole = block[0] === 1 && block[1] === 1;
  const means = isWhole ? matrix.data : blockMeans(matrix, tile, block);
  return tintsOf(means, FAINTEST, numbered ? BEHIND_NUMBER : STRONGEST, !numbered);
}

/** An element with as many of its digits as there is room for.
 * @type {(element: number, dtype: string, room: number) => string} */
function inCell(element, dtype, room) {
  if (dtype === "bool") return clipped(everyDigit(element, dtype), SMALL, room);
  let text = "";
  for (let characters = 9; characters > 2; characters--) {
    text = short(element, characters);
    if (textWidth(text, SMALL) <= room) return text;
  }
  return text;
}

/** Whether an array holds only what is next to nothing beside the picture's other numbers.
 * @type {(facts: Facts, lane: Lane, numbers: Arr) => boolean} */
function holdsRounding(facts, lane, numbers) {
  if (!numbers.dtype.startsWith("float") || isAllZero(numbers)) return false;
  const scale = lane === "adjoint" ? facts.gradientScale : facts.sizeScale;
  return magnitude(numbers) < ROUNDING * scale && numbers.data.every((x) => Number.isFinite(x));
}

/** The one number that an array holds everywhere, if it fits; of a zero adjoint its cause.
 * @type {(facts: Facts, node: TraceNode, lane: Lane, numbers: Arr, room: number,
 *        numbered: boolean) => string} */
function wordsEverywhere(facts, node, lane, numbers, room, numbered) {
  if (lane === "adjoint" && node.adjoint.state === "zero") {
    const words = `0 ${wording(node.adjoint.cause).sign}`.trim();
    return textWidth(words, SMALL) <= room ? words : "0";
  }
  if (numbered) return "";
  if (holdsRounding(facts, lane, numbers)) return firstFitting(["≈ 0", "≈0"], room, "≈");
  const first = firstOf(numbers);
  if (!Number.isFinite(first) || !numbers.data.every((element) => element === first)) return "";
  const words = inCell(first, numbers.dtype, room);
  return textWidth(words, SMALL) <= room ? words : "";
}

// Titles -----------------------------------------------------------------------------------------

/** What hovering says: the largest magnitude, least, mean and greatest, shape and dtype.
 * @type {(node: TraceNode, lane: Lane, numbers: Arr) => string} */
function titleOf(node, lane, numbers) {
  const name = lane === "value" ? node.label : `gradient of ${node.label}`;
  /** @type {string[]} */
  const found = [];
  if (numbers.dtype.startsWith("float") && numbers.data.length) {
    found.push(...notFiniteWords(numbers), `max |v| ${short(magnitude(numbers))}`);
  }
  for (const [word, text] of summary(numbers)) {
    if (word !== "max") found.push(`${word} ${text}`.trim());
  }
  const words = `${name}: ${found.join(", ")}\n${shaped(numbers.shape)} ${numbers.dtype}`;
  const reason = lane === "adjoint" ? wording(node.adjoint.cause).sign : "";
  return reason ? `${words}, ${reason}` : words;
}

/** How many numbers are not finite, where some are not. @type {(numbers: Arr) => string[]} */
function notFiniteWords({ data }) {
  let [nans, infinite] = [0, 0];
  for (const element of data) {
    nans += Number.isNaN(element) ? 1 : 0;
    infinite += Math.abs(element) === Infinity ? 1 : 0;
  }
  const counts = { NaN: nans, "±∞": infinite };
  return Object.entries(counts)
    .filter(([, count]) => count)
    .map(([name, count]) => `${count} of ${data.length} ${name}`);
}
