"""What every picture of one scene can do: write itself as SVG, TikZ, a figure, HTML and text."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from nbgrad.render.output import svg
from nbgrad.render.output.result import Result, Writers, images
from nbgrad.render.output.tikz import tikz
from nbgrad.render.scene.picture import Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Shown(Result):
    """A picture with its description in words.

    Attributes
    ----------
    k
        After how many steps it is shown; None for all of them.
    """

    k: int | None

    @property
    @abstractmethod
    def picture(self) -> Picture:
        """The picture as data."""

    @property
    @abstractmethod
    def description(self) -> str:
        """What a screen reader is told of the picture."""

    @property
    def title(self) -> str:
        """The picture in a line."""
        return self.picture.title

    @property
    def text(self) -> str:
        """The picture in words."""
        return self.description

    @property
    def html(self) -> str:
        """The picture with its style sheet: what a notebook shows."""
        return svg.html(self.picture, k=self.k, description=self.description, theme=self.theme)

    def svg(self) -> str:
        """The picture as an `<svg>` element for a page that has the style sheet."""
        return svg.svg(self.picture, k=self.k, description=self.description)

    def tikz(self) -> str:
        r"""The picture as a LaTeX file: a document of its own, or `\input` in another one."""
        return tikz(self.picture, k=self.k, theme=self.file_theme)

    def figure(self) -> Figure:
        """The picture as a matplotlib figure."""
        from nbgrad.render.output.figure import figure

        return figure(self.picture, k=self.k, theme=self.file_theme)

    def writers(self) -> Writers:
        """It can be saved as an image, as a page, in words, or as TikZ, alone or in beamer."""
        return {
            ".svg": self._file_svg,
            **images(self.figure),
            ".tex": self.tikz,
            **super().writers(),
        }

    def _file_svg(self) -> str:
        """A file of its own, with the style sheet inside."""
        description, theme = self.description, self.file_theme
        return f"{svg.svg(self.picture, k=self.k, description=description, theme=theme)}\n"
