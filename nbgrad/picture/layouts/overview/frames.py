"""Frames, blocks and lines before they have places: which column each is in.

Each frame is a drawing of its own, in columns like every other (see `placing`). A line that enters
a frame does so at a **gate** on its left border, and leaves through one on its right; all lines of
one source run together as long as they can.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from nbgrad.picture.layouts.columns import Item, columns_behind

PAD = 8.0  # from the border of a frame to what is in it
TITLE = 17.0  # the height of a title
HALF = 4.0  # half of what a line takes of a column that it passes
APART = 4.0  # half of the room between two blocks of a column
LEAST_GAP, STRAIGHT_GAP, BEND = 17.0, 11.0, 60.0  # between columns: at least, and with room
LEVEL, NEARLY = 3.0, 8.0  # a line runs level that would rise by less; if there is room, by less

Rectangle = tuple[float, float, float, float]

PieceKey = tuple[str, str, str]  # where a piece of a line starts and ends, and its net


class Link(NamedTuple):
    """What a line joins: two blocks; and the edge where that has a line of its own."""

    source: str
    target: str
    edge: str = ""

    @property
    def net(self) -> str:
        """What lines have in common that run together."""
        return f"{self.source}|{self.edge}" if self.edge else self.source


@dataclass(frozen=True)
class Block:
    """What is placed: its size, and the heights where lines leave and come in.

    `ins` and `outs` have the heights for edges with lines of their own. Other lines come in about
    the middle, in the order in which they come. `above` and `below` belong to it alone. In a wide
    column it is up to `stretch` times as wide. `beside` it, gaps between columns are wider.
    """

    id: str
    width: float
    height: float
    out: float
    ins: Mapping[str, float] = field(default_factory=dict)
    outs: Mapping[str, float] = field(default_factory=dict)
    above: float = APART
    below: float = APART
    stretch: float = 1.0
    beside: float = 0.0

    def port(self, link: Link, side: str) -> float:
        """The height at which a line comes in or leaves."""
        return (self.outs if side == "out" else self.ins).get(link.edge, self.out)


@dataclass(frozen=True)
class Nest:
    """A frame, with the width of its title; the outermost is not drawn."""

    id: str
    parts: tuple[Block | Nest, ...]
    title: float = 0.0


@dataclass(eq=False)
class Level:
    """The drawing inside a frame."""

    nest: Nest
    parts: dict[str, Block | Level]
    column: dict[str, int] = field(default_factory=dict)
    pieces: dict[PieceKey, list[Link]] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    order: list[list[str]] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)
    wishes: list[float] = field(default_factory=list)
    ins: dict[PieceKey, float] = field(default_factory=dict)
    height: float = 0.0
    top: float = 0.0
    title_at: tuple[str, str] = ("", "")
    above: float = APART
    below: float = APART

    @property
    def pad(self) -> float:
        return PAD if self.nest.id else 0.0

    @property
    def width(self) -> float:
        """The least width."""
        inside = sum(self.widths) + sum(self.gaps) + 2 * self.pad
        return max(inside, self.nest.title + 2 * self.pad)

    @property
    def wish(self) -> float:
        """What it would like to have more than the least width."""
        return sum(self.wishes) + sum(map(self.column_wish, range(len(self.widths))))

    def column_wish(self, c: int) -> float:
        """What the frames in a column would like to have more."""
        inside = ((self.column[key], part) for key, part in self.parts.items())
        return max((p.wish for n, p in inside if n == c and isinstance(p, Level)), default=0.0)


Nets = dict[str, tuple[str, dict[str, list[Link]]]]  # by net: where it starts, and its ends


def level_of(nest: Nest, links: Sequence[Link]) -> Level:
    """The drawing of a frame, with its columns; `links` are those with an end inside."""
    owner = {key: part.id for part in nest.parts for key in ids_in(part)}
    inside: dict[str, list[Link]] = {}
    nets: Nets = {}
    for link in links:
        start = owner.get(link.source, f"<{link.net}")
        end = owner.get(link.target, f">{link.net}")
        for key in dict.fromkeys((start, end)):
            inside.setdefault(key, []).append(link)
        if start != end:
            nets.setdefault(link.net, (start, {}))[1].setdefault(end, []).append(link)
    parts = {
        part.id: part if isinstance(part, Block) else level_of(part, inside.get(part.id, ()))
        for part in nest.parts
    }
    level = Level(nest, parts, columns_of_parts(parts, nets))
    for net, (start, ends) in nets.items():
        add_pieces(level, net, start, ends)
    count = 1 + max(level.column.values())
    level.widths = [0.0] * count
    for key, c in level.column.items():
        if (part := parts.get(key)) is None:
            level.items[key] = Item(c, HALF, HALF)
        else:
            level.items[key] = Item(c, part.above, 0.0)
            level.widths[c] = max(level.widths[c], part.width)
    level.gaps = least_gaps(level)
    level.wishes = [0.0] * (count - 1)
    return level


def least_gaps(level: Level) -> list[float]:
    """The room between columns: less beside a gate, more beside a card."""
    beside = [0.0] * len(level.widths)
    for key, part in level.parts.items():
        if isinstance(part, Block):
            beside[level.column[key]] = max(beside[level.column[key]], part.beside)
    return [
        max(STRAIGHT_GAP if 0.0 in widths else LEAST_GAP, LEAST_GAP + max(more) if any(more) else 0)
        for widths, more in zip(pairwise(level.widths), pairwise(beside), strict=True)
    ]


def ids_in(part: Block | Nest) -> Iterator[str]:
    """The ids of all blocks inside."""
    if isinstance(part, Block):
        yield part.id
    else:
        for each in part.parts:
            yield from ids_in(each)


def columns_of_parts(parts: Mapping[str, object], nets: Nets) -> dict[str, int]:
    """The column of each part and gate: after its last operand; what has none, before a reader."""
    before: dict[str, set[str]] = {key: set() for key in parts}
    gates = {}
    for start, ends in nets.values():
        if start not in parts:
            gates[start] = 0
        for end in ends:
            if end in parts:
                before[end].add(start)
    found = columns_behind(before, gates, late=parts)
    last = 1 + max(found.values(), default=0)
    outs = {end: last for _, ends in nets.values() for end in ends if end not in parts}
    # In the order of the formula, gates first: it decides where nothing else does.
    return {**gates, **{key: found[key] for key in parts}, **outs}


def add_pieces(level: Level, net: str, start: str, ends: Mapping[str, list[Link]]) -> None:
    """The pieces of the lines of one net: a trunk, with a branch to each end."""
    first = level.column[start]
    last = max(level.column[end] for end in ends)
    trunk = [start]
    for c in range(first + 1, last):
        key = f"{net}@{c}"
        level.column[key] = c
        beyond = [link for end, links in ends.items() if level.column[end] > c for link in links]
        level.pieces[trunk[-1], key, net] = beyond
        trunk.append(key)
    for end, links in ends.items():
        level.pieces[trunk[level.column[end] - first - 1], end, net] = links


def least_height(level: Level) -> float:
    """A height that it does not go below."""
    heights = [0.0] * len(level.widths)
    for key, c in level.column.items():
        part = level.parts.get(key)
        if part is None:
            heights[c] += 2 * HALF
        else:
            tall = part.height if isinstance(part, Block) else least_height(part)
            heights[c] += part.above + tall + part.below
    return max(heights) - 2 * APART + 2 * level.pad
