"""The overview: a graph of more nodes than fit a screen as cards.

A node is a **block** with its name, and with one number where there is room, tinted by its
|gradient|; groups are frames (see `clusters`). What does not fit is shown with less: blocks
without numbers, then groups as one block each, the innermost first. What a reader has opened is
shown with as much as fits, in cards if it can be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from nbgrad.picture.cards.card import card_group, card_rules, halos, label_rules
from nbgrad.picture.cards.roads import glows, road_group
from nbgrad.picture.layouts.overlay import LAYERS, Layers, paint_captions
from nbgrad.picture.layouts.overview.blocks import (
    HEIGHT,
    NAME_LINE,
    ROW_GAP,
    SIDE,
    STACK,
    group_face,
    name_lines,
    number_room,
)
from nbgrad.picture.layouts.overview.choice import Found, chosen
from nbgrad.picture.layouts.overview.clusters import Cluster, within
from nbgrad.picture.layouts.overview.forms import DECADES
from nbgrad.picture.layouts.overview.frames import Link, Rectangle
from nbgrad.picture.layouts.overview.nesting import Line
from nbgrad.picture.layouts.overview.view import Choice, Overview
from nbgrad.picture.scene import Box, Curve, Element, Group, Point, Rule, Text
from nbgrad.picture.template import Template
from nbgrad.picture.theme import SMALL, elided, text_width, wrapped
from nbgrad.trace.folding import Opened, can_be_opened
from nbgrad.trace.model import Node, Trace

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
    left = [name for name in view.names if name not in found.names]
    more += f"; there is no room to open {', '.join(map(repr, left))}" if left else ""
    return f"{count}. Darker: a larger |gradient|; thicker: more flows back{more}."


def hint_of(view: Overview, found: Found) -> str:
    """What a reader may open."""
    if view.all_open:
        return ""
    names = {*can_be_opened(view.trace)}
    groups = [c for c in within(found.shown.root) if c.id and c.is_scope]
    groups = [c for c in groups if c.id not in view.wanted]
    groups.sort(key=lambda group: group.id in found.shown.open)
    for group in groups:
        last = view.trace.node(max(group.members, key=view.links.place.__getitem__))
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
    options = {"members": sorted(view.links.ends, key=view.links.place.__getitem__), "room": room}
    layers.rules.append(Rule("overview.ends", "ends", view.trace.ys[0], options))
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
        layers["captions"] += [
            Box(f"{key}.body", x, y, SWATCH, 15, 3, "body block"),
            Box(f"{key}.tint", x + 0.6, y + 0.6, SWATCH - 1.2, 13.8, 2.4),
            Text(f"{key}.number", x + SWATCH + 5, y + 12),
        ]
        layers.rules.append(Rule(f"{key}.tint", "scale tint", "", {"decade": decade}))
        layers.rules.append(Rule(f"{key}.number", "scale number", "", {"decade": decade}))
        x += field


# Painting ---------------------------------------------------------------------------------------


def paint(layers: Layers, view: Overview, found: Found, left: float, top: float) -> None:
    """The elements and rules of everything that has a place."""

    def moved(place: Rectangle) -> Rectangle:
        return place[0] + left, place[1] + top, place[2], place[3]

    names = {cluster.id: cluster.name for cluster in within(found.shown.root)}
    for key, place in found.places.frames.items():
        layers["frames"].append(Box(f"{key}.frame", *moved(place), 9, "region"))
        x, y, side = found.places.titles[key]
        title = Text(f"{key}.title", x + left, y + top, names[key], "text quiet-text", side)  # type: ignore[arg-type]
        layers["captions"].append(title)
    for block in found.shown.blocks:
        if isinstance(block, Cluster):
            paint_group(layers, view, found.shown, block, moved(found.places.blocks[block.id]))
        elif block not in found.units:
            node, place = view.trace.node(block), moved(found.places.blocks[block])
            has_number = view.detail(found.shown, block) == "number"
            group = node_group(layers.rules, view.trace, node, place, has_number=has_number)
            layers["cards"].append(group)
    paint_cards(layers, found, left, top)
    paint_lines(layers, found, left, top)


def node_group(
    rules: list[Rule], trace: Trace, node: Node, place: Rectangle, *, has_number: bool
) -> Group:
    """The block of a node: its name, and a number below it; beside it where it is low."""
    key, (x, y, width, height) = node.id, place
    is_leaf, is_y = node.role in ("input", "variable"), node.id in trace.ys
    radius, room = height / 2 if is_leaf else 6.0, width - 2 * SIDE
    middle, base, side = x + width / 2, y + height / 2 + 4.3, "middle"
    parts: list[Element] = [Box(f"{key}.body", *place, radius)]
    rules += [Rule(key, "card", key), Rule(f"{key}.body", "block", key)]
    if not (has_number and is_y):  # it says its value, which has no tint of a gradient
        inner = x + 0.7, y + 0.7, width - 1.4, height - 1.4
        parts.append(Box(f"{key}.tint", *inner, radius - 0.7))
        rules.append(Rule(f"{key}.tint", "block tint", key))
    if is_y:
        double = x + 3, y + 3, width - 6, height - 6
        parts.append(Box(f"{key}.inner", *double, 4, "body output inner"))
    if has_number:
        number = Text(f"{key}.number", middle, y + 31, anchor="middle")
        base = y + 16
        if height == HEIGHT:
            base, middle, side = y + height / 2 + 4.3, x + SIDE + 1, "start"
            number = Text(f"{key}.number", x + width - SIDE - 1, base, anchor="end")
            room = number_room(node)
        parts.append(number)
        options = {"room": room, "lane": "value" if is_y else "adjoint"}
        rules.append(Rule(f"{key}.number", "block number", key, options))
    look = "text block-name input" if is_leaf else "text block-name"
    name = elided(node.label, SMALL, width - 2 * SIDE - (room + 5 if side == "start" else -4))
    parts.append(Text(f"{key}.name", middle, base, name, look, side))  # type: ignore[arg-type]
    return Group(key, tuple(parts), "card", node=key)


def paint_group(
    layers: Layers, view: Overview, shown: Choice, cluster: Cluster, place: Rectangle
) -> None:
    """The block of a closed group, which looks like several behind each other."""
    key, (x, y, width, height) = cluster.id, place
    first, middle = cluster.members[0], x + (width - STACK) / 2
    room = width - 2 * SIDE - STACK
    face = group_face(view, shown, cluster)
    names = name_lines(cluster.name, room + 4)  # in fewer lines where the block has become wider
    top = y + 16 + NAME_LINE * (len(face.names) - len(names)) / 2
    base = top + NAME_LINE * len(names)
    look = "text block-name group"
    parts: list[Element] = [
        Box(f"{key}.stack", x + STACK, y - STACK, width - STACK, height, 6, "body block"),
        Box(f"{key}.body", x, y, width - STACK, height, 6, "body block"),
        Box(f"{key}.tint", x + 0.7, y + 0.7, width - STACK - 1.4, height - 1.4, 5.3),
        Text(f"{key}.count", middle, base, f"{len(cluster.members)} nodes", "text", "middle"),
        Text(f"{key}.number", middle, base + NAME_LINE, anchor="middle"),
        *(
            Text(f"{key}.name{n or ''}", middle, top + NAME_LINE * n, name, look, "middle")
            for n, name in enumerate(names)
        ),
    ]
    options = {"members": cluster.members}
    layers.rules += [
        Rule(key, "group", first, {**options, "name": cluster.name}),
        Rule(f"{key}.tint", "block tint", first, options),
        Rule(f"{key}.number", "group number", first, {**options, "room": room}),
    ]
    top = y + 16 + NAME_LINE * (len(face.names) + 1) + 10
    for node in face.rows:
        row = x + SIDE, top, room, face.row
        parts.append(node_group(layers.rules, view.trace, node, row, has_number=True))
        top += face.row + ROW_GAP
    if face.more:
        words = f"and {face.more} more"
        parts.append(Text(f"{key}.more", middle, top + 10, words, "text", "middle"))
    layers["cards"].append(Group(key, tuple(parts), "card"))


def paint_cards(layers: Layers, found: Found, left: float, top: float) -> None:
    """The cards of the nodes that a reader has opened, with their captions."""
    at = {}
    for key in found.units:
        x, y, _, _ = found.places.blocks[key]
        at[key] = (x + left, y + top)
    for key, unit in found.units.items():
        for card in unit.cards:
            layers["lights"] += halos(card, at[key])
            layers["cards"].append(card_group(card, at[key]))
            layers.rules += card_rules(card)
        paint_captions(layers, unit, at)
    cards = [(card, round(at[unit.id][0])) for unit in found.units.values() for card in unit.cards]
    layers.rules += label_rules(cards)


def paint_lines(layers: Layers, found: Found, left: float, top: float) -> None:
    """The lines; between two cards they are roads."""
    pieces: dict[Link, list[Line]] = {}
    numbers: Counter[str] = Counter()
    for line in found.places.lines:
        link = line.links[0]
        if link.source in found.units and link.target in found.units:
            pieces.setdefault(link, []).append(line)
            continue
        edges = [key for each in line.links for key in found.edges[each]]
        key = f"{edges[0]}.flow{numbers[edges[0]]}"
        numbers[edges[0]] += 1
        layers["roads"].append(Curve(key, bezier([(x + left, y + top) for x, y in line.points])))
        layers.rules.append(Rule(key, "flow", edges[0], {"edges": tuple(edges)}))
    for link, lines in pieces.items():
        lines.sort(key=lambda line: line.points[0][0])  # from left to right
        points = dict.fromkeys(point for line in lines for point in line.points)
        stations = [(x + left, y + top) for x, y in points]
        layers["lights"].append(glows(link.edge, stations))
        layers["roads"].append(road_group(link.edge, stations))


def bezier(points: Sequence[Point]) -> tuple[Point, ...]:
    """A line as a curve: straight between two points of one height, else an S."""
    curve = [points[0]]
    for (x0, y0), (x1, y1) in pairwise(points):
        middle = (x0 + x1) / 2
        curve += [(middle, y0), (middle, y1), (x1, y1)]
    return tuple((round(x, 1), round(y, 1)) for x, y in curve)
