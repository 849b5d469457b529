"""Roads: two lanes from an operand to its reader, a value going there and a gradient back.

A road is a single curve; see `placing` for the way that it takes. The **caption** of an operand,
its local derivative, stands in a strip above or below the card of its reader, which belongs to
that card alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from nbgrad.picture.scene import Bar, Curve, Element, Group, Point, Text, straight
from nbgrad.picture.style import Rule

APART = 4.5  # from the middle of a road to each of its lanes
HEAD = 6.0  # a value's lane ends so far before the point of its head
STUB = 14.0  # from a stopped operation to its double bar


def lane(stations: Sequence[Point], side: float) -> tuple[Point, ...]:
    """The Bézier points of one lane of a road: above its middle for side −1, below for 1.

    In a steep piece two lanes that are only shifted down would come closer, so each is moved
    sideways: the upper one towards the outside.
    """
    x, y = stations[0]
    curve = [(x, y + side * APART)]
    for (x0, y0), (x1, y1) in pairwise(stations):
        if (x0, y0) == (x1, y1):
            continue  # a bend that begins where the road does
        steepness = abs(y1 - y0) / (x1 - x0) if x1 > x0 else 0.0
        aside = min((0.3 + 0.5 * max(1.0, min(2.6, steepness))) * APART, 0.45 * (x1 - x0))
        shift = -side * aside * max(-1.0, min(1.0, (y1 - y0) / 40))
        middle = (x0 + x1) / 2 + shift
        curve += [
            (middle, y0 + side * APART),
            (middle, y1 + side * APART),
            (x1, y1 + side * APART),
        ]
    return tuple((round(x, 1), round(y, 1)) for x, y in curve)


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
