"""Operations that move, repeat or select elements without computing with them."""

from __future__ import annotations

import numpy as np

from nbgrad.errors import ShapeError
from nbgrad.graph import apply, shape_of
from nbgrad.ops.define import elementwise, operation
from nbgrad.registry import NotDifferentiable, RegisterGradient
from nbgrad.shapes import broadcast, element_count, is_known, normal_axes

# Copies and casts ---------------------------------------------------------------------------


@elementwise("Identity", dtypes="T->T", symbol="=", text="{input}")
def identity(input):
    """z = x"""
    return input


@RegisterGradient("Identity")
def _identity_grad(op, dz):
    return dz


@elementwise("StopGradient", dtypes="T->T", name="StopGradient", symbol="‖", text="stop({input})")
def stop_gradient(input):
    """z = x, through which no gradient passes"""
    return input


NotDifferentiable("StopGradient")


@elementwise("Cast", dtypes="A->dtype", symbol="cast", text="{x}")
def cast(x, *, dtype):
    """z = x with elements of another dtype"""
    return np.asarray(x).astype(dtype.as_numpy_dtype, copy=False)


@RegisterGradient("Cast")
def _cast_grad(op, dz):
    x = op.inputs[0]
    return cast(dz, x.dtype) if x.dtype.is_trainable and dz.dtype.is_trainable else None


# Shapes -------------------------------------------------------------------------------------


def _rank_of(shape, **_attributes):
    return (None,) if shape is None else (len(shape),)


@operation("Shape", dtypes="A->out_type", shape=_rank_of, symbol="shape")
def shape(input, *, out_type="int32"):
    """The sizes of x, as a vector of integers"""
    return np.array(np.shape(input), dtype=out_type)


NotDifferentiable("Shape")


@operation("Size", dtypes="A->out_type", shape=lambda *_shapes, **_attributes: (), symbol="size")
def size(input, *, out_type="int32"):
    """The number of elements of x"""
    return np.dtype(out_type).type(np.size(input))


NotDifferentiable("Size")


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


@operation("Reshape", dtypes="T->T", shape=_reshaped, symbol="reshape", text="reshape({tensor})")
def reshape(tensor, *, shape):
    """The elements of x, in the same order, in another shape; −1 takes what is left"""
    return np.reshape(tensor, shape)


@RegisterGradient("Reshape")
def _reshape_grad(op, dz):
    return reshape(dz, shape_of(op.inputs[0]))


def _with_axis(shape, *, axis):
    if shape is None:
        return None
    axis = normal_axes(axis, len(shape) + 1)[0]
    return (*shape[:axis], 1, *shape[axis:])


@operation(
    "ExpandDims", dtypes="T->T", shape=_with_axis, symbol="expand", text="expand_dims({input})"
)
def expand_dims(input, *, axis):
    """X with one more axis, of size 1"""
    return np.expand_dims(input, axis)


@RegisterGradient("ExpandDims")
def _expand_dims_grad(op, dz):
    return reshape(dz, shape_of(op.inputs[0]))


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
    dtypes="T->T",
    shape=_permuted,
    name="transpose",
    symbol="ᵀ",
    text="{a}ᵀ",
    latex=r"{{{a}}}^{{\top}}",
)
def transpose(a, *, perm=None):
    """X with its axes in the order of `perm`; reversed without one"""
    return np.transpose(a, perm)


@RegisterGradient("Transpose")
def _transpose_grad(op, dz):
    perm = op.attributes["perm"]
    return transpose(dz, None if perm is None else np.argsort(perm))


def _stacked(*shapes, axis):
    if None in shapes:
        return None
    sizes = [{s for s in column if s is not None} for column in zip(*shapes, strict=True)]
    if any(len(size) > 1 for size in sizes):
        raise ShapeError("Shapes must be equal, but are not")
    one = tuple(size.pop() if size else None for size in sizes)
    axis = normal_axes(axis, len(one) + 1)[0]
    return (*one[:axis], len(shapes), *one[axis:])


@operation("Pack", dtypes="T->T", shape=_stacked, name="stack", symbol="stack", text="stack")
def stack(*values, axis=0):
    """The tensors of a list, joined along a new axis"""
    return np.stack(values, axis)


@RegisterGradient("Pack")
def _stack_grad(op, dz):
    before = (slice(None),) * (op.attributes["axis"] % (len(dz.static_shape or ()) or 1))
    return [dz[(*before, i)] for i in range(len(op.inputs))]


# Filling and repeating ----------------------------------------------------------------------


@operation("ZerosLike", dtypes="T->T", name="zeros_like", symbol="0", text="0")
def zeros_like(tensor):
    """Zeros of the shape and dtype of x"""
    return np.zeros_like(tensor)


@operation("OnesLike", dtypes="T->T", name="ones_like", symbol="1", text="1")
def ones_like(tensor):
    """Ones of the shape and dtype of x"""
    return np.ones_like(tensor)


NotDifferentiable("ZerosLike")
NotDifferentiable("OnesLike")


def _the_shape(_value, *, shape, **_attributes):
    return shape


@operation("Fill", dtypes="T->T", shape=_the_shape, symbol="fill", text="{value}")
def _fill(value, *, shape):
    return np.full(shape, value, dtype=np.asarray(value).dtype)


def fill(dims, value, name=None):
    """A tensor of shape `dims` in which every element is `value`"""
    from nbgrad.ops.define import attribute

    return apply("Fill", value, shape=attribute("shape", dims), name=name)


@RegisterGradient("Fill")
def _fill_grad(op, dz):
    return apply("Sum", dz, axis=None, keepdims=False)


def _checked_broadcast(shape_in, *, shape):
    if broadcast(shape_in, shape) not in (shape, None):
        raise ShapeError(f"Cannot broadcast to {list(shape)}")
    return shape


@operation("BroadcastTo", dtypes="T->T", shape=_checked_broadcast, symbol="⇉", text="{input}")
def broadcast_to(input, *, shape):
    """X repeated along the axes that it lacks or where its size is 1"""
    return np.broadcast_to(input, shape)


@RegisterGradient("BroadcastTo")
def _broadcast_to_grad(op, dz):
    return sum_to(dz, shape_of(op.inputs[0]))


@operation("SumTo", dtypes="T->T", shape=_the_shape, symbol="Σ", text="Σ {x}", latex=r"\sum {x}")
def sum_to(x, *, shape):
    """X summed over the axes along which a tensor of `shape` was repeated"""
    extra = np.ndim(x) - len(shape)
    stretched = (i + extra for i, size in enumerate(shape) if size == 1 != np.shape(x)[i + extra])
    axes = (*range(extra), *stretched)
    return np.sum(x, axis=axes, dtype=np.asarray(x).dtype, keepdims=True).reshape(shape)


@RegisterGradient("SumTo")
def _sum_to_grad(op, dz):
    return broadcast_to(dz, shape_of(op.inputs[0]))


# Slices -------------------------------------------------------------------------------------


def _sliced(shape, *, index):
    if shape is None:
        return None
    # NumPy itself applies the index, to an array of the right shape that holds no memory.
    known = np.broadcast_to(np.int8(0), [7 if size is None else size for size in shape])
    try:
        result = known[index].shape
    except IndexError as error:
        raise ShapeError(f"slice index is out of bounds: {error}") from None
    return result if is_known(shape) else tuple(_unknown_sizes(shape, index, result))


def _unknown_sizes(shape, index, result):
    """The sizes of a slice, None for those that come from an unknown one."""
    other = [8 if size is None else size for size in shape]
    second = np.broadcast_to(np.int8(0), other)[index].shape
    whole = np.broadcast_to(np.int8(0), [10**6 if size is None else size for size in shape])
    for a, b, c in zip(result, second, whole[index].shape, strict=True):
        yield a if a == b == c else None


@operation(
    "StridedSlice",
    dtypes="T->T",
    shape=_sliced,
    name="strided_slice",
    symbol="[ ]",
    text="{input}[…]",
)
def strided_slice(input, *, index):
    """x[index], with numbers, slices, `...` and None as in NumPy"""
    return input[index]


@RegisterGradient("StridedSlice")
def _strided_slice_grad(op, dz):
    return put_slice(dz, shape_of(op.inputs[0]), op.attributes["index"])


@operation("StridedSliceGrad", dtypes="T->T", shape=_the_shape, symbol="[ ]", text="put({dy})")
def put_slice(dy, *, shape, index):
    """Zeros of a shape, with x put where a slice was taken"""
    zeros = np.zeros(shape, dtype=np.asarray(dy).dtype)
    zeros[index] = dy
    return zeros


@RegisterGradient("StridedSliceGrad")
def _put_slice_grad(op, dz):
    return strided_slice(dz, op.attributes["index"])
