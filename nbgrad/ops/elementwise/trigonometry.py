"""Angles and hyperbolas: sin, tanh and their relatives, and their inverses."""

from __future__ import annotations

import numpy as np

from nbgrad.ops.define import elementwise
from nbgrad.ops.elementwise.arithmetic import (
    add,
    divide,
    multiply,
    negative,
    reciprocal,
    square,
    subtract,
)
from nbgrad.ops.elementwise.powers import rsqrt
from nbgrad.registry import RegisterGradient


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
