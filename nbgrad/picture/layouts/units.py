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

from nbgrad.picture.cards import (
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
from nbgrad.picture.cards.faces import data_of, faces_of
from nbgrad.picture.layouts.gaps import APART, OVERLAP
from nbgrad.picture.layouts.placing import Area, Port, Road, Side
from nbgrad.picture.theme import SMALL, text_width
from nbgrad.trace.folding import FOLD, Fold, is_absorbed
from nbgrad.trace.model import Edge, Node, Trace

NARROW = 760.0  # below this width cards are smaller
PITCH, TOP, SIDE = 74.0, 44.0, 10.0  # of a ladder: between rungs, above the first, beside them
MOST_BESIDE = 2  # so many cards are attached to one side of another; to a y, which has but one, 3
WIDEST_ARRAY = 140.0  # what an expression may stretch the card of an array to
PRODUCTS = ("MatMul", "BatchMatMul", "BatchMatMulV2", "Mul", "Conv2D", "Einsum", "Gather")


class Size(NamedTuple):
    """How large cards may be: what a long expression may stretch one to, and how dense arrays are.

    From 1 on, arrays that take a column have small cells and no numbers; from 2 on, those attached
    to others, too; from 3 on, the former have their adjoint below.
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


def sizes_of(trace: Trace) -> tuple[Size, ...]:
    """The sizes of cards to be tried, from large to small."""
    numbers = not any(node.shape for node in trace.nodes)
    return tuple(size for size in SIZES if not (numbers and size.dense))


class Tie(NamedTuple):
    """A card that is attached to its reader, and the edge between them."""

    edge: str
    card: Card


@dataclass(frozen=True)
class Unit:
    """What is placed as one: a card with what is attached to it, or a ladder of several."""

    id: str
    cards: tuple[Card, ...]
    edges: tuple[Edge, ...]  # those that come in at its left side
    title: str = ""
    is_layer: bool = False  # whether it stands for several operations on arrays, and has no formula
    rungs: tuple[str, ...] = ()  # the ids of the edges between the cards of a ladder
    over: tuple[Tie, ...] = ()  # the cards attached above
    under: tuple[Tie, ...] = ()  # and below

    @property
    def is_ladder(self) -> bool:
        return len(self.cards) > 1

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
        has_captions = self.edges and not self.is_layer
        above = CAPTION + 2 if has_captions else 8 if card.face else 16
        below = DIAL if card.is_y else above
        over, under = (
            tuple(Side(tie.card.node.id, tie.card.width, tie.card.height) for tie in ties)
            for ties in (self.over, self.under)
        )
        return Area(
            self.id,
            card.width + card.tray,
            card.height,
            max(above, max(0.0, 9.5 - min(card.outs)) + 4),
            max(below, max(0.0, max(card.outs) + 9.5 - card.height) + 4),
            card.outs,
            over=over,
            under=under,
            tray=card.tray,
            late=card.face is not None and not self.edges,
        )

    @property
    def ties(self) -> tuple[Tie, ...]:
        return self.over + self.under

    @property
    def all_cards(self) -> tuple[Card, ...]:
        return self.cards + tuple(tie.card for tie in self.ties)


class Cards:
    """The cards of a trace in a picture of a width; those `beside` others may be smaller."""

    def __init__(self, trace: Trace, width: float, size: Size, beside: Collection[str]) -> None:
        self.trace, self.narrow, self.widest = trace, width < NARROW, size.widest
        # Of those that take a column, only an operation's adjoint goes below.
        below = {
            node.id: 2 if size.dense > 2 and trace.incoming(node) else 1 for node in trace.nodes
        }
        dense = {
            key: int(size.dense > 1) if key in beside else min(size.dense, most)
            for key, most in below.items()
        }
        headers = {}
        for key, face in faces_of(trace, dense=dense).items():
            node = trace.node(key)
            widest = max(min(size.widest, WIDEST_ARRAY), name_width(node), face.width)
            headers[key] = array_header(node, widest - 8)
        self.faces = faces_of(trace, headers, dense=dense)
        self.data = data_of(trace) if self.faces else set()  # which never have a gradient

    def of(self, node: Node, ports: int) -> Card:
        """The card of a node with so many operands at its left side."""
        trace, is_y, is_data = self.trace, node.id in self.trace.ys, node.id in self.data
        rows = inbox_of(trace, node, [edge.id for edge in trace.outgoing(node)])
        inner = 4 if is_y else 0
        if (face := self.faces.get(node.id)) is not None:
            readers = {trace.node(edge.target).label for edge in trace.outgoing(node)}
            names = 15 + max((text_width(name, SMALL) for name in readers), default=0.0)
            if self.widest < LEAF_NARROW:
                names = 0.0  # where little room is left, they are clipped
            width = face.width + inner
            return in_lines(
                Card(node, "array", width, rows, ports, is_y, face, is_data, names=names)
            )
        tray = 52.0 if self.narrow else 0.0
        if trace.incoming(node):
            least, wish = OPERATION, header_width(node) + inner
        else:
            least, wish, ports = LEAF, leaf_width(node), 0
        width = max(LEAF_NARROW if self.narrow else least, min(wish, self.widest))
        if trace.incoming(node):
            return in_lines(Card(node, "tall", width, rows, ports, is_y, names=tray))
        return Card(node, "flat", width, rows, 0, is_y, is_data=is_data, names=tray)

    def unit(self, node: Node, beside: Collection[str], sides: Sequence[Sequence[Edge]]) -> Unit:
        """A card with what is attached to it: the edges of these two sides."""
        trace = self.trace
        edges = [e for e in shown_edges(trace, trace.incoming(node)) if e.source not in beside]
        over, under = (
            tuple(Tie(edge.id, self.of(trace.node(edge.source), 0)) for edge in side)
            for side in sides
        )
        card = self.of(node, len(edges))
        width = max(card.width, least_reader(over), least_reader(under))
        is_layer = node.op_type == FOLD and bool(self.faces)
        cards = (in_lines(replace(card, width=width)),)
        return Unit(node.id, cards, tuple(edges), is_layer=is_layer, over=over, under=under)

    def ladder(self, fold: Fold) -> Unit:
        """A ladder of several cards."""
        trace, cards, edges = self.trace, [], []
        for node in rungs_of(trace, fold):
            rows: tuple[str, ...] = ()
            if node.id == fold.exit:
                rows = inbox_of(trace, node, [edge.id for edge in trace.outgoing(node)])
            cards.append(Card(node, "flat", RUNG, rows, 1, node.id in trace.ys))
            edges.append(shown_edges(trace, trace.incoming(node)))
        rungs = tuple(each[0].id for each in edges[1:])
        return Unit(fold.exit, tuple(cards), tuple(edges[0]), fold.title, rungs=rungs)


def rungs_of(trace: Trace, ladder: Fold) -> list[Node]:
    """The nodes that have a card in a ladder."""
    members = (node for node in trace.nodes if node.id in ladder.members)
    return [node for node in members if not is_absorbed(trace, node)]


def least_reader(side: Sequence[Tie]) -> float:
    """The width of a reader that several attached cards can reach."""
    inner = sum(tie.card.width + APART for tie in side[1:-1])
    return 2 * OVERLAP + APART + inner if len(side) > 1 else 0.0


def units_of(
    trace: Trace,
    ladders: Sequence[Fold],
    width: float,
    size: Size,
    holding: Collection[str] | None = None,
) -> dict[str, Unit]:
    """The units by id, in the order of the formula; others may be attached to those `holding`."""
    of_ladder = {key: fold for fold in ladders for key in fold.members}
    sides: dict[str, tuple[list[Edge], list[Edge]]] = defaultdict(lambda: ([], []))
    for node in trace.nodes:
        if node.id not in of_ladder and (holding is None or node.id in holding):
            sides[node.id] = sides_of(trace, node)
    beside = {edge.source for pair in sides.values() for edges in pair for edge in edges}
    cards = Cards(trace, width, size, beside)
    units: dict[str, Unit] = {}
    for node in formula_order(trace):
        fold = of_ladder.get(node.id)
        if fold is None and node.id not in beside:
            units[node.id] = cards.unit(node, beside, sides[node.id])
        elif fold is not None and node.id == fold.exit:
            units[node.id] = cards.ladder(fold)
    return units


def formula_order(trace: Trace) -> list[Node]:
    """The nodes that have cards, operands first, as one reads them in the formula of the ys."""
    found: dict[str, Node] = {}
    waiting = [trace.node(key) for key in reversed(trace.ys)]
    while waiting:
        node = waiting.pop()
        operands = [trace.node(edge.source) for edge in shown_edges(trace, trace.incoming(node))]
        missing = [each for each in operands if each.id not in found]
        if node.id not in found and missing:
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
    roads = []
    for unit in units.values():
        for i, edge in enumerate(unit.edges):
            port = TOP + unit.cards[0].seam if unit.is_ladder else unit.last.ins[i]
            roads.append(Road(edge.id, Port(edge.source, 0), Port(unit.id, port)))
    return roads


def main_line(trace: Trace, units: Mapping[str, Unit]) -> list[str]:
    """The ids along the longest way to the first y, which is drawn straight; from data, if any."""
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
    line = [*trace.ys[:1]]
    while line and line[-1] in before:
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
        sides = (over, under) if stands_above(trace, edge, reader) else (under, over)
        if reader.id in trace.ys:  # its seed is below it
            allowed = [over] if len(over) < 3 else []
        else:
            allowed = [side for side in sides if len(side) < MOST_BESIDE]
        if allowed:
            allowed[0].append(edge)
    return over, under


def first_of(trace: Trace, edges: Sequence[Edge]) -> Edge:
    """The edge where the main line begins: from data, such as a batch or a first state."""
    arrays = [edge for edge in edges if trace.node(edge.source).shape] or edges
    data = [edge for edge in arrays if is_data(trace, trace.node(edge.source))]
    fixed = [edge for edge in data if trace.node(edge.source).role == "constant"]
    return [*fixed, *data, *arrays][0]


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
    is_factor = len(leaf.shape) > 1 if reader.op_type == FOLD else reader.op_type in PRODUCTS
    return is_factor and not is_data(trace, leaf)
