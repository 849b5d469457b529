"""Lengths of vectors, and vectors brought to length 1."""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrad.graph import Tensor, graph_of
from nbgrad.graph.operands import as_tensor
from nbgrad.ops.calling import composite
from nbgrad.ops.define import operation
from nbgrad.ops.elementwise import multiply, square
from nbgrad.ops.extremes import reduce_max
from nbgrad.ops.piecewise import abs, maximum
from nbgrad.ops.powers import pow, rsqrt, sqrt
from nbgrad.ops.reductions import reduce_sum
from nbgrad.ops.statistics import without
from nbgrad.registry import RegisterGradient


def _to_scalar(_shape):
    return ()


@operation("L2Loss", dtypes="F->F", shape=_to_scalar, symbol="½Σx²", text="½ Σ {t}²")
def l2_loss(t):
    """z = ½ Σ x²"""
    return np.asarray(np.sum(np.square(t)) / 2).astype(t.dtype)[()]


@RegisterGradient("L2Loss")
def _l2_loss_grad(op, dz):
    return multiply(dz, op.inputs[0])


@composite("l2_normalize")
def l2_normalize(
    x: Any, axis: Any = None, epsilon: float = 1e-12, name: str | None = None, dim: Any = None
) -> Tensor:
    """z = x / √max(Σx², ε), along some axes"""
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
    """The norm of x over some axes: Euclidean, or the sum of |x|ᵖ to the power 1/p.

    Parameters
    ----------
    ord
        "euclidean" or "fro" for √Σx², a number p, or `np.inf` for the largest |x|.
    axis
        One axis, along which vectors lie; two, of matrices; all elements by default.

    Raises
    ------
    ValueError
        If `ord` or `axis` is none of these.
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
