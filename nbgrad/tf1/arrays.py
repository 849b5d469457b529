"""Parts of tensors, their margins, order and masks.

`name` is what the operation is called in the graph. An `axis` below 0 counts from the last.
"""

from __future__ import annotations

import functools
import operator
from typing import Any, NamedTuple

from nbgrad.core.default_graph import graph_of
from nbgrad.core.dtypes import as_dtype, bool_, int32
from nbgrad.core.errors import InvalidArgumentError
from nbgrad.core.graph import Tensor
from nbgrad.core.operands import as_tensor
from nbgrad.core.shapes import brackets, normal_axes
from nbgrad.ops.arithmetic import multiply, negative
from nbgrad.ops.constants import ones_like, range_
from nbgrad.ops.copying import cast
from nbgrad.ops.define import attribute
from nbgrad.ops.indexing import gather, scatter_nd
from nbgrad.ops.logic import less, where
from nbgrad.ops.parts import _mirror_pad, _pad, part_of, stack
from nbgrad.ops.piecewise import maximum
from nbgrad.ops.reductions import _top_k, reduce_max
from nbgrad.ops.shaping import expand_dims, rank_of, reshape, size_along, squeeze, transpose
from nbgrad.tf1.signatures import composite, takes

ONE_TABLE = "embedding_lookup takes one table here, and no max_norm."

newaxis = None  # in an index, a new axis of size 1


def slice_(input_: Any, begin: Any, size: Any, name: str | None = None) -> Tensor:
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
    for i in range(count):
        start, length = begins[i], sizes[i]
        whole = x.static_shape[i] if x.static_shape is not None else None
        if all(isinstance(number, int) for number in (whole, start, length)):
            check_length(i, whole - start, length)
        index.append(slice(start, None if length == -1 else start + length))
        known.append(length if isinstance(length, int) and length != -1 else None)
    result: Tensor = part_of(x, tuple(index), name or "Slice")
    result.set_shape(known)
    return result


def check_length(axis: int, left: int, length: int) -> None:
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

    There is one number for each axis: where it begins, where it ends (excluded) and in which steps.
    A mask's bit at a position takes that axis from its beginning (`begin_mask`) or up to its end
    (`end_mask`), puts `...` (`ellipsis_mask`) or a new axis of size 1 (`new_axis_mask`) there, or
    takes the single element `begin`, and no axis (`shrink_axis_mask`). `var` has no effect.

    >>> print(tf.Session().run(tf.strided_slice([1.0, 2.0, 3.0, 4.0], [0], [4], [2])))
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


@composite("boolean_mask", "tensor", "mask")
def boolean_mask(
    tensor: Any, mask: Any, name: str | None = "boolean_mask", axis: int | None = None
) -> Tensor:
    """The parts of a tensor for which a mask is true, one after the other.

    The mask has the shape of some neighbouring axes of the tensor, from `axis` (0 by default) on,
    which become one. How many parts there are shows in a run.

    >>> print(tf.Session().run(tf.boolean_mask([1.0, 2.0, 3.0], [True, False, True])))
    [1. 3.]
    """
    known, over = tensor.static_shape, mask.static_shape
    if known is None or over is None:
        raise ValueError("Number of mask dimensions must be specified, even if some are None.")
    if not over:
        raise ValueError("mask cannot be scalar.")
    axis = axis or 0
    if any(a != b for a, b in zip(known[axis:], over, strict=False) if None not in (a, b)):
        raise ValueError(f"Shapes {known[axis:]} and {over} are incompatible")
    sizes = [size_along(tensor, i) for i in range(len(known))]
    end = axis + len(over)
    before, after = sizes[:axis], sizes[end:]
    # -1 is ambiguous where another axis is empty.
    sizes_known = all(isinstance(size, int) and size for size in before + after)
    masked = -1 if sizes_known else functools.reduce(operator.mul, sizes[axis:end])
    flat = reshape(tensor, (*before, masked, *after))
    return gather(flat, squeeze(where(reshape(mask, (-1,))), 1), axis=axis)


@composite("SequenceMask", "lengths")
def sequence_mask(
    lengths: Any, maxlen: Any = None, dtype: Any = bool_, name: str | None = None
) -> Tensor:
    """A row for each length that begins with as many ones; no gradient passes.

    A row has `maxlen` elements, by default as many as the largest length.

    >>> print(tf.Session().run(tf.sequence_mask([1, 3], dtype=tf.float32)))
    [[1. 0. 0.]
     [1. 1. 1.]]
    """
    places = range_(reduce_max(lengths) if maxlen is None else maxlen)
    mask = less(cast(places, lengths.dtype), expand_dims(lengths, -1))
    return mask if as_dtype(dtype) is bool_ else cast(mask, dtype)


def pad(
    tensor: Any,
    paddings: Any,
    mode: str = "CONSTANT",
    name: str | None = None,
    constant_values: float = 0,
) -> Tensor:
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


def meshgrid(*args: Any, indexing: str = "xy", name: str = "meshgrid") -> list[Tensor]:
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


class TopKV2(NamedTuple):
    """The result of `top_k`: values and positions."""

    values: Tensor
    indices: Tensor


def top_k(input: Any, k: int = 1, sorted: bool = True, name: str | None = None) -> TopKV2:
    """The k largest elements along the last axis, largest first, and their positions.

    Gradients reach the elements that were chosen. Where several tie, the first comes first.
    `sorted` has no effect: they always are.

    >>> print(*tf.Session().run(tf.nn.top_k([1.0, 7.0, 3.0], k=2)))
    [7. 3.] [1 2]
    """
    return TopKV2(*_top_k(input, k, name))


def sort(
    values: Any, axis: int = -1, direction: str = "ASCENDING", name: str | None = None
) -> Tensor:
    """The elements in order along an axis, "ASCENDING" or "DESCENDING".

    >>> print(tf.Session().run(tf.sort([2.0, 9.0, 5.0], direction="DESCENDING")))
    [9. 5. 2.]
    """
    return _ordered(values, axis, direction, name or "sort")[0]


@takes("values axis direction stable=False name")
def argsort(
    values: Any, axis: int = -1, direction: str = "ASCENDING", name: str | None = None
) -> Tensor:
    """The positions of the elements in order along an axis, as int32; no gradient passes.

    `stable` has no effect: of several that tie, the first always comes first.

    >>> print(tf.Session().run(tf.argsort([2.0, 9.0, 5.0])))
    [0 2 1]
    """
    return _ordered(values, axis, direction, name or "argsort")[1]


def _ordered(values: Any, axis: int, direction: str, name: str) -> list[Tensor]:
    """The elements in order, and their positions: the `top_k` of them all."""
    if direction not in ("ASCENDING", "DESCENDING"):
        raise ValueError(f"{direction} should be one of ASCENDING, DESCENDING")
    x = as_tensor(values, graph_of(values), name="values")
    if x.static_shape == ():
        raise ValueError(f"Shape must be at least rank 1 but is rank 0: {x}")
    swapped = None
    if axis != -1:
        rank = rank_of(x)
        [axis] = normal_axes(axis, rank)
        swapped = [rank - 1 if i == axis else axis if i == rank - 1 else i for i in range(rank)]
    with x.graph.name_scope(name):
        moved = x if swapped is None else transpose(x, swapped)
        rising = direction == "ASCENDING"
        found, places = top_k(negative(moved) if rising else moved, size_along(moved, -1))
        found = negative(found) if rising else found
        return [t if swapped is None else transpose(t, swapped) for t in (found, places)]


@takes(
    "params ids partition_strategy='mod' name validate_indices=True max_norm",
    left_out={"max_norm": ONE_TABLE},
)
def embedding_lookup(params: Any, ids: Any, name: str | None = None) -> Tensor:
    """The rows of a table for a tensor of row numbers.

    The gradients of a row that is named several times add up. There is one table only, and no
    `max_norm`; `partition_strategy` and `validate_indices` have no effect.

    >>> table = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    >>> print(tf.Session().run(tf.nn.embedding_lookup(table, [1, 0])))
    [[3. 4.]
     [1. 2.]]
    """
    table = params[0] if isinstance(params, list | tuple) and len(params) == 1 else params
    if isinstance(table, list | tuple):
        raise NotImplementedError(ONE_TABLE)
    with graph_of(table, ids).name_scope(name or "embedding_lookup"):
        return gather(table, ids, 0, "Identity")


@composite("confusion_matrix")
def confusion_matrix(
    labels: Any,
    predictions: Any,
    num_classes: Any = None,
    dtype: Any = int32,
    name: str | None = None,
    weights: Any = None,
) -> Tensor:
    """The number of examples of each class (the row) that were taken for each class (the column).

    Labels and predictions are vectors of classes, counted from 0; there are as many classes as
    occur, unless `num_classes` says. `weights` say how often each example counts.

    >>> print(tf.Session().run(tf.math.confusion_matrix([0, 1, 1], [0, 0, 1])))
    [[1 0]
     [1 1]]
    """
    graph = graph_of(labels, predictions)
    true, guess = (as_tensor(v, graph, name="x") for v in (labels, predictions))
    if num_classes is None:
        num_classes = maximum(reduce_max(guess), reduce_max(true)) + 1
    wanted = as_dtype(dtype)
    each = ones_like(true, wanted) if weights is None else cast(weights, wanted)
    shape = attribute("shape", [num_classes, num_classes])
    return scatter_nd(stack([true, cast(guess, true.dtype)], 1), each, shape)
