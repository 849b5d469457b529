"""Clusters: groups of nodes inside each other, those that the program has and those of neighbours.

A cluster is shown as one block, or as a frame with what is in it. Seen from outside, no line may
lead from a cluster back into it. Name scopes come first, and inside of them the layers, losses and
steps that the structure shows. Where all of that has too little room, `fewer` groups neighbours.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from nbgrad.picture.layouts.columns import columns_behind
from nbgrad.trace.folding import (
    Structure,
    common_scope,
    is_absorbed,
    scopes_above,
    structure_of,
)
from nbgrad.trace.model import Trace
from nbgrad.trace.records import grouped


@dataclass(frozen=True)
class Cluster:
    """A group of nodes, some of them in groups of their own."""

    id: str  # its scopes and its name, or a name of its own; "" of all that there is
    name: str  # what it is called
    nodes: tuple[str, ...]  # the ids of the nodes in none of the inner groups
    children: tuple[Cluster, ...] = ()
    is_scope: bool = True  # whether it is one in the program: others have no frame

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


def within(cluster: Cluster) -> Iterator[Cluster]:
    """A cluster, and all that are in it."""
    yield cluster
    for child in cluster.children:
        yield from within(child)


def with_part(cluster: Cluster, part: Cluster) -> Cluster:
    """The same, with another cluster in the place of the one with the same id."""
    if cluster.id == part.id:
        return part
    return replace(cluster, children=tuple(with_part(child, part) for child in cluster.children))


class Joints:
    """What is directly in a cluster, its **units**, and which of them lines join."""

    def __init__(self, links: Structure, cluster: Cluster) -> None:
        self.links = links
        self.units: dict[str, Cluster | str] = {key: key for key in cluster.nodes}
        self.owner = {key: key for key in cluster.nodes}  # the unit that each node is or is in
        for child in cluster.children:
            self.units[child.id] = child
            self.owner |= dict.fromkeys(child.members, child.id)
        # Of each unit, the ids of others; "" is outside.
        self.readers: dict[str, list[str]] = {unit: [] for unit in self.units}
        self.operands: dict[str, list[str]] = {unit: [] for unit in self.units}
        for key, unit in self.owner.items():
            for reader in links.readers(links.trace.node(key)):
                other = self.owner.get(reader.id, "")
                if other != unit:
                    self.readers[unit].append(other)
                    if other:
                        self.operands[other].append(unit)

    @cached_property
    def columns(self) -> dict[str, int]:
        """The column of each unit, in order: after its operands; a leaf before a reader."""
        found = columns_behind(self.operands, late=self.operands)
        created = sorted(self.owner, key=self.links.place.__getitem__)
        units = dict.fromkeys(self.owner[key] for key in created)
        return {key: found[key] for key in sorted(units, key=found.__getitem__)}

    @cached_property
    def knot(self) -> set[str]:
        """The units that are neither before nor behind all cycles."""
        knot = {*self.readers}
        ways = self.operands, self.readers
        for before, after in (ways, ways[::-1]):
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

    def joined(self, columns: Collection[int]) -> list[list[str]]:
        """The units in some columns that lines join, together; but for leaves that several read."""
        here = [key for key, column in self.columns.items() if column in columns]
        shared = [key for key in here if self.is_shared(key)]
        top = {key: key for key in here if key not in shared}

        def find(key: str) -> str:
            while top[key] != key:
                top[key] = top[top[key]]
                key = top[key]
            return key

        for key in top:
            for reader in self.readers[key]:
                if reader in top:
                    top[find(reader)] = find(key)
        pieces: dict[str, list[str]] = defaultdict(list)
        for key in top:
            pieces[find(key)].append(key)
        return [*([key] for key in shared), *pieces.values()]

    def is_shared(self, key: str) -> bool:
        """Whether it is a leaf that several read: one wants to see it alone."""
        is_leaf = key in self.links.place and self.links.is_leaf(self.links.trace.node(key))
        return is_leaf and len({*self.readers[key]}) > 1


def clusters_of(trace: Trace) -> Cluster:
    """All that a trace has, in groups."""
    links = Structure(trace)
    root = with_ids(links, groups_of(trace), "", Counter())
    return without_cycles(links, root)


# Groups of the program ---------------------------------------------------------------------------


def with_ids(links: Structure, group: Cluster, path: str, taken: Counter[str]) -> Cluster:
    """A group with an id of its own, without the nodes that have no block."""
    taken[path] += 1
    key = path if taken[path] == 1 else f"{path} ({taken[path]})"
    inner = [with_ids(links, c, f"{path}/{c.name}".lstrip("/"), taken) for c in group.children]
    trace = links.trace
    nodes = [key for key in group.nodes if not is_absorbed(trace, trace.node(key))]
    for child in inner:
        nodes += child.members if len(child.members) < 2 else ()
    children = tuple(child for child in inner if len(child.members) > 1)
    return replace(group, id=key, nodes=tuple(nodes), children=children)


def groups_of(trace: Trace) -> Cluster:
    """All nodes of a trace in nested groups, which have names and no ids yet."""
    found: dict[str, Cluster] = {}  # the outermost so far, by the id of their exit
    hidden: set[str] = set()
    for fold in (fold for stage in structure_of(trace) for fold in stage):
        parts = tuple(found.pop(key) for key in in_creation_order(fold.members & found.keys()))
        inside = {key for part in parts for key in part.members}
        own = (fold.members | own_leaves(trace, fold.members | inside)) - inside
        name = fold.form or trace.node(fold.exit).label
        found[fold.exit] = Cluster("", name, in_creation_order(own), parts)
        hidden |= own
    homes = homes_of(trace, found, hidden)
    return scope_around("", [(homes[key], key) for key in homes], found)


def own_leaves(trace: Trace, inside: Collection[str]) -> set[str]:
    """The leaves that are read by these alone."""
    read = {edge.source for key in inside for edge in trace.incoming(trace.node(key))}
    leaves = [trace.node(key) for key in read - {*inside}]
    return {
        leaf.id
        for leaf in leaves
        if not trace.incoming(leaf) and all(e.target in inside for e in trace.outgoing(leaf))
    }


def in_creation_order(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(keys, key=lambda key: int(key[1:])))


def homes_of(
    trace: Trace, found: Mapping[str, Cluster], hidden: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """The scopes of everything that is in no group by structure, and of these groups."""
    loose = [node for node in trace.nodes if node.id not in hidden or node.id in found]
    homes = {node.id: scopes_above(node) for node in loose}
    homes |= {key: scopes_above(trace.node(key)) for key in found}
    owner = {key: exit_ for exit_, group in found.items() for key in group.members}
    for node in loose:  # a parameter belongs to what alone reads it
        readers = {edge.target for edge in trace.outgoing(node)}
        if not trace.incoming(node) and not homes[node.id] and readers:
            homes[node.id] = common_scope([homes[owner.get(key, key)] for key in readers])
    return homes


def scope_around(
    name: str, homes: Sequence[tuple[tuple[str, ...], str]], found: Mapping[str, Cluster]
) -> Cluster:
    """A scope with its groups and the scopes in it, for keys with what is left of their scopes."""
    direct = [key for scope, key in homes if not scope]
    inner = grouped((each for each in homes if each[0]), lambda each: each[0][0])
    scopes = [
        scope_around(own, [(scope[1:], key) for scope, key in inside], found)
        for own, inside in inner.items()
    ]
    lonely = {key for scope in scopes if len(scope.members) == 1 for key in scope.members}
    nodes = in_creation_order({key for key in direct if key not in found} | lonely)
    scopes = [scope for scope in scopes if len(scope.members) > 1]
    parts = (*(found[key] for key in direct if key in found), *scopes)
    if len(parts) == 1 and not nodes and name:  # a scope with one group in it is that group
        return replace(parts[0], name=name)
    return Cluster("", name, nodes, parts)


# Fewer groups ------------------------------------------------------------------------------------


def fewer(
    links: Structure, cluster: Cluster, columns: int, rows: int, keep: Collection[str] = ()
) -> Cluster:
    """The same, with so many columns at most, and so many parts in each beside those to keep.

    Neighbours are grouped: in columns those that are joined, where that hides least; and then
    those above each other.
    """
    joints = Joints(links, cluster)
    ranges = [[key] for key in sorted({*joints.columns.values()})]
    weight = Counter[int]()
    for key, unit in joints.units.items():
        size = len(unit.members) if isinstance(unit, Cluster) else 1
        weight[joints.columns[key]] += 10**9 if key in keep else size
    hidden = [weight[column] for (column,) in ranges]  # added up once: there may be thousands
    while len(ranges) > max(1, columns):
        sums = [a + b for a, b in pairwise(hidden)]
        n = sums.index(min(sums))
        if sums[n] >= 10**9:
            break
        ranges[n : n + 2] = [ranges[n] + ranges[n + 1]]
        hidden[n : n + 2] = [sums[n]]
    runs = [run for each in ranges for run in joints.joined(each)]
    cluster = in_runs(joints, cluster, runs, f"{columns}")
    joints = Joints(links, cluster)
    by_column: dict[int, list[str]] = defaultdict(list)
    for key, column in joints.columns.items():
        by_column[column].append(key)
    runs = [run for keys in by_column.values() for run in cut(keys, rows, keep)]
    return in_runs(joints, cluster, runs, f"{columns}.{rows}")


def cut(order: Sequence[str], most: int, keep: Collection[str]) -> list[list[str]]:
    """A sequence in at most so many runs of equal length, beside those to keep."""
    others = [key for key in order if key not in keep]
    length = max(1, -(-len(others) // max(1, most)))
    runs = [others[n : n + length] for n in range(0, len(others), length)]
    return runs + [[key] for key in order if key in keep]


def in_runs(joints: Joints, cluster: Cluster, runs: Iterable[Sequence[str]], name: str) -> Cluster:
    """The same with parts grouped: each run is a group."""
    children: list[Cluster] = []
    nodes: list[str] = []
    for n, keys in enumerate(runs):
        run = [joints.units[key] for key in keys]
        inner = [unit for unit in run if isinstance(unit, Cluster)]
        single = [unit for unit in run if isinstance(unit, str)]
        if len(run) == 1:
            children += inner
            nodes += single
            continue
        trace = joints.links.trace
        title = span([u.name if isinstance(u, Cluster) else trace.node(u).label for u in run])
        key = f"{cluster.id}/{name}/{n}"
        children.append(Cluster(key, title, tuple(single), tuple(inner), is_scope=False))
    return replace(cluster, nodes=tuple(nodes), children=tuple(children))


def span(names: Sequence[str]) -> str:
    """The first and the last of several names, of which each may be a span.

    Examples
    --------
    >>> span(["step1", "step2…4"]), span(["v", "w1", "loss"])
    ('step1…4', 'v … loss')
    """
    first = re.split(r" … |…", names[0])[0]
    last = re.sub(r"\d+…", "", names[-1].split(" … ")[-1])
    stem = last.rstrip("0123456789")
    is_numbered = stem != last and re.fullmatch(re.escape(stem) + r"\d+", first)
    return f"{first}…{last[len(stem) :]}" if is_numbered else f"{first} … {last}"


# Cycles -----------------------------------------------------------------------------------------


def without_cycles(links: Structure, cluster: Cluster) -> Cluster:
    """The same, with groups split that a line leaves and comes back to."""
    joints = Joints(links, cluster)
    if joints.knot:
        cluster = split_knot(joints, cluster)
    children = tuple(without_cycles(links, child) for child in cluster.children)
    return replace(cluster, children=children)


def split_knot(joints: Joints, cluster: Cluster) -> Cluster:
    """The same, with groups in parts: where a line runs against their order, a later one begins."""
    links, owner = joints.links, joints.owner
    inside = [node for node in links.shown if owner.get(node.id) in joints.knot]
    rank: dict[str, int] = {}
    for node in inside:
        rank.setdefault(owner[node.id], len(rank))
    part: dict[str, int] = {}
    for node in inside:
        before = [each.id for each in links.operands(node) if each.id in part]
        later = (part[key] + (rank[owner[key]] > rank[owner[node.id]]) for key in before)
        part[node.id] = max(later, default=0)
    for node in inside:  # a leaf is a part of what reads it
        readers = [reader.id for reader in links.readers(node)]
        if links.is_leaf(node) and {owner.get(key) for key in readers} == {owner[node.id]}:
            part[node.id] = min(part[key] for key in readers)
    children: list[Cluster] = []
    nodes = list(cluster.nodes)
    for child in cluster.children:
        numbers = sorted({part.get(key, 0) for key in child.members})
        for number in numbers:
            keep = {key for key in child.members if part.get(key, 0) == number}
            piece = only(child, keep, f" ({number + 1})" if len(numbers) > 1 else "")
            if piece is not None and len(piece.members) > 1:
                children.append(piece)
            elif piece is not None:
                nodes += piece.members
    return replace(cluster, nodes=tuple(nodes), children=tuple(children))


def only(cluster: Cluster, keep: Collection[str], suffix: str) -> Cluster | None:
    """A part of a cluster."""
    inner = (only(child, keep, suffix) for child in cluster.children)
    children = tuple(child for child in inner if child is not None)
    nodes = tuple(key for key in cluster.nodes if key in keep)
    if not nodes and not children:
        return None
    return Cluster(cluster.id + suffix, cluster.name + suffix, nodes, children, cluster.is_scope)
