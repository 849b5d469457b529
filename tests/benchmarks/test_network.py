"""A 64→64→10 network on a batch of 64, with the gradients of its four parameters."""

import numpy as np
import pytest

import nbgrad as tf

random = np.random.default_rng(0)
X = random.normal(size=(64, 64)).astype(np.float32)
T = np.eye(10, dtype=np.float32)[random.integers(0, 10, 64)]
W1 = (random.normal(size=(64, 64)) / 8).astype(np.float32)
B1 = np.zeros(64, np.float32)
W2 = (random.normal(size=(64, 10)) / 8).astype(np.float32)
B2 = np.zeros(10, np.float32)
PARAMETERS = (W1, B1, W2, B2)


def numpy_by_hand():
    def step():
        a = X @ W1 + B1
        h = np.maximum(a, 0)
        logits = h @ W2 + B2
        logits -= logits.max(1, keepdims=True)
        e = np.exp(logits)
        total = e.sum(1, keepdims=True)
        loss = ((np.log(total) - logits) * T).sum(1).mean()
        d_logits = (e / total - T) / np.float32(64)
        d_w2, d_b2 = h.T @ d_logits, d_logits.sum(0)
        d_a = (d_logits @ W2.T) * (a > 0)
        return loss, X.T @ d_a, d_a.sum(0), d_w2, d_b2

    return step


def written_in(tf, batch=64):
    """The step in TensorFlow's words: a session, what to fetch, and what to feed."""
    with tf.Graph().as_default() as graph:
        x, t = tf.placeholder(tf.float32, [batch, 64]), tf.placeholder(tf.float32, [batch, 10])
        w1, b1, w2, b2 = parameters = [tf.Variable(value) for value in PARAMETERS]
        h = tf.nn.relu(tf.matmul(x, w1) + b1)
        logits = tf.matmul(h, w2) + b2
        losses = tf.nn.softmax_cross_entropy_with_logits_v2(labels=t, logits=logits)
        loss = tf.reduce_mean(losses)
        fetches = [loss, *tf.gradients(loss, parameters)]
        session = tf.Session(graph=graph)
        session.run(tf.global_variables_initializer())
    return session, fetches, [x, t]


def session_run():
    session, fetches, (x, t) = written_in(tf)
    return lambda: session.run(fetches, {x: X, t: T})


def make_callable():
    session, fetches, feeds = written_in(tf)
    step = session.make_callable(fetches, feeds)
    return lambda: step(X, T)


def plan_alone():
    """What `make_callable` runs, without what it does for feeds and fetches."""
    session, fetches, feeds = written_in(tf)
    plan = session.plan(fetches, feeds)
    return lambda: plan.run(session._variables, session._generators, X, T)


def session_run_of_any_batch():
    session, fetches, (x, t) = written_in(tf, batch=None)
    return lambda: session.run(fetches, {x: X, t: T})


def pytorch():
    torch = pytest.importorskip("torch")
    x, t = torch.from_numpy(X), torch.from_numpy(T)
    parameters = [torch.tensor(value, requires_grad=True) for value in PARAMETERS]
    w1, b1, w2, b2 = parameters

    def step():
        logits = torch.relu(x @ w1 + b1) @ w2 + b2
        loss = torch.nn.functional.cross_entropy(logits, t)
        return loss.detach(), *torch.autograd.grad(loss, parameters)

    return step


def jax_jit():
    jax = pytest.importorskip("jax")
    jnp = jax.numpy

    def loss_of(parameters):
        w1, b1, w2, b2 = parameters
        logits = jax.nn.relu(X @ w1 + b1) @ w2 + b2
        return -jnp.mean(jnp.sum(T * jax.nn.log_softmax(logits), 1))

    both = jax.jit(jax.value_and_grad(loss_of))

    def step():
        loss, gradients = both(PARAMETERS)
        return loss, *jax.block_until_ready(gradients)

    return step


def autograd():
    np = pytest.importorskip("autograd.numpy")
    differentiation = pytest.importorskip("autograd.differential_operators")

    def loss_of(parameters):
        w1, b1, w2, b2 = parameters
        logits = np.dot(np.maximum(np.dot(X, w1) + b1, 0), w2) + b2
        logits = logits - np.max(logits, 1, keepdims=True)
        log_p = logits - np.log(np.sum(np.exp(logits), 1, keepdims=True))
        return -np.mean(np.sum(T * log_p, 1))

    both = differentiation.value_and_grad(loss_of)

    def step():
        loss, gradients = both(PARAMETERS)
        return loss, *gradients

    return step


def tensorflow():
    v1 = pytest.importorskip("tensorflow").compat.v1
    session, fetches, (x, t) = written_in(v1)
    return lambda: session.run(fetches, {x: X, t: T})


@pytest.mark.parametrize(
    "contender",
    [
        *(numpy_by_hand, session_run, make_callable, plan_alone, session_run_of_any_batch),
        *(pytorch, jax_jit, autograd, tensorflow),
    ],
)
def test_a_network_step(measure, contender):
    measure("network 64→64→10, batch 64, with four gradients", contender, numpy_by_hand)
