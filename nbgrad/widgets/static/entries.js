// @ts-check
/**
 * Entries: what fields hold, as texts, as numbers and as arrays. `nbgrad/widgets/entries.py`.
 *
 * A person may write −3, 1/2, 2e-3 or 0,5. ∞, NaN and whole numbers that JavaScript cannot hold
 * are words, as in Python.
 *
 * @import {Arr} from "./arrays.js"
 *
 * @typedef {string | number} Entry  what a field holds
 * @typedef {{min: number, max: number, step: number}} Range  the ends of a slider, and its step
 */

import { indexOf, readArray } from "./arrays.js";

/** For each type of whole numbers its least and its greatest. @type {Record<string, number[]>} */
const WHOLE = {
  bool: [0, 1], uint8: [0, 255], int8: [-128, 127], int16: [-32768, 32767], uint16: [0, 65535],
  int32: [-2147483648, 2147483647], uint32: [0, 4294967295],
  int64: [-(2 ** 63), 2 ** 63],
};
const WORDS = new Map([
  ["inf", Infinity], ["infinity", Infinity], ["∞", Infinity], ["nan", NaN],
]);

const SEED_OF = "seed of ";

/** An entry that is no number, or not one of its type. */
export class EntryError extends Error {}

/** @param {string} dtype */
export function isWhole(dtype) {
  return dtype in WHOLE;
}

/** An entry as people write it, with a true minus. @type {(entry: Entry) => string} */
export function written(entry) {
  return String(entry).replace("inf", "∞").replace("nan", "NaN").replace(/-/g, "−");
}

// From texts to entries ---------------------------------------------------------------------------

/** What somebody wrote, as an entry of this type.
 * @param {string} text
 * @param {string} dtype
 * @returns {Entry}
 * @throws {EntryError} if it is none */
export function readEntry(text, dtype) {
  const plain = text.trim().replace(/^[−–]/, "-").replace(/e[−–]/i, "e-").replace(",", ".");
  const entry = /^[-+]?\d+$/.test(plain) && !Number.isSafeInteger(Number(plain)) && isWhole(dtype)
    ? plain.replace("+", "")
    : asEntry(numberIn(plain, text));
  numberOf(entry, dtype);
  return entry;
}

/** What somebody wrote for all elements of an array: one entry, or one for each: "1 0 0".
 * @param {string} text
 * @param {string} dtype
 * @param {number} size
 * @returns {Entry[]}
 * @throws {EntryError} if they are not as many, or one is none */
export function readEntries(text, dtype, size) {
  const parts = text.trim().split(/[,;]?\s+|;/);
  if (parts.length !== 1 && parts.length !== size) {
    throw new EntryError(`${parts.length} numbers, where there is room for 1 or ${size}`);
  }
  const entries = parts.map((part) => readEntry(part, dtype));
  return entries.length === size ? entries : Array(size).fill(entries[0]);
}

/** The number in a text: a decimal, a fraction, or a word.
 * @param {string} plain
 * @param {string} written  for the message
 * @returns {number} */
function numberIn(plain, written) {
  const [, sign = "", rest = ""] = /^([-+]?)(.*)$/.exec(plain) ?? [];
  const fraction = /^(\d+(?:\.\d*)?|\.\d+) *[/⁄÷] *(\d+(?:\.\d*)?|\.\d+)$/.exec(rest);
  const isDecimal = /^(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(rest);
  const size = fraction
    ? Number(fraction[1]) / Number(fraction[2])
    : isDecimal ? Number(rest) : WORDS.get(rest.toLowerCase());
  if (size === undefined || (fraction && !Number.isFinite(size))) throw noNumber(written);
  return sign === "-" ? -size : size;
}

/** @param {unknown} written */
function noNumber(written) {
  return new EntryError(`“${String(written).trim()}” is no number`);
}

/** A number as an entry: what JSON has no number for is a word. @type {(value: number) => Entry} */
function asEntry(value) {
  if (Number.isFinite(value)) return value === 0 ? 0 : value;
  return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

// And to numbers ----------------------------------------------------------------------------------

/** An entry as a number of this type.
 * @param {Entry} entry
 * @param {string} dtype
 * @returns {number}
 * @throws {EntryError} if it is none */
export function numberOf(entry, dtype) {
  const number = typeof entry === "number" ? entry : numberIn(entry.trim(), entry);
  const range = WHOLE[dtype];
  if (!range) return number;
  const [least = 0, greatest = 0] = range;
  if (Number.isInteger(number) && least <= number && number <= greatest) return number;
  const what = dtype === "bool" ? "0 (False) or 1 (True)" : `a whole number of ${dtype}`;
  throw new EntryError(`${entry} is not ${what}`);
}

/** The arrays that inputs, or seeds, hold; one entry serves all the elements of an array.
 * @param {Record<string, Arr>} starts  what each begins with, by label
 * @param {Record<string, Entry[]>} entries
 * @param {Record<string, unknown>} arrays  what has too many elements for entries
 * @param {Record<string, Arr>} good  the last good ones, for what is no number
 * @returns {Record<string, Arr>} */
export function fromEntries(starts, entries, arrays, good = starts) {
  /** @type {Record<string, Arr>} */
  const found = {};
  for (const [label, { dtype, shape, data }] of Object.entries(starts)) {
    const given = entries[label];
    if (given) {
      const isOne = given.length !== data.length;
      const last = (good[label] ?? starts[label])?.data ?? data;
      const elements = Array.from(data, (_, i) =>
        numberOr(given[isOne ? 0 : i] ?? "", dtype, Number(last[i])));
      found[label] = readArray({ dtype, shape, elements });
    } else if (arrays[label]) {
      found[label] = readArray(/** @type {any} */ (arrays[label]));
    }
  }
  return found;
}

/** @type {(entry: Entry, dtype: string, otherwise: number) => number} */
function numberOr(entry, dtype, otherwise) {
  try {
    return numberOf(entry, dtype);
  } catch {
    return otherwise;
  }
}

/** What inputs that can be moved, and seeds, begin with, by label.
 * @param {import("./program.js").Program | null} program */
export function startsOf(program) {
  /** @type {any[]} */
  const all = program?.inputs ?? [];
  const inputs = all.filter(({ movable }) => movable);
  return {
    inputs: Object.fromEntries(inputs.map(({ label, value }) => [label, value])),
    seeds: Object.fromEntries(
      (program?.seeds ?? []).map(({ node, seed }) => [program?.labels.get(node) ?? "", seed]),
    ),
  };
}

/** The large seeds among arrays: "seed of f". @param {Record<string, unknown>} arrays */
export function seedsAmong(arrays) {
  const seeds = Object.entries(arrays).filter(([name]) => name.startsWith(SEED_OF));
  return Object.fromEntries(seeds.map(([name, array]) => [name.slice(SEED_OF.length), array]));
}

// Names -------------------------------------------------------------------------------------------

/** The name of an element in messages and for a screen reader: "x", "W[1, 0]".
 * @type {(label: string, shape: number[], flat: number) => string} */
export function cellName(label, shape, flat) {
  return shape.length ? `${label}[${indexOf(flat, shape).join(", ")}]` : label;
}

// Steps -------------------------------------------------------------------------------------------

/** A tenth of a number's leading power of ten: 0.1 for 3, 1 for 25; whole numbers go by 1.
 * @type {(entry: Entry, dtype: string) => number} */
export function stepOf(entry, dtype) {
  const size = Math.abs(Number(entry));
  if (isWhole(dtype)) return 1;
  if (!size || !Number.isFinite(size)) return 0.1;
  return Number(`1e${Number(size.toExponential().split("e")[1]) - 1}`);
}

/** A number some steps further on, without the dust of binary fractions: 0.1 + 2 × 0.1 = 0.3.
 * @type {(entry: Entry, change: number, dtype: string) => Entry} */
export function moved(entry, change, dtype) {
  const start = typeof entry === "number" ? entry : Number(entry);
  if (!Number.isFinite(start)) return entry;
  const [least, greatest] = WHOLE[dtype] ?? [-Infinity, Infinity];
  const whole = isWhole(dtype) ? Math.round(start + Math.trunc(change)) : start + change;
  const clipped = Math.min(Math.max(whole, least ?? 0), greatest ?? 0);
  const places = Math.min(Math.max(decimalPlaces(start), decimalPlaces(change)), 100);
  return asEntry(Number(clipped.toFixed(places)));
}

/** @param {number} value */
function decimalPlaces(value) {
  const [digits = "", exponent = "0"] = String(value).split("e");
  return Math.max(0, (digits.split(".")[1]?.length ?? 0) - Number(exponent));
}

/** The reach of a slider: a good way beyond the number, and ±5 (a seed: ±2) at least.
 * @type {(entry: Entry, trait: "inputs" | "seeds", dtype: string) => Range} */
export function rangeOf(entry, trait, dtype) {
  if (dtype === "bool") return { min: 0, max: 1, step: 1 };
  const size = Math.abs(Number(entry));
  const atLeast = trait === "inputs" ? 5 : 2;
  const reach = Math.max(atLeast, Number.isFinite(size) ? niceNumber(1.25 * size) : 0);
  const [least = 0] = WHOLE[dtype] ?? [-reach];
  return { min: Math.max(least, -reach), max: reach, step: isWhole(dtype) ? 1 : reach / 50 };
}

/** The smallest 1, 2 or 5 times a power of ten that is not below the number.
 * @type {(value: number) => number} */
export function niceNumber(value) {
  if (value <= 0) return 0;
  const exponent = Math.floor(Math.log10(value));
  const nice = [1, 2, 5, 10].map((m) => Number(`${m}e${exponent}`));
  return nice.find((each) => each >= value * (1 - 1e-9)) ?? 10 ** (exponent + 1);
}
