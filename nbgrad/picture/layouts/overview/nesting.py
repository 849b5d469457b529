"""Where blocks stand inside frames inside frames, and how lines run between them.

Each frame is a layered drawing of its own: first what is in it is placed, then it is a box in the
drawing around it. A line that enters a frame does so at a **gate** on its left border, and leaves
through one on its right; all lines of one source run together as long as they can.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from nbgrad.picture.layouts.columns import (
    Item,
    LayeredDrawing,
    Run,
    Spring,
    columns_behind,
)
from nbgrad.picture.scene import Anchor, Point

PAD = 8.0  # from the border of a frame to what is in it
TITLE = 17.0  # the height of a title
HALF = 4.0  # half of what a line takes of a column that it passes
APART = 4.0  # half of the room between two blocks of a column
LEAST_GAP, STRAIGHT_GAP, BEND = 17.0, 11.0, 60.0  # between columns: at least, and with room
LEVEL, NEARLY = 3.0, 8.0  # a line runs level that would rise by less; if there is room, by less
ROUNDS, SWEEPS, MANY = 6, 4, 400  # for more pieces of lines than this, fewer rounds
STIFF = 6.0  # how much a line resists a bend, but for the one before its reader

Rectangle = tuple[float, float, float, float]


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
    """What is placed: its size, and the heights where lines leave and come in."""

    id: str
    width: float
    height: float
    out: float
    ins: Mapping[str, float] = field(default_factory=dict)  # of edges with lines of their own
    outs: Mapping[str, float] = field(default_factory=dict)
    above: float = APART  # the room that belongs to it alone
    below: float = APART
    stretch: float = 1.0  # in a wide column it is up to so many times as wide
    beside: float = 0.0  # what the gaps beside it are wider

    def port(self, link: Link, *, is_out: bool) -> float:
        """The height at which a line leaves or comes in."""
        return (self.outs if is_out else self.ins).get(link.edge, self.out)


@dataclass(frozen=True)
class Nest:
    """A frame, with the width of its title; the outermost is not drawn."""

    id: str
    parts: tuple[Block | Nest, ...]
    title: float = 0.0


class Line(NamedTuple):
    """A piece of a line, and what it joins; it is straight, or an S between two heights."""

    links: Sequence[Link]
    points: tuple[Point, ...]


@dataclass
class Places:
    """Where everything stands: rectangles of blocks and frames, titles, and lines."""

    width: float
    height: float
    blocks: dict[str, Rectangle] = field(default_factory=dict)
    frames: dict[str, Rectangle] = field(default_factory=dict)
    titles: dict[str, tuple[float, float, Anchor]] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)


def nested(root: Nest, links: Sequence[Link], width: float, height: float) -> Places | None:
    """The places of everything within a size; None without room for it."""
    whole = FrameDrawing(root, links)
    if whole.width > width or whole.least_height > height:
        return None
    whole.arrange()
    if whole.width > width or whole.height > height:
        return None
    found = Places(min(width, whole.width + whole.wish), whole.height)
    whole.put(found, 0.0, 0.0, found.width)
    return found


class Segment(NamedTuple):
    """A piece of lines of one net between two items, and the heights of its ports in these."""

    start: str
    end: str
    links: Sequence[Link]
    out: float = 0.0
    into: float = 0.0


def ids_in(part: Block | Nest) -> Iterator[str]:
    """The ids of all blocks inside."""
    if isinstance(part, Block):
        yield part.id
    else:
        for each in part.parts:
            yield from ids_in(each)


class FrameDrawing(LayeredDrawing):
    """The drawing inside a frame; `links` are those with an end inside.

    Its items are parts, gates `<net` and `>net`, and passages of lines, `net@column`.
    """

    above = below = APART
    height = top = 0.0
    title_at: tuple[Anchor, str] = ("start", "top")

    def __init__(self, nest: Nest, links: Sequence[Link]) -> None:
        self.nest, self.pad = nest, PAD if nest.id else 0.0
        owner = {key: part.id for part in nest.parts for key in ids_in(part)}
        inside: dict[str, list[Link]] = defaultdict(list)
        # By net: where it starts, and its ends.
        nets: dict[str, tuple[str, dict[str, list[Link]]]] = {}
        for link in links:
            start = owner.get(link.source, f"<{link.net}")
            end = owner.get(link.target, f">{link.net}")
            for key in dict.fromkeys((start, end)):
                inside[key].append(link)
            if start != end:
                nets.setdefault(link.net, (start, {}))[1].setdefault(end, []).append(link)
        self.parts = {
            part.id: part if isinstance(part, Block) else FrameDrawing(part, inside[part.id])
            for part in nest.parts
        }
        columns = self.columns([*nets.values()])
        self.widths = [0.0] * (1 + max(columns.values()))
        beside = [0.0] * len(self.widths)
        self.items = {}
        for key, c in columns.items():
            part = self.parts.get(key)
            self.items[key] = Item(c, part.above, 0.0) if part else Item(c, HALF, HALF)
            self.widths[c] = max(self.widths[c], part.width if part else 0.0)
            beside[c] = max(beside[c], part.beside if isinstance(part, Block) else 0.0)
        self.pieces = [piece for net, ends in nets.items() for piece in self.trunk(net, *ends)]
        self.gaps = []
        for widths, more in zip(pairwise(self.widths), pairwise(beside), strict=True):
            least = STRAIGHT_GAP if 0.0 in widths else LEAST_GAP  # less beside a gate
            self.gaps.append(max(least, LEAST_GAP + max(more) if any(more) else 0))
        self.wishes = [0.0] * len(self.gaps)  # what gaps would like to have more

    def columns(self, nets: Sequence[tuple[str, Collection[str]]]) -> dict[str, int]:
        """The column of each part and gate, after its last operand, or else before a reader."""
        operands: dict[str, set[str]] = {key: set() for key in self.parts}
        gates = {start: 0 for start, _ in nets if start not in self.parts}
        outs = []
        for start, ends in nets:
            for end in ends:
                if end in self.parts:
                    operands[end].add(start)
                else:
                    outs.append(end)
        found = columns_behind(operands, gates, late=self.parts)
        last = 1 + max(found.values(), default=0)
        # In the order of the formula, gates first: it decides where nothing else does.
        return {**gates, **{key: found[key] for key in self.parts}, **dict.fromkeys(outs, last)}

    def trunk(self, net: str, start: str, ends: Mapping[str, list[Link]]) -> Iterator[Segment]:
        """The pieces of the lines of one net: a trunk, with a branch to each end."""
        column = {end: self.items[end].column for end in ends}
        first, last = self.items[start].column, max(column.values())
        trunk = [start, *self.passages(net, first, last, HALF)]
        for c, (before, key) in enumerate(pairwise(trunk), first + 1):
            yield Segment(before, key, [x for end in ends if column[end] > c for x in ends[end]])
        for end, links in ends.items():
            yield Segment(trunk[column[end] - first - 1], end, links)

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
        inside = [part for key, part in self.parts.items() if self.items[key].column == c]
        return max((part.wish for part in inside if isinstance(part, FrameDrawing)), default=0.0)

    @property
    def least_height(self) -> float:
        """A height that it does not go below."""
        heights = [0.0] * len(self.widths)
        for key, item in self.items.items():
            if (part := self.parts.get(key)) is None:
                heights[item.column] += 2 * HALF
            else:
                tall = part.height if isinstance(part, Block) else part.least_height
                heights[item.column] += part.above + tall + part.below
        return max(heights) - 2 * APART + 2 * self.pad

    def port(self, link: Link, *, is_out: bool) -> float:
        """The height of a gate below the top of the frame."""
        return self.items[f"{'>' if is_out else '<'}{link.net}"].y - self.top + self.pad

    # The order and the heights of what is in the frame

    def arrange(self) -> None:
        """Find the order and the heights of everything; first in the frames in it."""
        for key, part in self.parts.items():
            if isinstance(part, FrameDrawing):
                part.arrange()
            item = self.items[key]
            item.below = part.height + part.below
            self.widths[item.column] = max(self.widths[item.column], part.width)
        for n, (start, end, links, *_) in enumerate(self.pieces):
            a, b = self.parts.get(start), self.parts.get(end)
            out = a.port(links[0], is_out=True) if a else 0.0
            into = b.port(links[0], is_out=False) if b else 0.0
            self.pieces[n] = Segment(start, end, links, out, into)
        self.put_in_order([(a, b, into) for a, b, _, _, into in self.pieces])
        self.pile_up()
        self.straighten_lines()
        self.make_level()
        top, bottom = self.span
        self.top = top + APART
        self.height = bottom - APART - self.top + 2 * self.pad
        for piece in self.pieces:
            c, rise = self.items[piece.start].column, abs(self.rise(piece))
            if rise > LEVEL:
                self.gaps[c] = max(self.gaps[c], LEAST_GAP)
                self.wishes[c] = max(self.wishes[c], min(BEND, 12 + rise / 2) - self.gaps[c])
            else:
                self.wishes[c] = max(self.wishes[c], 4.0)
        if self.nest.title:
            self.set_title()

    def straighten_lines(self) -> None:
        """Move items up and down such that most lines are straight, and few bend much."""
        # Least squares would spread a bend over all of a line; weights make them least distances.
        operands = Counter(piece.end for piece in self.pieces)
        readers = Counter(piece.start for piece in self.pieces)
        rounds = ROUNDS if len(self.pieces) < MANY else ROUNDS // 2
        for n in range(rounds):
            springs: list[Spring] = []
            for piece in self.pieces:
                a, b = piece.start, piece.end
                is_branch = b in self.parts and operands[b] > 1
                is_alone = a in self.parts and readers[a] == 1
                weight = STIFF if not is_branch else STIFF / 2 if is_alone else 1.0
                weight /= 1 + abs(self.rise(piece)) / 8 if n else 1
                springs.append((a, b, piece.out - piece.into, weight))
            self.straighten(springs, SWEEPS)

    def make_level(self) -> None:
        """Make lines level that nearly are, and long ones, where there is room."""
        coming: dict[str, list[Segment]] = defaultdict(list)
        after: dict[str, list[Segment]] = defaultdict(list)
        for piece in self.pieces:
            coming[piece.end].append(piece)
            after[piece.start].append(piece)
        for key in (key for column in self.order for key in column if key in coming):
            direct = [piece for piece in coming[key] if piece.start in self.parts]
            rise = min((self.rise(piece) for piece in direct or coming[key]), key=abs)
            least, most = self.free_heights([key])
            height = self.items[key].y - rise
            if abs(rise) <= NEARLY and key in self.parts and least <= height <= most:
                self.items[key].y = height
        runs: list[Run] = []
        for piece in (piece for piece in self.pieces if "@" not in piece.start):
            passages, ends, following = [], [(piece.start, piece.out)], [piece]
            while following:
                each = following.pop()
                if "@" in each.end:
                    passages.append(each.end)
                    following += after[each.end]
                else:
                    ends.append((each.end, each.into))
            runs.append((passages, ends))
        self.level(runs)

    def rise(self, piece: Segment) -> float:
        """How much lower the end of a piece is than its start."""
        return self.items[piece.end].y + piece.into - self.items[piece.start].y - piece.out

    def set_title(self) -> None:
        """Put the title into a free corner; where there is none, into a strip above everything."""
        sides: tuple[Anchor, ...] = ("end", "start")
        for side in sides:
            for edge in ("bottom", "top"):
                y = self.height - TITLE if edge == "bottom" else 0.0
                if self.is_free(side, y + self.top - self.pad):
                    self.title_at = (side, edge)
                    return
        self.top -= TITLE - 4
        self.height += TITLE - 4

    def is_free(self, side: str, top: float) -> bool:
        """Whether there is room for the title at one end of a strip, whatever the gaps will be."""
        count, reach = len(self.widths), self.pad
        inside: set[int] = set()
        for c in range(count) if side == "start" else reversed(range(count)):
            inside.add(c)
            reach += self.widths[c]
            if reach > self.nest.title + self.pad + 4:
                break
            gap = c if side == "start" else c - 1
            reach += self.gaps[gap] if 0 <= gap < count - 1 else 0
        bottom = top + TITLE
        for key, item in self.items.items():
            part = self.parts.get(key)
            over, under = (0.0, part.height) if part is not None else (3.0, 3.0)
            if item.column in inside and item.y - over < bottom and item.y + under > top:
                return False
        for piece in self.pieces:
            item = self.items[piece.start]
            c, start = item.column, item.y + piece.out
            ends = start, start + self.rise(piece)
            if {c, c + 1} & inside and min(ends) - 3 < bottom and max(ends) + 3 > top:
                return False
        return True

    # Its place

    def put(self, found: Places, x: float, y: float, width: float) -> None:
        """Add the frame and what is in it, of the size that it has been given."""
        pad, wish = self.pad, self.wish
        if self.nest.id:
            found.frames[self.nest.id] = (x, y, width, self.height)
            side, edge = self.title_at
            base = y + self.height - 5 if edge == "bottom" else y + TITLE - 4
            found.titles[self.nest.id] = (x + width - pad if side == "end" else x + pad, base, side)
        share = min(1.0, max(0.0, width - self.width) / wish) if wish else 0.0
        widths = [w + share * self.column_wish(c) for c, w in enumerate(self.widths)]
        gaps = [gap + share * more for gap, more in zip(self.gaps, self.wishes, strict=True)]
        spare = max(0.0, width - 2 * pad - sum(widths) - sum(gaps)) / len(widths)
        ends, left = [], x + pad + spare / 2
        for size, gap in zip(widths, (*gaps, 0.0), strict=True):
            ends.append((left, left + size))
            left += size + gap + spare
        down = y + pad - self.top
        for key, part in self.parts.items():
            begin, end = ends[self.items[key].column]
            top = down + self.items[key].y
            if isinstance(part, FrameDrawing):
                part.put(found, begin, top, end - begin)
                found.blocks[key] = found.frames[key]
            else:
                size = min(end - begin, part.width * part.stretch)
                found.blocks[key] = (begin + (end - begin - size) / 2, top, size, part.height)
        for a, b, links, out, into in self.pieces:
            before, after = self.items[a], self.items[b]
            first, last = ends[before.column], ends[after.column]
            start, stop = down + before.y + out, down + after.y + into
            begin = x if a[0] == "<" else first[0]
            reach = x + width if b[0] == ">" else last[0]
            if a in self.parts:
                begin = found.blocks[a][0] + found.blocks[a][2]
            if b in self.parts:
                reach = found.blocks[b][0]
                stop = start if abs(stop - start) <= LEVEL else stop
            points = ((begin, start), (first[1], start), (last[0], stop), (reach, stop))
            found.lines.append(Line(links, tuple(dict.fromkeys(points))))
