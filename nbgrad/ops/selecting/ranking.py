"""The largest elements in order, and where they stood."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from nbgrad.errors import ShapeError
from nbgrad.graph import Tensor, graph_of
from nbgrad.graph.operands import as_tensor
from nbgrad.ops.define import operation
from nbgrad.ops.elementwise.arithmetic import multiply, negative
from nbgrad.ops.rearranging.reshaping import expand_dims, transpose
from nbgrad.ops.rearranging.sizes import rank_of, size_along
from nbgrad.ops.reductions.sums import reduce_sum
from nbgrad.ops.selecting.marking import one_hot
from nbgrad.registry import NotDifferentiable, RegisterGradient
from nbgrad.shapes import normal_axes


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
