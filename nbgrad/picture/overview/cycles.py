"""Groups that a line leaves and comes back to are split, so that lines run from left to right."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from nbgrad.picture.overview.clusters import (
    Cluster,
    Wiring,
    owners,
    readers_and_operands,
    span,
)


def without_cycles(links: Wiring, cluster: Cluster) -> Cluster:
    """The same, with groups split that a line leaves and comes back to."""
    owner = owners(cluster)
    knot = knot_of(links, owner)
    if knot:
        cluster = split_knot(links, cluster, owner, knot)
    children = tuple(without_cycles(links, child) for child in cluster.children)
    return replace(cluster, children=children)


def knot_of(links: Wiring, owner: Mapping[str, str]) -> set[str]:
    """The units that are neither before nor behind all cycles."""
    readers, operands = readers_and_operands(links, owner)
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


def split_knot(
    links: Wiring, cluster: Cluster, owner: Mapping[str, str], knot: Collection[str]
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
        for piece in numbered_parts(links, child, part):
            if len(piece.members) > 1:
                children.append(piece)
            else:
                nodes += piece.members
    return replace(cluster, nodes=tuple(nodes), children=tuple(children))


def numbered_parts(links: Wiring, cluster: Cluster, part: Mapping[str, int]) -> Iterator[Cluster]:
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
