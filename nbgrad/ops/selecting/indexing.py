"""Elements picked by position, and elements put back where they were picked.

Picking repeats an element as often as it is asked for; in reverse, what comes back to each
position is added up.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrad.errors import InvalidArgumentError, ShapeError
from nbgrad.graph import Tensor, shape_of
from nbgrad.ops.define import operation
from nbgrad.ops.rearranging.reshaping import transpose
from nbgrad.ops.rearranging.sizes import rank_if_known, size_along
from nbgrad.ops.shape_rules import as_given
from nbgrad.ops.sources.sequences import order_of
from nbgrad.registry import RegisterGradient
from nbgrad.shapes import brackets, normal_axes


def _gathered(params, indices, *, axis):
    if params is None or indices is None:
        return None
    axis = normal_axes(axis, len(params))[0]
    return (*params[:axis], *indices, *params[axis + 1 :])


@operation(
    "GatherV2",
    node="(params, indices, axis) Tparams=params Tindices=indices Taxis=axis",
    dtypes="T,I->T",
    shape=_gathered,
    symbol="[i]",
    text="{params}[{indices}]",
)
def _gather(params, indices, *, axis):
    """z = the parts of x at some positions along an axis"""
    check_within(indices, np.shape(params)[axis], "indices")
    return np.take(params, indices, axis)


@RegisterGradient("GatherV2")
def _gather_grad(op, dz):
    (x, indices), axis = op.inputs[:2], op.attributes["axis"]
    if axis == 0:
        return unsorted_segment_sum(dz, indices, size_along(x, 0)), None
    # The axes of the indices go first, and what was axis 0 of x goes back to its place.
    size, last, picked = size_along(x, axis), rank_if_known(x), rank_if_known(indices)
    axis = axis if axis >= 0 else axis + last
    moved = transpose(
        dz, order_of((axis, axis + picked), (0, axis), (axis + picked, last + picked - 1))
    )
    summed = unsorted_segment_sum(moved, indices, size)
    return transpose(summed, order_of((1, axis + 1), (0, 1), (axis + 1, last))), None


def check_within(indices: Any, size: int, what: str) -> None:
    """Refuse positions that do not exist; NumPy would count negative ones from the end."""
    outside = np.argwhere((np.asarray(indices) < 0) | (np.asarray(indices) >= size))
    if len(outside):
        at = tuple(outside[0])
        where_ = f"[{','.join(map(str, at))}]" if at else ""
        raise InvalidArgumentError(
            None, None, f"{what}{where_} = {np.asarray(indices)[at]} is not in [0, {size})"
        )


def gather(
    params: Any,
    indices: Any,
    validate_indices: Any = None,
    name: str | None = None,
    axis: int | None = None,
    batch_dims: int = 0,
) -> Tensor:
    """The parts of a tensor at some positions along an axis; in reverse, what comes back adds up.

    Parameters
    ----------
    params : tensor_like of any dtype
    indices : tensor_like of integer
        Positions from 0; they may repeat.
    validate_indices : optional
        Accepted as in TensorFlow, and without effect.
    name : str, optional
        What the operation is called in the graph.
    axis : int, optional
        Along which axis, the first by default; a negative one counts from the last.
    batch_dims : int, default 0
        Only 0.

    Returns
    -------
    Tensor
        Of the dtype of `params`, and of its shape, with that of `indices` in place of the axis.

    Raises
    ------
    TypeError
        If the indices are no integers.
    NotImplementedError
        For `batch_dims` other than 0.
    InvalidArgumentError
        In a run, if there is no such position.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.gather([10.0, 20.0, 30.0], [2, 0, 2])))
    [30. 10. 30.]
    """
    if batch_dims:
        raise NotImplementedError("gather with batch_dims: use gather_nd with the whole position.")
    return _gather(params, indices, axis or 0, name)


# Whole positions ----------------------------------------------------------------------------


def _gathered_nd(params, indices):
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
    "GatherNd",
    node="(params, indices) Tparams=params Tindices=indices",
    dtypes="T,I->T",
    shape=_gathered_nd,
    symbol="[i]",
    text="{params}[{indices}]",
)
def gather_nd(params, indices):
    """The elements of a tensor at some positions, each of them a row of the indices.

    Raises
    ------
    InvalidArgumentError
        In a run, if there is no such position.

    >>> tf.gather_nd([[1.0, 2.0], [3.0, 4.0]], [[0, 1], [1, 0]])
    [2. 3.]
    """
    outside = (indices < 0) | (indices >= params.shape[: indices.shape[-1]])
    if outside.any():
        at = tuple(np.argwhere(outside)[0][:-1])
        label = f"[{','.join(map(str, at))}]" if at else ""
        sentence = f"indices{label} = {indices[at].tolist()} does not index into param shape"
        raise InvalidArgumentError(None, None, f"{sentence} {brackets(params.shape)}")
    return params[tuple(np.moveaxis(indices, -1, 0))]


@RegisterGradient("GatherNd")
def _gather_nd_grad(op, dz):
    x, indices = op.inputs
    return scatter_nd(indices, dz, shape_of(x)), None


@operation(
    "ScatterNd",
    node="(indices, updates, shape) T=updates Tindices=indices",
    dtypes="I,T->T",
    shape=as_given,
    symbol="put",
    text="{updates} at {indices}",
    latex=r"{updates} \text{{ at }} {indices}",
)
def scatter_nd(indices, updates, *, shape):
    """Zeros to which elements are added at some positions, each of them a row of the indices.

    Raises
    ------
    InvalidArgumentError
        In a run, if there is no such position.

    >>> tf.scatter_nd([[1], [3], [1]], [1.0, 2.0, 10.0], [4])
    [ 0. 11.  0.  2.]
    """
    zeros = np.zeros(shape, np.asarray(updates).dtype)
    np.add.at(zeros, tuple(np.moveaxis(indices, -1, 0)), updates)
    return zeros


@RegisterGradient("ScatterNd")
def _scatter_nd_grad(op, dz):
    return None, gather_nd(dz, op.inputs[0])


# Sums over groups ---------------------------------------------------------------------------


def _by_group(data, ids, *, num_segments):
    """As many rows as there are groups, each of the shape of an element."""
    if data is None or ids is None:
        return None
    return (num_segments, *data[len(ids) :])


@operation(
    "UnsortedSegmentSum",
    node="(data, segment_ids, num_segments) T=data Tindices=segment_ids Tnumsegments=num_segments",
    dtypes="N,I->N",
    shape=_by_group,
    symbol="Σ",
    text="Σ {data}",
)
def unsorted_segment_sum(data, segment_ids, *, num_segments):
    """The sum of each group, zₖ = Σ x over group k, for elements in any order.

    Raises
    ------
    InvalidArgumentError
        In a run, if there is no such group.

    >>> tf.unsorted_segment_sum([1.0, 2.0, 3.0], [1, 0, 1], 2)
    [2. 4.]
    """
    groups = np.shape(segment_ids)
    sums = np.zeros((num_segments, *np.shape(data)[len(groups) :]), np.asarray(data).dtype)
    np.add.at(sums, segment_ids, data)
    return sums


@RegisterGradient("UnsortedSegmentSum")
def _unsorted_segment_sum_grad(op, dz):
    return gather(dz, op.inputs[1]), None
