"""Losses of probabilities that a sigmoid makes, one for each element."""

from __future__ import annotations

from typing import Any

from nbgrad.errors import ShapeError
from nbgrad.graph import Tensor, graph_of
from nbgrad.graph.operands import as_tensor
from nbgrad.ops.calling import composite
from nbgrad.ops.copying.repetition import zeros_like
from nbgrad.ops.elementwise.activations import relu
from nbgrad.ops.elementwise.arithmetic import add, multiply, negative, subtract
from nbgrad.ops.elementwise.logic import greater_equal, where
from nbgrad.ops.elementwise.piecewise import abs
from nbgrad.ops.elementwise.powers import exp, log1p
from nbgrad.ops.networks.softmax_losses import beside, by_name
from nbgrad.shapes import merge


@composite("logistic_loss")
def sigmoid_cross_entropy_with_logits(
    _sentinel: Any = None, labels: Any = None, logits: Any = None, name: str | None = None
) -> Tensor:
    """The logistic loss of every element, −t · log σ(x) − (1 − t) · log(1 − σ(x)).

    Computed as max(x, 0) − x · t + log(1 + e^−|x|), in which nothing overflows. Its gradient is
    σ(x) − t.

    Parameters
    ----------
    _sentinel : None
        Not to be given: what follows is given by name.
    labels : tensor_like of float
        t, the true probabilities.
    logits : tensor_like of float
        x, the numbers before the sigmoid, of the same shape.
    name : str, optional
        What the operations are called in the graph.

    Returns
    -------
    Tensor
        Of the dtype and shape of `logits`.

    Raises
    ------
    ValueError
        If an argument is given by position, or is missing, or the shapes differ.
    TypeError
        If the dtypes of the operands differ.

    References
    ----------
    Cox, "The Regression Analysis of Binary Sequences", 1958.

    Examples
    --------
    >>> import nbgrad as tf
    >>> loss = tf.nn.sigmoid_cross_entropy_with_logits(labels=1.0, logits=-100.0)
    >>> with tf.Session() as session:
    ...     print(session.run(loss))
    100.0
    """
    by_name("sigmoid_cross_entropy_with_logits", _sentinel, labels, logits)
    graph = graph_of(labels, logits)
    x = as_tensor(logits, graph, name="logits")
    truth = beside(x, labels, "labels")
    try:
        merge(x.static_shape, truth.static_shape)
    except ShapeError:
        raise ValueError(
            f"logits and labels must have the same shape ({x.shape} vs {truth.shape})"
        ) from None
    positive = greater_equal(x, 0)
    above, minus_size = where(positive, x, zeros_like(x)), where(positive, negative(x), x)
    # e^−|x| cannot overflow, whichever the sign of x.
    return add(subtract(above, multiply(x, truth)), log1p(exp(minus_size)), name=name)


@composite("logistic_loss")
def weighted_cross_entropy_with_logits(
    labels: Any = None,
    logits: Any = None,
    pos_weight: Any = None,
    name: str | None = None,
    targets: Any = None,
) -> Tensor:
    """The logistic loss where a positive truth counts w-fold, −w t log σ(x) − (1 − t) log σ(−x).

    Parameters
    ----------
    labels : tensor_like of float
        t, the true probabilities.
    logits : tensor_like of float
        x, the numbers before the sigmoid, of the same shape.
    pos_weight : tensor_like of float
        w, how often a positive truth counts; above 1 it costs more to miss one.
    name : str, optional
        What the operations are called in the graph.
    targets : optional
        Another name for `labels`.

    Returns
    -------
    Tensor
        Of the dtype of `logits`. The shape to which the operands broadcast.

    Raises
    ------
    ValueError
        If the shapes do not broadcast.
    TypeError
        If the dtypes of the operands differ.

    Examples
    --------
    >>> import nbgrad as tf
    >>> loss = tf.nn.weighted_cross_entropy_with_logits(1.0, 0.0, pos_weight=2.0)
    >>> with tf.Session() as session:
    ...     print(session.run(loss))
    1.3863
    """
    graph = graph_of(labels, logits, targets)
    x = as_tensor(logits, graph, name="logits")
    truth = beside(x, targets if labels is None else labels, "labels")
    weight = add(multiply(subtract(beside(x, pos_weight, "pos_weight"), 1), truth), 1)
    # log(1 + e⁻ˣ), in which e^−|x| cannot overflow, whichever the sign of x.
    surprise = add(log1p(exp(negative(abs(x)))), relu(negative(x)))
    return add(multiply(subtract(1, truth), x), multiply(weight, surprise), name=name)
