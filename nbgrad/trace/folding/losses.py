"""Losses, and what else lies between layers: groups of operations with one result, in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence, Set

from nbgrad.trace.folding.fold import FOLD, Fold
from nbgrad.trace.folding.structure import SHAPING, Structure, closed_form
from nbgrad.trace.model import Node

#: Sums of terms that may be a card each.
ADDITIVE = {"Add", "AddV2", "AddN", "Sub", "Pack"}

#: What may stand between a loss and the sum of its terms.
OUTER = {"Mean", "Sum", "Neg", *SHAPING}

#: Words for what the library's own functions make, by the name of their scope.
SCOPES = {
    **{"dropout": "dropout", "batchnorm": "batch norm", "logistic_loss": "sigmoid cross-entropy"},
    **{f"{kind}_cross_entropy_loss": "cross-entropy" for kind in ("sigmoid", "softmax")},
    "sparse_softmax_cross_entropy_loss": "cross-entropy",
    **{"mean_squared_error": "mean square", "absolute_difference": "mean error"},
    **{"huber_loss": "Huber loss", "hinge_loss": "hinge loss", "log_loss": "log loss"},
    **{"l2_normalize": "unit length", "clip_by_norm": "clip", "clip_by_value": "clip"},
}

SQUARES = {"Square", "SquaredDifference", "Pow"}

REDUCTIONS = {"Sum", "Mean"}

PENALTY = "L2 penalty"

ENTROPIES = {
    *("SoftmaxCrossEntropyWithLogits", "SparseSoftmaxCrossEntropyWithLogits"),
    *("sigmoid cross-entropy", "cross-entropy"),
}


def groups_with_one_result(graph: Structure, kept: Collection[str]) -> dict[str, list[Node]]:
    """The operations that are not `kept`, by the one of them that all their results go into."""
    exits: dict[str, str] = {}
    groups: dict[str, list[Node]] = defaultdict(list)
    for node in reversed(graph.trace.nodes):
        if graph.is_leaf(node) or node.id in kept:
            continue
        after = {exits.get(reader.id, "") for reader in graph.readers(node)}
        alone = node.id in graph.ends or len(after) != 1 or "" in after
        exits[node.id] = node.id if alone else after.pop()
        groups[exits[node.id]].append(node)
    return {key: nodes[::-1] for key, nodes in groups.items()}


def loss_folds(
    graph: Structure, kept: Collection[str], every: bool = False, apart: bool = True
) -> Iterator[Fold]:
    """What lies between layers and losses: a loss with its terms, and what has a name, or all.

    The terms of a loss are `apart`, or one card with the loss.
    """
    for key, operations in groups_with_one_result(graph, kept).items():
        is_loss = key in graph.trace.ys
        if every and is_loss and any(node.op_type == FOLD for node in operations):
            continue  # its terms stay apart
        parts = loss_terms(graph, operations) if is_loss else []
        if parts and not apart:
            words = " + ".join(dict.fromkeys(words_of(graph, part) or "…" for part in parts))
            yield from graph.fold(operations, words)
            continue
        inside = {node.id for part in parts for node in part}
        rest = [node for node in operations if node.id not in inside]
        for part in (*parts, rest):
            words = words_of(graph, part)
            if parts and part is rest:
                is_mean = any(node.op_type == "Mean" for node in part)
                words = "mean of terms" if is_mean else "sum of terms"
            if len(part) > 1 and (words or is_loss or every):
                yield from graph.fold(part, words)


def loss_terms(graph: Structure, operations: Sequence[Node]) -> list[list[Node]]:
    """The terms of a loss, if at least two have several operations and nothing in common."""
    inside = {node.id for node in operations}
    top = operations[-1]
    while top.op_type in OUTER or (
        top.op_type in ("Mul", "RealDiv") and len(graph.operands(top)) == 1  # scaled
    ):
        following = [node for node in graph.operands(top) if node.id in inside]
        if len(following) != 1:
            return []
        top = following[0]
    if top.op_type not in ADDITIVE:
        return []
    waiting, found = [top], []
    while waiting:
        node = waiting.pop()
        if node.op_type in ADDITIVE:
            waiting += [each for each in graph.operands(node)[::-1] if each.id in inside]
        else:
            found.append(behind(graph, node, inside))
    sources = [{e.source for n in part for e in graph.trace.incoming(n)} for part in found]
    shared = any(a & b for i, a in enumerate(sources) for b in sources[:i])
    several = [part for part in found if len(part) > 1]
    penalties = [part for part in several if words_of(graph, part) == PENALTY]
    if len(penalties) > 1:  # they stay with the sum
        several = [part for part in several if part not in penalties]
    return [] if shared or len(several) + bool(penalties) < 2 else several


def behind(graph: Structure, node: Node, within: Collection[str]) -> list[Node]:
    """A node, and all of some operations that lead to it."""
    found, waiting = {node.id}, [node]
    while waiting:
        for operand in graph.operands(waiting.pop()):
            if operand.id in within and operand.id not in found:
                found.add(operand.id)
                waiting.append(operand)
    return graph.in_order(found)


def words_of(graph: Structure, operations: Sequence[Node]) -> str:
    """What some operations are called; "" where they have no name."""
    types = {node.op_type for node in operations}
    types |= {node.expression for node in operations if node.op_type == FOLD}
    products = [node for node in operations if node.op_type in ("MatMul", "BatchMatMul")]
    if "Softmax" in types and len(products) > 1:
        return "attention"
    if is_sample(graph, operations, types):
        return "sample"
    if form := chain_form(graph, operations):
        return form
    return next((words for words, some in NAMES if all(types & each for each in some)), "")


#: What tells losses: one of each of these types is among their operations.
NAMES: Sequence[tuple[str, Sequence[Set[str]]]] = (
    ("cross-entropy", [ENTROPIES]),
    ("cross-entropy", [{"Log"}, {"Mul"}, REDUCTIONS]),
    (PENALTY, [{"L2Loss"}]),
    ("log loss", [{"Log"}, REDUCTIONS]),
    ("KL", [{"Exp"}, SQUARES, REDUCTIONS]),
    ("mean square", [SQUARES, {"Mean"}]),
    ("sum of squares", [SQUARES, {"Sum"}]),
    ("mean error", [{"Abs"}, {"Mean"}]),
    ("sum of errors", [{"Abs"}, {"Sum"}]),
    ("cell state", [{"Sigmoid"}, {"Tanh"}, {"Mul"}, {"Add", "AddV2"}]),
    ("gated output", [{"Sigmoid"}, {"Tanh"}, {"Mul"}]),
    ("squared error", [SQUARES, {"Sub"}]),
)


def is_sample(graph: Structure, operations: Sequence[Node], types: Set[str]) -> bool:
    """Whether operations draw μ + σ·ε: noise times what depends on parameters, plus a mean."""
    is_scaled = {"Exp", "Mul"} <= types and types & {"Add", "AddV2"}
    if not is_scaled or types & {"Log", *REDUCTIONS}:
        return False
    read = [each for node in operations for each in graph.operands(node)]
    random = any(node.op_type.startswith("Random") for node in operations)
    return random or any(graph.is_leaf(n) and n.id not in graph.active for n in read)


def chain_form(graph: Structure, operations: Sequence[Node]) -> str:
    """The closed form of a chain of operations on one operand each."""
    before = [graph.operands(node) for node in operations]
    if any(len(each) != 1 for each in before):
        return ""
    if any(each[0].id != node.id for each, node in zip(before[1:], operations, strict=False)):
        return ""
    return closed_form(operations, before[0][0].label)


def data_folds(graph: Structure) -> Iterator[Fold]:
    """Data with what prepares it: a cast, a change of shape, one-hot rows."""
    groups = groups_with_one_result(graph, graph.active) if graph.active else {}
    for operations in groups.values():
        inside = {node.id for node in operations}
        read = {each.id: each for node in operations for each in graph.operands(node)}
        leaves = [
            each
            for each in read.values()
            if graph.is_leaf(each)
            and each.shape
            and each.id not in graph.ends
            and {reader.id for reader in graph.readers(each)} <= inside
        ]
        from_layers = any(key in graph.active and not graph.is_leaf(n) for key, n in read.items())
        asked_for = any(node.requested for node in read.values())  # its None is to be explained
        if len(operations) + len(leaves) < 2 or from_layers or asked_for:
            continue
        settings = {n.id for n in read.values() if n.role == "constant" and n.shape == ()}
        data = [n for key, n in read.items() if key not in inside | settings]
        form = prepared(operations, data[0].label) if leaves == data and len(data) == 1 else ""
        yield from graph.fold([*leaves, *operations], form)


def prepared(operations: Sequence[Node], leaf: str) -> str:
    """What has been done to data, in words."""
    types = {node.op_type for node in operations}
    if types <= {"StopGradient", *SHAPING}:
        return leaf
    if "OneHot" in types and types <= {"OneHot", *SHAPING}:
        return f"one-hot {leaf}"
    return operations[-1].expression if len(operations) == 1 else ""
