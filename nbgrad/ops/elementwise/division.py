"""Quotients of integers too: as in Python 3, and as in Python 2."""

from __future__ import annotations

from typing import Any

from nbgrad.dtypes import float64
from nbgrad.graph import Operand, Tensor, graph_of
from nbgrad.graph.operands import as_tensor
from nbgrad.ops.copying.repetition import cast
from nbgrad.ops.elementwise.arithmetic import divide


def truediv(x: Any, y: Any, name: str | None = None) -> Tensor:
    """The quotient of two tensors, element by element, z = x / y, also of integers.

    Parameters
    ----------
    x, y : tensor_like of numbers (float, complex, integer)
        Tensors of integers become float64 first.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype, or float64. The shape to which the operands broadcast.

    Raises
    ------
    TypeError
        If the dtypes of the operands differ.
    ValueError
        If the shapes of the operands do not broadcast.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.truediv(tf.constant([1, 2]), tf.constant(4))))
    [0.25 0.5 ]
    """
    types = [v.as_tensor().dtype for v in (x, y) if isinstance(v, Operand)]
    if types[0:1] != types[1:2] and len(types) == 2:
        raise TypeError(
            f"x and y must have the same dtype, got {types[0]!r} != {types[1]!r}\nUse tf.cast."
        )
    return divide(as_real(x), as_real(y), name=name or "truediv")


def as_real(x: Any) -> Any:
    """A tensor of integers as float64, anything else as it is."""
    return cast(x, float64) if isinstance(x, Operand) and x.as_tensor().dtype.is_integer else x


def div(x: Any, y: Any, name: str | None = None) -> Tensor:
    """The quotient of two tensors as in Python 2, z = x / y, of integers ⌊x / y⌋.

    Parameters
    ----------
    x, y : tensor_like of numbers (float, complex, integer)
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype. The shape to which the operands broadcast.

    Raises
    ------
    TypeError
        If the dtypes of the operands differ.
    ValueError
        If the shapes of the operands do not broadcast.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.div(tf.constant([7, -7]), tf.constant(2))))
    [ 3 -4]
    """
    graph = graph_of(x, y)
    x = as_tensor(x, graph, name="x") if not isinstance(y, Operand) else x
    if isinstance(x, Operand) and isinstance(y, Operand):
        y = as_tensor(y, graph, x.as_tensor().dtype)
    integers = any(isinstance(v, Operand) and v.as_tensor().dtype.is_integer for v in (x, y))
    result: Tensor = graph.apply("FloorDiv" if integers else "RealDiv", x, y, name=name or "div")
    return result
