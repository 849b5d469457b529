"""What an overview shows: as much as fits, and more of what a reader has opened.

A `Choice` says how much that could be, and how large its blocks are; `chosen` tries one after the
other. A closed group names the xs and ys that are inside, each in a **row** with its number.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple

from nbgrad.picture.layouts.overview.clusters import (
    Cluster,
    Joints,
    clusters_of,
    fewer,
    with_part,
    within,
)
from nbgrad.picture.layouts.overview.nesting import (
    Block,
    FrameDrawing,
    Link,
    Nest,
    Places,
    nested,
)
from nbgrad.picture.layouts.units import NARROW, Cards, Size, Unit, formula_order, shown_edges
from nbgrad.picture.theme import SMALL, elided, text_width, wrapped
from nbgrad.trace.folding import Opened, Structure
from nbgrad.trace.model import Edge, Node, Trace

#: How much is shown of a node: its card, its name and a number, of xs and ys alone, or its name.
Detail = Literal["card", "number", "ends", "name"]

AREA = 51 * 32  # of the smallest block, with the room around it
MOST_NUMBERS = 40  # so many blocks at most have numbers
MOST_CARDS = 14  # and so many nodes that a reader has opened are cards
OPENED = 1.5  # how much higher a picture may be for what a reader has opened
MOST_COLUMNS = 12  # of groups
ROWS = (99, 12, 8, 6, 4, 3, 2, 1)
FEWER = (9, 7, 5, 4, 3, 2)  # columns of a group that is open where not all of it fits
TRIES = 8

NAMES = (110.0, 84.0, 64.0, 48.0)  # what a name may stretch a block to
SIDE, STACK = 7.0, 3.0  # beside the texts of a block; from the front of a group to its back
LEAST_BLOCK, NUMBER_ROOM, MAX = 34.0, 52.0, 28.0  # "max" stands before the number of an array
HEIGHT, HEIGHT_WITH_NUMBER = 22.0, 38.0
GROUP_HEIGHT, GROUP_ROOM, NAME_LINE = 54.0, 74.0, 15.0
WIDEST_GROUP = 120.0  # where names of nodes are long, too
MOST_ROWS, ROW_GAP = 16, 3.0  # of a group, half as many if they are high; and below each row
CARD_GAP = 11.0  # what a gap beside a card is wider
WIDE_CARDS, NARROW_CARDS = (1e6, 130.0), (700.0, 116.0)  # the picture's width, the widest card


class Overview:
    """A trace in groups, with what a reader has opened."""

    def __init__(
        self, trace: Trace, opened: Opened, root: Cluster | None = None, *, deep: bool = True
    ) -> None:
        self.trace, self.all_open = trace, opened == "all"
        self.links = Structure(trace)
        self.root = root or clusters_of(trace)
        self.names = () if opened == "all" else tuple(opened)
        self.wanted, self.asked = self.opened(self.names)  # groups and nodes that were opened
        groups = [c for c in within(self.root) if c.id in self.wanted]
        self.deeper = {each.id for c in groups for each in within(c)} if deep else set()
        # All nodes that were opened, or are in a group that was.
        self.inner = {*self.asked, *(key for c in groups for key in c.members)}

    def opened(self, names: Collection[str]) -> tuple[set[str], set[str]]:
        """The ids of groups and of nodes with these names; the last node stands for its group."""
        groups = [c for c in within(self.root) if c.id]
        wanted = {c.id for c in groups if {c.id, c.name} & {*names}}
        left = {*names} - {name for c in groups for name in (c.id, c.name)}
        asked = {node.id for node in self.links.shown if node.label in left}
        for group in groups[::-1]:  # the innermost first
            if (last := self.last_of(group)) in asked:
                wanted.add(group.id)
                asked.discard(last)
        return wanted, asked

    def last_of(self, group: Cluster) -> str:
        """The id of the last node in a group."""
        return max(group.members, key=self.links.place.__getitem__)

    def with_less(self) -> Overview:
        """The same with groups closed in those that are opened, or with one name less opened."""
        if self.deeper > self.wanted:
            return Overview(self.trace, self.names, self.root, deep=False)
        return Overview(self.trace, self.names[:-1], self.root)

    @cached_property
    def order(self) -> dict[str, int]:
        """The place of each node in the formula of the ys; others are behind it."""
        nodes = [*formula_order(self.trace), *self.links.shown]
        return {key: n for n, key in enumerate(dict.fromkeys(node.id for node in nodes))}

    @cached_property
    def edges(self) -> list[Edge]:
        """The edges that are lines."""
        trace, shown = self.trace, self.links.shown
        return [e for node in shown for e in shown_edges(trace, trace.incoming(node))]

    def forced(self, root: Cluster) -> frozenset[str]:
        """The ids of the groups that are open for what is in them."""
        return frozenset(
            c.id
            for c in within(root)
            if c.id in self.deeper
            or any(each.id in self.wanted for each in within(c))
            or any(key in self.asked for key in c.members)
        )

    @lru_cache(maxsize=2)  # noqa: B019 - the last two are kept, not more
    def units(self, width: float, widest: float) -> dict[str, Unit]:
        """The cards of the nodes that a reader has opened, as they are placed."""
        cards = Cards(self.trace, width, Size(widest, int(width < NARROW)), ())
        units = {}
        for key in sorted(self.inner):
            node = self.trace.node(key)
            edges = tuple(shown_edges(self.trace, self.trace.incoming(node)))
            units[key] = Unit(key, (cards.of(node, len(edges)),), edges)
        return units


# What could be shown ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """A choice of what is shown."""

    view: Overview
    root: Cluster
    open: frozenset[str]  # the ids of the groups that are open
    inner: Detail  # how much is shown of the nodes that a reader has opened
    outer: Detail  # and of others
    widest: float = NAMES[0]  # what a name may stretch a block to

    @cached_property
    def blocks(self) -> list[Cluster | str]:
        """The closed groups and the nodes that are shown."""
        return [*blocks_of(self.root, self.open)]

    def detail(self, key: str) -> Detail:
        """How much is shown of a node."""
        detail = self.inner if key in self.view.inner else self.outer
        if detail == "ends":
            return "number" if key in self.view.links.ends else "name"
        return detail

    def placed(self, width: float, height: float) -> Found | None:
        """The places of what is shown, if there is room."""
        if len(self.blocks) * AREA > width * height:
            return None
        places = nested(self.nest(self.root), [*self.edges], width, height)
        return None if places is None else Found(self, places)

    @property
    def least(self) -> Choice:
        """The same blocks with as little text as they may have."""
        widest = NAMES[1] if self.widest >= NAMES[1] else NAMES[-1]  # rows of groups differ there
        inner = self.inner if self.view.inner else "name"
        return replace(self, inner=inner, outer="name", widest=widest)

    @cached_property
    def home(self) -> dict[str, str]:
        """The block that each node is in."""
        found: dict[str, str] = {}
        for block in self.blocks:
            if isinstance(block, Cluster):
                found |= dict.fromkeys(block.members, block.id)
            else:
                found[block] = block
        return found

    @cached_property
    def edges(self) -> dict[Link, list[str]]:
        """What lines join, with the edges of each; an edge of a card has a line of its own."""
        found: dict[Link, list[str]] = defaultdict(list)
        view = self.view
        for edge in view.edges:
            ends = source, target = self.home[edge.source], self.home[edge.target]
            if source != target:
                alone = self.inner == "card" and not view.inner.isdisjoint(ends)
                found[Link(source, target, edge.id if alone else "")].append(edge.id)
        return found

    @cached_property
    def units(self) -> Mapping[str, Unit]:
        """The cards."""
        if self.inner != "card":
            return {}
        units = self.view.units(*(NARROW_CARDS if self.widest < NAMES[1] else WIDE_CARDS))
        return {key: unit for key, unit in units.items() if self.home[key] == key}

    def nest(self, cluster: Cluster) -> Nest:
        """What is placed for a group; those that are none in the program have no frame."""
        place = self.view.order
        parts: list[tuple[int, Block | Nest]] = []
        for key in cluster.nodes:
            block = card_block(self.units[key]) if key in self.units else self.node_block(key)
            parts.append((place[key], block))
        for child in cluster.children:
            first = min(map(place.__getitem__, child.members))
            if child.id not in self.open:
                parts.append((first, self.group_block(child)))
                continue
            inner = self.nest(child)
            is_framed = child.is_scope or child.id in self.view.wanted
            parts += [(first, inner)] if is_framed else [(first, part) for part in inner.parts]
        parts.sort(key=lambda part: part[0])
        title = text_width(cluster.name, SMALL) if cluster.id else 0.0
        return Nest(cluster.id, tuple(part for _, part in parts), title)

    def node_block(self, key: str) -> Block:
        """The block of a node."""
        node = self.view.trace.node(key)
        width, height = min(text_width(node.label, SMALL), self.widest), HEIGHT
        if self.detail(key) == "number":
            width, height = max(width, number_room(node)), HEIGHT_WITH_NUMBER
        return Block(key, max(width + 2 * SIDE, LEAST_BLOCK), height, height / 2, stretch=1.4)

    def group_block(self, cluster: Cluster) -> Block:
        """The block of a closed group."""
        face = self.group_face(cluster)
        width = face.room + 2 * SIDE + STACK
        return Block(cluster.id, width, face.height, face.height / 2, above=5 + STACK, stretch=1.2)

    def group_face(self, cluster: Cluster) -> GroupFace:
        """What a closed group shows; rows are in one line where that is not wide."""
        view, widest = self.view, WIDEST_GROUP if self.widest >= NAMES[1] else GROUP_ROOM
        names = name_lines(cluster.name, widest)
        words = [text_width(line, SMALL, bold=True) for line in names]
        words += [text_width(f"{len(cluster.members)} nodes", SMALL), GROUP_ROOM]
        # Rows give way to the cards of what is opened.
        inside = () if view.inner and self.outer == "name" else cluster.members
        ends = [view.trace.node(key) for key in inside if key in view.links.ends]
        ends.sort(key=lambda node: (node.id not in view.trace.ys, view.links.place[node.id]))
        in_line = max(
            (text_width(n.label, SMALL) + 6 + number_room(n) + 2 * SIDE for n in ends), default=0.0
        )
        if in_line <= max(widest, *words, WIDEST_GROUP if len(ends) > MOST_ROWS / 2 else 0):
            row, most = HEIGHT, MOST_ROWS
            words.append(in_line)
        else:
            row, most = HEIGHT_WITH_NUMBER, MOST_ROWS // 2
            words += map(number_room, ends)
        rows = ends if len(ends) <= most else ends[: most - 1]
        return GroupFace(names, rows, row, len(ends) - len(rows), max(words))


class GroupFace(NamedTuple):
    """What a closed group shows: its name in up to three lines, and rows of some height."""

    names: list[str]
    rows: list[Node]
    row: float
    more: int  # xs and ys without a row
    room: float

    @property
    def height(self) -> float:
        rows = len(self.rows) * (self.row + ROW_GAP) + (4 if self.rows else 0)
        more = NAME_LINE if self.more else 0
        return GROUP_HEIGHT + NAME_LINE * (len(self.names) - 1) + rows + more


def blocks_of(cluster: Cluster, is_open: Collection[str]) -> Iterator[Cluster | str]:
    yield from cluster.nodes
    for child in cluster.children:
        if child.id in is_open:
            yield from blocks_of(child, is_open)
        else:
            yield child


def number_room(node: Node) -> float:
    """The room for a number; before that of an array stands "max"."""
    return NUMBER_ROOM + (MAX if node.shape else 0.0)


def name_lines(name: str, room: float) -> list[str]:
    """The name of a group, in up to three lines where it is too long for one."""
    lines = wrapped(name, SMALL, room, bold=True)
    lines[2:] = [" ".join(lines[2:])] if len(lines) > 2 else []
    return [elided(line, SMALL, room, bold=True) for line in lines]


def card_block(unit: Unit) -> Block:
    """The card of a node, with its own ports."""
    box, card = unit.box, unit.last
    ins = {edge.id: card.ins[i] for i, edge in enumerate(unit.edges)}
    outs = dict(zip(card.rows, card.outs, strict=False))
    ports = card.seam, ins, outs, box.above, box.below
    return Block(unit.id, box.width, box.height, *ports, beside=CARD_GAP)


# What fits ----------------------------------------------------------------------------------------


class Found(NamedTuple):
    """What is shown, in its places."""

    shown: Choice
    places: Places


def chosen(view: Overview, width: float, height: float) -> Found:
    """What is shown within a size."""
    if view.all_open:
        every = frozenset(cluster.id for cluster in within(view.root))
        if found := first(in_details(view, view.root, every, "name"), width, 1e9):
            return found
    inner: tuple[Detail, ...] = ("number", "name") if view.inner else ("name",)
    if 0 < len(view.inner) <= MOST_CARDS:
        inner = ("card", *inner)
    for each in inner:
        for share in (1.0, OPENED) if view.inner else (1.0,):
            for choices in (by_depth(view, each), by_fewer(view, each, width)):
                if found := first(choices, width, share * height):
                    return found if view.inner else refined(view, found, width, height)
    return chosen(view.with_less(), width, height)


def first(choices: Iterable[Choice], width: float, height: float) -> Found | None:
    """The first of several choices that fits; one is tried only if its least text does."""
    fits: dict[Choice, bool] = {}
    for shown in choices:
        least = shown.least
        if least not in fits:
            fits[least] = least.placed(width, height) is not None
        if fits[least] and (found := shown.placed(width, height)):
            return found
    return None


def by_depth(view: Overview, inner: Detail) -> Iterator[Choice]:
    """All groups open; then the innermost closed, and so on."""
    levels = [[view.root]]
    while below := [child for cluster in levels[-1] for child in cluster.children]:
        levels.append(below)
    for depth in range(len(levels), 0, -1):
        is_open = {cluster.id for clusters in levels[:depth] for cluster in clusters}
        yield from in_details(view, view.root, view.forced(view.root) | is_open, inner)


def by_fewer(view: Overview, inner: Detail, width: float) -> Iterator[Choice]:
    """The outermost groups closed, and grouped again until they fit."""
    keep = {*view.asked, *view.forced(view.root)}
    count = 1 + max(Joints(view.links, view.root).columns.values())
    for columns in range(min(count, MOST_COLUMNS), 0, -1):
        for rows in ROWS:
            root = fewer(view.links, view.root, columns, rows, keep)
            is_open = frozenset({""}) | view.forced(root)
            choices = [*in_details(view, root, is_open, inner)]
            if rows == ROWS[0]:
                least = choices[-1]
                if FrameDrawing(least.nest(root), [*least.edges]).width > width:
                    break
            yield from choices


def in_details(
    view: Overview, root: Cluster, is_open: frozenset[str], inner: Detail
) -> Iterator[Choice]:
    """The same groups, with numbers, and with ever shorter names; beside cards, rather without."""
    start = Choice(view, root, is_open, inner, "name")
    has_numbers = len(start.blocks) <= MOST_NUMBERS and inner != "card"
    details: tuple[Detail, ...] = ("number", "ends", "name") if has_numbers else ("ends", "name")
    pairs = [(outer, widest) for outer in details for widest in NAMES]
    if inner == "card":
        pairs.sort(key=lambda pair: -pair[1])
    for outer, widest in pairs:
        yield replace(start, outer=outer, inner=inner if view.inner else outer, widest=widest)


def refined(view: Overview, found: Found, width: float, height: float) -> Found:
    """The same, with those groups open that there is room for: like ones together."""
    families: dict[tuple[str, int], list[Cluster]] = defaultdict(list)
    for block in found.shown.blocks:
        if isinstance(block, Cluster):
            families[re.sub(r"\d+", "#", block.name), len(block.members)].append(block)
    order = sorted(families.values(), key=lambda family: len(family[0].members) * len(family))
    for family in order[:TRIES]:
        is_open = found.shown.open | {cluster.id for cluster in family}
        more = replace(found.shown, open=is_open, outer="name")
        choices = [more]
        for columns in FEWER if len(family) == 1 else ():  # with its parts grouped
            part = fewer(view.links, family[0], columns, 5)
            choices.append(replace(more, root=with_part(more.root, part)))
        named = (replace(each, widest=widest) for each in choices for widest in NAMES)
        found = first(named, width, height) or found
    return found
