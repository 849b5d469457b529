"""Where blocks stand inside frames inside frames, and how lines run between them.

First what is in a frame is placed, then the frame is a box in the drawing around it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from nbgrad.picture.layouts.columns import (
    Run,
    Spring,
    free_heights,
    neighbours,
    ordered,
    pile_up,
    sweep,
)
from nbgrad.picture.layouts.columns import level as make_runs_level
from nbgrad.picture.layouts.overview.frames import (
    APART,
    BEND,
    LEAST_GAP,
    LEVEL,
    NEARLY,
    TITLE,
    Block,
    Level,
    Link,
    Nest,
    Rectangle,
    least_height,
    level_of,
)
from nbgrad.picture.scene import Point

ROUNDS, SWEEPS, MANY = 6, 4, 400  # for more pieces of lines than this, fewer rounds
FEW = 5  # so many lines come into a block apart from each other
STIFF = 6.0  # how much a line resists a bend, but for the one before its reader


@dataclass(frozen=True)
class Line:
    """A piece of a line, and what it joins; it is straight, or an S between two heights."""

    links: tuple[Link, ...]
    points: tuple[Point, ...]


@dataclass
class Places:
    """Where everything stands: rectangles of blocks and frames, titles, and lines."""

    width: float
    height: float
    blocks: dict[str, Rectangle] = field(default_factory=dict)
    frames: dict[str, Rectangle] = field(default_factory=dict)
    titles: dict[str, tuple[float, float, str]] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)


class TooHigh(Exception):
    """What is to be placed has room enough beside each other, but not above each other."""


def nested(root: Nest, links: Sequence[Link], width: float, height: float) -> Places | None:
    """The places of everything within a size; None where it is too wide.

    Raises
    ------
    TooHigh
        If it is too high.
    """
    level = level_of(root, links)
    if level.width > width:
        return None
    if least_height(level) > height:
        raise TooHigh
    arrange(level)
    if level.width > width:
        return None
    if level.height > height:
        raise TooHigh
    found = Places(min(width, level.width + level.wish), level.height)
    put(level, found, 0.0, 0.0, found.width)
    return found


def put(level: Level, found: Places, x: float, y: float, width: float) -> None:
    """Add a frame and what is in it, of the size that it has been given."""
    pad, wish, count = level.pad, level.wish, len(level.widths)
    share = min(1.0, max(0.0, width - level.width) / wish) if wish else 0.0
    if level.nest.id:
        found.frames[level.nest.id] = (x, y, width, level.height)
        side, edge = level.title_at
        title_x = x + width - pad if side == "end" else x + pad
        base = y + level.height - 5 if edge == "bottom" else y + TITLE - 4
        found.titles[level.nest.id] = (title_x, base, side)
    widths = [w + share * level.column_wish(c) for c, w in enumerate(level.widths)]
    gaps = [gap + share * more for gap, more in zip(level.gaps, level.wishes, strict=True)]
    spare = max(0.0, width - 2 * pad - sum(widths) - sum(gaps)) / count
    ends, left = [], x + pad + spare / 2
    for size, gap in zip(widths, (*gaps, 0.0), strict=True):
        ends.append((left, left + size))
        left += size + gap + spare
    down = y + pad - level.top
    for key, part in level.parts.items():
        begin, end = ends[level.column[key]]
        top = down + level.items[key].y
        if isinstance(part, Level):
            put(part, found, begin, top, end - begin)
            found.blocks[key] = found.frames[key]
        else:
            size = min(end - begin, part.width * part.stretch)
            found.blocks[key] = (begin + (end - begin - size) / 2, top, size, part.height)
    for (a, b, net), links in level.pieces.items():
        first, last = ends[level.column[a]], ends[level.column[b]]
        start = down + level.items[a].y + port_of(level, a, links[0], "out")
        into = level.ins.get((a, b, net), port_of(level, b, links[0], "in"))
        stop = down + level.items[b].y + into
        begin = x if a[0] == "<" else first[0]
        reach = x + width if b[0] == ">" else last[0]
        if a in level.parts:
            begin = found.blocks[a][0] + found.blocks[a][2]
        if b in level.parts:
            reach = found.blocks[b][0]
        if abs(stop - start) <= LEVEL and b in level.parts:
            stop = start
        points = ((begin, start), (first[1], start), (last[0], stop), (reach, stop))
        found.lines.append(Line(tuple(links), tuple(dict.fromkeys(points))))


# The order and the heights of what is in a frame --------------------------------------------------


class Segment(NamedTuple):
    """A piece of a line between two items, with the heights of its ports below their tops."""

    start: str
    end: str
    net: str
    out: float
    into: float


def arrange(level: Level) -> None:
    """The order and the heights of everything in a frame; first of the frames in it."""
    for key, part in level.parts.items():
        if isinstance(part, Level):
            arrange(part)
        level.items[key].below = part.height + part.below
        c = level.column[key]
        level.widths[c] = max(level.widths[c], part.width)
    pieces = [
        Segment(a, b, net, port_of(level, a, links[0], "out"), port_of(level, b, links[0], "in"))
        for (a, b, net), links in level.pieces.items()
    ]
    level.order = ordered(level.column, [(piece.start, piece.end, piece.into) for piece in pieces])
    pieces = fanned_in(level, pieces)
    straighten_lines(level, pieces)
    make_level(level, pieces)
    level.top = min(item.y - item.above for item in level.items.values()) + APART
    bottom = max(item.y + item.below for item in level.items.values()) - APART
    level.height = bottom - level.top + 2 * level.pad
    for piece in pieces:
        c, rise = level.column[piece.start], abs(rise_of(level, piece))
        if rise > LEVEL:
            level.gaps[c] = max(level.gaps[c], LEAST_GAP)
            level.wishes[c] = max(level.wishes[c], min(BEND, 12 + rise / 2) - level.gaps[c])
        else:
            level.wishes[c] = max(level.wishes[c], 4.0)
    if level.nest.title:
        set_title(level, pieces)


def fanned_in(level: Level, pieces: Sequence[Segment]) -> list[Segment]:
    """The pieces, a little apart where few come into one block, in the order of their starts.

    That of the only operation that leads there alone comes in at the middle, and runs straight.
    """
    leaving = Counter(piece.start for piece in pieces)
    rank = {key: n for column in level.order for n, key in enumerate(column)}
    by_end: dict[str, list[Segment]] = {}
    for piece in pieces:
        by_end.setdefault(piece.end, []).append(piece)
    level.ins = {}
    for end, coming in by_end.items():
        part = level.parts.get(end)
        if not isinstance(part, Block) or part.ins or not 1 < len(coming) <= FEW:
            continue
        apart = min(9.0, (part.height - 8) / (len(coming) - 1))
        coming.sort(key=lambda piece: (rank[piece.start], piece.out))
        middle = (len(coming) - 1) / 2
        straight = [n for n, piece in enumerate(coming) if piece.start in by_end]
        straight = [n for n in straight if leaving[coming[n].start] == 1]
        if len(straight) == 1 and apart * abs(straight[0] - middle) < part.height / 2 - 6:
            middle = straight[0]
        for n, piece in enumerate(coming):
            level.ins[piece[:3]] = part.out + apart * (n - middle)
    return [piece._replace(into=level.ins.get(piece[:3], piece.into)) for piece in pieces]


def straighten_lines(level: Level, pieces: Sequence[Segment]) -> None:
    """Move items up and down such that most lines are straight, and few bend much.

    Least squares would spread a bend over all of a line, so the weights are renewed until they
    are those of least distances.
    """
    pile_up(level.items, level.order)
    operands = Counter(piece.end for piece in pieces)
    readers = Counter(piece.start for piece in pieces)
    rounds = ROUNDS if len(pieces) < MANY else ROUNDS // 2
    for n in range(rounds):
        springs: list[Spring] = []
        for piece in pieces:
            a, b, down = piece.start, piece.end, piece.out - piece.into
            is_branch = b in level.parts and operands[b] > 1
            is_alone = a in level.parts and readers[a] == 1
            weight = STIFF if not is_branch else STIFF / 2 if is_alone else 1.0
            weight /= 1 + abs(rise_of(level, piece)) / 8 if n else 1
            springs.append((a, b, down, weight))
        sweep(level.items, level.order, springs, SWEEPS)


def make_level(level: Level, pieces: Sequence[Segment]) -> None:
    """Make lines level that nearly are, and long ones, where there is room."""
    coming: dict[str, list[Segment]] = {}
    after: dict[str, list[Segment]] = {}
    for piece in pieces:
        coming.setdefault(piece.end, []).append(piece)
        after.setdefault(piece.start, []).append(piece)
    beside = neighbours(level.order)
    for key in (key for column in level.order for key in column if key in coming):
        direct = [piece for piece in coming[key] if piece.start in level.parts]
        rise = min((rise_of(level, piece) for piece in direct or coming[key]), key=abs)
        least, most = free_heights(level.items, beside, [key])
        height = level.items[key].y - rise
        if abs(rise) <= NEARLY and key in level.parts and least <= height <= most:
            level.items[key].y = height
    starts = [piece for piece in pieces if "@" not in piece.start]
    make_runs_level(level.items, [trunk_of(piece, after) for piece in starts], level.order)


def trunk_of(piece: Segment, after: Mapping[str, Sequence[Segment]]) -> Run:
    """The passages of the line that a piece begins, and the heights of its ends."""
    trunk, ends, following = [], [(piece.start, piece.out)], [piece]
    while following:
        each = following.pop()
        if "@" in each.end:
            trunk.append(each.end)
            following += after[each.end]
        else:
            ends.append((each.end, each.into))
    return trunk, ends


def rise_of(level: Level, piece: Segment) -> float:
    """How much lower the end of a piece is than its start."""
    items = level.items
    return items[piece.end].y + piece.into - items[piece.start].y - piece.out


def port_of(level: Level, key: str, link: Link, side: str) -> float:
    """The height below an item's top at which a line leaves or comes in."""
    part = level.parts.get(key)
    if part is None:
        return 0.0
    if isinstance(part, Block):
        return part.port(link, side)
    return gate(part, f"{'>' if side == 'out' else '<'}{link.net}")


def gate(level: Level, key: str) -> float:
    """The height of a gate below the top of its frame."""
    return level.items[key].y - level.top + level.pad


def set_title(level: Level, pieces: Sequence[Segment]) -> None:
    """Put the title into a free corner; where there is none, into a strip above everything."""
    for side in ("end", "start"):
        for edge in ("bottom", "top"):
            y = level.height - TITLE if edge == "bottom" else 0.0
            if is_free(level, pieces, side, y + level.top - level.pad):
                level.title_at = (side, edge)
                return
    level.title_at = ("start", "top")
    level.top -= TITLE - 4
    level.height += TITLE - 4


def is_free(level: Level, pieces: Iterable[Segment], side: str, top: float) -> bool:
    """Whether there is room for the title at one end of a strip, whatever the gaps will be."""
    count, reach, covered = len(level.widths), level.pad, 0
    for c in range(count) if side == "start" else reversed(range(count)):
        covered += 1
        reach += level.widths[c]
        if reach > level.nest.title + level.pad + 4:
            break
        gap = c if side == "start" else c - 1
        reach += level.gaps[gap] if 0 <= gap < count - 1 else 0
    inside = set(range(covered) if side == "start" else range(count - covered, count))
    bottom = top + TITLE
    for key, item in level.items.items():
        part = level.parts.get(key)
        over, under = (0.0, part.height) if part is not None else (3.0, 3.0)
        if item.column in inside and item.y - over < bottom and item.y + under > top:
            return False
    for piece in pieces:
        c, start = level.column[piece.start], level.items[piece.start].y + piece.out
        ends = start, start + rise_of(level, piece)
        if {c, c + 1} & inside and min(ends) - 3 < bottom and max(ends) + 3 > top:
            return False
    return True
