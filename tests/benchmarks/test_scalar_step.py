"""x² + x·y + 3 with both derivatives: what a step costs where the mathematics costs nothing."""

import functools

import numpy as np
import pytest

import nbgrad as tf

X, Y = 3.0, 2.0


def numpy_by_hand():
    x, y = np.float32(X), np.float32(Y)

    def step():
        z = x * x + x * y + 3
        return z, 2 * x + y, x

    return step


def written_in(tf, **options):
    """The step in TensorFlow's words: what to fetch, and what to feed."""
    x, y = tf.placeholder(tf.float32, **options), tf.placeholder(tf.float32, **options)
    z = x * x + x * y + 3
    return [z, *tf.gradients(z, [x, y])], [x, y]


def session_run():
    with tf.Graph().as_default() as graph:
        fetches, (x, y) = written_in(tf, shape=[])
    session = tf.Session(graph=graph)
    return lambda: session.run(fetches, {x: X, y: Y})


def make_callable():
    with tf.Graph().as_default() as graph:
        fetches, feeds = written_in(tf, shape=[])
    step = tf.Session(graph=graph).make_callable(fetches, feeds)
    return functools.partial(step, X, Y)


def plan_alone():
    """What `make_callable` runs, without what it does for feeds and fetches."""
    with tf.Graph().as_default() as graph:
        fetches, feeds = written_in(tf, shape=[])
    plan = tf.Session(graph=graph).plan(fetches, feeds)
    return functools.partial(plan.run, {}, {}, np.float32(X), np.float32(Y))


def make_callable_of_unknown_shapes():
    with tf.Graph().as_default() as graph:
        fetches, feeds = written_in(tf)
    step = tf.Session(graph=graph).make_callable(fetches, feeds)
    return functools.partial(step, X, Y)


def micrograd():
    engine = pytest.importorskip("micrograd.engine")

    def step():
        x, y = engine.Value(X), engine.Value(Y)
        z = x * x + x * y + 3
        z.backward()
        return z.data, x.grad, y.grad

    return step


def pytorch():
    torch = pytest.importorskip("torch")

    def step():
        x, y = torch.tensor(X, requires_grad=True), torch.tensor(Y, requires_grad=True)
        z = x * x + x * y + 3
        return [number.detach() for number in (z, *torch.autograd.grad(z, (x, y)))]

    return step


def jax_jit():
    jax = pytest.importorskip("jax")
    both = jax.jit(jax.value_and_grad(lambda x, y: x * x + x * y + 3, (0, 1)))

    def step():
        z, (dx, dy) = both(X, Y)
        return z, dx, dy.block_until_ready()

    return step


def autograd():
    differentiation = pytest.importorskip("autograd.differential_operators")
    both = differentiation.value_and_grad(lambda xy: xy[0] * xy[0] + xy[0] * xy[1] + 3)

    def step():
        z, (dx, dy) = both((X, Y))
        return z, dx, dy

    return step


def tensorflow():
    v1 = pytest.importorskip("tensorflow").compat.v1
    with v1.Graph().as_default() as graph:
        fetches, (x, y) = written_in(v1, shape=[])
    session = v1.Session(graph=graph)
    return lambda: session.run(fetches, {x: X, y: Y})


@pytest.mark.parametrize(
    "contender",
    [
        *(numpy_by_hand, session_run, make_callable),
        *(plan_alone, make_callable_of_unknown_shapes),
        *(micrograd, pytorch, jax_jit, autograd, tensorflow),
    ],
)
def test_a_scalar_step(measure, contender):
    measure("x² + x·y + 3 with two gradients", contender, numpy_by_hand)
