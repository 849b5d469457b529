"""Comparisons, logic, and the choice between two tensors. None of it has a slope but the choice."""

from __future__ import annotations

import functools

import numpy as np

from nbgrad.errors import ShapeError
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


for _op_type in (
    *("Less", "LessEqual", "Greater", "GreaterEqual", "Equal", "NotEqual"),
    *("LogicalAnd", "LogicalOr", "LogicalNot"),
):
    NotDifferentiable(_op_type)


def _chosen(condition, x, y):
    if x is not None and y is not None and len(x) != len(y):
        raise ShapeError(f"Shapes must be equal rank, but are {len(x)} and {len(y)}")
    branches = merge(x, y)
    by_row = condition is not None and branches and len(condition) == 1 != len(branches)
    return branches if by_row or condition == () else merge(branches, condition)


@operation(
    "Select", dtypes="bool,T,T->T", shape=_chosen, symbol="?", text="where({condition}, {x}, {y})"
)
def where(condition, x, y):
    """z = x where the condition is true, y elsewhere; a condition of one axis chooses whole rows"""
    rows = np.ndim(condition) == 1 < np.ndim(x)
    chosen = np.reshape(condition, (-1,) + (1,) * (np.ndim(x) - 1)) if rows else condition
    return np.where(chosen, x, y)


@RegisterGradient("Select")
def _where_grad(op, dz):
    condition = op.inputs[0]
    nothing = zeros_like(dz)
    return None, where(condition, dz, nothing), where(condition, nothing, dz)
