"""Labels and predictions, made comparable."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from nbgrad.core import shapes
from nbgrad.core.default_graph import get_default_graph, graph_of
from nbgrad.core.dtypes import float32
from nbgrad.core.graph import Tensor, shape_of
from nbgrad.core.operands import as_tensor
from nbgrad.ops.activations import relu
from nbgrad.ops.arithmetic import multiply, squared_difference, subtract
from nbgrad.ops.copying import broadcast_to, cast, ones_like, stop_gradient, zeros_like
from nbgrad.ops.division import div_no_nan
from nbgrad.ops.functions import log
from nbgrad.ops.logic import equal, where
from nbgrad.ops.reductions import reduce_sum
from nbgrad.ops.rounding import minimum
from nbgrad.ops.shaping import size, size_along, squeeze
from nbgrad.tf1.arrays import constant
from nbgrad.tf1.math import add_n, magnitude
from nbgrad.tf1.nn import (
    sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits_v2,
    sparse_softmax_cross_entropy_with_logits,
)
from nbgrad.tf1.scopes import GraphKeys


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


class Reduction:
    """What becomes of the weighted losses of the elements."""

    NONE = "none"
    SUM = "weighted_sum"
    SUM_OVER_BATCH_SIZE = "weighted_sum_over_batch_size"
    MEAN = "weighted_mean"
    SUM_BY_NONZERO_WEIGHTS = "weighted_sum_by_nonzero_weights"
    SUM_OVER_NONZERO_WEIGHTS = SUM_BY_NONZERO_WEIGHTS

    @classmethod
    def all(cls) -> tuple[str, ...]:
        return (
            *(cls.NONE, cls.SUM, cls.MEAN, cls.SUM_OVER_BATCH_SIZE),
            *(cls.SUM_OVER_NONZERO_WEIGHTS, cls.SUM_BY_NONZERO_WEIGHTS),
        )

    @classmethod
    def validate(cls, key: str) -> None:
        """Refuse what is no reduction."""
        if key not in cls.all():
            raise ValueError(f"Invalid Reduction Key {key}.")


def compute_weighted_loss(
    losses: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Tensor:
    """The weighted average of losses, Σ w l / n, which joins a collection of the graph.

    Parameters
    ----------
    losses : tensor_like of real numbers (float or integer)
        l, one for each element.
    weights : tensor_like, default 1.0
        A number, or one for each loss; axes of size 1 serve for all along them.
    scope : str, optional
        What the operations are called in the graph.
    loss_collection : str or None
        The collection that lists the loss, `GraphKeys.LOSSES` by default.
    reduction : str
        One of `Reduction`: by which number n the sum is divided, if at all; by default by how
        many weights are not 0.

    Returns
    -------
    Tensor
        Of the dtype of `losses`, a scalar; with `Reduction.NONE` one for each loss.

    Raises
    ------
    ValueError
        If the weights do not fit, or there is no such reduction.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.losses.compute_weighted_loss([1.0, 2.0, 6.0], [1.0, 1.0, 0.0])))
    1.5
    """
    Reduction.validate(reduction)
    graph = graph_of(losses, weights)
    with graph.name_scope(scope or "weighted_loss"):
        each = as_tensor(losses, graph, name="losses")
        weight = as_tensor(weights, graph, name="weights")
        check_weights(weight, each)
        of_type, each, weight = each.dtype, cast(each, float32), cast(weight, float32)
        loss = multiply(each, weight)
        if reduction != Reduction.NONE:
            loss = reduce_sum(loss)
        if reduction == Reduction.MEAN:
            loss = safe_mean(loss, reduce_sum(multiply(ones_like(each), weight)))
        elif reduction == Reduction.SUM_BY_NONZERO_WEIGHTS:
            loss = safe_mean(loss, number_present(each, weight))
        elif reduction == Reduction.SUM_OVER_BATCH_SIZE:
            loss = safe_mean(loss, cast(size(each), float32))
        loss = cast(loss, of_type)
        add_loss(loss, loss_collection)
        return loss


def safe_mean(total: Tensor, count: Tensor) -> Tensor:
    """A sum divided by a count; 0 where nothing counts."""
    return div_no_nan(reduce_sum(total), count, name="value")


def number_present(losses: Tensor, weights: Tensor) -> Tensor:
    """How many losses have a weight that is not zero."""
    with losses.graph.name_scope("num_present"):
        present = where(equal(weights, 0.0), zeros_like(weights), ones_like(weights))
        return reduce_sum(broadcast_to(present, shape_of(losses)))


def check_weights(weights: Tensor, losses: Tensor) -> None:
    """Refuse weights that serve neither for all losses nor for one each."""
    given, wanted = weights.static_shape, losses.static_shape
    if given is None or wanted is None or not given:
        return
    shown = f"values.shape={shapes.brackets(wanted)} weights.shape={shapes.brackets(given)}."
    problem = "weights can not be broadcast to values."
    if len(given) != len(wanted):
        ranks = f"values.rank={len(wanted)}. weights.rank={len(given)}."
        raise ValueError(f"{problem} {ranks} {shown.replace(' w', '. w', 1)}")
    for axis, (a, b) in enumerate(zip(given, wanted, strict=True)):
        if a not in (1, b) and None not in (a, b):
            raise ValueError(f"{problem} Mismatch at dim {axis}. {shown}")


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


def add_loss(loss: Tensor, loss_collection: str | None = GraphKeys.LOSSES) -> None:
    """List a loss of one's own with the others of its graph.

    Parameters
    ----------
    loss : Tensor
    loss_collection : str or None
        The collection, `GraphKeys.LOSSES` by default; None for none.

    Returns
    -------
    None
        The graph keeps the list.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     ng.losses.add_loss(ng.constant(1.0, name="mine"))
    ...     print(*(loss.name for loss in ng.losses.get_losses()))
    mine:0
    """
    if loss_collection:
        loss.graph.add_to_collection(loss_collection, loss)


def get_losses(scope: str | None = None, loss_collection: str = GraphKeys.LOSSES) -> list[Tensor]:
    """The losses that the default graph lists.

    Parameters
    ----------
    scope : str, optional
        Only those whose names begin so.
    loss_collection : str
        The collection, `GraphKeys.LOSSES` by default.

    Returns
    -------
    list of Tensor
        In the order in which they were listed.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     loss = ng.losses.mean_squared_error([1.0], [3.0])
    ...     print(ng.losses.get_losses() == [loss])
    True
    """
    return get_default_graph().get_collection(loss_collection, scope)


def get_regularization_losses(scope: str | None = None) -> list[Tensor]:
    """What the regularizers of variables gave, as the default graph lists it.

    Parameters
    ----------
    scope : str, optional
        Only those whose names begin so.

    Returns
    -------
    list of Tensor
        In the order in which the variables were made.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     w = ng.get_variable("w", [2], regularizer=lambda w: ng.nn.l2_loss(w))
    ...     print(len(ng.losses.get_regularization_losses()))
    1
    """
    return get_losses(scope, GraphKeys.REGULARIZATION_LOSSES)


def get_regularization_loss(
    scope: str | None = None, name: str = "total_regularization_loss"
) -> Tensor:
    """The sum of what the regularizers of variables gave, 0 if there are none.

    Parameters
    ----------
    scope : str, optional
        Only those whose names begin so.
    name : str, default "total_regularization_loss"
        What the sum is called in the graph.

    Returns
    -------
    Tensor
        A scalar.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     print(ng.Session().run(ng.losses.get_regularization_loss()))
    0.0
    """
    found = get_regularization_losses(scope)
    return add_n(found, name) if found else constant(0.0)


def get_total_loss(
    add_regularization_losses: bool = True, name: str = "total_loss", scope: str | None = None
) -> Tensor:
    """The sum of all losses that the default graph lists.

    Parameters
    ----------
    add_regularization_losses : bool, default True
        Whether what the regularizers of variables gave belongs to it.
    name : str, default "total_loss"
        What the sum is called in the graph.
    scope : str, optional
        Only those whose names begin so.

    Returns
    -------
    Tensor
        A scalar.

    Raises
    ------
    ValueError
        If there is none.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     ng.losses.add_loss(ng.constant(1.0))
    ...     ng.losses.add_loss(ng.constant(2.0))
    ...     print(ng.Session().run(ng.losses.get_total_loss()))
    3.0
    """
    regularizing = get_regularization_losses(scope) if add_regularization_losses else []
    return add_n([*get_losses(scope), *regularizing], name)
