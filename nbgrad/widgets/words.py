"""The words of an explorer: its title, its errors, and the call that gives the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nbgrad.picture import theme
from nbgrad.picture.words import equation, headline
from nbgrad.trace.model import Node, Numbers, Trace
from nbgrad.widgets.entries import EntryError

#: A tensor of more elements is written as its shape.
MOST_ELEMENTS = 12


def title(trace: Trace) -> str:
    """The title of an explorer: the equation of each y, whose numbers will move."""
    return ", ".join(equation(trace.node(y), value=False) for y in trace.ys)


def code_line(trace: Trace, seeds: Sequence[np.ndarray], stopped: Sequence[str]) -> str:
    """The call of `nbgrad.gradients` that gives the adjoints on the screen, and its result."""
    ys, xs = ([trace.node(key).label for key in keys] for keys in (trace.ys, trace.xs))
    arguments = [
        ys[0] if len(ys) == 1 else python_list(ys),
        xs[0] if len(xs) == 1 else python_list(xs),
    ]
    if any((seed != 1).any() for seed in seeds):
        arguments.append(f"grad_ys={python_list([literal(seed) for seed in seeds])}")
    if stopped:
        arguments.append(
            f"stop_gradients={python_list([trace.node(key).label for key in stopped])}"
        )
    results = python_list([printed_adjoint(trace.node(key)) for key in trace.xs])
    return f"nbgrad.gradients({', '.join(arguments)})  →  {results}"


def python_list(items: Sequence[str]) -> str:
    return f"[{', '.join(items)}]"


def printed_adjoint(node: Node) -> str:
    """An adjoint as Python prints it."""
    value = node.adjoint.value
    return "None" if value is None else literal(value)


def literal(value: Any) -> str:
    """Numbers as nested lists, each as short as its precision allows; many by their shape."""
    array = value.array if isinstance(value, Numbers) else np.asarray(value)
    if array.size > MOST_ELEMENTS:
        return f"<{'×'.join(map(str, array.shape))} {array.dtype}>"
    if array.ndim:
        return python_list([literal(part) for part in array])
    return str(array[()])


def explorer_repr(trace: Trace) -> str:
    """The explorer as text, where no picture can be."""
    numbers = theme.one_line_repr("Explorer", headline(trace)).removesuffix(">")
    return f'{numbers}: alive in Jupyter, elsewhere .save("x.html")>'


def error_line(error: Exception) -> str:
    """An exception as a line; of a wrong entry, the message alone."""
    if isinstance(error, EntryError):
        return str(error)
    # str() of a KeyError is a repr, with quotation marks around the sentence.
    words = error.args[0] if isinstance(error, KeyError) and error.args else error
    return f"{type(error).__name__}: {words}"
