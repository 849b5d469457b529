import assert from "node:assert/strict";
import test from "node:test";

import { Store } from "../../nbgrad/widgets/static/store.js";

/** A store of a number, whose trace is that number, and that fails for what is no number. */
function createStore() {
  const store = Object.create(Store.prototype);
  return Object.assign(store, {
    listeners: new Map(),
    signal: new AbortController().signal,
    change: { view: false, trace: false },
    view: {},
    number: 1,
    trace: 1,
    isDragging: false,
    run: () => store.number,
    style: () => {
      if (Number.isNaN(store.computed)) throw new Error("nothing to paint");
      return { trace: store.computed };
    },
  });
}

/** @param {import("node:test").TestContext} t */
function frames(t) {
  const waiting = [];
  globalThis.requestAnimationFrame = (callback) => waiting.push(callback);
  t.after(() => delete globalThis.requestAnimationFrame);
  return () => waiting.splice(0).forEach((callback) => callback());
}

function move(store, number) {
  store.number = number;
  store.request("trace");
}

test("after a change that could not be painted the next one is", (t) => {
  const paint = frames(t);
  const store = createStore();
  move(store, NaN);
  assert.throws(paint, /nothing to paint/);
  move(store, 2);
  paint();
  assert.equal(store.trace, 2);
});

test("what was is the number at the beginning of a drag, also for a move in its last frame", (t) => {
  const paint = frames(t);
  const store = createStore();
  store.startDrag();
  move(store, 2);
  paint();
  move(store, 3);
  store.endDrag();
  paint();
  assert.deepEqual([store.before, store.trace], [1, 3]);
  move(store, 4);
  paint();
  assert.equal(store.before, 3);
});

test("a page that is opened on numbers that an operation refuses shows those of the beginning", () => {
  const store = createStore();
  const run = ({ stopped }) => ["the trace of the beginning", ...stopped];
  Object.assign(store, {
    starts: { inputs: {}, seeds: {} },
    get: () => ["node"],
    program: { run },
    run: () => {
      throw new Error("index 7 is out of range\nand more");
    },
  });
  assert.deepEqual(store.first(), ["the trace of the beginning", "node"]);
  assert.equal(store.refused, "index 7 is out of range");
});

test("what could not be done is said until something is done, and Python's message stays", () => {
  const store = createStore();
  const traits = { message: "The page cannot compute Svd: each move asks Python.", step: 0 };
  store.model = { set: (name, value) => (traits[name] = value), save_changes: () => {} };
  store.say("No kernel is running.");
  assert.equal(store.said, "No kernel is running.");
  store.set("step", 1);
  assert.equal(store.said, "");
  assert.match(traits.message, /^The page cannot compute/);
});

test("one listener's error does not keep the others from hearing", (t) => {
  const store = createStore();
  const [heard, reported] = [[], []];
  globalThis.reportError = (error) => reported.push(error.message);
  t.after(() => delete globalThis.reportError);
  let isBroken = false;
  store.on(["why"], () => heard.push("first"));
  store.on(["why"], () => {
    if (isBroken) throw new Error("no such card");
  });
  store.on(["why"], () => heard.push("last"));
  heard.length = 0;
  isBroken = true;
  store.tell("why");
  assert.deepEqual([heard, reported], [["first", "last"], ["no such card"]]);
});

test("a page that Python computes for has the styles of its own view, whoever else has asked", () => {
  const store = Object.create(Store.prototype);
  const empty = { nodes: [], edges: [], steps: [], ys: [], xs: [] };
  const answerFor = (styles) => ({ seen: empty, clock: [0], styles });
  const views = { wide: answerFor("those of wide"), narrow: answerFor("those of narrow") };
  Object.assign(store, { program: null, view: { key: "narrow" } });
  store.get = (name) => (name === "answer" ? { views } : "");
  assert.equal(store.style().styles, "those of narrow");
  store.view = { key: "not answered yet" };
  assert.equal(store.style().styles, "those of wide");
});
