"""Broadcasting in a picture: a tensor in a lane with the copies that its reader sees.

The value of a row or column that is repeated to fit is continued by pale copies; its adjoint
stands below or beside the parts of which it is the sum.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nbgrad.picture.facts import Facts, is_kept_zero
from nbgrad.picture.grids import (
    CELL_HEIGHT,
    CELL_WIDTH,
    Grid,
    grid_elements,
    grid_of,
    grid_styles,
)
from nbgrad.picture.scene import Element, Tile
from nbgrad.picture.style import OFF, Style, Styles
from nbgrad.trace.model import Edge, Node, Trace
from nbgrad.trace.numbers import CELL_ROOM, short

BEFORE_SUM = 4  # between the parts of a sum and the sum


@dataclass(frozen=True)
class Broadcast:
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
        """The rows and columns of the copies, or of the parts."""
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


def broadcast_of(trace: Trace, node: Node) -> Broadcast | None:
    """The copies of a tensor whose numbers are shown, for the reader that needs most of them."""
    own = grid_of(node.shape)
    if own.kind != "numbers" or min(own.rows, own.columns) > 1:
        return None
    edges = list(trace.outgoing(node))
    summed = len(edges) == 1 and node.id not in trace.ys and node.role != "constant"
    found = [
        Broadcast(own, reader.rows, reader.columns, edge.id, summed)
        for edge in edges
        if (reader := repeating_reader(trace, edge, own)) is not None
    ]
    return max(found, key=lambda each: each.rows * each.columns, default=None)


def repeating_reader(trace: Trace, edge: Edge, own: Grid) -> Grid | None:
    """The grid of a reader, if its operation repeats the rows or the columns of an operand."""
    target = trace.node(edge.target)
    grid = grid_of(target.shape)
    if not target.elementwise or grid.kind != "numbers":
        return None
    downwards = own.rows == 1 < grid.rows and own.columns == grid.columns
    sideways = own.columns == 1 < grid.columns and own.rows == grid.rows
    return grid if downwards or sideways else None


def lane_size(trace: Trace, node: Node, lane: str) -> tuple[float, float]:
    """The width and height of a tensor in a lane."""
    grid, copies = grid_of(node.shape), broadcast_of(trace, node)
    if copies is None or (lane == "adjoint" and not copies.summed):
        return grid.width, grid.height
    width, height = copies.columns * CELL_WIDTH, copies.rows * CELL_HEIGHT
    if lane == "value":
        return width, height
    right, down = copies.to_sum
    return max(width, right + grid.width), max(height, down + grid.height)


def lane_elements(
    trace: Trace, node: Node, key: str, x: float, y: float, lane: str
) -> list[Element]:
    """A tensor in a lane, and pale cells for its copies or for the parts of its adjoint."""
    grid, copies = grid_of(node.shape), broadcast_of(trace, node)
    if copies is None or (lane == "adjoint" and not copies.summed):
        return grid_elements(key, grid, x, y, lane)
    right, down = copies.to_sum if lane == "adjoint" else (0, 0)
    elements = grid_elements(key, grid, x + right, y + down, lane)
    for row, column in copies.cells(lane):
        corner = x + column * CELL_WIDTH, y + row * CELL_HEIGHT
        ghost = f"{key}.ghost.{row}.{column}"
        elements.append(Tile(ghost, *corner, CELL_WIDTH, CELL_HEIGHT, "cell ghost"))
    return elements


def lane_styles(facts: Facts, node: Node, key: str, lane: str, since: int) -> Styles:
    """The styles of a tensor in a lane, and of its pale cells."""
    if not node.shape:
        return {}
    numbers = node.value if lane == "value" else node.adjoint.value
    scale = facts.value_scale if lane == "value" else facts.adjoint_scale
    styles = grid_styles(key, numbers, node.shape, lane, scale, since)
    copies = broadcast_of(facts.trace, node)
    if copies is not None and lane == "value":
        array = np.broadcast_to(as_matrix(node.value.array), (copies.rows, copies.columns))
        styles |= ghost_styles(key, array, copies, "value", since, "repeated to fit")
    elif copies is not None and copies.summed:
        styles |= part_styles(facts, key, node, copies, since)
    return styles


def part_styles(facts: Facts, key: str, node: Node, copies: Broadcast, since: int) -> Styles:
    """The parts whose sum is the adjoint, where they are known one by one."""
    parts = contribution_before_sum(facts.trace, facts.trace.edge(copies.edge))
    if parts is None:
        ghosts = (f"{key}.ghost.{row}.{column}" for row, column in copies.cells("adjoint"))
        return dict.fromkeys([*ghosts, f"{key}.note"], OFF)
    title = "one part of the sum"
    styles = ghost_styles(key, as_matrix(parts), copies, "adjoint", since, title)
    is_number = node.adjoint.state == "number"
    note = Style(copies.note, "text quiet-text", since) if is_number else OFF
    return styles | {f"{key}.note": note}


def contribution_before_sum(trace: Trace, edge: Edge) -> np.ndarray | None:
    """The contribution of an edge before it is summed to the operand's shape."""
    target, local = trace.node(edge.target), edge.local
    arriving = target.adjoint.value
    if local is None or local.value is None or arriving is None or edge.contribution is None:
        return None
    if is_kept_zero(target, edge):
        return np.zeros(target.shape)
    with np.errstate(all="ignore"):
        return np.broadcast_to(arriving.array * local.value.array, target.shape)


def ghost_styles(
    key: str, array: np.ndarray, copies: Broadcast, lane: str, since: int, title: str
) -> Styles:
    """The numbers of an array in pale cells."""
    return {
        f"{key}.ghost.{row}.{column}": Style(
            short(array[row, column], CELL_ROOM), "cell ghost", since, title=title
        )
        for row, column in copies.cells(lane)
    }


def as_matrix(array: np.ndarray) -> np.ndarray:
    """An array as rows and columns: a vector as a row, a stack as one tall matrix."""
    return array.reshape(-1, array.shape[-1])
