"""Learning rates that fall with the step."""

import numpy as np
import pytest

import nbgrad as tf


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


train = tf.train


SCHEDULES = [
    (lambda s: train.exponential_decay(1.0, s, 10, 0.5), lambda t: 0.5 ** (t / 10)),
    (lambda s: train.exponential_decay(1.0, s, 10, 0.5, True), lambda t: 0.5 ** (t // 10)),
    (lambda s: train.natural_exp_decay(1.0, s, 10, 0.5), lambda t: np.exp(-0.5 * t / 10)),
    (lambda s: train.inverse_time_decay(1.0, s, 10, 0.5), lambda t: 1 / (1 + 0.5 * t / 10)),
    (
        lambda s: train.polynomial_decay(1.0, s, 10, 0.1, 2.0),
        lambda t: 0.9 * (1 - min(t, 10) / 10) ** 2 + 0.1,
    ),
    (
        lambda s: train.polynomial_decay(1.0, s, 10, 0.1, cycle=True),
        lambda t: 0.9 * (1 - t / (10 * max(1, np.ceil(t / 10)))) + 0.1,
    ),
    (
        lambda s: train.cosine_decay(1.0, s, 10, alpha=0.1),
        lambda t: 0.9 * 0.5 * (1 + np.cos(np.pi * min(t, 10) / 10)) + 0.1,
    ),
    (
        lambda s: train.piecewise_constant(s, [5, 10], [1.0, 0.5, 0.1]),
        lambda t: 1.0 if t <= 5 else 0.5 if t <= 10 else 0.1,
    ),
]


@pytest.mark.parametrize(("schedule", "formula"), SCHEDULES)
def test_learning_rates_fall_as_their_formula_says(schedule, formula):
    step = tf.placeholder(tf.int32, [])
    rate = schedule(step)
    with tf.Session() as session:
        values = [session.run(rate, {step: t}) for t in (0, 5, 10, 12, 25)]
    np.testing.assert_allclose(values, [formula(t) for t in (0, 5, 10, 12, 25)], rtol=1e-5)
    assert rate.dtype == tf.float32


def test_a_schedule_needs_a_step():
    with pytest.raises(ValueError, match="global_step is required for exponential_decay"):
        tf.train.exponential_decay(1.0, None, 10, 0.5)
    with pytest.raises(ValueError, match="boundaries should be 1 less"):
        tf.train.piecewise_constant(tf.constant(1), [1], [1.0])
