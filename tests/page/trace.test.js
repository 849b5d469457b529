import assert from "node:assert/strict";
import test from "node:test";

import { Trace } from "../../nbgrad/widgets/static/trace.js";

const NUMBER = { dtype: "float32", shape: [], elements: [3] };

function nodeOf(id, label, seed = null) {
  const adjoint = { state: "number", cause: "", at: null, value: NUMBER };
  return { id, label, value: NUMBER, adjoint, seed };
}

function traceOf(seed, ys = ["n1"]) {
  return Trace.fromJson({
    nodes: [nodeOf("n0", "🙂w"), nodeOf("n1", "f", seed)],
    edges: [
      { id: "e1.0", source: "n0", target: "n1", local: null, contribution: NUMBER },
      { id: "e1.1", source: "n0", target: "n1", local: null, contribution: null },
    ],
    steps: [],
    ys,
    xs: ["n0"],
  });
}

test("a node is found by its id and by its label, with the edges on both sides", () => {
  const trace = traceOf(NUMBER);
  assert.equal(trace.node("f"), trace.node("n1"));
  assert.deepEqual(trace.incoming(trace.node("f")).map((edge) => edge.id), ["e1.0", "e1.1"]);
  assert.deepEqual(trace.outgoing(trace.node("f")), []);
  assert.throws(() => trace.node("g"), /No node 'g'/);
  assert.deepEqual([...trace.edge("e1.0").contribution.data], [3]);
});

test("an adjoint is df/dx where the only y has a seed of 1, and has a bar otherwise", () => {
  const one = { ...NUMBER, elements: [1] };
  const total = (trace) => trace.total(trace.node("n0"));
  assert.equal(total(traceOf(one)), "df/d🙂w");
  assert.equal(total(traceOf(NUMBER)), "🙂\u0304w");
  assert.equal(total(traceOf(one, ["n1", "n0"])), "🙂\u0304w");
});
