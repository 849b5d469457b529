"""Cross entropies for each example, as `tf.nn` has them.

Write `labels=` and `logits=`, as they are easily confused, and either way it would run:
`_sentinel` takes no value. `name` is what the operations are called in the graph.
"""

from __future__ import annotations

from typing import Any

from nbgrad.core.default_graph import graph_of
from nbgrad.core.errors import ShapeError
from nbgrad.core.graph import Operand, Tensor
from nbgrad.core.operands import as_tensor
from nbgrad.core.shapes import Shape, merge_shapes
from nbgrad.ops.activations import relu
from nbgrad.ops.copying import stop_gradient
from nbgrad.ops.logic import where
from nbgrad.ops.shaping import reshape, size_along
from nbgrad.ops.shaping import shape as shape_tensor
from nbgrad.ops.softmax import _cross_entropy, _sparse_cross_entropy
from nbgrad.tf1.math import abs, add, exp, greater_equal, log1p, multiply, negative, subtract
from nbgrad.tf1.signatures import composite, zeros_like


def softmax_cross_entropy_with_logits_v2(
    _sentinel: Any = None,
    labels: Any = None,
    logits: Any = None,
    axis: int | None = None,
    name: str | None = None,
    dim: int | None = None,
) -> Tensor:
    """The cross entropy of probabilities and a softmax, −Σ labels · log softmax(logits).

    The classes lie along `axis` (or `dim`), by default the last. Gradients flow to both; that of
    the logits is softmax(logits) − labels, also where the labels do not sum to 1 (Bridle,
    "Probabilistic Interpretation of Feedforward Classification Network Outputs", 1990).

    >>> loss = tf.nn.softmax_cross_entropy_with_logits_v2(labels=[0.0, 1.0], logits=[0.0, 0.0])
    >>> print(tf.Session().run(loss))
    0.6931
    """
    check_given_by_name("softmax_cross_entropy_with_logits", _sentinel, labels, logits)
    axis = dim if axis is None else axis
    return flattened_cross_entropy(logits, labels, -1 if axis is None else axis, name)


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

    >>> loss = tf.nn.softmax_cross_entropy_with_logits(labels=[0.0, 1.0], logits=[0.0, 0.0])
    >>> print(tf.Session().run(loss))
    0.6931
    """
    check_given_by_name("softmax_cross_entropy_with_logits", _sentinel, labels, logits)
    truth = stop_gradient(as_tensor(labels, graph_of(labels, logits), name="labels"))
    return flattened_cross_entropy(logits, truth, dim if axis is None else axis, name)


def flattened_cross_entropy(logits: Any, labels: Any, axis: int, name: str | None) -> Tensor:
    """The cross entropy of logits and labels, which TensorFlow makes [example, class] first.

    So an axis of size 1 too many, in either, does no harm. The result has the shape of the logits.
    """
    graph = graph_of(logits, labels)
    x = as_tensor(logits, graph, name="logits")
    truth = as_tensor(labels, graph, None if isinstance(labels, Operand) else x.dtype, "labels")
    rank = None if x.static_shape is None else len(x.static_shape)
    if axis not in (-1, rank and rank - 1) or corresponds(x.static_shape, truth.static_shape):
        return _cross_entropy(x, truth, axis, name)
    with graph.name_scope(name or "softmax_cross_entropy_with_logits") as scope:
        rows = [reshape(each, [-1, size_along(each, -1)]) for each in (x, truth)]
        each = _cross_entropy(rows[0], rows[1], -1, None)
        return reshape(each, outer_shape(x), name=scope)


def corresponds(logits: Shape, labels: Shape) -> bool:
    """Whether two shapes belong together axis by axis, as far as is known before a run."""
    if logits is None or labels is None or len(logits) != len(labels):
        return False
    outer = list(zip(logits, labels, strict=True))[:-1]
    if len(outer) == 1:
        return True
    unknown = [pair for pair in outer if None in pair]
    return len(unknown) <= 1 and all(m == n or None in (m, n) for m, n in outer)


def outer_shape(x: Tensor) -> Any:
    """The shape of a tensor but for its last axis."""
    known = x.static_shape
    if known is not None and known[:-1].count(None) <= 1:
        return [-1 if size is None else size for size in known[:-1]]
    return shape_tensor(x)[:-1]


def sparse_softmax_cross_entropy_with_logits(
    _sentinel: Any = None, labels: Any = None, logits: Any = None, name: str | None = None
) -> Tensor:
    """The cross entropy of one true class and a softmax, −log softmax(logits) at that class.

    Labels are the numbers of the classes, from 0; logits have one more axis, that of the classes.

    >>> logits = tf.constant([[100.0, 0.0], [0.0, 100.0]])
    >>> loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[1, 0], logits=logits)
    >>> print(tf.Session().run(loss))
    [100. 100.]
    """
    check_given_by_name("sparse_softmax_cross_entropy_with_logits", _sentinel, labels, logits)
    return _sparse_cross_entropy(logits, labels, name)


@composite("logistic_loss")
def sigmoid_cross_entropy_with_logits(
    _sentinel: Any = None, labels: Any = None, logits: Any = None, name: str | None = None
) -> Tensor:
    """The logistic loss of every element, −t · log σ(x) − (1 − t) · log(1 − σ(x)).

    Here t are the labels, x the logits. It is computed as max(x, 0) − x · t + log(1 + e^−|x|), in
    which nothing overflows. Its gradient is σ(x) − t (Cox, "The Regression Analysis of Binary
    Sequences", 1958).

    >>> loss = tf.nn.sigmoid_cross_entropy_with_logits(labels=1.0, logits=-100.0)
    >>> print(tf.Session().run(loss))
    100.0
    """
    check_given_by_name("sigmoid_cross_entropy_with_logits", _sentinel, labels, logits)
    graph = graph_of(labels, logits)
    x = as_tensor(logits, graph, name="logits")
    truth = of_same_dtype(x, labels, "labels")
    check_same_shape(x, truth)
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

    Here t are the labels (or `targets`), x the logits and w `pos_weight`.

    >>> loss = tf.nn.weighted_cross_entropy_with_logits(1.0, 0.0, pos_weight=2.0)
    >>> print(tf.Session().run(loss))
    1.3863
    """
    graph = graph_of(labels, logits, targets)
    x = as_tensor(logits, graph, name="logits")
    truth = of_same_dtype(x, targets if labels is None else labels, "labels")
    check_same_shape(x, truth)
    weight = add(multiply(subtract(of_same_dtype(x, pos_weight, "pos_weight"), 1), truth), 1)
    # log(1 + e⁻ˣ), in which e^−|x| cannot overflow, whichever the sign of x.
    surprise = add(log1p(exp(negative(abs(x)))), relu(negative(x)))
    return add(multiply(subtract(1, truth), x), multiply(weight, surprise), name=name)


def check_same_shape(logits: Tensor, labels: Tensor) -> None:
    try:
        merge_shapes(logits.static_shape, labels.static_shape)
    except ShapeError:
        raise ValueError(
            f"logits and labels must have the same shape ({logits.shape} vs {labels.shape})"
        ) from None


def check_given_by_name(function: str, sentinel: Any, labels: Any, logits: Any) -> None:
    if sentinel is not None:
        raise ValueError(
            f"Only call `{function}` with named arguments (labels=..., logits=..., ...)"
        )
    if labels is None or logits is None:
        raise ValueError("Both labels and logits must be provided.")


def of_same_dtype(x: Tensor, value: Any, name: str) -> Tensor:
    """A tensor as it is, anything else as a constant of the dtype of x."""
    return as_tensor(value, x.graph, None if isinstance(value, Operand) else x.dtype, name)
