"""The positions of the largest elements, and the k largest in order."""

from __future__ import annotations

import functools

import numpy as np

from nbgrad.core.dtypes import int64
from nbgrad.core.errors import ShapeError, invalid
from nbgrad.core.registry import RegisterGradient
from nbgrad.core.shapes import brackets
from nbgrad.ops.arithmetic import multiply
from nbgrad.ops.define import leaving_out, must_have_axes, operation
from nbgrad.ops.indexing import one_hot, size_given
from nbgrad.ops.reductions import reduce_sum
from nbgrad.ops.shaping import expand_dims, size_along


def _arg_extreme_shape(shape, *, axis, output_type):
    """The shape of the operand without the axis."""
    if shape is None:
        return None
    rank = len(shape)
    if rank and not -rank <= axis < rank:
        raise ShapeError(
            f"Dimension ({axis}) must be in the range [{-rank}, {rank}), where {rank} is the "
            "number of dimensions in the input."
        )
    return leaving_out(shape, (axis % max(rank, 1),))


_arg_extreme = functools.partial(
    operation, dtypes="R->output_type", shape=_arg_extreme_shape, differentiable=False
)


def _checked_axis(axis, x):
    """An axis that x has; a number counts as having the axis 0."""
    rank = np.ndim(x)
    if not -rank <= axis < max(rank, 1):
        raise invalid(f"Expected dimension in the range [{-rank}, {rank}), but got {axis}")
    if rank and not np.shape(x)[axis]:
        raise invalid(f"Reduction axis {axis} is empty in shape {brackets(np.shape(x))}")
    return axis


@_arg_extreme("ArgMax")
def argmax(input, *, axis=0, output_type=int64):
    """The position of the largest element along an axis, the first where several tie.

    >>> print(tf.Session().run(tf.argmax([[1.0, 5.0, 5.0], [7.0, 2.0, 3.0]], axis=1)))
    [1 0]
    """
    return np.argmax(input, _checked_axis(axis, input)).astype(output_type.as_numpy_dtype)


@_arg_extreme("ArgMin")
def argmin(input, *, axis=0, output_type=int64):
    """The position of the smallest element along an axis, the first where several tie.

    >>> print(tf.Session().run(tf.argmin([[1.0, 5.0, 5.0], [7.0, 2.0, 3.0]], axis=1)))
    [0 1]
    """
    return np.argmin(input, _checked_axis(axis, input)).astype(output_type.as_numpy_dtype)


def _top_k_shapes(shape, *, k):
    if shape is None:
        return [None, None]
    must_have_axes(shape, 1)
    if None not in (shape[-1], k) and shape[-1] < k:
        raise ShapeError(f"input must have last dimension >= k = {k} but is {shape[-1]}")
    return [(*shape[:-1], size_given(k, 1))] * 2


@operation("TopKV2", dtypes="R->R,int32", shape=_top_k_shapes, symbol="top")
def _top_k(input, *, k):
    """z₀, z₁ = the k largest x along the last axis, and where they stood; the first in a tie"""
    if input.shape[-1] < k:
        raise invalid("input must have at least k columns")
    if k < 0:
        raise invalid(f"Need k >= 0, got {k}")
    order = np.argsort(-input, axis=-1, kind="stable")[..., :k]
    return np.take_along_axis(input, order, -1), order.astype(np.int32)


@RegisterGradient("TopKV2")
def _top_k_grad(op, dz, _):
    x, indices = op.inputs[0], op.outputs[1]
    places = one_hot(indices, size_along(x, -1), dtype=dz.dtype)
    return reduce_sum(multiply(expand_dims(dz, -1), places), -2)


@operation(
    "InTopKV2",
    dtypes="float32,I->bool",
    shape=lambda _predictions, targets, *, k: targets,
    name="in_top_k",
    symbol="top?",
    differentiable=False,
)
def in_top_k(predictions, targets, *, k):
    """Whether the prediction of the target is among the k largest of its row; no gradient passes.

    >>> print(tf.Session().run(tf.nn.in_top_k([[0.1, 0.6, 0.3], [0.5, 0.2, 0.3]], [2, 1], 2)))
    [ True False]
    """
    exists = (targets >= 0) & (targets < predictions.shape[1])
    of_target = np.take_along_axis(predictions, np.where(exists, targets, 0)[:, None], 1)
    return exists & ((predictions > of_target).sum(1) < k)
