"""Branches: cond runs one of two, in values and in gradients. A loop is to be unrolled."""

import numpy as np
import pytest

import nbgrad as tf


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def run(fetches, feed=None):
    with tf.Session(graph=tf.get_default_graph()) as session:
        return session.run(fetches, feed)


def test_only_the_branch_that_is_taken_runs():
    calls = []

    def noted(which):
        return tf.py_func(lambda: calls.append(which) or np.float32(which), [], tf.float32)

    p = tf.placeholder(tf.bool, [])
    y = tf.cond(p, lambda: noted(1), lambda: noted(2))
    for _ in range(3):
        assert [run(y, {p: True}), run(y, {p: False})] == [1.0, 2.0]
    assert calls == [1, 2] * 3


def test_the_gradient_of_a_choice_is_that_of_the_branch_taken():
    x = tf.placeholder(tf.float32, [])
    y = tf.cond(x > 0, lambda: x * x, lambda: -x)
    [dx] = tf.gradients(y, x)
    [ddx] = tf.gradients(dx, x)
    with tf.Session() as session:
        for value, answer in ((3.0, [9, 6, 2]), (-2.0, [2, -1, 0])):
            for _ in range(3):  # interpreted, then compiled
                assert session.run([y, dx, ddx], {x: value}) == answer


def test_choosing_a_branch_avoids_the_nan_that_where_lets_through():
    x = tf.placeholder(tf.float32, [])
    both = tf.where(x > 0, tf.log(x), 0.0)
    one = tf.cond(x > 0, lambda: tf.log(x), lambda: 0.0)
    slopes = run([tf.gradients(both, x)[0], tf.gradients(one, x)[0]], {x: 0.0})
    assert np.isnan(slopes[0])
    assert slopes[1] == 0


def test_choices_nest():
    x = tf.placeholder(tf.float32, [])
    v = tf.Variable(5.0)
    y = tf.cond(
        x > 0, lambda: tf.cond(x > 1, lambda: x * x * v, lambda: x * 3), lambda: -tf.log(-x)
    )
    grads = tf.gradients(y, [x, v])
    answers = {3.0: [45, 30, 9], 0.5: [1.5, 3, 0], -2.0: [-np.log(2), 0.5, 0]}
    with tf.Session() as session:
        session.run(v.initializer)
        for value, answer in answers.items():
            for _ in range(3):
                np.testing.assert_allclose(session.run([y, *grads], {x: value}), answer, rtol=1e-6)


def test_assignments_in_a_branch_happen_only_there():
    v, p = tf.Variable(0.0), tf.placeholder(tf.bool, [])
    choice = tf.cond(p, lambda: v.assign_add(1.0), lambda: tf.constant(-1.0))
    quiet = tf.cond(p, lambda: v.assign_add(10.0).op, tf.no_op)
    with tf.Session() as session:
        session.run(v.initializer)
        assert [session.run(choice, {p: value}) for value in (True, False)] == [1.0, -1.0]
        session.run(quiet, {p: False})
        assert session.run(v) == 1.0
        session.run(quiet, {p: True})
        assert session.run(v) == 11.0


def test_branches_may_return_lists_of_the_same_length_and_dtypes():
    p = tf.constant(True)
    a, b = tf.cond(p, lambda: (tf.constant(1.0), tf.constant(2)), lambda: (0.0, 0))
    assert run([a, b]) == [1.0, 2]
    with pytest.raises(ValueError, match="must return the same number of outputs"):
        tf.cond(p, lambda: (1.0, 2.0), lambda: 1.0)
    with pytest.raises(ValueError, match="must have the same type: float32, int32"):
        tf.cond(p, lambda: 1.0, lambda: 1)


def test_what_is_inside_a_branch_stays_inside():
    leaked = []
    x = tf.constant(1.0)
    tf.cond(x > 0, lambda: leaked.append(x + 1) or x, lambda: x)
    with pytest.raises(ValueError, match="has been marked as not fetchable"):
        run(leaked[0])
    with pytest.raises(ValueError, match="has been marked as not fetchable"):
        leaked[0] * 2
    with pytest.raises(ValueError, match="may not be fed"):
        run(x, {leaked[0]: 1})
