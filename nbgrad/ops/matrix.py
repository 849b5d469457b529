"""Products of matrices."""

from __future__ import annotations

import numpy as np

from nbgrad.core.errors import InvalidArgumentError, ShapeError
from nbgrad.core.graph import shape_of
from nbgrad.core.registry import Binds, RegisterGradient
from nbgrad.core.shapes import brackets, broadcast
from nbgrad.ops import define
from nbgrad.ops.copying import sum_to
from nbgrad.ops.define import operation
from nbgrad.ops.reductions import spread


def _product_shape(a, b, *, transpose_a, transpose_b):
    """The rows of `a` and the columns of `b`, after the leading axes of both."""
    if a is None or b is None:
        for known in (a, b):
            if known is not None and len(known) < 2:
                raise ShapeError(f"Shape must be at least rank 2 but is rank {len(known)}")
        return None
    if len(a) < 2 or len(b) < 2:
        raise ShapeError(f"Shape must be rank 2 but is rank {min(len(a), len(b))}")
    rows, inner_a = a[:-3:-1] if transpose_a else a[-2:]
    inner_b, columns = b[:-3:-1] if transpose_b else b[-2:]
    if None not in (inner_a, inner_b) and inner_a != inner_b:
        raise ShapeError(f"Dimensions must be equal, but are {inner_a} and {inner_b}")
    return (*(broadcast(a[:-2], b[:-2]) or ()), rows, columns)


def _product_text(attributes):
    return _product(attributes, "{a}", "{b}", "ᵀ")


def _product_latex(attributes):
    return _product(attributes, "{{{a}}}", "{{{b}}}", r"^{{\top}}")


def _product(attributes, a, b, transposed):
    a += transposed if attributes["transpose_a"] else ""
    b += transposed if attributes["transpose_b"] else ""
    return f"{a} {b}"


def _product_node(op, write):
    """TensorFlow has an operation of its own for stacks of matrices."""
    if op.outputs[0].static_shape is not None and len(op.outputs[0].static_shape) > 2:
        write.spelled(op, "BatchMatMulV2(a, b) T=a adj_x=transpose_a adj_y=transpose_b")
    else:
        write.spelled(op, "(a, b) T=a transpose_a=transpose_a transpose_b=transpose_b")


@operation(
    "MatMul",
    node=_product_node,
    dtypes="N,N->N",
    shape=_product_shape,
    symbol="@",
    text=_product_text,
    latex=_product_latex,
    binds=Binds.PRODUCT,
    cells="product",
    subscripts=define.matrix_product,
    order="a b transpose_a transpose_b adjoint_a adjoint_b a_is_sparse b_is_sparse name",
    aliases={"adjoint_a": "transpose_a", "adjoint_b": "transpose_b"},
)
def matmul(a, b, *, transpose_a=False, transpose_b=False):
    """The product of matrices, z = a b, each transposed first where asked.

    Axes before the last two count the matrices, and broadcast.

    Raises
    ------
    InvalidArgumentError
        In a run, if sizes do not fit that were not known before.

    References
    ----------
    Giles, "Collected Matrix Derivative Results for Forward and Reverse Mode Algorithmic
    Differentiation", 2008, for its gradients dz bᵀ and aᵀ dz.

    >>> tf.matmul([[1.0, 2.0], [3.0, 4.0]], [[1.0], [10.0]])
    [[21.]
     [43.]]
    """
    try:
        left = a.swapaxes(-1, -2) if transpose_a else a
        right = b.swapaxes(-1, -2) if transpose_b else b
        return np.matmul(left, right)
    except ValueError:
        for i, matrix in enumerate((a, b)):
            if matrix.ndim < 2:
                sentence = f"In[{i}] ndims must be >= 2: {matrix.ndim}"
                raise InvalidArgumentError(None, None, sentence) from None
        sizes = f"In[0]: {brackets(a.shape)}, In[1]: {brackets(b.shape)}"
        raise InvalidArgumentError(None, None, f"Matrix size-incompatible: {sizes}") from None


@RegisterGradient("MatMul")
def _matmul_grad(op, dz):
    a, b = op.inputs
    ta, tb = op.attributes["transpose_a"], op.attributes["transpose_b"]
    if ta:
        da = matmul(b, dz, transpose_a=tb, transpose_b=True)
    else:
        da = matmul(dz, b, transpose_b=not tb)
    if tb:
        db = matmul(dz, a, transpose_a=True, transpose_b=ta)
    else:
        db = matmul(a, dz, transpose_a=not ta)
    return _unbatched(da, a), _unbatched(db, b)


def _unbatched(gradient, operand):
    """A gradient summed over the leading axes along which one matrix served many products."""
    known, wanted = gradient.static_shape, operand.static_shape
    if known is not None and wanted is not None and len(known) == len(wanted) == 2:
        gradient.set_shape(wanted)
        return gradient
    if known is not None and known == wanted:
        return gradient
    return sum_to(gradient, shape_of(operand))


def _contracted(*shapes, equation):
    if None in shapes:
        return None
    sizes: dict[str, int | None] = {}
    operands, _, result = equation.partition("->")
    for letters, shape in zip(operands.split(","), shapes, strict=True):
        if len(letters) != len(shape):
            raise ShapeError(f"Shape must be rank {len(letters)} but is rank {len(shape)}")
        for letter, size in zip(letters, shape, strict=True):
            known = sizes.get(letter)
            if None not in (known, size) and known != size:
                raise ShapeError(f"Dimensions must be equal, but are {known} and {size}")
            sizes[letter] = known if size is None else size
    return tuple(sizes[letter] for letter in result)


@operation("Einsum", dtypes="N->N", shape=_contracted, symbol="einsum")
def _einsum(*inputs, equation):
    """z = the products of all x, summed over the letters that the result lacks"""
    return np.asarray(np.einsum(equation, *inputs, optimize=len(inputs) > 2))[()]


@RegisterGradient("Einsum")
def _einsum_grad(op, dz):
    operands, _, result = op.attributes["equation"].partition("->")
    letters = operands.split(",")
    return [
        _back_to(
            x,
            mine,
            [dz, *op.inputs[:i], *op.inputs[i + 1 :]],
            [result, *letters[:i], *letters[i + 1 :]],
        )
        for i, (x, mine) in enumerate(zip(op.inputs, letters, strict=True))
    ]


def _back_to(x, mine, others, letters):
    """The contraction of dz with the other operands, in the shape of x.

    Letters that x alone has were summed; each of its elements along them gets the same.
    """
    there = [letter for letter in mine if any(letter in each for each in letters)]
    dx = _einsum(others, f"{','.join(letters)}->{''.join(there)}")
    missing = [i for i, letter in enumerate(mine) if letter not in there]
    return spread(dx, shape_of(x), missing) if missing else dx
