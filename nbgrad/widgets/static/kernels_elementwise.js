// @ts-check
/**
 * Kernels that work element by element: arithmetic, functions, activations, comparisons, logic,
 * rounding, selection. Each is the twin of the NumPy kernel of that type in `nbgrad/ops`.
 *
 * A formula of several steps takes `r`, which rounds what NumPy rounds: to float32, or not at all.
 *
 * @import {Arr} from "./arrays.js"
 *
 * @typedef {[Arr, Arr, Arr, ...Arr[]]} Operands  those of a type: one, two or three, or any number
 * @typedef {(operands: Operands, attributes: Record<string, any>) => Arr | Arr[]} Kernel
 * @typedef {(value: number) => number} OneNumber
 * @typedef {(x: number, y: number) => number} TwoNumbers
 */

import {
  broadcastShape, broadcastTo, exactly, inShape, isFloat, makeArray, mapOne, mapTwo, rounding,
} from "./arrays.js";

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

/** e^(−x²). The digits that x² loses in rounding count here: x is split in two, and the square of
 * the larger part is exact.
 * @param {number} x */
function exponentialOfSquare(x) {
  const large = Math.fround(x);
  return Math.exp(-large * large) * Math.exp((large - x) * (large + x));
}

/** @param {OneNumber} f @returns {Kernel} */
const ofOne = (f) => ([x]) => mapOne(x, f);

/** @param {TwoNumbers} f @returns {Kernel} */
const ofTwo = (f) => ([x, y]) => mapTwo(x, y, f);

/** @param {(x: number, y: number) => boolean} f @returns {Kernel} */
const testOfTwo = (f) => ([x, y]) => mapTwo(x, y, f, "bool");

/** @param {(x: number) => boolean} f @returns {Kernel} */
const testOfOne = (f) => ([x]) => mapOne(x, f, "bool");

/** @param {(r: OneNumber) => OneNumber} formula @returns {Kernel} */
function inSteps(formula) {
  const [single, double] = [formula(Math.fround), formula(exactly)];
  return ([x]) => mapOne(x, x.dtype === "float32" ? single : double);
}

/** @param {(r: OneNumber) => TwoNumbers} formula @returns {Kernel} */
function inStepsOfTwo(formula) {
  const [single, double] = [formula(Math.fround), formula(exactly)];
  return ([x, y]) => mapTwo(x, y, x.dtype === "float32" ? single : double);
}

/** Real numbers one way, integers another. @param {Kernel} real @param {Kernel} whole */
function byKind(real, whole) {
  /** @type {Kernel} */
  const kernel = (inputs, attributes) =>
    isFloat(inputs[0].dtype) ? real(inputs, attributes) : whole(inputs, attributes);
  return kernel;
}

// Arithmetic -------------------------------------------------------------------------------------

/** The product of two numbers of a dtype: 32 bits hold more than a product of 53 digits keeps. */
const PRODUCTS = /** @type {Record<string, TwoNumbers>} */ ({
  int32: Math.imul,
  uint32: Math.imul,
});

/** @param {number} x @param {number} y */
const product = (x, y) => x * y;

/** @param {string} dtype @returns {TwoNumbers} */
export function productOf(dtype) {
  return PRODUCTS[dtype] ?? product;
}

/** @param {number} x @param {number} y */
function power(x, y) {
  if (y === 2) return x * x; // as NumPy, which is exact here
  if (x === 1 || (x === -1 && Math.abs(y) === Infinity)) return 1; // JavaScript says NaN
  return x ** y;
}

/** @type {Kernel} */
const wholePower = ([x, y]) => {
  const multiply = productOf(x.dtype);
  return mapTwo(x, y, (base, exponent) => {
    if (exponent < 0) throw new Error("Integers to negative integer powers are not allowed");
    let result = 1;
    for (let bits = exponent, factor = base; bits > 0; bits = Math.floor(bits / 2)) {
      if (bits % 2) result = multiply(result, factor);
      factor = multiply(factor, factor);
    }
    return result;
  });
};

/** The divisor, refused where an integer is 0. @param {number} y */
function divisor(y) {
  if (y === 0) throw new Error("Integer division by zero");
  return y;
}

/** The remainder with the sign of y. @param {number} x @param {number} y */
function floorMod(x, y) {
  const rest = x % y; // exact
  if (rest === 0) return y < 0 ? -0 : 0;
  return rest < 0 !== y < 0 ? rest + y : rest;
}

// Activations ------------------------------------------------------------------------------------

const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;

/** @param {OneNumber} r @returns {OneNumber} */
const sigmoid = (r) => (x) => {
  const small = r(Math.exp(-Math.abs(x)));
  return x >= 0 ? 1 / r(1 + small) : small / r(1 + small);
};

/** @param {OneNumber} r @returns {OneNumber} */
const belowZero = (r) => (x) => r(r(Math.exp(Math.min(x, 0))) - 1);

/** @param {OneNumber} r @returns {OneNumber} */
const selu = (r) => (x) =>
  x > 0 ? r(SELU_SCALE) * x : r(SELU_SCALE * SELU_ALPHA) * belowZero(r)(x);

/** @param {OneNumber} r @returns {OneNumber} */
const softplus = (r) => (x) => Math.max(x, 0) + r(Math.log1p(r(Math.exp(-Math.abs(x)))));

/** @type {Kernel} */
function leakyRelu([features], { alpha = 0.2 }) {
  const slope = rounding(features.dtype)(alpha);
  return mapOne(features, (x) => (x > 0 ? x : slope * x));
}

// Rounding, casting, selecting -------------------------------------------------------------------

/** The nearest whole number, an even one where there are two. @param {number} x */
function roundHalfToEven(x) {
  return Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x);
}

/** @param {number} x */
function sign(x) {
  if (x > 0) return 1;
  if (x < 0) return -1;
  return x === 0 ? 0 : x;
}

/** What C makes of a real number as an integer. What is too large, or no number, has no answer;
 * this is the one of today's processors.
 * @param {number} most  the first power of 2 that the integer cannot hold
 * @returns {OneNumber} */
const truncated = (most) => (x) => (Math.abs(x) < most ? Math.trunc(x) : -most);

/** @param {Arr} x @param {string} dtype @returns {Arr} */
export function castTo(x, dtype) {
  if (x.dtype === dtype) return x;
  if (dtype === "bool") return mapOne(x, (each) => each !== 0, dtype);
  if (!isFloat(x.dtype) || isFloat(dtype)) return mapOne(x, exactly, dtype);
  return mapOne(x, truncated(dtype === "int64" || dtype === "uint32" ? 2 ** 63 : 2 ** 31), dtype);
}

/** @type {Kernel} */
function select([condition, x, y]) {
  const { shape } = x;
  let chosen = condition;
  const rows = chosen.shape.length === 1 && shape.length > 1;
  if (rows) chosen = inShape(chosen, [chosen.shape[0], ...shape.slice(1).fill(1)]);
  return choose(chosen, x, y);
}

/** x where a condition holds, else y. @param {Arr} condition @param {Arr} x @param {Arr} y */
function choose(condition, x, y) {
  const shape = broadcastShape(condition.shape, broadcastShape(x.shape, y.shape));
  const [c, a, b] = [condition, x, y].map((each) => broadcastTo(each, shape).data);
  const result = makeArray(x.dtype, shape);
  if (!c || !a || !b) return result;
  for (let i = 0; i < c.length; i += 1) result.data[i] = c[i] ? a[i] : b[i];
  return result;
}

/** @type {Kernel} */
function biasAdd([value, bias]) {
  const [channels, count] = [value.shape.at(-1), bias.data.length];
  if (channels !== count) {
    const shapes = [bias, value].map((each) => `[${each.shape.join()}]`);
    throw new Error(
      "Must provide as many biases as the last dimension of the input tensor: " +
        shapes.join(" vs. "),
    );
  }
  return mapTwo(value, bias, (x, y) => x + y);
}

/** @type {Kernel} */
function checkNumerics([tensor], { message }) {
  const { data } = tensor;
  const infinite = data.some((/** @type {number} */ x) => Math.abs(x) === Infinity) ? ["Inf"] : [];
  const found = [...infinite, ...(data.some(Number.isNaN) ? ["NaN"] : [])];
  if (found.length) throw new Error(`${message} : Tensor had ${found.join(" and ")} values`);
  return tensor;
}

/** @type {Kernel} */
const pass = ([x]) => x;

/** @type {Record<string, Kernel>} */
export const ELEMENTWISE = {
  Add: ofTwo((x, y) => x + y),
  AddV2: ofTwo((x, y) => x + y),
  Sub: ofTwo((x, y) => x - y),
  Mul: ([x, y]) => mapTwo(x, y, productOf(x.dtype)),
  RealDiv: ofTwo((x, y) => x / y),
  Neg: ofOne((x) => -x),
  Square: ([x]) => mapTwo(x, x, productOf(x.dtype)),
  Reciprocal: ofOne((x) => 1 / x),
  SquaredDifference: byKind(
    inStepsOfTwo((r) => (x, y) => r(x - y) ** 2),
    ([x, y]) => mapTwo(x, y, (a, b) => productOf(x.dtype)(a - b, a - b)),
  ),
  AddN: (terms) => terms.reduce((total, term) => mapTwo(total, term, (x, y) => x + y)),
  BiasAdd: biasAdd,

  FloorDiv: byKind(
    inStepsOfTwo((r) => (x, y) => Math.floor(r(x / y))),
    ofTwo((x, y) => (x - floorMod(x, divisor(y))) / y),
  ),
  FloorMod: byKind(ofTwo(floorMod), ofTwo((x, y) => floorMod(x, divisor(y)))),
  TruncateDiv: byKind(ofTwo((x, y) => x / y), ofTwo((x, y) => Math.trunc(x / divisor(y)))),
  TruncateMod: byKind(ofTwo((x, y) => x % y), ofTwo((x, y) => x % divisor(y))),
  DivNoNan: ofTwo((x, y) => (y === 0 ? 0 : x / y)),
  MulNoNan: ofTwo((x, y) => (y === 0 ? 0 : x * y)),
  Xlogy: inStepsOfTwo((r) => (x, y) => (x === 0 ? 0 : x * r(Math.log(y)))),
  Xdivy: ofTwo((x, y) => (x === 0 ? 0 : x / y)),

  Pow: byKind(ofTwo(power), wholePower),
  Sqrt: ofOne(Math.sqrt),
  Rsqrt: inSteps((r) => (x) => 1 / r(Math.sqrt(x))),
  Exp: ofOne(Math.exp),
  Expm1: ofOne(Math.expm1),
  Log: ofOne(Math.log),
  Log1p: ofOne(Math.log1p),
  Erf: ofOne(erf),
  Erfc: ofOne(erfc),
  Sin: ofOne(Math.sin),
  Cos: ofOne(Math.cos),
  Tan: ofOne(Math.tan),
  Asin: ofOne(Math.asin),
  Acos: ofOne(Math.acos),
  Atan: ofOne(Math.atan),
  Atan2: ofTwo(Math.atan2),
  Sinh: ofOne(Math.sinh),
  Cosh: ofOne(Math.cosh),
  Tanh: ofOne(Math.tanh),
  Asinh: ofOne(Math.asinh),
  Acosh: ofOne(Math.acosh),
  Atanh: ofOne(Math.atanh),

  Abs: ofOne(Math.abs),
  Sign: ofOne(sign),
  Step: ofOne((x) => (x > 0 ? 1 : 0)),
  Maximum: ofTwo(Math.max),
  Minimum: ofTwo(Math.min),
  Floor: ofOne(Math.floor),
  Ceil: ofOne(Math.ceil),
  Round: byKind(ofOne(roundHalfToEven), pass),
  Rint: ofOne(roundHalfToEven),

  Sigmoid: inSteps(sigmoid),
  Relu: ofOne((x) => Math.max(x, 0)),
  Relu6: ofOne((x) => Math.min(Math.max(x, 0), 6)),
  LeakyRelu: leakyRelu,
  Elu: inSteps((r) => (x) => (x > 0 ? x : belowZero(r)(x))),
  Selu: inSteps(selu),
  Softplus: inSteps(softplus),
  Softsign: inSteps((r) => (x) => x / r(1 + Math.abs(x))),

  Less: testOfTwo((x, y) => x < y),
  LessEqual: testOfTwo((x, y) => x <= y),
  Greater: testOfTwo((x, y) => x > y),
  GreaterEqual: testOfTwo((x, y) => x >= y),
  Equal: testOfTwo((x, y) => x === y),
  NotEqual: testOfTwo((x, y) => x !== y),
  LogicalAnd: testOfTwo((x, y) => x !== 0 && y !== 0),
  LogicalOr: testOfTwo((x, y) => x !== 0 || y !== 0),
  LogicalXor: testOfTwo((x, y) => x !== y),
  LogicalNot: testOfOne((x) => x === 0),
  IsNan: testOfOne(Number.isNaN),
  IsInf: testOfOne((x) => Math.abs(x) === Infinity),
  IsFinite: testOfOne(Number.isFinite),
  Select: select,

  Cast: ([x], { dtype }) => castTo(x, dtype),
  Identity: pass,
  StopGradient: pass,
  PreventGradient: pass,
  CheckNumerics: checkNumerics,
  PlaceholderWithDefault: pass,
  IdentityN: (inputs) => inputs,
  ZerosLike: ([x]) => mapOne(x, () => 0),
  OnesLike: ([x]) => mapOne(x, () => 1),
};
