"""Where everything stands: a matter of the graph's structure alone.

The columns decide how far right a thing is, Graphviz (or our own layout) in which order it
stands below others. Labels, shapes and edges are read here, and not a single number: no value
ever moves a card.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nbgrad.picture import ordering
from nbgrad.picture.cards import BOTH, WIDEST, Lane
from nbgrad.picture.columns import (
    Card,
    Columns,
    broken,
    columns_of,
    ranks_of,
    rows_by_column,
    starts_of,
)
from nbgrad.picture.geometry import MARGIN, PAGE, Place
from nbgrad.picture.scene import Point
from nbgrad.trace.folding import CROWD
from nbgrad.trace.model import Edge, Trace

SEED = 48


"""What the dial of a seed takes to the right of an output."""


BESIDE = 27


"""Between the box of a small constant and the card that reads it: room for a stop's bar."""


CHIP_GAPS = (67, 96, 160)


PLAIN_GAPS = (36, 36, 110)


"""Between two columns of cards: the least, what is good, and the most."""


OUT = 62


"""Right of a row, for the stubs of edges that go on in another one."""


ARROW = 26


"""The least that an arrow takes beside the name it begins with."""


BETWEEN_ROWS = 26


@dataclass(frozen=True)
class Layout:
    """The places of all cards and the routes of all edges of one graph.

    Attributes
    ----------
    stubs
        For `n3.out`, where the stub of a card begins whose readers stand in other rows.
    crowded
        Whether there are so many cards that chips show for one edge at a time.
    seeds_below
        Whether the dials of the seeds stand below their cards.
    """

    width: float
    height: float
    places: Mapping[str, Place]
    routes: Mapping[str, Route]
    crowded: bool = False
    seeds_below: bool = False
    stubs: Mapping[str, Point] = field(default_factory=dict)


@dataclass(frozen=True)
class Frame:
    """What all parts of a picture share: the columns' places, and which row each is in."""

    ranks: Mapping[str, int]
    spans: Mapping[int, Span]
    row_of: Mapping[int, int]
    width: float
    dials_below: bool


def arrange(
    trace: Trace, parts: Sequence[tuple[Lane, ...]] = (BOTH,), *, every_chip: bool = False
) -> tuple[Layout, ...]:
    """Find a place for every card of a trace, and a route for every edge.

    Parameters
    ----------
    parts
        The lanes of the cards; for several parts the graph is drawn as often, one below the
        other in the same columns.
    every_chip
        Whether all chips have their place, also where there are many cards.
    """
    # Beyond that, chips show for one edge at a time, and need no place of their own.
    crowded = len(ranks_of(trace)) > CROWD and not every_chip
    frame = framed(trace, parts, chips=not crowded)
    columns = [part_columns(trace, frame, lanes, not crowded) for lanes in parts]
    first = columns[0]
    order = ordering.restacked(ordering.graphviz_order(first.items, first.links), first.stacked)
    raw = [ordering.settle(each.items, each.links, order) for each in columns]
    heights, bottom = rows_stacked(columns, raw, frame)
    return tuple(
        laid_out(trace, each, ys, frame, bottom, crowded)
        for each, ys in zip(columns, heights, strict=True)
    )


def part_columns(trace: Trace, frame: Frame, lanes: tuple[Lane, ...], chips: bool) -> Columns:
    """The columns of one part; chips belong to the reverse pass, so values alone have none."""
    with_chips = chips and "adjoint" in lanes
    return columns_of(
        trace, frame.ranks, chips=with_chips, dials_below=frame.dials_below, lanes=lanes
    )


def framed(trace: Trace, parts: Sequence[tuple[Lane, ...]], *, chips: bool) -> Frame:
    """Columns that fit on a page: with narrow gaps if they must, else broken into rows."""
    least, good, _ = gaps = CHIP_GAPS if chips else PLAIN_GAPS
    ranks = ranks_of(trace)
    # Only what reads values is as wide as its text; all parts have the same cards.
    roomy = columns_of(trace, ranks, chips=chips)
    if width_of(spans_of(roomy, ranks, good)) + SEED <= PAGE:
        return frame_of(roomy, ranks, gaps, SEED)
    one_row = columns_of(trace, ranks, chips=chips, dials_below=True)
    if width_of(spans_of(one_row, ranks, least)) <= PAGE:
        return frame_of(one_row, ranks, gaps, 0)
    widths = {card.id: card.size.width + least for card in one_row.cards.values()}
    for room in range(PAGE - 2 * MARGIN - OUT, 0, -45):
        now = broken(trace, ranks, starts_of(trace, ranks, widths, room))
        columns = columns_of(trace, now, chips=chips, dials_below=True)
        if width_of(spans_of(columns, now, least)) <= PAGE or room <= max(widths.values()):
            return frame_of(columns, now, gaps, 0)
    return frame_of(one_row, ranks, gaps, 0)


def frame_of(
    columns: Columns, ranks: Mapping[str, int], gaps: tuple[int, int, int], seed: float
) -> Frame:
    """The columns with their gaps as wide as the page has room for."""
    least, _, most = gaps
    rows = rows_by_column(ranks)
    tries = (spans_of(columns, ranks, gap) for gap in range(most, least, -2))
    fitting = (spans for spans in tries if width_of(spans) + seed <= PAGE)
    spans = next(fitting, None) or spans_of(columns, ranks, least)
    return Frame(ranks, spans, rows, width_of(spans) + seed, dials_below=not seed)


def width_of(spans: Mapping[int, Span]) -> float:
    """The width of the widest row."""
    return max(right for _, right in spans.values()) + MARGIN


def spans_of(columns: Columns, ranks: Mapping[str, int], gap: float) -> dict[int, Span]:
    """The left and the right end of each column; every row begins at the left margin."""
    widths: dict[int, float] = {}
    for card in columns.cards.values():
        widths[card.column] = max(widths.get(card.column, 0), card.size.width)
    names: dict[int, float] = {}
    for column, width in columns.stubs.values():
        names[column] = max(names.get(column, 0), width)
    rows = rows_by_column(ranks)
    spans: dict[int, Span] = {}
    ends: dict[int, float] = {}
    for column in sorted(rows):
        x = ends.get(rows[column], float(MARGIN))
        width = widths.get(column, 0.0)
        if column % 2:
            inner = column - 1 in spans and rows.get(column + 2) == rows[column]
            beside = width + BESIDE + 3 if width else 0
            entry = names[column] + max(ARROW, gap - ARROW) if names.get(column) else 0
            leaving = OUT if column in names and not names[column] else 0
            width = max(gap if inner else 0, beside, entry, leaving)
        spans[column] = (x, x + width)
        ends[rows[column]] = x + width
    return spans


def rows_stacked(
    parts: Sequence[Columns], raw: Sequence[Mapping[str, float]], frame: Frame
) -> tuple[list[dict[str, float]], float]:
    """The heights of all items, the rows of all parts one below the other; and the lowest end."""
    found: list[dict[str, float]] = [{} for _ in parts]
    y = float(MARGIN)
    for row in sorted({*frame.row_of.values()}):
        for ys, columns, heights in zip(found, parts, raw, strict=True):
            here = [item for item in columns.items if frame.row_of[item.column] == row]
            if here:
                top = min(heights[item.id] - item.half for item in here)
                ys |= {item.id: round(heights[item.id] - top + y) for item in here}
                y = max(ys[item.id] + item.half for item in here) + BETWEEN_ROWS
    return found, y - BETWEEN_ROWS + MARGIN


def laid_out(
    trace: Trace,
    columns: Columns,
    ys: Mapping[str, float],
    frame: Frame,
    bottom: float,
    crowded: bool,
) -> Layout:
    """Places and routes, once all heights are known."""
    spans = frame.spans
    places = {card.id: put(card, spans, ys[card.id]) for card in columns.cards.values()}
    leaving, entering = ports(trace, columns, places, ys)
    routes = {}
    for edge in trace.edges:
        if edge.id not in columns.ways:
            continue
        target = places[edge.target]
        if edge.id in columns.stubs:
            column, name = columns.stubs[edge.id]
            first = columns.ways[edge.id][0]
            start = (spans[column][0] + name, ys[first.id])
        else:
            source = places[columns.source_cards[edge.id]]
            start = (source.right, leaving[edge.id])
        ends = start, (target.x, entering[edge.id])
        routes[edge.id] = route(edge, columns, ends, spans, ys)
    outs = {key: place_of(key, places) for key in columns.stubs if key.endswith(".out")}
    stubs = {key: (place.right, leaving[key]) for key, place in outs.items()}
    return Layout(frame.width, bottom, places, routes, crowded, frame.dials_below, stubs)


def place_of(stub: str, places: Mapping[str, Place]) -> Place:
    """The card that a stub leaves."""
    return places[stub.removesuffix(".out")]


def put(card: Card, spans: Mapping[int, Span], port: float) -> Place:
    """A card as wide as its column, within reason; a small constant close to its reader."""
    left, right = spans[card.column]
    size = card.size
    if card.column % 2:
        x, width = right - size.width - BESIDE, size.width
    else:
        width = max(size.width, min(right - left, WIDEST))
        x = (left + right - width) / 2
    return Place(card.id, card.node.id, round(x), port - size.port, width, size.height, port)


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
