import assert from "node:assert/strict";
import test from "node:test";

import { exponential, fixed } from "../../nbgrad/widgets/static/numbers.js";
import {
  everyDigit,
  exact,
  inBrackets,
  inWords,
  isNumber,
  short,
  signBefore,
} from "../../nbgrad/widgets/static/numbers.js";

const eye = { dtype: "float64", shape: [2, 2], data: Float64Array.of(1, 0, 0, 1) };
const hundred = {
  dtype: "float64",
  shape: [100],
  data: Float64Array.from({ length: 100 }, (_, i) => i),
};

test("a number loses digits where there is little room", () => {
  const texts = ["42", "0.6667", "0", "1.2e−7", "∞", "−∞", "NaN"];
  const numbers = [42, 2 / 3, -0, 1.2e-7, Infinity, -Infinity, NaN];
  assert.deepEqual(numbers.map((each) => short(each)), texts);
  const narrower = [9, 6, 4].map((room) => short(-123456.789, room));
  assert.deepEqual(narrower, ["−1.235e5", "−1.2e5", "−1e5"]);
});

test("of two numbers that are equally near, the even one is written, as in Python", () => {
  assert.equal(exponential(1234.5, 3), "1.234e+3");
  assert.equal(exponential(1235.5, 3), "1.236e+3");
  assert.equal(exponential(25, 0), "2e+1");
  assert.equal(exponential(9.5, 0), "1e+1");
  assert.equal(exponential(0.00048828125, 9), "4.882812500e-4");
  assert.equal(fixed(0.125, 2), "0.12");
  assert.equal(fixed(2.5, 0), "2");
  assert.equal(fixed(0.135, 2), "0.14"); // it is a little more than that
});

test("every digit of a number is what its type has, as Python prints it", () => {
  const tenth = Math.fround(0.1);
  assert.equal(everyDigit(-tenth, "float32"), "−0.1");
  assert.equal(everyDigit(tenth, "float64"), "0.10000000149011612");
  assert.equal(everyDigit(3, "float32"), "3.0");
  assert.equal(everyDigit(1e-7, "float64"), "1e−07");
  assert.equal(everyDigit(1e16, "float64"), "1e+16");
  assert.equal(everyDigit(2 ** -149, "float32"), "1e−45");
  assert.equal(everyDigit(-3, "int32"), "−3");
  assert.equal(everyDigit(1, "bool"), "True");
});

test("a large array is summed up", () => {
  assert.equal(exact(hundred), "max |v| 99, min 0, mean 49.5, max 99");
  assert.equal(exact({ dtype: "float32", shape: [0], data: new Float32Array(0) }), "empty");
});

test("in a sentence, an array is its shape", () => {
  assert.deepEqual([inWords(eye), inWords(hundred)], ["2×2", "[100]"]);
  assert.deepEqual([signBefore(eye), signBefore(eye, false)], [" is ", ", "]);
});

test("a text is a number where Python reads it as one", () => {
  for (const text of ["−0.5", "1e−5", "3", ".5", "5.", "1_000", "inf", " 2 "]) {
    assert.ok(isNumber(text), text);
  }
  for (const text of ["x", "", "e5", "1__0", "1e", "0x10", "−"]) {
    assert.ok(!isNumber(text), text);
  }
  assert.deepEqual(["3", "−3"].map(inBrackets), ["3", "(−3)"]);
});
