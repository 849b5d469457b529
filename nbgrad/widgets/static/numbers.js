// @ts-check
/**
 * Numbers as they are written for people: `nbgrad/trace/numbers.py`, to the character.
 *
 * Four significant digits, integers without decimals, a true minus, and never more characters
 * than there is room for.
 *
 * @import {Arr} from "./arrays.js"
 */

import { asFewDigits, exponential, fixed, floatText } from "./digits.js";
import { meanOf } from "./sums.js";

const ROOM = 9; // characters in a number's slot on a card
const LONG = 24; // characters of a number in a sentence
const MOST_TEXTS = 1 << 14; // texts of numbers that are kept for the next time

/** Texts by room. @type {Map<number, string>[]} */
const shortTexts = [];

/**
 * A number as a picture writes it, in at most `room` characters: 42, 0.6667, −1.2e5, ∞.
 * @type {(value: number, room?: number) => string}
 */
export function short(value, room = ROOM) {
  const texts = (shortTexts[room] ??= new Map());
  let text = texts.get(value);
  if (text === undefined) {
    if (texts.size > MOST_TEXTS) texts.clear();
    texts.set(value, (text = shortest(value, room)));
  }
  return text;
}

/**
 * @param {number} value  or a text, of what is no number of the page
 * @param {number} room
 * @returns {string}
 */
function shortest(value, room) {
  if (typeof value === "string") return value;
  for (let digits = 4; digits > 0; digits--) {
    const text = significant(value, digits);
    if (text.length <= room) return text;
  }
  return oneDigit(value);
}

/**
 * The least that can be said of a number, its leading digit and its power of ten: −4e4.
 * @type {(value: number) => string}
 */
function oneDigit(value) {
  return withMinus(exponential(value, 0).replace("+", ""));
}

/**
 * A number with so many significant digits; integers below 100,000 keep all of theirs.
 * @type {(value: number, digits: number) => string}
 */
export function significant(value, digits) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const text = exponential(value, digits - 1);
  const split = text.indexOf("e");
  const power = Number(text.slice(split + 1));
  if (power >= -3 && power < Math.max(5, digits)) {
    return withMinus(trimmed(fixed(value, Math.max(digits - 1 - power, 0))));
  }
  return withMinus(`${trimmed(text.slice(0, split))}e${power}`);
}

/** A decimal fraction without the zeros at its end. @type {(text: string) => string} */
function trimmed(text) {
  if (!text.includes(".")) return text;
  let end = text.length;
  while (text[end - 1] === "0") {
    end--;
  }
  return text.slice(0, text[end - 1] === "." ? end - 1 : end);
}

/** @type {(text: string) => string} */
function withMinus(text) {
  return text.includes("-") ? text.replaceAll("-", "−") : text;
}

/**
 * Every digit that tells a scalar from its neighbours, which hovering shows; of an array, sums.
 * @type {(numbers: Arr) => string}
 */
export function exact(numbers) {
  if (!numbers.shape.length) return everyDigit(firstOf(numbers), numbers.dtype);
  const parts = summary(numbers);
  if (parts.length > 1) parts.unshift(["max |v|", short(greatest(magnitudes(numbers)))]);
  return parts.map(([name, text]) => `${name} ${text}`.trimEnd()).join(", ");
}

/** The number in a scalar, or the first one in an array. @type {(numbers: Arr) => number} */
export function firstOf(numbers) {
  return numbers.data[0] ?? NaN;
}

/**
 * An element as Python prints it, with a true minus.
 * @type {(value: number, dtype: string) => string}
 */
export function everyDigit(value, dtype) {
  if (dtype === "bool") return value ? "True" : "False";
  if (!dtype.startsWith("float")) {
    return withMinus(String(Number.isInteger(value) ? BigInt(value) : value)); // each digit of 2⁶³
  }
  return withMinus(floatText(dtype === "float32" ? asFewDigits(value) : value));
}

/** The magnitude of each element. @type {(numbers: Arr) => Float64Array} */
export function magnitudes({ data }) {
  const sizes = new Float64Array(data.length);
  for (let i = 0; i < sizes.length; i++) {
    sizes[i] = Math.abs(data[i] ?? 0);
  }
  return sizes;
}

/** The greatest of some numbers; NaN where one is. @type {(data: ArrayLike<number>) => number} */
export function greatest(data) {
  let found = data[0] ?? NaN;
  for (let i = 1; i < data.length; i++) {
    found = Math.max(found, data[i] ?? 0);
  }
  return found;
}

/** The least of some numbers; NaN where one is. @type {(data: ArrayLike<number>) => number} */
export function least(data) {
  let found = data[0] ?? NaN;
  for (let i = 1; i < data.length; i++) {
    found = Math.min(found, data[i] ?? 0);
  }
  return found;
}

/**
 * A tensor in a sentence: a number, and of an array its shape, 3×5 or [5].
 * @type {(numbers: Arr) => string}
 */
export function inWords(numbers) {
  const { shape } = numbers;
  if (!shape.length) return short(firstOf(numbers), LONG);
  return shape.length === 1 ? `[${shaped(shape)}]` : shaped(shape);
}

/**
 * What joins a number, or the shape of an array, to its symbol or its formula.
 * @type {(numbers: Arr, leaf?: boolean) => string}
 */
export function signBefore(numbers, leaf = true) {
  return !numbers.shape.length ? " = " : leaf ? " is " : ", ";
}

/**
 * Least, mean and greatest element of a tensor that is too large to show.
 * @type {(numbers: Arr) => [name: string, text: string][]}
 */
export function summary(numbers) {
  if (!numbers.data.length) return [["empty", ""]];
  return [
    ["min", short(least(numbers.data))],
    ["mean", short(meanOf(numbers))],
    ["max", short(greatest(numbers.data))],
  ];
}

/**
 * A shape as people write it: 2×3, 5, and nothing for a scalar.
 * @type {(shape: readonly number[]) => string}
 */
export function shaped(shape) {
  return shape.join("×");
}

/**
 * A number as a factor or an operand: in brackets where it is negative.
 * @type {(number: string) => string}
 */
export function inBrackets(number) {
  return number.startsWith("−") || number.startsWith("-") ? `(${number})` : number;
}

const DIGIT_GROUPS = String.raw`\d+(?:_\d+)*`;
const NUMBER_TEXT = new RegExp(
  `^\\s*[+-]?(?:(?:${DIGIT_GROUPS}\\.?(?:${DIGIT_GROUPS})?|\\.${DIGIT_GROUPS})` +
    `(?:e[+-]?${DIGIT_GROUPS})?|inf(?:inity)?|nan)\\s*$`,
  "i",
);

/**
 * Whether a label or a formula is nothing but a number, and need not be evaluated.
 * @type {(text: string) => boolean}
 */
export function isNumber(text) {
  return NUMBER_TEXT.test(text.replaceAll("−", "-"));
}
