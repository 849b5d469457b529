"""The route of an edge: out of a card, through the columns between, into another card.

Edges leave and enter a card at ports, in the order in which they run, so that none cross in the
gap beside it. A route is the middle of two lines, value and gradient, which are curves `parallel`
to it; where its chips stand, it passes between them, below or above them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nbgrad.picture.columns import Columns
from nbgrad.picture.old_cards import Place
from nbgrad.picture.scene import Point
from nbgrad.trace.model import Edge, Trace

Span = tuple[float, float]
PORT_GAP = 23  # between two ports of a card, where the card is high enough
CORNER = 11  # from the corners of a card to its outermost ports


@dataclass(frozen=True)
class Route:
    """The points of an edge's way, midway between its lines, and the middles of its chips.

    `room` is how wide a chip may be.
    """

    id: str
    points: tuple[Point, ...]
    local: Point
    contribution: Point
    room: float


def routes_of(
    trace: Trace,
    columns: Columns,
    places: Mapping[str, Place],
    spans: Mapping[int, Span],
    ys: Mapping[str, float],
) -> tuple[dict[str, Route], dict[str, Point]]:
    """The route of every edge, and the exits: where edges to other rows leave their cards."""
    leaving, entering = ports(trace, columns, places, ys)
    routes = {}
    for edge in trace.edges:
        if edge.id not in columns.dummies:
            continue
        target = places[edge.target]
        if edge.id in columns.entries:
            column, name = columns.entries[edge.id]
            start = (spans[column][0] + name, ys[columns.dummies[edge.id][0].id])
        else:
            start = (places[columns.source_cards[edge.id]].right, leaving[edge.id])
        ends = start, (target.x, entering[edge.id])
        routes[edge.id] = route(edge, columns, ends, spans, ys)
    exits = {key: (places[source_of(key)].right, leaving[key]) for key in columns.exits}
    return routes, exits


def source_of(exit: str) -> str:
    """The node that `n3.out` belongs to."""
    return exit.removesuffix(".out")


# Ports ------------------------------------------------------------------------------------------


def ports(
    trace: Trace, columns: Columns, places: Mapping[str, Place], ys: Mapping[str, float]
) -> tuple[dict[str, float], dict[str, float]]:
    """The heights at which edges leave and enter their cards."""
    leaving: dict[str, list[tuple[float, str]]] = defaultdict(list)
    entering: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for edge in trace.edges:
        if edge.id not in columns.dummies:
            continue
        source = columns.source_cards[edge.id]
        vertices = [source, *(dummy.id for dummy in columns.dummies[edge.id]), edge.target]
        entering[edge.target].append((ys[vertices[-2]], edge.id))
        if edge.id not in columns.entries:
            leaving[source].append((ys[vertices[1]], edge.id))
    for key in columns.exits:
        leaving[source_of(key)].append((ys[key], key))
    return spread_evenly(leaving, places), spread_evenly(entering, places)


def spread_evenly(
    ends: Mapping[str, list[tuple[float, str]]], places: Mapping[str, Place]
) -> dict[str, float]:
    """The edges at one side of each card, spread evenly around its port line."""
    found = {}
    for key, here in ends.items():
        place = places[key]
        top, bottom = place.y + CORNER, place.bottom - CORNER
        step = min(PORT_GAP, (bottom - top) / max(1, len(here) - 1))
        half = step * (len(here) - 1) / 2
        middle = max(top + half, min(bottom - half, place.port))
        for number, (_, edge) in enumerate(sorted(here)):
            found[edge] = middle - half + number * step
    return found


# The way between --------------------------------------------------------------------------------


# How lines, upper and lower chip share the room of a vertex: each one's distance from its middle.
SPLIT = (0, -15.5, 16.5)  # the lines between the chips; else below or above them
ARRANGEMENTS = (SPLIT, (16, -17, -0.5), (-16, 0.5, 17.5))
SPLIT_BONUS = 3  # so many pixels straighter must a way be for its chips to stand on one side


def route(
    edge: Edge,
    columns: Columns,
    ends: tuple[Point, Point],
    spans: Mapping[int, Span],
    ys: Mapping[str, float],
) -> Route:
    """Straight through columns of cards, and past the edge's chips."""
    points = [ends[0]]
    at = None
    for dummy in columns.dummies[edge.id]:
        (left, right), y = spans[dummy.column], ys[dummy.id]
        if dummy.column % 2 == 0:
            points += [(left, y), (right, y)]
        elif dummy.id == columns.chip_vertices.get(edge.id):
            at = len(points)
            points.append(((max(left, points[-1][0]) + right) / 2, y))
    points.append(ends[1])
    best: tuple[float, float, float] = SPLIT
    if at is None:
        before, after = points[-2:]
        x, y = (before[0] + after[0]) / 2, (before[1] + after[1]) / 2
    else:
        before, (x, y), after = points[at - 1 : at + 2]
        straight = (before[1] + after[1]) / 2 - y
        best = min(
            ARRANGEMENTS, key=lambda a: abs(a[0] - straight) + SPLIT_BONUS * (a is not SPLIT)
        )
        points[at] = (x, y + best[0])
    _, local, contribution = best
    room = after[0] - before[0]
    return Route(edge.id, tuple(points), (x, y + local), (x, y + contribution), room)


# The curves of lines ----------------------------------------------------------------------------

APART = 4.5  # half the distance between the two lines of an edge
STEEP = 40  # a rise of so many pixels in one piece calls for the whole sideways correction


def parallel(points: Sequence[Point], side: float) -> tuple[Point, ...]:
    """A Bézier curve beside a route: above it for side −1, below it for 1, on it for 0."""
    slopes = gentle_slopes(points)
    curve = [(points[0][0], points[0][1] + side * APART)]
    for n, ((x0, y0), (x1, y1)) in enumerate(pairwise(points)):
        rise = y1 - y0
        # On a slope, lines that are only shifted down would come closer. Bending the lower one
        # earlier (when it runs down) or later (when it runs up) keeps them apart.
        bend = -side * APART * max(-1.0, min(1.0, rise / STEEP))
        reach = (x1 - x0) / 2
        curve += [
            (x0 + reach + bend, y0 + side * APART + slopes[n] * reach),
            (x1 - reach + bend, y1 + side * APART - slopes[n + 1] * reach),
            (x1, y1 + side * APART),
        ]
    return tuple((round(x, 1), round(y, 1)) for x, y in curve)


def gentle_slopes(points: Sequence[Point]) -> list[float]:
    """The slope at each point: level at the ends and where the route turns, never too steep."""
    rises = [(y1 - y0) / (x1 - x0) for (x0, y0), (x1, y1) in pairwise(points)]
    inner = [
        0.0 if before * after <= 0 else before * after / (before + after)
        for before, after in pairwise(rises)
    ]
    return [0.0, *inner, 0.0]
