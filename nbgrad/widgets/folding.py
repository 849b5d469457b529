"""Which operations an explorer draws as one card, and which of them a learner may open.

What can be folded is for `nbgrad.tracing.fold_selection` to say; every trace of a graph has the
same folds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from nbgrad.tracing.fold_selection import Opened, folds_of
from nbgrad.tracing.folded_trace import Fold, folded
from nbgrad.tracing.model import Trace


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
