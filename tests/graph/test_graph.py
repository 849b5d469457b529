"""Building a graph: names, scopes, order, lookups, shapes and dtypes."""

import threading
import weakref

import numpy as np
import pytest

import nbgrad as tf


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def named(name):
    return tf.constant(1.0, name=name)


# Names --------------------------------------------------------------------------------------


def test_a_taken_name_is_counted_up():
    assert [named("c").op.name for _ in range(3)] == ["c", "c_1", "c_2"]


def test_counting_skips_names_that_were_given_by_hand():
    assert [named(n).op.name for n in ("c_1", "c", "c", "c")] == ["c_1", "c", "c_2", "c_3"]


def test_names_that_differ_only_in_case_count_as_equal():
    assert [named(n).op.name for n in ("A", "a", "B", "b")] == ["A", "a_1", "B", "b_1"]


def test_scopes_are_counted_up_like_names(graph):
    names = []
    for _ in range(2):
        with tf.name_scope("s") as prefix:
            names += [prefix, named("a").name]
            with graph.name_scope("inner"):
                names.append(named("a").name)
    assert names == ["s/", "s/a:0", "s/inner/a:0", "s_1/", "s_1/a:0", "s_1/inner/a:0"]


def test_a_name_with_a_slash_at_its_end_enters_that_very_scope(graph):
    with graph.name_scope("s") as prefix:
        pass
    with graph.name_scope("elsewhere"), graph.name_scope(prefix):
        assert named("a").name == "s/a:0"
        assert graph.get_name_scope() == "s"


@pytest.mark.parametrize("top", [None, ""])
def test_no_name_leads_back_to_the_top(graph, top):
    with graph.name_scope("s"), graph.name_scope(top) as prefix:
        assert (prefix, named("a").name) == ("", "a:0")


def test_a_scope_without_a_name_takes_its_default():
    with tf.name_scope(None, "default", [named("a")]) as prefix:
        assert prefix == "default/"


def test_a_unique_name_is_taken_only_if_asked(graph):
    assert graph.unique_name("n", mark_as_used=False) == "n"
    assert [graph.unique_name("n"), graph.unique_name("n")] == ["n", "n_1"]


@pytest.mark.parametrize("name", ["a b", "_a", "ä", "-a", "a:0"])
def test_a_name_that_tensorflow_could_not_read_is_refused(name):
    with pytest.raises(ValueError, match=f"'{name}' is not a valid node name"):
        named(name)


def test_operators_name_their_operations_as_tensorflow_does():
    x, y = named("x"), named("y")
    results = [x + y, x - y, x * y, x / y, x**y, -x, x + y, x // y, x % y, x < y, abs(x)]
    names = [tensor.op.name for tensor in results]
    assert names[:7] == ["add", "sub", "mul", "truediv", "pow", "Neg", "add_1"]
    assert [t.op.type for t in results[:6]] == ["AddV2", "Sub", "Mul", "RealDiv", "Pow", "Neg"]
    assert names[7:] == ["floordiv", "mod", "Less", "Abs"]


def test_a_number_beside_a_tensor_becomes_a_constant_named_after_its_place(graph):
    2.0 * named("a")
    assert [op.name for op in graph.get_operations()] == ["a", "mul/x", "mul"]


def test_a_variable_consists_of_four_operations(graph):
    tf.Variable(1.0, name="v")
    tf.Variable(1.0)
    names = [op.name for op in graph.get_operations()]
    assert names[:4] == ["v/initial_value", "v", "v/Assign", "v/read"]
    assert names[5] == "Variable"


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


# Control dependencies -----------------------------------------------------------------------


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


# Shapes and dtypes --------------------------------------------------------------------------


def test_shapes_are_known_as_far_as_they_can_be():
    p = tf.placeholder(tf.float32, [None, 3])
    shapes = [
        tf.matmul(p, tf.ones([3, 4])),
        tf.reduce_sum(p, 1),
        tf.reshape(p, [-1]),
        tf.transpose(p),
        tf.stack([p, p]),
        p[0],
        p[:, 1:],
        p + 1.0,
    ]
    known = [tensor.shape.as_list() for tensor in shapes]
    assert known == [[None, 4], [None], [None], [3, None], [2, None, 3], [3], [None, 2], [None, 3]]


def test_a_shape_can_be_told_and_must_not_contradict():
    p = tf.placeholder(tf.float32)
    with pytest.raises(ValueError, match="is not defined on an unknown TensorShape"):
        p.shape.as_list()
    p.set_shape([None, 3])
    p.set_shape([2, None])
    assert p.get_shape().as_list() == [2, 3]
    assert p.shape[1].value == 3
    with pytest.raises(
        ValueError, match="Dimension 0 in both shapes must be equal, but are 2 and 5"
    ):
        p.set_shape([5, 5])


def test_python_numbers_and_arrays_take_the_dtype_of_the_tensor():
    x = tf.constant(1.0)
    for other in (2, 2.5, np.float64(2), np.ones(3)):
        assert (x * other).dtype == (other * x).dtype == tf.float32
    assert (tf.constant(1.0, tf.float64) + 1).dtype == tf.float64


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: tf.constant(1.0) + tf.constant(1.0, tf.float64), "has type float64 that does not"),
        (lambda: tf.constant(1) * 2.0, "Expected int32, got 2.0 of type 'float' instead"),
        (lambda: tf.sqrt(tf.constant(4)), "Value passed to parameter 'x' has DataType int32 not"),
    ],
)
def test_nothing_is_cast_silently(build, message):
    with pytest.raises(TypeError, match=message):
        build()


@pytest.mark.parametrize(
    ("value", "dtype"),
    [
        (1, tf.int32),
        (1.0, tf.float32),
        (2**40, tf.int64),
        (True, tf.bool),
        ("text", tf.string),
        (np.ones(2), tf.float64),
        ([1, 2.5], tf.float32),
        (1j, tf.complex128),
    ],
)
def test_constants_have_tensorflows_dtypes(value, dtype):
    assert tf.constant(value).dtype == dtype


def test_division_of_integers_is_true_division():
    quotient = tf.constant(7) / tf.constant(2)
    assert quotient.dtype == tf.float64
    values = tf.Session().run([quotient, tf.constant(-7) // 2, tf.constant(-7) % 3])
    assert values == [3.5, -4, 2]


def test_a_constant_fills_up_with_its_last_element():
    filled = tf.constant([1, 2], shape=[2, 2])
    assert tf.Session().run(filled).tolist() == [[1, 2], [2, 2]]
    with pytest.raises(ValueError, match="Too many elements provided"):
        tf.constant([1, 2, 3], shape=[2])


def test_a_tensor_takes_attributes_of_the_users_own_and_can_be_referred_to_weakly(graph):
    x = tf.constant(1.0)
    x.remark = "of mine"
    referred = weakref.ref(x)
    assert referred() is x
    assert graph.get_tensor_by_name("Const:0").remark == "of mine"
