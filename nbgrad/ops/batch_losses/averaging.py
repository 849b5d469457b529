"""What `tf.losses` has in common: losses weighed, averaged and listed in the graph.

By default they are averaged over those whose weight is not zero. All is done in float32, as
TensorFlow does it.
"""

from __future__ import annotations

from typing import Any

from nbgrad import shapes
from nbgrad.dtypes import float32
from nbgrad.graph import Tensor, graph_of, shape_of
from nbgrad.graph.collecting import GraphKeys
from nbgrad.graph.operands import as_tensor
from nbgrad.ops.batch_losses.listing import add_loss
from nbgrad.ops.copying.repetition import broadcast_to, cast, ones_like, zeros_like
from nbgrad.ops.elementwise.arithmetic import multiply
from nbgrad.ops.elementwise.guarded import div_no_nan
from nbgrad.ops.elementwise.logic import equal, where
from nbgrad.ops.rearranging.sizes import size
from nbgrad.ops.reductions.sums import reduce_sum


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
