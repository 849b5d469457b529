"""Several tensors into one, and one into several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nbgrad.errors import InvalidArgumentError, ShapeError
from nbgrad.graph import Tensor, graph_of
from nbgrad.graph.operands import as_tensor
from nbgrad.ops.define import operation
from nbgrad.registry import RegisterGradient
from nbgrad.shapes import Shape, brackets, merge, normal_axes


def all_equal(shapes: Sequence[Shape]) -> Shape:
    """The one shape that some tensors have.

    Raises
    ------
    ShapeError
        If they have different ones.
    """
    one: Shape = None
    for i, each in enumerate(shapes):
        if one is not None and each is not None and len(one) != len(each):
            raise ShapeError(f"Shapes must be equal rank, but are {len(one)} and {len(each)}")
        for j, (a, b) in enumerate(zip(one or (), each or (), strict=False)):
            if None not in (a, b) and a != b:
                raise ShapeError(
                    f"Dimension {j} in both shapes must be equal, but are {a} and {b}. Shapes are "
                    f"{brackets(one)} and {brackets(each)}.\n\tFrom merging shape {i - 1} with "
                    "other shapes."
                )
        one = merge(one, each)
    return one


def _stacked(*shapes, axis):
    """The shape of one operand, and an axis more, as long as the list."""
    one = all_equal(shapes)
    if one is None:
        return None
    axis = normal_axes(axis, len(one) + 1)[0]
    return (*one[:axis], len(shapes), *one[axis:])


@operation(
    "Pack",
    node="(*values) N=#values T=values axis=axis",
    shape=_stacked,
    name="stack",
    symbol="stack",
)
def stack(*values, axis=0):
    """The tensors of a list, which have one shape, joined along a new axis.

    >>> tf.stack([[1.0, 2.0], [3.0, 4.0]], axis=1)
    [[1. 3.]
     [2. 4.]]
    """
    return np.stack(values, axis)


@RegisterGradient("Pack")
def _stack_grad(op, dz):
    return unstack(dz, num=op.operand_count, axis=op.attributes["axis"])


def _unstacked(shape, *, num, axis):
    if shape is None:
        return [None] * num
    axis = normal_axes(axis, len(shape))[0]
    if shape[axis] not in (num, None):
        raise ShapeError(f"Dimension must be {num} but is {shape[axis]}")
    return [(*shape[:axis], *shape[axis + 1 :])] * num


@operation(
    "Unpack",
    node="(value) T=value num=#outputs axis=axis",
    shape=_unstacked,
    name="unstack",
    symbol="unstack",
    many=True,
)
def _unstack(value, *, num, axis):
    """z₀, z₁, … = the parts of x along an axis"""
    if value.shape[axis] != num:
        raise InvalidArgumentError(
            None,
            None,
            f"Input shape axis {axis} must equal {num}, got shape {brackets(value.shape)}",
        )
    return list(np.moveaxis(value, axis, 0))


@RegisterGradient("Unpack")
def _unstack_grad(op, *dzs):
    return stack(dzs, op.attributes["axis"])


def unstack(
    value: Any, num: int | None = None, axis: int = 0, name: str = "unstack"
) -> list[Tensor]:
    """The parts of a tensor along an axis, each without it.

    Parameters
    ----------
    value : tensor_like of any dtype
    num : int, optional
        How many parts there are, where the shape does not tell.
    axis : int, default 0
        Along which axis; a negative one counts from the last.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    list of Tensor
        Of the same dtype. The shape of `value` without the axis.

    Raises
    ------
    ValueError
        If there is no telling how many they are, or there is no such axis.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(*session.run(tf.unstack([[1.0, 2.0], [3.0, 4.0]], axis=1)))
    [1. 3.] [2. 4.]
    """
    x = as_tensor(value, graph_of(value), name="value")
    known = x.static_shape
    if num is None and known is not None:
        num = known[normal_axes(axis, len(known))[0]]
    if num is None:
        raise ValueError(f"Cannot infer num from shape {x.shape}")
    return _unstack(x, num, axis, name)
