import assert from "node:assert/strict";
import { test } from "node:test";

import { makeArray } from "../../nbgrad/widgets/static/arrays.js";
import { Program } from "../../nbgrad/widgets/static/program.js";

const number = (value) => ({ dtype: "float32", shape: [], elements: [value] });
const given = (value) => makeArray("float32", [], [value]);

/** a = x · y, f = a + x: x = 3 arrives on two ways. */
const PROGRAM = {
  format: 1,
  inputs: [
    { node: "n0", label: "x", slot: 0, value: number(3), movable: true },
    { node: "n1", label: "y", slot: 1, value: number(4), movable: true },
  ],
  constants: [],
  forward: [
    ["Mul", [0, 1], [2]],
    ["AddV2", [2, 0], [3]],
  ],
  operations: [
    { name: "x", inputs: [], outputs: [0], node: "n0", ends: true },
    { name: "y", inputs: [], outputs: [1], node: "n1", ends: true },
    {
      name: "a",
      inputs: [0, 1],
      outputs: [2],
      node: "n2",
      rule: { arriving: [4], calls: [["Mul", [4, 1], [5]], ["Mul", [4, 0], [6]]], sent: [5, 6] },
    },
    {
      name: "f",
      inputs: [2, 0],
      outputs: [3],
      node: "n3",
      rule: { arriving: [7], calls: [["OnesLike", [3], [8]]], sent: [7, 7] },
    },
  ],
  integers: [],
  nodes: [
    { id: "n0", name: "x:0", label: "x", op_type: "VariableV2", role: "variable", slot: 0 },
    { id: "n1", name: "y:0", label: "y", op_type: "VariableV2", role: "variable", slot: 1 },
    { id: "n2", name: "a:0", label: "a", op_type: "Mul", role: "operation", slot: 2 },
    { id: "n3", name: "f:0", label: "f", op_type: "AddV2", role: "output", slot: 3 },
  ],
  edges: [
    { source: "n0", target: "n2", position: 0, operation: 2, sent: 5, factor: 1, formula: "y" },
    { source: "n1", target: "n2", position: 1, operation: 2, sent: 6, factor: 0, formula: "x" },
    { source: "n2", target: "n3", position: 0, operation: 3, sent: 7, factor: 8, formula: "1" },
    { source: "n0", target: "n3", position: 1, operation: 3, sent: 7, factor: 8, formula: "1" },
  ],
  ys: [{ node: "n3", slot: 3, seed: number(1) }],
  xs: ["n0", "n1"],
  unsupported: [],
};

const program = new Program(PROGRAM);
const value = (arr) => arr?.data[0];
const adjoint = (trace, label) => trace.node(label).adjoint;

test("a program runs with the values that stand in it", () => {
  const trace = program.run();
  assert.equal(value(trace.node("f").value), 15);
  assert.equal(value(adjoint(trace, "x").value), 5); // y from one way, 1 from the other
  assert.equal(value(adjoint(trace, "y").value), 3);
  assert.equal(value(trace.edge("e2.0").local.value), 4);
  assert.equal(trace.edge("e2.0").local.symbol, "∂a/∂x");
});

test("inputs and seeds are moved by label", () => {
  const trace = program.run({ inputs: { x: given(2) }, seeds: { f: given(10) } });
  assert.equal(value(trace.node("f").value), 10);
  assert.equal(value(adjoint(trace, "y").value), 20);
  assert.equal(value(trace.node("f").seed), 10);
});

test("the next move begins from the program again", () => {
  program.run({ inputs: { x: given(2) } });
  assert.equal(value(program.run().node("f").value), 15);
});

test("behind a stop nothing is sent, and what lies there says so", () => {
  const trace = program.run({ stopped: ["n2"] });
  assert.equal(trace.node("a").stopped, true);
  assert.equal(value(adjoint(trace, "a").value), 1);
  assert.equal(value(adjoint(trace, "x").value), 1);
  assert.deepEqual(adjoint(trace, "y"), { state: "none", cause: "stopped", at: "n2", value: null });
  assert.equal(trace.edge("e2.1").cause, "stopped");
  assert.equal(trace.edge("e2.1").local, null);
});

test("steps are those of what was reached", () => {
  const kinds = (trace) => trace.steps.map(({ kind, node }) => `${kind} ${node}`);
  assert.deepEqual(kinds(program.run()), [
    ...["forward n2", "forward n3", "seed n3", "multiply n3", "multiply n3"],
    ...["multiply n2", "multiply n2", "sum n0"],
  ]);
  assert.deepEqual(kinds(program.run({ stopped: ["n3"] })).slice(2), ["seed n3", "stop n3"]);
});

test("a factor of zero is the cause of a zero, terms that cancel another", () => {
  const still = adjoint(program.run({ inputs: { x: given(0) } }), "y");
  assert.deepEqual([still.state, still.cause, still.at], ["zero", "times zero", "n2"]);
  const gone = adjoint(program.run({ inputs: { y: given(-1) } }), "x");
  assert.deepEqual([gone.state, gone.cause, gone.at], ["zero", "terms cancel", "n0"]);
  const unseeded = adjoint(program.run({ seeds: { f: given(0) } }), "a");
  assert.deepEqual([unseeded.state, unseeded.cause, unseeded.at], ["zero", "seed zero", "n3"]);
});

test("an infinite value is found where it arose", () => {
  const found = adjoint(program.run({ inputs: { y: given(Infinity) } }), "x");
  assert.deepEqual([found.state, found.cause, found.at], ["not finite", "value not finite", "n1"]);
});

test("what cannot be run is refused by name", () => {
  assert.throws(() => new Program({ ...PROGRAM, format: 2 }), /format 2/);
  const forward = [["PyFunc", [0], [2]]];
  assert.throws(() => new Program({ ...PROGRAM, forward }), /no kernel for PyFunc/);
});

test("a call in a branch that is not taken is not made, nor what reads its result", () => {
  const guarded = {
    ...PROGRAM,
    inputs: [
      ...PROGRAM.inputs,
      { label: "c", slot: 9, value: { dtype: "bool", shape: [], elements: [true] } },
    ],
    forward: [
      ["Mul", [0, 1], [10], {}, [[9, true]]],
      ["Neg", [0], [11], {}, [[9, false]]],
      ["Identity", [10], [2], {}, [[9, true]]],
      ["Identity", [11], [2], {}, [[9, false]]],
      ["AddV2", [2, 0], [3]],
    ],
  };
  const no = makeArray("bool", [], [0]);
  assert.equal(value(new Program(guarded).run().node("f").value), 15);
  assert.equal(value(new Program(guarded).run({ inputs: { c: no } }).node("f").value), 0);
});

test("an attribute may be what another call finds", () => {
  const shaped = {
    ...PROGRAM,
    inputs: [{ label: "x", slot: 0, value: { dtype: "float32", shape: [2], elements: [1, 2] } }],
    forward: [
      ["Size", [0], [1]],
      ["Reshape", [0], [2], { shape: [1, { slot: 1 }] }],
      ["StridedSlice", [2], [3], { index: [0, { slice: [{ slot: 1 }, null, -1] }] }],
    ],
    operations: [],
    nodes: [{ id: "n0", name: "f:0", label: "f", op_type: "StridedSlice", role: "output", slot: 3 }],
    edges: [],
    ys: [],
    xs: [],
  };
  assert.deepEqual([...new Program(shaped).run().node("f").value.data], [2, 1]);
});
