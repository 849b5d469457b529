"""What stands in which column, in which order, and how high: a layered drawing.

After Sugiyama, Tagawa and Toda (1981): everything stands in the column after its last operand, the
order within a column crosses few lines, and items move up and down until most lines are straight.
Nothing here knows what is placed: cards and their roads (`placing`), or the blocks and frames of an
overview (`overview.nesting`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from math import inf
from types import MappingProxyType
from typing import TypeAlias

SWAPS = 8  # so often all columns are swept for their order, to the right and to the left in turn
TALL = 240.0  # as tall is what may stand anywhere, since it hangs below everything else anyway
AT_REST = 0.2  # no more sweeps are made when nothing moves further than this

#: A piece of a line from one column to the next: its ends, and the height of its port.
Piece: TypeAlias = tuple[str, str, float]
Order: TypeAlias = Sequence[Sequence[str]]
#: What joins two items: how much lower the second would like to be, and how strongly.
Spring: TypeAlias = tuple[str, str, float, float]
#: What is to be level: items; and the heights that it may have, each below the top of an item.
Run: TypeAlias = tuple[Sequence[str], Sequence[tuple[str, float]]]


@dataclass(eq=False)
class Item:
    """What takes room in a column: a box, or the passage of a road."""

    column: int
    above: float
    below: float
    y: float = 0.0
    floats: bool = False

    @property
    def span(self) -> tuple[float, float]:
        """The heights at which it begins and ends."""
        return self.y - self.above, self.y + self.below


def columns_behind(
    operands: Mapping[str, Collection[str]], starts: Iterable[str] = (), late: Iterable[str] = ()
) -> dict[str, int]:
    """The column of each key, one after its last operand; `starts` stand in the first column.

    Those that are `late` and have no operands stand right before their first reader.
    """
    found = dict.fromkeys(starts, 0)
    waiting = [*operands]
    while waiting:
        key = waiting.pop()
        missing = [source for source in operands[key] if source not in found]
        if missing:
            waiting += [key, *missing]
        else:
            found[key] = 1 + max((found[source] for source in operands[key]), default=-1)
    first: dict[str, int] = {}
    for key, sources in operands.items():
        first |= {source: min(found[key], first.get(source, found[key])) for source in sources}
    return found | {key: first[key] - 1 for key in late if key in first and not operands[key]}


# The order in a column ----------------------------------------------------------------------------


def ordered(columns: Mapping[str, int], pieces: Sequence[Piece]) -> list[list[str]]:
    """The keys of each column from top to bottom; cards of another size stand in the same order."""
    return [list(column) for column in best_order(tuple(columns.items()), tuple(pieces))]


@lru_cache(maxsize=64)
def best_order(places: tuple[tuple[str, int], ...], pieces: Sequence[Piece]) -> Order:
    """The keys of each column from top to bottom, such that few lines cross.

    The barycentre heuristic: sweeping to and fro, each item goes to the mean place of its
    neighbours; then neighbours in a column change places where fewer lines cross. It begins with
    the formula's order, that of `places`, and with that upside down; an order counts only where it
    crosses fewer lines than the formula's.
    """
    best: list[list[str]] = [[] for _ in range(1 + max(column for _, column in places))]
    for key, column in places:
        best[column].append(key)
    fewest = crossings(best, pieces)
    links = neighbours_of(pieces)

    def consider(attempt: list[list[str]]) -> None:
        nonlocal best, fewest
        if (count := crossings(attempt, pieces)) < fewest:
            best, fewest = attempt, count

    if not fewest:
        return best
    starts = best, [column[::-1] for column in best]
    consider(exchanged(best, links))
    for order in starts:
        for sweep in range(SWAPS):
            order = swept(order, links, rightwards=sweep % 2 == 0)
            consider(order)
            consider(exchanged(order, links))
    return best


Ends: TypeAlias = Mapping[str, Sequence[tuple[str, float]]]


def neighbours_of(pieces: Sequence[Piece]) -> tuple[Ends, Ends]:
    """What each item is joined to on its left and on its right, with the ports there."""
    left, right = defaultdict(list), defaultdict(list)
    for a, b, port in pieces:
        left[b].append((a, 0.0))
        right[a].append((b, port))
    return left, right


def swept(order: Order, links: tuple[Ends, Ends], *, rightwards: bool) -> list[list[str]]:
    """An order in which each item stands at the mean place of its neighbours on one side."""
    found = [list(column) for column in order]
    rank = ranks(found)
    near = links[0 if rightwards else 1]
    for column in found if rightwards else found[::-1]:
        wishes = {}
        for key in column:
            wished = [rank[k] + port * 1e-4 for k, port in near.get(key, ())]
            wishes[key] = sum(wished) / len(wished) if wished else rank[key]
        column.sort(key=wishes.__getitem__)
        rank.update({key: i for i, key in enumerate(column)})
    return found


def ranks(order: Order) -> dict[str, int]:
    """The place of each key in its column."""
    return {key: i for column in order for i, key in enumerate(column)}


def exchanged(order: Order, links: tuple[Ends, Ends]) -> list[list[str]]:
    """An order in which neighbours changed places as long as that let fewer lines cross."""
    found = [list(column) for column in order]
    rank = ranks(found)

    def crossed(upper: str, lower: str) -> int:
        count = 0
        for near in links:
            above = [(rank[key], port) for key, port in near.get(upper, ())]
            below = [(rank[key], port) for key, port in near.get(lower, ())]
            count += sum(a > b for a in above for b in below)
        return count

    for _ in range(SWAPS):
        changed = False
        for column in found:
            for i in range(len(column) - 1):
                upper, lower = column[i : i + 2]
                if crossed(lower, upper) < crossed(upper, lower):
                    column[i : i + 2] = lower, upper
                    rank[lower], rank[upper] = i, i + 1
                    changed = True
        if not changed:
            break
    return found


def crossings(order: Order, pieces: Sequence[Piece]) -> int:
    """How many pairs of lines cross, counted by insertion into the order of their ends."""
    rank = {key: (column, i) for column, keys in enumerate(order) for i, key in enumerate(keys)}
    by_gap = defaultdict(list)
    for a, b, port in pieces:
        column, i = rank[a]
        by_gap[column].append((i, (rank[b][1], port)))
    count = 0
    for ends in by_gap.values():
        seen: list[tuple[int, float]] = []
        for _, end in sorted(ends):
            place = bisect_right(seen, end)
            count += len(seen) - place
            seen.insert(place, end)
    return count


# Heights ----------------------------------------------------------------------------------------


class LayeredDrawing:
    """Items in columns, and lines that run from each column to the next."""

    items: dict[str, Item]
    order: list[list[str]]  # the keys of each column from top to bottom

    def passages(self, line: str, first: int, last: int, half: float) -> list[str]:
        """Add items `line@column` where a line passes columns between two; their keys."""
        found = {f"{line}@{k}": Item(k, half, half) for k in range(first + 1, last)}
        self.items |= found
        return [*found]

    def put_in_order(self, pieces: Sequence[Piece]) -> None:
        """Find the order of every column."""
        self.order = ordered({key: item.column for key, item in self.items.items()}, pieces)

    @property
    def span(self) -> tuple[float, float]:
        """The heights at which everything begins and ends."""
        tops, bottoms = zip(*(item.span for item in self.items.values()), strict=True)
        return min(tops), max(bottoms)

    def straighten(
        self,
        springs: Iterable[Spring],
        sweeps: int,
        fixed: Mapping[str, float] = MappingProxyType({}),
    ) -> None:
        """Settle all columns to and fro, until they are at rest or it was done so often."""
        pulls: dict[str, list[Pull]] = {key: [] for key in self.items}
        for a, b, down, strength in springs:
            pulls[a].append((self.items[b], -down, strength))
            pulls[b].append((self.items[a], down, strength))
        columns = [[(self.items[k], pulls[k], fixed.get(k)) for k in keys] for keys in self.order]
        for _ in range(sweeps):
            if max([settle(column) for column in (*columns, *columns[-2::-1])]) < AT_REST:
                break

    def pile_up(self) -> None:
        """Put the items of each column right below each other."""
        for column in self.order:
            bottom = 0.0
            for item in map(self.items.__getitem__, column):
                item.y = bottom + item.above
                bottom = item.y + item.below

    def level(self, runs: Sequence[Run]) -> None:
        """Make each run level where there is room: in the height of an end, or else near it."""
        for keys, ends in [*runs, *reversed(runs)]:  # one out of the way may make room for others
            least, most = self.free_heights(keys)
            if keys and least <= most:
                wishes = [self.items[key].y + y for key, y in ends]
                free = (wish for wish in wishes if least <= wish <= most)
                height = next(free, max(least, min(most, wishes[0])))
                for key in keys:
                    self.items[key].y = height

    @cached_property
    def neighbours(self) -> tuple[dict[str, Item], dict[str, Item]]:
        """What stands right above, and right below each key."""
        pairs = [pair for column in self.order for pair in pairwise(column)]
        above = {lower: self.items[upper] for upper, lower in pairs}
        return above, {upper: self.items[lower] for upper, lower in pairs}

    def free_heights(self, keys: Iterable[str]) -> tuple[float, float]:
        """The least and the largest height that items can all have, between their neighbours."""
        least, most = -inf, inf
        above, below = self.neighbours
        for key in keys:
            if (upper := above.get(key)) is not None:
                least = max(least, upper.y + upper.below + self.items[key].above)
            if (lower := below.get(key)) is not None:
                most = min(most, lower.y - lower.above - self.items[key].below)
        return least, most

    def keep_within(self) -> None:
        """Move a column that alone reaches beyond all others: a ladder hangs below everything."""
        spans = [(self.items[c[0]].span[0], self.items[c[-1]].span[1]) for c in self.order]
        for i, keys in enumerate(self.order):
            item = self.items[keys[0]]
            if len(keys) != 1 or not item.floats:
                continue
            others = [
                (top, bottom)
                for j, (top, bottom) in enumerate(spans)
                if j < i or (j > i and (bottom - top <= TALL or len(self.order[j]) > 1))
            ]
            if others:
                top, bottom = item.span
                least, most = min(a for a, _ in others), max(b for _, b in others)
                item.y -= max(0.0, min(bottom - most, top - least))
                item.y += max(0.0, min(least - top, most - bottom))
                spans[i] = item.span


#: What pulls an item: another one, how much lower it would like to be than that, and how strongly.
Pull: TypeAlias = tuple[Item, float, float]


def settle(column: Sequence[tuple[Item, Sequence[Pull], float | None]]) -> float:
    """Move the items of a column to where they are pulled, in order; returns how far at most.

    With each item comes what pulls it, and the height where it is fixed. Isotonic regression by
    pooling adjacent violators (Ayer and others, 1955), on heights from which the room of the items
    above has been taken.
    """
    pools: list[tuple[float, float, int]] = []  # weight, weighted sum of wishes, items
    depth, depths = 0.0, []
    for i, (item, pulls, wish) in enumerate(column):
        depth += column[i - 1][0].below + item.above if i else 0.0
        depths.append(depth)
        weight, total = 1e-3, 1e-3 * item.y
        for other, offset, strength in pulls:
            weight += strength
            total += strength * (other.y + offset)
        if wish is not None:
            weight, total = 1e7, 1e7 * wish
        pools.append((weight, total - weight * depth, 1))
        while len(pools) > 1 and pools[-2][1] / pools[-2][0] >= pools[-1][1] / pools[-1][0]:
            a, b = pools.pop(), pools.pop()
            pools.append((a[0] + b[0], a[1] + b[1], a[2] + b[2]))
    heights = [total / weight for weight, total, count in pools for _ in range(count)]
    furthest = 0.0
    for (item, _, _), height, depth in zip(column, heights, depths, strict=True):
        furthest = max(furthest, abs(item.y - height - depth))
        item.y = height + depth
    return furthest
