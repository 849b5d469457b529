"""A tensor with margins, or repeated like a tile, and what sums such copies up again."""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrad.dtypes import int32
from nbgrad.errors import ShapeError
from nbgrad.graph import Tensor, name_of, shape_of
from nbgrad.ops.define import operation
from nbgrad.ops.rearranging.slicing import part_of
from nbgrad.registry import RegisterGradient


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


def pad(
    tensor: Any,
    paddings: Any,
    mode: str = "CONSTANT",
    name: str | None = None,
    constant_values: float = 0,
) -> Tensor:
    """A tensor with a margin along each axis: of one value, or mirrored.

    Parameters
    ----------
    tensor : tensor_like of any dtype
    paddings : sequence of pairs of int, or tensor of integers
        For each axis, how much to put before and after it.
    mode : str, default "CONSTANT"
        "CONSTANT"; "REFLECT", which mirrors without repeating the edge; "SYMMETRIC", with it.
    name : str, optional
        What the operation is called in the graph.
    constant_values : float, default 0
        The value of a constant margin.

    Returns
    -------
    Tensor
        Of the same dtype. The shape of `tensor`, larger by its margins.

    Raises
    ------
    ValueError
        If the mode is none of these, or there are more or fewer pairs than axes.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.pad([1.0, 2.0, 3.0], [[1, 2]])))
    ...     print(session.run(tf.pad([1.0, 2.0, 3.0], [[1, 2]], "REFLECT")))
    [0. 1. 2. 3. 0. 0.]
    [2. 1. 2. 3. 2. 1.]
    """
    match mode.upper():
        case "CONSTANT":
            return _pad(tensor, paddings, constant_values, name)
        case "REFLECT" | "SYMMETRIC":
            return _mirror_pad(tensor, paddings, mode.upper(), name)
    raise ValueError(f"Unknown padding mode: {mode}")


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
