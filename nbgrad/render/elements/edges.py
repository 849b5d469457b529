"""An edge: the value's lane, the gradient's lane beside it, and the chips that say what happened.

The upper chip is the local derivative, `∂a/∂x = x = 3`. The lower one is what the gradient became
on its way, `4×3 = 12`: arriving gradient times local derivative.
"""

from __future__ import annotations

import math

from nbgrad.render.elements.chip_texts import contribution_text, local_text, told
from nbgrad.render.placing.routes import Route
from nbgrad.render.scene.curves import lane
from nbgrad.render.scene.facts import NO_WINDOW, Facts, magnitude
from nbgrad.render.scene.measure import pill_width
from nbgrad.render.scene.picture import OFF, Bar, Chip, Curve, Element, Group, Look
from nbgrad.render.words.reasons import wording
from nbgrad.tracing.moments import NEVER
from nbgrad.tracing.numbers import Numbers
from nbgrad.tracing.parts import Edge

CHIP = 16
BAR = 19
FLOATING = 128
"""How wide a chip may be that shows for a moment, above everything else."""

CLEAR = 5
"""So much narrower than its gap is the widest chip."""


def room_of(route: Route, *, floating: bool) -> float:
    """How wide the chips of an edge may be."""
    return max(route.room - CLEAR, FLOATING if floating else 0)


def edge_lines(route: Route) -> Group:
    """The lanes of an edge side by side, its glow, and the double bar at its end."""
    glow, *rest = reverse_lines(route, 1)
    return Group(f"{route.id}.lines", (glow, forward_line(route, -1), *rest), "edge", edge=route.id)


def forward_line(route: Route, side: int = 0) -> Curve:
    """The lane of the value: above the middle of the route for side −1, below it for 1."""
    return Curve(f"{route.id}.forward", lane(route.points, side), head="filled")


def reverse_lines(route: Route, side: int = 0) -> tuple[Element, ...]:
    """The lane of the gradient, with its glow, and the double bar where it is stopped."""
    key = route.id
    x, y = route.points[-1]
    line = tuple(reversed(lane(route.points, side)))
    return (
        Curve(f"{key}.glow", line),
        Curve(f"{key}.reverse", line, head="open"),
        Bar(f"{key}.stop", x - 15, y, BAR),
    )


def edge_chips(route: Route) -> Group:
    """The chips of an edge, above and below its lanes."""
    key = route.id
    children = (
        Chip(f"{key}.local", *route.local, CHIP),
        Chip(f"{key}.contribution", *route.contribution, CHIP),
    )
    return Group(key, children, "edge", edge=key)


def edge_looks(facts: Facts, edge: Edge, room: float) -> dict[str, Look]:
    """How an edge looks in one state of its graph, its chips no wider than `room`."""
    key = edge.id
    source, target = facts.trace.node(edge.source), facts.trace.node(edge.target)
    since, until = facts.active.get(key, NO_WINDOW)
    quiet = " quiet" if facts.chips_once else ""
    window = (since, until if facts.chips_once else NEVER)
    cut = wording(edge.cause).chip if source.role != "constant" else ""
    faded = source.adjoint.state == "none" and source.role != "constant"
    looks = {
        key: Look(classes="edge", title=told(source, target, edge)),
        f"{key}.glow": Look(classes="glow", since=since, until=until),
        f"{key}.forward": Look(
            classes="forward unreached" if faded and edge.cause != "stopped" else "forward",
            width=1.5,
        ),
        f"{key}.reverse": OFF,
        f"{key}.stop": Look(classes="bar") if edge.cause == "stopped" else OFF,
        f"{key}.local": OFF,
        f"{key}.contribution": OFF,
    }
    if cut:
        word = "true/false" if source.dtype == "bool" else cut
        looks[f"{key}.local"] = pill(word, f"chip local cut{quiet}", (facts.end, NEVER))
    if edge.contribution is not None:
        looks[f"{key}.reverse"] = Look(
            classes="reverse", since=since, width=stroke(edge.contribution)
        )
        text = contribution_text(source, target, edge, room)
        looks[f"{key}.contribution"] = pill(text, f"chip contribution{quiet}", window)
        if edge.local is not None:
            text = local_text(edge.local, room)
            looks[f"{key}.local"] = pill(text, f"chip local{quiet}", window)
    return looks


def pill(text: str, classes: str, window: tuple[int, int]) -> Look:
    """A chip that fits around its text."""
    return Look(text, classes, *window, width=pill_width(text))


def stroke(contribution: Numbers) -> float:
    """The width of a gradient's arrow: 1.5 up to a magnitude of 1, and one more for each power."""
    greatest = magnitude(contribution)
    if greatest == 0:
        return 1.2
    return round(1.5 + max(0.0, min(4.0, math.log10(greatest))), 1)
