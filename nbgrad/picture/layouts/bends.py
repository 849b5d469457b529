"""Where roads bend: between two columns, in an S, without touching each other.

All bends of a gap are of one length. Where they are steep, those that run beside each other stand
on **tracks**: of two that go down, the upper one turns later; of two that go up, the lower one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from nbgrad.picture.layouts.boxes import HALF_ROAD, Item, Point, Road

#: How long an S is: as long as it is high, within these.
SHORTEST, LONGEST = 62.0, 130.0
#: The least room for an S with its head, from one track to the next, and that at least.
LEAST, TRACK, LEAST_TRACK = 26.0, 17.0, 5.0
#: Bends of less rise need no track of their own; and the length that they have beside others.
LOW, SHARP = 40.0, 19.0
#: Bends that rise by more than this for each pixel of their length are steep.
STEEP = 1.3
#: After a card and before one a road runs straight for so long, with its heads.
TAIL_ROOM, HEAD_ROOM = 6.0, 7.0


class Bend(NamedTuple):
    """A piece of a road between two columns, from one height to another."""

    road: str
    before: float
    after: float
    early: bool

    @property
    def rise(self) -> float:
        return self.after - self.before

    @property
    def length(self) -> float:
        """How long it would like to be."""
        return max(SHORTEST, min(LONGEST, abs(self.rise)))

    @property
    def heights(self) -> tuple[float, float]:
        """The heights that it takes."""
        ends = sorted((self.before, self.after))
        return ends[0] - HALF_ROAD, ends[1] + HALF_ROAD


def pieces_of(
    roads: Sequence[Road], items: Mapping[str, Item], passages: Mapping[str, Sequence[str]]
) -> dict[int, list[Bend]]:
    """The pieces of all roads in each gap, straight ones too."""
    found: dict[int, list[Bend]] = defaultdict(list)
    for road in roads:
        source, target = items[road.source.box], items[road.target.box]
        heights = [source.y + road.source.y, *(items[key].y for key in passages[road.id])]
        heights.append(target.y + road.target.y)
        for i in range(len(heights) - 1):
            bend = Bend(road.id, heights[i], heights[i + 1], road.bends_early)
            found[source.column + i].append(bend)
    return found


class Gap:
    """The bends of one gap, on tracks.

    Attributes
    ----------
    least, wish
        The room that they need, and that they would like to have; 0 if all is straight.
    """

    def __init__(self, pieces: Sequence[Bend]) -> None:
        self.bends = [bend for bend in pieces if abs(bend.rise) > 0.5]
        self.track = tracks(self.bends)
        self.tracks = 1 + max(self.track.values(), default=0)
        self.length = max((bend.length for bend in self.bends), default=0.0)
        self.rise = max((abs(bend.rise) for bend in self.bends), default=0.0)
        others = self.tracks - 1
        self.least = LEAST + LEAST_TRACK * min(others, 3) if self.bends else 0.0
        crowd = TRACK * others if self.rise > SHORTEST else 0.0
        self.wish = self.length + crowd + TAIL_ROOM + HEAD_ROOM if self.bends else 0.0

    def places(self, left: float, right: float) -> Iterator[tuple[str, Point]]:
        """Where each bend begins and ends, between the ends of two columns."""
        right -= HEAD_ROOM
        left += max(0.0, min(TAIL_ROOM, right - left - SHARP))
        room, others = right - left, self.tracks - 1
        length, apart = min(self.length, room), 0.0
        if others and self.rise > STEEP * length:
            apart = min(TRACK, max(0.0, room - SHARP) / others)
            length = min(length, room - apart * others)
        for bend in self.bends:
            before = apart * self.track[bend.road]
            begin = left + before if bend.early else right - length - apart * others + before
            yield bend.road, (begin, begin + length)


def tracks(bends: Sequence[Bend]) -> dict[str, int]:
    """The track of each bend, from left to right, so that those beside each other stay apart."""
    found = dict.fromkeys((bend.road for bend in bends), 0)
    for down in (True, False):
        group = [each for each in bends if abs(each.rise) > LOW and (each.rise > 0) is down]
        group.sort(key=lambda bend: (bend.before, bend.after), reverse=down)
        for i, bend in enumerate(group):
            inner = [other for other in group[:i] if beside(bend, other)]
            found[bend.road] = 1 + max((found[other.road] for other in inner), default=-1)
    return found


def beside(a: Bend, b: Bend) -> bool:
    """Whether two bends of one direction share a height, and do not cross."""
    (top, bottom), (other_top, other_bottom) = a.heights, b.heights
    meet = top < other_bottom and other_top < bottom
    return meet and (a.before - b.before) * (a.after - b.after) >= 0
