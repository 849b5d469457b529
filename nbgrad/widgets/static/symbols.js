// @ts-check
/**
 * Symbols of derivatives, as pictures and formulas write them: `nbgrad/trace/formulas.py`.
 */

const BAR = "\u0304";

/**
 * A label with a bar over its first letter, as adjoints are written: x̄.
 * @type {(label: string) => string}
 */
export function bar(label) {
  const length = firstLength(label);
  return label.slice(0, length) + BAR + label.slice(length);
}

/** How many units of UTF-16 a text's first character has. @type {(text: string) => number} */
function firstLength(text) {
  return (text.codePointAt(0) ?? 0) > 0xffff ? 2 : 1;
}

const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";

/** A number as an index below the line: ₁₂. @type {(number: number) => string} */
export function subscript(number) {
  return [...String(number)].map((digit) => SUBSCRIPTS[Number(digit)]).join("");
}

/**
 * A local derivative, ∂a/∂x; with the number of the operand where x is several of them.
 * @type {(target: string, source: string, operand?: number) => string}
 */
export function partial(target, source, operand = 0) {
  return `∂${operand ? subscript(operand) : ""}${target}/∂${source}`;
}
