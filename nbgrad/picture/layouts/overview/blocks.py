"""The blocks of an overview before they have places: their sizes, and what lines join.

A closed group names the xs and ys that are inside, each in a **row** with its number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from nbgrad.picture.layouts.overview.clusters import Cluster
from nbgrad.picture.layouts.overview.frames import Block, Link, Nest
from nbgrad.picture.layouts.overview.view import NAMES, Choice, Overview
from nbgrad.picture.layouts.units import NARROW, Cards, Size, Unit, shown_edges
from nbgrad.picture.theme import SMALL, elided, text_width, wrapped
from nbgrad.trace.model import Node

SIDE, STACK = 7.0, 3.0  # beside the texts of a block; from the front of a group to its back
LEAST_BLOCK, NUMBER_ROOM, MAX = 34.0, 52.0, 28.0  # "max" stands before the number of an array
HEIGHT, HEIGHT_WITH_NUMBER = 22.0, 38.0
GROUP_HEIGHT, GROUP_ROOM, NAME_LINE = 54.0, 74.0, 15.0
WIDEST_GROUP = 120.0  # where names of nodes are long, too
MOST_ROWS, ROW_GAP = 16, 3.0  # of a group, half as many if they are high; and below each row
CARD_GAP = 11.0  # what a gap beside a card is wider
WIDE_CARDS, NARROW_CARDS = (1e6, 130.0), (700.0, 116.0)  # the picture's width, the widest card


def drawn(
    view: Overview, shown: Choice
) -> tuple[Nest, Mapping[Link, Sequence[str]], Mapping[str, Unit]]:
    """What is to be placed: frames and blocks, the edges of lines, and cards."""
    home: dict[str, str] = {}
    for block in shown.blocks:
        if isinstance(block, Cluster):
            home |= dict.fromkeys(block.members, block.id)
        else:
            home[block] = block
    edges = links_of(view, shown, home)
    units = {}
    if shown.inner == "card":
        every = units_within(view, *(NARROW_CARDS if shown.widest < NAMES[1] else WIDE_CARDS))
        units = {key: unit for key, unit in every.items() if home[key] == key}
    return nest_of(view, shown, shown.root, units), edges, units


def links_of(view: Overview, shown: Choice, home: Mapping[str, str]) -> dict[Link, list[str]]:
    """What lines join, with the edges of each; an edge of a card has a line of its own."""
    found: dict[Link, list[str]] = defaultdict(list)
    for edge in view.edges:
        source, target = home[edge.source], home[edge.target]
        if source != target:
            alone = shown.inner == "card" and not view.inner.isdisjoint((source, target))
            found[Link(source, target, edge.id if alone else "")].append(edge.id)
    return found


def nest_of(
    view: Overview,
    shown: Choice,
    cluster: Cluster,
    units: Mapping[str, Unit],
) -> Nest:
    """What is placed for a group; those that are none in the program have no frame."""
    parts: list[tuple[int, Block | Nest]] = []
    place = view.order
    for key in cluster.nodes:
        if key in units:
            part = card_block(units[key])
        else:
            part = node_block(view, shown, view.trace.node(key))
        parts.append((place[key], part))
    for child in cluster.children:
        first = min(map(place.__getitem__, child.members))
        if child.id not in shown.open:
            parts.append((first, group_block(view, shown, child)))
            continue
        inner = nest_of(view, shown, child, units)
        is_framed = child.is_scope or child.id in view.wanted
        parts += [(first, inner)] if is_framed else [(first, part) for part in inner.parts]
    parts.sort(key=lambda part: part[0])
    title = text_width(cluster.name, SMALL) if cluster.id else 0.0
    return Nest(cluster.id, tuple(part for _, part in parts), title)


def number_room(node: Node) -> float:
    """The room for a number; before that of an array stands "max"."""
    return NUMBER_ROOM + (MAX if node.shape else 0.0)


def row_width(node: Node) -> float:
    """The width of a name with its number beside it, in a block of its own."""
    return text_width(node.label, SMALL) + 6 + number_room(node) + 2 * SIDE


def node_block(view: Overview, shown: Choice, node: Node) -> Block:
    """The block of a node."""
    detail = view.detail(shown, node.id)
    width, height = min(text_width(node.label, SMALL), shown.widest), HEIGHT
    if detail == "number":
        width, height = max(width, number_room(node)), HEIGHT_WITH_NUMBER
    return Block(node.id, max(width + 2 * SIDE, LEAST_BLOCK), height, height / 2, stretch=1.4)


class GroupFace(NamedTuple):
    """What a closed group shows.

    Attributes
    ----------
    names
        Its name, in up to three lines.
    rows
        The xs and ys inside that have a row, in their order.
    row
        The height of a row: of one line, or of two.
    more
        How many xs and ys have no row.
    """

    names: list[str]
    rows: list[Node]
    row: float
    more: int
    room: float

    @property
    def height(self) -> float:
        rows = len(self.rows) * (self.row + ROW_GAP) + (4 if self.rows else 0)
        more = NAME_LINE if self.more else 0
        return GROUP_HEIGHT + NAME_LINE * (len(self.names) - 1) + rows + more


def group_face(view: Overview, shown: Choice, cluster: Cluster) -> GroupFace:
    """What a closed group shows; rows are in one line where that is not wide."""
    widest = WIDEST_GROUP if shown.widest >= NAMES[1] else GROUP_ROOM
    names = name_lines(cluster.name, widest)
    words = [text_width(line, SMALL, bold=True) for line in names]
    words += [text_width(f"{len(cluster.members)} nodes", SMALL), GROUP_ROOM]
    # Rows give way to the cards of what is opened.
    inside = () if view.inner and shown.outer == "name" else cluster.members
    ends = [view.trace.node(key) for key in inside if key in view.links.ends]
    ends.sort(key=lambda node: (node.id not in view.trace.ys, view.links.place[node.id]))
    in_line = max(map(row_width, ends), default=0.0)
    if in_line <= max(widest, *words, WIDEST_GROUP if len(ends) > MOST_ROWS / 2 else 0):
        row, most = HEIGHT, MOST_ROWS
        words.append(in_line)
    else:
        row, most = HEIGHT_WITH_NUMBER, MOST_ROWS // 2
        words += map(number_room, ends)
    rows = ends if len(ends) <= most else ends[: most - 1]
    return GroupFace(names, rows, row, len(ends) - len(rows), max(words))


def group_block(view: Overview, shown: Choice, cluster: Cluster) -> Block:
    """The block of a closed group."""
    face = group_face(view, shown, cluster)
    width = face.room + 2 * SIDE + STACK
    return Block(cluster.id, width, face.height, face.height / 2, above=5 + STACK, stretch=1.2)


def name_lines(name: str, room: float) -> list[str]:
    """The name of a group, in up to three lines where it is too long for one."""
    lines = wrapped(name, SMALL, room, bold=True)
    lines[2:] = [" ".join(lines[2:])] if len(lines) > 2 else []
    return [elided(line, SMALL, room, bold=True) for line in lines]


@lru_cache(maxsize=2)
def units_within(view: Overview, width: float, widest: float) -> dict[str, Unit]:
    """The cards of the nodes that a reader has opened, as they are placed."""
    cards = Cards(view.trace, width, Size(widest, int(width < NARROW)), ())
    units = {}
    for key in sorted(view.inner):
        node = view.trace.node(key)
        edges = tuple(shown_edges(view.trace, view.trace.incoming(node)))
        units[key] = Unit(key, (cards.of(node, len(edges)),), edges)
    return units


def card_block(unit: Unit) -> Block:
    """The card of a node, with its own ports."""
    box, card = unit.box, unit.last
    ins = {edge.id: card.ins[i] for i, edge in enumerate(unit.edges)}
    outs = dict(zip(card.rows, card.outs, strict=False))
    above, below = box.above, box.below
    size = box.width, box.height
    return Block(unit.id, *size, card.seam, ins, outs, above, below, beside=CARD_GAP)
