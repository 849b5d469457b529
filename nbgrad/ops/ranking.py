"""Largest elements and their positions, and positions written as ones among zeros."""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

import numpy as np

from nbgrad.dtypes import as_dtype, bool_, float32, int32, int64
from nbgrad.errors import InvalidArgumentError, ShapeError
from nbgrad.graph import Tensor, graph_of
from nbgrad.graph.operands import as_tensor
from nbgrad.ops.arrays import cast, ones_like
from nbgrad.ops.calling import attribute, composite
from nbgrad.ops.define import operation
from nbgrad.ops.elementwise import multiply, negative
from nbgrad.ops.extremes import reduce_max
from nbgrad.ops.indexing import scatter_nd
from nbgrad.ops.joining import stack
from nbgrad.ops.logic import less
from nbgrad.ops.piecewise import maximum
from nbgrad.ops.reductions import reduce_sum
from nbgrad.ops.reshaping import expand_dims, transpose
from nbgrad.ops.sequences import range_
from nbgrad.ops.shape_rules import leaving_out
from nbgrad.ops.sizes import rank_of, size_along
from nbgrad.registry import NotDifferentiable, RegisterGradient
from nbgrad.shapes import normal_axes

# Positions of extremes ----------------------------------------------------------------------


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


# Ones among zeros ---------------------------------------------------------------------------


def _marked(shape, on, off, *, depth, axis):
    if shape is None:
        return None
    axis = normal_axes(axis, len(shape) + 1)[0]
    return (*shape[:axis], depth, *shape[axis:])


@operation(
    "OneHot",
    node="(indices, depth, on_value, off_value) T=on_value TI=indices axis=axis",
    dtypes="I,T,T->T",
    shape=_marked,
    name="one_hot",
    symbol="onehot",
    text="onehot({indices})",
)
def _one_hot(indices, on_value, off_value, *, depth, axis):
    """z = rows of one value, with another at the position that x says"""
    chosen = np.expand_dims(indices, -1) == np.arange(depth)
    return np.moveaxis(np.where(chosen, on_value, off_value), -1, axis)


for _op_type in ("ArgMax", "ArgMin", "OneHot"):
    NotDifferentiable(_op_type)


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

    Parameters
    ----------
    indices : tensor_like of integer
        The positions.
    depth : int, or tensor of an integer
        The length of a row.
    on_value, off_value : tensor_like, optional
        What to write in place of 1 and 0.
    axis : int, optional
        Where the rows lie in the result; along the last axis by default.
    dtype : DType, optional
        The dtype of the result; that of the values, or else float32.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of dtype `dtype`. The shape of `indices`, with one more axis of size `depth`. No gradient
        passes.

    Raises
    ------
    TypeError
        If the positions are no integers, or the dtypes of the values differ.
    ValueError
        If there is no such axis.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.one_hot([2, 0, -1], depth=3)))
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


def sequence_mask(
    lengths: Any, maxlen: Any = None, dtype: Any = bool_, name: str | None = None
) -> Tensor:
    """For each length a row that begins with as many ones as it says; no gradient passes.

    Parameters
    ----------
    lengths : tensor_like of integer
    maxlen : int, or tensor of an integer, optional
        The length of a row; the largest of the lengths by default.
    dtype : DType, default bool
        The dtype of the result.
    name : str, optional
        What the operations are called in the graph.

    Returns
    -------
    Tensor
        Of dtype `dtype`. The shape of `lengths`, with one more axis of size `maxlen`.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.sequence_mask([1, 3], dtype=tf.float32)))
    [[1. 0. 0.]
     [1. 1. 1.]]
    """
    graph = graph_of(lengths, maxlen)
    with graph.name_scope(name or "SequenceMask"):
        counts = as_tensor(lengths, graph, name="lengths")
        places = range_(reduce_max(counts) if maxlen is None else maxlen)
        mask = less(cast(places, counts.dtype), expand_dims(counts, -1))
        return mask if as_dtype(dtype) is bool_ else cast(mask, dtype)


@composite("confusion_matrix")
def confusion_matrix(
    labels: Any,
    predictions: Any,
    num_classes: Any = None,
    dtype: Any = int32,
    name: str | None = None,
    weights: Any = None,
) -> Tensor:
    """How often each class (the row) was taken for each class (the column).

    Parameters
    ----------
    labels, predictions : tensor_like of integer
        The true classes and the predicted ones, vectors of one length; classes count from 0.
    num_classes : int, or tensor of an integer, optional
        How many classes there are; as many as occur by default.
    dtype : DType, default int32
        The dtype of the result.
    name : str, optional
        What the operations are called in the graph.
    weights : tensor_like, optional
        How often each example counts.

    Returns
    -------
    Tensor
        Of dtype `dtype`, and of shape [num_classes, num_classes].

    Raises
    ------
    TypeError
        If the classes are no integers.
    ValueError
        If the lengths differ.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.math.confusion_matrix([0, 1, 1], [0, 0, 1])))
    [[1 0]
     [1 1]]
    """
    graph = graph_of(labels, predictions)
    true, guess = (as_tensor(v, graph, name="x") for v in (labels, predictions))
    if num_classes is None:
        num_classes = maximum(reduce_max(guess), reduce_max(true)) + 1
    wanted = as_dtype(dtype)
    each = ones_like(true, wanted) if weights is None else cast(weights, wanted)
    shape = attribute("shape", [num_classes, num_classes])
    return scatter_nd(stack([true, cast(guess, true.dtype)], 1), each, shape)


# The largest in order -----------------------------------------------------------------------


class TopKV2(NamedTuple):
    """What `top_k` returns."""

    values: Tensor
    indices: Tensor


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


def top_k(input: Any, k: int = 1, sorted: bool = True, name: str | None = None) -> TopKV2:
    """The k largest elements along the last axis, largest first, and their positions.

    Gradients reach the elements that were chosen. Where several tie, the first comes first.

    Parameters
    ----------
    input : tensor_like of real numbers (float or integer)
    k : int, default 1
        How many.
    sorted : bool, default True
        Accepted as in TensorFlow, and without effect: they are always sorted.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    values, indices : named tuple of Tensor
        Of the same dtype, and of dtype int32. The shape of `input`, the last size being k.

    Raises
    ------
    ValueError
        If there are fewer than k elements, or no axis.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(*session.run(tf.nn.top_k([1.0, 7.0, 3.0], k=2)))
    [7. 3.] [1 2]
    """
    return TopKV2(*_top_k(input, k, name))


def sort(
    values: Any, axis: int = -1, direction: str = "ASCENDING", name: str | None = None
) -> Tensor:
    """The elements in order along an axis.

    Parameters
    ----------
    values : tensor_like of real numbers (float or integer)
    axis : int, default -1
        Along which axis; a negative one counts from the last.
    direction : str, default "ASCENDING"
        "ASCENDING" or "DESCENDING".
    name : str, optional
        What the operations are called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype. The shape of `values`.

    Raises
    ------
    ValueError
        If the direction is none of these.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.sort([2.0, 9.0, 5.0], direction="DESCENDING")))
    [9. 5. 2.]
    """
    return _ordered(values, axis, direction, name or "sort")[0]


def argsort(
    values: Any,
    axis: int = -1,
    direction: str = "ASCENDING",
    stable: bool = False,
    name: str | None = None,
) -> Tensor:
    """The positions of the elements in order along an axis; no gradient passes.

    Parameters
    ----------
    values : tensor_like of real numbers (float or integer)
    axis : int, default -1
        Along which axis; a negative one counts from the last.
    direction : str, default "ASCENDING"
        "ASCENDING" or "DESCENDING".
    stable : bool, default False
        Accepted as in TensorFlow, and without effect: of several that tie, the first comes first.
    name : str, optional
        What the operations are called in the graph.

    Returns
    -------
    Tensor
        Of dtype int32. The shape of `values`.

    Raises
    ------
    ValueError
        If the direction is none of these.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.argsort([2.0, 9.0, 5.0])))
    [0 2 1]
    """
    return _ordered(values, axis, direction, name or "argsort")[1]


def _ordered(values: Any, axis: int, direction: str, name: str) -> list[Tensor]:
    """The elements in order, and their positions: the `top_k` of them all."""
    if direction not in ("ASCENDING", "DESCENDING"):
        raise ValueError(f"{direction} should be one of ASCENDING, DESCENDING")
    x = as_tensor(values, graph_of(values), name="values")
    swapped = None
    if axis != -1:
        rank = rank_of(x)
        [axis] = normal_axes(axis, rank)
        swapped = [rank - 1 if i == axis else axis if i == rank - 1 else i for i in range(rank)]
    with x.graph.name_scope(name):
        moved = x if swapped is None else transpose(x, swapped)
        rising = direction == "ASCENDING"
        found, places = top_k(negative(moved) if rising else moved, size_along(moved, -1))
        found = negative(found) if rising else found
        return [t if swapped is None else transpose(t, swapped) for t in (found, places)]


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
