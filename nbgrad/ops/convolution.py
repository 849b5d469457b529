"""Windows of an image: convolved with filters, or pooled to their largest or their mean.

A convolution is linear in the image and in the filter, so its three operations are each other's
gradients: whichever two of image, filter and dz are given, they make the third.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nbgrad.core.errors import ShapeError, invalid
from nbgrad.core.graph import shape_of
from nbgrad.core.registry import RegisterGradient
from nbgrad.ops.constants import zeros_like
from nbgrad.ops.define import as_given, must_agree, must_have_rank, operation


def _conv2d_shape(images, filters, *, strides, padding, dilations):
    if filters is None:
        return (None,) * 4
    must_have_rank(filters, 4)
    if images is not None:
        must_agree(images[-1], filters[2])
    if None in filters[:2]:
        return (None if images is None else images[0], None, None, filters[3])
    return windows_shape(_windows(filters, strides, padding, dilations), images, filters[3])


@operation("Conv2D", dtypes="F,F->F", shape=_conv2d_shape, symbol="∗", text="{input} ∗ {filter}")
def _conv2d(input, filter, *, strides, padding, dilations=(1, 1)):
    """z = Σ x · w over each window of the image x, for each filter w"""
    if input.shape[-1] != filter.shape[2]:
        raise invalid(
            "input depth must be evenly divisible by filter depth: "
            f"{input.shape[-1]} vs {filter.shape[2]}"
        )
    windows = _windows(filter.shape, strides, padding, dilations).extract(input)
    return np.tensordot(windows, filter, 3)


@RegisterGradient("Conv2D")
def _conv2d_grad(op, dz):
    x, w = op.inputs
    dx = _conv2d_images(w, dz, shape_of(x), **_settings(op))
    return dx, _conv2d_filters(x, dz, shape_of(w), **_settings(op))


@operation(
    "Conv2DBackpropInput",
    dtypes="F,F->F",
    shape=as_given,
    symbol="∗ᵀ",
    text="{filter} ∗ᵀ {out_backprop}",
)
def _conv2d_images(filter, out_backprop, *, shape, strides, padding, dilations=(1, 1)):
    """z = the image to which every dz has sent its filter w, added up"""
    windows = np.tensordot(out_backprop, filter, ([3], [3]))
    return _windows(filter.shape, strides, padding, dilations).scatter_add(windows, tuple(shape))


@RegisterGradient("Conv2DBackpropInput")
def _conv2d_images_grad(op, dx):
    w, dz = op.inputs[:2]
    return _conv2d_filters(dx, dz, shape_of(w), **_settings(op)), _conv2d(dx, w, **_settings(op))


@operation(
    "Conv2DBackpropFilter",
    dtypes="F,F->F",
    shape=as_given,
    symbol="∗ᵀ",
    text="{input} ∗ᵀ {out_backprop}",
)
def _conv2d_filters(input, out_backprop, *, shape, strides, padding, dilations=(1, 1)):
    """z = the windows of the image x, each times its dz, added up"""
    windows = _windows(shape, strides, padding, dilations).extract(input)
    return np.tensordot(windows, out_backprop, ([0, 1, 2], [0, 1, 2]))


@RegisterGradient("Conv2DBackpropFilter")
def _conv2d_filters_grad(op, dw):
    x, dz = op.inputs[:2]
    return _conv2d_images(dw, dz, shape_of(x), **_settings(op)), _conv2d(x, dw, **_settings(op))


def _windows(filter_shape, strides, padding, dilations):
    return Windows(tuple(filter_shape[:2]), strides, padding, dilations)


def _settings(op):
    """The attributes that an operation's gradient has in common with it: all but a shape."""
    return {key: value for key, value in op.attributes.items() if key != "shape"}


@dataclass(frozen=True)
class Windows:
    """Windows of one size, in rows and columns, over images [image, row, column, channel].

    With "VALID" padding they lie inside the image; with "SAME" they begin at each stride, and hang
    over its edge, at the bottom and right rather than at the top and left.
    """

    size: tuple[int, int]
    strides: tuple[int, int]  # from one window to the next
    padding: str
    dilations: tuple[int, int] = (1, 1)  # from one cell of a window to the next

    def reach(self, axis: int) -> int:
        """The extent of a window, from its first to its last cell."""
        return (self.size[axis] - 1) * self.dilations[axis] + 1

    def count(self, length: int | None, axis: int) -> int | None:
        """The number of windows along an axis of an image."""
        if length is None:
            return None
        free = length if self.padding == "SAME" else length - self.reach(axis) + 1
        if free < 0 or (free == 0 and length):
            raise ShapeError(
                f"Negative dimension size caused by subtracting {self.reach(axis)} from {length}"
            )
        return -(-free // self.strides[axis])

    def margins(self, length: int, axis: int) -> tuple[int, int]:
        """The cells by which the first and the last window exceed an image."""
        if self.padding == "VALID":
            return 0, 0
        count = self.count(length, axis) or 0
        over = max(0, (count - 1) * self.strides[axis] + self.reach(axis) - length)
        return over // 2, over - over // 2

    def extract(self, images: np.ndarray, outside: Any = 0) -> np.ndarray:
        """The windows: an array [image, row, column, row in window, column in window, channel]."""
        margins = [self.margins(images.shape[1 + axis], axis) for axis in (0, 1)]
        padded = np.pad(images, [(0, 0), *margins, (0, 0)], constant_values=outside)
        reach = (self.reach(0), self.reach(1))
        every = np.lib.stride_tricks.sliding_window_view(padded, reach, (1, 2))
        (down, right), (below, beside) = self.strides, self.dilations
        return every[:, ::down, ::right, :, ::below, ::beside].transpose(0, 1, 2, 4, 5, 3)

    def scatter_add(self, windows: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
        """Images of a shape, with the windows added up where they lie over each other."""
        images, height, width, channels = shape
        (top, bottom), (left, right) = self.margins(height, 0), self.margins(width, 1)
        whole = np.zeros(
            (images, top + height + bottom, left + width + right, channels), windows.dtype
        )
        rows, columns = windows.shape[1:3]
        for i, j in np.ndindex(self.size):
            first, start = i * self.dilations[0], j * self.dilations[1]
            whole[
                :,
                first : first + rows * self.strides[0] : self.strides[0],
                start : start + columns * self.strides[1] : self.strides[1],
            ] += windows[:, :, :, i, j]
        return whole[:, top : top + height, left : left + width]


def windows_shape(windows: Windows, images: Any, channels: int | None) -> Any:
    """The static shape of a result with one number for each window."""
    if images is None:
        return (None, None, None, channels)
    must_have_rank(images, 4)
    rows, columns = windows.count(images[1], 0), windows.count(images[2], 1)
    return (images[0], rows, columns, channels)


# Pooling: one number for each window


def _pool_shape(images: Any, *_gradient: Any, ksize: Any, strides: Any, padding: Any) -> Any:
    """The static shape of pooled images."""
    channels = None if images is None else images[-1]
    return windows_shape(Windows(ksize, strides, padding), images, channels)


def _places(x, windows):
    """The place of the largest number in each window: the first, row by row, in a tie."""
    taken = windows.extract(x, -np.inf)
    cells = taken.reshape(*taken.shape[:3], -1, taken.shape[-1])
    return cells, np.argmax(cells, 3)[:, :, :, None]


@operation("MaxPool", dtypes="F->F", shape=_pool_shape, symbol="maxpool")
def _max_pool(input, *, ksize, strides, padding):
    """z = the largest x of each window"""
    return Windows(ksize, strides, padding).extract(input, -np.inf).max((3, 4))


@RegisterGradient("MaxPool")
def _max_pool_grad(op, dz):
    return _to_largest(op.inputs[0], dz, **_settings(op))


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
    return zeros_like(op.inputs[0]), _at_largest(op.inputs[0], d, **_settings(op))


@operation(
    "MaxPoolGradGrad", dtypes="F,F->F", shape=_pool_shape, symbol="[max]", text="pick({grad})"
)
def _at_largest(orig_input, grad, *, ksize, strides, padding):
    """z = the d that stands where the largest x of each window stands"""
    windows = Windows(ksize, strides, padding)
    cells, places = _places(orig_input, windows)
    picked = windows.extract(grad).reshape(cells.shape)
    return np.take_along_axis(picked, places, 3)[:, :, :, 0]


@RegisterGradient("MaxPoolGradGrad")
def _at_largest_grad(op, dz):
    return zeros_like(op.inputs[0]), _to_largest(op.inputs[0], dz, **_settings(op))


def _cells_inside(windows, shape, dtype):
    """The number of cells of each window that lie inside the image."""
    return windows.extract(np.ones((1, *shape[1:3], 1), dtype)).sum((3, 4))


@operation("AvgPool", dtypes="F->F", shape=_pool_shape, symbol="avgpool")
def _avg_pool(value, *, ksize, strides, padding):
    """z = the mean of the x of each window that lie inside the image"""
    windows = Windows(ksize, strides, padding)
    return windows.extract(value).sum((3, 4)) / _cells_inside(windows, value.shape, value.dtype)


@RegisterGradient("AvgPool")
def _avg_pool_grad(op, dz):
    return _shared_out(dz, shape_of(op.inputs[0]), **_settings(op))


@operation("AvgPoolGrad", dtypes="F->F", shape=as_given, symbol="share", text="share({grad})")
def _shared_out(grad, *, shape, ksize, strides, padding):
    """z = each dz divided equally among the cells of its window, added up"""
    windows = Windows(ksize, strides, padding)
    shares = grad / _cells_inside(windows, shape, grad.dtype)
    cells = np.broadcast_to(shares[:, :, :, None, None], (*grad.shape[:3], *ksize, grad.shape[3]))
    return windows.scatter_add(cells, tuple(shape))


@RegisterGradient("AvgPoolGrad")
def _shared_out_grad(op, d):
    return _avg_pool(d, **_settings(op))
