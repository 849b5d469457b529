"""The display of an explorer: a trace, folded, on a scene that stays while numbers move."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from nbgrad.picture.drawing import Drawing, check_opened
from nbgrad.picture.style import difference
from nbgrad.picture.template import Template
from nbgrad.trace.folding import Fold, Opened, folded, folds_of
from nbgrad.trace.model import Trace


class FoldedScene:
    """The scene of a graph while no group is opened or closed.

    Parameters
    ----------
    trace
        Any trace of the graph.
    opened
        The names of the groups that are not folded. One inside a closed group waits until that
        is opened.

    Attributes
    ----------
    template
        What makes a drawing of any trace.
    painted
        The picture that the page is given; `Display.patch` leads from it to any other.
    svg, links, groups
        For the page: that picture, its edges, and the groups to open and close.
    """

    def __init__(self, trace: Trace, opened: Sequence[str]) -> None:
        check_opened(trace, opened)
        self.opened = [*opened]
        chosen = template_of(trace, opened)
        self.folds = chosen.folds
        seen, _ = folded(trace, self.folds)
        self.template = replace(chosen, folds=())
        # The drawing itself would keep the arrays of its trace for as long as the scene stands.
        drawing = Drawing(seen, self.template, open="all")
        self.painted, self.svg = drawing.styled, drawing.svg()
        self.links = [[edge.id, edge.source, edge.target] for edge in seen.edges]
        self.groups = [*groups(trace, opened)]

    def display(self, trace: Trace) -> Display:
        """The numbers of a trace on this scene."""
        seen, clock = folded(trace, self.folds)
        return Display(self, trace, seen, clock, Drawing(seen, self.template, open="all"))


def template_of(trace: Trace, opened: Sequence[str]) -> Template:
    """What `draw` makes, which folds as much as the width asks for; an overview, of folds only.

    The groups that an overview closes by itself are no folds, and no click opens them.
    """
    template = Drawing.of(trace, open=opened, legend=False).template
    if not template.overview:
        return template
    folds = folds_of(trace, opened)
    seen, _ = folded(trace, folds)
    template = Drawing.of(seen, open="all", legend=False).template
    return replace(template, folds=(*folds, *template.folds))


@dataclass(frozen=True, eq=False)
class Display:
    """The numbers of one trace on a folded scene.

    Attributes
    ----------
    scene
        Where they stand.
    trace, seen
        What was recorded, and the same as it is folded.
    clock
        After how many steps of `trace` each step of `seen` has happened.
    drawing
        The drawing of `seen`.
    """

    scene: FoldedScene
    trace: Trace
    seen: Trace
    clock: tuple[int, ...]
    drawing: Drawing

    @property
    def steps(self) -> int:
        """The number of steps that can be seen."""
        return len(self.seen.steps)

    @cached_property
    def patch(self) -> dict[str, dict[str, Any]]:
        """The changes from the painted drawing to this one."""
        return difference(self.scene.painted, self.drawing.styled)

    def switches(self, stopped: Sequence[str]) -> list[dict[str, str]]:
        """The nodes that can be stopped: every card, and stopped nodes inside of one."""
        shown = {node.id for node in self.seen.nodes if node.role != "constant"}
        nodes = [node for node in self.trace.nodes if node.id in shown or node.id in stopped]
        return [{"id": node.id, "label": node.label} for node in nodes]

    def step_like(self, k: int, before: Display) -> int:
        """The step that shows as much as step `k` of another display; all stays all."""
        if k > before.steps:
            return self.steps + 1
        if self.scene is not before.scene:
            k = bisect_right(self.clock, before.clock[max(k, 0)]) - 1
        return min(max(k, 0), self.steps + 1)


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
    stages = template_of(trace, [*opened]).folds
    shown = {node.id for node in folded(trace, stages)[0].nodes}
    # Of a folded scope at the end of a folded chain, the card is the chain's.
    last = {fold.exit: fold for stage in stages for fold in stage if fold.exit in shown}
    return {fold.name or trace.node(key).label: fold for key, fold in last.items()}


def with_opened(trace: Trace, opened: Sequence[str], names: Opened) -> list[str]:
    """The names of the open groups when these are opened too, one after the other.

    Raises
    ------
    ValueError
        If there is no closed group of this name then; the message lists those there are.
    """
    together = [] if names == "all" else [*opened]
    if names == "all":
        while more := [*closed_folds(trace, together)]:  # groups inside groups
            together += more
        return together
    for name in [names] if isinstance(names, str) else names:
        closed = closed_folds(trace, together)
        if name not in closed and name not in together:
            known = ", ".join(map(repr, closed)) or "none"
            raise ValueError(f"There is no folded group {name!r}. Folded are: {known}")
        together += [name] * (name in closed)
    return together
