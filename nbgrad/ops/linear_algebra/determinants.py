"""Determinants, and the logarithms of their absolute values."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from nbgrad.graph import Tensor
from nbgrad.ops.define import operation
from nbgrad.ops.elementwise.arithmetic import multiply
from nbgrad.ops.linear_algebra.solving import _square, matrix_inverse
from nbgrad.ops.rearranging.reshaping import expand_dims
from nbgrad.registry import RegisterGradient


def _one_each(shape):
    """The shape of the operand without its last two axes."""
    shape = _square(shape)
    return None if shape is None else shape[:-2]


@operation("MatrixDeterminant", dtypes="F->F", shape=_one_each, symbol="det", latex=r"\det {input}")
def matrix_determinant(input):
    """The determinant of each matrix, z = det x.

    References
    ----------
    Giles, "Collected Matrix Derivative Results for Forward and Reverse Mode Algorithmic
    Differentiation", 2008, for the gradient dz · z · x⁻ᵀ.

    >>> tf.matrix_determinant([[1.0, 2.0], [3.0, 4.0]])
    -2.0
    """
    return np.linalg.det(input)


@RegisterGradient("MatrixDeterminant")
def _matrix_determinant_grad(op, dz):
    factor = multiply(dz, op.outputs[0])
    return multiply(_for_each_matrix(factor), matrix_inverse(op.inputs[0], adjoint=True))


def _for_each_matrix(x):
    return expand_dims(expand_dims(x, -1), -1)


def _sign_and_log(shape):
    return [_one_each(shape)] * 2


@operation("LogMatrixDeterminant", dtypes="F->F", shape=_sign_and_log, symbol="logdet", many=True)
def _slogdet(input):
    """z₀, z₁ = the sign of det x, and log |det x|"""
    return tuple(np.linalg.slogdet(input))


@RegisterGradient("LogMatrixDeterminant")
def _slogdet_grad(op, _, dz):
    return multiply(_for_each_matrix(dz), matrix_inverse(op.inputs[0], adjoint=True))


class LogMatrixDeterminant(NamedTuple):
    """What `slogdet` returns."""

    sign: Tensor
    log_abs_determinant: Tensor


def slogdet(input: Any, name: str | None = None) -> LogMatrixDeterminant:
    """The sign of the determinant of each matrix, and the logarithm of its absolute value.

    Parameters
    ----------
    input : tensor_like of float or complex
        Of shape [..., n, n].
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    sign, log_abs_determinant : named tuple of Tensor
        Of the same dtype. The shape of `input` without its last two axes.

    Raises
    ------
    ValueError
        If the matrices are not square.

    References
    ----------
    Giles, "Collected Matrix Derivative Results for Forward and Reverse Mode Algorithmic
    Differentiation", 2008, for the gradient dz · x⁻ᵀ of the logarithm.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(*session.run(tf.linalg.slogdet([[0.0, 1.0], [1.0, 0.0]])))
    -1.0 0.0
    """
    return LogMatrixDeterminant(*_slogdet(input, name))
