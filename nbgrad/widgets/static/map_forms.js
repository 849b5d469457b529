// @ts-check
/**
 * The forms of maps, which cells an array has and which words stand on them:
 * `nbgrad/picture/cards/maps.py`.
 *
 * @import {Arr} from "./arrays.js"
 * @import {Facts} from "./facts.js"
 * @import {Cells, Form, Lane} from "./forms.js"
 * @import {TraceNode} from "./trace.js"
 */

import { isAllZero, magnitude } from "./facts.js";
import { FORMS, OFF, adjointSince, numberStyle, styleOf, valueSince } from "./forms.js";
import { blockMeans, cellCount, laidOut, matricesIn, tintsOf } from "./map_cells.js";
import { everyDigit, firstOf, shaped, short, summary } from "./numbers.js";
import { why, wording } from "./reasons.js";
import { SMALL, clipped, firstFitting, pillWidth, textWidth } from "./text_width.js";

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
    const numbers = laneNumbers(node, lane);
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
    const numbers = laneNumbers(node, lane);
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
    const numbers = laneNumbers(node, lane);
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

/** The array of a lane. @type {(node: TraceNode, lane: Lane) => Arr | null} */
function laneNumbers(node, lane) {
  return lane === "value" ? node.value : node.adjoint.value;
}

/**
 * The step after which the array of a lane is known.
 * @type {(facts: Facts, node: TraceNode, lane: Lane) => number}
 */
function laneSince(facts, node, lane) {
  return lane === "value" ? valueSince(facts, node.id) : adjointSince(facts, node);
}

/**
 * The cells of a map that has one tint, or none where it is 0.
 * @type {(numbers: Arr, options: {tile: number[], block: number[], beside: number},
 *        tint: number) => Cells}
 */
function sameCells(numbers, { tile, block, beside }, tint) {
  const count = cellCount(tile, block, beside, matricesIn(numbers, tile, beside));
  return Array(count).fill(isAllZero(numbers) ? 0 : tint);
}

/**
 * The cells of a map that tell its elements, or the means of its blocks.
 * @type {(numbers: Arr, options: {tile: number[], axes: number[], beside: number, block: number[],
 *        numbered: boolean}) => Cells}
 */
function tintedCells(numbers, { tile, axes, beside, block, numbered }) {
  const matrix = laidOut(numbers, tile, axes, beside);
  const isWhole = block[0] === 1 && block[1] === 1;
  const means = isWhole ? matrix.data : blockMeans(matrix, tile, block);
  return tintsOf(means, FAINTEST, numbered ? BEHIND_NUMBER : STRONGEST, !numbered);
}

/**
 * An element with as many of its digits as there is room for.
 * @type {(element: number, dtype: string, room: number) => string}
 */
function inCell(element, dtype, room) {
  if (dtype === "bool") return clipped(everyDigit(element, dtype), SMALL, room);
  let text = "";
  for (let characters = 9; characters > 2; characters--) {
    text = short(element, characters);
    if (textWidth(text, SMALL) <= room) return text;
  }
  return text;
}

/**
 * Whether an array holds only what is next to nothing beside the picture's other numbers.
 * @type {(facts: Facts, lane: Lane, numbers: Arr) => boolean}
 */
function holdsRounding(facts, lane, numbers) {
  if (!numbers.dtype.startsWith("float") || isAllZero(numbers)) return false;
  const scale = lane === "adjoint" ? facts.gradientScale : facts.sizeScale;
  return magnitude(numbers) < ROUNDING * scale && numbers.data.every((x) => Number.isFinite(x));
}

/**
 * The one number that an array holds everywhere, if it fits; of a zero adjoint its cause.
 * @type {(facts: Facts, node: TraceNode, lane: Lane, numbers: Arr, room: number,
 *        numbered: boolean) => string}
 */
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

/**
 * What hovering says: the largest magnitude, least, mean and greatest, shape and dtype.
 * @type {(node: TraceNode, lane: Lane, numbers: Arr) => string}
 */
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
