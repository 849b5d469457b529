"""Powers, roots, exponentials and logarithms."""

from __future__ import annotations

import math

import numpy as np

from nbgrad.core.errors import InvalidArgumentError
from nbgrad.core.registry import Binds, RegisterGradient
from nbgrad.core.shapes import is_known
from nbgrad.ops.arithmetic import add, divide, multiply, negative, reciprocal, square, subtract
from nbgrad.ops.copying import zeros_like
from nbgrad.ops.define import elementwise
from nbgrad.ops.logic import greater, where
from nbgrad.tf1.export import name_of


@elementwise(
    "Pow",
    symbol="xʸ",
    text="{x}^{y}",
    latex="{x}^{{{y}}}",
    binds=Binds.POWER,
    neutral={"y": 1},
)
def pow(x, y):
    """The power of every element, z = xʸ.

    No slope leads to y where x ≤ 0: there the power is defined for single y only.

    Raises
    ------
    InvalidArgumentError
        In a run, for an integer to the power of a negative one.

    >>> tf.pow([2.0, 3.0], [3.0, 2.0])
    [8. 9.]
    """
    try:
        return np.power(x, y)
    except ValueError as error:
        if "negative" not in str(error):
            raise
        sentence = "Integers to negative integer powers are not allowed"
        raise InvalidArgumentError(None, None, sentence) from None


@RegisterGradient("Pow")
def _pow_grad(op, dz):
    x, y = op.inputs
    z = op.outputs[0]
    # Where x ≤ 0 the power is defined for single values of y only: no slope along y.
    log_x = where(greater(x, 0), log(x), zeros_like(x))
    return multiply(multiply(dz, y), pow(x, subtract(y, 1))), multiply(multiply(dz, z), log_x)


@elementwise("Sqrt", dtypes="F->F", symbol="√", text="√{x}", latex=r"\sqrt{{{x}}}")
def sqrt(x):
    """The square root of every element, z = √x.

    >>> tf.sqrt([4.0, -1.0])
    [ 2. nan]
    """
    return np.sqrt(x)


@RegisterGradient("Sqrt")
def _sqrt_grad(op, dz):
    z = op.outputs[0]
    return quotient_or_zero(dz, multiply(2, z))


@elementwise(
    "Rsqrt", dtypes="F->F", symbol="1/√", text="1/√{x}", latex=r"\frac{{1}}{{\sqrt{{{x}}}}}"
)
def rsqrt(x):
    """One divided by the square root of every element, z = 1 / √x.

    >>> tf.rsqrt([4.0, 0.0])
    [0.5 inf]
    """
    return 1 / np.sqrt(x)


@RegisterGradient("Rsqrt")
def _rsqrt_grad(op, dz):
    z = op.outputs[0]
    return quotient_or_zero(dz, divide(-2, multiply(z, multiply(z, z))))


def _quotient_node(op, write):
    """RealDiv, and Select puts zeros where the numerator is zero."""
    (x, y), z = op.inputs, op.outputs[0]
    if not is_known(z.static_shape) or x.static_shape != z.static_shape:
        write.refuse(op)
    quotient = write.helper(op, "RealDiv", "RealDiv", [name_of(x), name_of(y)], T=x.dtype)
    zeros = write.helper(op, "zeros", "ZerosLike", [name_of(x)], T=x.dtype)
    nothing = write.helper(op, "Equal", "Equal", [name_of(x), zeros], T=x.dtype)
    write.node(op, "Select", [nothing, zeros, quotient], T=x.dtype)


@elementwise(
    "QuotientOrZero",
    node=_quotient_node,
    symbol="÷",
    text="{x} / {y}",
    latex=r"\frac{{{x}}}{{{y}}}",
    binds=Binds.PRODUCT,
    neutral={"y": 1},
)
def quotient_or_zero(x, y):
    """z = x / y, but 0 wherever x is 0: a gradient that did not arrive must not leave as NaN"""
    return np.where(x == 0, 0, x / y).astype(np.result_type(x, y), copy=False)


@RegisterGradient("QuotientOrZero")
def _quotient_or_zero_grad(op, dz):
    x, y = op.inputs
    return quotient_or_zero(dz, y), multiply(dz, quotient_or_zero(negative(divide(x, y)), y))


@elementwise("Exp", dtypes="F->F", symbol="exp", latex=r"e^{{{x}}}")
def exp(x):
    """The exponential of every element, z = eˣ.

    >>> tf.exp(1.0)
    2.7183
    """
    return np.exp(x)


@RegisterGradient("Exp")
def _exp_grad(op, dz):
    return multiply(dz, op.outputs[0])


@elementwise("Expm1", dtypes="F->F", symbol="expm1")
def expm1(x):
    """The exponential of every element less one, z = eˣ − 1, exact also where x is tiny.

    >>> tf.expm1(1e-10)
    1e-10
    """
    return np.expm1(x)


@RegisterGradient("Expm1")
def _expm1_grad(op, dz):
    return multiply(dz, exp(op.inputs[0]))


@elementwise("Log", dtypes="F->F", symbol="log", latex=r"\log\left({x}\right)")
def log(x):
    """The natural logarithm of every element, z = log x.

    >>> tf.log([1.0, 0.0])
    [  0. -inf]
    """
    return np.log(x)


@RegisterGradient("Log")
def _log_grad(op, dz):
    return divide(dz, op.inputs[0])


@elementwise("Log1p", dtypes="F->F", symbol="log1p")
def log1p(x):
    """The natural logarithm of one and every element, z = log(1 + x), exact also where x is tiny.

    >>> tf.log1p(1e-10)
    1e-10
    """
    return np.log1p(x)


@RegisterGradient("Log1p")
def _log1p_grad(op, dz):
    return divide(dz, add(1, op.inputs[0]))


def _function(op_type, symbol, **options):
    """An element-wise function of one variable, written "tan(x)"."""
    options.setdefault("latex", rf"\operatorname{{{{{symbol}}}}}\left({{x}}\right)")
    return elementwise(op_type, dtypes="F->F", symbol=symbol, **options)


@_function("Sin", "sin", latex=r"\sin\left({x}\right)")
def sin(x):
    """The sine of every element, z = sin x, for x in radians.

    >>> tf.sin(1.0)
    0.8415
    """
    return np.sin(x)


@RegisterGradient("Sin")
def _sin_grad(op, dz):
    return multiply(dz, cos(op.inputs[0]))


@_function("Cos", "cos", latex=r"\cos\left({x}\right)")
def cos(x):
    """The cosine of every element, z = cos x, for x in radians.

    >>> tf.cos(1.0)
    0.5403
    """
    return np.cos(x)


@RegisterGradient("Cos")
def _cos_grad(op, dz):
    return multiply(dz, negative(sin(op.inputs[0])))


@_function("Tan", "tan", latex=r"\tan\left({x}\right)")
def tan(x):
    """The tangent of every element, z = tan x = sin x / cos x, for x in radians.

    >>> tf.tan(1.0)
    1.5574
    """
    return np.tan(x)


@RegisterGradient("Tan")
def _tan_grad(op, dz):
    return multiply(dz, square(reciprocal(cos(op.inputs[0]))))


@_function("Asin", "asin", latex=r"\arcsin\left({x}\right)")
def asin(x):
    """The angle whose sine is x, z = arcsin x, in radians between −π/2 and π/2.

    >>> tf.asin(0.5)
    0.5236
    """
    return np.arcsin(x)


@RegisterGradient("Asin")
def _asin_grad(op, dz):
    x = op.inputs[0]
    return multiply(dz, rsqrt(subtract(1, square(x))))


@_function("Acos", "acos", latex=r"\arccos\left({x}\right)")
def acos(x):
    """The angle whose cosine is x, z = arccos x, in radians between 0 and π.

    >>> tf.acos(-1.0)
    3.1416
    """
    return np.arccos(x)


@RegisterGradient("Acos")
def _acos_grad(op, dz):
    x = op.inputs[0]
    return multiply(dz, negative(rsqrt(subtract(1, square(x)))))


@_function("Atan", "atan", latex=r"\arctan\left({x}\right)")
def atan(x):
    """The angle whose tangent is x, z = arctan x, in radians between −π/2 and π/2.

    >>> tf.atan(1.0)
    0.7854
    """
    return np.arctan(x)


@RegisterGradient("Atan")
def _atan_grad(op, dz):
    x = op.inputs[0]
    return multiply(dz, reciprocal(add(1, square(x))))


@elementwise("Atan2", dtypes="F,F->F", symbol="atan2")
def atan2(y, x):
    """The angle of the point (x, y), in radians between −π and π; z = arctan(y / x) where x > 0.

    The vertical coordinate y comes first. At (0, 0) the gradient is NaN.

    >>> tf.atan2(1.0, -1.0)
    2.3562
    """
    return np.arctan2(y, x)


@RegisterGradient("Atan2")
def _atan2_grad(op, dz):
    y, x = op.inputs
    scaled = divide(dz, add(square(x), square(y)))
    return multiply(x, scaled), multiply(negative(y), scaled)


@_function("Sinh", "sinh", latex=r"\sinh\left({x}\right)")
def sinh(x):
    """The hyperbolic sine of every element, z = (eˣ − e⁻ˣ) / 2.

    >>> tf.sinh(1.0)
    1.1752
    """
    return np.sinh(x)


@RegisterGradient("Sinh")
def _sinh_grad(op, dz):
    return multiply(dz, cosh(op.inputs[0]))


@_function("Cosh", "cosh", latex=r"\cosh\left({x}\right)")
def cosh(x):
    """The hyperbolic cosine of every element, z = (eˣ + e⁻ˣ) / 2.

    >>> tf.cosh(1.0)
    1.5431
    """
    return np.cosh(x)


@RegisterGradient("Cosh")
def _cosh_grad(op, dz):
    return multiply(dz, sinh(op.inputs[0]))


@_function("Tanh", "tanh", latex=r"\tanh\left({x}\right)")
def tanh(x):
    """The hyperbolic tangent of every element, z = sinh x / cosh x, between −1 and 1.

    >>> tf.tanh(1.0)
    0.7616
    """
    return np.tanh(x)


@RegisterGradient("Tanh")
def _tanh_grad(op, dz):
    z = op.outputs[0]
    return multiply(dz, subtract(1, square(z)))


@_function("Asinh", "asinh")
def asinh(x):
    """The number whose hyperbolic sine is x, z = log(x + √(x² + 1)).

    >>> tf.asinh(1.0)
    0.8814
    """
    return np.arcsinh(x)


@RegisterGradient("Asinh")
def _asinh_grad(op, dz):
    z = op.outputs[0]
    return multiply(dz, reciprocal(cosh(z)))


@_function("Acosh", "acosh")
def acosh(x):
    """The positive number whose hyperbolic cosine is x, z = log(x + √(x² − 1)).

    >>> tf.acosh(2.0)
    1.3170
    """
    return np.arccosh(x)


@RegisterGradient("Acosh")
def _acosh_grad(op, dz):
    z = op.outputs[0]
    return multiply(dz, reciprocal(sinh(z)))


@_function("Atanh", "atanh")
def atanh(x):
    """The number whose hyperbolic tangent is x, z = ½ log((1 + x) / (1 − x)).

    >>> tf.atanh(0.5)
    0.5493
    """
    return np.arctanh(x)


@RegisterGradient("Atanh")
def _atanh_grad(op, dz):
    x = op.inputs[0]
    return multiply(dz, reciprocal(subtract(1, square(x))))


_erf = np.frompyfunc(math.erf, 1, 1)


_erfc = np.frompyfunc(math.erfc, 1, 1)


@_function("Erf", "erf")
def erf(x):
    """The error function of every element, z = 2/√π ∫₀ˣ e^(−t²) dt, between −1 and 1.

    >>> tf.erf(1.0)
    0.8427
    """
    return np.asarray(_erf(x)).astype(x.dtype)[()]


@RegisterGradient("Erf")
def _erf_grad(op, dz):
    return multiply(dz, gaussian(op.inputs[0]))


@_function("Erfc", "erfc")
def erfc(x):
    """What the error function lacks to 1, z = 1 − erf x, exact also where x is large.

    >>> tf.erfc(5.0)
    1.5375e-12
    """
    return np.asarray(_erfc(x)).astype(x.dtype)[()]


@RegisterGradient("Erfc")
def _erfc_grad(op, dz):
    return multiply(dz, negative(gaussian(op.inputs[0])))


def gaussian(x):
    """2/√π e^(−x²), the slope of erf."""
    return multiply(2 / math.sqrt(math.pi), exp(negative(square(x))))
