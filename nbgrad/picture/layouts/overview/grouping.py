"""The groups of a graph: those that the program has, and groups of neighbours.

Name scopes come first, and inside of them the layers, losses and steps that the structure shows.
Where all of that has too little room, `fewer` groups neighbours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from nbgrad.picture.layouts.columns import columns_behind
from nbgrad.picture.layouts.overview.clusters import (
    Cluster,
    in_pieces,
    is_shared,
    owners,
    readers_and_operands,
    span,
    units_in,
    without_cycles,
)
from nbgrad.trace.folding import (
    Structure,
    common_scope,
    is_absorbed,
    scopes_above,
    structure_of,
)
from nbgrad.trace.model import Trace
from nbgrad.trace.records import grouped


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
    """The same, with so many columns at most, and so many parts in each.

    Neighbours are grouped: in columns those that are joined, where that hides least; and then
    those above each other. Parts to `keep` stay as they are.
    """
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


def count_of(unit: Cluster | str) -> int:
    return len(unit.members) if isinstance(unit, Cluster) else 1


def part_columns(links: Structure, cluster: Cluster) -> dict[str, int]:
    """The column of each part, from the first on: after its operands; a leaf before a reader."""
    owner = owners(cluster)
    _, operands = readers_and_operands(links, owner)
    found = columns_behind(operands, late=operands)
    created = dict.fromkeys(owner[key] for key in sorted(owner, key=links.place.__getitem__))
    return {key: found[key] for key in sorted(created, key=found.__getitem__)}


def joined_parts(
    links: Structure, cluster: Cluster, at: Mapping[str, int], columns: Collection[int]
) -> Iterator[list[str]]:
    """The parts in some columns that lines join, together; but for leaves that several read."""
    readers, _ = readers_and_operands(links, owners(cluster))
    here = [key for key, column in at.items() if column in columns]
    shared = {key for key in here if is_shared(links, key, readers[key])}
    yield from ([key] for key in shared)
    yield from in_pieces([key for key in here if key not in shared], readers)


def cut(order: Sequence[str], most: int, keep: Collection[str]) -> list[list[str]]:
    """A sequence in at most so many runs of equal length, beside those to keep."""
    others = [key for key in order if key not in keep]
    length = max(1, -(-len(others) // max(1, most)))
    runs = [others[n : n + length] for n in range(0, len(others), length)]
    return runs + [[key] for key in order if key in keep]


def in_runs(
    links: Structure, cluster: Cluster, runs: Sequence[Sequence[str]], name: str
) -> Cluster:
    """The same with parts grouped: each run is a group."""
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
