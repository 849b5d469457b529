"""What an overlay places: cards, ladders of several, and what is attached to them.

In a graph of arrays the **main line**, from the data to the first y, is one straight row. A
parameter, or other leaf, that a single card reads stands beside that card: above it where it is a
factor, below it where it is a term, a label or other data. So it takes no column.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from nbgrad.picture.cards.card import (
    CAPTION,
    DIAL,
    LEAF,
    LEAF_NARROW,
    OPERATION,
    RUNG,
    Card,
    array_header,
    header_width,
    in_lines,
    inbox_of,
    leaf_width,
    name_width,
)
from nbgrad.picture.cards.faces import Face, data_of, faces_of
from nbgrad.picture.layouts.boxes import APART, Area, Port, Road, Side
from nbgrad.picture.layouts.gaps import OVERLAP
from nbgrad.picture.theme import SMALL, text_width
from nbgrad.trace.folding import FOLD, Fold, is_absorbed
from nbgrad.trace.model import Edge, Node, Trace

NARROW = 760.0  # below this width cards are smaller
PITCH, TOP, SIDE = 74.0, 44.0, 10.0  # of a ladder: between rungs, above the first, beside them
MOST_BESIDE = 2  # so many cards are attached to one side of another; to a y, which has but one, 3
WIDEST_ARRAY = 140.0  # what an expression may stretch the card of an array to
PRODUCTS = ("MatMul", "BatchMatMul", "BatchMatMulV2", "Mul", "Conv2D", "Einsum", "Gather")


class Size(NamedTuple):
    """How large cards may be.

    Attributes
    ----------
    widest
        What a long expression may stretch a card to; an array's may be narrower than a number's.
    dense
        Which arrays have small cells and no numbers: from 1 on, those that take a column; from 2
        on, those attached to others, too; from 3 on, the former have their adjoint below.
    """

    widest: float
    dense: int = 0


SIZES = tuple(
    Size(widest, dense)
    for widths, levels in (
        ((190.0, 160.0, 130.0), (0, 1)),
        ((160.0, 130.0), (2, 3)),
        ((OPERATION, LEAF_NARROW), (0, 1, 2, 3)),
        ((90.0, 70.0, 0.0), (2, 3)),
    )
    for dense in levels
    for widest in widths
)


class Tie(NamedTuple):
    """A card that is attached to its reader, and the edge between them."""

    edge: str
    card: Card


@dataclass(frozen=True)
class Unit:
    """What is placed as one: a card with what is attached to it, or a ladder of several.

    Attributes
    ----------
    edges
        Those that come in at its left side.
    is_layer
        Whether it stands for several operations on arrays.
    rungs
        The ids of the edges between the cards of a ladder.
    over, under
        The cards attached above and below.
    """

    id: str
    cards: tuple[Card, ...]
    edges: tuple[Edge, ...]
    title: str = ""
    is_layer: bool = False
    rungs: tuple[str, ...] = ()
    over: tuple[Tie, ...] = ()
    under: tuple[Tie, ...] = ()

    @property
    def is_ladder(self) -> bool:
        return len(self.cards) > 1

    @property
    def has_captions(self) -> bool:
        """Whether local derivatives stand above and below: not at a layer, which has no formula."""
        return bool(self.edges) and not self.is_layer

    @property
    def last(self) -> Card:
        return self.cards[-1]

    @property
    def box(self) -> Area:
        """Its size, its ports, and the strips that belong to it."""
        card = self.last
        if self.is_ladder:
            rise = TOP + PITCH * (len(self.cards) - 1)
            height = rise + card.height + (DIAL - 8 if card.is_y else 0) + SIDE
            outs = tuple(rise + out for out in card.outs)
            return Area(self.id, 2 * SIDE + card.width + card.tray, height, 8, 8, outs, SIDE)
        above = CAPTION + 2 if self.has_captions else 8 if card.face else 16
        below = DIAL if card.is_y else above
        over = max(0.0, 9.5 - min(card.outs))
        under = max(0.0, max(card.outs) + 9.5 - card.height)
        size = card.width + card.tray, card.height
        box = Area(self.id, *size, max(above, over + 4), max(below, under + 4), card.outs)
        sides = [
            tuple(Side(tie.card.node.id, tie.card.width, tie.card.height) for tie in ties)
            for ties in (self.over, self.under)
        ]
        late = card.face is not None and not self.edges
        return replace(box, over=sides[0], under=sides[1], tray=card.tray, late=late)

    def port(self, i: int) -> float:
        """The height at which operand i comes in."""
        return TOP + self.cards[0].seam if self.is_ladder else self.last.ins[i]

    @property
    def ties(self) -> tuple[Tie, ...]:
        return self.over + self.under

    @property
    def all_cards(self) -> tuple[Card, ...]:
        return self.cards + tuple(tie.card for tie in self.ties)


@dataclass(frozen=True)
class Cards:
    """How large the cards of a trace are.

    Attributes
    ----------
    narrow
        Whether they are for a narrow picture.
    widest
        What a long expression may stretch a card to.
    faces
        Of the arrays.
    data
        The ids of what never has a gradient, in a graph of arrays.
    """

    trace: Trace
    narrow: bool
    widest: float
    faces: Mapping[str, Face]
    data: Collection[str] = ()

    def of(self, node: Node, ports: int) -> Card:
        """The card of a node with so many operands at its left side."""
        trace, is_y = self.trace, node.id in self.trace.ys
        rows = inbox_of(trace, node, [edge.id for edge in trace.outgoing(node)])
        inner = 4 if is_y else 0
        is_data = node.id in self.data
        if node.id in self.faces:
            face = self.faces[node.id]
            width = face.width + inner
            readers = {trace.node(edge.target).label for edge in trace.outgoing(node)}
            names = 15 + max((text_width(name, SMALL) for name in readers), default=0.0)
            if self.widest < LEAF_NARROW:
                names = 0.0  # where little room is left, they are clipped
            card = Card(node, "array", width, rows, ports, is_y, face, is_data, names=names)
            return in_lines(card)
        tray = 52.0 if self.narrow else 0.0
        if trace.incoming(node):
            least = LEAF_NARROW if self.narrow else OPERATION
            wish = header_width(node) + inner
            width = max(least, min(wish, self.widest))
            tall = Card(node, "tall", width, rows, ports, is_y, names=tray)
            return in_lines(tall)
        least = LEAF_NARROW if self.narrow else LEAF
        width = max(least, min(leaf_width(node), self.widest))
        return Card(node, "flat", width, rows, 0, is_y, is_data=is_data, names=tray)

    def rung(self, node: Node, last: str) -> Card:
        """The card of an operation in a ladder."""
        edges = [edge.id for edge in self.trace.outgoing(node)]
        rows = inbox_of(self.trace, node, edges) if node.id == last else ()
        return Card(node, "flat", RUNG, rows, 1, node.id in self.trace.ys)


def sizes_of(trace: Trace) -> tuple[Size, ...]:
    """The sizes of cards to be tried, from large to small."""
    numbers = not any(node.shape for node in trace.nodes)
    return tuple(size for size in SIZES if not (numbers and size.dense))


def cards_of(trace: Trace, width: float, size: Size, beside: Collection[str]) -> Cards:
    """The sizes of cards in a picture of a width."""
    widest = size.widest
    dense = {
        node.id: int(size.dense > 1) if node.id in beside else dense_level(trace, node, size)
        for node in trace.nodes
    }
    own = faces_of(trace, dense=dense)
    headers = {
        key: array_header(
            trace.node(key),
            max(min(widest, WIDEST_ARRAY), name_width(trace.node(key)), face.width) - 8,
        )
        for key, face in own.items()
    }
    faces = faces_of(trace, headers, dense=dense)
    return Cards(trace, width < NARROW, widest, faces, data_of(trace) if faces else ())


def least_reader(side: Sequence[Tie]) -> float:
    """The width of a reader that several attached cards can reach."""
    inner = sum(tie.card.width + APART for tie in side[1:-1])
    return 2 * OVERLAP + APART + inner if len(side) > 1 else 0.0


def dense_level(trace: Trace, node: Node, size: Size) -> int:
    """How dense an array is that takes a column: only an operation's adjoint goes below."""
    return min(size.dense, 2 if size.dense > 2 and trace.incoming(node) else 1)


def units_of(
    trace: Trace,
    ladders: Sequence[Fold],
    width: float,
    size: Size,
    holding: Collection[str] | None = None,
) -> dict[str, Unit]:
    """The units by id, in the order of the formula.

    `holding` are the ids of those that others may be attached to; None for all.
    """
    of_ladder = {key: fold for fold in ladders for key in fold.members}
    sides: dict[str, tuple[list[Edge], list[Edge]]] = defaultdict(lambda: ([], []))
    for node in trace.nodes:
        if node.id not in of_ladder and (holding is None or node.id in holding):
            sides[node.id] = sides_of(trace, node)
    beside = {edge.source for pair in sides.values() for edges in pair for edge in edges}
    cards = cards_of(trace, width, size, beside)
    units: dict[str, Unit] = {}
    for node in formula_order(trace):
        fold = of_ladder.get(node.id)
        if fold is None and node.id not in beside:
            units[node.id] = card_unit(cards, node, beside, sides[node.id])
        elif fold is not None and node.id == fold.exit:
            units[node.id] = ladder_unit(cards, fold)
    return units


def card_unit(
    cards: Cards, node: Node, beside: Collection[str], sides: Sequence[Sequence[Edge]]
) -> Unit:
    """A card with what is attached to it: the edges of these two sides."""
    trace = cards.trace
    edges = [e for e in shown_edges(trace, trace.incoming(node)) if e.source not in beside]
    over, under = (
        tuple(Tie(edge.id, cards.of(trace.node(edge.source), 0)) for edge in side) for side in sides
    )
    card = cards.of(node, len(edges))
    width = max(card.width, least_reader(over), least_reader(under))
    card = in_lines(replace(card, width=width))
    is_layer = node.op_type == FOLD and bool(cards.faces)
    return Unit(node.id, (card,), tuple(edges), is_layer=is_layer, over=over, under=under)


def ladder_unit(cards: Cards, fold: Fold) -> Unit:
    """A ladder of several cards."""
    trace = cards.trace
    rungs = [n for n in trace.nodes if n.id in fold.members and not is_absorbed(trace, n)]
    edges = shown_edges(trace, trace.incoming(rungs[0]))
    ladder = tuple(cards.rung(rung, fold.exit) for rung in rungs)
    between = tuple(shown_edges(trace, trace.incoming(rung))[0].id for rung in rungs[1:])
    return Unit(fold.exit, ladder, tuple(edges), fold.title, rungs=between)


def formula_order(trace: Trace) -> list[Node]:
    """The nodes that have cards, operands first, as one reads them in the formula of the ys."""
    found: dict[str, Node] = {}
    waiting = [trace.node(key) for key in reversed(trace.ys)]
    while waiting:
        node = waiting.pop()
        missing = [
            trace.node(edge.source)
            for edge in trace.incoming(node)
            if edge.source not in found and not is_absorbed(trace, trace.node(edge.source))
        ]
        if node.id in found:
            continue
        if missing:
            waiting += [node, *reversed(missing)]
        else:
            found[node.id] = node
    rest = (n for n in trace.nodes if n.id not in found and not is_absorbed(trace, n))
    return [*found.values(), *rest]


def shown_edges(trace: Trace, edges: Sequence[Edge]) -> list[Edge]:
    """The edges that are roads: not those from constants in an expression."""
    return [edge for edge in edges if not is_absorbed(trace, trace.node(edge.source))]


def roads_of(units: Mapping[str, Unit]) -> list[Road]:
    """The roads between units."""
    return [
        Road(edge.id, Port(edge.source, 0), Port(unit.id, unit.port(i)))
        for unit in units.values()
        for i, edge in enumerate(unit.edges)
    ]


def main_line(trace: Trace, units: Mapping[str, Unit]) -> list[str]:
    """The ids along the longest way to the first y, which is drawn straight; from data, if any."""
    if not trace.ys:
        return []
    depth: dict[str, tuple[int, bool]] = {}
    before: dict[str, str] = {}
    for unit in units.values():
        best = max(unit.edges, key=lambda edge: depth[edge.source], default=None)
        if best is None:
            depth[unit.id] = (0, is_data(trace, unit.last.node))
        else:
            length, from_data = depth[best.source]
            depth[unit.id] = (length + 1, from_data)
            before[unit.id] = best.source
    line = [trace.ys[0]]
    while line[-1] in before:
        line.append(before[line[-1]])
    return line[::-1]


# What is attached -------------------------------------------------------------------------------


def sides_of(trace: Trace, reader: Node) -> tuple[list[Edge], list[Edge]]:
    """The edges from leaves that stand above and below their reader."""
    edges = shown_edges(trace, trace.incoming(reader))
    found = [edge for edge in edges if is_attachable(trace, edge, reader)]
    beside = (trace.node(edge.source) for edge in edges if edge not in found)
    if found and not any(trace.incoming(node) or is_data(trace, node) for node in beside):
        found.remove(first_of(trace, found))
    over: list[Edge] = []
    under: list[Edge] = []
    for edge in found:
        first = over if stands_above(trace, edge, reader) else under
        second = under if first is over else over
        if reader.id in trace.ys:
            allowed = [over] if len(over) < 3 else []
        else:
            allowed = [side for side in (first, second) if len(side) < MOST_BESIDE]
        if allowed:
            allowed[0].append(edge)
    return over, under


def first_of(trace: Trace, edges: Sequence[Edge]) -> Edge:
    """The edge where the main line begins: from data, such as a batch or a first state."""
    arrays = [edge for edge in edges if trace.node(edge.source).shape] or edges
    data = [edge for edge in arrays if is_data(trace, trace.node(edge.source))]
    fixed = [edge for edge in data if trace.node(edge.source).role == "constant"]
    return next(iter([*fixed, *data, *arrays]))


def is_attachable(trace: Trace, edge: Edge, reader: Node) -> bool:
    """Whether an operand may stand beside its reader: a leaf that nothing else reads."""
    leaf = trace.node(edge.source)
    alone = len(trace.outgoing(leaf)) == 1 and not trace.incoming(leaf)
    return alone and bool(leaf.shape or reader.shape) and leaf.id not in trace.ys


def is_data(trace: Trace, node: Node) -> bool:
    """Whether a node is a leaf without a gradient."""
    return not trace.incoming(node) and not (node.requested and node.adjoint.state != "none")


def stands_above(trace: Trace, edge: Edge, reader: Node) -> bool:
    """Whether an attached operand stands above its reader, as a factor does."""
    leaf = trace.node(edge.source)
    if reader.op_type == FOLD:
        return len(leaf.shape) > 1 and not is_data(trace, leaf)
    return reader.op_type in PRODUCTS and not is_data(trace, leaf)
