"""Arithmetic, element by element: each NumPy function with the rule for its gradient below it.

In a rule, `dz` is the gradient that has reached the output z. The rule returns one gradient per
operand, built from nbgrad operations: a gradient is itself a graph, which can be drawn, run and
differentiated again. `gradients` undoes broadcasting; rules do not mention it.
"""

import functools

import numpy as np

from nbgrad.core.errors import invalid
from nbgrad.core.registry import RegisterGradient
from nbgrad.core.shapes import all_equal, brackets
from nbgrad.core.traits import Binds
from nbgrad.ops.define import elementwise, operation

_sum = functools.partial(
    elementwise, symbol="+", text="{x} + {y}", binds=Binds.SUM, neutral={"x": 0, "y": 0}
)
_product = functools.partial(elementwise, binds=Binds.PRODUCT)


@_sum("Add")
def add(x, y):
    """The sum of two tensors, z = x + y.

    >>> print(tf.Session().run(tf.add([1.0, 2.0], 10.0)))
    [11. 12.]
    """
    return x + y


@_sum("AddV2", name="add")
def _add(x, y):
    """The sum of two tensors, z = x + y, as the operator + builds it."""
    y = for_each_pixel(y, x)
    return x + y


@RegisterGradient("Add")
@RegisterGradient("AddV2")
def _add_grad(op, dz):
    return dz, dz


@elementwise("Sub", "−", "{x} − {y}", binds=Binds.SUM, neutral={"y": 0})
def subtract(x, y):
    """The difference of two tensors, z = x − y.

    >>> print(tf.Session().run(tf.subtract([3.0, 4.0], 1.0)))
    [2. 3.]
    """
    return x - y


@RegisterGradient("Sub")
def _subtract_grad(op, dz):
    return dz, negative(dz)


@_product("Mul", "×", "{x} · {y}", neutral={"x": 1, "y": 1})
def multiply(x, y):
    """The product of two tensors, z = x · y.

    >>> print(tf.Session().run(tf.multiply([1.0, 2.0], [3.0, 4.0])))
    [3. 8.]
    """
    return x * y


@RegisterGradient("Mul")
def _multiply_grad(op, dz):
    x, y = op.inputs
    return multiply(dz, y), multiply(dz, x)


@_product("RealDiv", "÷", "{x} / {y}", r"\frac{{{x}}}{{{y}}}", neutral={"y": 1})
def divide(x, y):
    """The quotient of two tensors of one dtype, z = x / y.

    >>> print(tf.Session().run(tf.realdiv([1.0, -1.0], [2.0, 0.0])))
    [ 0.5 -inf]
    """
    return x / y


@RegisterGradient("RealDiv")
def _divide_grad(op, dz):
    x, y = op.inputs
    return divide(dz, y), multiply(dz, divide(divide(negative(x), y), y))


@elementwise("Neg", "−", "−{x}", binds=Binds.SIGN)
def negative(x):
    """The negative of every element, z = −x.

    >>> print(tf.Session().run(tf.negative([1.0, -2.0])))
    [-1.  2.]
    """
    return -x


@RegisterGradient("Neg")
def _negative_grad(op, dz):
    return negative(dz)


@elementwise("Square", "x²", "{x}²", binds=Binds.POWER)
def square(x):
    """The square of every element, z = x².

    >>> print(tf.Session().run(tf.square([-3.0, 2.0])))
    [9. 4.]
    """
    return np.square(x)


@RegisterGradient("Square")
def _square_grad(op, dz):
    x = op.inputs[0]
    return multiply(dz, multiply(2, x))


@elementwise("Reciprocal", "1/x", "1/{x}", r"\frac{{1}}{{{x}}}", dtypes="F->F")
def reciprocal(x):
    """One divided by every element, z = 1 / x.

    >>> print(tf.Session().run(tf.reciprocal([2.0, -4.0])))
    [ 0.5  -0.25]
    """
    return 1 / x


@RegisterGradient("Reciprocal")
def _reciprocal_grad(op, dz):
    return multiply(dz, negative(square(op.outputs[0])))


@elementwise("SquaredDifference", "(x−y)²", "({x} − {y})²", binds=Binds.POWER)
def squared_difference(x, y):
    """The square of a difference, z = (x − y)².

    >>> print(tf.Session().run(tf.squared_difference([3.0, 5.0], 4.0)))
    [1. 1.]
    """
    return np.square(x - y)


@RegisterGradient("SquaredDifference")
def _squared_difference_grad(op, dz):
    x, y = op.inputs
    dx = multiply(dz, multiply(2, subtract(x, y)))
    return dx, negative(dx)


@operation("AddN", "Σ", " + ", dtypes="N->N", shape=all_equal, binds=Binds.SUM)
def _add_n(*inputs):
    """z = the sum of all tensors in a list, which have one shape"""
    shapes = [np.shape(term) for term in inputs]
    for i, shape in enumerate(shapes):
        if shape != shapes[0]:
            raise invalid(
                "Inputs to operation AddN of type AddN must have the same size and shape.  "
                f"Input 0: {brackets(shapes[0])} != input {i}: {brackets(shape)}"
            )
    total = inputs[0]
    for term in inputs[1:]:
        total = total + term
    return total


@RegisterGradient("AddN")
def _add_n_grad(op, dz):
    return [dz] * len(op.inputs)


def for_each_pixel(b, x):
    """b, or if it has one number for each channel of images x, as many as there are in an image."""
    if np.ndim(x) < 4 or np.shape(b) != np.shape(x)[-1:]:
        return b
    # NumPy adds images in one go, but a bias to one pixel after the other.
    image = np.empty(x.shape[1:], b.dtype)
    image[...] = b
    return image
