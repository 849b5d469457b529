"""Reductions that are written in other operations: logsumexp, variances, counts."""

from __future__ import annotations

from typing import Any

from nbgrad.dtypes import as_dtype, float32, int64
from nbgrad.graph import Tensor, graph_of, shape_of
from nbgrad.graph.operands import as_tensor
from nbgrad.ops.calling import composite
from nbgrad.ops.copying.barriers import stop_gradient
from nbgrad.ops.copying.repetition import cast, zeros_like
from nbgrad.ops.elementwise.arithmetic import add, square, subtract
from nbgrad.ops.elementwise.logic import equal, is_finite, not_equal, where
from nbgrad.ops.elementwise.powers import exp, log, sqrt
from nbgrad.ops.rearranging.reshaping import reshape, squeeze
from nbgrad.ops.reductions.extremes import reduce_max
from nbgrad.ops.reductions.sums import reduce_mean, reduce_sum


@composite("ReduceLogSumExp")
def reduce_logsumexp(
    input_tensor: Any,
    axis: Any = None,
    keepdims: Any = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: Any = None,
) -> Tensor:
    """The logarithm of a sum of exponentials, z = log Σ eˣ, in which no eˣ can overflow.

    The gradient is the softmax of x.

    Parameters
    ----------
    input_tensor : tensor_like of float
    axis : int or sequence of int, optional
        Along which axis or axes; all of them where None.
    keepdims : bool, optional
        Whether the reduced axes stay, with size 1.
    name : str, optional
        What the operations are called in the graph.
    reduction_indices : optional
        Another name for `axis`.
    keep_dims : optional
        Another name for `keepdims`.

    Returns
    -------
    Tensor
        Of the same dtype. The shape of the operand without the reduced axes.

    Raises
    ------
    ValueError
        If there is no such axis.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.reduce_logsumexp([1000.0, 1000.0])))
    1000.6932
    """
    axis = reduction_indices if axis is None else axis
    x = as_tensor(input_tensor, graph_of(input_tensor), name="input_tensor")
    largest = reduce_max(x, axis, True)
    offset = stop_gradient(where(is_finite(largest), largest, zeros_like(largest)))
    kept = bool(keepdims or keep_dims)
    total = log(reduce_sum(exp(subtract(x, offset)), axis, kept))
    return add(total, offset if kept else reshape(offset, shape_of(total)))


def without(kept: Tensor, axis: Any, keepdims: Any) -> Tensor:
    """A reduction that kept its axes, without them unless they were asked for."""
    return kept if keepdims else squeeze(kept, axis)


@composite("reduce_variance")
def reduce_variance(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """The variance over some axes or over all, z = Σ(x − m)² / n, where m is the mean.

    Parameters
    ----------
    input_tensor : tensor_like of float or complex
    axis : int or sequence of int, optional
        Along which axis or axes; all of them where None.
    keepdims : bool, default False
        Whether the reduced axes stay, with size 1.
    name : str, optional
        What the operations are called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype. The shape of the operand without the reduced axes.

    Raises
    ------
    ValueError
        If there is no such axis.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.math.reduce_variance([1.0, 3.0])))
    1.0
    """
    mean = reduce_mean(input_tensor, axis, True)
    return reduce_mean(square(subtract(input_tensor, mean)), axis, keepdims)


@composite("reduce_std")
def reduce_std(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """The standard deviation over some axes or over all, z = √(Σ(x − m)² / n), where m is the mean.

    Parameters
    ----------
    input_tensor : tensor_like of float or complex
    axis : int or sequence of int, optional
        Along which axis or axes; all of them where None.
    keepdims : bool, default False
        Whether the reduced axes stay, with size 1.
    name : str, optional
        What the operations are called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype. The shape of the operand without the reduced axes.

    Raises
    ------
    ValueError
        If there is no such axis.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.math.reduce_std([[1.0, 3.0], [0.0, 10.0]], axis=1)))
    [1. 5.]
    """
    return sqrt(reduce_variance(input_tensor, axis, keepdims))


@composite("count_nonzero")
def count_nonzero(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool = False,
    dtype: Any = int64,
    name: str | None = None,
) -> Tensor:
    """The number of elements that are not 0, over some axes or over all; no gradient passes.

    Parameters
    ----------
    input_tensor : tensor_like of numbers (float, complex, integer)
    axis : int or sequence of int, optional
        Along which axis or axes; all of them where None.
    keepdims : bool, default False
        Whether the reduced axes stay, with size 1.
    dtype : DType, default int64
        The dtype of the result.
    name : str, optional
        What the operations are called in the graph.

    Returns
    -------
    Tensor
        Of dtype `dtype`. The shape of the operand without the reduced axes.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.count_nonzero([[1.0, 0.0], [2.0, 3.0]], axis=1)))
    [1 2]
    """
    x = as_tensor(input_tensor, graph_of(input_tensor), name="input_tensor")
    return reduce_sum(cast(not_equal(x, zeros_like(x)), as_dtype(dtype)), axis, keepdims, name=name)


@composite("zero_fraction")
def zero_fraction(value: Any, name: str | None = None) -> Tensor:
    """The part of all elements that are 0, between 0 and 1; no gradient passes.

    Parameters
    ----------
    value : tensor_like of numbers (float, complex, integer)
    name : str, optional
        What the operations are called in the graph.

    Returns
    -------
    Tensor
        Of dtype float32, a scalar.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.nn.zero_fraction([0.0, 1.0, 0.0, 2.0])))
    0.5
    """
    x = as_tensor(value, graph_of(value), name="value")
    return reduce_mean(cast(equal(x, zeros_like(x)), float32), name=name)
