"""A tensor in a lane: numbers on tinted cells, cells alone, or a thumbnail with three numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from nbgrad.picture.facts import Facts, is_kept_zero, largest
from nbgrad.picture.geometry import text_width
from nbgrad.picture.scene import OFF, Box, Cell, Chip, Element, Style, Text
from nbgrad.picture.theme import SMALL, TINT
from nbgrad.trace.model import Edge, Node, Numbers, Trace
from nbgrad.trace.numbers import CELL_ROOM, shaped, short, summary


def grid_elements(key: str, grid: Grid, x: float, y: float, role: str) -> list[Element]:
    """What shows of a tensor, with its top left corner at (x, y)."""
    if grid.kind == "scalar":
        return []
    draw = thumbnail_elements if grid.kind == "thumbnail" else cell_elements
    return draw(key, grid, x, y, role)


def grid_styles(
    key: str, numbers: Numbers | None, shape: tuple[int, ...], role: str, scale: float, since: int
) -> dict[str, Style]:
    """How it styles; all of it is off where there are no numbers."""
    grid = grid_of(shape)
    if grid.kind == "scalar":
        return {}
    if grid.kind == "thumbnail":
        return thumbnail_styles(key, grid, numbers, role, since)
    return cell_styles(key, grid, numbers, role, scale, since)


def lane_elements(
    trace: Trace, node: Node, key: str, x: float, y: float, lane: str
) -> list[Element]:
    """A tensor with what broadcasting repeats of it: copies of a value, parts of an adjoint."""
    grid, repeats = grid_of(node.shape), repeats_of(trace, node)
    if repeats is None or (lane == "adjoint" and not repeats.summed):
        return grid_elements(key, grid, x, y, lane)
    right, down = repeats.to_sum if lane == "adjoint" else (0, 0)
    pale = repeat_elements(key, repeats, lane, x, y)
    return [*grid_elements(key, grid, x + right, y + down, lane), *pale]


def lane_styles(facts: Facts, node: Node, key: str, lane: str, since: int) -> dict[str, Style]:
    """How all of that styles in one state of the graph."""
    if not node.shape:
        return {}
    numbers = node.value if lane == "value" else node.adjoint.value
    scale = facts.value_scale if lane == "value" else facts.adjoint_scale
    styles = grid_styles(key, numbers, node.shape, lane, scale, since)
    repeats = repeats_of(facts.trace, node)
    if repeats is not None and lane == "value":
        styles |= copy_styles(key, node, repeats, since)
    elif repeats is not None and repeats.summed:
        styles |= part_styles(facts, key, node, repeats, since)
    return styles


def cell_elements(key: str, grid: Grid, x: float, y: float, role: str) -> list[Element]:
    """The cells of a grid with its top left corner at (x, y), and a frame around them."""
    width, height = grid.cell
    cells: list[Element] = [
        Cell(
            f"{key}.{row * grid.columns + column}",
            x + column * width,
            y + row * height,
            width,
            height,
            f"cell {role}",
        )
        for row in range(grid.rows)
        for column in range(grid.columns)
    ]
    size = grid.columns * width, grid.rows * height
    return [*cells, Box(f"{key}.frame", x, y, *size, 0, "frame")]


def cell_styles(
    key: str, grid: Grid, numbers: Numbers | None, role: str, scale: float, since: int
) -> dict[str, Style]:
    """The numbers and tints of the cells; all cells off where there are no numbers."""
    if numbers is None:
        cells = (f"{key}.{n}" for n in range(grid.rows * grid.columns))
        return dict.fromkeys([*cells, f"{key}.frame"], OFF)
    numbered = grid.kind == "numbers"
    array = numbers.array.ravel()
    tints = (tints_of(array, scale) * (TINT if numbered else 1)).round(2).tolist()
    # Where there is no room for the word NaN, a solid cell says it.
    solid = (~np.isfinite(array) & (not numbered)).tolist()
    negative = (array < 0).tolist()
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
            title=str(element) if grid.kind != "thumbnail" else "",
        )
    return styles


def tints_of(array: np.ndarray, scale: float) -> np.ndarray:
    """How strong the colour of each element is, from 0 to 1."""
    with np.errstate(invalid="ignore"):
        tints = np.abs(array.astype(float)) / (scale or 1)
    return np.nan_to_num(tints, nan=0, posinf=1)


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


def thumbnail_styles(
    key: str, grid: Grid, numbers: Numbers | None, role: str, since: int
) -> dict[str, Style]:
    """The tints of the cells, and the texts of the three lines."""
    if not grid.rows:
        return {}
    lines = {} if numbers is None else dict(summary(numbers))
    styles = {}
    for n, name in enumerate(NAMES):
        style = Style(lines[name], f"number {role} long", since) if lines else OFF
        styles[f"{key}.{n}"] = style
        styles[f"{key}.{n}.name"] = Style(name, "text quiet-text", since) if lines else OFF
    means = None if numbers is None else Numbers(block_means(numbers.array, grid))
    # Means of many elements are small beside any one of them: a thumbnail has its own scale.
    scale = 0.0 if means is None else largest([means])
    return styles | cell_styles(f"{key}.block", grid, means, role, scale, since)


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


BEFORE_SUM = 4


"""Between the parts of a sum and the sum."""


@dataclass(frozen=True)
class Repeats:
    """The copies of a row or a column that fit it to its reader.

    Attributes
    ----------
    own
        The grid of the tensor itself.
    rows, columns
        Of the tensor with its copies.
    edge
        To the reader.
    summed
        Whether these copies are all that the reverse pass sums.
    """

    own: Grid
    rows: int
    columns: int
    edge: str
    summed: bool

    @property
    def below(self) -> bool:
        """Whether the copies are rows; otherwise they are columns."""
        return self.rows > self.own.rows

    @property
    def note(self) -> str:
        return f"Σ of {self.rows} rows" if self.below else f"Σ of {self.columns} columns"

    def cells(self, lane: str) -> Iterator[tuple[int, int]]:
        """The places of the copies, or of the parts."""
        for row in range(self.rows):
            for column in range(self.columns):
                own = row < self.own.rows and column < self.own.columns
                if lane == "adjoint" or not own:
                    yield row, column

    @property
    def to_sum(self) -> tuple[float, float]:
        """From the corner of the parts to that of their sum."""
        if self.below:
            return 0, self.rows * CELL_HEIGHT + BEFORE_SUM
        return self.columns * CELL_WIDTH + BEFORE_SUM, 0


def repeats_of(trace: Trace, node: Node) -> Repeats | None:
    """The copies of a tensor whose numbers are shown, for the reader that needs most of them."""
    own = grid_of(node.shape)
    if own.kind != "numbers" or min(own.rows, own.columns) > 1:
        return None
    edges = list(trace.outgoing(node))
    summed = len(edges) == 1 and node.id not in trace.ys and node.role != "constant"
    found = [
        Repeats(own, reader.rows, reader.columns, edge.id, summed)
        for edge in edges
        if (reader := repeating(trace, edge, own)) is not None
    ]
    return max(found, key=lambda each: each.rows * each.columns, default=None)


def repeating(trace: Trace, edge: Edge, own: Grid) -> Grid | None:
    """The grid of a reader, if its operation repeats the rows or the columns of an operand."""
    target = trace.node(edge.target)
    grid = grid_of(target.shape)
    if not target.elementwise or grid.kind != "numbers":
        return None
    downwards = own.rows == 1 < grid.rows and own.columns == grid.columns
    sideways = own.columns == 1 < grid.columns and own.rows == grid.rows
    return grid if downwards or sideways else None


def repeated_size(trace: Trace, node: Node, lane: str) -> tuple[float, float]:
    """The width and height of what a lane shows of a tensor."""
    grid, repeats = grid_of(node.shape), repeats_of(trace, node)
    if repeats is None or (lane == "adjoint" and not repeats.summed):
        return grid.width, grid.height
    width, height = repeats.columns * CELL_WIDTH, repeats.rows * CELL_HEIGHT
    if lane == "value":
        return width, height
    right, down = repeats.to_sum
    return max(width, right + grid.width), max(height, down + grid.height)


def repeat_elements(key: str, repeats: Repeats, lane: str, x: float, y: float) -> list[Element]:
    """Pale cells for the copies, or for the parts of the sum."""
    return [
        Cell(
            f"{key}.ghost.{row}.{column}",
            x + column * CELL_WIDTH,
            y + row * CELL_HEIGHT,
            CELL_WIDTH,
            CELL_HEIGHT,
            "cell ghost",
        )
        for row, column in repeats.cells(lane)
    ]


def copy_styles(key: str, node: Node, repeats: Repeats, since: int) -> dict[str, Style]:
    """The numbers of the copies in the value lane."""
    copies = np.broadcast_to(matrix(node.value.array), (repeats.rows, repeats.columns))
    return pale_styles(key, copies, repeats, "value", since, "repeated to fit")


def part_styles(
    facts: Facts, key: str, node: Node, repeats: Repeats, since: int
) -> dict[str, Style]:
    """The parts whose sum is the adjoint, where they are known one by one."""
    parts = parts_of(facts.trace, facts.trace.edge(repeats.edge))
    if parts is None:
        ghosts = (f"{key}.ghost.{row}.{column}" for row, column in repeats.cells("adjoint"))
        return dict.fromkeys([*ghosts, f"{key}.note"], OFF)
    styles = pale_styles(key, matrix(parts), repeats, "adjoint", since, "one part of the sum")
    is_number = node.adjoint.state == "number"
    note = Style(repeats.note, "text quiet-text", since) if is_number else OFF
    return styles | {f"{key}.note": note}


def parts_of(trace: Trace, edge: Edge) -> np.ndarray | None:
    """What the reverse pass sends along an edge before it is summed to the operand's shape."""
    target, local = trace.node(edge.target), edge.local
    arriving = target.adjoint.value
    if local is None or local.value is None or arriving is None or edge.contribution is None:
        return None
    if is_kept_zero(target, edge):
        return np.zeros(target.shape)
    with np.errstate(all="ignore"):
        return np.broadcast_to(arriving.array * local.value.array, target.shape)


def pale_styles(
    key: str, array: np.ndarray, repeats: Repeats, lane: str, since: int, title: str
) -> dict[str, Style]:
    """The numbers of an array in pale cells."""
    return {
        f"{key}.ghost.{row}.{column}": Style(
            short(array[row, column], CELL_ROOM), "cell ghost", since, title=title
        )
        for row, column in repeats.cells(lane)
    }


def matrix(array: np.ndarray) -> np.ndarray:
    """An array as rows and columns: a vector as a row, a stack as one tall matrix."""
    return array.reshape(-1, array.shape[-1])
