"""The words of an explorer: its title, and its errors."""

from __future__ import annotations

from nbgrad.picture.result import one_line_repr
from nbgrad.picture.words import equation, headline
from nbgrad.trace.model import Trace
from nbgrad.widgets.entries import EntryError


def title(trace: Trace) -> str:
    """The title of an explorer: the equation of each y, whose numbers will move."""
    return ", ".join(equation(trace.node(y), value=False) for y in trace.ys)


def explorer_repr(trace: Trace, hidden: str) -> str:
    """The explorer as text, where no picture can be."""
    words = title(trace) if hidden else headline(trace)
    numbers = one_line_repr("Explorer", words).removesuffix(">")
    return f'{numbers}: alive in Jupyter, elsewhere .save("x.html")>'


def error_line(error: Exception) -> str:
    """An exception as a line; of a wrong entry, the message alone."""
    if isinstance(error, EntryError):
        return str(error)
    # str() of a KeyError is a repr, with quotation marks around the sentence.
    words = error.args[0] if isinstance(error, KeyError) and error.args else error
    return f"{type(error).__name__}: {words}"
