"""Functions in pieces: absolute values, signs, the larger of two, rounding.

Between its kinks such a function is smooth, and its rule is the slope there. At a kink it gives
TensorFlow's answer, one of the slopes that meet: 0 for |x| at 0, and where two numbers tie for the
maximum the first of them takes all.
"""

from __future__ import annotations

import functools

import numpy as np

from nbgrad.core.registry import RegisterGradient
from nbgrad.ops.arithmetic import multiply
from nbgrad.ops.constants import zeros_like
from nbgrad.ops.define import elementwise
from nbgrad.ops.logic import greater_equal, less_equal, where


@elementwise("Abs", dtypes="R->R", symbol="|x|", text="|{x}|", latex=r"\left|{x}\right|")
def abs(x):
    """The absolute value of every element, z = |x|, with slope 0 at the kink.

    >>> print(tf.Session().run(tf.abs([-2.0, 3.0])))
    [2. 3.]
    """
    return np.abs(x)


@RegisterGradient("Abs")
def _abs_grad(op, dz):
    return multiply(dz, sign(op.inputs[0]))


@elementwise("Sign")
def sign(x):
    """The sign of every element, z = −1, 0 or 1, whose slope is 0 everywhere.

    >>> print(tf.Session().run(tf.sign([-2.0, 0.0, 3.0])))
    [-1.  0.  1.]
    """
    return np.sign(x)


@elementwise("Step", dtypes="R->R", symbol="[x>0]", text="[{x} > 0]", latex=r"\left[{x} > 0\right]")
def step(x):
    """z = 1 where x > 0, else 0"""
    return np.greater(x, 0).astype(x.dtype)


@RegisterGradient("Sign")
@RegisterGradient("Step")
def _step_grad(op, dz):
    return zeros_like(op.inputs[0])


@elementwise("Maximum", dtypes="R,R->R", symbol="max")
def maximum(x, y):
    """The larger of two elements, z = max(x, y); where they tie, x takes the gradient.

    >>> print(tf.Session().run(tf.maximum([1.0, 5.0], 3.0)))
    [3. 5.]
    """
    return np.maximum(x, y)


@RegisterGradient("Maximum")
def _maximum_grad(op, dz):
    return to_either(greater_equal(*op.inputs), dz)


@elementwise("Minimum", dtypes="R,R->R", symbol="min")
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


# Rounding


#: The decorator for a function whose steps have no slope.
_rounding = functools.partial(elementwise, dtypes="F->F", differentiable=False)


@_rounding("Floor", symbol="⌊x⌋", text="⌊{x}⌋")
def floor(x):
    """The largest integer that is not above x, z = ⌊x⌋; no gradient passes.

    >>> print(tf.Session().run(tf.floor([1.5, -1.5])))
    [ 1. -2.]
    """
    return np.floor(x)


@_rounding("Ceil", symbol="⌈x⌉", text="⌈{x}⌉")
def ceil(x):
    """The smallest integer that is not below x, z = ⌈x⌉; no gradient passes.

    >>> print(tf.Session().run(tf.ceil([1.5, -1.5])))
    [ 2. -1.]
    """
    return np.ceil(x)


@_rounding("Round", dtypes="N->N", symbol="round")
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
