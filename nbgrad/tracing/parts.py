"""The parts of a trace: nodes, edges and steps, with what is known of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nbgrad.registry import Cells
from nbgrad.tracing.numbers import Numbers

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
        ("ik,kj->ij"); see `nbgrad.registry.OpDef`.
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
