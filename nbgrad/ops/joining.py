"""Tensors one after the other along an axis, and cut apart again."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from nbgrad.core.default_graph import graph_of
from nbgrad.core.dtypes import int32
from nbgrad.core.errors import InvalidArgumentError, ShapeError
from nbgrad.core.graph import Tensor, shape_of
from nbgrad.core.operands import as_tensor
from nbgrad.core.registry import RegisterGradient
from nbgrad.core.shapes import Shape, brackets, merge, normal_axes
from nbgrad.ops.copying import identity
from nbgrad.ops.define import attribute, operation
from nbgrad.ops.shaping import size_along
from nbgrad.ops.slicing import part_of
from nbgrad.tf1.export import name_of


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


def _padded(shape, *, paddings, **_rest):
    if shape is None:
        return None
    if len(paddings) != len(shape):
        raise ShapeError(f"Shape must be rank {len(paddings)} but is rank {len(shape)}")
    return tuple(
        None if size is None else size + before + after
        for size, (before, after) in zip(shape, paddings, strict=True)
    )


def _pad_node(op, write):
    """Two operations of TensorFlow's: one fills with zeros, one with anything."""
    x, (paddings, value) = op.inputs[0], map(op.attributes.get, ("paddings", "constant_values"))
    if isinstance(value, int | float) and value == 0:
        write.spelled(op, "(tensor, paddings) T=tensor Tpaddings=paddings")
        return
    widths = write.setting(op, "paddings")
    kind = paddings.dtype if isinstance(paddings, Tensor) else int32
    filler = write.setting(op, "constant_values", dtype=x.dtype.name)
    write.node(op, "PadV2", [name_of(x), widths, filler], T=x.dtype, Tpaddings=kind)


@operation("Pad", node=_pad_node, shape=_padded, symbol="pad", text="pad({tensor})")
def _pad(tensor, *, paddings, constant_values):
    """z = x with a margin of constants before and after it, along each axis"""
    return np.pad(tensor, paddings, constant_values=constant_values)


@RegisterGradient("Pad")
def _pad_grad(op, dz):
    return inner_part(dz, op.attributes["paddings"], shape_of(op.inputs[0]))


def inner_part(dz, paddings, sizes):
    """What lies inside the margins."""
    count = len(paddings) if isinstance(paddings, tuple) else paddings.static_shape[0]
    index = (slice(paddings[i][0], paddings[i][0] + sizes[i]) for i in range(count))
    return part_of(dz, tuple(index))


@operation(
    "MirrorPad",
    node="(tensor, paddings) T=tensor Tpaddings=paddings mode=mode",
    shape=_padded,
    symbol="pad",
    text="pad({tensor})",
)
def _mirror_pad(tensor, *, paddings, mode):
    """z = x with a margin that mirrors it, before and after it along each axis"""
    return np.pad(tensor, paddings, mode=mode.lower())


@RegisterGradient("MirrorPad")
def _mirror_pad_grad(op, dz):
    return _fold_back(dz, op.attributes["paddings"], op.attributes["mode"])


def _folded(shape, *, paddings, mode):
    return _padded(shape, paddings=[(-before, -after) for before, after in paddings])


@operation("MirrorPadGrad", shape=_folded, symbol="fold", text="fold({dy})")
def _fold_back(dy, *, paddings, mode):
    """z = x whose margins are added to what they mirror"""
    for axis, (before, after) in enumerate(paddings):
        size = np.shape(dy)[axis] - before - after
        source = np.pad(np.arange(size), (before, after), mode=mode.lower())
        rows = np.moveaxis(dy, axis, 0)
        folded = np.zeros((size, *rows.shape[1:]), rows.dtype)
        np.add.at(folded, source, rows)
        dy = np.moveaxis(folded, 0, axis)
    return dy


@RegisterGradient("MirrorPadGrad")
def _fold_back_grad(op, dz):
    return _mirror_pad(dz, op.attributes["paddings"], op.attributes["mode"])


def _tiled(shape, *, multiples):
    """The sizes of the operand, each times its multiple."""
    if shape is None:
        return None
    if len(multiples) != len(shape):
        raise ShapeError(f"Shape must be rank {len(shape)} but is rank {len(multiples)}")
    return tuple(
        None if None in pair else pair[0] * pair[1] for pair in zip(shape, multiples, strict=True)
    )


@operation(
    "Tile",
    node="(input, multiples) T=input Tmultiples=multiples",
    shape=_tiled,
    symbol="tile",
    text="tile({input})",
)
def tile(input, *, multiples):
    """The tensor repeated like a tile, along each axis as often as `multiples` says.

    >>> tf.tile([[1.0, 2.0]], [2, 2])
    [[1. 2. 1. 2.]
     [1. 2. 1. 2.]]
    """
    return np.tile(input, multiples)


@RegisterGradient("Tile")
def _tile_grad(op, dz):
    return _sum_tiles(dz, op.attributes["multiples"])


def _one_tile(shape, *, multiples):
    if shape is None:
        return None
    return tuple(
        None if None in pair else pair[0] // pair[1] for pair in zip(shape, multiples, strict=True)
    )


@operation("TileGrad", shape=_one_tile, symbol="Σ", text="Σ {input}", latex=r"\sum {input}")
def _sum_tiles(input, *, multiples):
    """z = the sum of the tiles of x"""
    shape = [n for m, size in zip(multiples, input.shape, strict=True) for n in (m, size // m)]
    return np.reshape(input, shape).sum(axis=tuple(range(0, len(shape), 2)), dtype=input.dtype)


@RegisterGradient("TileGrad")
def _sum_tiles_grad(op, dz):
    return tile(dz, op.attributes["multiples"])
