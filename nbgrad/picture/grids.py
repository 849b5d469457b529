"""Grids: a tensor as numbers on tinted cells, as cells alone, or as a thumbnail with three numbers.

Read `Grid` and `grid_of` first: they decide by the shape alone. The elements of a grid are the
scene's; their styles have the numbers. What broadcasting repeats of a tensor: see `broadcast`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from nbgrad.picture.facts import magnitude
from nbgrad.picture.scene import Box, Chip, Element, Text, Tile
from nbgrad.picture.style import OFF, Style, Styles
from nbgrad.picture.text_width import text_width
from nbgrad.picture.theme import SMALL, TINT
from nbgrad.trace.model import Numbers
from nbgrad.trace.numbers import CELL_ROOM, every_digit, magnitudes, shaped, short, summary

SLOT = 66  # the width of a number's slot: nine characters
CELL_WIDTH, CELL_HEIGHT = 66, 17
PIXEL = 6  # the side of a cell without a number
NUMBERED, CELLED = 6, 32  # up to so many rows and columns, a tensor shows its numbers, its cells
BLOCKS = 12  # the most rows and columns of a thumbnail: its three numbers beside it are as high
BESIDE, NAME_GAP = 8, 4  # between a thumbnail and its numbers, and between their names and them
EMPTY = "no elements"


@dataclass(frozen=True)
class Grid:
    """The rows and columns in which a tensor's elements are shown, and how large they are.

    Attributes
    ----------
    kind
        How an element is shown.
    rows, columns
        Of the cells in the picture.
    block
        Of a thumbnail: the rows and columns of elements of which one cell shows the mean.
    """

    kind: Literal["scalar", "numbers", "cells", "thumbnail"]
    rows: int = 0
    columns: int = 0
    block: tuple[int, int] = (1, 1)

    @property
    def cell(self) -> tuple[float, float]:
        return (CELL_WIDTH, CELL_HEIGHT) if self.kind == "numbers" else (PIXEL, PIXEL)

    @property
    def cells_width(self) -> float:
        """The width of the cells alone."""
        return self.columns * self.cell[0]

    @property
    def width(self) -> float:
        if self.kind != "thumbnail":
            return self.cells_width
        if not self.rows:
            return text_width(EMPTY, SMALL)
        cells = self.cells_width + BESIDE
        words = text_width("value ", SMALL) + text_width(self.note, SMALL)
        return max(cells + text_width("mean ", SMALL) + NAME_GAP + SLOT, words)

    @property
    def height(self) -> float:
        least = 0 if self.kind != "thumbnail" else 3 * CELL_HEIGHT if self.rows else CELL_HEIGHT
        return max(self.rows * self.cell[1], least)

    @property
    def note(self) -> str:
        """The meaning of one cell of a thumbnail."""
        if self.kind != "thumbnail" or not self.rows:
            return ""
        return f"means of {shaped(self.block if self.rows > 1 else self.block[1:])}"


@lru_cache(maxsize=1 << 10)
def grid_of(shape: tuple[int, ...]) -> Grid:
    """The grid of a tensor of this shape: a vector is a row, a stack one tall matrix.

    Examples
    --------
    >>> grid_of((2, 3)).kind, grid_of((20,)).kind, grid_of((64, 64)).kind
    ('numbers', 'cells', 'thumbnail')
    """
    if shape == ():
        return Grid("scalar")
    rows, columns = math.prod(shape[:-1]), shape[-1]
    if 0 in shape:
        return Grid("thumbnail")
    if max(rows, columns) > CELLED:
        block = math.ceil(rows / BLOCKS), math.ceil(columns / BLOCKS)
        counts = math.ceil(rows / block[0]), math.ceil(columns / block[1])
        return Grid("thumbnail", *counts, block)
    return Grid("numbers" if max(rows, columns) <= NUMBERED else "cells", rows, columns)


def grid_elements(key: str, grid: Grid, x: float, y: float, role: str) -> list[Element]:
    """The elements of a grid, with its top left corner at (x, y)."""
    if grid.kind == "scalar":
        return []
    elements = thumbnail_elements if grid.kind == "thumbnail" else cell_elements
    return elements(key, grid, x, y, role)


def grid_styles(
    key: str, numbers: Numbers | None, shape: tuple[int, ...], role: str, scale: float, since: int
) -> Styles:
    """The styles of a grid; all of it is off where there are no numbers."""
    grid = grid_of(shape)
    if grid.kind == "scalar":
        return {}
    if grid.kind == "thumbnail":
        return thumbnail_styles(key, grid, numbers, role, since)
    return cell_styles(key, grid, numbers, role, scale, since)


# Cells ------------------------------------------------------------------------------------------


def cell_elements(key: str, grid: Grid, x: float, y: float, role: str) -> list[Element]:
    """The cells of a grid, and a frame around them."""
    width, height = grid.cell
    cells: list[Element] = []
    for n in range(grid.rows * grid.columns):
        row, column = divmod(n, grid.columns)
        corner = x + column * width, y + row * height
        cells.append(Tile(f"{key}.{n}", *corner, width, height, f"cell {role}"))
    size = grid.columns * width, grid.rows * height
    return [*cells, Box(f"{key}.frame", x, y, *size, 0, "frame")]


def cell_styles(
    key: str, grid: Grid, numbers: Numbers | None, role: str, scale: float, since: int
) -> Styles:
    """The numbers and tints of the cells."""
    if numbers is None:
        cells = (f"{key}.{n}" for n in range(grid.rows * grid.columns))
        return dict.fromkeys([*cells, f"{key}.frame"], OFF)
    numbered = grid.kind == "numbers"
    array = numbers.array.ravel()
    sizes = magnitudes(array)
    tints = (tints_of(sizes, scale) * (TINT if numbered else 1)).round(2).tolist()
    # Where there is no room for the word NaN, a solid cell says it.
    solid = (~np.isfinite(sizes) & (not numbered)).tolist()
    negative = (array < 0 if array.dtype.kind in "if" else sizes < 0).tolist()
    plain = f"cell {role}" if numbered else f"cell {role} bare"
    single = numbers.dtype == "float32"
    styles = {f"{key}.frame": Style(classes="frame single" if single else "frame")}
    for n, element in enumerate(array):
        more = " not-finite" if solid[n] else " negative" if negative[n] else ""
        styles[f"{key}.{n}"] = Style(
            text=short(element, CELL_ROOM) if numbered else "",
            classes=plain + more,
            since=since,
            tint=1 if solid[n] else tints[n],
            title=every_digit(element) if grid.kind != "thumbnail" else "",
        )
    return styles


def tints_of(sizes: np.ndarray, scale: float) -> np.ndarray:
    """The strength of the colour of elements of these magnitudes, from 0 to 1."""
    with np.errstate(invalid="ignore"):
        tints = sizes / (scale or 1)
    return np.nan_to_num(tints, nan=0, posinf=1)


# Thumbnails -------------------------------------------------------------------------------------

SUMMARY = ("min", "mean", "max")


def thumbnail_elements(key: str, grid: Grid, x: float, y: float, role: str) -> list[Element]:
    """The cells, with least, mean and greatest element at their right."""
    if not grid.rows:
        return [Text(f"{key}.empty", x, y + CELL_HEIGHT / 2 + 4, EMPTY, "text quiet-text")]
    elements = cell_elements(f"{key}.block", grid, x, y, role)
    left, right = x + grid.cells_width + BESIDE, x + grid.width
    classes = f"number {role} long"
    for n in range(len(SUMMARY)):
        middle = y + (n + 0.5) * CELL_HEIGHT
        elements.append(Text(f"{key}.{n}.name", left, middle + 4))
        elements.append(Chip(f"{key}.{n}", right, middle, CELL_HEIGHT, "end", classes=classes))
    return elements


def thumbnail_styles(
    key: str, grid: Grid, numbers: Numbers | None, role: str, since: int
) -> Styles:
    """The tints of the cells, and the texts of the three lines."""
    if not grid.rows:
        return {}
    lines = {} if numbers is None else dict(summary(numbers))
    styles = {}
    for n, name in enumerate(SUMMARY):
        known = name in lines  # of texts and complex numbers, none is the least
        style = Style(lines[name], f"number {role} long", since) if known else OFF
        styles[f"{key}.{n}"] = style
        styles[f"{key}.{n}.name"] = Style(name, "text quiet-text", since) if known else OFF
    means = None if numbers is None else Numbers(block_means(numbers.array, grid))
    # Means of many elements are small beside any one of them: a thumbnail has its own scale.
    scale = 0.0 if means is None else magnitude(means)
    return styles | cell_styles(f"{key}.block", grid, means, role, scale, since)


def block_means(array: np.ndarray, grid: Grid) -> np.ndarray:
    """The mean of each block of elements.

    Examples
    --------
    >>> block_means(np.arange(8.0).reshape(2, 4), Grid("thumbnail", 1, 2, (2, 2)))
    array([[2.5, 4.5]])
    """
    if array.dtype == object:  # texts
        array = magnitudes(array)
    matrix = array.reshape(-1, array.shape[-1])
    (rows, columns), (tall, wide) = matrix.shape, grid.block
    down, across = np.arange(0, rows, tall), np.arange(0, columns, wide)
    with np.errstate(all="ignore"):
        exact = complex if array.dtype.kind == "c" else float
        sums = np.add.reduceat(np.add.reduceat(matrix, down, 0, exact), across, 1)
    heights, widths = np.diff([*down, rows]), np.diff([*across, columns])
    means = sums / np.outer(heights, widths)
    return means.astype(array.dtype) if array.dtype.kind == "f" else means
