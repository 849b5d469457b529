"""Layers and losses of networks, against what they are defined to be."""

import numpy as np
import pytest

import nbgrad as tf
from nbgrad.checks.test import assert_gradient

IMAGE = np.sin(np.arange(2 * 5 * 6 * 3.0)).reshape(2, 5, 6, 3)
FILTER = np.cos(np.arange(3 * 2 * 3 * 4.0)).reshape(3, 2, 3, 4)


@pytest.fixture(autouse=True)
def session():
    with tf.Graph().as_default(), tf.Session() as running:
        yield running


def by_loops(image, weights, stride, same):
    """A convolution written out: one loop for each index."""
    (images, height, width, _), (rows, columns, _, filters) = image.shape, weights.shape
    if same:
        out = -(-height // stride), -(-width // stride)
        over = [
            max(0, (n - 1) * stride + k - size)
            for n, k, size in zip(out, (rows, columns), (height, width), strict=True)
        ]
        margins = [(each // 2, each - each // 2) for each in over]
        image = np.pad(image, [(0, 0), *margins, (0, 0)])
    else:
        out = (height - rows) // stride + 1, (width - columns) // stride + 1
    z = np.zeros((images, *out, filters))
    for n, i, j, o in np.ndindex(z.shape):
        window = image[n, i * stride : i * stride + rows, j * stride : j * stride + columns]
        z[n, i, j, o] = (window * weights[..., o]).sum()
    return z


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", ["SAME", "VALID"])
def test_a_convolution_is_the_sum_over_each_window(session, stride, padding):
    z = session.run(tf.nn.conv2d(IMAGE, FILTER, [1, stride, stride, 1], padding))
    np.testing.assert_allclose(z, by_loops(IMAGE, FILTER, stride, padding == "SAME"), atol=1e-12)


@pytest.mark.parametrize("padding", ["SAME", "VALID"])
@pytest.mark.parametrize("channels", [1, 8])
@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), (2, 1), (3, 1), (1, 2)])
def test_a_convolution_weighs_as_much_as_either_gradient(
    session, stride, dilation, channels, padding
):
    random = np.random.default_rng(0)
    image, weights = (
        random.normal(size=(2, 7, 8, channels)),
        random.normal(size=(3, 2, channels, 4)),
    )
    x, w = tf.constant(image), tf.constant(weights)
    z = tf.nn.conv2d(x, w, [1, stride, stride, 1], padding, dilations=[1, dilation, dilation, 1])
    dz = random.normal(size=z.shape.as_list())
    z, dx, dw = session.run([z, *tf.gradients(z, [x, w], grad_ys=dz)])
    if dilation == 1:
        wanted = by_loops(image, weights, stride, padding == "SAME")
        np.testing.assert_allclose(z, wanted, atol=1e-12)
    # It is linear in both, so the three sums of products are one number.
    np.testing.assert_allclose(np.sum(image * dx), np.sum(z * dz))
    np.testing.assert_allclose(np.sum(weights * dw), np.sum(z * dz))


def test_a_filter_may_be_larger_than_the_images(session):
    x, w = tf.ones([2, 1, 2, 4]), tf.ones([7, 5, 4, 1])
    z = tf.nn.conv2d(x, w, [1, 1, 1, 1], "SAME")
    z, dx, dw = session.run([z, *tf.gradients(z, [x, w])])
    assert z.ravel().tolist() == [8, 8, 8, 8]
    assert dx.ravel().tolist() == [2] * 16
    assert dw.sum((2, 3)).tolist() == [[0] * 5] * 3 + [[0, 8, 16, 8, 0]] + [[0] * 5] * 3


def test_of_no_images_there_are_no_windows(session):
    x, w = tf.zeros([0, 5, 6, 3]), tf.zeros([3, 2, 3, 4])
    z = tf.nn.max_pool(tf.nn.conv2d(x, w, [1, 1, 1, 1], "SAME"), [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    assert [each.shape for each in session.run([z, *tf.gradients(z, [x, w])])] == [
        *((0, 3, 3, 4), (0, 5, 6, 3), (3, 2, 3, 4))
    ]


def test_an_infinite_gradient_goes_to_the_largest_of_a_window_alone(session):
    x = tf.constant([[1.0, 3.0], [3.0, 2.0]])
    z = tf.nn.max_pool(tf.reshape(x, [1, 2, 2, 1]), [1, 2, 2, 1], [1, 2, 2, 1], "VALID")
    assert session.run(tf.gradients(z * np.inf, x))[0].tolist() == [[0, np.inf], [0, 0]]


@pytest.mark.parametrize("zero", [0.0, -0.0])
def test_of_zeros_with_either_sign_the_first_of_a_window_is_its_largest(session, zero):
    x = tf.constant([[[[zero], [-zero]], [[-zero], [zero]]]])
    z = tf.nn.max_pool(x, [1, 2, 2, 1], [1, 2, 2, 1], "VALID")
    z, dx, dx_of_zero = session.run([z, *tf.gradients(-5 * z, x), *tf.gradients(-0.0 * z, x)])
    assert np.signbit(z).item() == np.signbit(zero)
    assert dx.ravel().tolist() == [-5, 0, 0, 0]
    assert np.signbit(dx).sum() == 1  # 0 is sent to the others, not −0
    assert not np.signbit(dx_of_zero).any()


@pytest.mark.parametrize(
    ("stride", "wanted"),
    [
        (1, [[np.inf] * 3 + [1], [np.inf] * 3 + [2], [np.inf] * 3 + [2], [1, 2, 2, 1]]),
        (2, [[np.inf, 1] * 2, [1] * 4, [np.inf, 1] * 2, [1] * 4]),
    ],
)
def test_an_infinite_filter_reaches_what_its_windows_cover_and_no_other_cell(
    session, stride, wanted
):
    x = tf.ones([1, 4, 4, 1])
    w = tf.reshape(tf.constant([np.inf, 1.0, 1.0, 1.0]), [2, 2, 1, 1])
    z = tf.nn.conv2d(x, w, [1, stride, stride, 1], "VALID")
    assert session.run(tf.gradients(z, x))[0][0, :, :, 0].tolist() == wanted


def test_the_zeros_around_an_image_times_infinity_are_not_a_number(session):
    w = tf.constant([np.inf] + [1.0] * 8, tf.float32, [9])
    z = tf.nn.conv2d(tf.ones([1, 4, 4, 1]), tf.reshape(w, [3, 3, 1, 1]), [1, 1, 1, 1], "SAME")
    z = session.run(z)[0, :, :, 0]
    assert np.isnan(z).tolist() == [[True] * 4, *[[True] + [False] * 3] * 3]


def test_the_gradients_of_a_convolution_are_operations_of_their_own(session):
    x = tf.constant(np.arange(9.0).reshape(1, 3, 3, 1))
    w = tf.constant([[1.0, 2.0], [3.0, 4.0]], tf.float64, [2, 2])
    w = tf.reshape(w, [2, 2, 1, 1])
    dx, dw = tf.gradients(tf.nn.conv2d(x, w, [1, 1, 1, 1], "VALID"), [x, w])
    assert (dx.op.type, dw.op.type) == ("Conv2DBackpropInput", "Conv2DBackpropFilter")
    assert session.run(dx)[0, :, :, 0].tolist() == [[1, 3, 2], [4, 10, 6], [3, 7, 4]]
    assert session.run(dw)[:, :, 0, 0].tolist() == [[8, 12], [20, 24]]


def test_a_transposed_convolution_is_the_gradient_of_a_convolution(session):
    small = np.ones((2, 3, 3, 4))
    large = tf.nn.conv2d_transpose(small, FILTER, IMAGE.shape, [1, 2, 2, 1])
    x = tf.constant(IMAGE)
    [dx] = tf.gradients(tf.nn.conv2d(x, FILTER, [1, 2, 2, 1], "SAME"), x)
    np.testing.assert_array_equal(*session.run([large, dx]))


def test_pooling_hangs_over_the_edge_without_counting_what_is_outside(session):
    x = np.arange(9.0).reshape(1, 3, 3, 1)
    window, step = [1, 2, 2, 1], [1, 2, 2, 1]
    largest, mean = session.run(
        [tf.nn.max_pool(x, window, step, "SAME"), tf.nn.avg_pool(x, window, step, "SAME")]
    )
    assert largest[0, :, :, 0].tolist() == [[4, 5], [7, 8]]
    assert mean[0, :, :, 0].tolist() == [[2, 3.5], [6.5, 8]]


def test_a_dense_layer_tells_its_shape_before_it_runs():
    x = tf.placeholder(tf.float32, [None, 28, 28, 1])
    z = tf.nn.conv2d(x, tf.ones([5, 5, 1, 32]), [1, 1, 1, 1], "SAME")
    z = tf.nn.max_pool(z, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    assert z.shape.as_list() == [None, 14, 14, 32]
    assert tf.reshape(z, [-1, 14 * 14 * 32]).shape.as_list() == [None, 6272]


def test_cross_entropy_sends_back_prediction_minus_truth(session):
    logits, truth = tf.constant([[1.0, 2.0, 3.0]]), tf.constant([[0.0, 0.5, 0.7]])
    for function in (
        tf.nn.softmax_cross_entropy_with_logits,
        tf.nn.softmax_cross_entropy_with_logits_v2,
    ):
        loss = function(labels=truth, logits=logits)
        dx, dt = tf.gradients(loss, [logits, truth])
        p, t, error = session.run([tf.nn.softmax(logits), truth, dx])
        np.testing.assert_allclose(error, p - t, rtol=1e-6)
        if function is tf.nn.softmax_cross_entropy_with_logits:
            assert dt is None
        else:
            np.testing.assert_allclose(session.run(dt), -np.log(p), rtol=1e-5)


def test_cross_entropy_may_run_along_another_axis(session):
    logits = tf.constant(np.sin(np.arange(6.0)).reshape(3, 2))
    across = tf.nn.softmax_cross_entropy_with_logits_v2(
        labels=tf.transpose(logits), logits=tf.transpose(logits)
    )
    down = tf.nn.softmax_cross_entropy_with_logits_v2(labels=logits, logits=logits, axis=0)
    np.testing.assert_allclose(*session.run([across, down]))


def test_the_sparse_loss_is_the_dense_one_with_a_single_true_class(session):
    logits = tf.constant([[1.0, 2.0, 3.0], [0.5, 0.1, -2.0]])
    sparse = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[2, 0], logits=logits)
    dense = tf.nn.softmax_cross_entropy_with_logits(labels=tf.one_hot([2, 0], 3), logits=logits)
    np.testing.assert_allclose(*session.run([sparse, dense]), rtol=1e-6)


def test_the_logistic_loss_holds_at_either_end(session):
    x = tf.constant([-100.0, 0.0, 100.0])
    loss = tf.nn.sigmoid_cross_entropy_with_logits(labels=[1.0, 1.0, 0.0], logits=x)
    values, [slopes] = session.run([loss, tf.gradients(loss, x)])
    np.testing.assert_allclose(values, [100, np.log(2), 100], rtol=1e-6)
    np.testing.assert_allclose(slopes, [-1, -0.5, 1], rtol=1e-6)


def test_a_batch_is_normalised_with_the_usual_three_term_gradient():
    def layer(x, scale, offset):
        mean, variance = tf.nn.moments(x, [0])
        return tf.nn.batch_normalization(x, mean, variance, offset, scale, 1e-3)

    x = np.cos(np.arange(12.0)).reshape(4, 3)
    assert_gradient(layer, x, np.array([1.0, 2.0, 3.0]), np.zeros(3))


def test_dropout_keeps_the_mean_and_its_gradient_uses_the_same_mask(session):
    x = tf.ones([1000])
    kept = tf.nn.dropout(x, keep_prob=0.8, seed=1)
    value, [slope] = session.run([kept, tf.gradients(kept, x)])
    assert set(np.round(np.unique(value), 5)) == {0, 1.25}
    assert value.mean() == pytest.approx(1, abs=0.1)
    np.testing.assert_array_equal(value, slope)
    assert tf.nn.dropout(x, rate=0.0) is x


def test_dropout_may_be_switched_by_a_fed_probability(session):
    keep = tf.placeholder(tf.float32)
    assert session.run(tf.nn.dropout(tf.ones([3]), keep), {keep: 1.0}).tolist() == [1, 1, 1]


RANDOM = [
    lambda: tf.random_normal([2000], seed=3),
    lambda: tf.truncated_normal([2000], seed=3),
    lambda: tf.random_uniform([2000], -2.0, 2.0, seed=3),
    lambda: tf.random_uniform([2000], 0, 5, tf.int32, seed=3),
    lambda: tf.random_shuffle(tf.range(2000), seed=3),
]


@pytest.mark.parametrize("draw", RANDOM)
def test_random_numbers_change_from_run_to_run_and_repeat_from_session_to_session(draw):
    numbers = draw()
    with tf.Session() as one, tf.Session() as other:
        first, second = one.run(numbers), one.run(numbers)
        assert (first != second).any()
        np.testing.assert_array_equal(first, other.run(numbers))


def test_random_numbers_stay_in_their_bounds(session):
    near, between, whole = session.run(
        [
            tf.truncated_normal([5000], 1.0, 2.0, seed=1),
            tf.random_uniform([5000], -2.0, 3.0, seed=1),
            tf.random_uniform([5000], 0, 5, tf.int64, seed=1),
        ]
    )
    assert np.abs(near - 1).max() <= 4
    assert between.min() >= -2
    assert between.max() < 3
    assert set(whole) == {0, 1, 2, 3, 4}


def test_gradients_reach_the_mean_and_the_deviation_of_random_numbers(session):
    mean, deviation = tf.constant(1.0), tf.constant(2.0)
    sample = tf.random_normal([], mean, deviation)
    z, dmean, ddeviation = session.run([sample, *tf.gradients(sample, [mean, deviation])])
    assert dmean == 1
    assert ddeviation == pytest.approx((z - 1) / 2, rel=1e-5)
