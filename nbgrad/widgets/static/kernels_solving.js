// @ts-check
/**
 * Kernels that solve equations: inverses, solutions, determinants, and Cholesky's root of a matrix.
 * Each is the twin of the NumPy kernel in `nbgrad/ops/solving`, in double precision throughout.
 *
 * @typedef {import("./arrays.js").Arr} Arr
 * @typedef {import("./kernels_elementwise.js").Kernel} Kernel
 */

import { exactly, makeArray, mapOne } from "./arrays.js";
import { matricesTransposed } from "./kernels_matrix.js";

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
