"""The film of a pass: its steps as small pictures on one sheet, for a handout.

Every picture is the same scene after another number of steps, and below each stands what the
step did. Nothing moves on paper, so everything that a reader steps through on a screen is there
at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbgrad.picture.output import svg
from nbgrad.picture.output.css import css
from nbgrad.picture.output.shapes import Words, decimal
from nbgrad.picture.result import Result, Writers, images
from nbgrad.picture.scene import Point
from nbgrad.picture.step_line import sentence
from nbgrad.picture.style import StyledScene
from nbgrad.picture.text_width import text_width
from nbgrad.picture.theme import THEMES, Paint, Theme, one_line_repr
from nbgrad.picture.words import headline
from nbgrad.trace.model import Trace

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# The size of the text below a picture, which is printed at half its size, and of its lines.
CAPTION, LINE = 17, 23
GAP = 26
MOST = 24  # the most pictures, unless more are named


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
    """

    trace: Trace
    styled: StyledScene
    ks: tuple[int, ...]
    columns: int = 2
    theme: Theme = "auto"

    @property
    def title(self) -> str:
        """The picture in a line."""
        return self.styled.title

    @property
    def text(self) -> str:
        """The captions, a line for each picture."""
        return "\n".join(self.captions())

    def captions(self) -> list[str]:
        """The caption of each picture: the last step before it."""
        return [caption(self.trace, k) for k in self.ks]

    def svg(self, theme: Theme | None = None) -> str:
        """The sheet as an `<svg>` element; with a theme, as a file of its own."""
        width, height = map(decimal, self.size)
        title = svg.escape(f"{self.title}: {len(self.ks)} steps")
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg"'
            f' class="nbgrad-film{" nbgrad" if theme else ""}"'
            f' viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
            f' style="max-width:100%;height:auto" role="graphics-document"'
            f' aria-roledescription="film strip" aria-label="{title}">'
            f"<title>{title}</title>{svg.own_sheet(theme)}"
            f"{''.join(self._pictures())}</svg>"
        )

    def _pictures(self) -> Iterator[str]:
        """Each picture as an inner `<svg>`, with the lines of its caption."""
        scene = self.styled.scene
        width, height = decimal(scene.width), decimal(scene.height)
        for k, x, y, lines in self._places():
            inner = svg.element_svg(self.styled, scene.root, k)
            yield (
                f'<g role="graphics-object" aria-label="{svg.escape(" ".join(lines))}">'
                f'<svg x="{decimal(x)}" y="{decimal(y)}" width="{width}" height="{height}"'
                f' viewBox="0 0 {width} {height}">{inner}</svg>'
            )
            for n, line in enumerate(lines, start=1):
                at = f'x="{decimal(x + 9)}" y="{decimal(y + scene.height + n * LINE)}"'
                yield f'<text class="text caption" {at}>{svg.escape(line)}</text>'
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
        from nbgrad.picture.output.matplotlib import Painter, axes_at, blank

        made, colours = blank(*self.size, self.file_theme), THEMES[self.file_theme]
        scene, ink = self.styled.scene, Paint(fill="ink", size=CAPTION)
        for k, x, y, lines in self._places():
            size = (scene.width, scene.height + len(lines) * LINE + 8)
            painter = Painter(axes_at(made, (x, y), size), colours)
            painter.paint(self.styled, k)
            for n, line in enumerate(lines, start=1):
                painter.draw(Words(9, scene.height + n * LINE, line, ink, "start"))
        return made

    @property
    def size(self) -> Point:
        """The width and the height of the sheet."""
        width, height = self._cell_size()
        rows = -(-len(self.ks) // self.columns)
        columns = min(self.columns, len(self.ks))
        return columns * (width + GAP) + GAP, rows * (height + GAP) + GAP

    def _cell_size(self) -> Point:
        """The width of a picture, and the height of the highest one with its caption."""
        scene = self.styled.scene
        lines = max((len(wrapped(text, scene.width)) for text in self.captions()), default=0)
        return scene.width, scene.height + lines * LINE + 8

    def _places(self) -> Iterator[tuple[int, float, float, list[str]]]:
        """For each picture its number of steps, its corner, and the lines of its caption."""
        width, height = self._cell_size()
        for n, (k, text) in enumerate(zip(self.ks, self.captions(), strict=True)):
            row, column = divmod(n, self.columns)
            x, y = GAP + column * (width + GAP), GAP + row * (height + GAP)
            yield k, x, y, wrapped(text, width)

    def writers(self) -> Writers:
        """The functions that write it: as an image, as a page, or in words."""
        as_svg = {".svg": lambda: f"{self.svg(self.file_theme)}\n"}
        return {**as_svg, **images(self.figure), **super().writers()}

    def __repr__(self) -> str:
        return one_line_repr("Film", f"{len(self.ks)} steps of {headline(self.trace)}")


def film_of(
    trace: Trace, styled: StyledScene, ks: Sequence[int] | None, columns: int, theme: Theme
) -> Film:
    """A film of the chosen steps, by default of all or, of a long pass, evenly chosen ones.

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
        count = min(last, MOST)
        ks = sorted({round(n * last / max(count, 1)) for n in range(count + 1)})
    for k in ks:
        trace.check_step(k)  # refuses a step beyond the last
    return Film(trace, styled, tuple(ks), columns, theme)


def caption(trace: Trace, k: int) -> str:
    """The k-th step in words."""
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
