"""Functions of one number, real or complex: powers, exponentials, sines, parts of complex numbers.

The gradient of a real y with respect to z = a + bi is ∂y/∂a + i ∂y/∂b, which points uphill in the
plane. Rules are written for the derivative itself; `nbgrad.core.reverse` conjugates around them.
"""

import functools
import math
from typing import Any

import numpy as np

from nbgrad.core.dtypes import complex64, complex128, float32
from nbgrad.core.errors import invalid
from nbgrad.core.graph import Tensor, graph_of
from nbgrad.core.operands import as_tensor
from nbgrad.core.registry import RegisterGradient
from nbgrad.core.traits import Binds
from nbgrad.ops.arithmetic import add, divide, multiply, negative, reciprocal, square, subtract
from nbgrad.ops.define import elementwise
from nbgrad.ops.logic import greater, where
from nbgrad.ops.piecewise import div_no_nan, multiply_no_nan
from nbgrad.ops.sources import zeros_like


@elementwise("Pow", "xʸ", "{x}^{y}", binds=Binds.POWER, neutral={"y": 1})
def pow(x, y):
    """The power of every element, z = xʸ; no gradient reaches y where x ≤ 0.

    >>> print(tf.Session().run(tf.pow([2.0, 3.0], [3.0, 2.0])))
    [8. 9.]
    """
    try:
        return np.power(x, y)
    except ValueError:
        raise invalid("Integers to negative integer powers are not allowed") from None


@RegisterGradient("Pow")
def _pow_grad(op, dz):
    (x, y), z = op.inputs, op.outputs[0]
    # Where x ≤ 0 the power is defined for single values of y only: no slope along y.
    log_x = where(greater(x, 0), log(x), zeros_like(x))
    return multiply(multiply(dz, y), pow(x, subtract(y, 1))), multiply(multiply(dz, z), log_x)


@elementwise("Sqrt", "√", "√{x}", r"\sqrt{{{x}}}", dtypes="F->F")
def sqrt(x):
    """The square root of every element, z = √x.

    >>> print(tf.Session().run(tf.sqrt([4.0, -1.0])))
    [ 2. nan]
    """
    return np.sqrt(x)


@RegisterGradient("Sqrt")
def _sqrt_grad(op, dz):
    z = op.outputs[0]
    # Where no gradient arrives none leaves, also where the slope is infinite.
    return multiply_no_nan(divide(1, multiply(2, z)), dz)


@elementwise("Rsqrt", "1/√", "1/√{x}", r"\frac{{1}}{{\sqrt{{{x}}}}}", dtypes="F->F")
def rsqrt(x):
    """One divided by the square root of every element, z = 1 / √x.

    >>> print(tf.Session().run(tf.rsqrt([4.0, 0.0])))
    [0.5 inf]
    """
    return 1 / np.sqrt(x)


@RegisterGradient("Rsqrt")
def _rsqrt_grad(op, dz):
    z = op.outputs[0]
    return multiply_no_nan(multiply(-0.5, multiply(z, multiply(z, z))), dz)


def _function(op_type, rule, latex=""):
    """The decorator for a function of one x, written "tan(x)", with its rule as a formula."""
    latex = latex and rf"{latex}\left({{x}}\right)"
    return elementwise(op_type, dtypes="F->F", rule=rule, latex=latex)


@elementwise("Exp", dtypes="F->F", latex=r"e^{{{x}}}", rule=lambda dz, x, z: multiply(dz, z))
def exp(x):
    """The exponential of every element, z = eˣ.

    >>> print(tf.Session().run(tf.exp(1.0)))
    2.7183
    """
    return np.exp(x)


@_function("Expm1", lambda dz, x, z: multiply(dz, exp(x)))
def expm1(x):
    """The exponential of every element less one, z = eˣ − 1, exact also where x is tiny.

    >>> print(tf.Session().run(tf.expm1(1e-10)))
    1e-10
    """
    return np.expm1(x)


@_function("Log", lambda dz, x, z: divide(dz, x), r"\log")
def log(x):
    """The natural logarithm of every element, z = log x.

    >>> print(tf.Session().run(tf.log([1.0, 0.0])))
    [  0. -inf]
    """
    return np.log(x)


@_function("Log1p", lambda dz, x, z: divide(dz, add(1, x)))
def log1p(x):
    """The natural logarithm of one and every element, z = log(1 + x), exact also where x is tiny.

    >>> print(tf.Session().run(tf.log1p(1e-10)))
    1e-10
    """
    return np.log1p(x)


_erf, _erfc = np.frompyfunc(math.erf, 1, 1), np.frompyfunc(math.erfc, 1, 1)


@_function("Erf", lambda dz, x, z: multiply(dz, gaussian(x)))
def erf(x):
    """The error function of every element, z = 2/√π ∫₀ˣ e^(−t²) dt, between −1 and 1.

    >>> print(tf.Session().run(tf.erf(1.0)))
    0.8427
    """
    return np.asarray(_erf(x)).astype(x.dtype)[()]


@_function("Erfc", lambda dz, x, z: multiply(dz, negative(gaussian(x))))
def erfc(x):
    """The complementary error function, z = 1 − erf x, exact also where x is large.

    >>> print(tf.Session().run(tf.erfc(5.0)))
    1.5375e-12
    """
    return np.asarray(_erfc(x)).astype(x.dtype)[()]


def gaussian(x):
    """The slope of erf, 2/√π e^(−x²)."""
    return multiply(2 / math.sqrt(math.pi), exp(negative(square(x))))


@_function("Sin", lambda dz, x, z: multiply(dz, cos(x)), r"\sin")
def sin(x):
    """The sine of every element, z = sin x, for x in radians.

    >>> print(tf.Session().run(tf.sin(1.0)))
    0.8415
    """
    return np.sin(x)


@_function("Cos", lambda dz, x, z: multiply(dz, negative(sin(x))), r"\cos")
def cos(x):
    """The cosine of every element, z = cos x, for x in radians.

    >>> print(tf.Session().run(tf.cos(1.0)))
    0.5403
    """
    return np.cos(x)


@_function("Tan", lambda dz, x, z: multiply(dz, square(reciprocal(cos(x)))), r"\tan")
def tan(x):
    """The tangent of every element, z = tan x = sin x / cos x, for x in radians.

    >>> print(tf.Session().run(tf.tan(1.0)))
    1.5574
    """
    return np.tan(x)


@_function("Asin", lambda dz, x, z: multiply(dz, rsqrt(subtract(1, square(x)))), r"\arcsin")
def asin(x):
    """The angle whose sine is x, z = arcsin x, in radians between −π/2 and π/2.

    >>> print(tf.Session().run(tf.asin(0.5)))
    0.5236
    """
    return np.arcsin(x)


@_function(
    "Acos", lambda dz, x, z: multiply(dz, negative(rsqrt(subtract(1, square(x))))), r"\arccos"
)
def acos(x):
    """The angle whose cosine is x, z = arccos x, in radians between 0 and π.

    >>> print(tf.Session().run(tf.acos(-1.0)))
    3.1416
    """
    return np.arccos(x)


@_function("Atan", lambda dz, x, z: multiply(dz, reciprocal(add(1, square(x)))), r"\arctan")
def atan(x):
    """The angle whose tangent is x, z = arctan x, in radians between −π/2 and π/2.

    >>> print(tf.Session().run(tf.atan(1.0)))
    0.7854
    """
    return np.arctan(x)


@elementwise("Atan2", dtypes="F,F->F")
def atan2(y, x):
    """The angle of the point (x, y), in radians between −π and π; z = arctan(y / x) where x > 0.

    >>> print(tf.Session().run(tf.atan2(1.0, -1.0)))
    2.3562
    """
    return np.arctan2(y, x)


@RegisterGradient("Atan2")
def _atan2_grad(op, dz):
    y, x = op.inputs
    scaled = divide(dz, add(square(x), square(y)))
    return multiply(x, scaled), multiply(negative(y), scaled)


@_function("Sinh", lambda dz, x, z: multiply(dz, cosh(x)), r"\sinh")
def sinh(x):
    """The hyperbolic sine of every element, z = (eˣ − e⁻ˣ) / 2.

    >>> print(tf.Session().run(tf.sinh(1.0)))
    1.1752
    """
    return np.sinh(x)


@_function("Cosh", lambda dz, x, z: multiply(dz, sinh(x)), r"\cosh")
def cosh(x):
    """The hyperbolic cosine of every element, z = (eˣ + e⁻ˣ) / 2.

    >>> print(tf.Session().run(tf.cosh(1.0)))
    1.5431
    """
    return np.cosh(x)


@_function("Tanh", lambda dz, x, z: multiply(dz, subtract(1, square(z))), r"\tanh")
def tanh(x):
    """The hyperbolic tangent of every element, z = sinh x / cosh x, between −1 and 1.

    >>> print(tf.Session().run(tf.tanh(1.0)))
    0.7616
    """
    return np.tanh(x)


@_function("Asinh", lambda dz, x, z: multiply(dz, reciprocal(cosh(z))))
def asinh(x):
    """The number whose hyperbolic sine is x, z = log(x + √(x² + 1)).

    >>> print(tf.Session().run(tf.asinh(1.0)))
    0.8814
    """
    return np.arcsinh(x)


@_function("Acosh", lambda dz, x, z: multiply(dz, reciprocal(sinh(z))))
def acosh(x):
    """The positive number whose hyperbolic cosine is x, z = log(x + √(x² − 1)).

    >>> print(tf.Session().run(tf.acosh(2.0)))
    1.3170
    """
    return np.arccosh(x)


@_function("Atanh", lambda dz, x, z: multiply(dz, reciprocal(subtract(1, square(x)))))
def atanh(x):
    """The number whose hyperbolic tangent is x, z = ½ log((1 + x) / (1 − x)).

    >>> print(tf.Session().run(tf.atanh(0.5)))
    0.5493
    """
    return np.arctanh(x)


# Complex numbers and their parts

_part = functools.partial(elementwise, dtypes="T->Tout")


@elementwise("Complex", "a+bi", "{real} + {imag} i", dtypes="T,T->Tout")
def _complex(real, imag, *, Tout):  # noqa: N803 - TensorFlow's name of the attribute
    """z = a + b i"""
    return (real + 1j * imag).astype(Tout.as_numpy_dtype)


@RegisterGradient("Complex")
def _complex_grad(op, dz):
    return real(dz), negative(imag(dz))  # of the conjugate, which is what arrives


def complex_(real: Any, imag: Any, name: str | None = None) -> Tensor:
    """The complex number of a real and an imaginary part, z = a + b i.

    The gradient of a real y with respect to it is ∂y/∂a + i ∂y/∂b.

    >>> print(tf.Session().run(tf.complex([1.0, 2.0], [3.0, -4.0])))
    [1.+3.j 2.-4.j]

    Brandwood, "A Complex Gradient Operator and its Application in Adaptive Array Theory", 1983.
    """
    x = as_tensor(real, graph_of(real, imag), name="real")
    return _complex(x, imag, complex64 if x.dtype is float32 else complex128, name)


@_part("Real", "Re", rule=lambda dz, x, z: complex_(dz, zeros_like(dz)))
def _real(input, *, Tout):  # noqa: N803
    """z = the real part of x"""
    return np.real(input)


def real(input: Any, name: str | None = None) -> Tensor:
    """The real part of every element, z = Re x; a real tensor is returned as it is.

    >>> print(tf.Session().run(tf.real([1.0 + 2.0j])))
    [1.]
    """
    x = as_tensor(input, graph_of(input), name="input")
    return _real(x, x.dtype.real_dtype, name) if x.dtype.is_complex else x


@_part("Imag", "Im", rule=lambda dz, x, z: complex_(zeros_like(dz), dz))
def _imag(input, *, Tout):  # noqa: N803
    """z = the imaginary part of x"""
    return np.imag(input)


def imag(input: Any, name: str | None = None) -> Tensor:
    """The imaginary part of every element, z = Im x; zeros for a real tensor.

    >>> print(tf.Session().run(tf.imag([1.0 + 2.0j])))
    [2.]
    """
    x = as_tensor(input, graph_of(input), name="input")
    return _imag(x, x.dtype.real_dtype, name) if x.dtype.is_complex else zeros_like(x)


@elementwise("Conj", "conj", latex=r"\overline{{{input}}}", rule=lambda dz, x, z: conj(dz))
def _conj(input):
    """z = x̄, the complex conjugate"""
    return np.conj(input)


def conj(x: Any, name: str | None = None) -> Tensor:
    """The complex conjugate of every element, z = x̄; a real tensor is returned as it is.

    >>> print(tf.Session().run(tf.conj([1.0 + 2.0j])))
    [1.-2.j]
    """
    tensor = as_tensor(x, graph_of(x), name="x")
    return _conj(tensor, name) if tensor.dtype.is_complex else tensor


@_part("ComplexAbs", "|x|", "|{x}|", name="Abs")
def _complex_abs(x, *, Tout):  # noqa: N803
    """z = |x|, the distance from 0"""
    return np.abs(x)


@RegisterGradient("ComplexAbs")
def _complex_abs_grad(op, dz):
    x, z = op.inputs[0], op.outputs[0]
    dz, z = (complex_(real, zeros_like(real)) for real in (dz, z))
    return multiply(dz, div_no_nan(x, z))


@_part("Angle", "arg", differentiable=False)
def _angle(input, *, Tout):  # noqa: N803
    """z = the angle of x, between −π and π"""
    return np.angle(input)
