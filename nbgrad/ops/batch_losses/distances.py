"""The losses of `tf.losses` for numbers: labels against predictions, as one number for a batch.

What follows the comparison of the elements, `averaged_losses` does for all of them.
"""

from __future__ import annotations

from typing import Any

from nbgrad.graph import Tensor
from nbgrad.graph.collecting import GraphKeys
from nbgrad.ops.batch_losses.averaging import Reduction, compute_weighted_loss
from nbgrad.ops.batch_losses.comparing import compared
from nbgrad.ops.elementwise.arithmetic import multiply, squared_difference, subtract
from nbgrad.ops.elementwise.magnitudes import magnitude
from nbgrad.ops.elementwise.piecewise import minimum
from nbgrad.ops.reductions.sums import reduce_sum


def mean_squared_error(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Tensor:
    """The mean squared error, the mean of (x − y)² for predictions x and labels y.

    Parameters
    ----------
    labels, predictions : tensor_like of real numbers (float or integer)
        y and x, of one shape.
    weights : tensor_like, default 1.0
        A number, or one for each loss; axes of size 1 serve for all along them.
    scope : str, optional
        What the operations are called in the graph.
    loss_collection : str or None
        The collection that lists the loss, `GraphKeys.LOSSES` by default.
    reduction : str
        One of `Reduction`; by default the mean of the losses whose weight is not 0.

    Returns
    -------
    Tensor
        Of dtype float32, a scalar; with `Reduction.NONE` one for each loss.

    Raises
    ------
    ValueError
        If an argument is missing, or shapes or weights do not fit.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.losses.mean_squared_error([1.0, 2.0], [1.0, 4.0])))
    2.0
    """
    pair = {"labels": labels, "predictions": predictions}
    with compared(scope, "mean_squared_error", **pair) as (y, x, prefix):
        each = squared_difference(x, y)
        return compute_weighted_loss(each, weights, prefix, loss_collection, reduction)


def absolute_difference(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Tensor:
    """The mean absolute error, the mean of |x − y| for predictions x and labels y.

    Parameters
    ----------
    labels, predictions : tensor_like of real numbers (float or integer)
        y and x, of one shape.
    weights : tensor_like, default 1.0
        A number, or one for each loss; axes of size 1 serve for all along them.
    scope : str, optional
        What the operations are called in the graph.
    loss_collection : str or None
        The collection that lists the loss, `GraphKeys.LOSSES` by default.
    reduction : str
        One of `Reduction`; by default the mean of the losses whose weight is not 0.

    Returns
    -------
    Tensor
        Of dtype float32, a scalar; with `Reduction.NONE` one for each loss.

    Raises
    ------
    ValueError
        If an argument is missing, or shapes or weights do not fit.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.losses.absolute_difference([1.0, 2.0], [1.0, 4.0])))
    1.0
    """
    pair = {"labels": labels, "predictions": predictions}
    with compared(scope, "absolute_difference", **pair) as (y, x, prefix):
        each = magnitude(subtract(x, y))
        return compute_weighted_loss(each, weights, prefix, loss_collection, reduction)


def huber_loss(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    delta: float = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Tensor:
    """The mean of a loss that forgives outliers, ½ e² where e = |x − y| ≤ δ, else δ (e − ½ δ).

    Parameters
    ----------
    labels, predictions : tensor_like of real numbers (float or integer)
        y and x, of one shape.
    weights : tensor_like, default 1.0
        A number, or one for each loss; axes of size 1 serve for all along them.
    delta : float, default 1.0
        δ, where the parabola turns into a straight line.
    scope : str, optional
        What the operations are called in the graph.
    loss_collection : str or None
        The collection that lists the loss, `GraphKeys.LOSSES` by default.
    reduction : str
        One of `Reduction`; by default the mean of the losses whose weight is not 0.

    Returns
    -------
    Tensor
        Of dtype float32, a scalar; with `Reduction.NONE` one for each loss.

    Raises
    ------
    ValueError
        If an argument is missing, or shapes or weights do not fit.

    References
    ----------
    Huber, "Robust Estimation of a Location Parameter", 1964.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.losses.huber_loss([0.0, 0.0], [1.0, 10.0])))
    5.0
    """
    pair = {"labels": labels, "predictions": predictions}
    with compared(scope, "huber_loss", **pair) as (y, x, prefix):
        error = magnitude(subtract(x, y))
        near = minimum(error, delta)
        # Where e = δ the minimum hands the whole gradient to e: the second term adds none.
        each = multiply(0.5, multiply(near, near)) + multiply(delta, subtract(error, near))
        return compute_weighted_loss(each, weights, prefix, loss_collection, reduction)


def cosine_distance(
    labels: Any,
    predictions: Any,
    axis: int | None = None,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
    dim: int | None = None,
) -> Tensor:
    """The mean distance of directions, 1 − Σ x y along an axis, for vectors of length 1.

    Parameters
    ----------
    labels, predictions : tensor_like of real numbers (float or integer)
        y and x, of one shape; `l2_normalize` gives them length 1.
    axis : int
        Along which axis the vectors lie.
    weights : tensor_like, default 1.0
        A number, or one for each loss; axes of size 1 serve for all along them.
    scope : str, optional
        What the operations are called in the graph.
    loss_collection : str or None
        The collection that lists the loss, `GraphKeys.LOSSES` by default.
    reduction : str
        One of `Reduction`; by default the mean of the losses whose weight is not 0.
    dim : optional
        Another name for `axis`.

    Returns
    -------
    Tensor
        Of dtype float32, a scalar; with `Reduction.NONE` one for each loss.

    Raises
    ------
    ValueError
        If an argument is missing, or shapes or weights do not fit.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.losses.cosine_distance([[1.0, 0.0]], [[0.0, 1.0]], axis=1)))
    1.0
    """
    axis = dim if axis is None else axis
    if axis is None:
        raise ValueError("You must specify 'axis'.")
    pair = {"labels": labels, "predictions": predictions}
    with compared(scope, "cosine_distance_loss", **pair) as (y, x, prefix):
        each = 1 - reduce_sum(multiply(x, y), (axis,), True)
        return compute_weighted_loss(each, weights, prefix, loss_collection, reduction)
