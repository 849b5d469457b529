"""The record of a reverse pass: what every tensor received, and every step.

`gradients` takes its answers from it; pictures and the reasons for a None are read from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from nbgrad.core.graph import Graph, Operation, Tensor


class RuleStep(NamedTuple):
    """One operation's turn in a reverse pass."""

    op: Operation
    dzs: list[Tensor | None]  # the gradient that had reached each of its outputs
    dxs: list[Tensor | None]  # the gradients that its rule returned, one for each input
    sent: list[Tensor | None]  # the same in the shape of each input


@dataclass(eq=False)
class ReversePass:
    """A reverse pass from `ys` to `xs`, as far as it has come."""

    graph: Graph
    ys: list[Tensor]
    xs: list[Tensor]
    between: list[Operation]  # those that lie between them, in the order of creation
    stopped: set[Operation]  # those behind which nothing is sent
    began: int  # the index of the first operation made for it
    seeds: list[Tensor] = field(default_factory=list)  # the seed of each y
    steps: list[RuleStep] = field(default_factory=list)
    received: dict[Tensor, list[Tensor]] = field(default_factory=dict)
    _totals: dict[Tensor, Tensor] = field(default_factory=dict)

    def receive(self, tensor: Tensor, gradient: Tensor | None) -> None:
        """Add a contribution to what a tensor has received."""
        if gradient is not None:
            self.received.setdefault(tensor, []).append(gradient)

    def reached(self, op: Operation) -> bool:
        """Whether any gradient has come to an operation's outputs."""
        return any(z in self.received for z in op.outputs)

    def total(self, tensor: Tensor) -> Any:
        """The adjoint of a tensor: one contribution for each path, added up; None without any.

        This sum is the chain rule for functions of several variables.
        """
        if tensor not in self.received:
            return None
        if tensor not in self._totals:
            contributions = self.received[tensor]
            several = len(contributions) > 1
            self._totals[tensor] = (
                self.graph.apply("AddN", *contributions) if several else contributions[0]
            )
        return self._totals[tensor]
