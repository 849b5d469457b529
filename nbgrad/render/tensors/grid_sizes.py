"""How the elements of a tensor are laid out: as numbers, as cells, or as a thumbnail.

A matter of its shape alone: no number ever makes a grid larger.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from nbgrad.render.scene.measure import text_width
from nbgrad.render.scene.number_format import shaped
from nbgrad.render.scene.style import SMALL

SLOT = 66
"""The width of a number's slot: nine characters."""

CELL_WIDTH, CELL_HEIGHT = 66, 17
PIXEL = 6
"""The side of a cell without a number."""

NUMBERED, CELLED = 6, 32
"""Up to so many rows and columns a tensor shows its numbers, and its cells."""

BLOCKS = 12
"""A thumbnail has at most so many rows and columns: its three numbers beside it are as high."""

BESIDE, NAME_GAP = 8, 4
"""Between a thumbnail and its numbers, and between their names and them."""

EMPTY = "no elements"

Kind = Literal["scalar", "numbers", "cells", "thumbnail"]


@dataclass(frozen=True)
class Grid:
    """The rows and columns in which a tensor's elements are shown, and how large they are.

    Attributes
    ----------
    kind
        How an element is shown.
    rows, columns
        Of the cells that are drawn.
    block
        Of a thumbnail: the rows and columns of elements of which one cell shows the mean.
    """

    kind: Kind
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
        """What one cell of a thumbnail shows."""
        if self.kind != "thumbnail" or not self.rows:
            return ""
        return f"means of {shaped(self.block if self.rows > 1 else self.block[1:])}"


@lru_cache(maxsize=1 << 10)
def grid_of(shape: tuple[int, ...]) -> Grid:
    """How a tensor of this shape is shown: a vector as a row, a stack as one tall matrix.

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
