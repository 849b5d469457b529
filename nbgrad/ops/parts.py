"""Parts of a tensor: cut out, put into a larger one, joined, and split again."""

import itertools
import re
from typing import Any

import numpy as np

from nbgrad.core.attributes import attribute
from nbgrad.core.errors import ShapeError, invalid
from nbgrad.core.graph import Tensor, graph_of, shape_of
from nbgrad.core.operands import as_tensor
from nbgrad.core.operators import as_index
from nbgrad.core.registry import RegisterGradient
from nbgrad.core.shapes import (
    all_equal,
    as_given,
    brackets,
    if_known,
    must_have_rank,
    normal_axes,
)
from nbgrad.core.traits import Binds
from nbgrad.ops.control import identity
from nbgrad.ops.define import operation
from nbgrad.ops.shaping import size_along
from nbgrad.ops.sources import range_

LARGE = 10**4  # stands for a size that is not known
PROBE = np.zeros(32 * LARGE, np.int8)  # as many axes as NumPy has, at a step of one


def _strided_slice_shape(shape, *, index):
    index = as_index(index)
    if shape is None:
        return None
    # NumPy itself applies the index, to an array of the right shape. Its strides tell afterwards
    # which sizes come from an unknown one.
    sizes = [LARGE if size is None else size for size in shape]
    steps = [1 if size is None else 0 for size in shape]
    known = np.lib.stride_tricks.as_strided(PROBE, sizes, steps)
    try:
        part = known[index]
    except (IndexError, ValueError) as error:
        raise ShapeError(index_error(error)) from None
    return tuple(None if step else n for n, step in zip(part.shape, part.strides, strict=True))


def index_error(error):
    """TensorFlow's message for a wrong index, from NumPy's error."""
    if match := re.match(r"index (-?\d+) is out of bounds for axis (\d+)", str(error)):
        return "slice index {} of dimension {} out of bounds.".format(*match.groups())
    if match := re.match(r"too many indices for array: array is (\d+)-dimensional", str(error)):
        return f"Index out of range using input dim {match[1]}; input has only {match[1]} dims"
    if str(error) == "slice step cannot be zero":
        return "strides must be non-zero"
    if "single ellipsis" in str(error):
        return "Multiple ellipses in slice spec not allowed"
    return str(error)


def index_text(index: Any) -> str:
    """An index as it is written between brackets: "0, :2"; of a tensor in it, only its place."""
    if isinstance(index, tuple):
        return ", ".join(map(index_text, index))
    if isinstance(index, slice):
        ends = ["" if end is None else index_text(end) for end in (index.start, index.stop)]
        step = [] if index.step is None else [index_text(index.step)]
        return ":".join([*ends, *step])
    if index is Ellipsis:
        return "…"
    return str(index).replace("-", "−") if isinstance(index, int | None) else "·"


@operation(
    "StridedSlice",
    "[ ]",
    lambda attributes: f"{{input}}[{index_text(attributes['index'])}]",
    shape=_strided_slice_shape,
    name="strided_slice",
)
def part_of(input, *, index):
    """z = x[index], with numbers, slices, `...` and None as in NumPy"""
    for entry in index if type(index) is tuple else (index,):
        if type(entry) is np.ndarray and entry.ndim:
            shape = f"{brackets((1, *entry.shape))}\nSeveral positions at once: tf.gather."
            rule = "Expected begin, end, and strides to be 1D equal size tensors"
            raise invalid(f"{rule}, but got shape {shape}")
    try:
        return input[index]
    except IndexError as error:
        raise invalid(index_error(error)) from None


@RegisterGradient("StridedSlice")
def _part_of_grad(op, dz):
    return put_slice(dz, shape_of(op.inputs[0]), op.attributes["index"])


@operation(
    "StridedSliceGrad",
    "[ ]",
    lambda attributes: f"{{dy}} at {index_text(attributes['index'])}",
    shape=as_given,
    binds=Binds.SUM,
)
def put_slice(dy, *, shape, index):
    """z = zeros of a shape, with x put where a slice was taken"""
    zeros = np.zeros(shape, dtype=np.asarray(dy).dtype)
    zeros[index] = dy
    return zeros


@RegisterGradient("StridedSliceGrad")
def _put_slice_grad(op, dz):
    return part_of(dz, op.attributes["index"])


# Margins around a tensor


@if_known
def _pad_shape(shape, *, paddings, **_rest):
    must_have_rank(shape, len(paddings))
    return tuple(
        None if size is None else size + before + after
        for size, (before, after) in zip(shape, paddings, strict=True)
    )


@operation("Pad", "pad", shape=_pad_shape)
def _pad(tensor, *, paddings, constant_values):
    """z = x with a margin of constants before and after it, along each axis"""
    return pad_with(tensor, paddings, constant_values=constant_values)


def pad_with(x, paddings, **options):
    """An array with margins, which must not be below 0."""
    for before, after in paddings:
        if min(before, after) < 0:
            raise invalid(f"Paddings must be non-negative: {before} {after}")
    return np.pad(x, paddings, **options)


@RegisterGradient("Pad")
def _pad_grad(op, dz):
    paddings, sizes = op.attributes["paddings"], shape_of(op.inputs[0])
    count = len(paddings) if isinstance(paddings, tuple) else paddings.static_shape[0]
    inside = (slice(paddings[i][0], paddings[i][0] + sizes[i]) for i in range(count))
    return part_of(dz, tuple(inside))


@operation("MirrorPad", "pad", shape=_pad_shape)
def _mirror_pad(tensor, *, paddings, mode):
    """z = x with a margin that mirrors it, before and after it along each axis"""
    return pad_with(tensor, paddings, mode=mode.lower())


@RegisterGradient("MirrorPad")
def _mirror_pad_grad(op, dz):
    return _fold_back(dz, **op.attributes)


def _fold_back_shape(shape, *, paddings, mode):
    return _pad_shape(shape, paddings=[(-before, -after) for before, after in paddings])


@operation("MirrorPadGrad", "fold", shape=_fold_back_shape)
def _fold_back(dy, *, paddings, mode):
    """z = x whose margins are added to what they mirror"""
    for axis, (before, after) in enumerate(paddings):
        size = np.shape(dy)[axis] - before - after
        source = np.pad(np.arange(size), (before, after), mode=mode.lower())
        rows = np.moveaxis(dy, axis, 0)
        folded = np.zeros((size, *rows.shape[1:]), rows.dtype)
        np.add.at(folded, source, rows)
        dy = np.moveaxis(folded, 0, axis)
    return dy


@RegisterGradient("MirrorPadGrad")
def _fold_back_grad(op, dz):
    return _mirror_pad(dz, **op.attributes)


# Joined along an axis, and split again


def _concat_shape(*shapes, axis):
    rank = next((len(each) for each in shapes if each is not None), None)
    if rank is None:
        return None
    if not -rank <= axis < rank:
        raise ShapeError(f"Shape must be at least rank {axis + 1} but is rank {rank}")
    whole: Any = 0
    for each in shapes:
        must_have_rank(each, rank)
        size = None if each is None else each[axis]
        whole = None if None in (whole, size) else whole + size
    rest: Any = all_equal(*(None if each is None else with_size(each, axis) for each in shapes))
    at = normal_axes(axis, rank)[0]
    return (*rest[:at], whole, *rest[at:])


def with_size(shape, axis, *sizes):
    """A shape with another size at an axis, or with none."""
    axis = normal_axes(axis, len(shape))[0]
    return (*shape[:axis], *sizes, *shape[axis + 1 :])


@operation("ConcatV2", "concat", shape=_concat_shape, name="concat")
def _concat(*values, axis):
    """z = the tensors of a list, one after the other along an axis"""
    try:
        return np.concatenate(values, axis)
    except ValueError:
        shapes = [np.shape(value) for value in values]
        beside = [np.delete(shape, axis).tolist() for shape in shapes]
        i = next((i for i, rest in enumerate(beside) if rest != beside[0]), 0)
        both = f"shape[0] = {brackets(shapes[0])} vs. shape[{i}] = {brackets(shapes[i])}"
        raise invalid(f"ConcatOp : Dimensions of inputs should match: {both}") from None


@RegisterGradient("ConcatV2")
def _concat_grad(op, dz):
    axis = op.attributes["axis"]
    sizes = [size_along(x, axis) for x in op.inputs[: op.operand_count]]
    if all(isinstance(size, int) for size in sizes):
        return split(dz, sizes, axis)
    ends = list(itertools.accumulate(sizes))
    return [dz[along(axis, slice(end - size, end))] for size, end in zip(sizes, ends, strict=True)]


def concat(values: Any, axis: Any, name: str | None = None) -> Tensor:
    """The tensors of a list, one after the other along an axis.

    >>> print(tf.Session().run(tf.concat([[[1.0], [2.0]], [[3.0], [4.0]]], axis=1)))
    [[1. 3.]
     [2. 4.]]
    """
    parts = list(values) if isinstance(values, list | tuple) else [values]
    if isinstance(axis, list | tuple):
        found = as_tensor(axis, graph_of(axis)).shape
        raise ValueError(f"Shape {found} must have rank 0\nThe list comes first, then the axis.")
    if len(parts) != 1:
        return _concat(parts, axis, name)
    with graph_of(*parts).name_scope(name or "concat"):
        return identity(parts[0], name="concat")


def along(axis: int, part: Any) -> tuple[Any, ...]:
    """The index that takes a part along one axis, and everything along the others."""
    everything = slice(None)
    if axis < 0:
        return (..., part, *(everything,) * (-axis - 1))
    return (*(everything,) * axis, part)


def order_of(*spans: tuple[Any, Any]) -> Any:
    """The axes in some spans, one after the other; a tensor where not known before a run."""
    if all(isinstance(bound, int) for span in spans for bound in span):
        return tuple(i for span in spans for i in range(*span))
    return concat([range_(first, end) for first, end in spans], 0)


def _split_shapes(shape, *, axis, num_split):
    if shape is None:
        return [None] * num_split
    whole = shape[normal_axes(axis, len(shape))[0]]
    if whole is not None and whole % num_split:
        raise ShapeError(f"Dimension size must be evenly divisible by {num_split} but is {whole}")
    return [with_size(shape, axis, whole and whole // num_split)] * num_split


@operation("Split", "split", dtypes="T->T*", shape=_split_shapes, name="split")
def _split(value, *, axis, num_split):
    """z₀, z₁, … = x cut into equal parts along an axis"""
    if (size := np.shape(value)[axis]) % num_split:
        got = f"split_dim {axis} (size = {size}) and num_split {num_split}"
        raise invalid(
            f"Number of ways to split should evenly divide the split dimension, but got {got}"
        )
    return np.split(value, num_split, axis)


def _split_sizes_shapes(shape, *, size_splits, axis):
    if shape is None:
        return [None] * len(size_splits)
    whole = shape[normal_axes(axis, len(shape))[0]]
    left = None if whole is None else whole - sum(size for size in size_splits if size > 0)
    if left is not None and (left < 0 if -1 in size_splits else left):
        raise ShapeError(f"Sizes {list(size_splits)} do not add up to {whole}")
    return [with_size(shape, axis, left if size == -1 else size) for size in size_splits]


@operation("SplitV", "split", dtypes="T->T*", shape=_split_sizes_shapes, name="split")
def _split_sizes(value, *, size_splits, axis):
    """z₀, z₁, … = x cut into parts of the sizes given along an axis; −1 takes what is left"""
    whole = np.shape(value)[axis]
    left = whole - sum(size for size in size_splits if size > 0)
    if left < 0 or (left and -1 not in size_splits):
        raise invalid(
            "Determined shape must either match input shape along split_dim exactly if fully "
            "specified, or be less than the size of the input along split_dim if not fully "
            f"specified.  Got: {whole - left}"
        )
    sizes = [left if size == -1 else size for size in size_splits]
    return np.split(value, np.cumsum(sizes[:-1]), axis)


@RegisterGradient("Split")
@RegisterGradient("SplitV")
def _split_grad(op, *dzs):
    return concat(list(dzs), op.attributes["axis"])


def split(value: Any, num_or_size_splits: Any, axis: int = 0, name: str = "split") -> list[Tensor]:
    """A tensor cut along an axis, into a number of equal parts or into parts of given sizes.

    >>> print(*tf.Session().run(tf.split([1.0, 2.0, 3.0, 4.0], [1, -1])))
    [1.] [2. 3. 4.]
    """
    parts = attribute("sizes", num_or_size_splits)
    if not isinstance(parts, int | tuple | Tensor):
        problem = "Rank-0 tensors are not supported as the num_or_size_splits argument to split."
        raise ValueError(f"{problem}\n{parts!r} is no whole number: 6 // 2 is, 6 / 2 is not.")
    if isinstance(parts, int) and parts < 1:
        raise ValueError(f"Attr 'num_split' of 'Split' Op passed {parts} less than minimum 1.")
    if isinstance(parts, Tensor):
        raise ValueError("Cannot infer num from shape: give the sizes as Python numbers.")
    if isinstance(parts, tuple):
        return _split_sizes(value, parts, axis, name)
    return _split(value, axis, parts, name)


# Along a new axis


def _stack_shape(*shapes, axis):
    """The shape of one operand, and an axis more, as long as the list."""
    one = all_equal(*shapes)
    if one is None:
        return None
    axis = normal_axes(axis, len(one) + 1)[0]
    return (*one[:axis], len(shapes), *one[axis:])


@operation("Pack", shape=_stack_shape, name="stack")
def stack(*values, axis=0):
    """The tensors of a list, which have one shape, joined along a new axis.

    >>> print(tf.Session().run(tf.stack([[1.0, 2.0], [3.0, 4.0]], axis=1)))
    [[1. 3.]
     [2. 4.]]
    """
    shapes = [np.shape(value) for value in values]
    for i, shape in enumerate(shapes):
        if shape != shapes[0]:
            raise invalid(
                f"Shapes of all inputs must match: values[0].shape = {brackets(shapes[0])} "
                f"!= values[{i}].shape = {brackets(shape)}"
            )
    return np.stack(values, axis)


@RegisterGradient("Pack")
def _stack_grad(op, dz):
    return unstack(dz, num=op.operand_count, axis=op.attributes["axis"])


def _unstack_shapes(shape, *, num, axis):
    if shape is None:
        return [None] * num
    if (size := shape[normal_axes(axis, len(shape))[0]]) not in (num, None):
        raise ShapeError(f"Dimension must be {num} but is {size}")
    return [with_size(shape, axis)] * num


@operation("Unpack", "unstack", dtypes="T->T*", shape=_unstack_shapes, name="unstack")
def _unstack(value, *, num, axis):
    """z₀, z₁, … = the parts of x along an axis"""
    if value.shape[axis] != num:
        shape = brackets(value.shape)
        raise invalid(f"Input shape axis {axis} must equal {num}, got shape {shape}")
    return list(np.moveaxis(value, axis, 0))


@RegisterGradient("Unpack")
def _unstack_grad(op, *dzs):
    return stack(dzs, op.attributes["axis"])


def unstack(
    value: Any, num: int | None = None, axis: int = 0, name: str = "unstack"
) -> list[Tensor]:
    """The parts of a tensor along an axis, each without it.

    >>> print(*tf.Session().run(tf.unstack([[1.0, 2.0], [3.0, 4.0]], axis=1)))
    [1. 3.] [2. 4.]
    """
    x = as_tensor(value, graph_of(value), name="value")
    known = x.static_shape
    if num is None and known is not None:
        num = known[normal_axes(axis, len(known))[0]]
    if num is None:
        raise ValueError(f"Cannot infer num from shape {x.shape}")
    return _unstack(x, num, axis, name)
