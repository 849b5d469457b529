"""Folding: a trace with some of its operations drawn together, as one node.

What is folded is a name scope, or a chain of operations that feed only each other. A fold has one
way out, the last of its operations, and that node stands for all of them: it keeps its value
and its adjoint. Edges from the same operand become one, and carry the sum of what they carried.
So a folded trace is a trace, and everything that reads one reads it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from nbgrad.trace.model import Adjoint, Edge, Local, Node, Numbers, Step, Trace
from nbgrad.trace.symbols import partial

FOLD = "Fold"


"""The operation type of a node that stands for several."""


@dataclass(frozen=True)
class Fold:
    """Some operations, in the order of creation, that are drawn as their last one."""

    name: str
    members: frozenset[str]
    exit: str
    operations: int

    @property
    def words(self) -> str:
        """What is inside: `layer1 · 6 operations`."""
        return " · ".join(filter(None, (self.name, f"{self.operations} operations")))


Folds = tuple[tuple[Fold, ...], ...]


"""Scopes first, then chains, which may run over folded scopes."""


def folded(trace: Trace, folds: Folds) -> tuple[Trace, tuple[int, ...]]:
    """The trace with these folds, and a clock.

    Returns
    -------
    Trace
        The folded trace.
    tuple of int
        For each number of its steps, from none to all, how many of the unfolded trace's have
        then happened.
    """
    clock = tuple(range(len(trace.steps) + 1))
    for stage in folds:
        if stage:
            trace, ticks = fold_once(trace, stage)
            clock = tuple(clock[tick] for tick in ticks)
    return trace, clock


def fold_once(trace: Trace, folds: Sequence[Fold]) -> tuple[Trace, tuple[int, ...]]:
    """The trace with folds that have no member in common, and its clock."""
    owner = {member: fold for fold in folds for member in fold.members}
    crossing: dict[tuple[str, str], list[Edge]] = defaultdict(list)
    for edge in trace.edges:
        fold = owner.get(edge.target)
        if fold is not None and owner.get(edge.source) is not fold:
            crossing[fold.exit, edge.source].append(edge)
    merged: dict[str, Edge] = {}
    positions: dict[str, int] = defaultdict(int)
    for (exit_, source), edges in crossing.items():
        fold = owner[exit_]
        one = merge(trace, fold, source, edges, positions[exit_])
        positions[exit_] += 1
        merged |= dict.fromkeys((edge.id for edge in edges), one)
    kept = [e for e in trace.edges if e.target not in owner]
    nodes = tuple(as_folded(n, owner) for n in trace.nodes if is_seen(n, owner))
    together = [*kept, *{e.id: e for e in merged.values()}.values()]
    order = {node.id: place for place, node in enumerate(nodes)}
    together.sort(key=lambda e: (order[e.target], e.position))
    steps, ticks = fold_steps(trace, owner, merged)
    return replace(trace, nodes=nodes, edges=tuple(together), steps=steps), ticks


def is_seen(node: Node, owner: Mapping[str, Fold]) -> bool:
    return node.id not in owner or owner[node.id].exit == node.id


def as_folded(node: Node, owner: Mapping[str, Fold]) -> Node:
    """A node whose cause lies in a fold says so; the last node of a fold stands for it."""
    at = node.adjoint.at
    if at is not None and at in owner:
        adjoint: Adjoint = replace(node.adjoint, at=owner[at].exit)
        node = replace(node, adjoint=adjoint)
    if node.id not in owner:
        return node
    fold = owner[node.id]
    # The last operation of a composite is called as the composite is.
    words = replace(fold, name="").words if fold.name == node.label else fold.words
    return replace(node, expression=words, latex="", op_type=FOLD, symbol="⊞", elementwise=False)


def merge(trace: Trace, fold: Fold, source: str, edges: Sequence[Edge], position: int) -> Edge:
    """The edges from one operand into a fold as one: what they carried is added."""
    target, key = trace.node(fold.exit), f"e{fold.exit[1:]}.{position}"
    carried = [e.contribution.array for e in edges if e.contribution is not None]
    if not carried:
        cause = next((e.cause for e in edges if e.cause != "no path"), edges[0].cause)
        return Edge(key, source, fold.exit, position, cause=cause)
    x = trace.node(source)
    factor = factor_through(trace, fold, source)
    words = f"{fold.operations} operations"
    local = Local(
        partial(target.label, x.label),
        words,
        rf"\text{{{words}}}",
        factor is not None,
        None if factor is None else Numbers(factor.astype(carried[0].dtype)),
    )
    return Edge(key, source, fold.exit, position, local, Numbers(np.sum(carried, axis=0)))


def factor_through(trace: Trace, fold: Fold, source: str) -> np.ndarray | None:
    """The derivative of a fold's result by one operand, where every rule on the way is a factor."""
    shape = trace.node(source).shape
    through: dict[str, np.ndarray] = {fold.exit: np.ones(trace.node(fold.exit).shape)}
    found = np.zeros(shape)
    for node in reversed(trace.nodes):
        if node.id not in through or node.id not in fold.members:
            continue
        for edge in trace.incoming(node):
            if edge.contribution is None or edge.source not in {*fold.members, source}:
                continue
            if edge.local is None or edge.local.value is None or node.shape != shape:
                return None
            with np.errstate(all="ignore"):
                part = through[node.id] * edge.local.value.array
            if edge.source == source:
                found = found + part
            else:
                through[edge.source] = through.get(edge.source, 0) + part
    return found if found.shape == shape else None


def fold_steps(
    trace: Trace, owner: Mapping[str, Fold], merged: Mapping[str, Edge]
) -> tuple[tuple[Step, ...], tuple[int, ...]]:
    """The steps that are still seen, and after how many of the old ones each has happened."""
    last: dict[str, int] = {}
    for k, step in enumerate(trace.steps, start=1):
        if step.kind == "multiply" and step.edges[0] in merged:
            last[merged[step.edges[0]].id] = k
    steps: list[Step] = []
    ticks = [0]
    for k, step in enumerate(trace.steps, start=1):
        now = fold_step(step, k, owner, merged, last)
        if now is not None:
            steps.append(now)
            ticks.append(k)
    ticks[-1] = len(trace.steps)
    return tuple(steps), tuple(ticks)


def fold_step(
    step: Step,
    k: int,
    owner: Mapping[str, Fold],
    merged: Mapping[str, Edge],
    last: Mapping[str, int],
) -> Step | None:
    """A step as it looks from outside all folds; None where it cannot be seen."""
    fold = owner.get(step.node)
    edges = tuple(dict.fromkeys(merged[key].id if key in merged else key for key in step.edges))
    if step.kind == "multiply":
        crossed = step.edges[0] in merged
        if fold is None:
            return step
        return Step("multiply", fold.exit, edges) if crossed and last[edges[0]] == k else None
    if fold is not None and fold.exit != step.node:
        return None
    if step.kind == "sum" and len(edges) == 1 < len(step.edges):
        return None
    return replace(step, edges=edges)


CHAIN = 8


"""A chain of more operations than this is folded."""


CROWD = 12


"""A picture with more cards than this is crowded: name scopes are folded."""


COMPOSITE = 3


"""So many operations of one scope that were made by one line were made by one call."""


Opened = Collection[str] | Literal["all"]


def folds_of(trace: Trace, opened: Opened = ()) -> Folds:
    """What to fold: composites always, scopes where it is crowded, and long chains.

    Parameters
    ----------
    trace
        Only its structure matters, no number in it.
    opened
        The scopes, or the labels of the nodes standing for folds, that are not to be folded;
        or "all".
    """
    if opened == "all":
        return ()
    scopes = tuple(scope_folds(trace, opened))
    chains = tuple(chain_folds(folded(trace, (scopes,))[0], opened))
    return scopes, chains


def can_be_opened(trace: Trace) -> list[str]:
    """The names that `opened` may hold: of every scope, and the label of every operation."""
    scopes = [scope.rpartition("/")[0] for node in trace.nodes for scope in scopes_of(node)]
    labels = [node.label for node in trace.nodes if any(trace.incoming(node))]
    return [*dict.fromkeys([*filter(None, scopes), *labels])]


def scopes_of(node: Node) -> list[str]:
    """The name scopes that a node is in, from the outermost; and the one that is named after it.

    In TensorFlow the last operation of a composite has the name of the composite's scope.
    """
    path = node.name.split(":")[0].split("/")
    return ["/".join(path[:depth]) for depth in range(1, len(path) + 1)]


def scope_folds(trace: Trace, opened: Collection[str]) -> Iterator[Fold]:
    """The outermost scopes that can be folded and should be."""
    within: dict[str, list[Node]] = defaultdict(list)
    for node in trace.nodes:
        for scope in scopes_of(node):
            within[scope].append(node)
    crowded = sum(node.role != "constant" for node in trace.nodes) > CROWD
    taken: set[str] = set()
    for name, nodes in sorted(within.items(), key=lambda item: item[0].count("/")):
        operations = [n for n in nodes if any(trace.incoming(n))]
        one_call = len({n.line for n in operations}) == 1 and len(operations) >= COMPOSITE
        # What `gradients` built in one call is what a second derivative is about.
        one_call = one_call and not name.startswith("gradients")
        fold = fold_of(trace, name, operations)
        wanted = fold is not None and (crowded or one_call) and len(operations) > 1
        if fold is None or not wanted or is_opened(trace, fold, opened) or taken & fold.members:
            continue
        taken |= fold.members
        yield fold


def chain_folds(trace: Trace, opened: Collection[str]) -> Iterator[Fold]:
    """Runs of operations each of which is read by nothing but the next."""
    following = {node.id: after for node in trace.nodes if (after := only_reader(trace, node))}
    inside = {*following.values()}
    for node in trace.nodes:
        if node.id not in following or node.id in inside:
            continue
        run = [node.id]
        while run[-1] in following:
            run.append(following[run[-1]])
        fold = fold_of(trace, "", [trace.node(key) for key in run])
        if len(run) > CHAIN and fold is not None and not is_opened(trace, fold, opened):
            yield fold


def only_reader(trace: Trace, node: Node) -> str | None:
    """The operation that alone reads an operation, and reads no other: the next in a chain."""
    readers = {edge.target for edge in trace.outgoing(node)}
    if len(readers) != 1 or not is_inner(trace, node) or not any(trace.incoming(node)):
        return None
    reader = trace.node(next(iter(readers)))
    operands = {edge.source for edge in trace.incoming(reader)} - {node.id}
    if not is_inner(trace, reader) or any(has_operands(trace, key) for key in operands):
        return None
    return reader.id


def has_operands(trace: Trace, key: str) -> bool:
    return any(trace.incoming(trace.node(key)))


def is_inner(trace: Trace, node: Node) -> bool:
    """Whether nobody asked for a node."""
    return not node.requested and node.id not in trace.ys


def is_opened(trace: Trace, fold: Fold, opened: Collection[str]) -> bool:
    return fold.name in opened or trace.node(fold.exit).label in opened


def fold_of(trace: Trace, name: str, operations: Sequence[Node]) -> Fold | None:
    """A fold of these operations and their constants, if only the last is seen from outside."""
    if not operations:
        return None
    last, members = operations[-1], {node.id for node in operations}
    for node in operations[:-1]:
        readers = {edge.target for edge in trace.outgoing(node)}
        if not is_inner(trace, node) or not readers or not readers <= members:
            return None
    if last.requested:
        return None
    for node in trace.nodes:
        readers = {edge.target for edge in trace.outgoing(node)}
        if is_detail(trace, node, name) and readers and readers <= members:
            members.add(node.id)
    return Fold(name, frozenset(members), last.id, len(operations))


def is_detail(trace: Trace, node: Node, scope: str) -> bool:
    """Whether a constant is a part of what is folded, and not data that goes into it."""
    if node.role != "constant" or not is_inner(trace, node):
        return False
    return not (scope and node.shape) or node.name.startswith(f"{scope}/")
