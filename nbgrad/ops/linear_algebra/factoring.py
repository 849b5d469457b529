"""The Cholesky factor of a positive definite matrix, and what is found by its means."""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrad.errors import InvalidArgumentError
from nbgrad.graph import Tensor
from nbgrad.ops.calling import composite
from nbgrad.ops.define import operation
from nbgrad.ops.elementwise.arithmetic import add, multiply, subtract
from nbgrad.ops.elementwise.powers import log
from nbgrad.ops.linear_algebra.diagonals import matrix_diag, matrix_diag_part
from nbgrad.ops.linear_algebra.matrix_product import matmul
from nbgrad.ops.linear_algebra.solving import _square, computed, matrix_triangular_solve
from nbgrad.ops.linear_algebra.special_matrices import matrix_band_part, matrix_transpose
from nbgrad.ops.reductions.sums import reduce_sum
from nbgrad.registry import RegisterGradient


@operation("Cholesky", dtypes="F->F", shape=_square, symbol="chol", text="chol({input})")
def cholesky(input):
    """The Cholesky factor of each positive definite matrix: the lower triangle z with z zᵀ = x.

    The gradient is that of a symmetric x, half of it on either side of the diagonal.

    Raises
    ------
    InvalidArgumentError
        In a run, if a matrix is not positive definite.

    References
    ----------
    Smith, "Differentiation of the Cholesky Algorithm", 1995.
    Murray, "Differentiation of the Cholesky Decomposition", 2016.

    >>> tf.cholesky([[4.0, 2.0], [2.0, 5.0]])
    [[2. 0.]
     [1. 2.]]
    """
    try:
        return computed(np.linalg.cholesky, input)
    except np.linalg.LinAlgError:
        raise InvalidArgumentError(
            None,
            None,
            "Cholesky decomposition was not successful. The input might not be valid.",
        ) from None


@RegisterGradient("Cholesky")
def _cholesky_grad(op, dz):
    z = op.outputs[0]
    inner = matmul(z, matrix_band_part(dz, -1, 0), transpose_a=True)
    half_diagonal = matrix_diag(multiply(matrix_diag_part(inner), 0.5))
    inner = subtract(matrix_band_part(inner, -1, 0), half_diagonal)
    # s = z⁻ᵀ · inner · z⁻¹, by two triangular systems instead of an inverse
    left = matrix_triangular_solve(z, inner, adjoint=True)
    s = matrix_triangular_solve(z, matrix_transpose(left), adjoint=True)
    return multiply(add(s, matrix_transpose(s)), 0.5)


@composite("cholesky_solve")
def cholesky_solve(chol: Any, rhs: Any, name: str | None = None) -> Tensor:
    """The solution of x z = b, z = (c cᵀ)⁻¹ b, given the Cholesky factor c of x.

    Parameters
    ----------
    chol : tensor_like of float or complex
        The factor, of shape [..., n, n]; what stands above its diagonal does not count.
    rhs : tensor_like of float or complex
        b, of shape [..., n, columns].
    name : str, optional
        What the operations are called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype. The shape of `rhs`.

    Raises
    ------
    TypeError
        If the dtypes of the operands differ.
    ValueError
        If the shapes do not fit.
    InvalidArgumentError
        In a run, if there is a 0 on a diagonal.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.cholesky_solve([[2.0, 0.0], [0.0, 1.0]], [[8.0], [3.0]])))
    [[2.]
     [3.]]
    """
    inner = matrix_triangular_solve(chol, rhs)
    return matrix_triangular_solve(chol, inner, adjoint=True, name=name)


@composite("logdet")
def logdet(matrix: Any, name: str | None = None) -> Tensor:
    """The logarithm of the determinant of each positive definite matrix, z = log det x.

    It is twice the sum of the logarithms on the diagonal of the Cholesky factor.

    Parameters
    ----------
    matrix : tensor_like of float
        Of shape [..., n, n].
    name : str, optional
        What the operations are called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype. The shape of `matrix` without its last two axes.

    Raises
    ------
    ValueError
        If the matrices are not square.
    InvalidArgumentError
        In a run, if a matrix is not positive definite.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.linalg.logdet([[1.0, 0.0], [0.0, 1.0]])))
    0.0
    """
    return multiply(2.0, reduce_sum(log(matrix_diag_part(cholesky(matrix))), -1), name=name)
