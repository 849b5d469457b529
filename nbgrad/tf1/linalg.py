"""`tf.linalg`: products over axes, norms, determinants, solutions.

Matrices are the last two axes of a tensor, [..., rows, columns]; axes before them are a stack.
`name` is what the operation is called in the graph.
"""

from __future__ import annotations

import string
from typing import Any, NamedTuple

import numpy as np

from nbgrad.core.default_graph import get_default_graph, graph_of
from nbgrad.core.dtypes import as_dtype, float32
from nbgrad.core.graph import Tensor
from nbgrad.core.operands import as_tensor
from nbgrad.ops.define import attribute
from nbgrad.ops.matrix import (
    _einsum,
    matrix_band_part,
    matrix_diag,
    matrix_diag_part,
    matrix_transpose,
)
from nbgrad.ops.matrix import diag as tensor_diag
from nbgrad.ops.matrix import diag_part as tensor_diag_part
from nbgrad.ops.piecewise import abs
from nbgrad.ops.shaping import rank_of
from nbgrad.ops.solving import _slogdet, cholesky, matrix_triangular_solve
from nbgrad.ops.solving import matrix_determinant as det
from nbgrad.ops.solving import matrix_inverse as inv
from nbgrad.ops.solving import matrix_solve as solve
from nbgrad.tf1.clipping import global_norm
from nbgrad.tf1.math import (
    l2_normalize,
    log,
    multiply,
    pow,
    reduce_max,
    reduce_sum,
    sqrt,
    without_axes,
)
from nbgrad.tf1.signatures import composite, matmul, takes
from nbgrad.tf1.tensors import ones

# fmt: off
__all__ = [
    "band_part", "cholesky", "cholesky_solve", "det", "diag", "diag_part", "einsum", "eye",
    "global_norm", "inv", "l2_normalize", "logdet", "matmul", "matrix_band_part", "matrix_diag",
    "matrix_diag_part", "matrix_transpose", "norm", "slogdet", "solve", "tensor_diag",
    "tensor_diag_part", "tensordot", "trace", "transpose", "triangular_solve",
]
# fmt: on
__dir__ = __all__.copy

band_part = matrix_band_part
diag = matrix_diag
diag_part = matrix_diag_part
transpose = matrix_transpose
triangular_solve = matrix_triangular_solve


def einsum(equation: str, *inputs: Any, **kwargs: Any) -> Tensor:
    """The sum of products that an equation describes: "ij,jk->ik" is zᵢₖ = Σⱼ xᵢⱼ yⱼₖ.

    It has a letter for each axis of each operand (none twice in one, and no "..."), and after "->"
    those of the result; without "->", these are the letters that stand only once, in the order of
    the alphabet. The only keyword is `name`.

    >>> a = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    >>> print(tf.Session().run(tf.einsum("ij,ij->i", a, a)))
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

    `axes` is how many: the last ones of a with the first ones of b; or two lists, which of a with
    which of b. The result has the other axes of a and then those of b.

    >>> print(tf.Session().run(tf.tensordot([[1.0, 2.0], [3.0, 4.0]], [1.0, 10.0], axes=1)))
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


@takes("tensor ord axis keepdims name keep_dims", keep_dims="keepdims")
@composite("norm", "tensor")
def norm(
    tensor: Any,
    ord: Any = "euclidean",
    axis: Any = None,
    keepdims: Any = None,
    name: str | None = None,
) -> Tensor:
    """The norm of a tensor over some axes: Euclidean, √Σx², or another, (Σ|x|ᵖ)^(1/p).

    `ord` is "euclidean" or "fro", a number p above 0, or `np.inf` for the largest |x|; of matrices
    only "euclidean", "fro", 1 and `np.inf`. Vectors lie along one `axis`, matrices along two; by
    default all elements count. At 0 the gradient of the Euclidean norm is NaN.

    >>> print(tf.Session().run(tf.norm([[3.0, 4.0], [6.0, 8.0]], axis=1)))
    [ 5. 10.]
    """
    pair = isinstance(axis, list | tuple)
    if pair and (len(axis) != 2 or axis[0] == axis[1]):
        raise ValueError("'axis' must be None, an integer, or a tuple of 2 unique integers")
    found = matrix_norm(tensor, ord, *axis) if pair else vector_norm(tensor, ord, axis)
    return without_axes(found, axis, keepdims)


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


@composite("Trace")
def trace(x: Any, name: str | None = None) -> Tensor:
    """The sum of the diagonal of each matrix, z = Σᵢ xᵢᵢ.

    >>> print(tf.Session().run(tf.linalg.trace([[1.0, 2.0], [3.0, 4.0]])))
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
    """The identity matrix, square by default, or a stack of them of shape `batch_shape`.

    >>> print(tf.Session().run(tf.eye(2, 3)))
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


class LogMatrixDeterminant(NamedTuple):
    """The result of `slogdet`: a sign and a logarithm."""

    sign: Tensor
    log_abs_determinant: Tensor


def slogdet(input: Any, name: str | None = None) -> LogMatrixDeterminant:
    """The sign of the determinant of each matrix, and the logarithm of its absolute value.

    The gradient of the logarithm is x⁻ᵀ (Giles, "Collected Matrix Derivative Results for Forward
    and Reverse Mode Algorithmic Differentiation", 2008).

    >>> print(*tf.Session().run(tf.linalg.slogdet([[0.0, 1.0], [1.0, 0.0]])))
    -1.0 0.0
    """
    return LogMatrixDeterminant(*_slogdet(input, name))


@composite("logdet")
def logdet(matrix: Any, name: str | None = None) -> Tensor:
    """The logarithm of the determinant of each positive definite matrix, z = log det x.

    It is twice the sum of the logarithms on the diagonal of the Cholesky factor.

    >>> print(tf.Session().run(tf.linalg.logdet([[1.0, 0.0], [0.0, 1.0]])))
    0.0
    """
    return multiply(2.0, reduce_sum(log(matrix_diag_part(cholesky(matrix))), -1), name=name)


@composite("cholesky_solve")
def cholesky_solve(chol: Any, rhs: Any, name: str | None = None) -> Tensor:
    """The solution of x z = b, z = (c cᵀ)⁻¹ b, from the Cholesky factor c of x and b = `rhs`.

    Of the factor only what stands on and below its diagonal counts.

    >>> print(tf.Session().run(tf.cholesky_solve([[2.0, 0.0], [0.0, 1.0]], [[8.0], [3.0]])))
    [[2.]
     [3.]]
    """
    inner = matrix_triangular_solve(chol, rhs)
    return matrix_triangular_solve(chol, inner, adjoint=True, name=name)
