"""An explorer holds what it shows, sends what has entries, and is gone once it is closed."""

import gc
import json
import weakref

import numpy as np

import nbgrad as tf
from nbgrad.widgets.model import RECORDERS_KEPT


def test_an_array_without_entries_is_shared_once_and_as_an_array():
    image = tf.placeholder(tf.float32, [64, 64], name="image")
    explorer = tf.explore(tf.reduce_sum(image * image), image)
    assert explorer.inputs == explorer.arrays == {}
    explorer.value[image] = np.full([64, 64], 2.0)
    assert [*explorer.arrays] == ["image"]
    assert explorer.trace.node("image").value.array.sum() == 2 * 64 * 64
    assert (explorer.value[image] == 2).all()


def test_an_array_read_from_an_explorer_is_the_readers():
    image = tf.placeholder(tf.float32, [10, 10], name="image")
    explorer = tf.explore(tf.reduce_sum(image), image)
    explorer.value[image][:] = 5
    assert (explorer.value[image] == 1).all()


def test_an_explorer_holds_the_arrays_of_one_trace():
    image = tf.placeholder(tf.float32, [64, 64], name="image")
    scale = tf.Variable(1.0, name="scale")
    explorer = tf.explore(tf.reduce_sum(image * image) * scale, [image, scale])
    first = weakref.ref(explorer.trace.node("image").value)
    explorer.value[scale] = 2.0
    gc.collect()
    assert first() is None


def test_an_array_that_is_too_large_stays_in_python_and_no_graph_grows_with_the_moves():
    image = tf.placeholder(tf.float32, [1200, 1200], name="image")
    scale = tf.Variable(1.0, name="scale")
    explorer = tf.explore(tf.reduce_sum(image) * scale, [image, scale])
    assert explorer.message == "The inputs are too large for the page: each move asks Python."
    assert len(json.dumps([explorer.answer, explorer.views])) < 100_000
    graph = tf.get_default_graph()
    before = len(graph.get_operations()), len(image.consumers())
    for move in range(5):
        explorer.value[scale] = float(move)
        explorer.stop(scale, on=bool(move % 2))
        explorer.set_state({"inputs": {"scale": [move + 0.5]}})
    assert (len(graph.get_operations()), len(image.consumers())) == before


def test_only_some_sets_of_stops_keep_their_reverse_pass():
    x = tf.Variable(1.0, name="x")
    y = x
    for _ in range(6):
        y = tf.sin(y)
    explorer = tf.explore(y, x, open="all")
    labels = [node.label for node in explorer.trace.nodes]
    for number in range(2 * RECORDERS_KEPT):
        explorer.stopped = []
        explorer.stop([label for i, label in enumerate(labels) if number >> i & 1])
        assert explorer.trace
    assert len(explorer._model._recorders) == RECORDERS_KEPT
    assert explorer.message == ""


def test_a_closed_explorer_leaves_memory():
    graph = tf.Graph()
    with graph.as_default():
        x = tf.Variable(1.0, name="x")
        explorer = tf.explore(x * x)
    alive = weakref.ref(explorer), weakref.ref(explorer._model), weakref.ref(explorer.drawing)
    explorer.close()
    del explorer
    gc.collect()
    assert [each() for each in alive] == [None, None, None]


def test_reverse_passes_of_closed_explorers_leave_the_graph():
    x = tf.Variable(1.0, name="x")
    y = x * x

    def consumers():
        explorer = tf.explore(y, x)
        explorer.stop(x)
        explorer.close()
        del explorer
        gc.collect()
        return len(y.consumers()), len(tf.get_default_graph().get_operations())

    assert consumers() == consumers()
