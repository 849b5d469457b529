"""The cell microscope: one cell as a strip of its products, and where in a picture they are from.

`Drawing.cell` returns it. What the strip says, `cell_table` knows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from nbgrad.picture.cards.faces import Grid
from nbgrad.picture.cell_table import CellTable, TableRow
from nbgrad.picture.result import PictureResult
from nbgrad.picture.scene import (
    Box,
    Element,
    Group,
    Map,
    Rule,
    Scene,
    Style,
    StyledScene,
    Styles,
    Text,
)
from nbgrad.picture.theme import NAME, NUMBER, SMALL, Theme, clipped, text_width
from nbgrad.trace.cells import Cell, Factor
from nbgrad.trace.folding import Folds
from nbgrad.trace.model import Trace
from nbgrad.trace.numbers import short

WIDTH = 878.0
MARGIN, HEAD = 12.0, 26.0  # at the sides, and the height of the title
COLUMN, NARROW = 70.0, 62.0  # a column of a product, where there is room and where there is less
LABELS = 0.35  # of the width, the most that the labels of the rows take
# The base lines of the rows, by their number, below the top of a line of columns; its height.
BASES, BANDS = {1: (35.0,), 3: (33.0, 53.0, 75.0)}, {1: 46.0, 3: 86.0}
ROOM_BELOW = 6.0  # between a picture and the strip
REST = 14.0  # how much wider the column of the rest is
SUM_LINE = 22.0  # the height of a line for the sum alone
FAINTEST, STRONGEST = 3, 43  # the tints of products, in per cent


@dataclass(frozen=True, repr=False)
class CellPicture(PictureResult):
    """The picture of one cell; it may stand `below` another, in which its factors are outlined."""

    trace: Trace
    cell: Cell
    theme: Theme = "auto"
    k: int | None = None
    width: float = WIDTH
    below: StyledScene | None = None
    rules: tuple[Rule, ...] = ()  # by which that picture shows its numbers

    @cached_property
    def table(self) -> CellTable:
        return CellTable(self.trace, self.cell)

    @property
    def description(self) -> str:
        return self.table.words

    @cached_property
    def styled(self) -> StyledScene:
        """The strip, below the picture that it explains if there is one."""
        if self.below is None:
            return strip_of(self.table, self.width)
        scene = self.below.scene
        width = max(scene.width, self.width)
        strip = strip_of(self.table, width, scene.height + ROOM_BELOW)
        boxes = outline_boxes(scene, self.rules, self.trace, self.cell)
        root = Group("picture", (scene.root, *boxes, strip.scene.root))
        styles = {**self.below.styles, **strip.styles}
        whole = Scene(width, strip.scene.height, root)
        return StyledScene(whole, styles, self.below.steps, strip.title)


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


def strip_of(table: CellTable, width: float, top: float = 0.0) -> StyledScene:
    """The strip of one cell, placed for a width, from a height on."""
    elements, bottom = titles(table, width, top)
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
    panel = Box("lens.panel", 0, top, width, bottom - top, 8, "panel")
    scene = Scene(width, bottom, Group("lens", (panel, *elements)))
    return StyledScene(scene, styles, 0, table.headline)


def titles(table: CellTable, width: float, top: float) -> tuple[list[Element], float]:
    """The formula, on two lines where it is too long, and the name of the strip; their bottom."""
    name, room = "cell microscope", width - 2 * MARGIN
    lines = [table.title]
    if text_width(table.title, NAME, bold=True) > room:
        left, _, right = table.title.partition(" = ")
        lines = [left, f"= {right}"]
    found: list[Element] = []
    for n, line in enumerate(lines):
        words = clipped(line, NAME, room, bold=True)
        found.append(Text(f"lens.title.{n}", MARGIN, top + 20 + 18 * n, words, "text name"))
    taken = text_width(lines[0], NAME, bold=True) + 2 * MARGIN
    if taken + text_width(name, SMALL) <= room:
        found.append(Text("lens.name", width - MARGIN, top + 20, name, "text quiet-text", "end"))
    return found, top + HEAD + 18 * (len(lines) - 1)


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


# Outlines ---------------------------------------------------------------------------------------


Ends = tuple[int, int]  # the first and the last of some rows or columns


class Outline(NamedTuple):
    """Cells of one array that belong to a cell."""

    node: str
    lane: str
    role: str  # of factors "local" or "adjoint", in the forward pass "value"; "this" of the cell
    rows: Ends
    columns: Ends


def outlines_of(trace: Trace, cell: Cell, grids: Mapping[str, Grid]) -> list[Outline]:
    """The rows and columns of cells that made a cell; `grids` are those of the arrays, by id."""
    found: dict[tuple[str, str, str], set[tuple[int, int]]] = {}
    factors = [(cell.this, "this")]
    factors += [(f, role_in(f, cell)) for term in cell.terms for f in term.factors]
    for factor, role in factors:
        if factor.node in grids and factor.index:
            place = grids[factor.node].place(factor.index, trace.node(factor.node).shape)
            found.setdefault((factor.node, factor.lane, role), set()).add(place)
    return [
        Outline(*key, rows, columns)
        for key, places in found.items()
        for rows, columns in rectangles(places)
    ]


def factors_folded_away(trace: Trace, folds: Folds, cell: Cell) -> list[str]:
    """The labels of the folds in which factors of a cell are hidden."""
    nodes = {factor.node for term in cell.terms for factor in term.factors} | {cell.this.node}
    hiding = (fold for each in folds for fold in each if nodes & (fold.members - {fold.exit}))
    return list(dict.fromkeys(trace.node(fold.exit).label for fold in hiding))


def role_in(factor: Factor, cell: Cell) -> str:
    """Whether a factor makes a value or, of an adjoint, is what arrives or what multiplies it."""
    if cell.this.lane == "value":
        return "value"
    return "adjoint" if factor.lane == "adjoint" else "local"


def rectangles(places: set[tuple[int, int]]) -> list[tuple[Ends, Ends]]:
    """One rectangle where cells fill it, else one for each cell."""
    rows, columns = sorted({r for r, _ in places}), sorted({c for _, c in places})
    high, wide = (rows[0], rows[-1]), (columns[0], columns[-1])
    if len(places) == (high[1] - high[0] + 1) * (wide[1] - wide[0] + 1):
        return [(high, wide)]
    return [((r, r), (c, c)) for r, c in sorted(places)]


def outline_boxes(
    scene: Scene, rules: tuple[Rule, ...], trace: Trace, cell: Cell
) -> tuple[Box, ...]:
    """The outlines around cells in a scene, of the arrays that it has maps of."""
    placed = {e.id: e for e in scene.elements() if isinstance(e, Map)}
    grids = {}
    for rule in rules:
        if rule.form == "map" and rule.id in placed:
            at, cells = placed[rule.id], ("tile", "axes", "beside", "block")
            layout = {key: rule.options[key] for key in cells}
            grids[rule.of] = Grid(at.rows, at.columns, (at.cell_width, at.cell_height), **layout)
    outlines = enumerate(outlines_of(trace, cell, grids))
    found = ((n, each, placed.get(f"{each.node}.{each.lane}.map")) for n, each in outlines)
    return tuple(around(f"lens.outline.{n}", it, each) for n, each, it in found if it is not None)


def around(id: str, element: Map, outline: Outline) -> Box:
    (top, bottom), (left, right) = outline.rows, outline.columns
    wide, high = element.cell_width, element.cell_height
    grow = 0.0 if outline.role == "this" else 1.0
    corner = element.x + left * wide - grow, element.y + top * high - grow
    size = (right - left + 1) * wide + 2 * grow, (bottom - top + 1) * high + 2 * grow
    return Box(id, *corner, *size, 0, f"lens {outline.role}")
