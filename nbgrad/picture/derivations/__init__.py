"""The equations of a derivation as data: pieces of mathematics, sides made of pieces, and lines.

A piece knows its text, its LaTeX and its role, which is all that the writers in `typeset` need.
∂ is written for local derivatives, which belong to an edge, and d or a bar for total ones,
which belong to a node. The two never mix.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nbgrad.picture.step_line import bracketed_sum, names_pattern, rule_of, with_gap
from nbgrad.trace.formulas import (
    bar,
    latex_name,
    latex_number,
    operand_number,
    partial,
    partial_in_latex,
)
from nbgrad.trace.model import Edge, Node, Numbers, Trace
from nbgrad.trace.numbers import in_words, short, sign_before
from nbgrad.trace.paths import Path, is_summed


class Piece(NamedTuple):
    """A piece of mathematics in a role. The text of an array is its shape, its LaTeX a matrix."""

    text: str
    latex: str
    role: str = ""
    array: Numbers | None = None


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
            if side and not (kept and latex_of_side(side) == latex_of_side(kept[-1])):
                kept.append(side)
        return cls(tuple(kept))

    @property
    def text_sides(self) -> list[str]:
        """The sides as text, each with the sign before it; of arrays only the result's shape."""
        texts = [text_of(side) for side in self.sides if not holds_array(side)]
        signed = [texts[0], *(f" = {text}" for text in texts[1:])]
        last = self.sides[-1][-1].array
        if last is not None:
            signed[-1] += sign_before(last, leaf=len(texts) == len(self.sides[0]) == 1)
            signed[-1] += in_words(last)
        return signed

    def __str__(self) -> str:
        return "".join(self.text_sides)


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
    """The symbols of the quantities of one trace."""

    trace: Trace

    def label(self, node: Node) -> Piece:
        return Piece(node.label, latex_name(node.label), "value")

    def total(self, node: Node) -> Piece:
        """The symbol of an adjoint: df/dx, or x̄."""
        below, barred = latex_name(node.label), bar(node.label)
        text = self.trace.total(node)
        if text == barred:
            return Piece(text, latex_bar(below), "adjoint")
        [y] = self.trace.ys
        above = latex_name(self.trace.node(y).label)
        return Piece(text, rf"\frac{{d{above}}}{{d{below}}}", "adjoint")

    def local(self, edge: Edge) -> Piece:
        """The symbol of a local derivative: ∂a/∂x, or ∂₁a/∂x where x is two operands of a."""
        target, source = self.trace.node(edge.target), self.trace.node(edge.source)
        ends = target.label, source.label, operand_number(edge, self.trace.incoming(target))
        return Piece(partial(*ends), partial_in_latex(*ends), "local")

    def rule(self, edge: Edge) -> Side:
        """A rule that is no factor, with the symbol of what arrives where it stands."""
        target = self.trace.node(edge.target)
        whole, arriving, barred = formula(edge), self.total(target), bar(target.label)
        text = whole.text.replace(barred, arriving.text)
        before, found, after = whole.latex.partition(latex_name(barred))
        if before.endswith("{") and after.startswith("}"):
            before, after = before[:-1], after[1:]
        if not found or not (is_balanced(before) and is_balanced(after)):
            return (Piece(text, f"{before}{found and arriving.latex}{after}", "local"),)
        left, _, right = whole.text.partition(barred)
        pieces = Piece(left, before, "local"), arriving, Piece(right, after, "local")
        return tuple(piece for piece in pieces if piece.latex.strip())


def is_balanced(latex: str) -> bool:
    """Whether a part of some LaTeX can stand alone."""
    return latex.count("{") == latex.count("}") and latex.count(r"\left") == latex.count(r"\right")


def latex_bar(label: str) -> str:
    r"""A label in LaTeX with a bar over its letter, not over its index."""
    letter, mark, index = label.partition("_")
    if letter.startswith("\\"):
        return rf"\overline{{{label}}}"
    return rf"\bar{{{letter}}}{mark}{index}"


def text_of(side: Side) -> str:
    return "".join(piece.text for piece in side)


def latex_of_side(side: Side) -> str:
    return "".join(piece.latex for piece in side)


def holds_array(side: Side) -> bool:
    return any(piece.array is not None for piece in side)


def multiplied(factors: Iterable[Piece]) -> Side:
    """Factors in a row; a number below zero and a sum stand in brackets."""
    return tuple(piece for factor in factors for piece in (TIMES, bracketed(factor)))[1:]


def summed(terms: Sequence[Side]) -> Side:
    """Terms in a row; a number below zero stands in brackets, of very many most are left out."""
    sides = [(bracketed(term[0]),) if len(term) == 1 else term for term in terms]
    shown = with_gap(sides, (Piece("…", r"\cdots"),))
    found = tuple(piece for side in shown for piece in (PLUS, *side))[1:]
    words = f" ({len(sides)} terms)"
    return (*found, Piece(words, rf"\text{{{words}}}")) if len(shown) < len(sides) else found


def bracketed(piece: Piece) -> Piece:
    """A piece as a factor: in brackets where it is a sum or begins with a sign."""
    text = bracketed_sum(piece.text)
    if text == piece.text:
        return piece
    return piece._replace(text=text, latex=rf"\left({piece.latex}\right)")


def product_along(
    trace: Trace, edges: Iterable[Edge], first: Side, factor: Callable[[Edge], Piece | None]
) -> Side:
    """The product along a path from its y back, with Σ over what was summed; () if one lacks."""
    side, sums = first, False
    for edge in edges:
        piece = factor(edge)
        if piece is None:
            return ()
        if sums:
            side = (Piece("(", "("), *side, Piece(")", ")"))
        side = (*side, *(TIMES,) * bool(side), bracketed(piece))
        sums = is_summed(trace, edge)
        side = (SUM, *side) if sums else side
    return side


MOST_ELEMENTS = 9  # of a tensor that a product of numbers has room for


def local_number(edge: Edge) -> Piece | None:
    """The local derivative of an edge as a number, where it is one, everywhere, or has room."""
    found = edge.local.value if edge.local is not None else None
    if found is None or found.array.size > MOST_ELEMENTS:
        return None
    first = found.array.ravel()[:1]
    same = first.size and (found.array == first).all()
    return number(Numbers(first[0]) if same else found, "local")


def begins_with_seed(path: Path) -> bool:
    """Whether the seed of its y stands before the factors of a path: not a 1, unless alone."""
    seed = path.nodes[-1].seed
    return not path.edges or (seed is not None and bool((seed.array != 1).any()))


def numbers_along(trace: Trace, path: Path) -> Side:
    """The numbers that are multiplied along a path, from its y back; () if one lacks."""
    seed = path.nodes[-1].seed
    first = (number(seed, "adjoint"),) if seed is not None and begins_with_seed(path) else ()
    return product_along(trace, path.edges[::-1], first, local_number)


def formula(edge: Edge) -> Piece:
    """The local derivative as the gradient rule has it, printed."""
    return Piece(rule_of(edge).formula, rule_of(edge).latex, "local")


def with_numbers(piece: Piece, numbers: Mapping[Piece, Piece]) -> Piece:
    r"""A formula with numbers in place of labels.

    Examples
    --------
    >>> whole = Piece("max(x, relu(y))", r"\max(x, \operatorname{relu}\left(y\right))")
    >>> two, three = (number(Numbers(np.float32(value)), "value") for value in (-2, 3))
    >>> with_numbers(whole, {Piece("x", "x"): three, Piece("y", "y"): two})[:2]
    ('max(3, relu(−2))', '\\max(3, \\operatorname{relu}\\left(-2\\right))')
    """
    texts = {label.text: bracketed(each).text for label, each in numbers.items()}
    latexes = {label.latex: bracketed(each).latex for label, each in numbers.items()}
    return piece._replace(
        text=replaced(piece.text, texts),
        latex=replaced(piece.latex, latexes),
    )


def replaced(formula: str, names: Mapping[str, str]) -> str:
    """A formula with other names; parentheses in others, or in LaTeX's braces, are left out."""
    formula = re.sub(names_pattern(names), lambda name: names[name[0]], formula)
    formula = re.sub(r"\{\\left\((-[^{}()]*)\\right\)\}", r"{\1}", formula)
    return re.sub(r"(?:\\left)?\(((?:\\left)?\([^()]*\))(?:\\right)?\)", r"\1", formula)


ROWS, COLUMNS = 4, 5  # of a matrix are written out; of more, the first and the last


def number(numbers: Numbers | np.ndarray, role: str) -> Piece:
    """A number, or an array as a matrix of its numbers."""
    numbers = numbers if isinstance(numbers, Numbers) else Numbers(numbers)
    text, array = in_words(numbers), numbers.array
    if array.ndim == 0:
        return Piece(text, latex_number(text), role)
    if array.ndim > 2 or not array.size:
        return Piece(text, rf"\text{{{text}}}", role, numbers)
    rows = [matrix_row(row) for row in ends_of_array(np.atleast_2d(array), ROWS)]
    if len(array) > ROWS and array.ndim == 2:
        rows.insert(-1, " & ".join([r"\vdots"] * (rows[0].count("&") + 1)))
    latex = r"\begin{bmatrix}" + r" \\ ".join(rows) + r"\end{bmatrix}"
    if array.shape[-1] > COLUMNS or (array.ndim == 2 and len(array) > ROWS):
        # In braces, for else MathML would take the bracket alone as what the shape stands below.
        latex = "{" + latex + "}_{" + text.replace("×", r" \times ") + "}"
    return Piece(text, latex, role, numbers)


def matrix_row(row: np.ndarray) -> str:
    """A row of a matrix in LaTeX."""
    cells = [latex_number(short(cell)) for cell in ends_of_array(row, COLUMNS).tolist()]
    if len(row) > COLUMNS:
        cells.insert(-1, r"\cdots")
    return " & ".join(cells)


def ends_of_array(array: np.ndarray, most: int) -> np.ndarray:
    """The first parts of an array and the last, where there are more than `most`."""
    return array if len(array) <= most else np.concatenate([array[: most - 2], array[-1:]])
