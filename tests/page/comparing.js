/**
 * The page's engine against Python, for the cases that `cases.py` writes; `compare.js` reads them.
 *
 * Each call is made with Python's own numbers for its operands, so that a difference belongs to one
 * kernel: the same bits, but for functions (2 units in the last place) and sums (whose order of
 * additions is nobody's promise). Then each move is computed from the program alone. Where every
 * call gave the same bits, the trace is the same in every bit. Else its numbers are near and its
 * texts the same, but in a few `flips`: a sum that is zero in one order, a comparison or a matrix
 * at its edge.
 */

import { readArray } from "../../nbgrad/widgets/static/arrays.js";
import { makeCalls, preparedCall } from "../../nbgrad/widgets/static/program.js";
import { Program } from "../../nbgrad/widgets/static/program.js";
import { styled } from "../../nbgrad/widgets/static/template.js";
import { Trace } from "../../nbgrad/widgets/static/trace.js";

const ULPS = 2;
const SUMS = 1e-6;

/** What no two libraries of mathematics round alike. */
const FUNCTIONS = new Set(
  `Exp Expm1 Log Log1p Sin Cos Tan Asin Acos Atan Atan2 Sinh Cosh Tanh Asinh Acosh Atanh
   Pow Rsqrt Xlogy Lgamma Digamma`.split(/\s+/),
);
/** Of an exponential or a series and some steps more, each rounded; of how many units the last. */
const COMPOSED = { Sigmoid: 4, Softplus: 4, Elu: 4, Selu: 4, Erf: 6, Erfc: 6 };
/** What adds numbers up or multiplies them, in an order of its own. */
const ADDING = new Set(
  `Sum Mean SumTo TileGrad L2Loss EuclideanNorm Prod Cumsum Cumprod MatMul Einsum Conv2D AvgPool
   Conv2DBackpropInput Conv2DBackpropFilter AvgPoolGrad Recurrence UnsortedSegmentSum SegmentSum
   SegmentMean`.split(/\s+/),
);
const SOFTMAX = /Softmax/;
/** What does with ∞ and NaN whatever its order of steps does. */
const SOLVING = /^(Matrix(Inverse|Solve|TriangularSolve|Determinant)|LogMatrix|Cholesky)/;

/** The parts of a style, as Python lists them. */
const STYLE_NAMES = ["text", "class", "since", "until", "width", "tint", "title", "cells"];
/** What may choose either of two zeros. */
const CHOOSING = new Set(["Max", "Min", "Maximum", "Minimum", "SegmentMax", "SegmentMin", "Relu6"]);

const counts = { graphs: 0, moves: 0, refused: 0, calls: 0, inexact: 0, styles: 0 };
/** What was compared so far, and all that differs. */
export const tally = { ...counts, flips: [], mismatches: [] };

/** Compare one line of `cases.py`. */
export function compareCase({ name, program, moves, view }) {
  tally.graphs += 1;
  tally.refused += moves.length ? 0 : 1;
  const engine = moves.length ? new Program(program) : null;
  moves.forEach((move, k) => {
    tally.moves += 1;
    const say = (what) => tally.mismatches.push({ name, move: k, what });
    const flip = (what) => tally.flips.push({ name, move: k, what });
    try {
      const exact = compareCalls(program, move, say);
      tally.inexact += exact ? 0 : 1;
      const [found, wanted] = [engine.run(read(move)), Trace.fromJson(move.trace)];
      compareTraces(found, wanted, exact, exact ? say : flip);
      // A last digit that is shown may lie on the edge: then the styles are those of one trace.
      if (view) compareStyles(styled(view, exact ? found : wanted).styles, move.styles, say);
    } catch (error) {
      (/not invertible|Cholesky/.test(error.message) ? flip : say)(String(error.stack));
    }
  });
}

function read({ inputs, seeds, stopped }) {
  return { inputs: arraysIn(inputs), seeds: arraysIn(seeds), stopped };
}

function arraysIn(record) {
  return Object.fromEntries(Object.entries(record).map(([key, json]) => [key, readArray(json)]));
}

// Calls ----------------------------------------------------------------------------------------

/** Whether every call gives the bits that Python's kernel gives. */
function compareCalls(program, move, say) {
  const values = arraysIn(move.values);
  const rules = program.operations.flatMap(({ rule }) => rule?.calls ?? []);
  let exact = true;
  for (const call of [...program.forward, ...rules]) {
    const [type, operands, results, attributes = {}] = call;
    const given = operands.map((slot) => values[slot]);
    if (SOLVING.test(type) && !given.every(isFinite)) {
      exact = false;
      continue;
    }
    // A rule that had no turn has no results, though it may have some that need no gradient.
    const found = results[0] in values ? made(call, values) : [];
    tally.calls += found.length ? 1 : 0;
    found.forEach((result, i) => {
      const wanted = values[results[i]];
      if (!differenceOf(result, wanted, sameBits)) return;
      exact = false;
      const problem = differenceOf(result, wanted, nearness(call, values, wanted));
      if (problem) say(`${type}(${given.map(shortly)}) ${JSON.stringify(attributes)}: ${problem}`);
    });
  }
  return exact;
}

/** The results of one call, made with these values; none where its branch was not taken. */
function made(call, values) {
  const here = Object.create(values);
  makeCalls([preparedCall(call)], here);
  return call[2].filter((slot) => Object.hasOwn(here, slot)).map((slot) => here[slot]);
}

function isFinite(array) {
  return array !== undefined && array.data.every(Number.isFinite);
}

/** How near the result of a call must be to Python's. */
function nearness(call, values, wanted) {
  const [type, operands] = call;
  if (FUNCTIONS.has(type)) return within(ULPS);
  // From the exponential an Elu takes 1 away: the units are those of 1.
  if (type in COMPOSED) return within(COMPOSED[type], type.endsWith("lu") ? 1 : 0);
  if (CHOOSING.has(type)) return (a, b) => a === b;
  const size = wanted.dtype === "float32" ? SUMS : SUMS * 2 ** -29;
  if (ADDING.has(type)) {
    // Relative to the sum of the sizes of what is added.
    const sizes = operands.map((slot) => [slot, sizesOf(values[slot])]);
    const [{ data }] = made(call, Object.assign(Object.create(values), Object.fromEntries(sizes)));
    return (a, b, dtype, i) => Math.abs(a - b) <= size * data[i];
  }
  if (SOFTMAX.test(type)) {
    const largest = most(operands.map((slot) => values[slot]));
    return (a, b) => Math.abs(a - b) <= size * (1 + largest);
  }
  if (SOLVING.test(type)) return (a, b) => Math.abs(a - b) <= 100 * size * most([wanted]);
  return sameBits;
}

function sizesOf(array) {
  return { ...array, data: array.data.map(Math.abs) };
}

/** The size of the largest finite element. */
function most(arrays) {
  let found = 0;
  for (const { data } of arrays) {
    for (const each of data) if (Number.isFinite(each)) found = Math.max(found, Math.abs(each));
  }
  return found;
}

/** Whether two numbers are no more than some units in the last place apart. */
function within(ulps, least = 0) {
  return (a, b, dtype) => Math.abs(a - b) <= ulps * spacing(Math.max(Math.abs(b), least), dtype);
}

/** The distance from a size to the next number of a dtype. */
function spacing(size, dtype) {
  const [bits, least] = dtype === "float32" ? [23, -126] : [52, -1022];
  const exponent = Math.max(Math.floor(Math.log2(size)), least);
  return 2 ** (exponent - bits);
}

function sameBits(a, b) {
  return Object.is(a, b);
}

/** What differs between two arrays; "" for nothing. */
function differenceOf(found, wanted, near) {
  if (!found) return "nothing was found";
  if (found.dtype !== wanted.dtype) return `dtype ${found.dtype}, not ${wanted.dtype}`;
  if (`${found.shape}` !== `${wanted.shape}`) return `shape ${found.shape}, not ${wanted.shape}`;
  const at = wanted.data.findIndex((b, i) => {
    const a = found.data[i];
    return !Object.is(a, b) && !near(a, b, wanted.dtype, i);
  });
  return at < 0 ? "" : `[${at}] ${found.data[at]}, not ${wanted.data[at]}`;
}

function shortly({ dtype, shape, data }) {
  return `${dtype}[${shape}] ${[...data.slice(0, 8)]}`;
}

// Traces ---------------------------------------------------------------------------------------

/** Compare a trace with Python's: all texts, states, causes, steps; and the numbers. */
function compareTraces(found, wanted, exact, say) {
  const compare = (path, a, b) => {
    if (isArray(a) || isArray(b)) {
      const near = exact || !b ? sameBits : roughly(b);
      const problem = a && b ? differenceOf(a, b, near) : "only one is there";
      if (problem) say(`${path}: ${problem}`);
    } else if (b !== null && typeof b === "object") {
      const keys = new Set([...Object.keys(a ?? {}), ...Object.keys(b)]);
      for (const key of keys) compare(`${path}.${key}`, a?.[key], b[key]);
    } else if (a !== b) {
      say(`${path}: ${JSON.stringify(a)}, not ${JSON.stringify(b)}`);
    }
  };
  const parts = ["nodes", "edges", "steps", "ys", "xs"];
  for (const part of parts) compare(part, found[part], wanted[part]);
}

/** Compare how every element of a picture looks, and what it says. */
function compareStyles(found, wanted, say) {
  for (const [id, python] of Object.entries(wanted)) {
    tally.styles += 1;
    const page = JSON.stringify(STYLE_NAMES.map((name) => found[id]?.[name]));
    if (page !== JSON.stringify(python)) say(`${id}: ${page}, not ${JSON.stringify(python)}`);
  }
}

function isArray(item) {
  return item !== null && typeof item === "object" && "dtype" in item && "data" in item;
}

/** After a function or a sum that is rounded otherwise: near the largest of the numbers. */
function roughly(numbers) {
  const size = 1e-3 * Math.max(most([numbers]), 1e-6);
  return (a, b) => Math.abs(a - b) <= size;
}
