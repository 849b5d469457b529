"""Ladders: operations on one operand each, one after the other, each read once.

They are drawn as rungs below each other, or folded into one card whose local derivative is the
product along the chain. A number is no operand: `m = k + 1` and `1 / m` are rungs. A ladder says
what it computes as one expression where that is short: `σ(g)`, not `1 / (exp(−g) + 1)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from nbgrad.trace.folding.fold import FOLD, Fold
from nbgrad.trace.model import Node, Trace
from nbgrad.trace.numbers import is_number

#: So many rungs make a ladder.
RUNGS = 3

#: The characters that an expression may have as the title of a ladder, and on its one card.
SHORT = 18


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


def ladders(trace: Trace) -> tuple[Fold, ...]:
    """Every chain of three or more operations on one operand, each read once, as a fold."""
    return tuple(ladder_of(trace, run) for run in runs(trace) if len(run) >= RUNGS)


def runs(trace: Trace) -> Iterator[list[Node]]:
    """The longest chains of operations on one operand; all but the last are read once."""
    before = {}
    for node in trace.nodes:
        if len(operands := operands_with_cards(trace, node)) == 1:
            operand = trace.node(operands[0])
            is_end = operand.requested or operand.id in trace.ys
            is_inside = len(trace.outgoing(operand)) == 1 and not is_end
            before[node.id] = operand.id if is_inside else ""
    yield from chains(trace, before)


def chains(trace: Trace, before: Mapping[str, str]) -> Iterator[list[Node]]:
    """The longest chains of nodes, by the id of what each of them follows; "" if it begins one."""
    found: dict[str, list[Node]] = {}  # by the id of the last node so far
    for key, other in before.items():
        found[key] = [*found.pop(other, ()), trace.node(key)]
    yield from found.values()


def ladder_of(trace: Trace, run: Sequence[Node]) -> Fold:
    """The fold of a chain, with what it computes."""
    [start] = operands_with_cards(trace, run[0])
    operations = frozenset(node.id for node in run)
    numbers = {e.source for node in run for e in trace.incoming(node)} - {start, *operations}
    alone = {n for n in numbers if operations >= {e.target for e in trace.outgoing(trace.node(n))}}
    label = trace.node(start).label
    form = closed_form(trace, run, label)
    title = f"{run[-1].label} = {form}" if form else f"{label} → {run[-1].label}"
    return Fold("", operations | alone, run[-1].id, len(run), form, title)


# Closed forms ---------------------------------------------------------------------------------

#: An operand's place in an expression.
HERE = "□"

#: Other ways to write a rung.
SAME = {
    "1 + □": "□ + 1",
    "□ − −1": "□ + 1",
    "1/□": "1 / □",
    "□ · −1": "−□",
    "−1 · □": "−□",
    "0 − □": "−□",
    "□ · 2": "2 · □",
    "□^2": "□²",
    "log1p(□)": "log(□ + 1)",
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


def closed_form(trace: Trace, run: Sequence[Node], start: str) -> str:
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
    name = rf"(?<![\w.]){re.escape(operand)}(?![^\W²³]|[.(\[])"
    rung, places = re.subn(name, HERE, expression)
    return SAME.get(rung, rung) if places == 1 else ""


def substituted(inner: str, outer: str) -> str:
    """One expression in the place of the operand of another, in parentheses where it needs them."""
    enclosed = any(pair in outer for pair in ("(□)", "|□|", "‖□‖")) or outer.startswith("□ +")
    alone = enclosed or outer == HERE or ATOM.fullmatch(inner) is not None
    alone = alone and not (inner.endswith("²") and outer.startswith(("□²", "□^")))
    return outer.replace(HERE, inner if alone else f"({inner})")
