"""Traces of generated programs: whatever the graph, the numbers are those of `gradients`."""

import json
from pathlib import Path

import numpy as np
import pytest

import nbgrad as tf
from nbgrad.trace import trace
from nbgrad.trace.model import Trace

PROGRAMS = Path(__file__).parent.parent / "conformance" / "fuzz.jsonl"
CASES = [json.loads(line) for line in PROGRAMS.read_text("utf-8").splitlines()]


def gradients_called_by(program):
    """Run a program; the arguments of its calls of `gradients`, and what it fed."""
    calls = []

    def gradients(ys, xs, grad_ys=None, stop_gradients=None, **options):
        calls.append((ys, xs, grad_ys, stop_gradients))
        return tf.gradients(ys, xs, grad_ys, stop_gradients=stop_gradients, **options)

    class Spy:
        def __getattr__(self, name):
            return gradients if name == "gradients" else getattr(tf, name)

    space = {"tf": Spy(), "np": np, "feed": {}}
    exec(compile(program, "program", "exec"), space)
    return calls, space["feed"]


@pytest.mark.parametrize("case", CASES[::4], ids=lambda case: case["id"])
def test_a_trace_agrees_with_gradients_and_with_itself(case):
    with tf.Graph().as_default() as graph:
        calls, feed = gradients_called_by(case["program"])
        for ys, xs, grad_ys, stops in calls:
            wanted = tf.gradients(ys, xs, grad_ys, stop_gradients=stops)
            before = len(graph.get_operations())
            found = trace(ys, xs, grad_ys, stops, feed)
            assert len(graph.get_operations()) == before
            assert Trace.from_dict(json.loads(json.dumps(found.to_dict()))) == found
            with tf.Session() as session:
                session.run(tf.global_variables_initializer())
                for key, gradient in zip(found.xs, wanted, strict=True):
                    adjoint = found.node(key).adjoint
                    if gradient is None:
                        assert adjoint.state == "none"
                    else:
                        expected = session.run(gradient, feed)
                        assert np.allclose(adjoint.value.array, expected, equal_nan=True)
            contributions_add_up(found)
            products_add_up(found)


def contributions_add_up(found):
    for node in found.nodes:
        sent = [e.contribution.array for e in found.outgoing(node) if e.contribution]
        if node.adjoint.value is not None:
            total = sum(sent) + (0 if node.seed is None else node.seed.array)
            assert np.allclose(total, node.adjoint.value.array, equal_nan=True, rtol=1e-4)


def products_add_up(found):
    """The first and the last cell of everything, with their terms."""
    for node in found.nodes:
        for index in {(0,) * len(node.shape), tuple(n - 1 for n in node.shape)}:
            for lane, numbers in (("value", node.value), ("adjoint", node.adjoint.value)):
                if numbers is not None and numbers.array.size:
                    cell = found.cell(node.id, index, lane)
                    if cell.terms:
                        assert np.isclose(cell.total, cell.this.value, equal_nan=True, rtol=1e-4)
