"""Heavier mathematics, where NumPy's own time should be all there is."""

import functools

import numpy as np
import pytest

import nbgrad as tf

random = np.random.default_rng(0)

# A convolution --------------------------------------------------------------------------------

IMAGES = random.normal(size=(8, 16, 16, 3)).astype(np.float32)
FILTERS = random.normal(size=(3, 3, 3, 8)).astype(np.float32)


def convolution_by_hand():
    windows = np.lib.stride_tricks.sliding_window_view

    def step():
        padded = np.pad(IMAGES, ((0, 0), (1, 1), (1, 1), (0, 0)))
        columns = windows(padded, (3, 3), (1, 2)).reshape(-1, 27)
        flat = FILTERS.transpose(2, 0, 1, 3).reshape(27, 8)
        z = columns @ flat
        d_flat = columns.T @ (2 * z)
        d_filters = d_flat.reshape(3, 3, 3, 8).transpose(1, 2, 0, 3)
        return np.square(z).sum(), d_filters

    return step


def convolution_in(tf):
    with tf.Graph().as_default() as graph:
        images = tf.placeholder(tf.float32, IMAGES.shape)
        filters = tf.placeholder(tf.float32, FILTERS.shape)
        z = tf.nn.conv2d(images, filters, strides=[1, 1, 1, 1], padding="SAME")
        loss = tf.reduce_sum(tf.square(z))
        fetches = [loss, *tf.gradients(loss, filters)]
    step = tf.Session(graph=graph).make_callable(fetches, [images, filters])
    return lambda: step(IMAGES, FILTERS)


def convolution_in_nbgrad():
    return convolution_in(tf)


def convolution_in_tensorflow():
    return convolution_in(pytest.importorskip("tensorflow").compat.v1)


def convolution_in_pytorch():
    torch = pytest.importorskip("torch")
    images = torch.from_numpy(IMAGES.transpose(0, 3, 1, 2).copy())
    filters = torch.tensor(FILTERS.transpose(3, 2, 0, 1).copy(), requires_grad=True)

    def step():
        loss = torch.nn.functional.conv2d(images, filters, padding=1).square().sum()
        (d_filters,) = torch.autograd.grad(loss, filters)
        return loss.detach(), d_filters.permute(2, 3, 1, 0)

    return step


@pytest.mark.parametrize(
    "contender",
    [
        *(convolution_by_hand, convolution_in_nbgrad),
        *(convolution_in_pytorch, convolution_in_tensorflow),
    ],
)
def test_a_convolution(measure, contender):
    measure("convolution 8×16×16×3 with 3×3×3×8", contender, convolution_by_hand)


# A convolution network ------------------------------------------------------------------------

PICTURES = random.normal(size=(32, 28, 28, 1)).astype(np.float32)
DIGITS = np.eye(10, dtype=np.float32)[random.integers(0, 10, 32)]
LAYERS = [
    (random.normal(size=shape) / 10).astype(np.float32)
    for shape in [(5, 5, 1, 16), (16,), (5, 5, 16, 32), (32,), (7 * 7 * 32, 10), (10,)]
]


def network_in(tf, pool, **options):
    """Two convolutions with pools, and a dense layer: the loss and its six gradients."""
    with tf.Graph().as_default() as graph:
        pictures = tf.placeholder(tf.float32, PICTURES.shape)
        digits = tf.placeholder(tf.float32, DIGITS.shape)
        parameters = [tf.Variable(value) for value in LAYERS]
        h = pictures
        for w, b in (parameters[:2], parameters[2:4]):
            h = tf.nn.relu(tf.nn.conv2d(h, w, strides=[1, 1, 1, 1], padding="SAME") + b)
            h = getattr(tf.nn, pool)(h, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
        logits = tf.matmul(tf.reshape(h, [32, -1]), parameters[4]) + parameters[5]
        losses = tf.nn.softmax_cross_entropy_with_logits_v2(labels=digits, logits=logits)
        loss = tf.reduce_mean(losses)
        fetches = [loss, *tf.gradients(loss, parameters)]
        session = tf.Session(graph=graph, **options)
        session.run(tf.global_variables_initializer())
    step = session.make_callable(fetches, [pictures, digits])
    return lambda: step(PICTURES, DIGITS)


def network_in_nbgrad(pool):
    return network_in(tf, pool)


def network_in_tensorflow_on_one_core(pool):
    v1 = pytest.importorskip("tensorflow").compat.v1
    config = v1.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1)
    return network_in(v1, pool, config=config)


@pytest.mark.parametrize("contender", [network_in_nbgrad, network_in_tensorflow_on_one_core])
@pytest.mark.parametrize("pool", ["max_pool", "avg_pool"])
def test_a_convolution_network(measure, contender, pool):
    """With OPENBLAS_NUM_THREADS=1, 1.3 times TensorFlow's time on an AMD EPYC."""

    @functools.wraps(contender)
    def with_pool():
        return contender(pool)

    workload = f"convolution network 28×28→16→32→10, batch 32, with {pool}"
    measure(workload, with_pool, lambda: network_in_nbgrad(pool))


# A Gaussian process ---------------------------------------------------------------------------

POINTS = np.linspace(0, 10, 300)
DISTANCES = np.square(POINTS[:, None] - POINTS[None, :])
VALUES = np.sin(POINTS)[:, None]
LENGTH_SCALE = 0.7


def process_by_hand():
    def step():
        scaled = DISTANCES / LENGTH_SCALE**2
        kernel = np.exp(-0.5 * scaled)
        solution = np.linalg.solve(kernel + 0.1 * np.eye(300), VALUES)
        loss = (VALUES * solution).sum()
        d_kernel = -solution @ solution.T
        return loss, (d_kernel * kernel * scaled).sum() / LENGTH_SCALE

    return step


def process_in(tf):
    with tf.Graph().as_default() as graph:
        scale = tf.placeholder(tf.float64, [])
        kernel = tf.exp(-0.5 * (tf.constant(DISTANCES) / tf.square(scale)))
        noise = 0.1 * tf.eye(300, dtype=tf.float64)
        solution = tf.matrix_solve(kernel + noise, tf.constant(VALUES))
        loss = tf.reduce_sum(tf.constant(VALUES) * solution)
        fetches = [loss, *tf.gradients(loss, scale)]
    step = tf.Session(graph=graph).make_callable(fetches, [scale])
    return lambda: step(LENGTH_SCALE)


def process_in_nbgrad():
    return process_in(tf)


def process_in_tensorflow():
    return process_in(pytest.importorskip("tensorflow").compat.v1)


@pytest.mark.parametrize("contender", [process_by_hand, process_in_nbgrad, process_in_tensorflow])
def test_a_gaussian_process(measure, contender):
    measure("Gaussian process, 300 points", contender, process_by_hand)


# An optimizer's loop --------------------------------------------------------------------------

STEPS = 100
TARGET = np.arange(10, dtype=np.float32)


def descent_by_hand():
    def step():
        w, momentum = np.zeros(10, np.float32), np.zeros(10, np.float32)
        rate, decay = np.float32(0.01), np.float32(0.9)
        for _ in range(STEPS):
            momentum = decay * momentum + 2 * (w - TARGET)
            w = w - rate * momentum
        return (w,)

    return step


def descent_in(tf):
    with tf.Graph().as_default() as graph:
        w = tf.Variable(np.zeros(10, np.float32))
        loss = tf.reduce_sum(tf.square(w - TARGET))
        train = tf.train.MomentumOptimizer(0.01, 0.9).minimize(loss)
        restart = tf.global_variables_initializer()
    session = tf.Session(graph=graph)

    def step():
        session.run(restart)
        for _ in range(STEPS):
            session.run(train)
        return (session.run(w),)

    return step


def descent_in_nbgrad():
    return descent_in(tf)


def descent_in_tensorflow():
    return descent_in(pytest.importorskip("tensorflow").compat.v1)


def descent_in_pytorch():
    torch = pytest.importorskip("torch")
    target = torch.from_numpy(TARGET)

    def step():
        w = torch.zeros(10, requires_grad=True)
        optimizer = torch.optim.SGD([w], 0.01, momentum=0.9)
        for _ in range(STEPS):
            optimizer.zero_grad()
            (w - target).square().sum().backward()
            optimizer.step()
        return (w.detach(),)

    return step


@pytest.mark.parametrize(
    "contender",
    [descent_by_hand, descent_in_nbgrad, descent_in_pytorch, descent_in_tensorflow],
)
def test_an_optimizers_loop(measure, contender):
    measure("100 steps of gradient descent with momentum", contender, descent_by_hand)
