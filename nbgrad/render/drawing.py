"""What `ng.draw` returns: a picture that shows itself in a notebook, and saves itself.

The scene depends on the graph alone. `Drawing.repainted` therefore keeps it for another trace of
the same graph, and costs a small part of the first drawing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from nbgrad.render.cell_picture import CellPicture
from nbgrad.render.film import Film, film_of
from nbgrad.render.layouts.mirror import mirror
from nbgrad.render.layouts.overlay import overlay
from nbgrad.render.layouts.paths import ribbons
from nbgrad.render.layouts.tape import tape
from nbgrad.render.layouts.view import Options, View, paint
from nbgrad.render.output.result import Writers
from nbgrad.render.output.shown import Shown
from nbgrad.render.scene.choices import chosen, chosen_theme, in_a_line
from nbgrad.render.scene.picture import Picture, Scene
from nbgrad.render.scene.style import Theme
from nbgrad.render.words.prose import describe, headline
from nbgrad.render.words.text_twin import twin
from nbgrad.tracing.fold_selection import Opened, can_be_opened, folds_of
from nbgrad.tracing.folded_trace import folded
from nbgrad.tracing.model import Trace

Detail = Literal["auto", "all"]
LayoutName = Literal["overlay", "mirror", "tape", "paths"]


LAYOUTS: dict[str, Callable[[Trace, Options], View]] = {
    "overlay": overlay,
    "mirror": mirror,
    "tape": tape,
    "paths": ribbons,
}


@dataclass(frozen=True)
class Drawing(Shown):
    """A trace as a picture, after some number of its steps.

    Attributes
    ----------
    trace
        The numbers, names and edges that are shown.
    view
        What there is to see, and where; the same for every trace of a graph.
    k
        After how many steps; None for all of them.
    theme
        "auto" follows JupyterLab or the reader's system; "light", "dark".
    detail
        "all" shows every chip, also where there are so many cards that they crowd.
    layout
        "overlay", "mirror", "tape" or "paths".
    open
        The scopes and nodes that are not folded into one card; or "all".
    """

    trace: Trace
    view: View
    k: int | None = None
    theme: Theme = "auto"
    detail: Detail = "auto"
    layout: LayoutName = "overlay"
    open: Opened = ()

    @classmethod
    def of(
        cls,
        trace: Trace,
        *,
        layout: LayoutName = "overlay",
        theme: Theme = "auto",
        detail: Detail = "auto",
        open: Opened = (),
        legend: bool = True,
    ) -> Drawing:
        """Lay out and draw a trace.

        Raises
        ------
        ValueError
            If there is no such layout, theme, detail, or nothing to open under a name.
        """
        chosen("layout", layout, LAYOUTS)
        chosen_theme(theme)
        chosen("detail", detail, ("auto", "all"))
        check_opened(trace, open)
        folds = folds_of(trace, open)
        seen, _ = folded(trace, folds)
        view = LAYOUTS[layout](seen, Options(legend, every_chip=detail == "all"))
        return cls(
            trace,
            replace(view, folds=folds),
            theme=theme,
            detail=detail,
            layout=layout,
            open=open,
        )

    @property
    def scene(self) -> Scene:
        """What there is to see; the same for every trace of a graph."""
        return self.view.scene

    @cached_property
    def picture(self) -> Picture:
        """The picture as data: what a live view compares with the next one."""
        return paint(self.trace, self.view)

    @property
    def description(self) -> str:
        """Everything in the picture, in words."""
        return describe(self.trace)

    @property
    def text(self) -> str:
        """Everything in the picture, in words and in a table."""
        return twin(self.trace)

    def at(self, k: int) -> Drawing:
        """The picture after `k` steps; negative numbers count from the end."""
        steps = len(self.trace.steps)
        k = k + steps + 1 if k < 0 else k
        self.trace.frame(k)  # refuses a step that there is not
        return replace(self, k=k)

    def repainted(self, trace: Trace) -> Drawing:
        """The same picture with the numbers of another trace of the same graph."""
        return replace(self, trace=trace)

    def film(self, ks: Sequence[int] | None = None, *, columns: int = 2) -> Film:
        """The steps as small pictures on one sheet, for a handout.

        Parameters
        ----------
        ks
            After how many steps; by default after each or, in a long pass, after evenly chosen
            ones.
        columns
            The pictures beside each other.
        """
        bare = Drawing.of(
            self.trace,
            layout=self.layout,
            detail=self.detail,
            open=self.open,
            legend=False,
        )
        return film_of(self.trace, bare.picture, ks, columns, self.theme)

    def cell(
        self, key: str, index: tuple[int, ...] | int, lane: Literal["value", "adjoint"] = "value"
    ) -> CellPicture:
        """One cell of a node under the microscope: the products whose sum it is."""
        chosen("lane", lane, ("value", "adjoint"))
        return CellPicture(self.trace, self.trace.cell(key, index, lane), theme=self.theme)

    def writers(self) -> Writers:
        """A drawing can also be saved as the trace that it shows."""
        as_json = {".json": lambda: json.dumps(self.trace.to_dict(), indent=1)}
        return {**super().writers(), **as_json}

    def __repr__(self) -> str:
        return in_a_line("Drawing", headline(self.trace))


def check_opened(trace: Trace, opened: Opened) -> None:
    """Refuse names of which there is neither a scope nor a node.

    Raises
    ------
    ValueError
        Naming those there are.
    """
    if opened == "all":
        return
    if isinstance(opened, str):
        raise ValueError(
            f'open is "all" or a list of names, not the text {opened!r}.\n'
            f"Did you mean open=[{opened!r}]?"
        )
    for name in opened:
        chosen("scope or operation", name, can_be_opened(trace))
