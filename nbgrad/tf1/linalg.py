"""Sums of products over axes that are told by letters: einsum, and tensordot by its means."""

from __future__ import annotations

import string
from typing import Any, NamedTuple

import numpy as np

from nbgrad.core.default_graph import get_default_graph, graph_of
from nbgrad.core.dtypes import as_dtype, float32
from nbgrad.core.graph import Tensor
from nbgrad.core.operands import as_tensor
from nbgrad.ops.arithmetic import multiply, square
from nbgrad.ops.define import attribute, composite
from nbgrad.ops.diagonals import matrix_diag, matrix_diag_part
from nbgrad.ops.functions import log, pow, rsqrt, sqrt
from nbgrad.ops.matrix import _einsum
from nbgrad.ops.reductions import reduce_max, reduce_sum
from nbgrad.ops.rounding import abs, maximum
from nbgrad.ops.shaping import rank_of
from nbgrad.ops.solving import _slogdet, cholesky, matrix_triangular_solve
from nbgrad.tf1.arrays import ones
from nbgrad.tf1.math import without


def einsum(equation: str, *inputs: Any, **kwargs: Any) -> Tensor:
    """The sum of products that an equation describes: "ij,jk->ik" is zᵢₖ = Σⱼ xᵢⱼ yⱼₖ.

    Parameters
    ----------
    equation : str
        A letter for each axis of each operand, and after "->" those of the result. Without
        "->", the result has the letters that stand only once, in the order of the alphabet.
    *inputs : tensor_like of numbers (float, complex, integer)
        Of one dtype.
    **kwargs : str, optional
        `name`, what the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype. The sizes of the letters of the result.

    Raises
    ------
    TypeError
        If there is another keyword argument, or the dtypes differ.
    ValueError
        If the equation has "...", a letter twice in one operand, or does not fit the operands.

    Examples
    --------
    >>> import nbgrad as tf
    >>> a = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    >>> with tf.Session() as session:
    ...     print(session.run(tf.einsum("ij->ji", a)))
    ...     print(session.run(tf.einsum("ij,ij->i", a, a)))
    [[1. 3.]
     [2. 4.]]
    [ 5. 25.]
    """
    unknown = set(kwargs) - {"name"}
    if unknown:
        raise TypeError(
            f"invalid keyword arguments for this function: {', '.join(sorted(unknown))}"
        )
    equation = equation.replace(" ", "")
    if "." in equation:
        raise ValueError(f"Subscripts not supported: {equation}\nGive every axis a letter.")
    left, arrow, right = equation.partition("->")
    operands = left.split(",")
    if len(operands) != len(inputs):
        raise ValueError(
            f'Got {len(inputs)} arguments for equation "{equation}", expecting {len(operands)}'
        )
    for letters in operands:
        if len(set(letters)) < len(letters):
            raise ValueError(f"Subscript not supported: an axis appears more than once: {letters}")
    if not arrow:
        once = [c for c in left if c.isalpha() and left.count(c) == 1]
        right = "".join(sorted(once))
    if set(right) - set(left):
        raise ValueError(f"Invalid equation: {equation}\nIts result has axes that no operand has.")
    return _einsum(list(inputs), f"{left}->{right}", kwargs.get("name") or "einsum")


def tensordot(a: Any, b: Any, axes: Any, name: str | None = None) -> Tensor:
    """The sum of products over pairs of axes, as matmul's zᵢₖ = Σⱼ aᵢⱼ bⱼₖ over one pair.

    Parameters
    ----------
    a, b : tensor_like of numbers (float, complex, integer)
    axes : int or two lists of int
        How many: the last ones of a with the first ones of b. Or which of a with which of b.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype. The axes of a and then those of b that are not summed over.

    Raises
    ------
    TypeError
        If the dtypes of the operands differ.
    ValueError
        If the lists differ in length, the sizes do not fit, or an operand's number of axes is
        not known.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.tensordot([[1.0, 2.0], [3.0, 4.0]], [1.0, 10.0], axes=1)))
    [21. 43.]
    """
    graph = graph_of(a, b)
    x, y = as_tensor(a, graph, name="a"), as_tensor(b, graph, name="b")
    rank, other_rank = rank_of(x), rank_of(y)
    if isinstance(axes, int):
        pairs = [(rank - axes + i, i) for i in range(axes)]
    else:
        first, second = ([each] if isinstance(each, int) else list(each) for each in axes)
        if len(first) != len(second):
            raise ValueError(
                f"Different number of contraction axes 'a' and 'b', {len(first)} != {len(second)}."
            )
        pairs = [(i % rank, j % other_rank) for i, j in zip(first, second, strict=True)]
    of_x = list(string.ascii_lowercase[:rank])
    of_y = list(string.ascii_uppercase[:other_rank])
    for i, j in pairs:
        of_y[j] = of_x[i]
    rest = [c for c in of_x if c not in of_y] + [c for c in of_y if c not in of_x]
    return _einsum([x, y], f"{''.join(of_x)},{''.join(of_y)}->{''.join(rest)}", name or "Tensordot")


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


@composite("l2_normalize")
def l2_normalize(
    x: Any, axis: Any = None, epsilon: float = 1e-12, name: str | None = None, dim: Any = None
) -> Tensor:
    """Vectors brought to length 1, z = x / √max(Σx², ε).

    Parameters
    ----------
    x : tensor_like of float
    axis : int or sequence of int, optional
        Along which axis or axes the vectors lie; all of them where None.
    epsilon : float, default 1e-12
        The least that a squared length counts, so that a zero vector stays zero.
    name : str, optional
        What the operations are called in the graph.
    dim : optional
        Another name for `axis`.

    Returns
    -------
    Tensor
        Of the same dtype. The shape of `x`.

    Raises
    ------
    ValueError
        If there is no such axis.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.nn.l2_normalize([3.0, 4.0], axis=0)))
    [0.6 0.8]
    """
    axis = dim if axis is None else axis
    squares = reduce_sum(square(x), axis, True)
    return multiply(x, rsqrt(maximum(squares, epsilon)), name=name)


@composite("norm")
def norm(
    tensor: Any,
    ord: Any = "euclidean",
    axis: Any = None,
    keepdims: Any = None,
    name: str | None = None,
    keep_dims: Any = None,
) -> Tensor:
    """The norm of a tensor over some axes: Euclidean, √Σx², or another, (Σ|x|ᵖ)^(1/p).

    At 0 the gradient of the Euclidean norm is NaN.

    Parameters
    ----------
    tensor : tensor_like of float
    ord : str or float, default "euclidean"
        "euclidean" or "fro" for √Σx², a number p above 0, or `np.inf` for the largest |x|. Of
        matrices only these: "euclidean", "fro", 1 and `np.inf`.
    axis : int or two ints, optional
        One axis, along which vectors lie; two, of matrices; all elements by default.
    keepdims : bool, optional
        Whether the reduced axes stay, with size 1.
    name : str, optional
        What the operations are called in the graph.
    keep_dims : optional
        Another name for `keepdims`.

    Returns
    -------
    Tensor
        Of the same dtype. The shape of the operand without the reduced axes.

    Raises
    ------
    ValueError
        If `ord` or `axis` is none of these.
    NotImplementedError
        For the largest singular value of a matrix, `ord=2`.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.norm([[3.0, 4.0], [6.0, 8.0]], axis=1)))
    [ 5. 10.]
    """
    x = as_tensor(tensor, graph_of(tensor), name="tensor")
    pair = isinstance(axis, list | tuple)
    if pair and (len(axis) != 2 or axis[0] == axis[1]):
        raise ValueError("'axis' must be None, an integer, or a tuple of 2 unique integers")
    found = matrix_norm(x, ord, *axis) if pair else vector_norm(x, ord, axis)
    return without(found, axis, keepdims or keep_dims)


def vector_norm(x: Tensor, ord: Any, axis: Any) -> Tensor:
    if ord in ("euclidean", "fro", 2):
        return sqrt(reduce_sum(multiply(x, x), axis, True))
    if ord == 1:
        return reduce_sum(abs(x), axis, True)
    if ord == np.inf:
        return reduce_max(abs(x), axis, True)
    if isinstance(ord, int | float) and ord > 0:
        return pow(reduce_sum(pow(abs(x), ord), axis, True), 1.0 / ord)
    raise ValueError(
        f"'ord' must be a supported vector norm, got {ord}\nThere are 'euclidean', 1, 2, np.inf "
        "and any other number above 0."
    )


def matrix_norm(x: Tensor, ord: Any, rows: int, columns: int) -> Tensor:
    if ord in ("euclidean", "fro"):
        return sqrt(reduce_sum(multiply(x, x), (rows, columns), True))
    if ord == 1:
        return reduce_max(reduce_sum(abs(x), rows, True), columns, True)
    if ord == np.inf:
        return reduce_max(reduce_sum(abs(x), columns, True), rows, True)
    if ord == 2:
        raise NotImplementedError("The largest singular value needs tf.svd, which nbgrad lacks.")
    raise ValueError(
        f"'ord' must be a supported matrix norm in ['euclidean', 'fro', 1, 2, inf], got {ord}"
    )
