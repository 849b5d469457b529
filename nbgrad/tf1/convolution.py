"""Convolution networks: convolutions and pools of images, dropout, moments, batch normalization.

Images are tensors [image, row, column, channel] ("NHWC", the only `data_format`). `strides`, the
step from one window to the next, `ksize`, its size, and `dilations`, the step from one cell of it
to the next, are one number, [rows, columns] or [1, rows, columns, 1]. With the `padding` "VALID"
windows lie inside the image; with "SAME" there is one at each stride, and they hang over its edges.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrad.core.attributes import attribute
from nbgrad.core.graph import Operand, Tensor, graph_of, shape_of
from nbgrad.core.operands import as_tensor
from nbgrad.ops.arithmetic import add, divide, multiply, negative, squared_difference, subtract
from nbgrad.ops.control import stop_gradient
from nbgrad.ops.convolution import _avg_pool, _conv2d, _conv2d_images, _max_pool
from nbgrad.ops.functions import pow, rsqrt
from nbgrad.ops.logic import greater_equal
from nbgrad.ops.piecewise import maximum
from nbgrad.ops.shaping import cast, reshape, size, size_along
from nbgrad.ops.shaping import shape as shape_tensor
from nbgrad.tf1.math import reduce_mean, without_axes
from nbgrad.tf1.random import random_uniform
from nbgrad.tf1.signatures import composite, matmul, takes

pool = takes("value, ksize, strides, padding, data_format='NHWC', name=None, input=None")


@takes(
    "input, filter=None, strides=None, padding=None, use_cudnn_on_gpu=True, data_format='NHWC', "
    "dilations=[1, 1, 1, 1], name=None, filters=None"
)
def conv2d(input, filter, strides, padding, data_format, dilations, name, **_unused) -> Tensor:
    """Images convolved with filters, z = Σ x · w over a window of the image x at each place.

    Filters have the shape [row, column, channel, result channel]; as in TensorFlow, they are not
    turned around.

    >>> image = tf.reshape([1.0, 2.0, 3.0, 4.0], [1, 2, 2, 1])
    >>> print(tf.Session().run(tf.nn.conv2d(image, tf.ones([1, 2, 1, 1]), 1, "VALID")).ravel())
    [3. 7.]
    """
    check_format(data_format)
    inside = checked_padding(padding, "Conv2D")
    strides, dilations = pair(strides, "strides"), pair(dilations, "dilations")
    return _conv2d(input, filter, strides, inside, dilations, name)


@takes(
    "value=None, filter=None, output_shape=None, strides=None, padding='SAME', "
    "data_format='NHWC', name='conv2d_transpose', input=None, filters=None, dilations=None"
)
def conv2d_transpose(value, filter, output_shape, strides, name, dilations, **how) -> Tensor:
    """The transpose of a convolution: the gradient of `conv2d` for its images.

    Filters have the shape [row, column, result channel, channel]; `output_shape` is needed, as
    several may lead to one shape of `value`. See Dumoulin, Visin, "A Guide to Convolution
    Arithmetic for Deep Learning", 2016.

    >>> image, ones = tf.reshape([1.0, 2.0], [1, 1, 2, 1]), tf.ones([1, 2, 1, 1])
    >>> whole = tf.nn.conv2d_transpose(image, ones, [1, 1, 3, 1], 1, "VALID")
    >>> print(tf.Session().run(whole).ravel())
    [1. 3. 2.]
    """
    check_format(how["data_format"])
    sizes, strides = attribute("shape", output_shape), pair(strides, "strides")
    dilations = (1, 1) if dilations is None else pair(dilations, "dilations")
    inside = checked_padding(how["padding"], "Conv2DBackpropInput")
    return _conv2d_images(filter, value, sizes, strides, inside, dilations, name)


@pool
def max_pool(value, ksize, strides, padding, data_format="NHWC", name=None) -> Tensor:
    """The largest number of each window of an image, z = max x.

    The gradient goes to the place of the largest: the first, row by row, where several tie. What
    hangs over the edges does not count.

    >>> image = tf.reshape([1.0, 2.0, 3.0, 4.0], [1, 1, 4, 1])
    >>> print(tf.Session().run(tf.nn.max_pool(image, [1, 2], [1, 2], "VALID")).ravel())
    [2. 4.]
    """
    return _max_pool(value, *pool_window("MaxPool", ksize, strides, padding, data_format), name)


@pool
def avg_pool(value, ksize, strides, padding, data_format="NHWC", name=None) -> Tensor:
    """The mean of each window of an image, z = Σ x / n over its cells that lie inside the image.

    >>> image = tf.reshape([1.0, 2.0, 3.0, 4.0], [1, 1, 4, 1])
    >>> print(tf.Session().run(tf.nn.avg_pool(image, [1, 2], [1, 2], "VALID")).ravel())
    [1.5 3.5]
    """
    return _avg_pool(value, *pool_window("AvgPool", ksize, strides, padding, data_format), name)


def pool_window(
    op_type, ksize, strides, padding, data_format
) -> tuple[tuple[int, int], tuple[int, int], str]:
    """The window of a pool, its strides and its padding."""
    check_format(data_format)
    inside = checked_padding(padding, op_type)
    return pair(ksize, "ksize"), pair(strides, "strides"), inside


def pair(numbers, argument: str) -> tuple[int, int]:
    """The two numbers for rows and columns, of four or two or one."""
    if isinstance(numbers, int):
        return numbers, numbers
    sizes = tuple(int(n) for n in numbers)
    if len(sizes) == 4:
        if sizes[0] != 1 or sizes[3] != 1:
            raise ValueError(
                f"Current implementation does not yet support {argument} in the batch and depth "
                "dimensions.\nThe first and the last number are 1."
            )
        sizes = sizes[1:3]
    if len(sizes) != 2:
        raise ValueError(f"{argument} should contain 1, 2 or 4 numbers: {list(sizes)}")
    return sizes[0], sizes[1]


def checked_padding(padding, op_type: str) -> str:
    if not isinstance(padding, str):
        raise TypeError(f"Expected string for argument 'padding' not {padding!r}.")
    if padding not in ("SAME", "VALID"):
        raise ValueError(
            f"Attr 'padding' of '{op_type}' Op passed string '{padding}' not in: \"SAME\", "
            '"VALID".'
        )
    return padding


def check_format(data_format: str | None) -> None:
    if data_format not in (None, "NHWC"):
        raise ValueError(
            f"The Conv2D op currently only supports the NHWC tensor format on the CPU, not "
            f"{data_format}.\nTranspose the images to [image, row, column, channel]."
        )


@composite("dropout", "x")
def dropout(x, keep_prob=None, noise_shape=None, seed=None, name=None, rate=None) -> Tensor:
    """Elements left out at random in every run, and the others scaled, z = x / keep or 0.

    The probability is that to keep an element, `keep_prob`, or that to leave it out, `rate`; the
    mean stays that of x. `noise_shape` is the shape of what is drawn, where elements along an axis
    are to share it; with a `seed` the choice repeats in every new session. After Srivastava,
    Hinton, Krizhevsky, Sutskever, Salakhutdinov, "Dropout: A Simple Way to Prevent Neural Networks
    from Overfitting", 2014.

    >>> z = tf.nn.dropout(tf.ones([100]), rate=0.5)
    >>> print(*sorted(set(tf.Session().run(z).tolist())))
    0.0 2.0
    """
    rate = drop_rate(keep_prob, rate)
    if isinstance(rate, int | float):
        if not 0 <= rate < 1:
            raise ValueError(
                f"rate must be a scalar tensor or a float in the range [0, 1), got {rate:g}"
            )
        if rate == 0:
            return x
    sizes = noise_shape if noise_shape is not None else x.static_shape
    if sizes is None or (isinstance(sizes, tuple) and None in sizes):
        sizes = shape_tensor(x)
    kept = greater_equal(random_uniform(sizes, seed=seed, dtype=x.dtype), rate)
    result = multiply(divide(x, subtract(1.0, rate)), cast(kept, x.dtype), name="mul_1")
    result.set_shape(x.static_shape)
    return result


def drop_rate(keep_prob, rate) -> Any:
    """The probability of dropping, from either argument."""
    if keep_prob is not None and rate is not None:
        raise ValueError("Cannot specify both 'keep_prob' and 'rate'")
    if keep_prob is None and rate is None:
        raise ValueError("You must provide a rate to dropout.")
    if rate is not None:
        return rate
    return subtract(1.0, keep_prob) if isinstance(keep_prob, Operand) else 1.0 - keep_prob


@takes("input, depth_radius=5, bias=1.0, alpha=1.0, beta=0.5, name=None, data_format='NHWC'")
def lrn(input, depth_radius, bias, alpha, beta, name, data_format) -> Tensor:
    """Each number divided by the size of its neighbours in other channels, x / (b + α Σ x²)ᵝ.

    The sum is over the channels up to `depth_radius` away; b is `bias`.

    >>> print(tf.Session().run(tf.nn.lrn([[[[3.0, 4.0]]]], depth_radius=1, bias=0.0)))
    [[[[0.6 0.8]]]]

    Krizhevsky, Sutskever, Hinton, "ImageNet Classification with Deep Convolutional Neural
    Networks", 2012.
    """
    check_format(data_format)
    graph = graph_of(input)
    with graph.name_scope(name or "LRN") as scope:
        x = as_tensor(input, graph, name="input")
        channels = np.arange(size_along(x, -1))
        near = abs(channels[:, None] - channels) <= depth_radius
        rows = reshape(multiply(x, x), [-1, len(channels)])
        squares = reshape(matmul(rows, near.astype(x.dtype.as_numpy_dtype)), shape_of(x))
        return divide(x, pow(add(bias, multiply(alpha, squares)), beta), name=scope)


local_response_normalization = lrn


@takes("x, axes, shift=None, name=None, keep_dims=None, keepdims=None")
@composite("moments")
def moments(x, axes, name=None, keepdims=None) -> tuple[Tensor, Tensor]:
    """The mean m = Σx / n and the variance Σ(x − m)² / n over some axes.

    With `keepdims` the axes stay, with size 1. The second derivative of the variance takes m as
    fixed, as in TensorFlow.

    >>> print(*tf.Session().run(tf.nn.moments([[1.0, 10.0], [3.0, 20.0]], axes=[0])))
    [ 2. 15.] [ 1. 25.]
    """
    mean = reduce_mean(x, axes, True, name="mean")
    # Σ(x − mean) is 0: what reaches the mean adds nothing to a first derivative, and is left out.
    # A second derivative lacks it, in TensorFlow too.
    fixed = stop_gradient(mean)
    variance = reduce_mean(squared_difference(x, fixed), axes, True, name="variance")
    return without_axes(mean, axes, keepdims), without_axes(variance, axes, keepdims)


@composite("batchnorm")
def batch_normalization(x, mean, variance, offset, scale, variance_epsilon, name=None) -> Tensor:
    """A tensor brought to mean 0 and variance 1, z = (x − m) / √(v + ε) · γ + β.

    Here m and v are as `moments` gives them, β is `offset` and γ `scale` (None leaves the term
    out), and ε keeps the root away from 0. After Ioffe, Szegedy, "Batch Normalization: Accelerating
    Deep Network Training by Reducing Internal Covariate Shift", 2015.

    >>> x = tf.constant([1.0, 3.0])
    >>> mean, variance = tf.nn.moments(x, axes=[0])
    >>> print(tf.Session().run(tf.nn.batch_normalization(x, mean, variance, 0.5, 2.0, 0.0)))
    [-1.5  2.5]
    """
    factor = rsqrt(add(variance, variance_epsilon, name="add"))
    if scale is not None:
        factor = multiply(factor, scale)
    shift = multiply(mean, factor)
    rest = multiply(x, factor)
    if offset is None:
        return add(rest, negative(shift), name="add")
    return add(rest, subtract(offset, shift), name="add")


@takes(
    "x, scale, offset, mean=None, variance=None, epsilon=0.001, data_format='NHWC', "
    "is_training=True, name=None"
)
@composite("FusedBatchNorm", "x")
def fused_batch_norm(
    x, scale, offset, mean=None, variance=None, *, epsilon, data_format, is_training, name=None
) -> tuple[Tensor, Tensor, Tensor]:
    """Images normalized for each channel, with the mean and the variance of the batch.

    The variance that is returned is Σ(x − m)² / (n − 1), as an estimate for other batches; the
    images are divided by the root of Σ(x − m)² / n. With `is_training=False` the `mean` and
    `variance` given are used, and returned.

    >>> image = tf.reshape([1.0, 3.0], [1, 1, 2, 1])
    >>> z, mean, variance = tf.nn.fused_batch_norm(image, [1.0], [0.0])
    >>> print(*tf.Session().run([mean, variance]))
    [2.] [2.]
    """
    check_format(data_format)
    if not is_training:
        if mean is None or variance is None:
            raise ValueError(
                "Both mean and variance must be given where is_training is False.\n"
                "They are the moving averages of what training returned."
            )
        return batch_normalization(x, mean, variance, offset, scale, epsilon), mean, variance
    mean, variance = moments(x, [0, 1, 2])
    normal = batch_normalization(x, mean, variance, offset, scale, max(epsilon, 1.001e-5))
    return normal, mean, unbiased(x, mean, variance)


def unbiased(x: Tensor, mean: Tensor, variance: Tensor) -> Tensor:
    """The variance as an estimate for other batches, divided by n − 1 in place of n."""
    count = divide(cast(size(x), x.dtype), cast(size(mean), x.dtype))
    return multiply(variance, divide(count, maximum(subtract(count, 1.0), 1.0)))
