"""The film of a pass: its steps as pictures on pages, for a handout.

Every picture is the same scene after another number of steps, and below it stands what was done.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from nbgrad.picture.output import Words
from nbgrad.picture.output.svg import Form, Writer, document, escape, inline, paint_attributes
from nbgrad.picture.result import Image, one_line_repr
from nbgrad.picture.scene import Point, StyledScene
from nbgrad.picture.step_line import sentence
from nbgrad.picture.theme import NAME, THEMES, Paint, Theme, wrapped
from nbgrad.picture.words import headline
from nbgrad.trace.model import Trace

if TYPE_CHECKING:
    from matplotlib.figure import Figure

A4 = (794.0, 1123.0)  # in pixels
CELL = 878.0  # the width of a cell of a notebook
MARGIN = 38.0  # of a page, on each side: what a browser leaves when it prints
GAP = 22.0  # between pictures
LINE = 18.0  # the height of a line below a picture
MOST = 24  # the most pictures, unless more are named
NAMES = 'aria-roledescription="film strip"'
NUMBERS = re.compile(r"( =| gets)(?= [(−\d∞N\[]).*")  # of a sentence, from the first one on


class Place(NamedTuple):
    """Where a picture is on its page: after how many steps it is, and the lines below it."""

    k: int
    x: float
    y: float
    lines: list[str]


@dataclass(frozen=True)
class Film(Image):
    """Pictures of some steps of a trace, and their captions."""

    trace: Trace
    styled: StyledScene
    chosen: Sequence[int] | None = None  # after how many steps
    columns: int | None = None  # the most beside each other; None for as many as fit
    theme: Theme = "auto"
    page: Point = A4  # its width and its height in pixels, either way up,
    upright: bool = False  # unless it is never turned
    asks: bool = False  # its captions leave out what the reverse pass finds

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.columns is not None and self.columns < 1:
            raise ValueError(f"A film has at least one column, not {self.columns}.")
        if min(self.page) < 4 * MARGIN:
            problem = f"A page is at least {4 * MARGIN:g} pixels wide and high, not {self.page}."
            raise ValueError(problem)
        if self.chosen is not None and not len(self.chosen):
            raise ValueError("A film shows at least one step, and the list of steps is empty.")
        for k in self.ks:
            self.trace.check_step(k)  # refuses a step beyond the last

    @cached_property
    def ks(self) -> tuple[int, ...]:
        """The chosen steps, or all of them or, of a long pass, evenly chosen ones."""
        if self.chosen is not None:
            return tuple(self.chosen)
        last = len(self.trace.steps)
        count = min(last, MOST)
        return tuple(sorted({round(n * last / max(count, 1)) for n in range(count + 1)}))

    @property
    def title(self) -> str:
        return self.styled.title

    @property
    def text(self) -> str:
        return "\n".join(self.captions)

    @cached_property
    def captions(self) -> list[str]:
        return [f"{k}. {self.sentence(k)}" if k else "0. What is given." for k in self.ks]

    def sentence(self, k: int) -> str:
        """What the step before a picture has done, or is to be found to have done."""
        step = self.trace.steps[k - 1]
        said = sentence(self.trace, step)
        is_blank = self.asks and step.kind in ("multiply", "sum")
        return NUMBERS.sub(r"\1 ______", said) if is_blank else said

    # Places ---------------------------------------------------------------------------------

    @cached_property
    def room(self) -> Point:
        """The room for pictures on a page, whichever way up has more of them.

        It is larger than the page's where not even one fits: the page then shrinks on paper.
        """
        width, height = (side - 2 * MARGIN for side in self.page)
        rooms = ((width, height),) if self.upright else ((width, height), (height, width))
        largest = max(rooms, key=lambda room: math.prod(self.grid(room)))
        if math.prod(self.grid(largest)):
            return largest
        wide, high = self.cell_size
        scale, (x, y) = min((max(wide / room[0], high / room[1]), room) for room in rooms)
        return x * scale, y * scale

    def grid(self, room: Point) -> tuple[int, int]:
        """The columns and rows of pictures that there is room for."""
        columns, rows = (
            int((side + GAP + 1e-6) // (each + GAP))
            for side, each in zip(room, self.cell_size, strict=True)
        )
        return min(columns, self.columns or columns), rows

    @cached_property
    def cell_size(self) -> Point:
        """The width of a picture, and the height of the highest one with its caption."""
        scene = self.styled.scene
        lines = max(len(wrapped(text, NAME, scene.width - 18)) for text in self.captions)
        return scene.width, scene.height + lines * LINE + 8

    @cached_property
    def pages(self) -> list[list[Place]]:
        columns, rows = self.grid(self.room)
        width, height = self.cell_size
        left = (self.room[0] - columns * (width + GAP) + GAP) / 2
        places = []
        for n, (k, text) in enumerate(zip(self.ks, self.captions, strict=True)):
            row, column = divmod(n % (columns * rows), columns)
            x, y = left + column * (width + GAP), row * (height + GAP)
            places.append(Place(k, x, y, wrapped(text, NAME, width - 18)))
        return [places[n : n + columns * rows] for n in range(0, len(places), columns * rows)]

    def height_of(self, page: list[Place]) -> float:
        return page[-1].y + self.cell_size[1]

    def sheet(self) -> tuple[Point, list[Point]]:
        """The size of a sheet with all pages on it, about square, and the corners of its pages."""
        columns = math.ceil(math.sqrt(len(self.pages)))
        rows = math.ceil(len(self.pages) / columns)
        width = self.room[0] + 2 * MARGIN
        height = max(map(self.height_of, self.pages)) + 2 * MARGIN
        corners = [divmod(n, columns) for n in range(len(self.pages))]
        places = [(column * width + MARGIN, row * height + MARGIN) for row, column in corners]
        return (columns * width, rows * height), places

    # Outputs --------------------------------------------------------------------------------

    def file_svg(self) -> str:
        form = Form(self.file_theme, alone=True)
        size, corners = self.sheet()
        inside = "".join(
            f'<g transform="translate({x:g} {y:g})">{self.pictures(page, form)}</g>'
            for (x, y), page in zip(corners, self.pages, strict=True)
        )
        title = f"{self.title}: {len(self.ks)} steps"
        return f"{document(inside, size, form, title, self.text, NAMES)}\n"

    def pictures(self, page: list[Place], form: Form) -> str:
        """The pictures of a page as SVG, with the lines of their captions."""
        root, height, found = self.styled.scene.root, self.styled.scene.height, ""
        start = (
            f'<text class="text name-size"{paint_attributes(Paint(size=NAME), form.theme)} x="9"'
        )
        for k, x, y, lines in page:
            inner = Writer(self.styled, k, form).element(root)
            for n, line in enumerate(lines, start=1):
                inner += f'{start} y="{height + n * LINE:g}">{escape(line)}</text>'
            words = f'role="graphics-object" aria-label="{escape(" ".join(lines))}"'
            found += f'<g {words} transform="translate({x:g} {y:g})">{inner}</g>'
        return found

    @cached_property
    def on_screen(self) -> Film:
        """The same on pages as wide as a cell of a notebook, of the proportions of the paper."""
        narrow, wide = sorted(side - 2 * MARGIN for side in self.page)
        columns, _ = self.grid((max(CELL, self.cell_size[0]), self.cell_size[1]))
        room = columns * (self.cell_size[0] + GAP) - GAP
        page = (room + 2 * MARGIN, max(room * wide / narrow, self.cell_size[1]) + 2 * MARGIN)
        return replace(self, page=page, upright=True)

    @property
    def html(self) -> str:
        """The pages with their style sheet, each on paper of its own when they are printed."""
        film, form, pages = self.on_screen, Form(self.file_theme), ""
        for n, page in enumerate(film.pages, start=1):
            size = film.room[0], film.height_of(page)
            title = f"{self.title}: page {n} of {len(film.pages)}"
            pages += document(film.pictures(page, form), size, form, title, "", NAMES, " nb-page")
        return inline(pages, f'<pre class="nb-twin">{escape(self.text)}</pre>', self.theme)

    def figure(self) -> Figure:
        """All pages on one sheet, as a matplotlib figure."""
        size, corners = self.sheet()
        return self.painted(size, 1, zip(corners, self.pages, strict=True))

    def figures(self) -> list[Figure]:
        """A matplotlib figure for each page, as large as the page."""
        size = (self.room[0] + 2 * MARGIN, self.room[1] + 2 * MARGIN)
        scale = max(self.page) / max(size) * 72 / 96
        return [self.painted(size, scale, [((MARGIN, MARGIN), page)]) for page in self.pages]

    def painted(
        self, size: Point, scale: float, pages: Iterable[tuple[Point, list[Place]]]
    ) -> Figure:
        """A figure with axes for each picture, and its caption below."""
        from nbgrad.picture.output.matplotlib import Painter, axes_at, blank

        made, colours = blank(*size, self.file_theme, scale), THEMES[self.file_theme]
        scene, ink = self.styled.scene, Paint(fill="ink", size=NAME)
        for (left, top), page in pages:
            for k, x, y, lines in page:
                corner = (left + x, top + y)
                painter = Painter(axes_at(made, corner, self.cell_size, scale), colours, scale)
                painter.paint(self.styled, k)
                for n, line in enumerate(lines, start=1):
                    painter.draw(Words(9, scene.height + n * LINE, line, ink, "start"))
        return made

    def __repr__(self) -> str:
        return one_line_repr("Film", f"{len(self.ks)} steps of {headline(self.trace)}")
