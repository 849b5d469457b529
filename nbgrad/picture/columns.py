"""Which column everything stands in, and what stands between two columns of cards.

Even columns hold cards, odd ones the gaps between them. An edge stands in every column that it
passes: where its chips have their place, as an item high enough for them, elsewhere as a thin
one that keeps a way clear. Whoever places the items so that none overlap has therefore kept
chips off cards, and arrows from running under them.

An edge from one row of columns to another is not drawn across: a stub leaves its source, and
another, with the source's name on it, leads into its target.
"""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from nbgrad.picture.cards import (
    BOTH,
    Lane,
    Size,
    card_size,
    constant_size,
    is_small_constant,
    stub_width,
)
from nbgrad.trace.model import Edge, Node, Trace

CHIPS = 51


WAY = 14


STUB = 20


DIAL = 36


"""What the dial of a seed takes below a card."""


@dataclass(frozen=True)
class Card:
    """A box to be placed: a node, or one of the copies of a small constant."""

    id: str
    node: Node
    size: Size
    column: int
    below: float = 0


@dataclass(frozen=True)
class Item:
    """Something with a height in a column; `half` of it lies above its port line."""

    id: str
    column: int
    half: float
    is_way: bool = False


@dataclass
class Columns:
    """Items, the links between items of neighbouring columns, and each edge's way through.

    Attributes
    ----------
    stubs
        For an edge from another row, the column in which it comes out; for a node with readers
        in other rows (`n3.out`), the column beside it. With the room that the name takes.
    """

    chips: bool
    dials_below: bool
    lanes: tuple[Lane, ...] = BOTH
    cards: dict[str, Card] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    stacked: list[tuple[str, str]] = field(default_factory=list)
    ways: dict[str, list[Item]] = field(default_factory=dict)
    stations: dict[str, str] = field(default_factory=dict)
    source_cards: dict[str, str] = field(default_factory=dict)
    stubs: dict[str, tuple[int, float]] = field(default_factory=dict)


def columns_of(
    trace: Trace,
    ranks: Mapping[str, int],
    *,
    chips: bool = True,
    dials_below: bool = False,
    lanes: tuple[Lane, ...] = BOTH,
) -> Columns:
    """Every card, chip and way of a trace, each in its column.

    Parameters
    ----------
    ranks
        The column of each card, counted in cards; a row begins after a number left out.
    chips
        Whether every edge keeps a place for its chips.
    dials_below
        Whether the dials of the seeds stand below their cards, where they take no width.
    lanes
        Which of the two lanes the cards have. Without values there are no constants either.
    """
    columns = Columns(chips, dials_below, lanes)
    row_of = rows_by_column(ranks)
    add_cards(columns, trace, ranks, row_of)
    load: dict[int, float] = {}
    for edge in trace.edges:
        if edge.id in columns.source_cards:
            add_way(columns, edge, load, row_of)
    for node in trace.nodes:
        stack_operands(columns, [e for e in trace.incoming(node) if e.id in columns.ways])
    return columns


def add_cards(
    columns: Columns, trace: Trace, ranks: Mapping[str, int], row_of: Mapping[int, int]
) -> None:
    """A card for every node, and for every reader of a small constant."""
    for node in trace.nodes:
        outgoing = list(trace.outgoing(node))
        if node.role == "constant" and "value" not in columns.lanes:
            continue
        if node.id in ranks:
            row = row_of[2 * ranks[node.id]]
            here = [e for e in outgoing if row_of[2 * ranks[e.target]] == row]
            leaving = len(here) + (len(here) < len(outgoing))
            ports = max(leaving, sum(1 for _ in trace.incoming(node)))
            size = card_size(trace, node, ports, columns.lanes)
            has_dial = node.id in trace.ys and "adjoint" in columns.lanes
            below = DIAL if has_dial and (outgoing or columns.dials_below) else 0
            add_card(columns, Card(node.id, node, size, 2 * ranks[node.id], below))
            columns.source_cards |= {edge.id: node.id for edge in outgoing}
        else:
            for copy, edge in enumerate(outgoing, start=1):
                name = node.id if copy == 1 else f"{node.id}~{copy}"
                column = 2 * ranks[edge.target] - 1
                add_card(columns, Card(name, node, constant_size(node), column))
                columns.source_cards[edge.id] = name


def add_card(columns: Columns, card: Card) -> None:
    """A card is as high below its port line as above it, as far as placing is concerned."""
    columns.cards[card.id] = card
    half = max(card.size.port, card.size.height + card.below - card.size.port)
    columns.items.append(Item(card.id, card.column, half))


def add_way(
    columns: Columns, edge: Edge, load: dict[int, float], row_of: Mapping[int, int]
) -> None:
    """An item in every column between the ends of an edge, one of them with room for chips."""
    source = columns.cards[columns.source_cards[edge.id]]
    target = columns.cards[edge.target]
    start = source.column
    apart = row_of[source.column] != row_of[target.column]
    if apart:
        add_stubs(columns, source, edge, target.column)
        start = target.column - 2
    between = range(start + 1, target.column)
    gaps = [column for column in between if column % 2]
    # Chips go where there are fewest so far, and else as near to the source as can be.
    station = min(gaps, key=lambda gap: load.get(gap, 0), default=None)
    if station is not None and columns.chips:
        load[station] = load.get(station, 0) + CHIPS
        columns.stations[edge.id] = f"{edge.id}@{station}"
    way = []
    for column in between:
        key = f"{edge.id}@{column}"
        room = CHIPS if columns.stations.get(edge.id) == key else STUB if apart else WAY
        way.append(Item(key, column, room / 2, is_way=True))
    stops = [*([] if apart else [source.id]), *(item.id for item in way), edge.target]
    columns.links += pairwise(stops)
    columns.items += way
    columns.ways[edge.id] = way


def add_stubs(columns: Columns, source: Card, edge: Edge, target: int) -> None:
    """The two ends of an edge between rows: one out of its source, one into its target."""
    columns.stubs[edge.id] = (target - 1, stub_width(source.node.label))
    out = f"{source.id}.out"
    if out not in columns.stubs:
        columns.stubs[out] = (source.column + 1, 0)
        columns.items.append(Item(out, source.column + 1, STUB / 2))
        columns.links.append((source.id, out))


def stack_operands(columns: Columns, operands: list[Edge]) -> None:
    """`y + 2` has its constant below y's edge, and `x × x` its second edge below the first."""
    for before, edge in pairwise(operands):
        way = columns.ways[before.id]
        constant = columns.cards[columns.source_cards[edge.id]]
        if constant.column % 2 and way and way[-1].column == constant.column:
            columns.stacked.append((way[-1].id, constant.id))
        elif before.source == edge.source:
            pairs = zip(way, columns.ways[edge.id], strict=False)
            columns.stacked += [(upper.id, lower.id) for upper, lower in pairs]


def ranks_of(trace: Trace) -> dict[str, int]:
    """The longest way from a leaf to each node; ys that nobody reads stand in the last rank."""
    ranks: dict[str, int] = {}
    for node in trace.nodes:
        if not is_small_constant(trace, node):
            operands = [edge.source for edge in trace.incoming(node)]
            ranks[node.id] = 1 + max((ranks.get(each, 0) for each in operands), default=-1)
    for node in trace.nodes:
        readers = [ranks[edge.target] for edge in trace.outgoing(node)]
        if node.role == "constant" and node.id in ranks and readers:
            ranks[node.id] = min(readers) - 1
    last = max(ranks.values(), default=0)
    return ranks | {y: last for y in trace.ys if not any(trace.outgoing(trace.node(y)))}


def broken(trace: Trace, ranks: Mapping[str, int], starts: Sequence[int]) -> dict[str, int]:
    """The ranks in rows that begin at the given ones; between two rows, a rank is left out.

    Every row begins with a column of its own for the leaves that are first read in it.
    """
    found: dict[str, int] = {}
    for node in trace.nodes:
        rank = ranks.get(node.id)
        if rank is None:
            continue
        leaf = not any(trace.incoming(node))
        first = first_reader(trace, node, ranks) if leaf else rank
        row = bisect.bisect_right(starts, first) - 1
        before = starts[row] + 2 * row
        found[node.id] = before - 1 if leaf else before + rank - starts[row]
    return found


def first_reader(trace: Trace, node: Node, ranks: Mapping[str, int]) -> int:
    """The first rank in which a node is read."""
    return min((ranks[edge.target] for edge in trace.outgoing(node)), default=1)


def starts_of(
    trace: Trace, ranks: Mapping[str, int], widths: Mapping[str, float], room: float
) -> list[int]:
    """The ranks at which rows of this width begin: as many columns in a row as fit."""
    wide: dict[int, float] = defaultdict(float)
    leaves: dict[int, float] = defaultdict(float)
    for node in trace.nodes:
        if node.id in ranks:
            leaf = not any(trace.incoming(node))
            rank = first_reader(trace, node, ranks) if leaf else ranks[node.id]
            where = leaves if leaf else wide
            where[rank] = max(where[rank], widths[node.id])
    starts, taken, first = [1], 0.0, 0.0
    for rank in sorted(wide):
        first = max(first, leaves[rank])
        if taken and taken + wide[rank] + first > room:
            starts.append(rank)
            taken, first = 0.0, leaves[rank]
        taken += wide[rank]
    return starts


def rows_by_column(ranks: Mapping[str, int]) -> dict[int, int]:
    """The row of every column; the gap before a row belongs to it, and the gap after it."""
    used = {*ranks.values()}
    rows: dict[int, int] = {}
    row = 0
    for rank in sorted(used):
        row += rank > 0 and rank - 1 not in used
        rows |= dict.fromkeys((2 * rank - 1, 2 * rank, 2 * rank + 1), row)
    return rows
