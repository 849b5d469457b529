"""Functions in pieces: absolute values, the larger of two, rounding, remainders, 0 in place of NaN.

Between its kinks such a function is smooth, and its rule is the slope there. At a kink it gives
TensorFlow's answer, one of the slopes that meet: 0 for |x| at 0, and where two numbers tie for the
maximum the first of them takes all.
"""

import functools

import numpy as np

from nbgrad.core.errors import invalid
from nbgrad.core.registry import RegisterGradient
from nbgrad.core.traits import Binds
from nbgrad.ops.arithmetic import multiply, negative, square
from nbgrad.ops.define import elementwise
from nbgrad.ops.logic import greater_equal, less_equal, not_equal, where
from nbgrad.ops.shaping import cast
from nbgrad.ops.sources import zeros_like


@elementwise("Abs", "|x|", "|{x}|", r"\left|{x}\right|", dtypes="R->R")
def abs(x):
    """The absolute value of every element, z = |x|, with slope 0 at the kink.

    >>> print(tf.Session().run(tf.abs([-2.0, 3.0])))
    [2. 3.]
    """
    return np.abs(x)


@RegisterGradient("Abs")
def _abs_grad(op, dz):
    return multiply(dz, sign(op.inputs[0]))


@elementwise("Sign", rule=lambda dz, x, z: zeros_like(x))
def sign(x):
    """The sign of every element, z = −1, 0 or 1, whose slope is 0 everywhere.

    >>> print(tf.Session().run(tf.sign([-2.0, 0.0, 3.0])))
    [-1.  0.  1.]
    """
    return np.sign(x)


@elementwise("Step", "[x>0]", "[{x} > 0]", r"\left[{x} > 0\right]", dtypes="R->R")
def step(x):
    """z = 1 where x > 0, else 0"""
    return np.greater(x, 0).astype(x.dtype)


@RegisterGradient("Step")
def _step_grad(op, dz):
    return zeros_like(op.inputs[0])


@elementwise("Maximum", "max", dtypes="R,R->R")
def maximum(x, y):
    """The larger of two elements, z = max(x, y); where they tie, x takes the gradient.

    >>> print(tf.Session().run(tf.maximum([1.0, 5.0], 3.0)))
    [3. 5.]
    """
    return np.maximum(x, y)


@RegisterGradient("Maximum")
def _maximum_grad(op, dz):
    return to_either(greater_equal(*op.inputs), dz)


@elementwise("Minimum", "min", dtypes="R,R->R")
def minimum(x, y):
    """The smaller of two elements, z = min(x, y); where they tie, x takes the gradient.

    >>> print(tf.Session().run(tf.minimum([1.0, 5.0], 3.0)))
    [1. 3.]
    """
    return np.minimum(x, y)


@RegisterGradient("Minimum")
def _minimum_grad(op, dz):
    return to_either(less_equal(*op.inputs), dz)


def to_either(to_first, dz):
    """A gradient that goes to the first operand or to the second, element by element."""
    nothing = zeros_like(dz)
    return where(to_first, dz, nothing), where(to_first, nothing, dz)


def lowest(x):
    """The maximum of no elements: the lowest number of the dtype."""
    return -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min


def highest(x):
    """The minimum of no elements: the highest number of the dtype."""
    return np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).max


# Rounding, also of quotients

#: The decorators for functions whose steps have no slope.
_rounding = functools.partial(elementwise, dtypes="F->F", differentiable=False)
_division = functools.partial(elementwise, dtypes="R,R->R")


@_rounding("Floor", "⌊x⌋", "⌊{x}⌋")
def floor(x):
    """The largest integer that is not above x, z = ⌊x⌋; no gradient passes.

    >>> print(tf.Session().run(tf.floor([1.5, -1.5])))
    [ 1. -2.]
    """
    return np.floor(x)


@_rounding("Ceil", "⌈x⌉", "⌈{x}⌉")
def ceil(x):
    """The smallest integer that is not below x, z = ⌈x⌉; no gradient passes.

    >>> print(tf.Session().run(tf.ceil([1.5, -1.5])))
    [ 2. -1.]
    """
    return np.ceil(x)


@_rounding("Round", "round", dtypes="N->N")
def _round(x):
    """z = the nearest integer, the even one where two are as near"""
    return np.round(x)


@_rounding("Rint")
def rint(x):
    """The nearest integer, the even one where two are as near; no gradient passes.

    >>> print(tf.Session().run(tf.rint([0.5, 1.5, 1.6])))
    [0. 2. 2.]
    """
    return np.rint(x)


@_division(
    "FloorDiv",
    "//",
    "⌊{x} / {y}⌋",
    r"\left\lfloor\frac{{{x}}}{{{y}}}\right\rfloor",
    differentiable=False,
)
def floor_div(x, y):
    """The quotient rounded down, element by element, z = ⌊x / y⌋; no gradient passes.

    >>> print(tf.Session().run(tf.floor_div([7.0, -7.0], 2.0)))
    [ 3. -4.]
    """
    # Of floats NumPy's own is exact, ⌊1 / 0.1⌋ = 9; TensorFlow rounds the quotient first, to 10.
    return np.floor_divide(x, divisor(y)) if x.dtype.kind in "iu" else np.floor(np.divide(x, y))


@_division("FloorMod", "mod", "{x} mod {y}", binds=Binds.PRODUCT)
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


@_division("TruncateDiv", "÷", differentiable=False)
def truncatediv(x, y):
    """The quotient z = x / y, of integers without its decimals; no gradient passes.

    >>> print(tf.Session().run(tf.truncatediv([7, -7], 2)))
    [ 3 -3]
    """
    quotient, dtype = np.divide(x, divisor(y)), np.result_type(x, y)
    return (np.trunc(quotient) if dtype.kind in "iu" else quotient).astype(dtype)


@_division("TruncateMod", "fmod")
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

_no_nan = functools.partial(elementwise, dtypes="F,F->F")


@_no_nan(
    "DivNoNan", "÷", "{x} / {y}", r"\frac{{{x}}}{{{y}}}", name="div_no_nan", binds=Binds.PRODUCT
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


@_no_nan(
    "MulNoNan",
    "×",
    "{x} · {y}",
    name="multiply_no_nan",
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


@_no_nan("Xlogy", "x·log y", "{x} · log({y})")
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


@_no_nan("Xdivy", "÷", "{x} / {y}")
def xdivy(x, y):
    """The quotient of two tensors, element by element, z = x / y, but 0 where x = 0.

    >>> print(tf.Session().run(tf.math.xdivy([0.0, 2.0], [0.0, 4.0])))
    [0.  0.5]
    """
    return np.where(x == 0, 0, x / y).astype(np.result_type(x, y), copy=False)


@RegisterGradient("Xdivy")
def _xdivy_grad(op, dz):
    (x, y), one = op.inputs, one_unless_zero(op.inputs[0])
    return multiply(dz, xdivy(one, y)), multiply(dz, xdivy(negative(x), square(y)))


def one_unless_zero(x):
    """1 where x ≠ 0 and 0 where it is, so that a masked element has no slope either."""
    return cast(not_equal(x, 0), x.dtype)
