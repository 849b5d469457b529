"""Copies of a tensor: as it is, in another dtype, or repeated."""

import operator
from functools import partial
from typing import Any

import numpy as np

from nbgrad.core.dtypes import as_dtype, string
from nbgrad.core.errors import ShapeError, UnimplementedError, advise, invalid
from nbgrad.core.graph import Operand, Tensor, shape_of
from nbgrad.core.registry import RegisterGradient
from nbgrad.core.shapes import broadcast, compatible
from nbgrad.ops.define import as_given, elementwise, if_known, must_have_rank, operation


@elementwise("Identity", "=", "{input}", dtypes="T->T", rule=lambda dz, x, z: dz)
def identity(input):
    """The same tensor again, z = x, as an operation of its own.

    >>> print(tf.Session().run(tf.identity([1.0, 2.0])))
    [1. 2.]
    """
    return input


@elementwise("StopGradient", "‖", "stop({input})", dtypes="T->T", differentiable=False)
def stop_gradient(input):
    """The same tensor, z = x, through which no gradient passes back.

    >>> x = tf.constant(3.0)
    >>> print(*tf.Session().run(tf.gradients(tf.stop_gradient(x) * x, x)))
    3.0
    """
    return input


@elementwise("PreventGradient", "✋", "{input}", dtypes="T->T")
def prevent_gradient(input, *, message=""):
    """z = x, behind which asking for a gradient is an error"""
    return input


@RegisterGradient("PreventGradient")
def _prevent_gradient_grad(op, dz):
    reason = op.attributes["message"].encode()
    raise LookupError(advise(f"Gradient explicitly disabled. Reason: {reason}", op))


@elementwise("CheckNumerics", "✓", "{tensor}", dtypes="F->F")
def check_numerics(tensor, *, message):
    """The same tensor, and an error in a run if an element of it or of its gradient is not finite.

    >>> print(tf.Session().run(tf.check_numerics([1.0, 2.0], "here")))
    [1. 2.]
    """
    found = ["Inf"] * bool(np.isinf(tensor).any()) + ["NaN"] * bool(np.isnan(tensor).any())
    if found:
        raise invalid(f"{message} : Tensor had {' and '.join(found)} values")
    return tensor


@RegisterGradient("CheckNumerics")
def _check_numerics_grad(op, dz):
    return check_numerics(dz, "Not a number (NaN) or infinity (Inf) values detected in gradient.")


@elementwise("Cast", "cast", "{x}", dtypes="A->dtype")
def _cast(x, *, dtype):
    """z = x with elements of another dtype"""
    if (x.dtype.kind == "O") != (dtype is string):
        names = {"object": "string", "float32": "float"}
        given, wanted = (names.get(name, name) for name in (x.dtype.name, dtype.name))
        advice = 'A number has no quotation marks: 0.1, not "0.1".'
        problem = f"Cast {given} to {wanted} is not supported\n{advice}"
        raise UnimplementedError(None, None, problem)
    return x.astype(dtype.as_numpy_dtype, copy=False)


@RegisterGradient("Cast")
def _cast_grad(op, dz):
    x = op.inputs[0]
    return cast(dz, x.dtype) if x.dtype.is_inexact and dz.dtype.is_inexact else None


def cast(x: Any, dtype: Any, name: str | None = None) -> Tensor:
    """The tensor with elements of another dtype; gradients pass from float to float alone.

    >>> print(tf.Session().run(tf.cast([1.8, -1.8], tf.int32)))
    [ 1 -1]
    """
    wanted = as_dtype(dtype)
    if isinstance(x, Operand) and (tensor := x.as_tensor()).dtype is wanted:
        return tensor
    return _cast(x, wanted, name)


def _broadcast_to_shape(shape_in, *, shape):
    """The shape that `shape` says."""
    if not compatible(broadcast(shape_in, shape), shape):
        raise ShapeError(f"Cannot broadcast to {list(shape)}")
    return shape


@operation("BroadcastTo", "⇉", "{input}", shape=_broadcast_to_shape)
def broadcast_to(input, *, shape):
    """The tensor in a larger shape, repeated along axes that it lacks or where its size is 1.

    >>> print(tf.Session().run(tf.broadcast_to([1.0, 2.0], [2, 2])))
    [[1. 2.]
     [1. 2.]]
    """
    return np.broadcast_to(input, shape)


@RegisterGradient("BroadcastTo")
def _broadcast_to_grad(op, dz):
    return sum_to(dz, shape_of(op.inputs[0]))


@operation(
    "SumTo", "Σ", "Σ {x}", shape=as_given, rule=lambda dz, x, z: broadcast_to(dz, shape_of(x))
)
def sum_to(x, *, shape):
    """z = x summed over the axes along which a tensor of `shape` was repeated"""
    shape, extra = tuple(shape), x.ndim - len(shape)
    if x.shape == shape:
        return x
    # np.add.reduce is what np.sum calls: its preamble takes longer than a small sum.
    if x.shape[extra:] == shape:
        while shape and x.ndim > len(shape) + 1:  # whole arrays are added faster than rows
            x = np.add.reduce(x, 0, x.dtype)
        return np.add.reduce(x, tuple(range(x.ndim - len(shape))), x.dtype)
    stretched = (i + extra for i, size in enumerate(shape) if size == 1 != x.shape[i + extra])
    return np.add.reduce(x, (*range(extra), *stretched), x.dtype, keepdims=True).reshape(shape)


@if_known
def _each_size(shape, *, multiples, change):
    """The sizes of a shape, each changed by its multiple."""
    must_have_rank(multiples, len(shape))
    pairs = zip(shape, multiples, strict=True)
    return tuple(None if None in pair else change(*pair) for pair in pairs)


@operation("Tile", shape=partial(_each_size, change=operator.mul))
def tile(input, *, multiples):
    """The tensor repeated like a tile, along each axis as often as `multiples` says.

    >>> print(tf.Session().run(tf.tile([[1.0, 2.0]], [2, 2])))
    [[1. 2. 1. 2.]
     [1. 2. 1. 2.]]
    """
    if (count := len(multiples)) != (rank := input.ndim):  # NumPy would add axes
        lengths = f"{rank} but got length {count}"
        raise invalid(f"Expected multiples argument to be a vector of length {lengths}")
    for i, count in enumerate(multiples):
        if count < 0:
            raise invalid(f"Expected multiples[{i}] >= 0, but got {count}")
    return np.tile(input, multiples)


@RegisterGradient("Tile")
def _tile_grad(op, dz):
    return _sum_tiles(dz, op.attributes["multiples"])


@operation("TileGrad", "Σ", "Σ {input}", shape=partial(_each_size, change=operator.floordiv))
def _sum_tiles(input, *, multiples):
    """z = the sum of the tiles of x"""
    shape = [n for m, size in zip(multiples, input.shape, strict=True) for n in (m, size // m)]
    return np.reshape(input, shape).sum(axis=tuple(range(0, len(shape), 2)), dtype=input.dtype)


@RegisterGradient("TileGrad")
def _sum_tiles_grad(op, dz):
    return tile(dz, op.attributes["multiples"])
