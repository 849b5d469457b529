"""How far right everything stands: gaps between columns, and cards attached above or below.

An attached card is often wider than its reader. It may hang over into the columns beside, where
nothing else stands at its height; else it is shifted to a side, as far as its vertical road still
meets its reader; else the columns move apart. All this is one system of differences, "b begins at
least so far to the right of a", whose least solution is a longest path.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from nbgrad.picture.layouts.boxes import APART

#: The least room between two columns where all roads are straight: two heads; and what is better.
LEAST_STRAIGHT, STRAIGHT = 20.0, 44.0
#: How much of an attached card is above its reader at least: a road, and some room beside it.
OVERLAP = 28.0

Rise: TypeAlias = tuple[float, float]
Least: TypeAlias = tuple[Hashable, Hashable, float]


class Attached(NamedTuple):
    """A card above or below its reader, before it has a place.

    Attributes
    ----------
    column, box, reader
        Of its reader: the column, the id of its box, and the width of its card.
    wish
        How far right of its reader's left end it would like to begin.
    total
        The width of all that is attached to this side of its reader.
    tray
        What its reader's inbox adds to its width.
    """

    id: str
    column: int
    box: str
    reader: float
    wish: float
    width: float
    top: float
    bottom: float
    total: float
    tray: float = 0.0
    inset: float = 0.0

    @property
    def is_one_of_two(self) -> bool:
        return self.total > self.width

    @property
    def inset_range(self) -> tuple[float, float]:
        """How far in its reader may begin, where all that is attached begins with the column."""
        begin = self.wish - (self.reader - self.total) / 2
        return begin + OVERLAP - self.reader, begin + self.width - OVERLAP


class Across(NamedTuple):
    """Where everything begins, from left to right.

    Attributes
    ----------
    columns
        The ends of each.
    insets
        How far in from these some boxes begin.
    beside
        The left ends of attached cards.
    share
        How much bends have of what they wish for.
    """

    columns: list[tuple[float, float]]
    insets: dict[str, float]
    beside: dict[str, float]
    share: float


class Taken(NamedTuple):
    """A height that something takes in a column, and how far it reaches to the right."""

    column: int
    top: float
    bottom: float
    right: float


def across(
    widths: Sequence[float],
    wishes: Sequence[tuple[float, float]],
    attached: Sequence[Attached],
    taken: Sequence[Taken],
    roads: Mapping[int, Sequence[Rise]],
    width: float,
) -> Across | None:
    """Where columns and cards begin and end; None where they do not fit.

    `wishes` are the gaps that bends need and would like to have, 0 where there are none; `roads`
    are the heights that roads take in each gap.
    """
    widths, insets = wide_enough(widths, attached, roads)
    attached = [each._replace(inset=insets.get(each.box, 0.0)) for each in attached]
    fixed = [
        *(least for each in attached for least in beside_others(each, widths, taken, roads)),
        *apart(attached),
    ]
    share = 1.0
    while (ends := least_ends(widths, wishes, share, attached, fixed)) is None or (
        right_end(ends, widths, attached) > width
    ):
        if share <= 0:
            return None
        share = round(share - 0.02, 2)
    columns = [(ends[k], ends[k] + size) for k, size in enumerate(widths)]
    beside = centred(attached, fixed, ends, right_end(ends, widths, attached))
    return Across(columns, insets, beside, share if any(wish for _, wish in wishes) else 1.0)


def least_ends(
    widths: Sequence[float],
    wishes: Sequence[tuple[float, float]],
    share: float,
    attached: Sequence[Attached],
    fixed: Sequence[Least],
) -> dict[Hashable, float] | None:
    """The leftmost ends, with gaps that are a share of what bends wish for; None if impossible.

    Where all roads are straight a gap is wider only when bends have half of that.
    """
    straight = LEAST_STRAIGHT + max(0.0, 2 * share - 1) * (STRAIGHT - LEAST_STRAIGHT)
    gaps = (max(least, share * wish) if wish else straight for least, wish in wishes)
    between: list[Least] = [(k, k + 1, widths[k] + gap) for k, gap in enumerate(gaps)]
    ends: dict[Hashable, float] = dict.fromkeys(range(len(widths)), 0.0)
    ends |= {each.id: 0.0 for each in attached}
    for _ in range(len(ends) + 1):
        changed = False
        for a, b, least in (*between, *fixed):
            if ends[b] < ends[a] + least - 1e-6:
                ends[b], changed = ends[a] + least, True
        if not changed:
            return ends
    return None


def wide_enough(
    widths: Sequence[float], attached: Sequence[Attached], roads: Mapping[int, Sequence[Rise]]
) -> tuple[list[float], dict[str, float]]:
    """The widths of columns, wider where cards are attached between roads at both sides.

    Their reader stands in the middle of such a column.
    """
    found = list(widths)
    insets: dict[str, float] = {}
    for each in attached:
        beside = (each.column - 1, each.column)
        blocked = [any(meet(each, rise) for rise in roads.get(gap, ())) for gap in beside]
        if each.total <= each.reader or not (all(blocked) or (any(blocked) and each.is_one_of_two)):
            continue
        least, most = each.inset_range
        wish = insets.get(each.box, (each.total - each.reader) / 2)
        free = max(found[each.column], each.total) - each.reader - each.tray
        insets[each.box] = max(least, min(most, wish, free))
        end = insets[each.box] + each.reader + each.tray
        found[each.column] = max(found[each.column], each.total, end)
    return found, insets


def beside_others(
    each: Attached,
    widths: Sequence[float],
    taken: Sequence[Taken],
    roads: Mapping[int, Sequence[Rise]],
) -> Iterator[Least]:
    """What keeps an attached card at its reader, and out of what stands in its height."""
    yield each.column, each.id, each.inset + OVERLAP - each.width
    yield each.id, each.column, OVERLAP - each.inset - each.reader
    beside = [other for other in taken if meet(each, other)]
    blocked = {gap for gap, rises in roads.items() if any(meet(each, rise) for rise in rises)}
    for k in range(each.column - 1, -1, -1):
        if k in blocked:
            yield k + 1, each.id, 0.0
            break
        if rights := [other.right for other in beside if other.column == k]:
            yield k, each.id, max(rights) + APART
            break
    for k in range(each.column, len(widths) - 1):
        if k in blocked:
            yield each.id, k, each.width - widths[k]
            break
        if any(other.column == k + 1 for other in beside):
            yield each.id, k + 1, each.width + APART
            break


def meet(each: Attached, other: Taken | Rise) -> bool:
    """Whether an attached card and something else share a height."""
    top, bottom = (other.top, other.bottom) if isinstance(other, Taken) else other
    return each.top < bottom and top < each.bottom


def apart(attached: Sequence[Attached]) -> Iterator[Least]:
    """What keeps attached cards apart that share a height, in their order."""
    for i, a in enumerate(attached):
        for b in attached[i + 1 :]:
            if a.top < b.bottom + APART and b.top < a.bottom + APART:
                yield a.id, b.id, a.width + APART


def right_end(
    ends: Mapping[Hashable, float], widths: Sequence[float], attached: Sequence[Attached]
) -> float:
    """The right end of everything."""
    return max(
        ends[len(widths) - 1] + widths[-1],
        max((ends[each.id] + each.width for each in attached), default=0.0),
    )


def centred(
    attached: Sequence[Attached],
    fixed: Sequence[Least],
    ends: Mapping[Hashable, float],
    right: float,
) -> dict[str, float]:
    """The left ends of attached cards, as near to the middles of their readers as may be."""
    ids = {each.id for each in attached}
    latest = {each.id: right - each.width for each in attached}
    for each in reversed(attached):
        for a, b, least in fixed:
            if a == each.id:
                bound = latest[str(b)] if b in ids else ends[b]
                latest[each.id] = min(latest[each.id], bound - least)
    found: dict[str, float] = {}
    for each in attached:
        earliest = max(
            (found.get(str(a), ends[a]) + least for a, b, least in fixed if b == each.id),
            default=0.0,
        )
        wish = ends[each.column] + each.inset + each.wish
        found[each.id] = max(earliest, 0.0, min(wish, latest[each.id]))
    return found
