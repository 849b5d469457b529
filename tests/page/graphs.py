"""Graphs in which every kind of operation meets every other, each a function of a number.

`tests/picture/generated.py` has graphs as lessons have them; these are grown from a table of
operations, with shapes that fit: matrices, broadcasting, reductions, slices, gathers, softmax,
convolutions, casts, choices, integers, both precisions, several ys, rules of a learner's own.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np
from seldom import seldom, shape_of
from special_graphs import special

import nbgrad as tf

Question = tuple[Any, list[tf.Tensor], dict[str, Any]]
Step = Callable[[Random, tf.Tensor, list[tf.Tensor]], "tf.Tensor | None"]

LETTERS = "abcghkmnpqrstuvw"
SHAPES = [(), (3,), (2,), (2, 3), (3, 2), (2, 2), (1, 3), (2, 1), (2, 2, 3), (1,)]
FUNCTIONS = (
    tf.tanh, tf.sigmoid, tf.square, tf.negative, tf.exp, tf.sin, tf.cos, tf.nn.relu, tf.abs,
    tf.sqrt, tf.log, tf.reciprocal, tf.nn.softplus, tf.nn.elu, tf.nn.leaky_relu, tf.log1p,
    tf.expm1, tf.tan, tf.atan, tf.rsqrt, tf.nn.softsign, tf.nn.relu6, tf.nn.selu, tf.sign,
    tf.floor, tf.round, tf.ceil, tf.identity, tf.stop_gradient,
)  # fmt: skip
PAIRS = (tf.add, tf.subtract, tf.multiply, tf.divide, tf.maximum, tf.minimum, tf.pow,
         tf.squared_difference, tf.atan2, tf.floormod, tf.floordiv)  # fmt: skip
COMPARISONS = (tf.greater, tf.less, tf.greater_equal, tf.less_equal, tf.equal, tf.not_equal)
REDUCTIONS = (tf.reduce_sum, tf.reduce_mean, tf.reduce_max, tf.reduce_min, tf.reduce_prod)


def array(random: Random, shape: tuple[int, ...], dtype: Any = np.float32) -> np.ndarray:
    """Numbers as a lesson has them, some equal to others, some zero."""
    cells = [
        random.choice((random.randint(-3, 3), round(random.gauss(0, 1), 2), random.gauss(0, 1)))
        for _ in range(math.prod(shape))
    ]
    return np.reshape(np.array(cells, dtype), shape)


# What grows ---------------------------------------------------------------------------------


def function(random: Random, x: tf.Tensor, _pool: list[tf.Tensor]) -> tf.Tensor:
    return random.choice(FUNCTIONS)(x)


def pair(random: Random, x: tf.Tensor, pool: list[tf.Tensor]) -> tf.Tensor | None:
    fitting = [y for y in pool if broadcasts(x, y)]
    other = random.choice(fitting) if random.random() < 0.8 else constant(random, x)
    return random.choice(PAIRS)(*random.sample([x, other], 2))


def constant(random: Random, x: tf.Tensor) -> tf.Tensor:
    return tf.constant(random.choice((1.0, 2.0, 0.5, -1.0, 0.0)), x.dtype)


def broadcasts(x: tf.Tensor, y: tf.Tensor) -> bool:
    pairs = zip(reversed(shape_of(x)), reversed(shape_of(y)), strict=False)
    return all(m == n or 1 in (m, n) for m, n in pairs)


def product(random: Random, x: tf.Tensor, pool: list[tf.Tensor]) -> tf.Tensor | None:
    """A product of matrices, either transposed, with or without a batch."""
    if len(shape_of(x)) < 2:
        return None
    a, b = random.random() < 0.4, random.random() < 0.4
    inner = shape_of(x)[-2 if a else -1]
    outer = shape_of(x)[:-2]
    for y in random.sample(pool, len(pool)):
        shape = shape_of(y)
        if (
            len(shape) == len(shape_of(x))
            and shape[:-2] == outer
            and shape[-1 if b else -2] == inner
        ):
            return tf.matmul(x, y, transpose_a=a, transpose_b=b)
    return tf.matmul(x, x, transpose_b=True)


def reduction(random: Random, x: tf.Tensor, _pool: list[tf.Tensor]) -> tf.Tensor:
    rank = len(shape_of(x))
    axes = [None, *range(-rank, rank)] + ([list(range(rank))] if rank else [])
    axis = random.choice(axes)
    return random.choice(REDUCTIONS)(x, axis, keepdims=random.random() < 0.4)


def piece(random: Random, x: tf.Tensor, _pool: list[tf.Tensor]) -> tf.Tensor | None:
    """A slice: numbers, ranges with steps, new axes, an ellipsis."""
    shape = shape_of(x)
    if not shape:
        return x[tf.newaxis]
    index: list[Any] = []
    for size in shape:
        start, stop = (
            random.randint(0, size - 1),
            random.choice((None, size, -1 if size > 1 else 1)),
        )
        index.append(random.choice((
            random.randint(-size, size - 1), slice(None), slice(None, None, -1),
            slice(start, None), slice(None, stop), slice(None, None, 2),
        )))  # fmt: skip
    if random.random() < 0.3:
        index.insert(random.randint(0, len(index)), tf.newaxis)
    if random.random() < 0.3:
        index = [..., index[-1]]
    return x[tuple(index)]


def moved(random: Random, x: tf.Tensor, pool: list[tf.Tensor]) -> tf.Tensor | None:
    """The same cells in other places."""
    shape, rank = shape_of(x), len(shape_of(x))
    axis = random.randint(0, rank - 1) if rank else 0
    choices: list[Callable[[], tf.Tensor]] = [
        lambda: tf.reshape(x, [-1]),
        lambda: tf.reshape(x, [1, *shape]),
        lambda: tf.expand_dims(x, random.randint(-rank - 1, rank)),
        lambda: tf.stack([x, x * 2], axis=random.randint(0, rank)),
        lambda: tf.stack([x, random.choice([y for y in pool if shape_of(y) == shape])]),
    ]
    if rank:
        choices += [
            lambda: tf.transpose(x, random.sample(range(rank), rank)),
            lambda: tf.transpose(x),
            lambda: tf.squeeze(x),
            lambda: tf.concat([x, x], axis=axis),
            lambda: tf.tile(x, [random.randint(1, 2) for _ in shape]),
            lambda: tf.pad(x, [[random.randint(0, 1), random.randint(0, 1)] for _ in shape]),
            lambda: tf.gather(x, [random.randrange(shape[axis]) for _ in range(3)], axis=axis),
            lambda: tf.gather(x, random.randrange(shape[axis]), axis=axis),
            lambda: tf.reverse(x, [axis]),
            lambda: random.choice(tf.unstack(x, axis=axis)),
            lambda: tf.add_n(tf.unstack(x, axis=axis)),
            lambda: random.choice(tf.split(x, shape[axis], axis=axis)),
            lambda: tf.cumsum(x, axis=axis, exclusive=random.random() < 0.5),
        ]
    return random.choice(choices)()


def probability(random: Random, x: tf.Tensor, _pool: list[tf.Tensor]) -> tf.Tensor | None:
    """A softmax, its logarithm, or a cross-entropy."""
    shape = shape_of(x)
    if not shape:
        return None
    classes = shape[-1]
    labels = np.array([random.randrange(classes) for _ in range(math.prod(shape[:-1]))], np.int32)
    truth = tf.one_hot(np.reshape(labels, shape[:-1]), classes, dtype=x.dtype)
    choices: list[Callable[[], tf.Tensor]] = [
        lambda: tf.nn.softmax(x),
        lambda: tf.nn.log_softmax(x),
        lambda: tf.nn.softmax_cross_entropy_with_logits_v2(labels=truth, logits=x),
        lambda: tf.nn.sigmoid_cross_entropy_with_logits(labels=truth, logits=x),
        lambda: tf.reduce_logsumexp(x, axis=-1),
        lambda: tf.nn.moments(x, [0])[random.randint(0, 1)],
    ]
    if len(shape) == 2:
        sparse = tf.constant(np.reshape(labels, shape[:-1]))
        choices.append(
            lambda: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=sparse, logits=x)
        )
    return random.choice(choices)()


def choice(random: Random, x: tf.Tensor, pool: list[tf.Tensor]) -> tf.Tensor:
    """What a comparison chooses, elementwise or by its truth as a number."""
    alike = [y for y in pool if shape_of(y) == shape_of(x)]
    other = random.choice(alike)
    test = random.choice(COMPARISONS)(x, random.choice((other, tf.zeros_like(x))))
    if random.random() < 0.3:
        test = tf.logical_not(tf.logical_and(test, test))
    return random.choice((
        lambda: tf.where(test, x, other),
        lambda: tf.where(test, x, tf.zeros_like(x)),
        lambda: tf.cast(test, x.dtype) * x,
        lambda: tf.clip_by_value(x, -1.0, 1.0),
    ))()  # fmt: skip


def whole(random: Random, x: tf.Tensor, _pool: list[tf.Tensor]) -> tf.Tensor | None:
    """Integers in between, which cut the gradient off; and there and back between precisions."""
    shape = shape_of(x)
    choices: list[Callable[[], tf.Tensor]] = [
        lambda: tf.cast(tf.cast(x, tf.int32) * 2 + 1, x.dtype),
        lambda: tf.cast(tf.cast(x, tf.int64), x.dtype) * x,
        lambda: tf.cast(tf.cast(x, tf.bool), x.dtype),
        lambda: tf.cast(tf.square(tf.cast(x, tf.float64)), x.dtype),
        lambda: tf.cast(tf.size(x), x.dtype) * x,
    ]
    if shape:
        choices += [
            lambda: tf.one_hot(tf.argmax(x, -1), shape[-1], dtype=x.dtype) * x,
            lambda: tf.reduce_sum(x) / tf.cast(tf.shape(x)[0], x.dtype),
        ]
    return random.choice(choices)()


STEPS: tuple[Step, ...] = (
    function, function, pair, pair, pair, product, product, reduction, piece, moved, moved,
    probability, choice, whole,
)  # fmt: skip


def grown(random: Random, pool: list[tf.Tensor], count: int, most: int = 40) -> list[tf.Tensor]:
    """The tensors, and operations on them whose results are not large."""
    for _ in range(count):
        recent = [x for x in pool[-4:] if x.dtype.is_floating]
        found = random.choice(STEPS)(random, random.choice(recent), alike(pool, recent[-1]))
        if found is not None and math.prod(shape_of(found)) <= most and found.dtype.is_floating:
            pool.append(found)
    return pool


def alike(pool: list[tf.Tensor], x: tf.Tensor) -> list[tf.Tensor]:
    return [y for y in pool if y.dtype == x.dtype]


def leaves(random: Random, dtype: Any) -> tuple[list[tf.Tensor], dict[tf.Tensor, np.ndarray]]:
    """Variables and placeholders of shapes that may meet."""
    found, feed = [], {}
    for k in range(random.randint(1, 3)):
        value = array(random, random.choice(SHAPES), dtype)
        if random.random() < 0.7:
            found.append(tf.Variable(value, name="xyz"[k]))
        else:
            known = random.random() < 0.7
            x = tf.placeholder(dtype, value.shape if known else None, name="xyz"[k])
            if not known:
                x.set_shape(value.shape)
            feed[x] = value
            found.append(x)
    return found, feed


# Kinds --------------------------------------------------------------------------------------


def anything(random: Random) -> Question:
    """Operations of every kind, of one precision."""
    dtype = random.choice((np.float32, np.float32, np.float64))
    xs, feed = leaves(random, dtype)
    pool = grown(random, [tf.convert_to_tensor(x) for x in xs], random.randint(2, 9))
    options: dict[str, Any] = {"feed_dict": feed}
    ys = [pool[-1]]
    if len(pool) > len(xs) + 2 and random.random() < 0.3:
        ys.append(random.choice(pool[len(xs) : -1]))
        if random.random() < 0.5:
            options["grad_ys"] = [array(random, shape_of(y), dtype) for y in ys]
    return ys, xs, options


def unusual(random: Random) -> Question:
    """Operations that few lessons need, after one another and among others."""
    dtype = random.choice((np.float32, np.float64))
    shape = random.choice(((), (3,), (2, 2), (2, 2), (3, 3), (2, 3)))
    x = tf.Variable(array(random, shape, dtype), name="x")
    pool = [tf.convert_to_tensor(x)]
    for _ in range(random.randint(1, 4)):
        step = random.choice((seldom, seldom, seldom, function))
        found = step(random, random.choice(pool[-2:]), pool)
        if found is not None and found.dtype.is_floating and None not in shape_of(found):
            pool.append(found)
    return pool[-1], [x], {}


def image(random: Random) -> Question:
    """A convolution, a bias, an activation, a pooling."""
    size, channels = random.randint(3, 4), random.randint(1, 2)
    x = tf.Variable(array(random, (random.randint(1, 2), size, size, 1)), name="x")
    w = tf.Variable(array(random, (2, random.randint(1, 3), 1, channels)), name="w")
    b = tf.Variable(array(random, (channels,)), name="b")
    stride, padding = random.randint(1, 2), random.choice(("SAME", "VALID"))
    y = tf.nn.conv2d(x, w, [1, stride, stride, 1], padding)
    y = random.choice((tf.nn.relu, tf.tanh, tf.identity))(tf.nn.bias_add(y, b))
    if random.random() < 0.7:
        pool = random.choice((tf.nn.max_pool, tf.nn.avg_pool))
        y = pool(y, [1, 2, 2, 1], [1, random.randint(1, 2), 1, 1], random.choice(("SAME",)))
    return tf.reduce_sum(tf.square(y), name="L"), [x, w, b], {}


def parts(random: Random) -> Question:
    """Operations of several results, some of which nobody reads."""
    rows, columns = random.randint(2, 3), random.randint(2, 3)
    x = tf.Variable(array(random, (rows, columns)), name="x")
    made: list[tf.Tensor] = random.choice((
        lambda: tf.unstack(x, axis=random.randint(0, 1)),
        lambda: tf.split(x, columns, axis=1),
        lambda: tf.split(x, [1, columns - 1], axis=1),
        lambda: list(tf.nn.moments(x, [0])),
        lambda: list(tf.nn.top_k(x, 2)),
        lambda: tf.unstack(tf.tanh(x)),
    ))()  # fmt: skip
    chosen = [z for z in made if z.dtype.is_floating]
    first = random.choice(chosen)
    y = tf.reduce_sum(tf.square(first))
    for z in random.sample(chosen, random.randint(0, len(chosen))):
        y = y + tf.reduce_sum(random.choice((tf.sin, tf.exp, tf.identity))(z))
    ys = [y, random.choice(chosen)] if random.random() < 0.3 else [y]
    return ys, [x], {}


@tf.RegisterGradient("TwiceAsMuch")
def twice(op, dz):
    return dz * 2.0


@tf.RegisterGradient("Clipped")
def clipped(op, dz):
    return tf.clip_by_value(dz, -0.5, 0.5)


@tf.RegisterGradient("Reversed in the page")
def negated(op, dz):
    return -dz * op.inputs[0]


tf.NotDifferentiable("NoWayThrough")


@tf.custom_gradient
def careful(x):
    e = tf.exp(x)

    def grad(dz):
        return dz * (1.0 - 1.0 / (1.0 + e))

    return tf.log(1.0 + e), grad


@tf.custom_gradient
def both(x, y):
    def grad(da, db):
        return da * y + db, da * x - db

    return [x * y, x - y], grad


def own_rules(random: Random) -> Question:
    """Rules that a learner wrote: registered under another name, or with the function."""
    xs, feed = leaves(random, np.float32)
    x = tf.convert_to_tensor(random.choice(xs))
    names = ("TwiceAsMuch", "Clipped", "Reversed in the page", "NoWayThrough")
    with tf.get_default_graph().gradient_override_map({"Identity": random.choice(names)}):
        passed = tf.identity(x, name="passed")
    p, q = both(x, passed)
    made = [passed, careful(x), p, q]
    y = random.choice(made)
    for z in random.sample(made, random.randint(1, 3)):
        y = random.choice((tf.add, tf.multiply))(y, z)
    y = random.choice((tf.sin, tf.identity, tf.reduce_sum))(y)
    return y, xs, {"feed_dict": feed}


def second(random: Random) -> Question:
    """The derivative of a derivative."""
    xs = [tf.Variable(array(random, random.choice(((), (2,), (2, 2)))), name="x")]
    y = tf.convert_to_tensor(xs[0])
    for _ in range(random.randint(1, 3)):
        y = random.choice((tf.sin, tf.square, tf.exp, tf.sigmoid, tf.tanh))(y)
        y = random.choice((tf.multiply, tf.add))(y, xs[0])
    [dx] = tf.gradients(y, xs)
    return tf.reduce_sum(dx) if random.random() < 0.5 else dx, xs, {}


def network(random: Random) -> Question:
    """A layer or two, and a loss."""
    rows, width, classes = random.randint(1, 4), random.randint(1, 3), random.randint(2, 3)
    dtype = random.choice((np.float32, np.float64))
    x = tf.placeholder(dtype, [None, width], name="X")
    w = tf.Variable(array(random, (width, classes), dtype), name="W")
    b = tf.Variable(array(random, (classes,), dtype), name="b")
    z = random.choice((tf.identity, tf.tanh, tf.nn.relu))(tf.matmul(x, w) + b)
    labels = np.array([random.randrange(classes) for _ in range(rows)])
    truth = np.eye(classes, dtype=dtype)[labels]
    loss = random.choice((
        lambda: tf.nn.softmax_cross_entropy_with_logits_v2(labels=truth, logits=z),
        lambda: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=z),
        lambda: -tf.reduce_sum(truth * tf.log(tf.nn.softmax(z)), axis=1),
        lambda: tf.square(z - truth),
    ))()  # fmt: skip
    return (
        tf.reduce_mean(loss, name="loss"),
        [w, b, x],
        {"feed_dict": {x: array(random, (rows, width), dtype)}},
    )


def branches(random: Random) -> Question:
    """A `cond`, inside of another or not."""
    x, y = (tf.Variable(float(random.randint(-2, 2)), name=name) for name in "xy")
    inner = random.random() < 0.4

    def larger():
        if inner:
            return tf.cond(x > 1.0, lambda: tf.square(x) * y, lambda: tf.sin(y))
        return x * y

    z = tf.cond(x > y, larger, lambda: tf.exp(x) + 1.0, name="z")
    return tf.add(tf.multiply(z, x), tf.square(y), name="f"), [x, y], {}


KINDS: tuple[Callable[[Random], Question], ...] = (
    anything, anything, special, unusual, network, image, parts, own_rules, second, branches,
)  # fmt: skip


def kind_of(seed: int) -> str:
    return KINDS[seed % len(KINDS)].__name__


def question(seed: int) -> Question:
    """The graph of a number, in the graph that is the default one."""
    return KINDS[seed % len(KINDS)](Random(seed))
