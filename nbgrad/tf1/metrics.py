"""`tf.metrics`: averages over all batches that a run has seen, kept in local variables.

Each returns two tensors: the value so far, and the operation that adds a batch to it and gives the
value then. `tf.local_variables_initializer()` starts from nothing. `weights` count each element as
often as they say; both tensors join the collections that `metrics_collections` and
`updates_collections` name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nbgrad.core.dtypes import bool_, float32
from nbgrad.core.graph import Tensor, graph_of, shape_of
from nbgrad.core.operands import as_tensor
from nbgrad.ops.arithmetic import add, multiply, squared_difference, subtract
from nbgrad.ops.functions import sqrt
from nbgrad.ops.logic import equal, logical_and, logical_not
from nbgrad.ops.piecewise import abs, div_no_nan
from nbgrad.ops.reductions import reduce_sum
from nbgrad.ops.shaping import broadcast_to, cast, squeeze
from nbgrad.tf1.left_out import absent
from nbgrad.tf1.signatures import called, takes
from nbgrad.tf1.variable_scope import variable_scope
from nbgrad.tf1.variables import GraphKeys, Variable, assign_add

# fmt: off
__all__ = [
    "accuracy", "false_negatives", "false_positives", "mean", "mean_absolute_error",
    "mean_squared_error", "precision", "recall", "root_mean_squared_error", "true_negatives",
    "true_positives",
]
# fmt: on
__dir__ = __all__.copy
__getattr__ = absent("metrics", __all__)

Metric = tuple[Tensor, Tensor]

_takes_pairs = takes(
    "labels, predictions, weights=None, metrics_collections=None, updates_collections=None, "
    "name=None"
)


def mean(
    values, weights=None, metrics_collections=None, updates_collections=None, name=None
) -> Metric:
    """The weighted mean of all values so far, and the operation that adds some.

    >>> x = tf.placeholder(tf.float32, [None])
    >>> value, update = tf.metrics.mean(x)
    >>> with tf.Session() as session:
    ...     session.run(tf.local_variables_initializer())
    ...     print(session.run(update, {x: [1.0, 2.0]}), session.run(update, {x: [6.0]}))
    1.5 3.0
    """
    values = as_tensor(values, graph_of(values, weights), name="values")
    with variable_scope(name, "mean"):
        found = running_mean(values, weights)
    return collected(found, metrics_collections, updates_collections)


def running_mean(values: Tensor, weights: Any) -> Metric:
    """The mean of what two local variables have added up; and what adds to them."""
    values = cast(values, float32)
    sums = [values, counted(weights, values)]
    if weights is not None:
        sums[0] = multiply(values, sums[1])
    kept = [local_variable("total"), local_variable("count")]
    added = [assign_add(v, reduce_sum(each)) for v, each in zip(kept, sums, strict=True)]
    return div_no_nan(*kept, name="value"), div_no_nan(*added, name="update_op")


def counted(weights: Any, like: Tensor) -> Tensor:
    """How often each element counts."""
    weights = as_tensor(1.0 if weights is None else weights, like.graph, name="weights")
    return broadcast_to(cast(weights, float32), shape_of(like))


def local_variable(name: str) -> Variable:
    collections = [GraphKeys.LOCAL_VARIABLES, GraphKeys.METRIC_VARIABLES]
    return Variable(0.0, trainable=False, collections=collections, name=name)


def collected(found: Metric, *collections: Any) -> Metric:
    for tensor, keys in zip(found, collections, strict=True):
        tensor.graph.add_to_collections([keys] if isinstance(keys, str) else keys or [], tensor)
    return found


def metric(label: str, documentation: str) -> Callable[[Callable[..., Metric]], Any]:
    """A decorator: a function of labels, predictions and weights, with its variables in a scope."""

    def decorate(compute: Callable[..., Metric]) -> Any:
        @_takes_pairs
        @called(label, documentation)
        def build(
            labels, predictions, weights, metrics_collections, updates_collections, name
        ) -> Metric:
            labels, predictions = as_pair(labels, predictions)
            with variable_scope(name, label):
                found = compute(labels, predictions, weights)
            return collected(found, metrics_collections, updates_collections)

        return build

    return decorate


def of_pairs(label: str, error: Callable[[Tensor, Tensor], Tensor], formula: str) -> Any:
    """A metric that is the mean of a function of labels and predictions."""
    return metric(label, DOCUMENTATION.format(label, formula))(
        lambda labels, predictions, weights: running_mean(error(labels, predictions), weights)
    )


DOCUMENTATION = """The {1} so far, and the operation that adds a batch.

    >>> value, update = tf.metrics.{0}([1.0, 0.0], [1.0, 0.0])
    >>> print(update.name)
    {0}/update_op:0
    """


def as_pair(labels: Any, predictions: Any) -> tuple[Tensor, Tensor]:
    """Labels and predictions of one shape; one of them may have a last axis of size 1 more."""
    graph = graph_of(labels, predictions)
    first = as_tensor(predictions, graph, name="predictions")
    pair = [
        as_tensor(labels, graph, None if hasattr(labels, "dtype") else first.dtype, "labels"),
        first,
    ]
    shapes = [each.static_shape for each in pair]
    if None not in shapes:
        for i, other in ((0, 1), (1, 0)):
            if len(shapes[i]) == len(shapes[other]) + 1 and shapes[i][-1] in (1, None):
                pair[i] = squeeze(pair[i], -1)
    return pair[0], pair[1]


def difference(compare: Callable[..., Tensor]) -> Callable[[Tensor, Tensor], Tensor]:
    return lambda labels, predictions: compare(cast(labels, predictions.dtype), predictions)


def agreement(labels: Tensor, predictions: Tensor) -> Tensor:
    """Ones where both are equal, zeros elsewhere."""
    return cast(equal(cast(labels, predictions.dtype), predictions), float32)


accuracy = of_pairs("accuracy", agreement, "share of predictions that are their labels")
mean_squared_error = of_pairs(
    "mean_squared_error", difference(squared_difference), "mean of (label − prediction)²"
)
mean_absolute_error = of_pairs(
    "mean_absolute_error",
    difference(lambda y, x: abs(subtract(x, y))),
    "mean of |label − prediction|",
)


@_takes_pairs
def root_mean_squared_error(
    labels, predictions, weights, metrics_collections, updates_collections, name
) -> Metric:
    """The root of the mean of (label − prediction)² so far, and the operation that adds a batch.

    >>> value, update = tf.metrics.root_mean_squared_error([1.0, 0.0], [1.0, 0.0])
    >>> print(update.name)
    Sqrt_1:0
    """
    name = name or "root_mean_squared_error"
    squares = mean_squared_error(labels, predictions, weights, name=name)
    return collected((sqrt(squares[0]), sqrt(squares[1])), metrics_collections, updates_collections)


def counting(label: str, wanted: tuple[bool, bool], words: str) -> Any:
    """A metric that counts the pairs of a label and a prediction, true or false, that are so."""

    @metric(label, COUNTING.format(label, words))
    def count_of(labels: Tensor, predictions: Tensor, weights: Any) -> Metric:
        pair = [cast(each, bool_) for each in (labels, predictions)]
        both = [x if want else logical_not(x) for x, want in zip(pair, wanted, strict=True)]
        found = cast(logical_and(*both), float32)
        count = local_variable("count")
        update = assign_add(count, reduce_sum(multiply(found, counted(weights, found))))
        return count.value(), update

    return count_of


COUNTING = """The number of {1} so far, and the operation that adds a batch.

    >>> value, update = tf.metrics.{0}([True, False], [False, True])
    >>> print([variable.name for variable in tf.local_variables()])
    ['{0}/count:0']
    """

true_positives = counting("true_positives", (True, True), "true predictions with a true label")
false_positives = counting("false_positives", (False, True), "true predictions with a false label")
false_negatives = counting("false_negatives", (True, False), "false predictions with a true label")
true_negatives = counting("true_negatives", (False, False), "false predictions with a false label")


def share_of_true(label: str, others: Any, words: str) -> Any:
    """A metric that divides the true positives by them and others."""

    @metric(label, DOCUMENTATION.format(label, words))
    def share(labels: Tensor, predictions: Tensor, weights: Any) -> Metric:
        right = true_positives(labels, predictions, weights)
        wrong = others(labels, predictions, weights)
        value, update = (add(good, bad) for good, bad in zip(right, wrong, strict=True))
        return (
            div_no_nan(right[0], value, name="value"),
            div_no_nan(right[1], update, name="update_op"),
        )

    return share


precision = share_of_true("precision", false_positives, "share of true predictions that are right")
recall = share_of_true("recall", false_negatives, "share of true labels that were predicted")
