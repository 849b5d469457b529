// @ts-check
/**
 * Symbols of derivatives, as pictures and formulas write them: `nbgrad/trace/formulas.py`.
 */

const BAR = "\u0304";

/**
 * A label with a bar over its first letter, as adjoints are written: x̄.
 *
 * @param {string} label
 * @returns {string}
 */
export function bar(label) {
  const length = firstLength(label);
  return label.slice(0, length) + BAR + label.slice(length);
}

/**
 * How many units of UTF-16 a text's first character has.
 *
 * @param {string} text
 * @returns {number}
 */
function firstLength(text) {
  return (text.codePointAt(0) ?? 0) > 0xffff ? 2 : 1;
}

const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";

/**
 * A number as an index below the line: ₁₂.
 *
 * @param {number} number
 * @returns {string}
 */
export function subscript(number) {
  return [...String(number)].map((digit) => SUBSCRIPTS[Number(digit)]).join("");
}

/**
 * A local derivative, ∂a/∂x; with the number of the operand where x is several of them.
 *
 * @param {string} target
 * @param {string} source
 * @param {number} [operand]
 * @returns {string}
 */
export function partial(target, source, operand = 0) {
  return `∂${operand ? subscript(operand) : ""}${target}/∂${source}`;
}
