"""Operations that copy elements: as they are, in another dtype, or repeated."""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrad import dtypes
from nbgrad.errors import InvalidArgumentError, ShapeError, advise
from nbgrad.graph import Operand, Tensor, apply, graph_of, name_of, shape_of
from nbgrad.graph.operands import as_tensor
from nbgrad.ops import subscripts
from nbgrad.ops.calling import attribute
from nbgrad.ops.define import elementwise, operation
from nbgrad.registry import NotDifferentiable, RegisterGradient
from nbgrad.shapes import broadcast, compatible, is_known

# Copies and casts ---------------------------------------------------------------------------


@elementwise("Identity", dtypes="T->T", symbol="=", text="{input}", inline="{input}")
def identity(input):
    """z = x"""
    return input


@RegisterGradient("Identity")
def _identity_grad(op, dz):
    return dz


@elementwise("StopGradient", dtypes="T->T", symbol="‖", text="stop({input})", inline="{input}")
def stop_gradient(input):
    """z = x, through which no gradient passes"""
    return input


NotDifferentiable("StopGradient")


@elementwise("Cast", node="(x) SrcT=x DstT=dtype", dtypes="A->dtype", symbol="cast", text="{x}")
def _cast(x, *, dtype):
    """z = x with elements of another dtype"""
    return x.astype(dtype.as_numpy_dtype, copy=False)


@RegisterGradient("Cast")
def _cast_grad(op, dz):
    x = op.inputs[0]
    return cast(dz, x.dtype) if x.dtype.is_trainable and dz.dtype.is_trainable else None


def cast(x: Any, dtype: Any, name: str | None = None) -> Tensor:
    """z = x with elements of another dtype; a tensor that has this one already as it is"""
    wanted = dtypes.as_dtype(dtype)
    if isinstance(x, Operand) and (tensor := x.as_tensor()).dtype is wanted:
        return tensor
    return _cast(x, wanted, name)


def saturate_cast(value: Any, dtype: Any, name: str | None = None) -> Tensor:
    """z = x with elements of another dtype, the nearest it has where x lies outside of it"""
    wanted = dtypes.as_dtype(dtype)
    limited = apply("Minimum", apply("Maximum", value, wanted.min), wanted.max)
    return cast(limited, wanted, name=name or "saturate_cast")


def to_float(x: Any, name: str = "ToFloat") -> Tensor:
    """z = x as float32"""
    return cast(x, dtypes.float32, name=name)


def to_double(x: Any, name: str = "ToDouble") -> Tensor:
    """z = x as float64"""
    return cast(x, dtypes.float64, name=name)


def to_int32(x: Any, name: str = "ToInt32") -> Tensor:
    """z = x as int32, decimals cut off"""
    return cast(x, dtypes.int32, name=name)


def to_int64(x: Any, name: str = "ToInt64") -> Tensor:
    """z = x as int64, decimals cut off"""
    return cast(x, dtypes.int64, name=name)


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
    """z = x, and an error if any element is not a finite number"""
    found = ["Inf"] * bool(np.isinf(tensor).any()) + ["NaN"] * bool(np.isnan(tensor).any())
    if found:
        raise InvalidArgumentError(
            None, None, f"{message} : Tensor had {' and '.join(found)} values"
        )
    return tensor


@RegisterGradient("CheckNumerics")
def _check_numerics_grad(op, dz):
    return check_numerics(dz, "Not a number (NaN) or infinity (Inf) values detected in gradient.")


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
    """Zeros of the shape of x, of its dtype or another; a constant where the shape is known"""
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
    """Ones of the shape of x, of its dtype or another"""
    return _ones_like(tensor if dtype is None else cast(tensor, dtype), name)


def _the_shape(_value, *, shape, **_attributes):
    return shape


@operation(
    "Fill",
    node="(shape, value) T=value index_type=shape",
    shape=_the_shape,
    symbol="fill",
    text="{value}",
)
def _fill(value, *, shape):
    """z = a tensor of a shape, in which every element is x"""
    return np.full(shape, value, dtype=value.dtype) if len(shape) else value


def fill(dims: Any, value: Any, name: str | None = None) -> Tensor:
    """A tensor of shape `dims` in which every element is `value`"""
    shape = attribute("shape", dims)
    result: Tensor = graph_of(value, shape).apply("Fill", value, shape=shape, name=name)
    return result


@RegisterGradient("Fill")
def _fill_grad(op, dz):
    return apply("Sum", dz, axis=None, keepdims=False)


def _checked_broadcast(shape_in, *, shape):
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
    """z = x repeated along the axes that it lacks or where its size is 1"""
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
    shape=_the_shape,
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
