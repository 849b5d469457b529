"""The cell microscope: one cell as a strip of the products whose sum it is.

`Drawing.cell` returns it. `CellTable` is what it says: the formula of the cell, and a column for
each product.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from nbgrad.picture.result import PictureResult
from nbgrad.picture.scene import Box, Element, Group, Map, Scene, Style, StyledScene, Styles, Text
from nbgrad.picture.theme import NAME, NUMBER, SMALL, Theme, clipped, text_width
from nbgrad.trace.cells import Cell, Factor, Index, Term
from nbgrad.trace.model import Trace
from nbgrad.trace.numbers import in_brackets, short

MOST, SHOWN = 9, 8  # of more products than `MOST`, the largest are shown
WRITTEN = 70  # up to so many characters, a sum of different products is written out
LETTERS = {"n": "ₙ", "k": "ₖ", "m": "ₘ", "i": "ᵢ", "j": "ⱼ"}
WIDTH = 878.0
MARGIN, HEAD = 12.0, 26.0  # at the sides, and the height of the title
COLUMN, NARROW = 70.0, 62.0  # a column of a product, where there is room and where there is less
LABELS = 0.35  # of the width, the most that the labels of the rows take
# The base lines of the rows, by their number, below the top of a line of columns; its height.
BASES, BANDS = {1: (35.0,), 3: (33.0, 53.0, 75.0)}, {1: 46.0, 3: 86.0}
REST = 14.0  # how much wider the column of the rest is
SUM_LINE = 22.0  # the height of a line for the sum alone
FAINTEST, STRONGEST = 3, 43  # the tints of products, in per cent


@dataclass(frozen=True, repr=False)
class CellPicture(PictureResult):
    """The picture of one cell."""

    trace: Trace
    cell: Cell
    theme: Theme = "auto"
    width: float = WIDTH
    k = None  # it has no steps

    @cached_property
    def table(self) -> CellTable:
        return CellTable(self.trace, self.cell)

    @property
    def description(self) -> str:
        return self.table.words

    @cached_property
    def styled(self) -> StyledScene:
        return strip_of(self.table, self.width)


# The table -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TableRow:
    """One factor of every product, or the products, with the same decimals."""

    name: str  # in ids: "local", "arriving", "first", "second", "product"
    label: str  # "X[n, 1]"
    role: str  # whose colour it has: "local", "adjoint", "value"
    texts: list[str]


@dataclass(frozen=True)
class CellTable:
    """One cell of a trace as a table."""

    trace: Trace
    cell: Cell

    @property
    def lane(self) -> str:
        return self.cell.this.lane

    @cached_property
    def shown(self) -> tuple[int, ...]:
        """The products that have a column, by number, in their order."""
        terms = self.cell.terms
        if len(terms) <= MOST:
            return tuple(range(len(terms)))
        largest = sorted(range(len(terms)), key=lambda n: -weight(terms[n].product))
        return tuple(sorted(largest[:SHOWN]))

    @cached_property
    def rest(self) -> tuple[int, float]:
        """How many products have no column, and their sum."""
        left = [t.product for n, t in enumerate(self.cell.terms) if n not in set(self.shown)]
        return len(left), sum(left)

    @property
    def halves(self) -> tuple[slice, slice]:
        """The places of the local derivative or first factor in a product, and of the others."""
        first, others = slice(1), slice(1, None)
        return (first, others) if self.lane == "value" else (others, first)

    @cached_property
    def letters(self) -> dict[Index, str]:
        """The letters that count the products, each by the values that it takes.

        There are none where the products are not all of one form.
        """
        terms = self.cell.terms
        forms = {tuple((f.label, f.node, f.lane) for f in term.factors) for term in terms}
        if len(terms) < 2 or len(forms) > 1:
            return {}
        taken = {factor.label for factor in terms[0].factors}
        free = [letter for letter in LETTERS if letter not in taken]
        found: dict[Index, str] = {}
        # For each axis of each factor, its number, and the index in every product.
        factors = zip(*(term.factors for term in terms), strict=True)
        indices = [zip(*(factor.index for factor in each), strict=True) for each in factors]
        runs = sorted((run for each in indices for run in enumerate(each)), key=lambda run: run[0])
        for _, values in runs:
            if len(set(values)) > 1 and values not in found and free:
                # What counts rows and nothing else is n.
                rows = all(axis == 0 for axis, others in runs if others == values)
                letter = "n" if rows and "n" in free else next((x for x in free if x != "n"), "n")
                free.remove(letter)
                found[values] = letter
        whole = math.prod(len(set(values)) for values in found) == len(terms)
        return found if whole else {}

    @property
    def title(self) -> str:
        """The formula of the cell: `dloss/dW[1, 2] = Σₙ X[n, 1] · dloss/da[n, 2]`."""
        this = self.written(self.cell.this)
        if not self.cell.terms:
            expression = self.trace.node(self.cell.this.node).expression
            whole = f", a cell of {expression}" if expression else ", as given"
            return f"{this} = {short(self.cell.this.value)}{whole}"
        if self.letters:
            sigma = "Σ" + "".join(LETTERS[letter] for letter in self.letters.values())
            return f"{this} = {sigma} {' · '.join(filter(None, self.labels))}"
        terms = [
            " · ".join(self.written(f) for half in self.halves for f in term.factors[half])
            for term in self.cell.terms
        ]
        words = " + ".join(terms)
        return f"{this} = {words if len(words) <= WRITTEN else f'the sum of {len(terms)} terms'}"

    @cached_property
    def labels(self) -> tuple[str, str]:
        """The labels of the two sides, with letters for what counts the products."""
        if not (self.letters or len(self.cell.terms) == 1):
            return ("", "") if self.lane == "value" else ("local", "arriving")
        written = []
        for factors in zip(*(term.factors for term in self.cell.terms), strict=True):
            runs = zip(*(factor.index for factor in factors), strict=True)
            index = [self.letters.get(values, str(values[0])) for values in runs]
            written.append(self.written(factors[0], index))
        first, second = (" · ".join(written[half]) for half in self.halves)
        return first, second

    def written(self, factor: Factor, index: Sequence[str] | None = None) -> str:
        """A factor with its index, as the picture names it."""
        label = factor.label
        if factor.lane == "adjoint" and factor.node:
            label = self.trace.total(self.trace.node(factor.node))
        return indexed(label, factor.index if index is None else index)

    @property
    def heads(self) -> list[str]:
        """What stands above the columns: `n = 3`, or the cell that is multiplied."""
        if len(self.letters) == 1:
            ((values, letter),) = self.letters.items()
            return [f"{letter} = {values[n]}" for n in self.shown]
        if self.letters:
            return [f"[{', '.join(str(v[n]) for v in self.letters)}]" for n in self.shown]
        if len(self.cell.terms) == 1:
            return [""]
        return [self.head_of(self.cell.terms[n]) for n in self.shown]

    def head_of(self, term: Term) -> str:
        """The operation or the operand through which a product comes."""
        factor = term.factors[0] if self.lane == "adjoint" else term.factors[-1]
        if not factor.node:
            return factor.label
        return indexed(self.trace.node(factor.node).label, factor.index)

    @property
    def rows(self) -> list[TableRow]:
        """The factors, where any product has two, and the products."""
        texts = aligned_texts([self.cell.terms[n].product for n in self.shown])
        # All terms of a sum but the first have their sign.
        signless = (n == 0 or text == "0" or text[0] in "−N" for n, text in enumerate(texts))
        texts = [text if bare else f"+{text}" for text, bare in zip(texts, signless, strict=True)]
        if self.lane == "adjoint" or any(len(term.factors) > 1 for term in self.cell.terms):
            return [self.row(0), self.row(1), TableRow("product", "product", self.lane, texts)]
        label = self.labels[0] if self.letters else "term"
        return [TableRow("product", label, self.lane, texts)]

    def row(self, side: int) -> TableRow:
        products = [self.cell.terms[n].factors[self.halves[side]] for n in self.shown]
        numbers = [math.prod(factor.value for factor in product) for product in products]
        name, role = (("local", "local"), ("arriving", "adjoint"))[side]
        if self.lane == "value":
            name, role = ("first", "second")[side], "value"
        return TableRow(name, self.labels[side] or name, role, aligned_texts(numbers))

    @property
    def headline(self) -> str:
        value = short(self.cell.this.value)
        return f"{self.title} = {value}" if self.cell.terms else self.title

    @property
    def words(self) -> str:
        """The table in words: a line for the cell, and one for each product."""
        lines = [self.headline]
        rows = self.rows if self.cell.terms else []
        for head, *texts in zip(self.heads, *(row.texts for row in rows), strict=True):
            product = texts.pop().removeprefix("+")
            factors = " · ".join(map(in_brackets, texts))
            line = " = ".join(filter(None, [factors, product]))
            lines.append(f"{head}: {line}" if head else line)
        count, total = self.rest
        return "\n".join([*lines, f"{count} more: {short(total)}"] if count else lines)

    @property
    def strengths(self) -> list[float]:
        """The magnitudes of the products with a column, relative to the largest."""
        sizes = [weight(self.cell.terms[n].product) for n in self.shown]
        largest = max((s for s in sizes if math.isfinite(s)), default=0) or 1
        return [min(s / largest, 1) for s in sizes]


def indexed(label: str, index: Sequence[Any]) -> str:
    return f"{label}[{', '.join(map(str, index))}]" if index else label


def weight(number: float) -> float:
    """A magnitude by which the largest are found; NaN is larger than all."""
    return math.inf if math.isnan(number) else abs(number)


def aligned_texts(numbers: Sequence[float]) -> list[str]:
    """Numbers with the same decimals, so that their points stand below each other."""
    largest = max((abs(x) for x in numbers if math.isfinite(x)), default=0)
    if len(numbers) == 1 or not 1e-3 <= largest < 1e5:
        return [short(x, 9 if len(numbers) == 1 else 7) for x in numbers]
    decimals = min(4, max(0, 3 - math.floor(math.log10(largest))))
    while decimals and all(f"{x:.{decimals}f}".endswith("0") for x in numbers if math.isfinite(x)):
        decimals -= 1
    return [at_decimals(x, decimals) for x in numbers]


def at_decimals(number: float, decimals: int) -> str:
    """A number with so many decimals; zero, and what they cannot show, as it is."""
    text = f"{number:.{decimals}f}".replace("-", "−")
    shows = math.isfinite(number) and text.strip("−0.")
    return text if shows else short(number, 7)


# The strip --------------------------------------------------------------------------------------


class StripColumns(NamedTuple):
    """Where the columns of a strip are: so many in a line, in lines of this height."""

    left: float
    pitch: float
    each: int
    band: float

    def place(self, n: int) -> tuple[float, float]:
        """The left edge and the top of a column."""
        line, column = divmod(n, self.each)
        return self.left + column * self.pitch, line * self.band


def strip_of(table: CellTable, width: float) -> StyledScene:
    """The strip of one cell, placed for a width."""
    elements, bottom = titles(table, width)
    styles: Styles = {}
    if table.cell.terms:
        rows, heads, rest = table.rows, table.heads, table.rest[0]
        count = len(heads) + (rest > 0)
        total = f"= {short(table.cell.this.value)}"
        room = text_width(total, NUMBER, bold=True) + 2 * MARGIN + REST * (rest > 0)
        at = columns_for(rows, count, width, room)
        for n, (head, strength) in enumerate(zip(heads, table.strengths, strict=True)):
            elements += column_elements(rows, head, n, at, bottom)
            cells = (round(FAINTEST + (STRONGEST - FAINTEST) * strength),)
            styles[f"lens.tint.{n}"] = Style(classes=f"map {table.lane}", cells=cells)
        if rest:
            elements += rest_elements(table, rows, at, bottom)
        lines = math.ceil(count / at.each)
        for line in range(lines):
            elements += row_labels(rows, at, bottom + line * at.band, line)
        bottom += lines * at.band
        end = at.place(count - 1)[0] + at.pitch + room - MARGIN
        if end > width:
            bottom, end = bottom + SUM_LINE, width - MARGIN
        classes = f"text sum {table.lane}-text"
        elements.append(Text("lens.sum", end, bottom - 11, total, classes, "end"))
    panel = Box("lens.panel", 0, 0, width, bottom, 8, "panel")
    scene = Scene(width, bottom, Group("lens", (panel, *elements)))
    return StyledScene(scene, styles, 0, table.headline)


def titles(table: CellTable, width: float) -> tuple[list[Element], float]:
    """The formula, on two lines where it is too long, and the name of the strip; their bottom."""
    name, room = "cell microscope", width - 2 * MARGIN
    lines = [table.title]
    if text_width(table.title, NAME, bold=True) > room:
        left, _, right = table.title.partition(" = ")
        lines = [left, f"= {right}"]
    found: list[Element] = []
    for n, line in enumerate(lines):
        words = clipped(line, NAME, room, bold=True)
        found.append(Text(f"lens.title.{n}", MARGIN, 20 + 18 * n, words, "text name"))
    taken = text_width(lines[0], NAME, bold=True) + 2 * MARGIN
    if taken + text_width(name, SMALL) <= room:
        found.append(Text("lens.name", width - MARGIN, 20, name, "text quiet-text", "end"))
    return found, HEAD + 18 * (len(lines) - 1)


def columns_for(rows: list[TableRow], count: int, width: float, total: float) -> StripColumns:
    """The places of the columns: in one line beside the sum, else in lines that are filled."""
    labels = [label_of(row) for row in rows]
    left = max(text_width(label, SMALL, bold=True) for label in labels) + 2 * MARGIN
    left = min(left, LABELS * width)
    band = BANDS[len(rows)]
    room = width - left - MARGIN
    pitch = min(COLUMN, (room - total) / count)
    if pitch >= NARROW:
        return StripColumns(left, pitch, count, band)
    lines = math.ceil(count / max(1, int(room // NARROW)))
    each = math.ceil(count / lines)
    return StripColumns(left, min(COLUMN, room / each), each, band)


def label_of(row: TableRow) -> str:
    return f"{row.label}  local" if row.role == "local" and row.label != "local" else row.label


def row_labels(rows: list[TableRow], at: StripColumns, y: float, line: int) -> Iterator[Text]:
    for row, base in zip(rows, BASES[len(rows)], strict=True):
        bold = row.name == "product"
        text = clipped(label_of(row), NAME if bold else SMALL, at.left - MARGIN - 4, bold=bold)
        classes = f"text name {row.role}-text" if bold else f"text {row.role}-text"
        yield Text(f"lens.{row.name}.label.{line}", MARGIN, y + base, text, classes)


def column_elements(
    rows: list[TableRow], head: str, n: int, at: StripColumns, top: float
) -> Iterator[Element]:
    """One product: what it is of, its factors, and itself on a tint."""
    x, y = at.place(n)
    right, y = x + at.pitch - 8, y + top
    words = clipped(head, SMALL, at.pitch - 6)
    yield Text(f"lens.head.{n}", right, y + 14, words, "text quiet-text", "end")
    for row, base in zip(rows, BASES[len(rows)], strict=True):
        classes = f"text {row.role}-text"
        if row.name == "product":
            top, classes = y + base - 15, "text"
            yield Map(f"lens.tint.{n}", x + 3, top, 1, 1, at.pitch - 6, 21, f"map {row.role}")
        yield Text(f"lens.{row.name}.{n}", right, y + base, row.texts[n], classes, "end")


def rest_elements(
    table: CellTable, rows: list[TableRow], at: StripColumns, top: float
) -> Iterator[Element]:
    """What the products without a column add up to."""
    (x, y), (count, total) = at.place(len(table.shown)), table.rest
    right, y = x + at.pitch - 8 + REST, y + top
    yield Text("lens.rest.head", right, y + 14, f"+ {count} more", "text quiet-text", "end")
    base = y + BASES[len(rows)][-1]
    yield Text("lens.rest", right, base, f"= {short(total, 7)}", "text", "end")
