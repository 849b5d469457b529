"""Sums of products, recognised by their numbers: rows by columns, pairs, sums and repetitions."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from nbgrad.tracing.parts import Local

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
class Source:
    """An array that cells are taken from, with what its cells are called."""

    array: Array
    label: str
    node: str
    lane: Literal["value", "adjoint"] = "value"

    def __getitem__(self, index: Index) -> Factor:
        return Factor(self.label, float(self.array[index]), self.node, index, self.lane)


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


def spread_terms(arrived: Source, local: Local, carried: Array, at: Index) -> list[Term]:
    """The one cell of an adjoint that a sum, or a mean, sends back to each of its operands."""
    above, shape = arrived.array, carried.shape
    assert local.value is not None
    factor = np.broadcast_to(local.value.array, shape)
    for count in range(1, len(shape) + 1):
        for along in itertools.combinations(range(len(shape)), count):
            kept = tuple(1 if axis in along else n for axis, n in enumerate(shape))
            if math.prod(kept) == above.size and same(above.reshape(kept) * factor, carried):
                flat = int(
                    np.ravel_multi_index([i * (n > 1) for i, n in zip(at, kept, strict=True)], kept)
                )
                there = tuple(map(int, np.unravel_index(flat, above.shape)))
                return [Term((arrived[there], Factor(local.symbol, float(factor[at]))))]
    return [Term((Factor(local.symbol, float(carried[at])),))]


def same(a: Array, b: Array) -> bool:
    """Whether two arrays hold the same numbers, up to the rounding of their type."""
    digits = np.finfo(b.dtype).eps if b.dtype.kind == "f" else 0
    size = float(np.max(np.abs(b), initial=0)) if np.isfinite(b).all() else 1.0
    return bool(np.allclose(a, b, rtol=1e2 * digits, atol=1e2 * digits * size, equal_nan=True))
