"""Losses that compare predictions with the truth.

The losses take logits, the numbers before the softmax or the sigmoid: together they have an
exact form in which nothing overflows, and the simplest of gradients, prediction − truth.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrad.errors import InvalidArgumentError, ShapeError
from nbgrad.graph import Operand, Tensor, graph_of
from nbgrad.graph.operands import as_tensor
from nbgrad.ops.activations import relu
from nbgrad.ops.arrays import stop_gradient, zeros_like
from nbgrad.ops.calling import composite
from nbgrad.ops.define import operation
from nbgrad.ops.elementwise import add, multiply, negative, subtract
from nbgrad.ops.logic import greater_equal, where
from nbgrad.ops.piecewise import abs
from nbgrad.ops.powers import exp, log1p
from nbgrad.ops.probabilities import (
    exponentials,
    log_of_softmax,
    log_softmax,
    logits_node,
    softmax,
)
from nbgrad.ops.ranking import one_hot
from nbgrad.ops.reshaping import expand_dims
from nbgrad.ops.shape_rules import leaving_out
from nbgrad.ops.sizes import size_along
from nbgrad.registry import RegisterGradient
from nbgrad.shapes import broadcast, merge, normal_axes

# Cross entropy ------------------------------------------------------------------------------


def _one_loss_each(logits, labels, *, axis):
    both = broadcast(logits, labels)
    if both is None:
        return None
    return leaving_out(both, normal_axes(axis, len(both)))


@operation(
    "SoftmaxCrossEntropyWithLogits",
    node=logits_node,
    dtypes="F,F->F",
    shape=_one_loss_each,
    name="softmax_cross_entropy_with_logits",
    symbol="xent",
    text="−Σ {labels} · log softmax({features})",
    shares=exponentials,
)
def _cross_entropy(features, labels, *, axis=-1, shared=None):
    """z = −Σ t · log softmax x, for the truth t, along an axis"""
    return -np.add.reduce(labels * log_of_softmax(features, axis, shared), axis)


@RegisterGradient("SoftmaxCrossEntropyWithLogits")
def _cross_entropy_grad(op, dz):
    (x, truth), axis = op.inputs[:2], op.attributes["axis"]
    dz = expand_dims(dz, axis)
    error = subtract(softmax(x, axis), truth)
    return multiply(dz, error), multiply(dz, negative(log_softmax(x, axis)))


def softmax_cross_entropy_with_logits_v2(
    _sentinel: Any = None,
    labels: Any = None,
    logits: Any = None,
    axis: int | None = None,
    name: str | None = None,
    dim: int | None = None,
) -> Tensor:
    """The cross entropy of probabilities and a softmax, −Σ labels · log softmax(logits).

    Gradients flow to both. That of the logits is softmax(logits) − labels, also where the labels
    do not sum to 1.

    Parameters
    ----------
    _sentinel : None
        Not to be given: what follows is given by name.
    labels : tensor_like of float
        The true probabilities of the classes.
    logits : tensor_like of float
        The numbers before the softmax, of the shape of `labels`.
    axis : int, optional
        Along which axis the classes lie; the last by default.
    name : str, optional
        What the operation is called in the graph.
    dim : optional
        Another name for `axis`.

    Returns
    -------
    Tensor
        Of the dtype of `logits`. Its shape without the axis.

    Raises
    ------
    ValueError
        If an argument is given by position, or is missing, or the shapes do not fit.
    TypeError
        If the dtypes of the operands differ.

    References
    ----------
    Bridle, "Probabilistic Interpretation of Feedforward Classification Network Outputs", 1990.

    Examples
    --------
    >>> import nbgrad as tf
    >>> loss = tf.nn.softmax_cross_entropy_with_logits_v2(labels=[0.0, 1.0], logits=[0.0, 0.0])
    >>> with tf.Session() as session:
    ...     print(session.run(loss))
    0.6931
    """
    by_name("softmax_cross_entropy_with_logits", _sentinel, labels, logits)
    axis = dim if axis is None else axis
    return _cross_entropy(logits, labels, -1 if axis is None else axis, name)


def softmax_cross_entropy_with_logits(
    _sentinel: Any = None,
    labels: Any = None,
    logits: Any = None,
    dim: int = -1,
    name: str | None = None,
    axis: int | None = None,
) -> Tensor:
    """The cross entropy of fixed probabilities and a softmax, −Σ labels · log softmax(logits).

    No gradient flows to the labels; with `softmax_cross_entropy_with_logits_v2` it does.

    Parameters
    ----------
    _sentinel : None
        Not to be given: what follows is given by name.
    labels : tensor_like of float
        The true probabilities of the classes.
    logits : tensor_like of float
        The numbers before the softmax, of the shape of `labels`.
    dim : int, default -1
        Along which axis the classes lie.
    name : str, optional
        What the operation is called in the graph.
    axis : optional
        Another name for `dim`.

    Returns
    -------
    Tensor
        Of the dtype of `logits`. Its shape without the axis.

    Raises
    ------
    ValueError
        If an argument is given by position, or is missing, or the shapes do not fit.
    TypeError
        If the dtypes of the operands differ.

    References
    ----------
    Bridle, "Probabilistic Interpretation of Feedforward Classification Network Outputs", 1990.

    Examples
    --------
    >>> import nbgrad as tf
    >>> loss = tf.nn.softmax_cross_entropy_with_logits(labels=[0.0, 1.0], logits=[0.0, 0.0])
    >>> with tf.Session() as session:
    ...     print(session.run(loss))
    0.6931
    """
    by_name("softmax_cross_entropy_with_logits", _sentinel, labels, logits)
    truth = as_tensor(labels, graph_of(labels, logits), name="labels")
    return _cross_entropy(logits, stop_gradient(truth), dim if axis is None else axis, name)


def beside(x: Tensor, value: Any, name: str) -> Tensor:
    """A tensor as it is, anything else as a constant of the dtype of x."""
    return as_tensor(value, x.graph, None if isinstance(value, Operand) else x.dtype, name)


def by_name(function: str, sentinel: Any, labels: Any, logits: Any) -> None:
    """Insist on names: labels and logits are easily confused, and either way it would run."""
    if sentinel is not None:
        raise ValueError(
            f"Only call `{function}` with named arguments (labels=..., logits=..., ...)"
        )
    if labels is None or logits is None:
        raise ValueError("Both labels and logits must be provided.")


def _one_class_each(logits, labels):
    if logits is None or labels is None:
        return labels
    if len(labels) != len(logits) - 1:
        raise ShapeError(
            "Rank mismatch: Rank of labels (received "
            f"{len(labels)}) should equal rank of logits minus 1 (received {len(logits)})."
        )
    return merge(labels, logits[:-1])


@operation(
    "SparseSoftmaxCrossEntropyWithLogits",
    node="(features, labels) T=features Tlabels=labels",
    dtypes="F,I->F",
    shape=_one_class_each,
    symbol="xent",
    text="−log softmax({features})[{labels}]",
    shares=exponentials,
)
def _sparse_cross_entropy(features, labels, *, shared=None):
    """z = −log softmax x at the class that is true"""
    count = np.shape(features)[-1]
    wrong = np.unique(labels[(labels < 0) | (labels >= count)])
    if wrong.size:
        raise InvalidArgumentError(
            None,
            None,
            f"Received a label value of {wrong[0]} which is outside the valid range of "
            f"[0, {count}).  Label values: {' '.join(map(str, np.ravel(labels)))}",
        )
    log_p = log_of_softmax(features, -1, shared)
    return -np.take_along_axis(log_p, np.expand_dims(labels, -1), -1)[..., 0]


@RegisterGradient("SparseSoftmaxCrossEntropyWithLogits")
def _sparse_cross_entropy_grad(op, dz):
    x, labels = op.inputs
    truth = one_hot(labels, size_along(x, -1), dtype=x.dtype)
    return multiply(expand_dims(dz, -1), subtract(softmax(x), truth)), None


def sparse_softmax_cross_entropy_with_logits(
    _sentinel: Any = None, labels: Any = None, logits: Any = None, name: str | None = None
) -> Tensor:
    """The surprise at the true class, −log softmax(logits) there, for labels that name classes.

    Parameters
    ----------
    _sentinel : None
        Not to be given: what follows is given by name.
    labels : tensor_like of integer
        The number of the true class of each example, from 0.
    logits : tensor_like of float
        The numbers before the softmax, of shape [*shape of the labels, classes].
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the dtype of `logits`. The shape of `labels`.

    Raises
    ------
    ValueError
        If an argument is given by position, or is missing, or the shapes do not fit.
    TypeError
        If the labels are no integers.
    InvalidArgumentError
        In a run, if there is no such class.

    References
    ----------
    Bridle, "Probabilistic Interpretation of Feedforward Classification Network Outputs", 1990.

    Examples
    --------
    >>> import nbgrad as tf
    >>> logits = tf.constant([[100.0, 0.0], [0.0, 100.0]])
    >>> loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[1, 0], logits=logits)
    >>> with tf.Session() as session:
    ...     print(session.run(loss))
    [100. 100.]
    """
    by_name("sparse_softmax_cross_entropy_with_logits", _sentinel, labels, logits)
    return _sparse_cross_entropy(logits, labels, name)


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
