"""The numbers of one run, put into nodes and edges that have none yet: a Trace.

Whoever runs it, a session or a program, brings the same numbers: the value of each node, what
arrived in all and what it started with, and what each edge carried. Which adjoint is zero or not
finite, and why, is found here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from nbgrad.trace.causes import Arrival, adjoint_with_cause
from nbgrad.trace.local_derivatives import is_product
from nbgrad.trace.model import Adjoint, Edge, Node, Numbers, Step, Trace
from nbgrad.trace.records import grouped


class Blanks(NamedTuple):
    """All of a trace but its numbers."""

    nodes: Sequence[Node]
    edges: Sequence[Edge]
    steps: tuple[Step, ...]
    ys: tuple[str, ...]
    xs: tuple[str, ...]


class Carried(NamedTuple):
    """What went along one edge in the reverse pass."""

    sent: Any
    factor: Any = None  # of what arrived, where the rule multiplies by element
    gate: bool = False  # whether the rule chooses by a comparison, as relu does
    whole: tuple[str, str] | None = None  # a learner's own rule in full: does it multiply?


@dataclass(frozen=True)
class Run:
    """The numbers of one run, by the ids of nodes and edges.

    Attributes
    ----------
    values
        The value of each node.
    totals, seeds
        The adjoint of each node that the reverse pass reached; what the ys started with.
    carried
        What went along each edge that carried something.
    """

    values: Mapping[str, Any]
    totals: Mapping[str, Any]
    seeds: Mapping[str, Any]
    carried: Mapping[str, Carried]


def assembled(blanks: Blanks, run: Run) -> Trace:
    """The trace of one run."""
    return Trace(
        nodes=tuple(nodes_with_numbers(blanks, run)),
        edges=tuple(edge_with_numbers(edge, run) for edge in blanks.edges),
        steps=blanks.steps,
        ys=blanks.ys,
        xs=blanks.xs,
    )


def nodes_with_numbers(blanks: Blanks, run: Run) -> list[Node]:
    """The nodes with their values and adjoints."""
    adjoints: dict[str, Adjoint] = {}
    nodes = []
    found = culprits(blanks, run)
    out_of = grouped(blanks.edges, lambda edge: edge.source)
    # From the last node to the first: the cause of a zero may lie further on.
    for blank in reversed(blanks.nodes):
        key, seed, adjoint = blank.id, run.seeds.get(blank.id), blank.adjoint
        if key in run.totals:
            sending = ((e.target, run.carried.get(e.id)) for e in out_of.get(key, ()))
            arrivals = [
                Arrival(z, adjoints[z], carried.sent, carried.gate, found.get(z), carried.factor)
                for z, carried in sending
                if carried is not None
            ]
            adjoint = adjoint_with_cause(key, run.totals[key], seed, arrivals)
        adjoints[key] = adjoint
        value = Numbers(run.values[key])
        seed = None if seed is None else Numbers(seed)
        nodes.append(replace(blank, value=value, shape=value.shape, adjoint=adjoint, seed=seed))
    return nodes[::-1]


def culprits(blanks: Blanks, run: Run) -> dict[str, str]:
    """For each node with an operand that is ∞ or NaN, the node where that arose."""
    if all(map(all_finite, run.totals.values())):
        return {}
    into = grouped(blanks.edges, lambda edge: edge.target)
    arose: dict[str, str] = {}
    behind: dict[str, str] = {}
    for node in blanks.nodes:
        sources = (edge.source for edge in into.get(node.id, ()))
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
    return arriving is None or is_product(carried.sent, arriving, carried.factor)


def all_finite(value: Any) -> bool:
    """Whether there is neither ∞ nor NaN in a value; text and integers hold none."""
    return np.asarray(value).dtype.kind not in "fc" or bool(np.isfinite(value).all())


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
