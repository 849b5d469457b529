"""Which column everything stands in, and what stands between two columns of cards.

Even columns hold cards, odd ones the gaps between them. An edge stands in every column that it
passes: where its chips have their place, as an item high enough for them, elsewhere as a thin
one that keeps a way clear. Whoever places the items so that none overlap has therefore kept
chips off cards, and arrows from running under them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from nbgrad.render.sizes import Size, card_size, constant_size, is_small_constant
from nbgrad.tracing.model import Edge, Node, Trace

CROWD = 12
"""With more cards than this, chips show for one edge at a time and need no place of their own."""

CHIPS = 51
WAY = 14
DIAL = 36
"""What the dial of a seed takes below a card whose right side is taken by edges."""


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
    """Items, the links between items of neighbouring columns, and each edge's way through."""

    crowded: bool
    cards: dict[str, Card] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    stacked: list[tuple[str, str]] = field(default_factory=list)
    ways: dict[str, list[Item]] = field(default_factory=dict)
    stations: dict[str, str] = field(default_factory=dict)
    source_cards: dict[str, str] = field(default_factory=dict)


def columns_of(trace: Trace) -> Columns:
    """Every card, chip and way of a trace, each in its column."""
    ranks = ranks_of(trace)
    columns = Columns(crowded=len(ranks) > CROWD)
    add_cards(columns, trace, ranks)
    load: dict[int, float] = {}
    for edge in trace.edges:
        add_way(columns, edge, load)
    for node in trace.nodes:
        stack_operands(columns, list(trace.incoming(node)))
    return columns


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


def add_cards(columns: Columns, trace: Trace, ranks: Mapping[str, int]) -> None:
    """A card for every node, and for every reader of a small constant."""
    for node in trace.nodes:
        outgoing = list(trace.outgoing(node))
        if node.id in ranks:
            ports = max(len(outgoing), sum(1 for _ in trace.incoming(node)))
            size = card_size(trace, node, ports)
            below = DIAL if node.id in trace.ys and outgoing else 0
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


def add_way(columns: Columns, edge: Edge, load: dict[int, float]) -> None:
    """An item in every column between the ends of an edge, one of them with room for chips."""
    source = columns.cards[columns.source_cards[edge.id]]
    between = range(source.column + 1, columns.cards[edge.target].column)
    gaps = [column for column in between if column % 2]
    # Chips go where there are fewest so far, and else as near to the source as can be.
    station = min(gaps, key=lambda gap: load.get(gap, 0), default=None)
    if station is not None and not columns.crowded:
        load[station] = load.get(station, 0) + CHIPS
        columns.stations[edge.id] = f"{edge.id}@{station}"
    way = []
    for column in between:
        key = f"{edge.id}@{column}"
        room = CHIPS if columns.stations.get(edge.id) == key else WAY
        way.append(Item(key, column, room / 2, is_way=True))
    stops = [source.id, *(item.id for item in way), edge.target]
    columns.links += pairwise(stops)
    columns.items += way
    columns.ways[edge.id] = way


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
