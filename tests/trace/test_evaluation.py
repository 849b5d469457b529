"""A run once more: in another precision, with some tensors moved."""

import numpy as np
import pytest

import nbgrad as ng
from nbgrad.trace.evaluation import PRECISIONS, Reevaluation


@pytest.fixture(autouse=True)
def graph():
    with ng.Graph().as_default() as graph:
        yield graph


@pytest.mark.parametrize("precision", PRECISIONS)
def test_a_replay_computes_in_the_precision_asked_for(precision):
    x = ng.placeholder(ng.float32)
    y = ng.cast(ng.cast(x, ng.float64) * 0.1, ng.float32) + ng.split(ng.ones([4]), 2)[0]
    [found] = Reevaluation([y], {x: np.float32(1.0)}, precision).run()
    assert found.dtype == precision


def test_a_replay_agrees_with_the_session():
    x = ng.constant(np.random.default_rng(0).normal(size=(3, 3)), name="x")
    y = ng.reduce_sum(ng.nn.softmax(x @ ng.transpose(x)), axis=0)
    [again] = Reevaluation([y], {}, "float64").run()
    assert np.array_equal(again, ng.Session().run(y))


def test_of_a_cond_only_the_branch_that_is_taken_is_replayed():
    x = ng.placeholder(ng.float32, [])
    y = ng.cond(x > 2.0, lambda: x * x, lambda: ng.log(-x))
    reevaluation = Reevaluation([y], {x: np.float32(3.0)}, "float64")
    assert reevaluation.run() == [9.0]
    assert reevaluation.run({x: -1.0}) == [0.0]


def test_what_does_not_move_is_computed_once():
    x, y = ng.placeholder(ng.float32, []), ng.placeholder(ng.float32, [])
    z = ng.cond(y > 0.0, lambda: ng.exp(y) * x, lambda: ng.log(-y) * x)
    held = {x: np.float32(2.0), y: np.float32(1.0)}
    plain, settled = (
        Reevaluation([z], held, "float64"),
        Reevaluation([z], held, "float64").settle([x]),
    )
    assert len(settled.operations) < len(plain.operations)
    for value in (-1.0, 0.0, 3.0):
        assert plain.run({x: value}) == settled.run({x: value})
