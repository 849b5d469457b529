"""What an explorer says beside its picture: the step in words, and the call that gives the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Any

import numpy as np

from nbgrad.picture import theme
from nbgrad.picture.facts import why
from nbgrad.picture.words import headline, sentence, sentence_html
from nbgrad.trace.folding import Fold, Opened, folded, folds_of
from nbgrad.trace.model import Node, Numbers, Trace
from nbgrad.widgets.controls import EntryError

#: A tensor of more elements is told by its shape.
MOST_ELEMENTS = 12


TITLES = {
    "forward": "compute",
    "seed": "seed",
    "multiply": "multiply",
    "sum": "add",
    "stop": "stop",
}


def panel(trace: Trace, k: int) -> str:
    """What happened at step `k`, in symbols, numbers and result, as HTML."""
    steps = len(trace.steps)
    if k == 0:
        return f"<b>Before the first step.</b> The inputs are given; {steps} steps follow."
    if k <= steps:
        step = trace.steps[k - 1]
        title = f"Step {k} of {steps} · {TITLES[step.kind]}."
        return f"<b>{title}</b> {sentence_html(trace, step)}."
    reasons = [reason for x in trace.xs if (reason := why(trace, trace.node(x)))]
    return " ".join(
        [f"<b>Both passes are done.</b> {escape(headline(trace))}.", *map(escape, reasons)]
    )


def summary(trace: Trace, k: int) -> str:
    """The same in plain words, for a screen reader."""
    if 0 < k <= len(trace.steps):
        return sentence(trace, trace.steps[k - 1])
    return headline(trace)


def code_line(trace: Trace, weights: Sequence[np.ndarray], stopped: Sequence[str]) -> str:
    """The call of `nbgrad.gradients` that gives what is on the screen, and what it gives."""
    ys, xs = ([trace.node(key).label for key in keys] for keys in (trace.ys, trace.xs))
    arguments = [ys[0] if len(ys) == 1 else listed(ys), xs[0] if len(xs) == 1 else listed(xs)]
    if any((weight != 1).any() for weight in weights):
        arguments.append(f"grad_ys={listed([literal(weight) for weight in weights])}")
    if stopped:
        arguments.append(f"stop_gradients={listed([trace.node(key).label for key in stopped])}")
    results = listed([result(trace.node(key)) for key in trace.xs])
    return f"nbgrad.gradients({', '.join(arguments)})  →  {results}"


def listed(items: Sequence[str]) -> str:
    return f"[{', '.join(items)}]"


def result(node: Node) -> str:
    """An adjoint as Python prints it."""
    value = node.adjoint.value
    return "None" if value is None else literal(value)


def literal(value: Any) -> str:
    """Numbers as nested lists, each as short as its precision allows; many by their shape."""
    array = value.array if isinstance(value, Numbers) else np.asarray(value)
    if array.size > MOST_ELEMENTS:
        return f"<{'×'.join(map(str, array.shape))} {array.dtype}>"
    if array.ndim:
        return listed([literal(part) for part in array])
    return str(array[()])


def in_a_line(trace: Trace) -> str:
    """The numbers, for where no picture can be, and what to do to see one."""
    numbers = theme.in_a_line("Explorer", headline(trace)).removesuffix(">")
    return f'{numbers}: alive in Jupyter, elsewhere .save("x.html")>'


def complaint(error: Exception) -> str:
    """An exception in its own words; of a wrong entry, everybody sees that it is one."""
    if isinstance(error, EntryError):
        return str(error)
    # str() of a KeyError is a repr, with quotation marks around the sentence.
    words = error.args[0] if isinstance(error, KeyError) and error.args else error
    return f"{type(error).__name__}: {words}"


def groups(trace: Trace, opened: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The open groups and the closed ones, in the order in which they are computed."""
    closed = closed_folds(trace, opened)
    others = {name: [each for each in opened if each != name] for name in opened}
    open_ = {name: closed_folds(trace, rest).get(name) for name, rest in others.items()}
    found = [(name, fold, name in opened) for name, fold in (open_ | closed).items() if fold]
    order = {node.id: place for place, node in enumerate(trace.nodes)}
    for name, fold, is_open in sorted(found, key=lambda each: order[each[1].exit]):
        yield {
            "name": name,
            "words": f"{name} · {fold.operations} operations",
            "open": is_open,
            "exit": fold.exit,
            "members": sorted(fold.members),
        }


def closed_folds(trace: Trace, opened: Iterable[str]) -> dict[str, Fold]:
    """The folds that show as a card, by the name to open them by."""
    stages = folds_of(trace, [*opened])
    shown = {node.id for node in folded(trace, stages)[0].nodes}
    # Of a folded scope at the end of a folded chain, the card is the chain's.
    last = {fold.exit: fold for stage in stages for fold in stage if fold.exit in shown}
    return {fold.name or trace.node(key).label: fold for key, fold in last.items()}


def all_groups(trace: Trace) -> list[str]:
    """The names of every group there is, those inside others too."""
    opened: list[str] = []
    while more := [*closed_folds(trace, opened)]:
        opened += more
    return opened


def with_opened(trace: Trace, opened: Sequence[str], names: Opened) -> list[str]:
    """The names of the open groups when these are opened too, one after the other.

    Raises
    ------
    ValueError
        If there is no closed group of this name then; the message lists those there are.
    """
    if names == "all":
        return all_groups(trace)
    together = [*opened]
    for name in [names] if isinstance(names, str) else names:
        closed = closed_folds(trace, together)
        if name not in closed and name not in together:
            known = ", ".join(map(repr, closed)) or "none"
            raise ValueError(f"There is no folded group {name!r}. Folded are: {known}")
        together += [name] * (name in closed)
    return together
