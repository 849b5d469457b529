"""A trace as the rules for folds see it: who reads what, regions with one way out, chains.

A ladder is a chain of operations on one operand each, each read once. They are drawn as rungs
below each other, or folded into one card whose local derivative is the product along the chain.
A number is no operand: `m = k + 1` and `1 / m` are rungs. A ladder says what it computes as one
expression where that is short: `σ(g)`, not `1 / (exp(−g) + 1)`.
"""

from __future__ import annotations

import heapq
import itertools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property

from nbgrad.trace.folding.fold import FOLD, Fold
from nbgrad.trace.formulas import SUPERSCRIPTS
from nbgrad.trace.model import Node, Trace
from nbgrad.trace.numbers import is_number

#: Operations through which no gradient goes, whatever their operand.
WITHOUT_GRADIENT = {
    *("StopGradient", "Shape", "ShapeN", "Size", "Rank", "ZerosLike", "OnesLike", "Fill", "Range"),
    *("RandomUniform", "RandomStandardNormal", "TruncatedNormal", "OneHot", "ArgMax", "ArgMin"),
    *("Equal", "NotEqual", "Greater", "GreaterEqual", "Less", "LessEqual", "Floor", "Round"),
    *("RandomNormal", "Multinomial", "Step", "Sign"),
}

#: Operations that only change shape or dtype.
SHAPING = {
    *("Reshape", "Squeeze", "ExpandDims", "Cast", "Identity", "Transpose", "BroadcastTo"),
    *("StopGradient", "Spread"),
}

#: So many rungs make a ladder.
RUNGS = 3

#: The characters that an expression may have as the title of a ladder, and on its one card.
SHORT = 18


class Structure:
    """Which operations of a trace lead to an x, and who reads what."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.place = {node.id: place for place, node in enumerate(trace.nodes)}
        self._operands: dict[str, list[Node]] = {}
        self._readers: dict[str, list[Node]] = {}
        self.ends = {node.id for node in trace.nodes if node.requested} | {*trace.ys}

    @cached_property
    def shown(self) -> list[Node]:
        """The nodes that have cards: all but numbers in the expressions of what reads them."""
        return [node for node in self.trace.nodes if not is_absorbed(self.trace, node)]

    @cached_property
    def active(self) -> set[str]:
        """The ids of the xs, and of the operations that a gradient comes through on its way."""
        found: set[str] = set()
        for node in self.trace.nodes:
            if node.requested or (
                node.op_type not in WITHOUT_GRADIENT
                and node.dtype.startswith(("float", "complex", "bfloat"))
                and any(edge.source in found for edge in self.trace.incoming(node))
            ):
                found.add(node.id)
        return found

    def operands(self, node: Node) -> list[Node]:
        """What an operation reads, each once, without numbers that have no card."""
        if node.id not in self._operands:
            keys = dict.fromkeys(operands_with_cards(self.trace, node))
            self._operands[node.id] = [self.trace.node(key) for key in keys]
        return self._operands[node.id]

    def readers(self, node: Node) -> list[Node]:
        """The operations that read a node, each once."""
        if node.id not in self._readers:
            keys = dict.fromkeys(edge.target for edge in self.trace.outgoing(node))
            self._readers[node.id] = [self.trace.node(key) for key in keys]
        return self._readers[node.id]

    def is_leaf(self, node: Node) -> bool:
        return not self.trace.incoming(node)

    def is_inner(self, node: Node, within: Collection[str]) -> bool:
        """Whether an operation is read by these alone, and is no x and no y."""
        readers = self.trace.outgoing(node)
        inside = bool(readers) and all(edge.target in within for edge in readers)
        return inside and node.id not in self.ends and not self.is_leaf(node)

    def in_order(self, keys: Iterable[str]) -> list[Node]:
        return [self.trace.node(key) for key in sorted(keys, key=self.place.__getitem__)]

    def closing(self, start: Node, most: int) -> list[Node]:
        """The operations behind one up to the first that all ways from it lead to; [] if none."""
        found: list[Node] = []
        waiting = sorted(self.place[node.id] for node in self.readers(start))
        seen = set(waiting)
        while waiting and len(found) < most:
            found.append(self.trace.nodes[heapq.heappop(waiting)])
            if not waiting:
                return found
            if found[-1].id in self.ends:
                return []
            for place in {self.place[reader.id] for reader in self.readers(found[-1])} - seen:
                seen.add(place)
                heapq.heappush(waiting, place)
        return []

    def fold(self, operations: Sequence[Node], form: str = "", name: str = "") -> Iterator[Fold]:
        """The fold of operations in order and their constants, if only the last of them is read."""
        last, members = operations[-1], {node.id for node in operations}
        inner = (self.is_leaf(node) or self.is_inner(node, members) for node in operations[:-1])
        if last.requested or not all(inner):
            return
        for key in {edge.source for node in operations for edge in self.trace.incoming(node)}:
            node = self.trace.node(key)
            alone = all(edge.target in members for edge in self.trace.outgoing(node))
            if alone and key not in members and self.is_detail(node, name):
                members.add(key)
        count = sum(not self.is_leaf(node) for node in operations)
        yield Fold(name, frozenset(members), last.id, count, form)

    def is_detail(self, node: Node, scope: str) -> bool:
        """Whether a constant is a part of what is folded, and not data that goes into it."""
        if node.role != "constant" or node.id in self.ends:
            return False
        inside = scope != "" and scoped_name(node).startswith(f"{scope}/")
        return not node.shape or inside


def scoped_name(node: Node) -> str:
    """The scopes and the name; those of the graph where a trace was written without a path."""
    return node.path or node.name.partition(":")[0]


def scopes_above(node: Node) -> tuple[str, ...]:
    """The name scopes that a node is in, from the outermost."""
    return tuple(scoped_name(node).split("/")[:-1])


def common_scope(scopes: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The innermost scope that all of these are in."""
    levels = itertools.takewhile(lambda names: len({*names}) == 1, zip(*scopes, strict=False))
    return tuple(names[0] for names in levels)


def is_absorbed(trace: Trace, node: Node) -> bool:
    """Whether a node has no card: a number that stands in the expressions of what reads it.

    Nor has a setting, such as a keep_prob, while all that reads it is folded.
    """
    if node.shape or node.requested or node.id in trace.ys or trace.incoming(node):
        return False
    readers = trace.outgoing(node)
    if node.role == "constant" and is_number(node.label):
        return bool(readers)
    settable = node.role in ("input", "constant")
    return settable and bool(readers) and all(trace.node(e.target).op_type == FOLD for e in readers)


def operands_with_cards(trace: Trace, node: Node) -> list[str]:
    """The ids of what an operation reads, each as often as it reads it, without the numbers."""
    sources = (edge.source for edge in trace.incoming(node))
    return [key for key in sources if not is_absorbed(trace, trace.node(key))]


# Ladders ----------------------------------------------------------------------------------------


def ladders(trace: Trace) -> tuple[Fold, ...]:
    """Every chain of three or more operations on one operand, each read once, as a fold."""
    rungs = [node for node in trace.nodes if len(operands_with_cards(trace, node)) == 1]
    runs = chains(Structure(trace), rungs, lambda _: True)
    return tuple(ladder_of(trace, run) for run in runs if len(run) >= RUNGS)


def chains(
    graph: Structure, nodes: Iterable[Node], counts: Callable[[Node], bool]
) -> Iterator[list[Node]]:
    """The longest chains of nodes each of which is read by the next alone.

    Of what a node reads, only that which counts may be the one before it.
    """
    found: dict[str, list[Node]] = {}  # by the id of the last node so far
    for node in nodes:
        before = [each for each in graph.operands(node) if counts(each)]
        alone = len(before) == 1 and graph.is_inner(before[0], {node.id})
        found[node.id] = [*(found.pop(before[0].id, ()) if alone else ()), node]
    yield from found.values()


def ladder_of(trace: Trace, run: Sequence[Node]) -> Fold:
    """The fold of a chain, with what it computes."""
    [start] = operands_with_cards(trace, run[0])
    operations = frozenset(node.id for node in run)
    numbers = {e.source for node in run for e in trace.incoming(node)} - {start, *operations}
    alone = {n for n in numbers if operations >= {e.target for e in trace.outgoing(trace.node(n))}}
    label = trace.node(start).label
    form = closed_form(run, label)
    title = f"{run[-1].label} = {form}" if form else f"{label} → {run[-1].label}"
    return Fold("", operations | alone, run[-1].id, len(run), form, title)


#: An operand's place in an expression.
HERE = "□"

#: Other ways to write a rung.
SAME = {
    **{"1 + □": "□ + 1", "□ − −1": "□ + 1", "1/□": "1 / □", "□ · 2": "2 · □"},
    **{"□ · −1": "−□", "−1 · □": "−□", "0 − □": "−□", "log1p(□)": "log(□ + 1)"},
}

#: Functions by the rungs that make them.
FUNCTIONS: dict[tuple[str, ...], str] = {
    ("−□", "exp(□)", "□ + 1", "1 / □"): "σ(□)",
    ("2 · □", "σ(□)", "2 · □", "□ − 1"): "tanh(□)",
    ("exp(□)", "□ + 1", "log(□)"): "softplus(□)",
    ("exp(□)", "log(□ + 1)"): "softplus(□)",
    ("□²", "Σ □", "√□"): "‖□‖",
    ("□²", "mean(□)", "√□"): "rms(□)",
}

#: An expression that needs no parentheses anywhere: a name, a function's call, a norm.
ATOM = re.compile(r"[\w.]+|[\w.]*\([^()]*\)|[\w.]*\([^()]*\([^()]*\)[^()]*\)|‖[^‖]*‖")


def closed_form(run: Sequence[Node], start: str) -> str:
    """What a chain computes of its first operand, as one expression; "" where that is long."""
    labels = [start, *(node.label for node in run)]
    rungs = [pattern_of(node.expression, label) for node, label in zip(run, labels, strict=False)]
    for names, function in FUNCTIONS.items():
        for i in range(len(rungs) - len(names), -1, -1):
            if tuple(rungs[i : i + len(names)]) == names:
                rungs[i : i + len(names)] = [function]
    form = start
    for rung in rungs:
        form = substituted(form, rung)
        if not rung or len(form) > SHORT:
            return ""
    return form


def pattern_of(expression: str, operand: str) -> str:
    """An expression with a mark in the place of its operand; "" where that is not one place."""
    name = rf"(?<![\w.]){re.escape(operand)}(?![^\W{SUPERSCRIPTS}]|[.(\[])"
    rung, places = re.subn(name, HERE, expression)
    return SAME.get(rung, rung) if places == 1 else ""


def substituted(inner: str, outer: str) -> str:
    """One expression in the place of the operand of another, in parentheses where it needs them."""
    enclosed = any(pair in outer for pair in ("(□)", "|□|", "‖□‖")) or outer.startswith("□ +")
    alone = enclosed or outer == HERE or ATOM.fullmatch(inner) is not None
    # A regular expression takes x² for one word.
    alone = alone and not (inner[-1] in SUPERSCRIPTS and outer[1:2] in ("^", "⁻", *SUPERSCRIPTS))
    return outer.replace(HERE, inner if alone else f"({inner})")
