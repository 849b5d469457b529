"""A graph: what is found in it, in which order, in which thread, and what a tensor is."""

import threading
import weakref

import numpy as np
import pytest

import nbgrad as tf


def named(name):
    return tf.constant(1.0, name=name)


# Looking around -----------------------------------------------------------------------------


def test_elements_are_found_by_name(graph):
    a = named("a")
    assert graph.get_tensor_by_name("a:0") is a
    assert graph.get_operation_by_name("a") is a.op
    assert graph.as_graph_element("a") is a.op
    assert graph.as_graph_element("a:0") is a
    assert graph.as_graph_element(a) is a


@pytest.mark.parametrize(
    ("find", "error", "message"),
    [
        (lambda g: g.get_tensor_by_name("a"), ValueError, "refers to an Operation, not a Tensor"),
        (lambda g: g.get_tensor_by_name("b:0"), KeyError, "The operation, 'b', does not exist"),
        (lambda g: g.get_tensor_by_name("a:7"), KeyError, "exists but only has 1 outputs"),
        (lambda g: g.get_tensor_by_name("zz"), ValueError, "looks like an .invalid. Operation"),
        (lambda g: g.get_tensor_by_name(3), TypeError, "Tensor names are strings"),
        (lambda g: g.get_operation_by_name("zz"), KeyError, "'zz' refers to an Operation not in"),
        (lambda g: g.get_operation_by_name("a:0"), ValueError, "appears to refer to a Tensor, not"),
        (lambda g: g.as_graph_element(g), TypeError, "Can not convert a Graph into a Tensor or"),
    ],
)
def test_what_is_not_there_is_refused(graph, find, error, message):
    named("a")
    with pytest.raises(error, match=message):
        find(graph)


def test_a_misspelt_name_is_answered_with_one_that_is_like_it(graph):
    named("weights")
    with pytest.raises(KeyError, match="Did you mean 'weights'"):
        graph.get_tensor_by_name("wieghts:0")


def test_an_operation_tells_its_inputs_outputs_and_readers():
    a = named("a")
    square, total = a * a, a + 1.0
    assert square.op.inputs == (a, a)
    assert square.op.outputs == [square]
    assert [op.name for op in a.consumers()] == ["mul", "mul", "add"]
    assert (square.value_index, square.op.type, total.op.graph) == (0, "Mul", a.graph)


def test_operations_stand_in_the_order_of_their_creation(graph):
    y = tf.sin(named("a")) + 1.0
    assert [op.index for op in graph.get_operations()] == [0, 1, 2, 3]
    assert graph.get_operations()[-1] is y.op


def test_an_operation_remembers_the_line_that_made_it():
    x = named("x")
    y = x * 3.0
    assert y.op.line.endswith("of test_graph.py: y = x * 3.0")
    assert y.op.source.text.startswith("y = ")


def test_what_was_looked_up_in_scratch_space_is_forgotten_with_it(graph):
    x = named("x")
    with graph.scratch():
        forgotten = tf.sin(x, name="y")
        assert graph.get_tensor_by_name("y:0") is forgotten
        assert x.consumers() == [forgotten.op]
    kept = tf.cos(x, name="y")
    assert graph.get_tensor_by_name("y:0") is kept
    assert x.consumers() == [kept.op]


def test_tensors_and_variables_print_as_tensorflow_prints_them():
    p, q = tf.placeholder(tf.float32, [None, 3], name="p"), tf.placeholder(tf.float32, name="q")
    v = tf.Variable([1.0, 2.0], name="v")
    assert repr(p) == "<tf.Tensor 'p:0' shape=(?, 3) dtype=float32>"
    assert repr(q) == "<tf.Tensor 'q:0' shape=<unknown> dtype=float32>"
    assert str(p) == 'Tensor("p:0", shape=(?, 3), dtype=float32)'
    assert str(q) == 'Tensor("q:0", dtype=float32)'
    assert repr(v) == "<tf.Variable 'v:0' shape=(2,) dtype=float32_ref>"
    assert repr(p.op) == "<tf.Operation 'p' type=Placeholder>"


def test_tensors_are_equal_to_themselves_alone_and_may_be_keys():
    a, b = named("a"), named("b")
    assert a == a
    assert a != b
    assert {a: 1, b: 2}[b] == 2


# Several graphs -----------------------------------------------------------------------------


def test_an_operation_goes_to_the_graph_of_its_operands(graph):
    with tf.Graph().as_default() as other:
        x = named("x")
    y = 2 * x + 1
    assert y.graph is other
    assert graph.get_operations() == []


def test_a_new_thread_begins_at_the_bottom_of_the_stack(graph):
    seen = []
    thread = threading.Thread(target=lambda: seen.append(tf.get_default_graph()))
    thread.start()
    thread.join()
    assert seen[0] is not graph


def test_the_default_graph_cannot_be_reset_inside_a_with():
    with pytest.raises(AssertionError, match="Do not use tf"):
        tf.reset_default_graph()


def test_a_finalized_graph_stays_as_it_is(graph):
    x = named("x")
    y = x * x
    graph.finalize()
    for build in (lambda: named("z"), lambda: x + x, lambda: tf.gradients(y, x)):
        with pytest.raises(RuntimeError, match="Graph is finalized and cannot be modified"):
            build()
    assert tf.Session().run(y) == 1.0


def test_scratch_work_leaves_no_trace(graph):
    x = named("x")
    before = graph.get_operations()
    graph.finalize()
    with graph.scratch():
        y = x * x
    assert graph.get_operations() == before
    assert x.consumers() == []
    assert graph.unique_name("mul") == "mul"
    assert tf.Session().run(y) == 1.0


def test_a_chain_of_many_operations_builds_differentiates_and_runs():
    x = y = tf.placeholder(tf.float32, [])
    for _ in range(20_000):
        y = tf.identity(y)
    assert tf.Session().run(tf.gradients(y, x), {x: 2.0}) == [1.0]


# Collections --------------------------------------------------------------------------------


def test_collections_list_what_was_added(graph):
    a, b = named("a"), named("b")
    graph.add_to_collection("mine", a)
    tf.add_to_collection("mine", b)
    graph.add_to_collections(["mine", "other", "other"], 3)
    assert tf.get_collection("mine") == [a, b, 3]
    assert graph.get_collection("other") == [3]
    assert graph.get_collection("mine", scope="a") == [a]
    graph.get_collection("mine").clear()
    graph.get_collection_ref("mine").pop()
    assert graph.get_collection("mine") == [a, b]
    graph.clear_collection("other")
    assert graph.get_all_collection_keys() == ["mine"]
    assert graph.get_collection("nothing") == []


# Values that are none yet -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("use", "error", "message"),
    [
        (bool, TypeError, "using a `tf.Tensor` as a Python `bool` is not allowed"),
        (list, TypeError, "iterating over `tf.Tensor` is not allowed"),
        (len, TypeError, "len is not well defined for symbolic Tensors"),
        (np.array, NotImplementedError, "Cannot convert a symbolic Tensor"),
        (np.sin, NotImplementedError, "Cannot convert a symbolic Tensor"),
        (float, TypeError, "float"),
        (lambda t: t.__setitem__(0, 1.0), (TypeError, AttributeError), "__setitem__"),
    ],
)
def test_a_tensor_is_not_taken_for_a_value(use, error, message):
    with pytest.raises(error, match=message):
        use(tf.constant([1.0, 2.0]))


def test_a_tensor_takes_attributes_of_the_users_own_and_can_be_referred_to_weakly(graph):
    x = tf.constant(1.0)
    x.remark = "of mine"
    referred = weakref.ref(x)
    assert referred() is x
    assert graph.get_tensor_by_name("Const:0").remark == "of mine"
