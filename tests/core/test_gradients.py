"""The reverse pass: three mistakes that others made first, and then what it answers."""

import itertools

import numpy as np
import pytest

import nbgrad as tf
from nbgrad.core.reverse import operations_between, reverse_pass


def run(tensors, feed=None):
    with tf.Session(graph=tf.get_default_graph()) as session:
        return session.run(tensors, feed)


def test_paths_of_unequal_length_are_added_before_they_are_sent_on():
    with tf.Graph().as_default():
        x = tf.constant(0.5, tf.float64)
        [dx] = tf.gradients(x + tf.log(tf.sigmoid(x)), x)
        np.testing.assert_allclose(run(dx), 1 + 1 / (1 + np.exp(0.5)))


def test_a_reader_of_x_that_no_y_needs_changes_nothing():
    with tf.Graph().as_default():
        x = tf.constant(3.0)
        tf.exp(x, name="unused")
        assert run(tf.gradients(x * x, x)) == [6.0]


def test_both_operands_count_where_a_tensor_stands_twice():
    with tf.Graph().as_default():
        x = tf.constant([[1.0, 2.0], [3.0, 4.0]])
        [dx] = tf.gradients(tf.reduce_sum(x @ x), x)
        np.testing.assert_array_equal(run(dx), [[7, 11], [9, 13]])


# Arguments ----------------------------------------------------------------------------------


@pytest.fixture
def x(graph):
    return tf.constant(3.0, name="x")


def test_the_answer_is_a_list_as_long_as_xs(x):
    y = x * x
    for xs in (x, [x], (x,)):
        assert run(tf.gradients(y, xs)) == [6.0]
    assert tf.gradients(y, []) == []
    assert tf.gradients([], [x, y]) == [None, None]


def test_several_ys_are_summed_whatever_their_shapes(x):
    ys = [x * x, 5 * x, x * tf.ones([2, 2])]
    assert run(tf.gradients(ys, x)) == [6 + 5 + 4]
    assert run(tf.gradients([x * 2, tf.cast(x, tf.float64) * 3], x)) == [5.0]


def test_a_vector_y_counts_as_the_sum_of_its_elements(graph):
    x = tf.constant([1.0, 2.0, 3.0])
    np.testing.assert_array_equal(run(tf.gradients(x**2, x)[0]), [2, 4, 6])


def test_a_y_listed_twice_counts_twice_and_an_x_is_answered_twice(x):
    y = x * x
    assert run(tf.gradients([y, y], x)) == [12.0]
    first, second = tf.gradients(y, [x, x])
    assert first is second


def test_y_itself_may_be_an_x(x):
    y = x * x
    assert run(tf.gradients(y, [y, x])) == [1.0, 6.0]
    assert run(tf.gradients([x, x], x)) == [2.0]
    assert run(tf.gradients([x, y], x)) == [7.0]


def test_derivatives_are_total_also_with_respect_to_what_depends_on_another_x(x):
    m = x * x
    assert run(tf.gradients(m * x, [x, m])) == [27.0, 3.0]


def test_dependent_ys_give_the_same_in_three_ways(graph):
    x = tf.constant(3.0)
    y = tf.square(x)
    y1, y2 = tf.square(y), tf.square(y + 0.0)
    z = 3 * x + 10 * y + y1 + y2 + tf.square(y1) + tf.square(y2)
    [total] = tf.gradients(z, x)
    stepwise = tf.gradients(y, x, grad_ys=tf.gradients(z, y, stop_gradients=[x]))[0] + 3.0
    parts = [3 * x, 10 * y, y1, y2, tf.square(y1), tf.square(y2)]
    [summed] = tf.gradients(parts, x)
    np.testing.assert_allclose(*run([[total, total], [stepwise, summed]]), rtol=1e-6)


def test_lists_of_ys_are_packed_and_lists_of_xs_refused(graph):
    a, b = tf.constant(2.0), tf.constant(3.0)
    assert run(tf.gradients([[a * b, a]], [a, b])) == [4.0, 2.0]
    with pytest.raises(TypeError, match="List of Tensors when single Tensor expected"):
        tf.gradients(a * b, [[a, b]])


def test_operations_go_to_the_graph_of_the_ys():
    with tf.Graph().as_default() as graph:
        x = tf.constant(3.0)
        y = x * x
    assert tf.gradients(y, x)[0].graph is graph


# Weights ------------------------------------------------------------------------------------


def test_grad_ys_multiplies_the_ys(graph):
    x = tf.constant([1.0, 2.0])
    for weight in ([[10.0, 100.0]], np.float32([10, 100]), tf.constant([10.0, 100.0])):
        weights = weight if isinstance(weight, list) else [weight]
        assert run(tf.gradients(x * x, x, grad_ys=weights)[0]).tolist() == [20, 400]


def test_none_among_the_seeds_means_ones(x):
    assert run(tf.gradients([x * x, 5 * x], x, grad_ys=[None, 2.0])) == [16.0]


def test_a_seed_is_a_constant_factor_even_if_it_depends_on_x(x):
    assert run(tf.gradients(x * x, x, grad_ys=[x])) == [18.0]


def test_a_variable_or_a_placeholder_may_be_a_seed(x):
    p, v = tf.placeholder(tf.float32, []), tf.Variable(4.0)
    [by_p], [by_v] = tf.gradients(x * x, x, [p]), tf.gradients(x * x, x, [v])
    with tf.Session() as session:
        session.run(v.initializer)
        assert session.run([by_p, by_v], {p: 3.0}) == [18.0, 24.0]


def test_a_seed_for_y_itself_is_returned_as_it_is(x):
    assert run(tf.gradients(x, x, grad_ys=[[1.0, 2.0]]))[0].tolist() == [1, 2]


def test_the_seed_may_be_fed(graph):
    x = tf.constant([3.0, 4.0])
    [dx] = tf.gradients(x * x, x)
    assert run(dx, {"gradients/Fill:0": [1, 0]}).tolist() == [6, 0]


def test_rows_of_a_jacobian_come_from_seeds_of_one_and_zero(graph):
    x = tf.constant([2.0, 3.0])
    y = tf.stack([x[0] * x[1], x[1] ** 2])
    rows = [tf.gradients(y, x, [row])[0] for row in ([1.0, 0.0], [0.0, 1.0])]
    assert np.array(run(rows)).tolist() == [[3, 2], [0, 6]]


def test_twice_backward_is_once_forward(graph):
    x = tf.constant([2.0, 3.0])
    y = tf.stack([x[0] * x[1], x[1] ** 2])
    u = tf.placeholder_with_default([0.0, 0.0], [2])
    [pulled] = tf.gradients(y, x, u)
    [pushed] = tf.gradients(pulled, u, [[1.0, 10.0]])
    assert run(pushed).tolist() == [3 + 20, 60]


# Stops --------------------------------------------------------------------------------------


def test_stopping_makes_derivatives_partial(graph):
    a = tf.constant(0.0)
    b = 2 * a
    answers = {(): [3, 1], (a, b): [1, 1], (b,): [1, 1], (a,): [3, 1]}
    for stops, answer in answers.items():
        assert run(tf.gradients(a + b, [a, b], stop_gradients=list(stops))) == answer
    assert run(tf.gradients(a + b, [a, b], stop_gradients=b)) == [1, 1]


def test_every_set_of_stops_equals_stop_gradient_operations_at_first_order(graph):
    def program(stopped):
        graph_of_four = []
        for build in (
            lambda: tf.constant(1.0),
            lambda a: a + tf.constant(2.0),
            lambda a, b: a * b + b,
            lambda a, b, c: c * c + a * b,
        ):
            tensor = build(*graph_of_four)
            position = len(graph_of_four)
            graph_of_four.append(tf.stop_gradient(tensor) if position in stopped else tensor)
        return graph_of_four

    for bits in itertools.product([False, True], repeat=4):
        chosen = {i for i, bit in enumerate(bits) if bit}
        plain, walled = program(()), program(chosen)
        by_argument = tf.gradients(plain[3], plain, stop_gradients=[plain[i] for i in chosen])
        by_operation = tf.gradients(walled[3], walled)
        zero = tf.constant(0.0)
        got, wanted = run(
            [[zero if g is None else g for g in gs] for gs in (by_argument, by_operation)]
        )
        np.testing.assert_allclose(got, wanted)


def test_a_stop_binds_one_call_and_the_operation_binds_for_ever(x):
    m, n = x * x, tf.stop_gradient(x * x)
    [once] = tf.gradients(m * x**2, x, stop_gradients=[m])
    [always] = tf.gradients(n * x**2, x)
    assert run([once, *tf.gradients(once, x)]) == [54.0, 54.0]
    assert run([always, *tf.gradients(always, x)]) == [54.0, 18.0]


def test_a_stopped_tensor_keeps_what_arrives(x):
    y = x * x
    assert tf.gradients(y, [x], stop_gradients=[y]) == [None]
    [nothing, one] = tf.gradients(y, [x, y], stop_gradients=[y])
    assert nothing is None
    assert run(one) == 1.0


def test_stops_work_by_operation_not_by_tensor(x):
    left, right = tf.split(tf.stack([x, x]), 2)
    assert tf.gradients(left * right, x, stop_gradients=[left]) == [None]


# None, zero, integers -----------------------------------------------------------------------


def test_unconnected_means_none_or_zeros_of_xs_dtype(graph):
    x, other = tf.constant(1.0), tf.constant([1.0, 2.0], tf.float64)
    for zero in ("zero", tf.UnconnectedGradients.ZERO):
        [zeros] = tf.gradients(x * x, other, unconnected_gradients=zero)
        assert zeros.dtype == tf.float64
        assert run(zeros).tolist() == [0, 0]
    assert tf.gradients(x * x, other, unconnected_gradients="none") == [None]
    integers = tf.gradients(x, tf.constant([1, 2]), unconnected_gradients="zero")[0]
    assert integers.dtype == tf.int32


@pytest.mark.parametrize("dtype", [tf.float32, tf.float64], ids=["float32", "float64"])
def test_zeros_for_an_unconnected_variable_have_its_dtype_and_shape(graph, dtype):
    v = tf.Variable(tf.ones([2, 3], dtype))
    session = tf.Session()
    session.run(v.initializer)
    zeros = tf.gradients([tf.constant(1.0)], v, unconnected_gradients="zero")[0]
    assert zeros.dtype == dtype
    assert session.run(zeros).tolist() == [[0.0] * 3] * 2


def test_zeros_are_for_the_unconnected_and_change_nothing_else(graph):
    x, apart = tf.constant(2.0), tf.constant(1.0)
    grads = tf.gradients(x * 8.0, [x, apart], unconnected_gradients="zero")
    assert run(grads) == [8.0, 0.0]


def test_a_variable_and_what_it_reads_have_the_same_gradient(graph):
    v = tf.Variable(3.0)
    session = tf.Session()
    session.run(v.initializer)
    assert session.run(tf.gradients(v * v, v)) == [6.0]
    read = tf.identity(v)
    assert session.run(tf.gradients(read * read + v, [read, v])) == [6.0, 7.0]
    assert session.run(tf.gradients(v, v)) == [1.0]


def test_connected_by_a_factor_of_zero_is_not_unconnected(x):
    assert run(tf.gradients(x * 0.0, x)) == [0.0]


def test_integers_carry_no_gradient(x):
    i = tf.constant(3)
    through = tf.cast(tf.cast(x, tf.int32), tf.float32)
    assert tf.gradients(through * 2, x) == [None]
    assert tf.gradients(tf.cast(i, tf.float32) * 2, i) == [None]
    assert run(tf.gradients(through + x, x)) == [1.0]
    assert run(tf.gradients(i, i)) == [1]


def test_sign_has_the_derivative_zero_and_floor_none(x):
    assert run(tf.gradients(tf.sign(x), x)) == [0.0]
    assert tf.gradients(tf.floor(x), x) == [None]


def test_an_unused_output_counts_as_zeros(graph):
    w = tf.ones([2, 4])
    _, second = tf.split(w, 2, axis=0)
    assert run(tf.gradients(second, w)[0]).tolist() == [[0] * 4, [1] * 4]


def test_the_second_derivative_of_a_line_is_none_and_the_fifth_of_x4_zero(x):
    [slope] = tf.gradients(3 * x, x)
    assert tf.gradients(slope, x) == [None]
    t = x**4
    for _ in range(5):
        [t] = tf.gradients(t, x)
    assert run(t) == 0.0


def test_complex_ys_need_seeds(graph):
    z = tf.constant(7 + 3j, tf.complex64)
    [dz] = tf.gradients(z * z, z, grad_ys=[tf.constant(1, tf.complex64)])
    assert run(dz) == 14 - 6j


# What is built ------------------------------------------------------------------------------


def added_by(build):
    graph = tf.get_default_graph()
    before = graph.version
    answer = build()
    return [op.name for op in graph.get_operations()[before:]], answer


def test_operations_are_named_as_tensorflow_names_them(graph):
    x, w, b = tf.constant(1.0, name="x"), tf.constant(2.0, name="w"), tf.constant(3.0, name="b")
    y = tf.add(tf.multiply(x, w, "xw"), b, "y")
    names, grads = added_by(lambda: tf.gradients(y, [w, b]))
    seed = ["gradients/Shape", "gradients/grad_ys_0", "gradients/Fill"]
    assert names == [*seed, "gradients/xw_grad/Mul", "gradients/xw_grad/Mul_1"]
    assert [g.name for g in grads] == ["gradients/xw_grad/Mul_1:0", "gradients/Fill:0"]
    assert added_by(lambda: tf.gradients(y, w))[0][0] == "gradients_1/Shape"
    assert added_by(lambda: tf.gradients(y, w, name="mygrad"))[0][0] == "mygrad/Shape"
    with tf.name_scope("layer"):
        assert added_by(lambda: tf.gradients(y, w))[0][0] == "layer/gradients/Shape"


def test_contributions_are_added_by_one_operation(x):
    names, [dx] = added_by(lambda: tf.gradients(tf.add_n([x * x, x, tf.sin(x)]), x))
    assert names[-1] == "gradients/AddN"
    assert len(dx.op.inputs) == 4


@pytest.mark.parametrize("method", [None, 0, 1, 2])
def test_every_aggregation_method_gives_the_same_number(x, method):
    y = tf.add_n([x * 1.0 for _ in range(10)])
    assert run(tf.gradients(y, x, aggregation_method=method)) == [10.0]


def test_the_gradient_of_a_product_of_matrices_is_one_of_matrices(graph):
    inputs, w = tf.ones([1, 2]), tf.ones([2, 2])
    xw = tf.matmul(inputs, w, name="xw")
    [dw] = tf.gradients(xw, w)
    assert (dw.op.type, dw.op.get_attr("transpose_a")) == ("MatMul", True)


def test_x_itself_is_never_differentiated(graph):
    x = tf.constant(2.0)
    with graph.gradient_override_map({"Identity": "Must not be asked"}):
        boundary = tf.identity(x)
    assert run(tf.gradients(boundary * boundary, boundary)) == [4.0]


def test_static_shapes_are_known_as_far_as_those_of_x(graph):
    known, unknown = tf.placeholder(tf.float32, [None, 3]), tf.placeholder(tf.float32)
    assert tf.gradients(known * 2, known)[0].shape.as_list() == [None, 3]
    assert tf.gradients(unknown * 2, unknown)[0].shape.ndims is None


def test_the_shape_of_a_gradient_may_be_decided_at_run_time(graph):
    a, b = tf.placeholder(tf.float32), tf.constant([1.0, 2.0, 3.0])
    [da] = tf.gradients(a * b, a)
    for value in (2.0, [2.0], [1.0, 1.0, 1.0]):
        assert run(da, {a: value}).shape == np.shape(value)


# Second derivatives -------------------------------------------------------------------------


def test_a_hessian_times_a_vector_takes_two_calls(graph):
    x, v = tf.constant([1.0, 2.0]), tf.constant([1.0, -1.0])
    a = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    [dx] = tf.gradients(tf.reduce_sum(x * tf.squeeze(tf.matmul(a, x[:, None]))), x)
    assert run(tf.gradients(dx, x, grad_ys=[v])[0]).tolist() == [-3, -3]


def test_hessians_have_the_shape_of_x_twice_over(graph):
    x, m = tf.constant([1.0, 2.0]), tf.constant([[1.0, 2.0]])
    of_x, of_m = run(tf.hessians(tf.reduce_sum(x**3) + tf.reduce_sum(m) ** 2, [x, m]))
    assert of_x.tolist() == [[6, 0], [0, 12]]
    assert of_m.shape == (1, 2, 1, 2)
    assert (of_m == 2).all()


def test_a_hessian_needs_a_known_shape_and_a_way(x):
    p = tf.placeholder(tf.float32, [None])
    with pytest.raises(ValueError, match="unknown number of rows"):
        tf.hessians(p * p, p)
    with pytest.raises(ValueError, match="None values not supported"):
        tf.hessians(x * x, tf.constant(1.0))


# The record ---------------------------------------------------------------------------------


def test_the_record_holds_each_step_in_the_order_of_the_pass(x):
    m = x * x
    y = tf.sin(m) + x
    reverse = reverse_pass(y, x)
    assert [step.op.name for step in reverse.steps] == ["add", "Sin", "mul"]
    assert [len(step.sent) for step in reverse.steps] == [2, 1, 2]
    assert len(reverse.received[x]) == 3
    assert reverse.received[m] == reverse.steps[1].sent


# Which operations lie between -----------------------------------------------------------------


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
