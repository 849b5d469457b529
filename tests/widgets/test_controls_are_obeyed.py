"""What an explorer shows is what `tf.gradients` gives for every control, not for one of them."""

import itertools

import pytest

import nbgrad as tf

NAMES = ("p", "q", "r")
STOPS = [stops for size in range(4) for stops in itertools.permutations(NAMES, size)]
VALUES = {"x": 1.5, "y": -2.0}
WEIGHTS = {"f": 0.5, "g": 3.0}


@pytest.fixture
def asked():
    """f = x²y + r and g = x² + r, with r = y + 2: two inputs, two seeds, three stops."""
    with tf.Graph().as_default() as graph:
        x, y = tf.Variable(3.0, name="x"), tf.Variable(4.0, name="y")
        p, r = tf.multiply(x, x, name="p"), tf.add(y, 2.0, name="r")
        f = tf.add(tf.multiply(p, y, name="q"), r, name="f")
        yield graph, [f, tf.add(p, r, name="g")], [x, y]


def gradients(graph, ys, xs, values, seeds, stops):
    tensors = [graph.get_tensor_by_name(f"{name}:0") for name in stops]
    found = tf.gradients(ys, xs, [*seeds.values()], stop_gradients=tensors)
    with tf.Session() as session:
        feed = {graph.get_tensor_by_name(f"{name}:0"): value for name, value in values.items()}
        return [None if dx is None else session.run(dx, feed) for dx in found]


def shown(explorer):
    nodes = (explorer.trace.node(x).adjoint.value for x in explorer.trace.xs)
    return [None if value is None else value.array for value in nodes]


def move(explorer):
    for name, value in VALUES.items():
        explorer.value[name] = value
    for name, value in WEIGHTS.items():
        explorer.seed(name, value)


@pytest.mark.parametrize("stops", STOPS, ids="-".join)
@pytest.mark.parametrize("way", ["one by one", "at once", "from the start", "by the page"])
def test_every_stop_counts_together_with_every_input_and_seed(asked, stops, way):
    graph, ys, xs = asked
    given = [graph.get_tensor_by_name(f"{name}:0") for name in stops]
    explorer = tf.explore(ys, xs, stop_gradients=given if way == "from the start" else None)
    move(explorer)
    if way == "one by one":
        for tensor in given:
            explorer.stop(tensor)
    elif way == "at once":
        explorer.stop(given)
    elif way == "by the page":
        explorer.stopped = [explorer.trace.node(name).id for name in stops]
    assert shown(explorer) == gradients(*asked, VALUES, WEIGHTS, stops)
    assert {node.label for node in explorer.trace.nodes if node.stopped} == {*stops}
    assert all(name in explorer.code.partition("stop_gradients=")[2] for name in stops)


def test_one_explorer_obeys_every_set_of_stops_after_every_other(asked):
    _, ys, xs = asked
    expected = {stops: gradients(*asked, VALUES, WEIGHTS, stops) for stops in STOPS}
    explorer = tf.explore(ys, xs)
    move(explorer)
    for stops in [*STOPS, *STOPS[::-1]]:
        explorer.stopped = [explorer.trace.node(name).id for name in stops]
        assert shown(explorer) == expected[stops]
