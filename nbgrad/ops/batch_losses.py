"""The losses of `tf.losses`: labels against predictions, as one number for a batch.

What follows the comparison of the elements, `averaged_losses` does for all of them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from nbgrad import shapes
from nbgrad.dtypes import float32
from nbgrad.graph import Tensor, graph_of
from nbgrad.graph.collecting import GraphKeys
from nbgrad.graph.operands import as_tensor
from nbgrad.ops.activations import relu
from nbgrad.ops.arrays import cast, ones_like
from nbgrad.ops.averaged_losses import Reduction, compute_weighted_loss
from nbgrad.ops.barriers import stop_gradient
from nbgrad.ops.class_losses import sparse_softmax_cross_entropy_with_logits
from nbgrad.ops.elementwise import multiply, squared_difference, subtract
from nbgrad.ops.logistic_losses import sigmoid_cross_entropy_with_logits
from nbgrad.ops.losses import softmax_cross_entropy_with_logits_v2
from nbgrad.ops.magnitudes import magnitude
from nbgrad.ops.piecewise import minimum
from nbgrad.ops.powers import log
from nbgrad.ops.reductions import reduce_sum
from nbgrad.ops.reshaping import squeeze
from nbgrad.ops.sizes import size_along


@contextlib.contextmanager
def compared(
    scope: str | None, default: str, of_float32: bool = True, **pair: Any
) -> Iterator[tuple[Tensor, Tensor, str]]:
    """Labels and predictions as tensors of one dtype, in a name scope of their own.

    Raises
    ------
    ValueError
        If one is missing, or their shapes differ.
    """
    for name, value in pair.items():
        if value is None:
            raise ValueError(f"{name} must not be None.")
    labels, predictions = pair.values()
    graph = graph_of(predictions, labels)
    with graph.name_scope(scope or default) as prefix:
        prediction = as_tensor(predictions, graph, name="x")
        prediction = cast(prediction, float32) if of_float32 else prediction
        label = cast(as_tensor(labels, graph, name="x"), prediction.dtype)
        got, wanted = prediction.static_shape, label.static_shape
        if not shapes.compatible(got, wanted):
            raise ValueError(
                f"Shapes {shapes.show(got)} and {shapes.show(wanted)} are incompatible"
            )
        yield label, prediction, prefix


def mean_squared_error(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Tensor:
    """The mean of (prediction − label)²"""
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
    """The mean of |prediction − label|"""
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
    """The mean of ½ e² up to |e| = δ, and of δ · (|e| − ½ δ) beyond"""
    pair = {"labels": labels, "predictions": predictions}
    with compared(scope, "huber_loss", **pair) as (y, x, prefix):
        error = magnitude(subtract(x, y))
        near = minimum(error, delta)
        # Where e = δ the minimum hands the whole gradient to e: the second term adds none.
        each = multiply(0.5, multiply(near, near)) + multiply(delta, subtract(error, near))
        return compute_weighted_loss(each, weights, prefix, loss_collection, reduction)


def log_loss(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    epsilon: float = 1e-7,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Tensor:
    """The mean of −y · log(p + ε) − (1 − y) · log(1 − p + ε)"""
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
    """The mean of max(0, 1 − y x), where the labels 0 and 1 count as y = −1 and 1"""
    pair = {"labels": labels, "logits": logits}
    with compared(scope, "hinge_loss", **pair) as (y, x, prefix):
        ones = ones_like(y)
        each = relu(subtract(ones, multiply(subtract(2 * y, ones), x)))
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
    """The mean of 1 − Σ x y along an axis: the distance of vectors that have length 1"""
    axis = dim if axis is None else axis
    if axis is None:
        raise ValueError("You must specify 'axis'.")
    pair = {"labels": labels, "predictions": predictions}
    with compared(scope, "cosine_distance_loss", **pair) as (y, x, prefix):
        each = 1 - reduce_sum(multiply(x, y), (axis,), True)
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
    """The mean logistic loss; smoothing draws the labels towards ½"""
    pair = {"multi_class_labels": multi_class_labels, "logits": logits}
    with compared(scope, "sigmoid_cross_entropy_loss", False, **pair) as (y, x, prefix):
        if label_smoothing > 0:
            y = y * (1 - label_smoothing) + 0.5 * label_smoothing
        each = sigmoid_cross_entropy_with_logits(labels=y, logits=x, name="xentropy")
        return compute_weighted_loss(each, weights, prefix, loss_collection, reduction)


def softmax_cross_entropy(
    onehot_labels: Any,
    logits: Any,
    weights: Any = 1.0,
    label_smoothing: float = 0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Tensor:
    """The mean cross entropy of rows of probabilities; smoothing draws them towards each other"""
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
    """The mean cross entropy where the labels are numbers of classes"""
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
