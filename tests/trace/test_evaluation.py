"""A graph as a function of some tensors, in another precision."""

import numpy as np
import pytest

import nbgrad as ng
from nbgrad.trace.evaluation import PRECISIONS, Evaluation


@pytest.fixture(autouse=True)
def graph():
    with ng.Graph().as_default() as graph:
        yield graph


@pytest.mark.parametrize("precision", PRECISIONS)
def test_an_evaluation_computes_in_the_precision_given(precision):
    x = ng.placeholder(ng.float32)
    y = ng.cast(ng.cast(x, ng.float64) * 0.1, ng.float32) + ng.split(ng.ones([4]), 2)[0]
    [found] = Evaluation([y], {x: np.float32(1.0)}, precision).run()
    assert found.dtype == precision


def test_an_evaluation_agrees_with_the_session():
    x = ng.constant(np.random.default_rng(0).normal(size=(3, 3)), name="x")
    y = ng.reduce_sum(ng.nn.softmax(x @ ng.transpose(x)), axis=0)
    [again] = Evaluation([y], {}, "float64").run()
    assert np.array_equal(again, ng.Session().run(y))


def test_of_a_cond_only_the_branch_that_is_taken_is_run():
    x = ng.placeholder(ng.float32, [])
    y = ng.cond(x > 2.0, lambda: x * x, lambda: ng.log(-x))
    evaluation = Evaluation([y], {x: np.float32(3.0)}, "float64")
    assert evaluation.run() == [9.0]
    assert evaluation.run({x: -1.0}) == [0.0]


def test_a_cond_in_a_branch_and_its_gradient_are_evaluated():
    x, w = ng.placeholder(ng.float32, []), ng.constant([1.0, 2.0])
    y = ng.cond(
        x > 0.0,
        lambda: ng.cond(x > 5.0, lambda: w * x, lambda: w * x * x),
        lambda: ng.exp(x) * ng.constant([3.0, 4.0]),
    )
    [dx] = ng.gradients(y, x)
    evaluation = Evaluation([y, dx], {x: np.float32(0.0)}, "float64")
    session = ng.Session()
    for value in (-1.0, 2.0, 6.0):
        for found, expected in zip(
            evaluation.run({x: value}), session.run([y, dx], {x: value}), strict=True
        ):
            np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_what_does_not_depend_on_what_moves_is_computed_once():
    calls = []

    def count(value):
        calls.append(value)
        return value

    x, y = ng.placeholder(ng.float64, []), ng.placeholder(ng.float64, [])
    once = ng.py_func(count, [y], ng.float64)
    once.set_shape([])
    z = ng.cond(y > 0.0, lambda: ng.exp(once) * x, lambda: ng.log(-y) * x)
    values = {x: np.float64(2.0), y: np.float64(1.0)}
    plain, faster = Evaluation([z], values, "float64"), Evaluation([z], values, "float64", [x])
    before = len(calls)
    for value in (-1.0, 0.0, 3.0):
        assert plain.run({x: value}) == faster.run({x: value})
    assert len(calls) == before + 3


def test_only_data_are_perturbed_and_not_the_constants_of_a_formula():
    x, rows = ng.placeholder(ng.float64, [3]), ng.constant([1.0, 2.0], ng.float64)
    evaluation = Evaluation(
        [x * 1.0, rows * 1.0, ng.constant(2.0) * 1.0], {x: np.arange(3.0) + 3}, "float64"
    )
    (moved, array, two), plain = (
        evaluation.run_perturbed(np.random.default_rng(0)),
        [[3, 4, 5], [1, 2], 2],
    )
    assert two == 2
    for found, exact in zip((moved, array), plain, strict=False):
        assert np.any(found != exact)
        np.testing.assert_allclose(found, exact, rtol=3e-16)


def test_an_evaluation_adds_nothing_to_the_graph(graph):
    x = ng.placeholder(ng.float32, [])
    y, before = ng.sin(x), graph.version
    Evaluation([y], {x: 1.0}, "float64").run()
    assert graph.version == before
