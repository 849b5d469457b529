"""What every picture can do: show itself in a notebook, and save itself."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

from nbgrad.render.output import svg
from nbgrad.render.output.saved import background
from nbgrad.render.output.tikz import tikz
from nbgrad.render.scene.picture import Picture
from nbgrad.render.scene.style import Theme


class Shown:
    """A picture with its description in words.

    Attributes
    ----------
    picture
        The picture as data.
    description
        Everything in it, in words.
    k
        After how many steps it is shown; None for all of them.
    theme
        "auto" follows JupyterLab or the reader's system; "light", "dark".
    """

    picture: Picture
    description: str
    k: int | None
    theme: Theme

    def svg(self) -> str:
        """The picture as an `<svg>` element for a page that has the style sheet."""
        return svg.svg(self.picture, k=self.k, description=self.description)

    def html(self) -> str:
        """The picture with its style sheet: what a notebook shows."""
        return svg.html(self.picture, k=self.k, description=self.description, theme=self.theme)

    def tikz(self) -> str:
        r"""The picture as a LaTeX file: a document of its own, or `\input` in another one."""
        return tikz(self.picture, k=self.k, theme=self.file_theme)

    def figure(self) -> Any:
        """The picture as a matplotlib figure."""
        from nbgrad.render.output.figure import figure

        return figure(self.picture, k=self.k, theme=self.file_theme)

    @property
    def file_theme(self) -> Theme:
        """A file has to decide: light, unless dark was asked for."""
        return "dark" if self.theme == "dark" else "light"

    def save(self, path: str | Path) -> Path:
        """Write the picture to a file; the ending says in which form.

        Parameters
        ----------
        path
            Ends in `.svg`, `.html`, `.png`, `.pdf`, `.tex` (TikZ, alone or in beamer) or `.txt`
            (in words); that of a drawing also in `.json` (the trace).

        Returns
        -------
        pathlib.Path
            Where it was written.

        Raises
        ------
        ValueError
            If the ending is none of these.
        """
        path, writers = Path(path), self.writers()
        writer = writers.get(path.suffix.lower())
        if writer is None:
            ending = f"ends in {path.suffix!r}" if path.suffix else "has no ending"
            raise ValueError(
                f"Cannot save a drawing as {path.name!r}: the name {ending}.\n"
                f"Endings there are: {' '.join(writers)}"
            )
        path.write_bytes(writer())
        return path

    def writers(self) -> dict[str, Callable[[], bytes]]:
        """What makes the bytes of a file, by its ending."""
        return {
            ".svg": self._file_svg,
            ".html": self._file_html,
            ".png": lambda: self._image("png"),
            ".pdf": lambda: self._image("pdf"),
            ".tex": lambda: self.tikz().encode(),
            ".txt": lambda: f"{self.description}\n".encode(),
        }

    def _file_svg(self) -> bytes:
        """A file of its own, with the style sheet inside."""
        description, theme = self.description, self.file_theme
        text = svg.svg(self.picture, k=self.k, description=description, theme=theme)
        return f"{text}\n".encode()

    def _file_html(self) -> bytes:
        """A page that needs nothing else."""
        head = '<!doctype html><html lang="en"><meta charset="utf-8">'
        title = f"<title>{escape(self.picture.title)}</title>"
        return f"{head}{title}{background(self.theme)}<body>{self.html()}</body></html>\n".encode()

    def _image(self, form: str) -> bytes:
        """An image by matplotlib."""
        from nbgrad.render.output.figure import figure_bytes

        return figure_bytes(self.figure(), form)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": self.description}
