"""Clusters: the groups of an overview; where the program has none, by results and by neighbours.

A cluster is shown as one block, or as a frame with what is in it. Seen from outside, no line may
lead from a cluster back into it: one that would is split.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from heapq import heapify, heappop, heappush
from itertools import pairwise

from nbgrad.trace.folding import NodeGroup, groups_of, is_absorbed
from nbgrad.trace.model import Trace

#: More loose nodes than this in one place are grouped by results.
LOOSE = 12

#: The least number of nodes of a group by results; groups of groups are so many times larger.
LEAST, LARGER = 8, 3


@dataclass(frozen=True)
class Cluster:
    """A group of nodes, some of them in groups of their own.

    Attributes
    ----------
    id
        Its scopes and its name, or a name of its own; "" of all that there is.
    name
        What it is called.
    nodes
        The ids of the nodes in none of the inner groups.
    is_scope
        Whether it is one in the program; others have no frame where they are open.
    """

    id: str
    name: str
    nodes: tuple[str, ...]
    children: tuple[Cluster, ...] = ()
    is_scope: bool = True

    @cached_property
    def members(self) -> tuple[str, ...]:
        """The ids of all nodes inside."""
        return (*self.nodes, *(key for child in self.children for key in child.members))

    @cached_property
    def depth(self) -> int:
        """How many clusters lie in each other."""
        return 1 + max((child.depth for child in self.children), default=0)

    def __hash__(self) -> int:
        return hash(self.id)


def inside(cluster: Cluster) -> Iterator[Cluster]:
    """A cluster, and all that are in it."""
    yield cluster
    for child in cluster.children:
        yield from inside(child)


class Links:
    """Who reads what, without numbers that have no block; ids of nodes, in their order."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.place = {node.id: n for n, node in enumerate(trace.nodes)}
        self.shown = [node for node in trace.nodes if not is_absorbed(trace, node)]
        shown = {node.id for node in self.shown}
        self.readers: dict[str, list[str]] = {key: [] for key in shown}
        self.operands: dict[str, list[str]] = {key: [] for key in shown}
        for source, target in dict.fromkeys((e.source, e.target) for e in trace.edges):
            if source in shown and target in shown:
                self.readers[source].append(target)
                self.operands[target].append(source)


def clusters_of(trace: Trace) -> Cluster:
    """All that a trace has, in groups."""
    links = Links(trace)
    root = as_cluster(groups_of(trace), "", links.readers, Counter())
    return without_cycles(links, by_results(links, root))


def as_cluster(group: NodeGroup, path: str, shown: Collection[str], taken: Counter[str]) -> Cluster:
    """A group of the program, with an id of its own."""
    taken[path] += 1
    key = path if taken[path] == 1 else f"{path} ({taken[path]})"
    inner = (
        as_cluster(each, f"{path}/{each.name}".lstrip("/"), shown, taken) for each in group.groups
    )
    nodes = [node for node in group.nodes if node in shown]
    children = []
    for child in inner:
        if len(child.members) > 1:
            children.append(child)
        else:
            nodes += child.members
    return Cluster(key, group.name, tuple(nodes), tuple(children))


# Results ----------------------------------------------------------------------------------------


def with_part(cluster: Cluster, part: Cluster) -> Cluster:
    """The same, with another cluster in the place of the one with the same id."""
    if cluster.id == part.id:
        return part
    return replace(cluster, children=tuple(with_part(child, part) for child in cluster.children))


def by_results(links: Links, cluster: Cluster) -> Cluster:
    """The same, with many loose nodes grouped by the results that they lead to."""
    children = tuple(by_results(links, child) for child in cluster.children)
    cluster = replace(cluster, children=children)
    least = LEAST
    while len(cluster.nodes) + len(cluster.children) > LOOSE and len(cluster.nodes) > LOOSE / 2:
        grouped = one_level(links, cluster, least)
        if grouped.children == cluster.children or len(grouped.children) < 2:
            break
        cluster, least = grouped, least * LARGER
    return cluster


def one_level(links: Links, cluster: Cluster, least: int) -> Cluster:
    """The same, with groups of at least so many nodes that lead to one result."""
    owner = owners(cluster)
    units = {
        key: unit.members if isinstance(unit, Cluster) else (key,)
        for key, unit in units_of(cluster).items()
    }
    readers, _ = quotient(links, owner)
    after = {key: list(dict.fromkeys(readers[key])) for key in units}
    order = sorted(units, key=lambda key: max(map(links.place.__getitem__, units[key])))
    dominator = result_tree(order, after)
    rest = {key: [key] for key in units}
    size = {key: len(members) for key, members in units.items()}
    groups = []
    for key in order:
        parent = dominator[key]
        if size[key] >= least and len(rest[key]) > 2 and parent:
            groups += [group for group in joined(rest[key], readers) if len(group) > 2]
        elif parent and not is_shared(links, key, after[key]):
            rest[parent] += rest[key]
            size[parent] += size[key]
    inside = {each for group in groups for each in group}
    last = {key: n for n, key in enumerate(order)}
    found = units_of(cluster)
    made = tuple(
        cluster_of(links, cluster.id, found, max(group, key=last.__getitem__), group)
        for group in groups
    )
    nodes = tuple(key for key in cluster.nodes if key not in inside)
    kept = tuple(child for child in cluster.children if child.id not in inside)
    return replace(cluster, nodes=nodes, children=(*kept, *made))


def result_tree(order: Sequence[str], after: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The first result that all ways from each lead through; "" is the end of all."""
    parent: dict[str, str] = {"": ""}
    depth = {"": 0}
    for key in reversed(order):
        found: str | None = None
        for reader in after[key]:
            if reader not in depth:
                found = ""
                break
            found = reader if found is None else met(found, reader, parent, depth)
        parent[key] = found or ""
        depth[key] = depth[parent[key]] + 1
    return parent


def met(a: str, b: str, parent: Mapping[str, str], depth: Mapping[str, int]) -> str:
    """Where two ways to the end meet."""
    while a != b:
        if depth[a] >= depth[b]:
            a = parent[a]
        else:
            b = parent[b]
    return a


def cluster_of(
    links: Links, scope: str, units: Mapping[str, Cluster | str], key: str, group: Iterable[str]
) -> Cluster:
    """A group that is named after its result."""
    chosen = [units[each] for each in group]
    exit_ = units[key]
    name = exit_.name if isinstance(exit_, Cluster) else links.trace.node(key).label
    nodes = sorted((u for u in chosen if isinstance(u, str)), key=links.place.__getitem__)
    children = sorted(
        (u for u in chosen if isinstance(u, Cluster)),
        key=lambda child: min(map(links.place.__getitem__, child.members)),
    )
    if len(children) > 1:
        name = span([child.name for child in children])
    return Cluster(f"{scope}/→{key}", name, tuple(nodes), tuple(children), is_scope=False)


def span(names: Sequence[str]) -> str:
    """The first and the last of several names, of which each may be a span.

    Examples
    --------
    >>> span(["step1", "step2…4"]), span(["v", "w1", "loss"])
    ('step1…4', 'v … loss')
    """
    first = re.split(r" … |…", names[0])[0]
    stem, last = re.fullmatch(r"(.*?)(?:\d+…)?([^…]*)", re.split(" … ", names[-1])[-1]).groups()  # type: ignore[union-attr]
    end = re.match(r"\d*", last[::-1]).group()[::-1]  # type: ignore[union-attr]
    stem += last[: len(last) - len(end)]
    is_numbered = end and first.startswith(stem) and first[len(stem) :].isdigit()
    return f"{first}…{end}" if is_numbered else f"{first} … {stem}{end}"


# Cycles -----------------------------------------------------------------------------------------


def units_of(cluster: Cluster) -> dict[str, Cluster | str]:
    """What is directly in a cluster: groups, and nodes."""
    return {**{key: key for key in cluster.nodes}, **{c.id: c for c in cluster.children}}


def owners(cluster: Cluster) -> dict[str, str]:
    """For each node inside, the id of the node or of the group that is directly in the cluster."""
    found = {key: key for key in cluster.nodes}
    for child in cluster.children:
        found |= dict.fromkeys(child.members, child.id)
    return found


def quotient(
    links: Links, owner: Mapping[str, str]
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The readers and the operands of units; a reader outside counts as "" does."""
    readers: dict[str, list[str]] = {unit: [] for unit in owner.values()}
    operands: dict[str, list[str]] = {unit: [] for unit in owner.values()}
    for key, unit in owner.items():
        for reader in links.readers[key]:
            other = owner.get(reader, "")
            if other != unit:
                readers[unit].append(other)
                if other:
                    operands[other].append(unit)
    return readers, operands


def without_cycles(links: Links, cluster: Cluster) -> Cluster:
    """The same, with groups split that a line leaves and comes back to."""
    owner = owners(cluster)
    knot = knot_of(links, owner)
    if knot:
        cluster = split(links, cluster, owner, knot)
    children = tuple(without_cycles(links, child) for child in cluster.children)
    return replace(cluster, children=children)


def knot_of(links: Links, owner: Mapping[str, str]) -> set[str]:
    """The units that are neither before nor behind all cycles."""
    readers, operands = quotient(links, owner)
    knot = {*readers}
    for before, after in ((operands, readers), (readers, operands)):
        count = {key: sum(each in knot for each in before[key]) for key in knot}
        free = [key for key in knot if not count[key]]
        while free:
            key = free.pop()
            knot.discard(key)
            for other in after[key]:
                if other in knot:
                    count[other] -= 1
                    if not count[other]:
                        free.append(other)
    return knot


def split(
    links: Links, cluster: Cluster, owner: Mapping[str, str], knot: Collection[str]
) -> Cluster:
    """The same, with the parts of a knot's groups apart.

    Groups have an order. Where a line runs against it, what it leads to is a later part.
    """
    rank: dict[str, int] = {}
    for node in links.shown:
        if owner.get(node.id) in knot:
            rank.setdefault(owner[node.id], len(rank))
    part: dict[str, int] = {}
    for node in links.shown:
        unit = owner.get(node.id)
        if unit not in rank:
            continue
        before = [key for key in links.operands[node.id] if key in part]
        part[node.id] = max(
            (part[key] + (rank[owner[key]] > rank[unit]) for key in before), default=0
        )
    for key in part:  # a leaf is a part of what reads it
        readers = links.readers[key]
        if not links.operands[key] and {owner.get(reader) for reader in readers} == {owner[key]}:
            part[key] = min(part[reader] for reader in readers)
    children: list[Cluster] = []
    nodes = list(cluster.nodes)
    for child in cluster.children:
        for piece in pieces_of(links, child, part):
            if len(piece.members) > 1:
                children.append(piece)
            else:
                nodes += piece.members
    return replace(cluster, nodes=tuple(nodes), children=tuple(children))


def pieces_of(links: Links, cluster: Cluster, part: Mapping[str, int]) -> Iterator[Cluster]:
    """A cluster in its parts; those of a scope have numbers."""
    numbers = sorted({part.get(key, 0) for key in cluster.members})
    for number in numbers:
        keep = {key for key in cluster.members if part.get(key, 0) == number}
        piece = only(cluster, keep, f" ({number + 1})" if len(numbers) > 1 else "")
        if piece is not None and not cluster.is_scope:
            ends = sorted(keep, key=links.place.__getitem__)
            piece = replace(piece, name=span([links.trace.node(ends[n]).label for n in (0, -1)]))
        if piece is not None:
            yield piece


def only(cluster: Cluster, keep: Collection[str], suffix: str) -> Cluster | None:
    """A part of a cluster."""
    inner = (only(child, keep, suffix) for child in cluster.children)
    children = tuple(child for child in inner if child is not None)
    nodes = tuple(key for key in cluster.nodes if key in keep)
    if not nodes and not children:
        return None
    return Cluster(cluster.id + suffix, cluster.name + suffix, nodes, children, cluster.is_scope)


# Fewer parts ------------------------------------------------------------------------------------


def fewer(
    links: Links, cluster: Cluster, columns: int, rows: int, keep: Collection[str] = ()
) -> Cluster:
    """The same, with so many columns at most, and so many parts in each.

    Neighbours are grouped: in columns those that are joined, where that hides least; and then
    those above each other. Parts to `keep` stay as they are.
    """
    cluster = dissolved(cluster, 1.5 * len(cluster.members) / max(1, columns), keep)
    at = columns_of(links, cluster)
    ranges = [[key] for key in sorted({*at.values()})]
    weight = Counter[int]()
    for key, unit in units_of(cluster).items():
        weight[at[key]] += 10**9 if key in keep else size_of(unit)
    while len(ranges) > max(1, columns):
        sums = [sum(weight[c] for c in (*a, *b)) for a, b in pairwise(ranges)]
        n = sums.index(min(sums))
        if sums[n] >= 10**9:
            break
        ranges[n : n + 2] = [ranges[n] + ranges[n + 1]]
    runs = [run for each in ranges for run in in_columns(links, cluster, at, each)]
    cluster = in_runs(links, cluster, runs, f"{columns}")
    at = columns_of(links, cluster)
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
            each.id in keep for each in inside(child)
        )
        if child.is_scope or child.id in keep or (len(child.members) <= most and not holds):
            children.append(child)
        else:
            inner = dissolved(child, most, keep)
            nodes += inner.nodes
            children += inner.children
    return replace(cluster, nodes=tuple(nodes), children=tuple(children))


def size_of(unit: Cluster | str) -> int:
    return len(unit.members) if isinstance(unit, Cluster) else 1


def columns_of(links: Links, cluster: Cluster) -> dict[str, int]:
    """The column of each part, behind its last operand; what has none stands before a reader."""
    readers, operands = quotient(links, owners(cluster))
    found: dict[str, int] = {}
    order = passes(links, cluster)
    for key in order:
        found[key] = 1 + max((found[other] for other in operands[key]), default=-1)
    for key in order:
        if not operands[key]:
            found[key] = max(0, min((found[r] for r in readers[key] if r), default=1) - 1)
    return found


def in_columns(
    links: Links, cluster: Cluster, at: Mapping[str, int], columns: Collection[int]
) -> Iterator[list[str]]:
    """The parts in some columns that lines join, together; but for leaves that several read."""
    readers, _ = quotient(links, owners(cluster))
    here = [key for key, column in at.items() if column in columns]
    shared = {key for key in here if is_shared(links, key, readers[key])}
    yield from ([key] for key in shared)
    yield from joined([key for key in here if key not in shared], readers)


def joined(keys: Iterable[str], readers: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """These, in lists of those that lines join."""
    top = {key: key for key in keys}

    def find(key: str) -> str:
        while top[key] != key:
            top[key] = top[top[key]]
            key = top[key]
        return key

    for key in top:
        for reader in readers[key]:
            if reader in top:
                top[find(reader)] = find(key)
    found: dict[str, list[str]] = {}
    for key in top:
        found.setdefault(find(key), []).append(key)
    return [*found.values()]


def is_shared(links: Links, key: str, readers: Collection[str]) -> bool:
    """Whether it is a leaf that several read: one wants to see it alone."""
    return key in links.place and not links.operands[key] and len({*readers}) > 1


def cut(order: Sequence[str], most: int, keep: Collection[str]) -> list[list[str]]:
    """A sequence in at most so many runs of equal length, beside those to keep."""
    others = [key for key in order if key not in keep]
    length = max(1, -(-len(others) // max(1, most)))
    runs = [others[n : n + length] for n in range(0, len(others), length)]
    return runs + [[key] for key in order if key in keep]


def in_runs(links: Links, cluster: Cluster, runs: Sequence[Sequence[str]], name: str) -> Cluster:
    """The same with parts grouped: each run, in the order of the passes, is a group."""
    units = units_of(cluster)
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


def passes(links: Links, cluster: Cluster) -> list[str]:
    """The ids of a cluster's parts, operands first, else in the order of creation."""
    owner = owners(cluster)
    readers, operands = quotient(links, owner)
    first: dict[str, int] = {}
    for key in sorted(owner, key=links.place.__getitem__):
        first.setdefault(owner[key], links.place[key])
    count = {key: len(before) for key, before in operands.items()}
    waiting = [(first[key], key) for key in first if not count[key]]
    heapify(waiting)
    order = []
    while waiting:
        _, key = heappop(waiting)
        order.append(key)
        for reader in filter(None, readers[key]):
            count[reader] -= 1
            if not count[reader]:
                heappush(waiting, (first[reader], reader))
    return order
