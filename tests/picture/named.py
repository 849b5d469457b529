"""The graphs by which every reader judges the pictures, from a textbook's to one of 300 nodes.

Each is a function that returns ys, xs and options; `traced` runs it in a graph of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import numpy as np
import scenes
from generated import Question, array

import nbgrad as tf
from nbgrad.trace.model import Trace


def neuron() -> Question:
    """A sigmoid of a sum of products, operation by operation."""
    w0, x0, w1, x1, w2 = xs = [
        tf.Variable(value, name=name)
        for name, value in zip(
            ("w0", "x0", "w1", "x1", "w2"), (2.0, -1.0, -3.0, -2.0, -3.0), strict=True
        )
    ]
    products = tf.add(tf.multiply(w0, x0, name="a"), tf.multiply(w1, x1, name="b"), name="c")
    h = tf.negative(tf.add(products, w2, name="g"), name="h")
    m = tf.add(tf.exp(h, name="k"), 1.0, name="m")
    return tf.divide(1.0, m, name="out"), xs, {}


def causes_of_none() -> Question:
    """An adjoint that is None for each reason: no path, an integer, a stop, no rule."""
    x, k, s = (tf.Variable(float(value), name=name) for value, name in enumerate("xks"))
    unused = tf.Variable(1.0, name="unused")
    n = tf.cast(tf.cast(k, tf.int32, name="n"), tf.float32, name="m")
    cut = tf.square(s, name="c")
    sign = tf.sign(x, name="g")
    y = tf.add(tf.add(tf.multiply(x, n, name="p"), cut, name="q"), sign, name="y")
    return y, [x, k, s, unused], {"stop_gradients": [cut]}


def second_derivative() -> Question:
    """The derivative of x³, as a graph of its own."""
    x = tf.Variable(2.0, name="x")
    y = tf.multiply(tf.multiply(x, x, name="a"), x, name="y")
    return tf.gradients(y, x)[0], [x], {}


def two_layers() -> Question:
    """A classifier with one hidden layer of five units, on eight rows."""
    random = Random(2)
    x = tf.constant(array(random, 8, 3), name="X")
    w1, b1 = tf.Variable(array(random, 3, 5), name="W1"), tf.Variable(array(random, 5), name="b1")
    w2 = tf.Variable(array(random, 5, 3), name="W2")
    b2 = tf.Variable(np.zeros(3, np.float32), name="b2")
    labels = np.eye(3, dtype=np.float32)[[0, 1, 1, 2, 0, 2, 1, 0]]
    h = tf.nn.relu(tf.add(tf.matmul(x, w1, name="a"), b1, name="z"), name="h")
    s = tf.add(tf.matmul(h, w2, name="c"), b2, name="s")
    t = tf.constant(labels, name="T")
    each = tf.nn.softmax_cross_entropy_with_logits_v2(labels=t, logits=s, name="k")
    return tf.reduce_mean(each, name="loss"), [w1, b1, w2, b2], {}


def convolution() -> Question:
    """A small picture, three filters, the largest of each window, and a loss."""
    random = Random(3)
    image = tf.constant(array(random, 1, 6, 6, 1), name="image")
    filters = tf.Variable(array(random, 3, 3, 1, 3), name="K")
    b = tf.Variable(array(random, 3), name="b")
    z = tf.nn.conv2d(image, filters, strides=[1, 1, 1, 1], padding="VALID", name="c")
    h = tf.nn.relu(tf.add(z, b, name="z"), name="h")
    pooled = tf.nn.max_pool(h, [1, 2, 2, 1], [1, 2, 2, 1], "VALID", name="p")
    flat = tf.reshape(pooled, [1, 12], name="flat")
    w = tf.Variable(array(random, 12, 2), name="W")
    return (
        tf.reduce_sum(tf.square(tf.matmul(flat, w, name="s"), name="q"), name="L"),
        [filters, b, w],
        {},
    )


def recurrent_cell() -> Question:
    """A recurrent cell, four times over with the same weights."""
    random = Random(4)
    w = tf.Variable(array(random, 2, 3), name="Wx")
    u = tf.Variable(array(random, 3, 3), name="Wh")
    b = tf.Variable(array(random, 3), name="b")
    h: tf.Tensor = tf.constant(np.zeros((1, 3), np.float32), name="h0")
    for t in range(1, 5):
        x = tf.constant(array(random, 1, 2), name=f"x{t}")
        h = tf.tanh(tf.matmul(x, w) + tf.matmul(h, u) + b, name=f"h{t}")
    return tf.reduce_sum(tf.square(h, name="q"), name="L"), [w, u, b], {}


def autoencoder() -> Question:
    """Four numbers through two and back, and how far they are from themselves."""
    random = Random(5)
    x = tf.constant(array(random, 5, 4), name="X")
    w1, b1 = tf.Variable(array(random, 4, 2), name="W1"), tf.Variable(array(random, 2), name="b1")
    w2, b2 = tf.Variable(array(random, 2, 4), name="W2"), tf.Variable(array(random, 4), name="b2")
    code = tf.sigmoid(tf.add(tf.matmul(x, w1, name="a"), b1, name="z"), name="code")
    back = tf.add(tf.matmul(code, w2, name="c"), b2, name="back")
    error = tf.square(tf.subtract(back, x, name="e"), name="q")
    return tf.reduce_mean(error, name="loss"), [w1, b1, w2, b2], {}


def attention() -> Question:
    """One attention head over three words."""
    random = Random(6)
    x = tf.constant(array(random, 3, 4), name="X")
    xs = wq, wk, wv = [tf.Variable(array(random, 4, 2), name=name) for name in ("Wq", "Wk", "Wv")]
    q, k, v = (tf.matmul(x, w, name=name) for w, name in zip((wq, wk, wv), "qkv", strict=True))
    scores = tf.multiply(tf.matmul(q, k, transpose_b=True, name="s"), 0.7071, name="scaled")
    weights = tf.nn.softmax(scores, name="p")
    return tf.reduce_sum(tf.square(tf.matmul(weights, v, name="o"), name="q2"), name="L"), [*xs], {}


def batch_norm() -> Question:
    """Batch normalisation by hand: mean, variance, and a learnt scale and shift."""
    random = Random(7)
    x = tf.Variable(array(random, 6, 3), name="X")
    scale = tf.Variable(np.ones(3, np.float32), name="gamma")
    shift = tf.Variable(np.zeros(3, np.float32), name="beta")
    mean = tf.reduce_mean(x, 0, name="mu")
    centred = tf.subtract(x, mean, name="d")
    variance = tf.reduce_mean(tf.square(centred, name="d2"), 0, name="var")
    normal = tf.multiply(centred, tf.rsqrt(variance + 1e-3, name="r"), name="n")
    y = tf.add(tf.multiply(normal, scale, name="s"), shift, name="y")
    return tf.reduce_sum(tf.square(y, name="q"), name="L"), [x, scale, shift], {}


def of_size(count: int) -> Callable[[], Question]:
    """A graph of so many nodes, each read by a later one, in groups of ten."""

    def graph() -> Question:
        random = Random(count)
        xs = [tf.Variable(random.choice((-0.5, 0.5, 1.5)), name=f"x{k}") for k in range(6)]
        waiting, nodes = xs[1:], xs[:1]
        while len(nodes) + len(xs) - 1 < count:
            with tf.name_scope(f"part{len(nodes) // 10}"):
                other = waiting.pop() if waiting else random.choice(nodes[-12:])
                pair = random.choice((tf.add, tf.multiply, tf.subtract))
                nodes.append(tf.tanh(nodes[-1]))
                nodes.append(pair(nodes[-1], other))
        return nodes[-1], xs, {}

    return graph


NAMED: dict[str, Callable[[], Question]] = {
    "f = x²y + y + 2": scenes.textbook,
    "neuron": neuron,
    "two outputs with seeds": scenes.weighed,
    "a stop": scenes.stopped,
    "each cause of None": causes_of_none,
    "a second derivative": second_derivative,
    "2-layer network": two_layers,
    "convolution": convolution,
    "recurrent cell": recurrent_cell,
    "autoencoder": autoencoder,
    "attention head": attention,
    "batch norm by hand": batch_norm,
    "60 nodes": of_size(60),
    "300 nodes": of_size(300),
}


def traced(build: Callable[[], Question]) -> Trace:
    with tf.Graph().as_default():
        ys, xs, options = build()
        return tf.trace(ys, xs, **options)
