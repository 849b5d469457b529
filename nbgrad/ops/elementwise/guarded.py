"""Products and quotients that are 0 where the formula would be 0 · ∞ or 0 / 0."""

from __future__ import annotations

import numpy as np

from nbgrad.ops.copying.repetition import cast
from nbgrad.ops.define import elementwise
from nbgrad.ops.elementwise.arithmetic import multiply, negative, square
from nbgrad.ops.elementwise.logic import not_equal
from nbgrad.registry import Binds, RegisterGradient


@elementwise(
    "DivNoNan",
    dtypes="F,F->F",
    name="div_no_nan",
    symbol="÷",
    text="{x} / {y}",
    latex=r"\frac{{{x}}}{{{y}}}",
    binds=Binds.PRODUCT,
)
def div_no_nan(x, y):
    """The quotient of two tensors, element by element, z = x / y, but 0 where y = 0.

    >>> tf.div_no_nan([1.0, 1.0], [2.0, 0.0])
    [0.5 0. ]
    """
    return np.where(y == 0, 0, x / y).astype(np.result_type(x, y), copy=False)


@RegisterGradient("DivNoNan")
def _div_no_nan_grad(op, dz):
    x, y = op.inputs
    return div_no_nan(dz, y), multiply(dz, div_no_nan(div_no_nan(negative(x), y), y))


@elementwise(
    "MulNoNan",
    dtypes="F,F->F",
    name="multiply_no_nan",
    symbol="×",
    text="{x} · {y}",
    latex=r"{x} \cdot {y}",
    binds=Binds.PRODUCT,
)
def multiply_no_nan(x, y):
    """The product of two tensors, element by element, z = x · y, but 0 where y = 0, whatever x is.

    >>> tf.math.multiply_no_nan([2.0, float("inf")], [3.0, 0.0])
    [6. 0.]
    """
    return np.where(y == 0, 0, x * y).astype(np.result_type(x, y), copy=False)


@RegisterGradient("MulNoNan")
def _multiply_no_nan_grad(op, dz):
    x, y = op.inputs
    return multiply_no_nan(dz, y), multiply_no_nan(x, dz)


@elementwise("Xlogy", dtypes="F,F->F", symbol="x·log y", text="{x} · log({y})")
def xlogy(x, y):
    """The product of x and a logarithm, z = x · log y, but 0 where x = 0.

    >>> tf.math.xlogy([0.0, 2.0], [0.0, 1.0])
    [0. 0.]
    """
    return np.where(x == 0, 0, x * np.log(y)).astype(np.result_type(x, y), copy=False)


@RegisterGradient("Xlogy")
def _xlogy_grad(op, dz):
    x, y = op.inputs
    return multiply(dz, xlogy(one_unless_zero(x), y)), multiply(dz, xdivy(x, y))


@elementwise("Xdivy", dtypes="F,F->F", symbol="÷", text="{x} / {y}")
def xdivy(x, y):
    """The quotient of two tensors, element by element, z = x / y, but 0 where x = 0.

    >>> tf.math.xdivy([0.0, 2.0], [0.0, 4.0])
    [0.  0.5]
    """
    return np.where(x == 0, 0, x / y).astype(np.result_type(x, y), copy=False)


@RegisterGradient("Xdivy")
def _xdivy_grad(op, dz):
    x, y = op.inputs
    return (
        multiply(dz, xdivy(one_unless_zero(x), y)),
        multiply(dz, xdivy(negative(x), square(y))),
    )


def one_unless_zero(x):
    """1 where x ≠ 0 and 0 where it is, so that a masked element has no slope either."""
    return cast(not_equal(x, 0), x.dtype)
