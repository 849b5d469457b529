"""Reductions over some axes or all: sums, means, extremes and where they stand; running sums."""

import functools

import numpy as np

from nbgrad.core.dtypes import int64
from nbgrad.core.errors import ShapeError, invalid
from nbgrad.core.graph import shape_of
from nbgrad.core.registry import RegisterGradient
from nbgrad.core.shapes import (
    as_given,
    brackets,
    element_count,
    if_known,
    leaving_out,
    must_have_axes,
    normal_axes,
    scalar_shape,
    size_given,
)
from nbgrad.core.traits import Binds
from nbgrad.ops.arithmetic import add, divide, multiply
from nbgrad.ops.define import operation
from nbgrad.ops.indexing import one_hot
from nbgrad.ops.logic import equal
from nbgrad.ops.piecewise import highest, lowest, maximum
from nbgrad.ops.shaping import cast, expand_dims, reshape, size, size_along
from nbgrad.ops.sources import ones_like


def reduction_shape(shape, *, axis, keepdims):
    """The shape of the operand without the reduced axes."""
    if shape is None:
        return () if axis is None and not keepdims else None
    gone = normal_axes(axis, len(shape))
    if keepdims:
        return tuple(1 if i in gone else size for i, size in enumerate(shape))
    return leaving_out(shape, gone)


_reduction = functools.partial(operation, shape=reduction_shape)


def axes(axis, x):
    """The axes of x to reduce, as NumPy takes them: a number, a tuple or None."""
    rank = x.ndim
    if axis is None or (type(axis) is int and -rank <= axis < rank):
        return axis
    wanted = tuple(np.ravel(axis).tolist())
    for each in wanted:
        if not -rank <= each < rank:
            raise invalid(f"Invalid reduction dimension ({each} for input with {rank} dimension(s)")
    return wanted


@_reduction("Sum", "Σ", "Σ {input_tensor}", dtypes="N->N", binds=Binds.SIGN)
def reduce_sum(input_tensor, *, axis=None, keepdims=False):
    """The sum over some axes or over all, z = Σ x.

    >>> print(tf.Session().run(tf.reduce_sum([[1.0, 2.0], [3.0, 4.0]], axis=0)))
    [4. 6.]
    """
    dtype = input_tensor.dtype
    # np.sum calls this; its preamble takes longer than a small sum.
    return np.add.reduce(input_tensor, axes(axis, input_tensor), dtype, keepdims=keepdims or False)


@RegisterGradient("Sum")
def spread_back(op, dz):
    """The gradient or the result of a reduction, repeated to the shape of its operand."""
    return spread(dz, shape_of(op.inputs[0]), **op.attributes)


@_reduction("Mean", "mean", dtypes="N->N")
def reduce_mean(input_tensor, *, axis=None, keepdims=False):
    """The mean over some axes or over all, z = Σ x / n; of integers, rounded down.

    >>> print(tf.Session().run(tf.reduce_mean([[1.0, 2.0], [3.0, 4.0]], axis=1)))
    [1.5 3.5]
    """
    total = np.add.reduce(input_tensor, axes(axis, input_tensor), keepdims=keepdims or False)
    count = input_tensor.size // max(total.size, 1)
    return np.divide(total, count).astype(input_tensor.dtype, copy=False)


@RegisterGradient("Mean")
def _reduce_mean_grad(op, dz):
    x, z = op.inputs[0], op.outputs[0]
    many, one = element_count(x.static_shape), element_count(z.static_shape)
    if many is None or one is None:
        count = size(x) if one == 1 else size(x) // maximum(size(z), 1)
        return spread_back(op, divide(dz, cast(count, dz.dtype)))
    return spread_back(op, divide(dz, many // max(one, 1)))


@operation("Spread", "⇉", "{x}", shape=as_given)
def spread(x, *, shape, axis=None, keepdims=False):
    """z = x repeated along the axes over which a tensor of `shape` was reduced"""
    if not keepdims:
        given = axis.ravel().tolist() if isinstance(axis, np.ndarray) else axis
        x = np.expand_dims(x, normal_axes(given, len(shape)))
    return np.broadcast_to(x, shape)


@RegisterGradient("Spread")
def _spread_grad(op, dz):
    return reduce_sum(dz, op.attributes["axis"], op.attributes["keepdims"])


@operation("L2Loss", "½Σx²", "½ Σ {t}²", dtypes="F->F", shape=scalar_shape)
def l2_loss(t):
    """Half the sum of all squares, z = ½ Σ x², whose gradient is x itself.

    >>> print(tf.Session().run(tf.nn.l2_loss([3.0, 4.0])))
    12.5
    """
    return np.asarray(np.sum(np.square(t)) / 2).astype(t.dtype)[()]


@RegisterGradient("L2Loss")
def _l2_loss_grad(op, dz):
    return multiply(dz, op.inputs[0])


@_reduction("Max", "max", dtypes="R->R")
def reduce_max(input_tensor, *, axis=None, keepdims=False):
    """The largest element over some axes or all, z = max x; those that tie share the gradient.

    >>> print(tf.Session().run(tf.reduce_max([[1.0, 4.0], [3.0, 2.0]], axis=1)))
    [4. 3.]
    """
    x = input_tensor
    return np.max(x, axis=axes(axis, x), keepdims=bool(keepdims), initial=lowest(x))


@_reduction("Min", "min", dtypes="R->R")
def reduce_min(input_tensor, *, axis=None, keepdims=False):
    """The smallest element over some axes or all, z = min x; those that tie share the gradient.

    >>> print(tf.Session().run(tf.reduce_min([[1.0, 4.0], [3.0, 2.0]], axis=1)))
    [1. 2.]
    """
    x = input_tensor
    return np.min(x, axis=axes(axis, x), keepdims=bool(keepdims), initial=highest(x))


@RegisterGradient("Max")
@RegisterGradient("Min")
def _extreme_grad(op, dz):
    x, axis = op.inputs[0], op.attributes["axis"]
    dz, z = spread_back(op, dz), spread_back(op, op.outputs[0])
    # Those that tie for the extreme share the gradient.
    chosen = cast(equal(x, z), dz.dtype)
    return multiply(divide(chosen, reduce_sum(chosen, axis, True)), dz)


@_reduction("EuclideanNorm", "‖x‖", "‖{input_tensor}‖", dtypes="F->F")
def reduce_euclidean_norm(input_tensor, *, axis=None, keepdims=False):
    """The length of the vectors along some axes or all, z = √Σx²; at 0 the gradient is NaN.

    >>> print(tf.Session().run(tf.math.reduce_euclidean_norm([[3.0, 4.0], [0.0, 2.0]], axis=1)))
    [5. 2.]
    """
    x = input_tensor
    squares = np.sum(np.square(x), axis=axes(axis, x), keepdims=bool(keepdims))
    return np.sqrt(squares).astype(x.dtype)


@RegisterGradient("EuclideanNorm")
def _euclidean_norm_grad(op, dz):
    x, z = op.inputs[0], op.outputs[0]
    return multiply(x, spread_back(op, divide(dz, z)))


@_reduction("All", "∀", dtypes="bool->bool", differentiable=False)
def reduce_all(input_tensor, *, axis=None, keepdims=False):
    """Whether every element is true, over some axes or all, z = ∀ x.

    >>> print(tf.Session().run(tf.reduce_all([[True, True], [True, False]], axis=1)))
    [ True False]
    """
    return np.all(input_tensor, axis=axes(axis, input_tensor), keepdims=bool(keepdims))


@_reduction("Any", "∃", dtypes="bool->bool", differentiable=False)
def reduce_any(input_tensor, *, axis=None, keepdims=False):
    """Whether any element is true, over some axes or all, z = ∃ x.

    >>> print(tf.Session().run(tf.reduce_any([[False, False], [True, False]], axis=1)))
    [False  True]
    """
    return np.any(input_tensor, axis=axes(axis, input_tensor), keepdims=bool(keepdims))


@_reduction("Prod", "∏", "∏ {input_tensor}", r"\prod {input_tensor}", dtypes="N->N")
def reduce_prod(input_tensor, *, axis=None, keepdims=False):
    """The product over some axes or over all, z = ∏ x.

    >>> print(tf.Session().run(tf.reduce_prod([[1.0, 2.0], [3.0, 4.0]])))
    24.0
    """
    x = input_tensor
    return np.prod(x, axis=axes(axis, x), keepdims=bool(keepdims), dtype=x.dtype)


@RegisterGradient("Prod")
def _reduce_prod_grad(op, dz):
    x, axis = op.inputs[0], op.attributes["axis"]
    if axis is None:
        others = reshape(before_and_after(reshape(x, (-1,)), 0), shape_of(x))
    else:
        others = product_of_others(x, axis if isinstance(axis, tuple) else (axis,))
    return multiply(spread_back(op, dz), others)


def product_of_others(x, axes):
    """For each element the product of the others, without a division by x, which may be 0."""
    if len(axes) < 2:
        return before_and_after(x, axes[0]) if axes else ones_like(x)
    # Those along one axis, times the products of all other lines along it.
    first, *rest = axes
    return multiply(
        before_and_after(x, first), product_of_others(reduce_prod(x, first, True), rest)
    )


def before_and_after(x, axis):
    """The product of all that stands before an element, times that of all that stands after."""
    return multiply(cumprod(x, axis, True), cumprod(x, axis, True, reverse=True))


# Running sums and products, and the recurrences that are their gradients


def _running(combine, first, x, axis, exclusive, reverse):
    """The results of a NumPy ufunc along an axis so far, with or without the element itself."""
    rows = np.moveaxis(x, axis, 0)
    rows = rows[::-1] if reverse else rows
    if exclusive:
        rows = np.concatenate([np.full_like(rows[:1], first), rows[:-1]])
    running = combine.accumulate(rows, axis=0, dtype=x.dtype)
    return np.moveaxis(running[::-1] if reverse else running, 0, axis)


@operation("Cumsum", "Σ", "cumsum({x})", dtypes="N->N")
def cumsum(x, *, axis=0, exclusive=False, reverse=False):
    """The running sum along an axis, zₖ = x₁ + … + xₖ.

    >>> print(tf.Session().run(tf.cumsum([1.0, 2.0, 3.0])))
    [1. 3. 6.]
    """
    return _running(np.add, 0, x, axis, exclusive, reverse)


@RegisterGradient("Cumsum")
def _cumsum_grad(op, dz):
    return cumsum(dz, **{**op.attributes, "reverse": not op.attributes["reverse"]})


@operation("Cumprod", "∏", "cumprod({x})", dtypes="N->N")
def cumprod(x, *, axis=0, exclusive=False, reverse=False):
    """The running product along an axis, zₖ = x₁ · … · xₖ; its gradient is exact also where x is 0.

    >>> print(tf.Session().run(tf.cumprod([2.0, 3.0, 4.0], exclusive=True)))
    [1. 2. 6.]
    """
    return _running(np.multiply, 1, x, axis, exclusive, reverse)


@RegisterGradient("Cumprod")
def _cumprod_grad(op, dz):
    # xᵢ stands in every later product. Its share is the product of all before it, times the
    # gradients that come back from there, each multiplied by what it passes on the way. (The
    # quotient z / x would be shorter, and NaN wherever x is 0.)
    x, (axis, exclusive, reverse) = op.inputs[0], op.attributes.values()
    before = cumprod(x, axis, True, reverse)
    return multiply(before, recurrence(dz, x, axis, not reverse, exclusive))


@operation("Recurrence", "h", "recur({b}, {a})", dtypes="N,N->N")
def recurrence(b, a, *, axis=0, reverse=False, delayed=False):
    """hₜ = bₜ + aₜ₋₁ · hₜ₋₁ along an axis, from 0; delayed, hₜ = bₜ₋₁ + aₜ₋₁ · hₜ₋₁"""
    b, a = (np.moveaxis(t, axis, 0) for t in (b, a))
    b, a = (b[::-1], a[::-1]) if reverse else (b, a)
    h = np.zeros_like(b)
    carried = 0
    for t in range(len(b)):
        h[t] = carried if delayed else b[t] + carried
        carried = a[t] * h[t] + b[t] if delayed else a[t] * h[t]
    return np.moveaxis(h[::-1] if reverse else h, 0, axis)


@RegisterGradient("Recurrence")
def _recurrence_grad(op, dz):
    (_, a), h, at = op.inputs, op.outputs[0], op.attributes
    # What comes back to step t from step t + 1: a recurrence the other way.
    later = recurrence(dz, a, at["axis"], not at["reverse"], True)
    db = later if at["delayed"] else add(dz, multiply(a, later))
    return db, multiply(later, h)


@if_known
def _position_shape(shape, *, axis, output_type):
    """The shape of the operand without the axis."""
    rank = len(shape)
    if rank and not -rank <= axis < rank:
        bounds = f"[{-rank}, {rank}), where {rank} is the number of dimensions in the input."
        raise ShapeError(f"Dimension ({axis}) must be in the range {bounds}")
    return leaving_out(shape, (axis % max(rank, 1),))


_position = functools.partial(
    operation, dtypes="R->output_type", shape=_position_shape, differentiable=False
)


def _position_of(extreme, x, axis, output_type):
    """The position that np.argmax or np.argmin finds; a number counts as having the axis 0."""
    rank = np.ndim(x)
    if not -rank <= axis < max(rank, 1):
        raise invalid(f"Expected dimension in the range [{-rank}, {rank}), but got {axis}")
    if rank and not np.shape(x)[axis]:
        raise invalid(f"Reduction axis {axis} is empty in shape {brackets(np.shape(x))}")
    return extreme(x, axis).astype(output_type.as_numpy_dtype)


@_position("ArgMax")
def argmax(input, *, axis=0, output_type=int64):
    """The position of the largest element along an axis, the first where several tie.

    >>> print(tf.Session().run(tf.argmax([[1.0, 5.0, 5.0], [7.0, 2.0, 3.0]], axis=1)))
    [1 0]
    """
    return _position_of(np.argmax, input, axis, output_type)


@_position("ArgMin")
def argmin(input, *, axis=0, output_type=int64):
    """The position of the smallest element along an axis, the first where several tie.

    >>> print(tf.Session().run(tf.argmin([[1.0, 5.0, 5.0], [7.0, 2.0, 3.0]], axis=1)))
    [0 1]
    """
    return _position_of(np.argmin, input, axis, output_type)


def _top_k_shapes(shape, *, k):
    if shape is None:
        return [None, None]
    must_have_axes(shape, 1)
    if None not in (shape[-1], k) and shape[-1] < k:
        raise ShapeError(f"input must have last dimension >= k = {k} but is {shape[-1]}")
    return [(*shape[:-1], size_given(k, 1))] * 2


@operation("TopKV2", "top", dtypes="R->R,int32", shape=_top_k_shapes)
def _top_k(input, *, k):
    """z₀, z₁ = the k largest x along the last axis, and where they stood; the first in a tie"""
    if input.shape[-1] < k:
        raise invalid("input must have at least k columns")
    if k < 0:
        raise invalid(f"Need k >= 0, got {k}")
    order = np.argsort(-input, axis=-1, kind="stable")[..., :k]
    return np.take_along_axis(input, order, -1), order.astype(np.int32)


@RegisterGradient("TopKV2")
def _top_k_grad(op, dz, _):
    x, indices = op.inputs[0], op.outputs[1]
    places = one_hot(indices, size_along(x, -1), dtype=dz.dtype)
    return reduce_sum(multiply(expand_dims(dz, -1), places), -2)


@operation(
    "InTopKV2",
    "top?",
    dtypes="float32,I->bool",
    shape=lambda _predictions, targets, *, k: targets,
    name="in_top_k",
    differentiable=False,
)
def in_top_k(predictions, targets, *, k):
    """Whether the prediction of the target is among the k largest of its row; no gradient passes.

    >>> print(tf.Session().run(tf.nn.in_top_k([[0.1, 0.6, 0.3], [0.5, 0.2, 0.3]], [2, 1], 2)))
    [ True False]
    """
    exists = (targets >= 0) & (targets < predictions.shape[1])
    of_target = np.take_along_axis(predictions, np.where(exists, targets, 0)[:, None], 1)
    return exists & ((predictions > of_target).sum(1) < k)
