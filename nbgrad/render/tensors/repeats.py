"""What broadcasting does to a small matrix: it is repeated, and in reverse the parts are summed.

In the value lane the copies stand beside the matrix, pale. In the adjoint lane stand the parts
that the reverse pass brings, one for each copy, and below or beside them their sum.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nbgrad.render.scene.facts import Facts, is_kept_zero
from nbgrad.render.scene.number_format import CELL_ROOM, short
from nbgrad.render.scene.picture import OFF, Cell, Element, Look
from nbgrad.render.tensors.grid_sizes import CELL_HEIGHT, CELL_WIDTH, Grid, grid_of
from nbgrad.tracing.model import Trace
from nbgrad.tracing.parts import Edge, Node

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


def copy_looks(key: str, node: Node, repeats: Repeats, since: int) -> dict[str, Look]:
    """The numbers of the copies in the value lane."""
    copies = np.broadcast_to(matrix(node.value.array), (repeats.rows, repeats.columns))
    return pale_looks(key, copies, repeats, "value", since, "repeated to fit")


def part_looks(facts: Facts, key: str, node: Node, repeats: Repeats, since: int) -> dict[str, Look]:
    """The parts whose sum is the adjoint, where they are known one by one."""
    parts = parts_of(facts.trace, facts.trace.edge(repeats.edge))
    if parts is None:
        ghosts = (f"{key}.ghost.{row}.{column}" for row, column in repeats.cells("adjoint"))
        return dict.fromkeys([*ghosts, f"{key}.note"], OFF)
    looks = pale_looks(key, matrix(parts), repeats, "adjoint", since, "one part of the sum")
    is_number = node.adjoint.state == "number"
    note = Look(repeats.note, "text quiet-text", since) if is_number else OFF
    return looks | {f"{key}.note": note}


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


def pale_looks(
    key: str, array: np.ndarray, repeats: Repeats, lane: str, since: int, title: str
) -> dict[str, Look]:
    """The numbers of an array in pale cells."""
    return {
        f"{key}.ghost.{row}.{column}": Look(
            short(array[row, column], CELL_ROOM), "cell ghost", since, title=title
        )
        for row, column in repeats.cells(lane)
    }


def matrix(array: np.ndarray) -> np.ndarray:
    """An array as rows and columns: a vector as a row, a stack as one tall matrix."""
    return array.reshape(-1, array.shape[-1])
