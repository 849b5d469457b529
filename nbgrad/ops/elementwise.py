"""Element-wise operations, each followed by the rule that sends its gradient back.

In a rule, `dz` is the gradient that has reached the output z. The rule returns one gradient
per input, built from nbgrad operations, so a gradient is itself a graph: it can be drawn,
evaluated, and differentiated again. Rules ignore broadcasting; `gradients` sums each result
back to the shape of its input.
"""

from __future__ import annotations

import numpy as np

from nbgrad.ops.arrays import zeros_like
from nbgrad.ops.define import elementwise
from nbgrad.ops.logic import greater, where
from nbgrad.registry import Binds, RegisterGradient

# Arithmetic ---------------------------------------------------------------------------------


@elementwise(
    "AddV2",
    name="Add",
    symbol="+",
    text="{x} + {y}",
    binds=Binds.SUM,
    neutral={"x": 0, "y": 0},
)
def add(x, y):
    """z = x + y"""
    return x + y


@RegisterGradient("AddV2")
def _add_grad(op, dz):
    return dz, dz


@elementwise(
    "Sub",
    symbol="−",
    text="{x} − {y}",
    latex="{x} - {y}",
    binds=Binds.SUM,
    neutral={"y": 0},
)
def subtract(x, y):
    """z = x − y"""
    return x - y


@RegisterGradient("Sub")
def _subtract_grad(op, dz):
    return dz, negative(dz)


@elementwise(
    "Mul",
    symbol="×",
    text="{x} · {y}",
    latex=r"{x} \cdot {y}",
    binds=Binds.PRODUCT,
    neutral={"x": 1, "y": 1},
)
def multiply(x, y):
    """z = x · y"""
    return x * y


@RegisterGradient("Mul")
def _multiply_grad(op, dz):
    x, y = op.inputs
    return multiply(dz, y), multiply(dz, x)


@elementwise(
    "RealDiv",
    name="truediv",
    symbol="÷",
    text="{x} / {y}",
    latex=r"\frac{{{x}}}{{{y}}}",
    binds=Binds.PRODUCT,
    neutral={"y": 1},
)
def divide(x, y):
    """z = x / y"""
    return x / y


@RegisterGradient("RealDiv")
def _divide_grad(op, dz):
    x, y = op.inputs
    return divide(dz, y), multiply(dz, divide(divide(negative(x), y), y))


@elementwise("Neg", symbol="−", text="−{x}", latex="-{x}", binds=Binds.SIGN)
def negative(x):
    """z = −x"""
    return -x


@RegisterGradient("Neg")
def _negative_grad(op, dz):
    return negative(dz)


@elementwise(
    "Pow",
    name="pow",
    symbol="xʸ",
    text="{x}^{y}",
    latex="{x}^{{{y}}}",
    binds=Binds.POWER,
    neutral={"y": 1},
)
def pow(x, y):
    """z = xʸ"""
    return np.power(x, y)


@RegisterGradient("Pow")
def _pow_grad(op, dz):
    x, y = op.inputs
    z = op.outputs[0]
    # Where x ≤ 0 the power is defined for single values of y only: no slope along y.
    log_x = where(greater(x, 0), log(x), zeros_like(x))
    return multiply(multiply(dz, y), pow(x, subtract(y, 1))), multiply(multiply(dz, z), log_x)


@elementwise("Square", symbol="x²", text="{x}²", latex="{x}^2", binds=Binds.POWER)
def square(x):
    """z = x²"""
    return np.square(x)


@RegisterGradient("Square")
def _square_grad(op, dz):
    x = op.inputs[0]
    return multiply(dz, multiply(2, x))


@elementwise("Sqrt", dtypes="F->F", symbol="√", text="√{x}", latex=r"\sqrt{{{x}}}")
def sqrt(x):
    """z = √x"""
    return np.sqrt(x)


@RegisterGradient("Sqrt")
def _sqrt_grad(op, dz):
    z = op.outputs[0]
    return quotient_or_zero(dz, multiply(2, z))


@elementwise(
    "QuotientOrZero",
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


# Functions ----------------------------------------------------------------------------------


@elementwise("Exp", dtypes="F->F", symbol="exp", latex="e^{{{x}}}")
def exp(x):
    """z = eˣ"""
    return np.exp(x)


@RegisterGradient("Exp")
def _exp_grad(op, dz):
    return multiply(dz, op.outputs[0])


@elementwise("Log", dtypes="F->F", symbol="log", latex=r"\log\left({x}\right)")
def log(x):
    """z = log x, the natural logarithm"""
    return np.log(x)


@RegisterGradient("Log")
def _log_grad(op, dz):
    return divide(dz, op.inputs[0])


@elementwise("Sin", dtypes="F->F", symbol="sin", latex=r"\sin\left({x}\right)")
def sin(x):
    """z = sin x, x in radians"""
    return np.sin(x)


@RegisterGradient("Sin")
def _sin_grad(op, dz):
    return multiply(dz, cos(op.inputs[0]))


@elementwise("Cos", dtypes="F->F", symbol="cos", latex=r"\cos\left({x}\right)")
def cos(x):
    """z = cos x, x in radians"""
    return np.cos(x)


@RegisterGradient("Cos")
def _cos_grad(op, dz):
    return multiply(dz, negative(sin(op.inputs[0])))


@elementwise("Tanh", dtypes="F->F", symbol="tanh", latex=r"\tanh\left({x}\right)")
def tanh(x):
    """z = tanh x"""
    return np.tanh(x)


@RegisterGradient("Tanh")
def _tanh_grad(op, dz):
    z = op.outputs[0]
    return multiply(dz, subtract(1, square(z)))


@elementwise("Sigmoid", dtypes="F->F", symbol="σ", latex=r"\sigma\left({x}\right)")
def sigmoid(x):
    """z = 1 / (1 + e⁻ˣ)"""
    # e^−|x| cannot overflow, whichever the sign of x.
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + small), small / (1 + small)).astype(x.dtype, copy=False)


@RegisterGradient("Sigmoid")
def _sigmoid_grad(op, dz):
    z = op.outputs[0]
    return multiply(dz, multiply(z, subtract(1, z)))
