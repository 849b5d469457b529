"""What to fold: name scopes, calls that make many operations, and long chains.

A fold has one way out, the last of its operations. Whether operations can be folded is a matter
of a trace's structure alone, so every trace of a graph has the same folds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Literal

from nbgrad.tracing.folded_trace import Fold, Folds, folded
from nbgrad.tracing.model import Trace
from nbgrad.tracing.parts import Node

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
