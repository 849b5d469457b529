"""Random numbers: drawn once in each run, repeated by a seed."""

import numpy as np
import pytest

import nbgrad as tf


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


@pytest.fixture
def session(graph):
    with tf.Session() as session:
        yield session


def test_a_random_operation_is_drawn_anew_in_every_run_and_once_in_each(session):
    r = tf.random_normal([4])
    first, loss, gradient = session.run([r, tf.reduce_sum(r * r), tf.gradients(r * r, r)[0]])
    assert loss == pytest.approx((first**2).sum(), rel=1e-6)
    np.testing.assert_allclose(gradient, 2 * first)
    assert not np.array_equal(first, session.run(r))


def test_a_seed_repeats_the_sequence_in_every_session():
    r = tf.random_uniform([4], seed=7)
    one, two = tf.Session(), tf.Session()
    drawn = [one.run(r).tolist(), one.run(r).tolist()]
    assert drawn == [two.run(r).tolist(), two.run(r).tolist()]
    assert drawn[0] != drawn[1]


def test_a_seed_of_the_graph_gives_each_operation_its_own_sequence():
    tf.set_random_seed(3)
    a, b = tf.random_normal([4]), tf.random_normal([4])
    once = [value.tolist() for value in tf.Session().run([a, b])]
    again = [value.tolist() for value in tf.Session().run([a, b])]
    assert once == again
    assert once[0] != once[1]


def test_looking_at_a_graph_does_not_change_its_random_numbers(graph):
    tf.set_random_seed(3)
    with graph.scratch():
        tf.random_normal([2])
    late = tf.Session().run(tf.random_normal([2]))
    with tf.Graph().as_default():
        tf.set_random_seed(3)
        assert tf.Session().run(tf.random_normal([2])).tolist() == late.tolist()
