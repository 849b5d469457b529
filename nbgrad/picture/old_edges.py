"""An edge in the scene: the value's line, the gradient's line beside it, and two chips.

The upper chip is for the local derivative, the lower one for what the gradient becomes on its
way; `edge_styles` has their texts. An edge from one row of cards to another is not drawn across:
a connector leaves its source, and another, with the source's name on it, leads into its target.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nbgrad.picture.columns import NAME_WIDEST
from nbgrad.picture.placement import EXIT, Placement
from nbgrad.picture.routes import APART, Route, parallel, source_of
from nbgrad.picture.scene import Bar, Chip, Curve, Element, Group, Point, straight
from nbgrad.picture.text_width import PILL, clipped, pill_width
from nbgrad.picture.theme import SMALL
from nbgrad.trace.model import Trace

CHIP = 16
BAR = 19
FLOATING = 128  # the most for a chip that shows for a moment, above everything else
CLEAR = 5  # the room that the widest chip leaves in its gap


def edge_lines(route: Route) -> Group:
    """The lines of an edge side by side, its glow, and the double bar at its end."""
    glow, *rest = gradient_lines(route, 1)
    return Group(f"{route.id}.lines", (glow, value_line(route, -1), *rest), "edge", edge=route.id)


def value_line(route: Route, side: int = 0) -> Curve:
    """The line of the value: above the middle of the route for side −1, below it for 1."""
    return Curve(f"{route.id}.forward", parallel(route.points, side), head="filled")


def gradient_lines(route: Route, side: int = 0) -> tuple[Element, ...]:
    """The line of the gradient, with its glow, and the double bar where it is stopped."""
    key = route.id
    x, y = route.points[-1]
    line = tuple(reversed(parallel(route.points, side)))
    return (
        Curve(f"{key}.glow", line),
        Curve(f"{key}.reverse", line, head="open"),
        Bar(f"{key}.stop", x - 15, y, BAR),
    )


def edge_chips(route: Route) -> Group:
    """The chips of an edge, above and below its lines."""
    local = Chip(f"{route.id}.local", *route.local, CHIP)
    contribution = Chip(f"{route.id}.contribution", *route.contribution, CHIP)
    return Group(route.id, (local, contribution), "edge", edge=route.id)


def chip_rooms(placement: Placement) -> dict[str, float]:
    """The width that the chips of each edge may have."""
    least = FLOATING if placement.crowded else 0
    return {key: max(route.room - CLEAR, least) for key, route in placement.routes.items()}


# Connectors between rows ------------------------------------------------------------------------

LENGTH, HEIGHT = 15, 17  # of a connector's arrow, and of its name


@dataclass(frozen=True)
class Connector:
    """An end of one or more edges between rows, with the name of what is at the other end."""

    id: str
    edges: tuple[str, ...]
    at: Point
    text: str
    leaves: bool


def connectors(trace: Trace, placement: Placement) -> list[Connector]:
    """The connectors: one out of each card read in another row, one at the end of such edges."""
    apart = {
        key: route.points[0]
        for key, route in placement.routes.items()
        if is_apart(trace, placement, key)
    }
    found = []
    for key, at in placement.exits.items():
        edges = [e for e in trace.outgoing(trace.node(source_of(key))) if e.id in apart]
        readers = dict.fromkeys(trace.node(edge.target).label for edge in edges)
        text = clipped(f"{', '.join(readers)} ↵", SMALL, EXIT - LENGTH - PILL)
        found.append(Connector(key, tuple(edge.id for edge in edges), at, text, leaves=True))
    for key, at in apart.items():
        label = trace.node(trace.edge(key).source).label
        text = clipped(label, SMALL, NAME_WIDEST - PILL)
        found.append(Connector(f"{key}.from", (key,), at, text, leaves=False))
    return found


def is_apart(trace: Trace, placement: Placement, key: str) -> bool:
    """Whether the ends of an edge stand in different rows."""
    source = trace.edge(key).source
    if f"{source}.out" not in placement.exits:
        return False
    return placement.routes[key].points[0][0] != placement.places[source].right


def connector_elements(
    connectors: Iterable[Connector],
    sides: tuple[int | None, int | None] = (-1, 1),
    name: str = "name",
) -> Iterator[Element]:
    """The arrows and names of connectors.

    Parameters
    ----------
    sides
        On which side of the middle the value's and the gradient's arrow are; None for no arrow.
    name
        How the ids of the names end.
    """
    for connector in connectors:
        (x, y), width = connector.at, pill_width(connector.text)
        middle = x + LENGTH + width / 2 if connector.leaves else x - width / 2
        forward, back = sides if connector.leaves else (None, None)
        if forward is not None:
            ends = (x, y + forward * APART), (x + LENGTH, y + forward * APART)
            yield Curve(f"{connector.id}.forward", straight(*ends), "forward")
        if back is not None:
            ends = (x + LENGTH, y + back * APART), (x, y + back * APART)
            yield Curve(f"{connector.id}.reverse", straight(*ends), head="open")
        key, text = f"{connector.id}.{name}", connector.text
        yield Chip(key, middle, y, HEIGHT, "middle", text, "chip stub", width)
