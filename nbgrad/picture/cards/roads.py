"""Roads: two lanes from an operand to its reader, a value going there and a gradient back.

A road is a single curve; see `placing` for the way that it takes. The **caption** of an operand,
its local derivative, stands in a strip above or below the card of its reader, which belongs to
that card alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import hypot

from nbgrad.picture.scene import Bar, Curve, Element, Group, Point, Text, straight
from nbgrad.picture.style import Rule

APART = 4.5  # from the middle of a road to each of its lanes
NARROW = 0.5  # of the length of a bend is at most between its two lanes
HEAD = 6.0  # a value's lane ends so far before the point of its head
STUB = 14.0  # from a stopped operation to its double bar


def lane(stations: Sequence[Point], side: float) -> tuple[Point, ...]:
    """The Bézier points of one lane of a road: above its middle for side −1, below for 1.

    Both lanes have the same bends. If one were only shifted down, they would come closer where
    these are steep, so each is moved sideways, too: the upper one towards the outside.
    """
    way = [stations[0]]
    for (x0, y0), (x1, y1) in pairwise(stations):
        aside = sideways(x1 - x0, abs(y1 - y0))
        late = (1 - side if y1 > y0 else 1 + side) / 2  # 1 where this lane bends after the other
        way += [(x0 + late * aside, y0), (x1 - (1 - late) * aside, y1)]
    ends = zip(way, way[1:], (*way[2:], stations[-1]), strict=False)
    corners = [at for before, at, after in ends if rises(before, at) or rises(at, after)]
    x, y = way[0][0], way[0][1] + side * APART
    curve = [(x, y)]
    for goal, height in (*corners, stations[-1]):
        middle, before, y = (x + goal) / 2, y, height + side * APART
        if goal > x or y != before:
            curve += [(middle, before), (middle, y), (goal, y)]
            x = goal
    return tuple((round(x, 1), round(y, 1)) for x, y in curve)


def rises(a: Point, b: Point) -> bool:
    """Whether a piece of a road is no straight one."""
    return abs(a[1] - b[1]) > 0.1


def sideways(length: float, rise: float) -> float:
    """How far apart the lanes of a bend run sideways, so that they are as far apart as elsewhere.

    Two equal curves that rise by s for each pixel, one of them d higher and w further to the
    right, are (d + w s) / √(1 + s²) apart.
    """
    steepest, aside = 0.0, 0.0
    for _ in range(2):
        steepest = 1.5 * rise / max(1.0, length - aside)
        if not steepest:
            return 0.0
        aside = min(2 * APART * (hypot(1, steepest) - 1) / steepest, NARROW * length)
    return aside


def road_group(key: str, stations: Sequence[Point]) -> Group:
    """The two lanes of an edge that runs from left to right, and its double bar."""
    x, y = stations[-1]
    bar = x - STUB - 6, y + APART + 4
    children: tuple[Element, ...] = (
        Curve(f"{key}.forward", lane(stations, -1), "road forward", "filled"),
        Curve(f"{key}.reverse", backwards(lane(stations, 1)), "road reverse", "open"),
        Curve(f"{key}.stub", straight((x, y + APART), (x - STUB, y + APART)), "reverse"),
        Bar(f"{key}.stop", *bar, 22),
    )
    return Group(key, children, "edge", edge=key)


def upright_group(key: str, source: Point, target: Point) -> Group:
    """The two lanes of an edge between cards above each other; both ends have the same x."""
    (x, y), (_, end) = source, target
    down = end > y
    bar_y = end - STUB - 3 if down else end + STUB + 3
    children: tuple[Element, ...] = (
        Curve(
            f"{key}.forward", straight((x - APART, y), (x - APART, end)), "road forward", "filled"
        ),
        Curve(f"{key}.reverse", straight((x + APART, end), (x + APART, y)), "road reverse", "open"),
        Curve(
            f"{key}.stub",
            straight((x + APART, end), (x + APART, end + (-8 if down else 8))),
            "reverse",
        ),
        Bar(f"{key}.stop", x + APART + 4, bar_y + (6 if down else -6), 14),
    )
    return Group(key, children, "edge", edge=key)


def glows(key: str, stations: Sequence[Point]) -> Curve:
    """The light below a road in its step."""
    return Curve(f"{key}.glow", lane(stations, 0), "glow")


def backwards(points: Sequence[Point]) -> tuple[Point, ...]:
    """A curve from its end to its start."""
    return tuple(reversed(points))


def caption_text(key: str, at: Point) -> Text:
    """The local derivative of an edge, in the strip of its reader."""
    return Text(f"{key}.local", *at)


def road_rules(key: str, room: float | None) -> Iterator[Rule]:
    """What a road shows; with a room, its caption too."""
    for part in ("forward", "reverse", "glow", "stop", "stub"):
        yield Rule(f"{key}.{part}", part, key)
    yield Rule(key, "edge", key)
    if room is not None:
        yield Rule(f"{key}.local", "local", key, {"room": room})
