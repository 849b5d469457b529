"""Operations that make one number of many, along some axes or all."""

from __future__ import annotations

import numpy as np

from nbgrad.graph import shape_of
from nbgrad.ops.arrays import cast, size
from nbgrad.ops.define import operation
from nbgrad.ops.elementwise import divide
from nbgrad.registry import Binds, RegisterGradient
from nbgrad.shapes import broadcast, element_count, normal_axes

#: What older programs call the parameters.
OLD_NAMES = {"keep_dims": "keepdims", "reduction_indices": "axis"}


def reduced(shape, *, axis, keepdims):
    """The shape rule of a reduction."""
    if shape is None:
        return None
    gone = normal_axes(axis, len(shape))
    if keepdims:
        return tuple(1 if i in gone else size for i, size in enumerate(shape))
    return tuple(size for i, size in enumerate(shape) if i not in gone)


@operation(
    "Sum",
    dtypes="N->N",
    shape=reduced,
    aliases=OLD_NAMES,
    symbol="Σ",
    text="Σ {input_tensor}",
    latex=r"\sum {input_tensor}",
    binds=Binds.SIGN,
)
def reduce_sum(input_tensor, *, axis=None, keepdims=False):
    """z = Σ x, over the axes given or over all"""
    return np.sum(input_tensor, axis=axis, keepdims=bool(keepdims), dtype=input_tensor.dtype)


@RegisterGradient("Sum")
def _reduce_sum_grad(op, dz):
    return spread(dz, shape_of(op.inputs[0]), op.attributes["axis"])


@operation(
    "Mean",
    dtypes="N->N",
    shape=reduced,
    aliases=OLD_NAMES,
    symbol="mean",
    text="mean({input_tensor})",
)
def reduce_mean(input_tensor, *, axis=None, keepdims=False):
    """z = Σ x / n, over the axes given or over all"""
    mean = np.mean(input_tensor, axis=axis, keepdims=bool(keepdims))
    return mean.astype(input_tensor.dtype, copy=False)


@RegisterGradient("Mean")
def _reduce_mean_grad(op, dz):
    x, z = op.inputs[0], op.outputs[0]
    shared_by = cast(size(x) // size(z), dz.dtype)
    many, one = element_count(x.static_shape), element_count(z.static_shape)
    if many is not None and one:
        shared_by = many // one
    return spread(divide(dz, shared_by), shape_of(x), op.attributes["axis"])


def _spread_shape(_shape, *, shape, axis):
    return shape


@operation("Spread", shape=_spread_shape, symbol="⇉", text="{x}")
def spread(x, *, shape, axis=None):
    """X repeated along the axes that a reduction of a tensor of `shape` would remove"""
    if np.ndim(x) < len(shape):
        x = np.expand_dims(x, normal_axes(axis, len(shape)))
    return np.broadcast_to(x, shape)


@RegisterGradient("Spread")
def _spread_grad(op, dz):
    kept = op.inputs[0].static_shape
    keepdims = kept is not None and len(kept) == len(dz.static_shape or kept)
    return reduce_sum(dz, op.attributes["axis"], keepdims)


def _all_broadcast(*shapes):
    return broadcast(*shapes)


@operation("AddN", dtypes="N->N", shape=_all_broadcast, symbol="Σ", text=" + ", binds=Binds.SUM)
def add_n(*inputs):
    """z = the sum of all tensors in a list, which have one shape"""
    total = inputs[0]
    for term in inputs[1:]:
        total = total + term
    return total


@RegisterGradient("AddN")
def _add_n_grad(op, dz):
    return [dz] * len(op.inputs)
