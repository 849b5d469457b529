"""Clusters: the groups of an overview, from name scopes and, where there are none, from structure.

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

from nbgrad.trace.folding import is_absorbed
from nbgrad.trace.model import Node, Trace

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
        Its scopes, or a name of its own; "" of all that there is.
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
    root = by_scopes(links)
    return without_cycles(links, by_results(links, root))


# Name scopes ------------------------------------------------------------------------------------


def by_scopes(links: Links) -> Cluster:
    """The groups that name scopes make; a leaf that one scope alone reads belongs to it."""
    scopes = {scope_of(node) for node in links.shown}
    home = {node.id: scope_of(node) for node in links.shown}
    for node in links.shown:
        path = path_of(node)
        if path in scopes:  # the last operation of a composite is named after its scope
            home[node.id] = path
    for key, readers in links.readers.items():
        if not links.operands[key] and not home[key] and readers:
            home[key] = common([home[reader] for reader in readers])
    return tidy(nested_scopes("", [(home[node.id], node.id) for node in links.shown]))


def path_of(node: Node) -> str:
    """The scopes and the name; those of the graph where a trace was written without a path."""
    return node.path or node.name.partition(":")[0]


def scope_of(node: Node) -> str:
    return path_of(node).rpartition("/")[0]


def common(scopes: Sequence[str]) -> str:
    """The innermost scope that all of these are in."""
    parts = [scope.split("/") for scope in scopes]
    shared = 0
    while all(len(p) > shared and p[shared] == parts[0][shared] for p in parts):
        shared += 1
    return "/".join(parts[0][:shared])


def nested_scopes(scope: str, homes: Sequence[tuple[str, str]]) -> Cluster:
    """A scope with the scopes in it, for nodes with the scope of each."""
    inner: dict[str, list[tuple[str, str]]] = {}
    direct = []
    start = len(scope) + 1 if scope else 0
    for home, key in homes:
        if home == scope:
            direct.append(key)
        else:
            name = home[start:].partition("/")[0]
            inner.setdefault(home[:start] + name, []).append((home, key))
    children = tuple(nested_scopes(name, inside) for name, inside in inner.items())
    return Cluster(scope, scope.rpartition("/")[2], tuple(direct), children)


def tidy(cluster: Cluster) -> Cluster:
    """The same, without groups of one: a node alone, or a group that holds but a group."""
    nodes, children = list(cluster.nodes), []
    for child in map(tidy, cluster.children):
        if len(child.members) == 1:
            nodes += child.members
        elif not child.nodes and len(child.children) == 1:
            inner = child.children[0]
            children.append(replace(inner, name=f"{child.name}/{inner.name}"))
        else:
            children.append(child)
    return replace(cluster, nodes=tuple(nodes), children=tuple(children))


# Results ----------------------------------------------------------------------------------------


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
        is_shared = key in links.place and not links.operands[key] and len(after[key]) > 1
        if size[key] >= least and len(rest[key]) > 2 and parent:
            groups.append((key, rest[key]))
        elif parent and not is_shared:
            rest[parent] += rest[key]
            size[parent] += size[key]
    inside = {each for _, group in groups for each in group}
    found = units_of(cluster)
    made = tuple(cluster_of(links, cluster.id, found, key, group) for key, group in groups)
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
        for piece in pieces_of(child, part):
            if len(piece.members) > 1:
                children.append(piece)
            else:
                nodes += piece.members
    return replace(cluster, nodes=tuple(nodes), children=tuple(children))


def pieces_of(cluster: Cluster, part: Mapping[str, int]) -> Iterator[Cluster]:
    """A cluster in its parts, with their numbers."""
    numbers = sorted({part.get(key, 0) for key in cluster.members})
    for number in numbers:
        keep = {key for key in cluster.members if part.get(key, 0) == number}
        piece = only(cluster, keep, f" ({number + 1})" if len(numbers) > 1 else "")
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
    runs = [run for each in ranges for run in joined(links, cluster, at, each)]
    cluster = in_runs(links, cluster, runs, f"{columns}")
    at = columns_of(links, cluster)
    by_column: dict[int, list[str]] = {}
    for key, column in at.items():
        by_column.setdefault(column, []).append(key)
    runs = [run for keys in by_column.values() for run in cut(keys, rows, keep)]
    return in_runs(links, cluster, runs, f"{columns}.{rows}")


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


def joined(
    links: Links, cluster: Cluster, at: Mapping[str, int], columns: Collection[int]
) -> Iterator[list[str]]:
    """The parts in some columns that lines join, together."""
    readers, _ = quotient(links, owners(cluster))
    top = {key: key for key, column in at.items() if column in columns}

    def find(key: str) -> str:
        while top[key] != key:
            top[key] = top[top[key]]
            key = top[key]
        return key

    for key in top:
        for reader in readers[key]:
            if reader in top:
                top[find(reader)] = find(key)
    runs: dict[str, list[str]] = {}
    for key in top:
        runs.setdefault(find(key), []).append(key)
    yield from runs.values()


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
