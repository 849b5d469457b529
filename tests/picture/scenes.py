"""Six small graphs that show, between them, everything that a picture can say.

Every number is a binary fraction of few digits, and no function of the C library is used: what is
printed is exact, and the same on every machine.
"""

import nbgrad as tf

LAYOUTS = ("overlay", "mirror", "tape", "paths")


def textbook(**options):
    """f = x²y + y + 2, where x is read twice by one operation and y by two."""
    x, y = tf.Variable(3.0, name="x"), tf.Variable(4.0, name="y")
    b = tf.multiply(tf.multiply(x, x, name="a"), y, name="b")
    return tf.add(b, tf.add(y, 2.0, name="c"), name="f"), [x, y], options


def weighed():
    """Two ys with weights, one of them on the way to the other; some numbers are below zero."""
    y, x = tf.Variable(-40.0, name="y"), tf.Variable(3.0, name="x")
    p = tf.multiply(x, y, name="p")
    q = tf.subtract(p, tf.multiply(x, 2.0, name="h"), name="q")
    return [p, q], [x, y], {"grad_ys": [2.0, -0.5]}


def stopped():
    """The textbook's graph with two stops: one cuts x off, the other takes a part from y."""
    f, xs, _ = textbook()
    names = tf.get_default_graph().get_tensor_by_name
    return f, xs, {"stop_gradients": [names("a:0"), names("c:0")]}


def absent():
    """Every state of an adjoint: None beyond an integer, zero, infinite, not a number, a number."""
    k, y = tf.placeholder(tf.float32, [], name="k"), tf.Variable(-2.0, name="y")
    m = tf.cast(tf.cast(k, tf.int32, name="n"), tf.float32, name="m")
    s = tf.sqrt(tf.nn.relu(y, name="r"), name="s")
    return tf.multiply(m, s, name="f"), [k, y, m], {"feed_dict": {k: 2.5}}


def matrices():
    """A matrix product, and a row that is added to each of its rows."""
    b = tf.Variable([0.25, -2.0], name="b")
    x = tf.constant([[0.5, -1.0, 2.0], [1.5, 0.25, -0.5]], name="X")
    w = tf.Variable([[1.0, -4.0], [0.5, 2.0], [-3.0, 0.0]], name="W")
    z = tf.add(tf.matmul(x, w, name="u"), b, name="z")
    return tf.reduce_sum(tf.square(z, name="q"), name="L"), [w, b], {}


def fold():
    """A layer that one line of the program makes: one card stands for its three operations."""
    x = tf.constant([[1.0, -2.0]], name="x")
    w, b = tf.Variable([[0.5], [3.0]], name="w"), tf.Variable([8.0], name="b")
    with tf.name_scope("layer"):
        h = tf.nn.relu(tf.matmul(x, w) + b)
    return tf.reduce_sum(tf.square(h, name="q"), name="L"), [w, b], {}


SCENES = (textbook, weighed, stopped, absent, matrices, fold)


def drawn(scene, **options):
    """The drawing of a scene, in a graph of its own."""
    with tf.Graph().as_default():
        ys, xs, question = scene()
        return tf.draw(ys, xs, **question, **options)
