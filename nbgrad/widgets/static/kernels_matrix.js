// @ts-check
/**
 * Kernels of products: of matrices, of stacks of them, and any sum of products (einsum). Each is
 * the twin of the NumPy kernel in `nbgrad/ops/matrix`.
 *
 * Sums run in double precision, and are rounded once: float32 results may differ from NumPy's in
 * the last digit, as those of two processors do.
 *
 * @typedef {import("./arrays.js").Arr} Arr
 * @typedef {import("./arrays.js").Elements} Elements
 * @typedef {import("./arrays.js").Sizes} Sizes
 * @typedef {import("./kernels_elementwise.js").Kernel} Kernel
 */

import { broadcastShape, broadcastTo, inDouble, makeArray } from "./arrays.js";
import { placesOf, stridesOf } from "./arrays.js";
import { productOf } from "./kernels_elementwise.js";
import { axisMoved } from "./array_views.js";

/** Rows as columns. @param {Arr} x @returns {Arr} */
export function matricesTransposed(x) {
  return axisMoved(x, -1, -2);
}

/** @type {Kernel} */
function matmul([first, second], { transpose_a: flipA = false, transpose_b: flipB = false }) {
  let [a, b] = [first, second];
  for (const [i, { shape }] of [a, b].entries()) {
    if (shape.length < 2) throw new Error(`In[${i}] ndims must be >= 2: ${shape.length}`);
  }
  if (flipA) a = matricesTransposed(a);
  if (flipB) b = matricesTransposed(b);
  const [rows, inner] = a.shape.slice(-2);
  const [height, columns] = b.shape.slice(-2);
  if (inner !== height) {
    const shapes = [first.shape, second.shape].map((shape) => `[${shape.join()}]`);
    throw new Error(
      `Matrix size-incompatible: In[0]: ${shapes[0]}, In[1]: ${shapes[1]}`,
    );
  }
  const stack = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  a = broadcastTo(a, [...stack, rows, inner]);
  b = broadcastTo(b, [...stack, inner, columns]);
  const result = makeArray(a.dtype, [...stack, rows, columns]);
  multiplyMatrices(a, b, result, /** @type {number[]} */ ([rows, inner, columns]));
  return result;
}

/**
 * Row by row: each number of a row of `a` takes its multiple of a row of `b`, in the order in
 * which memory holds it.
 * @param {Arr} a @param {Arr} b @param {Arr} result @param {number[]} sizes
 */
function multiplyMatrices(a, b, result, [rows = 0, inner = 0, columns = 0]) {
  const addRow = productOf(a.dtype) === Math.imul ? addWholeMultiples : addMultiples;
  const [left, right] = [inDouble(a), inDouble(b)];
  const sums = new Float64Array(columns);
  for (let row = 0; row * columns < result.data.length; row += 1) {
    sums.fill(0);
    const factors = left.subarray(row * inner, (row + 1) * inner);
    addRow(sums, factors, right, Math.floor(row / rows) * inner * columns);
    result.data.set(sums, row * columns);
  }
}

/**
 * Add multiples of rows to `sums`: four rows at a time, which halves the time of a large product.
 * @param {Elements} sums @param {Elements} factors @param {Elements} right @param {number} start
 */
function addMultiples(sums, factors, right, start) {
  const columns = sums.length;
  let [k, row] = [0, start];
  for (; k + 4 <= factors.length; k += 4, row += 4 * columns) {
    const [a, b, c, d] = [factors[k], factors[k + 1], factors[k + 2], factors[k + 3]];
    const [second, third, fourth] = [row + columns, row + 2 * columns, row + 3 * columns];
    for (let j = 0; j < columns; j += 1) {
      let sum = sums[j] + a * right[row + j];
      sum += b * right[second + j];
      sum += c * right[third + j];
      sums[j] = sum + d * right[fourth + j];
    }
  }
  for (; k < factors.length; k += 1, row += columns) {
    for (let j = 0; j < columns; j += 1) sums[j] += factors[k] * right[row + j];
  }
}

/**
 * The same for integers of 32 bits, whose products wrap around.
 * @param {Elements} sums @param {Elements} factors @param {Elements} right @param {number} start
 */
function addWholeMultiples(sums, factors, right, start) {
  for (let k = 0, row = start; k < factors.length; k += 1, row += sums.length) {
    for (let j = 0; j < sums.length; j += 1) sums[j] += Math.imul(factors[k], right[row + j]);
  }
}

/** @type {Kernel} */
function einsum(inputs, { equation }) {
  const [operands, target = ""] = equation.replaceAll(" ", "").split("->");
  /** @type {Map<string, number>} */
  const sizes = new Map();
  const letters = operands.split(",").map((/** @type {string} */ names) => [...names]);
  inputs.forEach((x, i) => letters[i].forEach(
    (/** @type {string} */ name, /** @type {number} */ axis) => {
      const size = x.shape[axis];
      if ((sizes.get(name) ?? size) !== size) {
        const shapes = inputs.map(({ shape }, j) => `In[${j}]: [${shape.join()}]`);
        throw new Error(`Matrix size-incompatible: ${shapes.join(", ")}`);
      }
      sizes.set(name, size);
    },
  ));
  const summed = [...sizes.keys()].filter((name) => !target.includes(name));
  const names = [...target, ...summed];
  const shape = names.map((name) => sizes.get(name) ?? 1);
  const places = inputs.map((x, i) => {
    const strides = names.map((name) => strideOf(name, letters[i], stridesOf(x.shape)));
    return placesOf(shape, strides);
  });
  return sumOfProducts(inputs, places, shape.slice(0, target.length));
}

/**
 * How far a step along one letter goes in an operand.
 * @param {string} name
 * @param {string[]} letters
 * @param {Sizes} strides
 */
function strideOf(name, letters, strides) {
  return letters.reduce((sum, each, axis) => sum + (each === name ? strides[axis] : 0), 0);
}

/** @param {Arr[]} inputs @param {any[]} places @param {Sizes} shape */
function sumOfProducts(inputs, places, shape) {
  const result = makeArray(inputs[0]?.dtype ?? "float32", shape);
  const product = productOf(result.dtype);
  const terms = result.data.length ? places[0].length / result.data.length : 0;
  for (let i = 0, k = 0; i < result.data.length; i += 1) {
    let sum = 0;
    for (let j = 0; j < terms; j += 1, k += 1) {
      sum += inputs.reduce((factor, x, n) => product(factor, x.data[places[n][k]]), 1);
    }
    result.data[i] = sum;
  }
  return result;
}

/** @type {Record<string, Kernel>} */
export const MATRIX = {
  MatMul: matmul,
  Einsum: einsum,
};
