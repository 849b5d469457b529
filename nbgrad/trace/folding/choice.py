"""What to fold: composites of the library, layers, losses, name scopes, and long chains."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Literal

from nbgrad.trace.folding.fold import Fold, Folds, folded
from nbgrad.trace.folding.ladders import is_absorbed
from nbgrad.trace.folding.layers import applied_again, layer_folds, steps_numbered
from nbgrad.trace.folding.losses import SCOPES, data_folds, groups_with_one_result, loss_folds
from nbgrad.trace.folding.regions import Graph, path_of
from nbgrad.trace.model import Node, Trace

#: A chain of more operations than this is folded.
CHAIN = 8

#: A picture with more cards than this is crowded: layers, losses and scopes are folded.
CROWD = 13

#: So many cards fit into one screen; of more, chains and scopes fold as well.
SCREEN = 24

#: Of more operations than this, an overview is drawn.
OVERVIEW = 200

#: So many operations of one scope that were made by one line were made by one call.
COMPOSITE = 3

Opened = Collection[str] | Literal["all"]


def folds_of(trace: Trace, opened: Opened = (), most: int = CROWD) -> Folds:
    """The folds of a trace with more than `most` cards, to be made one tuple after the other.

    Small pictures stay as they are, but for composites of the library. In larger ones layers and
    losses fold; where that is not enough, scopes and long chains. Where that leaves more
    operations than a picture can show, all that leads to one result folds.

    Not folded are those `opened`: scopes, or the labels of the nodes standing for folds; or "all".
    """
    if opened == "all":
        return ()
    folds: list[tuple[Fold, ...]] = []

    def fold(found: Iterator[Fold]) -> None:
        nonlocal seen
        closed = tuple(each for each in found if not is_opened(seen, each, opened))
        if closed:
            folds.append(closed)
            seen = folded(seen, (closed,))[0]

    seen, kept = trace, set[str]()
    fold(composite_folds(Graph(seen)))
    if cards(seen) > most:
        graph = Graph(seen)
        layers = [*layer_folds(graph)]
        kept = {each.exit for each, _ in layers} - applied_again(graph, layers)
        several = (each for each in steps_numbered(graph, layers) if each.operations > 1)
        fold(each for each in several if each.exit in kept)
        if kept:
            fold(loss_folds(Graph(seen), kept))
    if cards(seen) >= most:
        fold(data_folds(Graph(seen)))
    if cards(seen) > (SCREEN if kept else most):
        fold(scope_folds(Graph(seen)))
    if cards(seen) > SCREEN:
        fold(chain_folds(Graph(seen)))
    if sum(bool(seen.incoming(node)) for node in seen.nodes) > OVERVIEW:
        inside = {each.exit: each.operations for layer in folds for each in layer}
        fold(overview_folds(Graph(seen), inside))
    return tuple(folds)


def cards(trace: Trace) -> int:
    """How many cards a picture of a trace has."""
    return sum(not is_absorbed(trace, node) for node in trace.nodes)


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


def is_opened(trace: Trace, fold: Fold, opened: Collection[str]) -> bool:
    return bool({fold.name, fold.label or trace.node(fold.exit).label} & {*opened})


# Scopes and composites ------------------------------------------------------------------------


def within_scopes(graph: Graph) -> dict[str, list[Node]]:
    """The operations of every name scope, in the order of creation."""
    within: dict[str, list[Node]] = defaultdict(list)
    for node in graph.trace.nodes:
        if not graph.is_leaf(node):
            for scope in scopes_of(node):
                within[scope].append(node)
    return within


def composite_folds(graph: Graph) -> Iterator[Fold]:
    """What one call of the library made."""
    taken: set[str] = set()
    within = within_scopes(graph)
    for name in sorted(within, key=lambda name: name.count("/")):
        operations, words = within[name], words_of_scope(name)
        one_call = len(operations) >= COMPOSITE and len({n.line for n in operations}) == 1
        # What one call of `gradients` built stays open: a second derivative leads through it.
        if not one_call or not words or name.startswith("gradients"):
            continue
        fold = graph.fold(operations, words, name)
        if fold is not None and not taken & fold.members:
            taken |= fold.members
            yield fold


def words_of_scope(name: str) -> str:
    """What a function of the library is called, whose scope this is; "" for any other."""
    own = name.rpartition("/")[2]
    base, _, count = own.rpartition("_")
    return SCOPES.get(base if count.isdigit() else own, "")


def scope_folds(graph: Graph) -> Iterator[Fold]:
    """The outermost scopes with one result that are not nearly all of the graph."""
    within = within_scopes(graph)
    most = sum(not graph.is_leaf(node) for node in graph.trace.nodes) * 3 // 4
    taken: set[str] = set()
    for name, operations in sorted(within.items(), key=lambda item: item[0].count("/")):
        if not 2 <= len(operations) <= most or name.startswith("gradients"):
            continue
        fold = graph.fold(operations, name=name)
        if fold is not None and not taken & fold.members:
            taken |= fold.members
            yield fold


# Chains and overviews -------------------------------------------------------------------------


def chain_folds(graph: Graph) -> Iterator[Fold]:
    """Runs of operations each of which is read by nothing but the next."""
    nodes = graph.trace.nodes
    following = {node.id: after for node in nodes if (after := only_reader(graph, node))}
    inside = {*following.values()}
    for node in nodes:
        if node.id not in following or node.id in inside:
            continue
        run = [node.id]
        while run[-1] in following:
            run.append(following[run[-1]])
        if len(run) > CHAIN:
            fold = graph.fold([graph.trace.node(key) for key in run])
            if fold is not None:
                yield fold


def only_reader(graph: Graph, node: Node) -> str | None:
    """The operation that alone reads an operation, and reads no other: the next in a chain."""
    readers = graph.readers(node)
    if len(readers) != 1 or node.id in graph.ends or graph.is_leaf(node):
        return None
    others = [each for each in graph.operands(readers[0]) if each.id != node.id]
    if readers[0].id in graph.ends or not all(map(graph.is_leaf, others)):
        return None
    return readers[0].id


def overview_folds(graph: Graph, inside: Mapping[str, int]) -> Iterator[Fold]:
    """The largest groups of operations with one way out; `inside` counts those already folded."""
    for operations in groups_with_one_result(graph, ()).values():
        fold = graph.fold(operations) if len(operations) > 1 else None
        if fold is not None:
            count = sum(inside.get(node.id, 1) for node in operations)
            yield replace(fold, operations=count)


def overview_words(trace: Trace, folds: Folds) -> str:
    """That only an overview is drawn, or that even that has too many cards; else ""."""
    operations = sum(bool(trace.incoming(node)) for node in trace.nodes)
    hidden = {key for layer in folds for fold in layer for key in fold.members - {fold.exit}}
    words = []
    if operations > OVERVIEW and folds:
        label = trace.node(folds[-1][0].exit).label
        words.append(
            f"An overview: of {operations} operations, groups with one result are drawn as one "
            f"card each. open=[{label!r}] draws one in full."
        )
    if (left := len(trace.nodes) - len(hidden)) > OVERVIEW:
        words.append(
            f"The picture has {left} cards, more than one can read: name fewer xs, or a y that "
            "less leads to."
        )
    return " ".join(words)
