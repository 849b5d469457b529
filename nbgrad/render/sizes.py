"""How large a card is: a matter of its labels and shape, never of its numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from nbgrad.render.measure import clipped, pill_width, text_width
from nbgrad.render.numbers import shaped
from nbgrad.render.style import NAME, SMALL
from nbgrad.tracing.folding import FOLD
from nbgrad.tracing.model import Trace
from nbgrad.tracing.parts import Node

HEADER = 22
LANE = 19
FOOT = 6
PAD = 8
LEFT = 12
"""Where the text of a card begins, right of its lanes' rules."""

SLOT = 66
"""The width of a number's slot: nine characters."""

CARD = 116
WIDEST = 190
"""The least width of a card, and what a long label may stretch it to."""

FOLD_WIDEST = 250
"""A card that stands for several operations says so in full."""

PORT = 16
"""What an edge takes at the side of a card, at least."""

STUB_WIDEST = 76
CONSTANT_HEIGHT = 22
CELL_WIDTH, CELL_HEIGHT = 66, 17
PIXEL = 6
NUMBERED, CELLED = 6, 32
"""Up to so many rows and columns a tensor shows its numbers, and its cells."""

Kind = Literal["scalar", "numbers", "cells", "summary"]
Lane = Literal["value", "adjoint"]
BOTH: tuple[Lane, ...] = ("value", "adjoint")


@dataclass(frozen=True)
class Grid:
    """The rows and columns in which a tensor's elements are shown, and how large they are."""

    kind: Kind
    rows: int = 0
    columns: int = 0

    @property
    def cell(self) -> tuple[float, float]:
        return (CELL_WIDTH, CELL_HEIGHT) if self.kind == "numbers" else (PIXEL, PIXEL)

    @property
    def width(self) -> float:
        if self.kind == "summary":
            return text_width("mean ", SMALL) + SLOT
        return self.columns * self.cell[0]

    @property
    def height(self) -> float:
        if self.kind == "summary":
            return 3 * CELL_HEIGHT
        return self.rows * self.cell[1]


def grid_of(shape: tuple[int, ...]) -> Grid:
    """How a tensor of this shape is shown: a vector as a row, a stack as one tall matrix.

    Examples
    --------
    >>> grid_of((2, 3)).kind, grid_of((20,)).kind, grid_of((64, 64)).kind
    ('numbers', 'cells', 'summary')
    """
    if shape == ():
        return Grid("scalar")
    rows, columns = math.prod(shape[:-1]), shape[-1]
    if 0 in shape or max(rows, columns) > CELLED:
        return Grid("summary")
    return Grid("numbers" if max(rows, columns) <= NUMBERED else "cells", rows, columns)


def ghost_rows(trace: Trace, node: Node) -> int:
    """How many rows broadcasting adds to a tensor whose numbers are shown, for its reader.

    They are drawn as pale copies, so that one sees over what the reverse pass sums.
    """
    mine = grid_of(node.shape)
    if mine.kind != "numbers":
        return 0
    grids = [grid_of(trace.node(edge.target).shape) for edge in trace.outgoing(node)]
    reading = [
        g.rows - mine.rows for g in grids if g.kind == "numbers" and g.columns == mine.columns
    ]
    return max(reading, default=0) if mine.rows == 1 else 0


@dataclass(frozen=True)
class Size:
    """The outer size of a card, and where its edges are attached: `port` pixels from the top."""

    width: float
    height: float
    port: float


def card_size(trace: Trace, node: Node, ports: int, lanes: tuple[Lane, ...] = BOTH) -> Size:
    """The size of a node's card, which has at most `ports` edges on one side."""
    grid = grid_of(node.shape)
    lane = LANE + (grid.height + 4 if grid.kind != "scalar" else 0)
    count = 1 if node.role == "constant" else len(lanes)
    ghosts = ghost_rows(trace, node) * CELL_HEIGHT if "value" in lanes else 0
    port = HEADER + ghosts + lane if count == 2 else HEADER + (lane + ghosts) / 2
    height = max(
        HEADER + count * lane + ghosts + FOOT,
        2 * port - HEADER + 2,
        PORT * (ports - 1) + FOOT + HEADER,
    )
    return Size(round(card_width(trace, node, grid)), round(height), round(port))


def card_width(trace: Trace, node: Node, grid: Grid) -> float:
    """Wide enough for the header, for a lane's label beside its slot, and for the grid."""
    header = LEFT + text_width(headline(node), NAME, bold=True) + 16 + text_width(corner(node), 13)
    lane = LEFT + text_width(widest_total(trace, node), SMALL) + 4 + SLOT + PAD
    wanted = min(max(CARD, header, lane), FOLD_WIDEST if node.op_type == FOLD else WIDEST)
    return max(wanted, grid.width + LEFT + PAD)


def widest_total(trace: Trace, node: Node) -> str:
    """The longer of the two symbols that an adjoint may have, as its ys are weighed or not."""
    return f"d{trace.node(trace.ys[0]).label}/d{node.label}" if len(trace.ys) == 1 else node.label


def constant_size(node: Node) -> Size:
    """The size of the small box of a scalar constant."""
    width = 2 * PAD + text_width(constant_text(node), SMALL)
    return Size(round(min(max(width, 26), 100)), CONSTANT_HEIGHT, CONSTANT_HEIGHT / 2)


def stub_width(label: str) -> int:
    """What the name of a source takes at the beginning of an edge from another row."""
    return min(pill_width(label), STUB_WIDEST)


def constant_text(node: Node) -> str:
    """What the box of a small constant says at its widest."""
    return node.label if is_number(node.label) else f"{node.label} = 0.001234"


def is_number(label: str) -> bool:
    """Whether a constant is labelled by its own value, and need not show it twice."""
    try:
        float(label.replace("−", "-"))
    except ValueError:
        return False
    return True


def headline(node: Node) -> str:
    """The label with what it is made of: `a = x × x`."""
    return f"{node.label} = {node.expression}" if node.expression else node.label


def corner(node: Node) -> str:
    """What the right end of the header says: the shape, and the sign of the operation."""
    symbol = node.symbol if node.expression and len(node.symbol) == 1 else ""
    shape = f"[{shaped(node.shape)}]" if len(node.shape) == 1 else shaped(node.shape)
    return " ".join(part for part in (shape, symbol) if part)


def fitted_tail(node: Node, width: float) -> str:
    """As much of ` = expression` as a header of this width has room for."""
    used = LEFT + text_width(node.label, NAME, bold=True) + PAD + 8 + text_width(corner(node), 13)
    return clipped(f" = {node.expression}", NAME, width - used) if node.expression else ""


def is_small_constant(trace: Trace, node: Node) -> bool:
    """Whether a node is drawn as a small box beside each of its readers."""
    plain = node.role == "constant" and node.shape == () and not node.requested
    return plain and node.id not in trace.ys and any(trace.outgoing(node))
