"""The code line gives every number on the screen, and is the same in the page as in Python."""

import json
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path
from random import Random
from types import SimpleNamespace

import numpy as np
import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "picture"))

import generated  # noqa: E402
import named  # noqa: E402

import nbgrad as tf  # noqa: E402
from nbgrad.widgets.code_line import CodeWriter, code_and_result, code_line  # noqa: E402
from nbgrad.widgets.entries import MOST_CELLS  # noqa: E402
from nbgrad.widgets.model import Model  # noqa: E402


class Case:
    """A graph in an explorer, moved, with some of its tensors called by name in Python."""

    def __init__(self, question, random, moved=True):
        with tf.Graph().as_default() as self.graph, np.errstate(all="ignore"):
            ys, xs, options = question()
            options = {"grad_ys": None, "feed_dict": None, "session": None, **options}
            stops = options.pop("stop_gradients", [])
            model = Model(ys, xs, **options)
            self.stopped = model.ids([stop for stop in stops if stop in model.labels])
            inputs, seeds = model.inputs, model.seeds
            if moved:
                inputs = {key: moved_array(random, value) for key, value in inputs.items()}
                seeds = {key: moved_array(random, value) for key, value in seeds.items()}
            self.trace = model.trace(inputs, seeds, frozenset(self.stopped))
            self.variables = {"tf": tf, "graph": self.graph, **variables_of(model, random)}
            # As a page has it, which is told of the call before anything moves.
            self.call = CodeWriter(model, self.variables).call(model.inputs, model.seeds)

    def run(self):
        """What the line gives, pasted where no graph is the default one but the first."""
        code, _ = code_and_result(self.call, self.trace, self.stopped)
        shown = SimpleNamespace(trace=self.trace)
        with np.errstate(all="ignore"):
            return code, eval(code, {**self.variables, "_": shown})


def moved_array(random, value):
    """Other numbers in some arrays."""
    if random.random() < 0.5 or value.dtype.kind != "f" or value.size > MOST_CELLS:
        return value
    return (value * value.dtype.type(random.choice((-0.1, 3, 1 / 3)))).astype(value.dtype)


def variables_of(model, random):
    """Python variables for about half of the tensors, as a notebook has them."""
    labels = {label: tensor for tensor, label in model.labels.items() if label.isidentifier()}
    return {label: tensor for label, tensor in labels.items() if random.random() < 0.5}


def cases():
    for name, build in named.NAMED.items():
        yield name, Case(build, Random(name), moved=False)
    for n in range(generated.HOW_MANY):
        yield f"graph {n}", Case(partial(generated.question, n), Random(n))


@pytest.fixture(scope="module")
def found():
    return dict(cases())


def test_the_line_gives_every_adjoint_to_the_last_bit(found):
    for name, case in found.items():
        code, results = case.run()
        xs = map(case.trace.node, case.trace.xs)
        values = [x.adjoint.value for x in xs if x.adjoint.value is not None]
        if not values:
            assert results == [None] * len(case.trace.xs), name
            continue
        for result, value in zip(results, values, strict=True):
            assert np.asarray(result).dtype == value.array.dtype, (name, code)
            np.testing.assert_array_equal(result, value.array, f"{name}: {code}")


def test_the_line_of_the_page_is_the_same(found, missing, tmp_path):
    node = shutil.which("node")
    if not node:
        missing("there is no Node to test the page's modules with: apt-get install nodejs")
    given = [
        {"call": case.call.to_dict(), "trace": case.trace.to_dict(), "stopped": case.stopped}
        for case in found.values()
    ]
    asked, answered = tmp_path / "asked.json", tmp_path / "answered.json"
    asked.write_text(json.dumps(given))
    command = [node, str(HERE / "code_lines.js"), str(asked), str(answered)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert not done.returncode, done.stdout + done.stderr
    lines = json.loads(answered.read_text())
    for (name, case), line in zip(found.items(), lines, strict=True):
        assert line == code_line(case.call, case.trace, case.stopped), name


CELL = """
import nbgrad as tf, numpy as np
tf.reset_default_graph()
pixels = np.arange(120, dtype=np.float32).reshape(12, 10) / 60
images = tf.placeholder(tf.float32, [None, 10])
w = tf.Variable(np.linspace(-1, 1, 50).reshape(10, 5), dtype=tf.float32)
layers = {"w": w, "b": tf.Variable(tf.zeros([5]))}
del w
noise = tf.random_normal([12, 5])
h = tf.tanh(tf.matmul(images, layers["w"]) + layers["b"] + noise)
loss = tf.reduce_mean(tf.square(h))
explorer = tf.explore(loss, [*layers.values()], feed_dict={images: pixels}, stop_gradients=[noise])
"""


def test_it_runs_in_the_next_cell_of_a_notebook():
    variables = {"__name__": "__main__"}
    exec(compile(CELL, "<cell 1>", "exec"), variables)
    explorer = variables["explorer"]
    assert explorer.code.startswith(
        'tf.Session().run(tf.gradients(loss, [layers["w"], layers["b"]]'
    )
    results = eval(compile(explorer.code, "<cell 2>", "eval"), variables)
    for result, x in zip(results, explorer.trace.xs, strict=True):
        np.testing.assert_array_equal(result, explorer.trace.node(x).adjoint.value.array)


def test_until_an_explorer_has_a_name_it_is_the_last_output():
    variables = {"__name__": "__main__"}
    exec(compile(CELL, "<cell 1>", "exec"), variables)
    texts = [same for *_, same in variables["explorer"].call["fed"]]
    assert any(same and same.startswith("_.trace.node(") for same in texts)


# One thing at a time ----------------------------------------------------------------------------


def line_of(
    ys, xs, variables, *, session=None, feed_dict=None, stopped=(), inputs=None, seeds=None
):
    model = Model(ys, xs, None, feed_dict, session)
    inputs, seeds = {**model.inputs, **(inputs or {})}, {**model.seeds, **(seeds or {})}
    stops = model.ids(list(stopped))
    trace = model.trace(inputs, seeds, frozenset(stops))
    return code_line(CodeWriter(model, variables).call(inputs, seeds), trace, stops)


@pytest.fixture
def notebook():
    """A cell's variables: f = x · y, in a graph that has a name."""
    with tf.Graph().as_default() as graph:
        x, y = tf.Variable(3.0, name="x"), tf.placeholder(tf.float32, [], name="y")
        yield {"tf": tf, "g": graph, "x": x, "y": y, "f": tf.multiply(x, y, name="f")}


def test_inputs_seeds_and_stops_are_in_the_line(notebook):
    f, x, y = (notebook[name] for name in "fxy")
    b = notebook["b"] = tf.multiply(f, x, name="b")
    given = {"feed_dict": {y: 2.0}, "stopped": [f], "seeds": {"b": np.float32(2)}}
    assert line_of(b, [x], notebook, **given) == (
        "tf.Session(graph=g).run(tf.gradients(b, [x], grad_ys=[2.0], stop_gradients=[f]), "
        "{x: 3.0, y: 2.0})  # → [12.0]"
    )


def test_in_the_default_graph_nothing_is_said_of_graphs():
    tf.reset_default_graph()
    x = tf.Variable(3.0, dtype=tf.float64, name="x")
    y = tf.square(x, name="y")
    assert line_of(y, [x], {"tf": tf, "x": x, "y": y}, seeds={"y": np.float64(2)}) == (
        "tf.Session().run(tf.gradients(y, [x], grad_ys=[tf.constant(2.0, tf.float64)]), "
        "{x: 3.0})  # → [12.0]"
    )


def test_nbgrad_is_called_as_it_was_imported(notebook):
    f, x, y = (notebook[name] for name in "fxy")
    other = {"ng": notebook.pop("tf"), **notebook}
    assert line_of(f, [x], other, feed_dict={y: 2.0}).startswith("ng.Session(graph=g).run(ng.grad")
    del other["ng"]
    assert line_of(f, [x], other, feed_dict={y: 2.0}).startswith("nbgrad.Session(graph=g)")


def test_a_tensor_without_a_variable_is_found_by_its_name(notebook):
    f, x, y = (notebook[name] for name in "fxy")
    del notebook["x"], notebook["f"]
    assert line_of(f, [x], notebook, feed_dict={y: 2.0}) == (
        'tf.Session(graph=g).run(tf.gradients(g.get_tensor_by_name("f:0"), '
        '[g.get_tensor_by_name("x:0")]), {"x:0": 3.0, y: 2.0})  # → [2.0]'
    )


def test_what_stands_in_a_list_or_a_dictionary_has_a_name(notebook):
    f, x, y = (notebook.pop(name) for name in "fxy")
    notebook |= {"layers": [f], "weights": {"w1": x}}
    assert line_of(f, [x], notebook, feed_dict={y: 2.0}) == (
        'tf.Session(graph=g).run(tf.gradients(layers[0], [weights["w1"]]), '
        '{weights["w1"]: 3.0, "y:0": 2.0})  # → [2.0]'
    )


def test_a_session_with_a_name_has_the_values(notebook):
    f, x, y = (notebook[name] for name in "fxy")
    session = notebook["sess"] = tf.Session()
    session.run(tf.global_variables_initializer())
    given = {"session": session, "feed_dict": {y: 2.0}}
    line = line_of(f, [x], notebook, **given)
    assert line == "sess.run(tf.gradients(f, [x]), {y: 2.0})  # → [2.0]"
    moved = line_of(f, [x], notebook, inputs={"x": np.float32(4)}, **given)
    assert moved == "sess.run(tf.gradients(f, [x]), {x: 4.0, y: 2.0})  # → [2.0]"


def test_a_session_that_ends_with_its_cell_is_not_used(notebook):
    f, x, y = (notebook[name] for name in "fxy")
    with tf.Session() as session:
        notebook["sess"] = session
        session.run(x.assign(5.0))
        line = line_of(f, [x], notebook, feed_dict={y: 2.0})
    assert line == "tf.Session(graph=g).run(tf.gradients(f, [x]), {x: 5.0, y: 2.0})  # → [2.0]"


def test_a_large_array_is_fed_by_a_name(notebook):
    pixels = np.arange(100, dtype=np.float32).reshape(10, 10)
    images = tf.placeholder(tf.float32, [10, 10], name="images")
    w = tf.Variable(np.ones((10, 10), np.float32), name="w")
    v = tf.Variable(tf.random_normal([10, 10]), name="v")
    loss = tf.reduce_sum(tf.matmul(images, w) + v, name="loss")
    notebook |= {"images": images, "w": w, "v": v, "loss": loss, "pixels": pixels}
    line = line_of(loss, [w], notebook, feed_dict={images: pixels})
    assert "images: pixels" in line
    assert "w: tf.Session(graph=g).run(w.initial_value)" in line
    assert 'v: _.trace.node("n' in line


def test_variables_as_they_are_initialized_are_not_written_out(notebook):
    w, b = layer(notebook)
    line = line_of(notebook["loss"], [w, b], notebook)
    values = "{v: tf.Session(graph=g).run(v.initial_value) for v in (w, b)}"
    assert line.startswith(f"tf.Session(graph=g).run(tf.gradients(loss, [w, b]), {values})")
    moved = line_of(notebook["loss"], [w, b], notebook, inputs={"b": np.arange(5, dtype="f")})
    assert "{w: tf.Session(graph=g).run(w.initial_value), b: [0.0, 1.0, 2.0, 3.0, 4.0]}" in moved
    notebook["zeros"] = np.zeros(5, np.float32)
    line = line_of(notebook["loss"], [w, b], notebook)
    assert "{w: tf.Session(graph=g).run(w.initial_value), b: zeros}" in line


def layer(notebook):
    """A layer of five units on an x of ones."""
    w = notebook["w"] = tf.Variable(np.eye(3, 5, dtype=np.float32), name="w")
    b = notebook["b"] = tf.Variable(np.zeros(5, np.float32), name="b")
    notebook["loss"] = tf.reduce_sum(tf.tanh(tf.ones([2, 3]) @ w + b), name="loss")
    return w, b


def test_what_is_none_is_left_out_and_named(notebook):
    f, x, y = (notebook[name] for name in "fxy")
    unused = notebook["unused"] = tf.Variable(1.0, name="unused")
    line = line_of(f, [x, unused], notebook, feed_dict={y: 2.0})
    assert "tf.gradients(f, [x])" in line
    assert line.endswith("# → [2.0]; None for unused")


@pytest.mark.parametrize("dtype", [tf.float32, tf.float64])
def test_seeds_of_any_size_are_written(notebook, dtype):
    x = notebook["x"] = tf.Variable(np.ones((4, 25)), dtype=dtype, name="wide")
    y = notebook["y"] = tf.identity(x, name="y2")
    seeds = {"y2": np.full((4, 25), 0.5, dtype.as_numpy_dtype)}
    line = line_of(y, [x], notebook, seeds=seeds)
    start, end = ("", "") if dtype == tf.float32 else ("tf.float64.as_numpy_dtype(", ")")
    assert f"grad_ys=[{start}[[0.5] * 25] * 4{end}]" in line


def test_numbers_that_are_none_of_pythons_are_written_all_the_same(notebook):
    f, x, y = (notebook[name] for name in "fxy")
    line = line_of(f, [x], notebook, feed_dict={y: float("-inf")})
    assert 'y: float("-inf")' in line
    assert line.endswith("# → [-inf]")
