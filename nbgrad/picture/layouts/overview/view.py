"""A large graph as a reader wants to see it: its groups, what is opened, and what is shown."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from nbgrad.picture.layouts.overview.clusters import Cluster, within
from nbgrad.picture.layouts.overview.grouping import clusters_of
from nbgrad.picture.layouts.units import formula_order, shown_edges
from nbgrad.trace.folding import Opened, Structure
from nbgrad.trace.model import Edge, Trace

#: How much is shown of a node: its card, its name and a number, of xs and ys alone, or its name.
Detail = Literal["card", "number", "ends", "name"]

NAMES = (110.0, 84.0, 64.0, 48.0)  # what a name may stretch a block to


@dataclass(frozen=True)
class Choice:
    """A choice of what is shown.

    Attributes
    ----------
    open
        The ids of the groups that are open.
    inner, outer
        How much is shown of the nodes that a reader has opened, and of others.
    widest
        What a name may stretch a block to.
    """

    root: Cluster
    open: frozenset[str]
    inner: Detail
    outer: Detail
    widest: float = NAMES[0]

    @cached_property
    def blocks(self) -> list[Cluster | str]:
        """The closed groups and the nodes that are shown."""
        return [*blocks_of(self.root, self.open)]


def blocks_of(cluster: Cluster, is_open: Collection[str]) -> Iterator[Cluster | str]:
    yield from cluster.nodes
    for child in cluster.children:
        if child.id in is_open:
            yield from blocks_of(child, is_open)
        else:
            yield child


class Overview:
    """A trace in groups, with what a reader has opened.

    Attributes
    ----------
    wanted, asked
        The ids of the groups, and of the nodes, that were opened.
    inner
        The ids of all nodes that were opened, or are in a group that was.
    deeper
        The ids of the groups in those that were opened, where these are open, too.
    """

    def __init__(
        self,
        trace: Trace,
        opened: Opened,
        root: Cluster | None = None,
        *,
        deep: bool = True,
    ) -> None:
        self.trace, self.all_open = trace, opened == "all"
        self.links = Structure(trace)
        self.root = root or clusters_of(trace)
        self.names = () if opened == "all" else tuple(opened)
        self.wanted, self.asked = self.opened(self.names)
        groups = [c for c in within(self.root) if c.id in self.wanted]
        self.deeper = {each.id for c in groups for each in within(c)} if deep else set()
        self.inner = {*self.asked, *(key for c in groups for key in c.members)}

    def opened(self, names: Collection[str]) -> tuple[set[str], set[str]]:
        """The ids of groups and of nodes with these names; the last node stands for its group."""
        groups = [c for c in within(self.root) if c.id]
        wanted = {c.id for c in groups if {c.id, c.name} & {*names}}
        left = {*names} - {name for c in groups for name in (c.id, c.name)}
        asked = {node.id for node in self.links.shown if node.label in left}
        for group in groups[::-1]:  # the innermost first
            last = max(group.members, key=self.links.place.__getitem__)
            if last in asked:
                wanted.add(group.id)
                asked.discard(last)
        return wanted, asked

    def with_less(self) -> Overview:
        """The same with groups closed in those that are opened, or with one name less opened."""
        if self.deeper > self.wanted:
            return Overview(self.trace, self.names, self.root, deep=False)
        return Overview(self.trace, self.names[:-1], self.root)

    @cached_property
    def order(self) -> dict[str, int]:
        """The place of each node in the formula of the ys; others are behind it."""
        nodes = [*formula_order(self.trace), *self.links.shown]
        return {key: n for n, key in enumerate(dict.fromkeys(node.id for node in nodes))}

    @cached_property
    def edges(self) -> list[Edge]:
        """The edges that are lines."""
        trace, shown = self.trace, self.links.shown
        return [e for node in shown for e in shown_edges(trace, trace.incoming(node))]

    def forced(self, root: Cluster) -> frozenset[str]:
        """The ids of the groups that are open for what is in them."""
        return frozenset(
            c.id
            for c in within(root)
            if c.id in self.deeper
            or any(each.id in self.wanted for each in within(c))
            or any(key in self.asked for key in c.members)
        )

    def detail(self, shown: Choice, key: str) -> Detail:
        """How much is shown of a node."""
        detail = shown.inner if key in self.inner else shown.outer
        if detail == "ends":
            return "number" if key in self.links.ends else "name"
        return detail
