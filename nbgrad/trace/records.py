"""The parts of a trace: nodes, the edges between them, and the steps of both passes.

Two symbols never mix: ∂a/∂x is a *local* derivative and belongs to an edge; df/dx (or x̄) is
a *total* one, the adjoint, and belongs to a node.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import NoneType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

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
    """The gradient that reached a tensor, or the reason why none did."""

    state: State  # "not run": the reverse pass did not come here; "zero": exactly, everywhere
    cause: Cause = ""  # why it is none, zero or not finite,
    #: and the id of the node where that lies: where it was stopped, where an integer cut the path,
    #: where a value or an adjoint first was not finite.
    at: str | None = None
    value: Numbers | None = None


@dataclass(frozen=True)
class Local:
    """The derivative along one edge, ∂z/∂x, as the gradient rule of z's operation has it."""

    symbol: str
    #: The rule itself, printed: what multiplies the arriving gradient ("y", "cos(x)") where that is
    #: a factor, else the whole expression with the arriving gradient in it.
    formula: str
    latex: str
    is_factor: bool  # whether the rule is "arriving gradient times formula", element by element,
    value: Numbers | None = None  # and then the numbers of the factor
    uses: tuple[str, ...] = ()  # the ids of the nodes whose values the formula reads


@dataclass(frozen=True)
class Node:
    """One tensor, with the operation that made it."""

    id: str  # "n0", "n1", … in the order of creation, which is the order of the forward pass
    name: str  # in its graph, such as "mul_1:0"
    label: str  # what a person calls it: the name given, the Python variable, or a letter
    expression: str  # the operation with the labels of its operands, "x · x"; empty for a leaf
    latex: str
    op_type: str
    symbol: str
    role: Role
    shape: tuple[int, ...]
    dtype: str
    line: str
    requested: bool  # whether it is one of the xs
    stopped: bool  # whether it is in stop_gradients
    value: Numbers
    adjoint: Adjoint
    seed: Numbers | None = None  # of a y, the number with which its reverse pass started
    elementwise: bool = False  # whether its operation repeats operands that are too small
    cells: Cells = ""  # what one of its cells is of cells of its operands, "product",
    subscripts: str = ""  # and of which ones, "ik,kj->ij"; see `nbgrad.trace.cells`
    path: str = ""  # its scopes and its operation's name, as in a graph that holds nothing else


@dataclass(frozen=True)
class Edge:
    """One operand position of one operation; `x * x` has two edges from x."""

    id: str  # "e5.1": operand 1 of node n5
    source: str  # the ids of nodes, in the direction of the forward pass
    target: str
    position: int
    local: Local | None = None
    #: What the reverse pass carried from target to source: arriving gradient times local
    #: derivative, in the shape of the source.
    contribution: Numbers | None = None
    cause: Cause = ""  # why nothing was carried


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


# As plain data ---------------------------------------------------------------------------------


def plain(item: Any, write: Callable[[Numbers], Any] = Numbers.to_dict) -> Any:
    """Dataclasses as dictionaries, tuples as lists, all the way down; numbers as `write` has it."""
    if isinstance(item, Numbers):
        return write(item)
    if dataclasses.is_dataclass(item):
        return {f.name: plain(getattr(item, f.name), write) for f in dataclasses.fields(item)}
    return [plain(each, write) for each in item] if isinstance(item, tuple) else item


def rebuilt(kind: Any, item: Any) -> Any:
    """The object of this type that `plain` made into plain data."""
    if item is None or kind is Numbers:
        return item and Numbers.from_dict(item)
    if get_origin(kind) is tuple:
        return tuple(rebuilt(get_args(kind)[0], each) for each in item)
    if NoneType in get_args(kind):
        return rebuilt(get_args(kind)[0], item)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        types = get_type_hints(kind)
        return kind(**{name: rebuilt(types[name], each) for name, each in item.items()})
    return item
