"""The tape: one row for each node, the forward pass read downwards, the reverse pass upwards.

It is how one does it on paper, it needs no arrows, and it prints. The rows of the forward pass
are numbered as they ran; on the right, in the same rows, each adjoint stands beside its terms:
the local derivatives, and what the gradient became along each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nbgrad.picture.cards import (
    BESIDE_GRID,
    BOTH,
    LANE,
    LEFT,
    PAD,
    adjoint_lane,
    headline,
    lane,
    lane_height,
    straight,
    told_back,
)
from nbgrad.picture.edges import BAR
from nbgrad.picture.facts import NO_WINDOW, Facts
from nbgrad.picture.geometry import MARGIN, PAGE, Place, clipped, text_width
from nbgrad.picture.grids import SLOT, repeated_size
from nbgrad.picture.overlay import Options, Template, finished
from nbgrad.picture.scene import Bar, Box, Chip, Curve, Element, Group, Style, Text
from nbgrad.picture.theme import NAME, SMALL
from nbgrad.trace.model import Edge, Node, Trace
from nbgrad.trace.numbers import shaped

CURSORS = {"forward": ("forward",), "back": ("sum", "send", "seed")}


def tape(trace: Trace, options: Options) -> Template:
    """The rows of the forward pass, then those of the reverse pass, in the order of the steps.

    A row has room for its chips, so that every chip shows, however many rows there are.
    """
    table, rows = table_of(trace), rows_of(trace)
    bottom = rows[-1].y + rows[-1].height if rows else TOP
    forward = tuple(forward_row(trace, table, row) for row in rows)
    back = tuple(back_row(trace, table, row) for row in reversed(rows) if has_adjoint(row.node))
    layers = [
        Group("heads", tuple(heads(table, rows))),
        Group("forward", forward),
        Group("reverse", back),
    ]
    return Template(
        finished(layers, table.right + MARGIN, bottom + MARGIN, trace if options.legend else None),
        {node.id: (node.id,) for node in trace.nodes},
        {edge.id: table.room for edge in trace.edges},
        boxes=False,
        more=(row_styles,),
    )


def heads(table: Table, rows: Sequence[Row]) -> list[Element]:
    """What the columns are, and a rule above each row."""
    words = (
        (table.names, "forward ↓", "start"),
        (table.value.right - PAD, "value", "end"),
        (table.symbols, "reverse ↑", "start"),
        (table.adjoint.right - PAD, "adjoint", "end"),
    )
    elements: list[Element] = [
        Text(f"head.{n}", x, TOP - 9, text, "text quiet-text", "end" if side == "end" else "start")
        for n, (x, text, side) in enumerate(words)
    ]
    for row in rows:
        for part, left, right in (
            ("forward", MARGIN, table.value.right),
            ("back", table.middle, table.right),
        ):
            line = straight((left, row.y), (right, row.y))
            elements.append(Curve(f"{row.node.id}.{part}.rule", line, "rule"))
    return elements


def forward_row(trace: Trace, table: Table, row: Row) -> Group:
    """Number, name, shape and value."""
    node, key = row.node, row.node.id
    leaf = node.role in ("input", "variable")
    room = NAMES - text_width(node.label, NAME, bold=True)
    tail = clipped(f" = {node.expression}", NAME, room) if node.expression else ""
    if node.role == "constant" and node.label != shaped(node.shape):
        tail = " constant"
    classes = "text name input" if leaf else "text name"
    children = (
        *halos(trace, row, "forward", MARGIN - 3, table.value.right + 3),
        *numbered(trace, row, "forward", table.names),
        Text(f"{key}.name", table.names, row.base, node.label, classes, tail=tail),
        Text(f"{key}.shape", table.value.x - 4, row.base, shaped(node.shape), QUIET, "end"),
        *(e for e in lane(trace, at(table.value, row), row.y + 3, "value") if unlabelled(e)),
    )
    return Group(key, children, "card", node=key)


QUIET = "text quiet-text"


def back_row(trace: Trace, table: Table, row: Row) -> Group:
    """Number, symbol, one line for each term of the adjoint, and the adjoint."""
    key = row.node.id
    children: list[Element] = [
        *halos(trace, row, "back", table.middle - 3, table.right + 3),
        *numbered(trace, row, "back", table.symbols),
        Text(f"{key}.adjoint.label", table.symbols, row.base),
        *(e for e in adjoint_lane(trace, at(table.adjoint, row), row.y + 3) if unlabelled(e)),
    ]
    y = row.y + 14
    if key in trace.ys:
        children.append(Chip(f"{key}.seed", table.terms + table.room / 2, y, 17))
        children.append(Text(f"{key}.seed.label", table.terms + table.room + 8, y + 4))
        y += LINE
    for edge in row.terms:
        children.append(term(table, edge, y))
        y += LINE
    return Group(f"{key}.back", tuple(children), "card", node=key)


def term(table: Table, edge: Edge, y: float) -> Group:
    """The chips of one edge, with a glow behind them while it is at work."""
    local, sent = table.terms + table.room / 2, table.terms + table.room * 1.5 + 8
    glow = straight((table.terms, y), (table.terms + 2 * table.room + 8, y))
    children = (
        Curve(f"{edge.id}.glow", glow),
        Bar(f"{edge.id}.stop", local, y, BAR - 3),
        Chip(f"{edge.id}.local", local, y, 16),
        Chip(f"{edge.id}.contribution", sent, y, 16),
    )
    return Group(edge.id, children, "edge", edge=edge.id)


def at(column: Place, row: Row) -> Place:
    """The cell of a column in a row, as if it were a card."""
    key = row.node.id
    return Place(key, key, column.x, row.y, column.width, row.height, row.y)


def unlabelled(element: Element) -> bool:
    """Whether it is not the word beside a lane: here a whole column has it as its head."""
    return not element.id.endswith(".label")


def phases(trace: Trace, row: Row, part: str) -> list[str]:
    """The occasions on which one half of a row is at work."""
    return [p for p in CURSORS[part] if p != "seed" or row.node.id in trace.ys]


def halos(trace: Trace, row: Row, part: str, left: float, right: float) -> list[Element]:
    """The row is marked while its node is at work."""
    size = (left, row.y + 1, right - left, row.height - 2)
    return [
        Box(f"{row.node.id}.halo.{phase}", *size, 5, "halo") for phase in phases(trace, row, part)
    ]


def numbered(trace: Trace, row: Row, part: str, x: float) -> list[Element]:
    """The number of a row, and the cursor before it."""
    key = row.node.id
    cursors = (
        Text(f"{key}.cursor.{phase}", x - NUMBER + 2, row.base, "▶", "text")
        for phase in phases(trace, row, part)
    )
    return [Text(f"{key}.{part}.number", x - 8, row.base, row.number, QUIET, "end"), *cursors]


def row_styles(facts: Facts) -> dict[str, Style]:
    """Before which row the cursor is, and what the rows of adjoints are called."""
    styles = {}
    for node in facts.trace.nodes:
        styles[f"{node.id}.back"] = Style(classes="card", title=told_back(facts.trace, node))
        for phase in (*CURSORS["forward"], *CURSORS["back"]):
            since, until = facts.active.get(f"{node.id}.{phase}", NO_WINDOW)
            styles[f"{node.id}.cursor.{phase}"] = Style("▶", "text", since, until)
    return styles


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
