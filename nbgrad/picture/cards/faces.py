"""The faces of a trace's arrays: what else than its shape decides how an array is shown.

Vectors with a number for each row of a matrix are columns, data that a prediction is held against
is small, filters of a convolution are no images, and what broadcasting repeats says so.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Literal

from nbgrad.picture.cards.maps import Face, array_face
from nbgrad.trace.model import Edge, Node, Trace


def faces_of(
    trace: Trace,
    headers: Mapping[str, float] | None = None,
    *,
    numbered: bool = True,
    dense: Mapping[str, int] | None = None,
) -> dict[str, Face]:
    """The faces of all arrays of a trace, by id; `headers` has the widths of their headers."""
    columns, data = upright_vectors(trace), data_of(trace)
    labels = labels_in(trace, data)
    return {
        node.id: array_face(
            node.shape,
            node.dtype,
            node.id not in data,
            header=(headers or {}).get(node.id, 0.0),
            label=node.id in labels,
            upright=node.id in columns,
            images=images_of(trace, node),
            numbered=numbered,
            notes=repeats(trace, node),
            dense=(dense or {}).get(node.id, 0),
        )
        for node in trace.nodes
        if node.shape
    }


def upright_vectors(trace: Trace) -> set[str]:
    """The vectors with a number for each row of a matrix, such as the losses of a batch."""
    found: set[str] = set()
    for node in trace.nodes:
        if len(node.shape) == 1 and any(
            goes_down(node, trace.node(edge.source), found) for edge in trace.incoming(node)
        ):
            found.add(node.id)
    for node in reversed(trace.nodes):
        readers = [trace.node(edge.target) for edge in trace.outgoing(node)]
        if len(node.shape) == 1 and not trace.incoming(node):
            beside = [trace.node(e.source) for reader in readers for e in trace.incoming(reader)]
            if any(r.id in found and r.shape == node.shape for r in readers) or any(
                goes_down(node, other, set()) for other in beside if not node.requested
            ):
                found.add(node.id)
    return found


def goes_down(vector: Node, operand: Node, upright: Collection[str]) -> bool:
    """Whether a vector has an element for each row of an operand."""
    if len(operand.shape) == 1:
        return operand.id in upright and operand.shape == vector.shape
    if len(operand.shape) != 2 or operand.shape[0] != vector.shape[0]:
        return False
    letters, _, result = vector.subscripts.partition("->")
    return letters[0] == result if result else operand.shape[1] != vector.shape[0]


def data_of(trace: Trace) -> set[str]:
    """The nodes that never have a gradient: leaves that nobody asked for, and what they make."""
    found: set[str] = set()
    for node in trace.nodes:
        operands = {edge.source for edge in trace.incoming(node)}
        if operands <= found and not node.requested and node.id not in trace.ys:
            found.add(node.id)
    return found


def labels_in(trace: Trace, data: Collection[str]) -> set[str]:
    """The data that something computed is held against, such as the labels of a loss."""
    found: set[str] = set()
    for node in reversed(trace.nodes):
        readers = [trace.node(edge.target) for edge in trace.outgoing(node)]
        held = (each.id in found or is_held_against(trace, node, each) for each in readers)
        if node.id in data and readers and all(held) and node.dtype != "string":
            found.add(node.id)
    return found


def is_held_against(trace: Trace, node: Node, reader: Node) -> bool:
    """Whether all that a reader has beside a node was computed."""
    others = [trace.node(e.source) for e in trace.incoming(reader) if e.source != node.id]
    return bool(others) and all(trace.incoming(other) for other in others)


CONVOLUTIONS = ("Conv2D", "Conv2DBackpropInput")
WIDEST_FILTER = 11


def images_of(trace: Trace, node: Node) -> Literal["", "images", "filters"]:
    """Whether the four axes of an array are those of images, or of filters of a convolution."""
    if len(node.shape) != 4:
        return ""
    is_read_as_filter = node.op_type == "Conv2DBackpropFilter" or any(
        edge.position == 1 and trace.node(edge.target).op_type in CONVOLUTIONS
        for edge in trace.outgoing(node)
    )
    # Where its reader is folded away, its form tells.
    looks_like_one = node.role == "variable" and node.shape[0] == node.shape[1] <= WIDEST_FILTER
    return "filters" if is_read_as_filter or looks_like_one else "images"


def repeats(trace: Trace, node: Node) -> tuple[str, str]:
    """What broadcasting does to an operand and to its adjoint, in words.

    The adjoint is such a sum only where no other reader adds to it.
    """
    edges = trace.outgoing(node)
    found = max((times for edge in edges if (times := repeated(trace, node, edge))), default=None)
    if found is None:
        return "", ""
    count, what = found
    words = f"{count} {what}".strip()
    alone = len(edges) == 1 and node.id not in trace.ys
    return f"×{words}", f"Σ {words}" if alone else ""


def repeated(trace: Trace, node: Node, edge: Edge) -> tuple[int, str] | None:
    """How often a reader repeats an operand, and whether as rows or columns."""
    reader = trace.node(edge.target)
    count = math.prod(reader.shape) // max(1, math.prod(node.shape))
    if not reader.elementwise or count < 2:
        return None
    if len(reader.shape) != 2:
        return count, ""
    rows, columns = (1, 1, *node.shape)[-2:]
    down, across = rows == 1 < reader.shape[0], columns == 1 < reader.shape[1]
    return count, "rows" if down and not across else "columns" if across and not down else ""
