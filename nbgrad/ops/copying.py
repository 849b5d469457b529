"""Operations that copy elements: as they are, in another dtype, or repeated."""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrad.core import dtypes
from nbgrad.core.default_graph import apply, graph_of
from nbgrad.core.errors import InvalidArgumentError, ShapeError, advise
from nbgrad.core.graph import Operand, Tensor, shape_of
from nbgrad.core.operands import as_tensor
from nbgrad.core.registry import NotDifferentiable, RegisterGradient
from nbgrad.core.shapes import broadcast, compatible, is_known
from nbgrad.ops import define
from nbgrad.ops.define import as_given, elementwise, operation
from nbgrad.tf1.export import name_of

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
    subscripts=define.summed_to,
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


@elementwise("StopGradient", dtypes="T->T", symbol="‖", text="stop({input})", inline="{input}")
def stop_gradient(input):
    """The same tensor, z = x, through which no gradient passes back.

    >>> import nbgrad as tf
    >>> x = tf.constant(3.0)
    >>> with tf.Session() as session:
    ...     print(*session.run(tf.gradients(tf.stop_gradient(x) * x, x)))
    3.0
    """
    return input


NotDifferentiable("StopGradient")


@elementwise(
    "PreventGradient",
    node="(input) T=input message=message",
    dtypes="T->T",
    symbol="✋",
    text="{input}",
    inline="{input}",
)
def prevent_gradient(input, *, message=""):
    """z = x, behind which asking for a gradient is an error"""
    return input


@RegisterGradient("PreventGradient")
def _prevent_gradient_grad(op, dz):
    reason = op.attributes["message"].encode()
    raise LookupError(advise(f"Gradient explicitly disabled. Reason: {reason}", op))


@elementwise(
    "CheckNumerics",
    node="(tensor) T=tensor message=message",
    dtypes="F->F",
    symbol="✓",
    text="{tensor}",
)
def check_numerics(tensor, *, message):
    """The same tensor, z = x, and an error in a run if an element is not a finite number.

    The gradient that comes back is checked in the same way.

    Raises
    ------
    InvalidArgumentError
        In a run, if `tensor` holds an infinity or a NaN.

    >>> tf.check_numerics([1.0, 2.0], "here")
    [1. 2.]
    """
    found = ["Inf"] * bool(np.isinf(tensor).any()) + ["NaN"] * bool(np.isnan(tensor).any())
    if found:
        raise InvalidArgumentError(
            None, None, f"{message} : Tensor had {' and '.join(found)} values"
        )
    return tensor


@RegisterGradient("CheckNumerics")
def _check_numerics_grad(op, dz):
    return check_numerics(dz, "Not a number (NaN) or infinity (Inf) values detected in gradient.")


@operation(
    "Fill",
    node="(shape, value) T=value index_type=shape",
    shape=as_given,
    symbol="fill",
    text="{value}",
)
def _fill(value, *, shape):
    """z = a tensor of a shape, in which every element is x"""
    return np.full(shape, value, dtype=value.dtype) if len(shape) else value


@RegisterGradient("Fill")
def _fill_grad(op, dz):
    return apply("Sum", dz, axis=None, keepdims=False)
