"""Casts to one dtype, and casts that keep to what a dtype can hold."""

from __future__ import annotations

from typing import Any

from nbgrad import dtypes
from nbgrad.graph import Tensor, apply
from nbgrad.ops.copying.repetition import cast


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
