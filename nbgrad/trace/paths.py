"""Paths: the adjoint of a tensor as a sum with one term for each way to the ys.

The reverse pass adds at every tensor and never lists a path, as paths multiply where a graph
branches. Where they are few they are the chain rule at its plainest: multiply along each path,
add over the paths.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nbgrad.core.registry import definition_of
from nbgrad.trace.records import Edge, Node, NodesAndEdges


@dataclass(frozen=True, eq=False)
class Path:
    """One way from a tensor to a y: nodes from x to y, and the edges between them.

    `product` is what comes back along it: y's seed times every local derivative. None where the
    path is cut, and where a rule is no factor and several paths share it (a matrix product tells
    only what it did to their sum).
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    product: np.ndarray | None

    @property
    def factors(self) -> tuple[np.ndarray, ...]:
        """The numbers that are multiplied, from y back to x, without the seed."""
        locals_ = (edge.local for edge in reversed(self.edges))
        return tuple(each.value.array for each in locals_ if each and each.value is not None)

    @property
    def is_product(self) -> bool:
        """Whether the product is that of its factors: a rule may send 0 where that is 0 · NaN."""
        if self.product is None or len(self.factors) < len(self.edges):
            return False
        return not np.isfinite(self.product).all() or all(
            np.isfinite(factor).all() for factor in self.factors
        )

    @property
    def cut(self) -> Edge | None:
        """The edge at which a gradient coming back along it stops: the first one, seen from y."""
        return next((e for e in reversed(self.edges) if e.contribution is None), None)

    def __str__(self) -> str:
        return " → ".join(node.label for node in self.nodes)


@dataclass(frozen=True, eq=False)
class Paths:
    """The paths from one tensor to the ys; none is `listed` where they are too many."""

    count: int
    listed: tuple[Path, ...]

    @property
    def total(self) -> np.ndarray | None:
        """The sum of the products, which is the adjoint; None where a product is not known."""
        known = [path.product for path in self.listed if path.product is not None]
        if not known or len(known) < len(self):
            return None
        with np.errstate(all="ignore"):
            return np.sum(known, axis=0)

    def __iter__(self) -> Iterator[Path]:
        return iter(self.listed)

    def __getitem__(self, index: int) -> Path:
        return self.listed[index]

    def __len__(self) -> int:
        return len(self.listed)

    def __str__(self) -> str:
        if len(self) < self.count:
            return f"{self.count:,} paths, too many to list"
        return "\n".join(map(str, self.listed)) or "no path"


def paths_between(
    trace: NodesAndEdges, x: Node, ys: Sequence[Node], *, most: int = 200, cut: bool = False
) -> Paths:
    """The paths from x to some ys; see `nbgrad.trace.model.Trace.paths`."""
    goals = {y.id for y in ys}
    ahead = counts(trace, goals, cut=cut)
    count = ahead.get(x.id, 0)
    listed = walks(trace, x, goals, ahead, cut=cut) if count <= most else ()
    return Paths(count, tuple(path_along(trace, x, edges) for edges in listed))


def counts(trace: NodesAndEdges, goals: set[str], *, cut: bool) -> Mapping[str, int]:
    """The number of paths from each node to the goals; nodes without any are left out."""
    ahead: dict[str, int] = {}
    for node in reversed(trace.nodes):  # whatever reads a node was created after it
        edges = (e for e in trace.outgoing(node) if cut or e.contribution is not None)
        if count := (node.id in goals) + sum(ahead.get(e.target, 0) for e in edges):
            ahead[node.id] = count
    return ahead


def walks(
    trace: NodesAndEdges, x: Node, goals: set[str], ahead: Mapping[str, int], *, cut: bool
) -> Iterator[tuple[Edge, ...]]:
    """Each path as its edges; only ways that lead to a goal are ever entered."""
    waiting: list[tuple[Node, tuple[Edge, ...]]] = [(x, ())]
    while waiting:
        here, edges = waiting.pop()
        if here.id in goals:
            yield edges
        for edge in reversed(trace.outgoing(here)):
            if edge.target in ahead and (cut or edge.contribution is not None):
                waiting.append((trace.node(edge.target), (*edges, edge)))


def path_along(trace: NodesAndEdges, x: Node, edges: tuple[Edge, ...]) -> Path:
    """A path, with what comes back along it."""
    nodes = (x, *(trace.node(edge.target) for edge in edges))
    seed = nodes[-1].seed
    carried = None if seed is None else seed.array
    for edge, target, source in zip(edges[::-1], nodes[:0:-1], nodes[-2::-1], strict=True):
        if carried is not None:
            carried = carried_along(edge, target, source, carried)
    return Path(nodes, edges, carried)


def carried_along(edge: Edge, target: Node, source: Node, arrived: np.ndarray) -> np.ndarray | None:
    """The share of a gradient after one more edge of a path."""
    if edge.contribution is None or edge.local is None:
        return None
    total = target.adjoint.value
    if total is not None and np.array_equal(total.array, arrived, equal_nan=True):
        return edge.contribution.array  # the share is all there is: what became of it is known
    if edge.local.value is None:
        return None
    with np.errstate(all="ignore"):
        share = with_summed_axes(arrived, target) * edge.local.value.array
        # Of a repeated operand, summed to its shape, as in a reverse pass.
        whole = np.broadcast_to(share, np.broadcast_shapes(share.shape, source.shape))
        summed: np.ndarray = definition_of("SumTo").kernel(whole, shape=source.shape)
        return summed


def with_summed_axes(arrived: np.ndarray, target: Node) -> np.ndarray:
    """A gradient that arrived at a sum along axes, with each of these as an axis of size 1."""
    operand, _, result = target.subscripts.partition("->")
    if "," in operand or len(operand) <= arrived.ndim:
        return arrived
    sizes = iter(arrived.shape)
    return arrived.reshape([next(sizes) if letter in result else 1 for letter in operand])


def is_summed(trace: NodesAndEdges, edge: Edge) -> bool:
    """Whether what an edge carries is summed, as its operand was repeated (broadcast)."""
    if edge.local is None or not edge.local.is_factor:
        return False
    factor = 1 if edge.local.value is None else edge.local.value.array.size
    size = max(trace.node(edge.target).value.array.size, factor)
    return size > trace.node(edge.source).value.array.size
