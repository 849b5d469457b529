"""A slider's move: the trace for new numbers, its picture, and the patch from the last one."""

import pytest

import nbgrad as tf
from nbgrad.render.drawing import Drawing
from nbgrad.render.picture import difference
from nbgrad.tracing.record import Recorder


def recorder(count):
    """A recorder of a graph of about `count` nodes, and the input that moves."""
    with tf.Graph().as_default():
        x = z = tf.placeholder(tf.float32, [], name="x")
        for _ in range(count // 2):
            z = tf.sin(z) + x
    return Recorder(z, x), x


@pytest.mark.parametrize("count", [50, 300])
def test_a_move(benchmark, table, count):
    recording, x = recorder(count)
    drawing = Drawing.of(recording.record({x: 0.0}))
    values = iter(range(1, 10**9))

    def trace():
        return recording.record({x: next(values) / 1000})

    def patch():
        nonlocal drawing
        before, drawing = drawing, drawing.repainted(trace())
        return difference(before.picture, drawing.picture)

    assert patch()
    benchmark(patch)
    table.add("a slider's move", f"{count} nodes", benchmark.stats.stats.min)
