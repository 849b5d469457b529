"""What an overview shows: as much as fits, and more of what a reader has opened."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from nbgrad.picture.layouts.overview.clusters import Cluster, Wiring, with_part, within
from nbgrad.picture.layouts.overview.frames import Block, Link, Nest, level_of
from nbgrad.picture.layouts.overview.grouping import clusters_of, fewer, part_columns
from nbgrad.picture.layouts.overview.nesting import Places, TooHigh, nested
from nbgrad.picture.layouts.units import NARROW, Size, Unit, cards_of, formula_order, shown_edges
from nbgrad.picture.text_width import squeezed, text_width, wrapped
from nbgrad.picture.theme import SMALL
from nbgrad.trace.folding import Opened
from nbgrad.trace.model import Edge, Node, Trace

Detail = Literal["card", "number", "name"]

NAMES = (110.0, 84.0, 64.0, 48.0)  # what a name may stretch a block to
LEAST_BLOCK, NUMBER_ROOM, SIDE = 34.0, 52.0, 7.0
HEIGHTS = {"name": 22.0, "number": 38.0}
GROUP_HEIGHT, GROUP_ROOM, NAME_LINE, STACK = 54.0, 74.0, 15.0, 3.0
AREA = 51 * 32  # of the smallest block, with the room around it
MOST_NUMBERS = 40  # so many blocks at most have numbers
MOST_CARDS = 14  # and so many nodes that a reader has opened are cards
WIDEST_GROUP = 120.0  # where names of nodes are long, too
CARD_GAP = 11.0  # what a gap beside a card is wider
WIDE_CARDS, NARROW_CARDS = (1e6, 130.0), (700.0, 116.0)  # the picture's width, the widest card
OPENED = 1.5  # how much higher a picture may be for what a reader has opened
MOST_COLUMNS = 12  # of groups
ROWS = (99, 12, 8, 6, 4, 3, 2, 1)
FEWER = (9, 7, 5, 4, 3, 2)  # columns of a group that is open where not all of it fits
TRIES = 8


@dataclass(frozen=True)
class Choice:
    """A choice of what is shown.

    Attributes
    ----------
    open
        The ids of the groups that are open.
    inner, outer
        How much is shown of the nodes that a reader has opened, and of others.
    widest
        What a name may stretch a block to.
    """

    root: Cluster
    open: frozenset[str]
    inner: Detail
    outer: Detail
    widest: float = NAMES[0]

    @cached_property
    def blocks(self) -> list[Cluster | str]:
        """The closed groups and the nodes that are shown."""
        return [*blocks_of(self.root, self.open)]


def blocks_of(cluster: Cluster, is_open: Collection[str]) -> Iterator[Cluster | str]:
    yield from cluster.nodes
    for child in cluster.children:
        if child.id in is_open:
            yield from blocks_of(child, is_open)
        else:
            yield child


class View:
    """A trace in groups, with what a reader has opened.

    Attributes
    ----------
    wanted, asked
        The ids of the groups, and of the nodes, that were opened.
    inner
        The ids of all nodes that were opened, or are in a group that was.
    deeper
        The ids of the groups in those that were opened, where these are open, too.
    """

    def __init__(
        self,
        trace: Trace,
        opened: Opened,
        root: Cluster | None = None,
        *,
        deep: bool = True,
    ) -> None:
        self.trace, self.all_open = trace, opened == "all"
        self.links = Wiring(trace)
        self.root = root or clusters_of(trace)
        self.names = () if opened == "all" else tuple(opened)
        self.wanted, self.asked = self.opened(self.names)
        groups = [c for c in within(self.root) if c.id in self.wanted]
        self.deeper = {each.id for c in groups for each in within(c)} if deep else set()
        self.inner = {*self.asked, *(key for c in groups for key in c.members)}

    def opened(self, names: Collection[str]) -> tuple[set[str], set[str]]:
        """The ids of groups and of nodes with these names; the last node stands for its group."""
        groups = [c for c in within(self.root) if c.id]
        wanted = {c.id for c in groups if {c.id, c.name} & {*names}}
        left = {*names} - {name for c in groups for name in (c.id, c.name)}
        asked = {node.id for node in self.links.shown if node.label in left}
        for group in groups[::-1]:  # the innermost first
            last = max(group.members, key=self.links.place.__getitem__)
            if last in asked:
                wanted.add(group.id)
                asked.discard(last)
        return wanted, asked

    def with_less(self) -> View:
        """The same with groups closed in those that are opened, or with one name less opened."""
        if self.deeper > self.wanted:
            return View(self.trace, self.names, self.root, deep=False)
        return View(self.trace, self.names[:-1], self.root)

    @cached_property
    def order(self) -> dict[str, int]:
        """The place of each node in the formula of the ys; others are behind it."""
        nodes = [*formula_order(self.trace), *self.links.shown]
        return {key: n for n, key in enumerate(dict.fromkeys(node.id for node in nodes))}

    @cached_property
    def units(self) -> dict[str, Unit]:
        """The cards of nodes that are opened."""
        return units_within(self, *WIDE_CARDS)

    @cached_property
    def narrow_units(self) -> dict[str, Unit]:
        """The same, for less room."""
        return units_within(self, *NARROW_CARDS)

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

    def detail(self, shown: Choice, key: str) -> Detail:
        return shown.inner if key in self.inner else shown.outer


@dataclass(frozen=True)
class Found:
    """What is shown, in its places.

    Attributes
    ----------
    edges
        For each line, the ids of the edges that it stands for.
    units
        The cards.
    names
        What is open of what a reader wanted to be.
    """

    shown: Choice
    nest: Nest
    places: Places
    edges: Mapping[Link, Sequence[str]]
    units: Mapping[str, Unit]
    names: tuple[str, ...]


def chosen(view: View, width: float, height: float) -> Found:
    """What is shown within a size."""
    if view.all_open:
        every = frozenset(cluster.id for cluster in within(view.root))
        if found := first(view, in_details(view, view.root, every, "name"), width, 1e9):
            return found
    inner: tuple[Detail, ...] = ("number", "name") if view.inner else ("name",)
    if 0 < len(view.inner) <= MOST_CARDS:
        inner = ("card", *inner)
    for each in inner:
        for share in (1.0, OPENED) if view.inner else (1.0,):
            for choice in (by_depth(view, each), by_fewer(view, each, width)):
                if found := first(view, choice, width, share * height):
                    return found if view.inner else refined(view, found, width, height)
    return chosen(view.with_less(), width, height)


def first(view: View, choices: Iterable[Choice], width: float, height: float) -> Found | None:
    """The first of several choices that fits."""
    too_high = None
    for shown in choices:
        alike = replace(shown, widest=0.0)
        if len(shown.blocks) * AREA > width * height or alike == too_high:
            continue
        try:
            if found := placed(view, shown, width, height):
                return found
        except TooHigh:  # shorter names are no help
            too_high = alike
    return None


def by_depth(view: View, inner: Detail) -> Iterator[Choice]:
    """All groups open; then the innermost closed, and so on."""
    for depth in range(view.root.depth, 0, -1):
        is_open = at_depth(view.root, depth) | view.forced(view.root)
        yield from in_details(view, view.root, is_open, inner)


def by_fewer(view: View, inner: Detail, width: float) -> Iterator[Choice]:
    """The outermost groups closed, and grouped again until they fit."""
    forced = view.forced(view.root)
    groups = (c for c in within(view.root) if c.is_scope or c.id in view.wanted)
    keep = {*view.asked, *(c.id for c in groups if c.id in forced)}
    count = 1 + max(part_columns(view.links, view.root).values())
    for columns in range(min(count, MOST_COLUMNS), 0, -1):
        for rows in ROWS:
            root = fewer(view.links, view.root, columns, rows, keep)
            is_open = frozenset({""}) | view.forced(root)
            choices = [*in_details(view, root, is_open, inner)]
            if rows == ROWS[0]:
                nest, edges, _ = drawn(view, choices[-1])
                if level_of(nest, [*edges]).width > width:
                    break
            yield from choices


def in_details(
    view: View, root: Cluster, is_open: frozenset[str], inner: Detail
) -> Iterator[Choice]:
    """The same groups, with numbers, and with ever shorter names."""
    start = Choice(root, is_open, inner, "name")
    has_numbers = len(start.blocks) <= MOST_NUMBERS and inner != "card"
    details: tuple[Detail, ...] = ("number", "name") if has_numbers else ("name",)
    for outer in details:
        for widest in NAMES:
            mine = inner if view.inner else outer
            yield replace(start, outer=outer, inner=mine, widest=widest)


def at_depth(root: Cluster, depth: int) -> frozenset[str]:
    """The ids of the groups that lie in less than so many others."""
    found, level = set(), [root]
    for _ in range(depth):
        found |= {cluster.id for cluster in level}
        level = [child for cluster in level for child in cluster.children]
    return frozenset(found)


def refined(view: View, found: Found, width: float, height: float) -> Found:
    """The same, with those groups open that there is room for: like ones together.

    A single one may be open with its parts grouped.
    """
    families: dict[tuple[str, int], list[Cluster]] = defaultdict(list)
    for block in found.shown.blocks:
        if isinstance(block, Cluster):
            families[re.sub(r"\d+", "#", block.name), len(block.members)].append(block)
    order = sorted(families.values(), key=lambda family: len(family[0].members) * len(family))
    for family in order[:TRIES]:
        is_open = found.shown.open | {cluster.id for cluster in family}
        more = replace(found.shown, open=is_open, outer="name")
        choices = [more]
        if len(family) == 1:
            choices += [
                replace(more, root=with_part(more.root, fewer(view.links, family[0], columns, 5)))
                for columns in FEWER
            ]
        named = (replace(each, widest=widest) for each in choices for widest in NAMES)
        found = first(view, named, width, height) or found
    return found


# What is placed ---------------------------------------------------------------------------------


def placed(view: View, shown: Choice, width: float, height: float) -> Found | None:
    """The places of what is shown, if there is room."""
    nest, edges, units = drawn(view, shown)
    places = nested(nest, [*edges], width, height)
    return None if places is None else Found(shown, nest, places, edges, units, view.names)


def drawn(
    view: View, shown: Choice
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
        every = view.narrow_units if shown.widest < NAMES[1] else view.units
        units = {key: unit for key, unit in every.items() if home[key] == key}
    return nest_of(view, shown, shown.root, units), edges, units


def links_of(view: View, shown: Choice, home: Mapping[str, str]) -> dict[Link, list[str]]:
    """What lines join, with the edges of each; an edge of a card has a line of its own."""
    found: dict[Link, list[str]] = defaultdict(list)
    for edge in view.edges:
        source, target = home[edge.source], home[edge.target]
        if source != target:
            alone = shown.inner == "card" and not view.inner.isdisjoint((source, target))
            found[Link(source, target, edge.id if alone else "")].append(edge.id)
    return found


def nest_of(
    view: View,
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
            parts.append((first, group_block(shown, child)))
            continue
        inner = nest_of(view, shown, child, units)
        is_framed = child.is_scope or child.id in view.wanted
        parts += [(first, inner)] if is_framed else [(first, part) for part in inner.parts]
    parts.sort(key=lambda part: part[0])
    title = text_width(cluster.name, SMALL) if cluster.id else 0.0
    return Nest(cluster.id, tuple(part for _, part in parts), title)


def node_block(view: View, shown: Choice, node: Node) -> Block:
    """The block of a node."""
    detail = view.detail(shown, node.id)
    width = max(min(text_width(node.label, SMALL), shown.widest) + 2 * SIDE, LEAST_BLOCK)
    if detail == "number":
        width = max(width, NUMBER_ROOM + 2 * SIDE + (28 if node.shape else 0))
    height = HEIGHTS[detail]
    return Block(node.id, width, height, height / 2, stretch=1.4)


def group_block(shown: Choice, cluster: Cluster) -> Block:
    """The block of a closed group."""
    widest = WIDEST_GROUP if shown.widest >= NAMES[1] else GROUP_ROOM
    names = name_lines(cluster.name, widest)
    name = max(text_width(line, SMALL, bold=True) for line in names)
    count = text_width(f"{len(cluster.members)} nodes", SMALL)
    width = max(name, count, GROUP_ROOM) + 2 * SIDE + STACK
    height = GROUP_HEIGHT + NAME_LINE * (len(names) - 1)
    return Block(cluster.id, width, height, height / 2, above=5 + STACK, stretch=1.2)


def name_lines(name: str, room: float) -> list[str]:
    """The name of a group, in up to three lines where it is too long for one."""
    lines = wrapped(name, SMALL, room, bold=True)
    lines[2:] = [" ".join(lines[2:])] if len(lines) > 2 else []
    return [squeezed(line, room, bold=True) for line in lines]


def units_within(view: View, width: float, widest: float) -> dict[str, Unit]:
    """The cards of the nodes that a reader has opened, as they are placed."""
    cards = cards_of(view.trace, width, Size(widest, int(width < NARROW)), ())
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
