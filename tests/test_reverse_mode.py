"""The reverse pass: three mistakes that others made first, and then what it answers."""

import numpy as np

import nbgrad as tf


def run(tensors, feed=None):
    with tf.Session(graph=tf.get_default_graph()) as session:
        return session.run(tensors, feed)


def test_paths_of_unequal_length_are_added_before_they_are_sent_on():
    with tf.Graph().as_default():
        x = tf.constant(0.5, tf.float64)
        [dx] = tf.gradients(x + tf.log(tf.sigmoid(x)), x)
        np.testing.assert_allclose(run(dx), 1 + 1 / (1 + np.exp(0.5)))


def test_a_reader_of_x_that_no_y_needs_changes_nothing():
    with tf.Graph().as_default():
        x = tf.constant(3.0)
        tf.exp(x, name="unused")
        assert run(tf.gradients(x * x, x)) == [6.0]


def test_both_operands_count_where_a_tensor_stands_twice():
    with tf.Graph().as_default():
        x = tf.constant([[1.0, 2.0], [3.0, 4.0]])
        [dx] = tf.gradients(tf.reduce_sum(x @ x), x)
        np.testing.assert_array_equal(run(dx), [[7, 11], [9, 13]])
