"""Windows of an image: convolved with filters, or pooled to their largest or their mean.

A convolution is linear in the image and in the filter, so its three operations are each other's
gradients: whichever two of image, filter and dz are given, they make the third.
"""

from __future__ import annotations

import functools
import itertools
import math
import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nbgrad.core.errors import ShapeError, invalid
from nbgrad.core.graph import shape_of
from nbgrad.core.registry import RegisterGradient
from nbgrad.core.shapes import as_given, must_agree, must_have_rank
from nbgrad.ops.define import operation
from nbgrad.ops.sources import zeros_like


def _conv2d_shape(images, filters, *, strides, padding, dilations):
    if filters is None:
        return (None,) * 4
    must_have_rank(filters, 4)
    if images is not None:
        must_agree(images[-1], filters[2])
    if None in filters[:2]:
        return (None if images is None else images[0], None, None, filters[3])
    windows = Windows(filters[:2], strides, padding, dilations)
    return windows_shape(windows, images, filters[3])


def window_strips(input, *, strides=(1, 1), padding="VALID", dilations=(1, 1)):
    """`Windows.strips` of images, for windows of a size; a run makes them once.

    The gradient of a filter reads what the convolution has read.
    """

    @functools.cache
    def strips(size, whole):
        windows = Windows(size, strides, padding, dilations)
        return windows.strips(input, windows.margins(input.shape), whole)

    return strips


_of_two = functools.partial(operation, dtypes="F,F->F")


@_of_two("Conv2D", "∗", "{input} ∗ {filter}", shape=_conv2d_shape, shares=window_strips)
def _conv2d(input, filter, *, strides, padding, dilations=(1, 1), shared=None):
    """z = Σ x · w over each window of the image x, for each filter w"""
    if input.shape[-1] != filter.shape[2]:
        raise invalid(
            "input depth must be evenly divisible by filter depth: "
            f"{input.shape[-1]} vs {filter.shape[2]}"
        )
    windows = Windows(filter.shape[:2], strides, padding, dilations)
    shape = windows_shape(windows, input.shape, filter.shape[3])
    shared = shared or window_strips(input, strides=strides, padding=padding, dilations=dilations)
    return convolved(shared(windows.size, not is_bounded(filter)), filter, shape)


@RegisterGradient("Conv2D")
def _conv2d_grad(op, dz):
    x, w = op.inputs
    dx = _conv2d_images(w, dz, shape_of(x), **_settings(op))
    return dx, _conv2d_filters(x, dz, shape_of(w), **_settings(op))


@_of_two("Conv2DBackpropInput", "∗ᵀ", "{filter} ∗ᵀ {out_backprop}", shape=as_given)
def _conv2d_images(filter, out_backprop, *, shape, strides, padding, dilations=(1, 1)):
    """z = the image to which every dz has sent its filter w, added up"""
    windows = Windows(filter.shape[:2], strides, padding, dilations)
    back = filter.transpose(0, 1, 3, 2)
    if math.prod(strides) == 1 and is_bounded(filter):
        # Each cell of the image is reached by the windows around it, so this is a convolution too:
        # of dz, and zeros around it (times ∞ they would be NaN), with the filter turned round.
        most = [windows.reach(axis) - 1 for axis in (0, 1)]
        pairs = zip(most, windows.margins(shape), strict=True)
        margins = [(reach - before, reach - after) for reach, (before, after) in pairs]
        strips = windows.strips(out_backprop, margins)
        return convolved(strips, back[::-1, ::-1], shape)
    dz, weights = out_backprop.reshape(-1, filter.shape[3]), np.ascontiguousarray(back)
    reached = (*out_backprop.shape[:3], filter.shape[2])
    sent = ((dz @ weights[cell]).reshape(reached) for cell in np.ndindex(windows.size))
    return windows.spread_out(sent, shape, dz.dtype)


@RegisterGradient("Conv2DBackpropInput")
def _conv2d_images_grad(op, dx):
    w, dz = op.inputs[:2]
    return _conv2d_filters(dx, dz, shape_of(w), **_settings(op)), _conv2d(dx, w, **_settings(op))


@_of_two(
    "Conv2DBackpropFilter",
    "∗ᵀ",
    "{input} ∗ᵀ {out_backprop}",
    shape=as_given,
    shares=window_strips,
)
def _conv2d_filters(input, out_backprop, *, shape, strides, padding, dilations=(1, 1), shared=None):
    """z = the windows of the image x, each times its dz, added up"""
    windows = Windows(tuple(shape[:2]), strides, padding, dilations)
    shared = shared or window_strips(input, strides=strides, padding=padding, dilations=dilations)
    strips = shared(windows.size, not is_bounded(out_backprop))
    dz = out_backprop.reshape(len(input), math.prod(out_backprop.shape[1:3]), shape[3])
    rows = [(x.transpose(0, 2, 1) @ dz[:, some]).sum(0) for some, x in strips]
    return np.concatenate(rows).reshape(shape)


@RegisterGradient("Conv2DBackpropFilter")
def _conv2d_filters_grad(op, dw):
    x, dz = op.inputs[:2]
    return _conv2d_images(dw, dz, shape_of(x), **_settings(op)), _conv2d(x, dw, **_settings(op))


def _settings(op):
    """The attributes that an operation's gradient has in common with it: all but a shape."""
    return {key: value for key, value in op.attributes.items() if key != "shape"}


#: The least numbers in a row of the windows for a matrix product of its own: thin ones are slow.
THIN = 12

#: The cells around an image: (above, below) and (left, right).
Margins = Sequence[tuple[int, int]]


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

    def margins(self, shape: Sequence[int]) -> list[tuple[int, int]]:
        """The cells by which the first and the last window exceed an image, along both axes."""
        if self.padding == "VALID":
            return [(0, 0), (0, 0)]
        found = []
        for axis, length in enumerate(shape[1:3]):
            count = self.count(length, axis) or 0
            over = max(0, (count - 1) * self.strides[axis] + self.reach(axis) - length)
            found.append((over // 2, over - over // 2))
        return found

    def over(self, padded: np.ndarray) -> np.ndarray:
        """The windows over images, not copied: [image, window, window, cell, cell, channel]."""
        # `sliding_window_view` takes thirty times as long.
        padded = np.ascontiguousarray(padded)
        (images, *lengths, channels), (image, *cells, channel) = padded.shape, padded.strides
        pairs = zip(lengths, self.strides, strict=True)
        counts = [(n - self.reach(axis)) // step + 1 for axis, (n, step) in enumerate(pairs)]
        steps = zip(cells * 2, (*self.strides, *self.dilations), strict=True)
        shape = (images, *counts, *self.size, channels)
        strides = (image, *itertools.starmap(operator.mul, steps), channel)
        return np.ndarray(shape, padded.dtype, padded, strides=strides)

    def cells(self, images: np.ndarray, outside: float = 0) -> list[np.ndarray]:
        """Each cell of the windows, row by row, copied."""
        over = self.over(pixels(with_margins(images, self.margins(images.shape), outside)))
        places = itertools.product(*map(range, self.size))
        return [np.ascontiguousarray(over[:, :, :, i, j]).view(images.dtype) for i, j in places]

    def spread_out(
        self, cells: Iterable[np.ndarray], shape: Sequence[int], dtype: np.dtype
    ) -> np.ndarray:
        """Images of a shape, to which each cell of the windows is added where it stands."""
        (top, bottom), (left, right) = self.margins(shape)
        size = (shape[0], top + shape[1] + bottom, left + shape[2] + right, shape[3])
        whole = np.empty(size, dtype)
        apart = all(step >= self.reach(axis) for axis, step in enumerate(self.strides))
        over = self.over(pixels(whole) if apart else whole)
        if not apart or over.size < math.prod(size[:3]):  # else every cell is written
            whole[...] = 0
        for (i, j), values in zip(itertools.product(*map(range, self.size)), cells, strict=True):
            here = over[:, :, :, i, j]
            if apart:
                here[...] = pixels(values)
            else:
                here += values
        return whole[:, top : top + shape[1], left : left + shape[2]]

    def strips(
        self, images: np.ndarray, margins: Margins, whole: bool = False
    ) -> list[tuple[slice, np.ndarray]]:
        """The windows, row by row of theirs: which of them have it in the image, and its cells.

        Those are arrays [image, window, cell of a row and channel], of all windows where the
        margins above and below count too. The windows along the columns are copied once, since
        they overlap, and read again for each row where they are.
        """
        if self.size[1] * images.shape[3] < THIN:
            return [(slice(None), self.strip(with_margins(images, margins)))]
        above, down = margins[0], self.strides[0]
        of_a_row = Windows((1, self.size[1]), (1, self.strides[1]), "VALID", self.dilations)
        padded = with_margins(images, [above if whole else (0, 0), margins[1]])
        rows = np.ascontiguousarray(of_a_row.over(padded))
        count = (images.shape[1] + sum(above) - self.reach(0)) // down + 1
        across, cells = rows.shape[2], math.prod(rows.shape[3:])
        strips = []
        for i in range(self.size[0]):
            start = i * self.dilations[0] - (0 if whole else above[0])
            first = max(0, -(start // down))
            last = max(first, min(count, -((start - rows.shape[1]) // down)))
            strip = rows[:, start + first * down :: down][:, : last - first]
            here = slice(first * across, last * across)
            strips.append((here, strip.reshape(len(images), (last - first) * across, cells)))
        return strips

    def strip(self, padded: np.ndarray) -> np.ndarray:
        """All of each window in one array [image, window, cell and channel]."""
        windows = self.over(padded).transpose(0, 3, 4, 5, 1, 2)
        shape = (len(padded), math.prod(windows.shape[1:4]), math.prod(windows.shape[4:]))
        return np.ascontiguousarray(windows).reshape(shape).transpose(0, 2, 1)


def is_bounded(x: np.ndarray) -> bool:
    """Whether all numbers are finite, and not so large that their squares are not."""
    return bool(np.isfinite(np.vdot(x, x)))  # in half the time of a look at each


def convolved(
    strips: list[tuple[slice, np.ndarray]], filters: np.ndarray, shape: Sequence[int]
) -> np.ndarray:
    """The sum over each window times each filter, a matrix product for each strip."""
    weights = filters.reshape(len(strips), -1, filters.shape[-1])
    if len(strips) == 1:
        return (strips[0][1] @ weights[0]).reshape(shape)
    z = np.zeros((shape[0], shape[1] * shape[2], shape[3]), filters.dtype)
    product = np.empty_like(z)
    for (some, strip), row in zip(strips, weights, strict=True):
        here = z[:, some]
        here += np.matmul(strip, row, out=product[:, some])
    return z.reshape(shape)


def pixels(images: np.ndarray) -> np.ndarray:
    """The images [image, row, column, 1] with all channels of a pixel as one, to be copied."""
    whole = np.ascontiguousarray(images)
    return whole.view(np.dtype((np.void, whole.shape[3] * whole.itemsize)))


def with_margins(images: np.ndarray, margins: Margins, outside: float = 0) -> np.ndarray:
    """The images with cells around them."""
    # What `np.pad` does, in half the time.
    (top, bottom), (left, right) = margins
    if top == bottom == left == right == 0:
        return images
    count, height, width, channels = images.shape
    size = (count, top + height + bottom, left + width + right, channels)
    whole = np.full(size, outside, images.dtype)
    whole[:, top : top + height, left : left + width] = images
    return whole


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


def window_maxima(x, *, ksize=(1, 1), strides=(1, 1), padding="VALID"):
    """The largest x of each window, and for each cell of the windows, whether it is that one.

    Of equal numbers the first is chosen, row by row; a NaN before any number.
    """
    cells = Windows(ksize, strides, padding).cells(x, -np.inf)
    # Of two zeros `maximum` returns the second, whatever their signs.
    largest = functools.reduce(np.maximum, reversed(cells))
    waiting, unknown, found = np.ones(largest.shape, bool), np.isnan(largest).any(), []
    for cell in cells[:-1]:
        chosen = (cell == largest) & waiting
        if unknown:
            chosen |= np.isnan(cell) & waiting
        waiting ^= chosen
        found.append(chosen)
    return largest, [*found, waiting]


@operation("MaxPool", "maxpool", dtypes="F->F", shape=_pool_shape, shares=window_maxima)
def _max_pool(input, *, ksize, strides, padding, shared=None):
    """z = the largest x of each window"""
    return (shared or window_maxima(input, ksize=ksize, strides=strides, padding=padding))[0]


@RegisterGradient("MaxPool")
def _max_pool_grad(op, dz):
    return _to_largest(op.inputs[0], dz, **_settings(op))


@_of_two("MaxPoolGrad", "put", "{grad} at the maxima", shares=window_maxima)
def _to_largest(orig_input, grad, *, ksize, strides, padding, shared=None):
    """z = zeros like x, with each dz added where the largest x of its window stands"""
    shared = shared or window_maxima(orig_input, ksize=ksize, strides=strides, padding=padding)
    dz = grad + 0  # −0 added to 0 is 0
    # As integers, since 0 times infinity is NaN, and 0 times −1 is −0.
    bits = dz.view(f"i{dz.itemsize}")
    sent = ((bits * chosen.astype(bits.dtype)).view(dz.dtype) for chosen in shared[1])
    return Windows(ksize, strides, padding).spread_out(sent, orig_input.shape, dz.dtype)


@RegisterGradient("MaxPoolGrad")
def _to_largest_grad(op, d):
    return zeros_like(op.inputs[0]), _at_largest(op.inputs[0], d, **_settings(op))


@_of_two("MaxPoolGradGrad", "[max]", "pick({grad})", shape=_pool_shape)
def _at_largest(orig_input, grad, *, ksize, strides, padding):
    """z = the d that stands where the largest x of each window stands"""
    windows = Windows(ksize, strides, padding)
    largest, places = window_maxima(orig_input, ksize=ksize, strides=strides, padding=padding)
    z = np.zeros_like(largest, grad.dtype)
    for chosen, d in zip(places, windows.cells(grad), strict=True):
        np.copyto(z, d, where=chosen)
    return z


@RegisterGradient("MaxPoolGradGrad")
def _at_largest_grad(op, dz):
    return zeros_like(op.inputs[0]), _to_largest(op.inputs[0], dz, **_settings(op))


def _cells_inside(windows, shape, dtype):
    """The number of cells of each window that lie inside the image."""
    if windows.margins(shape) == [(0, 0), (0, 0)]:
        return math.prod(windows.size)
    return sum(windows.cells(np.ones((1, *shape[1:3], 1), dtype)))


@operation("AvgPool", "avgpool", dtypes="F->F", shape=_pool_shape)
def _avg_pool(value, *, ksize, strides, padding):
    """z = the mean of the x of each window that lie inside the image"""
    windows = Windows(ksize, strides, padding)
    return sum(windows.cells(value)) / _cells_inside(windows, value.shape, value.dtype)


@RegisterGradient("AvgPool")
def _avg_pool_grad(op, dz):
    return _shared_out(dz, shape_of(op.inputs[0]), **_settings(op))


@operation("AvgPoolGrad", "share", dtypes="F->F", shape=as_given)
def _shared_out(grad, *, shape, ksize, strides, padding):
    """z = each dz divided equally among the cells of its window, added up"""
    windows = Windows(ksize, strides, padding)
    shares = grad / _cells_inside(windows, shape, grad.dtype) + 0  # −0 added to 0 is 0
    return windows.spread_out(itertools.repeat(shares, math.prod(ksize)), shape, shares.dtype)


@RegisterGradient("AvgPoolGrad")
def _shared_out_grad(op, d):
    return _avg_pool(d, **_settings(op))
