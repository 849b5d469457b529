"""Angles and hyperbolas: sin, tanh and their relatives, their inverses, and erf."""

from __future__ import annotations

import math

import numpy as np

from nbgrad.ops.define import elementwise
from nbgrad.ops.elementwise import (
    add,
    divide,
    multiply,
    negative,
    reciprocal,
    square,
    subtract,
)
from nbgrad.ops.powers import exp, rsqrt
from nbgrad.registry import RegisterGradient


def _function(op_type, symbol, **options):
    """An element-wise function of one variable, written "tan(x)"."""
    options.setdefault("latex", rf"\operatorname{{{{{symbol}}}}}\left({{x}}\right)")
    return elementwise(op_type, dtypes="F->F", symbol=symbol, **options)


@_function("Sin", "sin", latex=r"\sin\left({x}\right)")
def sin(x):
    """z = sin x, x in radians"""
    return np.sin(x)


@RegisterGradient("Sin")
def _sin_grad(op, dz):
    return multiply(dz, cos(op.inputs[0]))


@_function("Cos", "cos", latex=r"\cos\left({x}\right)")
def cos(x):
    """z = cos x, x in radians"""
    return np.cos(x)


@RegisterGradient("Cos")
def _cos_grad(op, dz):
    return multiply(dz, negative(sin(op.inputs[0])))


@_function("Tan", "tan", latex=r"\tan\left({x}\right)")
def tan(x):
    """z = tan x, x in radians"""
    return np.tan(x)


@RegisterGradient("Tan")
def _tan_grad(op, dz):
    return multiply(dz, square(reciprocal(cos(op.inputs[0]))))


@_function("Asin", "asin", latex=r"\arcsin\left({x}\right)")
def asin(x):
    """z = the angle between −π/2 and π/2 whose sine is x"""
    return np.arcsin(x)


@RegisterGradient("Asin")
def _asin_grad(op, dz):
    x = op.inputs[0]
    return multiply(dz, rsqrt(subtract(1, square(x))))


@_function("Acos", "acos", latex=r"\arccos\left({x}\right)")
def acos(x):
    """z = the angle between 0 and π whose cosine is x"""
    return np.arccos(x)


@RegisterGradient("Acos")
def _acos_grad(op, dz):
    x = op.inputs[0]
    return multiply(dz, negative(rsqrt(subtract(1, square(x)))))


@_function("Atan", "atan", latex=r"\arctan\left({x}\right)")
def atan(x):
    """z = the angle between −π/2 and π/2 whose tangent is x"""
    return np.arctan(x)


@RegisterGradient("Atan")
def _atan_grad(op, dz):
    x = op.inputs[0]
    return multiply(dz, reciprocal(add(1, square(x))))


@elementwise("Atan2", dtypes="F,F->F", symbol="atan2")
def atan2(y, x):
    """z = the angle of the point (x, y), between −π and π"""
    return np.arctan2(y, x)


@RegisterGradient("Atan2")
def _atan2_grad(op, dz):
    y, x = op.inputs
    scaled = divide(dz, add(square(x), square(y)))
    return multiply(x, scaled), multiply(negative(y), scaled)


@_function("Sinh", "sinh", latex=r"\sinh\left({x}\right)")
def sinh(x):
    """z = (eˣ − e⁻ˣ) / 2"""
    return np.sinh(x)


@RegisterGradient("Sinh")
def _sinh_grad(op, dz):
    return multiply(dz, cosh(op.inputs[0]))


@_function("Cosh", "cosh", latex=r"\cosh\left({x}\right)")
def cosh(x):
    """z = (eˣ + e⁻ˣ) / 2"""
    return np.cosh(x)


@RegisterGradient("Cosh")
def _cosh_grad(op, dz):
    return multiply(dz, sinh(op.inputs[0]))


@_function("Tanh", "tanh", latex=r"\tanh\left({x}\right)")
def tanh(x):
    """z = sinh x / cosh x"""
    return np.tanh(x)


@RegisterGradient("Tanh")
def _tanh_grad(op, dz):
    z = op.outputs[0]
    return multiply(dz, subtract(1, square(z)))


@_function("Asinh", "asinh")
def asinh(x):
    """z = the number whose sinh is x"""
    return np.arcsinh(x)


@RegisterGradient("Asinh")
def _asinh_grad(op, dz):
    z = op.outputs[0]
    return multiply(dz, reciprocal(cosh(z)))


@_function("Acosh", "acosh")
def acosh(x):
    """z = the positive number whose cosh is x"""
    return np.arccosh(x)


@RegisterGradient("Acosh")
def _acosh_grad(op, dz):
    z = op.outputs[0]
    return multiply(dz, reciprocal(sinh(z)))


@_function("Atanh", "atanh")
def atanh(x):
    """z = the number whose tanh is x"""
    return np.arctanh(x)


@RegisterGradient("Atanh")
def _atanh_grad(op, dz):
    x = op.inputs[0]
    return multiply(dz, reciprocal(subtract(1, square(x))))


_erf = np.frompyfunc(math.erf, 1, 1)
_erfc = np.frompyfunc(math.erfc, 1, 1)


@_function("Erf", "erf")
def erf(x):
    """z = 2/√π ∫₀ˣ e^(−t²) dt, the error function"""
    return np.asarray(_erf(x)).astype(x.dtype)[()]


@RegisterGradient("Erf")
def _erf_grad(op, dz):
    return multiply(dz, bell(op.inputs[0]))


@_function("Erfc", "erfc")
def erfc(x):
    """z = 1 − erf x, exact also where x is large"""
    return np.asarray(_erfc(x)).astype(x.dtype)[()]


@RegisterGradient("Erfc")
def _erfc_grad(op, dz):
    return multiply(dz, negative(bell(op.inputs[0])))


def bell(x):
    """2/√π · e^(−x²), the slope of erf."""
    return multiply(2 / math.sqrt(math.pi), exp(negative(square(x))))
