"""The Trace: one forward and one reverse run as plain data.

Everything that a picture, a derivation or a table shows is read from here. There are names,
numbers and edges, and no object of the engine, so a trace can be written to JSON, sent to a
browser, and compared with `==`.

Two symbols never mix: ∂a/∂x is a *local* derivative and belongs to an edge; df/dx (or x̄) is
a *total* one, the adjoint, and belongs to a node.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from nbgrad.trace.cells import Cell, cell_of
from nbgrad.trace.paths import Paths, grouped, paths_between
from nbgrad.trace.subscripts import Cells
from nbgrad.trace.symbols import bar


@dataclass(frozen=True)
class Trace:
    """One forward and one reverse run: nodes, edges, and the steps in the order they happened."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    steps: tuple[Step, ...]
    ys: tuple[str, ...]
    xs: tuple[str, ...]

    @cached_property
    def _by_id(self) -> dict[str, Any]:
        return {**{n.id: n for n in self.nodes}, **{e.id: e for e in self.edges}}

    def node(self, key: str) -> Node:
        """The node with this id or this label.

        Raises
        ------
        KeyError
            If no node has it; the message lists the labels there are.
        """
        found = self._by_id.get(key) or next((n for n in self.nodes if n.label == key), None)
        if not isinstance(found, Node):
            labels = ", ".join(n.label for n in self.nodes)
            raise KeyError(f"No node {key!r} in this trace. It has: {labels}")
        return found

    def edge(self, key: str) -> Edge:
        """The edge with this id, such as "e5.1"."""
        found: Edge = self._by_id[key]
        return found

    def incoming(self, node: Node) -> Iterator[Edge]:
        """The edges from a node's operands, in the order of the operands."""
        return (edge for edge in self._into.get(node.id, ()))

    def outgoing(self, node: Node) -> Iterator[Edge]:
        """The edges to the operations that read a node."""
        return (edge for edge in self._out_of.get(node.id, ()))

    @cached_property
    def _into(self) -> dict[str, list[Edge]]:
        return grouped(self.edges, lambda edge: edge.target)

    @cached_property
    def _out_of(self) -> dict[str, list[Edge]]:
        return grouped(self.edges, lambda edge: edge.source)

    def paths(self, x: str, y: str | None = None, *, most: int = 200, cut: bool = False) -> Paths:
        """The paths from x to the ys, or to one y, each with its product.

        The sum of the products is the adjoint of x (for one y of several: that y's part).

        Parameters
        ----------
        x, y
            Ids or labels of nodes.
        most
            If there are more, they are only counted.
        cut
            Also list those that are cut by a stop, an integer or a missing rule.
        """
        ys = [self.node(each) for each in ([y] if y is not None else self.ys)]
        return paths_between(self, self.node(x), ys, most=most, cut=cut)

    def total(self, node: Node) -> str:
        """The symbol of a node's adjoint: "df/dx"; "x̄" where ys are several, or weighed."""
        if self._unweighed is None:
            return bar(node.label)
        return f"d{self._unweighed}/d{node.label}"

    @cached_property
    def _unweighed(self) -> str | None:
        """The label of the only y, if its seed is nothing but ones."""
        ys = [self.node(y) for y in self.ys]
        if len(ys) != 1 or (ys[0].seed is not None and (ys[0].seed.array != 1).any()):
            return None
        return ys[0].label

    def cell(
        self, key: str, index: tuple[int, ...] | int, lane: Literal["value", "adjoint"] = "value"
    ) -> Cell:
        """One cell of a node's value or adjoint, with the products whose sum it is.

        Examples
        --------
        >>> import nbgrad as ng
        >>> with ng.Graph().as_default():
        ...     A = ng.Variable([[1.0, 2.0], [3.0, 4.0]], name="A")
        ...     v = ng.Variable([[5.0], [6.0]], name="v")
        ...     t = ng.trace(ng.matmul(A, v, name="u"), [A, v])
        >>> print(t.cell("u", (1, 0)))
        u[1, 0] = A[1, 0]·v[0, 0] + A[1, 1]·v[1, 0] = 3·5 + 4·6 = 39
        """
        return cell_of(self, key, index, lane)

    def to_dict(self) -> dict[str, Any]:
        """The whole trace as dictionaries, lists, strings and numbers: ready for JSON."""
        return {"format": 1, **plain(self)}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Trace:
        """The trace that `to_dict` wrote: `Trace.from_dict(t.to_dict()) == t`."""

        def numbers(item: dict[str, Any] | None) -> Numbers | None:
            return None if item is None else Numbers.from_dict(item)

        def adjoint(item: dict[str, Any]) -> Adjoint:
            return Adjoint(**item | {"value": numbers(item["value"])})

        def local(item: dict[str, Any] | None) -> Local | None:
            if item is None:
                return None
            uses = tuple(item.get("uses", ()))
            return Local(**item | {"value": numbers(item["value"]), "uses": uses})

        return cls(
            nodes=tuple(
                Node(
                    **item
                    | {
                        "shape": tuple(item["shape"]),
                        "value": numbers(item["value"]),
                        "adjoint": adjoint(item["adjoint"]),
                        "seed": numbers(item["seed"]),
                    }
                )
                for item in data["nodes"]
            ),
            edges=tuple(
                Edge(
                    **item
                    | {
                        "local": local(item["local"]),
                        "contribution": numbers(item["contribution"]),
                    }
                )
                for item in data["edges"]
            ),
            steps=tuple(Step(**item | {"edges": tuple(item["edges"])}) for item in data["steps"]),
            ys=tuple(data["ys"]),
            xs=tuple(data["xs"]),
        )

    @cached_property
    def moments(self) -> Moments:
        """When each value, adjoint and contribution becomes known."""
        return moments_of(self)

    def frame(self, k: int) -> Frame:
        """What is known after the first `k` steps; `frame(len(steps))` knows everything.

        Raises
        ------
        IndexError
            If there is no such step.
        """
        if not 0 <= k <= len(self.steps):
            raise IndexError(f"This trace has {len(self.steps)} steps; there is no step {k}.")
        return Frame(self, k)

    def frames(self) -> Iterator[Frame]:
        """What is known before the first step, after it, and so on to the last."""
        return (Frame(self, k) for k in range(len(self.steps) + 1))


def plain(item: Any) -> Any:
    """Dataclasses as dictionaries, tuples as lists, all the way down."""
    if isinstance(item, Numbers):
        return item.to_dict()
    if dataclasses.is_dataclass(item):
        return {f.name: plain(getattr(item, f.name)) for f in dataclasses.fields(item)}
    if isinstance(item, tuple):
        return [plain(each) for each in item]
    return item


Role = Literal["input", "variable", "constant", "operation", "output"]


State = Literal["not run", "none", "zero", "not finite", "number"]


Cause = Literal[
    "",
    # why there is no gradient at all
    "no path",
    "integer",
    "stopped",
    "not differentiable",
    # why it is exactly zero
    "times zero",
    "unit off",
    "terms cancel",
    "seed zero",
    # why it is not finite
    "began here",
    "came from above",
]


StepKind = Literal["forward", "seed", "multiply", "sum", "stop"]


@dataclass(frozen=True)
class Adjoint:
    """The gradient that reached a tensor, or the reason why none did.

    Attributes
    ----------
    state
        "not run" (the reverse pass never asked), "none", "zero" (exactly, everywhere),
        "not finite" or "number".
    cause
        Why it is none, zero or not finite; empty for a number.
    at
        The id of the node that is the cause (where it was stopped, where an integer cut the
        path, where it first was not finite), or None.
    value
        The numbers, where there are any.
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
    symbol
        "∂a/∂x", with the labels of both ends.
    formula, latex
        The rule itself, printed: what multiplies the arriving gradient ("y", "cos(x)") where
        that is a factor, else the whole expression with the arriving gradient in it.
    is_factor
        True where the rule is "arriving gradient times formula", element by element.
    value
        The factor's numbers, where it is a factor.
    uses
        The ids of the nodes whose values the formula speaks of.
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
    name
        The tensor's name in its graph, such as "mul_1:0".
    label
        What a person calls it: the name given, the Python variable it was assigned to, or a
        letter.
    expression, latex
        The operation with the labels of its operands: "x × x"; empty for a leaf.
    line
        The user's line that created it.
    requested
        Whether it is one of the xs.
    stopped
        Whether it is listed in stop_gradients.
    seed
        For a y, the weight (grad_ys) that started its reverse pass.
    elementwise
        Whether its operation works element by element, and so repeats operands that are too
        small (broadcasting).
    cells, subscripts
        What one of its cells is of cells of its operands ("product"), and of which ones
        ("ik,kj->ij"); see `nbgrad.core.registry.OpDef`.
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


@dataclass(frozen=True)
class Edge:
    """One operand position of one operation; `x * x` has two edges from x.

    Attributes
    ----------
    id
        "e5.1": operand 1 of node n5.
    source, target
        Node ids, in the direction of the forward pass.
    local
        The derivative along the edge, or None where nothing was sent back.
    contribution
        What the reverse pass carried from target to source: arriving gradient times local
        derivative, in the shape of the source. None where nothing was carried.
    cause
        Why nothing was carried ("stopped", "integer", "not differentiable", "no path"), or "".
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
    """One thing that happened.

    "forward": the node's value was computed. "seed": its adjoint began with its seed.
    "multiply": along the one edge named, arriving gradient × local derivative was sent to the
    source. "sum": the several contributions that had come to the node (over `edges`, and its
    seed if it has one) were added. "stop": the node's gradient arrived, and nothing leaves.
    """

    kind: StepKind
    node: str
    edges: tuple[str, ...] = ()


DIGITS = {"float32": 7, "float64": 15}


"""The significant decimal digits that a number of each precision has."""


@dataclass(frozen=True, eq=False)
class Numbers:
    """The elements of a tensor: a read-only NumPy array that compares by value."""

    array: np.ndarray

    def __post_init__(self) -> None:
        # A view: freezing must not lock an array that belongs to the caller.
        frozen = np.asarray(self.array).view()
        frozen.flags.writeable = False
        object.__setattr__(self, "array", frozen)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.array.shape

    @property
    def dtype(self) -> str:
        return str(self.array.dtype)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Numbers):
            return NotImplemented
        same_kind = self.dtype == other.dtype and self.shape == other.shape
        return same_kind and bool(((self.array == other.array) | both_nan(self, other)).all())

    __hash__ = None  # type: ignore[assignment]

    def to_dict(self) -> dict[str, Any]:
        """Shape, dtype and the elements in row-major order; ∞ and NaN as words, as JSON wants."""
        elements = [as_json(e) for e in self.array.ravel().tolist()]
        return {"dtype": self.dtype, "shape": list(self.shape), "elements": elements}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Numbers:
        elements = [WORDS.get(e, e) if isinstance(e, str) else e for e in data["elements"]]
        return cls(np.array(elements, dtype=data["dtype"]).reshape(data["shape"]))


WORDS = {"NaN": np.nan, "Infinity": np.inf, "-Infinity": -np.inf}


def as_json(element: Any) -> Any:
    """An element of a tensor as a JSON value: non-finite numbers become words."""
    if not isinstance(element, float) or np.isfinite(element):
        return element
    return "NaN" if np.isnan(element) else "Infinity" if element > 0 else "-Infinity"


def both_nan(a: Numbers, b: Numbers) -> np.ndarray:
    """Where both hold NaN: a trace read back from JSON equals the one that was written."""
    return (a.array != a.array) & (b.array != b.array)


@dataclass(frozen=True)
class Frame:
    """The state of both passes after the first `k` steps: a pure function of trace and k."""

    trace: Trace
    k: int

    @property
    def step(self) -> Step | None:
        """The step that has just happened, or None before the first."""
        return self.trace.steps[self.k - 1] if self.k else None

    def knows_value(self, node: Node) -> bool:
        return self.k >= self.trace.moments.value[node.id]

    def knows_adjoint(self, node: Node) -> bool:
        return self.k >= self.trace.moments.adjoint[node.id]

    def knows_contribution(self, edge: Edge) -> bool:
        return self.k >= self.trace.moments.contribution.get(edge.id, NEVER)


NEVER = 10**9


@dataclass(frozen=True)
class Moments:
    """For each node and edge, the number of steps after which a part of it is known.

    Leaves have their value from the start (0). What needs no reverse pass to be known, an
    adjoint that is None, shows when the last step has run.
    """

    value: dict[str, int]
    adjoint: dict[str, int]
    contribution: dict[str, int]


def moments_of(trace: Trace) -> Moments:
    """When each value, adjoint and contribution of a trace becomes known."""
    value = {node.id: 0 for node in trace.nodes}
    adjoint = {node.id: len(trace.steps) for node in trace.nodes}
    contribution: dict[str, int] = {}
    for k, step in enumerate(trace.steps, start=1):
        match step.kind:
            case "forward":
                value[step.node] = k
            case "seed" | "sum":
                adjoint[step.node] = k
            case "multiply":
                contribution[step.edges[0]] = k
    sums = {step.node for step in trace.steps if step.kind in ("seed", "sum")}
    for edge in trace.edges:
        # A single contribution is the adjoint; several wait for their sum.
        if edge.id in contribution and edge.source not in sums:
            adjoint[edge.source] = contribution[edge.id]
    return Moments(value, adjoint, contribution)
