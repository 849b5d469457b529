"""Reductions that are written in other operations: logsumexp, variances, moments, counts."""

from __future__ import annotations

from typing import Any

from nbgrad.dtypes import as_dtype, float32, int64
from nbgrad.graph import Tensor, graph_of, shape_of
from nbgrad.graph.operands import as_tensor
from nbgrad.ops.arrays import cast, stop_gradient, zeros_like
from nbgrad.ops.calling import composite
from nbgrad.ops.elementwise import add, multiply, negative, square, squared_difference, subtract
from nbgrad.ops.extremes import reduce_max
from nbgrad.ops.logic import equal, is_finite, not_equal, where
from nbgrad.ops.powers import exp, log, rsqrt, sqrt
from nbgrad.ops.reductions import reduce_mean, reduce_sum
from nbgrad.ops.reshaping import reshape, squeeze


@composite("ReduceLogSumExp")
def reduce_logsumexp(
    input_tensor: Any,
    axis: Any = None,
    keepdims: Any = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: Any = None,
) -> Tensor:
    """z = log Σ eˣ, over the axes given or over all, where no eˣ can overflow"""
    axis = reduction_indices if axis is None else axis
    x = as_tensor(input_tensor, graph_of(input_tensor), name="input_tensor")
    largest = reduce_max(x, axis, True)
    offset = stop_gradient(where(is_finite(largest), largest, zeros_like(largest)))
    kept = bool(keepdims or keep_dims)
    total = log(reduce_sum(exp(subtract(x, offset)), axis, kept))
    return add(total, offset if kept else reshape(offset, shape_of(total)))


def without(kept: Tensor, axis: Any, keepdims: Any) -> Tensor:
    """A reduction that kept its axes, without them unless they were asked for."""
    return kept if keepdims else squeeze(kept, axis)


@composite("reduce_variance")
def reduce_variance(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """z = the mean of (x − mean x)², over the axes given or over all"""
    mean = reduce_mean(input_tensor, axis, True)
    return reduce_mean(square(subtract(input_tensor, mean)), axis, keepdims)


@composite("reduce_std")
def reduce_std(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """z = √ of the variance, over the axes given or over all"""
    return sqrt(reduce_variance(input_tensor, axis, keepdims))


@composite("count_nonzero")
def count_nonzero(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool = False,
    dtype: Any = int64,
    name: str | None = None,
) -> Tensor:
    """z = how many x are not 0, over the axes given or over all"""
    x = as_tensor(input_tensor, graph_of(input_tensor), name="input_tensor")
    return reduce_sum(cast(not_equal(x, zeros_like(x)), as_dtype(dtype)), axis, keepdims, name=name)


@composite("zero_fraction")
def zero_fraction(value: Any, name: str | None = None) -> Tensor:
    """z = how many of all x are 0, as a part of 1"""
    x = as_tensor(value, graph_of(value), name="value")
    return reduce_mean(cast(equal(x, zeros_like(x)), float32), name=name)


@composite("moments")
def moments(
    x: Any,
    axes: Any,
    shift: Any = None,
    name: str | None = None,
    keep_dims: Any = None,
    keepdims: Any = None,
) -> tuple[Tensor, Tensor]:
    """The mean and the variance of x over some axes"""
    mean = reduce_mean(x, axes, True, name="mean")
    # Σ(x − mean) is 0: what reaches the mean adds nothing to a first derivative, and is left out.
    # A second derivative lacks it, in TensorFlow too.
    steady = stop_gradient(mean)
    variance = reduce_mean(squared_difference(x, steady), axes, True, name="variance")
    kept = keepdims or keep_dims
    return without(mean, axes, kept), without(variance, axes, kept)


@composite("batchnorm")
def batch_normalization(
    x: Any,
    mean: Any,
    variance: Any,
    offset: Any,
    scale: Any,
    variance_epsilon: float,
    name: str | None = None,
) -> Tensor:
    """z = (x − mean) / √(variance + ε) · scale + offset"""
    factor = rsqrt(add(variance, variance_epsilon, name="add"))
    if scale is not None:
        factor = multiply(factor, scale)
    shift = multiply(mean, factor)
    rest = multiply(x, factor)
    if offset is None:
        return add(rest, negative(shift), name="add")
    return add(rest, subtract(offset, shift), name="add")
