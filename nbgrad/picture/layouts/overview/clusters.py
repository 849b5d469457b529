"""Clusters: groups of nodes inside each other, and which of them lines join.

A cluster is shown as one block, or as a frame with what is in it. Seen from outside, no line may
lead from a cluster back into it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from nbgrad.trace.folding import Structure


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


def units_in(cluster: Cluster) -> dict[str, Cluster | str]:
    """What is directly in a cluster: groups, and nodes."""
    return {**{key: key for key in cluster.nodes}, **{c.id: c for c in cluster.children}}


def owners(cluster: Cluster) -> dict[str, str]:
    """For each node inside, the id of the node or of the group that is directly in the cluster."""
    found = {key: key for key in cluster.nodes}
    for child in cluster.children:
        found |= dict.fromkeys(child.members, child.id)
    return found


def readers_and_operands(
    links: Structure, owner: Mapping[str, str]
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The readers and the operands of units; a reader outside counts as "" does."""
    readers: dict[str, list[str]] = {unit: [] for unit in owner.values()}
    operands: dict[str, list[str]] = {unit: [] for unit in owner.values()}
    for key, unit in owner.items():
        for reader in links.readers(links.trace.node(key)):
            other = owner.get(reader.id, "")
            if other != unit:
                readers[unit].append(other)
                if other:
                    operands[other].append(unit)
    return readers, operands


def in_pieces(keys: Iterable[str], readers: Mapping[str, Sequence[str]]) -> list[list[str]]:
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


def is_shared(links: Structure, key: str, readers: Collection[str]) -> bool:
    """Whether it is a leaf that several read: one wants to see it alone."""
    is_leaf = key in links.place and links.is_leaf(links.trace.node(key))
    return is_leaf and len({*readers}) > 1


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


def without_cycles(links: Structure, cluster: Cluster) -> Cluster:
    """The same, with groups split that a line leaves and comes back to."""
    owner = owners(cluster)
    knot = knot_of(links, owner)
    if knot:
        cluster = split_knot(links, cluster, owner, knot)
    children = tuple(without_cycles(links, child) for child in cluster.children)
    return replace(cluster, children=children)


def knot_of(links: Structure, owner: Mapping[str, str]) -> set[str]:
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
    links: Structure, cluster: Cluster, owner: Mapping[str, str], knot: Collection[str]
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
        before = [each.id for each in links.operands(node) if each.id in part]
        part[node.id] = max(
            (part[key] + (rank[owner[key]] > rank[unit]) for key in before), default=0
        )
    for key in part:  # a leaf is a part of what reads it
        node = links.trace.node(key)
        readers = [reader.id for reader in links.readers(node)]
        if links.is_leaf(node) and {owner.get(reader) for reader in readers} == {owner[key]}:
            part[key] = min(part[reader] for reader in readers)
    children: list[Cluster] = []
    nodes = list(cluster.nodes)
    for child in cluster.children:
        for piece in numbered_parts(child, part):
            if len(piece.members) > 1:
                children.append(piece)
            else:
                nodes += piece.members
    return replace(cluster, nodes=tuple(nodes), children=tuple(children))


def numbered_parts(cluster: Cluster, part: Mapping[str, int]) -> Iterator[Cluster]:
    """A cluster in its parts, which have numbers."""
    numbers = sorted({part.get(key, 0) for key in cluster.members})
    for number in numbers:
        keep = {key for key in cluster.members if part.get(key, 0) == number}
        piece = only(cluster, keep, f" ({number + 1})" if len(numbers) > 1 else "")
        yield from filter(None, [piece])


def only(cluster: Cluster, keep: Collection[str], suffix: str) -> Cluster | None:
    """A part of a cluster."""
    inner = (only(child, keep, suffix) for child in cluster.children)
    children = tuple(child for child in inner if child is not None)
    nodes = tuple(key for key in cluster.nodes if key in keep)
    if not nodes and not children:
        return None
    return Cluster(cluster.id + suffix, cluster.name + suffix, nodes, children, cluster.is_scope)
