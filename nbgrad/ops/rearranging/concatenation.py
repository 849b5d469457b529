"""Tensors one after the other along an axis, and cut apart again."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from nbgrad.errors import InvalidArgumentError, ShapeError
from nbgrad.graph import Tensor, graph_of
from nbgrad.graph.operands import as_tensor
from nbgrad.ops.calling import attribute
from nbgrad.ops.copying.repetition import identity
from nbgrad.ops.define import operation
from nbgrad.ops.rearranging.sizes import size_along
from nbgrad.registry import RegisterGradient
from nbgrad.shapes import brackets, merge, normal_axes


def _joined(*shapes, axis):
    known = [each for each in shapes if each is not None]
    if not known:
        return None
    rank = len(known[0])
    for each in known:
        if len(each) != rank:
            raise ShapeError(f"Shape must be rank {rank} but is rank {len(each)}")
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
def _concat(*values, axis):
    """z = the tensors of a list, one after the other along an axis"""
    try:
        return np.concatenate(values, axis)
    except ValueError:
        shapes = [np.shape(value) for value in values]
        beside = [np.delete(shape, axis).tolist() for shape in shapes]
        i = next((i for i, rest in enumerate(beside) if rest != beside[0]), 0)
        raise InvalidArgumentError(
            None,
            None,
            "ConcatOp : Dimensions of inputs should match: "
            f"shape[0] = {brackets(shapes[0])} vs. shape[{i}] = {brackets(shapes[i])}",
        ) from None


@RegisterGradient("ConcatV2")
def _concat_grad(op, dz):
    axis = op.attributes["axis"]
    sizes = [size_along(x, axis) for x in op.inputs[: op.operand_count]]
    if all(isinstance(size, int) for size in sizes):
        return split(dz, sizes, axis)
    ends = list(itertools.accumulate(sizes))
    return [dz[along(axis, slice(end - size, end))] for size, end in zip(sizes, ends, strict=True)]


def concat(values: Any, axis: Any, name: str | None = None) -> Tensor:
    """The tensors of a list, one after the other along an axis.

    Parameters
    ----------
    values : list of tensor_like of any dtype
        Of one dtype, and of shapes that differ along the axis alone.
    axis : int
        Along which axis; a negative one counts from the last.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype. Along the axis, the sizes of all added up.

    Raises
    ------
    TypeError
        If the dtypes differ.
    ValueError
        If the shapes do not fit, or `axis` is no single number, as where the two arguments
        changed places.
    InvalidArgumentError
        In a run, if shapes do not fit that were not known before.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.concat([[[1.0], [2.0]], [[3.0], [4.0]]], axis=1)))
    [[1. 3.]
     [2. 4.]]
    """
    parts = list(values) if isinstance(values, list | tuple) else [values]
    if isinstance(axis, list | tuple):
        found = as_tensor(axis, graph_of(axis)).shape
        raise ValueError(f"Shape {found} must have rank 0\nThe list comes first, then the axis.")
    if len(parts) != 1:
        return _concat(parts, axis, name)
    with graph_of(*parts).name_scope(name or "concat"):
        return identity(parts[0], name="concat")


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
    """A tensor cut along an axis, into a number of equal parts or into parts of given sizes.

    Parameters
    ----------
    value : tensor_like of any dtype
    num_or_size_splits : int or sequence of int
        How many parts; or the size of each, of which one may be −1 for what is left.
    axis : int, default 0
        Along which axis; a negative one counts from the last.
    num : optional
        Accepted as in TensorFlow, and without effect.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    list of Tensor
        Of the same dtype. The shape of `value`, smaller along the axis.

    Raises
    ------
    ValueError
        If the sizes do not add up, or are tensors.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(*session.run(tf.split([1.0, 2.0, 3.0, 4.0], 2)))
    ...     print(*session.run(tf.split([1.0, 2.0, 3.0, 4.0], [1, -1])))
    [1. 2.] [3. 4.]
    [1.] [2. 3. 4.]
    """
    parts = attribute("sizes", num_or_size_splits)
    if isinstance(parts, Tensor):
        raise ValueError("Cannot infer num from shape: give the sizes as Python numbers.")
    if isinstance(parts, tuple):
        return _split_sizes(value, parts, axis, name)
    return _split(value, axis, parts, name)
