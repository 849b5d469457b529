"""The microscope: one cell of a tensor, as the sum of products that it is.

A trace holds numbers and no code, so a rule is recognised by what it did: a product of matrices
is one if multiplying rows by columns gives the numbers that are there, transposed or not. What
cannot be told apart in this way is left whole.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from nbgrad.tracing.products import (
    Factor,
    Index,
    Source,
    Term,
    matmul_terms,
    pair_terms,
    spread_terms,
    sum_terms,
)
from nbgrad.tracing.symbols import bar

if TYPE_CHECKING:
    from nbgrad.tracing.model import Trace
    from nbgrad.tracing.parts import Edge, Node


@dataclass(frozen=True)
class Cell:
    """One element of a tensor's value or adjoint, and the products whose sum it is.

    Attributes
    ----------
    this
        The cell itself.
    terms
        The products. None at all where the operation is not a sum of products, and for a leaf.
    """

    this: Factor
    terms: tuple[Term, ...]

    @property
    def total(self) -> float:
        """The sum of the products: the cell's value, up to rounding."""
        return math.fsum(term.product for term in self.terms)

    def __str__(self) -> str:
        if not self.terms:
            return f"{self.this} = {self.this.value:g}"
        symbols = " + ".join(map(str, self.terms))
        numbers = " + ".join("·".join(in_product(f.value) for f in t.factors) for t in self.terms)
        return f"{self.this} = {symbols} = {numbers} = {self.this.value:g}"


def in_product(value: float) -> str:
    """A number as a factor."""
    return f"({value:g})" if value < 0 else f"{value:g}"


def cell_of(
    trace: Trace, key: str, index: Index | int, lane: Literal["value", "adjoint"] = "value"
) -> Cell:
    """The products whose sum is one cell.

    Parameters
    ----------
    key
        The id or the label of a node.
    index
        Which of its cells.
    lane
        Of its value, or of its adjoint.

    Raises
    ------
    IndexError
        If there is no such cell.
    ValueError
        If the node has no adjoint.
    """
    node = trace.node(key)
    at = (index,) if isinstance(index, int) else tuple(index)
    numbers = node.value if lane == "value" else node.adjoint.value
    if numbers is None:
        raise ValueError(f"{node.label} has no adjoint: its state is {node.adjoint.state!r}.")
    if len(at) != len(node.shape) or any(
        not 0 <= i < n for i, n in zip(at, node.shape, strict=True)
    ):
        raise IndexError(f"{node.label} has shape {list(node.shape)}; there is no cell {list(at)}.")
    label = node.label if lane == "value" else bar(node.label)
    this = Factor(label, float(numbers.array[at]), node.id, at, lane)
    terms = value_terms(trace, node, at) if lane == "value" else adjoint_terms(trace, node, at)
    return Cell(this, tuple(terms))


def value_of(node: Node) -> Source:
    return Source(node.value.array, node.label, node.id)


def value_terms(trace: Trace, node: Node, at: Index) -> list[Term]:
    """The products whose sum is a cell of a value."""
    operands = [value_of(trace.node(edge.source)) for edge in trace.incoming(node)]
    result = node.value.array
    if len(operands) == 2:
        a, b = operands
        return matmul_terms(a, b, result, at) or pair_terms(a, b, result, at)
    if len(operands) == 1:
        return sum_terms(operands[0], result, at)
    return []


def adjoint_terms(trace: Trace, node: Node, at: Index) -> list[Term]:
    """The products whose sum is a cell of an adjoint: those of every edge, and the seed."""
    terms: list[Term] = []
    if node.seed is not None and node.id in trace.ys:
        seed = np.broadcast_to(node.seed.array, node.shape)
        terms.append(Term((Factor("seed", float(seed[at])),)))
    for edge in trace.outgoing(node):
        if edge.contribution is not None:
            terms += edge_terms(trace, edge, at)
    return terms


def edge_terms(trace: Trace, edge: Edge, at: Index) -> list[Term]:
    """The products that make up one cell of what an edge carried."""
    target, carried = trace.node(edge.target), edge.contribution
    above, local = target.adjoint.value, edge.local
    assert carried is not None
    if above is not None and local is not None:
        arrived = Source(above.array, bar(target.label), target.id, "adjoint")
        if local.value is not None and above.array.size < carried.array.size:
            return spread_terms(arrived, local, carried.array, at)
        if local.value is not None:
            factor = np.broadcast_to(local.value.array, target.shape)
            return [
                Term((arrived[there], Factor(local.symbol, float(factor[there]))))
                for there in repeated_at(carried.shape, target.shape, at)
            ]
        for used in local.uses:
            other = value_of(trace.node(used))
            found = matmul_terms(arrived, other, carried.array, at)
            found = found or matmul_terms(other, arrived, carried.array, at)
            if found:
                return found
    return [Term((Factor(f"through {target.label}", float(carried.array[at])),))]


def repeated_at(small: Index, large: Index, at: Index) -> Iterator[Index]:
    """The cells of a larger array to which broadcasting repeated one cell of a smaller."""
    missing = len(large) - len(small)
    choices = [range(n) for n in large[:missing]]
    for size, here, n in zip(large[missing:], at, small, strict=True):
        choices.append(range(size) if n == 1 != size else range(here, here + 1))
    return itertools.product(*choices)
