"""What `ng.explain` returns: a derivative worked out as one does by hand.

It shows itself in a notebook and saves itself, as text, as LaTeX and as HTML; all three are
written from the same equations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from nbgrad.render.derivation_forms import as_document, as_html, as_latex, as_page, as_text
from nbgrad.render.derivation_steps import Section, sections
from nbgrad.render.prose import result
from nbgrad.render.style import Theme
from nbgrad.tracing.model import Node, Trace


@dataclass(frozen=True)
class Derivation:
    """One total derivative, worked out step by step.

    Attributes
    ----------
    trace
        The run it explains.
    of
        The id or the label of the tensor whose adjoint is derived.
    theme
        "auto" follows JupyterLab or the reader's system; "light", "dark".
    """

    trace: Trace
    of: str
    theme: Theme = "auto"

    @property
    def x(self) -> Node:
        """The node whose adjoint is derived."""
        return self.trace.node(self.of)

    @property
    def title(self) -> str:
        """`df/dx = 24`, or that it is None."""
        return result(self.trace, self.x)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The derivation as data: titles, equations, paths and sentences."""
        return tuple(sections(self.trace, self.x))

    @property
    def text(self) -> str:
        """The derivation in plain text."""
        return as_text(self.sections)

    @property
    def latex(self) -> str:
        """The derivation in LaTeX, to be put into a document that uses amsmath."""
        return as_latex(self.sections)

    @property
    def html(self) -> str:
        """The derivation as HTML with MathML, which needs no script and no network."""
        return as_html(self.sections, self.title, self.theme)

    def save(self, path: str | Path) -> Path:
        """Write the derivation to a file: `.tex`, `.txt` or `.html`.

        Raises
        ------
        ValueError
            If the name has another ending.
        """
        path = Path(path)
        write = WRITERS.get(path.suffix.lower())
        if write is None:
            raise ValueError(
                f"Cannot save a derivation as {path.name!r}.\n"
                f"Endings there are: {' '.join(WRITERS)}"
            )
        path.write_text(write(self), encoding="utf-8", newline="\n")
        return path

    def __str__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        # No text/latex: JupyterLab and nbconvert would have to fetch or load MathJax for it.
        return {"text/html": self.html, "text/plain": self.text}


WRITERS: dict[str, Callable[[Derivation], str]] = {
    ".tex": lambda derivation: as_document(derivation.sections, derivation.title),
    ".txt": lambda derivation: f"{derivation.text}\n",
    ".html": lambda derivation: as_page(derivation.html, derivation.title),
}
