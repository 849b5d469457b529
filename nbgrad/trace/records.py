"""The parts of a trace: nodes, the edges between them, and the steps of both passes.

Two symbols never mix: ∂a/∂x is a *local* derivative and belongs to an edge; df/dx (or x̄) is
a *total* one, the adjoint, and belongs to a node.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeVar

from nbgrad.trace.numbers import Numbers

Role = Literal["input", "variable", "constant", "operation", "output"]
State = Literal["not run", "none", "zero", "not finite", "number"]
WhyNone = Literal["no path", "integer", "stopped", "not differentiable"]
WhyZero = Literal["times zero", "unit off", "terms cancel", "seed zero"]
WhyNotFinite = Literal["value not finite", "began here", "came from above"]
Cause = Literal["", WhyNone, WhyZero, WhyNotFinite]
StepKind = Literal["forward", "seed", "multiply", "sum", "stop"]
Lane = Literal["value", "adjoint"]
#: What a cell of a result is of cells of the operands; of several products, the sum.
Cells = Literal["", "sum", "mean", "difference", "product", "quotient"]

Item = TypeVar("Item")
Key = TypeVar("Key")


@dataclass(frozen=True)
class Adjoint:
    """The gradient that reached a tensor, or the reason why none did.

    Attributes
    ----------
    state
        "not run": the reverse pass did not come here. "zero": exactly, everywhere.
    cause, at
        Why it is none, zero or not finite, and the id of the node where that lies: where it was
        stopped, where an integer cut the path, where a value or an adjoint first was not finite.
    """

    state: State
    cause: Cause = ""
    at: str | None = None
    value: Numbers | None = None


@dataclass(frozen=True)
class Local:
    """The derivative along one edge, ∂z/∂x, as the gradient rule of z's operation has it.

    Attributes
    ----------
    formula, latex
        The rule itself, printed: what multiplies the arriving gradient ("y", "cos(x)") where
        that is a factor, else the whole expression with the arriving gradient in it.
    is_factor, value
        Whether the rule is "arriving gradient times formula", element by element, and then the
        numbers of the factor.
    uses
        The ids of the nodes whose values the formula reads.
    """

    symbol: str
    formula: str
    latex: str
    is_factor: bool
    value: Numbers | None = None
    uses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Node:
    """One tensor, with the operation that made it.

    Attributes
    ----------
    id
        "n0", "n1", … in the order of creation, which is the order of the forward pass.
    name, label
        The tensor's name in its graph, such as "mul_1:0"; and what a person calls it: the name
        given, the Python variable that it was assigned to, or a letter.
    path
        Its scopes and its operation's name, as in a graph that holds nothing else.
    expression, latex
        The operation with the labels of its operands, "x · x"; empty for a leaf.
    requested, stopped
        Whether it is one of the xs; whether it is in stop_gradients.
    seed
        Of a y, the number with which its reverse pass started.
    elementwise
        Whether its operation repeats operands that are too small (broadcasting).
    cells, subscripts
        What one of its cells is of cells of its operands ("product"), and of which ones
        ("ik,kj->ij"); see `nbgrad.trace.cells`.
    """

    id: str
    name: str
    label: str
    expression: str
    latex: str
    op_type: str
    symbol: str
    role: Role
    shape: tuple[int, ...]
    dtype: str
    line: str
    requested: bool
    stopped: bool
    value: Numbers
    adjoint: Adjoint
    seed: Numbers | None = None
    elementwise: bool = False
    cells: Cells = ""
    subscripts: str = ""
    path: str = ""


@dataclass(frozen=True)
class Edge:
    """One operand position of one operation; `x * x` has two edges from x.

    Attributes
    ----------
    id
        "e5.1": operand 1 of node n5.
    source, target
        Node ids, in the direction of the forward pass.
    contribution
        What the reverse pass carried from target to source: arriving gradient times local
        derivative, in the shape of the source.
    cause
        Why nothing was carried, or "".
    """

    id: str
    source: str
    target: str
    position: int
    local: Local | None = None
    contribution: Numbers | None = None
    cause: Cause = ""


@dataclass(frozen=True)
class Step:
    """One step of the forward or the reverse pass.

    "forward": the node's value was computed. "seed": its adjoint began with its seed.
    "multiply": along the one edge named, arriving gradient × local derivative was sent to the
    source. "sum": the several contributions that had come to the node (over `edges`, and its
    seed if it has one) were added. "stop": the node's gradient arrived, and nothing leaves.
    """

    kind: StepKind
    node: str
    edges: tuple[str, ...] = ()


@dataclass(frozen=True)
class NodesAndEdges:
    """Nodes joined by edges, found by id, by label, or as neighbours."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    steps: tuple[Step, ...]
    ys: tuple[str, ...]
    xs: tuple[str, ...]

    def node(self, key: str) -> Node:
        """The node with this id or this label.

        Raises
        ------
        KeyError
            If no node has it; the message lists the labels there are.
        """
        found = self._nodes.get(key) or next((n for n in self.nodes if n.label == key), None)
        if found is None:
            labels = ", ".join(n.label for n in self.nodes)
            raise KeyError(f"No node {key!r} in this trace. It has: {labels}")
        return found

    def edge(self, key: str) -> Edge:
        """The edge with this id, such as "e5.1"."""
        return self._edges[key]

    def incoming(self, node: Node) -> Sequence[Edge]:
        """The edges from a node's operands, in their order."""
        return self._into.get(node.id, ())

    def outgoing(self, node: Node) -> Sequence[Edge]:
        """The edges to the operations that read a node."""
        return self._out_of.get(node.id, ())

    @cached_property
    def _nodes(self) -> dict[str, Node]:
        return {node.id: node for node in self.nodes}

    @cached_property
    def _edges(self) -> dict[str, Edge]:
        return {edge.id: edge for edge in self.edges}

    @cached_property
    def _into(self) -> dict[str, list[Edge]]:
        return grouped(self.edges, lambda edge: edge.target)

    @cached_property
    def _out_of(self) -> dict[str, list[Edge]]:
        return grouped(self.edges, lambda edge: edge.source)


def grouped(items: Iterable[Item], key: Callable[[Item], Key]) -> dict[Key, list[Item]]:
    """The items in lists by key."""
    groups: dict[Key, list[Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups
