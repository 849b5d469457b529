"""The largest, the smallest, the length, all and any: reductions that pick or test elements."""

from __future__ import annotations

import numpy as np

from nbgrad.ops.copying.repetition import cast
from nbgrad.ops.elementwise.arithmetic import divide, multiply
from nbgrad.ops.elementwise.logic import equal
from nbgrad.ops.reductions.sums import axes, reduce_sum, reduction, spread_back
from nbgrad.registry import NotDifferentiable, RegisterGradient


@reduction(
    "Max",
    node="(input_tensor, axis or all) T=input_tensor Tidx=axis keep_dims=keepdims",
    dtypes="R->R",
    symbol="max",
)
def reduce_max(input_tensor, *, axis=None, keepdims=False):
    """The largest element over some axes or all, z = max x; those that tie share the gradient.

    >>> tf.reduce_max([[1.0, 4.0], [3.0, 2.0]], axis=1)
    [4. 3.]
    """
    return np.max(
        input_tensor,
        axis=axes(axis, input_tensor),
        keepdims=bool(keepdims),
        initial=lowest(input_tensor),
    )


@reduction(
    "Min",
    node="(input_tensor, axis or all) T=input_tensor Tidx=axis keep_dims=keepdims",
    dtypes="R->R",
    symbol="min",
)
def reduce_min(input_tensor, *, axis=None, keepdims=False):
    """The smallest element over some axes or all, z = min x; those that tie share the gradient.

    >>> tf.reduce_min([[1.0, 4.0], [3.0, 2.0]], axis=1)
    [1. 2.]
    """
    return -np.max(
        -input_tensor,
        axis=axes(axis, input_tensor),
        keepdims=bool(keepdims),
        initial=lowest(input_tensor),
    )


def lowest(x):
    """What the maximum of no elements is."""
    return -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min


def _extreme_grad(op, dz):
    x, axis = op.inputs[0], op.attributes["axis"]
    dz, z = spread_back(op, dz), spread_back(op, op.outputs[0])
    # Those that tie for the extreme share the gradient.
    chosen = cast(equal(x, z), dz.dtype)
    return multiply(divide(chosen, reduce_sum(chosen, axis, True)), dz)


RegisterGradient("Max")(_extreme_grad)
RegisterGradient("Min")(_extreme_grad)


@reduction(
    "EuclideanNorm",
    node="(input_tensor, axis or all) T=input_tensor Tidx=axis keep_dims=keepdims",
    dtypes="F->F",
    symbol="‖x‖",
    text="‖{input_tensor}‖",
)
def reduce_euclidean_norm(input_tensor, *, axis=None, keepdims=False):
    """The length of the vectors along some axes or all, z = √Σx²; at 0 the gradient is NaN.

    >>> tf.math.reduce_euclidean_norm([[3.0, 4.0], [0.0, 2.0]], axis=1)
    [5. 2.]
    """
    squares = np.sum(
        np.square(input_tensor), axis=axes(axis, input_tensor), keepdims=bool(keepdims)
    )
    return np.sqrt(squares).astype(input_tensor.dtype)


@RegisterGradient("EuclideanNorm")
def _euclidean_norm_grad(op, dz):
    x, z = op.inputs[0], op.outputs[0]
    return multiply(x, spread_back(op, divide(dz, z)))


@reduction(
    "All",
    node="(input_tensor, axis or all) Tidx=axis keep_dims=keepdims",
    dtypes="bool->bool",
    symbol="∀",
)
def reduce_all(input_tensor, *, axis=None, keepdims=False):
    """Whether every element is true, over some axes or all, z = ∀ x.

    >>> tf.reduce_all([[True, True], [True, False]], axis=1)
    [ True False]
    """
    return np.all(input_tensor, axis=axes(axis, input_tensor), keepdims=bool(keepdims))


@reduction(
    "Any",
    node="(input_tensor, axis or all) Tidx=axis keep_dims=keepdims",
    dtypes="bool->bool",
    symbol="∃",
)
def reduce_any(input_tensor, *, axis=None, keepdims=False):
    """Whether any element is true, over some axes or all, z = ∃ x.

    >>> tf.reduce_any([[False, False], [True, False]], axis=1)
    [False  True]
    """
    return np.any(input_tensor, axis=axes(axis, input_tensor), keepdims=bool(keepdims))


NotDifferentiable("All")
NotDifferentiable("Any")
