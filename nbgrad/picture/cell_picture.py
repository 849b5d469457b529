"""The picture of one cell: the tensors whose cells are multiplied, and the sum below them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import count

import numpy as np

from nbgrad.picture.facts import facts_of
from nbgrad.picture.geometry import text_width
from nbgrad.picture.grids import SLOT, grid_elements, grid_of, grid_styles
from nbgrad.picture.result import PictureResult
from nbgrad.picture.scene import Box, Chip, Element, Group, Scene, Style, StyledScene, Text
from nbgrad.picture.theme import NAME, SMALL, Theme, in_a_line
from nbgrad.trace.cells import Cell, Factor, Term
from nbgrad.trace.model import Trace
from nbgrad.trace.numbers import short
from nbgrad.trace.symbols import in_brackets

MARGIN, HEAD, APART, LINE = 14, 24, 34, 23


MOST_TERMS = 8


"""So many products are written out; of more, the rest are counted."""


@dataclass(frozen=True)
class CellPicture(PictureResult):
    """One cell under the microscope.

    Attributes
    ----------
    trace
        Where it is from.
    cell
        The cell, and the products whose sum it is.
    """

    trace: Trace
    cell: Cell
    theme: Theme = "auto"
    k: int | None = None

    def __repr__(self) -> str:
        return in_a_line("CellPicture", self.description)

    @property
    def description(self) -> str:
        """The cell as a sum of products, in symbols and in numbers."""
        return str(self.cell)

    @cached_property
    def styled(self) -> StyledScene:
        """The grids, each with its cells framed and numbered, and the products."""
        elements: list[Element] = []
        styles: dict[str, Style] = {}
        x, bottom = float(MARGIN), 0.0
        for key, factors in tensors(self.cell):
            width, height = self._tensor(key, factors, x, elements, styles)
            x, bottom = x + width + APART, max(bottom, height)
        width = self._products(bottom + LINE, elements)
        lines = 1 + min(len(self.cell.terms), MOST_TERMS + 1)
        scene = Scene(
            max(x - APART, width) + MARGIN,
            bottom + lines * LINE + MARGIN,
            Group("lens", tuple(elements)),
        )
        return StyledScene(scene, styles, 0, str(self.cell))

    def _tensor(
        self,
        key: str,
        factors: list[tuple[int, Factor]],
        x: float,
        elements: list[Element],
        styles: dict[str, Style],
    ) -> tuple[float, float]:
        """The grid of one array; its width, and the height of its lower end."""
        first = factors[0][1]
        node = self.trace.node(first.node)
        numbers = node.value if first.lane == "value" else node.adjoint.value
        grid, top = grid_of(node.shape), HEAD
        classes = f"text name {first.lane}-text"
        elements.append(Text(f"{key}.name", x, HEAD - 8, first.label, classes))
        if grid.kind == "scalar":
            text = short(first.value)
            classes = f"chip number {first.lane}"
            elements.append(Chip(f"{key}.value", x + SLOT, top + 11, 16, "end", text, classes))
            return max(SLOT, text_width(first.label, NAME, bold=True)), top + 20
        facts = facts_of(self.trace, chips_once=False)
        scale = facts.value_scale if first.lane == "value" else facts.adjoint_scale
        elements += grid_elements(key, grid, x, top, first.lane)
        styles |= grid_styles(key, numbers, node.shape, first.lane, scale, 0)
        if grid.kind != "thumbnail":
            for number, factor in factors:
                elements += framed(f"{key}.{number}.lens", grid.cell, x, top, node.shape, factor)
        return max(grid.width, text_width(first.label, NAME, bold=True)), top + grid.height

    def _products(self, y: float, elements: list[Element]) -> float:
        """A line for each product, and the sum; how far right they reach."""
        right = 0.0
        terms = self.cell.terms
        for n, term in enumerate(terms[:MOST_TERMS], start=1):
            words = f"{'+ ' if n > 1 else ''}{term} = {product(term)}"
            elements.append(Text(f"term.{n}", MARGIN, y, words, "text local-text"))
            right, y = max(right, MARGIN + text_width(words, SMALL)), y + LINE
        if len(terms) > MOST_TERMS:
            rest = f"+ {len(terms) - MOST_TERMS} more products"
            elements.append(Text("term.rest", MARGIN, y, rest, "text quiet-text"))
            y += LINE
        total = f"= {self.cell.this} = {short(self.cell.this.value)}"
        role = self.cell.this.lane
        elements.append(Text("total", MARGIN, y, total, f"text name {role}-text"))
        return max(right, MARGIN + text_width(total, NAME, bold=True))


def product(term: Term) -> str:
    """`3 · (−4) = −12`."""
    texts = [in_brackets(short(factor.value)) for factor in term.factors]
    numbers = " · ".join(texts)
    return f"{numbers} = {short(term.product)}" if len(texts) > 1 else numbers


def tensors(cell: Cell) -> Iterator[tuple[str, list[tuple[int, Factor]]]]:
    """The arrays that cells are taken from, each with its cells; then the one looked at."""
    found: dict[tuple[str, str], list[tuple[int, Factor]]] = {}
    for number, term in enumerate(cell.terms, start=1):
        for factor in term.factors:
            if factor.node:
                found.setdefault((factor.node, factor.lane), []).append((number, factor))
    names = count(1)
    for factors in found.values():
        yield f"lens.{next(names)}", factors
    yield "lens.this", [(0, cell.this)]


def framed(
    key: str,
    size: tuple[float, float],
    x: float,
    y: float,
    shape: tuple[int, ...],
    factor: Factor,
) -> Iterator[Element]:
    """A frame around a cell."""
    width, height = size
    flat = int(np.ravel_multi_index(factor.index, shape))
    row, column = divmod(flat, shape[-1])
    place = (x + column * width, y + row * height, width, height)
    yield Box(f"{key}.{flat}", *place, 2, "lens")
