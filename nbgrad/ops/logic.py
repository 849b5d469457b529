"""Comparisons, logic, and the choice between two tensors. None of it has a slope but the choice."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from nbgrad.core.errors import ShapeError
from nbgrad.core.graph import Tensor
from nbgrad.core.registry import Binds, NotDifferentiable, RegisterGradient
from nbgrad.core.shapes import merge
from nbgrad.ops.copying import zeros_like
from nbgrad.ops.define import elementwise, operation

_comparison = functools.partial(elementwise, dtypes="R,R->bool", binds=Binds.SUM)


_equality = functools.partial(elementwise, dtypes="T,T->bool", binds=Binds.SUM)


_logical = functools.partial(elementwise, dtypes="bool,bool->bool", binds=Binds.SUM)


@_comparison("Less", symbol="<", text="{x} < {y}")
def less(x, y):
    """Whether each x is below y, z = (x < y).

    >>> tf.less([1.0, 2.0], 2.0)
    [ True False]
    """
    return x < y


@_comparison("LessEqual", symbol="≤", text="{x} ≤ {y}", latex=r"{x} \le {y}")
def less_equal(x, y):
    """Whether each x is y or below it, z = (x ≤ y).

    >>> tf.less_equal([1.0, 2.0, 3.0], 2.0)
    [ True  True False]
    """
    return x <= y


@_comparison("Greater", symbol=">", text="{x} > {y}")
def greater(x, y):
    """Whether each x is above y, z = (x > y).

    >>> tf.greater([1.0, 2.0, 3.0], 2.0)
    [False False  True]
    """
    return x > y


@_comparison("GreaterEqual", symbol="≥", text="{x} ≥ {y}", latex=r"{x} \ge {y}")
def greater_equal(x, y):
    """Whether each x is y or above it, z = (x ≥ y).

    >>> tf.greater_equal([1.0, 2.0, 3.0], 2.0)
    [False  True  True]
    """
    return x >= y


@_equality("Equal", symbol="=", text="{x} = {y}")
def equal(x, y):
    """Whether each x is the same as y, z = (x = y), while `==` compares the tensors themselves.

    >>> tf.equal([1.0, 2.0], 2.0)
    [False  True]
    """
    return x == y


@_equality("NotEqual", symbol="≠", text="{x} ≠ {y}", latex=r"{x} \ne {y}")
def not_equal(x, y):
    """Whether each x is not the same as y, z = (x ≠ y).

    >>> tf.not_equal([1.0, 2.0], 2.0)
    [ True False]
    """
    return x != y


@_logical("LogicalAnd", symbol="∧", text="{x} ∧ {y}", latex=r"{x} \land {y}")
def logical_and(x, y):
    """Whether x and y are both true, z = x ∧ y.

    >>> tf.logical_and([True, False], True)
    [ True False]
    """
    return np.logical_and(x, y)


@_logical("LogicalOr", symbol="∨", text="{x} ∨ {y}", latex=r"{x} \lor {y}")
def logical_or(x, y):
    """Whether x or y is true, or both, z = x ∨ y.

    >>> tf.logical_or([True, False], False)
    [ True False]
    """
    return np.logical_or(x, y)


@_logical("LogicalNot", dtypes="bool->bool", symbol="¬", text="¬{x}", latex=r"\lnot {x}")
def logical_not(x):
    """Whether x is false, z = ¬x.

    >>> tf.logical_not([True, False])
    [False  True]
    """
    return np.logical_not(x)


@_logical("LogicalXor", symbol="⊻", text="{x} ⊻ {y}")
def logical_xor(x, y):
    """Whether either x or y is true, and not both, z = x ⊻ y.

    >>> tf.logical_xor([True, False], True)
    [False  True]
    """
    return np.logical_xor(x, y)


@elementwise("IsNan", dtypes="F->bool", symbol="nan?")
def is_nan(x):
    """Whether each x is NaN, which is no number.

    >>> tf.is_nan([1.0, float("nan")])
    [False  True]
    """
    return np.isnan(x)


@elementwise("IsInf", dtypes="F->bool", symbol="∞?")
def is_inf(x):
    """Whether each x is infinite, z = (|x| = ∞).

    >>> tf.is_inf([1.0, float("-inf")])
    [False  True]
    """
    return np.isinf(x)


@elementwise("IsFinite", dtypes="F->bool", symbol="finite?")
def is_finite(x):
    """Whether each x is a number, and not infinite, z = (|x| < ∞).

    >>> tf.is_finite([1.0, float("inf"), float("nan")])
    [ True False False]
    """
    return np.isfinite(x)


for _op_type in (
    *("Less", "LessEqual", "Greater", "GreaterEqual", "Equal", "NotEqual"),
    *("LogicalAnd", "LogicalOr", "LogicalNot", "LogicalXor", "IsNan", "IsInf", "IsFinite"),
):
    NotDifferentiable(_op_type)


def _chosen(condition, x, y):
    if x is not None and y is not None and len(x) != len(y):
        raise ShapeError(f"Shapes must be equal rank, but are {len(x)} and {len(y)}")
    branches = merge(x, y)
    if condition is None or len(condition) == 0:
        return branches
    if branches is None:
        return None if len(condition) == 1 else condition  # one axis may choose whole rows
    return branches if len(condition) == 1 != len(branches) else merge(branches, condition)


@operation(
    "Select", dtypes="bool,T,T->T", shape=_chosen, symbol="?", text="where({condition}, {x}, {y})"
)
def _select(condition, x, y):
    """z = x where the condition is true, y elsewhere; a condition of one axis chooses whole rows"""
    rows = np.ndim(condition) == 1 < np.ndim(x)
    chosen = np.reshape(condition, (-1,) + (1,) * (np.ndim(x) - 1)) if rows else condition
    return np.where(chosen, x, y)


@RegisterGradient("Select")
def _select_grad(op, dz):
    condition = op.inputs[0]
    nothing = zeros_like(dz)
    return None, _select(condition, dz, nothing), _select(condition, nothing, dz)


def _positions(condition):
    return (None, None if condition is None else len(condition))


@operation("Where", dtypes="A->int64", shape=_positions, symbol="where")
def _where(condition):
    """z = the positions at which the condition holds, one in each row"""
    return np.argwhere(condition)


NotDifferentiable("Where")


def where(condition: Any, x: Any = None, y: Any = None, name: str | None = None) -> Tensor:
    """The elements of x where a condition is true, those of y elsewhere; or where it is true.

    Gradients reach both x and y, and are 0 where the other one was chosen. Both are computed
    everywhere: an infinite slope in the one not chosen still turns into NaN.

    Parameters
    ----------
    condition : tensor_like of bool
        Of the shape of x and y; of one axis, it chooses whole rows. Alone it may have any dtype.
    x, y : tensor_like of any dtype, optional
        Two tensors of one dtype and one shape, or neither.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the dtype and shape of x and y. Without them the positions at which the condition
        holds, one in each row: int64, of shape [how many, axes of the condition].

    Raises
    ------
    ValueError
        If only one of `x` and `y` is given, or the shapes differ.
    TypeError
        If the dtypes of x and y differ.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.where([True, False], [1.0, 2.0], [10.0, 20.0])))
    ...     print(session.run(tf.where([False, True])))
    [ 1. 20.]
    [[1]]
    """
    if x is None and y is None:
        return _where(condition, name)
    if x is None or y is None:
        raise ValueError("x and y must both be non-None or both be None.")
    return _select(condition, x, y, name)
