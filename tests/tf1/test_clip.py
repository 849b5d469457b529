"""Clipping, as TensorFlow's own tests have it."""

import numpy as np
import pytest

import nbgrad as tf


@pytest.fixture(autouse=True)
def session():
    with tf.Graph().as_default(), tf.Session() as running:
        yield running


X = [[-3.0, 0.0, 0.0], [4.0, 0.0, 0.0]]


def test_by_value_keeps_what_lies_between(session):
    x = tf.constant([-5.0, 2.0, 3.0, -4.0, 5.0, 6.0])
    assert session.run(tf.clip_by_value(x, -4.4, 4.4)).tolist() == pytest.approx(
        [-4.4, 2.0, 3.0, -4.0, 4.4, 4.4]
    )


def test_by_value_takes_bounds_for_each_element(session):
    low, high = tf.constant([0.0, 1.0, 2.0]), tf.constant([1.0, 2.0, 2.5])
    assert session.run(tf.clip_by_value([5.0, 0.0, 2.2], low, high)).tolist() == pytest.approx(
        [1.0, 1.0, 2.2]
    )


def test_by_value_lets_nan_through_and_bounds_infinities(session):
    x = tf.constant([np.nan, np.inf, -np.inf])
    clipped = session.run(tf.clip_by_value(x, -1.0, 1.0))
    np.testing.assert_array_equal(clipped, [np.nan, 1, -1])


def test_by_value_refuses_bounds_that_would_make_it_larger():
    with pytest.raises(ValueError, match=r"compatible|equal rank"):
        tf.clip_by_value(tf.constant([1.0, 2.0]), [[0.0], [1.0]], 3.0)


def test_by_norm_shortens_what_is_too_long(session):
    np.testing.assert_allclose(session.run(tf.clip_by_norm(X, 4.0)), np.array(X) * 4 / 5, rtol=1e-6)
    np.testing.assert_allclose(session.run(tf.clip_by_norm(X, 6.0)), X)
    np.testing.assert_array_equal(session.run(tf.clip_by_norm(np.zeros((2, 3)), 6.0)), 0)


def test_by_norm_may_look_at_each_row_alone(session):
    rows = session.run(tf.clip_by_norm(X, 2.0, axes=[1]))
    np.testing.assert_allclose(rows, [[-2, 0, 0], [2, 0, 0]], rtol=1e-6)


def test_by_norm_has_slope_one_at_zero_and_is_not_nan(session):
    x = tf.zeros([3])
    assert session.run(tf.gradients(tf.clip_by_norm(x, 1.0), x))[0].tolist() == [1, 1, 1]


def test_by_global_norm_shortens_all_by_one_factor(session):
    a, b = tf.constant([[-2.0, 0.0, 0.0], [4.0, 0.0, 0.0]]), tf.constant([1.0, -2.0])
    (first, second), norm = tf.clip_by_global_norm([a, b], tf.constant(4.0))
    assert session.run(norm) == pytest.approx(5.0)
    np.testing.assert_allclose(session.run(second), [0.8, -1.6], rtol=1e-6)
    np.testing.assert_allclose(session.run(first)[1], [3.2, 0, 0], rtol=1e-6)


def test_by_global_norm_leaves_short_gradients_and_none_alone(session):
    a = tf.constant([3.0, 4.0])
    clipped, norm = tf.clip_by_global_norm((a, None), 6.0)
    assert clipped[1] is None
    assert session.run([clipped[0], norm])[0].tolist() == [3, 4]


def test_by_global_norm_takes_a_norm_computed_before(session):
    clipped, norm = tf.clip_by_global_norm(
        [tf.constant([3.0, 4.0])], 1.0, use_norm=tf.constant(10.0)
    )
    np.testing.assert_allclose(session.run(clipped[0]), [0.3, 0.4], rtol=1e-6)
    assert session.run(norm) == 10


def test_an_infinite_global_norm_makes_everything_nan(session):
    clipped, _ = tf.clip_by_global_norm([tf.constant([np.inf, 1.0])], 1.0)
    assert np.isnan(session.run(clipped[0])).all()


def test_the_result_carries_the_name_that_was_given():
    assert tf.clip_by_value(1.0, 0.0, 2.0, name="kept").name == "kept:0"
    assert tf.clip_by_norm([1.0], 2.0).name == "clip_by_norm:0"
