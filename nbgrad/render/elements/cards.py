"""The card of a node: its name, its value in the upper lane, its adjoint in the lower one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from nbgrad.render.placing.card_sizes import (
    HEADER,
    LANE,
    LEFT,
    PAD,
    corner,
    fitted_label,
    fitted_tail,
    lane_height,
)
from nbgrad.render.placing.place import Place
from nbgrad.render.scene.measure import text_width
from nbgrad.render.scene.picture import Box, Chip, Curve, Element, Group, Point, Text
from nbgrad.render.scene.style import NAME
from nbgrad.render.tensors.grid_sizes import grid_of
from nbgrad.render.tensors.grids import lane_elements
from nbgrad.render.tensors.repeats import repeats_of
from nbgrad.tracing.folded_trace import FOLD
from nbgrad.tracing.model import Trace
from nbgrad.tracing.parts import Node
from nbgrad.tracing.symbols import is_number

HALOS = ("forward", "sum", "send")
"""The three occasions on which a card is at work."""


def card(trace: Trace, place: Place, *, seed_below: bool = False) -> Group:
    """Everything that the card of a node may ever show."""
    node = trace.node(place.node)
    key = place.id
    children = [*frame(trace, place, key, HALOS), *header(trace, place)]
    top = place.y + HEADER
    children += lane(trace, place, top, "value")
    if node.role != "constant":
        children += adjoint_lane(trace, place, top + lane_height(trace, node, "value"))
    if node.id in trace.ys:
        children += seed_dial(trace, place, below=seed_below)
    return Group(key, tuple(children), "card", node=node.id)


def frame(trace: Trace, place: Place, key: str, halos: tuple[str, ...]) -> list[Element]:
    """The outline of a card, double for an output, and its halos."""
    node = trace.node(place.node)
    radius = 14 if node.role in ("input", "variable") else 5
    size = (place.width, place.height, radius, "body stack")
    behind = [
        Box(f"{key}.stack.{n}", place.x + 4 * n, place.y + 4 * n, *size)
        for n in ((2, 1) if node.op_type == FOLD else ())
    ]
    outline = [
        *behind,
        *(Box(f"{place.id}.halo.{phase}", *grown(place, 5), 11, "halo") for phase in halos),
        Box(f"{key}.body", place.x, place.y, place.width, place.height, radius),
    ]
    if node.id in trace.ys:
        outline.append(Box(f"{key}.inner", *grown(place, -3), 3, "body output inner"))
    return [*outline]


def adjoint_lane(trace: Trace, place: Place, top: float) -> list[Element]:
    """The lower lane, with the cause of a zero and the parts of a sum."""
    cause = Text(f"{place.id}.cause", place.right - PAD - 14, top + 14.5, anchor="end")
    return [*lane(trace, place, top, "adjoint"), cause, *inbox(trace, place, top)]


def grown(place: Place, by: float) -> tuple[float, float, float, float]:
    """The rectangle of a card, larger on every side."""
    return place.x - by, place.y - by, place.width + 2 * by, place.height + 2 * by


def header(trace: Trace, place: Place) -> list[Element]:
    """Label and expression at the left; shape, sign or flag at the right; a rule below."""
    node, key = trace.node(place.node), place.id
    leaf = node.role in ("input", "variable")
    tail = fitted_tail(node, place.width)
    if node.role == "constant" and not is_number(node.label):
        tail = "" if node.shape else " constant"  # a shape takes the room
    classes = "text name input" if leaf else "text name"
    x, base = place.x + LEFT - 3, place.y + 16
    return [
        Text(f"{key}.name", x, base, fitted_label(node, place.width), classes, tail=tail),
        Text(f"{key}.corner", place.right - PAD, base, corner(node), "text symbol", "end"),
        *flag_and_rule(node, place, key, corner(node)),
    ]


def flag_and_rule(node: Node, place: Place, key: str, right: str = "") -> list[Element]:
    """The line below a header, and the flag of a node that was asked about, left of `right`."""
    ends = (place.x, place.y + HEADER), (place.right, place.y + HEADER)
    elements: list[Element] = [Curve(f"{key}.rule", straight(*ends), "rule")]
    if node.requested:
        x = place.right - PAD - 9 - text_width(f"{right} ", NAME) * bool(right)
        elements.append(Curve(f"{key}.flag", flag(x, place.y + 5), "flag"))
    return elements


def straight(a: Point, b: Point) -> tuple[Point, ...]:
    """A straight line as a Bézier curve."""
    return (a, a, b, b)


def flag(x: float, y: float) -> tuple[Point, ...]:
    """A pennant on its pole: this gradient was asked for."""
    corners = [(x, y + 12), (x, y), (x + 8, y + 3.5), (x, y + 7)]
    points = [corners[0]]
    for a, b in pairwise(corners):
        points += [a, b, b]
    return tuple(points)


def lane(trace: Trace, place: Place, top: float, role: str) -> list[Element]:
    """A lane: its rule, its label, the slot for a number, and below them the grid of an array."""
    node, key = trace.node(place.node), f"{place.id}.{role}"
    bottom = top + lane_height(trace, node, role) - 2 * bool(node.shape)
    x = place.x + 6.5
    return [
        Curve(f"{key}.lane", straight((x, top + 4.5), (x, bottom - 0.5)), f"lane {role}"),
        Text(f"{key}.label", place.x + LEFT, top + 15, role, "text quiet-text"),
        *note(trace, node, key, place.right - PAD, top + 15, role),
        Chip(key, place.right - PAD, top + 11, 16, "end"),
        Chip(f"{key}.wait", place.right - PAD, top + 11, 16, "end", "·"),
        *lane_elements(trace, node, key, place.x + LEFT, top + LANE + 1, role),
    ]


def note(trace: Trace, node: Node, key: str, x: float, y: float, role: str) -> Iterator[Element]:
    """What the cells of a thumbnail are, and how many parts an adjoint is the sum of."""
    grid, repeats = grid_of(node.shape), repeats_of(trace, node)
    if role == "value" and grid.note:
        yield Text(f"{key}.note", x, y, grid.note, "text quiet-text", "end")
    elif role == "adjoint" and repeats is not None and repeats.summed:
        yield Text(f"{key}.note", x, y, anchor="end")


def inbox(trace: Trace, place: Place, top: float) -> list[Element]:
    """What shows while only some of the parts of a sum have come: one chip for each number."""
    parts = sum(1 for _ in trace.outgoing(trace.node(place.node))) + (place.node in trace.ys)
    if parts < 2:
        return []
    x = place.right - PAD + 1
    return [Chip(f"{place.id}.inbox.{n}", x, top + 11, 16, "end") for n in range(1, parts + 1)]


def seed_dial(trace: Trace, place: Place, *, below: bool) -> list[Element]:
    """The weight that starts the reverse pass at an output: beside it, or below it."""
    key = place.id
    if below or any(trace.outgoing(trace.node(place.node))):
        x, y = place.right - 26, place.bottom + 20
        line = Curve(f"{key}.seed.line", straight((x, y), (x, place.bottom + 1)))
        label = Text(f"{key}.seed.label", x - 19, y + 4, anchor="end")
    else:
        x, y = place.right + 29, place.port + 4.5
        line = Curve(f"{key}.seed.line", straight((x, y), (place.right, y)), head="open")
        label = Text(f"{key}.seed.label", x, y + 26, anchor="middle")
    halo = Box(f"{key}.halo.seed", x - 18, y - 18, 36, 36, 18, "halo")
    return [halo, line, Chip(f"{key}.seed", x, y, 26), label]
