"""Operations that make one number of many, along some axes or all."""

from __future__ import annotations

import functools
import operator

import numpy as np

from nbgrad.graph import shape_of
from nbgrad.ops.arrays import cast
from nbgrad.ops.cumulative import cumprod
from nbgrad.ops.define import operation
from nbgrad.ops.elementwise import divide, multiply
from nbgrad.ops.joining import size_along
from nbgrad.ops.logic import equal
from nbgrad.ops.piecewise import maximum
from nbgrad.ops.reshaping import reshape, size, transpose
from nbgrad.registry import Binds, NotDifferentiable, RegisterGradient
from nbgrad.shapes import broadcast, element_count, normal_axes


def reduced(shape, *, axis, keepdims):
    """The shape rule of a reduction."""
    if shape is None:
        return None
    gone = normal_axes(axis, len(shape))
    if keepdims:
        return tuple(1 if i in gone else size for i, size in enumerate(shape))
    return tuple(size for i, size in enumerate(shape) if i not in gone)


#: A reduction; older programs call its parameters `keep_dims` and `reduction_indices`.
reduction = functools.partial(
    operation,
    shape=reduced,
    order="input_tensor axis keepdims name reduction_indices keep_dims",
    aliases={"keep_dims": "keepdims", "reduction_indices": "axis"},
)


def axes(axis):
    """An axis as NumPy takes it: a number, a tuple or None."""
    return tuple(axis.ravel().tolist()) if isinstance(axis, np.ndarray) else axis


@reduction(
    "Sum",
    node="(input_tensor, axis or all) T=input_tensor Tidx=axis keep_dims=keepdims",
    dtypes="N->N",
    symbol="Σ",
    text="Σ {input_tensor}",
    latex=r"\sum {input_tensor}",
    binds=Binds.SIGN,
)
def reduce_sum(input_tensor, *, axis=None, keepdims=False):
    """z = Σ x, over the axes given or over all"""
    dtype = input_tensor.dtype
    return np.sum(input_tensor, axis=axes(axis), keepdims=bool(keepdims), dtype=dtype)


@RegisterGradient("Sum")
def _reduce_sum_grad(op, dz):
    return spread(dz, shape_of(op.inputs[0]), op.attributes["axis"])


@reduction(
    "Mean",
    node="(input_tensor, axis or all) T=input_tensor Tidx=axis keep_dims=keepdims",
    dtypes="N->N",
    symbol="mean",
)
def reduce_mean(input_tensor, *, axis=None, keepdims=False):
    """z = Σ x / n, over the axes given or over all"""
    total = np.sum(input_tensor, axis=axes(axis), keepdims=bool(keepdims))
    count = np.size(input_tensor) // max(np.size(total), 1)
    return np.divide(total, count).astype(input_tensor.dtype, copy=False)


@RegisterGradient("Mean")
def _reduce_mean_grad(op, dz):
    x, z = op.inputs[0], op.outputs[0]
    many, one = element_count(x.static_shape), element_count(z.static_shape)
    if many is None or one is None:
        shared_by = cast(size(x) // maximum(size(z), 1), dz.dtype)
    else:
        shared_by = many // max(one, 1)
    return spread(divide(dz, shared_by), shape_of(x), op.attributes["axis"])


@reduction(
    "Prod",
    node="(input_tensor, axis or all) T=input_tensor Tidx=axis keep_dims=keepdims",
    dtypes="N->N",
    symbol="∏",
    text="∏ {input_tensor}",
    latex=r"\prod {input_tensor}",
)
def reduce_prod(input_tensor, *, axis=None, keepdims=False):
    """z = the product of all x, over the axes given or over all"""
    dtype = input_tensor.dtype
    return np.prod(input_tensor, axis=axes(axis), keepdims=bool(keepdims), dtype=dtype)


@RegisterGradient("Prod")
def _reduce_prod_grad(op, dz):
    x, axis = op.inputs[0], op.attributes["axis"]
    return multiply(spread(dz, shape_of(x), axis), product_of_others(x, axis))


def product_of_others(x, axis):
    """For each element the product of all that are multiplied with it.

    Never the product of all divided by x, which may be 0.
    """
    if axis is None:
        return reshape(before_and_after(reshape(x, (-1,)), 0), shape_of(x))
    rank = len(x.static_shape)
    gone = normal_axes(axis, rank)
    if len(gone) == 1:
        return before_and_after(x, gone[0])
    # The axes that are multiplied together become one, and are brought back in the end.
    kept = [i for i in range(rank) if i not in gone]
    moved = transpose(x, (*kept, *gone))
    sizes = [size_along(moved, i) for i in range(rank)]
    count = functools.reduce(operator.mul, sizes[len(kept) :], 1)
    others = before_and_after(reshape(moved, [*sizes[: len(kept)], count]), -1)
    return transpose(reshape(others, shape_of(moved)), np.argsort((*kept, *gone)))


def before_and_after(x, axis):
    """The product of all that stands before an element, times that of all that stands after."""
    return multiply(cumprod(x, axis, True), cumprod(x, axis, True, reverse=True))


@reduction(
    "Max",
    node="(input_tensor, axis or all) T=input_tensor Tidx=axis keep_dims=keepdims",
    dtypes="R->R",
    symbol="max",
)
def reduce_max(input_tensor, *, axis=None, keepdims=False):
    """z = the largest x, over the axes given or over all"""
    return np.max(
        input_tensor, axis=axes(axis), keepdims=bool(keepdims), initial=lowest(input_tensor)
    )


@reduction(
    "Min",
    node="(input_tensor, axis or all) T=input_tensor Tidx=axis keep_dims=keepdims",
    dtypes="R->R",
    symbol="min",
)
def reduce_min(input_tensor, *, axis=None, keepdims=False):
    """z = the smallest x, over the axes given or over all"""
    return -np.max(
        -input_tensor, axis=axes(axis), keepdims=bool(keepdims), initial=lowest(input_tensor)
    )


def lowest(x):
    """What the maximum of no elements is."""
    return -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min


def _extreme_grad(op, dz):
    x, axis = op.inputs[0], op.attributes["axis"]
    dz, z = (spread(t, shape_of(x), axis) for t in (dz, op.outputs[0]))
    # Those that tie for the extreme share the gradient.
    chosen = cast(equal(x, z), dz.dtype)
    return multiply(divide(chosen, reduce_sum(chosen, axis, True)), dz)


RegisterGradient("Max")(_extreme_grad)
RegisterGradient("Min")(_extreme_grad)


@reduction(
    "EuclideanNorm",
    node="(input_tensor, axis or all) T=input_tensor Tidx=axis keep_dims=keepdims",
    dtypes="F->F",
    symbol="‖x‖",
    text="‖{input_tensor}‖",
)
def reduce_euclidean_norm(input_tensor, *, axis=None, keepdims=False):
    """z = √Σx², over the axes given or over all"""
    squares = np.sum(np.square(input_tensor), axis=axes(axis), keepdims=bool(keepdims))
    return np.sqrt(squares).astype(input_tensor.dtype)


@RegisterGradient("EuclideanNorm")
def _euclidean_norm_grad(op, dz):
    x = op.inputs[0]
    return multiply(x, spread(divide(dz, op.outputs[0]), shape_of(x), op.attributes["axis"]))


@reduction(
    "All",
    node="(input_tensor, axis or all) Tidx=axis keep_dims=keepdims",
    dtypes="bool->bool",
    symbol="∀",
)
def reduce_all(input_tensor, *, axis=None, keepdims=False):
    """z = whether every x is true, over the axes given or over all"""
    return np.all(input_tensor, axis=axes(axis), keepdims=bool(keepdims))


@reduction(
    "Any",
    node="(input_tensor, axis or all) Tidx=axis keep_dims=keepdims",
    dtypes="bool->bool",
    symbol="∃",
)
def reduce_any(input_tensor, *, axis=None, keepdims=False):
    """z = whether any x is true, over the axes given or over all"""
    return np.any(input_tensor, axis=axes(axis), keepdims=bool(keepdims))


NotDifferentiable("All")
NotDifferentiable("Any")


# What undoes a reduction --------------------------------------------------------------------


def _spread_shape(_shape, *, shape, axis):
    return shape


@operation("Spread", shape=_spread_shape, symbol="⇉", text="{x}")
def spread(x, *, shape, axis=None):
    """z = x repeated along the axes that a reduction of a tensor of `shape` would remove"""
    if np.ndim(x) < len(shape):
        x = np.expand_dims(x, normal_axes(axes(axis), len(shape)))
    return np.broadcast_to(x, shape)


@RegisterGradient("Spread")
def _spread_grad(op, dz):
    kept = op.inputs[0].static_shape
    keepdims = kept is not None and len(kept) == len(dz.static_shape or kept)
    return reduce_sum(dz, op.attributes["axis"], keepdims)


def _all_broadcast(*shapes):
    return broadcast(*shapes)


@operation(
    "AddN",
    node="(*inputs) N=#inputs T=inputs",
    dtypes="N->N",
    shape=_all_broadcast,
    symbol="Σ",
    text=" + ",
    binds=Binds.SUM,
    inline=" + ",
)
def add_n(*inputs):
    """z = the sum of all tensors in a list, which have one shape"""
    total = inputs[0]
    for term in inputs[1:]:
        total = total + term
    return total


@RegisterGradient("AddN")
def _add_n_grad(op, dz):
    return [dz] * len(op.inputs)
