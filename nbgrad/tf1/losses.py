"""`tf.losses`: the losses of a batch as one number, which the graph lists in a collection.

A loss stands below as what it is for each element, of labels y and of predictions or logits x,
which are real numbers of one shape. `batch_loss` makes of it the loss of a batch, which has four
arguments more:

- `weights`: a number, or one for each loss; axes of size 1 serve for all along them;
- `scope`: what the operations are called in the graph;
- `loss_collection`: the collection that lists the result, None for none;
- `reduction`: one of `Reduction`; by default the mean of the losses whose weight is not 0.

Predictions count as float32; logits keep their dtype.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nbgrad.core import shapes
from nbgrad.core.dtypes import float32
from nbgrad.core.graph import Graph, Tensor, get_default_graph, graph_of, shape_of
from nbgrad.core.operands import as_tensor
from nbgrad.ops.activations import relu
from nbgrad.ops.arithmetic import multiply, squared_difference, subtract
from nbgrad.ops.control import stop_gradient
from nbgrad.ops.functions import log
from nbgrad.ops.logic import equal, where
from nbgrad.ops.piecewise import abs, div_no_nan, minimum
from nbgrad.ops.reductions import reduce_sum
from nbgrad.ops.shaping import broadcast_to, cast, size, size_along, squeeze
from nbgrad.ops.sources import ones_like, zeros_like
from nbgrad.tf1 import nn
from nbgrad.tf1.left_out import absent
from nbgrad.tf1.math import add_n
from nbgrad.tf1.signatures import called, parameters_of, takes
from nbgrad.tf1.tensors import constant
from nbgrad.tf1.variables import GraphKeys

# fmt: off
__all__ = [
    "Reduction", "absolute_difference", "add_loss", "compute_weighted_loss", "cosine_distance",
    "get_losses", "get_regularization_loss", "get_regularization_losses", "get_total_loss",
    "hinge_loss", "huber_loss", "log_loss", "mean_squared_error", "sigmoid_cross_entropy",
    "softmax_cross_entropy", "sparse_softmax_cross_entropy",
]
# fmt: on
__dir__ = __all__.copy
__getattr__ = absent("losses", __all__)


class Reduction:
    """The ways in which the weighted losses of the elements are reduced to one.

    >>> print(tf.losses.Reduction.MEAN in tf.losses.Reduction.all())
    True
    """

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
        """Refuse an unknown reduction."""
        if key not in cls.all():
            raise ValueError(f"Invalid Reduction Key {key}.")


def compute_weighted_loss(
    losses,
    weights=1.0,
    scope=None,
    loss_collection=GraphKeys.LOSSES,
    reduction=Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Tensor:
    """The weighted average of losses, Σ w l / n, which joins a collection of the graph.

    The reduction says by which number n the sum is divided, if at all.

    >>> loss = tf.losses.compute_weighted_loss([1.0, 2.0, 6.0], [1.0, 1.0, 0.0])
    >>> print(tf.Session().run(loss))
    1.5
    """
    Reduction.validate(reduction)
    graph = graph_of(losses, weights)
    with graph.name_scope(scope or "weighted_loss"):
        each = as_tensor(losses, graph, name="losses")
        weight = as_tensor(weights, graph, name="weights")
        check_weights(weight, each)
        dtype, each, weight = each.dtype, cast(each, float32), cast(weight, float32)
        loss = multiply(each, weight)
        if reduction != Reduction.NONE:
            loss = reduce_sum(loss)
        if reduction not in (Reduction.NONE, Reduction.SUM):
            # 0 where nothing counts
            loss = div_no_nan(reduce_sum(loss), count_of(each, weight, reduction), name="value")
        loss = cast(loss, dtype)
        add_loss(loss, loss_collection)
        return loss


def count_of(losses: Tensor, weights: Tensor, reduction: str) -> Tensor:
    """What a sum of losses is divided by: how many there are, or count, or the sum of weights."""
    if reduction == Reduction.SUM_OVER_BATCH_SIZE:
        return cast(size(losses), float32)
    if reduction == Reduction.MEAN:
        return reduce_sum(multiply(ones_like(losses), weights))
    with losses.graph.name_scope("num_present"):
        present = where(equal(weights, 0.0), zeros_like(weights), ones_like(weights))
        return reduce_sum(broadcast_to(present, shape_of(losses)))


def check_weights(weights: Tensor, losses: Tensor) -> None:
    """Refuse weights that serve neither for all losses nor for one each."""
    got, wanted = weights.static_shape, losses.static_shape
    if got is None or wanted is None or not got:
        return
    shown = f"values.shape={shapes.brackets(wanted)} weights.shape={shapes.brackets(got)}."
    problem = "weights can not be broadcast to values."
    if len(got) != len(wanted):
        ranks = f"values.rank={len(wanted)}. weights.rank={len(got)}."
        raise ValueError(f"{problem} {ranks} {shown.replace(' w', '. w', 1)}")
    for axis, (a, b) in enumerate(zip(got, wanted, strict=True)):
        if a not in (1, b) and None not in (a, b):
            raise ValueError(f"{problem} Mismatch at dim {axis}. {shown}")


Loss = Callable[..., Tensor]
Arguments = tuple[Tensor, Tensor, Any]


def of_one_dtype(graph: Graph, labels, logits, weights) -> Arguments:
    """Labels of the dtype of the logits, and of a shape that both may have."""
    x = as_tensor(logits, graph, name="x")
    y = cast(as_tensor(labels, graph, name="x"), x.dtype)
    if not shapes.compatible(x.static_shape, y.static_shape):
        both = " and ".join(shapes.show(each.static_shape) for each in (x, y))
        raise ValueError(f"Shapes {both} are incompatible")
    return y, x, weights


def as_float32(graph: Graph, labels, predictions, weights) -> Arguments:
    """Predictions as float32, and labels like them."""
    x = cast(as_tensor(predictions, graph, name="x"), float32)
    return of_one_dtype(graph, labels, x, weights)


def class_numbers(graph: Graph, labels, logits, weights) -> Arguments:
    """Labels with one axis less than the logits, and weights without the axis of the classes."""
    classes, x = as_tensor(labels, graph, name="labels"), as_tensor(logits, graph)
    known, wanted = classes.static_shape, x.static_shape
    if known and wanted and len(known) == len(wanted) and known[-1] in (1, None):
        classes = squeeze(classes, [-1])
    weights = as_tensor(weights, graph, name="weights")
    known, wanted = weights.static_shape, classes.static_shape
    if known and wanted is not None and len(known) == len(wanted) + 1:
        weights = squeeze(weights, [-1])
    return classes, x, weights


def batch_loss(
    default_scope: str, prepare: Callable[..., Arguments] = as_float32
) -> Callable[[Loss], Loss]:
    """A decorator: from the loss of each element to the weighted loss of a batch.

    The function finds its first two arguments, labels and predictions, as `prepare` makes them. Its
    own options stand after `weights`, as in TensorFlow.
    """

    def decorate(loss_of_each: Loss) -> Loss:
        labels, predictions, *own = parameters_of(loss_of_each).values()
        _, weights, *shared = parameters_of(compute_weighted_loss).values()

        @takes([labels, predictions, weights, *own, *shared])
        @called(loss_of_each.__name__, loss_of_each.__doc__)
        def build(weights, scope, loss_collection, reduction, **of) -> Tensor:
            names = labels.name, predictions.name
            given = [of.pop(name) for name in names]
            for name, value in zip(names, given, strict=True):
                if value is None:
                    raise ValueError(f"{name} must not be None.")
            graph = graph_of(*given)
            with graph.name_scope(scope or default_scope) as prefix:
                y, x, weights = prepare(graph, *given, weights)
                each = loss_of_each(y, x, **of)
                return compute_weighted_loss(each, weights, prefix, loss_collection, reduction)

        return build

    return decorate


@batch_loss("mean_squared_error")
def mean_squared_error(labels, predictions) -> Tensor:
    """The mean squared error, the mean of (x − y)² for predictions x and labels y.

    >>> print(tf.Session().run(tf.losses.mean_squared_error([1.0, 2.0], [1.0, 4.0])))
    2.0
    """
    return squared_difference(predictions, labels)


@batch_loss("absolute_difference")
def absolute_difference(labels, predictions) -> Tensor:
    """The mean absolute error, the mean of |x − y| for predictions x and labels y.

    >>> print(tf.Session().run(tf.losses.absolute_difference([1.0, 2.0], [1.0, 4.0])))
    1.0
    """
    return abs(subtract(predictions, labels))


@batch_loss("huber_loss")
def huber_loss(labels, predictions, delta=1.0) -> Tensor:
    """The mean of a loss that forgives outliers, ½ e² where e = |x − y| ≤ δ, else δ (e − ½ δ).

    Huber, "Robust Estimation of a Location Parameter", 1964.

    >>> print(tf.Session().run(tf.losses.huber_loss([0.0, 0.0], [1.0, 10.0])))
    5.0
    """
    error = abs(subtract(predictions, labels))
    near = minimum(error, delta)
    # Where e = δ the minimum hands the whole gradient to e: the second term adds none.
    return multiply(0.5, multiply(near, near)) + multiply(delta, subtract(error, near))


@batch_loss("log_loss")
def log_loss(labels, predictions, epsilon=1e-7) -> Tensor:
    """The mean log loss of probabilities x, −y log(x + ε) − (1 − y) log(1 − x + ε).

    Here ε keeps the logarithms finite.

    >>> print(tf.Session().run(tf.losses.log_loss([1.0, 0.0], [0.5, 0.5])))
    0.6931
    """
    y, x = labels, predictions
    return -multiply(y, log(x + epsilon)) - multiply(1 - y, log(1 - x + epsilon))


@batch_loss("hinge_loss")
def hinge_loss(labels, logits) -> Tensor:
    """The mean hinge loss, max(0, 1 − (2y − 1) x), which is 0 where x is right by a margin of 1.

    The labels y are 0 or 1. Cortes, Vapnik, "Support-Vector Networks", 1995.

    >>> print(tf.Session().run(tf.losses.hinge_loss([1.0, 0.0], [3.0, 0.5])))
    0.75
    """
    ones = ones_like(labels)
    return relu(subtract(ones, multiply(subtract(2 * labels, ones), logits)))


@batch_loss("sigmoid_cross_entropy_loss", of_one_dtype)
def sigmoid_cross_entropy(multi_class_labels, logits, label_smoothing=0) -> Tensor:
    """The mean logistic loss, −y log σ(x) − (1 − y) log(1 − σ(x)).

    `label_smoothing` draws the labels towards ½ (Szegedy, Vanhoucke, Ioffe, Shlens, Wojna,
    "Rethinking the Inception Architecture for Computer Vision", 2016).

    >>> print(tf.Session().run(tf.losses.sigmoid_cross_entropy([1.0, 0.0], [0.0, 0.0])))
    0.6931
    """
    y = multi_class_labels
    if label_smoothing > 0:
        y = y * (1 - label_smoothing) + 0.5 * label_smoothing
    return nn.sigmoid_cross_entropy_with_logits(None, y, logits, "xentropy")


@batch_loss("softmax_cross_entropy_loss", of_one_dtype)
def softmax_cross_entropy(onehot_labels, logits, label_smoothing=0) -> Tensor:
    """The mean cross entropy of a softmax, −Σ y log softmax(x) per row; labels get no gradient.

    Classes lie along the last axis. `label_smoothing` draws the labels towards each other (Szegedy,
    Vanhoucke, Ioffe, Shlens, Wojna, "Rethinking the Inception Architecture for Computer Vision",
    2016).

    >>> print(tf.Session().run(tf.losses.softmax_cross_entropy([[1.0, 0.0]], [[0.0, 0.0]])))
    0.6931
    """
    y = onehot_labels
    if label_smoothing > 0:
        classes = size_along(y, -1)
        classes = cast(classes, y.dtype) if isinstance(classes, Tensor) else float(classes)
        y = y * (1.0 - label_smoothing) + label_smoothing / classes
    y = stop_gradient(y, name="labels_stop_gradient")
    return nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=logits, name="xentropy")


@takes(
    "labels, predictions, axis=None, weights=1.0, scope=None, loss_collection=GraphKeys.LOSSES, "
    "reduction=Reduction.SUM_BY_NONZERO_WEIGHTS, dim=None"
)
@batch_loss("cosine_distance_loss")
def cosine_distance(labels, predictions, axis=None) -> Tensor:
    """The mean distance of directions, 1 − Σ x y along an axis, for vectors of length 1.

    `tf.nn.l2_normalize` gives them length 1.

    >>> print(tf.Session().run(tf.losses.cosine_distance([[1.0, 0.0]], [[0.0, 1.0]], axis=1)))
    1.0
    """
    if axis is None:
        raise ValueError("You must specify 'axis'.")
    return 1 - reduce_sum(multiply(predictions, labels), (axis,), True)


@batch_loss("sparse_softmax_cross_entropy_loss", class_numbers)
def sparse_softmax_cross_entropy(labels, logits) -> Tensor:
    """The mean cross entropy of a softmax, −log softmax(x) at the class that each label names.

    Labels are the numbers of the classes, from 0; logits have one more axis, that of the classes.

    >>> print(tf.Session().run(tf.losses.sparse_softmax_cross_entropy([0], [[0.0, 0.0]])))
    0.6931
    """
    return nn.sparse_softmax_cross_entropy_with_logits(None, labels, logits, "xentropy")


def add_loss(loss: Tensor, loss_collection=GraphKeys.LOSSES) -> None:
    """Append a loss of your own to those of its graph.

    >>> tf.losses.add_loss(tf.constant(1.0, name="mine"))
    >>> print(*(loss.name for loss in tf.losses.get_losses()))
    mine:0
    """
    if loss_collection:
        loss.graph.add_to_collection(loss_collection, loss)


def get_losses(scope=None, loss_collection=GraphKeys.LOSSES) -> list[Tensor]:
    """The losses of the default graph in the order of adding, or those whose names begin so.

    >>> loss = tf.losses.mean_squared_error([1.0], [3.0])
    >>> print(tf.losses.get_losses() == [loss])
    True
    """
    return get_default_graph().get_collection(loss_collection, scope)


def get_regularization_losses(scope=None) -> list[Tensor]:
    """The losses that the regularizers of variables returned, or those whose names begin so.

    >>> w = tf.get_variable("w", [2], regularizer=tf.nn.l2_loss)
    >>> print(len(tf.losses.get_regularization_losses()))
    1
    """
    return get_losses(scope, GraphKeys.REGULARIZATION_LOSSES)


def get_regularization_loss(scope=None, name="total_regularization_loss") -> Tensor:
    """The sum of the regularizers' losses, 0 if there are none.

    >>> print(tf.Session().run(tf.losses.get_regularization_loss()))
    0.0
    """
    found = get_regularization_losses(scope)
    return add_n(found, name) if found else constant(0.0)


def get_total_loss(add_regularization_losses=True, name="total_loss", scope=None) -> Tensor:
    """The sum of all losses of the default graph, those of regularizers included.

    >>> tf.losses.add_loss(tf.constant(1.0))
    >>> tf.losses.add_loss(tf.constant(2.0))
    >>> print(tf.Session().run(tf.losses.get_total_loss()))
    3.0
    """
    regularizing = get_regularization_losses(scope) if add_regularization_losses else []
    return add_n([*get_losses(scope), *regularizing], name)
