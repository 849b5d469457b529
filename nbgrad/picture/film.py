"""The film of a pass: its steps as small pictures on one sheet, for a handout.

Every picture is the same scene after another number of steps, and below each stands what the
step did. Nothing moves on paper, so everything that a reader steps through on a screen is there
at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from nbgrad.picture.geometry import number, text_width
from nbgrad.picture.output import svg
from nbgrad.picture.output.svg import css, plain_css
from nbgrad.picture.result import Result, Writers, images
from nbgrad.picture.scene import Point, StyledScene
from nbgrad.picture.theme import THEMES, Paint, Theme, in_a_line
from nbgrad.picture.words import headline, sentence
from nbgrad.trace.model import Trace

if TYPE_CHECKING:
    from matplotlib.figure import Figure


CAPTION, LINE = 17, 23


"""The size of the text below a picture, which is printed at half its size, and of its lines."""


GAP = 26


LONGEST = 24


"""So many pictures at most, unless more are asked for."""


@dataclass(frozen=True)
class Film(Result):
    """Pictures of some steps of a trace, and their captions.

    Attributes
    ----------
    trace, styled
        What is shown; the same scene in every picture.
    ks
        After how many steps.
    columns
        The pictures beside each other.
    theme
        "light", "dark", or "auto" where a page decides.
    """

    trace: Trace
    styled: StyledScene
    ks: tuple[int, ...]
    columns: int = 2
    theme: Theme = "auto"

    @property
    def cell(self) -> Point:
        """The width of a picture, and the height of one with its caption."""
        width = self.styled.scene.width
        lines = max((len(wrapped(text, width)) for text in self.captions()), default=0)
        return width, self.styled.scene.height + lines * LINE + 8

    @property
    def size(self) -> Point:
        """The width and the height of the sheet."""
        width, height = self.cell
        rows = -(-len(self.ks) // self.columns)
        columns = min(self.columns, len(self.ks))
        return columns * (width + GAP) + GAP, rows * (height + GAP) + GAP

    @property
    def title(self) -> str:
        """The picture in a line."""
        return self.styled.title

    @property
    def text(self) -> str:
        """The captions, a line for each picture."""
        return "\n".join(self.captions())

    def captions(self) -> list[str]:
        """What the last step before each picture did."""
        return [caption(self.trace, k) for k in self.ks]

    def places(self) -> Iterator[tuple[int, float, float, list[str]]]:
        """For each picture its number of steps, its corner, and the lines of its caption."""
        width, height = self.cell
        for n, k in enumerate(self.ks):
            row, column = divmod(n, self.columns)
            x, y = GAP + column * (width + GAP), GAP + row * (height + GAP)
            yield k, x, y, wrapped(caption(self.trace, k), width)

    def svg(self, theme: Theme | None = None) -> str:
        """The sheet as an `<svg>` element; with a theme, as a file of its own."""
        width, height = map(number, self.size)
        own, sheet, back = "", "", ""
        if theme is not None:
            own = " nbgrad"
            sheet = f"<style>{escape(plain_css(theme), quote=False)}</style>"
            back = '<rect class="page" width="100%" height="100%"/>'
        title = f"{self.styled.title}: {len(self.ks)} steps"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="nbgrad-film{own}"'
            f' viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
            f' style="max-width:100%;height:auto" role="graphics-document"'
            f' aria-roledescription="film strip" aria-label="{escape(title)}">'
            f"<title>{escape(title)}</title>{sheet}{back}"
            f"{''.join(self.frames())}</svg>"
        )

    def frames(self) -> Iterator[str]:
        """Each picture as an inner `<svg>`, with the lines of its caption."""
        scene = self.styled.scene
        width, height = number(scene.width), number(scene.height)
        for k, x, y, lines in self.places():
            inner = svg.drawn(self.styled, scene.root, k)
            yield (
                f'<g role="graphics-object" aria-label="{escape(" ".join(lines))}">'
                f'<svg x="{number(x)}" y="{number(y)}" width="{width}" height="{height}"'
                f' viewBox="0 0 {width} {height}">{inner}</svg>'
            )
            for n, line in enumerate(lines, start=1):
                at = f'x="{number(x + 9)}" y="{number(y + scene.height + n * LINE)}"'
                yield f'<text class="text caption" {at}>{escape(line)}</text>'
            yield "</g>"

    @property
    def html(self) -> str:
        """The sheet with its style sheet: what a notebook shows."""
        return (
            f'<div class="nbgrad" data-theme="{self.theme}">'
            f"<style>{css()}</style>{self.svg()}</div>"
        )

    def figure(self) -> Figure:
        """The sheet as a matplotlib figure: axes for each picture, and its caption below."""
        from nbgrad.picture.output.matplotlib import Painter, blank, placed

        made, colours = blank(*self.size, self.file_theme), THEMES[self.file_theme]
        scene, ink = self.styled.scene, Paint(fill="ink", size=CAPTION)
        for k, x, y, lines in self.places():
            size = (scene.width, scene.height + len(lines) * LINE + 8)
            painter = Painter(placed(made, (x, y), size), colours)
            painter.paint(self.styled, k)
            for n, line in enumerate(lines, start=1):
                painter.words(9, scene.height + n * LINE, line, ink, "left")
        return made

    def writers(self) -> Writers:
        """It can be saved as an image, as a page, or in words."""
        as_svg = {".svg": lambda: f"{self.svg(self.file_theme)}\n"}
        return {**as_svg, **images(self.figure), **super().writers()}

    def __repr__(self) -> str:
        return in_a_line("Film", f"{len(self.ks)} steps of {headline(self.trace)}")


def film_of(
    trace: Trace, styled: StyledScene, ks: Sequence[int] | None, columns: int, theme: Theme
) -> Film:
    """A film of the steps asked for, by default of all or, of a long pass, evenly chosen ones.

    Raises
    ------
    IndexError
        If there is no such step.
    ValueError
        If there is not at least one column, and one step.
    """
    if columns < 1:
        raise ValueError(f"A film has at least one column, not {columns}.")
    if ks is not None and not len(ks):
        raise ValueError("A film shows at least one step, and the list of steps is empty.")
    last = len(trace.steps)
    if ks is None:
        count = min(last, LONGEST)
        ks = sorted({round(n * last / max(count, 1)) for n in range(count + 1)})
    for k in ks:
        trace.frame(k)  # refuses a step that there is not
    return Film(trace, styled, tuple(ks), columns, theme)


def caption(trace: Trace, k: int) -> str:
    """What the k-th step did."""
    return f"{k}. {sentence(trace, trace.steps[k - 1])}" if k else "0. What is given."


def wrapped(text: str, width: float) -> list[str]:
    """A text in lines of this width."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer, CAPTION) > width - 18:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
