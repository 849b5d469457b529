"""Folding: a trace with some of its operations shown together, as one node.

What is folded is a name scope, or a chain of operations that feed only each other. A fold has one
way out, the last of its operations, and that node stands for all of them: it keeps its value
and its adjoint. Edges from the same operand become one, and carry the sum of what they carried.
So a folded trace is a trace, and everything that reads one reads it.

`folds_of` says what to fold, `folded` does it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from nbgrad.trace.model import Edge, Local, Node, Numbers, Step, Trace
from nbgrad.trace.records import grouped
from nbgrad.trace.symbols import partial

#: The operation type of a node that stands for several.
FOLD = "Fold"

#: A chain of more operations than this is folded.
CHAIN = 8

#: A picture with more cards than this is crowded: name scopes are folded.
CROWD = 12

#: Of more operations than this, an overview is drawn.
OVERVIEW = 200

#: So many operations of one scope that were made by one line were made by one call.
COMPOSITE = 3

#: A layer of a network has a product, a bias, an activation, and perhaps a change of shape.
LAYER = 6

Opened = Collection[str] | Literal["all"]


@dataclass(frozen=True)
class Fold:
    """Some operations, in the order of creation, that are shown as their last one, the exit."""

    name: str
    members: frozenset[str]
    exit: str
    operations: int
    layer: str = ""

    @property
    def words(self) -> str:
        """The contents in words: `layer1 · 6 operations`."""
        if self.layer:
            return f"{self.name} {self.layer}".lstrip()
        return " · ".join(filter(None, (self.name, f"{self.operations} operations")))


#: Scopes first, then chains, which may run over folded scopes, and at last the overview's.
Folds = tuple[tuple[Fold, ...], ...]


# What to fold ---------------------------------------------------------------------------------


def folds_of(trace: Trace, opened: Opened = ()) -> Folds:
    """The folds of a trace: composites always, scopes where it is crowded, and long chains.

    Where that leaves more operations than a picture can show, all that leads to one result folds.

    Not folded are those `opened`: scopes, or the labels of the nodes standing for folds; or "all".
    """
    if opened == "all":
        return ()
    scopes = tuple(scope_folds(trace, opened))
    chains = tuple(chain_folds(folded(trace, (scopes,))[0], opened))
    seen = folded(trace, (scopes, chains))[0]
    if sum(bool(seen.incoming(node)) for node in seen.nodes) <= OVERVIEW:
        return scopes, chains
    inside = {fold.exit: fold.operations for fold in (*scopes, *chains)}
    return scopes, chains, tuple(overview_folds(seen, opened, inside))


def can_be_opened(trace: Trace) -> list[str]:
    """The names that `opened` may hold: of every scope, and the label of every operation."""
    scopes = [scope.rpartition("/")[0] for node in trace.nodes for scope in scopes_of(node)]
    labels = [node.label for node in trace.nodes if trace.incoming(node)]
    return [*dict.fromkeys([*filter(None, scopes), *labels])]


def scopes_of(node: Node) -> list[str]:
    """The name scopes that a node is in, from the outermost; and the one that is named after it.

    In TensorFlow the last operation of a composite has the name of the composite's scope.
    """
    path = path_of(node).split("/")
    return ["/".join(path[:depth]) for depth in range(1, len(path) + 1)]


def path_of(node: Node) -> str:
    """The scopes and the name; those of the graph where a trace was written without a path."""
    return node.path or node.name.partition(":")[0]


def scope_folds(trace: Trace, opened: Collection[str]) -> Iterator[Fold]:
    """The outermost scopes that can be folded and should be."""
    within: dict[str, list[Node]] = defaultdict(list)
    for node in trace.nodes:
        if trace.incoming(node):
            for scope in scopes_of(node):
                within[scope].append(node)
    crowded = sum(node.role != "constant" for node in trace.nodes) > CROWD
    taken: set[str] = set()
    for name, operations in sorted(within.items(), key=lambda item: item[0].count("/")):
        one_call = len(operations) >= COMPOSITE and len({n.line for n in operations}) == 1
        # What one call of `gradients` built stays open: a second derivative leads through it.
        one_call = one_call and not name.startswith("gradients")
        if len(operations) < 2 or not (crowded or one_call):
            continue
        fold = fold_of(trace, name, operations)
        if fold is None or is_opened(trace, fold, opened) or taken & fold.members:
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
        if len(run) > CHAIN:
            fold = fold_of(trace, "", [trace.node(key) for key in run])
            if fold is not None and not is_opened(trace, fold, opened):
                yield fold


def overview_folds(
    trace: Trace, opened: Collection[str], inside: Mapping[str, int]
) -> Iterator[Fold]:
    """The largest groups of operations with one way out; `inside` counts those already folded."""
    exits: dict[str, str] = {}
    groups: dict[str, list[Node]] = defaultdict(list)
    for node in reversed(trace.nodes):
        if trace.incoming(node):
            after = {exits[edge.target] for edge in trace.outgoing(node)}
            alone = is_end(trace, node) or len(after) != 1
            exits[node.id] = node.id if alone else after.pop()
            groups[exits[node.id]].append(node)
    for operations in groups.values():
        fold = fold_of(trace, "", operations[::-1]) if len(operations) > 1 else None
        if fold is not None and not is_opened(trace, fold, opened):
            count = sum(inside.get(node.id, 1) for node in operations)
            yield replace(fold, operations=count)


def overview_words(trace: Trace, folds: Folds) -> str:
    """That only an overview is drawn, or that even that has too many cards; else ""."""
    hidden = {key for layer in folds for fold in layer for key in fold.members - {fold.exit}}
    operations = sum(bool(trace.incoming(node)) for node in trace.nodes)
    cards = len(trace.nodes) - len(hidden)
    overview = folds[2] if len(folds) > 2 else ()
    words = []
    if overview:
        label = trace.node(overview[0].exit).label
        words.append(
            f"An overview: of {operations} operations, groups with one result are drawn as one "
            f"card each. open=[{label!r}] draws one in full."
        )
    if cards > OVERVIEW:
        words.append(
            f"The picture has {cards} cards, more than one can read: name fewer xs, or a y that "
            "less leads to."
        )
    return " ".join(words)


def only_reader(trace: Trace, node: Node) -> str | None:
    """The operation that alone reads an operation, and reads no other: the next in a chain."""
    readers = {edge.target for edge in trace.outgoing(node)}
    if len(readers) != 1 or is_end(trace, node) or not trace.incoming(node):
        return None
    reader = trace.node(next(iter(readers)))
    operands = {edge.source for edge in trace.incoming(reader)} - {node.id}
    if is_end(trace, reader) or any(trace.incoming(trace.node(key)) for key in operands):
        return None
    return reader.id


def is_end(trace: Trace, node: Node) -> bool:
    """Whether a node is an x or a y."""
    return node.requested or node.id in trace.ys


def is_opened(trace: Trace, fold: Fold, opened: Collection[str]) -> bool:
    return fold.name in opened or trace.node(fold.exit).label in opened


def fold_of(trace: Trace, name: str, operations: Sequence[Node]) -> Fold | None:
    """A fold of these operations and their constants, if only the last is seen from outside."""
    last, members = operations[-1], {node.id for node in operations}
    if last.requested:
        return None
    for node in operations[:-1]:
        readers = {edge.target for edge in trace.outgoing(node)}
        if is_end(trace, node) or not readers or not readers <= members:
            return None
    operands = [edge.source for node in operations for edge in trace.incoming(node)]
    for key in dict.fromkeys(operands):
        operand = trace.node(key)
        readers = {edge.target for edge in trace.outgoing(operand)}
        if is_detail(trace, operand, name) and readers <= members:
            members.add(key)
    return Fold(name, frozenset(members), last.id, len(operations), layer_of(trace, operations))


#: The operations that a layer of a network ends with.
ACTIVATIONS = {
    "Relu",
    "Relu6",
    "LeakyRelu",
    "Elu",
    "Selu",
    "Tanh",
    "Sigmoid",
    "Softplus",
    "Softmax",
}


def layer_of(trace: Trace, operations: Sequence[Node]) -> str:
    """Operations described as a layer of a network, `784→256, relu`; "" where they are none."""
    products = [node for node in operations if node.op_type in ("MatMul", "Conv2D")]
    if len(products) != 1 or len(operations) > LAYER:
        return ""
    _, kernel = (trace.node(edge.source) for edge in trace.incoming(products[0]))
    if kernel.role not in ("variable", "input") or not kernel.shape:
        return ""
    *window, width, outputs = kernel.shape
    if not window and products[0].shape[-1] != outputs:  # the kernel is transposed
        width, outputs = outputs, width
    sizes = f"{'×'.join(map(str, window))} {width}→{outputs}".lstrip()
    last = operations[-1].op_type
    return f"{sizes}, {last.lower()}" if last in ACTIVATIONS else sizes


def is_detail(trace: Trace, node: Node, scope: str) -> bool:
    """Whether a constant is a part of what is folded, and not data that goes into it."""
    if node.role != "constant" or is_end(trace, node):
        return False
    return not (scope and node.shape) or path_of(node).startswith(f"{scope}/")


# Folding --------------------------------------------------------------------------------------


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
    nodes = tuple(as_folded(node, owner) for node in trace.nodes if is_seen(node, owner))
    merged = merged_edges(trace, owner)
    edges = [edge for edge in trace.edges if edge.target not in owner]
    edges += {edge.id: edge for edge in merged.values()}.values()
    order = {node.id: place for place, node in enumerate(nodes)}
    edges.sort(key=lambda edge: (order[edge.target], edge.position))
    steps, ticks = fold_steps(trace, owner, merged)
    return replace(trace, nodes=nodes, edges=tuple(edges), steps=steps), ticks


def is_seen(node: Node, owner: Mapping[str, Fold]) -> bool:
    return node.id not in owner or owner[node.id].exit == node.id


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


def merged_edges(trace: Trace, owner: Mapping[str, Fold]) -> dict[str, Edge]:
    """For the id of each edge into a fold, the one edge that stands for it and its like."""
    inside = grouped((n for n in trace.nodes if n.id in owner), lambda n: owner[n.id].exit)
    entering = (
        e for e in trace.edges if e.target in owner and owner.get(e.source) is not owner[e.target]
    )
    crossing = grouped(entering, lambda edge: (owner[edge.target].exit, edge.source))
    factors = {exit_: factors_through(trace, exit_, nodes) for exit_, nodes in inside.items()}
    merged: dict[str, Edge] = {}
    positions: dict[str, int] = defaultdict(int)
    for (exit_, source), edges in crossing.items():
        one = merged_edge(
            trace, owner[exit_], factors[exit_].get(source), source, edges, positions[exit_]
        )
        positions[exit_] += 1
        merged |= dict.fromkeys((edge.id for edge in edges), one)
    return merged


def merged_edge(
    trace: Trace,
    fold: Fold,
    factor: np.ndarray | None,
    source: str,
    edges: Sequence[Edge],
    position: int,
) -> Edge:
    """The edges from one operand into a fold as one: what they carried is added."""
    target, key = trace.node(fold.exit), f"e{fold.exit[1:]}.{position}"
    carried = [e.contribution.array for e in edges if e.contribution is not None]
    if not carried:
        cause = next((e.cause for e in edges if e.cause != "no path"), edges[0].cause)
        return Edge(key, source, fold.exit, position, cause=cause)
    x = trace.node(source)
    words = f"{fold.operations} operations"
    local = Local(
        partial(target.label, x.label),
        words,
        rf"\text{{{words}}}",
        factor is not None,
        None if factor is None else Numbers(factor.astype(carried[0].dtype)),
    )
    return Edge(key, source, fold.exit, position, local, Numbers(np.sum(carried, axis=0)))


def factors_through(
    trace: Trace, exit_: str, inside: Sequence[Node]
) -> dict[str, np.ndarray | None]:
    """The derivative of a fold's result by each node before it, as a factor of what arrives.

    None where a rule on the way is no factor, or the shape changes.
    """
    through: dict[str, np.ndarray | None] = {exit_: np.ones(trace.node(exit_).shape)}
    for node in reversed(inside):
        if node.id not in through:
            continue
        above = through[node.id]
        for edge in trace.incoming(node):
            if edge.contribution is None:
                continue
            before = through.get(edge.source, np.zeros(node.shape))
            local = None if edge.local is None else edge.local.value
            is_factor = local is not None and node.shape == trace.node(edge.source).shape
            if above is None or before is None or local is None or not is_factor:
                through[edge.source] = None
                continue
            with np.errstate(all="ignore"):
                through[edge.source] = before + above * local.array
    return through


# Steps ----------------------------------------------------------------------------------------


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
        seen = fold_step(step, k, owner, merged, last)
        if seen is not None:
            steps.append(seen)
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
