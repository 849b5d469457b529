"""Powers, roots, exponentials and logarithms."""

from __future__ import annotations

import numpy as np

from nbgrad.errors import InvalidArgumentError
from nbgrad.graph import name_of
from nbgrad.ops.copying.repetition import zeros_like
from nbgrad.ops.define import elementwise
from nbgrad.ops.elementwise.arithmetic import add, divide, multiply, negative, subtract
from nbgrad.ops.elementwise.logic import greater, where
from nbgrad.registry import Binds, RegisterGradient
from nbgrad.shapes import is_known


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
