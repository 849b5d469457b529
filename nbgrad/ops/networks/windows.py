"""Windows that slide over images: extracting them, and adding them up where they came from.

These two are each other's transpose, and all of convolution and pooling is built on them: what
one extracts in the forward pass, the other scatters in the reverse pass. Neither loops over
pixels, only over the few cells of a window.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nbgrad.errors import ShapeError


@dataclass(frozen=True)
class Windows:
    """How windows of one size lie over images [image, row, column, channel].

    Attributes
    ----------
    size, strides, dilations
        Of a window, rows and columns: its cells, how far from one window to the next, and how
        far from one of its cells to the next.
    padding
        "VALID": windows lie inside the image. "SAME": they begin at each stride, and hang over
        its edge, at the bottom and right rather than at the top and left.
    """

    size: tuple[int, int]
    strides: tuple[int, int]
    padding: str
    dilations: tuple[int, int] = (1, 1)

    def reach(self, axis: int) -> int:
        """From the first to the last cell of a window."""
        return (self.size[axis] - 1) * self.dilations[axis] + 1

    def count(self, length: int | None, axis: int) -> int | None:
        """How many windows fit along an axis of an image."""
        if length is None:
            return None
        free = length if self.padding == "SAME" else length - self.reach(axis) + 1
        if free < 0 or (free == 0 and length):
            raise ShapeError(
                f"Negative dimension size caused by subtracting {self.reach(axis)} from {length}"
            )
        return -(-free // self.strides[axis])

    def margins(self, length: int, axis: int) -> tuple[int, int]:
        """How far the first and the last window hang over the edges of an image."""
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
    """The static shape of what makes one number of each window."""
    if images is None:
        return (None, None, None, channels)
    if len(images) != 4:
        raise ShapeError(f"Shape must be rank 4 but is rank {len(images)}")
    rows, columns = windows.count(images[1], 0), windows.count(images[2], 1)
    return (images[0], rows, columns, channels)


def pair(numbers: Any, what: str) -> tuple[int, int]:
    """The two numbers for rows and columns, of four or two or one.

    Raises
    ------
    ValueError
        If windows are to step over images or channels.
    """
    if isinstance(numbers, int):
        return numbers, numbers
    sizes = tuple(int(n) for n in numbers)
    if len(sizes) == 4:
        if sizes[0] != 1 or sizes[3] != 1:
            raise ValueError(
                f"Current implementation does not yet support {what} in the batch and depth "
                "dimensions.\nThe first and the last number are 1."
            )
        sizes = sizes[1:3]
    if len(sizes) != 2:
        raise ValueError(f"{what} should contain 1, 2 or 4 numbers: {list(sizes)}")
    return sizes[0], sizes[1]


def checked_padding(padding: Any, op_type: str) -> str:
    if not isinstance(padding, str):
        raise TypeError(f"Expected string for argument 'padding' not {padding!r}.")
    if padding not in ("SAME", "VALID"):
        raise ValueError(
            f"Attr 'padding' of '{op_type}' Op passed string '{padding}' not in: \"SAME\", "
            '"VALID".'
        )
    return padding


def only_nhwc(data_format: str | None) -> None:
    if data_format not in (None, "NHWC"):
        raise ValueError(
            f"The Conv2D op currently only supports the NHWC tensor format on the CPU, not "
            f"{data_format}.\nTranspose the images to [image, row, column, channel]."
        )
