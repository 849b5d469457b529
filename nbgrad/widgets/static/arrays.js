// @ts-check
/**
 * Arrays: numbers of one type in a shape, row by row.
 *
 * @typedef {Float64Array | Float32Array | Int32Array | Uint8Array | Int8Array | Int16Array
 *           | Uint16Array | Uint32Array} Elements
 *   int64 is held by a Float64Array: whole numbers to 2^53; bool by a Uint8Array: 0 and 1
 * @typedef {{dtype: string, shape: number[], data: Elements}} Arr
 */

/** @type {Record<string, new (size: number) => Elements>} */
const HOLDERS = {
  float64: Float64Array, int64: Float64Array, float32: Float32Array, int32: Int32Array,
  uint8: Uint8Array, bool: Uint8Array, int8: Int8Array, int16: Int16Array, uint16: Uint16Array,
  uint32: Uint32Array,
};

/**
 * The array that `Numbers.to_dict` wrote.
 *
 * @param {any} json
 * @returns {Arr}
 */
export function readArray({ dtype, shape, elements, base64 }) {
  const Holder = HOLDERS[dtype];
  if (!Holder || base64 !== undefined) {
    throw new Error(`The page holds no ${dtype}.`);
  }
  const data = new Holder(elements.length);
  for (let i = 0; i < data.length; i++) {
    data[i] = Number(elements[i]); // "NaN" and "Infinity" are words in JSON
  }
  return { dtype, shape, data };
}
