"""Parts of a tensor, and a tensor as a part of a larger one."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from nbgrad.dtypes import int32
from nbgrad.errors import InvalidArgumentError, ShapeError
from nbgrad.graph import Tensor, graph_of, name_of, shape_of
from nbgrad.graph.operands import as_tensor
from nbgrad.ops.calling import attribute
from nbgrad.ops.define import operation
from nbgrad.ops.elementwise import negative
from nbgrad.ops.shape_rules import as_given
from nbgrad.registry import RegisterGradient
from nbgrad.shapes import brackets

# Slices -------------------------------------------------------------------------------------

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


def slice_(input_: Any, begin: Any, size: Any, name: str | None = None) -> Tensor:
    """The part of a tensor that begins at a position and has a size.

    Parameters
    ----------
    input_ : tensor_like of any dtype
    begin : sequence of int, or tensor of integers
        The position of the first element, one number for each axis.
    size : sequence of int, or tensor of integers
        How many elements along each axis; −1 takes what is left.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype, and of shape `size`.

    Raises
    ------
    InvalidArgumentError
        If the part is larger than what is left.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.slice([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], [0, 1], [2, -1])))
    [[2. 3.]
     [5. 6.]]
    """
    x = as_tensor(input_, graph_of(input_, begin, size), name="input")
    begins, sizes = attribute("begin", begin), attribute("size", size)
    count = len(x.static_shape) if x.static_shape is not None else len(begins)
    if not begins:
        raise TypeError(
            "Value passed to parameter 'begin' has DataType float32 not in list of allowed values: "
            "int32, int64\nAn empty list has no integers in it: a single number has no slices."
        )
    if len(begins) != count:
        raise ValueError(
            f"Shape must be rank {len(begins)} but is rank {count} for 'Slice' (op: 'Slice') with "
            f"input shapes: {brackets(x.static_shape)}, [{len(begins)}], [{len(sizes)}]."
        )
    index, known = [], []
    for i in range(count):
        start, length = begins[i], sizes[i]
        whole = x.static_shape[i] if x.static_shape is not None else None
        if all(isinstance(number, int) for number in (whole, start, length)):
            check_fits(i, whole - start, length)
        index.append(slice(start, None if length == -1 else start + length))
        known.append(length if isinstance(length, int) and length != -1 else None)
    result: Tensor = part_of(x, tuple(index), name or "Slice")
    result.set_shape(known)
    return result


def check_fits(axis: int, left: int, length: int) -> None:
    """Refuse a slice that is longer than what is left; Python would cut it short."""
    if length > left:
        raise InvalidArgumentError(
            None, None, f"Expected size[{axis}] in [0, {left}], but got {length}"
        )


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
    """The part of a tensor that a slice takes, z = x[begin:end:strides] along each axis.

    Parameters
    ----------
    input_ : tensor_like of any dtype
    begin, end : sequence of int, or tensor of integers
        From where to where, excluded; one number for each axis.
    strides : sequence of int, optional
        The steps; 1 by default.
    begin_mask, end_mask : int, default 0
        A bit at a position takes from the beginning, or up to the end, of that axis.
    ellipsis_mask : int, default 0
        A bit at a position puts `...` there.
    new_axis_mask : int, default 0
        A bit at a position puts a new axis of size 1 there.
    shrink_axis_mask : int, default 0
        A bit at a position takes the single element `begin` there, and no axis.
    var : optional
        Accepted as in TensorFlow, and without effect.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype. The shape of x[begin:end:strides] in NumPy.

    Raises
    ------
    ValueError
        If the numbers do not fit each other or the shape, as far as it is known.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.strided_slice([1.0, 2.0, 3.0, 4.0], [0], [4], [2])))
    [1. 3.]
    """
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
    return part_of(input_, tuple(index), name or "StridedSlice")


# Other orders -------------------------------------------------------------------------------


@operation(
    "ReverseV2", node="(tensor, axis) T=tensor Tidx=axis", symbol="↔", text="reverse({tensor})"
)
def reverse(tensor, *, axis):
    """The tensor with its elements in reverse order along some axes.

    >>> tf.reverse([[1.0, 2.0], [3.0, 4.0]], axis=[1])
    [[2. 1.]
     [4. 3.]]
    """
    return np.flip(tensor, axis)


@RegisterGradient("ReverseV2")
def _reverse_grad(op, dz):
    return reverse(dz, op.attributes["axis"])


def _rolled(shape, **_attributes):
    """The shape of `input`."""
    if shape == ():
        raise ShapeError("Shape must be at least rank 1 but is rank 0")
    return shape


@operation(
    "Roll",
    node="(input, shift, axis) T=input Tshift=shift Taxis=axis",
    shape=_rolled,
    symbol="roll",
    text="roll({input})",
)
def roll(input, *, shift, axis):
    """The tensor with its elements moved on along some axes; what falls off the end comes first.

    >>> tf.roll([1.0, 2.0, 3.0], shift=1, axis=0)
    [3. 1. 2.]
    """
    return np.roll(input, shift, axis)


@RegisterGradient("Roll")
def _roll_grad(op, dz):
    shift = op.attributes["shift"]
    back = negative(shift) if isinstance(shift, Tensor) else np.negative(shift)
    return roll(dz, back, op.attributes["axis"])
