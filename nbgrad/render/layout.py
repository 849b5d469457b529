"""Where everything stands: a matter of the graph's structure alone.

The columns decide how far right a thing is, Graphviz (or our own layout) how far down. Labels,
shapes and edges are read here, and not a single number: no value ever moves a card.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nbgrad.render import placement
from nbgrad.render.columns import Card, Columns, columns_of
from nbgrad.render.places import Place
from nbgrad.render.routes import Route, Span, ports, route
from nbgrad.render.sizes import WIDEST
from nbgrad.tracing.model import Trace

MARGIN = 9
SEED = 48
"""What the dial of a seed takes to the right of an output."""

PAGE = 884
"""A small picture spreads to this width: what a notebook's cell shows on a laptop."""

BESIDE = 27
"""Between the box of a small constant and the card that reads it: room for a stop's bar."""

NARROW, WIDE = 96, 160
"""Between two columns of cards."""


@dataclass(frozen=True)
class Layout:
    """The places of all cards and the routes of all edges of one graph.

    Attributes
    ----------
    crowded
        Whether there are so many cards that chips show for one edge at a time.
    """

    width: float
    height: float
    places: Mapping[str, Place]
    routes: Mapping[str, Route]
    crowded: bool


def arrange(trace: Trace) -> Layout:
    """Find a place for every card of a trace, and a route for every edge."""
    columns = columns_of(trace)
    raw = placement.place(columns.items, columns.links, columns.stacked)
    top = min((raw[item.id] - item.half for item in columns.items), default=0)
    ys = {key: round(y - top + MARGIN) for key, y in raw.items()}
    spans = column_spans(columns)
    places = {card.id: put(card, spans, ys[card.id]) for card in columns.cards.values()}
    leaving, entering = ports(trace, columns, places, ys)
    routes = {}
    for edge in trace.edges:
        source, target = places[columns.source_cards[edge.id]], places[edge.target]
        ends = (source.right, leaving[edge.id]), (target.x, entering[edge.id])
        routes[edge.id] = route(edge, columns, ends, spans, ys)
    height = max((ys[item.id] + item.half for item in columns.items), default=0) + MARGIN
    width = max(right for _, right in spans.values()) + SEED + MARGIN
    return Layout(width, height, places, routes, columns.crowded)


def column_spans(columns: Columns) -> dict[int, Span]:
    """The left and the right end of each column."""
    last = max((card.column for card in columns.cards.values()), default=0)
    widths = dict.fromkeys(range(last + 1), 0.0)
    for card in columns.cards.values():
        widths[card.column] = max(widths[card.column], card.size.width)
    taken = 2 * MARGIN + SEED + sum(widths[column] for column in range(0, last + 1, 2))
    gaps = last // 2
    spread = (PAGE - taken) // gaps if gaps else 0
    gap = max(NARROW, min(WIDE, spread))
    spans, x = {}, float(MARGIN)
    for column in range(last + 1):
        width = max(gap, widths[column] + 30) if column % 2 else widths[column]
        spans[column] = (x, x + width)
        x += width
    return spans


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
