"""The groups of a graph: those that the program has, others by the results that nodes lead to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from nbgrad.picture.overview.clusters import (
    Cluster,
    Wiring,
    is_shared,
    joined,
    owners,
    readers_and_operands,
    span,
    units_in,
)
from nbgrad.picture.overview.cycles import without_cycles
from nbgrad.trace.folding import NodeGroup, groups_of
from nbgrad.trace.model import Trace

#: More loose nodes than this in one place are grouped by results.
LOOSE = 12

#: The least number of nodes of a group by results; groups of groups are so many times larger.
LEAST, LARGER = 8, 3


def clusters_of(trace: Trace) -> Cluster:
    """All that a trace has, in groups."""
    links = Wiring(trace)
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


def by_results(links: Wiring, cluster: Cluster) -> Cluster:
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


def one_level(links: Wiring, cluster: Cluster, least: int) -> Cluster:
    """The same, with groups of at least so many nodes that lead to one result."""
    owner = owners(cluster)
    units = {
        key: unit.members if isinstance(unit, Cluster) else (key,)
        for key, unit in units_in(cluster).items()
    }
    readers, _ = readers_and_operands(links, owner)
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
    found = units_in(cluster)
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
    links: Wiring, scope: str, units: Mapping[str, Cluster | str], key: str, group: Iterable[str]
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
