"""Sums of products, and which cells of which arrays are their factors."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

Index = tuple[int, ...]
Place = dict[str, int]


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

    array: np.ndarray
    label: str
    node: str
    lane: Literal["value", "adjoint"] = "value"

    def __getitem__(self, index: Index) -> Factor:
        return Factor(self.label, float(self.array[index]), self.node, index, self.lane)


@dataclass(frozen=True)
class Subscripts:
    """Which cells make which, "ik,kj->ij", for arrays of these shapes: see `nbgrad.ops.subscripts`.

    The letters and the shapes of all operands come in their order, those of the result last.
    """

    letters: tuple[str, ...]
    shapes: tuple[Index, ...]

    @classmethod
    def parse(cls, text: str, *shapes: Index) -> Subscripts:
        operands, _, result = text.partition("->")
        return cls((*operands.split(","), result), shapes)

    @cached_property
    def sizes(self) -> dict[str, int]:
        """How far each letter runs."""
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
        """The cell of an array that takes part there."""
        return tuple(
            0 if size == 1 else place[letter]
            for letter, size in zip(self.letters[which], self.shapes[which], strict=True)
        )
