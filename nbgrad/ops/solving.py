"""Inverses, linear systems, determinants and Cholesky factors of matrices.

To find A⁻¹b, solve: an explicit inverse loses twice as many digits. The rules are those of Giles,
"Collected Matrix Derivative Results for Forward and Reverse Mode AD", 2008.
"""

import numpy as np

from nbgrad.core.errors import invalid
from nbgrad.core.registry import RegisterGradient
from nbgrad.core.shapes import if_known, must_agree, must_have_axes, must_have_rank
from nbgrad.ops.arithmetic import add, multiply, negative, subtract
from nbgrad.ops.define import operation
from nbgrad.ops.matrix import (
    matmul,
    matrix_band_part,
    matrix_diag,
    matrix_diag_part,
    matrix_transpose,
)
from nbgrad.ops.shaping import expand_dims


@if_known
def _square_shape(shape, **_attributes):
    """The shape of the operand."""
    must_have_axes(shape, 2)
    must_agree(shape[-2], shape[-1])
    return shape


def _solve_shape(matrix, rhs, **_attributes):
    """The shape of `rhs`."""
    _square_shape(matrix)
    if matrix is None or rhs is None:
        return rhs
    must_have_axes(rhs, 2)
    must_have_rank(rhs, len(matrix))
    must_agree(matrix[-1], rhs[-2])
    return (*rhs[:-2], matrix[-1] if rhs[-2] is None else rhs[-2], rhs[-1])


def _adjoint(matrix):
    return np.swapaxes(matrix, -1, -2)


def in_float32_at_least(function, *matrices):
    """The result of a function of NumPy's linear algebra, which has no float16."""
    dtype = matrices[0].dtype
    wide = [m.astype(np.float32) if dtype == np.float16 else m for m in matrices]
    return function(*wide).astype(dtype, copy=False)


@operation("MatrixInverse", "A⁻¹", "({input})⁻¹", dtypes="F->F", shape=_square_shape)
def matrix_inverse(input, *, adjoint=False):
    """The inverse of each matrix, z = x⁻¹, or of its transpose, z = x⁻ᵀ.

    >>> print(tf.Session().run(tf.matrix_inverse([[2.0, 0.0], [0.0, 4.0]])))
    [[0.5  0.  ]
     [0.   0.25]]
    """
    try:
        return in_float32_at_least(np.linalg.inv, _adjoint(input) if adjoint else input)
    except np.linalg.LinAlgError:
        raise invalid("Input is not invertible.") from None


@RegisterGradient("MatrixInverse")
def _matrix_inverse_grad(op, dz):
    z = op.outputs[0]
    if op.attributes["adjoint"]:
        return negative(matmul(z, matmul(dz, z, transpose_a=True)))
    return negative(matmul(z, matmul(dz, z, transpose_b=True), transpose_a=True))


@operation("MatrixSolve", "A⁻¹b", "({matrix})⁻¹ {rhs}", dtypes="F,F->F", shape=_solve_shape)
def matrix_solve(matrix, rhs, *, adjoint=False):
    """The solution of a linear system x z = b, z = x⁻¹ b, for the matrix x and each column of b.

    >>> print(tf.Session().run(tf.matrix_solve([[2.0, 0.0], [0.0, 4.0]], [[2.0], [2.0]])))
    [[1. ]
     [0.5]]
    """
    try:
        return np.linalg.solve(_adjoint(matrix) if adjoint else matrix, rhs)
    except np.linalg.LinAlgError:
        raise invalid("Input matrix is not invertible.") from None


@RegisterGradient("MatrixSolve")
def _matrix_solve_grad(op, dz):
    a, z, adjoint = op.inputs[0], op.outputs[0], op.attributes["adjoint"]
    db = matrix_solve(a, dz, adjoint=not adjoint)
    return negative(matmul(*((z, db) if adjoint else (db, z)), transpose_b=True)), db


@operation(
    "MatrixTriangularSolve", "L⁻¹b", "({matrix})⁻¹ {rhs}", dtypes="F,F->F", shape=_solve_shape
)
def matrix_triangular_solve(matrix, rhs, *, lower=True, adjoint=False):
    """The solution of a triangular system x z = b, where x counts as zero beyond its diagonal.

    >>> print(
    ...     tf.Session().run(tf.matrix_triangular_solve([[2.0, 9.0], [1.0, 1.0]], [[2.0], [3.0]]))
    ... )
    [[1.]
     [2.]]
    """
    triangle = np.tril(matrix) if lower else np.triu(matrix)
    if not np.diagonal(triangle, axis1=-2, axis2=-1).all():
        raise invalid("Input matrix is not invertible.")
    return in_float32_at_least(np.linalg.solve, _adjoint(triangle) if adjoint else triangle, rhs)


@RegisterGradient("MatrixTriangularSolve")
def _matrix_triangular_solve_grad(op, dz):
    a, z, at = op.inputs[0], op.outputs[0], op.attributes
    db = matrix_triangular_solve(a, dz, at["lower"], not at["adjoint"])
    da = negative(matmul(*((z, db) if at["adjoint"] else (db, z)), transpose_b=True))
    return (matrix_band_part(da, -1, 0) if at["lower"] else matrix_band_part(da, 0, -1)), db


def _determinant_shape(shape):
    """The shape of the operand without its last two axes."""
    shape = _square_shape(shape)
    return None if shape is None else shape[:-2]


@operation("MatrixDeterminant", "det", dtypes="F->F", shape=_determinant_shape)
def matrix_determinant(input):
    """The determinant of each matrix, z = det x.

    >>> print(tf.Session().run(tf.matrix_determinant([[1.0, 2.0], [3.0, 4.0]])))
    -2.0
    """
    return np.linalg.det(input)


@RegisterGradient("MatrixDeterminant")
def _matrix_determinant_grad(op, dz):
    factor = multiply(dz, op.outputs[0])
    return multiply(_for_each_matrix(factor), matrix_inverse(op.inputs[0], adjoint=True))


def _for_each_matrix(x):
    return expand_dims(expand_dims(x, -1), -1)


@operation(
    "LogMatrixDeterminant",
    "logdet",
    dtypes="F->F,F",
    shape=lambda shape: [_determinant_shape(shape)] * 2,
)
def _slogdet(input):
    """z₀, z₁ = the sign of det x, and log |det x|"""
    return tuple(np.linalg.slogdet(input))


@RegisterGradient("LogMatrixDeterminant")
def _slogdet_grad(op, _, dz):
    return multiply(_for_each_matrix(dz), matrix_inverse(op.inputs[0], adjoint=True))


@operation("Cholesky", "chol", dtypes="F->F", shape=_square_shape)
def cholesky(input):
    """The Cholesky factor of each positive definite matrix: the lower triangle z with z zᵀ = x.

    >>> print(tf.Session().run(tf.cholesky([[4.0, 2.0], [2.0, 5.0]])))
    [[2. 0.]
     [1. 2.]]

    Smith, "Differentiation of the Cholesky Algorithm", 1995.
    Murray, "Differentiation of the Cholesky Decomposition", 2016.
    """
    try:
        return in_float32_at_least(np.linalg.cholesky, input)
    except np.linalg.LinAlgError:
        problem = "Cholesky decomposition was not successful. The input might not be valid."
        raise invalid(problem) from None


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
