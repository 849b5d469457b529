"""Numbers written as ones among zeros: classes, lengths, and which class was taken for which."""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrad.dtypes import as_dtype, bool_, float32, int32
from nbgrad.graph import Tensor, graph_of
from nbgrad.graph.operands import as_tensor
from nbgrad.ops.calling import attribute, composite
from nbgrad.ops.copying.repetition import cast, ones_like
from nbgrad.ops.define import operation
from nbgrad.ops.elementwise.logic import less
from nbgrad.ops.elementwise.piecewise import maximum
from nbgrad.ops.rearranging.joining import stack
from nbgrad.ops.rearranging.reshaping import expand_dims
from nbgrad.ops.reductions.extremes import reduce_max
from nbgrad.ops.selecting.indexing import scatter_nd
from nbgrad.ops.sources.sequences import range_
from nbgrad.registry import NotDifferentiable
from nbgrad.shapes import normal_axes


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


NotDifferentiable("OneHot")


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
