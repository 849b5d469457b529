"""The cross entropy of a softmax with classes that are told by their numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrad.errors import InvalidArgumentError, ShapeError
from nbgrad.graph import Tensor
from nbgrad.ops.define import operation
from nbgrad.ops.elementwise.arithmetic import multiply, subtract
from nbgrad.ops.networks.probabilities import (
    exponentials,
    log_of_softmax,
    softmax,
)
from nbgrad.ops.networks.softmax_losses import by_name
from nbgrad.ops.rearranging.reshaping import expand_dims
from nbgrad.ops.rearranging.sizes import size_along
from nbgrad.ops.selecting.marking import one_hot
from nbgrad.registry import RegisterGradient
from nbgrad.shapes import merge


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
