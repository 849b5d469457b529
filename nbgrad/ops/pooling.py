"""Pooling: one number for each window of an image, the largest or the mean."""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrad.core.graph import Operation, shape_of
from nbgrad.core.registry import RegisterGradient
from nbgrad.ops.constants import zeros_like
from nbgrad.ops.convolution import Windows, windows_shape
from nbgrad.ops.define import as_given, operation


def pooled_shape(images: Any, *_gradient: Any, ksize: Any, strides: Any, padding: Any) -> Any:
    """The static shape of pooled images."""
    channels = None if images is None else images[-1]
    return windows_shape(Windows(ksize, strides, padding), images, channels)


def pooling_attributes(op: Operation) -> dict[str, Any]:
    """The attributes that an operation's gradient has in common with it."""
    return {key: op.attributes[key] for key in ("ksize", "strides", "padding")}


def _places(x, windows):
    """The place of the largest number in each window: the first, row by row, in a tie."""
    taken = windows.extract(x, -np.inf)
    cells = taken.reshape(*taken.shape[:3], -1, taken.shape[-1])
    return cells, np.argmax(cells, 3)[:, :, :, None]


@operation("MaxPool", dtypes="F->F", shape=pooled_shape, symbol="maxpool")
def _max_pool(input, *, ksize, strides, padding):
    """z = the largest x of each window"""
    return Windows(ksize, strides, padding).extract(input, -np.inf).max((3, 4))


@RegisterGradient("MaxPool")
def _max_pool_grad(op, dz):
    return _to_largest(op.inputs[0], dz, **pooling_attributes(op))


@operation(
    "MaxPoolGrad",
    dtypes="F,F->F",
    symbol="put",
    text="{grad} at the maxima",
)
def _to_largest(orig_input, grad, *, ksize, strides, padding):
    """z = zeros like x, with each dz added where the largest x of its window stands"""
    windows = Windows(ksize, strides, padding)
    cells, places = _places(orig_input, windows)
    chosen = np.zeros(cells.shape, grad.dtype)
    np.put_along_axis(chosen, places, grad[:, :, :, None], 3)
    shape = (*places.shape[:3], *ksize, places.shape[-1])
    return windows.scatter_add(chosen.reshape(shape), orig_input.shape)


@RegisterGradient("MaxPoolGrad")
def _to_largest_grad(op, d):
    return zeros_like(op.inputs[0]), _at_largest(op.inputs[0], d, **pooling_attributes(op))


@operation(
    "MaxPoolGradGrad", dtypes="F,F->F", shape=pooled_shape, symbol="[max]", text="pick({grad})"
)
def _at_largest(orig_input, grad, *, ksize, strides, padding):
    """z = the d that stands where the largest x of each window stands"""
    windows = Windows(ksize, strides, padding)
    cells, places = _places(orig_input, windows)
    picked = windows.extract(grad).reshape(cells.shape)
    return np.take_along_axis(picked, places, 3)[:, :, :, 0]


@RegisterGradient("MaxPoolGradGrad")
def _at_largest_grad(op, dz):
    return zeros_like(op.inputs[0]), _to_largest(op.inputs[0], dz, **pooling_attributes(op))


def _cells_inside(windows, shape, dtype):
    """The number of cells of each window that lie inside the image."""
    return windows.extract(np.ones((1, *shape[1:3], 1), dtype)).sum((3, 4))


@operation("AvgPool", dtypes="F->F", shape=pooled_shape, symbol="avgpool")
def _avg_pool(value, *, ksize, strides, padding):
    """z = the mean of the x of each window that lie inside the image"""
    windows = Windows(ksize, strides, padding)
    return windows.extract(value).sum((3, 4)) / _cells_inside(windows, value.shape, value.dtype)


@RegisterGradient("AvgPool")
def _avg_pool_grad(op, dz):
    return _shared_out(dz, shape_of(op.inputs[0]), **pooling_attributes(op))


@operation("AvgPoolGrad", dtypes="F->F", shape=as_given, symbol="share", text="share({grad})")
def _shared_out(grad, *, shape, ksize, strides, padding):
    """z = each dz divided equally among the cells of its window, added up"""
    windows = Windows(ksize, strides, padding)
    shares = grad / _cells_inside(windows, shape, grad.dtype)
    cells = np.broadcast_to(shares[:, :, :, None, None], (*grad.shape[:3], *ksize, grad.shape[3]))
    return windows.scatter_add(cells, tuple(shape))


@RegisterGradient("AvgPoolGrad")
def _shared_out_grad(op, d):
    return _avg_pool(d, **pooling_attributes(op))
