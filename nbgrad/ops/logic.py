"""Comparisons, logic, and the choice between two tensors, which alone lets a gradient through."""

import functools
from typing import Any

import numpy as np

from nbgrad.core.errors import ShapeError, invalid
from nbgrad.core.graph import Tensor
from nbgrad.core.registry import RegisterGradient
from nbgrad.core.shapes import brackets, merge_shapes
from nbgrad.core.traits import Binds
from nbgrad.ops.define import elementwise, operation
from nbgrad.ops.sources import zeros_like

#: The decorator for an operation whose result is true or false.
_truth = functools.partial(elementwise, binds=Binds.SUM, differentiable=False)


@_truth("Less", "<", "{x} < {y}", dtypes="R,R->bool")
def less(x, y):
    """Whether each x is below y, z = (x < y).

    >>> print(tf.Session().run(tf.less([1.0, 2.0], 2.0)))
    [ True False]
    """
    return x < y


@_truth("LessEqual", "≤", "{x} ≤ {y}", dtypes="R,R->bool")
def less_equal(x, y):
    """Whether each x is y or below it, z = (x ≤ y).

    >>> print(tf.Session().run(tf.less_equal([1.0, 2.0, 3.0], 2.0)))
    [ True  True False]
    """
    return x <= y


@_truth("Greater", ">", "{x} > {y}", dtypes="R,R->bool")
def greater(x, y):
    """Whether each x is above y, z = (x > y).

    >>> print(tf.Session().run(tf.greater([1.0, 2.0, 3.0], 2.0)))
    [False False  True]
    """
    return x > y


@_truth("GreaterEqual", "≥", "{x} ≥ {y}", dtypes="R,R->bool")
def greater_equal(x, y):
    """Whether each x is y or above it, z = (x ≥ y).

    >>> print(tf.Session().run(tf.greater_equal([1.0, 2.0, 3.0], 2.0)))
    [False  True  True]
    """
    return x >= y


@_truth("Equal", "=", "{x} = {y}", dtypes="T,T->bool")
def equal(x, y):
    """Whether each x is the same as y, z = (x = y), while `==` compares the tensors themselves.

    >>> print(tf.Session().run(tf.equal([1.0, 2.0], 2.0)))
    [False  True]
    """
    return x == y


@_truth("NotEqual", "≠", "{x} ≠ {y}", dtypes="T,T->bool")
def not_equal(x, y):
    """Whether each x is not the same as y, z = (x ≠ y).

    >>> print(tf.Session().run(tf.not_equal([1.0, 2.0], 2.0)))
    [ True False]
    """
    return x != y


@_truth("LogicalAnd", "∧", "{x} ∧ {y}", dtypes="bool,bool->bool")
def logical_and(x, y):
    """Whether x and y are both true, z = x ∧ y.

    >>> print(tf.Session().run(tf.logical_and([True, False], True)))
    [ True False]
    """
    return np.logical_and(x, y)


@_truth("LogicalOr", "∨", "{x} ∨ {y}", dtypes="bool,bool->bool")
def logical_or(x, y):
    """Whether x or y is true, or both, z = x ∨ y.

    >>> print(tf.Session().run(tf.logical_or([True, False], False)))
    [ True False]
    """
    return np.logical_or(x, y)


@_truth("LogicalNot", "¬", "¬{x}", dtypes="bool->bool")
def logical_not(x):
    """Whether x is false, z = ¬x.

    >>> print(tf.Session().run(tf.logical_not([True, False])))
    [False  True]
    """
    return np.logical_not(x)


@_truth("LogicalXor", "⊻", "{x} ⊻ {y}", dtypes="bool,bool->bool")
def logical_xor(x, y):
    """Whether either x or y is true, and not both, z = x ⊻ y.

    >>> print(tf.Session().run(tf.logical_xor([True, False], True)))
    [False  True]
    """
    return np.logical_xor(x, y)


@elementwise("IsNan", "nan?", dtypes="F->bool", differentiable=False)
def is_nan(x):
    """Whether each x is NaN, which is no number.

    >>> print(tf.Session().run(tf.is_nan([1.0, float("nan")])))
    [False  True]
    """
    return np.isnan(x)


@elementwise("IsInf", "∞?", dtypes="F->bool", differentiable=False)
def is_inf(x):
    """Whether each x is infinite, z = (|x| = ∞).

    >>> print(tf.Session().run(tf.is_inf([1.0, float("-inf")])))
    [False  True]
    """
    return np.isinf(x)


@elementwise("IsFinite", "finite?", dtypes="F->bool", differentiable=False)
def is_finite(x):
    """Whether each x is a number, and not infinite, z = (|x| < ∞).

    >>> print(tf.Session().run(tf.is_finite([1.0, float("inf"), float("nan")])))
    [ True False False]
    """
    return np.isfinite(x)


def _select_shape(condition, x, y):
    if x is not None and y is not None and len(x) != len(y):
        raise ShapeError(f"Shapes must be equal rank, but are {len(x)} and {len(y)}")
    branches = merge_shapes(x, y)
    if condition is None or len(condition) == 0:
        return branches
    if branches is None:
        return None if len(condition) == 1 else condition  # one axis may choose whole rows
    return branches if len(condition) == 1 != len(branches) else merge_shapes(branches, condition)


@operation("Select", "?", "where({condition}, {x}, {y})", dtypes="bool,T,T->T", shape=_select_shape)
def _select(condition, x, y):
    """z = x where the condition is true, y elsewhere; a condition of one axis chooses whole rows"""
    if np.shape(x) != np.shape(y):
        sizes = f"{brackets(np.shape(x))} vs. {brackets(np.shape(y))}"
        raise invalid(f"'then' and 'else' must have the same size.  but received: {sizes}")
    rows = np.ndim(condition) == 1 < np.ndim(x)
    if np.ndim(condition) and np.shape(condition) != np.shape(x)[: 1 if rows else None]:
        raise invalid(
            "Inputs to operation Select of type Select must have the same size and shape.  "
            f"Input 0: {brackets(np.shape(condition))} != input 1: {brackets(np.shape(x))}"
        )
    chosen = np.reshape(condition, (-1,) + (1,) * (np.ndim(x) - 1)) if rows else condition
    return np.where(chosen, x, y)


@RegisterGradient("Select")
def _select_grad(op, dz):
    condition = op.inputs[0]
    nothing = zeros_like(dz)
    return None, _select(condition, dz, nothing), _select(condition, nothing, dz)


@operation(
    "Where",
    "where",
    dtypes="A->int64",
    shape=lambda condition: (None, None if condition is None else len(condition)),
    differentiable=False,
)
def _where(condition):
    """z = the positions at which the condition holds, one in each row"""
    return np.argwhere(condition)


def where(condition: Any, x: Any = None, y: Any = None, name: str | None = None) -> Tensor:
    """The elements of x where a condition is true, those of y elsewhere; or where it is true.

    Both x and y are computed everywhere: an infinite slope in the one not chosen makes NaN.

    >>> print(tf.Session().run(tf.where([True, False], [1.0, 2.0], [10.0, 20.0])))
    [ 1. 20.]
    >>> print(tf.Session().run(tf.where([False, True])))
    [[1]]
    """
    if x is None and y is None:
        return _where(condition, name)
    if x is None or y is None:
        raise ValueError("x and y must both be non-None or both be None.")
    return _select(condition, x, y, name)
