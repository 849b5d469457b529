"""The card of a node: what stands on it, how large it is, and where its roads begin and end.

A leaf is *flat*, two lanes of 22 pixels; an operation is *tall*, with a header above them; an
array shows a map of its cells in each lane's place (see `maps`). The **seam** is the line between
value and adjoint, where roads leave. A node that is read more than once has an **inbox** at its
right side, with a row for each reader; the rows sum to its adjoint.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from nbgrad.picture.cards.faces import Face
from nbgrad.picture.cards.maps import face_elements
from nbgrad.picture.scene import Box, Chip, Curve, Element, Group, Point, Rules, Text, straight
from nbgrad.picture.theme import NAME, SMALL, clipped, clipped_name, first_fitting, text_width
from nbgrad.trace.folding import FOLD
from nbgrad.trace.model import Node, Trace

Kind = Literal["flat", "tall", "array"]

HEADER, LANE = 22.0, 22.0
SECOND = 16.0  # what a header is higher with its operation in a second line
LEAF, LEAF_NARROW, OPERATION, RUNG = 120.0, 104.0, 108.0, 170.0
PORT, PORTS_APART, MORE_PORTS = 18.0, 32.0, 18.0  # the first in-port, the second, and each more
TRAY, ROW = 60.0, 19.0  # the width of an inbox of numbers; its rows' height
NAMES = 44.0, 62.0  # the least and the most width of an inbox of names
CAPTION = 20.0  # the strips above and below an operation that belong to its captions
DIAL = 66.0  # the room for the seed below the card of a y
LEFT, RIGHT = 14.0, 8.0  # from the border to the text of a lane
LONG_NAME = 100.0  # what a name alone may stretch the card of an array to
LEAST_NUMBER = 52.0  # the room of a number that gave some of it to a short name
NUMBER_ROOM = 62.0  # what a number may count on beside a name
LEAST_TAIL = 46.0  # the room that a second line has at least
HALOS = ("forward", "sum", "send")  # the phases in which a card is at work


@dataclass(frozen=True)
class Card:
    """A card before it has a place."""

    node: Node
    kind: Kind
    width: float
    rows: tuple[str, ...] = ()  # of its inbox: ids of edges, and "seed" for a seed's
    ports: int = 0  # so many operands come in at its left side
    is_y: bool = False
    face: Face | None = None  # of an array
    is_data: bool = False  # it never has a gradient
    second: bool = False  # its operation stands in a second line, below its name
    names: float = 0.0  # the width of its readers' names in an inbox; of numbers, 0 for the usual

    @property
    def header(self) -> float:
        return HEADER + (SECOND if self.second else 0.0)

    @property
    def seam(self) -> float:
        """The height of the seam below its top."""
        if self.face is not None:
            return self.header + self.face.seam
        return LANE if self.kind == "flat" else self.header + LANE

    @property
    def height(self) -> float:
        ports = self.ins[-1] + 16 if self.ports > 2 else 0
        if self.face is not None:
            return max(self.header + self.face.height + (4 if self.is_y else 0), ports)
        return max(self.seam + LANE + (1 if self.is_y else 0), ports)

    @property
    def ins(self) -> tuple[float, ...]:
        """The heights at which its operands come in, in their order."""
        if self.ports < 2 or self.kind == "flat":
            return (self.seam,) * self.ports
        apart = PORTS_APART if self.ports == 2 else MORE_PORTS
        first = PORT + self.header - HEADER
        if self.face is not None:
            first = max(first, self.seam - apart * (self.ports - 1) / 2)
        return tuple(first + apart * i for i in range(self.ports))

    @property
    def outs(self) -> tuple[float, ...]:
        """The heights at which its roads leave; those of its inbox, where it has one."""
        count = len(self.rows)
        if not self.tray:
            return (self.seam,) * max(count, 1)
        return tuple(self.seam + (i - (count - 1) / 2) * ROW for i in range(count))

    @property
    def tray(self) -> float:
        width = self.names or TRAY
        if self.face is not None:
            width = max(NAMES[0], min(NAMES[1], self.names))
        return math.ceil(width) if len(self.rows) > 1 and self.has_adjoint else 0.0

    @property
    def has_adjoint(self) -> bool:
        """Whether a gradient may come to it."""
        return self.node.role != "constant" and not self.is_data

    @property
    def is_leaf(self) -> bool:
        return self.node.role in ("input", "variable")

    def box(self, key: str, at: Point) -> Box:
        """Its place, with the corners of a leaf or of an operation."""
        left, radius = (14.0, 5.0) if self.is_leaf else (0.0, 6.0)
        return Box(key, *at, self.width, self.height, radius, left=left)

    def dial(self, at: Point) -> Point:
        """The place of the seed of a y, below its right end."""
        return at[0] + self.width - 20, at[1] + self.height + 48

    @property
    def inset(self) -> float:
        """What the double outline of a y takes on each side."""
        return 2.0 if self.is_y else 0.0


def header_width(node: Node) -> float:
    """The width of a tall card that shows its whole header."""
    return 16 + text_width(node.label, NAME, bold=True) + text_width(tail_of(node), NAME)


def array_header(node: Node, most: float) -> float:
    """The room that the name and the operation of an array take in its header, and no more."""
    name = 9 + text_width(node.label, NAME, bold=True)
    if text := whole_tail(node, most - name):
        return name + text_width(text, NAME)
    below = 9 + text_width(tail_of(node).strip(), SMALL)
    return max(min(most, max(name, below)), min(LEAST_TAIL, below))


def tightest_of(labels: Iterable[tuple[Node, float]]) -> tuple[str, float] | None:
    """Of names with their room, the one that has the least to spare: its node, and its room."""
    spare = [(room - text_width(node.label, NAME), node.id, room) for node, room in labels]
    return min(spare)[1:] if spare else None


def name_width(node: Node) -> float:
    """The width of an array's card that shows its whole name, where that is not long."""
    return min(LONG_NAME, 17 + text_width(node.label, NAME, bold=True))


def leaf_width(node: Node) -> float:
    """The width of a flat card that shows its whole name beside a number."""
    return LEFT + text_width(node.label, NAME, bold=True) + 5 + NUMBER_ROOM + RIGHT


def tail_of(node: Node) -> str:
    """What follows the name on a card: the operation, with the names of its operands."""
    return f" = {node.expression}" if node.expression else ""


def tails_of(node: Node) -> list[str]:
    """What may stand for the operation: its formula, its first words, or its name: ` = xent`."""
    tail = tail_of(node)
    if not tail:
        return []
    texts = [tail]
    if node.op_type == FOLD:
        texts += [tail.rpartition(", ")[0], tail.partition(": ")[0]]
    elif len(node.symbol) > 1 and node.symbol.isalpha():
        texts.append(f" = {node.symbol}")
    return [text for text in texts if text.strip()]


def whole_tail(node: Node, room: float) -> str:
    """The longest of these that fits; nothing where none does."""
    return first_fitting(tails_of(node), room, NAME)


def fitting_tail(node: Node, room: float) -> str:
    """The operation as it fits, clipped at its end where it must be."""
    if whole := whole_tail(node, room):
        return whole
    tails = tails_of(node)
    return clipped(tails[-1], NAME, room) if tails and room > text_width(" = m…", NAME) else ""


def second_line(node: Node, room: float) -> str:
    """The operation below the name; without its equals sign, and spaces, where it so fits."""
    texts = [text.strip() for text in tails_of(node)]
    texts += [text.removeprefix("= ") for text in texts]
    texts += [texts[-1].replace(" ", "")] if node.elementwise else []
    return first_fitting(texts, room, otherwise=clipped(texts[-1], SMALL, room))


def name_room_of(card: Card) -> float:
    """The room for the name and the operation in the header of a card."""
    face = card.face
    shape = text_width(face.words, SMALL) + 8 if face is not None and face.in_header else 0.0
    return card.width - 16 - 2 * card.inset - shape


def in_lines(card: Card) -> Card:
    """The card, with its operation in a second line where it does not fit beside the name."""
    left = name_room_of(card) - text_width(card.node.label, NAME, bold=True)
    second = bool(tail_of(card.node)) and not whole_tail(card.node, left)
    return replace(card, second=second and card.kind != "flat")


def whole_widths(card: Card) -> tuple[float, ...]:
    """The widths at which all of the operation shows: in one line, and in a second one."""
    inner = card.width - name_room_of(card)
    name, tail = text_width(card.node.label, NAME, bold=True), tail_of(card.node)
    two = card.width - operation_room(card) + text_width(tail.strip(), SMALL)
    one = inner + name + text_width(tail, NAME)
    return math.ceil(one), math.ceil(max(two, inner + name))


def operation_room(card: Card) -> float:
    return card.width - 13 - 2 * card.inset


def inbox_of(trace: Trace, node: Node, edges: Sequence[str]) -> tuple[str, ...]:
    """The rows of an inbox for these roads; a y that is read has one for its seed, too."""
    return (*edges, "seed") if node.id in trace.ys and edges else tuple(edges)


# Elements, and what they show -------------------------------------------------------------------


def card_group(rules: Rules, card: Card, at: Point) -> Group:
    """The elements of a card in its place."""
    key = card.node.id
    x, y = at
    children: list[Element] = [*outline(rules, key, card.box(key, at), is_y=card.is_y)]
    children += names(card, x, y)
    if card.face is not None:
        left, width = x + card.inset, card.width - 2 * card.inset
        children += face_elements(rules, key, card.face, left, y + card.header, width)
    else:
        children += lanes(rules, card, x, y)
    children += inbox_rows(rules, card, x + card.width, y)
    if card.is_y:
        children += dial(rules, key, card.dial(at), y + card.height)
    return rules.shown(Group(key, tuple(children), "card", node=key), "card", key)


def halos(rules: Rules, of: str, box: Box, phases: Sequence[str] = HALOS) -> Iterator[Box]:
    """The halos of a card for the phases when it is at work; they lie below everything."""
    key, x, y, width, height, _, _, left = box
    for phase in phases:
        size, corner = (width + 8, height + 8), left and left + 3
        halo = Box(f"{key}.halo.{phase}", x - 4, y - 4, *size, 9, "halo", corner)
        yield rules.shown(halo, "halo", of, phase=phase)


def outline(rules: Rules, of: str, box: Box, *, is_y: bool) -> Iterator[Box]:
    """The outline of a card, double for an output."""
    key, x, y, width, height, radius, _, left = box
    yield rules.shown(box._replace(id=f"{key}.body"), "body", of)
    if is_y:
        inner = x + 3, y + 3, width - 6, height - 6, radius - 2
        yield Box(f"{key}.inner", *inner, "body output inner", max(left - 3, 0))


def names(card: Card, x: float, y: float) -> Iterator[Element]:
    """The name of a card with its operation: above the lanes, or in the first of them."""
    node, inset = card.node, card.inset
    name = "text name input" if card.is_leaf else "text name"
    if card.kind == "flat":
        start, base, room = x + LEFT + inset, y + card.seam - 6, name_room(card)
    else:
        start, base, room = x + (8 if card.face is None else 9) + inset, y + 16, name_room_of(card)
    if card.kind == "tall":
        line = straight((x + inset, y + card.header), (x + card.width - inset, y + card.header))
        yield Curve(f"{node.id}.rule", line, "rule")
    label = clipped_name(node.label, NAME, room, bold=True)
    left = room - text_width(label, NAME, bold=True)
    tail = "" if card.second else fitting_tail(node, left)
    yield Text(f"{node.id}.name", start, base, label, name, tail=tail)
    if card.second:
        text = second_line(node, operation_room(card))
        yield Text(f"{node.id}.operation", start, base + SECOND - 1, text, "text quiet-text")


def name_room(card: Card) -> float:
    """The room for the name of a flat card: all of a short one, or what its number leaves."""
    inner = lane_room(card)
    wish = text_width(card.node.label, NAME, bold=True) + text_width(tail_of(card.node), NAME)
    return wish if inner - NUMBER_ROOM < wish <= inner - LEAST_NUMBER else inner - NUMBER_ROOM


def lanes(rules: Rules, card: Card, x: float, y: float) -> Iterator[Element]:
    """The two lanes of a scalar's card, with their numbers."""
    key, inset, room = card.node.id, card.inset, lane_room(card)
    left, right, seam = x + 6 + inset, x + card.width - RIGHT - inset, y + card.seam
    value_room = room
    if card.kind == "flat":
        wish = text_width(card.node.label + tail_of(card.node), NAME, bold=True)
        value_room = room - min(wish, name_room(card)) - 4
    yield Curve(f"{key}.value.lane", upright(left + 1.5, seam - 18, seam - 3), "lane")
    number = Chip(f"{key}.value", right, seam - LANE / 2 + 0.5, 17, "end")
    yield rules.shown(number, "value", key, room=value_room)
    yield rules.shown(number._replace(id=f"{key}.value.wait"), "waiting", key, lane="value")
    if card.has_adjoint:
        yield Curve(f"{key}.adjoint.lane", upright(left + 1.5, seam + 3, seam + 18), "lane adjoint")
        label = Text(f"{key}.adjoint.label", left + 8, seam + 15.5)
        yield rules.shown(label, "label", key, room=room, column=round(x))
        number = Chip(f"{key}.adjoint", right, seam + LANE / 2, 17, "end")
        yield rules.shown(number, "adjoint", key, room=room)
        yield rules.shown(number._replace(id=f"{key}.adjoint.wait"), "waiting", key, lane="adjoint")
        yield rules.shown(Text(f"{key}.cause", right - 16, seam + 16, anchor="end"), "cause", key)


def lane_room(card: Card) -> float:
    """The room for the name and the number of an adjoint."""
    return card.width - LEFT - RIGHT - 2 * card.inset


def upright(x: float, top: float, bottom: float) -> tuple[Point, ...]:
    return straight((x, top), (x, bottom))


def inbox_rows(rules: Rules, card: Card, x: float, y: float) -> Iterator[Element]:
    """The rows of an inbox: a frame, a number, and the dot that waits for it."""
    for row, middle in zip(card.rows, card.outs, strict=True) if card.tray else ():
        at = x + card.tray - 4, y + middle + 4.5
        texts = [*inbox_number(rules, card.node.id, row, at, card.tray - 8)]
        yield Box(f"{texts[0].id}.tray", x, y + middle - ROW / 2, card.tray, ROW, 3, "tray")
        yield from texts


def inbox_number(rules: Rules, of: str, row: str, at: Point, room: float) -> Iterator[Text]:
    """What an edge, or a seed, brings to an adjoint, and the dot that waits for it."""
    if row == "seed":
        seed = Text(f"{of}.inbox.seed", *at, anchor="end")
        yield rules.shown(seed, "inbox seed", of, room=room)
    else:
        number = Text(f"{row}.inbox", *at, anchor="end")
        yield rules.shown(number, "inbox", row, room=room)
        yield rules.shown(number._replace(id=f"{number.id}.wait"), "inbox waiting", row)


def dial(
    rules: Rules, of: str, at: Point, bottom: float, label: Point = (-8.0, -17.0)
) -> Iterator[Element]:
    """The seed that starts the reverse pass, at some place below a card of a y; and its label."""
    x, y = at
    halo = Box(f"{of}.halo.seed", x - 18, y - 18, 36, 36, 18, "halo")
    yield rules.shown(halo, "halo", of, phase="seed")
    line = Curve(f"{of}.seed.line", upright(x, y - 13, bottom + 1), head="open")
    yield rules.shown(line, "seed line", of)
    yield rules.shown(Chip(f"{of}.seed", x, y, 26), "seed", of)
    words = Text(f"{of}.seed.label", x + label[0], y + label[1], anchor="end")
    yield rules.shown(words, "seed label", of)
