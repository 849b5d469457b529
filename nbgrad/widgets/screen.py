"""What an explorer shows: a trace, folded as the learner has it, and its picture.

A folded trace is a trace. An explorer draws it, steps through it and tells it in words, so that
every step is one that can be seen.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from nbgrad.render.drawing import Drawing, check_opened
from nbgrad.render.scene.picture import difference
from nbgrad.tracing.fold_selection import folds_of
from nbgrad.tracing.folded_trace import folded
from nbgrad.tracing.model import Trace
from nbgrad.widgets.folding import groups


class Stage:
    """The places of all that is shown while no group is opened or closed.

    Parameters
    ----------
    trace
        Any trace of the graph.
    opened
        The names of the groups that are not folded. One inside a closed group waits until that
        is opened.

    Attributes
    ----------
    painted
        The picture that the page is given; `Screen.patch` leads from it to any other.
    svg, links, groups
        For the page: the painted picture, its edges, and the groups to open and close.
    """

    def __init__(self, trace: Trace, opened: Sequence[str]) -> None:
        check_opened(trace, opened)
        self.opened = [*opened]
        self.folds = folds_of(trace, opened)
        seen, _ = folded(trace, self.folds)
        self.painted = Drawing.of(seen, open="all")
        self.svg = self.painted.svg()
        self.links = [[edge.id, edge.source, edge.target] for edge in seen.edges]
        self.groups = [*groups(trace, opened)]

    def show(self, trace: Trace) -> Screen:
        """The screen with the numbers of this trace."""
        seen, clock = folded(trace, self.folds)
        return Screen(self, trace, seen, clock, self.painted.repainted(seen))


@dataclass(frozen=True, eq=False)
class Screen:
    """The numbers on a stage.

    Attributes
    ----------
    stage
        Where they are.
    trace, seen
        What was recorded, and the same as it is folded.
    clock
        After how many steps of `trace` each of `seen` has happened.
    drawing
        The picture of `seen`.
    """

    stage: Stage
    trace: Trace
    seen: Trace
    clock: tuple[int, ...]
    drawing: Drawing

    @property
    def steps(self) -> int:
        """How many steps can be seen."""
        return len(self.seen.steps)

    @cached_property
    def patch(self) -> dict[str, dict[str, Any]]:
        """What leads from the painted picture to this one."""
        return difference(self.stage.painted.picture, self.drawing.picture)

    def switches(self, stopped: Sequence[str]) -> list[dict[str, str]]:
        """What can be stopped: every card, and whatever is stopped inside of one."""
        shown = {node.id for node in self.seen.nodes if node.role != "constant"}
        nodes = [node for node in self.trace.nodes if node.id in shown or node.id in stopped]
        return [{"id": node.id, "label": node.label} for node in nodes]

    def step_like(self, k: int, before: Screen) -> int:
        """The step that shows as much as step `k` of another screen; all stays all."""
        if k > before.steps:
            return self.steps + 1
        if self.stage is not before.stage:
            k = bisect_right(self.clock, before.clock[max(k, 0)]) - 1
        return min(max(k, 0), self.steps + 1)
