/** A line of parts can be asked to keep numbers to itself. */
import assert from "node:assert/strict";
import test from "node:test";

const STATIC = new URL("../../nbgrad/widgets/static/", import.meta.url);
const load = (name) => import(new URL(name, STATIC));
const { textOfParts } = await load("line_parts.js");
const { stepLine } = await load("step_line.js");
const sentence = (...given) => textOfParts(stepLine(...given));
const { Trace } = await load("trace.js");
const { whyLine } = await load("why.js");
const { endLine, headline } = await load("words.js");

const scalar = (number) => ({ dtype: "float32", shape: [], elements: [number] });
const node = (id, label, value, adjoint, more) => ({
  id, label, name: `${label}:0`, expression: "", latex: "", op_type: "VariableV2", symbol: "",
  role: "variable", shape: [], dtype: "float32", line: "", requested: true, stopped: false,
  value: scalar(value), adjoint: { state: "number", cause: "", at: null, value: scalar(adjoint) },
  seed: null, elementwise: true, cells: "", subscripts: "", path: label, ...more,
});
const edge = (position, sent) => ({
  id: `e1.${position}`, source: "n0", target: "n1", position, contribution: scalar(sent), cause: "",
  local: { symbol: `∂f/∂x`, formula: "x", latex: "", is_factor: true, value: scalar(3), uses: [] },
});

/** f = x · x at x = 3. */
const run = Trace.fromJson({
  nodes: [
    node("n0", "x", 3, 6),
    node("n1", "f", 9, 1, { role: "output", op_type: "Mul", expression: "x · x", seed: scalar(1) }),
  ],
  edges: [edge(0, 3), edge(1, 3)],
  steps: [
    { kind: "forward", node: "n1", edges: [] },
    { kind: "seed", node: "n1", edges: [] },
    { kind: "multiply", node: "n1", edges: ["e1.0"] },
    { kind: "multiply", node: "n1", edges: ["e1.1"] },
    { kind: "sum", node: "n0", edges: ["e1.0", "e1.1"] },
  ],
  ys: ["n1"],
  xs: ["n0"],
});
const ADJOINTS = ["adjoint", "contribution", "term", "path term"];
const options = { withhold: (form) => ADJOINTS.includes(form) };

test("a number that is withheld is a question mark", () => {
  assert.equal(sentence(run, 3), "df/dx gets df/df · ∂f/∂x = 1 · 3 = 3");
  assert.equal(sentence(run, 3, options), "df/dx gets df/df · ∂f/∂x = 1 · 3 = ?");
  assert.equal(sentence(run, 5, options), "df/dx gets 1 · 3 = ?, so ? + ? = ?");
});

test("what is not asked for stays", () => {
  assert.equal(sentence(run, 1, options), sentence(run, 1));
});

test("a part still names its number when it is withheld", () => {
  const last = stepLine(run, 3, options).at(-2);
  assert.deepEqual([last.text, last.form, last.of], ["?", "contribution", "e1.0"]);
});

test("neither the reason nor the result of an adjoint gives it away", () => {
  const said = whyLine(run, "n0", options).map((part) => part.before + part.text).join("");
  assert.equal(said, "df/dx = ∂f/∂x + ∂f/∂x = 3 + 3 = ?; 2 paths lead from x to f");
  assert.equal(headline(run, options), "f = x · x = 9; df/dx = ?");
  assert.ok(!JSON.stringify(endLine(run, options)).includes("6"));
});
