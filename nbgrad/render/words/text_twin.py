"""The twin of a picture in text: the story of both passes, and a table of the graph.

The table has a row for each node: what it is, its value, its adjoint, and what it sent back to
each of its operands. Nothing of the graph is missing in it, and the reader in the tests takes
it back to nodes, edges and numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from nbgrad.render.scene.number_format import listed, shaped
from nbgrad.render.words.prose import describe
from nbgrad.tracing.model import Trace
from nbgrad.tracing.parts import Edge, Node

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
