"""A picture in words: for a screen reader, a caption, a terminal.

Each step is one sentence (`step_line`). An array in a sentence is its formula and its shape; the
numbers of small ones stand in the table at the end, which has a row for each node. Sentences and
table together leave nothing out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from nbgrad.picture.derivations.step_line import rule_of, sentence
from nbgrad.picture.derivations.why import is_integer_with_gradient, why
from nbgrad.trace.folding import FOLD
from nbgrad.trace.model import Edge, Node, Numbers, Trace
from nbgrad.trace.numbers import in_words, is_number, one_line, sign_before


def headline(trace: Trace) -> str:
    """The picture in a line, its accessible name: each y with its value, and each x's adjoint."""
    ys = ", ".join(equation(trace.node(y)) for y in trace.ys)
    totals = ", ".join(adjoint_result(trace, trace.node(x)) for x in trace.xs)
    return f"{ys}; {totals}" if totals else ys


LEAVES = ("input", "variable", "constant")


def describe(trace: Trace) -> str:
    """Everything in a picture as sentences: the headline, the leaves, each step, the reasons."""
    leaves = [
        equation(node) for node in trace.nodes if node.role in LEAVES and not is_number(node.label)
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


Write = Callable[[Numbers], str]
"""How the table writes numbers: arrays as lists, or by their shape."""


def cells(
    trace: Trace, node: Node, names: Mapping[str, str], write: Write = one_line
) -> Iterator[str]:
    """The cells of one row."""
    kind = node.role if node.role in LEAVES else node.op_type
    flags = ["in xs"] * node.requested + ["stopped"] * node.stopped
    yield names[node.id]
    yield ", ".join([node.expression or kind, *flags])
    yield in_words(node.value) if node.shape else ""
    yield write(node.value)
    yield adjoint_cell(trace, node, names, write)
    sent = (
        f"{names[e.source]}: {contribution_cell(trace, e, write)}" for e in trace.incoming(node)
    )
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
