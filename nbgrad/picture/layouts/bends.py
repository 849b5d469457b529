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
LOW, SHARP = 40.0, 13.0
#: Bends that rise by more than this for each pixel of their length are steep.
STEEP = 1.3
#: After a card and before one a road runs straight for so long, with its heads.
TAIL_ROOM, HEAD_ROOM = 6.0, 7.0
#: How far apart the lanes of a short bend are, as a share of its length.
LANES = 0.5


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
        others = self.tracks - 1
        for bend in self.bends:
            first, last = self.ends(bend, left, right)
            room = last - first
            length, apart = min(self.length, room), 0.0
            if others and self.rise > STEEP * length:
                # As far apart as the lanes of each are in its steep part.
                apart = min(TRACK, room / (others + 1 / (2 * LANES)))
                length = min(length, room - apart * others)
            before = apart * self.track[bend.road]
            begin = first + before if bend.early else last - length - apart * others + before
            yield bend.road, (begin, begin + length)

    def ends(self, bend: Bend, left: float, right: float) -> Point:
        """Where a bend may begin and end at most: heads need room before and behind it.

        Of lanes that go up steeply, each leaves room for the other's head: the upper one bends
        first, and so it is straight where it ends.
        """
        if bend.rise < -LOW and right - left < 2 * LEAST:
            return left, right
        right -= HEAD_ROOM
        return left + max(0.0, min(TAIL_ROOM, right - left - SHARP)), right


def tracks(bends: Sequence[Bend]) -> dict[str, int]:
    """The track of each bend, from left to right, so that those beside each other stay apart."""
    found = dict.fromkeys((bend.road for bend in bends), 0)
    steep = [bend for bend in bends if abs(bend.rise) > LOW]
    placed: list[Bend] = []
    for down in (True, False):
        group = [each for each in steep if (each.rise > 0) is down]
        group.sort(key=lambda bend: (bend.before, bend.after), reverse=down)
        for i, bend in enumerate(group):
            inner = [found[other.road] for other in group[:i] if beside(bend, other)]
            taken = {found[other.road] for other in placed if common(bend, other) > SHARP}
            track = 1 + max(inner, default=-1)
            while track in taken:
                track += 1
            found[bend.road] = track
            placed.append(bend)
    return found


def common(a: Bend, b: Bend) -> float:
    """How much of their height two bends have in common."""
    (top, bottom), (other_top, other_bottom) = a.heights, b.heights
    return min(bottom, other_bottom) - max(top, other_top) - 2 * HALF_ROAD


def beside(a: Bend, b: Bend) -> bool:
    """Whether two bends of one direction share a height, and do not cross."""
    return common(a, b) > -2 * HALF_ROAD and (a.before - b.before) * (a.after - b.after) >= 0
