"""When each number of a trace becomes known, and so what shows after k steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbgrad.tracing.parts import Edge, Node, Step

if TYPE_CHECKING:
    from nbgrad.tracing.model import Trace


@dataclass(frozen=True)
class Frame:
    """The state of both passes after the first `k` steps: a pure function of trace and k."""

    trace: Trace
    k: int

    @property
    def step(self) -> Step | None:
        """The step that has just happened, or None before the first."""
        return self.trace.steps[self.k - 1] if self.k else None

    def knows_value(self, node: Node) -> bool:
        return self.k >= self.trace.moments.value[node.id]

    def knows_adjoint(self, node: Node) -> bool:
        return self.k >= self.trace.moments.adjoint[node.id]

    def knows_contribution(self, edge: Edge) -> bool:
        return self.k >= self.trace.moments.contribution.get(edge.id, NEVER)


NEVER = 10**9


@dataclass(frozen=True)
class Moments:
    """For each node and edge, the number of steps after which a part of it is known.

    Leaves have their value from the start (0). What needs no reverse pass to be known, an
    adjoint that is None, shows when the last step has run.
    """

    value: dict[str, int]
    adjoint: dict[str, int]
    contribution: dict[str, int]


def moments_of(trace: Trace) -> Moments:
    """When each value, adjoint and contribution of a trace becomes known."""
    value = {node.id: 0 for node in trace.nodes}
    adjoint = {node.id: len(trace.steps) for node in trace.nodes}
    contribution: dict[str, int] = {}
    for k, step in enumerate(trace.steps, start=1):
        match step.kind:
            case "forward":
                value[step.node] = k
            case "seed" | "sum":
                adjoint[step.node] = k
            case "multiply":
                contribution[step.edges[0]] = k
    sums = {step.node for step in trace.steps if step.kind in ("seed", "sum")}
    for edge in trace.edges:
        # A single contribution is the adjoint; several wait for their sum.
        if edge.id in contribution and edge.source not in sums:
            adjoint[edge.source] = contribution[edge.id]
    return Moments(value, adjoint, contribution)
