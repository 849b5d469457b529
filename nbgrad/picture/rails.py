"""The rails: one card a row, for a narrow column, and for a graph too deep for columns.

Values and adjoints stand below each other, as in a table. At the left, brackets lead each value
down to its readers; at the right, others lead each gradient back up. A bracket runs on a track:
the shorter it is the closer to the cards, and no two brackets on one track overlap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nbgrad.picture import maps
from nbgrad.picture.cards import HALOS, rows_of, tail_of
from nbgrad.picture.faces import faces_of
from nbgrad.picture.maps import Face
from nbgrad.picture.roads import road_rules
from nbgrad.picture.scene import (
    Bar,
    Box,
    Chip,
    Curve,
    Element,
    Group,
    Point,
    Scene,
    Text,
    straight,
)
from nbgrad.picture.style import Rule
from nbgrad.picture.template import Template
from nbgrad.picture.text_width import clipped, text_width
from nbgrad.picture.theme import NAME, SMALL
from nbgrad.picture.units import formula_order, shown_edges
from nbgrad.trace.model import Edge, Node, Trace

HEAD, LINE, GAP = 26.0, 34.0, 8.0  # above the first card; a card of one line; between two cards
SEAT, SEATS = 54.0, 17.0  # the width of one term of a sum, and the height of a line of them
ARRAY = 44.0  # the least height of the line of an array, which has its shape below its name
LOCAL = 16.0  # the height of one local derivative
DIAL = 44.0  # the room for the seed below the card of a y
FIRST, APART, CLOSEST = 5.0, 8.5, 4.0  # from a card to its tracks, and between two tracks
BEND = 5.0  # the radius of a bracket's corners
PAD, NUMBER, LANE, SPACE = 11.0, 73.0, 6.0, 8.0  # see `Columns`
NAMES, LOCALS = (64.0, 260.0), (78.0, 150.0)  # the least and the most room for each
READABLE = 120.0  # with less room for names than this, small arrays do without numbers
GLOW = 9.0


@dataclass(frozen=True)
class Columns:
    """Where things stand from left to right: a number's room has a lane before it, and space.

    Attributes
    ----------
    names, locals, numbers
        How wide these columns are; the names would like to have `wish`.
    apart
        The distance between two tracks.
    """

    left: float
    width: float
    names: float
    wish: float
    locals: float
    numbers: float
    apart: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def name(self) -> float:
        """The left end of the names."""
        return self.left + PAD

    @property
    def local(self) -> float:
        """The left end of the local derivatives."""
        return self.name + self.names + SPACE

    @property
    def adjoint(self) -> float:
        """The right end of the adjoints."""
        return self.right - PAD + 1

    @property
    def value(self) -> float:
        """The right end of the values."""
        return self.adjoint - self.numbers - LANE - SPACE

    def reach(self, track: int) -> float:
        """How far a track is from the cards."""
        return FIRST + self.apart * track


@dataclass(frozen=True)
class RailRow:
    """A card in its place.

    Attributes
    ----------
    face
        How an array is shown.
    middle
        The height of its numbers, or of the middle of its maps.
    operands
        The edges that are drawn to it.
    terms
        The ids of the edges whose gradients sum to its adjoint, and "seed", where it is a sum.
    """

    node: Node
    face: Face | None
    y: float
    height: float
    middle: float
    operands: tuple[Edge, ...]
    terms: tuple[str, ...]
    is_y: bool

    @property
    def bottom(self) -> float:
        return self.y + self.height


def rails(trace: Trace, width: float) -> Template:
    """The picture of a trace with one card a row."""
    nodes = formula_order(trace)
    place = {node.id: n for n, node in enumerate(nodes)}
    edges = [e for node in nodes for e in shown_edges(trace, trace.incoming(node))]
    tracks = tracks_of([(e.id, place[e.source], place[e.target]) for e in edges])
    most = max(tracks.values(), default=0)
    faces = faces_of(trace)
    columns = columns_of(edges, nodes, faces, width, most)
    if columns.names < min(READABLE, columns.wish):
        faces = faces_of(trace, numbered=False)
        columns = columns_of(edges, nodes, faces, width, most)
    rows = rows_of_cards(trace, nodes, faces, columns)
    heights = {row.node.id: ports(row, edges, tracks) for row in rows}
    ends = {e.id: (heights[e.source][e.id], heights[e.target][e.id]) for e in edges}
    lit = (
        Curve(f"{key}.glow", bracket(columns.right, *ends[key], columns.reach(tracks[key])))
        for key in tracks
    )
    layers = (
        Group("lights", (*lit, *(halo for row in rows for halo in rail_halos(columns, row)))),
        Group("heads", tuple(rail_heads(columns))),
        Group("roads", tuple(road(columns, key, ends[key], tracks[key]) for key in ends)),
        Group("cards", tuple(rail_card(columns, row) for row in rows)),
    )
    bottom = max((row.bottom + DIAL * row.is_y for row in rows), default=HEAD)
    scene = Scene(columns.left + columns.right, bottom + GAP, Group("picture", layers))
    return Template(scene, tuple(rules(columns, rows)))


# Places -----------------------------------------------------------------------------------------


def tracks_of(spans: Iterable[tuple[str, int, int]]) -> dict[str, int]:
    """The track of each bracket from one row to another, counted from the cards.

    Examples
    --------
    >>> tracks_of([("e2.0", 0, 2), ("e2.1", 1, 2), ("e3.0", 2, 3)])
    {'e2.1': 1, 'e3.0': 1, 'e2.0': 2}
    """
    taken: list[list[tuple[int, int]]] = []
    found: dict[str, int] = {}
    for key, top, bottom in sorted(spans, key=lambda span: span[2] - span[1]):
        free = (n for n, on in enumerate(taken) if all(b <= top or bottom <= a for a, b in on))
        n = next(free, len(taken))
        if n == len(taken):
            taken.append([])
        taken[n].append((top, bottom))
        found[key] = n + 1
    return found


def columns_of(
    edges: Sequence[Edge],
    nodes: Sequence[Node],
    faces: Mapping[str, Face],
    width: float,
    tracks: int,
) -> Columns:
    """The columns within a width: names and local derivatives share what numbers leave.

    Tracks come closer before names lose their last letters; no text gets smaller.
    """
    number = max([NUMBER, *(face.grid.width for face in faces.values())])
    numbers = 2 * (number + LANE + SPACE) + 2 * PAD
    room = width - numbers - NAMES[0] - 2 * (FIRST + 4)
    apart = max(CLOSEST, min(APART, room / (2 * max(tracks, 1))))
    left = FIRST + 4 + apart * tracks
    room = max(width - 2 * left - numbers, NAMES[0])
    wishes = [text_width(n.label + tail_of(n), NAME, bold=True) for n in nodes]
    wish = max([0, *wishes, *(text_width(shape_words(face), SMALL) for face in faces.values())])
    names = min(max(NAMES[0], wish), room, NAMES[1])
    symbols = [text_width(e.local.symbol, SMALL) for e in edges if e.local is not None]
    local = min(max(symbols, default=0) + 74, LOCALS[1], room - names - SPACE)
    if not symbols or local < LOCALS[0]:
        local, names = 0.0, min(room, max(names, 292 - numbers))
    width = numbers + names + (local + SPACE if local else 0)
    return Columns(left, width, names, wish, local, number, apart)


def rows_of_cards(
    trace: Trace, nodes: Sequence[Node], faces: Mapping[str, Face], columns: Columns
) -> list[RailRow]:
    """The cards below each other; one with several readers has lines for the terms of its sum."""
    rows: list[RailRow] = []
    y = HEAD
    for node in nodes:
        operands = tuple(shown_edges(trace, trace.incoming(node)))
        terms = rows_of(trace, node, [edge.id for edge in trace.outgoing(node)])
        terms = terms if len(terms) > 1 and node.role != "constant" else ()
        is_y = node.id in trace.ys
        face = faces.get(node.id)
        line = LINE if face is None else max(ARRAY, face.grid.height + 16)
        if columns.locals:
            line = max(line, LOCAL * len(operands) + (8 if is_y else 2))
        height = line + SEATS * -(-len(terms) // seats(columns)) + (4 if terms else 0)
        rows.append(RailRow(node, face, y, height, y + line / 2, operands, terms, is_y))
        y += height + GAP + DIAL * is_y
    return rows


def seats(columns: Columns) -> int:
    """The number of terms of a sum that stand on one line."""
    return int((columns.width - 2 * PAD) // SEAT)


def ports(row: RailRow, edges: Sequence[Edge], tracks: Mapping[str, int]) -> dict[str, float]:
    """The heights at which the brackets of a card end, by edge: such that they are nested."""
    below = [e.id for e in edges if e.source == row.node.id]
    above = [e.id for e in row.operands]
    found: dict[str, float] = {}
    step = min(9.0, 18 / max(len(above), 1))
    top = row.middle - (6 if len(above) == 1 else 9)
    for n, key in enumerate(sorted(above, key=tracks.__getitem__)):
        found[key] = top + n * step
    first, last = row.middle + 9, row.bottom - (8 if len(below) == 1 else 6)
    step = min(9.0, (last - first) / max(len(below) - 1, 1))
    for n, key in enumerate(sorted(below, key=tracks.__getitem__)):
        found[key] = last - n * step
    return found


# Elements ---------------------------------------------------------------------------------------


def rail_heads(columns: Columns) -> Iterator[Text]:
    """The words above the columns."""
    base = HEAD - 9
    if columns.locals:
        yield Text("head.local", columns.local, base, "local", "text local-text")
    yield Text("head.value", columns.value, base, "value", "text value-text", "end")
    yield Text("head.adjoint", columns.adjoint, base, anchor="end")


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


def road(columns: Columns, key: str, ends: tuple[float, float], track: int) -> Group:
    """The brackets of an edge: its value's at the left, its gradient's at the right."""
    reach, right, end = columns.reach(track), columns.right, ends[1]
    back = tuple(reversed(bracket(right, *ends, reach)))
    children = (
        Curve(f"{key}.forward", bracket(columns.left, *ends, -reach), "road forward", "filled"),
        Curve(f"{key}.reverse", back, "road reverse", "open"),
        Curve(f"{key}.stub", straight((right, end), (right + 5, end)), "reverse"),
        Bar(f"{key}.stop", right + 10, end, 12),
    )
    return Group(key, children, "edge", edge=key)


def rail_card(columns: Columns, row: RailRow) -> Group:
    """The elements of a card."""
    key, y = row.node.id, row.middle
    children: list[Element] = [*rail_outline(columns, row), *rail_names(columns, row)]
    if columns.locals:
        children += local_texts(columns, row)
    ends: dict[maps.Lane, float] = {"value": columns.value, "adjoint": columns.adjoint}
    if row.node.role == "constant":
        del ends["adjoint"]
    for which, right in ends.items():
        children += (
            maps.map_at(key, row.face, which, right, y)
            if row.face
            else rail_lane(columns, key, which, right, y)
        )
    if "adjoint" in ends and row.face is None:
        children.append(Text(f"{key}.cause", columns.adjoint - 16, y + 5, anchor="end"))
    children += terms(columns, row)
    if row.is_y:
        children += rail_dial(columns, row)
    return Group(key, tuple(children), "card", node=key)


def rail_outline(columns: Columns, row: RailRow) -> Iterator[Box]:
    """The outline of a card, double for an output."""
    key, size = row.node.id, (columns.width, row.height)
    is_leaf = row.node.role in ("input", "variable")
    radius = 13.0 if is_leaf else 6.0
    yield Box(f"{key}.body", columns.left, row.y, *size, radius)
    if row.is_y:
        inner = columns.width - 6, row.height - 6
        place = columns.left + 3, row.y + 3
        yield Box(f"{key}.inner", *place, *inner, radius - 2, "body output inner")


def rail_halos(columns: Columns, row: RailRow) -> Iterator[Box]:
    """The lights behind a card while it is at work."""
    size = columns.width + 7, row.height + 7
    for phase in HALOS:
        key = f"{row.node.id}.halo.{phase}"
        yield Box(key, columns.left - 3.5, row.y - 3.5, *size, 9, "halo")
    if row.is_y:
        x, y = columns.adjoint - 22, row.bottom + 26
        yield Box(f"{row.node.id}.halo.seed", x - 17, y - 17, 34, 34, 17, "halo")


def rail_names(columns: Columns, row: RailRow) -> Iterator[Text]:
    """The name, as much of the expression as there is room for, and the shape of an array."""
    node, y = row.node, row.middle + 4.5
    label = clipped(node.label, NAME, columns.names, bold=True)
    left = columns.names - text_width(label, NAME, bold=True)
    tail = clipped(tail_of(node), NAME, left)
    if tail.endswith("…") and len(tail) < len(" = ab…"):
        tail = ""
    classes = "text name input" if node.role in ("input", "variable") else "text name"
    if row.face is not None:
        words = clipped(shape_words(row.face), SMALL, columns.names)
        yield Text(f"{node.id}.shape", columns.name, y + 9, words, "text quiet-text")
        y -= 8
    yield Text(f"{node.id}.name", columns.name, y, label, classes, tail=tail)


def shape_words(face: Face) -> str:
    """The shape of an array, and how often it is repeated: "[2] ×8 rows"."""
    return f"{face.words} {face.notes[0]}".rstrip()


def local_texts(columns: Columns, row: RailRow) -> Iterator[Text]:
    """The local derivatives of a card's operands, below each other."""
    top = row.middle - LOCAL * (len(row.operands) - 1) / 2
    for n, edge in enumerate(row.operands):
        yield Text(f"{edge.id}.local", columns.local, top + n * LOCAL + 4.5)


def rail_lane(columns: Columns, key: str, which: str, right: float, y: float) -> Iterator[Element]:
    """The rule of a lane, and its number."""
    classes = "lane" if which == "value" else "lane adjoint"
    x = right - columns.numbers - LANE
    yield Curve(f"{key}.{which}.lane", straight((x, y - 9), (x, y + 9)), classes)
    yield Chip(f"{key}.{which}", right, y + 0.5, 17, "end")
    yield Chip(f"{key}.{which}.wait", right, y + 0.5, 17, "end")


def terms(columns: Columns, row: RailRow) -> Iterator[Text]:
    """The terms of the sum that an adjoint is, in lines below it."""
    count = seats(columns)
    bottom = row.bottom - 8 - SEATS * (-(-len(row.terms) // count))
    for n, term in enumerate(row.terms):
        line, seat = divmod(n, count)
        after = min(count, len(row.terms) - line * count) - seat - 1
        x, y = columns.adjoint - after * SEAT, bottom + (line + 1) * SEATS
        key = f"{row.node.id}.inbox.seed" if term == "seed" else f"{term}.inbox"
        yield Text(key, x, y, anchor="end")
        if term != "seed":
            yield Text(f"{key}.wait", x, y, anchor="end")


def rail_dial(columns: Columns, row: RailRow) -> Iterator[Element]:
    """The seed that starts the reverse pass, below the adjoint of a y."""
    key, x, y = f"{row.node.id}.seed", columns.adjoint - 22, row.bottom + 26
    yield Curve(f"{key}.line", straight((x, y - 13), (x, row.bottom + 1)), head="open")
    yield Chip(key, x, y, 26)
    yield Text(f"{key}.label", x - 34, y + 4.5, anchor="end")


# Rules ------------------------------------------------------------------------------------------


def rules(columns: Columns, rows: Sequence[RailRow]) -> Iterator[Rule]:
    """What the heads, the cards and the brackets show."""
    if rows:
        yield Rule("head.adjoint", "adjoint head", rows[-1].node.id)
    for row in rows:
        yield from rail_card_rules(row)
        yield from rail_number_rules(columns, row)
        yield from term_rules(row)
        for edge in row.operands:
            for rule in road_rules(edge.id, columns.locals or None):
                yield rule._replace(options={"width": GLOW}) if rule.form == "glow" else rule


def rail_card_rules(row: RailRow) -> Iterator[Rule]:
    """The outline of a card, its lights, and its seed."""
    key = row.node.id
    yield Rule(key, "card", key)
    yield Rule(f"{key}.body", "body", key)
    for phase in (*HALOS, "seed") if row.is_y else HALOS:
        yield Rule(f"{key}.halo.{phase}", "halo", key, {"phase": phase})
    if row.is_y:
        for part in ("seed", "seed line", "seed label"):
            yield Rule(f"{key}.{part.replace(' ', '.')}", part, key)


def rail_number_rules(columns: Columns, row: RailRow) -> Iterator[Rule]:
    """The value and the adjoint, as numbers or as maps."""
    key = row.node.id
    if row.face is not None:
        found = maps.face_rules(key, key, row.face)
        yield from (rule for rule in found if not rule.id.endswith(".note"))
        return
    yield Rule(f"{key}.value", "value", key, {"room": columns.numbers})
    yield Rule(f"{key}.value.wait", "waiting", key, {"lane": "value"})
    if row.node.role != "constant":
        yield Rule(f"{key}.adjoint", "adjoint", key, {"room": columns.numbers})
        yield Rule(f"{key}.adjoint.wait", "waiting", key, {"lane": "adjoint"})
        yield Rule(f"{key}.cause", "cause", key)


def term_rules(row: RailRow) -> Iterator[Rule]:
    """The terms of the sum that an adjoint is."""
    for term in row.terms:
        if term == "seed":
            yield Rule(f"{row.node.id}.inbox.seed", "inbox seed", row.node.id, {"room": SEAT - 6})
        else:
            yield Rule(f"{term}.inbox", "inbox", term, {"room": SEAT - 6})
            yield Rule(f"{term}.inbox.wait", "inbox waiting", term)
