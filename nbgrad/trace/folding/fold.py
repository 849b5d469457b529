"""Folding: a trace with some of its operations shown together, as one node.

A fold has one way out, the last of its operations, and that node stands for all of them: it keeps
its value and its adjoint. Edges from the same operand become one, and carry the sum of what they
carried. So a folded trace is a trace, and everything that reads one reads it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from nbgrad.trace.formulas import bar, latex_name, partial, partial_in_latex
from nbgrad.trace.model import Edge, Local, Node, Numbers, Step, Trace
from nbgrad.trace.records import grouped

#: The operation type of a node that stands for several.
FOLD = "Fold"


@dataclass(frozen=True)
class Fold:
    """Some operations, in the order of creation, that are shown as their last one, the exit."""

    name: str  # the name scope that they are, or ""
    members: frozenset[str]  # the ids of the operations, and of the constants that only they read
    exit: str  # the id of the last operation
    operations: int  # how many there are
    form: str = ""  # what they are in few words, for the card
    title: str = ""  # of a ladder, what stands above its rungs: `out = σ(g)`

    @property
    def words(self) -> str:
        """The contents in words: `dense 784→256, relu`, `σ(g)`, `layer1 · 6 operations`."""
        return self.form or " · ".join(filter(None, (self.name, f"{self.operations} operations")))


#: Scopes first, then chains, which may run over folded scopes.
Folds = tuple[tuple[Fold, ...], ...]


def plain_folds(folds: Folds) -> list[list[dict[str, Any]]]:
    """Folds as JSON can hold them, for `static/folding.js`; members in the order of creation."""

    def plain_fold(fold: Fold) -> dict[str, Any]:
        return {**asdict(fold), "members": sorted(fold.members, key=lambda key: int(key[1:]))}

    return [[*map(plain_fold, layer)] for layer in folds]


def folded(trace: Trace, folds: Folds) -> tuple[Trace, tuple[int, ...]]:
    """The trace with these folds, and a clock.

    The clock says for each number of its steps, from none to all, how many of the unfolded
    trace's have then happened.
    """
    clock = tuple(range(len(trace.steps) + 1))
    for layer in filter(None, folds):
        trace, ticks = fold_once(trace, layer)
        clock = tuple(clock[tick] for tick in ticks)
    return trace, clock


def fold_once(trace: Trace, folds: Sequence[Fold]) -> tuple[Trace, tuple[int, ...]]:
    """The trace with folds that have no member in common, and its clock."""
    owner = {member: fold for fold in folds for member in fold.members}
    merged = merged_edges(trace, owner)
    steps, ticks = fold_steps(trace, owner, merged)
    return replace(with_edges(trace, owner, merged.values()), steps=steps), ticks


def outlined(trace: Trace, folds: Sequence[Fold]) -> Trace:
    """The trace with these folds, without steps and without what edges carry: much quicker."""
    owner = {member: fold for fold in folds for member in fold.members}
    merged = [edge for edge, _ in crossing(trace, owner)]
    return replace(with_edges(trace, owner, merged), steps=())


def with_edges(trace: Trace, owner: Mapping[str, Fold], merged: Iterable[Edge]) -> Trace:
    """The trace with the nodes that are still seen, and with merged edges into those of folds."""
    seen = (n for n in trace.nodes if n.id not in owner or owner[n.id].exit == n.id)
    nodes = tuple(as_folded(node, owner) for node in seen)
    edges = [edge for edge in trace.edges if edge.target not in owner]
    edges += {edge.id: edge for edge in merged}.values()
    order = {node.id: place for place, node in enumerate(nodes)}
    edges.sort(key=lambda edge: (order[edge.target], edge.position))
    return replace(trace, nodes=nodes, edges=tuple(edges))


def as_folded(node: Node, owner: Mapping[str, Fold]) -> Node:
    """A node as it is seen: a cause inside a fold lies at its exit, which stands for the fold."""
    at = node.adjoint.at
    if at is not None and at in owner:
        node = replace(node, adjoint=replace(node.adjoint, at=owner[at].exit))
    if node.id not in owner:
        return node
    fold = owner[node.id]
    # The last operation of a composite is called as the composite is.
    words = replace(fold, name="").words if fold.name == node.label else fold.words
    return replace(node, expression=words, latex="", op_type=FOLD, symbol="⊞", elementwise=False)


def crossing(trace: Trace, owner: Mapping[str, Fold]) -> Iterator[tuple[Edge, list[Edge]]]:
    """The merged edges, which carry nothing yet, and the edges into folds that they stand for."""
    entering = (
        e for e in trace.edges if e.target in owner and owner.get(e.source) is not owner[e.target]
    )
    positions: dict[str, int] = defaultdict(int)
    alike = grouped(entering, lambda edge: (owner[edge.target].exit, edge.source))
    for (exit_, source), edges in alike.items():
        yield Edge(f"e{exit_[1:]}.{positions[exit_]}", source, exit_, positions[exit_]), edges
        positions[exit_] += 1


def merged_edges(trace: Trace, owner: Mapping[str, Fold]) -> dict[str, Edge]:
    """For the id of each edge into a fold, the one edge that stands for it and its like."""
    inside = grouped((n for n in trace.nodes if n.id in owner), lambda n: owner[n.id].exit)
    factors = {exit_: factors_through(trace, exit_, nodes) for exit_, nodes in inside.items()}
    merged: dict[str, Edge] = {}
    for bare, edges in crossing(trace, owner):
        factor = factors[bare.target].get(bare.source)
        one = merged_edge(trace, owner[bare.target], factor, bare, edges)
        merged |= dict.fromkeys((edge.id for edge in edges), one)
    return merged


def merged_edge(
    trace: Trace, fold: Fold, factor: np.ndarray | None, bare: Edge, edges: Sequence[Edge]
) -> Edge:
    """The edges from one operand into a fold as one: what they carried is added."""
    carried = [e.contribution.array for e in edges if e.contribution is not None]
    if not carried:
        cause = next((e.cause for e in edges if e.cause != "no path"), edges[0].cause)
        return replace(bare, cause=cause)
    target, source = trace.node(bare.target).label, trace.node(bare.source).label
    symbol = partial(target, source)
    local = rule_through(trace, fold, edges)
    if local is None:
        value = None if factor is None else Numbers(factor.astype(carried[0].dtype))
        latex = partial_in_latex(target, source)
        local = Local(symbol, symbol, latex, factor is not None, value)
    contribution = Numbers(np.sum(carried, axis=0)) if len(carried) > 1 else Numbers(carried[0])
    return replace(bare, local=replace(local, symbol=symbol), contribution=contribution)


def rule_through(trace: Trace, fold: Fold, edges: Sequence[Edge]) -> Local | None:
    """The rule of an edge into a fold, where all behind it passes on what arrives as it is.

    So it is in a linear layer: what arrives at `x W + b` arrives at `x W`.
    """
    local, inside, after = edges[0].local, trace.node(edges[0].target), trace.node(fold.exit)
    node = inside
    while node.id != fold.exit:
        following, shape = trace.outgoing(node), node.shape
        passed = len(following) == 1 and following[0].local
        node = trace.node(following[0].target) if passed else node
        if not passed or passed.formula != "1" or node.shape != shape:
            return None
    if local is None or len(edges) > 1:
        return None
    arriving, arrived = bar(inside.label), bar(after.label)
    latex = local.latex.replace(latex_name(arriving), latex_name(arrived))
    uses = tuple(fold.exit if key == inside.id else key for key in local.uses)
    read = {e.source for key in fold.members for e in trace.incoming(trace.node(key))}
    if not {*uses} <= {edges[0].source, fold.exit, *(read - fold.members)}:
        return None  # something that is no longer seen
    return replace(local, formula=local.formula.replace(arriving, arrived), latex=latex, uses=uses)


def factors_through(
    trace: Trace, exit_: str, inside: Sequence[Node]
) -> dict[str, np.ndarray | None]:
    """The derivative of a fold's result by each node before it, as a factor of what arrives.

    It is None where a rule on the way is no factor, or the shape changes.
    """
    through: dict[str, np.ndarray | None] = {exit_: np.ones(trace.node(exit_).shape)}
    for node in reversed(inside):
        if node.id not in through:
            continue
        above = through[node.id]
        for edge in trace.incoming(node):
            if edge.contribution is None:
                continue
            before = through.get(edge.source, np.zeros(()))
            local = None if edge.local is None else edge.local.value
            # What arrives at a scalar goes into every element of its operand.
            is_factor = node.shape in ((), trace.node(edge.source).shape)
            if above is None or before is None or local is None or not is_factor:
                through[edge.source] = None
                continue
            with np.errstate(all="ignore"):
                through[edge.source] = before + above * local.array
    return through


def fold_steps(
    trace: Trace, owner: Mapping[str, Fold], merged: Mapping[str, Edge]
) -> tuple[tuple[Step, ...], tuple[int, ...]]:
    """The steps that are still seen, and after how many of the old ones each has happened."""
    last = {
        merged[step.edges[0]].id: step
        for step in trace.steps
        if step.kind == "multiply" and step.edges[0] in merged
    }

    def seen(step: Step) -> Step | None:
        """A step as it looks from outside all folds; None where it cannot be seen."""
        fold = owner.get(step.node)
        edges = tuple(dict.fromkeys(merged[key].id if key in merged else key for key in step.edges))
        if step.kind == "multiply" and fold is not None:
            return Step("multiply", fold.exit, edges) if last.get(edges[0]) is step else None
        if fold is not None and fold.exit != step.node:
            return None
        if step.kind == "sum" and len(edges) == 1 < len(step.edges):
            return None
        return replace(step, edges=edges)

    found = [(each, k) for k, step in enumerate(trace.steps, 1) if (each := seen(step))]
    ticks = [0, *(k for _, k in found)]
    ticks[-1] = len(trace.steps)
    return tuple(step for step, _ in found), tuple(ticks)
