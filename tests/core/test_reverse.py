"""Whenever a gradient is None, the reason is known, as data and as a sentence."""

import numpy as np
import pytest

import nbgrad as tf


@pytest.fixture
def x(graph):
    return tf.Variable(3.0, name="x")


def names(absence):
    return [op.name for op in absence.at]


def test_there_is_no_reason_where_there_is_a_gradient(x):
    assert tf.why_none(x * x, x) is None
    assert tf.why_none(x * 0.0, x) is None


def test_a_notebook_shows_a_reason_as_words_that_break_between_lines(x):
    assert tf.why_none(x, x * x)._repr_html_().startswith("<p>The gradient of &#x27;x:0&#x27; with")


def test_reversed_arguments(x):
    y = tf.multiply(x, x, name="y")
    absence = tf.why_none(x, y)
    assert absence.kind == "reversed"
    assert "'x:0' is an ancestor of 'y:0'. Did you mean gradients('y:0', 'x:0')?" in str(absence)


@pytest.mark.parametrize("given", [2.0, [1.0, 2.0], np.ones(3)])
def test_a_number_or_an_array_became_a_new_constant(x, given):
    assert tf.why_none(x * x, np.float32(given)).kind == "new constant"
    assert tf.why_none(np.float32(given), x).kind == "new constant"


@pytest.mark.parametrize("part", [tf.identity, lambda x: x[None], lambda x: tf.reshape(x, [1])])
def test_a_copy_or_a_part_was_made_beside_the_way(x, part):
    copy = part(x)
    absence = tf.why_none(x * x, copy)
    assert (absence.kind, names(absence)) == ("beside", ["x"])
    assert "Differentiate with respect to the original" in str(absence)
    assert tf.why_none(copy * 2, copy) is None


def test_another_function_of_the_same_tensor_is_called_so(x):
    s = tf.square(x, name="s")
    part = tf.reshape(tf.identity(x), [1])
    assert "'s:0' is another function of 'x' (type 'VariableV2'" in str(tf.why_none(x * x, s))
    assert "is another function of" in str(tf.why_none(x * x, tf.sin(part)))
    assert "is a copy or a part made from 'x'" in str(tf.why_none(x * x, part))


def test_a_new_reading_of_a_variable_is_a_copy_too(x):
    assert tf.why_none(x * x, x.read_value()).kind == "beside"


def test_integers_on_the_way(x):
    steps = tf.cast(x, tf.int32, name="steps")
    absence = tf.why_none(tf.cast(steps, tf.float32) * 2, x)
    assert (absence.kind, names(absence)) == ("integer", ["steps"])
    assert "integers have no slope" in str(absence)


def test_integers_at_either_end(x):
    i = tf.constant(3, name="i")
    assert names(tf.why_none(i * i, i)) == ["i"]
    assert tf.why_none(tf.cast(x, tf.int32), x).kind == "integer"


def test_a_stop_and_which(x):
    m = tf.multiply(x, x, name="m")
    n = tf.multiply(x, 3.0, name="n")
    absence = tf.why_none(m + n, x, stop_gradients=[m, n])
    assert (absence.kind, names(absence)) == ("stopped", ["m", "n"])


def test_an_operation_without_derivative_and_which(x):
    for wall in (tf.floor, tf.ceil):
        absence = tf.why_none(wall(x, name="wall") * 2, x)
        assert absence.kind == "not differentiable"
        assert names(absence)[0].startswith("wall")


def test_stop_gradient_is_a_stop(x):
    absence = tf.why_none(tf.stop_gradient(x, name="wall") * 2, x)
    assert (absence.kind, names(absence)) == ("stopped", ["wall"])
    assert "tf.stop_gradient stops it at 'wall'" in str(absence)


def test_truth_values_on_the_way_are_not_called_integers(x):
    absence = tf.why_none(tf.cast(x > 1.0, tf.float32), x)
    assert absence.kind == "integer"
    assert "true and false" in str(absence)


def test_what_was_made_after_a_trace_is_no_new_constant():
    v = tf.Variable(3.0)
    f = v * v
    tf.trace(f, v)
    late = tf.placeholder(tf.float32, [])
    assert tf.why_none(f, late).kind == "no path"
    assert tf.why_none(f, tf.Variable(1.0)).kind == "no path"
    assert tf.why_none(f, 2.0).kind == "new constant"


def test_a_rule_that_sends_nothing_to_this_operand(graph, x):
    @tf.RegisterGradient("Sends nothing")
    def nothing(op, dz):
        return None

    with graph.gradient_override_map({"Sin": "Sends nothing"}):
        y = tf.sin(x, name="y")
    assert (tf.why_none(y, x).kind, names(tf.why_none(y, x))) == ("rule", ["y"])


def test_no_way_at_all(x):
    other = tf.Variable(1.0, name="other")
    assert tf.why_none(x * x, other).kind == "no path"
    assert "does not depend on 'other:0'" in str(tf.why_none(x * x, other))


def test_explaining_a_none_leaves_nothing_in_the_graph(graph, x):
    y = x * x
    graph.finalize()
    before = graph.get_operations()
    tf.why_none(x, y)
    tf.why_none(y, 3.0)
    assert graph.get_operations() == before


def test_the_reason_names_the_line(x):
    y = tf.floor(x)
    assert str(tf.why_none(y, x)).count("of test_reverse.py: y = tf.floor(x)") == 1


def test_the_error_of_a_fetched_none_carries_the_reasons(x):
    y = x * x
    grads = tf.gradients(y, [tf.Variable(1.0, name="other"), tf.constant(1)])
    late = tf.gradients(x, y)
    for fetch in (grads, late[0], [x, {"deep": late}]):
        with pytest.raises(TypeError) as caught:
            tf.Session().run(fetch)
        text = str(caught.value)
        assert text.startswith("Fetch argument None has invalid type <class 'NoneType'>\n")
        assert "with respect to 'other:0' is None" in text
        assert "is an ancestor of" in text
        assert max(map(len, text.splitlines())) <= 96  # or a notebook breaks words


def test_a_none_that_no_gradient_gave_says_so():
    tf.constant(1.0)
    with pytest.raises(TypeError, match="forgot its `return`"):
        tf.Session().run(None)


def test_only_the_latest_reasons_are_kept(graph, x):
    for _ in range(20):
        tf.gradients(x, x * x)
    assert len(graph.reasons_for_none) == 4


def test_of_a_cast_to_integers_the_advice_is_about_the_cast():
    x = tf.Variable(1.5, name="x")
    y = tf.cast(tf.cast(x, tf.int32, name="whole"), tf.float32)
    advice = str(tf.why_none(y, x))
    assert "whole" in advice
    assert "Leave this tf.cast out" in advice
    assert "Write 1." not in advice
