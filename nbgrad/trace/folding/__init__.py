"""What a picture shows as one card: composites, layers, losses, name scopes, and long chains."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Literal

from nbgrad.trace.folding.fold import FOLD, Fold, Folds, folded, outlined, plain_folds
from nbgrad.trace.folding.layers import layer_folds, layers_in_turn
from nbgrad.trace.folding.losses import SCOPES, data_folds, groups_with_one_result, loss_folds
from nbgrad.trace.folding.structure import (
    Structure,
    chains,
    common_scope,
    is_absorbed,
    ladders,
    scoped_name,
    scopes_above,
)
from nbgrad.trace.model import Node, Trace

# fmt: off
__all__ = [
    "FOLD", "Fold", "Folds", "Structure", "common_scope", "folded", "is_absorbed", "ladders",
    "plain_folds", "scopes_above",
]
# fmt: on

#: A chain of more operations than this is folded.
CHAIN = 8

#: A picture with more cards than this is crowded: layers, losses and scopes are folded.
CROWD = 13

#: So many cards fit into one screen; of more, chains and scopes fold as well.
SCREEN = 24

#: So many operations of one scope that were made by one line were made by one call.
COMPOSITE = 3

Opened = Collection[str] | Literal["all"]


def folds_of(trace: Trace, opened: Opened = (), most: int = CROWD) -> Folds:
    """The folds of a trace with more than `most` cards, to be made one tuple after the other.

    Small pictures stay as they are, but for composites of the library. In larger ones layers and
    losses fold; where that is not enough, scopes and long chains. With `most` = 0 as much folds as
    can be, loops too.

    Not folded are those `opened`: scopes, or the labels of the nodes standing for folds; or "all".
    """
    if opened == "all":
        return ()
    making = Making(trace)
    making.fold(composite_folds(making.graph))
    making.fold(stopped_labels(making.graph))
    kept = making.layers_and_losses(apart=most > 0) if making.cards > most else set()
    if most == 0:
        making.fold(loop_folds(making.graph, kept))
        making.fold(network_folds(making.graph, kept))
    if making.cards >= most:
        making.fold(data_folds(making.graph))
    if making.cards > (SCREEN if kept else most):
        making.fold(scope_folds(making.graph))
    if making.cards > SCREEN:
        making.fold(loss_folds(making.graph, kept, every=True) if kept else ())
        making.fold(chain_folds(making.graph))
    return still_closed(trace, making.folds, opened) if opened else tuple(making.folds)


def stopped_labels(graph: Structure) -> Iterator[Fold]:
    """Labels with the stop that a cross-entropy puts behind them, and with nothing else."""
    for fold in data_folds(graph):
        inside = map(graph.trace.node, fold.members)
        if {node.op_type for node in inside if not graph.is_leaf(node)} == {"StopGradient"}:
            yield fold


def structure_of(trace: Trace) -> Folds:
    """Everything that folds by structure, however few cards there are."""
    making = Making(trace)
    making.fold(composite_folds(making.graph))
    if kept := making.layers_and_losses():
        making.fold(loss_folds(making.graph, kept, every=True))
    making.fold(chain_folds(making.graph))
    return tuple(making.folds)


class Making:
    """A trace while it is folded, again and again."""

    def __init__(self, trace: Trace) -> None:
        self.folds: list[tuple[Fold, ...]] = []
        self.inside: dict[str, int] = {}  # the operations in each fold, by its exit
        self.graph = Structure(trace)

    def layers_and_losses(self, apart: bool = True) -> set[str]:
        """Fold layers, and then losses; the exits of the layers."""
        layers, beside = layers_in_turn(self.graph, [*layer_folds(self.graph)])
        exits = {each.exit for each in layers}
        kept = exits - beside or exits
        self.fold(each for each in layers if each.operations > 1 and each.exit in kept)
        if kept:
            self.fold(loss_folds(self.graph, kept, apart=apart))
        return kept

    def fold(self, found: Iterable[Fold]) -> None:
        folds, trace = [], self.graph.trace
        for each in found:
            within = (key for key in each.members if trace.incoming(trace.node(key)))
            count = sum(self.inside.get(key, 1) for key in within)
            folds.append(replace(each, operations=count))
        if folds:
            self.folds.append(tuple(folds))
            self.inside |= {each.exit: each.operations for each in folds}
            self.graph = Structure(outlined(trace, folds))

    @property
    def cards(self) -> int:
        """How many cards a picture has."""
        return len(self.graph.shown)


# What is opened -------------------------------------------------------------------------------


def still_closed(trace: Trace, folds: Iterable[Sequence[Fold]], opened: Collection[str]) -> Folds:
    """The folds that are not opened; what is inside of an opened one is a part of those around."""
    shown: dict[str, frozenset[str]] = {}  # the members of the opened ones, by their exit
    stages = []
    for stage in folds:
        closed = []
        for fold in stage:
            inside = [shown.pop(key) for key in fold.members if key in shown]
            whole = replace(fold, members=fold.members.union(*inside))
            if is_opened(trace, fold, opened):
                shown[fold.exit] = whole.members
            else:
                closed.append(whole)
        stages.append(tuple(closed))
    return tuple(filter(None, stages))


def is_opened(trace: Trace, fold: Fold, opened: Collection[str]) -> bool:
    """Whether a fold is opened by its label, its scope, or a scope around that."""
    names = {trace.node(fold.exit).label, *filter(None, prefixes(fold.name))}
    return not names.isdisjoint(opened)


def can_be_opened(trace: Trace) -> list[str]:
    """The names that `opened` may hold: of every scope, and the label of every operation."""
    paths = (path for node in trace.nodes for path in prefixes(scoped_name(node)))
    scopes = [path.rpartition("/")[0] for path in paths]
    labels = [node.label for node in trace.nodes if trace.incoming(node)]
    return [*dict.fromkeys([*filter(None, scopes), *labels])]


def prefixes(path: str) -> list[str]:
    """The paths that lead to a path, and that itself: `a`, `a/b`, `a/b/c`."""
    names = path.split("/")
    return ["/".join(names[:depth]) for depth in range(1, len(names) + 1)]


# Scopes and composites ------------------------------------------------------------------------


def outermost(
    graph: Structure, words_for: Callable[[str, Sequence[Node]], str | None]
) -> Iterator[Fold]:
    """The outermost scopes that can be folds, of those that there are words for."""
    taken: set[str] = set()
    within: dict[str, list[Node]] = defaultdict(list)
    for node in graph.trace.nodes:
        # Its own name, too: a composite's last operation has that of the composite's scope.
        for scope in [] if graph.is_leaf(node) else prefixes(scoped_name(node)):
            within[scope].append(node)
    for name, operations in sorted(within.items(), key=lambda item: item[0].count("/")):
        # What one call of `gradients` built stays open: a second derivative leads through it.
        words = None if name.startswith("gradients") else words_for(name, operations)
        for fold in () if words is None else graph.fold(operations, words, name):
            if not taken & fold.members:
                taken |= fold.members
                yield fold


def composite_folds(graph: Structure) -> Iterator[Fold]:
    """What one call of the library made."""

    def words(name: str, operations: Sequence[Node]) -> str | None:
        one_call = len(operations) >= COMPOSITE and len({n.line for n in operations}) == 1
        own = re.sub(r"_\d+$", "", name.rpartition("/")[2])
        return SCOPES.get(own) if one_call else None

    return outermost(graph, words)


def scope_folds(graph: Structure) -> Iterator[Fold]:
    """The outermost scopes with one result that are not nearly all of the graph."""
    most = sum(not graph.is_leaf(node) for node in graph.trace.nodes) * 3 // 4

    def words(_: str, operations: Sequence[Node]) -> str | None:
        steps = sum(map(is_step, operations))
        if len(operations) < 2 or (len(operations) > most and not steps):
            return None
        return f"{steps} steps" if steps > 1 else ""

    return outermost(graph, words)


# Loops and chains ------------------------------------------------------------------------------


def chain_folds(graph: Structure) -> Iterator[Fold]:
    """Runs of operations each of which is read by nothing but the next; steps of a loop alone."""
    ends = graph.ends
    inner = [n for n in graph.trace.nodes if not graph.is_leaf(n) and n.id not in ends]
    for chain in chains(graph, inner, lambda each: not graph.is_leaf(each)):
        steps = [each for each in chain if is_step(each)]
        words = f"{len(steps)} steps: {steps[0].expression.partition(': ')[2]}" if steps else ""
        if len(steps or chain) > CHAIN:
            yield from graph.fold(steps or chain, words)


def loop_folds(graph: Structure, kept: Collection[str]) -> Iterator[Fold]:
    """All steps of a loop, with what alone reads them; `kept` are the exits of layers."""
    steps = {node.id for node in graph.trace.nodes if is_step(node)}
    joining = {
        node.id
        for node in graph.trace.nodes
        if len(steps & {n.id for n in graph.operands(node)}) > 1
    }
    apart = ({*kept, *graph.trace.ys} - joining) - steps
    for operations in groups_with_one_result(graph, apart).values():
        count = sum(map(is_step, operations))
        last = operations[-1]
        words = "" if is_step(last) or last.op_type != FOLD else f", {last.expression}"
        if count > 1:
            yield from graph.fold(operations, f"{count} steps{words}")


def network_folds(graph: Structure, kept: Collection[str]) -> Iterator[Fold]:
    """Layers each of which is read by the next alone; `kept` are the exits of layers."""
    single = {n.id: n for n in graph.trace.nodes if n.id in kept and "step" not in n.expression}
    for layers in chains(graph, single.values(), lambda each: each.id in single):
        widths = [WIDTHS.search(node.expression) for node in layers]
        sizes = [found[2] for found in widths if found]
        words = f"{len(layers)} layers"
        if widths[0] and len(sizes) == len(layers) and len(sizes) < 4:
            words = "→".join([widths[0][1], *sizes])
        if len(layers) > 1:
            yield from graph.fold(layers, words)


#: The sizes of a layer in its words.
WIDTHS = re.compile(r"(\d+)→(\d+)")


def is_step(node: Node) -> bool:
    return node.op_type == FOLD and node.expression.startswith("step ")
