"""Complex numbers, their parts, and what a gradient is where they meet real ones.

The gradient of a real y with respect to z = a + bi is ∂y/∂a + i ∂y/∂b, which points uphill in the
plane. Rules of other operations are written for the derivative itself; `nbgrad.core.gradients`
conjugates around them.
"""

import functools
from typing import Any

import numpy as np

from nbgrad.core.dtypes import complex64, complex128, float32
from nbgrad.core.graph import Tensor, graph_of
from nbgrad.core.operands import as_tensor
from nbgrad.core.registry import RegisterGradient
from nbgrad.ops.arithmetic import multiply, negative
from nbgrad.ops.constants import zeros_like
from nbgrad.ops.define import elementwise
from nbgrad.ops.piecewise import div_no_nan

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
