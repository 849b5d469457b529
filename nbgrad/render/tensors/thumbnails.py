"""A tensor too large to show: the means of its blocks as cells, and three numbers beside them."""

from __future__ import annotations

import numpy as np

from nbgrad.render.scene.facts import largest
from nbgrad.render.scene.number_format import summary
from nbgrad.render.scene.picture import OFF, Chip, Element, Look, Text
from nbgrad.render.tensors.cells import cell_elements, cell_looks
from nbgrad.render.tensors.grid_sizes import BESIDE, CELL_HEIGHT, EMPTY, Grid
from nbgrad.tracing.numbers import Numbers

NAMES = ("min", "mean", "max")


def thumbnail_elements(key: str, grid: Grid, x: float, y: float, role: str) -> list[Element]:
    """The cells, with least, mean and greatest element at their right."""
    if not grid.rows:
        return [Text(f"{key}.empty", x, y + CELL_HEIGHT / 2 + 4, EMPTY, "text quiet-text")]
    elements = cell_elements(f"{key}.block", grid, x, y, role)
    left = x + grid.cells_width + BESIDE
    for n in range(len(NAMES)):
        middle = y + (n + 0.5) * CELL_HEIGHT
        elements.append(Text(f"{key}.{n}.name", left, middle + 4))
        chip = Chip(f"{key}.{n}", x + grid.width, middle, CELL_HEIGHT, "end")
        elements.append(chip._replace(classes=f"number {role} long"))
    return elements


def thumbnail_looks(
    key: str, grid: Grid, numbers: Numbers | None, role: str, since: int
) -> dict[str, Look]:
    """The tints of the cells, and the texts of the three lines."""
    if not grid.rows:
        return {}
    lines = {} if numbers is None else dict(summary(numbers))
    looks = {}
    for n, name in enumerate(NAMES):
        look = Look(lines[name], f"number {role} long", since) if lines else OFF
        looks[f"{key}.{n}"] = look
        looks[f"{key}.{n}.name"] = Look(name, "text quiet-text", since) if lines else OFF
    means = None if numbers is None else Numbers(block_means(numbers.array, grid))
    # Means of many elements are small beside any one of them: a thumbnail has its own scale.
    scale = 0.0 if means is None else largest([means])
    return looks | cell_looks(f"{key}.block", grid, means, role, scale, since)


def block_means(array: np.ndarray, grid: Grid) -> np.ndarray:
    """The mean of each block of elements.

    Examples
    --------
    >>> block_means(np.arange(8.0).reshape(2, 4), Grid("thumbnail", 1, 2, (2, 2)))
    array([[2.5, 4.5]])
    """
    matrix = array.reshape(-1, array.shape[-1])
    (rows, columns), (tall, wide) = matrix.shape, grid.block
    down, across = np.arange(0, rows, tall), np.arange(0, columns, wide)
    with np.errstate(all="ignore"):
        sums = np.add.reduceat(np.add.reduceat(matrix, down, 0, float), across, 1)
    heights, widths = np.diff([*down, rows]), np.diff([*across, columns])
    means = sums / np.outer(heights, widths)
    return means.astype(array.dtype) if array.dtype.kind == "f" else means
