"""The losses of `tf.losses` for two classes: of probabilities, of margins and of logits."""

from __future__ import annotations

from typing import Any

from nbgrad.graph import Tensor
from nbgrad.graph.collecting import GraphKeys
from nbgrad.ops.batch_losses.averaging import Reduction, compute_weighted_loss
from nbgrad.ops.batch_losses.comparing import compared
from nbgrad.ops.copying.repetition import ones_like
from nbgrad.ops.elementwise.activations import relu
from nbgrad.ops.elementwise.arithmetic import multiply, subtract
from nbgrad.ops.elementwise.powers import log
from nbgrad.ops.networks.logistic_losses import sigmoid_cross_entropy_with_logits


def log_loss(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    epsilon: float = 1e-7,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Tensor:
    """The mean log loss of probabilities x, −y log(x + ε) − (1 − y) log(1 − x + ε).

    Parameters
    ----------
    labels, predictions : tensor_like of real numbers (float or integer)
        y and x, of one shape, between 0 and 1.
    weights : tensor_like, default 1.0
        A number, or one for each loss; axes of size 1 serve for all along them.
    epsilon : float, default 1e-7
        ε, which keeps the logarithms finite.
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
    ...     print(session.run(tf.losses.log_loss([1.0, 0.0], [0.5, 0.5])))
    0.6931
    """
    pair = {"labels": labels, "predictions": predictions}
    with compared(scope, "log_loss", **pair) as (y, x, prefix):
        each = -multiply(y, log(x + epsilon)) - multiply(1 - y, log(1 - x + epsilon))
        return compute_weighted_loss(each, weights, prefix, loss_collection, reduction)


def hinge_loss(
    labels: Any,
    logits: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Tensor:
    """The mean hinge loss, max(0, 1 − (2y − 1) x), which is 0 where x is right by a margin of 1.

    Parameters
    ----------
    labels, logits : tensor_like of real numbers (float or integer)
        y, which is 0 or 1, and x, of one shape.
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

    References
    ----------
    Cortes, Vapnik, "Support-Vector Networks", 1995.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.losses.hinge_loss([1.0, 0.0], [3.0, 0.5])))
    0.75
    """
    pair = {"labels": labels, "logits": logits}
    with compared(scope, "hinge_loss", **pair) as (y, x, prefix):
        ones = ones_like(y)
        each = relu(subtract(ones, multiply(subtract(2 * y, ones), x)))
        return compute_weighted_loss(each, weights, prefix, loss_collection, reduction)


def sigmoid_cross_entropy(
    multi_class_labels: Any,
    logits: Any,
    weights: Any = 1.0,
    label_smoothing: float = 0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Tensor:
    """The mean logistic loss, −y log σ(x) − (1 − y) log(1 − σ(x)).

    Parameters
    ----------
    multi_class_labels, logits : tensor_like of real numbers (float or integer)
        y and x, of one shape.
    weights : tensor_like, default 1.0
        A number, or one for each loss; axes of size 1 serve for all along them.
    label_smoothing : float, default 0
        How far the labels are drawn towards ½.
    scope : str, optional
        What the operations are called in the graph.
    loss_collection : str or None
        The collection that lists the loss, `GraphKeys.LOSSES` by default.
    reduction : str
        One of `Reduction`; by default the mean of the losses whose weight is not 0.

    Returns
    -------
    Tensor
        Of the dtype of `logits`, a scalar; with `Reduction.NONE` one for each loss.

    Raises
    ------
    ValueError
        If an argument is missing, or shapes or weights do not fit.

    References
    ----------
    Szegedy, Vanhoucke, Ioffe, Shlens, Wojna, "Rethinking the Inception Architecture for Computer
    Vision", 2016, for the smoothing.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.losses.sigmoid_cross_entropy([1.0, 0.0], [0.0, 0.0])))
    0.6931
    """
    pair = {"multi_class_labels": multi_class_labels, "logits": logits}
    with compared(scope, "sigmoid_cross_entropy_loss", False, **pair) as (y, x, prefix):
        if label_smoothing > 0:
            y = y * (1 - label_smoothing) + 0.5 * label_smoothing
        each = sigmoid_cross_entropy_with_logits(labels=y, logits=x, name="xentropy")
        return compute_weighted_loss(each, weights, prefix, loss_collection, reduction)
