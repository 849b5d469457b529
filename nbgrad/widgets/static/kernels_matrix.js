// @ts-check
/**
 * Kernels of matrices: products, stacks of them, any sum of products (einsum), and the solutions of
 * equations. Each is the twin of the NumPy kernel in `nbgrad/ops`.
 *
 * Sums run in double precision, and are rounded once: float32 results may differ from NumPy's in
 * the last digit, as those of two processors do.
 *
 * @import {Arr, Elements, Sizes} from "./arrays.js"
 * @import {Kernel} from "./kernels_elementwise.js"
 */

import {
  broadcastShape, broadcastTo, exactly, inDouble, makeArray, mapOne, placesOf, stridesOf,
} from "./arrays.js";
import { productOf } from "./kernels_elementwise.js";
import { axisMoved } from "./kernels_shaping.js";

/** Rows as columns. @param {Arr} x @returns {Arr} */
function matricesTransposed(x) {
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

/** Row by row: each number of a row of `a` takes its multiple of a row of `b`, in the order in
 * which memory holds it.
 * @param {Arr} a @param {Arr} b @param {Arr} result @param {number[]} sizes */
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

/** Add multiples of rows to `sums`: four rows at a time, which halves the time of a large product.
 * @param {Elements} sums @param {Elements} factors @param {Elements} right @param {number} start */
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

/** The same for integers of 32 bits, whose products wrap around.
 * @param {Elements} sums @param {Elements} factors @param {Elements} right @param {number} start */
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

/** How far a step along one letter goes in an operand.
 * @param {string} name
 * @param {string[]} letters
 * @param {Sizes} strides */
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

// Solving ----------------------------------------------------------------------------------------

/**
 * One square matrix after the other, each solved with its right sides, by elimination with the
 * largest pivot of each column.
 * @type {(matrix: Arr, sides: Arr | null) => {solutions: Arr, signs: number[], pivots: number[][]}}
 */
function eliminate(matrix, sides) {
  const n = /** @type {number} */ (matrix.shape.at(-1));
  const count = n ? matrix.data.length / (n * n) : 0;
  const m = sides ? /** @type {number} */ (sides.shape.at(-1)) : 0;
  const solutions = makeArray("float64", sides ? sides.shape : [...matrix.shape.slice(0, -1), 0]);
  /** @type {{solutions: Arr, signs: number[], pivots: number[][]}} */
  const found = { solutions, signs: [], pivots: [] };
  for (let k = 0; k < count; k += 1) {
    const rows = Array.from({ length: n }, (_, i) => [
      ...matrix.data.subarray((k * n + i) * n, (k * n + i + 1) * n),
      ...(sides ? sides.data.subarray((k * n + i) * m, (k * n + i + 1) * m) : []),
    ]);
    const { sign, pivots } = reduceRows(rows, n);
    found.signs.push(sign);
    found.pivots.push(pivots);
    rows.forEach((row, i) => solutions.data.set(row.slice(n), (k * n + i) * m));
  }
  return found;
}

/** Gauss and Jordan's elimination, in place. @param {any[][]} rows @param {number} n */
function reduceRows(rows, n) {
  let sign = 1;
  const pivots = [];
  for (let i = 0; i < n; i += 1) {
    let best = i;
    for (let j = i + 1; j < n; j += 1) {
      if (Math.abs(rows[j]?.[i]) > Math.abs(rows[best]?.[i])) best = j;
    }
    const row = /** @type {any[]} */ (rows[best]);
    rows[best] = /** @type {any[]} */ (rows[i]);
    rows[i] = row;
    if (best !== i) sign = -sign;
    const pivot = row[i];
    pivots.push(pivot);
    if (pivot === 0) return { sign: 0, pivots };
    rows[i] = row.map((each) => each / pivot);
    rows.forEach((other, j) => {
      if (j !== i) rows[j] = other.map((each, c) => each - other[i] * (rows[i]?.[c] ?? 0));
    });
  }
  return { sign, pivots };
}

const NO_SOLUTION = "Input matrix is not invertible.";

/** @param {Arr} matrix @param {Arr} sides @param {string} message  where there is no solution */
function solved(matrix, sides, message) {
  const { solutions, signs } = eliminate(matrix, sides);
  if (signs.includes(0)) throw new Error(message);
  return mapOne(solutions, exactly, matrix.dtype);
}

/** @type {Kernel} */
function inverse([input], { adjoint = false }) {
  const x = adjoint ? matricesTransposed(input) : input;
  const n = /** @type {number} */ (x.shape.at(-1));
  const ones = makeArray(x.dtype, x.shape);
  for (let k = 0; k < ones.data.length; k += 1) {
    if (Math.floor(k / n) % n === k % n) ones.data[k] = 1;
  }
  return solved(x, ones, "Input is not invertible.");
}

/** @type {Kernel} */
function solve([matrix, rhs], { adjoint = false }) {
  const x = adjoint ? matricesTransposed(matrix) : matrix;
  return solved(x, rhs, NO_SOLUTION);
}

/** @type {Kernel} */
function triangularSolve([x, rhs], { lower = true, adjoint = false }) {
  const n = /** @type {number} */ (x.shape.at(-1));
  const triangle = makeArray(x.dtype, x.shape);
  for (let k = 0; k < x.data.length; k += 1) {
    const below = (Math.floor(k / n) % n) - (k % n);
    if (lower ? below >= 0 : below <= 0) triangle.data[k] = x.data[k];
  }
  return solved(adjoint ? matricesTransposed(triangle) : triangle, rhs, NO_SOLUTION);
}

/** The logarithms of the determinants, and their signs. @param {Arr} x @returns {[Arr, Arr]} */
function logDeterminants(x) {
  const shape = x.shape.slice(0, -2);
  const { signs, pivots } = eliminate(x, null);
  const sign = signs.map((each, k) =>
    (pivots[k] ?? []).reduce((total, pivot) => total * Math.sign(pivot), each),
  );
  const logs = pivots.map((each) => each.reduce((sum, p) => sum + Math.log(Math.abs(p)), 0));
  return [makeArray(x.dtype, shape, sign), makeArray(x.dtype, shape, logs)];
}

/** @param {Arr} x @returns {Arr} */
function determinant(x) {
  const { signs, pivots } = eliminate(x, null);
  const products = signs.map((sign, k) => (pivots[k] ?? []).reduce((a, b) => a * b, sign));
  return makeArray(x.dtype, x.shape.slice(0, -2), products);
}

/** @type {Kernel} */
function cholesky([x]) {
  const n = /** @type {number} */ (x.shape.at(-1));
  const root = makeArray("float64", x.shape);
  for (let start = 0; start < x.data.length; start += n * n) {
    const at = (/** @type {number} */ i, /** @type {number} */ j) => root.data[start + i * n + j];
    for (let i = 0; i < n; i += 1) {
      for (let j = 0; j <= i; j += 1) {
        let rest = x.data[start + i * n + j];
        for (let k = 0; k < j; k += 1) rest -= at(i, k) * at(j, k);
        if (i === j && !(rest > 0)) {
          throw new Error(
            "Cholesky decomposition was not successful. The input might not be valid.",
          );
        }
        root.data[start + i * n + j] = i === j ? Math.sqrt(rest) : rest / at(j, j);
      }
    }
  }
  return mapOne(root, exactly, x.dtype);
}

/** @type {Record<string, Kernel>} */
export const SOLVING = {
  MatrixInverse: inverse,
  MatrixSolve: solve,
  MatrixTriangularSolve: triangularSolve,
  MatrixDeterminant: ([x]) => determinant(x),
  LogMatrixDeterminant: ([x]) => logDeterminants(x),
  Cholesky: cholesky,
};
