"""nbgrad in twelve steps, as a student meets them, and the tour of its source."""

import inspect
import re
from pathlib import Path

import numpy as np
import pytest

import nbgrad as tf
from nbgrad.core.reverse import reverse_pass
from nbgrad.ops.define import elementwise
from nbgrad.picture.scene import Scene
from nbgrad.trace.model import Trace


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as current:
        yield current


def run(tensors, feed=None):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(tensors, feed)


def test_1_a_line_of_python_builds_a_graph_and_computes_nothing(graph):
    y = tf.constant(2.0) * 3.0
    assert repr(y) == "<tf.Tensor 'mul:0' shape=() dtype=float32>"
    assert [op.type for op in graph.get_operations()] == ["Const", "Const", "Mul"]


def test_2_a_session_runs_it():
    assert run(tf.constant(2.0) * 3.0) == 6.0


def test_3_a_placeholder_is_fed():
    x = tf.placeholder(tf.float32)
    assert run(x * x, {x: [1.0, 2.0]}).tolist() == [1, 4]


def test_4_a_variable_remembers():
    w = tf.Variable(1.0)
    with tf.Session() as session:
        session.run(w.initializer)
        assert [session.run(w.assign_add(2.0)) for _ in range(3)] == [3, 5, 7]


def test_5_a_gradient_is_a_tensor_like_any_other():
    x = tf.Variable(2.0)
    y = x**2 + x - 1
    assert run(tf.gradients(y, x)) == [5.0]


def test_6_it_is_a_product_along_each_path_and_a_sum_over_paths():
    x, y = tf.Variable(3.0), tf.Variable(4.0)
    f = x * x * y + y + 2
    assert run([f, *tf.gradients(f, [x, y])]) == [42, 24, 10]


def test_7_several_ys_are_added_each_times_its_seed():
    x = tf.Variable([1.0, 2.0])
    assert run(tf.gradients([x * x, 5 * x], x))[0].tolist() == [7, 9]
    assert run(tf.gradients(x * x, x, grad_ys=[[10.0, 0.0]]))[0].tolist() == [20, 0]


def test_8_a_stop_makes_a_total_derivative_partial():
    a = tf.constant(0.0)
    b = 2 * a
    assert run(tf.gradients(a + b, [a, b])) == [3, 1]
    assert run(tf.gradients(a + b, [a, b], stop_gradients=[a, b])) == [1, 1]


def test_9_none_means_that_no_path_leads_there():
    x, z = tf.Variable(1.0), tf.Variable(1.0)
    assert tf.gradients(x * 2, [z]) == [None]
    assert run(tf.gradients(x * 0.0, x)) == [0]
    with pytest.raises(TypeError, match="Fetch argument None has invalid type"):
        run(tf.gradients(x * 2, z))


def test_10_the_gradient_of_a_gradient_is_the_second_derivative():
    x = tf.constant(2.0)
    y = x**4
    for derivative in (32, 48, 48, 24):
        [y] = tf.gradients(y, x)
        assert run(y) == derivative


def test_11_an_optimizer_walks_downhill():
    w = tf.Variable([3.0, -2.0])
    loss = tf.reduce_sum(tf.square(w - [1.0, 1.0]))
    step = tf.train.GradientDescentOptimizer(0.25).minimize(loss)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        losses = [session.run([loss, step])[0] for _ in range(8)]
        assert losses == sorted(losses, reverse=True)
        np.testing.assert_allclose(session.run(w), [1, 1], atol=0.05)


def test_12_a_rule_of_your_own_replaces_the_one_that_is_there(graph):
    @tf.RegisterGradient("Straight through")
    def straight_through(op, dz):
        return dz

    x = tf.constant([-2.0, 0.5])
    with graph.gradient_override_map({"Sign": "Straight through"}):
        y = tf.sign(x)
    assert run(tf.gradients(y, x))[0].tolist() == [1, 1]
    assert run(tf.gradients(tf.sign(x), x))[0].tolist() == [0, 0]


HOME = Path(tf.__file__).parent
STOPS = re.findall(r"^\d\. `(.*?)`", tf.__doc__, re.M)


def test_the_tour_leads_from_a_product_to_its_picture():
    met = [tf.multiply, elementwise, tf.RegisterGradient, reverse_pass]
    met += [tf.Graph, tf.Session, Trace, Scene]
    where = [Path(inspect.getsourcefile(inspect.unwrap(each))).relative_to(HOME) for each in met]
    assert [path.with_suffix("").as_posix() for path in where] == STOPS


def test_the_tour_is_read_in_half_an_hour():
    lengths = [len((HOME / f"{stop}.py").read_text("utf-8").splitlines()) for stop in STOPS]
    assert sum(lengths) <= 1500
    assert max(lengths) <= 250
