"""Positions of the largest and the smallest."""

from __future__ import annotations

import functools

import numpy as np

from nbgrad.dtypes import int64
from nbgrad.errors import InvalidArgumentError, ShapeError
from nbgrad.ops.define import operation
from nbgrad.ops.shape_rules import leaving_out
from nbgrad.registry import NotDifferentiable


def _position(shape, *, axis, output_type):
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


_extreme = functools.partial(
    operation,
    dtypes="R->output_type",
    shape=_position,
    order="input axis name dimension output_type",
    aliases={"dimension": "axis"},
)


@_extreme("ArgMax", node="(input, axis) T=input Tidx=axis output_type=output_type", symbol="argmax")
def argmax(input, *, axis=0, output_type=int64):
    """The position of the largest element along an axis, the first where several tie.

    >>> tf.argmax([[1.0, 5.0, 5.0], [7.0, 2.0, 3.0]], axis=1)
    [1 0]
    """
    return np.argmax(input, existing(axis, input)).astype(output_type.as_numpy_dtype)


@_extreme("ArgMin", node="(input, axis) T=input Tidx=axis output_type=output_type", symbol="argmin")
def argmin(input, *, axis=0, output_type=int64):
    """The position of the smallest element along an axis, the first where several tie.

    >>> tf.argmin([[1.0, 5.0, 5.0], [7.0, 2.0, 3.0]], axis=1)
    [0 1]
    """
    return np.argmin(input, existing(axis, input)).astype(output_type.as_numpy_dtype)


def existing(axis, x):
    """An axis that x has; a number counts as having the axis 0."""
    rank = np.ndim(x)
    if not -rank <= axis < max(rank, 1):
        raise InvalidArgumentError(
            None, None, f"Expected dimension in the range [{-rank}, {rank}), but got {axis}"
        )
    return axis


for _op_type in ("ArgMax", "ArgMin"):
    NotDifferentiable(_op_type)
