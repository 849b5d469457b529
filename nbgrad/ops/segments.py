"""Segments: sums, means and extremes of groups of rows, whose numbers are given.

In reverse, each row takes the gradient of its group: a sum of segments and a gather are each
other's gradients.
"""

from __future__ import annotations

import functools

import numpy as np

from nbgrad.core.errors import invalid
from nbgrad.core.registry import RegisterGradient
from nbgrad.core.shapes import brackets
from nbgrad.ops.arithmetic import divide, multiply
from nbgrad.ops.constants import ones_like
from nbgrad.ops.copying import cast
from nbgrad.ops.define import operation
from nbgrad.ops.indexing import check_within, gather, size_given
from nbgrad.ops.logic import equal
from nbgrad.ops.reductions import lowest
from nbgrad.ops.shaping import size_along


def _unsorted_segment_shape(data, ids, *, num_segments):
    """As many rows as there are groups, each of the shape of an element."""
    if data is None or ids is None:
        return None
    return (size_given(num_segments, 2), *data[len(ids) :])


_segments = functools.partial(
    operation, dtypes="R,I->R", shape=lambda data, _ids: None if data is None else (None, *data[1:])
)
_unsorted_segments = functools.partial(operation, shape=_unsorted_segment_shape)


def _reduce_groups(combine, start, data, segment_ids, count):
    """Each group reduced by a NumPy ufunc; `start` for an empty group."""
    if data.shape[: np.ndim(segment_ids)] != np.shape(segment_ids):
        raise invalid(
            f"data.shape = {brackets(data.shape)} does not start with segment_ids.shape = "
            f"{brackets(np.shape(segment_ids))}"
        )
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


@_unsorted_segments("UnsortedSegmentSum", dtypes="N,I->N", symbol="Σ", text="Σ {data}")
def unsorted_segment_sum(data, segment_ids, *, num_segments):
    """The sum of each group, zₖ = Σ x over group k, for elements in any order.

    >>> print(tf.Session().run(tf.unsorted_segment_sum([1.0, 2.0, 3.0], [1, 0, 1], 2)))
    [2. 4.]
    """
    return _reduce_groups(np.add, 0, data, segment_ids, num_segments)


@_segments("SegmentSum", symbol="Σ", text="Σ {data}")
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


@_segments("SegmentMean", symbol="mean", text="mean({data})")
def segment_mean(data, segment_ids):
    """The mean of the rows of each group, zₖ = Σ x / n over group k, whose numbers are sorted.

    >>> print(tf.Session().run(tf.segment_mean([1.0, 2.0, 3.0], [0, 0, 1])))
    [1.5 3. ]
    """
    sums = _reduce_groups(np.add, 0, data, segment_ids, _group_count(segment_ids))
    counts = np.maximum(np.bincount(segment_ids), 1).astype(data.dtype)
    return sums / counts.reshape(-1, *(1,) * (data.ndim - 1))


@RegisterGradient("SegmentMean")
def _segment_mean_grad(op, dz):
    x, ids = op.inputs
    counts = segment_sum(ones_like(x), ids)
    return gather(divide(dz, counts), ids), None


@_segments("SegmentMax", symbol="max", text="max({data})")
def segment_max(data, segment_ids):
    """The largest of each group, zₖ = max x over group k; those that tie share the gradient.

    >>> print(tf.Session().run(tf.segment_max([1.0, 2.0, 3.0], [0, 0, 1])))
    [2. 3.]
    """
    return _reduce_groups(np.maximum, lowest(data), data, segment_ids, _group_count(segment_ids))


@_segments("SegmentMin", symbol="min", text="min({data})")
def segment_min(data, segment_ids):
    """The smallest of each group, zₖ = min x over group k; those that tie share the gradient.

    >>> print(tf.Session().run(tf.segment_min([1.0, 2.0, 3.0], [0, 0, 1])))
    [1. 3.]
    """
    return -_reduce_groups(np.maximum, lowest(data), -data, segment_ids, _group_count(segment_ids))


@_unsorted_segments("UnsortedSegmentMax", dtypes="R,I->R", symbol="max", text="max({data})")
def unsorted_segment_max(data, segment_ids, *, num_segments):
    """The largest of each group, zₖ = max x over group k; of none, the dtype's lowest number.

    >>> print(tf.Session().run(tf.unsorted_segment_max([1.0, 2.0, 3.0], [1, 0, 1], 2)))
    [2. 3.]
    """
    return _reduce_groups(np.maximum, _limits(data).min, data, segment_ids, num_segments)


@_unsorted_segments("UnsortedSegmentMin", dtypes="R,I->R", symbol="min", text="min({data})")
def unsorted_segment_min(data, segment_ids, *, num_segments):
    """The smallest of each group, zₖ = min x over group k; of none, the dtype's largest number.

    >>> print(tf.Session().run(tf.unsorted_segment_min([1.0, 2.0, 3.0], [1, 0, 1], 2)))
    [2. 1.]
    """
    return _reduce_groups(np.minimum, _limits(data).max, data, segment_ids, num_segments)


def _limits(data):
    return np.finfo(data.dtype) if data.dtype.kind == "f" else np.iinfo(data.dtype)


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
