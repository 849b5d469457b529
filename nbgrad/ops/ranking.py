"""The largest elements in order, and where they stood."""

from __future__ import annotations

import numpy as np

from nbgrad.core.errors import ShapeError
from nbgrad.core.registry import NotDifferentiable, RegisterGradient
from nbgrad.ops.arithmetic import multiply
from nbgrad.ops.define import operation
from nbgrad.ops.indexing import one_hot
from nbgrad.ops.reductions import reduce_sum
from nbgrad.ops.shaping import expand_dims, size_along


def _the_first(shape, *, k):
    if shape is None:
        return [None, None]
    if not shape:
        raise ShapeError("Shape must be at least rank 1 but is rank 0")
    if None not in (shape[-1], k) and shape[-1] < k:
        raise ShapeError(f"input must have last dimension >= k = {k} but is {shape[-1]}")
    return [(*shape[:-1], k)] * 2


@operation(
    "TopKV2",
    node="(input, k) T=input",
    dtypes="R->R,int32",
    shape=_the_first,
    symbol="top",
    many=True,
)
def _top_k(input, *, k):
    """z₀, z₁ = the k largest x along the last axis, and where they stood; the first in a tie"""
    order = np.argsort(-input, axis=-1, kind="stable")[..., :k]
    return np.take_along_axis(input, order, -1), order.astype(np.int32)


@RegisterGradient("TopKV2")
def _top_k_grad(op, dz, _):
    x, indices = op.inputs[0], op.outputs[1]
    places = one_hot(indices, size_along(x, -1), dtype=dz.dtype)
    return reduce_sum(multiply(expand_dims(dz, -1), places), -2)


def _matched(predictions, targets, *, k):
    """The shape of `targets`."""
    return targets


@operation("InTopKV2", dtypes="float32,I->bool", shape=_matched, name="in_top_k", symbol="top?")
def in_top_k(predictions, targets, *, k):
    """Whether the prediction of the target is among the k largest of its row; no gradient passes.

    >>> tf.nn.in_top_k([[0.1, 0.6, 0.3], [0.5, 0.2, 0.3]], [2, 1], 2)
    [ True False]
    """
    of_target = np.take_along_axis(predictions, targets[:, None], 1)
    return (predictions > of_target).sum(1) < k


NotDifferentiable("InTopKV2")
