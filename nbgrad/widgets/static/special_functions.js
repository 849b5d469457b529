// @ts-check
/**
 * Functions that JavaScript lacks: the error function and its complement.
 *
 * Near 0 a series, further out a continued fraction (NIST's "Digital Library of Mathematical
 * Functions", 7.6.2 and 7.9.1), each where its terms are all positive or fall fast.
 */

const SERIES_END = 1.5; // where the fraction needs fewer terms than the series
const SERIES_TERMS = 50;
const FRACTION_TERMS = 60;

/** The error function, 2/√π ∫₀ˣ e^(−t²) dt. @param {number} x @returns {number} */
export function erf(x) {
  const size = Math.abs(x);
  if (size < SERIES_END) return (2 / Math.sqrt(Math.PI)) * erfSeries(x) * exponentialOfSquare(x);
  return x > 0 ? 1 - erfcFraction(size) : x < 0 ? erfcFraction(size) - 1 : x;
}

/** The complementary error function, 1 − erf x. @param {number} x @returns {number} */
export function erfc(x) {
  if (x < SERIES_END / 4) return 1 - erf(x);
  return Number.isNaN(x) ? x : erfcFraction(x);
}

/** Σ 2ⁿ x²ⁿ⁺¹ / (1 · 3 · … · (2n + 1)), from its last term. @param {number} x */
function erfSeries(x) {
  let sum = 1;
  for (let n = SERIES_TERMS; n > 0; n -= 1) sum = 1 + (sum * 2 * x * x) / (2 * n + 1);
  return sum * x;
}

/** @param {number} x  at least 1/2 */
function erfcFraction(x) {
  if (x > 30) return 0;
  const terms = Math.ceil(FRACTION_TERMS * Math.max(1, (4 / x) ** 2));
  let below = x;
  for (let n = terms; n > 0; n -= 1) below = x + n / 2 / below;
  return exponentialOfSquare(x) / (below * Math.sqrt(Math.PI));
}

/**
 * e^(−x²). The digits that x² loses in rounding count here: x is split in two, and the square of
 * the larger part is exact.
 * @param {number} x
 */
function exponentialOfSquare(x) {
  const large = Math.fround(x);
  return Math.exp(-large * large) * Math.exp((large - x) * (large + x));
}
