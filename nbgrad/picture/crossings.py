"""The order of what stands in each column, such that few roads cross."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence

#: A piece of a road from one column to the next: its ends, and the height of its port.
Piece = tuple[str, str, float]


def ordered(columns: Mapping[str, int], pieces: Sequence[Piece]) -> list[list[str]]:
    """The keys of each column from top to bottom, such that few roads cross.

    The barycentre heuristic: sweeping to and fro, each item goes to the mean place of its
    neighbours. An order counts only where it crosses fewer roads than the formula's.
    """
    order: list[list[str]] = [[] for _ in range(1 + max(columns.values()))]
    for key, place in columns.items():
        order[place].append(key)
    near: dict[bool, dict[str, list[str]]] = {True: {}, False: {}}
    for a, b, _ in pieces:
        near[True].setdefault(b, []).append(a)
        near[False].setdefault(a, []).append(b)
    best, fewest = order, crossings(order, pieces)
    for rightwards in (True, False) * 4:
        order = [list(column) for column in order]
        rank = {key: i for column in order for i, key in enumerate(column)}
        for column in order if rightwards else order[::-1]:
            wishes = {
                key: mean([rank[other] for other in near[rightwards].get(key, ())], rank[key])
                for key in column
            }
            column.sort(key=wishes.__getitem__)
            rank.update({key: i for i, key in enumerate(column)})
        if (count := crossings(order, pieces)) < fewest:
            best, fewest = order, count
    return best


def mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def crossings(order: Sequence[Sequence[str]], pieces: Sequence[Piece]) -> int:
    """How many pairs of roads cross, counted by insertion into the order of their ends."""
    rank = {key: (column, i) for column, keys in enumerate(order) for i, key in enumerate(keys)}
    by_gap: dict[int, list[tuple[int, tuple[int, float]]]] = {}
    for a, b, port in pieces:
        column, i = rank[a]
        by_gap.setdefault(column, []).append((i, (rank[b][1], port)))
    count = 0
    for ends in by_gap.values():
        seen: list[tuple[int, float]] = []
        for _, end in sorted(ends):
            place = bisect_right(seen, end)
            count += len(seen) - place
            seen.insert(place, end)
    return count
