"""A picture in words, for a screen reader, a caption, a terminal; and the reasons in it.

Each step is one sentence (`step_line`). An array in a sentence is its formula and its shape; the
numbers of small ones stand in the table at the end, which has a row for each node. Sentences and
table together leave nothing out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from nbgrad.picture.step_line import rule_of, sentence
from nbgrad.trace.folding import FOLD
from nbgrad.trace.model import Cause, Edge, Node, Numbers, Trace
from nbgrad.trace.numbers import in_words, is_number, one_line, short, sign_before

LEAVES = ("input", "variable", "constant")


def headline(trace: Trace) -> str:
    """The picture in a line, its accessible name: each y with its value, and each x's adjoint."""
    ys = ", ".join(equation(trace.node(y)) for y in trace.ys)
    totals = ", ".join(adjoint_result(trace, trace.node(x)) for x in trace.xs)
    return f"{ys}; {totals}" if totals else ys


def describe(trace: Trace) -> str:
    """Everything in a picture as sentences: the headline, the leaves, each step, the reasons."""
    leaves = [
        equation(node) for node in trace.nodes if node.role in LEAVES and not is_number(node.label)
    ]
    given = [f"Given: {', '.join(leaves)}."] if leaves else []
    steps = [f"{k}. {sentence(trace, step)}" for k, step in enumerate(trace.steps, start=1)]
    notes = reasons(trace, map(trace.node, trace.xs))
    # config(integer_gradients=True) allows them
    if any(
        n.adjoint.value is not None and n.dtype.startswith(("int", "uint")) for n in trace.nodes
    ):
        notes.append("Integers carry gradients here, as in TensorFlow up to 1.8.")
    return "\n".join([f"{headline(trace)}.", *given, *steps, *notes])


def full_description(trace: Trace) -> str:
    """Everything in a picture, as sentences and as a table."""
    return f"{describe(trace)}\n\n{node_table(trace)}"


def equation(node: Node, *, value: bool = True) -> str:
    """`a = x · x = 9`, `u = X W, 2×2`, `X is 2×3`."""
    expression = "" if node.op_type == FOLD else node.expression
    symbols = " = ".join(filter(None, (node.label, expression)))
    if not value:
        return symbols
    return f"{symbols}{sign_before(node.value, leaf=not expression)}{in_words(node.value)}"


def adjoint_result(trace: Trace, node: Node) -> str:
    """`df/dx = 24`, `dL/dW is 3×2`, or `df/dx is None`."""
    found, total = node.adjoint.value, trace.total(node)
    if found is not None:
        return f"{total}{sign_before(found)}{in_words(found)}"
    return f"{total} is {'None' if node.adjoint.state == 'none' else 'not run'}"


# Reasons ------------------------------------------------------------------------------------


class Wording(NamedTuple):
    """The words for a cause: a sentence with names in braces, on a card, and on an edge."""

    reason: str
    sign: str = ""
    caption: str = ""


WORDINGS: dict[Cause, Wording] = {
    # None
    "no path": Wording("no path leads from {node} to {goal}", "⌀"),
    "stopped": Wording("{way} is stopped{arrived}", "‖"),
    "integer": Wording("{way} holds {kind}, which have no derivative", "ℤ", "integers"),
    "not differentiable": Wording(
        "{way} has no gradient, for {op_type} is not differentiable", "∄", "no slope"
    ),
    # 0
    "times zero": Wording("a local derivative at {at} is 0, and anything times 0 is 0", "×0"),
    "unit off": Wording("{off}", "off"),
    "terms cancel": Wording("the gradients that meet at {at} cancel each other", "cancel"),
    "seed zero": Wording("the reverse pass started with a seed of 0 at {at}", "seed 0"),
    # not finite
    "value not finite": Wording("{at} itself {holds}"),
    "began here": Wording("the first number that is not finite arises at {at}"),
    "came from above": Wording("what arrives is already not finite; that began at {at}"),
}
NOT_RECORDED = Wording("its cause was not recorded")
STATES = {"none": "None", "zero": "0", "not finite": "not finite"}
CHOICES = {
    "Maximum": "larger of its operands",
    "Minimum": "smaller of its operands",
    "Select": "operand that it took",
}


def wording(cause: Cause) -> Wording:
    """The words for a cause; one that a trace does not name has no sign."""
    return WORDINGS.get(cause, NOT_RECORDED)


def why(trace: Trace, node: Node) -> str:
    """The reason for a node's missing or unusual adjoint; nothing for an ordinary number.

    The sentence begins with the adjoint: "df/dx is None: no path leads from x to f."
    """
    return " ".join(reasons(trace, [node]))


def reasons(trace: Trace, nodes: Iterable[Node]) -> list[str]:
    """The reasons of several nodes' adjoints: one that several of them have is said once."""
    totals: dict[tuple[str, str], list[str]] = {}
    for node in nodes:
        key = node.adjoint.state, cause_words(trace, node)
        totals.setdefault(key, []).append(trace.total(node))
    return [
        reason_of(names, state, words)
        for (state, words), names in totals.items()
        if words or state == "not run"
    ]


def reason_of(totals: Sequence[str], state: str, words: str) -> str:
    """`df/dx and df/dy are 0: the unit h is off.`"""
    *others, last = totals
    names = f"{', '.join(others)} and {last}" if others else last
    if state == "not run":
        return f"{names} {'were' if others else 'was'} not asked for: no reverse pass has run."
    return f"{names} {'are' if others else 'is'} {STATES[state]}: {words}."


def cause_words(trace: Trace, node: Node) -> str:
    """The cause of an adjoint that is None, zero or not finite, in words; "" of any other."""
    if node.adjoint.state not in STATES:
        return ""
    goal = " or ".join(trace.node(y).label for y in trace.ys)
    at = None if node.adjoint.at is None else trace.node(node.adjoint.at)
    there = at.label if at else "an operation on the way"
    way = f"every path from {node.label} to {goal} goes through {there}, and {there}"
    return wording(node.adjoint.cause).reason.format(
        node=node.label,
        goal=goal,
        at=there,
        kind=kind_of(at or node),
        way=there if at is node else way if at else f"every path to {goal}",
        op_type=at.op_type if at else "an operation",
        arrived=arrived_at_stop(trace, at),
        holds=holds_not_finite(at or node),
        off=nothing_passed(trace, at, there),
    )


def nothing_passed(trace: Trace, at: Node | None, there: str) -> str:
    """Why an operation that chooses has passed nothing on: of two operands, one takes all."""
    if at is None or at.op_type not in CHOICES:
        return f"the unit {there} is off: on this side of its threshold it passes nothing on"
    operands = [trace.node(edge.source).value.array for edge in trace.incoming(at)]
    if len(operands) == 2 and np.all(operands[0] == operands[1]):
        return f"the operands of {there} are equal, and then the first takes the whole gradient"
    return f"{there} passes the gradient on to the {CHOICES[at.op_type]} alone"


def kind_of(node: Node) -> str:
    """The numbers in a tensor that is not differentiable."""
    return "truth values" if node.dtype == "bool" else "integers"


def arrived_at_stop(trace: Trace, at: Node | None) -> str:
    """The gradient that reached the place of a stop."""
    if at is None or at.adjoint.value is None:
        return ", so nothing leaves it"
    return f": its own gradient arrives ({adjoint_result(trace, at)}), nothing leaves"


def holds_not_finite(node: Node) -> str:
    """The ∞ or NaN in a value, in words; of ∞, the range of its dtype.

    Infinite is what was infinite, and what was too large for the dtype.
    """
    array, verb = node.value.array, "holds" if node.shape else "is"
    if np.isnan(array).any():
        return f"{verb} NaN"
    if array.dtype.kind != "f":
        return f"{verb} ∞"
    sign = "" if np.isposinf(array).any() else "−"
    limit = short(np.finfo(array.dtype).max.item())
    return f"{verb} {sign}∞, as is whatever lies beyond {sign}{limit} in {node.dtype}"


# The table ----------------------------------------------------------------------------------

HEADS = ("node", "is", "shape", "value", "adjoint", "sends back to its operands")


def node_table(trace: Trace) -> str:
    """A row for each node, in the order of the forward pass.

    Examples
    --------
    >>> x = tf.Variable(3.0, name="x")
    >>> print(node_table(ng.trace(tf.multiply(x, x, name="y"), x)))
    node | is              | shape | value | adjoint    | sends back to its operands
    -----|-----------------|-------|-------|------------|-------------------------------
    x    | variable, in xs |       | 3     | 6          |
    y    | x · x           |       | 9     | 1 (seed 1) | x: 3 (× x = 3); x: 3 (× x = 3)
    """
    names = unique_names(trace)
    rows = [HEADS, *(tuple(cells(trace, node, names)) for node in trace.nodes)]
    head, *lines = aligned(rows, "<<<<<<", " | ")
    rule = "-|-".join("-" * max(map(len, column)) for column in zip(*rows, strict=True))
    return "\n".join([head, rule, *lines])


def aligned(rows: Sequence[Sequence[str]], sides: str, between: str = "   ") -> list[str]:
    """Rows as lines with columns of equal width, each set to the left ("<") or right (">")."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        between.join(
            f"{cell:{side}{width}}" for cell, side, width in zip(row, sides, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def unique_names(trace: Trace) -> dict[str, str]:
    """A name for each node's id: its label; of several constants 2, "2 (1)" and "2 (2)"."""
    alike = Counter(node.label for node in trace.nodes)
    seen: Counter[str] = Counter()
    names = {}
    for node in trace.nodes:
        seen[node.label] += 1
        which = f" ({seen[node.label]})" if alike[node.label] > 1 else ""
        names[node.id] = f"{node.label}{which}"
    return names


Write = Callable[[Numbers], str]  # how a table writes numbers


def cells(
    trace: Trace, node: Node, names: Mapping[str, str], write: Write = one_line
) -> Iterator[str]:
    kind = node.role if node.role in LEAVES else node.op_type
    flags = ["in xs"] * node.requested + ["stopped"] * node.stopped
    sent = (
        f"{names[e.source]}: {contribution_cell(trace, e, write)}" for e in trace.incoming(node)
    )
    yield names[node.id]
    yield ", ".join([node.expression or kind, *flags])
    yield in_words(node.value) if node.shape else ""
    yield write(node.value)
    yield adjoint_cell(trace, node, names, write)
    yield "; ".join(sent)


def adjoint_cell(trace: Trace, node: Node, names: Mapping[str, str], write: Write) -> str:
    """`24`, `1 (seed 1)`, `None (stopped at a)`, `0 (unit off at b)`, `not run`."""
    found = node.adjoint
    if found.state == "not run" and node.role == "constant":
        return CONSTANT
    notes = [found.cause + (f" at {names[found.at]}" if found.at else "")] if found.cause else []
    if node.seed is not None and node.id in trace.ys:
        notes.append(f"seed {write(node.seed)}")
    known = {"none": "None", "not run": "not run"}
    text = known.get(found.state) or (write(found.value) if found.value is not None else "")
    return f"{text} ({'; '.join(notes)})" if notes else text


CONSTANT = "constant: no gradient asked"


def contribution_cell(trace: Trace, edge: Edge, write: Write) -> str:
    """The contribution of an edge with its rule, or why there is none: `12 (× y = 4)`."""
    if edge.contribution is None:
        is_constant = trace.node(edge.source).role == "constant" and edge.cause == "no path"
        return "constant" if is_constant else edge.cause or "nothing"
    text, local = write(edge.contribution), rule_of(edge)
    if local.value is None:
        return f"{text} ({local.formula})"
    factors = dict.fromkeys((local.formula, write(local.value).removeprefix("all ")))
    return f"{text} (× {' = '.join(factors)})"
