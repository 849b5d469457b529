"""The same elements in another shape, order or dtype, or repeated; the shape itself as a tensor."""

import operator
from functools import partial
from typing import Any

import numpy as np

from nbgrad.core.dtypes import as_dtype, int32, string
from nbgrad.core.endpoints import zeros_in_shape_of
from nbgrad.core.errors import ShapeError, UnimplementedError, advise, invalid
from nbgrad.core.graph import Operand, Tensor, graph_of, shape_of
from nbgrad.core.operands import as_tensor
from nbgrad.core.registry import RegisterGradient
from nbgrad.core.shapes import (
    as_given,
    broadcast,
    compatible,
    element_count,
    if_known,
    is_known,
    leaving_out,
    must_have_axes,
    must_have_rank,
    normal_axes,
    scalar_shape,
)
from nbgrad.ops.arithmetic import negative
from nbgrad.ops.define import elementwise, operation


def _reshape_shape(old, *, shape):
    """The shape that `shape` says."""
    if not isinstance(shape, tuple):
        raise ShapeError("Shape must be rank 1 but is rank 0")
    for size in shape:
        if size is not None and size < -1:
            raise ShapeError(f"Invalid value in tensor used for shape: {size}")
    new = tuple(None if size in (-1, None) else size for size in shape)
    total, known = element_count(old), [size for size in new if size is not None]
    product = int(np.prod(known))
    if total is None or shape.count(None) or shape.count(-1) > 1:
        return new
    if -1 in shape and product and total % product:
        raise ShapeError(f"Dimension size must be evenly divisible by {product} but is {total}")
    if total != product if is_known(new) else not product:
        wanted = f"{list(shape)} ({product} elements)"
        raise ShapeError(f"Cannot reshape a tensor with {total} elements to shape {wanted}")
    return tuple(total // product if size is None else size for size in new)


@operation("Reshape", shape=_reshape_shape)
def reshape(tensor, *, shape):
    """The elements of a tensor, in the same order, in another shape; −1 takes what is left.

    >>> print(tf.Session().run(tf.reshape([1.0, 2.0, 3.0, 4.0], [2, -1])))
    [[1. 2.]
     [3. 4.]]
    """
    try:
        return np.reshape(tensor, shape)
    except ValueError:
        free = [i for i, size in enumerate(shape) if size == -1]
        problem = "Only one input size may be -1, not both {} and {}\n"
        problem += "-1 takes what is left, which says nothing for two."
        if len(free) > 1:
            raise invalid(problem.format(*free)) from None
        wanted = "has" if np.min(shape) >= 0 else "requires a multiple of"
        problem = f"a tensor with {np.size(tensor)} values, but the requested shape {wanted}"
        raise invalid(f"Input to reshape is {problem} {abs(int(np.prod(shape)))}") from None


def _expand_dims_shape(shape, *, axis):
    """The shape of the operand, with an axis more."""
    if axis is None:
        raise ValueError("Must specify an axis argument to tf.expand_dims()")
    if shape is None:
        return None
    rank = len(shape)
    if not -rank - 1 <= axis <= rank:
        raise ShapeError(f"dim {axis} not in the interval [{-rank - 1}, {rank}].")
    axis %= rank + 1
    return (*shape[:axis], 1, *shape[axis:])


@operation("ExpandDims", "expand", "expand_dims({input})", shape=_expand_dims_shape)
def expand_dims(input, *, axis):
    """The tensor with one more axis, of size 1.

    >>> print(tf.Session().run(tf.expand_dims([1.0, 2.0], axis=1)))
    [[1.]
     [2.]]
    """
    return np.expand_dims(input, axis)


def _squeeze_shape(shape, *, axis):
    """The shape of the operand without these axes."""
    if shape is None or (axis in (None, ()) and None in shape):
        return None
    return leaving_out(shape, _unit_axes(shape, axis, ShapeError))


def _unit_axes(shape, axis, error):
    """The axes that are named, or else all of size 1."""
    if axis in (None, ()):
        return tuple(i for i, size in enumerate(shape) if size == 1)
    gone = normal_axes(axis, len(shape))
    for i in gone:
        if shape[i] not in (1, None):
            raise error(f"Can not squeeze dim[{i}], expected a dimension of 1, got {shape[i]}")
    return gone


@operation("Squeeze", shape=_squeeze_shape)
def squeeze(input, *, axis=None):
    """The tensor without its axes of size 1, or without those given.

    >>> print(tf.Session().run(tf.squeeze([[[1.0], [2.0]]])))
    [1. 2.]
    """
    return np.squeeze(input, _unit_axes(input.shape, axis, invalid))


@RegisterGradient("Reshape")
@RegisterGradient("ExpandDims")
@RegisterGradient("Squeeze")
def _reshape_grad(op, dz):
    return reshape(dz, shape_of(op.inputs[0]))


@if_known
def _transpose_shape(shape, *, perm):
    """The sizes of the operand in the new order."""
    if perm is None:
        return shape[::-1]
    rank = len(shape)
    if len(perm) != rank:
        raise ShapeError(f"Dimension must be {rank} but is {len(perm)}")
    for axis in perm:
        if axis >= rank:
            raise ShapeError(f"perm dim {axis} is out of range of input rank {rank}")
    return tuple(shape[axis] if axis >= 0 else None for axis in perm)


@operation("Transpose", "ᵀ", "{a}ᵀ", r"{{{a}}}^{{\top}}", shape=_transpose_shape, name="transpose")
def transpose(a, *, perm=None):
    """The tensor with its axes in another order, z = xᵀ: that of `perm`, or reversed.

    >>> print(tf.Session().run(tf.transpose([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])))
    [[1. 4.]
     [2. 5.]
     [3. 6.]]
    """
    try:
        return np.transpose(a, perm)
    except ValueError:
        missing = min({*range(a.ndim)} - {*perm}, default=0)
        problem = f"{missing} is missing from {{{','.join(map(str, perm))}}}."
        raise invalid(f"{problem}\nA permutation has each axis once.") from None


@RegisterGradient("Transpose")
def _transpose_grad(op, dz):
    perm = op.attributes["perm"]
    if isinstance(perm, Tensor):
        return transpose(dz, invert_permutation(perm))
    return transpose(dz, None if perm is None else np.argsort(perm))


def _permutation_shape(shape):
    """A vector."""
    must_have_rank(shape, 1)
    return shape


@operation(
    "InvertPermutation", "argsort", dtypes="I->I", shape=_permutation_shape, differentiable=False
)
def invert_permutation(x):
    """The order that undoes the order x, z[x[i]] = i; no gradient passes.

    >>> print(tf.Session().run(tf.invert_permutation([2, 0, 1])))
    [1 2 0]
    """
    return np.argsort(x).astype(x.dtype)


@operation("ReverseV2", "↔", "reverse({tensor})")
def reverse(tensor, *, axis):
    """The tensor with its elements in reverse order along some axes.

    >>> print(tf.Session().run(tf.reverse([[1.0, 2.0], [3.0, 4.0]], axis=[1])))
    [[2. 1.]
     [4. 3.]]
    """
    return np.flip(tensor, axis)


@RegisterGradient("ReverseV2")
def _reverse_grad(op, dz):
    return reverse(dz, op.attributes["axis"])


@operation("Roll", shape=lambda x, **_rest: must_have_axes(x, 1))
def roll(input, *, shift, axis):
    """The tensor with its elements moved on along some axes; what falls off the end comes first.

    >>> print(tf.Session().run(tf.roll([1.0, 2.0, 3.0], shift=1, axis=0)))
    [3. 1. 2.]
    """
    return np.roll(input, shift, axis)


@RegisterGradient("Roll")
def _roll_grad(op, dz):
    shift = op.attributes["shift"]
    back = negative(shift) if isinstance(shift, Tensor) else np.negative(shift)
    return roll(dz, back, op.attributes["axis"])


@operation(
    "Shape",
    "shape",
    dtypes="A->out_type",
    shape=lambda shape, *, out_type: (None if shape is None else len(shape),),
    differentiable=False,
)
def _shape(input, *, out_type=int32):
    """z = the sizes of x, as a vector of integers"""
    return np.array(input.shape, dtype=out_type.as_numpy_dtype)


def shape(input: Any, name: str | None = None, out_type: Any = int32) -> Tensor:
    """The sizes of a tensor along its axes; a constant where they are known before a run.

    >>> print(tf.Session().run(tf.shape([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])))
    [2 3]
    """
    x = as_tensor(input, graph_of(input), name="input")
    if is_known(x.static_shape):
        sizes = np.array(x.static_shape, dtype=as_dtype(out_type).as_numpy_dtype)
        return x.graph.constant(sizes, name=name or "Shape")
    return _shape(x, as_dtype(out_type), name)


@operation("Size", "size", dtypes="A->out_type", shape=scalar_shape, differentiable=False)
def _size(input, *, out_type=int32):
    """z = the number of elements of x"""
    return out_type.as_numpy_dtype(np.size(input))


def size(input: Any, name: str | None = None, out_type: Any = int32) -> Tensor:
    """The number of elements of a tensor; a constant where it is known before a run.

    >>> print(tf.Session().run(tf.size([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])))
    6
    """
    x = as_tensor(input, graph_of(input), name="input")
    count = element_count(x.static_shape)
    if count is not None:
        return x.graph.constant(as_dtype(out_type).as_numpy_dtype(count), name=name or "Size")
    return _size(x, as_dtype(out_type), name)


@operation("Rank", "rank", dtypes="A->int32", shape=scalar_shape, differentiable=False)
def _rank(input):
    """z = the number of axes of x"""
    return np.int32(np.ndim(input))


def rank(input: Any, name: str | None = None) -> Tensor:
    """The number of axes of a tensor; a constant where it is known before a run.

    >>> print(tf.Session().run(tf.rank([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])))
    2
    """
    x = as_tensor(input, graph_of(input), name="input")
    if x.static_shape is not None:
        return x.graph.constant(np.int32(len(x.static_shape)), name=name or "Rank")
    return _rank(x, name)


def rank_if_known(x: Tensor) -> Any:
    """The number of axes of a tensor: a number, or a tensor where unknown before a run."""
    return rank(x) if x.static_shape is None else len(x.static_shape)


def rank_of(x: Tensor) -> int:
    """The number of axes of a tensor, which must be known before a run."""
    if x.static_shape is None:
        problem, advice = "The number of axes must be known here.", "Tell it with tensor.set_shape."
        raise ValueError(advise(problem, x.op, advice))
    return len(x.static_shape)


def size_along(x: Tensor, axis: int) -> Any:
    """The size of a tensor along an axis: a number, or a tensor where unknown."""
    known = None if x.static_shape is None else x.static_shape[axis]
    return shape(x)[axis] if known is None else known


# In another dtype, or repeated


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
    multiples = op.attributes["multiples"]
    if isinstance(multiples, tuple) and any(isinstance(n, int) and n == 0 for n in multiples):
        return zeros_in_shape_of(op.inputs[0])  # there is no tile
    return _sum_tiles(dz, multiples)


@operation("TileGrad", "Σ", "Σ {input}", shape=partial(_each_size, change=operator.floordiv))
def _sum_tiles(input, *, multiples):
    """z = the sum of the tiles of x"""
    shape = [n for m, size in zip(multiples, input.shape, strict=True) for n in (m, size // m)]
    return np.reshape(input, shape).sum(axis=tuple(range(0, len(shape), 2)), dtype=input.dtype)


@RegisterGradient("TileGrad")
def _sum_tiles_grad(op, dz):
    return tile(dz, op.attributes["multiples"])
