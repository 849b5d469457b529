"""The measuring core: it accepts right gradients, and says what is wrong with others."""

import numpy as np
import pytest

import nbgrad as tf
from nbgrad.checks.test import assert_gradient
from nbgrad.core.errors import GradientMismatch


@tf.custom_gradient
def wrongly_halved(x):
    return x * x, lambda dz: dz * x


@tf.custom_gradient
def wrong_in_the_second_order(x):
    return x * x, lambda dz: dz * 2.0 * tf.stop_gradient(x)


def test_a_right_gradient_passes_to_any_order():
    assert_gradient(lambda x, y: tf.sin(x) * y, 0.7, [1.0, 2.0], order=4)


def test_a_wrong_gradient_is_reported_with_both_numbers_and_the_point():
    with pytest.raises(GradientMismatch) as caught:
        assert_gradient(lambda x, y: wrongly_halved(x) + y, 3.0, 1.5)
    message = str(caught.value)
    assert "direction of input 0" in message
    assert "by reverse mode" in message
    assert "by finite differences" in message
    assert "input 1: 1.5" in message


def test_a_mistake_in_the_second_derivative_shows_at_order_two_only():
    assert_gradient(wrong_in_the_second_order, 3.0)
    with pytest.raises(GradientMismatch):
        assert_gradient(wrong_in_the_second_order, 3.0, order=2)


def test_a_gradient_that_is_none_must_be_zero():
    assert_gradient(lambda x: tf.floor(x), 0.5)
    with pytest.raises(GradientMismatch):
        assert_gradient(lambda x: x * tf.stop_gradient(x), 0.5)


def test_nan_is_a_mismatch():
    with pytest.raises(GradientMismatch):
        assert_gradient(lambda x: tf.where(x > 0, tf.log(x), x), -1.0 * 0.0)


def test_integers_stay_as_they_are():
    assert_gradient(lambda x, i: tf.gather(x, i), [1.0, 2.0, 3.0], [2, 0, 2], order=2)


# TensorFlow's checker -----------------------------------------------------------------------


@pytest.fixture
def session():
    with tf.Graph().as_default(), tf.Session() as running:
        yield running


def test_compute_gradient_gives_both_jacobians(session):
    x = tf.constant([[1.0, 2.0], [3.0, 4.0]], tf.float64)
    y = tf.reduce_sum(tf.square(x), axis=0)
    derived, measured = tf.test.compute_gradient(x, [2, 2], y, [2], x_init_value=[[1, 2], [3, 4]])
    assert derived.tolist() == [[2, 0], [0, 4], [6, 0], [0, 8]]
    np.testing.assert_allclose(measured, derived, atol=1e-9)


def test_compute_gradient_error_is_small_for_a_right_rule_and_large_for_a_wrong_one(session):
    x = tf.constant([0.5, -0.3], tf.float64)
    right, wrong = tf.tanh(x), wrongly_halved(x)
    assert tf.test.compute_gradient_error(x, [2], right, [2], delta=1e-5) < 1e-9
    assert tf.test.compute_gradient_error(x, [2], wrong, [2], np.array([0.5, 2.0])) > 1


def test_several_inputs_give_a_pair_each(session):
    x, w = tf.constant([1.0, 2.0]), tf.constant(3.0)
    pairs = tf.test.compute_gradient([x, w], [[2], []], x * w, [2], [[1.0, 2.0], 3.0])
    assert [derived.shape for derived, _ in pairs] == [(2, 2), (1, 2)]
    assert pairs[1][0].tolist() == [[1, 2]]


def test_other_placeholders_may_be_fed_and_variables_initialized(session):
    x, p = tf.constant(2.0, tf.float64), tf.placeholder(tf.float64)
    w = tf.Variable(tf.constant(4.0, tf.float64))
    error = tf.test.compute_gradient_error(
        x, [], x * p * w, [], 2.0, init_targets=w.initializer, extra_feed_dict={p: 5.0}
    )
    assert error < 1e-9


def test_checking_leaves_nothing_behind_in_the_graph(session):
    x = tf.constant([1.0, 2.0])
    y = tf.exp(x)
    before = len(session.graph.get_operations())
    tf.test.compute_gradient(x, [2], y, [2])
    assert len(session.graph.get_operations()) == before


def test_without_a_session_there_is_nothing_to_check_with():
    with tf.Graph().as_default():
        x = tf.constant(1.0)
        with pytest.raises(ValueError, match="No default session"):
            tf.test.compute_gradient(x, [], x, [])
