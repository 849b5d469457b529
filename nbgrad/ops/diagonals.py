"""Diagonals taken out of matrices, and matrices made of diagonals."""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrad.core.default_graph import graph_of
from nbgrad.core.errors import ShapeError
from nbgrad.core.graph import Tensor
from nbgrad.core.operands import as_tensor
from nbgrad.core.registry import RegisterGradient
from nbgrad.ops.constants import order_of
from nbgrad.ops.define import operation
from nbgrad.ops.shaping import rank_if_known, size_along, transpose


def _doubled(shape):
    """The sizes of the operand, twice."""
    return None if shape is None else (*shape, *shape)


@operation("Diag", dtypes="N->N", shape=_doubled, symbol="diag", text="diag({diagonal})")
def diag(diagonal):
    """The matrix with a vector on its diagonal, and zeros beside it; of more axes, each twice.

    >>> tf.diag([1.0, 2.0])
    [[1. 0.]
     [0. 2.]]
    """
    return np.diag(np.ravel(diagonal)).reshape(np.shape(diagonal) * 2)


@RegisterGradient("Diag")
def _diag_grad(op, dz):
    return diag_part(dz)


def _halved(shape):
    """The first half of the sizes of the operand."""
    if shape is None:
        return None
    half, odd = divmod(len(shape), 2)
    if odd or not half:
        raise ShapeError(f"Input must have even and non-zero rank, input rank is {len(shape)}")
    for a, b in zip(shape[:half], shape[half:], strict=True):
        if None not in (a, b) and a != b:
            raise ShapeError(f"Dimensions must be equal, but are {a} and {b}")
    return shape[:half]


@operation("DiagPart", dtypes="N->N", shape=_halved, symbol="diag", text="diag({input})")
def diag_part(input):
    """The diagonal of a matrix, zᵢ = xᵢᵢ; of more axes, the first half of them.

    >>> tf.diag_part([[1.0, 2.0], [3.0, 4.0]])
    [1. 4.]
    """
    half = np.shape(input)[: np.ndim(input) // 2]
    size = int(np.prod(half))
    return np.diagonal(np.reshape(input, (size, size))).reshape(half)


@RegisterGradient("DiagPart")
def _diag_part_grad(op, dz):
    return diag(dz)


def _with_diagonal(shape, *, num_rows, num_cols):
    if shape is None:
        return None
    return (*shape[:-1], num_rows or shape[-1], num_cols or shape[-1])


@operation(
    "MatrixDiag",
    dtypes="T->T",
    shape=_with_diagonal,
    name="diag",
    symbol="diag",
    text="diag({diagonal})",
)
def _matrix_diag(diagonal, *, num_rows=None, num_cols=None):
    """z = for each vector in x, the matrix with it on the diagonal, and zeros beside it"""
    size = np.shape(diagonal)[-1]
    zeros = np.zeros((*np.shape(diagonal)[:-1], num_rows or size, num_cols or size), diagonal.dtype)
    i = np.arange(size)
    zeros[..., i, i] = diagonal
    return zeros


@RegisterGradient("MatrixDiag")
def _matrix_diag_grad(op, dz):
    return matrix_diag_part(dz)


def matrix_diag(diagonal: Any, name: str | None = None) -> Tensor:
    """For each vector along the last axis the matrix with it on the diagonal, and zeros beside it.

    Parameters
    ----------
    diagonal : tensor_like of any dtype
        Of shape [..., n].
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype, and of shape [..., n, n].

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.matrix_diag([[1.0, 2.0], [3.0, 4.0]])))
    [[[1. 0.]
      [0. 2.]]
    <BLANKLINE>
     [[3. 0.]
      [0. 4.]]]
    """
    return _matrix_diag(diagonal, name=name)


def _diagonal(shape):
    """The shape of the operand, with the shorter of its last two axes for both."""
    if shape is None:
        return None
    if len(shape) < 2:
        raise ShapeError(f"Shape must be at least rank 2 but is rank {len(shape)}")
    return (*shape[:-2], None if None in shape[-2:] else min(shape[-2:]))


@operation("MatrixDiagPart", shape=_diagonal, name="diag_part", symbol="diag", text="diag({input})")
def matrix_diag_part(input):
    """The diagonal of each matrix, zᵢ = xᵢᵢ.

    >>> tf.matrix_diag_part([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    [1. 5.]
    """
    return np.diagonal(input, axis1=-2, axis2=-1)


@RegisterGradient("MatrixDiagPart")
def _matrix_diag_part_grad(op, dz):
    x = op.inputs[0]
    return _matrix_diag(dz, size_along(x, -2), size_along(x, -1))


@operation(
    "MatrixBandPart",
    node="(input, num_lower:int64, num_upper:int64) T=input Tindex=num_lower",
    symbol="band",
    text="band({input})",
)
def matrix_band_part(input, *, num_lower, num_upper):
    """Each matrix with zeros outside a band around its diagonal.

    >>> tf.matrix_band_part([[1.0, 2.0], [3.0, 4.0]], -1, 0)
    [[1. 0.]
     [3. 4.]]
    """
    lower, upper = (
        np.shape(input)[i] if n < 0 else n for i, n in ((-2, num_lower), (-1, num_upper))
    )
    return np.triu(np.tril(input, upper), -lower)


@RegisterGradient("MatrixBandPart")
def _matrix_band_part_grad(op, dz):
    return matrix_band_part(dz, op.attributes["num_lower"], op.attributes["num_upper"])


def matrix_transpose(a: Any, name: str = "matrix_transpose") -> Tensor:
    """Each matrix transposed, z = xᵀ: the last two axes change places.

    Parameters
    ----------
    a : tensor_like of any dtype
        Of shape [..., rows, columns].
    name : str, optional
        What the operations are called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype, and of shape [..., columns, rows].

    Raises
    ------
    ValueError
        If `a` has fewer than two axes.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.matrix_transpose([[[1.0, 2.0, 3.0]]])))
    [[[1.]
      [2.]
      [3.]]]
    """
    tensor = as_tensor(a, graph_of(a), name="a")
    known, rank = tensor.static_shape, rank_if_known(tensor)
    if known is not None and rank < 2:
        raise ValueError(
            f"Argument 'a' should be a (batch) matrix, with rank >= 2.  Found: {tensor.shape}"
        )
    with tensor.graph.name_scope(name):
        return transpose(tensor, order_of((0, rank - 2), (rank - 1, rank), (rank - 2, rank - 1)))
