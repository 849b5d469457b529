import assert from "node:assert/strict";
import test from "node:test";

import { makeArray } from "../../nbgrad/widgets/static/arrays.js";
import {
  cellName, fromEntries, moved, niceNumber, numberOf, rangeOf, readEntries, readEntry, stepOf,
  written,
} from "../../nbgrad/widgets/static/entries.js";

const says = (message) => ({ message });

test("a number is read however people write it", () => {
  const written = {
    "-3": -3, "−3": -3, "–3": -3, "+3": 3, " 3 ": 3, "1/2": 0.5, "−1/4": -0.25, "2e-3": 0.002,
    "2e−3": 0.002, "0,5": 0.5, ".5": 0.5, "5.": 5, "1.5/3": 0.5, "1E3": 1000,
  };
  for (const [text, number] of Object.entries(written)) {
    assert.equal(readEntry(text, "float32"), number, text);
  }
});

test("what JSON has no number for is a word", () => {
  assert.deepEqual(
    ["∞", "-inf", "−∞", "NaN", "1e400"].map((text) => readEntry(text, "float64")),
    ["inf", "-inf", "-inf", "nan", "inf"],
  );
  assert.ok(Number.isNaN(numberOf("nan", "float32")));
});

test("what is no number says so", () => {
  for (const text of ["2..7", "", "x", "1/0", "--1", "1,2,3", "1e", "0x10", "1 2"]) {
    const message = `“${text}” is no number`;
    assert.throws(() => readEntry(text, "float32"), says(message), text);
  }
});

test("whole numbers are whole, and within their type", () => {
  assert.equal(readEntry("7", "int32"), 7);
  assert.throws(() => readEntry("2.5", "int32"), says("2.5 is not a whole number of int32"));
  assert.throws(() => readEntry("300", "uint8"), says("300 is not a whole number of uint8"));
  assert.throws(() => readEntry("2", "bool"), says("2 is not 0 (False) or 1 (True)"));
  assert.throws(() => readEntry("inf", "int32"), says("inf is not a whole number of int32"));
});

test("a whole number that JavaScript cannot hold stays a word", () => {
  assert.equal(readEntry("9007199254740993", "int64"), "9007199254740993");
});

test("all elements of an array take one number, or one each", () => {
  assert.deepEqual(readEntries("2", "float32", 3), [2, 2, 2]);
  assert.deepEqual(readEntries("1 0; −2", "float32", 3), [1, 0, -2]);
  assert.deepEqual(readEntries("1, 0,5, 2", "float32", 3), [1, 0.5, 2]);
  assert.throws(() => readEntries("1 2", "float32", 3), /2 numbers, where there is room for 1 or 3/);
});

test("entries become arrays of their type, rounded as it rounds", () => {
  const starts = {
    x: makeArray("float32", [], [1]),
    W: makeArray("float64", [2], [1, 2]),
    n: makeArray("int32", [], [1]),
  };
  const found = fromEntries(starts, { x: [0.1], W: [0.5, "nan"] }, {});
  assert.equal(found.x.data[0], Math.fround(0.1));
  assert.deepEqual([...found.W.data], [0.5, NaN]);
  assert.equal(found.n, undefined); // what is not given keeps its start
});

test("one entry serves all elements of a large seed", () => {
  const starts = { f: makeArray("float32", [3], [1, 1, 1]) };
  assert.deepEqual([...fromEntries(starts, { f: [2] }, {}).f.data], [2, 2, 2]);
});

test("in place of what is no number stands the last that was one", () => {
  const starts = { W: makeArray("float32", [2], [1, 2]) };
  const good = fromEntries(starts, { W: [3, 4] }, {});
  assert.deepEqual([...fromEntries(starts, { W: ["three", 5] }, {}, good).W.data], [3, 5]);
});

test("a cell is named as Python writes its place", () => {
  assert.equal(cellName("W", [2, 3], 4), "W[1, 1]");
  assert.equal(cellName("b", [3], 2), "b[2]");
  assert.equal(cellName("x", [], 0), "x");
});

test("a step is a tenth of the leading power of ten", () => {
  assert.deepEqual([3, -0.39, 25, 1000, 0, "nan"].map((x) => stepOf(x, "float32")),
    [0.1, 0.01, 1, 100, 0.1, 0.1]);
  assert.equal(stepOf(250, "int32"), 1);
});

test("steps leave no dust behind", () => {
  assert.equal(moved(0.1, 0.2, "float32"), 0.3);
  assert.equal(moved(-0.3, 0.3, "float32"), 0);
  assert.equal(moved(0.12345, 0.01, "float32"), 0.13345);
  assert.equal(moved(1e22, 1e21, "float64"), 1.1e22);
  assert.equal(moved("nan", 1, "float32"), "nan");
});

test("whole numbers step within their type", () => {
  assert.equal(moved(254, 10, "uint8"), 255);
  assert.equal(moved(1, 1, "bool"), 1);
  assert.equal(moved(0, -1, "bool"), 0);
});

test("a slider reaches beyond the number, with zero in the middle", () => {
  assert.deepEqual(rangeOf(3, "inputs", "float32"), { min: -5, max: 5, step: 0.1 });
  assert.deepEqual(rangeOf(30, "inputs", "float32"), { min: -50, max: 50, step: 1 });
  assert.deepEqual(rangeOf(1, "seeds", "float32"), { min: -2, max: 2, step: 0.04 });
  assert.deepEqual(rangeOf(3, "inputs", "uint8"), { min: 0, max: 5, step: 1 });
  assert.deepEqual(rangeOf(1, "inputs", "bool"), { min: 0, max: 1, step: 1 });
  assert.deepEqual([0, 1, 1.2, 21, 6e-4].map(niceNumber), [0, 1, 2, 50, 1e-3]);
});

test("an entry is written with a true minus", () => {
  assert.deepEqual([-2, 0.5, 1e-7, "-inf", "nan"].map(written), ["−2", "0.5", "1e−7", "−∞", "NaN"]);
});
