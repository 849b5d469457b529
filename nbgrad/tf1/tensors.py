"""Tensors from values, and from parts of tensors: constants, casts, slices, margins, masks.

Without a `dtype`, Python's floats become float32, its integers int32, and a NumPy array keeps its
own.
"""

from __future__ import annotations

import contextlib
import functools
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from nbgrad.core.attributes import attribute
from nbgrad.core.dtypes import (
    DType,
    array_filled,
    as_dtype,
    bool_,
    constant_array,
    float32,
    int32,
)
from nbgrad.core.errors import InvalidArgumentError, advise
from nbgrad.core.graph import Operand, Tensor, get_default_graph, graph_of
from nbgrad.core.operands import as_tensor
from nbgrad.core.operators import holds_tensor
from nbgrad.core.shapes import Shape, as_shape, brackets
from nbgrad.ops.arithmetic import multiply
from nbgrad.ops.logic import less, where
from nbgrad.ops.parts import _mirror_pad, _pad, part_of
from nbgrad.ops.shaping import cast, reshape, size_along
from nbgrad.ops.sources import ones_like, range_
from nbgrad.tf1.signatures import called, composite, expand_dims, gather, reduce_max, squeeze, takes

newaxis = None  # in an index, a new axis of size 1


def constant(value, dtype=None, shape=None, name="Const", verify_shape=False) -> Tensor:
    """A tensor that always has the same value: that of a number, a text, nested lists or an array.

    With a `shape`, missing elements are filled up with the last one; `verify_shape` makes another
    shape an error.

    >>> print(tf.constant([1, 2.5]))
    Tensor("Const:0", shape=(2,), dtype=float32)
    """
    if holds_tensor(value):
        raise TypeError("List of Tensors when single Tensor expected\nIt is a tensor already.")
    wanted = None if dtype is None else as_dtype(dtype)
    if shape is not None:
        sizes, value = attribute("shape", shape), constant_array(value, wanted)
        if verify_shape and value.shape != sizes:
            raise TypeError(f"Expected Tensor's shape: {sizes}, got {value.shape}.")
        count = int(np.prod(sizes))
        if value.size > count:
            problem = f"Needed at most {count}, but received {value.size}"
            raise ValueError(f"Too many elements provided. {problem}")
        value = np.resize(np.pad(value.ravel(), (0, count - value.size), mode="edge"), sizes)
    return get_default_graph().constant(value, wanted, name=name)


def placeholder(dtype, shape=None, name=None) -> Tensor:
    """A tensor whose value is fed with `feed_dict` in every run that needs it.

    Of its `shape` is said what is known: None for anything, None inside for an unknown size.

    >>> x = tf.placeholder(tf.float32, name="x")
    >>> print(tf.Session().run(2 * x, {x: 4.0}))
    8.0
    """
    static = described(shape)
    try:
        wanted = as_dtype(dtype)
    except TypeError:
        raise TypeError(f"Expected DataType for argument 'dtype' not {dtype!r}.") from None
    return get_default_graph().apply("Placeholder", dtype=wanted, shape=static, name=name)


def described(shape) -> Shape:
    """The shape of a placeholder, as far as it is known, in words."""
    try:
        return as_shape(shape)
    except (TypeError, ValueError) as error:
        first, _, advice = str(error).partition("\n")
        sentence = f"Error converting shape to a TensorShape: {first}."
        raise type(error)(advise(sentence, advice=advice)) from None


def placeholder_with_default(input, shape, name=None) -> Tensor:
    """A tensor that may be fed, and is `input` in the runs in which it is not.

    Gradients reach the default. `shape` is what is known of the shape, as for `placeholder`.

    >>> x = tf.placeholder_with_default(1.0, [])
    >>> print(tf.Session().run(2.0 * x), tf.Session().run(2.0 * x, {x: 4.0}))
    2.0 8.0
    """
    graph = graph_of(input)
    label = graph.unique_name(name or "PlaceholderWithDefault", mark_as_used=False)
    default = as_tensor(input, graph, name=f"{label.rpartition('/')[2]}/input")
    return graph.apply("PlaceholderWithDefault", default, shape=described(shape), name=name)


def fill(dims, value, name=None) -> Tensor:
    """A tensor of shape `dims` in which every element is the same scalar.

    The gradient that reaches the scalar is the sum over all elements.

    >>> print(tf.Session().run(tf.fill([3], 7.0)))
    [7. 7. 7.]
    """
    shape = attribute("shape", dims)
    return graph_of(value, shape).apply("Fill", value, shape=shape, name=name)


def zeros(shape, dtype=float32, name="zeros") -> Tensor:
    """A tensor of zeros; its shape may be a tensor of integers.

    >>> print(tf.Session().run(tf.zeros([2, 3])))
    [[0. 0. 0.]
     [0. 0. 0.]]
    """
    return _filled(0, shape, as_dtype(dtype), name)


def ones(shape, dtype=float32, name="ones") -> Tensor:
    """A tensor of ones; its shape may be a tensor of integers.

    >>> print(tf.Session().run(tf.ones([3], tf.int32)))
    [1 1 1]
    """
    return _filled(1, shape, as_dtype(dtype), name)


def _filled(value: int, shape, dtype: DType, name: str | None) -> Tensor:
    if isinstance(shape, list | tuple):  # as in a TensorShape, 6 / 2 is 3 here
        shape = [int(n) if isinstance(n, float) and n.is_integer() else n for n in shape]
    sizes = attribute("shape", shape)
    sizes = (sizes,) if isinstance(sizes, int) else sizes
    if isinstance(sizes, tuple) and any(size < 0 for size in sizes):
        raise ValueError("Fill dimensions must be >= 0")
    if isinstance(sizes, tuple):
        whole = array_filled(value, sizes, dtype)
        return get_default_graph().constant(whole, dtype, name or "Const")
    return graph_of(sizes).apply("Fill", array_filled(value, (), dtype), shape=sizes, name=name)


def convert_to_tensor(value, dtype=None, name=None, preferred_dtype=None) -> Tensor:
    """The tensor itself if the value is one, else a new constant.

    A NumPy array becomes a *new* constant each time; no gradient leads from a result back to the
    array. A tensor must be of `dtype` already; a constant is of `preferred_dtype` if it can be.

    >>> print(tf.Session().run(tf.convert_to_tensor([1, 2], dtype=tf.float32)))
    [1. 2.]
    """
    wanted = None if dtype is None else as_dtype(dtype)
    graph = graph_of(value)
    if wanted is None and preferred_dtype is not None and not isinstance(value, Operand):
        with contextlib.suppress(TypeError, ValueError):
            return as_tensor(value, graph, as_dtype(preferred_dtype), name or "Const")
    return as_tensor(value, graph, wanted, name or ("packed" if holds_tensor(value) else "Const"))


def is_tensor(x) -> bool:
    """Whether something is a tensor or a variable.

    >>> print(tf.is_tensor(tf.constant(1.0)), tf.is_tensor(1.0))
    True False
    """
    return isinstance(x, Operand)


def saturate_cast(value, dtype, name=None) -> Tensor:
    """The tensor with elements of another dtype, the nearest that it has where x lies outside.

    >>> print(tf.Session().run(tf.saturate_cast([300.0, -5.0], tf.uint8)))
    [255   0]
    """
    wanted = as_dtype(dtype)
    graph = graph_of(value)
    limited = graph.apply("Minimum", graph.apply("Maximum", value, wanted.min), wanted.max)
    return cast(limited, wanted, name=name or "saturate_cast")


def _cast_to(function: str, dtype: str, op_name: str) -> Callable[..., Tensor]:
    documentation = f"""The tensor with its elements as {dtype}.

    >>> print(tf.{function}([1.8, -1.8]).dtype)
    {as_dtype(dtype)}
    """

    @called(function, documentation)
    def convert(x, name=op_name) -> Tensor:
        return cast(x, dtype, name=name)

    return convert


to_float = _cast_to("to_float", "float32", "ToFloat")
to_double = _cast_to("to_double", "float64", "ToDouble")
to_int32 = _cast_to("to_int32", "int32", "ToInt32")
to_int64 = _cast_to("to_int64", "int64", "ToInt64")


def slice_(input_, begin, size, name=None) -> Tensor:
    """The part of a tensor that begins at a position and has a size.

    Both hold a number for each axis; the size −1 takes what is left of an axis.

    >>> print(tf.Session().run(tf.slice([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], [0, 1], [2, -1])))
    [[2. 3.]
     [5. 6.]]
    """
    x = as_tensor(input_, graph_of(input_, begin, size), name="input")
    begins, sizes = attribute("begin", begin), attribute("size", size)
    count = len(x.static_shape) if x.static_shape is not None else len(begins)
    if begins == ():
        raise TypeError(
            "Value passed to parameter 'begin' has DataType float32 not in list of allowed values: "
            "int32, int64\nAn empty list has no integers in it: a single number has no slices."
        )
    if isinstance(begins, tuple) and len(begins) != count:
        raise ValueError(
            f"Shape must be rank {len(begins)} but is rank {count} for 'Slice' (op: 'Slice') with "
            f"input shapes: {brackets(x.static_shape)}, [{len(begins)}], [{len(sizes)}]."
        )
    index, known = [], []
    for i, whole in enumerate(x.static_shape or [None] * count):
        start, length = begins[i], sizes[i]
        numbers = all(isinstance(number, int) for number in (whole, start, length))
        if numbers and length > whole - start:  # Python would cut it short
            problem = f"Expected size[{i}] in [0, {whole - start}], but got {length}"
            raise InvalidArgumentError(None, None, problem)
        index.append(slice(start, None if length == -1 else start + length))
        known.append(length if isinstance(length, int) and length != -1 else None)
    result: Tensor = part_of(x, tuple(index), name or "Slice")
    result.set_shape(known)
    return result


@takes(
    "input_, begin, end, strides=None, begin_mask=0, end_mask=0, ellipsis_mask=0, "
    "new_axis_mask=0, shrink_axis_mask=0, var=None, name=None"
)
def strided_slice(input_, begin, end, strides, name, **masks) -> Tensor:
    """The part of a tensor that a slice takes, z = x[begin:end:strides] along each axis.

    There is one number for each axis: where it begins, where it ends (excluded) and in which steps.
    A mask's bit at a position takes that axis from its beginning (`begin_mask`) or up to its end
    (`end_mask`), puts `...` (`ellipsis_mask`) or a new axis of size 1 (`new_axis_mask`) there, or
    takes the single element `begin`, and no axis (`shrink_axis_mask`).

    >>> print(tf.Session().run(tf.strided_slice([1.0, 2.0, 3.0, 4.0], [0], [4], [2])))
    [1. 3.]
    """
    begins, ends = attribute("begin", begin), attribute("end", end)
    steps = attribute("strides", strides) if strides is not None else (1,) * len(begins)
    index: list[Any] = []
    for i, (first, last, stride) in enumerate(zip(begins, ends, steps, strict=True)):
        marks = {name for name, mask in masks.items() if name != "var" and mask & 1 << i}
        if "ellipsis_mask" in marks:
            index.append(...)
        elif "new_axis_mask" in marks:
            index.append(None)
        elif "shrink_axis_mask" in marks:
            index.append(first)
        else:
            start = None if "begin_mask" in marks else first
            index.append(slice(start, None if "end_mask" in marks else last, stride))
    return part_of(input_, tuple(index), name or "StridedSlice")


@composite("boolean_mask", "tensor", "mask")
def boolean_mask(tensor, mask, name="boolean_mask", axis=None) -> Tensor:
    """The parts of a tensor for which a mask is true, one after the other.

    The mask has the shape of some neighbouring axes of the tensor, from `axis` (0 by default) on,
    which become one. How many parts there are shows in a run.

    >>> print(tf.Session().run(tf.boolean_mask([1.0, 2.0, 3.0], [True, False, True])))
    [1. 3.]
    """
    known, over, axis = tensor.static_shape, mask.static_shape, axis or 0
    if known is None or over is None:
        raise ValueError("Number of mask dimensions must be specified, even if some are None.")
    if not over:
        raise ValueError("mask cannot be scalar.")
    if any(a != b for a, b in zip(known[axis:], over, strict=False) if None not in (a, b)):
        raise ValueError(f"Shapes {known[axis:]} and {over} are incompatible")
    sizes, end = [size_along(tensor, i) for i in range(len(known))], axis + len(over)
    before, after = sizes[:axis], sizes[end:]
    # -1 is ambiguous where another axis is empty.
    sizes_known = all(isinstance(size, int) and size for size in before + after)
    masked = -1 if sizes_known else functools.reduce(operator.mul, sizes[axis:end])
    flat = reshape(tensor, (*before, masked, *after))
    return gather(flat, squeeze(where(reshape(mask, (-1,))), 1), axis=axis)


@composite("SequenceMask", "lengths")
def sequence_mask(lengths, maxlen=None, dtype=bool_, name=None) -> Tensor:
    """A row for each length that begins with as many ones; no gradient passes.

    A row has `maxlen` elements, by default as many as the largest length.

    >>> print(tf.Session().run(tf.sequence_mask([1, 3], dtype=tf.float32)))
    [[1. 0. 0.]
     [1. 1. 1.]]
    """
    lengths = lengths if lengths.dtype.is_integer else cast(lengths, int32)
    places = range_(reduce_max(lengths) if maxlen is None else maxlen)
    mask = less(cast(places, lengths.dtype), expand_dims(lengths, -1))
    return mask if as_dtype(dtype) is bool_ else cast(mask, dtype)


def pad(tensor, paddings, mode="CONSTANT", name=None, constant_values=0) -> Tensor:
    """A tensor with a margin along each axis: of one value, or mirrored.

    `paddings` say for each axis how much to put before and after it: pairs of integers, or a
    tensor. The `mode` is "CONSTANT", a margin of `constant_values`; "REFLECT", which mirrors
    without repeating the edge; or "SYMMETRIC", with it.

    >>> print(tf.Session().run(tf.pad([1.0, 2.0, 3.0], [[1, 2]])))
    [0. 1. 2. 3. 0. 0.]
    >>> print(tf.Session().run(tf.pad([1.0, 2.0, 3.0], [[1, 2]], "REFLECT")))
    [2. 1. 2. 3. 2. 1.]
    """
    match mode.upper():
        case "CONSTANT":
            return _pad(tensor, paddings, constant_values, name)
        case "REFLECT" | "SYMMETRIC":
            return _mirror_pad(tensor, paddings, mode.upper(), name)
    raise ValueError(f"Unknown padding mode: {mode}")


def meshgrid(*args, indexing="xy", name="meshgrid") -> list[Tensor]:
    """The coordinates of all points of a grid, one tensor for each of some vectors.

    With "xy" the first vector runs along columns and the second along rows; with "ij" each runs
    along its own axis.

    >>> print(*tf.Session().run(tf.meshgrid([1.0, 2.0], [10.0, 20.0])))
    [[1. 2.]
     [1. 2.]] [[10. 10.]
     [20. 20.]]
    """
    graph = graph_of(*args)
    with graph.name_scope(name):
        lines = [as_tensor(each, graph, name="line") for each in args]
        order = list(range(len(lines)))
        if indexing == "xy" and len(lines) > 1:
            order[:2] = [1, 0]
        shaped = [
            reshape(line, [-1 if i == place else 1 for i in range(len(lines))])
            for line, place in zip(lines, order, strict=True)
        ]
        whole = functools.reduce(multiply, map(ones_like, shaped))
        return [multiply(each, whole) for each in shaped]
