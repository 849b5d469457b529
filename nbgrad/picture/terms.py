"""The terms of a derivation: pieces of mathematics that know their text, their LaTeX, their role.

∂ is written for local derivatives, which belong to an edge, and d or a bar for total ones,
which belong to a node. The two never mix.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from nbgrad.trace.formulas import latex_name
from nbgrad.trace.model import Edge, Node, Numbers, Trace
from nbgrad.trace.numbers import listed
from nbgrad.trace.symbols import bar, operand_number, partial


@dataclass(frozen=True)
class Piece:
    """A piece of mathematics, written twice, in a role: "value", "adjoint", "local" or none."""

    text: str
    latex: str
    role: str = ""


Side = tuple[Piece, ...]


TIMES, PLUS = Piece(" · ", r" \cdot "), Piece(" + ", " + ")


SUMMED = Piece("Σ ", r"\sum ")


ROOM = 9


"""Elements of a tensor that a product of numbers has room for."""


@dataclass(frozen=True)
class Equation:
    """Sides that are equal, from symbols by way of numbers to the result."""

    sides: tuple[Side, ...]

    def __str__(self) -> str:
        return " = ".join(text_of(side) for side in self.sides)


def equation(*sides: Side) -> Equation:
    """An equation, in which no side repeats the one before it."""
    kept = [
        side for i, side in enumerate(sides) if side and (i == 0 or not same(side, sides[i - 1]))
    ]
    return Equation(tuple(kept))


def same(one: Side, other: Side) -> bool:
    return text_of(one) == text_of(other)


def text_of(side: Side) -> str:
    return "".join(piece.text for piece in side)


def joined(parts: Iterable[Side], by: Piece) -> Side:
    """Sides in a row, with a sign between them."""
    result: list[Piece] = []
    for part in parts:
        result += ([by] if result else []) + [*part]
    return tuple(result)


@dataclass(frozen=True)
class Sentence:
    """Words between the equations; `strong` ones are the answer."""

    text: str
    strong: bool = False

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Walk:
    """One path with its product; a path that is cut has none."""

    path: str
    equation: Equation | None
    cut: str = ""

    def __str__(self) -> str:
        return f"{self.path}: {self.equation or self.cut}"


Line = Equation | Sentence | Walk


@dataclass(frozen=True)
class Section:
    """A part of a derivation."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Symbols:
    """How the quantities of one trace are called.

    A rule that is no factor has the arriving gradient inside it, as in Xᵀ ȳ; where one is on
    the way, every total derivative is written with a bar.
    """

    trace: Trace
    bars: bool

    def label(self, node: Node) -> Piece:
        return Piece(node.label, latex_name(node.label), "value")

    def total(self, node: Node) -> Piece:
        """df/dx, or x̄."""
        text = bar(node.label) if self.bars else self.trace.total(node)
        over = re.fullmatch(r"d(.+)/d(.+)", text)
        if over is None or text == bar(node.label):
            return Piece(text, barred(latex_name(node.label)), "adjoint")
        top, below = (latex_name(label) for label in over.groups())
        return Piece(text, rf"\frac{{d{top}}}{{d{below}}}", "adjoint")

    def local(self, edge: Edge) -> Piece:
        """∂a/∂x; ∂₁a/∂x and ∂₂a/∂x where x is two operands of a."""
        target, source = self.trace.node(edge.target), self.trace.node(edge.source)
        operand = operand_number(edge, self.trace.incoming(target))
        text = partial(target.label, source.label, operand)
        sign = rf"\partial_{{{operand}}}" if operand else r"\partial "
        top, below = latex_name(target.label), latex_name(source.label)
        return Piece(text, rf"\frac{{{sign}{top}}}{{\partial {below}}}", "local")


def is_factor(edge: Edge) -> bool:
    return edge.local is not None and edge.local.is_factor


def evened(numbers: Numbers) -> Numbers:
    """A factor that is the same everywhere, as that one number."""
    first = numbers.array.ravel()[:1]
    even = first.size and (numbers.array == first).all()
    return Numbers(first[0]) if even else numbers


def barred(latex: str) -> str:
    r"""A bar over a label's letter, not over its index.

    Examples
    --------
    >>> print(barred("x"), barred("n_{4}"), barred(r"\mathrm{loss}"))
    \bar{x} \bar{n}_{4} \overline{\mathrm{loss}}
    """
    letter, mark, index = latex.partition("_")
    if letter.startswith("\\"):
        return rf"\overline{{{latex}}}"
    return rf"\bar{{{letter}}}{mark}{index}"


def formula(edge: Edge) -> Piece:
    """The local derivative as the gradient rule has it, printed."""
    if edge.local is None:
        raise ValueError(f"No gradient went along {edge.id}, which therefore has no rule to print.")
    return Piece(edge.local.formula, edge.local.latex or edge.local.formula, "local")


def bracketed(piece: Piece) -> Piece:
    """A piece as a factor: in brackets where it is a sum or begins with a sign."""
    if re.search(r" [+−] |^−", re.sub(r"\([^()]*\)", "", piece.text)):
        return Piece(f"({piece.text})", rf"\left({piece.latex}\right)", piece.role)
    return piece


def number(numbers: Numbers | np.ndarray, role: str) -> Piece:
    """Numbers as a picture writes them; a small matrix as a matrix."""
    numbers = numbers if isinstance(numbers, Numbers) else Numbers(numbers)
    text = listed(numbers)
    if numbers.array.ndim in (1, 2) and 0 < numbers.array.size <= 36:
        rows = numbers.array if numbers.array.ndim == 2 else numbers.array[None]
        cells = (" & ".join(latex_number(listed(Numbers(e))) for e in row) for row in rows)
        inside = r" \\ ".join(cells)
        return Piece(text, rf"\begin{{bmatrix}}{inside}\end{{bmatrix}}", role)
    if numbers.array.ndim:
        return Piece(text, rf"\text{{{text}}}", role)
    return Piece(text, latex_number(text), role)


def latex_number(text: str) -> str:
    r"""A number's text in LaTeX: `1.2e−7` is 1.2 · 10 to the power −7.

    Examples
    --------
    >>> print(latex_number("−1.2e−7"))
    -1.2 \cdot 10^{-7}
    """
    text = text.replace("−", "-").replace("∞", r"\infty").replace("NaN", r"\mathrm{NaN}")
    return re.sub(r"e(-?\d+)$", r" \\cdot 10^{\1}", text)


def product(factors: Sequence[Piece]) -> Side:
    """Factors in a row; a number below zero and a sum stand in brackets."""
    return joined(((bracketed(factor),) for factor in factors), TIMES)


def substituted(template: str, values: dict[str, str]) -> str:
    """A formula with values in place of labels; a command of LaTeX is no label."""
    names = "|".join(sorted(map(re.escape, values), key=len, reverse=True))
    if not names:
        return template
    return re.sub(rf"(?<![\w\\])(?:{names})(?![\w])", lambda found: values[found[0]], template)
