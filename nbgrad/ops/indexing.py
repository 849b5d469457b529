"""Elements picked by position, and elements put back where they were picked or summed in groups.

Picking repeats an element as often as its position is named; in reverse, the gradients that come
back to each position are added up: a gather and a sum of segments are each other's gradients.
"""

import functools
import operator
from typing import Any

import numpy as np

from nbgrad.core.attributes import attribute
from nbgrad.core.dtypes import as_dtype, float32
from nbgrad.core.errors import ShapeError, invalid
from nbgrad.core.graph import Tensor, graph_of, shape_of
from nbgrad.core.operands import as_tensor
from nbgrad.core.registry import RegisterGradient
from nbgrad.core.shapes import (
    assigned,
    brackets,
    if_known,
    must_agree,
    must_have_axes,
    must_have_rank,
    normal_axes,
    size_given,
)
from nbgrad.core.traits import Effect
from nbgrad.ops.arithmetic import divide, multiply
from nbgrad.ops.define import operation
from nbgrad.ops.logic import equal
from nbgrad.ops.parts import order_of, with_size
from nbgrad.ops.piecewise import highest, lowest
from nbgrad.ops.shaping import cast, rank_if_known, size_along, transpose
from nbgrad.ops.sources import ones_like


@if_known
def _gather_shape(params, indices, *, axis):
    must_have_axes(params, axis + 1)
    return with_size(params, axis, *indices)


@operation("GatherV2", "[i]", "{params}[{indices}]", dtypes="T,I->T", shape=_gather_shape)
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
        return unsorted_segment_sum(dz, indices, size_along(x, 0)), None
    # The axes of the indices go first, and what was axis 0 of x goes back to its place.
    size, last, picked = size_along(x, axis), rank_if_known(x), rank_if_known(indices)
    axis = axis if axis >= 0 else axis + last
    moved = transpose(
        dz, order_of((axis, axis + picked), (0, axis), (axis + picked, last + picked - 1))
    )
    summed = unsorted_segment_sum(moved, indices, size)
    return transpose(summed, order_of((1, axis + 1), (0, 1), (axis + 1, last))), None


def check_within(indices: Any, size: int, what: str, outside_is: str = "not in") -> None:
    """Refuse positions that do not exist; NumPy would count negative ones from the end."""
    indices = np.asarray(indices)
    for at in np.argwhere((indices < 0) | (indices >= size)):
        raise invalid(f"{entry_text(what, indices, at)} is {outside_is} [0, {size})")


# Whole positions

TOO_LONG = "index innermost dimension length must be <= params rank; saw: {} vs. {}"


def _gather_nd_shape(params, indices):
    """The shape of `indices` but for its last axis, then that of an element."""
    if params is None or indices is None or indices[-1] is None:
        return None
    if indices[-1] > len(params):
        raise ShapeError(TOO_LONG.format(indices[-1], len(params)))
    return (*indices[:-1], *params[indices[-1] :])


@operation("GatherNd", "[i]", "{params}[{indices}]", dtypes="T,I->T", shape=_gather_nd_shape)
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
    for at in np.argwhere((indices < 0) | (indices >= shape[: indices.shape[-1]])):
        row = entry_text("indices", indices, at[:-1])
        raise invalid(f"{row} does not index into {what} {brackets(shape)}")


def entry_text(name, array, at):
    """An element or a row of an array, as messages write it: "indices[0,1] = 5"."""
    place = f"[{','.join(map(str, at))}]" if len(at) else ""
    return f"{name}{place} = {array[tuple(at)].tolist()}"


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
            outer = f"outer {count} dimensions of"
            both = f"The {outer} indices.shape={brackets(indices)} must match the {outer}"
            raise ShapeError(f"{both} updates.shape={brackets(updates)}: {error}") from None
    return shape


@operation("ScatterNd", "put", "{updates} at {indices}", dtypes="I,T->T", shape=_scatter_nd_shape)
def scatter_nd(indices, updates, *, shape):
    """Zeros to which elements are added at some positions, each of them a row of the indices.

    >>> print(tf.Session().run(tf.scatter_nd([[1], [3], [1]], [1.0, 2.0, 10.0], [4])))
    [ 0. 11.  0.  2.]
    """
    zeros = np.zeros(shape, np.asarray(updates).dtype)
    length = indices.shape[-1]
    if length > zeros.ndim:
        raise invalid(TOO_LONG.format(length, zeros.ndim))
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


# Rows of a variable


def _rows_changed(op_type, symbol, change):
    """Register an operation that changes some rows of a variable, as often as each is named."""

    def scatter(ref, indices, updates):
        """z = the variable with some rows changed, as often as each is named"""
        check_within(indices, np.shape(ref)[0], "indices")
        if np.shape(updates) not in ((), (*np.shape(indices), *np.shape(ref)[1:])):
            given = (brackets(np.shape(each)) for each in (updates, indices, ref))
            raise invalid(
                "Must have updates.shape = indices.shape + params.shape[1:] or updates.shape = [], "
                "got updates.shape {}, indices.shape {}, params.shape {}".format(*given)
            )
        after = np.array(ref)
        change(after, indices, updates)
        return after

    row_change = operation(
        op_type, symbol, dtypes="T,I,T->T", effect=Effect.CHANGES, differentiable=False
    )
    row_change(scatter)


_rows_changed("ScatterUpdate", "[i] ←", operator.setitem)
_rows_changed("ScatterAdd", "[i] +=", np.add.at)
_rows_changed("ScatterSub", "[i] −=", np.subtract.at)
_rows_changed("ScatterMul", "[i] ×=", np.multiply.at)
_rows_changed("ScatterDiv", "[i] ÷=", np.divide.at)


# Positions marked


def _one_hot_shape(shape, on, off, *, depth, axis):
    if shape is None:
        return None
    must_have_rank(np.shape(depth), 0)
    axis = normal_axes(axis, len(shape) + 1)[0]
    return (*shape[:axis], size_given(depth, 1), *shape[axis:])


@operation(
    "OneHot",
    "onehot",
    "onehot({indices})",
    dtypes="I,T,T->T",
    shape=_one_hot_shape,
    name="one_hot",
    differentiable=False,
)
def _one_hot(indices, on_value, off_value, *, depth, axis):
    """z = rows of one value, with another at the position that x says"""
    chosen = np.expand_dims(indices, -1) == np.arange(depth)
    return np.moveaxis(np.where(chosen, on_value, off_value), -1, axis)


def one_hot(indices, depth, on_value=None, off_value=None, axis=None, dtype=None, name=None):
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


@if_known
def _unsorted_segment_shape(data, ids, *, num_segments):
    """As many rows as there are groups, each of the shape of an element."""
    must_have_axes(data, len(ids))
    for size, of_ids in zip(data, ids, strict=False):
        must_agree(size, of_ids)
    return (size_given(num_segments, 2), *data[len(ids) :])


def _segment_shape(data, ids):
    """Rows of the shape of an element; how many only a run knows."""
    must_have_axes(data, 1)
    must_have_rank(ids, 1)
    return None if data is None else (None, *data[1:])


_segments = functools.partial(operation, dtypes="R,I->R", shape=_segment_shape)
_unsorted_segments = functools.partial(operation, shape=_unsorted_segment_shape)


def _reduce_groups(combine, start, data, segment_ids, count):
    """Each group reduced by a NumPy ufunc; `start` for an empty group."""
    if data.shape[: np.ndim(segment_ids)] != np.shape(segment_ids):
        ids = f"segment_ids.shape = {brackets(np.shape(segment_ids))}"
        raise invalid(f"data.shape = {brackets(data.shape)} does not start with {ids}")
    check_within(segment_ids, count, "segment_ids", "out of range")
    found = np.full((count, *data.shape[np.ndim(segment_ids) :]), start, data.dtype)
    combine.at(found, segment_ids, data)
    return found


def _group_count(segment_ids):
    """The number of groups, whose numbers are sorted."""
    if np.ndim(segment_ids) != 1:
        raise invalid("segment_ids should be a vector.")
    if np.any(np.diff(segment_ids) < 0):
        raise invalid("segment ids are not increasing")
    return int(segment_ids[-1]) + 1 if len(segment_ids) else 0


@_unsorted_segments("UnsortedSegmentSum", "Σ", "Σ {data}", dtypes="N,I->N")
def unsorted_segment_sum(data, segment_ids, *, num_segments):
    """The sum of each group, zₖ = Σ x over group k, for elements in any order.

    >>> print(tf.Session().run(tf.unsorted_segment_sum([1.0, 2.0, 3.0], [1, 0, 1], 2)))
    [2. 4.]
    """
    return _reduce_groups(np.add, 0, data, segment_ids, num_segments)


@_segments("SegmentSum", "Σ", "Σ {data}")
def segment_sum(data, segment_ids):
    """The sum of the rows of each group, zₖ = Σ x over group k, whose numbers are sorted.

    >>> print(tf.Session().run(tf.segment_sum([1.0, 2.0, 3.0], [0, 0, 1])))
    [3. 3.]
    """
    return _reduce_groups(np.add, 0, data, segment_ids, _group_count(segment_ids))


@RegisterGradient("UnsortedSegmentSum")
@RegisterGradient("SegmentSum")
def _segment_sum_grad(op, dz):
    return gather(dz, op.inputs[1]), None


@_segments("SegmentMean", "mean", "mean({data})")
def segment_mean(data, segment_ids):
    """The mean of the rows of each group, zₖ = Σ x / n over group k, whose numbers are sorted.

    >>> print(tf.Session().run(tf.segment_mean([1.0, 2.0, 3.0], [0, 0, 1])))
    [1.5 3. ]
    """
    sums = _reduce_groups(np.add, 0, data, segment_ids, _group_count(segment_ids))
    counts = np.maximum(np.bincount(segment_ids), 1).astype(data.dtype)
    counts = counts.reshape(-1, *(1,) * (data.ndim - 1))
    if data.dtype.kind == "f":
        return sums / counts
    return (sums - np.fmod(sums, counts)) // counts  # integers are rounded towards zero


@RegisterGradient("SegmentMean")
def _segment_mean_grad(op, dz):
    x, ids = op.inputs
    counts = segment_sum(ones_like(x), ids)
    return gather(divide(dz, counts), ids), None


@_segments("SegmentMax", "max", "max({data})")
def segment_max(data, segment_ids):
    """The largest of each group, zₖ = max x over group k; those that tie share the gradient.

    >>> print(tf.Session().run(tf.segment_max([1.0, 2.0, 3.0], [0, 0, 1])))
    [2. 3.]
    """
    return _extreme_of_groups(np.maximum, lowest(data), data, segment_ids)


@_segments("SegmentMin", "min", "min({data})")
def segment_min(data, segment_ids):
    """The smallest of each group, zₖ = min x over group k; those that tie share the gradient.

    >>> print(tf.Session().run(tf.segment_min([1.0, 2.0, 3.0], [0, 0, 1])))
    [1. 3.]
    """
    return _extreme_of_groups(np.minimum, highest(data), data, segment_ids)


def _extreme_of_groups(combine, start, data, segment_ids):
    """The largest or smallest of each group; 0 for a number between theirs that no row has."""
    count = _group_count(segment_ids)
    found = _reduce_groups(combine, start, data, segment_ids, count)
    found[np.bincount(segment_ids, minlength=count) == 0] = 0
    return found


@_unsorted_segments("UnsortedSegmentMax", "max", "max({data})", dtypes="R,I->R")
def unsorted_segment_max(data, segment_ids, *, num_segments):
    """The largest of each group, zₖ = max x over group k; of none, the dtype's lowest number.

    >>> print(tf.Session().run(tf.unsorted_segment_max([1.0, 2.0, 3.0], [1, 0, 1], 2)))
    [2. 3.]
    """
    return _reduce_groups(np.maximum, as_dtype(data.dtype).min, data, segment_ids, num_segments)


@_unsorted_segments("UnsortedSegmentMin", "min", "min({data})", dtypes="R,I->R")
def unsorted_segment_min(data, segment_ids, *, num_segments):
    """The smallest of each group, zₖ = min x over group k; of none, the dtype's largest number.

    >>> print(tf.Session().run(tf.unsorted_segment_min([1.0, 2.0, 3.0], [1, 0, 1], 2)))
    [2. 1.]
    """
    return _reduce_groups(np.minimum, as_dtype(data.dtype).max, data, segment_ids, num_segments)


@RegisterGradient("SegmentMax")
@RegisterGradient("SegmentMin")
@RegisterGradient("UnsortedSegmentMax")
@RegisterGradient("UnsortedSegmentMin")
def _segment_extreme_grad(op, dz):
    x, ids = op.inputs[:2]
    # Those that tie for the extreme of their group share its gradient.
    chosen = cast(equal(x, gather(op.outputs[0], ids)), dz.dtype)
    sharing = unsorted_segment_sum(chosen, ids, size_along(dz, 0))
    return multiply(divide(chosen, gather(sharing, ids)), gather(dz, ids)), None
