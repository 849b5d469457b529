// @ts-check
/**
 * Numbers as they are written for people: `nbgrad/trace/numbers.py`, to the character.
 *
 * Four significant digits, integers without decimals, a true minus, and never more characters
 * than there is room for.
 *
 * @import {Arr} from "./arrays.js"
 */

import { meanOf } from "./arrays.js";

const MOST_KEPT = 1 << 14; // numbers whose digits are kept for the next time
const MORE = 30; // decimals by which a half is told from what is near it
const LEAST_NORMAL = 2 ** -126; // smaller numbers of float32 have fewer digits

/** A number with so many decimals and a power of ten, as Python rounds it.
 *
 * Of two that are equally near, JavaScript takes the larger one, and Python the even one.
 * @type {(value: number, decimals: number) => string} */
export function exponential(value, decimals) {
  const text = value.toExponential(decimals);
  const place = decimals - Number(text.slice(text.indexOf("e") + 1));
  if (!mayBeHalf(value, place) && !mayBeHalf(value, place + 1)) return text;
  const longer = value.toExponential(decimals + MORE);
  const end = longer.indexOf("e");
  const half = end - MORE;
  const lower = longer.slice(0, decimals ? half : half - 1);
  return isHalf(longer, half, end) && isEven(lower) ? lower + longer.slice(end) : text;
}

/** A number with so many decimals, as Python rounds it.
 * @type {(value: number, decimals: number) => string} */
export function fixed(value, decimals) {
  const text = value.toFixed(decimals);
  if (!mayBeHalf(value, decimals)) return text;
  const longer = value.toFixed(decimals + 1);
  const lower = longer.slice(0, decimals ? -1 : -2);
  return isEven(lower) ? lower : text;
}

/** Whether a number may lie exactly between two numbers of so many decimals; it does from 0 on.
 * @type {(value: number, decimals: number) => boolean} */
function mayBeHalf(value, decimals) {
  return decimals < 0 ? value % 5 === 0 : Math.abs(value * 2 ** (decimals + 1)) % 2 === 1;
}

/** Whether the digits of a part of a text are 5000…, exactly between two numbers.
 * @type {(text: string, start: number, end: number) => boolean} */
function isHalf(text, start, end) {
  if (text[start] !== "5") return false;
  for (let i = start + 1; i < end; i++) {
    if (text[i] !== "0") return false;
  }
  return true;
}

/** @type {(digits: string) => boolean} */
function isEven(digits) {
  return digits.charCodeAt(digits.length - 1) % 2 === 0; // "0" is 48
}

/** The nearest whole number, of two the even one, as Python rounds.
 * @type {(value: number) => number} */
export function roundedToEven(value) {
  const below = Math.floor(value);
  const rest = value - below;
  return rest < 0.5 || (rest === 0.5 && below % 2 === 0) ? below : below + 1;
}

/** A float as Python prints it: 1.0, 1e-05, 1e+16, nan. @type {(value: number) => string} */
function floatText(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-4 && size < 1e16)) {
    const text = Object.is(value, -0) ? "-0" : String(value);
    return Number.isInteger(value) ? `${text}.0` : text;
  }
  const [mantissa, power = ""] = value.toExponential().split("e");
  return `${mantissa}e${power[0]}${power.slice(1).padStart(2, "0")}`;
}

/** @type {Map<number, number>} */
const fewDigits = new Map();

/** The number of the fewest digits that is this one in float32: 0.1, not 0.10000000149.
 * @type {(value: number) => number} */
function asFewDigits(value) {
  if (!Number.isFinite(value) || value === 0) return value;
  let found = fewDigits.get(value);
  if (found === undefined) {
    if (fewDigits.size > MOST_KEPT) fewDigits.clear();
    fewDigits.set(value, (found = fewestDigits(value)));
  }
  return found;
}

/** @type {(value: number) => number} */
function fewestDigits(value) {
  const size = Math.abs(value);
  const isPower = Number.isInteger(Math.log2(size));
  // What has fewer than six digits is the same with zeros at its end.
  for (let decimals = size < LEAST_NORMAL ? 0 : 5; decimals < 8; decimals++) {
    const text = exponential(value, decimals);
    if (Math.fround(Number(text)) === value) return Number(text);
    const next = isPower ? Number(nextDecimal(text, decimals)) : NaN;
    if (Math.fround(next) === value) return next;
  }
  return Number(exponential(value, 8));
}

/** The next number of as many decimals, away from 0. Below a power of two, the numbers of a type
 * lie closer than above it, so that this one can be the first that is read back.
 * @type {(text: string, decimals: number) => string} */
function nextDecimal(text, decimals) {
  const split = text.indexOf("e");
  const digits = Number(text.slice(0, split).replace(".", ""));
  return `${digits + Math.sign(digits)}e${Number(text.slice(split + 1)) - decimals}`;
}

const ROOM = 9; // characters in a number's slot on a card
const LONG = 24; // characters of a number in a sentence
const MOST_TEXTS = 1 << 14; // texts of numbers that are kept for the next time

/** Texts by room. @type {Map<number, string>[]} */
const shortTexts = [];

/** A number as a picture writes it, in at most `room` characters: 42, 0.6667, −1.2e5, ∞.
 * @type {(value: number, room?: number) => string} */
export function short(value, room = ROOM) {
  const texts = (shortTexts[room] ??= new Map());
  let text = texts.get(value);
  if (text === undefined) {
    if (texts.size > MOST_TEXTS) texts.clear();
    texts.set(value, (text = shortest(value, room)));
  }
  return text;
}

/** @param {number} value  or a text, of what is no number of the page
 * @param {number} room
 * @returns {string} */
function shortest(value, room) {
  if (typeof value === "string") return value;
  for (let digits = 4; digits > 0; digits--) {
    const text = significant(value, digits);
    if (text.length <= room) return text;
  }
  return oneDigit(value);
}

/** The least that can be said of a number, its leading digit and its power of ten: −4e4.
 * @type {(value: number) => string} */
function oneDigit(value) {
  return withMinus(exponential(value, 0).replace("+", ""));
}

/** A number with so many significant digits; integers below 100,000 keep all of theirs.
 * @type {(value: number, digits: number) => string} */
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

/** Every digit that tells a scalar from its neighbours, which hovering shows; of an array, sums.
 * @type {(numbers: Arr) => string} */
export function exact(numbers) {
  if (!numbers.shape.length) return everyDigit(firstOf(numbers), numbers.dtype);
  const parts = summary(numbers);
  const sizes = Float64Array.from(numbers.data, Math.abs);
  if (parts.length > 1) parts.unshift(["max |v|", short(extreme(sizes, Math.max))]);
  return parts.map(([name, text]) => `${name} ${text}`.trimEnd()).join(", ");
}

/** The number in a scalar, or the first one in an array. @type {(numbers: Arr) => number} */
export function firstOf(numbers) {
  return numbers.data[0] ?? NaN;
}

/** An element as Python prints it, with a true minus.
 * @type {(value: number, dtype: string) => string} */
export function everyDigit(value, dtype) {
  if (dtype === "bool") return value ? "True" : "False";
  if (!dtype.startsWith("float")) {
    return withMinus(String(Number.isInteger(value) ? BigInt(value) : value)); // each digit of 2⁶³
  }
  return withMinus(floatText(dtype === "float32" ? asFewDigits(value) : value));
}

/** The least or the greatest of some numbers; NaN where one is.
 * @type {(data: import("./arrays.js").Elements, choose: (a: number, b: number) => number) =>
 *        number} */
function extreme(data, choose) {
  let found = data[0] ?? NaN;
  for (const each of data) found = choose(found, each);
  return found;
}

/** A tensor in a sentence: a number, and of an array its shape, 3×5 or [5].
 * @type {(numbers: Arr) => string} */
export function inWords(numbers) {
  const { shape } = numbers;
  if (!shape.length) return short(firstOf(numbers), LONG);
  return shape.length === 1 ? `[${shaped(shape)}]` : shaped(shape);
}

/** What joins a number, or the shape of an array, to its symbol or its formula.
 * @type {(numbers: Arr, leaf?: boolean) => string} */
export function signBefore(numbers, leaf = true) {
  return !numbers.shape.length ? " = " : leaf ? " is " : ", ";
}

/** Least, mean and greatest element of a tensor that is too large to show.
 * @type {(numbers: Arr) => [name: string, text: string][]} */
export function summary(numbers) {
  if (!numbers.data.length) return [["empty", ""]];
  return [
    ["min", short(extreme(numbers.data, Math.min))],
    ["mean", short(meanOf(numbers))],
    ["max", short(extreme(numbers.data, Math.max))],
  ];
}

/** A shape as people write it: 2×3, 5, and nothing for a scalar.
 * @type {(shape: readonly number[]) => string} */
export function shaped(shape) {
  return shape.join("×");
}

/** A number as a factor or an operand: in brackets where it is negative.
 * @type {(number: string) => string} */
export function inBrackets(number) {
  return number.startsWith("−") || number.startsWith("-") ? `(${number})` : number;
}

const DIGIT_GROUPS = String.raw`\d+(?:_\d+)*`;
const NUMBER_TEXT = new RegExp(
  `^\\s*[+-]?(?:(?:${DIGIT_GROUPS}\\.?(?:${DIGIT_GROUPS})?|\\.${DIGIT_GROUPS})` +
    `(?:e[+-]?${DIGIT_GROUPS})?|inf(?:inity)?|nan)\\s*$`,
  "i",
);

/** Whether a label or a formula is nothing but a number, and need not be evaluated.
 * @type {(text: string) => boolean} */
export function isNumber(text) {
  return NUMBER_TEXT.test(text.replaceAll("−", "-"));
}
