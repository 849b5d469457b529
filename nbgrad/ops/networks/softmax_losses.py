"""Losses that compare predictions with the truth.

The losses take logits, the numbers before the softmax or the sigmoid: together they have an
exact form in which nothing overflows, and the simplest of gradients, prediction − truth.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrad.graph import Operand, Tensor, graph_of
from nbgrad.graph.operands import as_tensor
from nbgrad.ops.copying.barriers import stop_gradient
from nbgrad.ops.define import operation
from nbgrad.ops.elementwise.arithmetic import multiply, negative, subtract
from nbgrad.ops.networks.probabilities import (
    exponentials,
    log_of_softmax,
    log_softmax,
    logits_node,
    softmax,
)
from nbgrad.ops.rearranging.reshaping import expand_dims
from nbgrad.ops.shape_rules import leaving_out
from nbgrad.registry import RegisterGradient
from nbgrad.shapes import broadcast, normal_axes


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
