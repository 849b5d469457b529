"""Faces: how an array is shown on a card, and how large that is.

Read `Face` and `array_face` first. Very small arrays show their numbers, larger ones a cell for
each element, and still larger ones the means of blocks. Elements and numbers stand in `maps`.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from nbgrad.picture.scene import Point
from nbgrad.picture.theme import SMALL, text_width
from nbgrad.trace.model import Edge, Node, Trace
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
AXES = {"images": (0, 3, 1, 2), "filters": (2, 3, 0, 1)}  # by which they are stacks of matrices

PAD, GAP, LEFT, RIGHT = 7.0, 8.0, 14.0, 7.0
LANE = 22.0  # a lane with one row of numbers, as on the card of a scalar
FOOT, NO_FOOT, STACKED_FOOT = 20.0, 6.0, 16.0


@dataclass(frozen=True)
class Grid:
    """The cells that stand for the elements of an array."""

    rows: int
    columns: int
    cell: tuple[float, float]
    tile: tuple[int, int]  # the rows and columns of one matrix of a stack; of a matrix, its own
    axes: tuple[int, ...] = ()  # the order in which it is a stack of tiles, where not its own
    beside: int = 1  # so many tiles
    block: tuple[int, int] = (1, 1)  # of elements of which one cell shows the mean
    numbered: bool = False

    @property
    def width(self) -> float:
        return self.columns * self.cell[0]

    @property
    def height(self) -> float:
        return self.rows * self.cell[1]


@dataclass(frozen=True)
class Face:
    """How an array is shown on a card, below the header."""

    grid: Grid
    has_adjoint: bool
    words: str  # its shape: "3×5", "[5]"
    in_header: bool = False  # where these words stand, else below the maps
    notes: tuple[str, str] = ("", "")  # on broadcasting, of both lanes: "×8 rows", "Σ 8 rows"
    width: float = 0.0  # of the card
    is_tower: bool = False

    @property
    def stacked(self) -> bool:
        """Whether the adjoint stands below the value, as on the card of a scalar."""
        is_row = self.grid.columns > 1 or self.grid.rows == 1
        return self.is_tower or (self.grid.numbered and is_row)

    @property
    def lanes(self) -> tuple[Lane, ...]:
        return ("value", "adjoint") if self.has_adjoint else ("value",)

    @property
    def lane_height(self) -> float:
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

    `header` is the width of what stands in the card's header, with the room at its left. A `label`
    has small cells. Where it is `dense`, from 1 on, it has no numbers; from 2 on, its adjoint
    stands below its value.
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
    """The cells of an array: a vector is a row, or a column where it is upright."""
    if 0 in shape:
        return Grid(1, 1, NUMBER_CELL, (1, 1))
    axes = AXES.get(images if len(shape) == 4 else "", ())
    if len(shape) == 1:
        tile = (shape[0], 1) if upright else (1, shape[0])
    else:
        tile = (shape[axes[2]], shape[axes[3]]) if axes else (shape[-2], shape[-1])
    count = math.prod(shape) // math.prod(tile)
    axes = axes if count > 1 else ()  # one image in one color is a matrix
    place = DENSE_PLACE if dense else PLACE
    beside = tiles_beside(count, tile, place)
    if not beside:  # too many to be told apart: one tall matrix
        tile, count, beside = (count * tile[0], tile[1]), 1, 1
    rows, columns = math.ceil(count / beside) * tile[0], beside * tile[1]
    cell = cell_size(rows, columns, label, dense)
    grid = Grid(rows, columns, cell, tile, axes, beside)
    is_large = grid.width > place[0] + MEDIUM or grid.height > place[1] + 3 * MEDIUM
    fits = max(rows, columns) <= CELLED and not (dense and is_large)
    return grid if fits else in_blocks(grid, place)


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
    if label:
        side, least = LEAST, LOWEST
    else:
        small = max(rows, columns) <= FEW and not dense
        side, least = LARGE if small else MEDIUM if columns <= SOME else LEAST, NARROWEST
    return max(side, least if columns == 1 else 0), max(side, LOWEST if rows == 1 else 0)


def in_blocks(grid: Grid, place: tuple[float, float]) -> Grid:
    """The cells of a larger array, each the mean of a block; they fill a place of its form."""
    rows, columns, tile, beside = grid.rows, grid.columns, grid.tile, grid.beside
    width, height = min(place[0], columns * MEDIUM), min(place[1], rows * MEDIUM)
    if (width, height) == place:
        width = min(width, max(height * columns / rows, width / 2))
        height = min(height, max(place[0] * rows / columns, height / 2))
    width, height = max(width, NARROWEST), max(height, LOWEST)
    stacked = rows // tile[0]
    most = int(height / stacked / BLOCK), int(width / beside / BLOCK)
    high, wide = (math.ceil(n / max(1, m)) for n, m in zip(tile, most, strict=True))
    down, across = stacked * math.ceil(tile[0] / high), beside * math.ceil(tile[1] / wide)
    cell = width / across, height / down
    return replace(grid, rows=down, columns=across, cell=cell, block=(high, wide))


def notes_width(face: Face) -> float:
    """The width that the notes on broadcasting take, with what is between them."""
    return sum(text_width(note, SMALL) + GAP for note in face.notes if note)


def faces_of(
    trace: Trace,
    headers: Mapping[str, float] | None = None,
    *,
    numbered: bool = True,
    dense: Mapping[str, int] | None = None,
) -> dict[str, Face]:
    """The faces of all arrays of a trace, by id; `headers` has the widths of their headers.

    Vectors with a number for each row of a matrix are columns, data that a prediction is held
    against is small, filters of a convolution are no images, what broadcasting repeats says so.
    """
    columns, data = upright_vectors(trace), data_of(trace)
    labels = labels_in(trace, data)
    return {
        node.id: array_face(
            node.shape,
            node.dtype,
            node.id not in data,
            header=(headers or {}).get(node.id, 0.0),
            label=node.id in labels,
            upright=node.id in columns,
            images=images_of(trace, node),
            numbered=numbered,
            notes=repeats(trace, node),
            dense=(dense or {}).get(node.id, 0),
        )
        for node in trace.nodes
        if node.shape
    }


def upright_vectors(trace: Trace) -> set[str]:
    """The vectors with a number for each row of a matrix, such as the losses of a batch."""
    found: set[str] = set()
    vectors = [node for node in trace.nodes if len(node.shape) == 1]
    for node in vectors:
        if any(goes_down(node, trace.node(e.source), found) for e in trace.incoming(node)):
            found.add(node.id)
    for node in reversed(vectors):
        readers = [trace.node(edge.target) for edge in trace.outgoing(node)]
        beside = [trace.node(e.source) for reader in readers for e in trace.incoming(reader)]
        if not trace.incoming(node) and (
            any(r.id in found and r.shape == node.shape for r in readers)
            or any(goes_down(node, other, set()) for other in beside if not node.requested)
        ):
            found.add(node.id)
    return found


def goes_down(vector: Node, operand: Node, upright: Collection[str]) -> bool:
    """Whether a vector has an element for each row of an operand."""
    if len(operand.shape) == 1:
        return operand.id in upright and operand.shape == vector.shape
    if len(operand.shape) != 2 or operand.shape[0] != vector.shape[0]:
        return False
    letters, _, result = vector.subscripts.partition("->")
    return letters[0] == result if result else operand.shape[1] != vector.shape[0]


def data_of(trace: Trace) -> set[str]:
    """The nodes that never have a gradient: leaves that nobody asked for, and what they make."""
    found: set[str] = set()
    for node in trace.nodes:
        operands = {edge.source for edge in trace.incoming(node)}
        if operands <= found and not node.requested and node.id not in trace.ys:
            found.add(node.id)
    return found


def labels_in(trace: Trace, data: Collection[str]) -> set[str]:
    """The data that something computed is held against, such as the labels of a loss."""
    found: set[str] = set()
    for node in reversed(trace.nodes):
        readers = [trace.node(edge.target) for edge in trace.outgoing(node)]
        held = (each.id in found or is_held_against(trace, node, each) for each in readers)
        if node.id in data and readers and all(held) and node.dtype != "string":
            found.add(node.id)
    return found


def is_held_against(trace: Trace, node: Node, reader: Node) -> bool:
    """Whether all that a reader has beside a node was computed."""
    others = [trace.node(e.source) for e in trace.incoming(reader) if e.source != node.id]
    return bool(others) and all(map(trace.incoming, others))


CONVOLUTIONS = ("Conv2D", "Conv2DBackpropInput")
WIDEST_FILTER = 11


def images_of(trace: Trace, node: Node) -> Literal["", "images", "filters"]:
    """Whether the four axes of an array are those of images, or of filters of a convolution."""
    if len(node.shape) != 4:
        return ""
    is_read_as_filter = node.op_type == "Conv2DBackpropFilter" or any(
        edge.position == 1 and trace.node(edge.target).op_type in CONVOLUTIONS
        for edge in trace.outgoing(node)
    )
    # Where its reader is folded away, its form tells.
    looks_like_one = node.role == "variable" and node.shape[0] == node.shape[1] <= WIDEST_FILTER
    return "filters" if is_read_as_filter or looks_like_one else "images"


def repeats(trace: Trace, node: Node) -> tuple[str, str]:
    """What broadcasting does to an operand and to its adjoint, in words.

    The adjoint is such a sum only where no other reader adds to it.
    """
    edges = trace.outgoing(node)
    found = max((times for edge in edges if (times := repeated(trace, node, edge))), default=None)
    if found is None:
        return "", ""
    count, what = found
    words = f"{count} {what}".strip()
    alone = len(edges) == 1 and node.id not in trace.ys
    return f"×{words}", f"Σ {words}" if alone else ""


def repeated(trace: Trace, node: Node, edge: Edge) -> tuple[int, str] | None:
    """How often a reader repeats an operand, and whether as rows or columns."""
    reader = trace.node(edge.target)
    count = math.prod(reader.shape) // max(1, math.prod(node.shape))
    if not reader.elementwise or count < 2:
        return None
    if len(reader.shape) != 2:
        return count, ""
    rows, columns = (1, 1, *node.shape)[-2:]
    down, across = rows == 1 < reader.shape[0], columns == 1 < reader.shape[1]
    return count, "rows" if down and not across else "columns" if across and not down else ""
