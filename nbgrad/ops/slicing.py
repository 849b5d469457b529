"""Parts of a tensor, a tensor as a part of a larger one, and margins around it."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from nbgrad.core.errors import ShapeError, invalid
from nbgrad.core.graph import shape_of
from nbgrad.core.operators import as_index
from nbgrad.core.registry import Binds, RegisterGradient
from nbgrad.core.shapes import brackets
from nbgrad.ops.define import as_given, must_have_rank, operation

LARGE = 10**4  # stands for a size that is not known


PROBE = np.zeros(32 * LARGE, np.int8)  # as many axes as NumPy has, at a step of one


def _strided_slice_shape(shape, *, index):
    index = as_index(index)
    if shape is None:
        return None
    # NumPy itself applies the index, to an array of the right shape. Its strides tell afterwards
    # which sizes come from an unknown one.
    sizes = [LARGE if size is None else size for size in shape]
    steps = [1 if size is None else 0 for size in shape]
    known = np.lib.stride_tricks.as_strided(PROBE, sizes, steps)
    try:
        part = known[index]
    except (IndexError, ValueError) as error:
        raise ShapeError(index_error(error)) from None
    return tuple(None if step else n for n, step in zip(part.shape, part.strides, strict=True))


def index_error(error):
    """TensorFlow's message for a wrong index, from NumPy's error."""
    if match := re.match(r"index (-?\d+) is out of bounds for axis (\d+)", str(error)):
        return "slice index {} of dimension {} out of bounds.".format(*match.groups())
    if match := re.match(r"too many indices for array: array is (\d+)-dimensional", str(error)):
        return f"Index out of range using input dim {match[1]}; input has only {match[1]} dims"
    if str(error) == "slice step cannot be zero":
        return "strides must be non-zero"
    if "single ellipsis" in str(error):
        return "Multiple ellipses in slice spec not allowed"
    return str(error)


def index_text(index: Any) -> str:
    """An index as it is written between brackets: "0, :2"; of a tensor in it, only its place."""
    if isinstance(index, tuple):
        return ", ".join(map(index_text, index))
    if isinstance(index, slice):
        ends = ["" if end is None else index_text(end) for end in (index.start, index.stop)]
        step = [] if index.step is None else [index_text(index.step)]
        return ":".join([*ends, *step])
    if index is Ellipsis:
        return "…"
    return str(index).replace("-", "−") if isinstance(index, int | None) else "·"


@operation(
    "StridedSlice",
    shape=_strided_slice_shape,
    name="strided_slice",
    symbol="[ ]",
    text=lambda attributes: f"{{input}}[{index_text(attributes['index'])}]",
)
def part_of(input, *, index):
    """z = x[index], with numbers, slices, `...` and None as in NumPy"""
    for entry in index if type(index) is tuple else (index,):
        if type(entry) is np.ndarray and entry.ndim:
            raise invalid(
                f"Expected begin, end, and strides to be 1D equal size tensors, but got shape "
                f"{brackets((1, *entry.shape))}\nSeveral positions at once: tf.gather."
            )
    try:
        return input[index]
    except IndexError as error:
        raise invalid(index_error(error)) from None


@RegisterGradient("StridedSlice")
def _part_of_grad(op, dz):
    return put_slice(dz, shape_of(op.inputs[0]), op.attributes["index"])


@operation(
    "StridedSliceGrad",
    shape=as_given,
    symbol="[ ]",
    text=lambda attributes: f"{{dy}} at {index_text(attributes['index'])}",
    binds=Binds.SUM,
)
def put_slice(dy, *, shape, index):
    """z = zeros of a shape, with x put where a slice was taken"""
    zeros = np.zeros(shape, dtype=np.asarray(dy).dtype)
    zeros[index] = dy
    return zeros


@RegisterGradient("StridedSliceGrad")
def _put_slice_grad(op, dz):
    return part_of(dz, op.attributes["index"])


# Margins around a tensor


def _pad_shape(shape, *, paddings, **_rest):
    if shape is None:
        return None
    must_have_rank(shape, len(paddings))
    return tuple(
        None if size is None else size + before + after
        for size, (before, after) in zip(shape, paddings, strict=True)
    )


@operation("Pad", shape=_pad_shape, symbol="pad")
def _pad(tensor, *, paddings, constant_values):
    """z = x with a margin of constants before and after it, along each axis"""
    check_margins(paddings)
    return np.pad(tensor, paddings, constant_values=constant_values)


def check_margins(paddings):
    """Refuse margins below 0."""
    for before, after in paddings:
        if min(before, after) < 0:
            raise invalid(f"Paddings must be non-negative: {before} {after}")


@RegisterGradient("Pad")
def _pad_grad(op, dz):
    return inner_part(dz, op.attributes["paddings"], shape_of(op.inputs[0]))


def inner_part(dz, paddings, sizes):
    """The part inside the margins."""
    count = len(paddings) if isinstance(paddings, tuple) else paddings.static_shape[0]
    index = (slice(paddings[i][0], paddings[i][0] + sizes[i]) for i in range(count))
    return part_of(dz, tuple(index))


@operation("MirrorPad", shape=_pad_shape, symbol="pad")
def _mirror_pad(tensor, *, paddings, mode):
    """z = x with a margin that mirrors it, before and after it along each axis"""
    check_margins(paddings)
    return np.pad(tensor, paddings, mode=mode.lower())


@RegisterGradient("MirrorPad")
def _mirror_pad_grad(op, dz):
    return _fold_back(dz, op.attributes["paddings"], op.attributes["mode"])


def _mirror_pad_grad_shape(shape, *, paddings, mode):
    return _pad_shape(shape, paddings=[(-before, -after) for before, after in paddings])


@operation("MirrorPadGrad", shape=_mirror_pad_grad_shape, symbol="fold")
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
