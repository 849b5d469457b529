"""The mirror: the forward graph above, and below it, in the same columns, the reverse pass.

The reverse pass is a graph like any other. It has a card for each adjoint, its arrows lead from
right to left, and what it multiplies by are values of the forward graph: a dotted tie leads from
each such value down to the chip that uses it.
"""

from __future__ import annotations

from collections.abc import Iterator

from nbgrad.picture.cards import (
    HEADER,
    LEFT,
    adjoint_lane,
    body_classes,
    flag_and_rule,
    frame,
    header,
    is_small_constant,
    lane,
    seed_dial,
    told_back,
)
from nbgrad.picture.edges import (
    constant,
    edge_chips,
    forward_line,
    reverse_lines,
    stub_lines,
    stub_styles,
    stubs_of,
)
from nbgrad.picture.facts import NO_WINDOW, Facts
from nbgrad.picture.geometry import Place
from nbgrad.picture.layout import Layout, arrange
from nbgrad.picture.overlay import Options, Template, cards_of, finished, rooms_of
from nbgrad.picture.scene import OFF, Curve, Group, Style, Text
from nbgrad.trace.model import NEVER, Edge, Trace

CHIP_TOP = 8


"""A tie ends so far above the middle of its chip."""


def mirror(trace: Trace, options: Options) -> Template:
    """Ties and arrows, then the cards of both halves, then chips."""
    above, below = arrange(trace, [("value",), ("adjoint",)], every_chip=options.every_chip)
    stubs = stubs_of(trace, above)
    layers = [
        Group("ties", tuple(all_ties(trace, above, below))),
        Group("edges", tuple(forward_line(route) for route in above.routes.values())),
        Group("back", tuple(back_lines(below))),
        Group("stubs", tuple(stub_lines(stubs, (0, None)))),
        Group("stubs.back", tuple(stub_lines(stubs_of(trace, below), (None, 0), "back"))),
        Group("cards", tuple(value_card(trace, place) for place in above.places.values())),
        Group("adjoints", tuple(adjoint_card(trace, below, p) for p in below.places.values())),
        Group("chips", tuple(edge_chips(route) for route in below.routes.values())),
    ]
    return Template(
        finished(
            layers,
            below.width,
            below.height,
            trace if options.legend else None,
            chips=not below.crowded,
        ),
        cards_of(above),
        rooms_of(above) | rooms_of(below),
        below.crowded,
        more=(back_styles, tie_styles, lambda facts: stub_styles(facts, stubs)),
    )


def back_lines(below: Layout) -> Iterator[Group]:
    """The arrows of the reverse pass."""
    for key, route in below.routes.items():
        yield Group(f"{key}.lines", reverse_lines(route), "edge", edge=key)


def value_card(trace: Trace, place: Place) -> Group:
    """The card of a value, or the small box of a constant."""
    node = trace.node(place.node)
    if is_small_constant(trace, node):
        return constant(place)
    outline = frame(trace, place, place.id, ("forward",))
    value = lane(trace, place, place.y + HEADER, "value")
    inside = (*outline, *header(trace, place), *value)
    return Group(place.id, inside, "card", node=node.id)


def adjoint_card(trace: Trace, below: Layout, place: Place) -> Group:
    """The card of an adjoint: its symbol as the name, and where it came from."""
    node, key = trace.node(place.node), f"{place.id}.back"
    children = [
        *frame(trace, place, key, ("sum", "send")),
        Text(f"{key}.name", place.x + LEFT - 3, place.y + 16),
        *flag_and_rule(node, place, key),
        *adjoint_lane(trace, place, place.y + HEADER),
    ]
    if node.id in trace.ys:
        children += seed_dial(trace, place, below=below.seeds_below)
    return Group(key, tuple(children), "card", node=node.id)


def back_styles(facts: Facts) -> dict[str, Style]:
    """The styles of the lower cards' frames and names."""
    trace = facts.trace
    styles = {}
    for node in trace.nodes:
        key = f"{node.id}.back"
        styles[key] = Style(classes="card", title=told_back(trace, node))
        styles[f"{key}.body"] = Style(classes=body_classes(trace, node))
        styles[f"{key}.name"] = Style(trace.total(node), "text name adjoint-text")
        styles[f"{node.id}.adjoint.label"] = Style("adjoint", "text quiet-text")
    return styles


def all_ties(trace: Trace, above: Layout, below: Layout) -> Iterator[Curve]:
    """A tie for each value that the derivative along some edge may speak of."""
    for edge in trace.edges:
        route = below.routes.get(edge.id)
        if route is None:
            continue
        x, y = route.local
        for used in candidates(trace, edge):
            place = above.places[used]
            start, end = (place.x + place.width / 2, place.bottom), (x, y - CHIP_TOP)
            half = (end[1] - start[1]) / 2
            points = (start, (start[0], start[1] + half), (end[0], end[1] - half), end)
            yield Curve(f"{edge.id}.tie.{used}", points)


def candidates(trace: Trace, edge: Edge) -> list[str]:
    """What a local derivative may depend on: the operands of its operation, and the result."""
    target = trace.node(edge.target)
    near = [*(each.source for each in trace.incoming(target)), edge.target]
    nodes = [trace.node(key) for key in dict.fromkeys(near)]
    return [node.id for node in nodes if not is_small_constant(trace, node)]


def tie_styles(facts: Facts) -> dict[str, Style]:
    """Dotted where the derivative uses the value, from the step in which it does."""
    trace = facts.trace
    styles = {}
    for edge in trace.edges:
        uses = edge.local.uses if edge.local is not None and edge.contribution is not None else ()
        since, until = facts.active.get(edge.id, NO_WINDOW)
        shown = Style(classes="tie", since=since, until=until if facts.chips_once else NEVER)
        for near in candidates(trace, edge):
            styles[f"{edge.id}.tie.{near}"] = shown if near in uses else OFF
    return styles
