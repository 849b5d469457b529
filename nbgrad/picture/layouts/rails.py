"""The rails: one card a row, for a narrow column, and for a graph too deep for columns.

Values and adjoints stand below each other, as in a table. At the left, brackets lead each value
down to its readers; at the right, others lead each gradient back up. A bracket runs on a track:
the shorter it is the closer to the cards, and no two brackets on one track overlap.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nbgrad.picture.cards import maps
from nbgrad.picture.cards.card import HALOS, tail_of
from nbgrad.picture.cards.faces import Face, Lane, faces_of
from nbgrad.picture.cards.roads import road_rules
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
    Columns,
    RailRow,
    columns_of,
    ports,
    rows_of_cards,
    seats,
    shape_words,
    tracks_of,
)
from nbgrad.picture.layouts.units import formula_order, shown_edges
from nbgrad.picture.scene import (
    Bar,
    Box,
    Chip,
    Curve,
    Element,
    Group,
    Point,
    Rule,
    Scene,
    Text,
    straight,
)
from nbgrad.picture.template import Template
from nbgrad.picture.theme import NAME, SMALL, clipped, elided, text_width
from nbgrad.trace.model import Edge, Node, Trace

READABLE = 120.0  # with less room for names than this, small arrays do without numbers
CROWDED = 6.0  # where tracks would be closer than this, brackets share some
GLOW = 9.0
HIGH_MAPS, FEW_ROWS = 300.0, 4  # maps that are higher together have small cells in many rows
BAR, LOW_BAR = 12.0, 7.0  # the height of a double bar, and of one among several


def rails(trace: Trace, width: float) -> Template:
    """The picture of a trace with one card a row."""
    nodes = formula_order(trace)
    edges = [e for node in nodes for e in shown_edges(trace, trace.incoming(node))]
    columns, tracks, faces = fitting_columns(trace, nodes, edges, width)
    rows = rows_of_cards(trace, nodes, faces, columns)
    heights = {row.node.id: ports(row, edges, tracks) for row in rows}
    ends = {e.id: (heights[e.source][e.id], heights[e.target][e.id]) for e in edges}
    bars = bar_heights(rows)
    joins = joining(edges, tracks, {node.id: n for n, node in enumerate(nodes)})
    lit = (
        Curve(f"{key}.glow", bracket(columns.right, *ends[key], columns.reach(tracks[key])))
        for key in tracks
    )
    layers = (
        Group("lights", (*lit, *(halo for row in rows for halo in rail_halos(columns, row)))),
        Group("heads", tuple(rail_heads(columns))),
        Group(
            "roads",
            tuple(
                road(columns, key, ends[key], tracks[key], bars[key], joins=key in joins)
                for key in ends
            ),
        ),
        Group("cards", tuple(rail_card(columns, row) for row in rows)),
    )
    bottom = max((row.bottom + DIAL * row.is_y for row in rows), default=HEAD)
    scene = Scene(columns.left + columns.right, bottom + GAP, Group("picture", layers))
    return Template(scene, tuple(rules(columns, rows)))


def fitting_columns(
    trace: Trace, nodes: Sequence[Node], edges: Sequence[Edge], width: float
) -> tuple[Columns, dict[str, int], dict[str, Face]]:
    """The columns within a width, the tracks beside them, and how arrays are shown."""
    place = {node.id: n for n, node in enumerate(nodes)}
    for numbered, shared in ((True, False), (False, False), (False, True)):
        tracks = tracks_of(edges, place, shared=shared)
        faces = faces_of(trace, numbered=numbered)
        if sum(face.grid.height for face in faces.values()) > HIGH_MAPS:
            tall = {key: 1 for key, face in faces.items() if face.grid.rows > FEW_ROWS}
            faces = faces_of(trace, numbered=numbered, dense=tall)
        columns = columns_of(edges, nodes, faces, width, max(tracks.values(), default=0))
        is_readable = columns.names >= min(READABLE, columns.wish) or not numbered
        if is_readable and columns.apart >= CROWDED:
            break
    return columns, tracks, faces


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


def joining(edges: Sequence[Edge], tracks: dict[str, int], place: dict[str, int]) -> set[str]:
    """The edges whose gradients join the bracket of a later reader: those that share its track."""
    last: dict[tuple[str, int], Edge] = {}
    for edge in edges:
        key = edge.source, tracks[edge.id]
        if key not in last or place[edge.target] > place[last[key].target]:
            last[key] = edge
    return {edge.id for edge in edges} - {edge.id for edge in last.values()}


def bar_heights(rows: Sequence[RailRow]) -> dict[str, float]:
    """The heights of double bars, such that those of one card do not touch."""
    return {e.id: BAR if len(row.operands) < 2 else LOW_BAR for row in rows for e in row.operands}


def road(
    columns: Columns,
    key: str,
    ends: tuple[float, float],
    track: int,
    bar: float,
    *,
    joins: bool,
) -> Group:
    """The brackets of an edge: its value's at the left, its gradient's at the right.

    A gradient that joins another's bracket on its track goes as far as that.
    """
    reach, right, end = columns.reach(track), columns.right, ends[1]
    back = straight((right, end), (right + reach, end))
    if not joins:
        back = tuple(reversed(bracket(right, *ends, reach)))
    children = (
        Curve(f"{key}.forward", bracket(columns.left, *ends, -reach), "road forward", "filled"),
        Curve(f"{key}.reverse", back, "road reverse", "" if joins else "open"),
        Curve(f"{key}.stub", straight((right, end), (right + 5, end)), "reverse"),
        Bar(f"{key}.stop", right + 10, end, bar),
    )
    return Group(key, children, "edge", edge=key)


def rail_card(columns: Columns, row: RailRow) -> Group:
    """The elements of a card."""
    key, y = row.node.id, row.middle
    children: list[Element] = [*rail_outline(columns, row), *rail_names(columns, row)]
    if columns.locals:
        children += local_texts(columns, row)
    ends: dict[Lane, float] = {"value": columns.value, "adjoint": columns.adjoint}
    if not row.has_adjoint:
        del ends["adjoint"]
    for which, right in ends.items():
        children += rail_lane(columns, row, which, right)
    if "adjoint" in ends and row.face is None:
        children.append(Text(f"{key}.cause", columns.adjoint - 16, y + 5, anchor="end"))
    children += terms(columns, row)
    if row.is_y:
        children += rail_dial(columns, row)
    return Group(key, tuple(children), "card", node=key)


def rail_outline(columns: Columns, row: RailRow, part: str = "") -> Iterator[Box]:
    """The outline of a card, double for an output."""
    key, size = f"{row.node.id}{part}", (columns.width, row.height)
    is_leaf = row.node.role in ("input", "variable")
    radius = 13.0 if is_leaf else 6.0
    yield Box(f"{key}.body", columns.left, row.y, *size, radius)
    if row.is_y:
        inner = columns.width - 6, row.height - 6
        place = columns.left + 3, row.y + 3
        yield Box(f"{key}.inner", *place, *inner, radius - 2, "body output inner")


def rail_halos(
    columns: Columns, row: RailRow, phases: Sequence[str] = HALOS, part: str = ""
) -> Iterator[Box]:
    """The lights behind a card while it is at work."""
    size = columns.width + 7, row.height + 7
    for phase in phases:
        key = f"{row.node.id}{part}.halo.{phase}"
        yield Box(key, columns.left - 3.5, row.y - 3.5, *size, 9, "halo")
    if row.is_y and "sum" in phases:
        x, y = columns.adjoint - 22, row.bottom + 26
        yield Box(f"{row.node.id}.halo.seed", x - 17, y - 17, 34, 34, 17, "halo")


def rail_names(columns: Columns, row: RailRow) -> Iterator[Text]:
    """The name, as much of the expression as there is room for, and the shape of an array."""
    node, y = row.node, row.middle + 4.5
    room = columns.width - 2 * PAD if row.has_own_line else columns.names
    label = elided(node.label, NAME, room, bold=True)
    left = room - text_width(label, NAME, bold=True)
    tail = clipped(tail_of(node), NAME, left)
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


def local_texts(columns: Columns, row: RailRow) -> Iterator[Text]:
    """The local derivatives of a card's operands, below each other."""
    top = row.middle - LOCAL * (len(row.operands) - 1) / 2
    for n, edge in enumerate(row.operands):
        yield Text(f"{edge.id}.local", columns.local, top + n * LOCAL + 4.5)


def rail_lane(columns: Columns, row: RailRow, which: Lane, right: float) -> Iterator[Element]:
    """The rule of a lane and its number, or the map of an array."""
    key, y = row.node.id, row.middle
    if row.face is not None:
        yield from maps.map_at(key, row.face, which, right, y)
        return
    classes = "lane" if which == "value" else "lane adjoint"
    x = right - columns.numbers - LANE
    yield Curve(f"{key}.{which}.lane", straight((x, y - 9), (x, y + 9)), classes)
    yield Chip(f"{key}.{which}", right, y + 0.5, 17, "end")
    yield Chip(f"{key}.{which}.wait", right, y + 0.5, 17, "end")


def terms(columns: Columns, row: RailRow) -> Iterator[Text]:
    """The terms of the sum that an adjoint is, in lines below it."""
    count = seats(columns, row.terms)
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
        room = {"room": columns.numbers + LANE}
        yield Rule("head.adjoint", "adjoint head", rows[-1].node.id, room)
    for row in rows:
        yield from rail_card_rules(row)
        yield from rail_number_rules(columns, row)
        yield from term_rules(row)
        for edge in row.operands:
            for rule in road_rules(edge.id, columns.locals or None):
                yield rule._replace(options={"width": GLOW}) if rule.form == "glow" else rule


def rail_card_rules(row: RailRow, phases: Sequence[str] = HALOS, part: str = "") -> Iterator[Rule]:
    """The outline of a card, its lights, and its seed."""
    node = row.node.id
    key = f"{node}{part}"
    yield Rule(key, "card", node)
    yield Rule(f"{key}.body", "body", node)
    for phase in phases:
        yield Rule(f"{key}.halo.{phase}", "halo", node, {"phase": phase})
    if row.is_y and "sum" in phases:
        yield Rule(f"{node}.halo.seed", "halo", node, {"phase": "seed"})
        for each in ("seed", "seed line", "seed label"):
            yield Rule(f"{node}.{each.replace(' ', '.')}", each, node)


def rail_number_rules(columns: Columns, row: RailRow) -> Iterator[Rule]:
    """The value and the adjoint, as numbers or as maps."""
    yield from rail_lane_rules(columns, row, "value")
    if row.has_adjoint:
        yield from rail_lane_rules(columns, row, "adjoint")


def rail_lane_rules(columns: Columns, row: RailRow, which: Lane) -> Iterator[Rule]:
    """The number of a lane, or the map of an array."""
    key = row.node.id
    if row.face is not None:
        yield from maps.map_rules(key, key, row.face, which)
        return
    yield Rule(f"{key}.{which}", which, key, {"room": columns.numbers})
    yield Rule(f"{key}.{which}.wait", "waiting", key, {"lane": which})
    if which == "adjoint":
        yield Rule(f"{key}.cause", "cause", key)


def term_rules(row: RailRow) -> Iterator[Rule]:
    """The terms of the sum that an adjoint is."""
    for term in row.terms:
        if term == "seed":
            yield Rule(f"{row.node.id}.inbox.seed", "inbox seed", row.node.id, {"room": SEAT - 6})
        else:
            yield Rule(f"{term}.inbox", "inbox", term, {"room": SEAT - 6})
            yield Rule(f"{term}.inbox.wait", "inbox waiting", term)
