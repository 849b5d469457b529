"""Sums, means and extremes over groups of rows that a vector of group numbers tells apart."""

from __future__ import annotations

import functools

import numpy as np

from nbgrad.errors import InvalidArgumentError
from nbgrad.ops.copying.repetition import cast, ones_like
from nbgrad.ops.define import operation
from nbgrad.ops.elementwise.arithmetic import divide, multiply
from nbgrad.ops.elementwise.logic import equal
from nbgrad.ops.rearranging.sizes import size_along
from nbgrad.ops.reductions.extremes import lowest
from nbgrad.ops.selecting.indexing import _by_group, gather, unsorted_segment_sum
from nbgrad.registry import RegisterGradient


def _groups(data, _ids):
    """The shape of `data`, with one row for each group."""
    return None if data is None else (None, *data[1:])


_sorted = functools.partial(operation, dtypes="R,I->R", shape=_groups)
_unsorted = functools.partial(operation, dtypes="R,I->R", shape=_by_group)


def _count(segment_ids):
    """How many groups there are; their numbers are sorted."""
    if np.any(np.diff(segment_ids) < 0):
        raise InvalidArgumentError(None, None, "segment ids are not increasing")
    return int(segment_ids[-1]) + 1 if len(segment_ids) else 0


@_sorted(
    "SegmentSum",
    node="(data, segment_ids) T=data Tindices=segment_ids",
    symbol="Σ",
    text="Σ {data}",
)
def segment_sum(data, segment_ids):
    """The sum of the rows of each group, zₖ = Σ x over group k, whose numbers are sorted.

    Raises
    ------
    InvalidArgumentError
        In a run, if the group numbers are not sorted.

    >>> tf.segment_sum([1.0, 2.0, 3.0], [0, 0, 1])
    [3. 3.]
    """
    sums = np.zeros((_count(segment_ids), *data.shape[1:]), data.dtype)
    np.add.at(sums, segment_ids, data)
    return sums


@RegisterGradient("SegmentSum")
def _segment_sum_grad(op, dz):
    return gather(dz, op.inputs[1]), None


@_sorted(
    "SegmentMean",
    node="(data, segment_ids) T=data Tindices=segment_ids",
    symbol="mean",
    text="mean({data})",
)
def segment_mean(data, segment_ids):
    """The mean of the rows of each group, zₖ = Σ x / n over group k, whose numbers are sorted.

    Raises
    ------
    InvalidArgumentError
        In a run, if the group numbers are not sorted.

    >>> tf.segment_mean([1.0, 2.0, 3.0], [0, 0, 1])
    [1.5 3. ]
    """
    counts = np.maximum(np.bincount(segment_ids), 1).astype(data.dtype)
    sums = np.zeros((_count(segment_ids), *data.shape[1:]), data.dtype)
    np.add.at(sums, segment_ids, data)
    return sums / counts.reshape(-1, *(1,) * (data.ndim - 1))


@RegisterGradient("SegmentMean")
def _segment_mean_grad(op, dz):
    x, ids = op.inputs
    counts = segment_sum(ones_like(x), ids)
    return gather(divide(dz, counts), ids), None


@_sorted(
    "SegmentMax",
    node="(data, segment_ids) T=data Tindices=segment_ids",
    symbol="max",
    text="max({data})",
)
def segment_max(data, segment_ids):
    """The largest element of each group, zₖ = max x over group k, whose numbers are sorted.

    Those that tie share the gradient.

    Raises
    ------
    InvalidArgumentError
        In a run, if the group numbers are not sorted.

    >>> tf.segment_max([1.0, 2.0, 3.0], [0, 0, 1])
    [2. 3.]
    """
    return _extreme(np.maximum, lowest(data), data, segment_ids, _count(segment_ids))


@_sorted(
    "SegmentMin",
    node="(data, segment_ids) T=data Tindices=segment_ids",
    symbol="min",
    text="min({data})",
)
def segment_min(data, segment_ids):
    """The smallest element of each group, zₖ = min x over group k, whose numbers are sorted.

    Those that tie share the gradient.

    Raises
    ------
    InvalidArgumentError
        In a run, if the group numbers are not sorted.

    >>> tf.segment_min([1.0, 2.0, 3.0], [0, 0, 1])
    [1. 3.]
    """
    return -_extreme(np.maximum, lowest(data), -data, segment_ids, _count(segment_ids))


@_unsorted(
    "UnsortedSegmentMax",
    node="(data, segment_ids, num_segments) T=data Tindices=segment_ids Tnumsegments=num_segments",
    symbol="max",
    text="max({data})",
)
def unsorted_segment_max(data, segment_ids, *, num_segments):
    """The largest element of each group, zₖ = max x over group k.

    Those that tie share the gradient. An empty group has the lowest number of the dtype.

    Raises
    ------
    InvalidArgumentError
        In a run, if there is no such group.

    >>> tf.unsorted_segment_max([1.0, 2.0, 3.0], [1, 0, 1], 2)
    [2. 3.]
    """
    least = np.finfo(data.dtype).min if data.dtype.kind == "f" else lowest(data)
    return _extreme(np.maximum, least, data, segment_ids, num_segments)


@_unsorted(
    "UnsortedSegmentMin",
    node="(data, segment_ids, num_segments) T=data Tindices=segment_ids Tnumsegments=num_segments",
    symbol="min",
    text="min({data})",
)
def unsorted_segment_min(data, segment_ids, *, num_segments):
    """The smallest element of each group, zₖ = min x over group k.

    Those that tie share the gradient. An empty group has the largest number of the dtype.

    Raises
    ------
    InvalidArgumentError
        In a run, if there is no such group.

    >>> tf.unsorted_segment_min([1.0, 2.0, 3.0], [1, 0, 1], 2)
    [2. 1.]
    """
    most = np.finfo(data.dtype).max if data.dtype.kind == "f" else np.iinfo(data.dtype).max
    return _extreme(np.minimum, most, data, segment_ids, num_segments)


def _extreme(choose, start, data, segment_ids, count):
    """The extreme of each group, and `start` for an empty one."""
    found = np.full((count, *data.shape[np.ndim(segment_ids) :]), start, data.dtype)
    choose.at(found, segment_ids, data)
    return found


def _extreme_grad(op, dz):
    x, ids = op.inputs[:2]
    # Those that tie for the extreme of their group share its gradient.
    chosen = cast(equal(x, gather(op.outputs[0], ids)), dz.dtype)
    sharing = unsorted_segment_sum(chosen, ids, size_along(dz, 0))
    return multiply(divide(chosen, gather(sharing, ids)), gather(dz, ids)), None


for _op_type in ("SegmentMax", "SegmentMin", "UnsortedSegmentMax", "UnsortedSegmentMin"):
    RegisterGradient(_op_type)(_extreme_grad)
