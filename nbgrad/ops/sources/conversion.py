"""What a user gave as a tensor, and whether it is one."""

from __future__ import annotations

import contextlib
from typing import Any

from nbgrad.dtypes import as_dtype
from nbgrad.graph import Operand, Tensor, graph_of
from nbgrad.graph.operands import as_tensor, holds_tensor


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
