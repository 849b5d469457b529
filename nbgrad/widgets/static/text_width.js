// @ts-check
/**
 * The widths of texts, estimated without a font: `nbgrad/picture/theme.py`.
 *
 * A test holds the table and the sizes equal to Python's.
 */

// Font sizes: labels and captions, names, and numbers.
export const SMALL = 12;
export const NAME = 13;
export const NUMBER = 15;

/** In hundredths of the font size, with the characters that are so wide. */
export const CHARACTERS = {
  0: "\u0304\u0305",
  10: "\u200a",
  28: "'ijlIJ|",
  33: ",. ·/:;\\f",
  40: "-t()[]!r⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃ᵀ",
  52: '"*_`‖sz∂?cL',
  60: "kFvxyP⌀πaoTYeα",
  64: "bdghnpquESσΣ0123456789${}√βλμθ",
  70: "KAVBRXZC",
  76: "UHNDG&",
  84: "OQw∞#+<=>^~−×→M",
  100: "%mW@…",
};
export const OTHER = 75; // the width of any other character
export const BOLD = 1.1; // how much wider bold characters are

export const PILL = 11; // how much wider than its text a pill is
export const END_PAD = 5; // how far a pill reaches beyond the fixed end of its text

/** The width of each unit of UTF-16; the second one of a pair has none. */
const WIDTHS = unitWidths();
const ELLIPSIS = 100;
const INDEX = /[₀₁₂₃₄₅₆₇₈₉]*$/;

/** @returns {Uint8Array} */
function unitWidths() {
  const widths = new Uint8Array(1 << 16).fill(OTHER).fill(0, 0xdc00, 0xe000);
  for (const [width, characters] of Object.entries(CHARACTERS)) {
    for (const character of characters) {
      widths[character.charCodeAt(0)] = Number(width);
    }
  }
  return widths;
}

/** The pixels that a text takes at most.
 * @type {(text: string, size: number, bold?: boolean) => number} */
export function textWidth(text, size, bold = false) {
  let hundredths = 0;
  for (let i = 0; i < text.length; i++) {
    hundredths += WIDTHS[text.charCodeAt(i)] ?? OTHER;
  }
  return (hundredths / 100) * size * (bold ? BOLD : 1);
}

/** The text, or as much of it as there is room for, ending in an ellipsis.
 * @type {(text: string, size: number, room: number, bold?: boolean) => string} */
export function clipped(text, size, room, bold = false) {
  if (textWidth(text, size, bold) <= room) return text;
  let hundredths = ELLIPSIS;
  for (let k = 0; k < text.length; k++) {
    hundredths += WIDTHS[text.charCodeAt(k)] ?? OTHER;
    if ((hundredths / 100) * size * (bold ? BOLD : 1) > room) {
      return k ? `${text.slice(0, k).trimEnd()}…` : "";
    }
  }
  return `${text}…`;
}

/** A name, or its beginning with the index that tells it from others: `hidd…₉`.
 * @type {(text: string, size: number, room: number, bold?: boolean) => string} */
export function clippedName(text, size, room, bold = false) {
  if (textWidth(text, size, bold) <= room) return text;
  const index = INDEX.exec(text)?.[0] ?? "";
  const name = text.slice(0, text.length - index.length);
  return clipped(name, size, room - textWidth(index, size, bold), bold) + index;
}

/** A name, or as much of its two ends as there is room for: these tell names apart.
 * @type {(name: string, room: number, bold?: boolean) => string} */
export function squeezed(name, room, bold = false) {
  if (textWidth(name, SMALL, bold) <= room) return name;
  const letters = [...name];
  for (let count = letters.length - 1; count > 1; count--) {
    const tail = Math.floor(count / 2);
    const head = letters.slice(0, count - tail);
    const text = `${head.join("")}…${letters.slice(letters.length - tail).join("")}`;
    if (textWidth(text, SMALL, bold) <= room) return text;
  }
  return clipped(name, SMALL, room, bold);
}

/** The width of a pill around a small text, in whole pixels on either side of its middle.
 * @type {(text: string, bold?: boolean, pad?: number) => number} */
export function pillWidth(text, bold = false, pad = PILL) {
  return 2 * Math.ceil((textWidth(text, SMALL, bold) + pad) / 2);
}

/** The first text for which there is room; the last one, or `otherwise`, where there is none.
 * @type {(texts: readonly string[], room: number, otherwise?: string) => string} */
export function firstFitting(texts, room, otherwise = texts[texts.length - 1] ?? "") {
  return texts.find((text) => textWidth(text, SMALL) <= room) ?? otherwise;
}
