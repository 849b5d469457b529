import assert from "node:assert/strict";
import { test } from "node:test";

import {
  broadcastShape,
  broadcastTo,
  makeArray,
  mapOne,
  mapTwo,
  normalAxes,
  pickPlaces,
  placesOf,
  plainNumbers,
  readArray,
  stridesOf,
} from "../../nbgrad/widgets/static/arrays.js";

const matrix = makeArray("float32", [2, 3], [1, 2, 3, 4, 5, 6]);

test("an array holds its elements in the precision of its dtype", () => {
  assert.equal(makeArray("float32", [], [0.1]).data[0], Math.fround(0.1));
  assert.equal(makeArray("int32", [], [2 ** 31]).data[0], -(2 ** 31));
  assert.deepEqual([...makeArray("int64", [2]).data], [0, 0]);
});

test("a dtype that the page has no arrays for is named", () => {
  assert.throws(() => makeArray("complex64", []), /complex64/);
});

test("words of JSON are numbers, truth values are 0 and 1", () => {
  const elements = ["NaN", "-Infinity", -0.5];
  const read = readArray({ dtype: "float64", shape: [3], elements });
  assert.deepEqual([...read.data], [NaN, -Infinity, -0.5]);
  const truths = readArray({ dtype: "bool", shape: [2], elements: [true, false] });
  assert.deepEqual([...truths.data], [1, 0]);
});

test("a large array travels as its bytes", () => {
  const large = makeArray("float32", [40], Array.from({ length: 40 }, (_, i) => i / 3));
  const base64 = Buffer.from(large.data.buffer).toString("base64");
  assert.deepEqual(readArray({ dtype: "float32", shape: [40], base64 }), large);
});

test("shapes are stretched to fit each other as in NumPy", () => {
  assert.deepEqual(broadcastShape([2, 1, 3], [4, 1]), [2, 4, 3]);
  assert.throws(() => broadcastShape([2], [3]), { message: "Incompatible shapes: [2] vs. [3]" });
});

test("a row is repeated for each row of a matrix, a column for each column", () => {
  const row = makeArray("float32", [3], [10, 20, 30]);
  const column = makeArray("float32", [2, 1], [10, 20]);
  const add = (a, b) => a + b;
  assert.deepEqual([...mapTwo(matrix, row, add).data], [11, 22, 33, 14, 25, 36]);
  assert.deepEqual([...mapTwo(column, matrix, add).data], [11, 12, 13, 24, 25, 26]);
  assert.deepEqual(mapTwo(row, column, add).shape, [2, 3]);
});

test("a single number meets any shape, from either side", () => {
  const two = makeArray("float32", [], [2]);
  const subtract = (a, b) => a - b;
  assert.deepEqual([...mapTwo(matrix, two, subtract).data], [-1, 0, 1, 2, 3, 4]);
  assert.deepEqual([...mapTwo(two, matrix, subtract).data], [1, 0, -1, -2, -3, -4]);
  const boxed = makeArray("float32", [1, 1, 1], [2]);
  assert.deepEqual(mapTwo(matrix, boxed, subtract).shape, [1, 2, 3]);
});

test("an integer has no negative zero", () => {
  const zero = mapOne(makeArray("int64", [], [0]), (x) => -x);
  assert.ok(Object.is(zero.data[0], 0));
});

test("nothing is repeated into a shape that it does not fit", () => {
  assert.throws(() => broadcastTo(matrix, [2, 4]));
  assert.throws(() => broadcastTo(matrix, [3]));
});

test("places read an array in another order", () => {
  const [down, beside] = stridesOf(matrix.shape);
  const turned = pickPlaces(matrix, [3, 2], placesOf([3, 2], [beside, down]));
  assert.deepEqual([...turned.data], [1, 4, 2, 5, 3, 6]);
});

test("axes count from either end, once each", () => {
  assert.deepEqual(normalAxes(null, 2), [0, 1]);
  assert.deepEqual(normalAxes([-1, 0, 2], 3), [0, 2]);
  assert.throws(() => normalAxes(2, 2));
});

test("an attribute that comes from a tensor is plain numbers", () => {
  assert.deepEqual(plainNumbers(matrix), [[1, 2, 3], [4, 5, 6]]);
  assert.equal(plainNumbers(makeArray("int32", [], [7])), 7);
  assert.deepEqual(plainNumbers(makeArray("int32", [2, 0])), [[], []]);
});
