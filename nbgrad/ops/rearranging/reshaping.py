"""The same elements in another shape, or with their axes in another order."""

from __future__ import annotations

import numpy as np

from nbgrad.errors import InvalidArgumentError, ShapeError
from nbgrad.graph import Tensor, shape_of
from nbgrad.ops import subscripts
from nbgrad.ops.define import operation
from nbgrad.ops.shape_rules import leaving_out
from nbgrad.registry import NotDifferentiable, RegisterGradient
from nbgrad.shapes import element_count, is_known, normal_axes

# Changing -----------------------------------------------------------------------------------


def _reshaped(old, *, shape):
    """The shape that `shape` says."""
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
    """The elements of a tensor, in the same order, in another shape; −1 takes what is left.

    Raises
    ------
    InvalidArgumentError
        In a run, if the shape does not hold as many elements.

    >>> tf.reshape([1.0, 2.0, 3.0, 4.0], [2, -1])
    [[1. 2.]
     [3. 4.]]
    """
    try:
        return np.reshape(tensor, shape)
    except ValueError:
        wanted, given = abs(int(np.prod(shape))), np.size(tensor)
        sizes = f"has {wanted}" if np.min(shape) >= 0 else f"requires a multiple of {wanted}"
        raise InvalidArgumentError(
            None,
            None,
            f"Input to reshape is a tensor with {given} values, but the requested shape {sizes}",
        ) from None


@RegisterGradient("Reshape")
def _reshape_grad(op, dz):
    return reshape(dz, shape_of(op.inputs[0]))


def _with_axis(shape, *, axis):
    """The shape of the operand, with an axis more."""
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
    """The tensor with one more axis, of size 1.

    >>> tf.expand_dims([1.0, 2.0], axis=1)
    [[1.]
     [2.]]
    """
    return np.expand_dims(input, axis)


@RegisterGradient("ExpandDims")
def _expand_dims_grad(op, dz):
    return reshape(dz, shape_of(op.inputs[0]))


def _without_axes(shape, *, axis):
    """The shape of the operand without these axes."""
    if shape is None or (not axis and axis != 0 and None in shape):
        return None
    gone = normal_axes(axis, len(shape)) if axis or axis == 0 else ones_in(shape)
    for i in gone:
        if shape[i] not in (1, None):
            raise ShapeError(f"Can not squeeze dim[{i}], expected a dimension of 1, got {shape[i]}")
    return leaving_out(shape, gone)


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
    """The tensor without its axes of size 1, or without those given.

    Raises
    ------
    InvalidArgumentError
        In a run, if the size of an axis given is not 1.

    >>> tf.squeeze([[[1.0], [2.0]]])
    [1. 2.]
    """
    gone = normal_axes(axis, input.ndim) if axis or axis == 0 else ones_in(input.shape)
    for i in gone:
        if input.shape[i] != 1:
            sentence = f"Can not squeeze dim[{i}], expected a dimension of 1, got {input.shape[i]}"
            raise InvalidArgumentError(None, None, sentence)
    return np.squeeze(input, gone)


@RegisterGradient("Squeeze")
def _squeeze_grad(op, dz):
    return reshape(dz, shape_of(op.inputs[0]))


# Axes in another order ----------------------------------------------------------------------


def _permuted(shape, *, perm):
    """The sizes of the operand in the new order."""
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
    cells="product",
    subscripts=subscripts.permuted,
)
def transpose(a, *, perm=None):
    """The tensor with its axes in another order, z = xᵀ: that of `perm`, or reversed.

    >>> tf.transpose([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    [[1. 4.]
     [2. 5.]
     [3. 6.]]
    """
    return np.transpose(a, perm)


@RegisterGradient("Transpose")
def _transpose_grad(op, dz):
    perm = op.attributes["perm"]
    if isinstance(perm, Tensor):
        return transpose(dz, invert_permutation(perm))
    return transpose(dz, None if perm is None else np.argsort(perm))


@operation("InvertPermutation", dtypes="I->I", symbol="argsort")
def invert_permutation(x):
    """The order that undoes the order x, z[x[i]] = i; no gradient passes.

    >>> tf.invert_permutation([2, 0, 1])
    [1 2 0]
    """
    return np.argsort(x).astype(x.dtype)


NotDifferentiable("InvertPermutation")
