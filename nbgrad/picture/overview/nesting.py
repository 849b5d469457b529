"""Where blocks stand inside frames inside frames, and how lines run between them.

First what is in a frame is placed, then the frame is a box in the drawing around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from nbgrad.picture.boxes import Point
from nbgrad.picture.overview.frames import (
    LEVEL,
    TITLE,
    Level,
    Link,
    Nest,
    Rectangle,
    least_height,
    level_of,
)
from nbgrad.picture.overview.rows import arrange, port_of


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


def least_size(root: Nest, links: Sequence[Link]) -> tuple[float, float]:
    """A size that a drawing does not go below."""
    level = level_of(root, links)
    return level.width, least_height(level)


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
