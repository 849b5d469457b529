"""Results, which every verb returns: each shows itself, prints as text, and saves itself."""

from __future__ import annotations

import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from nbgrad.picture.output import svg
from nbgrad.picture.output.tikz import tikz
from nbgrad.picture.scene import StyledScene
from nbgrad.picture.theme import THEMES, Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure


Writers = dict[str, Callable[[], str | bytes]]
"""What makes the content of a file, by the ending of its name."""


class Result(ABC):
    """A picture, a plot, a table or a derivation, in words and as HTML."""

    theme: Theme  # "auto" follows JupyterLab or the reader's system

    def __post_init__(self) -> None:
        check_choice("theme", self.theme, ("auto", "light", "dark"))

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
        """Write it to a file, in the form that the ending of its name says, and return its path.

        Raises
        ------
        ValueError
            If there is no such form, naming those there are; `.txt` and `.html` always work.
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


class Image(Result):
    """A result that is an image, too; it may have several pages."""

    @abstractmethod
    def file_svg(self) -> str:
        """The content of a file in the form of SVG."""

    @abstractmethod
    def figure(self) -> Figure:
        """All of it as a matplotlib figure."""

    def figures(self) -> list[Figure]:
        """Its pages."""
        return [self.figure()]

    def writers(self) -> Writers:
        """The functions that write it; matplotlib is imported when an image is asked for."""

        def image(form: str) -> bytes:
            from nbgrad.picture.output.matplotlib import figure_bytes

            return figure_bytes(self.figures() if form == "pdf" else [self.figure()], form)

        images = {f".{form}": partial(image, form) for form in ("png", "pdf")}
        return {".svg": self.file_svg, **images, **super().writers()}


class PictureResult(Image):
    """A result that is one picture, with its description in words."""

    k: int | None  # after how many steps it is shown; None for all of them

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

    def file_svg(self) -> str:
        form = svg.Form(self.file_theme, alone=True)
        return f"{svg.svg(self.styled, k=self.k, description=self.description, form=form)}\n"

    def tikz(self) -> str:
        r"""The picture as a LaTeX file: a document of its own, or `\input` in another one."""
        return tikz(self.styled, k=self.k, theme=self.file_theme)

    def figure(self) -> Figure:
        """The picture as a matplotlib figure."""
        from nbgrad.picture.output.matplotlib import figure

        return figure(self.styled, k=self.k, theme=self.file_theme)

    def writers(self) -> Writers:
        """The functions that write it: as an image, a page, words, or TikZ, alone or in beamer."""
        return {**super().writers(), ".tex": self.tikz}


def form_of(path: Path) -> str:
    """The ending that says in which form a file is written; `.htm` is short for `.html`."""
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


def page(html: str, title: str, theme: Theme = "auto") -> str:
    """A page that needs nothing else, painted as the theme has it beyond what it shows."""
    light, dark = (f"body{{background:{THEMES[name]['page']}}}" for name in ("light", "dark"))
    follow = f"{light}@media (prefers-color-scheme:dark){{{dark}}}"
    style = {"auto": follow, "light": light, "dark": dark}[theme]
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
    return f"{head}<style>{style}</style><body>{html}</body></html>\n"


def check_choice(what: str, name: object, known: Iterable[str]) -> None:
    """Refuse a name that is not among the choices.

    Examples
    --------
    >>> check_choice("theme", "drak", ["auto", "light", "dark"])
    Traceback (most recent call last):
        ...
    ValueError: There is no theme 'drak'. Did you mean 'dark'?
    Possible values: 'auto', 'light', 'dark'
    """
    names = list(known)
    if isinstance(name, str) and name in names:
        return
    close = get_close_matches(str(name), names, 1)
    guess = f" Did you mean {close[0]!r}?" if close else ""
    values = ", ".join(map(repr, names))
    raise ValueError(f"There is no {what} {name!r}.{guess}\nPossible values: {values}")


def one_line_repr(kind: str, words: str) -> str:
    """The repr of a result, at most 100 characters: `<Drawing of f = b + c = 42>`."""
    words = " ".join(words.split())
    words = words if len(words) <= 100 else f"{words[:99]}…"
    return f"<{kind} of {words}>"


# What tables and derivations have in common; a notebook has rules of its own for tables.
RESULT = """
.nb-result{padding:.6em .9em;font:14px/1.5 system-ui,sans-serif;overflow-x:auto}
.nb-result table{border-collapse:collapse;margin:0 0 .8em;background:transparent;
  color:inherit}
.nb-result caption{text-align:left;font-weight:650;padding:.2em 0}
.nb-result th,.nb-result td{text-align:right;padding:.25em .9em;border:0;
  border-bottom:1px solid var(--nb-line);font-variant-numeric:tabular-nums;
  background:transparent}
.nbgrad.nb-result tr:nth-child(n){background:transparent}
.nb-result th{font-weight:400;color:var(--nb-mute)}
.nb-result tr>:first-child{text-align:left}
.nb-result tfoot td{font-weight:700;border-bottom:0}
.nb-result .sides{margin:0}
.nb-result .side{display:inline-flex;flex-wrap:wrap;align-items:baseline;max-width:100%;
  margin-right:.5em}
.nb-result math{font-size:16px;padding:.22em 0}
.nb-result mfrac{padding:0 .12em}
.nb-result mfrac>*{padding:.1em 0}
.nb-result .matrix{padding:.1em .3em;margin:0 .15em;border:solid currentColor;border-width:0 1.4px;
  background:linear-gradient(currentColor 0 0) 0 0/.3em 1.4px no-repeat,
  linear-gradient(currentColor 0 0) 100% 0/.3em 1.4px no-repeat,
  linear-gradient(currentColor 0 0) 0 100%/.3em 1.4px no-repeat,
  linear-gradient(currentColor 0 0) 100% 100%/.3em 1.4px no-repeat}
.nb-result s{text-decoration-color:var(--nb-stop)}
.nb-result s+em{color:var(--nb-stop);font-style:normal}
"""


def fragment(kind: str, inside: str, theme: Theme, own: str, attributes: str = "") -> str:
    """A result that is no picture as a part of a page, with the rules of its `kind`, a class.

    Style sheets reach the whole page, and so the results of others.
    """
    opening = f'<div class="nbgrad nb-result {kind}"{attributes}{svg.themed(theme)}>'
    return f"{opening}<style>{svg.css()}{RESULT}{own}</style>{inside}</div>"


def table_element(heads: Iterable[str], rows: str, caption: str = "", foot: str = "") -> str:
    """A table, of which everything but the heads of its columns is HTML in rows."""
    head = "".join(f'<th scope="col">{text}</th>' for text in heads)
    title = f"<caption>{caption}</caption>" if caption else ""
    end = f"<tfoot>{foot}</tfoot>" if foot else ""
    return f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>{end}</table>"
