"""The order in which both passes run: a matter of the graph alone, whatever the numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from nbgrad.tracing.grouping import grouped
from nbgrad.tracing.parts import Edge, Node, Step


def steps_of(
    nodes: Sequence[Node], edges: Sequence[Edge], ys: Sequence[str], reached: Collection[str]
) -> Iterator[Step]:
    """The forward pass, and the reverse pass through the nodes that it reached."""
    carrying = tuple(edge for edge in edges if edge.local is not None)
    into = grouped(carrying, lambda edge: edge.target)
    out_of = grouped(carrying, lambda edge: edge.source)
    computed = (node for node in nodes if node.role in ("operation", "output"))
    yield from (Step("forward", node.id) for node in computed)
    yield from (Step("seed", y) for y in ys)
    for node in reversed(nodes):
        if node.id not in reached:
            continue
        arrived = out_of.get(node.id, ())
        if len(arrived) + (node.id in ys) > 1:
            yield Step("sum", node.id, tuple(edge.id for edge in arrived))
        sent = into.get(node.id, ())
        yield from (Step("multiply", node.id, (edge.id,)) for edge in sent)
        if not sent and node.stopped:
            yield Step("stop", node.id)
