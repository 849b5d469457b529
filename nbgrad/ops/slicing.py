"""Parts of a tensor, and a tensor as a part of a larger one."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from nbgrad.dtypes import int32
from nbgrad.errors import ShapeError
from nbgrad.graph import Tensor, graph_of, name_of, shape_of
from nbgrad.graph.operands import as_tensor
from nbgrad.ops.calling import attribute
from nbgrad.ops.define import operation
from nbgrad.ops.elementwise import negative
from nbgrad.registry import RegisterGradient
from nbgrad.shapes import is_known

# Slices -------------------------------------------------------------------------------------


def _sliced(shape, *, index):
    if shape is None:
        return None
    # NumPy itself applies the index, to an array of the right shape that holds no memory.
    known = np.broadcast_to(np.int8(0), [7 if size is None else size for size in shape])
    try:
        result = known[index].shape
    except IndexError as error:
        told = re.match(r"index (-?\d+) is out of bounds for axis (\d+)", str(error))
        sentence = "slice index {} of dimension {} out of bounds." if told else str(error)
        raise ShapeError(sentence.format(*(told.groups() if told else ()))) from None
    return result if is_known(shape) else tuple(_unknown_sizes(shape, index, result))


def _unknown_sizes(shape, index, result):
    """The sizes of a slice, None for those that come from an unknown one."""
    other = [8 if size is None else size for size in shape]
    second = np.broadcast_to(np.int8(0), other)[index].shape
    whole = np.broadcast_to(np.int8(0), [10**6 if size is None else size for size in shape])
    for a, b, c in zip(result, second, whole[index].shape, strict=True):
        yield a if a == b == c else None


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
    return input[index]


@RegisterGradient("StridedSlice")
def _part_of_grad(op, dz):
    return put_slice(dz, shape_of(op.inputs[0]), op.attributes["index"])


def _the_shape(_shape, *, shape, index):
    return shape


@operation("StridedSliceGrad", node=_slice_node, shape=_the_shape, symbol="[ ]", text="put({dy})")
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
        index.append(slice(start, None if length == -1 else start + length))
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


# Other orders -------------------------------------------------------------------------------


@operation(
    "ReverseV2", node="(tensor, axis) T=tensor Tidx=axis", symbol="↔", text="reverse({tensor})"
)
def reverse(tensor, *, axis):
    """z = x with its elements in reverse order along some axes"""
    return np.flip(tensor, axis)


@RegisterGradient("ReverseV2")
def _reverse_grad(op, dz):
    return reverse(dz, op.attributes["axis"])


@operation(
    "Roll",
    node="(input, shift, axis) T=input Tshift=shift Taxis=axis",
    symbol="roll",
    text="roll({input})",
)
def roll(input, *, shift, axis):
    """z = x with its elements moved on along some axes; who falls off the end comes first"""
    return np.roll(input, shift, axis)


@RegisterGradient("Roll")
def _roll_grad(op, dz):
    shift = op.attributes["shift"]
    back = negative(shift) if isinstance(shift, Tensor) else np.negative(shift)
    return roll(dz, back, op.attributes["axis"])
