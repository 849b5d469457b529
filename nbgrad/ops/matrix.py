"""Products of matrices; their transposes, diagonals and bands."""

from typing import Any

import numpy as np

from nbgrad.core.errors import InvalidArgumentError, ShapeError, invalid
from nbgrad.core.graph import Tensor, graph_of, shape_of
from nbgrad.core.operands import as_tensor
from nbgrad.core.registry import RegisterGradient
from nbgrad.core.shapes import (
    brackets,
    broadcast,
    if_known,
    must_agree,
    must_have_axes,
    must_have_rank,
)
from nbgrad.core.traits import Binds
from nbgrad.ops.define import operation
from nbgrad.ops.parts import order_of
from nbgrad.ops.reductions import spread
from nbgrad.ops.shaping import rank_if_known, size_along, sum_to, transpose


def _matmul_shape(a, b, *, transpose_a, transpose_b):
    """The rows of `a` and the columns of `b`, after the leading axes of both."""
    if a is None or b is None:
        for known in (a, b):
            must_have_axes(known, 2)
        return None
    if len(a) < 2 or len(b) < 2:
        raise ShapeError(f"Shape must be rank 2 but is rank {min(len(a), len(b))}")
    rows, inner_a = a[:-3:-1] if transpose_a else a[-2:]
    inner_b, columns = b[:-3:-1] if transpose_b else b[-2:]
    must_agree(inner_a, inner_b)
    return (*(broadcast(a[:-2], b[:-2]) or ()), rows, columns)


def _product(a, b, transposed):
    """The notation of a product, with a sign behind what is transposed."""
    return lambda at: f"{a}{transposed * at['transpose_a']} {b}{transposed * at['transpose_b']}"


@operation(
    "MatMul",
    "@",
    _product("{a}", "{b}", "ᵀ"),
    _product("{{{a}}}", "{{{b}}}", r"^{{\top}}"),
    dtypes="N,N->N",
    shape=_matmul_shape,
    binds=Binds.PRODUCT,
)
def matmul(a, b, *, transpose_a=False, transpose_b=False):
    """The product of matrices, z = a b; axes before the last two count the matrices.

    >>> print(tf.Session().run(tf.matmul([[1.0, 2.0], [3.0, 4.0]], [[1.0], [10.0]])))
    [[21.]
     [43.]]

    Giles, "Collected Matrix Derivative Results for Forward and Reverse Mode Algorithmic
    Differentiation", 2008, for its gradients dz bᵀ and aᵀ dz.
    """
    for i, matrix in enumerate((a, b)):
        if matrix.ndim < 2:  # NumPy would take a vector
            raise invalid(f"In[{i}] ndims must be >= 2: {matrix.ndim}")
    try:
        left = a.swapaxes(-1, -2) if transpose_a else a
        right = b.swapaxes(-1, -2) if transpose_b else b
        return np.matmul(left, right)
    except ValueError:
        raise size_mismatch(a, b) from None


def size_mismatch(*operands: Any) -> InvalidArgumentError:
    """The error of a contraction over axes of different sizes."""
    sizes = (f"In[{i}]: {brackets(np.shape(x))}" for i, x in enumerate(operands))
    return invalid(f"Matrix size-incompatible: {', '.join(sizes)}")


@RegisterGradient("MatMul")
def _matmul_grad(op, dz):
    a, b = op.inputs
    ta, tb = op.attributes["transpose_a"], op.attributes["transpose_b"]
    da = matmul(b, dz, tb, True) if ta else matmul(dz, b, False, not tb)
    db = matmul(dz, a, True, ta) if tb else matmul(a, dz, not ta, False)
    return _sum_batches(da, a), _sum_batches(db, b)


def _sum_batches(gradient, operand):
    """A gradient summed over the leading axes along which one matrix served many products."""
    known, wanted = gradient.static_shape, operand.static_shape
    if known and wanted and len(known) == len(wanted) == 2:
        gradient.set_shape(wanted)
    elif known is None or known != wanted:
        return sum_to(gradient, shape_of(operand))
    return gradient


@if_known
def _einsum_shape(*shapes, equation):
    sizes: dict[str, int | None] = {}
    operands, _, result = equation.partition("->")
    for letters, shape in zip(operands.split(","), shapes, strict=True):
        must_have_rank(shape, len(letters))
        for letter, size in zip(letters, shape, strict=True):
            known = sizes.get(letter)
            must_agree(known, size)
            sizes[letter] = known if size is None else size
    return tuple(sizes[letter] for letter in result)


@operation("Einsum", "einsum", dtypes="N->N", shape=_einsum_shape)
def _einsum(*inputs, equation):
    """z = the products of all x, summed over the letters that the result lacks"""
    sizes: dict[str, int] = {}
    for letters, x in zip(equation.partition("->")[0].split(","), inputs, strict=True):
        for letter, size in zip(letters, x.shape, strict=True):
            if sizes.setdefault(letter, size) != size:  # NumPy would repeat what has size 1
                raise size_mismatch(*inputs)
    return np.asarray(np.einsum(equation, *inputs, optimize=len(inputs) > 2))[()]


@RegisterGradient("Einsum")
def _einsum_grad(op, dz):
    operands, _, result = op.attributes["equation"].partition("->")
    letters = operands.split(",")
    dxs = []
    for i, (x, mine) in enumerate(zip(op.inputs, letters, strict=True)):
        # dz takes the place of x. Letters that x alone has were summed: dx is the same along them.
        others, theirs = [*op.inputs], [*letters]
        others[i], theirs[i] = dz, result
        there = [letter for letter in mine if any(letter in each for each in theirs)]
        dx = _einsum(others, f"{','.join(theirs)}->{''.join(there)}")
        missing = [axis for axis, letter in enumerate(mine) if letter not in there]
        dxs.append(spread(dx, shape_of(x), missing) if missing else dx)
    return dxs


@if_known
def _diag_shape(shape):
    """Each size twice."""
    must_have_axes(shape, 1)
    return shape * 2


@operation("Diag", "diag", dtypes="N->N", shape=_diag_shape)
def diag(diagonal):
    """The matrix with a vector on its diagonal, and zeros beside it; of more axes, each twice.

    >>> print(tf.Session().run(tf.diag([1.0, 2.0])))
    [[1. 0.]
     [0. 2.]]
    """
    return np.diag(np.ravel(diagonal)).reshape(np.shape(diagonal) * 2)


@RegisterGradient("Diag")
def _diag_grad(op, dz):
    return diag_part(dz)


@if_known
def _diag_part_shape(shape):
    """The first half of the sizes of the operand."""
    half, odd = divmod(len(shape), 2)
    if odd or not half:
        raise ShapeError(f"Input must have even and non-zero rank, input rank is {len(shape)}")
    for a, b in zip(shape[:half], shape[half:], strict=True):
        must_agree(a, b)
    return shape[:half]


@operation("DiagPart", "diag", dtypes="N->N", shape=_diag_part_shape)
def diag_part(input):
    """The diagonal of a matrix, zᵢ = xᵢᵢ; of more axes, the first half of them.

    >>> print(tf.Session().run(tf.diag_part([[1.0, 2.0], [3.0, 4.0]])))
    [1. 4.]
    """
    half = np.shape(input)[: np.ndim(input) // 2]
    size = int(np.prod(half))
    return np.diagonal(np.reshape(input, (size, size))).reshape(half)


@RegisterGradient("DiagPart")
def _diag_part_grad(op, dz):
    return diag(dz)


@if_known
def _matrix_diag_shape(shape, *, num_rows, num_cols):
    must_have_axes(shape, 1)
    return (*shape[:-1], num_rows or shape[-1], num_cols or shape[-1])


@operation("MatrixDiag", "diag", shape=_matrix_diag_shape, name="diag")
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

    >>> print(tf.Session().run(tf.matrix_diag([[1.0, 2.0]])))
    [[[1. 0.]
      [0. 2.]]]
    """
    return _matrix_diag(diagonal, name=name)


@if_known
def _matrix_diag_part_shape(shape):
    """The shape of the operand, with the shorter of its last two axes for both."""
    must_have_axes(shape, 2)
    return (*shape[:-2], None if None in shape[-2:] else min(shape[-2:]))


@operation("MatrixDiagPart", "diag", shape=_matrix_diag_part_shape, name="diag_part")
def matrix_diag_part(input):
    """The diagonal of each matrix, zᵢ = xᵢᵢ.

    >>> print(tf.Session().run(tf.matrix_diag_part([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])))
    [1. 5.]
    """
    return np.diagonal(input, axis1=-2, axis2=-1)


@RegisterGradient("MatrixDiagPart")
def _matrix_diag_part_grad(op, dz):
    x = op.inputs[0]
    return _matrix_diag(dz, size_along(x, -2), size_along(x, -1))


@operation("MatrixBandPart", "band", shape=lambda x, **_rest: must_have_axes(x, 2))
def matrix_band_part(input, *, num_lower, num_upper):
    """Each matrix with zeros outside a band around its diagonal.

    >>> print(tf.Session().run(tf.matrix_band_part([[1.0, 2.0], [3.0, 4.0]], -1, 0)))
    [[1. 0.]
     [3. 4.]]
    """
    *_, rows, columns = np.shape(input)
    below = np.tril(input, columns if num_upper < 0 else num_upper)
    return np.triu(below, -(rows if num_lower < 0 else num_lower))


@RegisterGradient("MatrixBandPart")
def _matrix_band_part_grad(op, dz):
    return matrix_band_part(dz, **op.attributes)


def matrix_transpose(a: Any, name: str = "matrix_transpose") -> Tensor:
    """Each matrix transposed, z = xᵀ: the last two axes change places.

    >>> print(tf.Session().run(tf.matrix_transpose([[[1.0], [2.0], [3.0]]])))
    [[[1. 2. 3.]]]
    """
    tensor = as_tensor(a, graph_of(a), name="a")
    known, rank = tensor.static_shape, rank_if_known(tensor)
    if known is not None and rank < 2:
        problem = "Argument 'a' should be a (batch) matrix, with rank >= 2."
        raise ValueError(f"{problem}  Found: {tensor.shape}")
    with tensor.graph.name_scope(name):
        return transpose(tensor, order_of((0, rank - 2), (rank - 1, rank), (rank - 2, rank - 1)))
