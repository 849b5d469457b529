"""Tensors in which every element is the same."""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrad.constant_arrays import constant_array
from nbgrad.dtypes import DType, as_dtype, float32
from nbgrad.graph import Tensor, apply, get_default_graph, graph_of
from nbgrad.ops.calling import attribute
from nbgrad.ops.define import operation
from nbgrad.ops.shape_rules import as_given
from nbgrad.registry import RegisterGradient


@operation(
    "Fill",
    node="(shape, value) T=value index_type=shape",
    shape=as_given,
    symbol="fill",
    text="{value}",
)
def _fill(value, *, shape):
    """z = a tensor of a shape, in which every element is x"""
    return np.full(shape, value, dtype=value.dtype) if len(shape) else value


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


@RegisterGradient("Fill")
def _fill_grad(op, dz):
    return apply("Sum", dz, axis=None, keepdims=False)


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
