"""The overlay: both passes in one picture, the value of a card above its adjoint.

Values flow from left to right, from leaves to the ys; the main line is straight. A chain of
operations with one operand each stands as a **ladder**, rungs in a frame, so that it takes one
column.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from nbgrad.picture.cards import (
    CAPTION,
    DIAL,
    LEAF,
    LEAF_NARROW,
    OPERATION,
    RUNG,
    Card,
    card_group,
    card_rules,
    halos,
    header_width,
    label_rules,
    leaf_width,
    rows_of,
)
from nbgrad.picture.placing import Box, Placement, Port, Road, place
from nbgrad.picture.roads import caption, glows, road_group, road_rules, upright_group
from nbgrad.picture.scene import Box as Frame
from nbgrad.picture.scene import Element, Group, Point, Scene, Text
from nbgrad.picture.style import Rule
from nbgrad.picture.template import Template
from nbgrad.picture.text_width import clipped
from nbgrad.picture.theme import SMALL
from nbgrad.trace.folding import Fold, is_absorbed
from nbgrad.trace.model import Edge, Node, Trace

MARGIN = 8.0  # around the picture: room for halos
NARROW = 760.0  # below this width cards are smaller
WIDEST = (190.0, 160.0, 130.0, OPERATION, LEAF_NARROW)  # what a long expression may stretch a card to
PITCH, TOP, SIDE = 74.0, 44.0, 10.0  # of a ladder: between rungs, above the first, beside them


@dataclass(frozen=True)
class Unit:
    """What is placed as one: a card, or a ladder of several."""

    id: str
    cards: tuple[Card, ...]
    title: str = ""

    @property
    def is_ladder(self) -> bool:
        return len(self.cards) > 1

    @property
    def last(self) -> Card:
        return self.cards[-1]

    @property
    def box(self) -> Box:
        """Its size, its ports, and the strips that belong to it."""
        card = self.last
        if self.is_ladder:
            rise = TOP + PITCH * (len(self.cards) - 1)
            height = rise + card.height + (DIAL - 8 if card.is_y else 0) + SIDE
            outs = tuple(rise + out for out in card.outs)
            return Box(self.id, 2 * SIDE + card.width + card.tray, height, 8, 8, outs, SIDE)
        above = CAPTION + 2 if card.kind == "tall" else 16
        below = DIAL if card.is_y else above
        over = max(0.0, 9.5 - min(card.outs))
        under = max(0.0, max(card.outs) + 9.5 - card.height)
        size = card.width + card.tray, card.height
        return Box(self.id, *size, max(above, over + 4), max(below, under + 4), card.outs)

    def port(self, i: int) -> float:
        """The height at which operand i comes in."""
        return TOP + self.cards[0].seam if self.is_ladder else self.last.ins[i]


def overlay(trace: Trace, width: float, ladders: Sequence[Fold] = ()) -> Template | None:
    """The picture of a trace within a width; None where its columns do not fit."""
    for widest in WIDEST:
        units = units_of(trace, ladders, width, widest)
        roads = roads_of(trace, units)
        boxes = [unit.box for unit in units.values()]
        placed = place(boxes, roads, main_line(trace, units), width - 2 * MARGIN)
        if placed is not None:
            return painted(trace, units, roads, placed)
    return None


# What is placed ---------------------------------------------------------------------------------


def units_of(trace: Trace, ladders: Sequence[Fold], width: float, widest: float) -> dict[str, Unit]:
    """The units by id, in the order of the formula."""
    of_ladder = {key: fold for fold in ladders for key in fold.members}
    units: dict[str, Unit] = {}
    for node in formula_order(trace):
        fold = of_ladder.get(node.id)
        if fold is not None and node.id != fold.exit:
            continue
        if fold is None:
            cards: tuple[Card, ...] = (card_of(trace, node, width, widest),)
        else:
            rungs = [n for n in trace.nodes if n.id in fold.members and not is_absorbed(trace, n)]
            cards = tuple(rung_of(trace, rung, fold.exit) for rung in rungs)
        units[node.id] = Unit(node.id, cards, "" if fold is None else fold.title)
    return units


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


def card_of(trace: Trace, node: Node, width: float, widest: float) -> Card:
    """The card of a node, as wide as its header wishes."""
    operands = shown_edges(trace, trace.incoming(node))
    rows = rows_of(trace, node, [edge.id for edge in trace.outgoing(node)])
    is_y = node.id in trace.ys
    if operands:
        wish = header_width(node) + (4 if is_y else 0)
        least = OPERATION if width >= NARROW else LEAF_NARROW
        return Card(node, "tall", max(least, min(wish, widest)), rows, len(operands), is_y)
    least = LEAF if width >= NARROW else LEAF_NARROW
    return Card(node, "flat", max(least, min(leaf_width(node), widest)), rows, 0, is_y)


def rung_of(trace: Trace, node: Node, last: str) -> Card:
    """The card of an operation in a ladder."""
    edges = [edge.id for edge in trace.outgoing(node)]
    rows = rows_of(trace, node, edges) if node.id == last else ()
    return Card(node, "flat", RUNG, rows, 1, node.id in trace.ys)


def shown_edges(trace: Trace, edges: Sequence[Edge]) -> list[Edge]:
    """The edges that are roads: not those from constants in an expression."""
    return [edge for edge in edges if not is_absorbed(trace, trace.node(edge.source))]


def roads_of(trace: Trace, units: Mapping[str, Unit]) -> list[Road]:
    """The roads between units."""
    roads = []
    for unit in units.values():
        edges = shown_edges(trace, trace.incoming(unit.cards[0].node))
        for i, edge in enumerate(edges):
            roads.append(Road(edge.id, Port(edge.source, 0), Port(unit.id, unit.port(i))))
    return roads


def main_line(trace: Trace, units: Mapping[str, Unit]) -> list[str]:
    """The ids along the longest way to the first y, which is drawn straight."""
    if not trace.ys:
        return []
    depth: dict[str, int] = {}
    before: dict[str, str] = {}
    for unit in units.values():
        edges = shown_edges(trace, trace.incoming(unit.cards[0].node))
        best = max(edges, key=lambda edge: depth[edge.source], default=None)
        depth[unit.id] = 0 if best is None else 1 + depth[best.source]
        if best is not None:
            before[unit.id] = best.source
    line = [trace.ys[0]]
    while line[-1] in before:
        line.append(before[line[-1]])
    return line[::-1]


# Painting ---------------------------------------------------------------------------------------


def painted(
    trace: Trace, units: Mapping[str, Unit], roads: Sequence[Road], placed: Placement
) -> Template:
    """The elements and rules of units and roads in their places."""
    units = in_order_of_roads(units, placed)
    at = corners_of_cards(units, placed)
    columns = sorted({round(x) for x, _ in placed.corners.values()})
    under: list[Element] = []
    lines: list[Element] = []
    over: list[Element] = []
    rules: list[Rule] = []
    for road in roads:
        stations = [moved(point) for point in placed.stations[road.id]]
        under.append(glows(road.id, stations))
        lines.append(road_group(road.id, stations))
    frames: list[Element] = []
    for unit in units.values():
        if unit.is_ladder:
            frames += ladder_frame(unit, moved(placed.corners[unit.id]))
            for lower, upper in pairwise(unit.cards):
                edge = shown_edges(trace, trace.incoming(upper.node))[0]
                lines.append(rung_road(edge.id, lower, upper, at))
                rules += road_rules(edge.id, RUNG - 40)
                x, y = at[upper.node.id]
                over.append(caption(edge.id, (x + 48, y - (PITCH - 44) / 2 + 4.5)))
        rules += captions_of(trace, unit, at, over)
        for card in unit.cards:
            under += halos(card, at[card.node.id])
            rules += card_rules(card)
    cards = [card for unit in units.values() for card in unit.cards]
    column = {
        card.node.id: columns.index(round(placed.corners[unit.id][0]))
        for unit in units.values()
        for card in unit.cards
    }
    rules += label_rules([(card, column[card.node.id]) for card in cards])
    layers = (
        Group("frames", tuple(frames)),
        Group("lights", tuple(under)),
        Group("roads", tuple(lines)),
        Group("cards", tuple(card_group(card, at[card.node.id]) for card in cards)),
        Group("captions", tuple(over)),
    )
    scene = Scene(placed.width + 2 * MARGIN, placed.height + 2 * MARGIN, Group("picture", layers))
    return Template(scene, tuple(rules))


def moved(point: Point) -> Point:
    """A point inside the margin."""
    return point[0] + MARGIN, point[1] + MARGIN


def in_order_of_roads(units: Mapping[str, Unit], placed: Placement) -> dict[str, Unit]:
    """The units, with the rows of every inbox in the order in which its roads leave."""
    ordered = {}
    for key, unit in units.items():
        edges = [row for row in unit.last.rows if row != "seed"]
        edges.sort(key=lambda row: placed.leaving.get(row, 0))
        rows = (*edges, *(row for row in unit.last.rows if row == "seed"))
        ordered[key] = replace(unit, cards=(*unit.cards[:-1], replace(unit.last, rows=rows)))
    return ordered


def corners_of_cards(units: Mapping[str, Unit], placed: Placement) -> dict[str, Point]:
    """The upper left corner of every card."""
    at = {}
    for unit in units.values():
        x, y = moved(placed.corners[unit.id])
        for i, card in enumerate(unit.cards):
            at[card.node.id] = (x + SIDE, y + TOP + PITCH * i) if unit.is_ladder else (x, y)
    return at


def captions_of(
    trace: Trace, unit: Unit, at: Mapping[str, Point], over: list[Element]
) -> Iterator[Rule]:
    """The captions of the roads into a unit: the first above its card, the last below."""
    card = unit.cards[0]
    x, y = at[card.node.id]
    edges = shown_edges(trace, trace.incoming(card.node))
    for i, edge in enumerate(edges):
        room: float | None = card.width + 12
        if i == 0:
            over.append(caption(edge.id, (x + (48 if unit.is_ladder else 3), y - 9)))
            room = card.width - 40 if unit.is_ladder else room
        elif i == len(edges) - 1:
            over.append(caption(edge.id, (x + 3, y + card.height + 17)))
            room = card.width - 30 if card.is_y else room
        else:
            room = None
        yield from road_rules(edge.id, room)


def ladder_frame(unit: Unit, corner: Point) -> Iterator[Element]:
    """The soft frame around a ladder, with its title."""
    box = unit.box
    yield Frame(f"{unit.id}.frame", *corner, box.width, box.height, 10, "ladder")
    title = clipped(unit.title, SMALL, box.width - 20)
    yield Text(f"{unit.id}.title", corner[0] + 10, corner[1] + 17, title, "text quiet-text")


def rung_road(key: str, lower: Card, upper: Card, at: Mapping[str, Point]) -> Group:
    """The road between two rungs of a ladder."""
    (x, y), (_, end) = at[lower.node.id], at[upper.node.id]
    return upright_group(key, (x + 30.5, y + lower.height), (x + 30.5, end))
