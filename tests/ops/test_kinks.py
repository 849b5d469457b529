"""What the gradient is where there is none, or more than one: at kinks, ties, zeros and poles.

TensorFlow 1.15's answers, measured; the few places where nbgrad answers better are at the end.
"""

import numpy as np
import pytest

import nbgrad as tf

INF, NAN = np.inf, np.nan

# Expression of x (and y): where, and the gradient with respect to each.
ONE_POINT = {
    "tf.abs(x)": [(0.0, 0.0), (-0.0, 0.0), (2.0, 1.0)],
    "tf.sign(x)": [(0.0, 0.0), (3.0, 0.0)],
    "tf.nn.relu(x)": [(0.0, 0.0), (1e-30, 1.0)],
    "tf.nn.relu6(x)": [(0.0, 0.0), (6.0, 0.0), (5.9, 1.0)],
    "tf.nn.leaky_relu(x)": [(0.0, 0.2), (1.0, 1.0)],
    "tf.nn.elu(x)": [(0.0, 1.0)],
    "tf.nn.selu(x)": [(0.0, 1.0507009873554805)],
    "tf.maximum(x, 0.)": [(0.0, 1.0)],
    "tf.maximum(0., x)": [(0.0, 0.0)],
    "tf.maximum(x, x)": [(2.0, 1.0)],
    "tf.minimum(x, 0.)": [(0.0, 1.0)],
    "tf.minimum(0., x)": [(0.0, 0.0)],
    "tf.clip_by_value(x, -1., 1.)": [(-1.0, 1.0), (1.0, 1.0), (1.1, 0.0), (-1.1, 0.0)],
    "tf.sqrt(x)": [(0.0, INF), (-1.0, NAN)],
    "tf.rsqrt(x)": [(0.0, -INF)],
    "tf.log(x)": [(0.0, INF), (-1.0, -1.0)],
    "tf.log1p(x)": [(-1.0, INF)],
    "tf.reciprocal(x)": [(0.0, -INF)],
    "x ** 2": [(-1.0, -2.0), (0.0, 0.0)],
    "x ** 0": [(0.0, NAN)],
    "x ** 1": [(0.0, 1.0)],
    "x ** .5": [(0.0, INF)],
    "x ** -1": [(0.0, -INF)],
    "x ** 3": [(-2.0, 12.0)],
    "0. ** x": [(1.0, 0.0), (0.0, 0.0)],
    "tf.asin(x)": [(1.0, INF)],
    "tf.acos(x)": [(1.0, -INF)],
    "tf.norm([x, 0.])": [(0.0, NAN)],
    "tf.nn.l2_normalize([x, 0.])": [(0.0, 1e6)],
    "-x * tf.log(x)": [(0.0, NAN)],
    "tf.math.xlogy(x, x)": [(0.0, 0.0)],
    "tf.clip_by_norm([x, 0.], 1.)": [(0.0, 1.0)],
    "tf.floor(x)": [(0.5, None)],
    "x // 2.": [(0.5, None)],
    # The traps of tf.where: both branches run, and 0 · ∞ comes back from the dead one.
    "tf.where(x > 0, tf.log(x), 0.)": [(0.0, NAN)],
    "tf.where(x > 0, 1. / x, 0.)": [(0.0, NAN)],
    "tf.where(x > 0, x ** .5, 0.)": [(0.0, NAN)],
    "tf.where(x > 0, tf.sqrt(x), 0.)": [(0.0, 0.0)],
    "tf.where(x > 0, tf.log(tf.where(x > 0, x, 1.)), 0.)": [(0.0, 0.0)],
}
TWO_POINTS = {
    "x / y": [(1.0, 0.0, INF, -INF), (0.0, 0.0, INF, NAN)],
    "tf.div_no_nan(x, y)": [(1.0, 0.0, 0.0, 0.0)],
    "x ** y": [(-2.0, 3.0, 12.0, 0.0), (-8.0, 1 / 3, NAN, NAN)],
    "tf.maximum(x, y)": [(1.0, 1.0, 1.0, 0.0), (NAN, 1.0, 0.0, 1.0)],
    "tf.minimum(x, y)": [(1.0, 1.0, 1.0, 0.0)],
    "tf.atan2(x, y)": [(0.0, 0.0, NAN, NAN)],
    "tf.floormod(x, y)": [(7.5, 2.0, 1.0, -3.0), (-7.5, 2.0, 1.0, 4.0)],
    "tf.math.xlogy(x, y)": [(0.0, 0.0, 0.0, 0.0)],
    "tf.squared_difference(x, y)": [(2.0, 2.0, 0.0, 0.0)],
}
VECTORS = {
    "tf.reduce_max(x)": [([1.0, 3.0, 3.0], [0, 0.5, 0.5])],
    "tf.reduce_min(x)": [([1.0, 1.0, 1.0, 4.0], [1 / 3, 1 / 3, 1 / 3, 0])],
    "tf.reduce_max(x, 1)": [([[2.0, 2.0], [1.0, 0.0]], [[0.5, 0.5], [1, 0]])],
    "tf.nn.top_k(x, 1).values": [([3.0, 1.0, 3.0], [1, 0, 0])],
    "tf.unsorted_segment_max(x, [0, 0, 1], 2)": [([2.0, 2.0, 5.0], [0.5, 0.5, 1])],
    "tf.reduce_prod(x)": [
        ([2.0, 3.0, 5.0], [15, 10, 6]),
        ([2.0, 0.0, 4.0], [0, 8, 0]),
        ([2.0, 0.0, 0.0], [0, 0, 0]),
    ],
    "tf.reduce_logsumexp(x)": [
        ([1000.0, 1001.0], [0.26894142, 0.73105858]),
        ([-INF, -INF], [NAN, NAN]),
    ],
    "tf.reduce_mean(x)": [(np.zeros((0, 3)), np.zeros((0, 3)))],
    "tf.nn.max_pool(tf.reshape(x, [1, 2, 2, 1]), [1, 2, 2, 1], [1, 2, 2, 1], 'VALID')": [
        ([[5.0, 5.0], [5.0, 1.0]], [[1, 0], [0, 0]])
    ],
}


def every(table):
    cases = [(expression, point) for expression, points in table.items() for point in points]
    return pytest.mark.parametrize(("expression", "point"), cases)


def gradients_at(expression, *point):
    with tf.Graph().as_default(), tf.Session() as session:
        xs = [tf.constant(np.array(each, np.float64)) for each in point]
        y = eval(expression, {"tf": tf, **dict(zip("xy", xs, strict=False))})
        return [None if dx is None else session.run(dx) for dx in tf.gradients(y, xs)]


@every(ONE_POINT)
def test_the_slope_of_a_function_at_a_special_point(expression, point):
    x, slope = point
    [dx] = gradients_at(expression, x)
    assert (dx is None) == (slope is None)
    if slope is not None:
        np.testing.assert_allclose(dx, slope, rtol=1e-7)


@every(TWO_POINTS)
def test_the_slopes_of_a_function_of_two_numbers_at_a_special_point(expression, point):
    x, y, *slopes = point
    np.testing.assert_allclose(gradients_at(expression, x, y), slopes, rtol=1e-7)


@every(VECTORS)
def test_the_gradient_of_a_reduction_where_elements_tie_or_vanish(expression, point):
    x, gradient = point
    np.testing.assert_allclose(gradients_at(expression, x)[0], gradient, rtol=1e-6)


def test_the_bounds_of_a_clipping_receive_what_was_clipped():
    with tf.Graph().as_default(), tf.Session() as session:
        x, low, high = tf.constant([-2.0, 0.5, 3.0]), tf.constant(-1.0), tf.constant(1.0)
        clipped = tf.clip_by_value(x, low, high)
        dx, dlow, dhigh = session.run(tf.gradients(clipped, [x, low, high], [[1.0, 10.0, 100.0]]))
    assert dx.tolist() == [0, 10, 0]
    assert (dlow, dhigh) == (1, 100)


def test_relu6_has_a_second_derivative_between_its_kinks():
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.constant([-1.0, 3.0, 7.0])
        slope = tf.gradients(tf.nn.relu6(x) ** 2.0 / 2.0, x)[0]
        assert session.run(slope).tolist() == [0.0, 3.0, 0.0]
        assert session.run(tf.gradients(slope, x)[0]).tolist() == [0.0, 1.0, 0.0]


SECOND = {"tf.nn.relu(x)": [0, 0], "tf.abs(x)": [0, 0], "tf.maximum(x, 0.)": None, "3. * x": None}


@pytest.mark.parametrize("expression", SECOND)
def test_whether_a_second_derivative_is_zero_or_none_depends_on_the_graph(expression):
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.constant([-1.0, 2.0])
        [first] = tf.gradients(eval(expression, {"tf": tf, "x": x}), x)
        [second] = tf.gradients(first, x)
        found = None if second is None else session.run(second).tolist()
    assert found == SECOND[expression]


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("tf.matrix_inverse(x)", "Input is not invertible"),
        ("tf.matrix_solve(x, x)", "Input matrix is not invertible"),
        ("tf.matrix_triangular_solve(x, x)", "Input matrix is not invertible"),
        ("tf.cholesky(-x)", "Cholesky decomposition was not successful"),
        ("tf.check_numerics(x / 0., 'x')", "x : Tensor had Inf and NaN values"),
    ],
)
def test_a_matrix_without_an_answer_is_an_error_that_says_so(expression, message):
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.constant([[0.0, 2.0], [0.0, 4.0]])
        with pytest.raises(tf.errors.InvalidArgumentError, match=message):
            session.run(eval(expression, {"tf": tf, "x": x}))


# Where nbgrad answers what is right and TensorFlow does not ----------------------------------


@pytest.mark.parametrize(
    ("expression", "x", "gradient"),
    [
        ("tf.cumprod(x)", [1.0, 0.0, 3.0], [1, 4, 0]),  # TensorFlow: [1, nan, 0]
        ("tf.atan2(x, [[1.], [2.]])", [0.0, 0.0], [1.5, 1.5]),  # TensorFlow: ValueError
    ],
)
def test_a_gradient_that_tensorflow_gets_wrong_is_right_here(expression, x, gradient):
    np.testing.assert_allclose(gradients_at(expression, x)[0], gradient)
