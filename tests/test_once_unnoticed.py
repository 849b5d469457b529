"""Mistakes that were made on purpose, and that no test noticed at the time."""

import numpy as np
import pytest

import nbgrad as tf


@pytest.fixture
def session():
    with tf.Graph().as_default(), tf.Session() as session:
        yield session


def test_one_fetch_fed_through_other_tensors_or_in_another_order_is_another_run(session):
    a, b = tf.constant(10.0), tf.constant(3.0)
    z = tf.subtract(a, 2.0 * b)
    feeds = [({a: 5.0, b: 1.0}, 3), ({b: 1.0, a: 5.0}, 3), ({a: 7.0}, 1), ({b: 0.0}, 10), ({}, 4)]
    for _ in range(3):  # run from a list, compiled, recognised
        for feed, expected in feeds:
            assert session.run(z, feed) == expected


def test_a_variable_has_a_copy_of_what_is_loaded_into_it(session):
    v, value = tf.Variable([0.0, 0.0]), np.ones(2, np.float32)
    v.load(value, session)
    value[0] = 5.0
    assert session.run(v).tolist() == [1, 1]


def test_traces_that_differ_in_one_element_are_not_equal():
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [2])
        y = tf.reduce_sum(x * 0.0)
        one, other = (tf.trace(y, x, feed_dict={x: value}) for value in ([1.0, 2.0], [1.0, 3.0]))
    assert one != other
    assert one == type(one).from_dict(one.to_dict())
