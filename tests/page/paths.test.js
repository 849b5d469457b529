/** Paths are counted in whole numbers of any size, and listed only where they are few. */
import assert from "node:assert/strict";
import test from "node:test";

const STATIC = new URL("../../nbgrad/widgets/static/", import.meta.url);
const load = (name) => import(new URL(name, STATIC));
const { codeLine } = await load("code_line.js");
const { cutOf, pathText, pathsFrom } = await load("paths.js");
const { Trace } = await load("trace.js");
const { textOfParts } = await load("line_parts.js");
const { comparedLines, whyLine } = await load("why.js");

const scalar = (number) => ({ dtype: "float64", shape: [], elements: [number] });
const LOCAL = { symbol: "∂", formula: "1", latex: "", is_factor: true, value: scalar(1), uses: [] };

/** x, and so many sums of the one before with itself. */
function doublings(count, cut = -1) {
  const nodes = Array.from({ length: count + 1 }, (_, n) => ({
    id: `n${n}`, label: n ? `h${n}` : "x", name: `h${n}:0`, expression: "", latex: "", op_type: "Add",
    symbol: "+", role: n ? "operation" : "input", shape: [], dtype: "float64", line: "", path: "",
    requested: !n, stopped: false, value: scalar(2 ** n), elementwise: true, cells: "", subscripts: "",
    adjoint: { state: "number", cause: "", at: null, value: scalar(2 ** (count - n)) },
    seed: n === count ? scalar(1) : null,
  }));
  const edges = nodes.slice(1).flatMap(({ id }, n) =>
    [0, 1].map((position) => ({
      id: `e${n + 1}.${position}`, source: `n${n}`, target: id, position, cause: "", local: LOCAL,
      contribution: n + 1 === cut ? null : scalar(2 ** (count - n - 1)),
    })),
  );
  return Trace.fromJson({ nodes, edges, steps: [], ys: [`n${count}`], xs: ["n0"] });
}

test("more paths than a number can count are counted, and not listed", () => {
  const { count, listed } = pathsFrom(doublings(64), doublings(64).node("x"));
  assert.equal(count, 2n ** 64n);
  assert.deepEqual(listed, []);
  const hint = whyLine(doublings(64), "n0").at(-1).text;
  assert.equal(hint, "18,446,744,073,709,551,616 paths lead from x to h64");
});

test("few paths are listed with their products", () => {
  const trace = doublings(2);
  const { listed } = pathsFrom(trace, trace.node("x"));
  assert.deepEqual(listed.map(pathText), Array(4).fill("x → h1 → h2"));
  assert.deepEqual(listed.map(({ product }) => product.data[0]), [1, 1, 1, 1]);
});

test("what comes back to a sum along an axis spreads along this axis", () => {
  const array = (shape, ...numbers) => ({ dtype: "float64", shape, data: Float64Array.from(numbers) });
  const trace = doublings(2);
  const [x, sums, f] = trace.nodes;
  Object.assign(x, { shape: [2, 2] });
  Object.assign(sums, { shape: [2], subscripts: "ab->a" });
  Object.assign(f, { shape: [2], seed: array([2], 1, 1) });
  sums.adjoint.value = array([2], 11, 22);
  f.adjoint.value = array([2], 3, 3);
  const ones = array([2, 2], 1, 1, 1, 1);
  const factors = [ones, ones, array([2], 1, 2), array([2], 10, 20)];
  trace.edges.forEach((edge, i) => {
    Object.assign(edge, { local: { ...LOCAL, value: factors[i] }, contribution: factors[i] });
  });
  const products = pathsFrom(trace, trace.node("x")).listed.map(({ product }) => [...product.data]);
  const either = [[1, 1, 2, 2], [10, 10, 20, 20]];
  assert.deepEqual(products, [...either, ...either]);
});

test("a path that is cut is there only where it is asked for", () => {
  const trace = doublings(2, 1);
  assert.equal(pathsFrom(trace, trace.node("x")).count, 0n);
  const { listed } = pathsFrom(trace, trace.node("x"), { cut: true });
  assert.deepEqual(listed.map((path) => cutOf(path).target), Array(4).fill("n1"));
  assert.deepEqual(listed.map(({ product }) => product), Array(4).fill(null));
});

test("an adjoint that is not given away is a question mark in the code line", () => {
  const trace = doublings(1);
  const call = { alias: "tf", session: "s", graph: "g", names: { n0: "x", n1: "y" }, fed: [], seeds: [] };
  assert.equal(codeLine(call, trace, []).text, "s.run(tf.gradients(y, [x]))  # → [2.0]");
  Object.assign(trace.node("x").adjoint, { state: "not run", value: null });
  assert.equal(codeLine(call, trace, []).text, "s.run(tf.gradients(y, [x]))  # → [?]");
});

test("in plain words, what is cut says so", () => {
  const [whole, stopped] = [doublings(2), doublings(2, 1)];
  Object.assign(stopped.node("x").adjoint, { state: "none", value: null });
  const [, partial] = comparedLines(whole, stopped, "n0");
  assert.match(textOfParts(partial), /^partial dh2\/dx = \(cut: .+\) = None, was 4: 4 paths are cut$/);
});
