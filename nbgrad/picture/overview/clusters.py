"""Clusters: groups of nodes inside each other, and which of them lines join.

A cluster is shown as one block, or as a frame with what is in it. Seen from outside, no line may
lead from a cluster back into it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from heapq import heapify, heappop, heappush

from nbgrad.trace.folding import is_absorbed
from nbgrad.trace.model import Trace


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


class Wiring:
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


def owners(cluster: Cluster) -> dict[str, str]:
    """For each node inside, the id of the node or of the group that is directly in the cluster."""
    found = {key: key for key in cluster.nodes}
    for child in cluster.children:
        found |= dict.fromkeys(child.members, child.id)
    return found


def readers_and_operands(
    links: Wiring, owner: Mapping[str, str]
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


def passes(links: Wiring, cluster: Cluster) -> list[str]:
    """The ids of a cluster's parts, operands first, else in the order of creation."""
    owner = owners(cluster)
    readers, operands = readers_and_operands(links, owner)
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


def is_shared(links: Wiring, key: str, readers: Collection[str]) -> bool:
    """Whether it is a leaf that several read: one wants to see it alone."""
    return key in links.place and not links.operands[key] and len({*readers}) > 1


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
