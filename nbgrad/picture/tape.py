"""The tape: one row for each node, the forward pass read downwards, the reverse pass upwards.

It is how one does it on paper, it needs no arrows, and it prints. The rows of the forward pass
are numbered as they ran; on the right, in the same rows, each adjoint stands beside its terms:
the local derivatives, and what the gradient became along each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from nbgrad.picture.broadcast import lane_size
from nbgrad.picture.facts import Facts
from nbgrad.picture.grids import SLOT
from nbgrad.picture.legend import with_legend
from nbgrad.picture.old_card_styles import adjoint_title, card_styles
from nbgrad.picture.old_cards import (
    BESIDE_GRID,
    BOTH,
    LANE,
    LEFT,
    PAD,
    Place,
    adjoint_lane,
    definition,
    lane,
    lane_height,
    part_count,
)
from nbgrad.picture.old_edges import BAR
from nbgrad.picture.old_overlay import all_edge_styles
from nbgrad.picture.placement import MARGIN, PAGE
from nbgrad.picture.scene import Anchor, Bar, Box, Chip, Curve, Element, Group, Text, straight
from nbgrad.picture.style import Style, Styles
from nbgrad.picture.template import Template
from nbgrad.picture.text_width import clipped, text_width
from nbgrad.picture.theme import NAME, SMALL
from nbgrad.trace.model import Edge, Node, Trace
from nbgrad.trace.numbers import shaped

PHASES = {"forward": ("forward",), "back": ("sum", "send", "seed")}  # of each half of a row
QUIET = "text quiet-text"
TOP, LINE = 30, 21  # where the first row begins; the height of one term of an adjoint
NUMBER = 36  # the width of a cursor and the number of a row
NAMES = 200  # the greatest width of names
APART = 26  # between the forward and the reverse pass
CHIP_ROOMS = (96, 150)  # the least and the most that a chip may take


def tape(trace: Trace, *, legend: bool, every_chip: bool) -> Template:
    """The rows of the forward pass, then those of the reverse pass, in the order of the steps.

    A row has room for its chips, so that every chip shows, however many rows there are.
    """
    columns, rows = tape_columns(trace), tape_rows(trace)
    bottom = rows[-1].y + rows[-1].height if rows else TOP
    with_adjoint = [row for row in reversed(rows) if row.node.role != "constant"]
    layers = [
        Group("heads", (*heads(columns), *row_separators(columns, rows))),
        Group("forward", tuple(forward_row(trace, columns, row) for row in rows)),
        Group("reverse", tuple(back_row(trace, columns, row) for row in with_adjoint)),
    ]
    size, explained = (columns.right + MARGIN, bottom + MARGIN), trace if legend else None
    rooms = dict.fromkeys((edge.id for edge in trace.edges), columns.room)
    return Template(
        with_legend([*layers], size, explained),
        styles=(all_row_card_styles, partial(all_edge_styles, rooms=rooms), row_styles),
    )


def heads(columns: TapeColumns) -> Iterator[Element]:
    """The words above the columns."""
    words: tuple[tuple[float, str, Anchor], ...] = (
        (columns.names, "forward ↓", "start"),
        (columns.value.right - PAD, "value", "end"),
        (columns.symbols, "reverse ↑", "start"),
        (columns.adjoint.right - PAD, "adjoint", "end"),
    )
    for n, (x, text, anchor) in enumerate(words):
        yield Text(f"head.{n}", x, TOP - 9, text, QUIET, anchor)


def row_separators(columns: TapeColumns, rows: Sequence[TapeRow]) -> Iterator[Element]:
    """A line above each row, in both halves."""
    for row in rows:
        for half, (left, right) in columns.halves.items():
            line = straight((left, row.y), (right, row.y))
            yield Curve(f"{row.node.id}.{half}.rule", line, "rule")


def forward_row(trace: Trace, columns: TapeColumns, row: TapeRow) -> Group:
    """Number, name, shape and value."""
    node, key = row.node, row.node.id
    room = NAMES - text_width(node.label, NAME, bold=True)
    tail = clipped(f" = {node.expression}", NAME, room) if node.expression else ""
    if node.role == "constant" and node.label != shaped(node.shape):
        tail = " constant"
    classes = "text name input" if node.role in ("input", "variable") else "text name"
    children = (
        *row_start(trace, columns, row, "forward", columns.names),
        Text(f"{key}.name", columns.names, row.base, node.label, classes, tail=tail),
        Text(f"{key}.shape", columns.value.x - 4, row.base, shaped(node.shape), QUIET, "end"),
        *without_label(lane(trace, row.place_in(columns.value), row.y + 3, "value")),
    )
    return Group(key, children, "card", node=key)


def back_row(trace: Trace, columns: TapeColumns, row: TapeRow) -> Group:
    """Number, symbol, one line for each term of the adjoint, and the adjoint."""
    key = row.node.id
    children: list[Element] = [
        *row_start(trace, columns, row, "back", columns.symbols),
        Text(f"{key}.adjoint.label", columns.symbols, row.base),
        *without_label(adjoint_lane(trace, row.place_in(columns.adjoint), row.y + 3)),
    ]
    y = row.y + 14
    if key in trace.ys:
        children.append(Chip(f"{key}.seed", columns.terms + columns.room / 2, y, 17))
        children.append(Text(f"{key}.seed.label", columns.terms + columns.room + 8, y + 4))
        y += LINE
    for n, edge in enumerate(trace.outgoing(row.node)):
        children.append(term_group(columns, edge, y + n * LINE))
    return Group(f"{key}.back", tuple(children), "card", node=key)


def row_start(
    trace: Trace, columns: TapeColumns, row: TapeRow, half: str, x: float
) -> Iterator[Element]:
    """The halo of half a row while its node is at work, its number, and the cursor before it."""
    key = row.node.id
    left, right = columns.halves[half]
    phases = [p for p in PHASES[half] if p != "seed" or key in trace.ys]
    for phase in phases:
        size = right - left + 6, row.height - 2
        yield Box(f"{key}.halo.{phase}", left - 3, row.y + 1, *size, 5, "halo")
    yield Text(f"{key}.{half}.number", x - 8, row.base, row.number, QUIET, "end")
    for phase in phases:
        yield Text(f"{key}.cursor.{phase}", x - NUMBER + 2, row.base, "▶", "text")


def term_group(columns: TapeColumns, edge: Edge, y: float) -> Group:
    """The chips of one edge, with a glow behind them while it is at work."""
    room = columns.room
    local, sent = columns.terms + room / 2, columns.terms + room * 1.5 + 8
    glow = straight((columns.terms, y), (columns.terms + 2 * room + 8, y))
    children = (
        Curve(f"{edge.id}.glow", glow),
        Bar(f"{edge.id}.stop", local, y, BAR - 3),
        Chip(f"{edge.id}.local", local, y, 16),
        Chip(f"{edge.id}.contribution", sent, y, 16),
    )
    return Group(edge.id, children, "edge", edge=edge.id)


def without_label(elements: Sequence[Element]) -> Iterator[Element]:
    """A lane without its label, which the head of the whole column shows."""
    return (element for element in elements if not element.id.endswith(".label"))


def all_row_card_styles(facts: Facts) -> Styles:
    """The numbers of every row."""
    styles: Styles = {}
    for node in facts.trace.nodes:
        styles |= card_styles(facts, node, node.id)
    return styles


def row_styles(facts: Facts) -> Styles:
    """The cursor before a row, and what hovering over the row of an adjoint shows."""
    styles = {}
    for node in facts.trace.nodes:
        title = adjoint_title(facts.trace, node)
        styles[f"{node.id}.back"] = Style(classes="card", title=title)
        for phase in (*PHASES["forward"], *PHASES["back"]):
            since, until = facts.window(f"{node.id}.{phase}")
            styles[f"{node.id}.cursor.{phase}"] = Style("▶", "text", since, until)
    return styles


# Places -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TapeColumns:
    """The places of the columns: where each begins, and how wide a lane and a chip are."""

    names: float
    value: Place
    symbols: float
    terms: float
    room: float
    adjoint: Place

    @property
    def right(self) -> float:
        return self.adjoint.right

    @property
    def halves(self) -> dict[str, tuple[float, float]]:
        """The left and right end of the forward and of the reverse pass."""
        middle = self.symbols - NUMBER
        return {"forward": (MARGIN, self.value.right), "back": (middle, self.right)}


@dataclass(frozen=True)
class TapeRow:
    """The place of one node's row, and its number."""

    node: Node
    number: str
    y: float
    height: float

    @property
    def base(self) -> float:
        """The base line of its first line of text."""
        return self.y + 18

    def place_in(self, column: Place) -> Place:
        """The cell of the row and a column, as the place of a card."""
        key = self.node.id
        return Place(key, key, column.x, self.y, column.width, self.height, self.y)


def tape_columns(trace: Trace) -> TapeColumns:
    """Columns as wide as what is in them; the chips get what is left of a page."""

    def widest(texts: Iterator[str], size: float, *, bold: bool = False) -> float:
        return max((text_width(text, size, bold=bold) for text in texts), default=0)

    names = widest((definition(node) for node in trace.nodes), NAME, bold=True)
    shapes = widest((shaped(node.shape) for node in trace.nodes), SMALL) + 6
    total = f"d{trace.node(trace.ys[0]).label}/d" if trace.ys else ""
    symbols = widest((total + node.label for node in trace.nodes), SMALL)
    grids = max((lane_size(trace, n, each)[0] for n in trace.nodes for each in BOTH), default=0)
    wide = LEFT + max(SLOT + PAD, grids + BESIDE_GRID)
    x = MARGIN + NUMBER
    value = x + min(names, NAMES) + shapes + 12
    adjoints = value + wide + APART + NUMBER
    terms = adjoints + symbols + 14
    least, most = CHIP_ROOMS
    room = max(least, min(most, (PAGE - MARGIN - terms - wide - 24) // 2))
    adjoint = terms + 2 * room + 24
    return TapeColumns(
        x,
        Place("", "", value, 0, wide, 0, 0),
        adjoints,
        terms,
        room,
        Place("", "", adjoint, 0, wide, 0, 0),
    )


def tape_rows(trace: Trace) -> list[TapeRow]:
    """A row for each node, in the order of the forward pass; operations are numbered."""
    rows: list[TapeRow] = []
    y, number = float(TOP), 0
    for node in trace.nodes:
        is_leaf = not any(trace.incoming(node))
        number += not is_leaf
        lines = part_count(trace, node) if node.role != "constant" else node.id in trace.ys
        lanes = max(lane_height(trace, node, each) for each in BOTH)
        height = max(lanes + 8, lines * LINE + 6, LANE + 8)
        rows.append(TapeRow(node, "" if is_leaf else str(number), y, height))
        y += height
    return rows
