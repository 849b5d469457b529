"""The places of all cards and the routes of all edges: a matter of the graph's structure alone.

The columns decide how far right a card stands, their order how far down; where one row of columns
is too wide for a page, there are several. Labels, shapes and edges are read here, and not a
single number: no value ever moves a card.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nbgrad.picture import ordering
from nbgrad.picture.columns import Card, Columns, broken_into_rows, columns_of, ranks_of, row_starts
from nbgrad.picture.old_cards import BOTH, WIDEST, Lane, Place
from nbgrad.picture.routes import Route, Span, routes_of
from nbgrad.picture.scene import Point
from nbgrad.trace.folding import CROWD
from nbgrad.trace.model import Trace

PAGE, MARGIN = 880, 9  # no picture is wider, if possible: a notebook's cell on a laptop
DIAL = 48  # the width of a seed's dial, right of an output
BESIDE = 27  # from a small constant to the card that reads it: room for a stop's bar
CHIP_GAPS = (67, 96, 160)  # between two columns of cards: the least, a good one, and the most
PLAIN_GAPS = (36, 36, 110)  # the same where there are no chips
EXIT = 62  # right of a row, for the connectors of edges that go on in another one
ARROW = 26  # the least that an arrow takes beside the name it begins with
BETWEEN_ROWS = 26


@dataclass(frozen=True)
class Placement:
    """The places of all cards and the routes of all edges of one graph.

    Attributes
    ----------
    exits
        For `n3.out`, where the edges leave a card whose readers stand in other rows.
    crowded
        Whether there are so many cards that chips show for one edge at a time.
    seeds_below
        Whether the dials of the seeds stand below their cards.
    """

    width: float
    height: float
    places: Mapping[str, Place]
    routes: Mapping[str, Route]
    crowded: bool
    seeds_below: bool
    exits: Mapping[str, Point]


def placements_of(
    trace: Trace, parts: Sequence[tuple[Lane, ...]] = (BOTH,), *, every_chip: bool = False
) -> tuple[Placement, ...]:
    """A place for every card of a trace, and a route for every edge.

    Parameters
    ----------
    parts
        The lanes of the cards; for several parts the graph is placed as often, one below the
        other in the same columns.
    every_chip
        Whether all chips have their place, also where there are many cards.
    """
    # Beyond that, chips show for one edge at a time, and need no place of their own.
    crowded = len(ranks_of(trace)) > CROWD and not every_chip
    fit = fit_to_page(trace, chips=not crowded)
    columns = [
        columns_of(
            trace,
            fit.ranks,
            # Chips belong to the reverse pass, so values alone have none.
            chips=not crowded and "adjoint" in lanes,
            dials_below=fit.dials_below,
            lanes=lanes,
        )
        for lanes in parts
    ]
    first = columns[0]
    order = ordering.keep_stacked(ordering.order(first.vertices, first.links), first.stacked)
    raw = [ordering.heights_of(each.vertices, each.links, order) for each in columns]
    heights, bottom = stack_rows(columns, raw)
    return tuple(
        placement(trace, each, ys, fit, bottom, crowded)
        for each, ys in zip(columns, heights, strict=True)
    )


def placement(
    trace: Trace,
    columns: Columns,
    ys: Mapping[str, float],
    fit: Fit,
    bottom: float,
    crowded: bool,
) -> Placement:
    """Places and routes, once all heights are known."""
    spans = fit.spans
    places = {card.id: place_of(card, spans, ys[card.id]) for card in columns.cards.values()}
    routes, exits = routes_of(trace, columns, places, spans, ys)
    return Placement(fit.width, bottom, places, routes, crowded, fit.dials_below, exits)


def place_of(card: Card, spans: Mapping[int, Span], port: float) -> Place:
    """A card as wide as its column, within reason; a small constant close to its reader."""
    left, right = spans[card.column]
    size = card.size
    if card.column % 2:
        x, width = right - size.width - BESIDE, size.width
    else:
        width = max(size.width, min(right - left, WIDEST))
        x = (left + right - width) / 2
    return Place(card.id, card.node.id, round(x), port - size.port, width, size.height, port)


# Widths: columns that fit a page ----------------------------------------------------------------


@dataclass(frozen=True)
class Fit:
    """Ranks in rows, and the left and right end of each column."""

    ranks: Mapping[str, int]
    spans: Mapping[int, Span]
    width: float
    dials_below: bool


def fit_to_page(trace: Trace, *, chips: bool) -> Fit:
    """Columns that fit on a page: with narrow gaps if they must, else broken into rows."""
    least, good, _ = gaps = CHIP_GAPS if chips else PLAIN_GAPS
    ranks = ranks_of(trace)
    roomy = columns_of(trace, ranks, chips=chips)
    if width_of(spans_of(roomy, good)) + DIAL <= PAGE:
        return widest_fit(roomy, ranks, gaps, DIAL)
    one_row = columns_of(trace, ranks, chips=chips, dials_below=True)
    if width_of(spans_of(one_row, least)) <= PAGE:
        return widest_fit(one_row, ranks, gaps, 0)
    widths = {card.id: card.size.width + least for card in one_row.cards.values()}
    for room in range(PAGE - 2 * MARGIN - EXIT, 0, -45):
        now = broken_into_rows(trace, ranks, row_starts(trace, ranks, widths, room))
        columns = columns_of(trace, now, chips=chips, dials_below=True)
        if width_of(spans_of(columns, least)) <= PAGE or room <= max(widths.values()):
            return widest_fit(columns, now, gaps, 0)
    return widest_fit(one_row, ranks, gaps, 0)


def widest_fit(
    columns: Columns, ranks: Mapping[str, int], gaps: tuple[int, int, int], dial: float
) -> Fit:
    """The columns with their gaps as wide as the page has room for."""
    least, _, most = gaps
    tries = (spans_of(columns, gap) for gap in range(most, least, -2))
    fitting = (spans for spans in tries if width_of(spans) + dial <= PAGE)
    spans = next(fitting, None) or spans_of(columns, least)
    return Fit(ranks, spans, width_of(spans) + dial, dials_below=not dial)


def width_of(spans: Mapping[int, Span]) -> float:
    """The width of the widest row."""
    return max(right for _, right in spans.values()) + MARGIN


def spans_of(columns: Columns, gap: float) -> dict[int, Span]:
    """The left and the right end of each column; every row begins at the left margin."""
    widths: dict[int, float] = {}
    for card in columns.cards.values():
        widths[card.column] = max(widths.get(card.column, 0), card.size.width)
    names: dict[int, float] = {}
    for column, name in columns.entries.values():
        names[column] = max(names.get(column, 0), name)
    exits = {*columns.exits.values()}
    rows = columns.row_of
    spans: dict[int, Span] = {}
    ends: dict[int, float] = {}
    for column in sorted(rows):
        x = ends.get(rows[column], float(MARGIN))
        width = widths.get(column, 0.0)
        if column % 2:
            inner = column - 1 in spans and rows.get(column + 2) == rows[column]
            beside = width + BESIDE + 3 if width else 0
            entry = names[column] + max(ARROW, gap - ARROW) if column in names else 0
            leaving = EXIT if column in exits and column not in names else 0
            width = max(gap if inner else 0, beside, entry, leaving)
        spans[column] = (x, x + width)
        ends[rows[column]] = x + width
    return spans


# Heights: rows one below the other --------------------------------------------------------------


def stack_rows(
    parts: Sequence[Columns], raw: Sequence[Mapping[str, float]]
) -> tuple[list[dict[str, float]], float]:
    """The heights of all vertices, row by row and part by part; and the lowest end."""
    found: list[dict[str, float]] = [{} for _ in parts]
    row_of = parts[0].row_of
    y = float(MARGIN)
    for row in sorted({*row_of.values()}):
        for ys, columns, heights in zip(found, parts, raw, strict=True):
            here = [vertex for vertex in columns.vertices if row_of[vertex.column] == row]
            if here:
                top = min(heights[vertex.id] - vertex.half for vertex in here)
                ys |= {vertex.id: round(heights[vertex.id] - top + y) for vertex in here}
                y = max(ys[vertex.id] + vertex.half for vertex in here) + BETWEEN_ROWS
    return found, y - BETWEEN_ROWS + MARGIN
