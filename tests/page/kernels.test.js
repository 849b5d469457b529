import assert from "node:assert/strict";
import { test } from "node:test";

import { makeArray } from "../../nbgrad/widgets/static/arrays.js";
import { KERNELS } from "../../nbgrad/widgets/static/program.js";

// What NumPy finds on random operands, `test_kernels.py` asks; here is what one would not expect.

const floats = (...numbers) => makeArray("float32", [numbers.length], numbers);
const integers = (...numbers) => makeArray("int32", [numbers.length], numbers);
const run = (type, inputs, attributes = {}) => [...KERNELS[type](inputs, attributes).data];

test("each sum of float32 is rounded on its way", () => {
  const [large, one] = [2 ** 24, 1];
  assert.deepEqual(run("AddN", [floats(large), floats(one), floats(one)]), [large]);
  assert.deepEqual(run("Cumsum", [floats(large, one, one)]), [large, large, large]);
});

test("a product of int32 wraps around, to its last digit", () => {
  assert.deepEqual(run("Mul", [integers(123456789), integers(987654321)]), [-67153019]);
  assert.deepEqual(run("Square", [integers(65537)]), [131073]);
});

test("integers are divided downwards, and not by 0", () => {
  assert.deepEqual(run("FloorDiv", [integers(-7, 7), integers(2, -2)]), [-4, -4]);
  assert.deepEqual(run("FloorMod", [integers(-7, 7), integers(3, -3)]), [2, -2]);
  assert.throws(() => run("FloorDiv", [integers(1), integers(0)]), /Integer division by zero/);
});

test("half a unit is rounded to the even number", () => {
  assert.deepEqual(run("Round", [floats(0.5, 1.5, 2.5, -2.5)]), [0, 2, 2, -2]);
});

test("a power of 1 is 1, whatever the exponent", () => {
  assert.deepEqual(run("Pow", [floats(1, -1), floats(NaN, Infinity)]), [1, 1]);
});

test("a NaN wins over every number", () => {
  assert.deepEqual(run("Maximum", [floats(NaN, 1), floats(1, NaN)]), [NaN, NaN]);
  assert.deepEqual(run("Relu", [floats(NaN)]), [NaN]);
  assert.deepEqual(run("ArgMax", [floats(1, NaN, 3)]), [1]);
});

test("a softmax of large numbers does not overflow", () => {
  assert.deepEqual(run("Softmax", [floats(1000, 1000)]), [0.5, 0.5]);
});

test("a position that does not exist is refused by TensorFlow's words", () => {
  const message = "indices[1] = 3 is not in [0, 3)";
  assert.throws(() => run("GatherV2", [floats(1, 2, 3), integers(0, 3)]), { message });
});
