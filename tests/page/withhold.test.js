import assert from "node:assert/strict";
import test from "node:test";

import { Trace } from "../../nbgrad/widgets/static/trace.js";
import {
  askedNodes,
  foundTrace,
  isFound,
  isSameNumber,
  isWrongNumber,
  questionFor,
  questionStyles,
  typedNumber,
  withholdFrom,
} from "../../nbgrad/widgets/static/withhold.js";

const scalar = (number) => ({ dtype: "float32", shape: [], elements: [number] });
const list = (...elements) => ({ dtype: "float32", shape: [elements.length], elements });

function nodeOf(id, label, adjoint, seed = null) {
  const state = adjoint === undefined ? "not run" : adjoint ? "number" : "none";
  const found = { state, cause: "", at: null, value: adjoint ?? null };
  return { id, label, value: scalar(3), adjoint: found, seed, stopped: false };
}

/** f = a · 2, a = x · x: the adjoint of x is 12, that of a is 2. */
function squareTrace({ x = scalar(12) } = {}) {
  const edge = (id, source, target, sent) => {
    return { id, source, target, contribution: sent, cause: "" };
  };
  const contribution = x === null ? null : scalar(6);
  return Trace.fromJson({
    nodes: [
      nodeOf("n0", "x", x),
      nodeOf("n1", "a", scalar(2)),
      nodeOf("n2", "f", scalar(1), scalar(1)),
    ],
    edges: [
      { ...edge("e1.0", "n0", "n1", contribution), cause: x === null ? "integer" : "" },
      edge("e1.1", "n0", "n1", contribution),
      edge("e2.0", "n1", "n2", scalar(2)),
    ],
    steps: [],
    ys: ["n2"],
    xs: ["n0"],
  });
}

test("a number is read as people type it, and None by its name", () => {
  const numbers = { "-3": -3, "−3": -3, "+3": 3, "1/2": 0.5, "2e-3": 0.002, "0,5": 0.5, ".5": 0.5 };
  for (const [text, number] of Object.entries(numbers)) assert.equal(typedNumber(text), number);
  assert.equal(typedNumber(" none "), null);
  assert.equal(typedNumber("∞"), Infinity);
  for (const text of ["", "x", "1/", "/2", "1/2/3", "2..7"]) {
    assert.equal(typedNumber(text), undefined);
  }
});

test("two significant digits count", () => {
  const isRight = (text) => isSameNumber(text, 0.19661);
  for (const text of ["0.1966", "0.197", "0.2", "0.195"]) assert.ok(isRight(text), text);
  for (const text of ["0.19", "-0.1966", "1.966", "None", ""]) assert.ok(!isRight(text), text);
  assert.ok(isSameNumber("24", 24) && !isSameNumber("25", 24) && !isSameNumber("23", 24));
  assert.ok(isSameNumber("0", 0) && isSameNumber("-0", 0) && !isSameNumber("0.01", 0));
  assert.ok(isSameNumber("None", null) && !isSameNumber("0", null));
  assert.ok(isSameNumber("nan", NaN) && isSameNumber("-inf", -Infinity));
});

test("no answer is not a wrong one", () => {
  const node = squareTrace({ x: list(4, 5) }).node("x");
  assert.ok(isWrongNumber("3", node, 0) && !isWrongNumber("4", node, 0));
  assert.ok(!isWrongNumber(" ", node, 1) && isWrongNumber("None", node, 1));
});

test("a y that only its seed reaches is given, and what has not run is not asked", () => {
  const trace = squareTrace();
  assert.equal(questionFor(trace, trace.node("f")), "");
  assert.equal(questionFor(trace, trace.node("x")), "one");
  const notRun = { ...trace.node("x"), adjoint: { state: "not run", value: null } };
  assert.equal(questionFor(trace, notRun), "");
});

test("an array is asked as one number where all are equal, and else by each element", () => {
  const asked = (x) => questionFor(squareTrace({ x }), squareTrace({ x }).node("x"));
  assert.equal(asked(list(4, 4, 4)), "one");
  assert.equal(asked(list(4, 5)), "each");
  assert.equal(asked(list(...Array(37).keys())), "");
  assert.equal(asked(null), "one");
});

test("a view asks for what it shows, and for nothing else", () => {
  const trace = squareTrace();
  const asked = (...rules) => askedNodes(rules, trace).map(({ label }) => label);
  assert.deepEqual(asked(["a", "adjoint", "n1"], ["f", "adjoint", "n2"], ["x", "body", "n0"]), ["a"]);
  const block = (lane) => ["n0.number", "block number", "n0", { lane }];
  assert.deepEqual([asked(block("adjoint")), asked(block("value"))], [["x"], []]);
});

test("nobody can type a complex number: it is withheld, and not asked", () => {
  const trace = squareTrace({ x: { dtype: "complex64", shape: [], elements: ["(1+2j)"] } });
  assert.equal(questionFor(trace, trace.node("x")), "");
  assert.equal(foundTrace(trace, {}).node("x").adjoint.state, "not run");
});

test("of a group, no largest gradient is told until all of it is known", () => {
  const trace = squareTrace();
  const style = { text: "max 2", class: "text", since: 0, until: 9, title: "g: 3 nodes\nlargest 2" };
  const members = ["n0", "n1"];
  const rules = [["g.number", "group number", "n0", { members }], ["g", "group", "n0", { members }]];
  const styles = { "g.number": style, g: style };
  const answers = { a: { typed: "2", right: true } };
  const asked = questionStyles(rules, trace, foundTrace(trace, answers), styles, styles);
  assert.deepEqual([asked["g.number"].text, asked.g.title], ["·", "g: 3 nodes"]);
});

test("nothing of an adjoint is left in the trace until it is found", () => {
  const trace = squareTrace();
  const found = foundTrace(trace, {});
  assert.equal(found.node("x").adjoint.state, "not run");
  assert.equal(found.edge("e1.0").contribution, null);
  assert.equal(found.node("f").adjoint, trace.node("f").adjoint);
  const answers = { x: { typed: "12", right: true } };
  assert.equal(foundTrace(trace, answers).node("x").adjoint.value.data[0], 12);
  assert.equal(foundTrace(trace, answers).node("a").adjoint.value, null);
  assert.equal(trace.node("x").adjoint.value.data[0], 12);
});

test("that a gradient is None is withheld, too", () => {
  const found = foundTrace(squareTrace({ x: null }), {});
  assert.equal(found.node("x").adjoint.state, "not run");
  assert.equal(found.edge("e1.0").cause, "");
});

test("an answer is none to other numbers, nor is one that was wrong", () => {
  const trace = squareTrace();
  const isFoundBy = (answer) => isFound(trace, trace.node("x"), { x: answer });
  assert.ok(isFoundBy({ typed: "12.1", right: true }));
  assert.ok(!isFoundBy({ typed: "24", right: true }));
  assert.ok(!isFoundBy({ typed: "12", right: false }));
});

test("in a picture, question marks stand for numbers, and roads stay", () => {
  const trace = squareTrace();
  const style = { text: "", class: "off", since: 0, until: 9, width: 0, title: "", cells: [] };
  const rules = [
    ["n0.adjoint", "adjoint", "n0", {}],
    ["e1.0.inbox", "inbox", "e1.0", {}],
    ["e1.0.product", "product", "e1.0", {}],
    ["e1.0.reverse", "reverse", "e1.0", {}],
    ["n2.adjoint", "adjoint", "n2", {}],
  ];
  const styles = Object.fromEntries(rules.map(([id]) => [id, style]));
  const asked = questionStyles(rules, trace, foundTrace(trace, {}), styles, styles);
  assert.equal(asked["n0.adjoint"].text, "?");
  assert.equal(asked["e1.0.inbox"].text, "?");
  assert.match(asked["e1.0.product"].class, /^text .*adjoint-text/); // in its colour, on any ground
  assert.equal(asked["e1.0.reverse"].class, "road reverse");
  assert.equal(asked["n2.adjoint"], style);
});

test("a sentence withholds what arrives and what is sent, and no local derivative", () => {
  const trace = squareTrace();
  const isWithheld = withholdFrom(trace, foundTrace(trace, { a: { typed: "2", right: true } }));
  assert.ok(isWithheld("contribution", "e1.0") && isWithheld("adjoint", "n0"));
  assert.ok(isWithheld("path term", "e1.1 e2.0"));
  assert.ok(!isWithheld("arrived", "e1.0") && !isWithheld("local", "e1.0"));
  assert.ok(!isWithheld("seed", "n2"));
});
