"""Graphs that nobody chose: each is a function of a number, and the same on every machine.

`KINDS` says what there is; `question(seed)` builds one, as what `tf.draw` and `tf.trace` are asked:
ys, xs, and options. `traced(seed)` runs it in a graph of its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np
from traces import renamed

import nbgrad as tf
from nbgrad.trace.model import Trace

Question = tuple[Any, list[tf.Tensor], dict[str, Any]]
HOW_MANY = 200

PAIRS = (tf.add, tf.subtract, tf.multiply, tf.divide, tf.maximum)
ONES = (tf.tanh, tf.sigmoid, tf.square, tf.negative, tf.exp, tf.sin, tf.nn.relu, tf.abs)
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def number(random: Random) -> float:
    """A number as a lesson has it: whole, half, or with three digits."""
    return random.choice(
        (random.randint(-9, 9), random.randint(-9, 9) / 2, round(random.uniform(-3, 3), 3))
    )


def inputs(random: Random, count: int, names: str = "xyzuvw") -> list[tf.Tensor]:
    return [tf.Variable(float(number(random)), name=names[k]) for k in range(count)]


def grown(random: Random, nodes: list[tf.Tensor], count: int, reach: int = 4) -> list[tf.Tensor]:
    """The nodes, and operations on them; most read what is new, some what is far back."""
    for k in range(count):
        label = LETTERS[k] if k < 20 else f"h{k}"
        recent = nodes[-reach:]
        one = random.choice(recent)
        if random.random() < 0.3:
            nodes.append(random.choice(ONES)(one, name=label))
            continue
        other = one if random.random() < 0.12 else random.choice((*recent, random.choice(nodes)))
        if random.random() < 0.15:
            other = tf.constant(float(random.choice((1, 2, 0.5, -1))))
        nodes.append(random.choice(PAIRS)(one, other, name=label))
    return nodes


def expression(random: Random) -> Question:
    """Operations on scalars: fan-out, squares, long edges, constants."""
    xs = inputs(random, random.randint(1, 4))
    nodes = grown(random, [*xs], random.randint(3, 24))
    return nodes[-1], xs, {}


def outputs(random: Random) -> Question:
    """Several ys, some on the way to others, with seeds, stops and an x that nobody reads."""
    xs = inputs(random, random.randint(2, 4))
    operations = grown(random, [*xs], random.randint(4, 14))[len(xs) :]
    ys = [operations[-1], *random.sample(operations[:-1], random.randint(1, 2))]
    options: dict[str, Any] = {}
    if random.random() < 0.6:
        options["grad_ys"] = [float(number(random)) for _ in ys]
    if random.random() < 0.6:
        options["stop_gradients"] = random.sample(operations, random.randint(1, 2))
    unread = [tf.Variable(1.5, name="unused")] if random.random() < 0.5 else []
    return ys, xs + unread, options


def cut(random: Random) -> Question:
    """Integers and booleans in between, which cut the gradient off."""
    xs = inputs(random, random.randint(1, 3))
    nodes = grown(random, [*xs], random.randint(2, 6))
    whole = tf.cast(tf.cast(nodes[-1], tf.int32, name="n"), tf.float32, name="m")
    larger = tf.cast(tf.greater(nodes[-1], xs[0], name="g"), tf.float32, name="q")
    last = tf.add(tf.multiply(whole, xs[0], name="s"), larger, name="t")
    return tf.add(last, nodes[-1], name="f"), xs, {}


def chain(random: Random) -> Question:
    """One operation after another."""
    x = inputs(random, 1)[0]
    y = x
    for k in range(random.randint(3, 20)):
        y = random.choice(ONES)(y, name=f"h{k}")
    return y, [x], {}


def diamonds(random: Random) -> Question:
    """Ways that part and meet again, one diamond after the other."""
    x = inputs(random, 1)[0]
    y = x
    for k in range(random.randint(1, 4)):
        left = random.choice(ONES)(y, name=f"l{k}")
        right = random.choice(ONES)(y, name=f"r{k}")
        y = random.choice(PAIRS)(left, right, name=f"d{k}")
    return y, [x], {}


def fan(random: Random) -> Question:
    """One number that many read, and a sum of many."""
    x, *others = xs = inputs(random, random.randint(2, 4))
    parts = []
    for k in range(random.randint(3, 7)):
        parts.append(tf.multiply(x, random.choice((*others, x)), name=f"p{k}"))
    y = tf.add_n(parts, name="s") if random.random() < 0.5 else parts[0]
    for part in parts[1:]:
        y = y + part
    return y, xs, {}


def array(random: Random, *shape: int) -> np.ndarray:
    cells = [round(random.gauss(0, 1), 2) for _ in range(math.prod(shape))]
    return np.reshape(np.array(cells, np.float32), shape)


def dense(random: Random) -> Question:
    """Layers of a network of various widths."""
    rows, width = random.randint(1, 12), random.randint(1, 6)
    h: tf.Tensor = tf.constant(array(random, rows, width), name="X")
    xs = []
    for k in range(random.randint(1, 3)):
        after = random.choice((1, 2, 3, 5, 8, 20))
        w = tf.Variable(array(random, width, after), name=f"W{k + 1}")
        b = tf.Variable(array(random, after), name=f"b{k + 1}")
        z = tf.add(tf.matmul(h, w, name=f"a{k + 1}"), b, name=f"z{k + 1}")
        h = random.choice((tf.nn.relu, tf.tanh, tf.sigmoid))(z, name=f"h{k + 1}")
        xs, width = [*xs, w, b], after
    t = tf.constant(array(random, rows, width), name="T")
    return tf.reduce_mean(tf.square(tf.subtract(h, t, name="e"), name="q"), name="loss"), xs, {}


def classifier(random: Random) -> Question:
    """A softmax with its cross entropy."""
    rows, width, classes = random.randint(2, 10), random.randint(2, 6), random.randint(2, 5)
    x = tf.placeholder(tf.float32, [rows, width], name="X")
    t = tf.placeholder(tf.float32, [rows, classes], name="T")
    w = tf.Variable(array(random, width, classes), name="W")
    b = tf.Variable(np.zeros(classes, np.float32), name="b")
    logits = tf.add(tf.matmul(x, w, name="a"), b, name="z")
    each = tf.nn.softmax_cross_entropy_with_logits_v2(labels=t, logits=logits, name="k")
    labels = np.eye(classes, dtype=np.float32)[[random.randrange(classes) for _ in range(rows)]]
    feed = {x: array(random, rows, width), t: labels}
    return tf.reduce_mean(each, name="loss"), [w, b], {"feed_dict": feed}


def shared(random: Random) -> Question:
    """Weights that are read again and again, with a residual beside each step."""
    rows, width = random.randint(1, 4), random.randint(2, 4)
    h: tf.Tensor = tf.constant(array(random, rows, width), name="X")
    w = tf.Variable(array(random, width, width) / 2, name="W")
    residual = random.random() < 0.5
    for k in range(random.randint(2, 4)):
        step = tf.tanh(tf.matmul(h, w, name=f"a{k}"), name=f"h{k}")
        h = tf.add(h, step, name=f"r{k}") if residual else step
    return tf.reduce_sum(h, name="L"), [w], {}


def broadcasting(random: Random) -> Question:
    """Scalars, rows and columns that meet."""
    rows, columns = random.randint(2, 5), random.randint(2, 5)
    shapes = [(), (columns,), (rows, 1), (rows, columns), (1, columns)]
    chosen = [shapes[3], *random.sample(shapes, random.randint(1, 3))]
    xs = [tf.Variable(array(random, *shape), name="ABCD"[k]) for k, shape in enumerate(chosen)]
    y: tf.Tensor = xs[0]
    for k, x in enumerate(xs[1:]):
        y = random.choice(PAIRS[:3])(y, x, name=f"h{k}")
    reduced = random.choice((tf.reduce_sum, tf.reduce_mean, tf.reduce_max))
    return reduced(random.choice(ONES)(y, name="g"), name="L"), xs, {}


EXTREMES = (1e-9, -3.25e-7, 0.0, 1.0, 123456.789, -9.87654e8, 1e12, math.inf, -math.inf, math.nan)


def extremes(random: Random) -> Question:
    """Numbers of any size, and some that are none."""
    names = "xyzuvw"
    xs = [tf.Variable(np.float64(random.choice(EXTREMES)), name=names[k]) for k in range(3)]
    y: tf.Tensor = xs[0]
    for k in range(random.randint(2, 8)):
        pairs = (tf.add, tf.multiply, tf.subtract)
        y = random.choice(pairs)(y, random.choice(xs), name=LETTERS[k])
    return y, xs, {"grad_ys": [np.float64(random.choice(EXTREMES))]}


def extreme_arrays(random: Random) -> Question:
    """The same in the cells of matrices."""
    shape = random.randint(1, 4), random.randint(1, 4)
    cells = [[random.choice(EXTREMES) for _ in range(shape[1])] for _ in range(shape[0])]
    a = tf.Variable(np.array(cells), name="A")
    b = tf.Variable(np.array(cells)[::-1].copy(), name="B")
    return tf.reduce_sum(tf.multiply(tf.add(a, b, name="c"), a, name="d"), name="L"), [a, b], {}


WORDS = ("learning_rate", "hidden_activation", "reconstruction", "x", "W", "kernel", "batch_norm")


def long_names(random: Random) -> Question:
    """Names of thirty letters and more, also in matrices."""

    def name() -> str:
        return "_".join(random.choice(WORDS) for _ in range(random.randint(2, 5)))

    shape = random.choice(((), (3,), (2, 3)))
    xs = [tf.Variable(array(random, *shape), name=name()) for _ in range(random.randint(1, 3))]
    y: tf.Tensor = xs[0]
    for _ in range(random.randint(2, 7)):
        y = random.choice(PAIRS)(
            random.choice(ONES)(y, name=name()), random.choice(xs), name=name()
        )
    return tf.reduce_sum(y, name=name()), xs, {}


UNICODE = ("θ₁", "данные", "入力の重み", "λ·ε", "größe", "ŷ", "∇f‖", "🙂", "W̃ᵀx", "<b>&")


def unicode_names(random: Random) -> Question:
    """Names that no graph allows, but a trace does: `traced` puts them in."""
    xs = [tf.Variable(float(number(random)), name=f"unicode_{k}") for k in range(2)]
    nodes = [*xs]
    for k in range(2, random.randint(5, 10)):
        pair = random.choice(PAIRS)
        nodes.append(pair(nodes[-1], random.choice(nodes), name=f"unicode_{k}"))
    return nodes[-1], xs, {}


def scopes(random: Random) -> Question:
    """Layers in name scopes, some inside of others."""
    width = random.randint(1, 4)
    h: tf.Tensor = tf.constant(array(random, random.randint(1, 4), width), name="X")
    xs = []
    for k in range(random.randint(2, 5)):
        with tf.name_scope(random.choice((f"layer{k}", f"encoder/layer{k}", "block"))):
            after = random.randint(1, 5)
            w = tf.Variable(array(random, width, after), name="W")
            b = tf.Variable(array(random, after), name="b")
            h = random.choice((tf.nn.relu, tf.tanh))(tf.matmul(h, w) + b)
            xs, width = [*xs, w, b], after
    with tf.name_scope("loss"):
        return tf.reduce_mean(tf.square(h)), xs, {}


def overview(random: Random) -> Question:
    """25 to 300 nodes, in scopes or without any."""
    xs = inputs(random, random.randint(2, 6))
    nodes, left = [*xs], random.choice((25, 40, 60, 90, 150, 300))
    in_scopes = random.random() < 0.6
    group = 0
    while left > 0:
        count = min(left, random.randint(4, 20))
        with tf.name_scope(f"part{group}" if in_scopes else ""):
            nodes = bounded(random, nodes, count)
        left, group = left - count, group + 1
    return nodes[-1], xs, {}


def bounded(random: Random, nodes: list[tf.Tensor], count: int) -> list[tf.Tensor]:
    """The nodes, and more whose numbers do not grow."""
    for _ in range(count):
        one, other = random.choice(nodes[-3:]), random.choice(nodes[-12:])
        pair = random.choice((tf.add, tf.multiply, tf.subtract))
        single = random.random() < 0.45
        nodes.append(random.choice((tf.tanh, tf.sin))(one) if single else pair(one, other))
    return nodes


def neurons(random: Random) -> Question:
    """A network of scalars: neurons, each with its weights."""
    layers, units = random.randint(1, 3), random.randint(1, 3)
    h = [tf.placeholder(tf.float32, [], name=f"x{k}") for k in range(2)]
    feed = {x: number(random) for x in h}
    xs = []
    for layer in range(layers):
        after = []
        for unit in range(units):
            ws = [tf.Variable(number(random) / 4, name=f"w{layer}{unit}{k}") for k in range(len(h))]
            sums = [tf.multiply(w, x) for w, x in zip(ws, h, strict=True)]
            after.append(tf.sigmoid(tf.add_n(sums), name=f"h{layer}{unit}"))
            xs += ws
        h = after
    return tf.add_n(h, name="y"), xs, {"feed_dict": feed}


KINDS: tuple[Callable[[Random], Question], ...] = (
    expression, outputs, dense, cut, chain, diamonds, fan, classifier, shared, broadcasting,
    extremes, extreme_arrays, long_names, unicode_names, scopes, overview, neurons, expression,
    outputs, dense,
)  # fmt: skip


def kind_of(seed: int) -> str:
    return KINDS[seed % len(KINDS)].__name__


def question(seed: int) -> Question:
    """The graph of a number, in the graph that is the default one."""
    return KINDS[seed % len(KINDS)](Random(seed))


def traced(seed: int) -> Trace:
    """The graph of a number, run."""
    with tf.Graph().as_default(), np.errstate(all="ignore"):
        ys, xs, options = question(seed)
        trace = tf.trace(ys, xs, **options)
    for k, label in enumerate(UNICODE if kind_of(seed) == "unicode_names" else ()):
        trace = Trace.from_dict(renamed(trace.to_dict(), f"unicode_{k}", label))
    return trace
