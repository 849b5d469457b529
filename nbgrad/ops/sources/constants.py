"""Where values come from: constants and placeholders."""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrad import shapes
from nbgrad.constant_arrays import constant_array
from nbgrad.dtypes import DType, as_dtype
from nbgrad.errors import UnfedPlaceholderError
from nbgrad.graph import Tensor, get_default_graph, graph_of
from nbgrad.graph.operands import as_tensor, holds_tensor
from nbgrad.ops.calling import attribute
from nbgrad.ops.define import operation
from nbgrad.ops.shape_rules import as_given
from nbgrad.registry import Effect, RegisterGradient
from nbgrad.tensor_shape import as_shape


@operation(
    "Const",
    node="() dtype=dtype value=value",
    dtypes="->dtype",
    shape=lambda *, value, dtype: np.shape(value),
    effect=Effect.CONSTANT,
    symbol="const",
)
def _const(*, value, dtype):
    """z = a value"""
    return value


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


@operation(
    "Placeholder",
    node="() dtype=dtype shape=shape",
    dtypes="->dtype",
    shape=as_given,
    symbol="in",
)
def _placeholder(*, dtype, shape):
    """z = what is fed"""
    known = f" and shape {shapes.brackets(shape)}" if shape else ""
    short = {"float32": "float", "float64": "double"}.get(dtype.name, dtype.name)
    raise UnfedPlaceholderError(None, None, f"with dtype {short}{known}")


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


@operation(
    "PlaceholderWithDefault",
    node="(input) dtype=input shape=shape",
    dtypes="T->T",
    shape=as_given,
    name="PlaceholderWithDefault",
    symbol="in",
    text="{input}",
    inline="{input}",
)
def _placeholder_with_default(input, *, shape):
    """z = what is fed, or x"""
    return input


@RegisterGradient("PlaceholderWithDefault")
def _placeholder_with_default_grad(op, dz):
    return dz


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
