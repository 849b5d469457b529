"""Comparisons, logic, and the choice between two tensors. None of it has a slope but the choice."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from nbgrad.errors import ShapeError
from nbgrad.graph import Tensor
from nbgrad.ops.arrays import zeros_like
from nbgrad.ops.define import elementwise, operation
from nbgrad.registry import Binds, NotDifferentiable, RegisterGradient
from nbgrad.shapes import merge

_comparison = functools.partial(elementwise, dtypes="R,R->bool", binds=Binds.SUM)
_equality = functools.partial(elementwise, dtypes="T,T->bool", binds=Binds.SUM)
_logical = functools.partial(elementwise, dtypes="bool,bool->bool", binds=Binds.SUM)


@_comparison("Less", symbol="<", text="{x} < {y}")
def less(x, y):
    """z = (x < y)"""
    return x < y


@_comparison("LessEqual", symbol="≤", text="{x} ≤ {y}", latex=r"{x} \le {y}")
def less_equal(x, y):
    """z = (x ≤ y)"""
    return x <= y


@_comparison("Greater", symbol=">", text="{x} > {y}")
def greater(x, y):
    """z = (x > y)"""
    return x > y


@_comparison("GreaterEqual", symbol="≥", text="{x} ≥ {y}", latex=r"{x} \ge {y}")
def greater_equal(x, y):
    """z = (x ≥ y)"""
    return x >= y


@_equality("Equal", symbol="=", text="{x} = {y}")
def equal(x, y):
    """z = (x = y)"""
    return x == y


@_equality("NotEqual", symbol="≠", text="{x} ≠ {y}", latex=r"{x} \ne {y}")
def not_equal(x, y):
    """z = (x ≠ y)"""
    return x != y


@_logical("LogicalAnd", symbol="∧", text="{x} ∧ {y}", latex=r"{x} \land {y}")
def logical_and(x, y):
    """z = x and y"""
    return np.logical_and(x, y)


@_logical("LogicalOr", symbol="∨", text="{x} ∨ {y}", latex=r"{x} \lor {y}")
def logical_or(x, y):
    """z = x or y"""
    return np.logical_or(x, y)


@_logical("LogicalNot", dtypes="bool->bool", symbol="¬", text="¬{x}", latex=r"\lnot {x}")
def logical_not(x):
    """z = not x"""
    return np.logical_not(x)


@_logical("LogicalXor", symbol="⊻", text="{x} ⊻ {y}")
def logical_xor(x, y):
    """z = either x or y, and not both"""
    return np.logical_xor(x, y)


@elementwise("IsNan", dtypes="F->bool", symbol="nan?")
def is_nan(x):
    """z = whether x is not a number"""
    return np.isnan(x)


@elementwise("IsInf", dtypes="F->bool", symbol="∞?")
def is_inf(x):
    """z = whether x is infinite"""
    return np.isinf(x)


@elementwise("IsFinite", dtypes="F->bool", symbol="finite?")
def is_finite(x):
    """z = whether x is a number, and not infinite"""
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
    """z = x where the condition is true, y elsewhere; without x and y, where it is true

    Raises
    ------
    ValueError
        If only one of `x` and `y` is given.
    """
    if x is None and y is None:
        return _where(condition, name)
    if x is None or y is None:
        raise ValueError("x and y must both be non-None or both be None.")
    return _select(condition, x, y, name)
