"""The picture of one cell: the arrays whose cells are multiplied, and the products with their sum.

`Drawing.cell` returns it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from nbgrad.picture.facts import facts_of
from nbgrad.picture.grids import SLOT, grid_elements, grid_of, grid_styles
from nbgrad.picture.result import PictureResult
from nbgrad.picture.scene import Box, Chip, Element, Group, Scene, Text
from nbgrad.picture.style import Style, StyledScene
from nbgrad.picture.text_width import text_width
from nbgrad.picture.theme import NAME, SMALL, Theme
from nbgrad.trace.cells import Cell, Factor, Term
from nbgrad.trace.model import Trace
from nbgrad.trace.numbers import in_brackets, short

MARGIN, HEAD, APART, LINE = 14, 24, 34, 23


@dataclass(frozen=True, repr=False)
class CellPicture(PictureResult):
    """The picture of one cell.

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

    @property
    def description(self) -> str:
        """The cell as a sum of products, in symbols and in numbers."""
        return str(self.cell)

    @cached_property
    def styled(self) -> StyledScene:
        """The arrays in a row, and below them a line for each product."""
        elements: list[Element] = []
        styles: dict[str, Style] = {}
        x, bottom, right = float(MARGIN), 0.0, 0.0
        for key, factors in arrays_of(self.cell):
            array = placed_array(self.trace, key, factors, x)
            elements += array.elements
            styles |= array.styles
            right, bottom = x + array.width, max(bottom, array.bottom)
            x = right + APART
        for text in product_lines(self.cell, bottom + LINE):
            elements.append(text)
            bold = "name" in text.classes
            width = text_width(text.text, NAME if bold else SMALL, bold=bold)
            right, bottom = max(right, MARGIN + width), text.y
        scene = Scene(right + MARGIN, bottom + MARGIN, Group("lens", tuple(elements)))
        return StyledScene(scene, styles, 0, str(self.cell))


NumberedFactors = Sequence[tuple[int, Factor]]
"""The cells of one array that are factors, each with the number of its product."""


def arrays_of(cell: Cell) -> Iterator[tuple[str, NumberedFactors]]:
    """The arrays of the factors, each with its cells; then the array of the cell itself."""
    found: dict[tuple[str, str], list[tuple[int, Factor]]] = {}
    for number, term in enumerate(cell.terms, start=1):
        for factor in term.factors:
            if factor.node:
                found.setdefault((factor.node, factor.lane), []).append((number, factor))
    for n, factors in enumerate(found.values(), start=1):
        yield f"lens.{n}", factors
    yield "lens.this", [(0, cell.this)]


class PlacedArray(NamedTuple):
    """The elements of one array, and their size."""

    elements: list[Element]
    styles: dict[str, Style]
    width: float
    bottom: float


def placed_array(trace: Trace, key: str, factors: NumberedFactors, x: float) -> PlacedArray:
    """One array with its left edge at x: its name, its grid, and a frame around each factor."""
    first = factors[0][1]
    node = trace.node(first.node)
    grid = grid_of(node.shape)
    width = max(grid.width, text_width(first.label, NAME, bold=True))
    elements: list[Element] = [
        Text(f"{key}.name", x, HEAD - 8, first.label, f"text name {first.lane}-text")
    ]
    if grid.kind == "scalar":
        classes, text = f"chip number {first.lane}", short(first.value)
        elements.append(Chip(f"{key}.value", x + SLOT, HEAD + 11, 16, "end", text, classes))
        return PlacedArray(elements, {}, max(SLOT, width), HEAD + 20)
    facts = facts_of(trace, chips_once=False)
    numbers, scale = node.value, facts.value_scale
    if first.lane == "adjoint" and node.adjoint.value is not None:
        numbers, scale = node.adjoint.value, facts.adjoint_scale
    elements += grid_elements(key, grid, x, HEAD, first.lane)
    styles = grid_styles(key, numbers, node.shape, first.lane, scale, 0)
    if grid.kind != "thumbnail":
        for number, factor in factors:
            elements.append(frame(f"{key}.{number}.lens", grid.cell, x, node.shape, factor))
    return PlacedArray(elements, styles, width, HEAD + grid.height)


def frame(
    key: str, size: tuple[float, float], x: float, shape: tuple[int, ...], factor: Factor
) -> Box:
    """A frame around one cell of a grid."""
    width, height = size
    flat = int(np.ravel_multi_index(factor.index, shape))
    row, column = divmod(flat, shape[-1])
    return Box(f"{key}.{flat}", x + column * width, HEAD + row * height, width, height, 2, "lens")


MOST_PRODUCTS = 8
"""So many products are written out; of more, the rest are counted."""


def product_lines(cell: Cell, y: float) -> Iterator[Text]:
    """A line for each product, the first at y, and one for the sum."""
    shown, rest = cell.terms[:MOST_PRODUCTS], cell.terms[MOST_PRODUCTS:]
    for n, term in enumerate(shown, start=1):
        words = f"{'+ ' if n > 1 else ''}{term} = {product_in_numbers(term)}"
        yield Text(f"term.{n}", MARGIN, y, words, "text local-text")
        y += LINE
    if rest:
        yield Text("term.rest", MARGIN, y, f"+ {len(rest)} more products", "text quiet-text")
        y += LINE
    total = f"= {cell.this} = {short(cell.this.value)}"
    yield Text("total", MARGIN, y, total, f"text name {cell.this.lane}-text")


def product_in_numbers(term: Term) -> str:
    """`3 · (−4) = −12`."""
    texts = [in_brackets(short(factor.value)) for factor in term.factors]
    numbers = " · ".join(texts)
    return f"{numbers} = {short(term.product)}" if len(texts) > 1 else numbers
