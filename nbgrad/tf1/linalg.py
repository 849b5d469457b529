"""`tf.linalg`: products over axes, norms and clipping to them, determinants, solutions, Hessians.

Matrices are the last two axes of a tensor, [..., rows, columns]; axes before them are a stack.
Clipping by norm is after Pascanu, Mikolov, Bengio, "On the Difficulty of Training Recurrent Neural
Networks", 2013; in its formulas c is `clip_norm`, above 0.
"""

from __future__ import annotations

# fmt: off
# isort: off
import string
from typing import Any, NamedTuple

import numpy as np

from nbgrad.core.graph import get_default_graph, graph_of
from nbgrad.core.dtypes import as_dtype, float32
from nbgrad.core.endpoints import as_list
from nbgrad.core.errors import advise
from nbgrad.core.gradients import gradients
from nbgrad.core.graph import Operand, Tensor
from nbgrad.core.operands import as_tensor
from nbgrad.core.shapes import compatible, element_count, show
from nbgrad.ops.sources import ones_like
from nbgrad.ops.shaping import cast
from nbgrad.core.attributes import attribute
from nbgrad.ops.functions import conj
from nbgrad.ops.logic import greater, is_finite, where
from nbgrad.ops.matrix import (
    _einsum, diag as tensor_diag, diag_part as tensor_diag_part, matrix_band_part, matrix_diag,
    matrix_diag_part, matrix_transpose,
)
from nbgrad.ops.parts import stack
from nbgrad.ops.piecewise import abs, maximum, minimum
from nbgrad.ops.reductions import l2_loss
from nbgrad.ops.shaping import rank_of, reshape, size
from nbgrad.ops.solving import (
    _slogdet, cholesky, matrix_determinant as det, matrix_inverse as inv, matrix_solve as solve,
    matrix_triangular_solve,
)
from nbgrad.tf1.left_out import absent
from nbgrad.tf1.math import add_n, divide, l2_normalize, log, multiply, pow, sqrt, without_axes
from nbgrad.tf1.signatures import composite, matmul, reduce_max, reduce_sum, takes
from nbgrad.tf1.tensors import ones
# isort: on

__all__ = [
    "band_part", "cholesky", "cholesky_solve", "det", "diag", "diag_part", "einsum", "eye",
    "global_norm", "inv", "l2_normalize", "logdet", "matmul", "matrix_band_part", "matrix_diag",
    "matrix_diag_part", "matrix_transpose", "norm", "slogdet", "solve", "tensor_diag",
    "tensor_diag_part", "tensordot", "trace", "transpose", "triangular_solve",
]
# fmt: on
__dir__ = __all__.copy
__getattr__ = absent("linalg", __all__)

band_part = matrix_band_part
diag = matrix_diag
diag_part = matrix_diag_part
transpose = matrix_transpose
triangular_solve = matrix_triangular_solve


def einsum(equation: str, *inputs, **kwargs) -> Tensor:
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
        names = ", ".join(sorted(unknown))
        raise TypeError(f"invalid keyword arguments for this function: {names}")
    equation = equation.replace(" ", "")
    if "." in equation:
        raise ValueError(f"Subscripts not supported: {equation}\nGive every axis a letter.")
    left, arrow, right = equation.partition("->")
    operands = left.split(",")
    if len(operands) != len(inputs):
        problem = f'Got {len(inputs)} arguments for equation "{equation}"'
        raise ValueError(f"{problem}, expecting {len(operands)}")
    for letters in operands:
        if len(set(letters)) < len(letters):
            raise ValueError(f"Subscript not supported: an axis appears more than once: {letters}")
    if not arrow:
        once = [c for c in left if c.isalpha() and left.count(c) == 1]
        right = "".join(sorted(once))
    if set(right) - set(left):
        raise ValueError(f"Invalid equation: {equation}\nIts result has axes that no operand has.")
    return _einsum(list(inputs), f"{left}->{right}", kwargs.get("name") or "einsum")


def tensordot(a, b, axes, name=None) -> Tensor:
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
        for each, axis_count in ((x, rank), (y, other_rank)):
            if axes > axis_count:
                problem = "'axes' must not be larger than the number of dimensions of tensor"
                raise ValueError(advise(f"{problem} {each}.", each.op))
        pairs = [(rank - axes + i, i) for i in range(axes)]
    else:
        first, second = ([each] if isinstance(each, int) else list(each) for each in axes)
        if len(first) != len(second):
            counts = f"{len(first)} != {len(second)}"
            raise ValueError(f"Different number of contraction axes 'a' and 'b', {counts}.")
        pairs = [(i % rank, j % other_rank) for i, j in zip(first, second, strict=True)]
    of_x = list(string.ascii_lowercase[:rank])
    of_y = list(string.ascii_uppercase[:other_rank])
    for i, j in pairs:
        of_y[j] = of_x[i]
    rest = [c for c in of_x if c not in of_y] + [c for c in of_y if c not in of_x]
    return _einsum([x, y], f"{''.join(of_x)},{''.join(of_y)}->{''.join(rest)}", name or "Tensordot")


@takes("tensor, ord='euclidean', axis=None, keepdims=None, name=None, keep_dims=None")
@composite("norm", "tensor")
def norm(tensor, ord="euclidean", axis=None, keepdims=None, name=None) -> Tensor:
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
    if ord in ("euclidean", "fro"):
        found = sqrt(reduce_sum(multiply(tensor, conj(tensor)), axis, True))
    else:
        found = matrix_norm(tensor, ord, *axis) if pair else vector_norm(tensor, ord, axis)
    return without_axes(found, axis, keepdims)


def vector_norm(x: Tensor, ord, axis) -> Tensor:
    if ord == 2:
        return sqrt(reduce_sum(multiply(x, conj(x)), axis, True))
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


def matrix_norm(x: Tensor, ord, rows: int, columns: int) -> Tensor:
    if ord in (1, np.inf):
        summed, compared = (rows, columns) if ord == 1 else (columns, rows)
        return reduce_max(reduce_sum(abs(x), summed, True), compared, True)
    if ord == 2:
        raise NotImplementedError("The largest singular value needs tf.svd, which nbgrad lacks.")
    raise ValueError(
        f"'ord' must be a supported matrix norm in ['euclidean', 'fro', 1, 2, inf], got {ord}"
    )


@composite("Trace")
def trace(x, name=None) -> Tensor:
    """The sum of the diagonal of each matrix, z = Σᵢ xᵢᵢ.

    >>> print(tf.Session().run(tf.linalg.trace([[1.0, 2.0], [3.0, 4.0]])))
    5.0
    """
    return reduce_sum(matrix_diag_part(x), -1, name=name)


@composite("eye")
def eye(num_rows, num_columns=None, batch_shape=None, dtype=float32, name=None) -> Tensor:
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


def slogdet(input, name=None) -> LogMatrixDeterminant:
    """The sign of the determinant of each matrix, and the logarithm of its absolute value.

    The gradient of the logarithm is x⁻ᵀ (Giles, "Collected Matrix Derivative Results for Forward
    and Reverse Mode Algorithmic Differentiation", 2008).

    >>> print(*tf.Session().run(tf.linalg.slogdet([[0.0, 1.0], [1.0, 0.0]])))
    -1.0 0.0
    """
    return LogMatrixDeterminant(*_slogdet(input, name))


@composite("logdet")
def logdet(matrix, name=None) -> Tensor:
    """The logarithm of the determinant of each positive definite matrix, z = log det x.

    It is twice the sum of the logarithms on the diagonal of the Cholesky factor.

    >>> print(tf.Session().run(tf.linalg.logdet([[1.0, 0.0], [0.0, 1.0]])))
    0.0
    """
    return multiply(2.0, reduce_sum(log(matrix_diag_part(cholesky(matrix))), -1), name=name)


@composite("cholesky_solve")
def cholesky_solve(chol, rhs, name=None) -> Tensor:
    """The solution of x z = b, z = (c cᵀ)⁻¹ b, from the Cholesky factor c of x and b = `rhs`.

    Of the factor only what stands on and below its diagonal counts.

    >>> print(tf.Session().run(tf.cholesky_solve([[2.0, 0.0], [0.0, 1.0]], [[8.0], [3.0]])))
    [[2.]
     [3.]]
    """
    inner = matrix_triangular_solve(chol, rhs)
    return matrix_triangular_solve(chol, inner, adjoint=True, name=name)


@composite("clip_by_value", "t")
def clip_by_value(t, clip_value_min, clip_value_max, name=None) -> Tensor:
    """Every element kept between two bounds, z = max(min(x, above), below).

    Where x lies outside the bounds, no gradient passes; on a bound it does.

    >>> print(tf.Session().run(tf.clip_by_value([-3.0, 0.5, 3.0], -1.0, 1.0)))
    [-1.   0.5  1. ]
    """
    clipped = maximum(minimum(t, clip_value_max), clip_value_min, name=name)
    if not compatible(t.static_shape, clipped.static_shape):
        both = f"{show(t.static_shape)} and {show(clipped.static_shape)}"
        raise ValueError(advise(f"Shapes {both} are not compatible", clipped.op))
    return clipped


@composite("clip_by_norm", "t")
def clip_by_norm(t, clip_norm, axes=None, name=None) -> Tensor:
    """A tensor shortened to length c where it is longer, z = x · c / max(‖x‖, c).

    Lengths are taken along `axes`, by default over all elements.

    >>> print(tf.Session().run(tf.clip_by_norm([3.0, 4.0], 1.0)))
    [0.6 0.8]
    """
    squares = reduce_sum(multiply(t, t), axes, True)
    # The root has no slope at 0, and none is needed: there nothing is clipped.
    some = greater(squares, 0)
    norm = where(some, sqrt(where(some, squares, ones_like(squares))), squares)
    return divide(multiply(t, clip_norm), maximum(norm, clip_norm), name=name)


@composite("clip_by_average_norm", "t")
def clip_by_average_norm(t, clip_norm, name=None) -> Tensor:
    """A tensor of n elements shortened where ‖x‖ / n is above c, z = x · c / max(‖x‖ / n, c).

    >>> print(tf.Session().run(tf.clip_by_average_norm([3.0, 4.0], 1.0)))
    [1.2 1.6]
    """
    average = divide(sqrt(reduce_sum(multiply(t, t))), cast(size(t), t.dtype))
    return divide(multiply(t, clip_norm), maximum(average, clip_norm), name=name)


@composite("global_norm")
def global_norm(t_list, name=None) -> Tensor | None:
    """The length of all tensors of a list together, z = √ΣΣx².

    Items that are None do not count; of nothing else the result is None.

    >>> print(tf.Session().run(tf.global_norm([[3.0], None, [[4.0]]])))
    5.0
    """
    halves = [l2_loss(t) for t in as_sequence(t_list) if t is not None]
    return sqrt(multiply(add_n(halves), 2), name=name) if halves else None


@composite("clip_by_global_norm")
def clip_by_global_norm(
    t_list, clip_norm, use_norm=None, name=None
) -> tuple[list[Tensor | None], Tensor | None]:
    """Tensors shortened by one factor where their global norm n is above c, z = x · c / max(n, c).

    Returns the list (None stays None), and the norm before, which `use_norm` may give. If it is
    not finite, all become NaN.

    >>> clipped, norm = tf.clip_by_global_norm([[3.0], [4.0]], 1.0)
    >>> print(*tf.Session().run(clipped), tf.Session().run(norm))
    [0.6] [0.8] 5.0
    """
    tensors = as_sequence(t_list)
    norm = global_norm(tensors) if use_norm is None else use_norm
    if norm is None:
        return list(tensors), None
    scale = multiply(clip_norm, minimum(divide(1.0, norm), divide(ones_like(norm), clip_norm)))
    # From an infinite norm there is no way back to numbers: all become NaN, as a warning.
    scale = where(is_finite(norm), scale, multiply(ones_like(norm), np.nan))
    return [None if t is None else multiply(t, scale) for t in tensors], norm


def as_sequence(t_list) -> Any:
    if not isinstance(t_list, list | tuple) or isinstance(t_list, Operand):
        raise TypeError("t_list should be a sequence\nGive a list of tensors, as from gradients().")
    return t_list


@takes(
    "ys, xs, name='hessians', colocate_gradients_with_ops=False, gate_gradients=False, "
    "aggregation_method=None"
)
def hessians(ys, xs, aggregation_method=None) -> list[Tensor]:
    """For each x, the second derivatives of the sum of all ys: ∂²y / ∂xᵢ∂xⱼ.

    The gradient of the gradient: one reverse pass for y, and one for each element of ∂y/∂x. The
    list has a tensor for each x, of its shape twice over. A ValueError says that no way leads from
    an x to the ys, or that the shape of an x is not known. Only `ys` and `xs` have an effect.

    >>> x = tf.constant([1.0, 2.0])
    >>> [hessian] = tf.hessians(tf.reduce_sum(x * x * x), x)
    >>> print(tf.Session().run(hessian).tolist())
    [[6.0, 0.0], [0.0, 12.0]]
    """
    xs = as_list(xs)
    first = gradients(ys, xs, aggregation_method=aggregation_method)
    return [hessian_of(gradient, x) for gradient, x in zip(first, xs, strict=True)]


def hessian_of(gradient: Tensor | None, x) -> Tensor:
    """The gradient of every element of a gradient, stacked."""
    if gradient is None:
        raise ValueError("None values not supported.\nThere is no gradient with respect to x.")
    tensor = x.as_graph_element()
    count = element_count(tensor.static_shape)
    if count is None:
        problem = f"The Hessian of an x of shape {tensor.shape} has an unknown number of rows."
        raise ValueError(advise(problem, tensor.op, "Give the placeholder a shape."))
    elements = reshape(gradient, [-1])
    rows = [gradients(elements[i], x)[0] for i in range(count)]
    if None in rows:
        raise ValueError(
            "None values not supported.\n"
            "The gradient does not depend on x: its derivative, the Hessian, is zero."
        )
    return reshape(stack(rows), [*tensor.static_shape, *tensor.static_shape])
