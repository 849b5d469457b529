"""What an explorer shows in one state of its controls, found when somebody asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeAlias, cast

import numpy as np

from nbgrad.picture.drawing import Drawing, LayoutName
from nbgrad.trace.model import Trace
from nbgrad.widgets.entries import Kind
from nbgrad.widgets.model import Model
from nbgrad.widgets.views import WIDE, ExplorerView, Views

Asks: TypeAlias = Mapping[str, Mapping[str, Any]] | None


@dataclass(frozen=True, eq=False)
class Controls:
    """The state of the controls: numbers, stops, and how they are laid out.

    Attributes
    ----------
    inputs, seeds
        For the label of each input and each y, its array.
    stopped, opened, layout
        As in `SharedState`.
    """

    inputs: Mapping[str, np.ndarray]
    seeds: Mapping[str, np.ndarray]
    stopped: tuple[str, ...]
    opened: tuple[str, ...]
    layout: str

    @property
    def structure(self) -> tuple[tuple[str, ...], str]:
        """What the view depends on."""
        return self.opened, self.layout

    def with_array(self, kind: Kind, label: str, array: np.ndarray) -> Controls:
        """The state with another value for an input, or for a seed."""
        if kind == "input":
            return replace(self, inputs={**self.inputs, label: array})
        return replace(self, seeds={**self.seeds, label: array})


class Shown:
    """A trace, and how it is seen in the wide view."""

    def __init__(self, model: Model, views: Views, controls: Controls) -> None:
        self._model, self._views, self.controls = model, views, controls

    @cached_property
    def trace(self) -> Trace:
        """The trace, with everything that is folded."""
        controls = self.controls
        return self._model.trace(controls.inputs, controls.seeds, frozenset(controls.stopped))

    @cached_property
    def view(self) -> ExplorerView:
        """The view of a wide page."""
        return self._views.find(self.trace, WIDE, self.controls.layout, self.controls.opened)

    @property
    def steps(self) -> int:
        """The number of steps of both passes; the step after the last shows all."""
        return len(self.trace.steps)

    def step_like(self, k: int, before: Shown) -> int:
        """The step that shows as much as step `k` of what was before; all stays all."""
        return self.steps + 1 if k > before.steps else min(max(k, 0), self.steps + 1)

    def drawing(self, k: int, asks: Asks = None) -> Drawing:
        """The picture after `k` steps, as `draw` makes it.

        Parameters
        ----------
        asks
            The answers to what is asked, where adjoints are hidden; those that were right show.
        """
        layout = cast(LayoutName, self.controls.layout)
        drawing = Drawing.of(self.trace, layout=layout, open=[*self.controls.opened])
        return self._at(drawing, k, asks)

    def still(self, k: int, asks: Asks = None) -> Drawing:
        """The picture after `k` steps, as the page shows it."""
        return self._at(Drawing(self.trace, self.view.template), k, asks)

    def _at(self, drawing: Drawing, k: int, asks: Asks) -> Drawing:
        if asks is not None:
            found = {label for label, answer in asks.items() if answer.get("right")}
            asking = drawing.asking()
            hidden = [key for key in asking.hidden if self.trace.node(key).label not in found]
            drawing = replace(asking, hidden=(*hidden,))
        return drawing.at(k) if k <= self.steps else drawing
