"""Cells: one element of a tensor as a sum of products, its terms.

Which cells of the operands make a cell, subscripts say, those of `np.einsum`: in the product of
matrices "ik,kj->ij", the cell [i, j] is made of the cells [i, k] and [k, j], for every k; a "1"
stands for an axis of size 1. They are read backwards in the reverse pass: the adjoint of [i, k] is
a sum over j. What is no sum of products is left whole.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from string import ascii_lowercase
from typing import Any

import numpy as np

from nbgrad.core.graph import Operation
from nbgrad.core.operators import holds_tensor
from nbgrad.core.shapes import normal_axes
from nbgrad.trace.formulas import bar
from nbgrad.trace.numbers import in_brackets, short
from nbgrad.trace.records import Cells, Edge, Lane, Node, NodesAndEdges

#: Of a sum in float16, the least exact of the types, relative to its terms.
ROUNDING = 1e-2

Index = tuple[int, ...]
LETTERS = ascii_lowercase


@dataclass(frozen=True)
class Factor:
    """A number in a product: the cell of a tensor, or a number without a place."""

    label: str
    value: float
    node: str = ""  # the id of the tensor it is a cell of
    index: Index = ()
    lane: Lane = "value"

    def __str__(self) -> str:
        return f"{self.label}[{', '.join(map(str, self.index))}]" if self.index else self.label


@dataclass(frozen=True)
class Term:
    """One product of the sum."""

    factors: tuple[Factor, ...]

    @property
    def product(self) -> float:
        return math.prod(factor.value for factor in self.factors)

    def __str__(self) -> str:
        return "·".join(map(str, self.factors))


@dataclass(frozen=True)
class Cell:
    """One element of a tensor's value or adjoint, and the products whose sum it is.

    There are no terms where the operation is not a sum of products, and for a leaf.
    """

    this: Factor
    terms: tuple[Term, ...]

    @property
    def total(self) -> float:
        """The sum of the products: the cell's value, up to rounding."""
        return math.fsum(term.product for term in self.terms)

    def __str__(self) -> str:
        result = short(self.this.value)
        if not self.terms:
            return f"{self.this} = {result}"
        symbols = " + ".join(map(str, self.terms))
        factors = ((in_brackets(short(f.value)) for f in term.factors) for term in self.terms)
        numbers = " + ".join(map("·".join, factors))
        return f"{self.this} = {symbols} = {numbers} = {result}"


def cell_of(trace: NodesAndEdges, key: str, index: Index | int, lane: Lane = "value") -> Cell:
    """The products whose sum is one cell; see `nbgrad.trace.model.Trace.cell`."""
    node = trace.node(key)
    at = (index,) if isinstance(index, int) else tuple(index)
    if lane == "adjoint" and node.adjoint.value is None:
        raise ValueError(f"{node.label} has no adjoint: its state is {node.adjoint.state!r}.")
    inside = (0 <= i < n for i, n in zip(at, node.shape, strict=False))
    if len(at) != len(node.shape) or not all(inside):
        raise IndexError(f"{node.label} has shape {list(node.shape)}; there is no cell {list(at)}.")
    terms = value_terms(trace, node, at) if lane == "value" else adjoint_terms(trace, node, at)
    return Cell(factor_at(node, at, lane), tuple(terms))


def factor_at(node: Node, at: Index, lane: Lane = "value") -> Factor:
    """A cell of a node's value or adjoint."""
    numbers = node.value if lane == "value" else node.adjoint.value
    assert numbers is not None
    if numbers.array.dtype.kind not in "biuf":
        raise TypeError(
            f"{node.label} has dtype {node.dtype}; only cells of real numbers are looked at."
        )
    label = node.label if lane == "value" else bar(node.label)
    return Factor(label, float(numbers.array[at]), node.id, at, lane)


def subscripts_at(trace: NodesAndEdges, node: Node) -> tuple[list[Node], Subscripts | None]:
    """A node's operands, and how their cells make its own; None where that is not known."""
    edges = sorted(trace.incoming(node), key=lambda edge: edge.position)
    operands = [trace.node(edge.source) for edge in edges]
    if not node.subscripts or node.subscripts.count(",") + 1 != len(operands):
        return operands, None
    return operands, Subscripts.parse(node.subscripts, [*(x.shape for x in operands), node.shape])


def value_terms(trace: NodesAndEdges, node: Node, at: Index) -> list[Term]:
    """The products whose sum is a cell of a value."""
    operands, subscripts = subscripts_at(trace, node)
    if subscripts is None:
        return []
    cells = [
        [factor_at(x, subscripts.index(i, place)) for i, x in enumerate(operands)]
        for place in subscripts.places(-1, at)
    ]
    match node.cells:
        case "product":
            return [Term(tuple(factors)) for factors in cells]
        case "sum":
            return [Term((cell,)) for factors in cells for cell in factors]
        case "mean":
            n = len(cells)
            return [Term((Factor(f"1/{n}", 1 / n), *factors)) for factors in cells]
        case "difference":
            ((x, y),) = cells
            return [Term((x,)), Term((Factor("(−1)", -1.0), y))]
        case "quotient":
            ((x, y),) = cells
            if y.value:
                return [Term((x, replace(y, label=f"(1/{y.label})", value=1 / y.value)))]
    return []


def adjoint_terms(trace: NodesAndEdges, node: Node, at: Index) -> list[Term]:
    """The products whose sum is a cell of an adjoint: those of every edge, and the seed."""
    terms: list[Term] = []
    if node.seed is not None and node.id in trace.ys:
        seed = np.broadcast_to(node.seed.array, node.shape)
        terms.append(Term((Factor("seed", float(seed[at])),)))
    for edge in trace.outgoing(node):
        if edge.contribution is not None:
            carried = float(edge.contribution.array[at])
            products = edge_terms(trace, edge, at)
            whole = Factor(f"through {trace.node(edge.target).label}", carried)
            terms += products if add_up_to(carried, products) else [Term((whole,))]
    return terms


def add_up_to(carried: float, products: Sequence[Term]) -> bool:
    """Whether these products add up to the contribution; not always under a learner's own rule."""
    numbers = [term.product for term in products]
    if not all(map(math.isfinite, (carried, *numbers))):
        return bool(products)
    return abs(sum(numbers) - carried) <= ROUNDING * (abs(carried) + sum(map(abs, numbers)))


def edge_terms(trace: NodesAndEdges, edge: Edge, at: Index) -> list[Term]:
    """The products that make up one cell of what an edge carried; none if that is not known."""
    target, local, position = trace.node(edge.target), edge.local, edge.position
    operands, subscripts = subscripts_at(trace, target)
    if subscripts is None or local is None or target.adjoint.value is None:
        return []
    if local.value is None and target.cells != "product":
        return []
    # Of many into one, there is a factor for each cell of the operand; else, of the result.
    larger = position if subscripts.reduces(position) else -1
    terms = []
    for place in subscripts.places(position, at):
        if local.value is None or is_other_operand(target, edge, operands):
            pairs = [(i, x) for i, x in enumerate(operands) if i != position]
            others = [factor_at(x, subscripts.index(i, place)) for i, x in pairs]
        else:
            numbers = np.broadcast_to(local.value.array, subscripts.shapes[larger])
            number = float(numbers[subscripts.index(larger, place)])
            others = [Factor(local.symbol, number)]
        arrived = factor_at(target, subscripts.index(-1, place), "adjoint")
        terms.append(Term((arrived, *others)))
    return terms


def is_other_operand(target: Node, edge: Edge, operands: Sequence[Node]) -> bool:
    """Whether a local derivative is the other operand, which then can be pointed at."""
    if target.cells != "product" or len(operands) != 2 or edge.local is None:
        return False
    other = operands[1 - edge.position]
    return edge.local.value is None or edge.local.formula == other.label


# Subscripts -------------------------------------------------------------------------------------

Place = dict[str, int]


@dataclass(frozen=True)
class Subscripts:
    """Subscripts such as "ik,kj->ij" for arrays of these shapes: the operands, then the result."""

    letters: tuple[str, ...]
    shapes: tuple[Index, ...]

    @classmethod
    def parse(cls, text: str, shapes: Sequence[Index]) -> Subscripts:
        operands, _, result = text.partition("->")
        return cls((*operands.split(","), result), tuple(shapes))

    @cached_property
    def sizes(self) -> dict[str, int]:
        sizes: dict[str, int] = {}
        for letters, shape in zip(self.letters, self.shapes, strict=True):
            for letter, size in zip(letters, shape, strict=True):
                sizes[letter] = max(size, sizes.get(letter, 1)) if size else 0
        return sizes

    def reduces(self, which: int) -> bool:
        """Whether several cells of an operand go into one of the result."""
        return not set(self.letters[which]) <= set(self.letters[-1])

    def places(self, which: int, at: Index) -> Iterator[Place]:
        """All values of the letters at which one cell of one array takes part."""
        fixed = {
            letter: here
            for letter, here, size in zip(self.letters[which], at, self.shapes[which], strict=True)
            if size == self.sizes[letter]  # else its only cell serves all
        }
        runs = [[fixed[c]] if c in fixed else range(n) for c, n in self.sizes.items()]
        for chosen in itertools.product(*runs):
            yield dict(zip(self.sizes, chosen, strict=True))

    def index(self, which: int, place: Place) -> Index:
        """The index of one array's cell, for some values of the letters."""
        return tuple(
            0 if size == 1 else place[letter]
            for letter, size in zip(self.letters[which], self.shapes[which], strict=True)
        )


KINDS: dict[str, Cells] = {
    **dict.fromkeys(["Add", "AddV2", "AddN", "BiasAdd", "Sum", "SumTo"], "sum"),
    **dict.fromkeys(["Mul", "MatMul", "Transpose"], "product"),
    **{"Sub": "difference", "RealDiv": "quotient", "Mean": "mean"},
}


def subscripts_of(op: Operation) -> str:
    """The subscripts of one operation; "" where it has none, or a rank is not known."""
    rule = RULES.get(op.type, broadcast_cells if op.definition.elementwise else None)
    shapes = [x.static_shape for x in op.inputs]
    if rule is None or any(map(holds_tensor, op.attributes.values())):
        return ""
    ranks = [len(shape) for shape in shapes if shape is not None]
    return rule(*ranks, **op.attributes) if len(ranks) == len(shapes) else ""


def broadcast_cells(*ranks: int, **_attributes: Any) -> str:
    most = max(ranks)
    return f"{','.join(LETTERS[most - rank : most] for rank in ranks)}->{LETTERS[:most]}"


def reduced_cells(rank: int, *, axis: Any, keepdims: Any) -> str:
    operand, gone = LETTERS[:rank], normal_axes(axis, rank)
    without = "1" if keepdims else ""
    return f"{operand}->{''.join(without if i in gone else operand[i] for i in range(rank))}"


def summed_cells(rank: int, *, shape: Any) -> str:
    operand = LETTERS[:rank]
    kept = operand[rank - len(shape) :]
    ends = ("1" if size == 1 else letter for letter, size in zip(kept, shape, strict=True))
    return f"{operand}->{''.join(ends)}"


def matrix_product(a: int, b: int, *, transpose_a: Any, transpose_b: Any) -> str:
    most = max(a, b) - 2
    i, j, k = tuple(LETTERS[most : most + 3])
    rows, columns = f"{k}{i}" if transpose_a else f"{i}{k}", f"{j}{k}" if transpose_b else f"{k}{j}"
    left, right = LETTERS[most - a + 2 : most], LETTERS[most - b + 2 : most]
    return f"{left}{rows},{right}{columns}->{LETTERS[:most]}{i}{j}"


def permuted(rank: int, *, perm: Any) -> str:
    order = reversed(range(rank)) if perm is None else perm
    return f"{LETTERS[:rank]}->{''.join(LETTERS[axis] for axis in order)}"


RULES: dict[str, Callable[..., str]] = {
    "AddN": broadcast_cells,
    "SumTo": summed_cells,
    "MatMul": matrix_product,
    "Transpose": permuted,
    **dict.fromkeys(["Sum", "Mean", "Prod", "Max", "Min", "EuclideanNorm"], reduced_cells),
    **dict.fromkeys(["All", "Any"], reduced_cells),
}
