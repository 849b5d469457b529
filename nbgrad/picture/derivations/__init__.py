"""The equations of a derivation as data: sides made of parts, lines made of sides, and sections.

∂ is written for local derivatives, which belong to an edge, and d or a bar for total ones,
which belong to a node. The two never mix.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from nbgrad.picture.step_line import Part, bracketed_sum, rule_of, with_gap
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

Side = tuple[Part, ...]


@dataclass(frozen=True)
class Equation:
    """Sides that are equal, from symbols by way of numbers to the result."""

    sides: tuple[Side, ...]
    path: str = ""  # along which they are the product

    @classmethod
    def of(cls, *sides: Side, path: str = "") -> Equation:
        """An equation without the empty sides, and without those that repeat the one before."""
        kept: list[Side] = []
        for side in sides:
            if side and not (kept and latex_of(side) == latex_of(kept[-1])):
                kept.append(side)
        return cls(tuple(kept), path)

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
        return f"{self.path}: " * bool(self.path) + "".join(self.text_sides)


@dataclass(frozen=True)
class Remark:
    """Words between the equations; `strong` ones are the answer."""

    text: str
    strong: bool = False

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class CutPath:
    """A path along which nothing comes back, and why."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


Line = Equation | Remark | CutPath


@dataclass(frozen=True)
class Section:
    """A part of a derivation."""

    title: str
    lines: tuple[Line, ...]


# Sides ----------------------------------------------------------------------------------------


def text_of(side: Side) -> str:
    return "".join(map(str, side))


def latex_of(side: Side) -> str:
    return "".join(f"{latex_sign(part.before)}{part.latex}" for part in side)


def latex_sign(before: str) -> str:
    return before.replace("·", r"\cdot").replace("Σ", r"\sum")


def holds_array(side: Side) -> bool:
    return any(part.array is not None for part in side)


def after(sign: str, side: Side) -> Side:
    first, *others = side
    return (first._replace(before=sign + first.before), *others)


def joined(sign: str, sides: Iterable[Side]) -> Side:
    """Sides in a row, with a sign between them."""
    found: Side = ()
    for side in sides:
        found += after(sign, side) if found else side
    return found


def multiplied(factors: Iterable[Part]) -> Side:
    """Factors in a row; a number below zero and a sum stand in brackets."""
    return joined(" · ", ((bracketed(factor),) for factor in factors))


def summed(terms: Sequence[Side]) -> Side:
    """Terms in a row; a number below zero stands in brackets, of very many most are left out."""
    sides = [(bracketed(term[0]),) if len(term) == 1 else term for term in terms]
    shown = with_gap(sides, (Part("…", latex=r"\cdots"),))
    words = f" ({len(sides)} terms)"
    count = (Part(words, latex=rf"\text{{{words}}}"),) * (len(shown) < len(sides))
    return (*joined(" + ", shown), *count)


def bracketed(part: Part) -> Part:
    """A part as a factor: in brackets where it is a sum or begins with a sign."""
    text = bracketed_sum(part.text)
    if text == part.text:
        return part
    return part._replace(text=text, latex=rf"\left({part.latex}\right)")


# Symbols --------------------------------------------------------------------------------------


def adjoint_symbol(trace: Trace, node: Node) -> Part:
    """The symbol of an adjoint: df/dx, or x̄."""
    text, below = trace.total(node), latex_name(node.label)
    if text == bar(node.label):
        letter, mark, index = below.partition("_")  # the bar is over the letter, not over its index
        is_command = letter.startswith("\\")
        latex = rf"\overline{{{below}}}" if is_command else rf"\bar{{{letter}}}{mark}{index}"
    else:
        [y] = trace.ys
        latex = rf"\frac{{d{latex_name(trace.node(y).label)}}}{{d{below}}}"
    return Part(text, "adjoint", latex=latex)


def local_symbol(trace: Trace, edge: Edge) -> Part:
    """The symbol of a local derivative: ∂a/∂x, or ∂₁a/∂x where x is two operands of a."""
    target, source = trace.node(edge.target), trace.node(edge.source)
    ends = target.label, source.label, operand_number(edge, trace.incoming(target))
    return Part(partial(*ends), "local", latex=partial_in_latex(*ends))


def formula(trace: Trace, edge: Edge) -> Part:
    """The local derivative as the gradient rule has it, printed."""
    return Part(rule_of(edge).formula, "local", latex=rule_of(edge).latex)


def symbolic_rule(trace: Trace, edge: Edge) -> Side:
    """A rule that is no factor, with the symbol of what arrives where it stands."""
    target = trace.node(edge.target)
    whole, arriving, barred = formula(trace, edge), adjoint_symbol(trace, target), bar(target.label)
    before, found, behind = whole.latex.partition(latex_name(barred))
    if before.endswith("{") and behind.startswith("}"):
        before, behind = before[:-1], behind[1:]
    if not found or not (is_balanced(before) and is_balanced(behind)):
        latex = f"{before}{found and arriving.latex}{behind}"
        return (whole._replace(text=whole.text.replace(barred, arriving.text), latex=latex),)
    left, _, right = whole.text.partition(barred)
    parts = whole._replace(text=left, latex=before), arriving, Part(right, "local", latex=behind)
    return tuple(part for part in parts if part.latex.strip())


def is_balanced(latex: str) -> bool:
    """Whether a part of some LaTeX can stand alone."""
    return latex.count("{") == latex.count("}") and latex.count(r"\left") == latex.count(r"\right")


# Numbers --------------------------------------------------------------------------------------

ROWS, COLUMNS = 4, 5  # of a matrix are written out; of more, the first and the last
MOST_ELEMENTS = 9  # of a tensor that a product of numbers has room for


def number(numbers: Numbers | np.ndarray, role: str) -> Part:
    """A number, or an array as a matrix of its numbers."""
    numbers = numbers if isinstance(numbers, Numbers) else Numbers(numbers)
    text, array = in_words(numbers), numbers.array
    if array.ndim == 0:
        return Part(text, role, latex=latex_number(text))
    latex = rf"\text{{{text}}}"
    if array.ndim <= 2 and array.size:
        matrix = np.atleast_2d(array)
        rows = [matrix_row(row) for row in with_gap([*matrix], None, ROWS)]
        dots = " & ".join([r"\vdots"] * (rows[0].count("&") + 1))
        inside = r" \\ ".join(row or dots for row in rows)
        latex = rf"\begin{{bmatrix}}{inside}\end{{bmatrix}}"
        if matrix.shape[0] > ROWS or matrix.shape[1] > COLUMNS:
            # In braces, for else MathML would take the bracket alone as what the shape is below.
            latex = "{" + latex + "}_{" + text.replace("×", r" \times ") + "}"
    return Part(text, role, latex=latex, array=numbers)


def matrix_row(row: np.ndarray | None) -> str:
    cells = with_gap([] if row is None else row.tolist(), None, COLUMNS)
    return " & ".join(r"\cdots" if x is None else latex_number(short(x)) for x in cells)


def local_number(edge: Edge) -> Part | None:
    """The local derivative of an edge as a number, where it is one, everywhere, or has room."""
    found = edge.local.value if edge.local is not None else None
    if found is None or found.array.size > MOST_ELEMENTS:
        return None
    first = found.array.ravel()[:1]
    same = first.size and (found.array == first).all()
    return number(Numbers(first[0]) if same else found, "local")


def product_along(
    trace: Trace, edges: Iterable[Edge], first: Side, factor: Callable[[Edge], Part | None]
) -> Side:
    """The product along a path from its y back, with Σ over what was summed; () if one lacks."""
    side, sums = first, False
    for edge in edges:
        part = factor(edge)
        if part is None:
            return ()
        if sums:
            side = (Part("(", latex="("), *side, Part(")", latex=")"))
        side = (*side, bracketed(part)._replace(before=" · " if side else ""))
        sums = is_summed(trace, edge)
        side = after("Σ ", side) if sums else side
    return side


def begins_with_seed(path: Path) -> bool:
    """Whether the seed of its y stands before the factors of a path: not a 1, unless alone."""
    seed = path.nodes[-1].seed
    return not path.edges or (seed is not None and bool((seed.array != 1).any()))


def numbers_along(trace: Trace, path: Path) -> Side:
    """The numbers that are multiplied along a path, from its y back; () if one lacks."""
    seed = path.nodes[-1].seed
    first = (number(seed, "adjoint"),) if seed is not None and begins_with_seed(path) else ()
    return product_along(trace, path.edges[::-1], first, local_number)
