"""Operations on shapes: reading them, and the same elements in another one."""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrad.dtypes import as_dtype, int32
from nbgrad.errors import ShapeError
from nbgrad.graph import graph_of, shape_of
from nbgrad.operands import as_tensor
from nbgrad.ops.define import operation
from nbgrad.registry import NotDifferentiable, RegisterGradient
from nbgrad.shapes import element_count, is_known, normal_axes
from nbgrad.tensor import Tensor

# Reading ------------------------------------------------------------------------------------


def _rank_of(shape, *, out_type):
    return (None,) if shape is None else (len(shape),)


def _scalar(_shape, **_attributes):
    return ()


@operation(
    "Shape",
    node="(input) T=input out_type=out_type",
    dtypes="A->out_type",
    shape=_rank_of,
    symbol="shape",
)
def _shape(input, *, out_type=int32):
    """z = the sizes of x, as a vector of integers"""
    return np.array(np.shape(input), dtype=out_type.as_numpy_dtype)


@operation(
    "Size",
    node="(input) T=input out_type=out_type",
    dtypes="A->out_type",
    shape=_scalar,
    symbol="size",
)
def _size(input, *, out_type=int32):
    """z = the number of elements of x"""
    return out_type.as_numpy_dtype(np.size(input))


@operation("Rank", dtypes="A->int32", shape=_scalar, symbol="rank")
def _rank(input):
    """z = the number of axes of x"""
    return np.int32(np.ndim(input))


for _op_type in ("Shape", "Size", "Rank"):
    NotDifferentiable(_op_type)


def shape(input: Any, name: str | None = None, out_type: Any = int32) -> Tensor:
    """The sizes of x, as a vector of integers; a constant where they are known already"""
    x = as_tensor(input, graph_of(input), name="input")
    if is_known(x.static_shape):
        sizes = np.array(x.static_shape, dtype=as_dtype(out_type).as_numpy_dtype)
        return x.graph.constant(sizes, name=name or "Shape")
    return _shape(x, as_dtype(out_type), name)


def size(input: Any, name: str | None = None, out_type: Any = int32) -> Tensor:
    """The number of elements of x; a constant where it is known already"""
    x = as_tensor(input, graph_of(input), name="input")
    count = element_count(x.static_shape)
    if count is not None:
        return x.graph.constant(as_dtype(out_type).as_numpy_dtype(count), name=name or "Size")
    return _size(x, as_dtype(out_type), name)


def rank(input: Any, name: str | None = None) -> Tensor:
    """The number of axes of x; a constant where it is known already"""
    x = as_tensor(input, graph_of(input), name="input")
    if x.static_shape is not None:
        return x.graph.constant(np.int32(len(x.static_shape)), name=name or "Rank")
    return _rank(x, name)


# Changing -----------------------------------------------------------------------------------


def _reshaped(old, *, shape):
    new = tuple(None if size in (-1, None) else size for size in shape)
    total, known = element_count(old), [size for size in new if size is not None]
    product = int(np.prod(known))
    if total is None or shape.count(None):
        return new
    fits = total == product if is_known(new) else product and total % product == 0
    if not fits:
        raise ShapeError(
            f"Cannot reshape a tensor with {total} elements to shape {list(shape)} "
            f"({product} elements)"
        )
    return tuple(total // product if size is None else size for size in new)


@operation(
    "Reshape",
    node="(tensor, shape) T=tensor Tshape=shape",
    shape=_reshaped,
    symbol="reshape",
    text="reshape({tensor})",
)
def reshape(tensor, *, shape):
    """z = the elements of x, in the same order, in another shape; −1 takes what is left"""
    return np.reshape(tensor, shape)


@RegisterGradient("Reshape")
def _reshape_grad(op, dz):
    return reshape(dz, shape_of(op.inputs[0]))


def _with_axis(shape, *, axis):
    if shape is None:
        return None
    rank = len(shape)
    if not -rank - 1 <= axis <= rank:
        raise ShapeError(f"dim {axis} not in the interval [{-rank - 1}, {rank}].")
    axis %= rank + 1
    return (*shape[:axis], 1, *shape[axis:])


@operation(
    "ExpandDims",
    node="(input, axis) T=input Tdim=axis",
    shape=_with_axis,
    symbol="expand",
    text="expand_dims({input})",
    order="input axis name dim",
    aliases={"dim": "axis"},
)
def expand_dims(input, *, axis):
    """z = x with one more axis, of size 1"""
    return np.expand_dims(input, axis)


@RegisterGradient("ExpandDims")
def _expand_dims_grad(op, dz):
    return reshape(dz, shape_of(op.inputs[0]))


def _without_axes(shape, *, axis):
    if shape is None or (not axis and axis != 0 and None in shape):
        return None
    gone = normal_axes(axis, len(shape)) if axis or axis == 0 else ones_in(shape)
    for i in gone:
        if shape[i] not in (1, None):
            raise ShapeError(f"Can not squeeze dim[{i}], expected a dimension of 1, got {shape[i]}")
    return tuple(size for i, size in enumerate(shape) if i not in gone)


def ones_in(shape):
    """The axes of size 1."""
    return tuple(i for i, size in enumerate(shape) if size == 1)


@operation(
    "Squeeze",
    node="(input) T=input squeeze_dims=axis",
    shape=_without_axes,
    symbol="squeeze",
    order="input axis name squeeze_dims",
    aliases={"squeeze_dims": "axis"},
)
def squeeze(input, *, axis=None):
    """z = x without its axes of size 1, or without those given"""
    return np.squeeze(input, axis if axis or axis == 0 else None)


@RegisterGradient("Squeeze")
def _squeeze_grad(op, dz):
    return reshape(dz, shape_of(op.inputs[0]))


# Axes in another order ----------------------------------------------------------------------


def _permuted(shape, *, perm):
    if shape is None:
        return None
    if perm is None:
        return shape[::-1]
    if sorted(perm) != list(range(len(shape))):
        raise ShapeError(f"Dimension must be {len(perm)} but is {len(shape)}")
    return tuple(shape[axis] for axis in perm)


@operation(
    "Transpose",
    node="(a, perm or reversed) T=a Tperm=perm",
    shape=_permuted,
    name="transpose",
    symbol="ᵀ",
    text="{a}ᵀ",
    latex=r"{{{a}}}^{{\top}}",
)
def transpose(a, *, perm=None):
    """z = x with its axes in the order of `perm`; reversed without one"""
    return np.transpose(a, perm)


@RegisterGradient("Transpose")
def _transpose_grad(op, dz):
    perm = op.attributes["perm"]
    if isinstance(perm, Tensor):
        return transpose(dz, invert_permutation(perm))
    return transpose(dz, None if perm is None else np.argsort(perm))


@operation("InvertPermutation", dtypes="I->I", symbol="argsort")
def invert_permutation(x):
    """z = the order that undoes the order x: z[x[i]] = i"""
    return np.argsort(x).astype(x.dtype)


NotDifferentiable("InvertPermutation")


def matrix_transpose(a: Any, name: str = "matrix_transpose") -> Tensor:
    """z = aᵀ for each matrix in a, whose last two axes change places"""
    tensor = as_tensor(a, graph_of(a), name="a")
    if tensor.static_shape is None:
        raise ValueError("matrix_transpose needs to know how many axes there are: use set_shape.")
    rank = len(tensor.static_shape)
    if rank < 2:
        raise ValueError(
            f"Argument 'a' should be a (batch) matrix, with rank >= 2.  Found: {tensor.shape}"
        )
    return transpose(tensor, (*range(rank - 2), rank - 1, rank - 2), name)
