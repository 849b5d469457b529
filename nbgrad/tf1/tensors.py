"""Tensors from values: constants, placeholders, conversions and casts.

`name` is what the operation is called in the graph. Without a `dtype`, Python's floats become
float32, its integers int32, and a NumPy array keeps its own.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import numpy as np

from nbgrad.core.default_graph import apply, get_default_graph, graph_of
from nbgrad.core.dtypes import DType, as_dtype, constant_array, float32, float64, int32, int64
from nbgrad.core.errors import advise
from nbgrad.core.graph import Operand, Tensor
from nbgrad.core.operands import as_tensor, holds_tensor
from nbgrad.core.shapes import Shape, as_shape
from nbgrad.ops.copying import cast
from nbgrad.ops.define import attribute


def constant(
    value: Any,
    dtype: Any = None,
    shape: Any = None,
    name: str = "Const",
    verify_shape: bool = False,
) -> Tensor:
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
        value = filled_up(value, sizes)
    return get_default_graph().constant(value, wanted, name=name)


def filled_up(array: np.ndarray, shape: Any) -> np.ndarray:
    """An array in another shape, its last element repeated where elements are missing."""
    wanted = int(np.prod(shape))
    if array.size > wanted:
        raise ValueError(
            f"Too many elements provided. Needed at most {wanted}, but received {array.size}"
        )
    return np.resize(np.pad(array.ravel(), (0, wanted - array.size), mode="edge"), shape)


def placeholder(dtype: Any, shape: Any = None, name: str | None = None) -> Tensor:
    """A tensor whose value is fed with `feed_dict` in every run that needs it.

    Parameters
    ----------
    dtype
        The type of its elements.
    shape
        What is known of its shape: None for anything, None inside for an unknown size.
    name
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        An error in a run that needs it and does not feed it.

    Examples
    --------
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


def described(shape: Any) -> Shape:
    """The shape of a placeholder, as far as it is known, in words."""
    try:
        return as_shape(shape)
    except (TypeError, ValueError) as error:
        first, _, advice = str(error).partition("\n")
        sentence = f"Error converting shape to a TensorShape: {first}."
        raise type(error)(advise(sentence, advice=advice)) from None


def placeholder_with_default(input: Any, shape: Any, name: str | None = None) -> Tensor:
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


def fill(dims: Any, value: Any, name: str | None = None) -> Tensor:
    """A tensor of shape `dims` in which every element is the same scalar.

    The gradient that reaches the scalar is the sum over all elements.

    >>> print(tf.Session().run(tf.fill([3], 7.0)))
    [7. 7. 7.]
    """
    shape = attribute("shape", dims)
    return graph_of(value, shape).apply("Fill", value, shape=shape, name=name)


def zeros(shape: Any, dtype: Any = float32, name: str | None = "zeros") -> Tensor:
    """A tensor of zeros; its shape may be a tensor of integers.

    >>> print(tf.Session().run(tf.zeros([2, 3])))
    [[0. 0. 0.]
     [0. 0. 0.]]
    """
    return _filled(0, shape, as_dtype(dtype), name)


def ones(shape: Any, dtype: Any = float32, name: str | None = "ones") -> Tensor:
    """A tensor of ones; its shape may be a tensor of integers.

    >>> print(tf.Session().run(tf.ones([3], tf.int32)))
    [1 1 1]
    """
    return _filled(1, shape, as_dtype(dtype), name)


def _filled(value: int, shape: Any, dtype: DType, name: str | None) -> Tensor:
    if isinstance(shape, list | tuple):  # as in a TensorShape, 6 / 2 is 3 here
        whole = [int(n) if isinstance(n, float) and n.is_integer() else n for n in shape]
        shape = whole
    sizes = attribute("shape", shape)
    sizes = (sizes,) if isinstance(sizes, int) else sizes
    if isinstance(sizes, tuple) and any(size < 0 for size in sizes):
        raise ValueError("Fill dimensions must be >= 0")
    one = constant_array(np.array(value), None).astype(dtype.as_numpy_dtype)
    if isinstance(sizes, tuple):
        return get_default_graph().constant(np.full(sizes, one), name=name or "Const")
    return graph_of(sizes).apply("Fill", one, shape=sizes, name=name)


def convert_to_tensor(
    value: Any, dtype: Any = None, name: str | None = None, preferred_dtype: Any = None
) -> Tensor:
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


def is_tensor(x: Any) -> bool:
    """Whether something is a tensor or a variable.

    >>> print(tf.is_tensor(tf.constant(1.0)), tf.is_tensor(1.0))
    True False
    """
    return isinstance(x, Operand)


def saturate_cast(value: Any, dtype: Any, name: str | None = None) -> Tensor:
    """The tensor with elements of another dtype, the nearest that it has where x lies outside.

    >>> print(tf.Session().run(tf.saturate_cast([300.0, -5.0], tf.uint8)))
    [255   0]
    """
    wanted = as_dtype(dtype)
    limited = apply("Minimum", apply("Maximum", value, wanted.min), wanted.max)
    return cast(limited, wanted, name=name or "saturate_cast")


def _cast_to(function: str, dtype: DType, op_name: str) -> Callable[..., Tensor]:
    def convert(x: Any, name: str = op_name) -> Tensor:
        return cast(x, dtype, name=name)

    convert.__name__ = convert.__qualname__ = function
    convert.__doc__ = f"""The tensor with its elements as {dtype.name}.

    >>> print(tf.{function}([1.8, -1.8]).dtype)
    {dtype}
    """
    return convert


to_float = _cast_to("to_float", float32, "ToFloat")
to_double = _cast_to("to_double", float64, "ToDouble")
to_int32 = _cast_to("to_int32", int32, "ToInt32")
to_int64 = _cast_to("to_int64", int64, "ToInt64")
