"""Triangles, identities, transposes and traces."""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrad.dtypes import as_dtype, float32
from nbgrad.graph import Tensor, get_default_graph, graph_of
from nbgrad.graph.operands import as_tensor
from nbgrad.ops.calling import attribute, composite
from nbgrad.ops.copying.filling import ones
from nbgrad.ops.define import operation
from nbgrad.ops.linear_algebra.diagonals import matrix_diag, matrix_diag_part
from nbgrad.ops.rearranging.reshaping import transpose
from nbgrad.ops.rearranging.sizes import rank_if_known
from nbgrad.ops.reductions.sums import reduce_sum
from nbgrad.ops.sources.sequences import order_of
from nbgrad.registry import RegisterGradient


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


@composite("Trace")
def trace_of(x: Any, name: str | None = None) -> Tensor:
    """The sum of the diagonal of each matrix, z = Σᵢ xᵢᵢ.

    Parameters
    ----------
    x : tensor_like of numbers (float, complex, integer)
        Of shape [..., rows, columns].
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype. The shape of `x` without its last two axes.

    Raises
    ------
    ValueError
        If `x` has fewer than two axes.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.linalg.trace([[1.0, 2.0], [3.0, 4.0]])))
    5.0
    """
    return reduce_sum(matrix_diag_part(x), -1, name=name)


@composite("eye")
def eye(
    num_rows: Any,
    num_columns: Any = None,
    batch_shape: Any = None,
    dtype: Any = float32,
    name: str | None = None,
) -> Tensor:
    """The identity matrix: ones on the diagonal, zeros beside it.

    Parameters
    ----------
    num_rows : int, or tensor of an integer
        How many rows.
    num_columns : int, optional
        How many columns; as many by default.
    batch_shape : sequence of int, optional
        The shape of a stack of such matrices.
    dtype : DType, default float32
        The dtype of the result.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of dtype `dtype`, and of shape [*batch_shape, num_rows, num_columns].

    Raises
    ------
    NotImplementedError
        For a number of rows known only in a run, with one of columns.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.eye(2, 3)))
    [[1. 0. 0.]
     [0. 1. 0.]]
    """
    rows, columns = attribute("rows", num_rows), attribute("columns", num_columns)
    if isinstance(rows, Tensor) or isinstance(columns, Tensor):
        if columns is not None:
            raise NotImplementedError("eye of a size known only in a run is square.")
        return matrix_diag(ones([rows], dtype))
    identity = np.eye(rows, columns, dtype=as_dtype(dtype).as_numpy_dtype)
    batch = attribute("batch_shape", batch_shape) or ()
    whole = np.broadcast_to(identity, (*batch, *identity.shape))
    return get_default_graph().constant(whole, name="diag")
