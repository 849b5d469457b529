"""Lengths of vectors, and vectors brought to length 1."""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrad.graph import Tensor, graph_of
from nbgrad.graph.operands import as_tensor
from nbgrad.ops.calling import composite
from nbgrad.ops.define import operation
from nbgrad.ops.elementwise.arithmetic import multiply, square
from nbgrad.ops.elementwise.piecewise import abs, maximum
from nbgrad.ops.elementwise.powers import pow, rsqrt, sqrt
from nbgrad.ops.reductions.extremes import reduce_max
from nbgrad.ops.reductions.statistics import without
from nbgrad.ops.reductions.sums import reduce_sum
from nbgrad.ops.shape_rules import scalar
from nbgrad.registry import RegisterGradient


@operation("L2Loss", dtypes="F->F", shape=scalar, symbol="½Σx²", text="½ Σ {t}²")
def l2_loss(t):
    """Half the sum of all squares, z = ½ Σ x², whose gradient is x itself.

    >>> tf.nn.l2_loss([3.0, 4.0])
    12.5
    """
    return np.asarray(np.sum(np.square(t)) / 2).astype(t.dtype)[()]


@RegisterGradient("L2Loss")
def _l2_loss_grad(op, dz):
    return multiply(dz, op.inputs[0])


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
