"""The microscope: one cell of a tensor, as the sum of products that it is.

A trace holds numbers and no code, so a rule is recognised by what it did: a product of matrices
is one if multiplying rows by columns gives the numbers that are there, transposed or not. What
cannot be told apart in this way is left whole.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from nbgrad.tracing.model import Edge, Node, Trace, bar

Index = tuple[int, ...]
Array = np.ndarray


@dataclass(frozen=True)
class Factor:
    """A number in a product: the cell of a tensor, or a number without a place.

    `node` is the id of the tensor it is a cell of, `lane` the one of its two arrays.
    """

    label: str
    value: float
    node: str = ""
    index: Index = ()
    lane: Literal["value", "adjoint"] = "value"

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


@dataclass(frozen=True)
class Source:
    """An array that cells are taken from, with what its cells are called."""

    array: Array
    label: str
    node: str
    lane: Literal["value", "adjoint"] = "value"

    def __getitem__(self, index: Index) -> Factor:
        return Factor(self.label, float(self.array[index]), self.node, index, self.lane)


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
        if spread := spread_terms(arrived, carried.array, at):
            return spread
    return [Term((Factor(f"through {target.label}", float(carried.array[at])),))]


def repeated_at(small: Index, large: Index, at: Index) -> Iterator[Index]:
    """The cells of a larger array to which broadcasting repeated one cell of a smaller."""
    missing = len(large) - len(small)
    choices = [range(n) for n in large[:missing]]
    for size, here, n in zip(large[missing:], at, small, strict=True):
        choices.append(range(size) if n == 1 != size else range(here, here + 1))
    return itertools.product(*choices)


def matmul_terms(a: Source, b: Source, result: Array, at: Index) -> list[Term]:
    """Row times column, if the result is a product of the matrices, transposed or not."""
    if a.array.ndim < 2 or b.array.ndim < 2 or result.ndim < 2:
        return []
    for turn_a, turn_b in itertools.product((False, True), repeat=2):
        left = np.swapaxes(a.array, -1, -2) if turn_a else a.array
        right = np.swapaxes(b.array, -1, -2) if turn_b else b.array
        if left.shape[-1] != right.shape[-2] or not is_product(left, right, result):
            continue
        *batch, i, j = at
        return [
            Term((a[turned(left, batch, i, k, turn_a)], b[turned(right, batch, k, j, turn_b)]))
            for k in range(left.shape[-1])
        ]
    return []


def is_product(left: Array, right: Array, result: Array) -> bool:
    """Whether a matrix product gives these numbers."""
    try:
        product = np.matmul(left, right)
    except ValueError:  # batches that do not fit
        return False
    return product.shape == result.shape and same(product, result)


def turned(array: Array, batch: Sequence[int], i: int, j: int, turn: bool) -> Index:
    """The index in the untransposed array; a batch of one serves all."""
    missing = len(batch) - (array.ndim - 2)
    where = [0 if n == 1 else b for b, n in zip(batch[missing:], array.shape, strict=False)]
    return (*where, j, i) if turn else (*where, i, j)


def pair_terms(a: Source, b: Source, result: Array, at: Index) -> list[Term]:
    """A cell of each, multiplied, added, subtracted or divided, whichever gives the numbers."""
    try:
        shape = np.broadcast_shapes(a.array.shape, b.array.shape)
    except ValueError:
        return []
    if shape != result.shape:
        return []
    x, y = a[reached(a.array.shape, at)], b[reached(b.array.shape, at)]
    with np.errstate(all="ignore"):
        if same(a.array * b.array, result):
            return [Term((x, y))]
        if same(a.array + b.array, result):
            return [Term((x,)), Term((y,))]
        if same(a.array - b.array, result):
            return [Term((x,)), Term((Factor("(−1)", -1.0), y))]
        if same(a.array / b.array, result) and y.value:
            inverse = Factor(f"(1/{y})", 1 / y.value, y.node, y.index)
            return [Term((x, inverse))]
    return []


def reached(shape: Index, at: Index) -> Index:
    """The cell of a broadcast operand that is read for a cell of the result."""
    here = at[len(at) - len(shape) :]
    return tuple(0 if size == 1 else i for size, i in zip(shape, here, strict=True))


def sum_terms(x: Source, result: Array, at: Index) -> list[Term]:
    """The cells that a sum or a mean runs over, along whichever axes give the numbers."""
    axes = range(x.array.ndim)
    for count in range(1, x.array.ndim + 1):
        for along in itertools.combinations(axes, count):
            n = math.prod(x.array.shape[axis] for axis in along)
            kept = x.array.sum(along, keepdims=True)
            if kept.size != result.size or n == 0:
                continue
            for scale, name in ((1.0, ""), (1 / n, f"1/{n}")):
                if same(kept.reshape(result.shape) * scale, result):
                    part = (Factor(name, scale),) if name else ()
                    return [Term((*part, x[i])) for i in summed(x.array.shape, along, result, at)]
    return []


def summed(shape: Index, along: Index, result: Array, at: Index) -> Iterator[Index]:
    """The cells of an array that a sum along some axes adds up to one cell."""
    kept = [axis for axis in range(len(shape)) if axis not in along]
    flat = int(np.ravel_multi_index(at, result.shape)) if at else 0
    place = np.unravel_index(flat, [shape[axis] for axis in kept]) if kept else ()
    fixed = dict(zip(kept, map(int, place), strict=True))
    return itertools.product(
        *(
            range(fixed[axis], fixed[axis] + 1) if axis in fixed else range(n)
            for axis, n in enumerate(shape)
        )
    )


def spread_terms(arrived: Source, carried: Array, at: Index) -> list[Term]:
    """The one cell of an adjoint that a sum, or a mean, sends back to each of its operands."""
    above = arrived.array
    if above.size != 1 or carried.size == 0:
        return []
    share = Factor(f"1/{carried.size}", 1 / carried.size)
    first = arrived[tuple(0 for _ in above.shape)]
    if same(np.broadcast_to(above.reshape(()), carried.shape), carried):
        return [Term((first,))]
    if same(np.broadcast_to(above.reshape(()) / carried.size, carried.shape), carried):
        return [Term((share, first))]
    return []


def same(a: Array, b: Array) -> bool:
    """Whether two arrays hold the same numbers, up to the rounding of their type."""
    digits = np.finfo(b.dtype).eps if b.dtype.kind == "f" else 0
    size = float(np.max(np.abs(b), initial=0)) if np.isfinite(b).all() else 1.0
    return bool(np.allclose(a, b, rtol=1e2 * digits, atol=1e2 * digits * size, equal_nan=True))
