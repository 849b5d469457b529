"""The card of a node in the scene: its header, its value in the upper lane, its adjoint below.

`card` builds everything that a card may ever show, `card_size` finds the room that it takes;
`card_styles` has the numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from nbgrad.picture.broadcast import broadcast_of, lane_elements, lane_size
from nbgrad.picture.grids import SLOT, grid_of
from nbgrad.picture.reasons import is_integer_with_gradient
from nbgrad.picture.scene import Box, Chip, Curve, Element, Group, Point, Text, straight
from nbgrad.picture.text_width import clipped, text_width
from nbgrad.picture.theme import NAME, SMALL
from nbgrad.trace.folding import FOLD
from nbgrad.trace.model import Node, Trace
from nbgrad.trace.numbers import is_number, shaped

Lane = Literal["value", "adjoint"]
BOTH: tuple[Lane, ...] = ("value", "adjoint")
HALOS = ("forward", "sum", "send")  # the phases in which a card is at work

HEADER, LANE, FOOT = 22, 19, 6  # heights
LEFT = 12  # where the text of a card begins, right of its lanes' rules
PAD = 10  # from the end of its text to the border: room for the end of a pill, and air beside it
BESIDE_GRID = 8  # from the cells of an array to the border; their texts end where others do
NARROWEST, WIDEST = 116, 190  # the least width, and what a long label may stretch it to
WIDEST_FOLD = 250  # the same for a fold, which names its operations
PORT = 16  # the least height of an edge at the side of a card
CONSTANT_HEIGHT, CONSTANT_PAD, WIDEST_CONSTANT = 22, 8, 100
TOTAL_ROOM = WIDEST - LEFT - 2 - SLOT - PAD  # left of a number, for the symbol of an adjoint


@dataclass(frozen=True)
class Place:
    """The rectangle of a card. Its edges end around `port`, a height between its two lanes."""

    id: str
    node: str
    x: float
    y: float
    width: float
    height: float
    port: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def grown(self, by: float) -> tuple[float, float, float, float]:
        """The rectangle, larger on every side."""
        return self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by


def card(trace: Trace, place: Place, *, seed_below: bool = False) -> Group:
    """The card of a node."""
    node, key = trace.node(place.node), place.id
    top = place.y + HEADER
    children = [
        *outline(trace, place, key, HALOS),
        *header(trace, place),
        *lane(trace, place, top, "value"),
    ]
    if node.role != "constant":
        children += adjoint_lane(trace, place, top + lane_height(trace, node, "value"))
    if node.id in trace.ys:
        children += seed_dial(trace, place, below=seed_below)
    return Group(key, tuple(children), "card", node=node.id)


def outline(trace: Trace, place: Place, key: str, halos: tuple[str, ...]) -> list[Element]:
    """The outline of a card, double for an output, a stack for a fold; and its halos."""
    node = trace.node(place.node)
    radius = 14 if node.role in ("input", "variable") else 5
    size = place.width, place.height
    elements: list[Element] = []
    for n in (2, 1) if node.op_type == FOLD else ():
        corner = place.x + 4 * n, place.y + 4 * n
        elements.append(Box(f"{key}.stack.{n}", *corner, *size, radius, "body stack"))
    for phase in halos:
        elements.append(Box(f"{place.id}.halo.{phase}", *place.grown(5), 11, "halo"))
    elements.append(Box(f"{key}.body", place.x, place.y, *size, radius))
    if node.id in trace.ys:
        elements.append(Box(f"{key}.inner", *place.grown(-3), 3, "body output inner"))
    return elements


# The header -------------------------------------------------------------------------------------


def header(trace: Trace, place: Place) -> list[Element]:
    """Label and expression at the left; shape, sign and flag at the right; a rule below."""
    node, key = trace.node(place.node), place.id
    tail = clipped_expression(node, place.width)
    if node.role == "constant" and not is_number(node.label):
        tail = "" if node.shape else " constant"  # a shape takes the room
    classes = "text name input" if node.role in ("input", "variable") else "text name"
    x, base = place.x + LEFT - 3, place.y + 16
    room = place.width - LEFT - 14 - text_width(corner_text(node), NAME)
    label = clipped(node.label, NAME, room, bold=True)
    return [
        Text(f"{key}.name", x, base, label, classes, tail=tail),
        Text(f"{key}.corner", place.right - PAD, base, corner_text(node), "text symbol", "end"),
        *rule_and_flag(node, place, key, corner_text(node)),
    ]


def clipped_expression(node: Node, width: float) -> str:
    """The part of ` = expression` for which a header of this width has room."""
    label, corner = text_width(node.label, NAME, bold=True), text_width(corner_text(node), NAME)
    room = width - (LEFT + label + PAD + 8 + corner)
    return clipped(f" = {node.expression}", NAME, room) if node.expression else ""


def corner_text(node: Node) -> str:
    """The right end of a header: the shape, and the sign of the operation.

    Of integers that carry a gradient, the dtype stands there too.
    """
    symbol = node.symbol if node.expression and len(node.symbol) == 1 else ""
    shape = f"[{shaped(node.shape)}]" if len(node.shape) == 1 else shaped(node.shape)
    dtype = node.dtype if is_integer_with_gradient(node) else ""
    return " ".join(part for part in (shape, dtype, symbol) if part)


def definition(node: Node) -> str:
    """The label with its expression: `a = x × x`."""
    return f"{node.label} = {node.expression}" if node.expression else node.label


def rule_and_flag(node: Node, place: Place, key: str, right: str = "") -> list[Element]:
    """The line below a header; left of the text `right`, the flag of a node among the xs."""
    ends = (place.x, place.y + HEADER), (place.right, place.y + HEADER)
    elements: list[Element] = [Curve(f"{key}.rule", straight(*ends), "rule")]
    if node.requested:
        x = place.right - PAD - 9 - text_width(f"{right} ", NAME) * bool(right)
        elements.append(Curve(f"{key}.flag", pennant(x, place.y + 5), "flag"))
    return elements


def pennant(x: float, y: float) -> tuple[Point, ...]:
    """A pennant on its pole."""
    corners = [(x, y + 12), (x, y), (x + 8, y + 3.5), (x, y + 7)]
    pieces = [(a, b, b) for a, b in pairwise(corners)]
    return (corners[0], *(point for piece in pieces for point in piece))


# The lanes --------------------------------------------------------------------------------------


def lane(trace: Trace, place: Place, top: float, role: Lane) -> list[Element]:
    """A lane: its rule, its label, the slot for a number, and below them the grid of an array."""
    node, key = trace.node(place.node), f"{place.id}.{role}"
    bottom = top + lane_height(trace, node, role) - 2 * bool(node.shape)
    x, right = place.x + 6.5, place.right - PAD
    return [
        Curve(f"{key}.lane", straight((x, top + 4.5), (x, bottom - 0.5)), f"lane {role}"),
        Text(f"{key}.label", place.x + LEFT, top + 15, role, "text quiet-text"),
        *lane_note(trace, node, key, right, top + 15, role),
        Chip(key, right, top + 11, 16, "end"),
        Chip(f"{key}.wait", right, top + 11, 16, "end", "·"),
        *lane_elements(trace, node, key, place.x + LEFT, top + LANE + 1, role),
    ]


def lane_note(trace: Trace, node: Node, key: str, x: float, y: float, role: Lane) -> list[Text]:
    """The meaning of a thumbnail's cells, or the number of an adjoint's parts."""
    note, copies = grid_of(node.shape).note, broadcast_of(trace, node)
    if note and node.dtype == "string":
        note = "texts"
    if role == "value" and note:
        return [Text(f"{key}.note", x, y, note, "text quiet-text", "end")]
    if role == "adjoint" and copies is not None and copies.summed:
        return [Text(f"{key}.note", x, y, anchor="end")]
    return []


def adjoint_lane(trace: Trace, place: Place, top: float) -> list[Element]:
    """The lower lane, with the cause of a zero and the inbox of a sum."""
    cause = Text(f"{place.id}.cause", place.right - PAD - 14, top + 14.5, anchor="end")
    return [*lane(trace, place, top, "adjoint"), cause, *inbox(trace, place, top)]


def inbox(trace: Trace, place: Place, top: float) -> list[Chip]:
    """The chips that show while only some of the parts of a sum have come, one for each number."""
    count = part_count(trace, trace.node(place.node))
    x = place.right - PAD + 1
    ns = range(1, count + 1) if count > 1 else ()
    return [Chip(f"{place.id}.inbox.{n}", x, top + 11, 16, "end") for n in ns]


def part_count(trace: Trace, node: Node) -> int:
    """The number of parts that an adjoint may be the sum of: edges, and the seed."""
    return sum(1 for _ in trace.outgoing(node)) + (node.id in trace.ys)


def seed_dial(trace: Trace, place: Place, *, below: bool) -> list[Element]:
    """The seed that starts the reverse pass at an output: beside its card, or below it."""
    key = f"{place.id}.seed"
    if below or any(trace.outgoing(trace.node(place.node))):
        x, y = place.right - 26, place.bottom + 20
        line = Curve(f"{key}.line", straight((x, y), (x, place.bottom + 1)))
        label = Text(f"{key}.label", x - 19, y + 4, anchor="end")
    else:
        x, y = place.right + 29, place.port + 4.5
        line = Curve(f"{key}.line", straight((x, y), (place.right, y)), head="open")
        label = Text(f"{key}.label", x, y + 26, anchor="middle")
    halo = Box(f"{place.id}.halo.seed", x - 18, y - 18, 36, 36, 18, "halo")
    return [halo, line, Chip(key, x, y, 26), label]


# Small constants --------------------------------------------------------------------------------


def is_small_constant(trace: Trace, node: Node) -> bool:
    """Whether a node is shown as a small box beside each of its readers."""
    plain = node.role == "constant" and node.shape == () and not node.requested
    return plain and node.id not in trace.ys and any(trace.outgoing(node))


def constant_box(place: Place) -> Group:
    """A box with a text in its middle: a constant has a value, and no adjoint."""
    x, y = place.x + place.width / 2, place.y + place.height / 2
    children = (
        Box(f"{place.id}.body", *place.grown(0), 4, "body constant"),
        Text(f"{place.id}.value", x, y + 4, anchor="middle"),
    )
    return Group(place.id, children, "card", node=place.node)


# Sizes ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Size:
    """The size of a card; its edges are attached `port` pixels from the top."""

    width: float
    height: float
    port: float


def card_size(trace: Trace, node: Node, ports: int, lanes: tuple[Lane, ...] = BOTH) -> Size:
    """The size of a node's card, which has at most `ports` edges on one side."""
    there = [each for each in lanes if each == "value" or node.role != "constant"]
    heights = [lane_height(trace, node, each) for each in there]
    # Between the lanes, where there are two; else in the middle of the one.
    port = HEADER + (heights[0] if len(heights) == 2 else heights[0] / 2)
    height = max(
        HEADER + sum(heights) + FOOT,
        2 * port - HEADER + 2,
        PORT * (ports - 1) + FOOT + HEADER,
    )
    return Size(round(card_width(trace, node)), round(height), round(port))


def lane_height(trace: Trace, node: Node, role: str) -> float:
    """The height of a lane, with the grid of an array and its copies."""
    return LANE + (lane_size(trace, node, role)[1] + 4 if node.shape else 0)


def card_width(trace: Trace, node: Node) -> float:
    """A width for the header, for a lane's label beside its slot, and for the grids."""
    corner = text_width(corner_text(node), NAME)
    header = LEFT + text_width(definition(node), NAME, bold=True) + 16 + corner
    copies = broadcast_of(trace, node)
    slot = max(SLOT, text_width(copies.note, SMALL) if copies and copies.summed else 0)
    # The longer of the two symbols that an adjoint may have, as its ys are weighed or not.
    total = f"d{trace.node(trace.ys[0]).label}/d{node.label}" if len(trace.ys) == 1 else node.label
    lane = LEFT + text_width(total, SMALL) + 2 + slot + PAD
    wanted = max(NARROWEST, header, lane)
    grids = max(lane_size(trace, node, each)[0] for each in BOTH)
    widest = WIDEST_FOLD if node.op_type == FOLD else WIDEST
    return max(min(wanted, widest), grids + LEFT + BESIDE_GRID)


def constant_size(node: Node) -> Size:
    """The size of the small box of a scalar constant."""
    text = node.label if is_number(node.label) else f"{node.label} = 0.001234"
    width = 2 * CONSTANT_PAD + text_width(text, SMALL)
    return Size(round(min(max(width, 26), WIDEST_CONSTANT)), CONSTANT_HEIGHT, CONSTANT_HEIGHT / 2)
