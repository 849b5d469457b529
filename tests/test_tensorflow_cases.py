"""Cases of TensorFlow's own tests that no other file here has, rewritten for nbgrad.

They follow gradients_test, session_test, optimizer_test, framework/ops_test, math_grad_test,
array_grad_test, nn_grad_test and clip_ops_test of TensorFlow 1; what is asked is theirs, the
code is not.
"""

import numpy as np
import pytest

import nbgrad as tf
from nbgrad.registry import gradient_rule
from nbgrad.reverse_mode import operations_between


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


@pytest.fixture
def session(graph):
    with tf.Session() as session:
        yield session


# session_test -------------------------------------------------------------------------------


def test_a_constant_is_fed_by_its_name(session):
    tf.constant(5.0, shape=[1, 2], name="input")
    copy = tf.identity(session.graph.get_tensor_by_name("input:0"), name="copy")
    assert session.run(copy, {"input:0": [[7.0, 8.0]]}).tolist() == [[7.0, 8.0]]
    assert session.run("copy:0").tolist() == [[5.0, 5.0]]


@pytest.mark.parametrize("use", ["given", "default"])
def test_a_session_uses_the_graph_that_is_there(use, graph):
    six = tf.constant(6.0, shape=[1, 1]) @ tf.constant(7.0, shape=[1, 1])
    with tf.Session(graph=graph) if use == "given" else tf.Session() as session:
        assert session.graph is graph
        assert six.eval().tolist() == [[42.0]]


@pytest.mark.parametrize("empty", [[], (), {}, [[], ()], {"a": [], "b": {}}])
def test_nothing_fetched_is_nothing_returned_in_the_same_structure(session, empty):
    tf.constant(1.0)
    assert session.run(empty) == empty


def test_none_cannot_be_fetched(session):
    tf.constant(1.0)
    for fetch in (None, [None]):
        with pytest.raises(TypeError, match="Fetch argument None has invalid type"):
            session.run(fetch)


@pytest.mark.parametrize("shape", [(32, 4, 128), (37,), (2, 0, 6), (0,), (0, 0, 0), ()])
@pytest.mark.parametrize(
    "dtype", [tf.float32, tf.float64, tf.int32, tf.uint8, tf.int16, tf.complex128, tf.bool]
)
def test_any_dtype_of_any_shape_is_fed_and_fetched(session, dtype, shape):
    value = np.asarray(np.random.default_rng(0).integers(0, 2, shape), dtype.as_numpy_dtype)
    fed = tf.placeholder(dtype, shape)
    out = session.run(tf.identity(fed), {fed: value})
    assert out.dtype == value.dtype
    assert out.shape == shape
    np.testing.assert_array_equal(out, value)


def test_the_same_tensor_fetched_at_several_places_has_one_value(session):
    a = tf.random_normal([3])
    first, (second, named) = session.run([a, (a, a.name)])
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(first, named)


def test_two_sessions_may_share_a_graph(graph):
    three = tf.constant(3.0)
    with tf.Session(graph=graph) as one, tf.Session(graph=graph) as two:
        assert one.run(three) == two.run(three) == 3.0
        assert one.graph is two.graph


def test_an_operation_added_later_may_group_earlier_ones(session):
    p = tf.Variable(tf.constant(1.0), name="p")
    q = tf.Variable(tf.constant(2.0), name="q")
    session.run(tf.group(p.initializer, q.initializer))
    assert session.run([p, q]) == [1.0, 2.0]
    assert session.run(tf.group(tf.assign(p, 10.0), tf.assign(q, 20.0))) is None
    assert session.run([p, q]) == [10.0, 20.0]


@pytest.mark.parametrize(
    "key", ["no_such:0", "no_such", 3, None], ids=["tensor", "operation", "number", "None"]
)
def test_a_key_that_is_nothing_to_feed_is_refused(session, key):
    out = tf.constant(1.0) + 1.0
    with pytest.raises(TypeError, match="Cannot interpret feed_dict key"):
        session.run(out, {key: 2.0})


def test_a_session_that_was_not_entered_runs_but_is_no_default(graph):
    c = tf.constant(5.0)
    session = tf.Session()
    assert tf.get_default_session() is None
    with pytest.raises(ValueError, match="No default session"):
        c.eval()
    assert c.eval(session=session) == session.run(c) == 5.0
    session.close()


def test_leaving_the_default_by_an_error_restores_what_was_before(graph):
    tf.constant(1.0)
    outer, inner = tf.Session(), tf.Session()
    with outer.as_default():
        with pytest.raises(ValueError, match="no_such"), inner.as_default():
            tf.get_default_session().run("no_such:0")
        assert tf.get_default_session() is outer
    assert tf.get_default_session() is None


@pytest.mark.parametrize("kind", [str, str.encode, np.str_], ids=["str", "bytes", "numpy"])
def test_a_name_may_be_any_kind_of_text(session, kind):
    tf.constant(42.0, name="c")
    assert session.run(kind("c:0")) == 42.0
    assert session.run([kind("c"), kind("c:0")]) == [None, 42.0]


@pytest.mark.parametrize(
    ("dtype", "number"),
    [(tf.int32, 2**31), (tf.int32, -(2**31) - 1), (tf.uint8, 256), (tf.float32, 2**24 + 1)],
    ids=["large", "small", "byte", "digits"],
)
def test_an_integer_that_feeding_would_change_is_refused(session, dtype, number):
    fed = tf.placeholder(dtype, [], name="fed")
    with pytest.raises(TypeError, match=f"Type of feed value {number} with type .* is not compat"):
        session.run(fed, {fed: number})
    assert session.run(fed, {fed: 7}) == 7


def test_integers_inside_an_array_are_cut_to_what_fits(session):
    fed = tf.placeholder(tf.int32, [2])
    assert session.run(fed, {fed: [1, 2**40]}).tolist() == [1, 0]


# gradients_test -----------------------------------------------------------------------------


def between(ys, xs):
    return [op.name for op in operations_between(xs, ys)]


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


@pytest.mark.parametrize("dtype", [tf.float32, tf.float64], ids=["float32", "float64"])
def test_zeros_for_an_unconnected_variable_have_its_dtype_and_shape(session, dtype):
    v = tf.Variable(tf.ones([2, 3], dtype))
    session.run(v.initializer)
    zeros = tf.gradients([tf.constant(1.0)], v, unconnected_gradients="zero")[0]
    assert zeros.dtype == dtype
    assert session.run(zeros).tolist() == [[0.0] * 3] * 2


def test_a_variable_and_what_it_reads_have_the_same_gradient(session):
    v = tf.Variable(3.0)
    session.run(v.initializer)
    assert session.run(tf.gradients(v * v, v)) == [6.0]
    read = tf.identity(v)
    assert session.run(tf.gradients(read * read + v, [read, v])) == [6.0, 7.0]
    assert session.run(tf.gradients(v, v)) == [1.0]


def test_x_and_what_follows_from_it_may_both_be_asked_for(session):
    x = tf.constant(1.0)
    y = x * 2.0
    z = y * 3.0
    assert session.run(tf.gradients(z, [x, y])) == [6.0, 3.0]


def test_zeros_are_for_the_unconnected_and_change_nothing_else(session):
    x, apart = tf.constant(2.0), tf.constant(1.0)
    grads = tf.gradients(x * 8.0, [x, apart], unconnected_gradients="zero")
    assert session.run(grads) == [8.0, 0.0]


def test_a_function_with_a_wrong_gradient_is_believed(session):
    @tf.custom_gradient
    def identity(x):
        return x, lambda grad: 9.0 * grad

    x = tf.constant(50.0)
    assert session.run(tf.gradients(identity(x), x)) == [9.0]


# optimizer_test -----------------------------------------------------------------------------


@pytest.fixture
def pair(session):
    pair = tf.Variable([1.0, 2.0]), tf.Variable([3.0, 4.0])
    session.run(tf.global_variables_initializer())
    return pair


def test_no_trainable_variables_are_nothing_to_minimize():
    loss = tf.Variable(5.0, trainable=False) * 5.0
    with pytest.raises(ValueError, match="No variables to optimize"):
        tf.train.GradientDescentOptimizer(3.0).minimize(loss)


def test_no_gradient_at_all_is_nothing_to_apply(pair):
    v0, v1 = pair
    optimizer = tf.train.GradientDescentOptimizer(3.0)
    with pytest.raises(ValueError, match="No gradients"):
        optimizer.minimize(v0 * 5.0, var_list=[v1])
    with pytest.raises(ValueError, match="No gradients provided for any variable"):
        optimizer.apply_gradients([(None, v0), (None, v1)])


def test_one_gradient_is_enough_to_apply(session, pair):
    v0, v1 = pair
    step = tf.train.GradientDescentOptimizer(3.0).minimize(v1 * 5.0, var_list=[v0, v1])
    session.run(step)
    assert session.run(v0).tolist() == [1.0, 2.0]
    assert session.run(v1).tolist() == [-12.0, -11.0]


# framework/ops_test -------------------------------------------------------------------------


def test_names_taken_out_of_order_stay_unique(graph):
    assert [graph.unique_name(name) for name in ["foo_1", "foo", "foo", "foo", "foo_1"]] == [
        "foo_1", "foo", "foo_2", "foo_3", "foo_1_1",
    ]  # fmt: skip


def test_scopes_with_and_without_a_name(graph):
    with graph.name_scope("foo") as foo:
        assert foo == "foo/"
        with graph.name_scope("bar") as bar:
            assert bar == "foo/bar/"
        with graph.name_scope(None) as top:
            assert top == ""
            with graph.name_scope("") as still:
                assert still == ""
            assert tf.constant(1.0, name="c").op.name == "c"
        with graph.name_scope(bar) as again:
            assert again == "foo/bar/"
        with graph.name_scope("bar") as second:
            assert second == "foo/bar_1/"
        with graph.name_scope("elsewhere/") as exact:
            assert exact == "elsewhere/"
    with graph.name_scope("foo") as next_foo:
        assert next_foo == "foo_1/"


def controls(tensor):
    return sorted(op.name for op in tensor.op.control_inputs)


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
    assert [controls(t) for t in (none, only_b, again_none, back)] == [[], ["b"], [], ["a"]]


def test_a_control_that_an_operand_is_made_of_is_no_edge_of_its_own(graph):
    a, b = tf.constant(1.0, name="a"), tf.constant(2.0, name="b")
    with graph.control_dependencies([a]):
        reads_a, reads_b = tf.identity(a), tf.identity(b)
        reads_the_second = tf.identity(reads_b)
    assert [controls(t) for t in (reads_a, reads_b, reads_the_second)] == [[], ["a"], []]


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


def test_an_override_by_a_name_that_nobody_registered_fails_when_it_is_looked_up(graph):
    with graph.gradient_override_map({"Sin": "nobody has this name"}):
        y = tf.sin(tf.constant([1.0]))
    with pytest.raises(LookupError, match="No gradient defined for operation 'Sin'"):
        gradient_rule(y.op)


# math, array, nn and clip -------------------------------------------------------------------


def test_a_squared_difference_sums_over_whichever_side_was_broadcast(session):
    x, y = tf.constant([[1.0, 2.0]]), tf.constant([[3.0], [5.0]])
    by_x, by_y = session.run(tf.gradients(tf.squared_difference(x, y), [x, y]))
    assert by_x.tolist() == [[-12.0, -8.0]]
    assert by_y.tolist() == [[6.0], [14.0]]


def test_a_power_of_zero_has_the_gradient_of_its_exponent(session):
    x = tf.constant([-1.0, 0.0, 1.0])
    assert session.run(tf.gradients(x**2.0, x)[0]).tolist() == [-2.0, 0.0, 2.0]


def test_the_remainder_sends_the_negative_quotient_to_its_divisor(session):
    x, y = tf.constant([7.0, -7.0]), tf.constant([4.0, 4.0])
    by_x, by_y = session.run(tf.gradients(tf.floormod(x, y), [x, y]))
    assert by_x.tolist() == [1.0, 1.0]
    assert by_y.tolist() == [-1.0, 2.0]


@pytest.mark.parametrize("axis", [None, -1])
def test_a_product_sends_each_the_product_of_the_others(session, axis):
    x = tf.constant([[2.0, 3.0, 5.0]])
    assert session.run(tf.gradients(tf.reduce_prod(x, axis), x)[0]).tolist() == [[15.0, 10.0, 6.0]]


def test_an_element_that_is_gathered_twice_counts_twice(session):
    x = tf.constant([1.0, 2.0, 3.0])
    y = tf.gather(x, [[0, 2], [2, 2]]) * [[1.0, 2.0], [3.0, 4.0]]
    assert session.run(tf.gradients(y, x)[0]).tolist() == [1.0, 0.0, 9.0]


def test_relu6_has_a_second_derivative_between_its_kinks(session):
    x = tf.constant([-1.0, 3.0, 7.0])
    slope = tf.gradients(tf.nn.relu6(x) ** 2.0 / 2.0, x)[0]
    assert session.run(slope).tolist() == [0.0, 3.0, 0.0]
    assert session.run(tf.gradients(slope, x)[0]).tolist() == [0.0, 1.0, 0.0]


@pytest.mark.parametrize("choose", [tf.minimum, tf.maximum])
def test_of_a_tie_the_first_operand_receives_all(session, choose):
    x, y = tf.constant([1.0, 2.0]), tf.constant([1.0, 2.0])
    by_x, by_y = session.run(tf.gradients(choose(x, y), [x, y]))
    assert by_x.tolist() == [1.0, 1.0]
    assert by_y.tolist() == [0.0, 0.0]


def test_what_was_not_sliced_receives_zero(session):
    x = tf.constant([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    y = tf.slice(x, [1, 1], [1, 2]) * [[10.0, 20.0]]
    assert session.run(tf.gradients(y, x)[0]).tolist() == [[0.0] * 3, [0.0, 10.0, 20.0]]
