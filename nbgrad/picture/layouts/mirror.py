"""The mirror: the forward graph above, and in the same places below it, the reverse pass.

The reverse pass is a graph like any other. It has a card for each adjoint; its arrows lead from
right to left, and beside each stands what the gradient is multiplied by on its way: `× y = 4`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from nbgrad.picture.cards import (
    HALOS,
    HEADER,
    LANE,
    Card,
    array_header,
    dial,
    halos,
    inbox_rows,
    maps,
    names,
    outline,
    tightest_of,
)
from nbgrad.picture.cards.faces import LEFT, RIGHT, Lane
from nbgrad.picture.cards.roads import STUB, backwards, caption_text, lane
from nbgrad.picture.layouts.overlay import (
    LAYERS,
    MARGIN,
    Layers,
    corners_of_cards,
    in_order_of_roads,
    moved,
    tie_ends,
)
from nbgrad.picture.layouts.placing import Area, Placement, Road, place
from nbgrad.picture.layouts.units import Tie, Unit, main_line, roads_of, sizes_of, units_of
from nbgrad.picture.scene import Bar, Box, Curve, Element, Group, Point, Text, straight
from nbgrad.picture.template import Template
from nbgrad.picture.theme import SMALL, text_width
from nbgrad.trace.model import Trace

STRIP, SEED, APART = 22.0, 68.0, 26.0  # for a caption; for a seed; between both halves
BESIDE = 18.0  # how far a caption reaches into the gap before its card
PORTS = 11.0, 33.0  # where two operands come in


@dataclass(frozen=True)
class HalfCard(Card):
    """A card with one lane: a value, or an adjoint."""

    @property
    def seam(self) -> float:
        """The height at which its roads leave."""
        return HEADER if self.face is None else super().seam

    @property
    def height(self) -> float:
        if self.face is not None:
            return super().height
        lane = LANE + 4 if self.is_y else LANE
        return max(HEADER + lane, self.ins[-1] + 11 if self.ports > 2 else 0.0)

    @property
    def ins(self) -> tuple[float, ...]:
        """The heights at which its operands come in, in their order."""
        if self.face is not None or self.ports < 2:
            return super().ins
        first, second = PORTS
        return tuple(first + i * (second - first) for i in range(self.ports))


@dataclass(frozen=True)
class Halves(Unit):
    """A unit of cards with one lane."""

    @property
    def box(self) -> Area:
        """Its size, with strips for captions where it has any."""
        card, whole = self.last, super().box
        above = STRIP if card.ports else 8.0
        below = SEED if card.is_y else STRIP if card.ports > 1 else 8.0
        over = max(0.0, 13.5 - min(card.outs))
        under = max(0.0, max(card.outs) + 13.5 - card.height)
        return replace(whole, above=max(above, over), below=max(below, under))


def mirror(trace: Trace, width: float) -> Template | None:
    """Both passes, one below the other; None where the columns do not fit."""
    for size in sizes_of(trace):
        units = {key: halves_of(unit) for key, unit in units_of(trace, (), width, size).items()}
        roads = roads_of(units)
        boxes = [unit.box for unit in units.values()]
        placed = place(boxes, roads, main_line(trace, units), width - 2 * MARGIN)
        if placed is not None:
            return both_halves(in_order_of_roads(units, placed), roads, placed)
    return None


def halves_of(unit: Unit) -> Unit:
    """A unit with cards of one lane."""
    over, under = (
        tuple(Tie(tie.edge, half_of(tie.card)) for tie in ties) for ties in (unit.over, unit.under)
    )
    return Halves(unit.id, (half_of(unit.last),), unit.edges, over=over, under=under)


def half_of(card: Card) -> HalfCard:
    """A card with one lane; that of an array is as wide as one map."""
    face, width = card.face, card.width
    if face is not None:
        face = replace(face, has_adjoint=False, notes=("", ""))
        words = text_width(face.words, SMALL) + 8 if face.in_header else 0
        header = array_header(card.node, width) + 8 + words
        below = 0 if face.in_header else text_width(face.words, SMALL) + 12
        width = max(face.maps_width + LEFT + RIGHT, min(header, width), below)
    return HalfCard(
        card.node, card.kind, width, card.rows, card.ports, card.is_y, face, card.is_data
    )


# Painting ---------------------------------------------------------------------------------------


def both_halves(units: Mapping[str, Unit], roads: Sequence[Road], placed: Placement) -> Template:
    """The elements and rules of both halves."""
    above = corners_of_cards(units, placed)
    height = placed.height + APART
    below = {key: (x, y + height) for key, (x, y) in above.items()}
    layers = Layers(*LAYERS)
    for road in roads:
        stations = [moved(point) for point in placed.stations[road.id]]
        card, start = units[road.source.box].last, stations[0]
        x, y = above[card.node.id]
        if card.tray:  # there is no inbox above: a value leaves at the seam
            start = x + card.width, y + card.seam
        forward = [start, *stations] if start[0] != x + card.width or card.tray else stations
        paint_forward(layers, road.id, lane(forward, 0))
        paint_reverse(layers, road.id, lane([(x, y + height) for x, y in stations], 0))
    cards = [card for unit in units.values() for card in unit.all_cards if card.has_adjoint]
    tightest = tightest_of((card.node, card.width - 18) for card in cards)
    for unit in units.values():
        for tie in unit.ties:
            paint_half_tie(layers, tie, unit, above, below)
        paint_factors(layers, unit, below)
        for card in unit.all_cards:
            paint_value(layers, card, above[card.node.id])
            if card.has_adjoint:
                paint_adjoint(layers, card, below[card.node.id], tightest)
    size = placed.width + 2 * MARGIN, placed.height + height + 2 * MARGIN
    return layers.template(*size)


def paint_forward(layers: Layers, key: str, points: tuple[Point, ...]) -> None:
    """The arrow of a value."""
    line = layers.shown(Curve(f"{key}.forward", points, "road forward", "filled"), "forward", key)
    layers["roads"].append(layers.shown(Group(key, (line,), "edge", edge=key), "edge", key))


def paint_reverse(layers: Layers, key: str, points: tuple[Point, ...]) -> None:
    """The arrow of a gradient, against the points, with its light and its double bar."""
    (x, y), (before, _) = points[-1], points[-2]
    is_level = before != x or points[0][0] != x
    dx, dy = (-1, 0) if is_level else (0, 1 if points[0][1] > y else -1)
    stub = straight((x, y), (x + STUB * dx, y + STUB * dy))
    layers["lights"].append(layers.shown(Curve(f"{key}.glow", points), "glow", key))
    reverse = Curve(f"{key}.reverse", backwards(points), "road reverse", "open")
    parts = (
        layers.shown(reverse, "reverse", key),
        layers.shown(Curve(f"{key}.stub", stub, "reverse"), "stub", key),
        layers.shown(Bar(f"{key}.stop", x + 20 * dx, y + 20 * dy, 18), "stop", key),
    )
    group = Group(f"{key}.back", parts, "edge", edge=key)
    layers["roads"].append(layers.shown(group, "edge", key))


def paint_half_tie(
    layers: Layers, tie: Tie, unit: Unit, above: Mapping[str, Point], below: Mapping[str, Point]
) -> None:
    """The upright arrows between an attached card and its reader."""
    paint_forward(layers, tie.edge, straight(*tie_ends(tie, unit.last, above)))
    if not tie.card.has_adjoint:
        return
    source, target = tie_ends(tie, unit.last, below)
    paint_reverse(layers, tie.edge, straight(source, target))
    others = unit.over if tie in unit.over else unit.under
    after = [tie_ends(other, unit.last, below)[0][0] - source[0] for other in others]
    room = min([x for x in after if x > 0], default=unit.last.width / 2 + 36) - 16
    text = caption_text(tie.edge, (source[0] + 8, (source[1] + target[1]) / 2 + 4.5))
    layers["captions"].append(layers.shown(text, "factor", tie.edge, room=room))


def paint_factors(layers: Layers, unit: Unit, at: Mapping[str, Point]) -> None:
    """What gradients are multiplied by: the first above the card they leave, the last below."""
    card = unit.last
    x, y = at[card.node.id]
    for i, edge in enumerate(unit.edges):
        if i not in (0, len(unit.edges) - 1) or (i and unit.under):
            continue
        text = caption_text(edge.id, (x + 3, y + card.height + 17 if i else y - 9))
        room = card.width - 40 if i and card.is_y else card.width + 4
        if not i and unit.over:  # beside the arrow to the first card above
            left = min(tie_ends(tie, card, at)[0][0] for tie in unit.over) - 6
            text = text._replace(x=left, anchor="end")
            room = left - x + BESIDE
        layers["captions"].append(layers.shown(text, "factor", edge.id, room=room))


# Cards ------------------------------------------------------------------------------------------


def paint_value(layers: Layers, card: Card, at: Point) -> None:
    """The card of a value."""
    key, (x, y) = card.node.id, at
    children = [*names(card, x, y), *half_number(layers, card, "value", x, y)]
    if card.face is not None:
        children.append(maps.shape_text(key, card.face, x, y + HEADER, card.width))
    paint_half(layers, card, card.box(key, at), HALOS[:1], children)


def paint_adjoint(layers: Layers, card: Card, at: Point, tightest: object) -> None:
    """The card of an adjoint: its symbol as the name, and where it came from."""
    of, (x, y), room = card.node.id, at, card.width - 18
    key = f"{of}.back"
    label = Text(f"{of}.adjoint.label", x + 10, y + 16)
    children: list[Element] = [
        layers.shown(label, "total", of, room=room, tightest=tightest),
        Curve(f"{key}.rule", straight((x, y + HEADER), (x + card.width, y + HEADER)), "rule"),
        *half_number(layers, card, "adjoint", x, y),
        *inbox_rows(layers.rules, card, x + card.width, y),
    ]
    if card.is_y:
        children += dial(layers.rules, of, card.dial(at), y + card.height)
    paint_half(layers, card, card.box(key, at), HALOS[1:], children)


def paint_half(
    layers: Layers, card: Card, box: Box, phases: Sequence[str], inside: Sequence[Element]
) -> None:
    """A card with one lane, and its halos for when it is at work."""
    of, rules = card.node.id, layers.rules
    layers["lights"] += halos(rules, of, box, phases)
    parts = (*outline(rules, of, box, is_y=card.is_y), *inside)
    layers["cards"].append(layers.shown(Group(box.id, parts, "card", node=of), "card", of))


def half_number(layers: Layers, card: Card, lane: Lane, x: float, y: float) -> Iterator[Element]:
    """The number in the lane of a card, or its map."""
    face, right, middle = card.face, x + card.width - 8 - card.inset, y + 32.5
    if face is not None:
        right = x + (card.width + face.grid.width) / 2
        middle = y + HEADER + face.corner("value", 0)[1] + face.grid.height / 2
    mark = x + 7.5 + card.inset
    return layers.lane(card.node.id, lane, face, right, middle, mark, card.width - 26)
