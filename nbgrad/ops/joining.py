"""Several tensors into one, and one into several."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from nbgrad.errors import ShapeError
from nbgrad.graph import graph_of
from nbgrad.operands import as_tensor
from nbgrad.ops.calling import attribute
from nbgrad.ops.define import operation
from nbgrad.ops.reshaping import shape
from nbgrad.registry import RegisterGradient
from nbgrad.shapes import Shape, brackets, merge, normal_axes
from nbgrad.tensor import Tensor


def _stacked(*shapes, axis):
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
    """z = the tensors of a list, joined along a new axis"""
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
    return list(np.moveaxis(value, axis, 0))


@RegisterGradient("Unpack")
def _unstack_grad(op, *dzs):
    return stack(dzs, op.attributes["axis"])


def unstack(
    value: Any, num: int | None = None, axis: int = 0, name: str = "unstack"
) -> list[Tensor]:
    """The parts of a tensor along an axis, each without it.

    Raises
    ------
    ValueError
        If there is no telling how many they are.
    """
    x = as_tensor(value, graph_of(value), name="value")
    known = x.static_shape
    if num is None and known is not None:
        num = known[normal_axes(axis, len(known))[0]]
    if num is None:
        raise ValueError(f"Cannot infer num from shape {x.shape}")
    return _unstack(x, num, axis, name)


# Along an axis that is there ----------------------------------------------------------------


def _joined(*shapes, axis):
    known = [each for each in shapes if each is not None]
    if not known:
        return None
    rank = len(known[0])
    for each in known:
        if len(each) != rank:
            raise ShapeError(f"Shapes must be equal rank, but are {rank} and {len(each)}")
    if not -rank <= axis < rank:
        raise ShapeError(f"Shape must be at least rank {axis + 1} but is rank {rank}")
    axis %= rank
    sizes = [None if each is None else each[axis] for each in shapes]
    rest: Any = None
    for each in known:
        rest = merge(rest, (*each[:axis], None, *each[axis + 1 :]))
    return (*rest[:axis], None if None in sizes else sum(sizes), *rest[axis + 1 :])


@operation(
    "ConcatV2",
    node="(*values, axis) N=#values T=values Tidx=axis",
    shape=_joined,
    name="concat",
    symbol="concat",
)
def concat(*values, axis):
    """z = the tensors of a list, one after the other along an axis"""
    return np.concatenate(values, axis)


@RegisterGradient("ConcatV2")
def _concat_grad(op, dz):
    axis = op.attributes["axis"]
    sizes = [size_along(x, axis) for x in op.inputs[: op.operand_count]]
    if all(isinstance(size, int) for size in sizes):
        return split(dz, sizes, axis)
    ends = list(itertools.accumulate(sizes))
    return [dz[along(axis, slice(end - size, end))] for size, end in zip(sizes, ends, strict=True)]


def size_along(x: Tensor, axis: int) -> Any:
    """How many elements a tensor has along an axis: a number, or a tensor where unknown."""
    known = x.static_shape
    if known is not None and known[axis] is not None:
        return known[axis]
    return shape(x)[axis]


def along(axis: int, part: Any) -> tuple[Any, ...]:
    """The index that takes a part along one axis, and everything along the others."""
    everything = slice(None)
    if axis < 0:
        return (..., part, *(everything,) * (-axis - 1))
    return (*(everything,) * axis, part)


def _split_evenly(shape, *, axis, num_split):
    if shape is None:
        return [None] * num_split
    axis = normal_axes(axis, len(shape))[0]
    whole = shape[axis]
    if whole is not None and whole % num_split:
        raise ShapeError(f"Dimension size must be evenly divisible by {num_split} but is {whole}")
    part = None if whole is None else whole // num_split
    return [(*shape[:axis], part, *shape[axis + 1 :])] * num_split


@operation(
    "Split",
    node="(axis, value) T=value num_split=#outputs",
    shape=_split_evenly,
    name="split",
    symbol="split",
    many=True,
)
def _split(value, *, axis, num_split):
    """z₀, z₁, … = x cut into equal parts along an axis"""
    return np.split(value, num_split, axis)


def _split_by_size(shape, *, size_splits, axis):
    if shape is None:
        return [None] * len(size_splits)
    axis = normal_axes(axis, len(shape))[0]
    rest, whole = -1 in size_splits, sum(size for size in size_splits if size > 0)
    if shape[axis] is not None and (shape[axis] < whole if rest else shape[axis] != whole):
        raise ShapeError(f"Sizes {list(size_splits)} do not add up to {shape[axis]}")
    left = None if shape[axis] is None else shape[axis] - whole
    sizes = [left if size == -1 else size for size in size_splits]
    return [(*shape[:axis], size, *shape[axis + 1 :]) for size in sizes]


@operation(
    "SplitV",
    node="(value, size_splits, axis) T=value Tlen=size_splits num_split=#outputs",
    shape=_split_by_size,
    name="split",
    symbol="split",
    many=True,
)
def _split_sizes(value, *, size_splits, axis):
    """z₀, z₁, … = x cut into parts of the sizes given along an axis; −1 takes what is left"""
    left = np.shape(value)[axis] - sum(size for size in size_splits if size > 0)
    sizes = [left if size == -1 else size for size in size_splits]
    return np.split(value, np.cumsum(sizes[:-1]), axis)


def _split_grad(op, *dzs):
    return concat(list(dzs), op.attributes["axis"])


RegisterGradient("Split")(_split_grad)
RegisterGradient("SplitV")(_split_grad)


def split(
    value: Any,
    num_or_size_splits: Any,
    axis: int = 0,
    num: int | None = None,
    name: str = "split",
) -> list[Tensor]:
    """A tensor cut along an axis, into a number of equal parts or into parts of given sizes."""
    parts = attribute("sizes", num_or_size_splits)
    if isinstance(parts, Tensor):
        raise ValueError("Cannot infer num from shape: give the sizes as Python numbers.")
    if isinstance(parts, tuple):
        return _split_sizes(value, parts, axis, name)
    return _split(value, axis, parts, name)
