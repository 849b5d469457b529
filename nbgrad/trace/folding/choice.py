"""What to fold: name scopes, chains of operations that feed only each other, and overviews."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from nbgrad.trace.folding.fold import Fold, Folds, folded
from nbgrad.trace.model import Node, Trace

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
    layer = f"{name} {layer}".lstrip() if (layer := layer_of(trace, operations)) else ""
    return Fold(name, frozenset(members), last.id, len(operations), layer)


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
