"""The columns of a layered layout: cards by rank, and dummy vertices where edges pass between.

Even columns hold cards, odd ones the gaps between them. An edge has a dummy vertex in every column
that it passes: where its chips have their place, one high enough for them, elsewhere a thin one
that keeps a way clear. Whoever places the vertices so that none overlap has therefore kept chips
off cards, and arrows from running under them.

An edge between two rows of columns ends in a connector on either side: see `edges`.
"""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from nbgrad.picture.old_cards import BOTH, Lane, Size, card_size, constant_size, is_small_constant
from nbgrad.picture.text_width import pill_width
from nbgrad.trace.model import Edge, Node, Trace

CHIPS, CONNECTOR, CLEARANCE = 51, 20, 14  # the heights of dummy vertices
DIAL = 36  # the height of a seed's dial below a card
NAME_WIDEST = 76  # the most for a source's name where an edge from another row begins


@dataclass(frozen=True)
class Card:
    """A card to be placed: of a node, or one of the copies of a small constant."""

    id: str
    node: Node
    size: Size
    column: int
    below: float = 0


@dataclass(frozen=True)
class Vertex:
    """A card or a point of an edge, with a height in its column; `half` is above its port line."""

    id: str
    column: int
    half: float
    is_dummy: bool = False


@dataclass
class Columns:
    """Vertices, the links between those of neighbouring columns, and the points of each edge.

    Attributes
    ----------
    row_of
        The row of each column.
    stacked
        Pairs of vertices of one column, the first of which should be above the second.
    dummies
        The dummy vertices of each edge, and in `chip_vertices` the one at which its chips stand.
    source_cards
        The card that each edge leaves.
    entries
        For an edge from another row, the column in which it comes out, and the width of the name.
    exits
        For a node with readers in other rows (`n3.out`), the column beside it.
    """

    chips: bool
    row_of: Mapping[int, int]
    cards: dict[str, Card] = field(default_factory=dict)
    vertices: list[Vertex] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    stacked: list[tuple[str, str]] = field(default_factory=list)
    dummies: dict[str, list[Vertex]] = field(default_factory=dict)
    chip_vertices: dict[str, str] = field(default_factory=dict)
    source_cards: dict[str, str] = field(default_factory=dict)
    entries: dict[str, tuple[int, float]] = field(default_factory=dict)
    exits: dict[str, int] = field(default_factory=dict)

    def add_card(self, card: Card) -> None:
        """A card is as high below its port line as above it, as far as placing is concerned."""
        self.cards[card.id] = card
        half = max(card.size.port, card.size.height + card.below - card.size.port)
        self.vertices.append(Vertex(card.id, card.column, half))

    def add_edge(self, edge: Edge, load: dict[int, float]) -> None:
        """A dummy vertex in every column between the ends of an edge, one with room for chips."""
        source, target = self.cards[self.source_cards[edge.id]], self.cards[edge.target]
        start = source.column
        apart = self.row_of[source.column] != self.row_of[target.column]
        if apart:
            self.add_connectors(source, edge, target.column)
            start = target.column - 2
        between = range(start + 1, target.column)
        gaps = [column for column in between if column % 2]
        # Chips go where there are fewest so far, and else as near to the source as can be.
        chip_gap = min(gaps, key=lambda gap: load.get(gap, 0), default=None)
        chip_gap = chip_gap if self.chips else None
        if chip_gap is not None:
            load[chip_gap] = load.get(chip_gap, 0) + CHIPS
            self.chip_vertices[edge.id] = f"{edge.id}@{chip_gap}"
        dummies = []
        for column in between:
            height = CHIPS if column == chip_gap else CONNECTOR if apart else CLEARANCE
            dummies.append(Vertex(f"{edge.id}@{column}", column, height / 2, is_dummy=True))
        ends = [*([] if apart else [source.id]), *(dummy.id for dummy in dummies), edge.target]
        self.links += pairwise(ends)
        self.vertices += dummies
        self.dummies[edge.id] = dummies

    def add_connectors(self, source: Card, edge: Edge, target: int) -> None:
        """The two ends of an edge between rows: one out of its source, one into its target."""
        self.entries[edge.id] = (target - 1, min(pill_width(source.node.label), NAME_WIDEST))
        key = f"{source.id}.out"
        if key not in self.exits:
            self.exits[key] = source.column + 1
            self.vertices.append(Vertex(key, source.column + 1, CONNECTOR / 2))
            self.links.append((source.id, key))

    def stack_operands(self, operands: Sequence[Edge]) -> None:
        """`y + 2` has its constant below y's edge, and `x × x` its second edge below the first."""
        for before, edge in pairwise(operands):
            dummies = self.dummies[before.id]
            constant = self.cards[self.source_cards[edge.id]]
            if constant.column % 2 and dummies and dummies[-1].column == constant.column:
                self.stacked.append((dummies[-1].id, constant.id))
            elif before.source == edge.source:
                pairs = zip(dummies, self.dummies[edge.id], strict=False)
                self.stacked += [(upper.id, lower.id) for upper, lower in pairs]


def columns_of(
    trace: Trace,
    ranks: Mapping[str, int],
    *,
    chips: bool = True,
    dials_below: bool = False,
    lanes: tuple[Lane, ...] = BOTH,
) -> Columns:
    """The vertices of a trace, each in its column.

    Parameters
    ----------
    ranks
        The rank of each card; a row begins after a number left out.
    chips
        Whether every edge keeps a place for its chips.
    dials_below
        Whether the dials of the seeds stand below their cards, where they take no width.
    lanes
        Which of the two lanes the cards have. Without values there are no constants either.
    """
    columns = Columns(chips, rows_by_column(ranks))
    for node in trace.nodes:
        if node.role == "constant" and "value" not in lanes:
            continue
        if node.id in ranks:
            add_node(columns, trace, node, ranks, lanes, dials_below)
        else:
            add_copies(columns, trace, node, ranks)
    load: dict[int, float] = {}
    for edge in trace.edges:
        if edge.id in columns.source_cards:
            columns.add_edge(edge, load)
    for node in trace.nodes:
        columns.stack_operands([e for e in trace.incoming(node) if e.id in columns.dummies])
    return columns


def add_node(
    columns: Columns,
    trace: Trace,
    node: Node,
    ranks: Mapping[str, int],
    lanes: tuple[Lane, ...],
    dials_below: bool,
) -> None:
    """The card of a node."""
    outgoing, row_of = list(trace.outgoing(node)), columns.row_of
    column = 2 * ranks[node.id]
    here = [e for e in outgoing if row_of[2 * ranks[e.target]] == row_of[column]]
    leaving = len(here) + (len(here) < len(outgoing))
    ports = max(leaving, sum(1 for _ in trace.incoming(node)))
    has_dial = node.id in trace.ys and "adjoint" in lanes
    below = DIAL if has_dial and (outgoing or dials_below) else 0
    columns.add_card(Card(node.id, node, card_size(trace, node, ports, lanes), column, below))
    columns.source_cards |= {edge.id: node.id for edge in outgoing}


def add_copies(columns: Columns, trace: Trace, node: Node, ranks: Mapping[str, int]) -> None:
    """A copy of a small constant beside each of its readers."""
    for copy, edge in enumerate(trace.outgoing(node), start=1):
        name = node.id if copy == 1 else f"{node.id}~{copy}"
        columns.add_card(Card(name, node, constant_size(node), 2 * ranks[edge.target] - 1))
        columns.source_cards[edge.id] = name


# Ranks and rows ---------------------------------------------------------------------------------


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


def broken_into_rows(
    trace: Trace, ranks: Mapping[str, int], starts: Sequence[int]
) -> dict[str, int]:
    """The ranks in rows that begin at the given ones; between two rows, a rank is left out.

    Every row begins with a column of its own for the leaves that are first read in it.
    """
    found: dict[str, int] = {}
    for node in trace.nodes:
        if node.id in ranks:
            is_leaf, rank = first_rank(trace, node, ranks)
            row = bisect.bisect_right(starts, rank) - 1
            first = starts[row] + 2 * row
            found[node.id] = first - 1 if is_leaf else first + rank - starts[row]
    return found


def first_rank(trace: Trace, node: Node, ranks: Mapping[str, int]) -> tuple[bool, int]:
    """Whether a node is a leaf, and its rank; of a leaf, the first rank in which it is read."""
    if any(trace.incoming(node)):
        return False, ranks[node.id]
    return True, min((ranks[edge.target] for edge in trace.outgoing(node)), default=1)


def row_starts(
    trace: Trace, ranks: Mapping[str, int], widths: Mapping[str, float], room: float
) -> list[int]:
    """The ranks at which rows of this width begin: as many columns in a row as fit."""
    wide: dict[int, float] = defaultdict(float)
    leaves: dict[int, float] = defaultdict(float)
    for node in trace.nodes:
        if node.id in ranks:
            is_leaf, rank = first_rank(trace, node, ranks)
            where = leaves if is_leaf else wide
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
