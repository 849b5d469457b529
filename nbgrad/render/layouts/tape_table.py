"""The rows and columns of a tape: a matter of labels, shapes and edges alone."""

from __future__ import annotations

from dataclasses import dataclass

from nbgrad.render.placing.card_sizes import (
    BESIDE_GRID,
    BOTH,
    LANE,
    LEFT,
    PAD,
    headline,
    lane_height,
)
from nbgrad.render.placing.place import Place
from nbgrad.render.scene.measure import MARGIN, PAGE, text_width
from nbgrad.render.scene.number_format import shaped
from nbgrad.render.scene.style import NAME, SMALL
from nbgrad.render.tensors.grid_sizes import SLOT
from nbgrad.render.tensors.repeats import repeated_size
from nbgrad.tracing.model import Trace
from nbgrad.tracing.parts import Edge, Node

TOP = 30
LINE = 21
NUMBER = 36
"""What a cursor and the number of a row take."""

NAMES = 200
APART = 26
ROOMS = (96, 150)
"""The least and the most that a chip may take."""


@dataclass(frozen=True)
class Table:
    """The places of the columns: what begins where, and how wide it is."""

    names: float
    value: Place
    symbols: float
    terms: float
    room: float
    adjoint: Place

    @property
    def middle(self) -> float:
        """Where the reverse pass begins."""
        return self.symbols - NUMBER

    @property
    def right(self) -> float:
        return self.adjoint.right


@dataclass(frozen=True)
class Row:
    """One node's row."""

    node: Node
    number: str
    terms: tuple[Edge, ...]
    y: float
    height: float

    @property
    def base(self) -> float:
        """The base line of its first line of text."""
        return self.y + 18


def has_adjoint(node: Node) -> bool:
    """Constants have none."""
    return node.role != "constant"


def table_of(trace: Trace) -> Table:
    """Columns as wide as what is in them; the chips get what is left of a page."""
    names = max((text_width(headline(n), NAME, bold=True) for n in trace.nodes), default=0)
    symbols = max((text_width(symbol_of(trace, n), SMALL) for n in trace.nodes), default=0)
    grids = max((repeated_size(trace, n, lane)[0] for n in trace.nodes for lane in BOTH), default=0)
    wide = LEFT + max(SLOT + PAD, grids + BESIDE_GRID)
    x = MARGIN + NUMBER
    value = x + min(names, NAMES) + shape_width(trace) + 12
    adjoints = value + wide + APART + NUMBER
    terms = adjoints + symbols + 14
    room = max(ROOMS[0], min(ROOMS[1], (PAGE - MARGIN - terms - wide - 24) // 2))
    return Table(
        x,
        Place("", "", value, 0, wide, 0, 0),
        adjoints,
        terms,
        room,
        Place("", "", terms + 2 * room + 24, 0, wide, 0, 0),
    )


def symbol_of(trace: Trace, node: Node) -> str:
    """The longer of the symbols that an adjoint may have."""
    return f"d{trace.node(trace.ys[0]).label}/d{node.label}" if trace.ys else node.label


def shape_width(trace: Trace) -> float:
    return max((text_width(shaped(node.shape), SMALL) for node in trace.nodes), default=0) + 6


def rows_of(trace: Trace) -> list[Row]:
    """A row for each node, in the order of the forward pass; operations are numbered."""
    rows: list[Row] = []
    y, number = float(TOP), 0
    for node in trace.nodes:
        is_leaf = not any(trace.incoming(node))
        number += not is_leaf
        terms = tuple(trace.outgoing(node)) if has_adjoint(node) else ()
        lines = len(terms) + (node.id in trace.ys)
        lane = max(lane_height(trace, node, each) for each in BOTH)
        height = max(lane + 8, lines * LINE + 6, LANE + 8)
        rows.append(Row(node, "" if is_leaf else str(number), terms, y, height))
        y += height
    return rows
