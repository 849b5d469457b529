"""The mirror: the forward graph above, and below it, in the same columns, the reverse pass.

The reverse pass is a graph like any other. It has a card for each adjoint, its arrows lead from
right to left, and what it multiplies by are values of the forward graph: a dotted tie leads from
each such value down to the chip that uses it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from nbgrad.picture.facts import NEVER, Facts
from nbgrad.picture.legend import with_legend
from nbgrad.picture.old_card_styles import adjoint_title, body_classes
from nbgrad.picture.old_cards import (
    HEADER,
    LEFT,
    Place,
    adjoint_lane,
    constant_box,
    header,
    is_small_constant,
    lane,
    outline,
    rule_and_flag,
    seed_dial,
)
from nbgrad.picture.old_edge_styles import connector_styles
from nbgrad.picture.old_edges import (
    connector_elements,
    connectors,
    edge_chips,
    gradient_lines,
    value_line,
)
from nbgrad.picture.old_overlay import placed_styles
from nbgrad.picture.placement import Placement, placements_of
from nbgrad.picture.scene import Curve, Group, Text
from nbgrad.picture.style import OFF, Style, Styles
from nbgrad.picture.template import Template
from nbgrad.trace.model import Edge, Trace

CHIP_TOP = 8  # a tie ends so far above the middle of its chip


def mirror(trace: Trace, *, legend: bool, every_chip: bool) -> Template:
    """Ties and arrows, then the cards of both halves, then chips."""
    above, below = placements_of(trace, [("value",), ("adjoint",)], every_chip=every_chip)
    outs, backs = connectors(trace, above), connectors(trace, below)
    back_lines = (
        Group(f"{key}.lines", gradient_lines(route), "edge", edge=key)
        for key, route in below.routes.items()
    )
    layers = [
        Group("ties", tuple(ties(trace, above, below))),
        Group("edges", tuple(map(value_line, above.routes.values()))),
        Group("back", tuple(back_lines)),
        Group("stubs", tuple(connector_elements(outs, (0, None)))),
        Group("stubs.back", tuple(connector_elements(backs, (None, 0), "back"))),
        Group("cards", tuple(value_card(trace, each) for each in above.places.values())),
        Group("adjoints", tuple(adjoint_card(trace, below, p) for p in below.places.values())),
        Group("chips", tuple(map(edge_chips, below.routes.values()))),
    ]
    size, explained = (below.width, below.height), trace if legend else None
    return Template(
        with_legend([*layers], size, explained, chips=not below.crowded),
        styles=(
            *placed_styles(above),
            placed_styles(below)[1],
            adjoint_card_styles,
            tie_styles,
            partial(connector_styles, connectors=outs),
        ),
        crowded=below.crowded,
    )


def value_card(trace: Trace, place: Place) -> Group:
    """The card of a value, or the small box of a constant."""
    node = trace.node(place.node)
    if is_small_constant(trace, node):
        return constant_box(place)
    inside = (
        *outline(trace, place, place.id, ("forward",)),
        *header(trace, place),
        *lane(trace, place, place.y + HEADER, "value"),
    )
    return Group(place.id, inside, "card", node=node.id)


def adjoint_card(trace: Trace, below: Placement, place: Place) -> Group:
    """The card of an adjoint: its symbol as the name, and where it came from."""
    node, key = trace.node(place.node), f"{place.id}.back"
    children = [
        *outline(trace, place, key, ("sum", "send")),
        Text(f"{key}.name", place.x + LEFT - 3, place.y + 16),
        *rule_and_flag(node, place, key),
        *adjoint_lane(trace, place, place.y + HEADER),
    ]
    if node.id in trace.ys:
        children += seed_dial(trace, place, below=below.seeds_below)
    return Group(key, tuple(children), "card", node=node.id)


def adjoint_card_styles(facts: Facts) -> Styles:
    """The outlines and names of the lower cards."""
    trace = facts.trace
    styles = {}
    for node in trace.nodes:
        key = f"{node.id}.back"
        styles[key] = Style(classes="card", title=adjoint_title(trace, node))
        styles[f"{key}.body"] = Style(classes=body_classes(trace, node))
        styles[f"{key}.name"] = Style(trace.total(node), "text name adjoint-text")
        styles[f"{node.id}.adjoint.label"] = Style("adjoint", "text quiet-text")
    return styles


def ties(trace: Trace, above: Placement, below: Placement) -> Iterator[Curve]:
    """A tie for each value that the local derivative along some edge may depend on."""
    for key, route in below.routes.items():
        x, y = route.local
        for used in local_dependencies(trace, trace.edge(key)):
            place = above.places[used]
            start, end = (place.x + place.width / 2, place.bottom), (x, y - CHIP_TOP)
            half = (end[1] - start[1]) / 2
            points = (start, (start[0], start[1] + half), (end[0], end[1] - half), end)
            yield Curve(f"{key}.tie.{used}", points)


def local_dependencies(trace: Trace, edge: Edge) -> list[str]:
    """The nodes that a local derivative may depend on: the operands, and the result."""
    target = trace.node(edge.target)
    near = [*(each.source for each in trace.incoming(target)), edge.target]
    nodes = [trace.node(key) for key in dict.fromkeys(near)]
    return [node.id for node in nodes if not is_small_constant(trace, node)]


def tie_styles(facts: Facts) -> Styles:
    """Dotted where the derivative uses the value, from the step in which it does."""
    trace = facts.trace
    styles = {}
    for edge in trace.edges:
        uses = edge.local.uses if edge.local is not None and edge.contribution is not None else ()
        since, until = facts.window(edge.id)
        dotted = Style(classes="tie", since=since, until=until if facts.chips_once else NEVER)
        for near in local_dependencies(trace, edge):
            styles[f"{edge.id}.tie.{near}"] = dotted if near in uses else OFF
    return styles
