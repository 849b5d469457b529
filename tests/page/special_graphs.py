"""Graphs in which a program must carry more than calls: branches, several results, own rules.

Each is a function that returns ys, xs and options.
"""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np

import nbgrad as tf

Question = tuple[Any, list[tf.Tensor], dict[str, Any]]


@tf.RegisterGradient("IgnoresWhatArrives")
def ignoring(op, dz):
    return op.inputs[0]


def rule_that_returns_an_operand() -> Question:
    x = tf.Variable(2.0, name="x")
    with tf.get_default_graph().gradient_override_map({"Sin": "IgnoresWhatArrives"}):
        a = tf.sin(x, name="a")
    return tf.add(a * x, tf.square(a), name="f"), [x], {}


def rule_that_keeps_a_tensor() -> Question:
    kept: dict[str, tf.Tensor] = {}

    @tf.custom_gradient
    def exponential(x):
        def grad(dz):
            if "e" not in kept:
                kept["e"] = tf.exp(x)
            return dz * kept["e"]

        return tf.exp(x), grad

    x = tf.Variable(0.5, name="x")
    return exponential(x) * x, [x], {}


def number_inside_a_function() -> Question:
    """What a function with a gradient of its own reads besides its argument gets none."""
    x, w = tf.Variable(2.0, name="x"), tf.Variable(3.0, name="w")

    @tf.custom_gradient
    def scaled(x):
        return x * w, lambda dz: dz * 10.0

    return tf.add(scaled(x), tf.sign(w), name="f"), [x, w], {}


def only_inside_a_function() -> Question:
    x, w = tf.Variable(2.0, name="x"), tf.Variable(3.0, name="w")

    @tf.custom_gradient
    def scaled(x):
        return x * tf.square(w), lambda dz: dz * 10.0

    return scaled(x), [x, w], {}


def batch_of_any_size() -> Question:
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    w = tf.Variable(np.ones((3, 2), np.float32), name="w")
    y = tf.reduce_mean(tf.nn.softmax(tf.matmul(x, w)), axis=1)
    return y, [x, w], {"feed_dict": {x: np.arange(6, dtype=np.float32).reshape(2, 3)}}


def largest_two() -> Question:
    x = tf.Variable([3.0, 1.0, 2.0], name="x")
    values, indices = tf.nn.top_k(x, 2)
    return tf.reduce_sum(values * tf.cast(indices, tf.float32)), [x], {}


def integers_among_ys() -> Question:
    x, y = tf.Variable([3, 1, 2], name="x"), tf.Variable(2.0, name="y")
    return [tf.reduce_sum(x), y * tf.cast(x[0], tf.float32)], [x, y], {}


def nothing_arrives() -> Question:
    """None for an integer, a stop, a rule that sends nothing, and no path, on several ys."""
    x, z, u = (
        tf.Variable(value, name=name) for value, name in ((1.0, "x"), (2.0, "z"), (3.0, "u"))
    )
    k = tf.cast(x, tf.int32, name="k")
    place = tf.cast(tf.argmax([x, z]), tf.float32)
    ys = [tf.cast(k, tf.float32) * z + place, tf.stop_gradient(x) * z, tf.sign(x)]
    return ys, [x, z, u, k], {}


def branches_in_branches() -> Question:
    x, z = tf.Variable(1.0, name="x"), tf.Variable(2.0, name="z")
    y = tf.cond(
        x > z,
        lambda: tf.cond(x > 3.0, lambda: x * z, lambda: x + z),
        lambda: tf.cond(z > 1.0, lambda: tf.unstack(tf.stack([x, z]))[1] * x, lambda: x),
    )
    return y * y, [x, z], {}


def branches_of_two_results() -> Question:
    x, z = tf.Variable(1.0, name="x"), tf.Variable(2.0, name="z")
    a, b = tf.cond(x > z, lambda: (x * z, z), lambda: (tf.square(z), x))
    return a * b + a, [x, z], {}


def recurrent_cell() -> Question:
    x = tf.Variable([[1.0, 2.0]], name="x")
    cell = tf.nn.rnn_cell.BasicLSTMCell(2)
    outputs, _ = tf.nn.static_rnn(cell, [x, x], dtype=tf.float32)
    return tf.reduce_sum(outputs[-1]), [*tf.trainable_variables()], {}


def batch_norm() -> Question:
    x = tf.placeholder(tf.float32, [4, 3], name="x")
    y = tf.layers.batch_normalization(x, training=True)
    fed = np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32)
    return tf.reduce_sum(tf.square(y)), [x, *tf.trainable_variables()], {"feed_dict": {x: fed}}


def dropout() -> Question:
    x = tf.Variable(np.ones((3, 3), np.float32), name="x")
    return tf.reduce_sum(tf.nn.dropout(x, 0.5, seed=1)), [x], {}


def xs_on_the_way_to_others() -> Question:
    x = tf.Variable(2.0, name="x")
    a = tf.square(x, name="a")
    b = tf.exp(a, name="b")
    return b * a, [a, x, b], {}


def constants_as_xs() -> Question:
    a = tf.constant(0.0, name="a")
    b = 2 * a
    return a + b, [a, b], {}


def matrix_of_second_derivatives() -> Question:
    x = tf.Variable([1.0, 2.0], name="x")
    return tf.hessians(tf.reduce_sum(x**3), x)[0], [x], {}


def rows_read_twice() -> Question:
    table = tf.Variable(np.arange(10, dtype=np.float32).reshape(5, 2) / 4, name="E")
    return tf.reduce_sum(tf.nn.embedding_lookup(table, [1, 1, 3]) ** 2), [table], {}


def clipped_by_norm() -> Question:
    x = tf.Variable([3.0, 4.0], name="x")
    return tf.reduce_sum(tf.clip_by_norm(x, 1.0)), [x], {}


def powers() -> Question:
    x, n = tf.Variable(-2.0, name="x"), tf.Variable(3.0, name="n")
    return tf.add(x**3 - x**-2, x**n, name="f"), [x, n], {}


SPECIAL = (
    *(rule_that_returns_an_operand, rule_that_keeps_a_tensor, number_inside_a_function),
    *(only_inside_a_function, batch_of_any_size, largest_two),
    *(integers_among_ys, nothing_arrives, branches_in_branches, branches_of_two_results),
    *(recurrent_cell, batch_norm, dropout, xs_on_the_way_to_others, constants_as_xs),
    *(matrix_of_second_derivatives, rows_read_twice, clipped_by_norm, powers),
)


def special(random: Random) -> Question:
    """One of them."""
    return random.choice(SPECIAL)()
