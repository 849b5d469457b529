"""The overlay: both passes in one picture, the value of a card above its adjoint.

Values flow from left to right, from leaves to the ys; the main line is straight. A chain of
operations with one operand each stands as a **ladder**, rungs in a frame, so that it takes one
column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from math import inf
from typing import Any

from nbgrad.picture.cards import (
    CAPTION,
    RUNG,
    Card,
    card_group,
    halos,
    in_lines,
    upright,
    whole_widths,
)
from nbgrad.picture.cards.faces import Face, Lane
from nbgrad.picture.cards.maps import map_at
from nbgrad.picture.cards.roads import caption_text, glows, road_group, road_rules, upright_group
from nbgrad.picture.layouts.placing import Placement, place
from nbgrad.picture.layouts.units import (
    PITCH,
    SIDE,
    TOP,
    Tie,
    Unit,
    main_line,
    roads_of,
    rungs_of,
    sizes_of,
    units_of,
)
from nbgrad.picture.scene import (
    Box,
    Chip,
    Curve,
    Element,
    Group,
    Point,
    Rule,
    Rules,
    Scene,
    Shown,
    Text,
    straight,
)
from nbgrad.picture.template import Template
from nbgrad.picture.theme import SMALL, clipped
from nbgrad.trace.folding import Fold
from nbgrad.trace.model import Trace

MARGIN = 8.0  # around the picture: room for halos
RUNG_ROAD = 30.5  # from the left of a ladder's cards to the roads between them
HIGH = 430.0  # in a higher picture, parameters are attached to the main line alone
ENOUGH = 0.5  # of the room that bends wish for
MOST_RUNGS = 5, 7  # of a ladder; and where more ladders do not fit
TIE_INSET = 12.0  # from the side of a card to an upright road

LAYERS = ("frames", "lights", "roads", "cards", "captions")
Choice = tuple[dict[str, Unit], Placement]


def overlay(trace: Trace, width: float, ladders: Sequence[Fold] = ()) -> Template | None:
    """The picture of a trace within a width; None where its columns do not fit."""
    scalar = [f for f in ladders if not any(trace.node(key).shape for key in f.members)]
    found: list[Choice] = []
    for most in MOST_RUNGS if scalar else (0,):
        if not found:
            pieces = [part for fold in scalar for part in parts(trace, fold, most)]
            found = [*choices(trace, pieces, width)]
    if not found:
        return None
    costs = [cost_of(placed) + 0.02 * n for n, (_, placed) in enumerate(found)]
    return painted(*roomier(trace, *found[costs.index(min(costs))], width))


def choices(trace: Trace, ladders: Sequence[Fold], width: float) -> Iterator[Choice]:
    """Placements that fit, with ever smaller cards, until one reads well."""
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


def roomier(trace: Trace, units: dict[str, Unit], placed: Placement, width: float) -> Choice:
    """The units and their places, with wider cards where room is left for their operations."""
    for key, unit in units.items():
        for wish in whole_widths(unit.last) if unit.last.second else ():
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


def parts(trace: Trace, ladder: Fold, most: int) -> list[Fold]:
    """A ladder in several of at most so many rungs, none higher than a screen."""
    rungs = rungs_of(trace, ladder)
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


class Layers(dict[str, list[Element]]):
    """The elements of a picture by layer, from the lowest to the highest, and their rules."""

    def __init__(self, *names: str) -> None:
        super().__init__((name, []) for name in names)
        self.rules = Rules()

    def rule(self, key: str, form: str, of: str, **options: Any) -> None:
        """Say what an element shows."""
        self.rules.append(Rule(key, form, of, options))

    def shown(self, element: Shown, form: str, of: str, **options: Any) -> Shown:
        """An element, with its rule said."""
        return self.rules.shown(element, form, of, **options)

    def lane(
        self,
        key: str,
        lane: Lane,
        face: Face | None,
        right: float,
        middle: float,
        mark: float,
        room: float,
    ) -> Iterator[Element]:
        """The number of a node, and what stands for it: a dot that waits, a cause; or its map."""
        if face is not None:
            yield from map_at(self.rules, key, face, lane, right, middle)
            return
        look = "lane" if lane == "value" else "lane adjoint"
        yield Curve(f"{key}.{lane}.lane", upright(mark, middle - 7.5, middle + 7.5), look)
        number = Chip(f"{key}.{lane}", right, middle + 0.5, 17, "end")
        yield self.shown(number, lane, key, room=room)
        yield self.shown(number._replace(id=f"{number.id}.wait"), "waiting", key, lane=lane)
        if lane == "adjoint":
            cause = Text(f"{key}.cause", right - 16, middle + 5, anchor="end")
            yield self.shown(cause, "cause", key)

    def add_cards(self, cards: Sequence[Card], at: Mapping[str, Point]) -> None:
        """Add cards at their corners, with their lights."""
        for card in cards:
            corner = at[card.node.id]
            box = card.box(card.node.id, corner)
            self["lights"] += halos(self.rules, card.node.id, box)
            self["cards"].append(card_group(self.rules, card, corner))

    def add_road(self, key: str, stations: Sequence[Point]) -> None:
        """Add a road that runs from left to right."""
        self["lights"].append(glows(key, stations))
        self["roads"].append(road_group(key, stations))

    def add_upright(self, key: str, source: Point, target: Point, room: float | None) -> None:
        """Add a road between cards above each other."""
        self["lights"].append(Curve(f"{key}.glow", straight(source, target), "glow"))
        self["roads"].append(upright_group(key, source, target))
        self.rules += road_rules(key, room)

    def template(self, width: float, height: float) -> Template:
        """All of it, as a template."""
        layers = tuple(Group(name, tuple(elements)) for name, elements in self.items())
        return Template(Scene(width, height, Group("picture", layers)), tuple(self.rules))


def painted(units: Mapping[str, Unit], placed: Placement) -> Template:
    """The elements and rules of units and roads in their places."""
    units = in_order_of_roads(units, placed)
    at = corners_of_cards(units, placed)
    layers = Layers(*LAYERS)
    ways = {key: [moved(point) for point in way] for key, way in placed.stations.items()}
    for key, stations in ways.items():
        layers.add_road(key, stations)
    bends = [bend for way in ways.values() for bend in pairwise(way) if bend[0][1] != bend[1][1]]
    for unit in units.values():
        if unit.is_ladder:
            paint_ladder(layers, unit, moved(placed.corners[unit.id]), at)
        free = free_beside(unit.cards[0], at[unit.cards[0].node.id], bends)
        paint_captions(layers, unit, at, min(free, placed.width + 2 * MARGIN))
        for tie in unit.ties:
            layers.add_upright(tie.edge, *tie_ends(tie, unit.last, at), None)
    layers.add_cards([card for unit in units.values() for card in unit.all_cards], at)
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
        rows = sorted(unit.last.rows, key=lambda row: (row == "seed", placed.leaving.get(row, 0)))
        last = replace(unit.last, rows=tuple(rows))
        ordered[key] = replace(unit, cards=(*unit.cards[:-1], last))
    return ordered


def corners_of_cards(units: Mapping[str, Unit], placed: Placement) -> dict[str, Point]:
    """The upper left corner of every card."""
    at = {key: moved(corner) for key, corner in placed.corners.items()}
    for key, unit in units.items():
        if unit.is_ladder:
            x, y = at[key]
            for i, card in enumerate(unit.cards):
                at[card.node.id] = x + SIDE, y + TOP + PITCH * i
    return at


def paint_captions(layers: Layers, unit: Unit, at: Mapping[str, Point], right: float = inf) -> None:
    """The captions of the roads into a unit, none beyond `right`: above its card, and below it."""
    card = unit.cards[0]
    x, y = at[card.node.id]
    for i, edge in enumerate(unit.edges):
        beyond = 12 if card.face is None else 0
        room = card.width - 40 if unit.is_ladder else min(card.width + beyond, right - x - 4)
        place: Point | None = None
        if unit.is_layer:
            pass
        elif i == 0 and not unit.over:
            place = (x + (48 if unit.is_ladder else 3), y - 9)
        elif i == len(unit.edges) - 1 and not unit.under:
            place, room = (x + 3, y + card.height + 17), card.width - 30 if card.is_y else room
        if place is not None:
            layers["captions"].append(caption_text(edge.id, place))
        layers.rules += road_rules(edge.id, None if place is None else room)


def tie_ends(tie: Tie, reader: Card, at: Mapping[str, Point]) -> tuple[Point, Point]:
    """Where the upright road of an attached card begins and ends."""
    (x, y), (left, top) = at[tie.card.node.id], at[reader.node.id]
    ends = max(x, left) + TIE_INSET, min(x + tie.card.width, left + reader.width) - TIE_INSET
    middle = left + reader.width / 2
    if not ends[0] <= middle <= ends[1]:
        middle = sum(ends) / 2
    if y < top:
        return (middle, y + tie.card.height), (middle, top)
    return (middle, y), (middle, top + reader.height)


def paint_ladder(layers: Layers, unit: Unit, corner: Point, at: Mapping[str, Point]) -> None:
    """The frame of a ladder with its title, and the roads between its rungs with their captions."""
    (x, y), box = corner, unit.box
    title = clipped(unit.title, SMALL, box.width - 20)
    layers["frames"] += [
        Box(f"{unit.id}.frame", x, y, box.width, box.height, 10, "ladder"),
        Text(f"{unit.id}.title", x + 10, y + 17, title, "text quiet-text"),
    ]
    for edge, (lower, upper) in zip(unit.rungs, pairwise(unit.cards), strict=True):
        x, y = at[upper.node.id]
        source = x + RUNG_ROAD, at[lower.node.id][1] + lower.height
        layers.add_upright(edge, source, (x + RUNG_ROAD, y), RUNG - 40)
        caption = caption_text(edge, (x + 48, y - (PITCH - 44) / 2 + 4.5))
        layers["captions"].append(caption)
