"""Other divisions: rounded quotients, remainders, and quotients with 0 in place of NaN."""

from __future__ import annotations

import numpy as np

from nbgrad.core.errors import invalid
from nbgrad.core.registry import Binds, RegisterGradient
from nbgrad.ops.arithmetic import multiply, negative, square
from nbgrad.ops.copying import cast
from nbgrad.ops.define import elementwise
from nbgrad.ops.logic import not_equal


@elementwise(
    "FloorDiv",
    dtypes="R,R->R",
    symbol="//",
    text="⌊{x} / {y}⌋",
    latex=r"\left\lfloor\frac{{{x}}}{{{y}}}\right\rfloor",
    differentiable=False,
)
def floor_div(x, y):
    """The quotient rounded down, element by element, z = ⌊x / y⌋; no gradient passes.

    >>> print(tf.Session().run(tf.floor_div([7.0, -7.0], 2.0)))
    [ 3. -4.]
    """
    return np.floor_divide(x, divisor(y))


@elementwise("FloorMod", dtypes="R,R->R", symbol="mod", text="{x} mod {y}", binds=Binds.PRODUCT)
def floormod(x, y):
    """The remainder of a division rounded down, z = x − ⌊x / y⌋ · y, with the sign of y.

    >>> print(tf.Session().run(tf.floormod([7.0, -7.0], 3.0)))
    [1. 2.]
    """
    return np.mod(x, divisor(y))


@RegisterGradient("FloorMod")
def _floormod_grad(op, dz):
    x, y = op.inputs
    return dz, multiply(dz, negative(floor_div(x, y)))


@elementwise("TruncateDiv", dtypes="R,R->R", symbol="÷", differentiable=False)
def truncatediv(x, y):
    """The quotient z = x / y, of integers without its decimals; no gradient passes.

    >>> print(tf.Session().run(tf.truncatediv([7, -7], 2)))
    [ 3 -3]
    """
    quotient, dtype = np.divide(x, divisor(y)), np.result_type(x, y)
    return (np.trunc(quotient) if dtype.kind in "iu" else quotient).astype(dtype)


@elementwise("TruncateMod", dtypes="R,R->R", symbol="fmod")
def truncatemod(x, y):
    """The remainder of a division rounded towards 0, with the sign of x; no gradient rule.

    >>> print(tf.Session().run(tf.truncatemod([7, -7], 3)))
    [ 1 -1]
    """
    return np.fmod(x, divisor(y))


def divisor(y):
    """The divisor, refused where an integer is 0: integers have no infinity for a result."""
    if np.asarray(y).dtype.kind in "iu" and not np.all(y):
        raise invalid("Integer division by zero")
    return y


# Zero wins over infinity and NaN


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

    >>> print(tf.Session().run(tf.div_no_nan([1.0, 1.0], [2.0, 0.0])))
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
    binds=Binds.PRODUCT,
    neutral={"x": 1, "y": 1},
)
def multiply_no_nan(x, y):
    """The product of two tensors, element by element, z = x · y, but 0 where y = 0, whatever x is.

    >>> print(tf.Session().run(tf.math.multiply_no_nan([2.0, float("inf")], [3.0, 0.0])))
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

    >>> print(tf.Session().run(tf.math.xlogy([0.0, 2.0], [0.0, 1.0])))
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

    >>> print(tf.Session().run(tf.math.xdivy([0.0, 2.0], [0.0, 4.0])))
    [0.  0.5]
    """
    return np.where(x == 0, 0, x / y).astype(np.result_type(x, y), copy=False)


@RegisterGradient("Xdivy")
def _xdivy_grad(op, dz):
    x, y = op.inputs
    return (multiply(dz, xdivy(one_unless_zero(x), y)), multiply(dz, xdivy(negative(x), square(y))))


def one_unless_zero(x):
    """1 where x ≠ 0 and 0 where it is, so that a masked element has no slope either."""
    return cast(not_equal(x, 0), x.dtype)
