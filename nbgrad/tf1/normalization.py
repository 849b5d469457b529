"""Dropout, moments and batch normalization, as `tf.nn` has them.

`name` is what the operations are called in the graph.
"""

from __future__ import annotations

from typing import Any

from nbgrad.core.graph import Operand, Tensor
from nbgrad.ops.arithmetic import divide
from nbgrad.ops.copying import cast, stop_gradient
from nbgrad.ops.piecewise import maximum
from nbgrad.ops.shaping import shape as shape_tensor
from nbgrad.ops.shaping import size
from nbgrad.tf1.convolution import check_format
from nbgrad.tf1.math import (
    add,
    greater_equal,
    multiply,
    negative,
    reduce_mean,
    rsqrt,
    squared_difference,
    subtract,
    without_axes,
)
from nbgrad.tf1.random import random_uniform
from nbgrad.tf1.signatures import composite, takes


@composite("dropout", "x")
def dropout(
    x: Any,
    keep_prob: Any = None,
    noise_shape: Any = None,
    seed: int | None = None,
    name: str | None = None,
    rate: Any = None,
) -> Tensor:
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


def drop_rate(keep_prob: Any, rate: Any) -> Any:
    """The probability of dropping, from either argument."""
    if keep_prob is not None and rate is not None:
        raise ValueError("Cannot specify both 'keep_prob' and 'rate'")
    if keep_prob is None and rate is None:
        raise ValueError("You must provide a rate to dropout.")
    if rate is not None:
        return rate
    return subtract(1.0, keep_prob) if isinstance(keep_prob, Operand) else 1.0 - keep_prob


@takes("x axes shift name keep_dims keepdims", keep_dims="keepdims")
@composite("moments")
def moments(
    x: Any, axes: Any, name: str | None = None, keepdims: Any = None
) -> tuple[Tensor, Tensor]:
    """The mean m = Σx / n and the variance Σ(x − m)² / n over some axes.

    With `keepdims` (`keep_dims`) the axes stay, with size 1; `shift` has no effect. The second
    derivative of the variance takes m as fixed, as in TensorFlow.

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
def batch_normalization(
    x: Any,
    mean: Any,
    variance: Any,
    offset: Any,
    scale: Any,
    variance_epsilon: float,
    name: str | None = None,
) -> Tensor:
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


@composite("FusedBatchNorm", "x")
def fused_batch_norm(
    x: Any,
    scale: Any,
    offset: Any,
    mean: Any = None,
    variance: Any = None,
    epsilon: float = 0.001,
    data_format: str = "NHWC",
    is_training: bool = True,
    name: str | None = None,
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
