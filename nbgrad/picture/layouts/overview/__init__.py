"""The overview: a graph of more nodes than fit a screen as cards.

A node is a **block** with its name, and with one number where there is room, tinted by its
|gradient|; groups are frames (see `clusters`). What does not fit is shown with less: blocks
without numbers, then groups as one block each, the innermost first. What a reader has opened is
shown with as much as fits, in cards if it can be.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from nbgrad.picture.layouts.overlay import LAYERS, Layers, paint_captions
from nbgrad.picture.layouts.overview.clusters import Cluster, within
from nbgrad.picture.layouts.overview.forms import DECADES
from nbgrad.picture.layouts.overview.nesting import Link, Rectangle
from nbgrad.picture.layouts.overview.view import (
    HEIGHT,
    NAME_LINE,
    ROW_GAP,
    SIDE,
    STACK,
    Choice,
    Found,
    Overview,
    chosen,
    name_lines,
    number_room,
)
from nbgrad.picture.scene import Anchor, Box, Curve, Element, Group, Point, Text
from nbgrad.picture.template import Template
from nbgrad.picture.theme import SMALL, elided, text_width, wrapped
from nbgrad.trace.folding import Opened, can_be_opened
from nbgrad.trace.model import Trace

MARGIN = 8.0
LINE, SCALE = 17.0, 350.0  # the height of a line of words above, and the width of the scale there
ONE_LINE = 760.0  # from this width on the first words take one line
SWATCH, FIELD = 18.0, 68.0  # a tint of the scale, and that with its number
TALLEST, TALLEST_NARROW, NARROW = 600.0, 900.0, 520.0  # the height; that below a width


def overview(trace: Trace, width: float, opened: Opened = ()) -> Template:
    """The picture of a large graph within a width."""
    view = Overview(trace, opened)
    tallest = TALLEST if width >= NARROW else TALLEST_NARROW
    room, lines = width - 2 * MARGIN, 4 if width >= ONE_LINE else 5
    found = chosen(view, room, tallest - 2 * MARGIN - lines * LINE)
    layers = Layers(*LAYERS)
    said, hint = words(view, found), hint_of(view, found)
    top = MARGIN + heading(layers, view, said, hint, room) + 8
    paint(layers, view, found, MARGIN, top)
    size = max(width, found.places.width + 2 * MARGIN), top + found.places.height + MARGIN
    return replace(layers.template(*size), overview=f"{said} {hint}".strip())


# Words ------------------------------------------------------------------------------------------


def words(view: Overview, found: Found) -> str:
    """What is shown, and what tints and lines mean."""
    closed = [block for block in found.shown.blocks if isinstance(block, Cluster)]
    groups = len(closed) + len(found.places.frames)
    count = f"{len(view.links.shown)} nodes"
    count += f" in {groups} group{'s' if groups > 1 else ''}" if groups else ""
    more = "; max: the largest of a group" if closed else ""
    left = [name for name in view.names if name not in found.shown.view.names]
    more += f"; there is no room to open {', '.join(map(repr, left))}" if left else ""
    return f"{count}. Stronger color: a larger |gradient|; thicker: more flows back{more}."


def hint_of(view: Overview, found: Found) -> str:
    """What a reader may open."""
    if view.all_open:
        return ""
    names = {*can_be_opened(view.trace)}
    groups = [c for c in within(found.shown.root) if c.id and c.is_scope]
    groups = [c for c in groups if c.id not in view.wanted]
    groups.sort(key=lambda group: group.id in found.shown.open)
    for group in groups:
        last = view.trace.node(view.last_of(group))
        if name := next((each for each in (group.id, last.label) if each in names), ""):
            return f"open=[{name!r}] shows it in full."
    operations = [node.label for node in view.links.shown if view.links.operands(node)]
    return f"open=[{operations[len(operations) // 2]!r}] shows it in full." if operations else ""


def heading(layers: Layers, view: Overview, said: str, hint: str, room: float) -> float:
    """The words above the picture, the ys and largest gradients, the scale of tints; the height."""
    lines = wrapped(said, SMALL, room)
    beside = text_width(hint, SMALL) <= room - SCALE
    lines += [] if beside else wrapped(hint, SMALL, room)
    for n, line in enumerate(lines):
        y = MARGIN + LINE * n + 12
        layers["captions"].append(Text(f"overview.line{n}", MARGIN, y, line, "text quiet-text"))
    y = MARGIN + LINE * len(lines)
    layers["captions"].append(Text("overview.ends", MARGIN, y + 12))
    members = sorted(view.links.ends, key=view.links.place.__getitem__)
    layers.rule("overview.ends", "ends", view.trace.ys[0], members=members, room=room)
    y += LINE + 4
    if beside:
        words = Text("overview.hint", MARGIN + room, y + 12, hint, "text quiet-text", "end")
        layers["captions"].append(words)
    scale(layers, y, room)
    return y + LINE - MARGIN


def scale(layers: Layers, y: float, room: float) -> None:
    """What tints mean: four of them, each a tenth of the one before."""
    title = "|gradient|"
    layers["captions"].append(Text("scale.title", MARGIN, y + 12, title, "text quiet-text"))
    x = MARGIN + text_width(title, SMALL) + 10
    field = min(FIELD, (room - x + MARGIN) / (DECADES + 1))
    for decade in range(DECADES + 1):
        key = f"scale.{decade}"
        tint = Box(f"{key}.tint", x + 0.6, y + 0.6, SWATCH - 1.2, 13.8, 2.4)
        number = Text(f"{key}.number", x + SWATCH + 5, y + 12)
        layers["captions"] += [
            Box(f"{key}.body", x, y, SWATCH, 15, 3, "body block"),
            layers.shown(tint, "scale tint", "", decade=decade),
            layers.shown(number, "scale number", "", decade=decade),
        ]
        x += field


# Painting ---------------------------------------------------------------------------------------


def paint(layers: Layers, view: Overview, found: Found, left: float, top: float) -> None:
    """The elements and rules of everything that has a place."""

    def moved(place: Rectangle) -> Rectangle:
        return place[0] + left, place[1] + top, place[2], place[3]

    shown, places = found.shown, found.places
    names = {cluster.id: cluster.name for cluster in within(shown.root)}
    for key, place in places.frames.items():
        layers["frames"].append(Box(f"{key}.frame", *moved(place), 9, "region"))
        x, y, side = places.titles[key]
        title = Text(f"{key}.title", x + left, y + top, names[key], "text quiet-text", side)
        layers["captions"].append(title)
    for block in shown.blocks:
        if isinstance(block, Cluster):
            paint_group(layers, shown, block, moved(places.blocks[block.id]))
        elif block not in found.shown.units:
            place, has_number = moved(places.blocks[block]), shown.detail(block) == "number"
            group = node_group(layers, view.trace, block, place, has_number=has_number)
            layers["cards"].append(group)
    paint_cards(layers, found, left, top)
    paint_lines(layers, found, left, top)


def node_group(
    layers: Layers, trace: Trace, key: str, place: Rectangle, *, has_number: bool
) -> Group:
    """The block of a node: its name, and a number below it; beside it where it is low."""
    node, (x, y, width, height) = trace.node(key), place
    is_leaf, is_y = node.role in ("input", "variable"), key in trace.ys
    radius, room = height / 2 if is_leaf else 6.0, width - 2 * SIDE
    anchor: Anchor = "middle"
    middle, base = x + width / 2, y + height / 2 + 4.3
    parts: list[Element] = [layers.shown(Box(f"{key}.body", *place, radius), "block", key)]
    if not (has_number and is_y):  # it says its value, which has no tint of a gradient
        inner = x + 0.7, y + 0.7, width - 1.4, height - 1.4
        tint = Box(f"{key}.tint", *inner, radius - 0.7)
        parts.append(layers.shown(tint, "block tint", key))
    if is_y:
        double = x + 3, y + 3, width - 6, height - 6
        parts.append(Box(f"{key}.inner", *double, 4, "body output inner"))
    name_room = room + 4
    if has_number:
        number, base = Text(f"{key}.number", middle, y + 31, anchor="middle"), y + 16
        if height == HEIGHT:
            base, middle, anchor = y + height / 2 + 4.3, x + SIDE + 1, "start"
            number = Text(f"{key}.number", x + width - SIDE - 1, base, anchor="end")
            room = number_room(node)
            name_room = width - 2 * SIDE - (room + 5)
        lane = "value" if is_y else "adjoint"
        parts.append(layers.shown(number, "block number", key, room=room, lane=lane))
    look = "text block-name input" if is_leaf else "text block-name"
    name = elided(node.label, SMALL, name_room)
    parts.append(Text(f"{key}.name", middle, base, name, look, anchor))
    return layers.shown(Group(key, tuple(parts), "card", node=key), "card", key)


def paint_group(layers: Layers, shown: Choice, cluster: Cluster, place: Rectangle) -> None:
    """The block of a closed group, which looks like several behind each other."""
    key, (x, y, width, height) = cluster.id, place
    members, first, width = cluster.members, cluster.members[0], width - STACK
    middle, room, face = x + width / 2, width - 2 * SIDE, shown.group_face(cluster)
    names = name_lines(cluster.name, room + 4)  # in fewer lines where the block has become wider
    top = y + 16 + NAME_LINE * (len(face.names) - len(names)) / 2
    base = top + NAME_LINE * len(names)
    look = "text block-name group"
    tint = Box(f"{key}.tint", x + 0.7, y + 0.7, width - 1.4, height - 1.4, 5.3)
    number = Text(f"{key}.number", middle, base + NAME_LINE, anchor="middle")
    parts: list[Element] = [
        Box(f"{key}.stack", x + STACK, y - STACK, width, height, 6, "body block"),
        Box(f"{key}.body", x, y, width, height, 6, "body block"),
        layers.shown(tint, "block tint", first, members=members),
        Text(f"{key}.count", middle, base, f"{len(members)} nodes", "text", "middle"),
        layers.shown(number, "group number", first, members=members, room=room),
        *(
            Text(f"{key}.name{n or ''}", middle, top + NAME_LINE * n, name, look, "middle")
            for n, name in enumerate(names)
        ),
    ]
    top = y + 16 + NAME_LINE * (len(face.names) + 1) + 10
    for node in face.rows:
        row = x + SIDE, top, room, face.row
        parts.append(node_group(layers, shown.view.trace, node.id, row, has_number=True))
        top += face.row + ROW_GAP
    if face.more:
        words = f"and {face.more} more"
        parts.append(Text(f"{key}.more", middle, top + 10, words, "text", "middle"))
    group = Group(key, tuple(parts), "card")
    layers["cards"].append(layers.shown(group, "group", first, members=members, name=cluster.name))


def paint_cards(layers: Layers, found: Found, left: float, top: float) -> None:
    """The cards of the nodes that a reader has opened, with their captions."""
    units, blocks = found.shown.units, found.places.blocks
    at = {key: (blocks[key][0] + left, blocks[key][1] + top) for key in units}
    layers.add_cards([unit.last for unit in units.values()], at)
    for unit in units.values():
        paint_captions(layers, unit, at)


def paint_lines(layers: Layers, found: Found, left: float, top: float) -> None:
    """The lines; between two cards they are roads."""
    pieces: dict[Link, list[list[Point]]] = defaultdict(list)
    numbers: Counter[str] = Counter()
    for links, way in found.places.lines:
        points = [(x + left, y + top) for x, y in way]
        if {links[0].source, links[0].target} <= found.shown.units.keys():
            pieces[links[0]].append(points)
            continue
        edges = tuple(key for link in links for key in found.shown.edges[link])
        line = Curve(f"{edges[0]}.flow{numbers[edges[0]]}", bezier(points))
        numbers[edges[0]] += 1
        layers["roads"].append(layers.shown(line, "flow", edges[0], edges=edges))
    for link, ways in pieces.items():
        ways.sort(key=lambda way: way[0][0])  # from left to right
        layers.add_road(link.edge, [*dict.fromkeys(point for way in ways for point in way)])


def bezier(points: Sequence[Point]) -> tuple[Point, ...]:
    """A line as a curve: straight between two points of one height, else an S."""
    curve = [points[0]]
    for (x0, y0), (x1, y1) in pairwise(points):
        middle = (x0 + x1) / 2
        curve += [(middle, y0), (middle, y1), (x1, y1)]
    return tuple((round(x, 1), round(y, 1)) for x, y in curve)


# The whole ----------------------------------------------------------------------------------------

ENDLESS = 1e9


def whole(trace: Trace) -> Template:
    """Every node of a trace as a card, in the frames of its scopes, in a plane without an end.

    No screen holds it. An explorer shows a part of it, once a reader has zoomed into an overview.
    """
    view = Overview(trace, ())
    view.inner = {node.id for node in view.links.shown}
    every = frozenset(cluster.id for cluster in within(view.root))
    found = Choice(view, view.root, every, "card", "card").placed(ENDLESS, ENDLESS)
    assert found is not None  # nothing is too large for it
    layers = Layers(*LAYERS)
    paint(layers, view, found, MARGIN, MARGIN)
    places = found.places
    return layers.template(places.width + 2 * MARGIN, places.height + 2 * MARGIN)
