"""Parts of a tensor, and a tensor as a part of a larger one."""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrad.errors import ShapeError
from nbgrad.graph import graph_of, shape_of
from nbgrad.operands import as_tensor
from nbgrad.ops.calling import attribute
from nbgrad.ops.define import operation
from nbgrad.ops.elementwise import negative
from nbgrad.registry import RegisterGradient
from nbgrad.shapes import is_known
from nbgrad.tensor import Tensor

# Slices -------------------------------------------------------------------------------------


def _sliced(shape, *, index):
    if shape is None:
        return None
    # NumPy itself applies the index, to an array of the right shape that holds no memory.
    known = np.broadcast_to(np.int8(0), [7 if size is None else size for size in shape])
    try:
        result = known[index].shape
    except IndexError as error:
        raise ShapeError(f"slice index is out of bounds: {error}") from None
    return result if is_known(shape) else tuple(_unknown_sizes(shape, index, result))


def _unknown_sizes(shape, index, result):
    """The sizes of a slice, None for those that come from an unknown one."""
    other = [8 if size is None else size for size in shape]
    second = np.broadcast_to(np.int8(0), other)[index].shape
    whole = np.broadcast_to(np.int8(0), [10**6 if size is None else size for size in shape])
    for a, b, c in zip(result, second, whole[index].shape, strict=True):
        yield a if a == b == c else None


@operation(
    "StridedSlice", shape=_sliced, name="strided_slice", symbol="[ ]", text="{input}[…]"
)
def part_of(input, *, index):
    """z = x[index], with numbers, slices, `...` and None as in NumPy"""
    return input[index]


@RegisterGradient("StridedSlice")
def _part_of_grad(op, dz):
    return put_slice(dz, shape_of(op.inputs[0]), op.attributes["index"])


def _the_shape(_shape, *, shape, index):
    return shape


@operation("StridedSliceGrad", shape=_the_shape, symbol="[ ]", text="put({dy})")
def put_slice(dy, *, shape, index):
    """z = zeros of a shape, with x put where a slice was taken"""
    zeros = np.zeros(shape, dtype=np.asarray(dy).dtype)
    zeros[index] = dy
    return zeros


@RegisterGradient("StridedSliceGrad")
def _put_slice_grad(op, dz):
    return part_of(dz, op.attributes["index"])


def slice_(input_: Any, begin: Any, size: Any, name: str | None = None) -> Tensor:
    """z = the part of x that begins at `begin` and has a size; −1 takes what is left"""
    x = as_tensor(input_, graph_of(input_, begin, size), name="input")
    begins, sizes = attribute("begin", begin), attribute("size", size)
    count = len(x.static_shape) if x.static_shape is not None else len(begins)
    index = []
    for i in range(count):
        start, length = begins[i], sizes[i]
        index.append(slice(start, None if length is -1 else start + length))
    return part_of(x, tuple(index), name or "Slice")


def strided_slice(
    input_: Any,
    begin: Any,
    end: Any,
    strides: Any = None,
    begin_mask: int = 0,
    end_mask: int = 0,
    ellipsis_mask: int = 0,
    new_axis_mask: int = 0,
    shrink_axis_mask: int = 0,
    var: Any = None,
    name: str | None = None,
) -> Tensor:
    """z = x[begin:end:strides]; a bit of a mask changes what stands at its position"""
    begins, ends = attribute("begin", begin), attribute("end", end)
    steps = attribute("strides", strides) if strides is not None else (1,) * len(begins)
    index: list[Any] = []
    for i, (first, last, stride) in enumerate(zip(begins, ends, steps, strict=True)):
        bit = 1 << i
        if ellipsis_mask & bit:
            index.append(...)
        elif new_axis_mask & bit:
            index.append(None)
        elif shrink_axis_mask & bit:
            index.append(first)
        else:
            first, last = (None if begin_mask & bit else first), (None if end_mask & bit else last)
            index.append(slice(first, last, stride))
    return part_of(input_, tuple(index), name)


# Padding and tiling -------------------------------------------------------------------------


def _padded(shape, *, paddings, **_rest):
    if shape is None:
        return None
    if len(paddings) != len(shape):
        raise ShapeError(f"Shape must be rank {len(paddings)} but is rank {len(shape)}")
    return tuple(
        None if size is None else size + before + after
        for size, (before, after) in zip(shape, paddings, strict=True)
    )


@operation("Pad", shape=_padded, symbol="pad", text="pad({tensor})")
def _pad(tensor, *, paddings, constant_values):
    """z = x with a margin of constants before and after it, along each axis"""
    return np.pad(tensor, paddings, constant_values=constant_values)


@RegisterGradient("Pad")
def _pad_grad(op, dz):
    return inner_part(dz, op.attributes["paddings"], shape_of(op.inputs[0]))


def inner_part(dz, paddings, sizes):
    """What lies inside the margins."""
    count = len(sizes) if isinstance(sizes, tuple) else sizes.static_shape[0]
    index = (slice(paddings[i][0], paddings[i][0] + sizes[i]) for i in range(count))
    return part_of(dz, tuple(index))


@operation("MirrorPad", shape=_padded, symbol="pad", text="pad({tensor})")
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


def pad(
    tensor: Any,
    paddings: Any,
    mode: str = "CONSTANT",
    name: str | None = None,
    constant_values: float = 0,
) -> Tensor:
    """A tensor with a margin: constant, or mirrored with mode "REFLECT" or "SYMMETRIC".

    Raises
    ------
    ValueError
        If the mode is none of these.
    """
    match mode.upper():
        case "CONSTANT":
            return _pad(tensor, paddings, constant_values, name)
        case "REFLECT" | "SYMMETRIC":
            return _mirror_pad(tensor, paddings, mode.upper(), name)
    raise ValueError(f"Unknown padding mode: {mode}")


def _tiled(shape, *, multiples):
    if shape is None:
        return None
    if len(multiples) != len(shape):
        raise ShapeError(f"Shape must be rank {len(multiples)} but is rank {len(shape)}")
    return tuple(
        None if None in pair else pair[0] * pair[1] for pair in zip(shape, multiples, strict=True)
    )


@operation("Tile", shape=_tiled, symbol="tile", text="tile({input})")
def tile(input, *, multiples):
    """z = x repeated, along each axis as often as `multiples` says"""
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


# Other orders -------------------------------------------------------------------------------


@operation("ReverseV2", symbol="↔", text="reverse({tensor})")
def reverse(tensor, *, axis):
    """z = x with its elements in reverse order along some axes"""
    return np.flip(tensor, axis)


@RegisterGradient("ReverseV2")
def _reverse_grad(op, dz):
    return reverse(dz, op.attributes["axis"])


@operation("Roll", symbol="roll", text="roll({input})")
def roll(input, *, shift, axis):
    """z = x with its elements moved on along some axes; who falls off the end comes first"""
    return np.roll(input, shift, axis)


@RegisterGradient("Roll")
def _roll_grad(op, dz):
    shift = op.attributes["shift"]
    back = negative(shift) if isinstance(shift, Tensor) else np.negative(shift)
    return roll(dz, back, op.attributes["axis"])
