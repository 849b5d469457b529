"""Chains of sines: what an operation costs to build, differentiate, plan and run, at any length."""

import gc
import time
import timeit
import tracemalloc

import numpy as np
import pytest

import nbgrad as tf

LENGTH = 10_000
X = 0.5


def numpy_by_hand():
    def step():
        values = [np.float32(X)]
        for _ in range(LENGTH):
            values.append(np.sin(values[-1]))
        dz = np.float32(1)
        for x in reversed(values[:-1]):
            dz = dz * np.cos(x)
        return values[-1], dz

    return step


def written_in(tf, length):
    """The chain in TensorFlow's words: a session, what to fetch, and what to feed."""
    with tf.Graph().as_default() as graph:
        x = z = tf.placeholder(tf.float32, [])
        for _ in range(length):
            z = tf.sin(z)
        return tf.Session(graph=graph), [z, *tf.gradients(z, x)], x


def session_run():
    session, fetches, x = written_in(tf, LENGTH)
    return lambda: session.run(fetches, {x: X})


def pytorch():
    torch = pytest.importorskip("torch")

    def step():
        x = z = torch.tensor(X, requires_grad=True)
        for _ in range(LENGTH):
            z = torch.sin(z)
        return z.detach(), *torch.autograd.grad(z, x)

    return step


def autograd():
    np = pytest.importorskip("autograd.numpy")
    differentiation = pytest.importorskip("autograd.differential_operators")

    def chain(z):
        for _ in range(LENGTH):
            z = np.sin(z)
        return z

    both = differentiation.value_and_grad(chain)
    return lambda: both(X)


def tensorflow():
    v1 = pytest.importorskip("tensorflow").compat.v1
    session, fetches, x = written_in(v1, LENGTH)
    return lambda: session.run(fetches, {x: X})


@pytest.mark.parametrize("contender", [numpy_by_hand, session_run, pytorch, autograd, tensorflow])
def test_a_repeated_run(measure, contender):
    measure("10,000 sines with their gradient, repeated", contender, numpy_by_hand, rounds=5)


def phases(tf, length):
    """The seconds of the processor that each phase of a chain's life takes."""
    gc.collect()
    times = [time.process_time()]
    with tf.Graph().as_default() as graph:
        x = z = tf.placeholder(tf.float32, [])
        for _ in range(length):
            z = tf.sin(z)
        times.append(time.process_time())
        (dx,) = tf.gradients(z, x)
        times.append(time.process_time())
        session = tf.Session(graph=graph)
    session.run([z, dx], {x: X})
    times.append(time.process_time())
    built, differentiated, ran = np.diff(times)
    return {"build": built, "differentiate": differentiated, "first run": ran}


@pytest.mark.parametrize("length", [LENGTH, 10 * LENGTH])
def test_building_and_first_run_grow_with_the_length(table, length):
    measured = [phases(tf, length) for _ in range(3)]
    for phase in measured[0]:
        best = min(each[phase] for each in measured)
        table.add(f"sines: {phase}", f"nbgrad {length:,}", best)


def test_what_an_operation_costs_to_build_and_differentiate(table):
    number, workload = np.float32(X), "an operation, built and differentiated"
    once = min(timeit.repeat(lambda: np.sin(number), number=1000, repeat=20)) / 1000
    table.add(workload, "numpy: a sine of a number", once)
    for length in (LENGTH // 10, LENGTH):
        measured = [phases(tf, length) for _ in range(5)]
        best = min(each["build"] + each["differentiate"] for each in measured)
        table.add(workload, f"nbgrad, one of {length:,} sines", best / length)


def test_tensorflow_builds_the_chain_too(table):
    v1 = pytest.importorskip("tensorflow").compat.v1
    for phase, seconds in phases(v1, LENGTH).items():
        table.add(f"sines: {phase}", f"tensorflow {LENGTH:,}", seconds)


def test_memory_of_an_operation(table):
    count = 10_000
    gc.collect()
    tracemalloc.start()
    with tf.Graph().as_default() as graph:
        z = tf.placeholder(tf.float32, [])
        for _ in range(count):
            z = tf.sin(z)
        table.add("memory", "an operation in a graph", traced() / count, "B")
        session = tf.Session(graph=graph)
    before = traced()
    session.run(z, {graph.get_operations()[0].outputs[0]: X})
    table.add("memory", "an operation in a plan", (traced() - before) / count, "B")
    tracemalloc.stop()


def traced():
    gc.collect()
    return tracemalloc.get_traced_memory()[0]
