"""The twin of a picture in words: for a screen reader, a caption, a terminal.

Each step is one sentence, in the order symbols → numbers → result. A sentence is made of runs,
pieces of text with a role, so that the same words come out plain or coloured.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from nbgrad.picture.facts import NOTHING_ARRIVED, is_kept_zero, why
from nbgrad.trace.model import Edge, Node, Numbers, Step, Trace
from nbgrad.trace.numbers import listed, shaped
from nbgrad.trace.symbols import in_brackets, operand_number


class Run(NamedTuple):
    """A piece of a sentence: "value", "adjoint", "local", "stop", or no role; `strong` is bold."""

    text: str
    role: str = ""
    strong: bool = False


def headline(trace: Trace) -> str:
    """The picture in a line: the ys with their values, and the adjoints that were asked for.

    Used as its accessible name.
    """
    ys = ", ".join(equation(trace.node(y)) for y in trace.ys)
    totals = ", ".join(result(trace, trace.node(x)) for x in trace.xs)
    return f"{ys}; {totals}" if totals else ys


def describe(trace: Trace) -> str:
    """Everything that a picture shows, in words: leaves, every step, and what was asked for."""
    leaves = [
        f"{n.label} = {listed(n.value)}"
        for n in trace.nodes
        if n.role in LEAVES and n.label != listed(n.value)
    ]
    steps = [f"{k}. {sentence(trace, step)}" for k, step in enumerate(trace.steps, start=1)]
    shown = [trace.node(x) for x in trace.xs]
    reasons = [reason for node in shown if (reason := why(trace, node))]
    return "\n".join(
        [
            f"{headline(trace)}.",
            f"Given: {', '.join(leaves)}." if leaves else "",
            *steps,
            *reasons,
        ]
    ).replace("\n\n", "\n")


LEAVES = ("input", "variable", "constant")


def sentence(trace: Trace, step: Step) -> str:
    """What one step did."""
    return "".join(run.text for run in runs(trace, step))


def sentence_html(trace: Trace, step: Step) -> str:
    """What one step did, with each number in the colour of its role."""
    return "".join(as_html(run) for run in runs(trace, step))


def as_html(run: Run) -> str:
    """One piece of a sentence as HTML."""
    text = html.escape(run.text)
    text = f"<b>{text}</b>" if run.strong else text
    return f'<span class="say-{run.role}">{text}</span>' if run.role else text


def runs(trace: Trace, step: Step) -> Iterator[Run]:
    """A step's sentence in pieces."""
    node = trace.node(step.node)
    match step.kind:
        case "forward":
            yield from forward_runs(trace, node)
        case "seed":
            yield from seed_runs(trace, node)
        case "multiply":
            yield from multiply_runs(trace, trace.edge(step.edges[0]))
        case "sum":
            yield from sum_runs(trace, node, step)
        case "stop":
            yield from stop_runs(trace, node)


def forward_runs(trace: Trace, node: Node) -> Iterator[Run]:
    """`a = x × x = 3 × 3 = 9`."""
    yield Run(f"{node.label} = {node.expression or node.op_type}")
    yield Run(" = ")
    numbers = with_numbers(trace, node)
    if numbers and numbers != node.expression:
        yield Run(numbers, "value")
        yield Run(" = ")
    yield Run(listed(node.value), "value", strong=True)


def with_numbers(trace: Trace, node: Node) -> str:
    """An expression with the operands' values in place of their labels; scalars only."""
    operands = [trace.node(edge.source) for edge in trace.incoming(node)]
    if not node.expression or any(each.shape for each in operands):
        return ""
    values = {each.label: in_expression(each.value) for each in operands}
    names = sorted(map(re.escape, values), key=len, reverse=True)
    pattern = rf"(?<!\w)({'|'.join(names)})(?!\w)"
    text = re.sub(pattern, lambda found: values[found[0]], node.expression)
    return re.sub(r"\((\([^()]*\))\)", r"\1", text)  # relu((−2)) needs one pair of brackets


def in_expression(numbers: Numbers) -> str:
    """A number inside a formula."""
    return in_brackets(listed(numbers))


def seed_runs(trace: Trace, node: Node) -> Iterator[Run]:
    """Where the reverse pass begins."""
    yield Run("The reverse pass starts at ")
    yield Run(node.label)
    yield Run(" with its seed: ")
    yield Run(trace.total(node), "adjoint")
    yield Run(" = ")
    seed = node.seed or node.adjoint.value
    yield Run(listed(seed) if seed is not None else "1", "adjoint", strong=True)


def multiply_runs(trace: Trace, edge: Edge) -> Iterator[Run]:
    """`df/dx receives df/da · ∂a/∂x = 4 · 3 = 12 through a = x × x`."""
    source, target = trace.node(edge.source), trace.node(edge.target)
    yield Run(trace.total(source), "adjoint")
    yield Run(" receives ")
    if edge.local is not None and edge.local.is_factor:
        yield Run(trace.total(target), "adjoint")
        yield Run(" · ")
        yield Run(edge.local.symbol, "local")
        yield Run(" = ")
        if is_kept_zero(target, edge):
            pass  # 0 · NaN is not 0
        elif edge.local.value is not None and target.adjoint.value is not None:
            yield Run(in_expression(target.adjoint.value), "adjoint")
            yield Run(" · ")
            yield Run(in_expression(edge.local.value), "local")
            yield Run(" = ")
    elif edge.local is not None:
        yield Run(edge.local.formula, "local")
        yield Run(" = ")
    if edge.contribution is not None:
        yield Run(listed(edge.contribution), "adjoint", strong=True)
    if is_kept_zero(target, edge):
        yield Run(f", {NOTHING_ARRIVED},")
    yield Run(f" through {equation(target, value=False)}{position(trace, edge)}")


def position(trace: Trace, edge: Edge) -> str:
    """Which operand, where one node is several operands of the same operation."""
    operand = operand_number(edge, trace.incoming(trace.node(edge.target)))
    return f" (operand {operand})" if operand else ""


def sum_runs(trace: Trace, node: Node, step: Step) -> Iterator[Run]:
    """`df/dx = 12 + 12 = 24`, and why one adds."""
    parts = [trace.edge(key).contribution for key in step.edges]
    if node.seed is not None and node.id in trace.ys:
        parts.insert(0, node.seed)
    terms = [in_expression(part) for part in parts if part is not None]
    yield Run(trace.total(node), "adjoint")
    yield Run(" = ")
    yield Run(" + ".join(terms), "adjoint")
    yield Run(" = ")
    if node.adjoint.value is not None:
        yield Run(listed(node.adjoint.value), "adjoint", strong=True)
    yield Run(f": {len(terms)} gradients meet at {node.label}, and add up")


def stop_runs(trace: Trace, node: Node) -> Iterator[Run]:
    """A gradient that arrives and goes no further."""
    yield Run(node.label)
    yield Run(" is stopped", "stop")
    yield Run(": its own gradient arrives, ")
    yield Run(result(trace, node), "adjoint")
    yield Run(", and nothing leaves")


def equation(node: Node, *, value: bool = True) -> str:
    """`a = x × x = 9`."""
    parts = [node.label, node.expression, listed(node.value) if value else ""]
    return " = ".join(part for part in parts if part)


def result(trace: Trace, node: Node) -> str:
    """`df/dx = 24`, or `df/dx is None`."""
    if node.adjoint.value is not None:
        return f"{trace.total(node)} = {listed(node.adjoint.value)}"
    words = "None" if node.adjoint.state == "none" else "not run"
    return f"{trace.total(node)} is {words}"


HEADS = ("node", "is", "shape", "value", "adjoint", "sends back to its operands")


ROLES = {"input": "input", "variable": "variable", "constant": "constant"}


def twin(trace: Trace) -> str:
    """Everything that a picture of a trace shows, in words and in a table."""
    return f"{describe(trace)}\n\n{table(trace)}"


def table(trace: Trace) -> str:
    """A row for each node, in the order of the forward pass.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     x = ng.Variable(3.0, name="x")
    ...     print(table(ng.trace(ng.multiply(x, x, name="y"), x)))
    node | is              | shape | value | adjoint    | sends back to its operands
    -----|-----------------|-------|-------|------------|-------------------------------
    x    | variable, asked |       | 3     | 6          |
    y    | x · x           |       | 9     | 1 (seed 1) | x: 3 (× x = 3); x: 3 (× x = 3)
    """
    names = unique_names(trace)
    rows = [HEADS, *(tuple(cells(trace, node, names)) for node in trace.nodes)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADS))]
    lines = [" | ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    rule = "-|-".join("-" * width for width in widths)
    return "\n".join([lines[0], rule, *lines[1:]])


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


def cells(trace: Trace, node: Node, names: dict[str, str]) -> Iterator[str]:
    """The cells of one row."""
    yield names[node.id]
    flags = ["asked"] * node.requested + ["stopped"] * node.stopped
    yield ", ".join([node.expression or ROLES.get(node.role, node.op_type), *flags])
    yield shaped(node.shape)
    yield listed(node.value)
    yield adjoint(trace, node, names)
    yield "; ".join(f"{names[e.source]}: {carried(e)}" for e in trace.incoming(node))


def adjoint(trace: Trace, node: Node, names: dict[str, str]) -> str:
    """`24`, `1 (seed 1)`, `None (stopped at a)`, `0 (unit off at b)`, `not run`."""
    found = node.adjoint
    notes = [found.cause + (f" at {names[found.at]}" if found.at else "")] if found.cause else []
    if node.seed is not None and node.id in trace.ys:
        notes.append(f"seed {listed(node.seed)}")
    known = {"none": "None", "not run": "not run"}
    text = known.get(found.state) or (listed(found.value) if found.value is not None else "")
    return f"{text} ({'; '.join(notes)})" if notes else text


def carried(edge: Edge) -> str:
    """What went back along an edge and by which rule, or why nothing did: `12 (× y = 4)`."""
    if edge.contribution is None:
        return edge.cause or "nothing"
    return f"{listed(edge.contribution)}{rule(edge)}"


def rule(edge: Edge) -> str:
    """The local derivative: its formula, and its number where that says more."""
    local = edge.local
    if local is None:
        return ""
    if local.value is None:
        return f" ({local.formula})"
    number = listed(local.value)
    return (
        f" (× {local.formula})" if number == local.formula else f" (× {local.formula} = {number})"
    )
