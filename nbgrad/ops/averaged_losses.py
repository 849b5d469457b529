"""The losses of `tf.losses`: one number for a batch, listed in the graph.

Each compares labels with predictions element by element, weighs the differences and averages
over those whose weight is not zero. All compute in float32, as TensorFlow's do.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from nbgrad import shapes
from nbgrad.dtypes import float32
from nbgrad.errors import advise
from nbgrad.graph import Tensor, get_default_graph, graph_of, shape_of
from nbgrad.graph.collecting import GraphKeys
from nbgrad.graph.operands import as_tensor
from nbgrad.ops import losses as plain
from nbgrad.ops.activations import relu
from nbgrad.ops.arrays import broadcast_to, cast, ones_like, stop_gradient, zeros_like
from nbgrad.ops.elementwise import add, multiply, negative, squared_difference, subtract
from nbgrad.ops.guarded import div_no_nan
from nbgrad.ops.logic import equal, where
from nbgrad.ops.piecewise import abs, minimum
from nbgrad.ops.powers import log
from nbgrad.ops.reductions import add_n, reduce_sum
from nbgrad.ops.sizes import size
from nbgrad.shapes import TensorShape


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
            raise ValueError(f"Invalid ReductionKey {key}.")


def compute_weighted_loss(
    losses: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Tensor:
    """The weighted average of losses, which joins a collection of the graph.

    Parameters
    ----------
    weights
        A number, or one for each loss; axes of size 1 serve for all along them.
    loss_collection
        The collection, `GraphKeys.LOSSES` by default; None for none.
    reduction
        One of `Reduction`: over which number of losses the sum is divided, if at all.
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
    fits = len(given) == len(wanted) and all(
        a in (1, b) or None in (a, b) for a, b in zip(given, wanted, strict=True)
    )
    if not fits:
        raise ValueError(
            f"weights can not be broadcast to values. values.rank={len(wanted)}. "
            f"weights.rank={len(given)}. values.shape={shapes.show(wanted)}. "
            f"weights.shape={shapes.show(given)}."
        )


def loss_of(default_scope: str, first: str = "predictions") -> Callable[..., Callable[..., Tensor]]:
    """Make a public loss of a function that compares two tensors element by element."""

    def decorate(compare: Callable[..., Any]) -> Callable[..., Tensor]:
        @functools.wraps(compare)
        def loss(
            labels: Any,
            predictions: Any,
            weights: Any = 1.0,
            *settings: Any,
            scope: str | None = None,
            loss_collection: str | None = GraphKeys.LOSSES,
            reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
            **more: Any,
        ) -> Tensor:
            raise NotImplementedError

        return loss

    return decorate
