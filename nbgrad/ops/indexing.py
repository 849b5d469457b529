"""Elements picked by position, and elements put back where they were picked.

Picking repeats an element as often as its position is named; in reverse, the gradients that come
back to each position are added up: a gather and the sum of `segments` are each other's gradients.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrad.core.default_graph import apply, graph_of
from nbgrad.core.dtypes import as_dtype, float32
from nbgrad.core.errors import ShapeError, invalid
from nbgrad.core.graph import Tensor, shape_of
from nbgrad.core.operands import as_tensor
from nbgrad.core.registry import RegisterGradient
from nbgrad.core.shapes import assigned, brackets, normal_axes
from nbgrad.ops.define import attribute, must_have_axes, must_have_rank, operation
from nbgrad.ops.joining import order_of
from nbgrad.ops.shaping import rank_if_known, size_along, transpose


def _gather_shape(params, indices, *, axis):
    if params is None or indices is None:
        return None
    must_have_axes(params, axis + 1)
    axis = normal_axes(axis, len(params))[0]
    return (*params[:axis], *indices, *params[axis + 1 :])


@operation(
    "GatherV2", dtypes="T,I->T", shape=_gather_shape, symbol="[i]", text="{params}[{indices}]"
)
def gather(params, indices, *, axis=0):
    """The parts of a tensor at some positions along an axis; in reverse, what comes back adds up.

    >>> print(tf.Session().run(tf.gather([10.0, 20.0, 30.0], [2, 0, 2])))
    [30. 10. 30.]
    """
    check_within(indices, np.shape(params)[axis], "indices")
    return np.take(params, indices, axis)


@RegisterGradient("GatherV2")
def _gather_grad(op, dz):
    (x, indices), axis = op.inputs[:2], op.attributes["axis"]
    if axis == 0:
        return _sum_by_index(dz, indices, size_along(x, 0)), None
    # The axes of the indices go first, and what was axis 0 of x goes back to its place.
    size, last, picked = size_along(x, axis), rank_if_known(x), rank_if_known(indices)
    axis = axis if axis >= 0 else axis + last
    moved = transpose(
        dz, order_of((axis, axis + picked), (0, axis), (axis + picked, last + picked - 1))
    )
    summed = _sum_by_index(moved, indices, size)
    return transpose(summed, order_of((1, axis + 1), (0, 1), (axis + 1, last))), None


def _sum_by_index(dz, indices, size):
    """What comes back to each position, added up: by an operation of `segments`, which gathers."""
    return apply("UnsortedSegmentSum", dz, indices, num_segments=size)


def check_within(indices: Any, size: int, what: str, outside_is: str = "not in") -> None:
    """Refuse positions that do not exist; NumPy would count negative ones from the end."""
    outside = np.argwhere((np.asarray(indices) < 0) | (np.asarray(indices) >= size))
    if len(outside):
        at = tuple(outside[0])
        where_ = f"[{','.join(map(str, at))}]" if at else ""
        raise invalid(f"{what}{where_} = {np.asarray(indices)[at]} is {outside_is} [0, {size})")


# Whole positions


def _gather_nd_shape(params, indices):
    """The shape of `indices` but for its last axis, then that of an element."""
    if params is None or indices is None or indices[-1] is None:
        return None
    if indices[-1] > len(params):
        raise ShapeError(
            f"index innermost dimension length must be <= params rank; saw: {indices[-1]} vs. "
            f"{len(params)}"
        )
    return (*indices[:-1], *params[indices[-1] :])


@operation(
    "GatherNd", dtypes="T,I->T", shape=_gather_nd_shape, symbol="[i]", text="{params}[{indices}]"
)
def gather_nd(params, indices):
    """The elements of a tensor at some positions, each of them a row of the indices.

    >>> print(tf.Session().run(tf.gather_nd([[1.0, 2.0], [3.0, 4.0]], [[0, 1], [1, 0]])))
    [2. 3.]
    """
    check_positions(indices, params.shape, "param shape")
    if not indices.shape[-1]:  # each row is the position of the whole
        return np.broadcast_to(params, indices.shape[:-1] + params.shape)
    return params[tuple(np.moveaxis(indices, -1, 0))]


def check_positions(indices: Any, shape: Any, what: str) -> None:
    """Refuse rows that are no position in an array of this shape."""
    outside = (indices < 0) | (indices >= shape[: indices.shape[-1]])
    if outside.any():
        at = tuple(np.argwhere(outside)[0][:-1])
        label = f"[{','.join(map(str, at))}]" if at else ""
        sentence = f"indices{label} = {indices[at].tolist()} does not index into {what}"
        raise invalid(f"{sentence} {brackets(shape)}")


@RegisterGradient("GatherNd")
def _gather_nd_grad(op, dz):
    x, indices = op.inputs
    return scatter_nd(indices, dz, shape_of(x)), None


def _scatter_nd_shape(indices, updates, *, shape):
    """The shape that `shape` says."""
    if indices is not None and updates is not None:
        count = len(indices) - 1
        try:
            assigned(indices[:-1], updates[:count])
        except ShapeError as error:
            raise ShapeError(
                f"The outer {count} dimensions of indices.shape={brackets(indices)} must match the "
                f"outer {count} dimensions of updates.shape={brackets(updates)}: {error}"
            ) from None
    return shape


@operation(
    "ScatterNd",
    dtypes="I,T->T",
    shape=_scatter_nd_shape,
    symbol="put",
    text="{updates} at {indices}",
)
def scatter_nd(indices, updates, *, shape):
    """Zeros to which elements are added at some positions, each of them a row of the indices.

    >>> print(tf.Session().run(tf.scatter_nd([[1], [3], [1]], [1.0, 2.0, 10.0], [4])))
    [ 0. 11.  0.  2.]
    """
    zeros = np.zeros(shape, np.asarray(updates).dtype)
    length = indices.shape[-1]
    if length > zeros.ndim:
        raise invalid(
            "index innermost dimension length must be <= params rank; saw: "
            f"{length} vs. {zeros.ndim}"
        )
    if np.shape(updates) != (*indices.shape[:-1], *zeros.shape[length:]):
        raise invalid(
            "Must have updates.shape = indices.shape[:batch_dim] + buffer_shape[num_index_dims:], "
            f"got updates.shape: {brackets(np.shape(updates))}, indices.shape: "
            f"{brackets(indices.shape)}, buffer_shape: {brackets(zeros.shape)}"
        )
    check_positions(indices, zeros.shape, "shape")
    if not length:
        return np.add.reduce(updates, tuple(range(indices.ndim - 1)))
    np.add.at(zeros, tuple(np.moveaxis(indices, -1, 0)), updates)
    return zeros


@RegisterGradient("ScatterNd")
def _scatter_nd_grad(op, dz):
    return None, gather_nd(dz, op.inputs[0])


def _one_hot_shape(shape, on, off, *, depth, axis):
    if shape is None:
        return None
    must_have_rank(np.shape(depth), 0)
    axis = normal_axes(axis, len(shape) + 1)[0]
    return (*shape[:axis], size_given(depth, 1), *shape[axis:])


def size_given(size, position):
    """A size of the result that is an operand in TensorFlow, which says its position."""
    if size is not None and size < 0:
        raise ShapeError(
            f"Dimension size, given by scalar input {position}, must be non-negative but is {size}"
        )
    return size


@operation(
    "OneHot",
    dtypes="I,T,T->T",
    shape=_one_hot_shape,
    name="one_hot",
    symbol="onehot",
    text="onehot({indices})",
    differentiable=False,
)
def _one_hot(indices, on_value, off_value, *, depth, axis):
    """z = rows of one value, with another at the position that x says"""
    chosen = np.expand_dims(indices, -1) == np.arange(depth)
    return np.moveaxis(np.where(chosen, on_value, off_value), -1, axis)


def one_hot(
    indices: Any,
    depth: Any,
    on_value: Any = None,
    off_value: Any = None,
    axis: int | None = None,
    dtype: Any = None,
    name: str | None = None,
) -> Tensor:
    """Rows of zeros with a one at each position given; rows without one for −1.

    >>> print(tf.Session().run(tf.one_hot([2, 0, -1], depth=3)))
    [[0. 0. 1.]
     [1. 0. 0.]
     [0. 0. 0.]]
    """
    given = next((v for v in (on_value, off_value) if isinstance(v, Tensor)), None)
    wanted = as_dtype(dtype) if dtype is not None else given.dtype if given is not None else float32
    graph = graph_of(indices, depth, on_value, off_value)
    on = as_tensor(1 if on_value is None else on_value, graph, wanted, "on_value")
    off = as_tensor(0 if off_value is None else off_value, graph, wanted, "off_value")
    position = -1 if axis is None else axis
    return _one_hot(indices, on, off, attribute("depth", depth), position, name)
