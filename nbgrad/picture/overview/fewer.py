"""Fewer parts: neighbours are grouped until there is room for what is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from nbgrad.picture.overview.clusters import (
    Cluster,
    Wiring,
    is_shared,
    joined,
    owners,
    passes,
    readers_and_operands,
    span,
    units_in,
    within,
)


def fewer(
    links: Wiring, cluster: Cluster, columns: int, rows: int, keep: Collection[str] = ()
) -> Cluster:
    """The same, with so many columns at most, and so many parts in each.

    Neighbours are grouped: in columns those that are joined, where that hides least; and then
    those above each other. Parts to `keep` stay as they are.
    """
    cluster = dissolved(cluster, 1.5 * len(cluster.members) / max(1, columns), keep)
    at = part_columns(links, cluster)
    ranges = [[key] for key in sorted({*at.values()})]
    weight = Counter[int]()
    for key, unit in units_in(cluster).items():
        weight[at[key]] += 10**9 if key in keep else count_of(unit)
    while len(ranges) > max(1, columns):
        sums = [sum(weight[c] for c in (*a, *b)) for a, b in pairwise(ranges)]
        n = sums.index(min(sums))
        if sums[n] >= 10**9:
            break
        ranges[n : n + 2] = [ranges[n] + ranges[n + 1]]
    runs = [run for each in ranges for run in joined_parts(links, cluster, at, each)]
    cluster = in_runs(links, cluster, runs, f"{columns}")
    at = part_columns(links, cluster)
    by_column: dict[int, list[str]] = {}
    for key, column in at.items():
        by_column.setdefault(column, []).append(key)
    runs = [run for keys in by_column.values() for run in cut(keys, rows, keep)]
    return in_runs(links, cluster, runs, f"{columns}.{rows}")


def dissolved(cluster: Cluster, most: float, keep: Collection[str]) -> Cluster:
    """The same with what is in groups that are too large, or hold what is kept, but for scopes."""
    nodes, children = list(cluster.nodes), []
    for child in cluster.children:
        holds = any(key in keep for key in child.members) or any(
            each.id in keep for each in within(child)
        )
        if child.is_scope or child.id in keep or (len(child.members) <= most and not holds):
            children.append(child)
        else:
            inner = dissolved(child, most, keep)
            nodes += inner.nodes
            children += inner.children
    return replace(cluster, nodes=tuple(nodes), children=tuple(children))


def count_of(unit: Cluster | str) -> int:
    return len(unit.members) if isinstance(unit, Cluster) else 1


def part_columns(links: Wiring, cluster: Cluster) -> dict[str, int]:
    """The column of each part, behind its last operand; what has none stands before a reader."""
    readers, operands = readers_and_operands(links, owners(cluster))
    found: dict[str, int] = {}
    order = passes(links, cluster)
    for key in order:
        found[key] = 1 + max((found[other] for other in operands[key]), default=-1)
    for key in order:
        if not operands[key]:
            found[key] = max(0, min((found[r] for r in readers[key] if r), default=1) - 1)
    return found


def joined_parts(
    links: Wiring, cluster: Cluster, at: Mapping[str, int], columns: Collection[int]
) -> Iterator[list[str]]:
    """The parts in some columns that lines join, together; but for leaves that several read."""
    readers, _ = readers_and_operands(links, owners(cluster))
    here = [key for key, column in at.items() if column in columns]
    shared = {key for key in here if is_shared(links, key, readers[key])}
    yield from ([key] for key in shared)
    yield from joined([key for key in here if key not in shared], readers)


def cut(order: Sequence[str], most: int, keep: Collection[str]) -> list[list[str]]:
    """A sequence in at most so many runs of equal length, beside those to keep."""
    others = [key for key in order if key not in keep]
    length = max(1, -(-len(others) // max(1, most)))
    runs = [others[n : n + length] for n in range(0, len(others), length)]
    return runs + [[key] for key in order if key in keep]


def in_runs(links: Wiring, cluster: Cluster, runs: Sequence[Sequence[str]], name: str) -> Cluster:
    """The same with parts grouped: each run, in the order of the passes, is a group."""
    units = units_in(cluster)
    children: list[Cluster] = []
    nodes: list[str] = []
    for n, keys in enumerate(runs):
        run = [units[key] for key in keys]
        inner = [unit for unit in run if isinstance(unit, Cluster)]
        single = [unit for unit in run if isinstance(unit, str)]
        if len(run) == 1:
            children += inner
            nodes += single
            continue
        title = span([u.name if isinstance(u, Cluster) else links.trace.node(u).label for u in run])
        key = f"{cluster.id}/{name}/{n}"
        children.append(Cluster(key, title, tuple(single), tuple(inner), is_scope=False))
    return replace(cluster, nodes=tuple(nodes), children=tuple(children))
