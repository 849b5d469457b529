"""The numbers of one run, put into a trace that has none yet.

Whoever runs it, a session or a program, brings the same numbers. Why an adjoint is zero or not
finite follows from them; why it is None the engine knows (`nbgrad.core.gradients`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from nbgrad.core.gradients import absence, is_stop
from nbgrad.core.graph import Operation, Tensor
from nbgrad.core.reverse import ReversePass
from nbgrad.trace.model import Adjoint, Cause, Edge, Node, Numbers, Step, Trace
from nbgrad.trace.tensors import is_bypassed

#: Two ways to the same product in float32 differ by less.
TOLERANCE = 1e-4


class Carried(NamedTuple):
    """What went along one edge in the reverse pass."""

    sent: Any
    factor: Any = None  # of what arrived, where the rule multiplies by element
    gate: bool = False  # whether the rule chooses by a comparison, as relu does
    whole: tuple[str, str] | None = None  # a learner's own rule in full: does it multiply?


class Run(NamedTuple):
    """The numbers of one run, by the ids of nodes and edges."""

    values: Mapping[str, Any]
    totals: Mapping[str, Any]  # the adjoints that the reverse pass reached
    seeds: Mapping[str, Any]
    carried: Mapping[str, Carried]


def assembled(blank: Trace, run: Run) -> Trace:
    """The trace with the numbers of one run."""
    edges = tuple(edge_with_numbers(edge, run) for edge in blank.edges)
    return replace(blank, nodes=tuple(nodes_with_numbers(blank, run)), edges=edges)


def nodes_with_numbers(blank: Trace, run: Run) -> list[Node]:
    """The nodes with their values and adjoints."""
    adjoints: dict[str, Adjoint] = {}
    nodes = []
    found = culprits(blank, run)
    # From the last node to the first: the cause of a zero may lie further on.
    for node in reversed(blank.nodes):
        key, seed, adjoint = node.id, run.seeds.get(node.id), node.adjoint
        if key in run.totals:
            arrivals = [
                Arrival(e.target, adjoints[e.target], run.carried[e.id], found.get(e.target))
                for e in blank.outgoing(node)
                if e.id in run.carried
            ]
            adjoint = adjoint_with_cause(key, run.totals[key], seed, arrivals)
        adjoints[key] = adjoint
        value = Numbers(run.values[key])
        seed = None if seed is None else Numbers(seed)
        nodes.append(replace(node, value=value, shape=value.shape, adjoint=adjoint, seed=seed))
    return nodes[::-1]


def culprits(blank: Trace, run: Run) -> dict[str, str]:
    """For each node with an operand that is ∞ or NaN, the node where that arose."""
    if all(map(all_finite, run.totals.values())):
        return {}
    arose: dict[str, str] = {}
    behind: dict[str, str] = {}
    for node in blank.nodes:
        sources = (edge.source for edge in blank.incoming(node))
        known = next((arose[each] for each in sources if each in arose), None)
        if known is not None:
            behind[node.id] = known
        if not all_finite(run.values[node.id]):
            arose[node.id] = known or node.id
    return behind


def edge_with_numbers(blank: Edge, run: Run) -> Edge:
    """The edge with its local derivative and what was sent along it."""
    carried, local = run.carried.get(blank.id), blank.local
    if carried is None or local is None:
        return blank
    if carried.factor is not None:
        local = replace(local, value=Numbers(carried.factor))
        if carried.whole is not None and not multiplies(carried, run.totals.get(blank.target)):
            text, latex = carried.whole
            local = replace(local, formula=text, latex=latex, is_factor=False, value=None)
    return replace(blank, local=local, contribution=Numbers(carried.sent))


def multiplies(carried: Carried, arriving: Any) -> bool:
    """Whether a learner's own rule has multiplied the gradient by a factor."""
    if arriving is None:
        return True
    with np.errstate(all="ignore"):
        product = arriving * carried.factor
    if product.shape != np.shape(carried.sent):
        return True  # summed over the repetitions of an operand
    return bool(np.allclose(carried.sent, product, TOLERANCE, TOLERANCE, equal_nan=True))


def all_finite(value: Any) -> bool:
    """Whether there is neither ∞ nor NaN in a value; text and integers hold none."""
    return np.asarray(value).dtype.kind not in "fc" or bool(np.isfinite(value).all())


def steps_of(blank: Trace, reached: Collection[str]) -> Iterator[Step]:
    """The forward pass, and the reverse pass through the nodes that it reached."""
    computed = (node for node in blank.nodes if node.role in ("operation", "output"))
    yield from (Step("forward", node.id) for node in computed)
    yield from (Step("seed", y) for y in blank.ys)
    for node in reversed(blank.nodes):
        if node.id not in reached:
            continue
        arrived = tuple(edge.id for edge in blank.outgoing(node) if edge.local is not None)
        if len(arrived) + (node.id in blank.ys) > 1:
            yield Step("sum", node.id, arrived)
        sent = [edge.id for edge in blank.incoming(node) if edge.local is not None]
        yield from (Step("multiply", node.id, (key,)) for key in sent)
        if not sent and node.stopped:
            yield Step("stop", node.id)


# Causes -----------------------------------------------------------------------------------------

#: What a trace says of each kind of absence; whatever else it is, no path leads there.
CAUSES: dict[str, Cause] = {
    "stopped": "stopped",
    "integer": "integer",
    "not differentiable": "not differentiable",
    "rule": "not differentiable",
}


def cause_of_none(tensor: Tensor, reverse: ReversePass) -> tuple[Cause, Tensor | None]:
    """Why no gradient reached a tensor, and the tensor where its way was cut."""
    reason = absence(tensor, reverse)
    cause = CAUSES.get(reason.kind) if reason else None
    if reason is None or cause is None or all(is_bypassed(op, tensor) for op in reason.at):
        return "no path", None
    return cause, reason.at[0].outputs[0]


def cause_of_nothing_sent(op: Operation, operand: Tensor, reverse: ReversePass) -> Cause:
    """Why an operation that a gradient reached sent none to one of its operands."""
    if op in reverse.stopped or is_stop(op):
        return "stopped"
    if not operand.dtype.is_trainable:
        return "integer"
    if operand.op not in reverse.between or is_bypassed(op, operand):
        return "no path"
    return "not differentiable"


class Arrival(NamedTuple):
    """One contribution to an adjoint."""

    node: str  # the id of the node whose operation sent it
    above: Adjoint  # the adjoint of that node
    carried: Carried
    culprit: str | None  # the node whose value made an operand of the sender ∞ or NaN

    @property
    def is_sum(self) -> bool:
        """Whether products without a zero factor were summed: what was broadcast, adds up."""
        above, factor = self.above.value, self.carried.factor
        is_fewer = above is not None and np.size(self.carried.sent) < np.size(above.array)
        return is_fewer and factor is not None and bool(np.all(factor))


def adjoint_with_cause(node: str, value: Any, seed: Any, arrivals: Sequence[Arrival]) -> Adjoint:
    """The adjoint of a node with its state and, where it is zero or not finite, the cause."""
    if not np.isfinite(value).all():
        return Adjoint("not finite", *cause_of_not_finite(node, arrivals), Numbers(value))
    if np.size(value) and not np.any(value):
        return Adjoint("zero", *cause_of_zero(node, seed, arrivals), Numbers(value))
    return Adjoint("number", value=Numbers(value))


def cause_of_not_finite(node: str, arrivals: Sequence[Arrival]) -> tuple[Cause, str | None]:
    """Whether ∞ or NaN came from further on, from a value, or began at this node's operations."""
    for arrival in arrivals:
        if not np.isfinite(arrival.carried.sent).all():
            if arrival.above.state == "not finite":
                from_value = arrival.above.cause == "value not finite"
                return "value not finite" if from_value else "came from above", arrival.above.at
            if arrival.culprit is not None:
                return "value not finite", arrival.culprit
            return "began here", arrival.node
    return "began here", node


def cause_of_zero(node: str, seed: Any, arrivals: Sequence[Arrival]) -> tuple[Cause, str | None]:
    """Whether terms cancelled, a factor was zero, a unit was off, or nothing but zero came."""
    terms = [arrival.carried.sent for arrival in arrivals] + ([] if seed is None else [seed])
    if any(map(np.any, terms)):
        return "terms cancel", node
    for arrival in arrivals:
        if arrival.above.state != "zero":
            if arrival.is_sum:
                return "terms cancel", node
            return "unit off" if arrival.carried.gate else "times zero", arrival.node
    if not arrivals:
        return "seed zero", node
    return arrivals[0].above.cause, arrivals[0].above.at
