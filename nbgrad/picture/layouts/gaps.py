"""The gaps between columns: how wide they are, and where roads bend in them.

Roads bend in an S between two columns, all of one length. Where they are steep, those that run
beside each other stand on **tracks**: of two that go down, the upper one turns later.

A card that is attached above or below its reader is often wider than that. It may hang over into
the columns beside, where nothing else stands at its height; else it is shifted to a side, as far
as its vertical road still meets its reader; else the columns move apart. All this is one system of
differences, "b begins at least so far to the right of a", whose least solution is a longest path.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from nbgrad.picture.scene import Point

HALF_ROAD = 11.0  # half of what a road takes of a column that it passes
SHORTEST, LONGEST = 62.0, 130.0  # an S is as long as it is high, within these
#: The least room for an S with its head, from one track to the next, and that at least.
LEAST, TRACK, LEAST_TRACK = 26.0, 17.0, 5.0
#: Bends of less rise need no track of their own; and the length that they have beside others.
LOW, SHARP = 40.0, 13.0
STEEP = 1.3  # bends that rise by more than this for each pixel of their length are steep
#: After a card and before one a road runs straight for so long, with its heads.
TAIL_ROOM, HEAD_ROOM = 6.0, 7.0
#: The least room between two columns where all roads are straight: two heads; and what is better.
LEAST_STRAIGHT, STRAIGHT = 20.0, 44.0
OVERLAP = 28.0  # of an attached card above its reader at least: a road, and some room beside it
APART = 12.0  # between two attached cards


class Bend(NamedTuple):
    """A piece of a road between two columns, from one height to another; it may be straight."""

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


class Gap:
    """The pieces of roads in one gap, and those of them that bend, on tracks."""

    def __init__(self, pieces: Sequence[Bend]) -> None:
        self.pieces = pieces
        self.bends = [bend for bend in pieces if abs(bend.rise) > 0.5]
        self.track = tracks(self.bends)
        self.others = max(self.track.values(), default=0)
        self.length = max((bend.length for bend in self.bends), default=0.0)
        self.rise = max((abs(bend.rise) for bend in self.bends), default=0.0)
        # The room that bends need, and would like to have; 0 if all is straight.
        self.least = LEAST + LEAST_TRACK * min(self.others, 3) if self.bends else 0.0
        crowd = TRACK * self.others if self.rise > SHORTEST else 0.0
        self.wish = self.length + crowd + TAIL_ROOM + HEAD_ROOM if self.bends else 0.0

    def places(self, left: float, right: float) -> Iterator[tuple[Bend, Point]]:
        """Where each bend begins and ends, between the ends of two columns."""
        for bend in self.bends:
            first, last = self.ends(bend, left, right)
            room = last - first
            length, apart = min(self.length, room), 0.0
            if self.others and self.rise > STEEP * length:
                # As far apart as the lanes of each are in its steep part.
                apart = min(TRACK, room / (self.others + 1))
                length = min(length, room - apart * self.others)
            before = apart * self.track[bend.road]
            begin = first if bend.early else last - length - apart * self.others
            yield bend, (begin + before, begin + before + length)

    def ends(self, bend: Bend, left: float, right: float) -> Point:
        """Where a bend may begin and end at most: heads need room before and behind it."""
        if bend.rise < -LOW and right - left < 2 * LEAST:
            return left, right  # of two lanes that go up steeply, each is straight at its head
        right -= HEAD_ROOM
        return left + max(0.0, min(TAIL_ROOM, right - left - SHARP)), right

    def blocks(self, card: Attached) -> bool:
        """Whether a road runs here at the height of an attached card."""
        return any(card.meets(*piece.heights) for piece in self.pieces)


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


# Columns and attached cards, from left to right -------------------------------------------------


class Attached(NamedTuple):
    """A card above or below its reader, before it has a place."""

    id: str
    column: int  # of its reader; and the id of that, the widths of its card and of its inbox
    box: str
    reader: float
    tray: float
    wish: float  # how far right of its reader's left end it would like to begin
    width: float
    top: float
    bottom: float
    total: float  # the width of all that is attached to this side of its reader
    inset: float = 0.0  # how far in from its column's left end its reader begins

    def meets(self, top: float, bottom: float) -> bool:
        """Whether it shares a height with something."""
        return self.top < bottom and top < self.bottom


class Taken(NamedTuple):
    """A height that something takes in a column, and how far it reaches to the right."""

    column: int
    top: float
    bottom: float
    right: float


class Across(NamedTuple):
    """Where everything begins, from left to right."""

    columns: list[tuple[float, float]]  # the ends of each
    insets: dict[str, float]  # how far in from these some boxes begin
    beside: dict[str, float]  # the left ends of attached cards
    share: float  # how much bends have of what they wish for


#: Two keys, of columns or of attached cards, and how far behind the first the second begins.
Least: TypeAlias = tuple[Hashable, Hashable, float]


def across(
    widths: Sequence[float],
    gaps: Sequence[Gap],
    attached: Sequence[Attached],
    taken: Sequence[Taken],
    width: float,
) -> Across | None:
    """Where columns and cards begin and end; None where they do not fit."""
    widths, insets = wide_enough(widths, gaps, attached)
    attached = [each._replace(inset=insets.get(each.box, 0.0)) for each in attached]
    fixed = [least for each in attached for least in bounds_of(each, widths, gaps, taken)]
    for i, a in enumerate(attached):
        for b in attached[i + 1 :]:
            if a.top < b.bottom + APART and b.top < a.bottom + APART:
                fixed.append((a.id, b.id, a.width + APART))
    share, right = 1.0, 0.0
    while True:
        if (ends := least_ends(widths, gaps, share, fixed)) is not None:
            rights = [ends[each.id] + each.width for each in attached]
            right = max([ends[len(widths) - 1] + widths[-1], *rights])
            if right <= width:
                break
        if share <= 0:
            return None
        share = round(share - 0.02, 2)
    columns = [(ends[k], ends[k] + size) for k, size in enumerate(widths)]
    beside = centred(attached, fixed, ends, right)
    return Across(columns, insets, beside, share if any(gap.wish for gap in gaps) else 1.0)


def least_ends(
    widths: Sequence[float], gaps: Sequence[Gap], share: float, fixed: Sequence[Least]
) -> dict[Hashable, float] | None:
    """The leftmost ends, with gaps that are a share of what bends wish for; None if impossible.

    Where all roads are straight a gap is wider only when bends have half of that.
    """
    straight = LEAST_STRAIGHT + max(0.0, 2 * share - 1) * (STRAIGHT - LEAST_STRAIGHT)
    sizes = (max(gap.least, share * gap.wish) if gap.wish else straight for gap in gaps)
    between: list[Least] = [(k, k + 1, widths[k] + size) for k, size in enumerate(sizes)]
    ends: dict[Hashable, float] = dict.fromkeys(range(len(widths)), 0.0)
    ends |= {key: 0.0 for a, b, _ in fixed for key in (a, b) if key not in ends}
    for _ in range(len(ends) + 1):
        changed = False
        for a, b, least in (*between, *fixed):
            if ends[b] < ends[a] + least - 1e-6:
                ends[b], changed = ends[a] + least, True
        if not changed:
            return ends
    return None


def wide_enough(
    widths: Sequence[float], gaps: Sequence[Gap], attached: Sequence[Attached]
) -> tuple[list[float], dict[str, float]]:
    """The widths of columns, wider where cards are attached between roads at both sides.

    Their reader stands in the middle of such a column.
    """
    found = list(widths)
    insets: dict[str, float] = {}
    for each in attached:
        before, behind = max(0, each.column - 1), each.column + 1
        beside = [gap.blocks(each) for gap in gaps[before:behind]]
        between = any(beside) if each.total > each.width else sum(beside) == 2
        if each.total <= each.reader or not between:
            continue
        begin = each.wish - (each.reader - each.total) / 2  # where all begins with the column
        least, most = begin + OVERLAP - each.reader, begin + each.width - OVERLAP
        wish = insets.get(each.box, (each.total - each.reader) / 2)
        free = max(found[each.column], each.total) - each.reader - each.tray
        insets[each.box] = max(least, min(most, wish, free))
        end = insets[each.box] + each.reader + each.tray
        found[each.column] = max(found[each.column], each.total, end)
    return found, insets


def bounds_of(
    each: Attached, widths: Sequence[float], gaps: Sequence[Gap], taken: Sequence[Taken]
) -> Iterator[Least]:
    """What keeps an attached card at its reader, and out of what stands in its height."""
    yield each.column, each.id, each.inset + OVERLAP - each.width
    yield each.id, each.column, OVERLAP - each.inset - each.reader
    beside = [other for other in taken if each.meets(other.top, other.bottom)]
    for k in range(each.column - 1, -1, -1):
        if gaps[k].blocks(each):
            yield k + 1, each.id, 0.0
            break
        if rights := [other.right for other in beside if other.column == k]:
            yield k, each.id, max(rights) + APART
            break
    for k in range(each.column, len(gaps)):
        if gaps[k].blocks(each):
            yield each.id, k, each.width - widths[k]
            break
        if any(other.column == k + 1 for other in beside):
            yield each.id, k + 1, each.width + APART
            break


def centred(
    attached: Sequence[Attached],
    fixed: Sequence[Least],
    ends: Mapping[Hashable, float],
    right: float,
) -> dict[str, float]:
    """The left ends of attached cards, as near to the middles of their readers as may be."""
    latest: dict[Hashable, float] = {each.id: right - each.width for each in attached}
    for each in reversed(attached):
        for a, b, least in fixed:
            if a == each.id:
                latest[a] = min(latest[a], latest.get(b, ends[b]) - least)
    found: dict[str, float] = {}
    known = dict(ends)
    for each in attached:
        earliest = [known[a] + least for a, b, least in fixed if b == each.id]
        wish = min(ends[each.column] + each.inset + each.wish, latest[each.id])
        known[each.id] = found[each.id] = max(0.0, wish, *earliest)
    return found
