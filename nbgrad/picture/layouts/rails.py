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

from nbgrad.picture.cards import HALOS, maps, tail_of, tightest_of
from nbgrad.picture.cards.faces import Lane
from nbgrad.picture.cards.roads import road_rules
from nbgrad.picture.layouts.overlay import Layers
from nbgrad.picture.layouts.rail_places import (
    BEND,
    CROWDED,
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
    ports,
    seats,
    shape_words,
    tracks_of,
)
from nbgrad.picture.scene import Bar, Box, Chip, Curve, Element, Group, Point, Text, straight
from nbgrad.picture.template import Template
from nbgrad.picture.theme import NAME, SMALL, clipped, elided, text_width
from nbgrad.trace.model import Edge, Trace

GLOW = 9.0
BAR, LOW_BAR = 12.0, 7.0  # the height of a double bar, and of one among several
LAYERS = ("lights", "heads", "roads", "cards")


def rails(trace: Trace, width: float) -> Template:
    """The picture of a trace with one card a row."""
    graph = RailGraph(trace, width)
    columns, tracks, faces = graph.fitting()
    rows = graph.rows(graph.nodes, faces, columns)
    heights = {row.node.id: ports(row, graph.edges, tracks) for row in rows}
    painter = RailPainter(Layers(*LAYERS), columns)
    joins = joining(graph.edges, tracks, {node.id: n for n, node in enumerate(graph.nodes)})
    bars = {e.id: LOW_BAR if row.operands[1:] else BAR for row in rows for e in row.operands}
    ends = {e.id: (heights[e.source][e.id], heights[e.target][e.id]) for e in graph.edges}
    for key, track in tracks.items():
        curve = bracket(columns.right, *ends[key], columns.reach(track))
        painter.glow(key, curve)
    for key in ends:
        painter.road(key, ends[key], columns.reach(tracks[key]), bars[key], joins=key in joins)
    for row in rows:
        painter.card(row)
    painter.heads(HEAD, rows[-1].node.id if rows else "")
    bottom = max((row.bottom + DIAL * row.is_y for row in rows), default=HEAD)
    return painter.layers.template(columns.left + columns.right, bottom + GAP)


def mirror_rails(trace: Trace, width: float) -> Template:
    """Both passes below each other, one card a row."""
    graph = RailGraph(trace, width)
    columns, tracks, faces = graph.fitting()
    columns = replace(columns, names=columns.names + columns.locals, locals=0)
    wide = replace(columns, names=columns.names + columns.numbers + LANE + SPACE)
    upper = graph.rows(graph.nodes, faces, wide, sums=False)
    middle = upper[-1].bottom + 2 * HEAD if upper else HEAD
    back = [row.node for row in reversed(upper) if row.has_adjoint]
    factors = replace(columns, locals=columns.numbers + LANE)
    lower = graph.rows(back, faces, factors, middle, named=False)
    layers = Layers(*LAYERS)
    value = Text("head.value", columns.adjoint, HEAD - 9, "value", "text value-text", "end")
    layers["heads"] += [value, Text("head.adjoint", columns.adjoint, middle - 9, anchor="end")]
    if back:
        room = columns.numbers + LANE
        layers.rule("head.adjoint", "adjoint head", back[-1].id, room=room)
    paint_forward_half(RailPainter(layers, wide), upper, graph.edges, tracks)
    kept = {node.id for node in back}
    ways = [edge for edge in graph.edges if edge.source in kept]
    paint_reverse_half(layers, factors, lower, ways)
    bottom = max((row.bottom + DIAL * row.is_y for row in lower), default=middle)
    return layers.template(columns.left + columns.right, bottom + GAP)


def joining(edges: Sequence[Edge], tracks: Mapping[str, int], place: Mapping[str, int]) -> set[str]:
    """The edges whose gradients join the bracket of a later reader: those that share its track."""
    last: dict[tuple[str, int], Edge] = {}
    for edge in edges:
        key = edge.source, tracks[edge.id]
        if key not in last or place[edge.target] > place[last[key].target]:
            last[key] = edge
    return {edge.id for edge in edges} - {edge.id for edge in last.values()}


def paint_forward_half(
    painter: RailPainter, rows: Sequence[RailRow], edges: Sequence[Edge], tracks: Mapping[str, int]
) -> None:
    """The values of the mirror: cards, and brackets at their left."""
    layers, columns = painter.layers, painter.columns
    heights = {row.node.id: ports(row, edges, tracks) for row in rows}
    for edge in edges:
        key, reach = edge.id, -columns.reach(tracks[edge.id])
        curve = bracket(columns.left, heights[edge.source][key], heights[edge.target][key], reach)
        layers.add_forward(key, curve)
    for row in rows:
        key = row.node.id
        parts = [*painter.outline(row, HALOS[:1]), *painter.names(row)]
        parts += painter.lane(row, "value", columns.adjoint)
        layers["cards"].append(Group(key, tuple(parts), "card", node=key))


def paint_reverse_half(
    layers: Layers, columns: Columns, rows: Sequence[RailRow], edges: Sequence[Edge]
) -> None:
    """The adjoints of the mirror: cards, and brackets at their right, down from a reader.

    They have the room that those of the values take on the other side.
    """
    # From the last row up, an operand stands before its readers.
    place = {row.node.id: -n for n, row in enumerate(rows)}
    for shared in (False, True):
        tracks = tracks_of(edges, place, shared=shared)
        room = (columns.left - columns.reach(0)) / max(tracks.values(), default=1)
        if room >= CROWDED:
            break
    painter = RailPainter(layers, replace(columns, apart=min(columns.apart, room)))
    ways = [replace(edge, source=edge.target, target=edge.source) for edge in edges]
    heights = {}
    for row in rows:
        coming = tuple(edge for edge in ways if edge.target == row.node.id)
        heights[row.node.id] = ports(replace(row, operands=coming), ways, tracks)
    for edge in ways:
        key, start = edge.id, heights[edge.source][edge.id]
        reach = painter.columns.reach(tracks[key])
        curve = bracket(columns.right, start, heights[edge.target][key], reach)
        painter.glow(key, curve)
        layers.add_back(key, curve, painter.stops(key, start, BAR))
    tightest = tightest_of((row.node, columns.names) for row in rows)
    for row in rows:
        painter.adjoint_card(row, tightest)


def bracket(x: float, y: float, end: float, reach: float) -> tuple[Point, ...]:
    """A bracket from a card's side out to a track, along it, and back; to the left below zero."""
    way = 1 if reach > 0 else -1
    turn, out = x + reach - way * BEND, x + reach
    upper, lower = y + BEND, end - BEND
    near = 0.45 * BEND  # such that a corner looks like a quarter of a circle
    first = ((x, y), (x, y), (turn, y), (turn, y))
    corner = ((out - way * near, y), (out, y + near), (out, upper))
    along = ((out, upper), (out, lower), (out, lower))
    last = ((out, end - near), (out - way * near, end), (turn, end))
    return (*first, *corner, *along, *last, (turn, end), (x, end), (x, end))


# Painting ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RailPainter:
    """The elements of cards and brackets in their columns, and the rules of these elements."""

    layers: Layers
    columns: Columns

    def heads(self, top: float, last: str) -> None:
        """The words above the columns; `last` is the node whose adjoint names one."""
        columns, base = self.columns, top - 9
        heads = self.layers["heads"]
        if columns.locals:
            heads.append(Text("head.local", columns.local, base, "local", "text local-text"))
        heads.append(Text("head.value", columns.value, base, "value", "text value-text", "end"))
        heads.append(Text("head.adjoint", columns.adjoint, base, anchor="end"))
        if last:
            room = columns.numbers + LANE
            self.layers.rule("head.adjoint", "adjoint head", last, room=room)

    def road(
        self, key: str, ends: tuple[float, float], reach: float, bar: float, *, joins: bool
    ) -> None:
        """The brackets of an edge: its value's at the left, its gradient's at the right.

        A gradient that joins another's bracket on its track goes as far as that.
        """
        right, end = self.columns.right, ends[1]
        back = straight((right, end), (right + reach, end))
        back = back if joins else bracket(right, *ends, reach)[::-1]
        value = bracket(self.columns.left, *ends, -reach)
        parts = (
            Curve(f"{key}.forward", value, "road forward", "filled"),
            Curve(f"{key}.reverse", back, "road reverse", "" if joins else "open"),
            *self.stops(key, end, bar),
        )
        self.layers["roads"].append(Group(key, parts, "edge", edge=key))
        rules = road_rules(key, self.columns.locals or None)
        self.layers.rules += (rule for rule in rules if rule.form != "glow")

    def glow(self, key: str, curve: tuple[Point, ...]) -> None:
        """The light below the bracket of a gradient."""
        light = Curve(f"{key}.glow", curve)
        self.layers["lights"].append(self.layers.shown(light, "glow", key, width=GLOW))

    def stops(self, key: str, y: float, bar: float) -> tuple[Curve, Bar]:
        """The double bar where a gradient leaves its reader, and the way to it."""
        right = self.columns.right
        stub = Curve(f"{key}.stub", straight((right, y), (right + 5, y)), "reverse")
        return stub, Bar(f"{key}.stop", right + 10, y, bar)

    def card(self, row: RailRow) -> None:
        """The card of a value and its adjoint."""
        key, columns = row.node.id, self.columns
        parts = [*self.outline(row, HALOS), *self.names(row)]
        parts += self.locals(row) if columns.locals else ()
        parts += self.lane(row, "value", columns.value)
        if row.has_adjoint:
            parts += [*self.lane(row, "adjoint", columns.adjoint), *self.cause(row)]
        parts += [*self.terms(row), *self.dial(row)]
        self.layers["cards"].append(Group(key, tuple(parts), "card", node=key))

    def adjoint_card(self, row: RailRow, tightest: object) -> None:
        """The card of an adjoint: its symbol, the factors on its ways down, number and terms."""
        key, columns = row.node.id, self.columns
        label = Text(f"{key}.adjoint.label", columns.name, row.middle + 4.5)
        parts = [
            *self.outline(row, HALOS[1:], ".back"),
            self.layers.shown(label, "total", key, room=columns.names, tightest=tightest),
            *self.locals(row),
            *self.lane(row, "adjoint", columns.adjoint),
            *self.terms(row),
            *self.cause(row),
            *self.dial(row),
        ]
        for edge in row.operands:
            self.layers.rule(f"{edge.id}.local", "factor", edge.id, room=columns.locals)
        self.layers["cards"].append(Group(f"{key}.back", tuple(parts), "card", node=key))

    def outline(self, row: RailRow, phases: Sequence[str], part: str = "") -> list[Element]:
        """The outline of a card, double for an output, with lights for when it is at work."""
        layers, of, x, width = self.layers, row.node.id, self.columns.left, self.columns.width
        key = f"{of}{part}"
        layers.rule(key, "card", of)
        for phase in phases:
            place = x - 3.5, row.y - 3.5, width + 7, row.height + 7
            halo = Box(f"{key}.halo.{phase}", *place, 9, "halo")
            layers["lights"].append(layers.shown(halo, "halo", of, phase=phase))
        if row.is_y and "sum" in phases:
            middle, below = self.columns.adjoint - 22, row.bottom + 26
            halo = Box(f"{of}.halo.seed", middle - 17, below - 17, 34, 34, 17, "halo")
            layers["lights"].append(layers.shown(halo, "halo", of, phase="seed"))
        radius = 13.0 if row.node.role in ("input", "variable") else 6.0
        body = Box(f"{key}.body", x, row.y, width, row.height, radius)
        inner = x + 3, row.y + 3, width - 6, row.height - 6
        double = [Box(f"{key}.inner", *inner, radius - 2, "body output inner")] if row.is_y else []
        return [layers.shown(body, "body", of), *double]

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
        for n, edge in enumerate(row.operands):
            yield Text(f"{edge.id}.local", self.columns.local, top + n * LOCAL + 4.5)

    def lane(self, row: RailRow, which: Lane, right: float) -> Iterator[Element]:
        """The mark of a lane and its number, or the map of an array."""
        key, y, layers = row.node.id, row.middle, self.layers
        if row.face is not None:
            yield from maps.map_at(layers.rules, key, row.face, which, right, y)
            return
        x = right - self.columns.numbers - LANE
        mark = straight((x, y - 9), (x, y + 9))
        number = Chip(f"{key}.{which}", right, y + 0.5, 17, "end")
        yield from layers.number(number, which, key, self.columns.numbers, mark)

    def cause(self, row: RailRow) -> Iterator[Text]:
        """Why there is no adjoint, beside None."""
        key, x = row.node.id, self.columns.adjoint - 16
        if row.face is None:
            text = Text(f"{key}.cause", x, row.middle + 5, anchor="end")
            yield self.layers.shown(text, "cause", key)

    def terms(self, row: RailRow) -> Iterator[Text]:
        """The terms of the sum that an adjoint is, in lines below it."""
        count, layers, room = seats(self.columns, row.terms), self.layers, SEAT - 6
        bottom = row.bottom - 8 - SEATS * (-(-len(row.terms) // count))
        for n, term in enumerate(row.terms):
            line, seat = divmod(n, count)
            after = min(count, len(row.terms) - line * count) - seat - 1
            x, y = self.columns.adjoint - after * SEAT, bottom + (line + 1) * SEATS
            if term == "seed":
                text = Text(f"{row.node.id}.inbox.seed", x, y, anchor="end")
                yield layers.shown(text, "inbox seed", row.node.id, room=room)
            else:
                text = Text(f"{term}.inbox", x, y, anchor="end")
                yield layers.shown(text, "inbox", term, room=room)
                yield layers.shown(text._replace(id=f"{text.id}.wait"), "inbox waiting", term)

    def dial(self, row: RailRow) -> Iterator[Element]:
        """The seed that starts the reverse pass, below the adjoint of a y."""
        of, x, y = row.node.id, self.columns.adjoint - 22, row.bottom + 26
        if row.is_y:
            line = straight((x, y - 13), (x, row.bottom + 1))
            yield self.layers.shown(Curve(f"{of}.seed.line", line, head="open"), "seed line", of)
            yield self.layers.shown(Chip(f"{of}.seed", x, y, 26), "seed", of)
            label = Text(f"{of}.seed.label", x - 34, y + 4.5, anchor="end")
            yield self.layers.shown(label, "seed label", of)
