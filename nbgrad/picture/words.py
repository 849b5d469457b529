"""A picture in words: for a screen reader, a caption, a terminal.

Each step is one sentence, in the order symbols → numbers → result. A sentence is made of
phrases with a role each, so that the same words come out plain or coloured. The table at the
end has a row for each node; sentences and table together leave nothing out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import NamedTuple

from nbgrad.picture.facts import is_kept_zero
from nbgrad.picture.reasons import NOTHING_ARRIVED, is_integer_with_gradient, why
from nbgrad.trace.model import Edge, Node, Numbers, Step, Trace
from nbgrad.trace.numbers import in_brackets, one_line, shaped
from nbgrad.trace.symbols import operand_number


def headline(trace: Trace) -> str:
    """The picture in a line, its accessible name: each y with its value, and each x's adjoint."""
    ys = ", ".join(equation(trace.node(y)) for y in trace.ys)
    totals = ", ".join(adjoint_result(trace, trace.node(x)) for x in trace.xs)
    return f"{ys}; {totals}" if totals else ys


LEAVES = ("input", "variable", "constant")


def describe(trace: Trace) -> str:
    """Everything in a picture as sentences: the headline, the leaves, each step, the reasons."""
    leaves = [
        f"{node.label} = {one_line(node.value)}"
        for node in trace.nodes
        if node.role in LEAVES and node.label != one_line(node.value)
    ]
    steps = [f"{k}. {sentence(trace, step)}" for k, step in enumerate(trace.steps, start=1)]
    reasons = [why(trace, trace.node(x)) for x in trace.xs]
    if any(is_integer_with_gradient(node) for node in trace.nodes):
        reasons.append("Integers carry gradients here, as in TensorFlow up to 1.8.")
    given = [f"Given: {', '.join(leaves)}."] if leaves else []
    return "\n".join([f"{headline(trace)}.", *given, *steps, *filter(None, reasons)])


def full_description(trace: Trace) -> str:
    """Everything in a picture, as sentences and as a table."""
    return f"{describe(trace)}\n\n{node_table(trace)}"


# The sentence of a step ---------------------------------------------------------------------


class Phrase(NamedTuple):
    """A part of a sentence: "value", "adjoint", "local", "stop", or no role; `strong` is bold."""

    text: str
    role: str = ""
    strong: bool = False

    @property
    def html(self) -> str:
        text = f"<b>{escape(self.text)}</b>" if self.strong else escape(self.text)
        return f'<span class="say-{self.role}">{text}</span>' if self.role else text


def sentence(trace: Trace, step: Step) -> str:
    """One step as a sentence."""
    return "".join(phrase.text for phrase in phrases(trace, step))


def sentence_html(trace: Trace, step: Step) -> str:
    """One step as a sentence, with each number in the colour of its role."""
    return "".join(phrase.html for phrase in phrases(trace, step))


def phrases(trace: Trace, step: Step) -> Iterator[Phrase]:
    """The sentence of one step, phrase by phrase."""
    node = trace.node(step.node)
    match step.kind:
        case "forward":
            yield from forward_phrases(trace, node)
        case "seed":
            yield from seed_phrases(trace, node)
        case "multiply":
            yield from multiply_phrases(trace, trace.edge(step.edges[0]))
        case "sum":
            yield from sum_phrases(trace, node, step)
        case "stop":
            yield from stop_phrases(trace, node)


def forward_phrases(trace: Trace, node: Node) -> Iterator[Phrase]:
    """`a = x × x = 3 × 3 = 9`."""
    yield Phrase(f"{node.label} = {node.expression or node.op_type}")
    yield Phrase(" = ")
    numbers = expression_in_numbers(trace, node)
    if numbers and numbers != node.expression:
        yield Phrase(numbers, "value")
        yield Phrase(" = ")
    yield Phrase(one_line(node.value), "value", strong=True)


def expression_in_numbers(trace: Trace, node: Node) -> str:
    """A node's expression with its operands' values in place of their labels; scalars only."""
    operands = [trace.node(edge.source) for edge in trace.incoming(node)]
    if any(each.shape for each in operands):
        return ""
    return with_numbers(node.expression, {each.label: factor(each.value) for each in operands})


def with_numbers(expression: str, numbers: Mapping[str, str]) -> str:
    r"""An expression, in text or LaTeX, with numbers in place of labels.

    Examples
    --------
    >>> with_numbers("max(x, relu(y))", {"x": "3", "y": "(−2)"})
    'max(3, relu(−2))'
    """
    labels = "|".join(sorted(map(re.escape, numbers), key=len, reverse=True))
    if not labels:
        return expression
    pattern = rf"(?<![\w\\])(?:{labels})(?!\w)"  # a command of LaTeX is no label
    text = re.sub(pattern, lambda found: numbers[found[0]], expression)
    return re.sub(r"(?:\\left)?\(((?:\\left)?\([^()]*\))(?:\\right)?\)", r"\1", text)


def factor(numbers: Numbers) -> str:
    """A number inside a formula."""
    return in_brackets(one_line(numbers))


def seed_phrases(trace: Trace, node: Node) -> Iterator[Phrase]:
    """The sentence of a seed, with which the reverse pass begins."""
    yield Phrase(f"The reverse pass starts at {node.label} with its seed: ")
    yield Phrase(trace.total(node), "adjoint")
    yield Phrase(" = ")
    seed = node.seed or node.adjoint.value
    yield Phrase(one_line(seed) if seed is not None else "1", "adjoint", strong=True)


def multiply_phrases(trace: Trace, edge: Edge) -> Iterator[Phrase]:
    """`df/dx receives df/da · ∂a/∂x = 4 · 3 = 12 through a = x × x`."""
    source, target, local = trace.node(edge.source), trace.node(edge.target), edge.local
    kept_zero = is_kept_zero(target, edge)  # 0 · NaN is not 0
    yield Phrase(trace.total(source), "adjoint")
    yield Phrase(" receives ")
    if local is not None and local.is_factor:
        yield from product_phrases(trace.total(target), local.symbol)
        if not kept_zero and local.value is not None and target.adjoint.value is not None:
            yield from product_phrases(factor(target.adjoint.value), factor(local.value))
    elif local is not None:
        yield Phrase(local.formula, "local")
        yield Phrase(" = ")
    if edge.contribution is not None:
        yield Phrase(one_line(edge.contribution), "adjoint", strong=True)
    if kept_zero:
        yield Phrase(f", {NOTHING_ARRIVED},")
    operand = operand_number(edge, trace.incoming(target))
    which = f" (operand {operand})" if operand else ""
    yield Phrase(f" through {equation(target, value=False)}{which}")


def product_phrases(arrived: str, local: str) -> Iterator[Phrase]:
    """`df/da · ∂a/∂x = `, in symbols or in numbers."""
    yield Phrase(arrived, "adjoint")
    yield Phrase(" · ")
    yield Phrase(local, "local")
    yield Phrase(" = ")


def sum_phrases(trace: Trace, node: Node, step: Step) -> Iterator[Phrase]:
    """`df/dx = 12 + 12 = 24`, and why one adds."""
    parts = [trace.edge(key).contribution for key in step.edges]
    if node.id in trace.ys:
        parts.insert(0, node.seed)
    terms = [factor(part) for part in parts if part is not None]
    yield Phrase(trace.total(node), "adjoint")
    yield Phrase(" = ")
    yield Phrase(" + ".join(terms), "adjoint")
    yield Phrase(" = ")
    if node.adjoint.value is not None:
        yield Phrase(one_line(node.adjoint.value), "adjoint", strong=True)
    yield Phrase(f": {len(terms)} gradients meet at {node.label}, and add up")


def stop_phrases(trace: Trace, node: Node) -> Iterator[Phrase]:
    """The sentence of a stop, where a gradient arrives and goes no further."""
    yield Phrase(node.label)
    yield Phrase(" is stopped", "stop")
    yield Phrase(": its own gradient arrives, ")
    yield Phrase(adjoint_result(trace, node), "adjoint")
    yield Phrase(", and nothing leaves")


def equation(node: Node, *, value: bool = True) -> str:
    """`a = x × x = 9`."""
    parts = [node.label, node.expression, one_line(node.value) if value else ""]
    return " = ".join(filter(None, parts))


def adjoint_result(trace: Trace, node: Node) -> str:
    """`df/dx = 24`, or `df/dx is None`."""
    if node.adjoint.value is not None:
        return f"{trace.total(node)} = {one_line(node.adjoint.value)}"
    return f"{trace.total(node)} is {'None' if node.adjoint.state == 'none' else 'not run'}"


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
    """Rows as lines with columns of equal width, each set to the left ("<") or right (">").

    Examples
    --------
    >>> aligned([("h", "float32"), ("0.1", "24")], "<>")
    ['h     float32', '0.1        24']
    """
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


def cells(trace: Trace, node: Node, names: Mapping[str, str]) -> Iterator[str]:
    """The cells of one row."""
    kind = node.role if node.role in LEAVES else node.op_type
    flags = ["in xs"] * node.requested + ["stopped"] * node.stopped
    yield names[node.id]
    yield ", ".join([node.expression or kind, *flags])
    yield shaped(node.shape)
    yield one_line(node.value)
    yield adjoint_cell(trace, node, names)
    yield "; ".join(f"{names[e.source]}: {contribution_cell(e)}" for e in trace.incoming(node))


def adjoint_cell(trace: Trace, node: Node, names: Mapping[str, str]) -> str:
    """`24`, `1 (seed 1)`, `None (stopped at a)`, `0 (unit off at b)`, `not run`."""
    found = node.adjoint
    notes = [found.cause + (f" at {names[found.at]}" if found.at else "")] if found.cause else []
    if node.seed is not None and node.id in trace.ys:
        notes.append(f"seed {one_line(node.seed)}")
    known = {"none": "None", "not run": "not run"}
    text = known.get(found.state) or (one_line(found.value) if found.value is not None else "")
    return f"{text} ({'; '.join(notes)})" if notes else text


def contribution_cell(edge: Edge) -> str:
    """The contribution of an edge with its rule, or why there is none: `12 (× y = 4)`."""
    if edge.contribution is None:
        return edge.cause or "nothing"
    text, local = one_line(edge.contribution), edge.local
    if local is None:
        return text
    if local.value is None:
        return f"{text} ({local.formula})"
    number = one_line(local.value)
    return f"{text} (× {' = '.join(dict.fromkeys((local.formula, number)))})"
