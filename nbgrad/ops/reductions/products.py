"""Products over axes, whose gradients never divide by a factor that may be 0."""

from __future__ import annotations

import functools
import operator

import numpy as np

from nbgrad.graph import shape_of
from nbgrad.ops.elementwise.arithmetic import multiply
from nbgrad.ops.rearranging.reshaping import reshape, transpose
from nbgrad.ops.rearranging.sizes import rank_of, size_along
from nbgrad.ops.reductions.cumulative import cumprod
from nbgrad.ops.reductions.sums import axes, reduction, spread_back
from nbgrad.registry import RegisterGradient
from nbgrad.shapes import normal_axes


@reduction(
    "Prod",
    node="(input_tensor, axis or all) T=input_tensor Tidx=axis keep_dims=keepdims",
    dtypes="N->N",
    symbol="∏",
    text="∏ {input_tensor}",
    latex=r"\prod {input_tensor}",
)
def reduce_prod(input_tensor, *, axis=None, keepdims=False):
    """The product over some axes or over all, z = ∏ x.

    >>> tf.reduce_prod([[1.0, 2.0], [3.0, 4.0]])
    24.0
    """
    dtype = input_tensor.dtype
    return np.prod(
        input_tensor, axis=axes(axis, input_tensor), keepdims=bool(keepdims), dtype=dtype
    )


@RegisterGradient("Prod")
def _reduce_prod_grad(op, dz):
    x, axis = op.inputs[0], op.attributes["axis"]
    return multiply(spread_back(op, dz), product_of_others(x, axis))


def product_of_others(x, axis):
    """For each element the product of all that are multiplied with it.

    Never the product of all divided by x, which may be 0.
    """
    if axis is None:
        return reshape(before_and_after(reshape(x, (-1,)), 0), shape_of(x))
    gone = axis if isinstance(axis, tuple) else (axis,)
    if len(gone) == 1:
        return before_and_after(x, gone[0])
    rank = rank_of(x)
    gone = normal_axes(axis, rank)
    # The axes that are multiplied together become one, and are brought back in the end.
    kept = [i for i in range(rank) if i not in gone]
    moved = transpose(x, (*kept, *gone))
    sizes = [size_along(moved, i) for i in range(rank)]
    count = functools.reduce(operator.mul, sizes[len(kept) :], 1)
    others = before_and_after(reshape(moved, [*sizes[: len(kept)], count]), -1)
    return transpose(reshape(others, shape_of(moved)), np.argsort((*kept, *gone)))


def before_and_after(x, axis):
    """The product of all that stands before an element, times that of all that stands after."""
    return multiply(cumprod(x, axis, True), cumprod(x, axis, True, reverse=True))
