// @ts-check
import assert from "node:assert/strict";
import test from "node:test";
import { indexOf } from "../../nbgrad/widgets/static/arrays.js";
import { placeIn, rectangles } from "../../nbgrad/widgets/static/map_cells.js";
import { strengthOf, tintOf } from "../../nbgrad/widgets/static/overview_forms.js";
import { matches } from "../../nbgrad/widgets/static/zoom.js";

const NODES = [
  { label: "h3", op_type: "Tanh", path: "neuron3/h3", role: "operation" },
  { label: "w31", op_type: "VariableV2", path: "neuron3/w31", role: "variable" },
  { label: "ah3", op_type: "Add", path: "output/ah3", role: "operation" },
  { label: "h31", op_type: "Mul", path: "output/h31", role: "operation" },
  { label: "1", op_type: "Const", path: "h3/one", role: "constant" },
];
const found = (/** @type {string} */ text) =>
  matches(/** @type {any} */ ({ trace: { nodes: NODES } }), text).map(({ label }) => label);

test("the name itself is found first, then what begins with it, then what holds it", () => {
  assert.deepEqual(found("h3"), ["h3", "h31", "ah3"]);
});

test("a scope and an operation find what is in it, and what is one; constants are never found", () => {
  assert.deepEqual(found("neuron3"), ["h3", "w31"]);
  assert.deepEqual(found("TANH"), ["h3"]);
  assert.deepEqual(found("  "), []);
});

test("the index of an element is that of row-major order", () => {
  assert.deepEqual(indexOf(7, [2, 3, 2]), [1, 0, 1]);
  assert.deepEqual(indexOf(0, []), []);
});

test("an element has the cell that stands for it, also of a stack and of a thumbnail", () => {
  const plain = { tile: [3, 5], axes: [], beside: 1, block: [1, 1] };
  assert.deepEqual(placeIn(/** @type {any} */ (plain), [1, 2], [3, 5]), [1, 2]);
  const stack = { tile: [2, 2], axes: [2, 0, 1], beside: 2, block: [1, 1] };
  assert.deepEqual(placeIn(/** @type {any} */ (stack), [1, 0, 3], [2, 2, 4]), [3, 2]);
  const thumbnail = { tile: [4, 4], axes: [], beside: 1, block: [2, 2] };
  assert.deepEqual(placeIn(/** @type {any} */ (thumbnail), [3, 1], [4, 4]), [1, 0]);
});

test("cells that fill a rectangle have one outline, others one each", () => {
  assert.deepEqual(rectangles([[0, 1], [1, 1]]), [{ top: 0, bottom: 1, left: 1, right: 1 }]);
  assert.equal(rectangles([[0, 0], [1, 1]]).length, 2);
});

test("a tint is strongest for the largest gradient, and weakest from a thousandth of it on", () => {
  assert.equal(tintOf(10, 10), 0.45);
  assert.equal(tintOf(1e-9, 10), 0.05);
  assert.ok(Math.abs(strengthOf(1, 10) - 2 / 3) < 1e-12);
});
