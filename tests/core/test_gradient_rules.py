"""Gradient rules of one's own: registered, chosen for a block by a map, and checked when asked."""

import numpy as np
import pytest

import nbgrad as tf
from nbgrad.core.registry import gradient_rule


def run(fetches, feed=None):
    with tf.Session(graph=tf.get_default_graph()) as session:
        return session.run(fetches, feed)


@tf.RegisterGradient("Straight through near zero")
def straight_through(op, dz):
    x = op.inputs[0]
    return tf.where((x >= -1) & (x <= 1), dz, tf.zeros_like(dz))


@tf.RegisterGradient("Reversed")
def reversed_gradient(op, dz):
    return -dz


def test_a_sign_lets_gradients_straight_through_under_an_override(graph):
    x = tf.constant([-2.0, -1, -0.5, 0, 0.5, 1, 2])
    with graph.gradient_override_map({"Sign": "Straight through near zero"}):
        y = tf.sign(x)
    upstream = tf.constant([1.0, 2, 3, 4, 5, 6, 7])
    [dx], [plain] = tf.gradients(y, x, upstream), tf.gradients(tf.sign(x), x, upstream)
    values = run([y, dx, plain])
    assert values[0].tolist() == [-1, -1, -1, 0, 1, 1, 1]
    assert values[1].tolist() == [0, 2, 3, 4, 5, 6, 0]
    assert not values[2].any()


def test_a_gradient_stands_in_the_line_that_asked_for_it_and_what_a_learners_rule_builds_in_its_own(
    graph,
):
    @tf.custom_gradient
    def halved(x):
        return tf.identity(x), lambda dz: tf.multiply(dz, 0.5)

    x = tf.constant(3.0)
    with graph.gradient_override_map({"Sign": "Reversed"}):
        y = tf.sign(x)
    tf.gradients(tf.sin(halved(y)), x)
    lines = {op.type: op.source.text for op in graph.get_operations() if "grad" in op.name}
    assert lines["Cos"] == "tf.gradients(tf.sin(halved(y)), x)"
    assert lines["Neg"] == "return -dz"
    assert lines["Mul"] == "return tf.identity(x), lambda dz: tf.multiply(dz, 0.5)"


def test_only_operations_created_inside_are_overridden(graph):
    x = tf.constant(3.0)
    before = tf.identity(x)
    with graph.gradient_override_map({"Identity": "Reversed"}):
        inside = tf.identity(x)
    assert run([tf.gradients(t * t, x)[0] for t in (before, inside)]) == [6.0, -6.0]


def test_inner_maps_win(graph):
    x = tf.constant(3.0)
    with graph.gradient_override_map({"Identity": "Reversed"}):
        with graph.gradient_override_map({"Identity": "Identity"}):
            y = tf.identity(x)
        tf.identity(x)
    assert run(tf.gradients(y, x)) == [1.0]


def test_a_map_that_matched_nothing_warns(graph):
    with (
        pytest.warns(UserWarning, match="had no effect:\nno operation of type 'Cast'"),
        graph.gradient_override_map({"Cast": "Straight through near zero"}),
    ):
        tf.sign(tf.constant(1.0))


@pytest.mark.parametrize("wrong", [{"Sign": 3}, {3: "Sign"}, ["Sign"], "Sign"])
def test_a_map_takes_strings_to_strings(graph, wrong):
    message = "op_type_map must be a dictionary mapping strings to strings"
    with pytest.raises(TypeError, match=message), graph.gradient_override_map(wrong):
        pass


def test_a_rule_that_was_never_written_is_missed_when_it_is_needed(graph):
    x = tf.constant(2.0)
    with graph.gradient_override_map({"Square": "Never written"}):
        y = tf.square(x)
    message = r"No gradient defined for operation 'Square' \(op type: Square\)"
    with pytest.raises(LookupError, match=message):
        tf.gradients(y, x)
    assert tf.gradients(y, x, stop_gradients=[y]) == [None]


def test_a_rule_is_called_once_with_the_sum_of_all_that_arrived(graph):
    calls = []

    @tf.RegisterGradient("Counted")
    def counted(op, dz):
        calls.append(dz)
        return dz

    x = tf.constant(3.0)
    with graph.gradient_override_map({"Identity": "Counted"}):
        y = tf.identity(x)
    assert run(tf.gradients(y * y + y, x)) == [7.0]
    assert len(calls) == 1


def test_a_rule_of_the_same_name_replaces_the_former_with_a_notice():
    def register():
        @tf.RegisterGradient("Said twice")
        def first(op, dz):
            return dz

    register()
    register()  # a cell that is run again says nothing
    with pytest.warns(UserWarning, match="The gradient rule 'Said twice' was"):

        @tf.RegisterGradient("Said twice")
        def another(op, dz):
            return 2 * dz


@pytest.mark.parametrize(
    ("returned", "error", "message"),
    [
        (lambda op, dz: (dz, dz), ValueError, 'Num gradients 2 generated for op name: "y"'),
        (lambda op, dz: tf.ones([3]), ValueError, "Incompatible shapes between op input and"),
        (lambda op, dz: np.ones(2), AttributeError, "'ndarray' object has no attribute 'op'"),
    ],
)
def test_what_a_rule_returns_is_checked(graph, returned, error, message):
    tf.RegisterGradient("Under test")(returned)
    x = tf.constant([1.0, 2.0])
    with graph.gradient_override_map({"Reshape": "Under test"}):
        y = tf.reshape(x, [2, 1], name="y")
    with pytest.raises(error, match=message):
        tf.gradients(y, x)


def test_not_differentiable_means_none(graph):
    tf.NotDifferentiable("A wall")
    x = tf.constant(2.0)
    with graph.gradient_override_map({"Identity": "A wall"}):
        y = tf.identity(x)
    assert tf.gradients(y, x) == [None]


def test_adding_a_stopped_difference_is_straight_through_without_any_rule():
    x = tf.constant([-0.3, 0.4])
    y = x + tf.stop_gradient(tf.sign(x) - x)
    values, slopes = run([y, tf.gradients(y, x)[0]])
    np.testing.assert_allclose(values, [-1, 1])
    assert slopes.tolist() == [1, 1]


def test_each_operation_has_the_rule_of_its_type():
    x = tf.constant([1.0])
    of_sine, of_cosine = gradient_rule(tf.sin(x).op), gradient_rule(tf.cos(x).op)
    assert of_sine is gradient_rule(tf.sin(x).op)
    assert of_sine is not of_cosine


def test_an_override_replaces_the_rule_of_one_type_inside_its_block(graph):
    @tf.RegisterGradient("Doubled in a case")
    def doubled(op, dz):
        return 2.0 * dz

    x = tf.constant([1.0])
    with graph.gradient_override_map({"Sin": "Doubled in a case"}):
        inside, other = tf.sin(x), tf.cos(x)
    assert gradient_rule(inside.op) is doubled
    assert gradient_rule(other.op) is gradient_rule(tf.cos(x).op)
    assert gradient_rule(tf.sin(x).op) is not doubled
