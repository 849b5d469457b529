"""Parts of a tensor, and a tensor as a part of a larger one."""

from __future__ import annotations

import re

import numpy as np

from nbgrad.dtypes import int32
from nbgrad.errors import InvalidArgumentError, ShapeError
from nbgrad.graph import name_of, shape_of
from nbgrad.ops.define import operation
from nbgrad.ops.shape_rules import as_given
from nbgrad.registry import RegisterGradient

newaxis = None  # in an index, a new axis of size 1

LARGE = 10**4  # stands for a size that is not known
PROBE = np.zeros(32 * LARGE, np.int8)  # as many axes as NumPy has, at a step of one


def _sliced(shape, *, index):
    if shape is None:
        return None
    # NumPy itself applies the index, to an array of the right shape. Its strides tell afterwards
    # which sizes come from an unknown one.
    sizes = [LARGE if size is None else size for size in shape]
    steps = [1 if size is None else 0 for size in shape]
    known = np.lib.stride_tricks.as_strided(PROBE, sizes, steps)
    try:
        part = known[index]
    except IndexError as error:
        raise ShapeError(outside(error)) from None
    return tuple(None if step else n for n, step in zip(part.shape, part.strides, strict=True))


def outside(error):
    """What TensorFlow says of an index of which NumPy says this."""
    if told := re.match(r"index (-?\d+) is out of bounds for axis (\d+)", str(error)):
        return "slice index {} of dimension {} out of bounds.".format(*told.groups())
    if told := re.match(r"too many indices for array: array is (\d+)-dimensional", str(error)):
        return f"Index out of range using input dim {told[1]}; input has only {told[1]} dims"
    return str(error)


def _slice_node(op, write):
    """Begin, end and step of each entry, and bits for what they cannot say."""
    entries = index if isinstance(index := op.attributes["index"], tuple) else (index,)
    begin: list[int] = []
    end: list[int] = []
    strides: list[int] = []
    masks = dict.fromkeys(("begin", "end", "ellipsis", "new_axis", "shrink_axis"), 0)
    for bit, entry in enumerate(entries):
        match entry:
            case int():
                parts, marked = (entry, entry + 1, 1), ["shrink_axis"]
            case None:
                parts, marked = (0, 0, 1), ["new_axis"]
            case slice(start=int() | None, stop=int() | None, step=int() | None):
                parts = (entry.start or 0, entry.stop or 0, entry.step or 1)
                marked = ["begin"] * (entry.start is None) + ["end"] * (entry.stop is None)
            case _ if entry is Ellipsis:
                parts, marked = (0, 0, 1), ["ellipsis"]
            case _:
                write.refuse(op)
        for values, part in zip((begin, end, strides), parts, strict=True):
            values.append(part)
        for name in marked:
            masks[name] |= 1 << bit
    labels = {"begin": begin, "end": end, "strides": strides}
    where = [write.constant(op, label, values, int32) for label, values in labels.items()]
    x = op.inputs[0]
    inputs = [name_of(x), *where]
    if "shape" in op.attributes:
        inputs = [write.setting(op, "shape"), *where, name_of(x)]
    bits = {f"{name}_mask": mask for name, mask in masks.items()}
    write.node(op, op.type, inputs, T=x.dtype, Index=int32, **bits)


@operation(
    "StridedSlice",
    node=_slice_node,
    shape=_sliced,
    name="strided_slice",
    symbol="[ ]",
    text="{input}[…]",
)
def part_of(input, *, index):
    """z = x[index], with numbers, slices, `...` and None as in NumPy"""
    try:
        return input[index]
    except IndexError as error:
        raise InvalidArgumentError(None, None, outside(error)) from None


@RegisterGradient("StridedSlice")
def _part_of_grad(op, dz):
    return put_slice(dz, shape_of(op.inputs[0]), op.attributes["index"])


@operation("StridedSliceGrad", node=_slice_node, shape=as_given, symbol="[ ]", text="put({dy})")
def put_slice(dy, *, shape, index):
    """z = zeros of a shape, with x put where a slice was taken"""
    zeros = np.zeros(shape, dtype=np.asarray(dy).dtype)
    zeros[index] = dy
    return zeros


@RegisterGradient("StridedSliceGrad")
def _put_slice_grad(op, dz):
    return part_of(dz, op.attributes["index"])
