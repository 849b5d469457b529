"""The order of what stands in each column, such that few roads cross."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

#: A piece of a road from one column to the next: its ends, and the height of its port.
Piece = tuple[str, str, float]
End = tuple[int, float]
Order = tuple[tuple[str, ...], ...]

#: So often all columns are swept, to the right and to the left in turn.
SWEEPS = 8


def ordered(
    columns: Mapping[str, int], pieces: Sequence[Piece], passages: Iterable[Sequence[str]] = ()
) -> list[list[str]]:
    """The keys of each column from top to bottom, such that few roads cross; see `best_order`.

    It is remembered: cards of another size stand in the same order.
    """
    best = best_order(tuple(columns.items()), tuple(pieces), tuple(map(tuple, passages)))
    return [list(column) for column in best]


@lru_cache(maxsize=64)
def best_order(
    places: tuple[tuple[str, int], ...], pieces: Sequence[Piece], passages: Sequence[Sequence[str]]
) -> Order:
    """The keys of each column from top to bottom, such that few roads cross.

    The barycentre heuristic: sweeping to and fro, each item goes to the mean place of its
    neighbours; then neighbours in a column change places where fewer roads cross, and long roads
    pass above or below everything. It begins with the formula's order, that of `places`, and with
    that upside down; an order counts only where it crosses fewer roads than the formula's.
    """
    columns = dict(places)
    order: list[list[str]] = [[] for _ in range(1 + max(columns.values()))]
    for key, place in places:
        order[place].append(key)
    links = Neighbours(pieces)
    exchange(formula := [list(column) for column in order], links)
    best, fewest = order, crossings(order, pieces)
    if fewest and (count := crossings(formula, pieces)) < fewest:
        best, fewest = formula, count
    for start in (order, [column[::-1] for column in order]) if fewest else ():
        for sweep in range(SWEEPS):
            start = swept(start, links, rightwards=sweep % 2 == 0)
            for attempt in (start, exchange([list(column) for column in start], links)):
                if (count := crossings(attempt, pieces)) < fewest:
                    best, fewest = attempt, count
    for way in passages if fewest else ():
        for attempt in detours(best, way, columns) if way else ():
            if (count := crossings(exchange(attempt, links), pieces)) < fewest:
                best, fewest = attempt, count
    return tuple(map(tuple, best))


def detours(
    order: Sequence[Sequence[str]], way: Sequence[str], columns: Mapping[str, int]
) -> Iterator[list[list[str]]]:
    """The orders in which a road passes above everything, and below everything."""
    for above in (True, False):
        found = [list(column) for column in order]
        for key in way:
            column = found[columns[key]]
            column.remove(key)
            column.insert(0 if above else len(column), key)
        yield found


class Neighbours:
    """The pieces by their ends: what each item is joined to on its left and on its right."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.left: dict[str, list[tuple[str, float]]] = defaultdict(list)
        self.right: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for a, b, port in pieces:
            self.left[b].append((a, 0.0))
            self.right[a].append((b, port))


def swept(
    order: Sequence[Sequence[str]], links: Neighbours, *, rightwards: bool
) -> list[list[str]]:
    """An order in which each item stands at the mean place of its neighbours on one side."""
    found = [list(column) for column in order]
    rank = ranks(found)
    for column in found if rightwards else found[::-1]:
        near = links.left if rightwards else links.right
        wishes = {
            key: mean([rank[k] + port * 1e-4 for k, port in near.get(key, ())], rank[key])
            for key in column
        }
        column.sort(key=wishes.__getitem__)
        rank.update({key: i for i, key in enumerate(column)})
    return found


def mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def ranks(order: Sequence[Sequence[str]]) -> dict[str, int]:
    """The place of each key in its column."""
    return {key: i for column in order for i, key in enumerate(column)}


def exchange(order: list[list[str]], links: Neighbours) -> list[list[str]]:
    """Let neighbours in a column change places as long as that lets fewer roads cross."""
    rank = ranks(order)
    for _ in range(SWEEPS):
        changed = False
        for column in order:
            for i in range(len(column) - 1):
                upper, lower = column[i : i + 2]
                now, then = crossed(upper, lower, links, rank), crossed(lower, upper, links, rank)
                if then < now:
                    column[i : i + 2] = lower, upper
                    rank[lower], rank[upper] = i, i + 1
                    changed = True
        if not changed:
            break
    return order


def crossed(upper: str, lower: str, links: Neighbours, rank: Mapping[str, int]) -> int:
    """How many roads of two neighbours in a column cross each other."""
    count = 0
    for near in (links.left, links.right):
        above = [(rank[key], port) for key, port in near.get(upper, ())]
        below = [(rank[key], port) for key, port in near.get(lower, ())]
        count += sum(a > b for a in above for b in below)
    return count


def crossings(order: Sequence[Sequence[str]], pieces: Sequence[Piece]) -> int:
    """How many pairs of roads cross, counted by insertion into the order of their ends."""
    rank = {key: (column, i) for column, keys in enumerate(order) for i, key in enumerate(keys)}
    by_gap: dict[int, list[tuple[int, End]]] = {}
    for a, b, port in pieces:
        column, i = rank[a]
        by_gap.setdefault(column, []).append((i, (rank[b][1], port)))
    count = 0
    for ends in by_gap.values():
        seen: list[End] = []
        for _, end in sorted(ends):
            place = bisect_right(seen, end)
            count += len(seen) - place
            seen.insert(place, end)
    return count
