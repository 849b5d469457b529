"""The reverse pass: from ys back to xs, one gradient rule for each operation between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from nbgrad.graph import Graph, Operation, Tensor, ancestors, graph_of
from nbgrad.ops.reductions.sums import add_n
from nbgrad.registry import is_differentiable
from nbgrad.reverse_mode.endpoints import (
    as_list,
    operation_of_stop,
    seeds,
    tensor_of_x,
    tensor_of_y,
)
from nbgrad.reverse_mode.rules import apply_rule, gated, match_shape, zeros_if_trainable


def reverse_pass(
    ys: Any,
    xs: Any,
    grad_ys: Any = None,
    stop_gradients: Any = None,
    name: str = "gradients",
    gate: bool = False,
) -> ReversePass:
    """Send gradients from `ys` back to `xs`, keeping every step so that it can be drawn."""
    ys, xs = as_list(ys), as_list(xs)
    stops = [] if stop_gradients is None else as_list(stop_gradients)
    graph = graph_of(*ys, *xs)
    began = graph.next_index
    with graph.name_scope(name or "gradients"):
        ys = [tensor_of_y(y, graph) for y in ys]
        xs = [tensor_of_x(x, ys, graph) for x in xs]
        between = operations_between(xs, ys)
        stopped = {operation_of_stop(t) for t in stops} | leaves(xs, between)
        sweep = ReversePass(graph, ys, xs, stopped, between, began)

        # Seed. Each y receives grad_y from outside: ones, unless the caller weighs it.
        for y, grad_y in zip(ys, seeds(ys, grad_ys), strict=True):
            sweep.seeds.append(grad_y)
            sweep.receive(y, grad_y)

        # Sweep. Whatever reads a tensor was created after it. So, walking from the last
        # operation to the first, we meet each one after its outputs have received it all.
        for op in reversed(between):
            with graph.inside(op.branch):
                dzs = [sweep.total(z) for z in op.outputs]
                if op in stopped or not sweep.reached(op) or not is_differentiable(op):
                    continue
                dzs = [zeros_if_trainable(z, dz) for z, dz in zip(op.outputs, dzs, strict=True)]
                with graph.name_scope(f"{op.name}_grad"):
                    dxs = apply_rule(op, dzs)
                    sent = [match_shape(op, i, dx) for i, dx in enumerate(dxs)]
                    sent = gated(op, sent) if gate else sent
            for x, dx in zip(op.inputs, sent, strict=True):
                sweep.receive(x, dx)
            sweep.steps.append(Step(op, dzs, dxs, sent))
    return sweep


class Step(NamedTuple):
    """One operation's turn in a reverse pass.

    Attributes
    ----------
    op
        The operation.
    dzs
        The gradient that had reached each of its outputs.
    dxs
        What its rule made of them, one for each input.
    sent
        The same, in the shape of each input: what left.
    """

    op: Operation
    dzs: list[Tensor | None]
    dxs: list[Tensor | None]
    sent: list[Tensor | None]


@dataclass(eq=False)
class ReversePass:
    """The record of a reverse pass: what every tensor received, and every step.

    Attributes
    ----------
    ys, xs, seeds
        What is differentiated, with respect to what, and what each y started with.
    stopped
        The operations behind which nothing was sent.
    between
        The operations that lie between, in the order of creation.
    began
        The index of the first operation made for it.
    steps
        Their turns, in the order in which they came.
    received
        The contributions that came to each tensor.
    """

    graph: Graph
    ys: list[Tensor]
    xs: list[Tensor]
    stopped: set[Operation]
    between: list[Operation]
    began: int
    seeds: list[Tensor] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    received: dict[Tensor, list[Tensor]] = field(default_factory=dict)
    _totals: dict[Tensor, Tensor] = field(default_factory=dict)

    def receive(self, tensor: Tensor, gradient: Tensor | None) -> None:
        """Put a contribution into a tensor's inbox."""
        if gradient is not None:
            self.received.setdefault(tensor, []).append(gradient)

    def reached(self, op: Operation) -> bool:
        """Whether any gradient has come to an operation's outputs."""
        return any(z in self.received for z in op.outputs)

    def total(self, tensor: Tensor, absent: Callable[[Tensor], Any] = lambda _: None) -> Any:
        """The adjoint of a tensor: one gradient for each path, added up.

        This sum is the chain rule for functions of several variables.
        """
        if tensor not in self.received:
            return absent(tensor)
        if tensor not in self._totals:
            inbox = self.received[tensor]
            self._totals[tensor] = inbox[0] if len(inbox) == 1 else add_n(inbox)
        return self._totals[tensor]


def operations_between(xs: Sequence[Tensor], ys: Sequence[Tensor]) -> list[Operation]:
    """The operations that gradients from `ys` to `xs` pass, in the order of creation.

    They depend on an x, and a y depends on them. Only real and complex numbers carry a
    gradient: what depends on an x through integers alone does not count.
    """
    reached = {x.op for x in xs}
    before_ys = ancestors(ys)
    for op in before_ys:
        if any(t.op in reached and t.dtype.is_trainable for t in op.inputs):
            reached.add(op)
    return [op for op in before_ys if op in reached]


def leaves(xs: Sequence[Tensor], between: Sequence[Operation]) -> set[Operation]:
    """The operations of those xs behind which no other x lies: the pass ends there."""
    inside = set(between)
    return {x.op for x in xs if not any(t.op in inside for t in x.op.inputs)}
