"""The equations of a derivation as data: pieces of mathematics, sides made of pieces, and lines.

A piece knows its text, its LaTeX and its role, which is all that the writers in `typeset` need.
∂ is written for local derivatives, which belong to an edge, and d or a bar for total ones,
which belong to a node. The two never mix.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nbgrad.trace.formulas import latex_name
from nbgrad.trace.model import Edge, Node, Numbers, Trace
from nbgrad.trace.numbers import one_line
from nbgrad.trace.symbols import bar, operand_number, partial


class Piece(NamedTuple):
    """A piece of mathematics, written twice, in a role: "value", "adjoint", "local" or none."""

    text: str
    latex: str
    role: str = ""


Side = tuple[Piece, ...]

TIMES, PLUS, SUM = Piece(" · ", r" \cdot "), Piece(" + ", " + "), Piece("Σ ", r"\sum ")


@dataclass(frozen=True)
class Equation:
    """Sides that are equal, from symbols by way of numbers to the result."""

    sides: tuple[Side, ...]

    @classmethod
    def of(cls, *sides: Side) -> Equation:
        """An equation without the empty sides, and without those that repeat the one before."""
        kept: list[Side] = []
        for side in sides:
            if side and not (kept and text_of(side) == text_of(kept[-1])):
                kept.append(side)
        return cls(tuple(kept))

    def __str__(self) -> str:
        return " = ".join(map(text_of, self.sides))


@dataclass(frozen=True)
class Remark:
    """Words between the equations; `strong` ones are the answer."""

    text: str
    strong: bool = False

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class PathTerm:
    """A path with its product, or with the place where it is cut."""

    path: str
    equation: Equation | None
    cut: str = ""

    def __str__(self) -> str:
        return f"{self.path}: {self.equation or self.cut}"


Line = Equation | Remark | PathTerm


@dataclass(frozen=True)
class Section:
    """A part of a derivation."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Symbols:
    """The symbols of the quantities of one trace.

    A rule that is no factor has the arriving gradient inside it, as in Xᵀ ȳ; where one is on
    the way, every total derivative is written with a bar.
    """

    trace: Trace
    bars: bool = False

    def label(self, node: Node) -> Piece:
        return Piece(node.label, latex_name(node.label), "value")

    def total(self, node: Node) -> Piece:
        """The symbol of an adjoint: df/dx, or x̄."""
        below, barred = latex_name(node.label), bar(node.label)
        text = barred if self.bars else self.trace.total(node)
        if text == barred:
            return Piece(text, latex_bar(below), "adjoint")
        [y] = self.trace.ys
        above = latex_name(self.trace.node(y).label)
        return Piece(text, rf"\frac{{d{above}}}{{d{below}}}", "adjoint")

    def local(self, edge: Edge) -> Piece:
        """The symbol of a local derivative: ∂a/∂x, or ∂₁a/∂x where x is two operands of a."""
        target, source = self.trace.node(edge.target), self.trace.node(edge.source)
        operand = operand_number(edge, self.trace.incoming(target))
        sign = rf"\partial_{{{operand}}}" if operand else r"\partial "
        above, below = latex_name(target.label), latex_name(source.label)
        return Piece(
            partial(target.label, source.label, operand),
            rf"\frac{{{sign}{above}}}{{\partial {below}}}",
            "local",
        )


def latex_bar(label: str) -> str:
    r"""A label in LaTeX with a bar over its letter, not over its index.

    Examples
    --------
    >>> print(latex_bar("x"), latex_bar("n_{4}"), latex_bar(r"\mathrm{loss}"))
    \bar{x} \bar{n}_{4} \overline{\mathrm{loss}}
    """
    letter, mark, index = label.partition("_")
    if letter.startswith("\\"):
        return rf"\overline{{{label}}}"
    return rf"\bar{{{letter}}}{mark}{index}"


def text_of(side: Side) -> str:
    return "".join(piece.text for piece in side)


def join_sides(parts: Iterable[Side], sign: Piece) -> Side:
    """Sides in a row, with a sign between them."""
    pieces = [piece for part in parts for piece in (sign, *part)]
    return tuple(pieces[1:])


def product(factors: Iterable[Piece]) -> Side:
    """Factors in a row; a number below zero and a sum stand in brackets."""
    return join_sides(((bracketed(factor),) for factor in factors), TIMES)


def summed(terms: Iterable[Piece]) -> Side:
    """Terms in a row; a number below zero stands in brackets."""
    return join_sides(((bracketed(term),) for term in terms), PLUS)


def bracketed(piece: Piece) -> Piece:
    """A piece as a factor: in brackets where it is a sum or begins with a sign."""
    if re.search(r" [+−] |^−", re.sub(r"\([^()]*\)", "", piece.text)):
        return Piece(f"({piece.text})", rf"\left({piece.latex}\right)", piece.role)
    return piece


def is_factor(edge: Edge) -> bool:
    return edge.local is not None and edge.local.is_factor


def formula(edge: Edge) -> Piece:
    """The local derivative as the gradient rule has it, printed."""
    if edge.local is None:
        raise ValueError(f"No gradient went along {edge.id}, which therefore has no rule to print.")
    return Piece(edge.local.formula, edge.local.latex, "local")


MATRIX_CELLS = 36
"""The most elements of a tensor that is written out as a matrix."""


def number(numbers: Numbers | np.ndarray, role: str) -> Piece:
    """Numbers as a picture writes them; a small matrix as a matrix."""
    numbers = numbers if isinstance(numbers, Numbers) else Numbers(numbers)
    text, array = one_line(numbers), numbers.array
    if array.ndim == 0:
        return Piece(text, latex_number(text), role)
    if array.ndim > 2 or not 0 < array.size <= MATRIX_CELLS:
        return Piece(text, rf"\text{{{text}}}", role)
    rows = (map(latex_number, map(one_line, map(Numbers, row))) for row in np.atleast_2d(array))
    cells = r" \\ ".join(map(" & ".join, rows))
    return Piece(text, rf"\begin{{bmatrix}}{cells}\end{{bmatrix}}", role)


def latex_number(text: str) -> str:
    r"""A number's text in LaTeX: `1.2e−7` is 1.2 · 10 to the power −7.

    Examples
    --------
    >>> print(latex_number("−1.2e−7"))
    -1.2 \cdot 10^{-7}
    """
    text = text.replace("−", "-").replace("∞", r"\infty").replace("NaN", r"\mathrm{NaN}")
    return re.sub(r"e(-?\d+)$", r" \\cdot 10^{\1}", text)


def as_one_number(numbers: Numbers) -> Numbers:
    """A factor that is the same in every element, as that one number."""
    first = numbers.array.ravel()[:1]
    return Numbers(first[0]) if first.size and (numbers.array == first).all() else numbers
