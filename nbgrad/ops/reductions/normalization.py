"""Means and variances together, and what is normalised by them."""

from __future__ import annotations

from typing import Any

from nbgrad.graph import Tensor
from nbgrad.ops.calling import composite
from nbgrad.ops.copying.barriers import stop_gradient
from nbgrad.ops.elementwise.arithmetic import add, multiply, negative, squared_difference, subtract
from nbgrad.ops.elementwise.powers import rsqrt
from nbgrad.ops.reductions.statistics import without
from nbgrad.ops.reductions.sums import reduce_mean


@composite("moments")
def moments(
    x: Any,
    axes: Any,
    shift: Any = None,
    name: str | None = None,
    keep_dims: Any = None,
    keepdims: Any = None,
) -> tuple[Tensor, Tensor]:
    """The mean m = Σx / n and the variance Σ(x − m)² / n over some axes.

    The second derivative of the variance takes m as fixed, as in TensorFlow.

    Parameters
    ----------
    x : tensor_like of float or complex
    axes : int or sequence of int
        Along which axis or axes.
    shift : optional
        Accepted as in TensorFlow, and without effect.
    name : str, optional
        What the operations are called in the graph.
    keep_dims : bool, optional
        Another name for `keepdims`.
    keepdims : bool, optional
        Whether the reduced axes stay, with size 1.

    Returns
    -------
    mean, variance : tuple of Tensor
        Of the same dtype. The shape of the operand without the reduced axes.

    Raises
    ------
    ValueError
        If there is no such axis.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(*session.run(tf.nn.moments([[1.0, 10.0], [3.0, 20.0]], axes=[0])))
    [ 2. 15.] [ 1. 25.]
    """
    mean = reduce_mean(x, axes, True, name="mean")
    # Σ(x − mean) is 0: what reaches the mean adds nothing to a first derivative, and is left out.
    # A second derivative lacks it, in TensorFlow too.
    steady = stop_gradient(mean)
    variance = reduce_mean(squared_difference(x, steady), axes, True, name="variance")
    kept = keepdims or keep_dims
    return without(mean, axes, kept), without(variance, axes, kept)


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

    Parameters
    ----------
    x : tensor_like of float
    mean, variance : tensor_like of float
        m and v, of shapes that broadcast with x; as from `moments`.
    offset, scale : tensor_like of float, or None
        β and γ, of shapes that broadcast with x; None leaves the term out.
    variance_epsilon : float
        ε, which keeps the root away from 0.
    name : str, optional
        What the operations are called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype. The shape to which the operands broadcast.

    Raises
    ------
    ValueError
        If the shapes do not broadcast.

    References
    ----------
    Ioffe, Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal
    Covariate Shift", 2015.

    Examples
    --------
    >>> import nbgrad as tf
    >>> x = tf.constant([1.0, 3.0])
    >>> mean, variance = tf.nn.moments(x, axes=[0])
    >>> with tf.Session() as session:
    ...     print(session.run(tf.nn.batch_normalization(x, mean, variance, 0.5, 2.0, 0.0)))
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
