"""Results, which every verb returns: each shows itself, prints as text, and saves itself."""

from __future__ import annotations

import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from nbgrad.picture.output import svg
from nbgrad.picture.output.tikz import tikz
from nbgrad.picture.style import StyledScene
from nbgrad.picture.theme import THEMES, Theme, check_theme, one_line_repr

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Writers = dict[str, Callable[[], str | bytes]]
"""What makes the content of a file, by the ending of its name."""


class Result(ABC):
    """A picture, a plot, a table or a derivation, in words and as HTML.

    Attributes
    ----------
    theme
        "auto" follows JupyterLab or the reader's system; "light", "dark".
    """

    theme: Theme

    def __post_init__(self) -> None:
        check_theme(self.theme)

    @property
    @abstractmethod
    def title(self) -> str:
        """The title of a page that shows it."""

    @property
    @abstractmethod
    def text(self) -> str:
        """Everything in it, in plain text."""

    @property
    @abstractmethod
    def html(self) -> str:
        """The HTML that a notebook shows."""

    @property
    def file_theme(self) -> Theme:
        """The theme of a file, which cannot follow a page: light, unless dark was chosen."""
        return "dark" if self.theme == "dark" else "light"

    def writers(self) -> Writers:
        """The functions that write it, by the ending of the file."""
        return {
            ".txt": lambda: f"{self.text}\n",
            ".html": lambda: page(self.html, self.title, self.theme),
        }

    def save(self, path: str | Path) -> Path:
        """Write it to a file; the ending of the name says in which form.

        Parameters
        ----------
        path
            `.txt` and `.html` always work; the message about any other ending names those
            there are.

        Returns
        -------
        pathlib.Path
            Where it was written.

        Raises
        ------
        ValueError
            If there is no such form.
        """
        path, writers = Path(path), self.writers()
        write = writers.get(form_of(path))
        if write is None:
            ending = f"ends in {path.suffix!r}" if path.suffix else "has no ending"
            raise ValueError(
                f"Cannot save a {type(self).__name__} as {path.name!r}: the name {ending}.\n"
                f"Endings there are: {' '.join(writers)}"
            )
        write_file(path, write())
        return path

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return one_line_repr(type(self).__name__, self.title)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        # No text/latex: JupyterLab and nbconvert would have to fetch or load MathJax for it.
        return {"text/html": self.html, "text/plain": self.text}


class PictureResult(Result):
    """A result that is one picture, with its description in words.

    Attributes
    ----------
    k
        After how many steps it is shown; None for all of them.
    """

    k: int | None

    @property
    @abstractmethod
    def styled(self) -> StyledScene:
        """The picture as data."""

    @property
    @abstractmethod
    def description(self) -> str:
        """The picture in words, for a screen reader."""

    @property
    def title(self) -> str:
        return self.styled.title

    @property
    def text(self) -> str:
        return self.description

    @property
    def html(self) -> str:
        return svg.html(self.styled, k=self.k, description=self.description, theme=self.theme)

    def svg(self) -> str:
        """The picture as an `<svg>` element for a page that has the style sheet."""
        return svg.svg(self.styled, k=self.k, description=self.description)

    def tikz(self) -> str:
        r"""The picture as a LaTeX file: a document of its own, or `\input` in another one."""
        return tikz(self.styled, k=self.k, theme=self.file_theme)

    def figure(self) -> Figure:
        """The picture as a matplotlib figure."""
        from nbgrad.picture.output.matplotlib import figure

        return figure(self.styled, k=self.k, theme=self.file_theme)

    def writers(self) -> Writers:
        """The functions that write it: as an image, a page, words, or TikZ, alone or in beamer."""

        def file_svg() -> str:
            words, theme = self.description, self.file_theme
            form = svg.Form(theme, alone=True)
            return f"{svg.svg(self.styled, k=self.k, description=words, form=form)}\n"

        return {
            ".svg": file_svg,
            **images(self.figure),
            ".tex": self.tikz,
            **super().writers(),
        }


def form_of(path: Path) -> str:
    """The ending that says in which form a file is written; `.htm` is short for `.html`.

    Examples
    --------
    >>> form_of(Path("f.SVG")), form_of(Path("f.htm"))
    ('.svg', '.html')
    """
    ending = path.suffix.lower()
    return ".html" if ending == ".htm" else ending


def write_file(path: Path, content: str | bytes) -> None:
    """Put a file in place when all of it is written: what fails leaves the old one whole."""
    path = path.resolve()  # where a link leads, so that it stays a link
    beside = path.with_name(f".{uuid4().hex}.part")
    try:
        beside.write_bytes(content.encode() if isinstance(content, str) else content)
        if path.exists():
            shutil.copymode(path, beside)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def images(figure: Callable[[], Figure]) -> Writers:
    """Writers of a matplotlib figure, which is not made before."""

    def write(form: str) -> bytes:
        from nbgrad.picture.output.matplotlib import figure_bytes

        return figure_bytes([figure()], form)

    return {".png": lambda: write("png"), ".pdf": lambda: write("pdf")}


def page(html: str, title: str, theme: Theme = "auto") -> str:
    """A page that needs nothing else, painted as the theme has it beyond what it shows."""
    light, dark = (f"body{{background:{THEMES[name]['page']}}}" for name in ("light", "dark"))
    follow = f"{light}@media (prefers-color-scheme:dark){{{dark}}}"
    style = {"auto": follow, "light": light, "dark": dark}[theme]
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
    return f"{head}<style>{style}</style><body>{html}</body></html>\n"
