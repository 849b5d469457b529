"""The losses of `tf.losses` for many classes, of which one is true."""

from __future__ import annotations

from typing import Any

from nbgrad.graph import Tensor, graph_of
from nbgrad.graph.collecting import GraphKeys
from nbgrad.graph.operands import as_tensor
from nbgrad.ops.batch_losses.averaging import Reduction, compute_weighted_loss
from nbgrad.ops.batch_losses.comparing import compared
from nbgrad.ops.copying.barriers import stop_gradient
from nbgrad.ops.copying.repetition import cast
from nbgrad.ops.networks.class_losses import sparse_softmax_cross_entropy_with_logits
from nbgrad.ops.networks.softmax_losses import softmax_cross_entropy_with_logits_v2
from nbgrad.ops.rearranging.reshaping import squeeze
from nbgrad.ops.rearranging.sizes import size_along


def softmax_cross_entropy(
    onehot_labels: Any,
    logits: Any,
    weights: Any = 1.0,
    label_smoothing: float = 0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Tensor:
    """The mean cross entropy of a softmax, −Σ y log softmax(x) per row; labels get no gradient.

    Parameters
    ----------
    onehot_labels, logits : tensor_like of real numbers (float or integer)
        y and x, of shape [..., class].
    weights : tensor_like, default 1.0
        A number, or one for each loss; axes of size 1 serve for all along them.
    label_smoothing : float, default 0
        How far the labels are drawn towards each other.
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
    ...     print(session.run(tf.losses.softmax_cross_entropy([[1.0, 0.0]], [[0.0, 0.0]])))
    0.6931
    """
    pair = {"onehot_labels": onehot_labels, "logits": logits}
    with compared(scope, "softmax_cross_entropy_loss", False, **pair) as (y, x, prefix):
        if label_smoothing > 0:
            classes = size_along(y, -1)
            classes = cast(classes, y.dtype) if isinstance(classes, Tensor) else float(classes)
            y = y * (1.0 - label_smoothing) + label_smoothing / classes
        y = stop_gradient(y, name="labels_stop_gradient")
        each = softmax_cross_entropy_with_logits_v2(labels=y, logits=x, name="xentropy")
        return compute_weighted_loss(each, weights, prefix, loss_collection, reduction)


def sparse_softmax_cross_entropy(
    labels: Any,
    logits: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Tensor:
    """The mean cross entropy of a softmax, −log softmax(x) at the class that each label names.

    Parameters
    ----------
    labels : tensor_like of integer
        The number of the true class of each example, from 0.
    logits : tensor_like of float
        x, of shape [*shape of the labels, class].
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
        Of the dtype of `logits`, a scalar; with `Reduction.NONE` one for each loss.

    Raises
    ------
    ValueError
        If an argument is missing, or shapes or weights do not fit.
    InvalidArgumentError
        In a run, if there is no such class.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.losses.sparse_softmax_cross_entropy([0], [[0.0, 0.0]])))
    0.6931
    """
    for name, value in {"labels": labels, "logits": logits}.items():
        if value is None:
            raise ValueError(f"{name} must not be None.")
    graph = graph_of(logits, labels)
    with graph.name_scope(scope or "sparse_softmax_cross_entropy_loss") as prefix:
        classes, x = as_tensor(labels, graph, name="labels"), as_tensor(logits, graph)
        given, wanted = classes.static_shape, x.static_shape
        if given and wanted and len(given) == len(wanted) and given[-1] == 1:
            classes = squeeze(classes, [-1])
        each = sparse_softmax_cross_entropy_with_logits(labels=classes, logits=x, name="xentropy")
        return compute_weighted_loss(each, weights, prefix, loss_collection, reduction)
