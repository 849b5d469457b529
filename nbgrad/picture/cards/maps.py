"""Maps: an array on a card as tinted cells, its value and its adjoint side by side.

Read `Face` and `array_face` first: the shape alone decides how an array is shown and how large
that is. Very small arrays show their numbers, larger ones a cell for each element, and still
larger ones the means of blocks of elements. The numbers come in with `map_forms`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from nbgrad.picture.scene import Box, Chip, Curve, Element, Map, Point, Text, straight
from nbgrad.picture.style import Rule
from nbgrad.picture.text_width import text_width
from nbgrad.picture.theme import SMALL
from nbgrad.trace.numbers import shaped

Lane = Literal["value", "adjoint"]
Shape = tuple[int, ...]

NUMBERED = 3  # up to so many rows and columns, an array shows its numbers
NUMBER_CELL, WIDE_CELL = (50.0, 18.0), (92.0, 18.0)  # the latter for texts and complex numbers
CELLED = 16  # up to so many rows and columns, each element has a cell
LARGE, MEDIUM, LEAST = 14.0, 8.0, 5.0  # sides of cells
FEW, SOME = 6, 10  # up to so many columns, cells are large and medium
PLACE, DENSE_PLACE = (80.0, 64.0), (40.0, 40.0)  # the most that the means of blocks take
BLOCK = 4.0  # the least side of their cells
NARROWEST = 24.0  # a single column, which may have to hold a number that is turned
LOWEST = 14.0  # a single row
MOST_TILES = 64

PAD, GAP, LEFT, RIGHT = 7.0, 8.0, 14.0, 7.0
LANE = 22.0  # a lane with one row of numbers, as on the card of a scalar
FOOT, NO_FOOT, STACKED_FOOT = 20.0, 6.0, 16.0


@dataclass(frozen=True)
class Grid:
    """The cells that stand for the elements of an array.

    Attributes
    ----------
    tile
        The rows and columns of one matrix of a stack; of a matrix, its own.
    axes
        The order of axes in which the array is a stack of tiles; () for its own.
    beside
        How many tiles stand beside each other.
    block
        The rows and columns of elements of which one cell shows the mean.
    """

    rows: int
    columns: int
    cell: tuple[float, float]
    tile: tuple[int, int]
    axes: tuple[int, ...] = ()
    beside: int = 1
    block: tuple[int, int] = (1, 1)
    numbered: bool = False

    @property
    def width(self) -> float:
        return self.columns * self.cell[0]

    @property
    def height(self) -> float:
        return self.rows * self.cell[1]

    def place(self, index: Shape, shape: Shape) -> tuple[int, int]:
        """The row and the column of the cell that shows an element."""
        axes = self.axes or range(len(shape))
        flat = 0
        for axis in axes:
            flat = flat * shape[axis] + index[axis]
        count, inside = divmod(flat, self.tile[0] * self.tile[1])
        (down, across), (row, column) = divmod(count, self.beside), divmod(inside, self.tile[1])
        high, wide = (math.ceil(n / b) for n, b in zip(self.tile, self.block, strict=True))
        return down * high + row // self.block[0], across * wide + column // self.block[1]


@dataclass(frozen=True)
class Face:
    """How an array is shown on a card, below the header.

    Attributes
    ----------
    words
        Its shape, as the card says it: "3×5", "[5]".
    in_header
        Whether these words stand in the header; else they stand below the maps.
    notes
        What a reader's broadcasting does to the value and to the adjoint: "×8 rows", "Σ 8 rows".
    width, height
        Of the card, and of the face without the header.
    """

    grid: Grid
    has_adjoint: bool
    words: str
    in_header: bool = False
    notes: tuple[str, str] = ("", "")
    width: float = 0.0
    is_tower: bool = False

    @property
    def stacked(self) -> bool:
        """Whether the adjoint stands below the value, as on the card of a scalar."""
        return self.is_tower or (
            self.grid.numbered and (self.grid.columns > 1 or self.grid.rows == 1)
        )

    @property
    def lanes(self) -> tuple[Lane, ...]:
        return ("value", "adjoint") if self.has_adjoint else ("value",)

    @property
    def lane_height(self) -> float:
        """The height of one of two lanes that are stacked."""
        return max(LANE, self.grid.height + 4)

    @property
    def has_foot(self) -> bool:
        return not self.in_header or any(self.notes)

    @property
    def height(self) -> float:
        if self.stacked:
            return len(self.lanes) * self.lane_height + (STACKED_FOOT if self.has_foot else 0)
        return PAD + self.grid.height + (FOOT if self.has_foot else NO_FOOT)

    @property
    def seam(self) -> float:
        """The height at which roads leave: between two lanes, or half way down the maps."""
        if self.stacked:
            return self.lane_height if self.has_adjoint else self.lane_height / 2
        return PAD + self.grid.height / 2

    @property
    def maps_width(self) -> float:
        """The width of the maps, with what is between them."""
        if self.stacked or not self.has_adjoint:
            return self.grid.width
        return 2 * self.grid.width + GAP

    def corner(self, lane: Lane, width: float) -> Point:
        """The top left corner of a map in the face of a card of this width."""
        second = lane == "adjoint"
        if self.stacked:
            top = (self.lane_height - self.grid.height) / 2
            return width - RIGHT - self.grid.width, top + second * self.lane_height
        return (width - self.maps_width) / 2 + second * (self.grid.width + GAP), PAD


# From shapes ------------------------------------------------------------------------------------


@lru_cache(maxsize=1 << 12)
def array_face(
    shape: Shape,
    dtype: str = "float32",
    has_adjoint: bool = True,
    *,
    header: float = 0.0,
    label: bool = False,
    upright: bool = False,
    images: Literal["", "images", "filters"] = "",
    numbered: bool = True,
    notes: tuple[str, str] = ("", ""),
    dense: int = 0,
) -> Face:
    """The face of an array; a scalar has none.

    Parameters
    ----------
    header
        The width of what stands in the card's header, with the room at its left.
    label
        Whether it is data beside the main line, such as the labels of a loss: its cells are small.
    upright
        Whether a vector is a column.
    images
        Whether its axes are those of images, or of filters of a convolution.
    numbered
        Whether a very small array shows its numbers.
    dense
        Whether it is to take little room: from 1 on, without numbers, in small cells; from 2 on,
        with the adjoint below the value.

    Examples
    --------
    >>> face = array_face((3, 5), header=40)
    >>> face.words, face.width, face.height, face.grid.cell
    ('3×5', 162.0, 55.0, (14.0, 14.0))
    """
    grid = grid_of(shape, upright, images, label=label, dense=dense > 0)
    if dense:
        notes = ("", notes[1] or notes[0]) if dense == 1 else ("", "")
    if numbered and not dense and max(grid.rows, grid.columns) <= NUMBERED and grid.block == (1, 1):
        cell = WIDE_CELL if dtype == "string" or dtype.startswith("complex") else NUMBER_CELL
        grid = replace(grid, cell=cell, numbered=not grid.axes and 0 not in shape)
    words = shaped(shape) if len(shape) > 1 else f"[{shape[0]}]"
    notes = notes if has_adjoint else (notes[0], "")
    face = Face(grid, has_adjoint, words, notes=notes, is_tower=dense > 1 and has_adjoint)
    sides = LEFT + RIGHT if face.stacked else 2 * PAD
    width = max(face.maps_width + sides, header + 8, notes_width(face) + sides)
    beside = header + 8 + text_width(words, SMALL) + 8
    in_header = beside <= width + (LARGE if face.stacked else 0) or any(notes)
    least = beside if in_header else text_width(words, SMALL) + 2 * PAD
    return replace(face, in_header=in_header, width=float(math.ceil(max(width, least))))


@lru_cache(maxsize=1 << 10)
def grid_of(
    shape: Shape,
    upright: bool = False,
    images: str = "",
    *,
    label: bool = False,
    dense: bool = False,
) -> Grid:
    """The cells of an array: a vector is a row, or a column where it is upright.

    Examples
    --------
    >>> grid = grid_of((1000, 3))
    >>> (grid.rows, grid.columns), grid.block, (grid.width, grid.height)
    ((16, 3), (63, 1), (24.0, 64.0))
    """
    if 0 in shape:
        return Grid(1, 1, NUMBER_CELL, (1, 1))
    axes = {"images": (0, 3, 1, 2), "filters": (2, 3, 0, 1)}.get(images if len(shape) == 4 else "")
    if len(shape) == 1:
        tile = (shape[0], 1) if upright else (1, shape[0])
    else:
        tile = (shape[axes[2]], shape[axes[3]]) if axes else (shape[-2], shape[-1])
    count = math.prod(shape) // math.prod(tile)
    place = DENSE_PLACE if dense else PLACE
    beside = tiles_beside(count, tile, place)
    if not beside:  # too many to be told apart: one tall matrix
        tile, count, beside = (count * tile[0], tile[1]), 1, 1
    rows, columns = math.ceil(count / beside) * tile[0], beside * tile[1]
    cell = cell_size(rows, columns, label, dense)
    is_large = columns * cell[0] > place[0] + MEDIUM or rows * cell[1] > place[1] + 3 * MEDIUM
    if max(rows, columns) <= CELLED and not (dense and is_large):
        return Grid(rows, columns, cell, tile, axes or (), beside)
    return in_blocks(rows, columns, tile, axes or (), beside, place)


def tiles_beside(count: int, tile: tuple[int, int], place: tuple[float, float]) -> int:
    """How many tiles stand beside each other, so that they are largest; 0 if there is no way."""
    high, wide = tile
    sides = {
        n: max(n * wide, math.ceil(count / n) * high) for n in range(1, min(count, CELLED) + 1)
    }
    if min(sides.values()) <= CELLED:
        return min(sides, key=sides.__getitem__)
    ways = [
        n
        for n in range(1, min(count, MOST_TILES) + 1)
        if n * BLOCK <= place[0] and math.ceil(count / n) * BLOCK <= place[1]
    ]
    scale = {n: min(place[0] / (n * wide), place[1] / (math.ceil(count / n) * high)) for n in ways}
    return max(ways, key=scale.__getitem__, default=0)


def cell_size(rows: int, columns: int, label: bool, dense: bool) -> tuple[float, float]:
    """The width and height of a cell for one element."""
    if label:
        side, least = LEAST, LOWEST
    else:
        small = max(rows, columns) <= FEW and not dense
        side, least = LARGE if small else MEDIUM if columns <= SOME else LEAST, NARROWEST
    return max(side, least if columns == 1 else 0), max(side, LOWEST if rows == 1 else 0)


def in_blocks(
    rows: int,
    columns: int,
    tile: tuple[int, int],
    axes: Shape,
    beside: int,
    place: tuple[float, float],
) -> Grid:
    """The cells of a larger array, each the mean of a block; they fill a place of its form."""
    width, height = min(place[0], columns * MEDIUM), min(place[1], rows * MEDIUM)
    if (width, height) == place:
        width = min(place[0], max(place[1] * columns / rows, place[0] / 2))
        height = min(place[1], max(place[0] * rows / columns, place[1] / 2))
    width, height = max(width, NARROWEST), max(height, LOWEST)
    stacked = rows // tile[0]
    most = int(height / stacked / BLOCK), int(width / beside / BLOCK)
    high, wide = (math.ceil(n / max(1, m)) for n, m in zip(tile, most, strict=True))
    down, across = stacked * math.ceil(tile[0] / high), beside * math.ceil(tile[1] / wide)
    return Grid(down, across, (width / across, height / down), tile, axes, beside, (high, wide))


# Elements and rules -----------------------------------------------------------------------------

QUIET = "text quiet-text"


def face_elements(key: str, face: Face, x: float, y: float, width: float = 0.0) -> list[Element]:
    """The elements of a face with its top left corner at (x, y); the header ends at y."""
    width = width or face.width
    found: list[Element] = []
    for lane in face.lanes:
        found += lane_elements(key, face, lane, x, y, width)
    found.append(shape_text(key, face, x, y, width))
    bottom = y + face.height - (4 if face.stacked else NO_FOOT)
    wide = width - LEFT - RIGHT if face.stacked else max(face.maps_width, notes_width(face))
    left = x + (LEFT if face.stacked else (width - wide) / 2)
    found += notes(key, face, left, left + wide, bottom)
    return found


def shape_text(key: str, face: Face, x: float, y: float, width: float) -> Text:
    """The shape, in the header that ends at y or below the maps."""
    if face.in_header:
        return Text(f"{key}.shape", x + width - 8, y - 6, face.words, QUIET, "end")
    bottom = y + face.height - (4 if face.stacked else NO_FOOT)
    return Text(f"{key}.shape", x + width / 2, bottom, face.words, QUIET, "middle")


def notes(key: str, face: Face, left: float, right: float, y: float) -> Iterator[Text]:
    """The notes on broadcasting, below the value's map and the adjoint's."""
    value, adjoint = face.notes
    if value:
        yield Text(f"{key}.value.note", left, y, value, "text value-text")
    if adjoint:
        yield Text(f"{key}.adjoint.note", right, y, adjoint, "text adjoint-text", "end")


def notes_width(face: Face) -> float:
    """The width that the notes on broadcasting take, with what is between them."""
    return sum(text_width(note, SMALL) + GAP for note in face.notes if note)


def lane_elements(
    key: str, face: Face, lane: Lane, x: float, y: float, width: float
) -> Iterator[Element]:
    """The map of a lane on its seat, with its rule and its numbers."""
    grid, (dx, dy) = face.grid, face.corner(lane, width)
    left, top, id = x + dx, y + dy, f"{key}.{lane}"
    line = straight((left, top - 3.5), (left + grid.width, top - 3.5))
    if face.stacked:
        line = straight((x + 7.5, top + 1.5), (x + 7.5, top + grid.height - 1.5))
    middle = left + grid.width / 2, top + grid.height / 2
    yield Curve(f"{id}.lane", line, f"lane {lane}")
    yield Box(f"{id}.seat", left, top, grid.width, grid.height, 0, "frame")
    yield Map(f"{id}.map", left, top, grid.rows, grid.columns, *grid.cell, f"map {lane}")
    yield from gaps(f"{id}.gap", grid, left, top)
    yield Chip(f"{id}.wait", *middle, 17)
    if lane == "adjoint":
        yield Chip(f"{id}.none", *middle, 17)
    if grid.numbered:
        for n in range(grid.rows * grid.columns):
            row, column = divmod(n, grid.columns)
            right = left + (column + 1) * grid.cell[0] - 3
            yield Chip(f"{id}.{n}", right, top + (row + 0.5) * grid.cell[1], 16, "end")


def gaps(id: str, grid: Grid, x: float, y: float) -> Iterator[Curve]:
    """The lines between the matrices of a stack."""
    high, wide = (math.ceil(n / b) for n, b in zip(grid.tile, grid.block, strict=True))
    for row in range(high, grid.rows, high):
        at = y + row * grid.cell[1]
        yield Curve(f"{id}.row.{row}", straight((x, at), (x + grid.width, at)), "gap")
    for column in range(wide, grid.columns, wide):
        at = x + column * grid.cell[0]
        yield Curve(f"{id}.column.{column}", straight((at, y), (at, y + grid.height)), "gap")


def map_at(key: str, face: Face, lane: Lane, right: float, middle: float) -> Iterator[Element]:
    """The map of one lane by itself, with its right end and the middle of its height."""
    grid = face.grid
    width = LEFT + grid.width + RIGHT if face.stacked else face.maps_width
    dx, dy = face.corner(lane, width)
    corner = right - grid.width - dx, middle - grid.height / 2 - dy
    yield from lane_elements(key, face, lane, *corner, width)


def face_rules(key: str, node_id: str, face: Face) -> list[Rule]:
    """The rules by which a face shows its numbers."""
    found = [rule for lane in face.lanes for rule in map_rules(key, node_id, face, lane)]
    if face.has_adjoint and face.notes[1]:
        note = {"words": face.notes[1]}
        found.append(Rule(f"{key}.adjoint.note", "sum note", node_id, note))
    return found


def map_rules(key: str, node_id: str, face: Face, lane: Lane) -> Iterator[Rule]:
    """The rules of one lane of a face."""
    grid, id = face.grid, f"{key}.{lane}"
    options = {
        "tile": grid.tile,
        "axes": grid.axes,
        "beside": grid.beside,
        "block": grid.block,
        "numbered": grid.numbered,
        "room": max(grid.width, grid.height) - 4,
    }
    yield Rule(f"{id}.map", "map", node_id, {"lane": lane, **options})
    yield Rule(f"{id}.wait", "waiting", node_id, {"lane": lane})
    for n in range(grid.rows * grid.columns if grid.numbered else 0):
        number = {"lane": lane, "n": n, "room": grid.cell[0] - 4}
        yield Rule(f"{id}.{n}", "cell number", node_id, number)
    for gap in gaps(f"{id}.gap", grid, 0, 0):
        yield Rule(gap.id, "gap", node_id, {"lane": lane, "room": options["room"]})
    if lane == "adjoint":
        yield Rule(f"{id}.none", "no map", node_id, {"room": grid.width + GAP})
