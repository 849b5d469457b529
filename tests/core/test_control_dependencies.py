"""What waits for what, without reading it."""

import pytest

import nbgrad as tf


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def named(name):
    return tf.constant(1.0, name=name)


def controlled(tensor):
    return [op.name for op in tensor.op.control_inputs]


def test_operations_created_inside_wait_and_others_do_not(graph):
    a, before = named("a"), named("before")
    with graph.control_dependencies([a]):
        inside = named("inside")
    assert controlled(inside) == ["a"]
    assert controlled(before) == controlled(named("after")) == []


def test_nested_blocks_add_up_and_none_lifts_them(graph):
    a, b = named("a"), named("b")
    with graph.control_dependencies([a]):
        with tf.control_dependencies([b.op, "b:0"]):
            both = named("both")
        with tf.control_dependencies(None):
            free = named("free")
        one = named("one")
    assert [controlled(t) for t in (both, free, one)] == [["a", "b"], [], ["a"]]


def test_the_same_dependency_counts_once(graph):
    a = named("a")
    with graph.control_dependencies([a, a]), graph.control_dependencies([a]):
        b = named("b")
    assert controlled(b) == ["a"]


def test_what_reads_a_tensor_waits_for_it_anyway(graph):
    a = named("a")
    with graph.control_dependencies([a]):
        b = tf.identity(a)
    assert controlled(b) == []


def test_dependencies_that_an_input_has_already_are_left_out(graph):
    a1, a2, x, y = (named(name) for name in ("a1", "a2", "x", "y"))
    with graph.control_dependencies([a1]):
        e1 = x * y
        with graph.control_dependencies([a2]):
            b = x * y
            c = a1 * b
            d = b * c
            e2 = e1 * e1
    assert [controlled(t) for t in (b, c, d, e1)] == [["a1", "a2"], [], [], ["a1"]]
    assert controlled(e2) == ["a2"]


def test_an_assignment_is_seen_by_whatever_waits_for_it():
    v = tf.Variable(1.0)
    add = v.assign_add(1.0)
    with tf.control_dependencies([add]):
        after = v.read_value()
    session = tf.Session()
    session.run(v.initializer)
    assert [session.run([v, after]) for _ in range(2)] == [[1.0, 2.0], [2.0, 3.0]]


def test_a_tuple_waits_for_all_of_its_members():
    v = tf.Variable(1.0)
    one, nothing = tf.tuple([tf.constant(5.0), None], control_inputs=[v.assign_add(1.0)])
    session = tf.Session()
    session.run(v.initializer)
    assert nothing is None
    assert session.run(one) == 5.0
    assert session.run(v) == 2.0


def test_none_clears_what_to_wait_for_until_its_end(graph):
    a, b = tf.constant(1.0, name="a"), tf.constant(2.0, name="b")
    with graph.control_dependencies([a]):
        with graph.control_dependencies(None):
            none = tf.constant(3.0)
            with graph.control_dependencies([b]):
                only_b = tf.constant(4.0)
                with graph.control_dependencies(None):
                    again_none = tf.constant(5.0)
        back = tf.constant(6.0)
    assert [controlled(t) for t in (none, only_b, again_none, back)] == [[], ["b"], [], ["a"]]


def test_a_control_that_an_operand_is_made_of_is_no_edge_of_its_own(graph):
    a, b = tf.constant(1.0, name="a"), tf.constant(2.0, name="b")
    with graph.control_dependencies([a]):
        reads_a, reads_b = tf.identity(a), tf.identity(b)
        reads_the_second = tf.identity(reads_b)
    assert [controlled(t) for t in (reads_a, reads_b, reads_the_second)] == [[], ["a"], []]
