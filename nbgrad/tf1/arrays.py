"""Parts of a tensor, and a tensor as a part of a larger one."""

from __future__ import annotations

import contextlib
import functools
from typing import Any, NamedTuple

import numpy as np

from nbgrad.core import dtypes
from nbgrad.core.arrays import constant_array
from nbgrad.core.default_graph import apply, get_default_graph, graph_of
from nbgrad.core.dtypes import DType, as_dtype, bool_, float32, int32
from nbgrad.core.errors import InvalidArgumentError
from nbgrad.core.graph import Operand, Tensor
from nbgrad.core.operands import as_tensor, holds_tensor
from nbgrad.core.shapes import as_shape, brackets, normal_axes
from nbgrad.ops.arithmetic import multiply, negative
from nbgrad.ops.constants import range_
from nbgrad.ops.copying import cast, ones_like
from nbgrad.ops.define import attribute, composite
from nbgrad.ops.indexing import _gather, gather, scatter_nd
from nbgrad.ops.joining import _mirror_pad, _pad, stack
from nbgrad.ops.logic import less, where
from nbgrad.ops.ranking import _top_k
from nbgrad.ops.reductions import reduce_max
from nbgrad.ops.rounding import maximum
from nbgrad.ops.shaping import expand_dims, rank_of, reshape, size_along, squeeze, transpose
from nbgrad.ops.slicing import part_of

newaxis = None  # in an index, a new axis of size 1


class TopKV2(NamedTuple):
    """What `top_k` returns."""

    values: Tensor
    indices: Tensor


def top_k(input: Any, k: int = 1, sorted: bool = True, name: str | None = None) -> TopKV2:
    """The k largest elements along the last axis, largest first, and their positions.

    Gradients reach the elements that were chosen. Where several tie, the first comes first.

    Parameters
    ----------
    input : tensor_like of real numbers (float or integer)
    k : int, default 1
        How many.
    sorted : bool, default True
        Accepted as in TensorFlow, and without effect: they are always sorted.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    values, indices : named tuple of Tensor
        Of the same dtype, and of dtype int32. The shape of `input`, the last size being k.

    Raises
    ------
    ValueError
        If there are fewer than k elements, or no axis.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(*session.run(tf.nn.top_k([1.0, 7.0, 3.0], k=2)))
    [7. 3.] [1 2]
    """
    return TopKV2(*_top_k(input, k, name))


def sort(
    values: Any, axis: int = -1, direction: str = "ASCENDING", name: str | None = None
) -> Tensor:
    """The elements in order along an axis.

    Parameters
    ----------
    values : tensor_like of real numbers (float or integer)
    axis : int, default -1
        Along which axis; a negative one counts from the last.
    direction : str, default "ASCENDING"
        "ASCENDING" or "DESCENDING".
    name : str, optional
        What the operations are called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype. The shape of `values`.

    Raises
    ------
    ValueError
        If the direction is none of these.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.sort([2.0, 9.0, 5.0], direction="DESCENDING")))
    [9. 5. 2.]
    """
    return _ordered(values, axis, direction, name or "sort")[0]


def argsort(
    values: Any,
    axis: int = -1,
    direction: str = "ASCENDING",
    stable: bool = False,
    name: str | None = None,
) -> Tensor:
    """The positions of the elements in order along an axis; no gradient passes.

    Parameters
    ----------
    values : tensor_like of real numbers (float or integer)
    axis : int, default -1
        Along which axis; a negative one counts from the last.
    direction : str, default "ASCENDING"
        "ASCENDING" or "DESCENDING".
    stable : bool, default False
        Accepted as in TensorFlow, and without effect: of several that tie, the first comes first.
    name : str, optional
        What the operations are called in the graph.

    Returns
    -------
    Tensor
        Of dtype int32. The shape of `values`.

    Raises
    ------
    ValueError
        If the direction is none of these.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.argsort([2.0, 9.0, 5.0])))
    [0 2 1]
    """
    return _ordered(values, axis, direction, name or "argsort")[1]


def _ordered(values: Any, axis: int, direction: str, name: str) -> list[Tensor]:
    """The elements in order, and their positions: the `top_k` of them all."""
    if direction not in ("ASCENDING", "DESCENDING"):
        raise ValueError(f"{direction} should be one of ASCENDING, DESCENDING")
    x = as_tensor(values, graph_of(values), name="values")
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


def constant(
    value: Any,
    dtype: Any = None,
    shape: Any = None,
    name: str = "Const",
    verify_shape: bool = False,
) -> Tensor:
    """A tensor that always has the same value.

    Parameters
    ----------
    value : number, text, nested lists of them, or array
        What it holds.
    dtype : DType, optional
        The type of the elements; by default float32 for Python's floats, int32 for its
        integers, and a NumPy array's own.
    shape : sequence of int, optional
        A shape to bring the value to; what is missing is filled with the last element.
    name : str, default "Const"
        What the operation is called in the graph.
    verify_shape : bool, default False
        Whether a value of another shape is an error.

    Returns
    -------
    Tensor
        Of dtype `dtype`, and of shape `shape` or that of the value.

    Raises
    ------
    ValueError
        If `value` is None, has rows of different lengths, or too many elements for `shape`.
    TypeError
        If `value` cannot be of this dtype, holds tensors, or has not the shape to be verified.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     print(ng.constant([1, 2.5]))
    Tensor("Const:0", shape=(2,), dtype=float32)
    """
    if holds_tensor(value):
        raise TypeError("List of Tensors when single Tensor expected\nIt is a tensor already.")
    array = constant_array(value, None if dtype is None else as_dtype(dtype))
    if verify_shape and shape is not None and array.shape != attribute("shape", shape):
        raise TypeError(f"Expected Tensor's shape: {attribute('shape', shape)}, got {array.shape}.")
    if shape is not None:
        array = filled_up(array, attribute("shape", shape))
    return get_default_graph().constant(array, name=name)


def filled_up(array: np.ndarray, shape: Any) -> np.ndarray:
    """An array in another shape, its last element repeated where elements are missing."""
    wanted = int(np.prod(shape))
    if array.size > wanted:
        raise ValueError(
            f"Too many elements provided. Needed at most {wanted}, but received {array.size}"
        )
    return np.resize(np.pad(array.ravel(), (0, wanted - array.size), mode="edge"), shape)


def placeholder(dtype: Any, shape: Any = None, name: str | None = None) -> Tensor:
    """A tensor whose value is given with `feed_dict` in every run that needs it.

    Parameters
    ----------
    dtype : DType
        The type of its elements.
    shape : sequence of int, optional
        What is known of its shape: None for anything, None inside for an unknown size.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of dtype `dtype` and shape `shape`.

    Raises
    ------
    TypeError
        If `dtype` is none.
    InvalidArgumentError
        In a run that needs it and is given no value.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     x = ng.placeholder(ng.float32, name="x")
    ...     print(ng.Session().run(2 * x, {x: 4.0}))
    8.0
    """
    static = as_shape(shape)
    result: Tensor = get_default_graph().apply(
        "Placeholder", dtype=type_of_placeholder(dtype), shape=static, name=name
    )
    return result


def type_of_placeholder(dtype: Any) -> DType:
    try:
        return as_dtype(dtype)
    except TypeError:
        raise TypeError(f"Expected DataType for argument 'dtype' not {dtype!r}.") from None


def placeholder_with_default(input: Any, shape: Any, name: str | None = None) -> Tensor:
    """A tensor that may be fed, and is `input` in the runs in which it is not.

    Parameters
    ----------
    input : tensor_like of any dtype
        The default; gradients reach it.
    shape : sequence of int, or None
        What is known of the shape: None for anything, None inside for an unknown size.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype, and of shape `shape`.

    Examples
    --------
    >>> import nbgrad as tf
    >>> x = tf.placeholder_with_default(1.0, [])
    >>> with tf.Session() as session:
    ...     print(session.run(2.0 * x), session.run(2.0 * x, {x: 4.0}))
    2.0 8.0
    """
    graph = graph_of(input)
    label = graph.unique_name(name or "PlaceholderWithDefault", mark_as_used=False)
    default = as_tensor(input, graph, name=f"{label.rpartition('/')[2]}/input")
    result: Tensor = graph.apply(
        "PlaceholderWithDefault", default, shape=as_shape(shape), name=name
    )
    return result


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


def meshgrid(*args: Any, indexing: str = "xy", name: str = "meshgrid") -> list[Tensor]:
    r"""The coordinates of all points of a grid, one tensor for each axis.

    Parameters
    ----------
    *args : tensor_like of numbers (float, complex, integer)
        Vectors of coordinates, one for each axis.
    indexing : str, default "xy"
        "xy": the first vector runs along columns, the second along rows. "ij": in their order.
    name : str, default "meshgrid"
        What the operations are called in the graph.

    Returns
    -------
    list of Tensor
        Of the same dtypes, and of one shape: the lengths of the vectors.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(*session.run(tf.meshgrid([1.0, 2.0], [10.0, 20.0])), sep="\n")
    [[1. 2.]
     [1. 2.]]
    [[10. 10.]
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


def fill(dims: Any, value: Any, name: str | None = None) -> Tensor:
    """A tensor in which every element is the same.

    Parameters
    ----------
    dims : sequence of int, or tensor of integers
        The shape of the result.
    value : tensor_like of any dtype
        A scalar; the gradient that reaches it is the sum over all elements.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the dtype of `value`, and of shape `dims`.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.fill([3], 7.0)))
    [7. 7. 7.]
    """
    shape = attribute("shape", dims)
    result: Tensor = graph_of(value, shape).apply("Fill", value, shape=shape, name=name)
    return result


def zeros(shape: Any, dtype: Any = float32, name: str | None = "zeros") -> Tensor:
    """A tensor of zeros.

    Parameters
    ----------
    shape : sequence of int, or tensor of integers
    dtype : DType, default float32
        The dtype of the result.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of dtype `dtype` and shape `shape`.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.zeros([2, 3])))
    [[0. 0. 0.]
     [0. 0. 0.]]
    """
    return _filled(0, shape, as_dtype(dtype), name)


def ones(shape: Any, dtype: Any = float32, name: str | None = "ones") -> Tensor:
    """A tensor of ones.

    Parameters
    ----------
    shape : sequence of int, or tensor of integers
    dtype : DType, default float32
        The dtype of the result.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of dtype `dtype` and shape `shape`.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.ones([3], tf.int32)))
    [1 1 1]
    """
    return _filled(1, shape, as_dtype(dtype), name)


def _filled(value: int, shape: Any, dtype: DType, name: str | None) -> Tensor:
    sizes = attribute("shape", shape)
    sizes = (sizes,) if isinstance(sizes, int) else sizes
    one = constant_array(np.array(value), None).astype(dtype.as_numpy_dtype)
    if isinstance(sizes, tuple):
        return get_default_graph().constant(np.full(sizes, one), name=name or "Const")
    result: Tensor = graph_of(sizes).apply("Fill", one, shape=sizes, name=name)
    return result


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


def sequence_mask(
    lengths: Any, maxlen: Any = None, dtype: Any = bool_, name: str | None = None
) -> Tensor:
    """For each length a row that begins with as many ones as it says; no gradient passes.

    Parameters
    ----------
    lengths : tensor_like of integer
    maxlen : int, or tensor of an integer, optional
        The length of a row; the largest of the lengths by default.
    dtype : DType, default bool
        The dtype of the result.
    name : str, optional
        What the operations are called in the graph.

    Returns
    -------
    Tensor
        Of dtype `dtype`. The shape of `lengths`, with one more axis of size `maxlen`.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.sequence_mask([1, 3], dtype=tf.float32)))
    [[1. 0. 0.]
     [1. 1. 1.]]
    """
    graph = graph_of(lengths, maxlen)
    with graph.name_scope(name or "SequenceMask"):
        counts = as_tensor(lengths, graph, name="lengths")
        places = range_(reduce_max(counts) if maxlen is None else maxlen)
        mask = less(cast(places, counts.dtype), expand_dims(counts, -1))
        return mask if as_dtype(dtype) is bool_ else cast(mask, dtype)


@composite("confusion_matrix")
def confusion_matrix(
    labels: Any,
    predictions: Any,
    num_classes: Any = None,
    dtype: Any = int32,
    name: str | None = None,
    weights: Any = None,
) -> Tensor:
    """How often each class (the row) was taken for each class (the column).

    Parameters
    ----------
    labels, predictions : tensor_like of integer
        The true classes and the predicted ones, vectors of one length; classes count from 0.
    num_classes : int, or tensor of an integer, optional
        How many classes there are; as many as occur by default.
    dtype : DType, default int32
        The dtype of the result.
    name : str, optional
        What the operations are called in the graph.
    weights : tensor_like, optional
        How often each example counts.

    Returns
    -------
    Tensor
        Of dtype `dtype`, and of shape [num_classes, num_classes].

    Raises
    ------
    TypeError
        If the classes are no integers.
    ValueError
        If the lengths differ.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.math.confusion_matrix([0, 1, 1], [0, 0, 1])))
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


def convert_to_tensor(
    value: Any, dtype: Any = None, name: str | None = None, preferred_dtype: Any = None
) -> Tensor:
    """A value as a tensor: itself if it is one, else a constant.

    A NumPy array becomes a *new* constant each time; no gradient leads from a result back
    to the array.

    Parameters
    ----------
    value : tensor_like of any dtype
    dtype : DType, optional
        The dtype that it must have.
    name : str, optional
        What a new constant is called in the graph.
    preferred_dtype : DType, optional
        The dtype of a new constant, if its value can be of it.

    Returns
    -------
    Tensor
        Of dtype `dtype`. The shape of the value.

    Raises
    ------
    ValueError
        If it is a tensor of another dtype.
    TypeError
        If it cannot be of this dtype.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.convert_to_tensor([1, 2], dtype=tf.float32)))
    [1. 2.]
    """
    wanted = None if dtype is None else as_dtype(dtype)
    graph = graph_of(value)
    if wanted is None and preferred_dtype is not None and not isinstance(value, Operand):
        with contextlib.suppress(TypeError, ValueError):
            return as_tensor(value, graph, as_dtype(preferred_dtype), name or "Const")
    return as_tensor(value, graph, wanted, name or ("packed" if holds_tensor(value) else "Const"))


def is_tensor(x: Any) -> bool:
    """Whether something is a tensor or a variable.

    Parameters
    ----------
    x : object
        Anything.

    Returns
    -------
    bool
        Known when the graph is built.

    Examples
    --------
    >>> import nbgrad as tf
    >>> print(tf.is_tensor(tf.constant(1.0)), tf.is_tensor(1.0))
    True False
    """
    return isinstance(x, Operand)


def saturate_cast(value: Any, dtype: Any, name: str | None = None) -> Tensor:
    """The tensor with elements of another dtype, the nearest that it has where x lies outside.

    Parameters
    ----------
    value : tensor_like of real numbers (float or integer)
    dtype : DType
        The dtype of the result.
    name : str, optional
        What the cast is called in the graph.

    Returns
    -------
    Tensor
        Of dtype `dtype`. The shape of `value`.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.saturate_cast([300.0, -5.0], tf.uint8)))
    [255   0]
    """
    wanted = dtypes.as_dtype(dtype)
    limited = apply("Minimum", apply("Maximum", value, wanted.min), wanted.max)
    return cast(limited, wanted, name=name or "saturate_cast")


def to_float(x: Any, name: str = "ToFloat") -> Tensor:
    """The tensor with elements of dtype float32.

    Parameters
    ----------
    x : tensor_like of any dtype
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of dtype float32. The shape of `x`.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.to_float([1, 2])))
    [1. 2.]
    """
    return cast(x, dtypes.float32, name=name)


def to_double(x: Any, name: str = "ToDouble") -> Tensor:
    """The tensor with elements of dtype float64.

    Parameters
    ----------
    x : tensor_like of any dtype
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of dtype float64. The shape of `x`.

    Examples
    --------
    >>> import nbgrad as tf
    >>> tf.to_double(tf.constant(1.0)).dtype
    tf.float64
    """
    return cast(x, dtypes.float64, name=name)


def to_int32(x: Any, name: str = "ToInt32") -> Tensor:
    """The tensor with elements of dtype int32, their decimals cut off.

    Parameters
    ----------
    x : tensor_like of any dtype
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of dtype int32. The shape of `x`.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.to_int32([1.8, -1.8])))
    [ 1 -1]
    """
    return cast(x, dtypes.int32, name=name)


def to_int64(x: Any, name: str = "ToInt64") -> Tensor:
    """The tensor with elements of dtype int64, their decimals cut off.

    Parameters
    ----------
    x : tensor_like of any dtype
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of dtype int64. The shape of `x`.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.to_int64([1.8, -1.8])))
    [ 1 -1]
    """
    return cast(x, dtypes.int64, name=name)


def embedding_lookup(
    params: Any,
    ids: Any,
    partition_strategy: str = "mod",
    name: str | None = None,
    validate_indices: bool = True,
    max_norm: float | None = None,
) -> Tensor:
    """The rows of a table for a tensor of row numbers.

    Parameters
    ----------
    params : tensor_like of any dtype
        The table, of shape [rows, ...].
    ids : tensor_like of integer
        Row numbers; they may repeat, and their gradients then add up.
    partition_strategy : optional
        Accepted as in TensorFlow, and without effect.
    name : str, optional
        What the operation is called in the graph.
    validate_indices : optional
        Accepted as in TensorFlow, and without effect.
    max_norm : optional
        Only None.

    Returns
    -------
    Tensor
        Of the dtype of `params`. The shape of `ids`, followed by that of a row.

    Raises
    ------
    TypeError
        If the row numbers are no integers.
    NotImplementedError
        For several tables, or a `max_norm`.
    InvalidArgumentError
        In a run, if there is no such row.

    Examples
    --------
    >>> import nbgrad as tf
    >>> table = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    >>> with tf.Session() as session:
    ...     print(session.run(tf.nn.embedding_lookup(table, [1, 1, 0])))
    [[3. 4.]
     [3. 4.]
     [1. 2.]]
    """
    table = params[0] if isinstance(params, list | tuple) and len(params) == 1 else params
    if isinstance(table, list | tuple) or max_norm is not None:
        raise NotImplementedError("embedding_lookup takes one table here, and no max_norm.")
    with graph_of(table, ids).name_scope(name or "embedding_lookup"):
        return _gather(table, ids, 0, "Identity")


@composite("boolean_mask")
def boolean_mask(
    tensor: Any, mask: Any, name: str | None = "boolean_mask", axis: int | None = None
) -> Tensor:
    """The parts of a tensor for which a mask is true, one after the other.

    Parameters
    ----------
    tensor : tensor_like of any dtype
    mask : tensor_like of bool
        Of the shape of some neighbouring axes of the tensor, which become one.
    name : str, optional
        What the operations are called in the graph.
    axis : int, optional
        The first axis that the mask covers, 0 by default.

    Returns
    -------
    Tensor
        Of the dtype of `tensor`. How many parts there are shows in a run.

    Raises
    ------
    ValueError
        If the mask has no axes, or does not fit.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.boolean_mask([1.0, 2.0, 3.0], [True, False, True])))
    [1. 3.]
    """
    graph = graph_of(tensor, mask)
    x, chosen = as_tensor(tensor, graph, name="tensor"), as_tensor(mask, graph, name="mask")
    known, over = x.static_shape, chosen.static_shape
    if known is None or over is None:
        raise ValueError("Number of mask dimensions must be specified, even if some are None.")
    if not over:
        raise ValueError("mask cannot be scalar.")
    axis = axis or 0
    if any(a != b for a, b in zip(known[axis:], over, strict=False) if None not in (a, b)):
        raise ValueError(f"Shapes {known[axis:]} and {over} are incompatible")
    sizes = [size_along(x, i) for i in range(len(known))]
    flat = reshape(x, (*sizes[:axis], -1, *sizes[axis + len(over) :]))
    return gather(flat, squeeze(where(reshape(chosen, (-1,))), 1), axis=axis)
