"""What is known of a tensor's shape: its sizes, their product, the number of axes."""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrad.dtypes import as_dtype, int32
from nbgrad.errors import advise
from nbgrad.graph import Tensor, graph_of
from nbgrad.graph.operands import as_tensor
from nbgrad.ops.define import operation
from nbgrad.ops.shape_rules import scalar
from nbgrad.registry import NotDifferentiable
from nbgrad.shapes import element_count, is_known


def _rank_of(shape, *, out_type):
    return (None,) if shape is None else (len(shape),)


@operation(
    "Shape",
    node="(input) T=input out_type=out_type",
    dtypes="A->out_type",
    shape=_rank_of,
    symbol="shape",
)
def _shape(input, *, out_type=int32):
    """z = the sizes of x, as a vector of integers"""
    return np.array(input.shape, dtype=out_type.as_numpy_dtype)


@operation(
    "Size",
    node="(input) T=input out_type=out_type",
    dtypes="A->out_type",
    shape=scalar,
    symbol="size",
)
def _size(input, *, out_type=int32):
    """z = the number of elements of x"""
    return out_type.as_numpy_dtype(np.size(input))


@operation("Rank", dtypes="A->int32", shape=scalar, symbol="rank")
def _rank(input):
    """z = the number of axes of x"""
    return np.int32(np.ndim(input))


for _op_type in ("Shape", "Size", "Rank"):
    NotDifferentiable(_op_type)


def shape(input: Any, name: str | None = None, out_type: Any = int32) -> Tensor:
    """The sizes of a tensor along its axes; a constant where they are known before a run.

    Parameters
    ----------
    input : tensor_like of any dtype
    name : str, optional
        What the operation is called in the graph.
    out_type : DType, default int32
        The dtype of the result, int32 or int64.

    Returns
    -------
    Tensor
        Of dtype `out_type`, a vector with one number for each axis. No gradient passes.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.shape([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])))
    [2 3]
    """
    x = as_tensor(input, graph_of(input), name="input")
    if is_known(x.static_shape):
        sizes = np.array(x.static_shape, dtype=as_dtype(out_type).as_numpy_dtype)
        return x.graph.constant(sizes, name=name or "Shape")
    return _shape(x, as_dtype(out_type), name)


def size(input: Any, name: str | None = None, out_type: Any = int32) -> Tensor:
    """The number of elements of a tensor; a constant where it is known before a run.

    Parameters
    ----------
    input : tensor_like of any dtype
    name : str, optional
        What the operation is called in the graph.
    out_type : DType, default int32
        The dtype of the result, int32 or int64.

    Returns
    -------
    Tensor
        Of dtype `out_type`, a scalar. No gradient passes.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.size([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])))
    6
    """
    x = as_tensor(input, graph_of(input), name="input")
    count = element_count(x.static_shape)
    if count is not None:
        return x.graph.constant(as_dtype(out_type).as_numpy_dtype(count), name=name or "Size")
    return _size(x, as_dtype(out_type), name)


def rank(input: Any, name: str | None = None) -> Tensor:
    """The number of axes of a tensor; a constant where it is known before a run.

    Parameters
    ----------
    input : tensor_like of any dtype
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of dtype int32, a scalar. No gradient passes.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.rank([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])))
    2
    """
    x = as_tensor(input, graph_of(input), name="input")
    if x.static_shape is not None:
        return x.graph.constant(np.int32(len(x.static_shape)), name=name or "Rank")
    return _rank(x, name)


def rank_if_known(x: Tensor) -> Any:
    """The number of axes of a tensor: a number, or a tensor where only a run will tell."""
    return rank(x) if x.static_shape is None else len(x.static_shape)


def rank_of(x: Tensor) -> int:
    """The number of axes of a tensor, which must be known before a run.

    Raises
    ------
    ValueError
        If it is not.
    """
    if x.static_shape is None:
        raise ValueError(
            advise("The number of axes must be known here.", x.op, "Tell it with tensor.set_shape.")
        )
    return len(x.static_shape)


def size_along(x: Tensor, axis: int) -> Any:
    """How many elements a tensor has along an axis: a number, or a tensor where unknown."""
    known = x.static_shape
    if known is not None and known[axis] is not None:
        return known[axis]
    return shape(x)[axis]
