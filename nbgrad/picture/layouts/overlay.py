"""The overlay: both passes in one picture, the value of a card above its adjoint.

Values flow from left to right, from leaves to the ys; the main line is straight. A chain of
operations with one operand each stands as a **ladder**, rungs in a frame, so that it takes one
column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import inf

from nbgrad.picture.cards.card import (
    CAPTION,
    RUNG,
    Card,
    card_group,
    card_rules,
    halos,
    in_lines,
    label_rules,
    whole_widths,
)
from nbgrad.picture.cards.roads import caption_text, glows, road_group, road_rules, upright_group
from nbgrad.picture.layouts.boxes import Placement, Road
from nbgrad.picture.layouts.placing import place
from nbgrad.picture.layouts.units import (
    PITCH,
    SIDE,
    TOP,
    Tie,
    Unit,
    main_line,
    roads_of,
    sizes_of,
    units_of,
)
from nbgrad.picture.scene import Box as Frame
from nbgrad.picture.scene import Curve, Element, Group, Point, Rule, Scene, Text, straight
from nbgrad.picture.template import Template
from nbgrad.picture.theme import SMALL, clipped
from nbgrad.trace.folding import Fold, is_absorbed
from nbgrad.trace.model import Trace

MARGIN = 8.0  # around the picture: room for halos
RUNG_ROAD = 30.5  # from the left of a ladder's cards to the roads between them
HIGH = 430.0  # in a higher picture, parameters are attached to the main line alone
ENOUGH = 0.5  # of the room that bends wish for
MOST_RUNGS = 5, 7  # of a ladder; and where more ladders do not fit
TIE_INSET = 12.0  # from the side of a card to an upright road


def overlay(trace: Trace, width: float, ladders: Sequence[Fold] = ()) -> Template | None:
    """The picture of a trace within a width; None where its columns do not fit."""
    scalar = [fold for fold in ladders if is_scalar(trace, fold)]
    found: list[tuple[dict[str, Unit], Placement]] = []
    for most in MOST_RUNGS if scalar else (0,):
        if not found:
            pieces = [part for fold in scalar for part in parts(trace, fold, most)]
            found = [*choices(trace, pieces, width)]
    if not found:
        return None
    costs = [cost_of(placed) + 0.02 * n for n, (_, placed) in enumerate(found)]
    units, placed = roomier(trace, *found[costs.index(min(costs))], width)
    return painted(in_order_of_roads(units, placed), roads_of(units), placed)


def choices(
    trace: Trace, ladders: Sequence[Fold], width: float
) -> Iterator[tuple[dict[str, Unit], Placement]]:
    """Placements that fit, with ever smaller cards, until one reads well.

    Where one is too high, smaller maps may help, and to attach cards to the main line alone.
    """
    high: set[int] = set()
    for size in sizes_of(trace):
        if size.dense in high:
            continue
        units = units_of(trace, ladders, width, size)
        placed = placed_in(trace, units, width)
        if placed is None:
            continue
        yield units, placed
        if placed.height > HIGH and any(unit.ties for unit in units.values()):
            units = units_of(trace, ladders, width, size, main_line(trace, units))
            if (other := placed_in(trace, units, width)) is not None:
                yield units, other
                placed = min(placed, other, key=cost_of)
        if cost_of(placed) < 0.1:
            return
        if placed.share >= ENOUGH:
            high.add(size.dense)


def roomier(
    trace: Trace, units: dict[str, Unit], placed: Placement, width: float
) -> tuple[dict[str, Unit], Placement]:
    """The units and their places, with wider cards where room is left for their operations."""
    for key, unit in units.items():
        if not unit.last.second:
            continue
        for wish in whole_widths(unit.last):
            if wish > unit.last.width:
                card = in_lines(replace(unit.last, width=wish))
                wider = {**units, key: replace(unit, cards=(*unit.cards[:-1], card))}
                other = placed_in(trace, wider, width)
                if other is not None and cost_of(other) <= cost_of(placed) + 1e-6:
                    units, placed = wider, other
                    break
    return units, placed


def cost_of(placed: Placement) -> float:
    """How far a placement is from one that reads well: not high, with room for bends."""
    return max(0.0, placed.height - HIGH) / 100 + max(0.0, ENOUGH - placed.share)


def placed_in(trace: Trace, units: Mapping[str, Unit], width: float) -> Placement | None:
    """The places of units within a width."""
    boxes = [unit.box for unit in units.values()]
    return place(boxes, roads_of(units), main_line(trace, units), width - 2 * MARGIN)


def is_scalar(trace: Trace, fold: Fold) -> bool:
    return not any(trace.node(key).shape for key in fold.members)


def parts(trace: Trace, ladder: Fold, most: int) -> list[Fold]:
    """A ladder in several of at most so many rungs, none higher than a screen."""
    rungs = [
        node for node in trace.nodes if node.id in ladder.members and not is_absorbed(trace, node)
    ]
    if len(rungs) <= most:
        return [ladder]
    count = -(-len(rungs) // most)
    ends = [round(n * len(rungs) / count) for n in range(count + 1)]
    found = []
    for begin, end in pairwise(ends):
        ids = frozenset(node.id for node in rungs[begin:end])
        title = f"{rungs[begin].label} … {rungs[end - 1].label}"
        found.append(replace(ladder, members=ids, exit=rungs[end - 1].id, title=title))
    return found


# Painting ---------------------------------------------------------------------------------------


@dataclass
class Layers:
    """The elements of a picture from the lowest layer to the highest, and their rules."""

    frames: list[Element] = field(default_factory=list)
    lights: list[Element] = field(default_factory=list)
    roads: list[Element] = field(default_factory=list)
    cards: list[Element] = field(default_factory=list)
    captions: list[Element] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)

    def template(self, width: float, height: float) -> Template:
        """All of it, as a template."""
        names = ("frames", "lights", "roads", "cards", "captions")
        layers = tuple(Group(name, tuple(getattr(self, name))) for name in names)
        return Template(Scene(width, height, Group("picture", layers)), tuple(self.rules))


def painted(units: Mapping[str, Unit], roads: Sequence[Road], placed: Placement) -> Template:
    """The elements and rules of units and roads in their places."""
    at = corners_of_cards(units, placed)
    layers = Layers()
    ways = {road.id: [moved(point) for point in placed.stations[road.id]] for road in roads}
    for key, stations in ways.items():
        layers.lights.append(glows(key, stations))
        layers.roads.append(road_group(key, stations))
    bends = [bend for way in ways.values() for bend in pairwise(way) if bend[0][1] != bend[1][1]]
    cards = [card for unit in units.values() for card in unit.all_cards]
    for unit in units.values():
        if unit.is_ladder:
            paint_ladder(layers, unit, moved(placed.corners[unit.id]), at)
        free = free_beside(unit.cards[0], at[unit.cards[0].node.id], bends)
        paint_captions(layers, unit, at, min(free, placed.width + 2 * MARGIN))
        for tie in unit.ties:
            paint_tie(layers, tie, unit.last, at)
    for card in cards:
        layers.lights += halos(card, at[card.node.id])
        layers.cards.append(card_group(card, at[card.node.id]))
        layers.rules += card_rules(card)
    layers.rules += label_rules([(card, round(at[card.node.id][0])) for card in cards])
    return layers.template(placed.width + 2 * MARGIN, placed.height + 2 * MARGIN)


def free_beside(card: Card, corner: Point, bends: Iterable[tuple[Point, Point]]) -> float:
    """How far right of a card no road bends through the strips of its captions."""
    x, top = corner
    right, bottom = x + card.width, top + card.height
    found = inf
    for (x0, y0), (x1, y1) in bends:
        upper, lower = min(y0, y1), max(y0, y1)
        through = (upper < top and lower > top - CAPTION) or (
            upper < bottom + CAPTION and lower > bottom
        )
        if through and right - 1 <= x0 < right + CAPTION and abs(y1 - y0) > x1 - x0:
            found = min(found, x0 + 4)
    return found


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
        for tie in unit.ties:
            at[tie.card.node.id] = moved(placed.corners[tie.card.node.id])
    return at


def paint_captions(layers: Layers, unit: Unit, at: Mapping[str, Point], right: float = inf) -> None:
    """The captions of the roads into a unit: the first above its card, the last below.

    None reaches beyond `right`, the end of the picture.
    """
    card = unit.cards[0]
    x, y = at[card.node.id]
    above = (x + (48 if unit.is_ladder else 3), y - 9)
    below = (x + 3, y + card.height + 17)
    for i, edge in enumerate(unit.edges):
        beyond = 12 if card.face is None else 0
        room = card.width - 40 if unit.is_ladder else min(card.width + beyond, right - x - 4)
        place: Point | None = None
        if unit.is_layer:
            place = None
        elif i == 0 and not unit.over:
            place = above
        elif i == len(unit.edges) - 1 and not unit.under:
            place, room = below, card.width - 30 if card.is_y else room
        if place is not None:
            layers.captions.append(caption_text(edge.id, place))
        layers.rules += road_rules(edge.id, None if place is None else room)


def paint_tie(layers: Layers, tie: Tie, reader: Card, at: Mapping[str, Point]) -> None:
    """The upright road from an attached card to its reader."""
    source, target = tie_ends(tie, reader, at)
    layers.lights.append(Curve(f"{tie.edge}.glow", straight(source, target), "glow"))
    layers.roads.append(upright_group(tie.edge, source, target))
    layers.rules += road_rules(tie.edge, None)


def tie_ends(tie: Tie, reader: Card, at: Mapping[str, Point]) -> tuple[Point, Point]:
    """Where the upright road of an attached card begins and ends."""
    (x, y), (left, top) = at[tie.card.node.id], at[reader.node.id]
    ends = max(x, left) + TIE_INSET, min(x + tie.card.width, left + reader.width) - TIE_INSET
    middle = left + reader.width / 2
    if not ends[0] <= middle <= ends[1]:
        middle = sum(ends) / 2
    is_above = y < top
    source = middle, y + tie.card.height if is_above else y
    return source, (middle, top if is_above else top + reader.height)


def paint_ladder(layers: Layers, unit: Unit, corner: Point, at: Mapping[str, Point]) -> None:
    """The frame of a ladder, and the roads between its rungs with their captions."""
    layers.frames += ladder_frame(unit, corner)
    for edge, lower, upper in zip(unit.rungs, unit.cards, unit.cards[1:], strict=False):
        x, y = at[upper.node.id]
        source = x + RUNG_ROAD, at[lower.node.id][1] + lower.height
        target = x + RUNG_ROAD, y
        layers.lights.append(Curve(f"{edge}.glow", straight(source, target), "glow"))
        layers.roads.append(upright_group(edge, source, target))
        layers.rules += road_rules(edge, RUNG - 40)
        layers.captions.append(caption_text(edge, (x + 48, y - (PITCH - 44) / 2 + 4.5)))


def ladder_frame(unit: Unit, corner: Point) -> Iterator[Element]:
    """The soft frame around a ladder, with its title."""
    box = unit.box
    yield Frame(f"{unit.id}.frame", *corner, box.width, box.height, 10, "ladder")
    title = clipped(unit.title, SMALL, box.width - 20)
    yield Text(f"{unit.id}.title", corner[0] + 10, corner[1] + 17, title, "text quiet-text")
