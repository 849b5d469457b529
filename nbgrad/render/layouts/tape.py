"""The tape: one row for each node, the forward pass read downwards, the reverse pass upwards.

It is how one does it on paper, it needs no arrows, and it prints. The rows of the forward pass
are numbered as they ran; on the right, in the same rows, each adjoint stands beside its terms:
the local derivatives, and what the gradient became along each.
"""

from __future__ import annotations

from collections.abc import Sequence

from nbgrad.render.elements.card_states import told_back
from nbgrad.render.elements.cards import adjoint_lane, lane, straight
from nbgrad.render.elements.edges import BAR
from nbgrad.render.layouts.overlay import finished
from nbgrad.render.layouts.tape_table import (
    LINE,
    NAMES,
    NUMBER,
    TOP,
    Row,
    Table,
    has_adjoint,
    rows_of,
    table_of,
)
from nbgrad.render.layouts.view import Options, View
from nbgrad.render.placing.card_sizes import PAD
from nbgrad.render.placing.place import Place
from nbgrad.render.scene.facts import NO_WINDOW, Facts
from nbgrad.render.scene.measure import MARGIN, clipped, text_width
from nbgrad.render.scene.number_format import shaped
from nbgrad.render.scene.picture import Bar, Box, Chip, Curve, Element, Group, Look, Text
from nbgrad.render.scene.style import NAME
from nbgrad.tracing.model import Trace
from nbgrad.tracing.parts import Edge

CURSORS = {"forward": ("forward",), "back": ("sum", "send", "seed")}


def tape(trace: Trace, options: Options) -> View:
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
    return View(
        finished(layers, table.right + MARGIN, bottom + MARGIN, trace if options.legend else None),
        {node.id: (node.id,) for node in trace.nodes},
        {edge.id: table.room for edge in trace.edges},
        boxes=False,
        more=(row_looks,),
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


def row_looks(facts: Facts) -> dict[str, Look]:
    """Before which row the cursor is, and what the rows of adjoints are called."""
    looks = {}
    for node in facts.trace.nodes:
        looks[f"{node.id}.back"] = Look(classes="card", title=told_back(facts.trace, node))
        for phase in (*CURSORS["forward"], *CURSORS["back"]):
            since, until = facts.active.get(f"{node.id}.{phase}", NO_WINDOW)
            looks[f"{node.id}.cursor.{phase}"] = Look("▶", "text", since, until)
    return looks
