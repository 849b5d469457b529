"""The way of an edge from card to card, and where its two chips stand beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from nbgrad.render.placing.columns import Columns
from nbgrad.render.placing.place import Place
from nbgrad.render.scene.picture import Point
from nbgrad.tracing.model import Trace
from nbgrad.tracing.parts import Edge

PORTS = 23
"""How far apart two edges leave or enter a card, where the card is high enough."""

INSET = 11
"""How far from the corners of a card its outermost edges stay."""

Span = tuple[float, float]


@dataclass(frozen=True)
class Route:
    """The points of an edge's way, midway between its lanes, and the middles of its chips.

    `room` is how wide a chip may be.
    """

    id: str
    points: tuple[Point, ...]
    local: Point
    contribution: Point
    room: float


@dataclass(frozen=True)
class Arrangement:
    """How lanes and chips share a station: each one's distance from its middle."""

    lanes: float
    local: float
    contribution: float


SPLIT = Arrangement(0, -15.5, 16.5)
ARRANGEMENTS = (SPLIT, Arrangement(16, -17, -0.5), Arrangement(-16, 0.5, 17.5))
"""The lanes between the chips, below them, or above them."""

LOYALTY = 3
"""So many pixels straighter must a way be for its chips to stand on one side."""


def ports(
    trace: Trace, columns: Columns, places: Mapping[str, Place], ys: Mapping[str, float]
) -> tuple[dict[str, float], dict[str, float]]:
    """The heights at which edges leave and enter their cards: in the order in which they run."""
    leaving: dict[str, list[tuple[float, str]]] = defaultdict(list)
    entering: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for edge in trace.edges:
        if edge.id not in columns.ways:
            continue
        stops = stops_of(columns, edge)
        entering[edge.target].append((ys[stops[-2]], edge.id))
        if edge.id not in columns.stubs:
            leaving[stops[0]].append((ys[stops[1]], edge.id))
    for key in columns.stubs:
        if key.endswith(".out"):
            leaving[key.removesuffix(".out")].append((ys[key], key))
    return fanned(leaving, places), fanned(entering, places)


def stops_of(columns: Columns, edge: Edge) -> list[str]:
    """The ids of the card, the items and the card that an edge runs through."""
    way = [item.id for item in columns.ways[edge.id]]
    return [columns.source_cards[edge.id], *way, edge.target]


def fanned(
    ends: Mapping[str, list[tuple[float, str]]], places: Mapping[str, Place]
) -> dict[str, float]:
    """The edges at one side of each card, spread evenly around its port line."""
    found = {}
    for key, here in ends.items():
        place = places[key]
        top, bottom = place.y + INSET, place.bottom - INSET
        step = min(PORTS, (bottom - top) / max(1, len(here) - 1))
        half = step * (len(here) - 1) / 2
        middle = max(top + half, min(bottom - half, place.port))
        for number, (_, edge) in enumerate(sorted(here)):
            found[edge] = middle - half + number * step
    return found


def route(
    edge: Edge,
    columns: Columns,
    ends: tuple[Point, Point],
    spans: Mapping[int, Span],
    ys: Mapping[str, float],
) -> Route:
    """Out of a card, through the columns between, into another card."""
    station = columns.stations.get(edge.id)
    points = [ends[0]]
    at = None
    for item in columns.ways[edge.id]:
        left, right = spans[item.column]
        if item.column % 2 == 0:
            points += [(left, ys[item.id]), (right, ys[item.id])]
        elif item.id == station:
            at = len(points)
            points.append(((max(left, points[-1][0]) + right) / 2, ys[item.id]))
    points.append(ends[1])
    if at is None:
        middle = between(points[-2], points[-1])
        room = points[-1][0] - points[-2][0]
        return Route(edge.id, tuple(points), *chips(middle, SPLIT), room)
    middle = points[at]
    straight = between(points[at - 1], points[at + 1])[1] - middle[1]
    best = min(ARRANGEMENTS, key=lambda a: abs(a.lanes - straight) + LOYALTY * (a is not SPLIT))
    points[at] = (middle[0], middle[1] + best.lanes)
    room = points[at + 1][0] - points[at - 1][0]
    return Route(edge.id, tuple(points), *chips(middle, best), room)


def chips(middle: Point, how: Arrangement) -> tuple[Point, Point]:
    """Where the chips stand."""
    x, y = middle
    return (x, y + how.local), (x, y + how.contribution)


def between(a: Point, b: Point) -> Point:
    """The point half way."""
    return ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
