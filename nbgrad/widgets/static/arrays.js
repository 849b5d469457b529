// @ts-check
/**
 * Arrays: numbers of one dtype in a shape, in row-major order, as NumPy has them. Here is how they
 * are made, read from JSON, added up, and the one place where they are broadcast.
 *
 * What rearranges an array (a transpose, a slice, a tile) says where each element of the result
 * stands in the old one: `placesOf` lists those places, `pickPlaces` reads them.
 *
 * @typedef {(Float64Array | Float32Array | Int32Array | Uint32Array | Int16Array | Uint16Array
 *            | Int8Array | Uint8Array) & {[index: number]: any}} Elements
 * @typedef {number[] & {[index: number]: any}} Sizes
 *   Both are read by the index of a loop: their elements are typed `any`, so that no line has to
 *   say that it does not read past the end.
 * @typedef {{dtype: string, shape: Sizes, data: Elements}} Arr
 * @typedef {{dtype: string, shape: number[], elements?: (number | boolean | string)[],
 *            base64?: string}} ArrayJson  small arrays as elements, large ones as bytes
 * @typedef {(number | boolean | PlainNumbers)[]} PlainNumbers
 */

const ELEMENT_TYPES = {
  float64: Float64Array,
  float32: Float32Array,
  int64: Float64Array, // whole numbers to 2⁵³
  int32: Int32Array,
  uint32: Uint32Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array, // 0 and 1
};

/** An array of a dtype in a shape; zeros, where no elements are given.
 * @type {(dtype: string, shape: Sizes, elements?: ArrayLike<number>) => Arr} */
export function makeArray(dtype, shape, elements) {
  const Type = elementType(dtype);
  return { dtype, shape, data: elements ? new Type(elements) : new Type(countOf(shape)) };
}

/** @param {string} dtype @param {number} value @returns {Arr} */
export function scalarOf(dtype, value) {
  const result = makeArray(dtype, []);
  result.data[0] = value;
  return result;
}

/** @param {string} dtype */
function elementType(dtype) {
  const found = ELEMENT_TYPES[/** @type {keyof typeof ELEMENT_TYPES} */ (dtype)];
  if (!found) throw new Error(`The page does not compute with ${dtype}.`);
  return found;
}

/** @param {string} dtype */
export function isFloat(dtype) {
  return dtype === "float32" || dtype === "float64";
}

/** The lowest and the highest number of a dtype of integers. @param {string} dtype */
export function limitsOf(dtype) {
  const bits = Number(dtype.replace(/\D+/, ""));
  if (dtype.startsWith("u")) return { lowest: 0, highest: 2 ** bits - 1 };
  return { lowest: -(2 ** (bits - 1)), highest: 2 ** (bits - 1) - 1 };
}

/** What the result of one operation on numbers of a dtype is rounded to within a longer formula;
 * the last one is rounded where it is stored.
 * @type {(dtype: string) => (value: number) => number} */
export function rounding(dtype) {
  return dtype === "float32" ? Math.fround : exactly;
}

/** @param {number} value */
export function exactly(value) {
  return value;
}

// Shapes -----------------------------------------------------------------------------------------

/** The number of elements. @param {Sizes} shape @returns {number} */
export function countOf(shape) {
  let size = 1;
  for (let i = 0; i < shape.length; i += 1) size *= shape[i];
  return size;
}

/** How far apart neighbours along each axis stand. @param {Sizes} shape @returns {Sizes} */
export function stridesOf(shape) {
  /** @type {Sizes} */
  const strides = new Array(shape.length);
  for (let i = shape.length - 1, step = 1; i >= 0; i -= 1) {
    strides[i] = step;
    step *= shape[i];
  }
  return strides;
}

/** The index of an element from its place in row-major order.
 * @type {(place: number, shape: Sizes) => number[]} */
export function indexOf(place, shape) {
  return stridesOf(shape).map((stride, axis) => Math.floor(place / stride) % shape[axis]);
}

/** @param {Sizes} a @param {Sizes} b */
export function sameShape(a, b) {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

/** Axes as ascending numbers from 0; null means all of them.
 * @param {any} axis  a number, a list of them (from a tensor: of any shape), or null
 * @param {number} rank
 * @returns {number[]} */
export function normalAxes(axis, rank) {
  if (axis === null || axis === undefined) return Array.from({ length: rank }, (_, i) => i);
  const given = /** @type {number[]} */ (Array.isArray(axis) ? axis.flat(Infinity) : [axis]);
  return [...new Set(given.map((each) => normalAxis(each, rank)))].sort((a, b) => a - b);
}

/** @param {number} axis @param {number} rank */
export function normalAxis(axis, rank) {
  if (axis < -rank || axis >= rank) {
    throw new Error(`Invalid dimension (${axis} for input with ${rank} dimension(s)`);
  }
  return axis < 0 ? axis + rank : axis;
}

// Places -----------------------------------------------------------------------------------------

/** For each element of a result, in order, its place in an array with these strides.
 * @param {Sizes} shape  of the result
 * @param {Sizes} strides  how far to go in the array for a step along each axis of the result
 * @param {number} [offset]  the place of the first element
 * @returns {Int32Array & {[index: number]: any}} */
export function placesOf(shape, strides, offset = 0) {
  /** @type {Int32Array & {[index: number]: any}} */
  let places = Int32Array.of(offset);
  for (let axis = 0; axis < shape.length; axis += 1) {
    const size = shape[axis];
    const further = new Int32Array(places.length * size);
    for (let i = 0, k = 0; i < places.length; i += 1) {
      let place = places[i];
      for (let j = 0; j < size; j += 1, k += 1, place += strides[axis]) further[k] = place;
    }
    places = further;
  }
  return places;
}

/** The elements at some places.
 * @type {(x: Arr, shape: Sizes, places: Int32Array & {[index: number]: any}) => Arr} */
export function pickPlaces(x, shape, places) {
  const result = makeArray(x.dtype, shape);
  for (let i = 0; i < places.length; i += 1) result.data[i] = x.data[places[i]];
  return result;
}

/** Elements in double precision: loops over one type of array are fast. @param {Arr} x */
export function inDouble(x) {
  return x.data instanceof Float64Array ? x.data : new Float64Array(x.data);
}

/** The same elements in another shape. @param {Arr} x @param {Sizes} shape @returns {Arr} */
export function inShape(x, shape) {
  return { dtype: x.dtype, shape, data: x.data };
}

// Broadcasting -----------------------------------------------------------------------------------

/** @param {Sizes} a @param {Sizes} b @returns {Sizes} */
export function broadcastShape(a, b) {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const m = a[a.length - rank + i] ?? 1;
    const n = b[b.length - rank + i] ?? 1;
    if (m !== n && m !== 1 && n !== 1) {
      throw new Error(`Incompatible shapes: [${a.join()}] vs. [${b.join()}]`);
    }
    return m === 1 ? n : m;
  });
}

/** An array repeated to fill a shape. @param {Arr} x @param {Sizes} shape @returns {Arr} */
export function broadcastTo(x, shape) {
  if (sameShape(x.shape, shape)) return x;
  if (!sameShape(broadcastShape(x.shape, shape), shape)) {
    throw new Error(`Incompatible shapes: [${x.shape.join()}] vs. [${shape.join()}]`);
  }
  const extra = shape.length - x.shape.length;
  const own = stridesOf(x.shape);
  const strides = shape.map((_, i) => (i < extra || x.shape[i - extra] === 1 ? 0 : own[i - extra]));
  return pickPlaces(x, shape, placesOf(shape, strides));
}

/** f of every element.
 * @param {Arr} x
 * @param {(a: number) => number | boolean} f
 * @param {string} [dtype]  of the result
 * @returns {Arr} */
export function mapOne(x, f, dtype = x.dtype) {
  const result = makeArray(dtype, x.shape);
  const [from, to] = [x.data, result.data];
  for (let i = 0; i < to.length; i += 1) to[i] = f(from[i]);
  return dtype === "int64" ? withoutNegativeZeros(result) : result;
}

/** f of every pair of elements of two arrays, which are repeated to fit each other.
 * @param {Arr} x
 * @param {Arr} y
 * @param {(a: number, b: number) => number | boolean} f
 * @param {string} [dtype]  of the result
 * @returns {Arr} */
export function mapTwo(x, y, f, dtype = x.dtype) {
  if (y.data.length === 1 && y.shape.length <= x.shape.length) {
    const b = y.data[0]; // a single number need not be repeated
    return mapOne(x, (a) => f(a, b), dtype);
  }
  if (x.data.length === 1 && x.shape.length <= y.shape.length) {
    const a = x.data[0];
    return mapOne(y, (b) => f(a, b), dtype);
  }
  const shape = sameShape(x.shape, y.shape) ? x.shape : broadcastShape(x.shape, y.shape);
  const result = makeArray(dtype, shape);
  const [left, right, to] = [broadcastTo(x, shape).data, broadcastTo(y, shape).data, result.data];
  for (let i = 0; i < to.length; i += 1) to[i] = f(left[i], right[i]);
  return dtype === "int64" ? withoutNegativeZeros(result) : result;
}

/** Integers have one zero. @param {Arr} x */
function withoutNegativeZeros(x) {
  for (let i = 0; i < x.data.length; i += 1) x.data[i] += 0;
  return x;
}

// JSON and plain numbers -------------------------------------------------------------------------

/** An array from JSON. What no number of the page is, Python has told as texts, and they stay such.
 * @type {(json: ArrayJson) => Arr} */
export function readArray({ dtype, shape, elements, base64 }) {
  const isKnown = dtype in ELEMENT_TYPES;
  if (elements && !isKnown) return { dtype, shape, data: /** @type {any} */ (elements) };
  if (elements) return makeArray(dtype, shape, elements.map(Number)); // "NaN" and "Infinity" too
  const letters = atob(base64 ?? "");
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = letters.charCodeAt(i);
  const Type = elementType(dtype);
  return { dtype, shape, data: new Type(bytes.buffer) };
}

/** A number, or nested lists of them, as an attribute of an operation has it.
 * @type {(x: Arr) => number | PlainNumbers} */
export function plainNumbers(x) {
  /** @type {PlainNumbers} */
  let parts = [...x.data];
  for (let axis = x.shape.length - 1; axis > 0; axis -= 1) {
    const size = x.shape[axis];
    const rows = countOf(x.shape.slice(0, axis));
    parts = Array.from({ length: rows }, (_, i) => parts.slice(i * size, (i + 1) * size));
  }
  return x.shape.length ? parts : /** @type {number} */ (parts[0]);
}

// Sums, in the order in which NumPy adds ---------------------------------------------------------

const BLOCK = 128; // so many are added in eight rows

/** The sum of `count` numbers from `start` on, `stride` apart, rounded after each addition.
 * @param {ArrayLike<number>} data
 * @param {number} start
 * @param {number} count
 * @param {number} stride
 * @param {(sum: number) => number} rounded  `Math.fround` of float32
 * @returns {number} */
export function pairwiseSum(data, start, count, stride, rounded) {
  if (count < 8) return sumInOrder(data, start, count, stride, rounded);
  if (count > BLOCK) {
    const half = Math.floor(count / 2);
    const left = half - (half % 8);
    return rounded(
      pairwiseSum(data, start, left, stride, rounded) +
        pairwiseSum(data, start + left * stride, count - left, stride, rounded),
    );
  }
  const rows = Array.from({ length: 8 }, (_, i) => data[start + i * stride] ?? 0);
  const end = count - (count % 8);
  for (let i = 8; i < end; i++) {
    rows[i % 8] = rounded((rows[i % 8] ?? 0) + (data[start + i * stride] ?? 0));
  }
  for (let apart = 1; apart < 8; apart *= 2) {
    for (let i = 0; i < 8; i += 2 * apart) {
      rows[i] = rounded((rows[i] ?? 0) + (rows[i + apart] ?? 0));
    }
  }
  const rest = start + end * stride;
  return sumInOrder(data, rest, count - end, stride, rounded, rows[0] ?? 0);
}

/** @param {ArrayLike<number>} data
 * @param {number} start
 * @param {number} count
 * @param {number} stride
 * @param {(sum: number) => number} rounded
 * @param {number} [sum]  of what came before
 * @returns {number} */
function sumInOrder(data, start, count, stride, rounded, sum = 0) {
  for (let i = 0; i < count; i++) {
    sum = rounded(sum + (data[start + i * stride] ?? 0));
  }
  return sum;
}

/** @type {(sum: number) => number} */
export function unrounded(sum) {
  return sum;
}

/** The mean of all elements, in the precision of the array; of integers in float64.
 * @type {(numbers: Arr) => number} */
export function meanOf({ dtype, data }) {
  const rounded = dtype === "float32" ? Math.fround : unrounded;
  return rounded(pairwiseSum(data, 0, data.length, 1, rounded) / data.length);
}

// What is asked of all elements -----------------------------------------------------------------

/** Whether there is neither ∞ nor NaN in an array. @type {(array: Arr) => boolean} */
export function areFinite({ dtype, data }) {
  return !isFloat(dtype) || data.every(Number.isFinite);
}

/** Whether all elements are 0. @type {(numbers: Arr) => boolean} */
export function isAllZero({ data }) {
  return data.every((number) => number === 0);
}

/** The largest finite magnitude in a tensor.
 * @type {(numbers: {data: ArrayLike<number>}) => number} */
export function magnitude({ data }) {
  let found = 0;
  for (let i = 0; i < data.length; i++) {
    const size = Math.abs(data[i] ?? 0);
    if (size > found && size < Infinity) found = size;
  }
  return found;
}
