"""Operations that copy elements: as they are, in another dtype, or repeated."""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrad import dtypes
from nbgrad.errors import ShapeError
from nbgrad.graph import Operand, Tensor, graph_of, name_of, shape_of
from nbgrad.graph.operands import as_tensor
from nbgrad.ops import subscripts
from nbgrad.ops.define import elementwise, operation
from nbgrad.ops.shape_rules import as_given
from nbgrad.registry import NotDifferentiable, RegisterGradient
from nbgrad.shapes import broadcast, compatible, is_known

# Copies and casts ---------------------------------------------------------------------------


@elementwise("Identity", dtypes="T->T", symbol="=", text="{input}", inline="{input}")
def identity(input):
    """The same tensor again, z = x, as an operation of its own.

    >>> tf.identity([1.0, 2.0])
    [1. 2.]
    """
    return input


@RegisterGradient("Identity")
def _identity_grad(op, dz):
    return dz


@elementwise("Cast", node="(x) SrcT=x DstT=dtype", dtypes="A->dtype", symbol="cast", text="{x}")
def _cast(x, *, dtype):
    """z = x with elements of another dtype"""
    return x.astype(dtype.as_numpy_dtype, copy=False)


@RegisterGradient("Cast")
def _cast_grad(op, dz):
    x = op.inputs[0]
    return cast(dz, x.dtype) if x.dtype.is_trainable and dz.dtype.is_trainable else None


def cast(x: Any, dtype: Any, name: str | None = None) -> Tensor:
    """The tensor with elements of another dtype; one that has it already as it is.

    Decimals are cut off on the way to integers. Gradients pass from float to float alone.

    Parameters
    ----------
    x : tensor_like of any dtype
    dtype : DType
        The dtype of the result.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of dtype `dtype`. The shape of `x`.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.cast([1.8, -1.8], tf.int32)))
    [ 1 -1]
    """
    wanted = dtypes.as_dtype(dtype)
    if isinstance(x, Operand) and (tensor := x.as_tensor()).dtype is wanted:
        return tensor
    return _cast(x, wanted, name)


# Filling and repeating ----------------------------------------------------------------------


@operation("ZerosLike", name="zeros_like", symbol="0", text="0")
def _zeros_like(tensor):
    """z = zeros of the shape and dtype of x"""
    return np.zeros_like(tensor)


@operation("OnesLike", name="ones_like", symbol="1", text="1")
def _ones_like(tensor):
    """z = ones of the shape and dtype of x"""
    return np.ones_like(tensor)


NotDifferentiable("ZerosLike")
NotDifferentiable("OnesLike")


def zeros_like(
    tensor: Any, dtype: Any = None, name: str | None = None, optimize: bool = True
) -> Tensor:
    """Zeros in the shape of a tensor; a constant where it is known before a run.

    Parameters
    ----------
    tensor : tensor_like of any dtype
    dtype : DType, optional
        The dtype of the result, where it is not that of `tensor`.
    name : str, optional
        What the operation is called in the graph.
    optimize : bool, default True
        Accepted as in TensorFlow, and without effect.

    Returns
    -------
    Tensor
        The shape of `tensor`. No gradient passes.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.zeros_like([3.0, 4.0])))
    [0. 0.]
    """
    x = as_tensor(tensor, graph_of(tensor), name="tensor")
    wanted = x.dtype if dtype is None else dtypes.as_dtype(dtype)
    known: Any = x.static_shape
    if is_known(known) and wanted is not dtypes.string:
        zeros = np.zeros(known, wanted.as_numpy_dtype)
        return x.graph.constant(zeros, name=name or "zeros_like")
    return _zeros_like(x if dtype is None else cast(x, dtype), name)


def ones_like(
    tensor: Any, dtype: Any = None, name: str | None = None, optimize: bool = True
) -> Tensor:
    """Ones in the shape of a tensor; a constant where it is known before a run.

    Parameters
    ----------
    tensor : tensor_like of any dtype
    dtype : DType, optional
        The dtype of the result, where it is not that of `tensor`.
    name : str, optional
        What the operation is called in the graph.
    optimize : bool, default True
        Accepted as in TensorFlow, and without effect.

    Returns
    -------
    Tensor
        The shape of `tensor`. No gradient passes.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.ones_like([3.0, 4.0])))
    [1. 1.]
    """
    return _ones_like(tensor if dtype is None else cast(tensor, dtype), name)


def _checked_broadcast(shape_in, *, shape):
    """The shape that `shape` says."""
    if not compatible(broadcast(shape_in, shape), shape):
        raise ShapeError(f"Cannot broadcast to {list(shape)}")
    return shape


@operation(
    "BroadcastTo",
    node="(input, shape) T=input Tidx=shape",
    shape=_checked_broadcast,
    symbol="⇉",
    text="{input}",
)
def broadcast_to(input, *, shape):
    """The tensor in a larger shape, repeated along axes that it lacks or where its size is 1.

    >>> tf.broadcast_to([1.0, 2.0], [2, 2])
    [[1. 2.]
     [1. 2.]]
    """
    return np.broadcast_to(input, shape)


@RegisterGradient("BroadcastTo")
def _broadcast_to_grad(op, dz):
    return sum_to(dz, shape_of(op.inputs[0]))


def _sum_to_node(op, write):
    """Sum over the axes along which TensorFlow would have broadcast, then Reshape."""
    x, T = op.inputs[0], op.inputs[0].dtype  # noqa: N806 - TensorFlow's name
    shape = write.setting(op, "shape")
    now = write.helper(op, "Shape", "Shape", [name_of(x)], T=T, out_type=dtypes.int32)
    axes = write.helper(op, "axes", "BroadcastGradientArgs", [shape, now], T=dtypes.int32)
    total = write.helper(op, "Sum", "Sum", [name_of(x), axes], T=T, Tidx=dtypes.int32)
    write.node(op, "Reshape", [total, shape], T=T, Tshape=dtypes.int32)


@operation(
    "SumTo",
    node=_sum_to_node,
    shape=as_given,
    symbol="Σ",
    text="Σ {x}",
    latex=r"\sum {x}",
    cells="sum",
    subscripts=subscripts.summed_to,
)
def sum_to(x, *, shape):
    """z = x summed over the axes along which a tensor of `shape` was repeated"""
    shape, extra = tuple(shape), x.ndim - len(shape)
    if x.shape == shape:
        return x
    # np.add.reduce is what np.sum calls: its preamble takes longer than a small sum.
    if x.shape[extra:] == shape:
        return np.add.reduce(x, tuple(range(extra)), x.dtype)
    stretched = (i + extra for i, size in enumerate(shape) if size == 1 != x.shape[i + extra])
    return np.add.reduce(x, (*range(extra), *stretched), x.dtype, keepdims=True).reshape(shape)


@RegisterGradient("SumTo")
def _sum_to_grad(op, dz):
    return broadcast_to(dz, shape_of(op.inputs[0]))
