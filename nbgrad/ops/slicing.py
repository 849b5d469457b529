"""Parts of a tensor, and a tensor as a part of a larger one."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from nbgrad.core.dtypes import int32
from nbgrad.core.errors import InvalidArgumentError, ShapeError
from nbgrad.core.graph import Tensor, shape_of
from nbgrad.core.operands import tensors_in
from nbgrad.core.registry import Binds, RegisterGradient
from nbgrad.ops.define import as_given, operation
from nbgrad.tf1.export import name_of

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
    tensors = list(tensors_in(entries))
    dtype = tensors[0].dtype if tensors else int32
    if any(t.static_shape != () or t.dtype is not dtype for t in tensors):
        write.refuse(op)
    columns: list[tuple[Any, ...]] = []
    column: tuple[Any, ...]
    masks = dict.fromkeys(("begin", "end", "ellipsis", "new_axis", "shrink_axis"), 0)
    for bit, entry in enumerate(entries):
        match entry:
            case int():
                column, marked = (entry, entry + 1, 1), ["shrink_axis"]
            case Tensor():
                one = write.constant(op, "one", 1, dtype)
                after = write.helper(op, "after", "AddV2", [name_of(entry), one], T=dtype)
                column, marked = (entry, after, 1), ["shrink_axis"]
            case None:
                column, marked = (0, 0, 1), ["new_axis"]
            case slice():
                start, stop, step = entry.start, entry.stop, entry.step
                column = (
                    *(0 if v is None else v for v in (start, stop)),
                    1 if step is None else step,
                )
                marked = ["begin"] * (start is None) + ["end"] * (stop is None)
            case _ if entry is Ellipsis:
                column, marked = (0, 0, 1), ["ellipsis"]
            case _:
                write.refuse(op)
        columns.append(column)
        for name in marked:
            masks[name] |= 1 << bit
    rows = zip(*columns, strict=True) if columns else ((), (), ())
    labels = ("begin", "end", "strides")
    where = [write.vector(op, *row, dtype=dtype) for row in zip(labels, rows, strict=True)]
    x = op.inputs[0]
    inputs = [name_of(x), *where]
    if "shape" in op.attributes:
        inputs = [write.setting(op, "shape", dtype=dtype.name), *where, name_of(x)]
    bits = {f"{name}_mask": mask for name, mask in masks.items()}
    write.node(op, op.type, inputs, T=x.dtype, Index=dtype, **bits)


def spelled(index: Any) -> str:
    """An index as it is written between brackets: "0, :2"; of a tensor in it, only its place."""
    if isinstance(index, tuple):
        return ", ".join(map(spelled, index))
    if isinstance(index, slice):
        ends = ["" if end is None else spelled(end) for end in (index.start, index.stop)]
        step = [] if index.step is None else [spelled(index.step)]
        return ":".join([*ends, *step])
    if index is Ellipsis:
        return "…"
    return str(index).replace("-", "−") if isinstance(index, int | None) else "·"


@operation(
    "StridedSlice",
    node=_slice_node,
    shape=_sliced,
    name="strided_slice",
    symbol="[ ]",
    text=lambda attributes: f"{{input}}[{spelled(attributes['index'])}]",
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


@operation(
    "StridedSliceGrad",
    node=_slice_node,
    shape=as_given,
    symbol="[ ]",
    text=lambda attributes: f"{{dy}} at {spelled(attributes['index'])}",
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
