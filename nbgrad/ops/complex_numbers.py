"""Complex numbers, their parts, and what a gradient is where they meet real ones.

The gradient of a real y with respect to z = a + bi is ∂y/∂a + i ∂y/∂b, which points uphill in
the plane. Rules of other operations are written for the derivative itself;
`nbgrad.core.gradients` conjugates around them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrad.core.default_graph import graph_of
from nbgrad.core.dtypes import complex64, complex128, float32
from nbgrad.core.graph import Tensor
from nbgrad.core.operands import as_tensor
from nbgrad.core.registry import NotDifferentiable, RegisterGradient
from nbgrad.ops.arithmetic import multiply, negative
from nbgrad.ops.copying import zeros_like
from nbgrad.ops.define import elementwise
from nbgrad.ops.division import div_no_nan


@elementwise("Conj", symbol="conj", text="conj({input})", latex=r"\overline{{{input}}}")
def _conj(input):
    """z = x̄, the complex conjugate"""
    return np.conj(input)


@RegisterGradient("Conj")
def _conj_grad(op, dz):
    return conj(dz)


@elementwise("Real", node="(input) T=input Tout=Tout", dtypes="T->Tout", symbol="Re")
def _real(input, *, Tout):  # noqa: N803 - TensorFlow's name of the attribute
    """z = the real part of x"""
    return np.real(input)


@RegisterGradient("Real")
def _real_grad(op, dz):
    return complex_(dz, zeros_like(dz))


@elementwise("Imag", node="(input) T=input Tout=Tout", dtypes="T->Tout", symbol="Im")
def _imag(input, *, Tout):  # noqa: N803
    """z = the imaginary part of x"""
    return np.imag(input)


@RegisterGradient("Imag")
def _imag_grad(op, dz):
    return complex_(zeros_like(dz), dz)


@elementwise("Angle", node="(input) T=input Tout=Tout", dtypes="T->Tout", symbol="arg")
def _angle(input, *, Tout):  # noqa: N803
    """z = the angle of x, between −π and π"""
    return np.angle(input)


NotDifferentiable("Angle")


@elementwise(
    "Complex",
    node="(real, imag) T=real Tout=Tout",
    dtypes="T,T->Tout",
    symbol="a+bi",
    text="{real} + {imag} i",
)
def _complex(real, imag, *, Tout):  # noqa: N803
    """z = a + b i"""
    return (real + 1j * imag).astype(Tout.as_numpy_dtype)


@RegisterGradient("Complex")
def _complex_grad(op, dz):
    return real(dz), negative(imag(dz))  # of the conjugate, which is what arrives


def complex_(real: Any, imag: Any, name: str | None = None) -> Tensor:
    """The complex number of a real and an imaginary part, z = a + b i.

    The gradient of a real y with respect to it is ∂y/∂a + i ∂y/∂b.

    Parameters
    ----------
    real, imag : tensor_like of float
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of dtype complex64 for float32, else complex128. The shape to which the operands broadcast.

    References
    ----------
    Brandwood, "A Complex Gradient Operator and its Application in Adaptive Array Theory", 1983.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.complex([1.0, 2.0], [3.0, -4.0])))
    [1.+3.j 2.-4.j]
    """
    graph = graph_of(real, imag)
    x = as_tensor(real, graph, name="real")
    wide = complex64 if x.dtype is float32 else complex128
    result: Tensor = graph.apply("Complex", x, imag, Tout=wide, name=name)
    return result


def as_complex(x: Tensor) -> Tensor:
    return complex_(x, zeros_like(x))


def conj(x: Any, name: str | None = None) -> Tensor:
    """The complex conjugate of every element, z = x̄; a real tensor is returned as it is.

    Parameters
    ----------
    x : tensor_like of numbers (float, complex, integer)
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype. The shape of `x`.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.conj([1.0 + 2.0j])))
    [1.-2.j]
    """
    tensor = as_tensor(x, graph_of(x), name="x")
    return _conj(tensor, name) if tensor.dtype.is_complex else tensor


def real(input: Any, name: str | None = None) -> Tensor:
    """The real part of every element, z = Re x; a real tensor is returned as it is.

    Parameters
    ----------
    input : tensor_like of numbers (float, complex, integer)
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of a real dtype. The shape of `input`.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.real([1.0 + 2.0j])))
    [1.]
    """
    x = as_tensor(input, graph_of(input), name="input")
    return _real(x, x.dtype.real_dtype, name) if x.dtype.is_complex else x


def imag(input: Any, name: str | None = None) -> Tensor:
    """The imaginary part of every element, z = Im x; zeros for a real tensor.

    Parameters
    ----------
    input : tensor_like of numbers (float, complex, integer)
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of a real dtype. The shape of `input`.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.imag([1.0 + 2.0j])))
    [2.]
    """
    x = as_tensor(input, graph_of(input), name="input")
    return _imag(x, x.dtype.real_dtype, name) if x.dtype.is_complex else zeros_like(x)


@elementwise(
    "ComplexAbs", node="(x) T=x Tout=Tout", dtypes="T->Tout", name="Abs", symbol="|x|", text="|{x}|"
)
def _complex_abs(x, *, Tout):  # noqa: N803
    """z = |x|, the distance from 0"""
    return np.abs(x)


@RegisterGradient("ComplexAbs")
def _complex_abs_grad(op, dz):
    x, z = op.inputs[0], op.outputs[0]
    return multiply(as_complex(dz), div_no_nan(x, as_complex(z)))
