// @ts-check
/**
 * The digits of a number as Python writes them, where JavaScript writes others.
 */

const MOST_KEPT = 1 << 14; // numbers whose digits are kept for the next time
const MORE = 30; // decimals by which a half is told from what is near it
const LEAST_NORMAL = 2 ** -126; // smaller numbers of float32 have fewer digits

/**
 * A number with so many decimals and a power of ten, as Python rounds it.
 *
 * Of two that are equally near, JavaScript takes the larger one, and Python the even one.
 * @type {(value: number, decimals: number) => string}
 */
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

/**
 * A number with so many decimals, as Python rounds it.
 * @type {(value: number, decimals: number) => string}
 */
export function fixed(value, decimals) {
  const text = value.toFixed(decimals);
  if (!mayBeHalf(value, decimals)) return text;
  const longer = value.toFixed(decimals + 1);
  const lower = longer.slice(0, decimals ? -1 : -2);
  return isEven(lower) ? lower : text;
}

/**
 * Whether a number may lie exactly between two numbers of so many decimals; it does from 0 on.
 * @type {(value: number, decimals: number) => boolean}
 */
function mayBeHalf(value, decimals) {
  return decimals < 0 ? value % 5 === 0 : Math.abs(value * 2 ** (decimals + 1)) % 2 === 1;
}

/**
 * Whether the digits of a part of a text are 5000…, exactly between two numbers.
 * @type {(text: string, start: number, end: number) => boolean}
 */
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

/**
 * The nearest whole number, of two the even one, as Python rounds.
 * @type {(value: number) => number}
 */
export function roundedToEven(value) {
  const below = Math.floor(value);
  const rest = value - below;
  return rest < 0.5 || (rest === 0.5 && below % 2 === 0) ? below : below + 1;
}

/** A float as Python prints it: 1.0, 1e-05, 1e+16, nan. @type {(value: number) => string} */
export function floatText(value) {
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

/**
 * The number of the fewest digits that is this one in float32: 0.1, not 0.10000000149.
 * @type {(value: number) => number}
 */
export function asFewDigits(value) {
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

/**
 * The next number of as many decimals, away from 0. Below a power of two, the numbers of a type
 * lie closer than above it, so that this one can be the first that is read back.
 * @type {(text: string, decimals: number) => string}
 */
function nextDecimal(text, decimals) {
  const split = text.indexOf("e");
  const digits = Number(text.slice(0, split).replace(".", ""));
  return `${digits + Math.sign(digits)}e${Number(text.slice(split + 1)) - decimals}`;
}
