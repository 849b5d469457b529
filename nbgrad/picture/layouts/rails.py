"""The rails: one card a row, for a narrow column, and for a graph too deep for columns.

Values and adjoints stand below each other, as in a table. At the left, brackets lead each value
down to its readers; at the right, others lead each gradient back up. A bracket runs on a track:
the shorter it is the closer to the cards, and no two brackets on one track overlap.

The mirror on rails has the forward pass as one list of cards, and below it the reverse pass from
the ys back to the leaves; both are read downwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from nbgrad.picture.cards import HALOS, dial, halos, inbox_number, outline, tail_of, tightest_of
from nbgrad.picture.cards.faces import Lane
from nbgrad.picture.layouts.overlay import Layers
from nbgrad.picture.layouts.rail_places import (
    BEND,
    DIAL,
    GAP,
    HEAD,
    LANE,
    LOCAL,
    PAD,
    SEAT,
    SEATS,
    SPACE,
    Columns,
    RailGraph,
    RailRow,
    ports_of,
    shape_words,
)
from nbgrad.picture.scene import Bar, Box, Curve, Element, Group, Point, Text, straight
from nbgrad.picture.template import Template
from nbgrad.picture.theme import NAME, SMALL, clipped, elided, text_width
from nbgrad.trace.model import Edge, Node, Trace

GLOW = 9.0
BAR, LOW_BAR = 12.0, 7.0  # the height of a double bar, and of one among several
LAYERS = ("lights", "heads", "roads", "cards")


def rails(trace: Trace, width: float) -> Template:
    """The picture of a trace with one card a row."""
    graph = RailGraph(trace, width)
    painter = RailPainter(graph, Layers(*LAYERS), graph.columns, ("value", "adjoint"))
    return painter.template(painter.paint(graph.nodes, HEAD))


def mirror_rails(trace: Trace, width: float) -> Template:
    """Both passes below each other, one card a row."""
    graph = RailGraph(trace, width)
    columns, layers = graph.columns, Layers(*LAYERS)
    columns = replace(columns, names=columns.names + columns.locals, locals=0)
    wide = replace(columns, names=columns.names + columns.numbers + LANE + SPACE)
    middle = RailPainter(graph, layers, wide, ("value",)).paint(graph.nodes, HEAD) + 2 * HEAD
    factors = replace(columns, locals=columns.numbers + LANE)
    lower = RailPainter(graph, layers, factors, ("adjoint",))
    back = [node for node in reversed(graph.nodes) if graph.has_adjoint(node)]
    return lower.template(lower.paint(back, middle))


def joining(edges: Sequence[Edge], tracks: Mapping[str, int], place: Mapping[str, int]) -> set[str]:
    """The edges whose gradients join the bracket of a farther reader that shares their track."""
    farthest: dict[tuple[str, int], Edge] = {}
    for edge in sorted(edges, key=lambda edge: -abs(place[edge.target] - place[edge.source])):
        farthest.setdefault((edge.source, tracks[edge.id]), edge)
    return {edge.id for edge in edges} - {edge.id for edge in farthest.values()}


def bracket(x: float, y: float, end: float, reach: float) -> tuple[Point, ...]:
    """A bracket from a card's side out to a track, along it, and back; to the left below zero."""
    way, down = 1 if reach > 0 else -1, 1 if end > y else -1
    turn, out = x + reach - way * BEND, x + reach
    upper, lower = y + down * BEND, end - down * BEND
    near = 0.45 * BEND  # such that a corner looks like a quarter of a circle
    first = ((x, y), (x, y), (turn, y), (turn, y))
    corner = ((out - way * near, y), (out, y + down * near), (out, upper))
    along = ((out, upper), (out, lower), (out, lower))
    last = ((out, end - down * near), (out - way * near, end), (turn, end))
    return (*first, *corner, *along, *last, (turn, end), (x, end), (x, end))


# Painting ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RailPainter:
    """The elements of cards and brackets, and their rules; a card of the mirror has one lane."""

    graph: RailGraph
    layers: Layers
    columns: Columns
    lanes: tuple[Lane, ...]

    @property
    def part(self) -> str:
        """What the ids of the mirror's lower half end in."""
        return "" if "value" in self.lanes else ".back"

    def right_of(self, lane: Lane) -> float:
        """The right end of the numbers of a lane."""
        return self.columns.value if lane != self.lanes[-1] else self.columns.adjoint

    def template(self, bottom: float) -> Template:
        return self.layers.template(self.columns.left + self.columns.right, bottom + GAP)

    def paint(self, nodes: Sequence[Node], top: float) -> float:
        """Add cards, their brackets, and the words above them; returns where they end."""
        rows, tracks = self.graph.rows(nodes, self.columns, top, self.lanes), self.graph.tracks
        place = {row.node.id: n for n, row in enumerate(rows)}
        edges = [edge for edge in self.graph.edges if edge.source in place]
        heights, joins = ports_of(rows, edges, tracks), joining(edges, tracks, place)
        several = {edge.id for row in rows for edge in row.operands if row.operands[1:]}
        for edge in edges:
            ends = heights[edge.source, edge.id], heights[edge.target, edge.id]
            bar = LOW_BAR if edge.id in several else BAR
            reach = self.columns.reach(tracks[edge.id])
            self.road(edge.id, ends, reach, bar, joins=edge.id in joins)
        tightest = tightest_of((row.node, self.columns.names) for row in rows)
        for row in rows:
            self.card(row, tightest)
        self.heads(top - 9, rows)
        seeds = DIAL if "adjoint" in self.lanes else 0.0
        return max((row.bottom + seeds * row.is_y for row in rows), default=top)

    def heads(self, base: float, rows: Sequence[RailRow]) -> None:
        """The words above the columns; the last adjoint names one."""
        columns, heads = self.columns, self.layers["heads"]
        if columns.locals:
            heads.append(Text("head.local", columns.local, base, "local", "text local-text"))
        for lane in self.lanes:
            words = ("value", "text value-text") if lane == "value" else ("", "")
            heads.append(Text(f"head.{lane}", self.right_of(lane), base, *words, "end"))
        if rows and "adjoint" in self.lanes:
            room = columns.numbers + LANE
            self.layers.rule("head.adjoint", "adjoint head", rows[-1].node.id, room=room)

    def road(
        self, key: str, ends: tuple[float, float], reach: float, bar: float, *, joins: bool
    ) -> None:
        """The brackets of an edge; a gradient that joins another's goes as far as its track."""
        (source, reader), right, layers = ends, self.columns.right, self.layers
        parts: list[Element] = []
        if "value" in self.lanes:
            value = bracket(self.columns.left, source, reader, -reach)
            curve = Curve(f"{key}.forward", value, "road forward", "filled")
            parts.append(layers.shown(curve, "forward", key))
        if "adjoint" in self.lanes:
            back = bracket(right, reader, source, reach)
            glow = Curve(f"{key}.glow", back[::-1])
            layers["lights"].append(layers.shown(glow, "glow", key, width=GLOW))
            reverse = Curve(f"{key}.reverse", back, "road reverse", "open")
            if joins:
                short = straight((right, reader), (right + reach, reader))
                reverse = reverse._replace(points=short, head="")
            stub = straight((right, reader), (right + 5, reader))
            parts += [
                layers.shown(reverse, "reverse", key),
                layers.shown(Curve(f"{key}.stub", stub, "reverse"), "stub", key),
                layers.shown(Bar(f"{key}.stop", right + 10, reader, bar), "stop", key),
            ]
        group = Group(f"{key}{self.part}", tuple(parts), "edge", edge=key)
        layers["roads"].append(layers.shown(group, "edge", key))

    def card(self, row: RailRow, tightest: object) -> None:
        """A card: its name, or that of its adjoint; local derivatives; its lanes; its terms."""
        key, columns = row.node.id, self.columns
        parts = self.outline(row)
        if "value" in self.lanes:
            parts += self.names(row)
        else:
            label = Text(f"{key}.adjoint.label", columns.name, row.middle + 4.5)
            room = columns.names
            parts.append(self.layers.shown(label, "total", key, room=room, tightest=tightest))
        parts += self.locals(row) if columns.locals else ()
        for lane in self.lanes:
            if lane == "value" or row.has_adjoint:
                right, room = self.right_of(lane), columns.numbers
                place = right, row.middle, right - room - LANE, room
                parts += self.layers.lane(key, lane, row.face, *place)
        if "adjoint" in self.lanes:
            parts += self.terms(row)
            if row.is_y:
                seed = columns.adjoint - 22, row.bottom + 26
                parts += dial(self.layers.rules, key, seed, row.bottom, (-34, 4.5))
        group = Group(f"{key}{self.part}", tuple(parts), "card", node=key)
        self.layers["cards"].append(self.layers.shown(group, "card", key))

    def outline(self, row: RailRow) -> list[Element]:
        """The outline of a card, with halos for when it is at work."""
        layers, of, columns = self.layers, row.node.id, self.columns
        radius = 13.0 if row.node.role in ("input", "variable") else 6.0
        place = columns.left, row.y, columns.width, row.height, radius
        phases = HALOS[:1] * ("value" in self.lanes) + HALOS[1:] * ("adjoint" in self.lanes)
        box = Box(f"{of}{self.part}", *place)
        layers["lights"] += halos(layers.rules, of, box, phases)
        return [*outline(layers.rules, of, box, is_y=row.is_y)]

    def names(self, row: RailRow) -> Iterator[Text]:
        """The name, as much of the expression as has room, and the shape of an array."""
        node, columns, y = row.node, self.columns, row.middle + 4.5
        room = columns.width - 2 * PAD if row.has_own_line else columns.names
        label = elided(node.label, NAME, room, bold=True)
        tail = clipped(tail_of(node), NAME, room - text_width(label, NAME, bold=True))
        if tail.endswith("…") and len(tail) < len(" = ab…"):
            tail = ""
        classes = "text name input" if node.role in ("input", "variable") else "text name"
        if row.face is not None:
            words = clipped(shape_words(row.face), SMALL, columns.names)
            below = 0 if row.has_own_line else 9
            yield Text(f"{node.id}.shape", columns.name, y + below, words, "text quiet-text")
            y -= 8
        if row.has_own_line:
            y = row.y + 17
        yield Text(f"{node.id}.name", columns.name, y, label, classes, tail=tail)

    def locals(self, row: RailRow) -> Iterator[Text]:
        """The local derivatives of a card's operands, below each other."""
        top = row.middle - LOCAL * (len(row.operands) - 1) / 2
        form = "local" if "value" in self.lanes else "factor"
        for n, edge in enumerate(row.operands):
            text = Text(f"{edge.id}.local", self.columns.local, top + n * LOCAL + 4.5)
            yield self.layers.shown(text, form, edge.id, room=self.columns.locals)

    def terms(self, row: RailRow) -> Iterator[Text]:
        """The terms of the sum that an adjoint is, in lines below it."""
        count = self.columns.seats(row.terms)
        bottom = row.bottom - 8 - SEATS * (-(-len(row.terms) // count))
        for n, term in enumerate(row.terms):
            line, seat = divmod(n, count)
            after = min(count, len(row.terms) - line * count) - seat - 1
            x, y = self.columns.adjoint - after * SEAT, bottom + (line + 1) * SEATS
            yield from inbox_number(self.layers.rules, row.node.id, term, (x, y), SEAT - 6)
