"""Quotients rounded to integers, and what such a division leaves."""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrad.errors import InvalidArgumentError
from nbgrad.graph import Tensor
from nbgrad.ops.define import elementwise
from nbgrad.ops.elementwise.arithmetic import multiply, negative
from nbgrad.registry import Binds, NotDifferentiable, RegisterGradient


@elementwise(
    "FloorDiv",
    dtypes="R,R->R",
    symbol="//",
    text="⌊{x} / {y}⌋",
    latex=r"\left\lfloor\frac{{{x}}}{{{y}}}\right\rfloor",
)
def floor_div(x, y):
    """The quotient rounded down, element by element, z = ⌊x / y⌋; no gradient passes.

    Raises
    ------
    InvalidArgumentError
        In a run, if an integer is divided by 0.

    >>> tf.floor_div([7.0, -7.0], 2.0)
    [ 3. -4.]
    """
    return np.floor_divide(x, divisor(y))


def floordiv(x: Any, y: Any, name: str | None = None) -> Tensor:
    """The quotient rounded down, element by element, z = ⌊x / y⌋; no gradient passes.

    Parameters
    ----------
    x, y : tensor_like of real numbers (float or integer)
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype. The shape to which the operands broadcast.

    Raises
    ------
    TypeError
        If the dtypes of the operands differ, or are not these.
    ValueError
        If the shapes of the operands do not broadcast.
    InvalidArgumentError
        In a run, if an integer is divided by 0.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.floordiv([7, -7], 2)))
    [ 3 -4]
    """
    return floor_div(x, y, name=name or "floordiv")


for _op_type in ("FloorDiv", "TruncateDiv"):
    NotDifferentiable(_op_type)


@elementwise("FloorMod", dtypes="R,R->R", symbol="mod", text="{x} mod {y}", binds=Binds.PRODUCT)
def floormod(x, y):
    """What a division rounded down leaves of x, z = x − ⌊x / y⌋ · y, with the sign of y.

    Raises
    ------
    InvalidArgumentError
        In a run, if an integer is divided by 0.

    >>> tf.floormod([7.0, -7.0], 3.0)
    [1. 2.]
    """
    return np.mod(x, divisor(y))


@RegisterGradient("FloorMod")
def _floormod_grad(op, dz):
    x, y = op.inputs
    return dz, multiply(dz, negative(floor_div(x, y)))


@elementwise("TruncateDiv", dtypes="R,R->R", symbol="÷")
def truncatediv(x, y):
    """The quotient z = x / y, of integers without its decimals; no gradient passes.

    Raises
    ------
    InvalidArgumentError
        In a run, if an integer is divided by 0.

    >>> tf.truncatediv([7, -7], 2)
    [ 3 -3]
    """
    quotient, dtype = np.divide(x, divisor(y)), np.result_type(x, y)
    return (np.trunc(quotient) if dtype.kind in "iu" else quotient).astype(dtype)


@elementwise("TruncateMod", dtypes="R,R->R", symbol="fmod")
def truncatemod(x, y):
    """What a division towards 0 leaves of x, with the sign of x; it has no gradient rule.

    Raises
    ------
    InvalidArgumentError
        In a run, if an integer is divided by 0.

    >>> tf.truncatemod([7, -7], 3)
    [ 1 -1]
    """
    return np.fmod(x, divisor(y))


def divisor(y):
    """What to divide by: an integer may not be 0, which has no infinity to answer with."""
    if np.asarray(y).dtype.kind in "iu" and not np.all(y):
        raise InvalidArgumentError(None, None, "Integer division by zero")
    return y
