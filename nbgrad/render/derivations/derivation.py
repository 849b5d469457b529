"""What `ng.explain` returns: a derivative worked out as one does by hand.

It shows itself in a notebook and saves itself, as text, as LaTeX and as HTML; all three are
written from the same equations.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from nbgrad.render.derivations.forms import as_document, as_html, as_latex, as_text
from nbgrad.render.derivations.paths import path_by_path
from nbgrad.render.derivations.steps import forward, nodes_between, open_edges, reverse
from nbgrad.render.derivations.terms import (
    Line,
    Section,
    Sentence,
    Symbols,
    equation,
    is_factor,
    number,
)
from nbgrad.render.output.result import Result, Writers
from nbgrad.render.scene.choices import chosen_theme, in_a_line
from nbgrad.render.scene.style import Theme
from nbgrad.render.words.prose import result
from nbgrad.render.words.reasons import why
from nbgrad.tracing.model import Trace
from nbgrad.tracing.parts import Node


@dataclass(frozen=True)
class Derivation(Result):
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

    def __post_init__(self) -> None:
        chosen_theme(self.theme)

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

    def writers(self) -> Writers:
        """What it can be saved as."""
        return {".tex": lambda: as_document(self.sections, self.title), **super().writers()}

    def __repr__(self) -> str:
        return in_a_line("Derivation", self.title)


def sections(trace: Trace, x: Node) -> Iterator[Section]:
    """The whole derivation of one total derivative."""
    way = nodes_between(trace, x)
    symbols = Symbols(trace, bars=not all(map(is_factor, open_edges(trace, way))))
    yield Section("Forward pass", tuple(forward(trace)))
    back = tuple(reverse(trace, way, symbols))
    if back:
        yield Section("Reverse pass", back)
    yield Section(f"Path by path from {x.label}", tuple(path_by_path(trace, x, symbols)))
    yield Section("Answer", (answer(trace, x, symbols),))


def answer(trace: Trace, x: Node, symbols: Symbols) -> Line:
    """The result; what is missing, zero or not finite comes with its reason."""
    reason = why(trace, x)
    if reason:
        return Sentence(reason, strong=True)
    value = x.adjoint.value
    found = (number(value, "adjoint"),) if value is not None else ()
    return equation((Symbols(trace, bars=False).total(x),), (symbols.total(x),), found)
