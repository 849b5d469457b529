"""Which operations lie between xs and ys."""

import pytest

import nbgrad as tf
from nbgrad.core.gradients import operations_between


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def between(ys, xs):
    return [op.name for op in operations_between(xs, ys)]


def test_between_lie_the_operations_on_a_way_from_x_to_y():
    a, b, unrelated = (tf.constant(1.0, name=name) for name in ("a", "b", "unrelated"))
    c = tf.add(a, b, "c")
    d = tf.multiply(c, unrelated, "d")
    tf.sin(c, "aside")
    assert between([d], [a]) == ["a", "c", "d"]
    assert between([d], [c]) == ["c", "d"]
    assert between([a], [d]) == []
    assert between([d], [tf.constant(1.0)]) == []


def test_nothing_lies_between_tensors_that_do_not_depend_on_each_other():
    a, b = tf.constant(1.0, name="a"), tf.constant(2.0, name="b")
    tf.stack([a, b], name="both")
    assert between([a], [b]) == []


def test_what_x_was_made_of_does_not_lie_between():
    a, b, c = (tf.constant(1.0, name=name) for name in "abc")
    x = tf.add(a, b, name="x")
    y = tf.stack([c, x], name="y")
    assert between([y], [x]) == ["x", "y"]


def test_an_operation_on_several_ways_lies_between_once():
    a, b, c = (tf.constant(1.0, name=name) for name in "abc")
    x = tf.add(a, b, name="x")
    thrice = tf.add_n([x, x, x], name="thrice")
    y = tf.add(thrice, c, name="y")
    again = tf.add(y, x, name="again")
    assert between([y], [x]) == ["x", "thrice", "y"]
    assert between([again], [x]) == ["x", "thrice", "y", "again"]
    assert between([y], [b]) == ["b", "x", "thrice", "y"]
