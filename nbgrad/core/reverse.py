"""The reverse pass: from the last operation to the first, each sends back what its rule makes.

A gradient is a graph: rules build it from operations, so it can be run, drawn and differentiated
again. `gradients` returns what a pass brought to its xs; pictures read every step of it. What a
pass is given, and what rules return, is checked in `endpoints`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, NamedTuple

from nbgrad.core import endpoints
from nbgrad.core.endpoints import as_list, zeros_in_shape_of
from nbgrad.core.errors import is_ours, user_lines
from nbgrad.core.graph import Graph, Operation, Tensor, ancestors, graph_of, shape_of
from nbgrad.core.registry import gradient_rule, is_differentiable
from nbgrad.core.scopes import changed, collector_paused


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
        contributions = self.received.get(tensor, ())
        if len(contributions) < 2:
            return contributions[0] if contributions else None
        if tensor not in self._totals:
            self._totals[tensor] = self.graph.apply("AddN", *contributions)
        return self._totals[tensor]


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
    here = changed(graph, branch=graph.branch, lines=user_lines())
    with collector_paused(), graph.name_scope(name or "gradients"), here:
        ys = [endpoints.tensor_of_y(y, graph) for y in ys]
        xs = [endpoints.tensor_of_x(x, ys, graph) for x in xs]
        between = operations_between(xs, ys)
        stopped = {endpoints.operation_of_stop(t) for t in stops} | ends_of_pass(xs, between)
        reverse = ReversePass(graph, ys, xs, between, stopped, began)

        # Seed. Each y receives what it starts with: ones, unless the caller says otherwise.
        reverse.seeds = endpoints.seeds(ys, grad_ys)
        for y, seed in zip(ys, reverse.seeds, strict=True):
            reverse.receive(y, seed)

        names, scope = graph.names, graph.names.scope
        # Whatever reads a tensor was created after it. So, walking from the last operation
        # to the first, we meet each one after its outputs have received all they will.
        for op in reversed(between):
            graph.branch, names.scope = op.branch, scope
            dzs = list(map(reverse.total, op.outputs))
            missing = dzs.count(None)
            if op in stopped or missing == len(dzs) or not is_differentiable(op):
                continue
            if missing:  # zeros for an output that received nothing beside one that did
                dzs = [
                    zeros_in_shape_of(z) if dz is None and z.dtype.is_trainable else dz
                    for z, dz in zip(op.outputs, dzs, strict=True)
                ]
            names.scope = names.claim(f"{op.name}_grad")
            dxs = apply_rule(op, dzs)
            sent = [match_shape(op, i, dx) for i, dx in enumerate(dxs)]
            sent = endpoints.grouped_gradients(op, sent) if gate else sent
            for x, dx in zip(op.inputs, sent, strict=True):
                reverse.receive(x, dx)
            reverse.steps.append(RuleStep(op, dzs, dxs, sent))
    return reverse


def operations_between(xs: Sequence[Tensor], ys: Sequence[Tensor]) -> list[Operation]:
    """The operations that gradients from `ys` to `xs` pass, in the order of creation.

    They depend on an x, and a y depends on them. Only real and complex numbers carry a
    gradient: what depends on an x through integers alone does not count.
    """
    found = {x.op for x in xs}
    before_ys = ancestors(ys)
    for op in before_ys:
        for x in op.inputs:
            if x.op in found and x.dtype.is_trainable:
                found.add(op)
                break
    return [op for op in before_ys if op in found]


def ends_of_pass(xs: Sequence[Tensor], between: Sequence[Operation]) -> set[Operation]:
    """The operations at which the pass ends: those of xs behind which no other x lies."""
    inside = set(between)
    return {x.op for x in xs if not any(t.op in inside for t in x.op.inputs)}


is_complex = attrgetter("dtype.is_complex")


def apply_rule(op: Operation, dzs: Sequence[Tensor | None]) -> list[Tensor | None]:
    """The gradients that an operation's rule returns for those that arrived: one per input."""
    rule = gradient_rule(op)
    if not is_ours(rule):
        rule = changed(op.graph, lines=None)(rule)  # what it builds stands in lines of its own
    # TensorFlow sends the conjugate of a complex derivative back. Rules are written for the
    # derivative itself: conjugating what arrives and what leaves makes the one of the other.
    turned = conjugated if any(map(is_complex, op.outputs)) else None
    try:
        returned = rule(op, *(turned(dzs) if turned else dzs))
    except (TypeError, ValueError) as error:
        fault = endpoints.fault_of_seed(op, dzs)
        if not fault:
            raise
        raise type(error)(f"{error}\n{fault}") from None
    dxs = endpoints.one_for_each_input(op, returned)
    return turned(dxs) if turned else dxs


def conjugated(gradients: Sequence[Tensor | None]) -> list[Tensor | None]:
    return [
        each.graph.apply("Conj", each) if each is not None and each.dtype.is_complex else each
        for each in gradients
    ]


def match_shape(op: Operation, position: int, dx: Tensor | None) -> Tensor | None:
    """A gradient in the shape of its input.

    An element-wise operation repeats an operand to fit the other; whatever was repeated
    received many gradients, which are summed here, once for all rules.
    """
    if dx is None:
        return None
    x = op.inputs[position]
    wanted, got = x.static_shape, dx.static_shape
    if wanted == got and wanted is not None and None not in wanted:
        return dx
    endpoints.check_shape(op, position, wanted, got)
    if op.definition.elementwise and len(op.inputs) > 1:
        # TensorFlow's name for the last of the operations that do this there.
        label = "Reshape" if position == 0 else f"Reshape_{position}"
        dx = dx.graph.apply("SumTo", dx, shape=shape_of(x), name=label)
    dx.set_shape(wanted)
    return dx
