"""What `ng.draw` returns: a picture that shows itself in a notebook, and saves itself.

The scene depends on the graph alone. `Drawing.repainted` therefore keeps it for another trace of
the same graph, and costs a small part of the first drawing.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any, Literal

from nbgrad.render import svg
from nbgrad.render.mirror import mirror
from nbgrad.render.overlay import overlay
from nbgrad.render.picture import Picture, Scene
from nbgrad.render.prose import describe
from nbgrad.render.style import Theme
from nbgrad.render.ribbons import ribbons
from nbgrad.render.tape import tape
from nbgrad.render.views import View, paint
from nbgrad.tracing.folding import Opened, folded, folds_of
from nbgrad.tracing.model import Trace

Detail = Literal["auto", "all"]
LayoutName = Literal["overlay", "mirror", "tape", "paths"]


LAYOUTS: dict[str, Callable[..., View]] = {
    "overlay": overlay,
    "mirror": mirror,
    "tape": tape,
    "paths": ribbons,
}


@dataclass(frozen=True)
class Drawing:
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
    """

    trace: Trace
    view: View
    k: int | None = None
    theme: Theme = "auto"
    detail: Detail = "auto"

    @classmethod
    def of(
        cls,
        trace: Trace,
        *,
        layout: LayoutName = "overlay",
        theme: Theme = "auto",
        detail: Detail = "auto",
        opened: Opened = (),
        legend: bool = True,
    ) -> Drawing:
        """Lay out and draw a trace.

        Raises
        ------
        ValueError
            If there is no such layout.
        """
        compose = LAYOUTS.get(layout)
        if compose is None:
            names = ", ".join(LAYOUTS)
            raise ValueError(f"There is no layout {layout!r}.\nLayouts there are: {names}")
        folds = folds_of(trace, opened)
        seen, _ = folded(trace, folds)
        view = compose(seen, with_legend=legend, every_chip=detail == "all")
        return cls(trace, replace(view, folds=folds), theme=theme, detail=detail)

    @property
    def scene(self) -> Scene:
        """What there is to see; the same for every trace of a graph."""
        return self.view.scene

    @cached_property
    def picture(self) -> Picture:
        """The picture as data: what a live view compares with the next one."""
        return paint(self.trace, self.view, every_chip=self.detail == "all")

    @property
    def description(self) -> str:
        """Everything in the picture, in words."""
        return describe(self.trace)

    def at(self, k: int) -> Drawing:
        """The picture after `k` steps; negative numbers count from the end."""
        steps = len(self.trace.steps)
        k = k + steps + 1 if k < 0 else k
        self.trace.frame(k)  # refuses a step that there is not
        return replace(self, k=k)

    def repainted(self, trace: Trace) -> Drawing:
        """The same picture with the numbers of another trace of the same graph."""
        return replace(self, trace=trace)

    def svg(self) -> str:
        """The picture as an `<svg>` element for a page that has the style sheet."""
        return svg.svg(self.picture, k=self.k, description=self.description)

    def html(self) -> str:
        """The picture with its style sheet: what a notebook shows."""
        return svg.html(self.picture, k=self.k, description=self.description, theme=self.theme)

    def figure(self) -> Any:
        """The picture as a matplotlib figure."""
        from nbgrad.render.figure import figure

        return figure(self.picture, k=self.k, theme=self.file_theme)

    @property
    def file_theme(self) -> Theme:
        """A file has to decide: light, unless dark was asked for."""
        return "dark" if self.theme == "dark" else "light"

    def save(self, path: str | Path) -> Path:
        """Write the picture to a file; the ending says in which form.

        Parameters
        ----------
        path
            Ends in `.svg`, `.html`, `.png`, `.pdf`, `.txt` (in words) or `.json` (the trace).

        Returns
        -------
        pathlib.Path
            Where it was written.

        Raises
        ------
        ValueError
            If the ending is none of these.
        """
        path = Path(path)
        writer = WRITERS.get(path.suffix.lower())
        if writer is None:
            ending = f"ends in {path.suffix!r}" if path.suffix else "has no ending"
            raise ValueError(
                f"Cannot save a drawing as {path.name!r}: the name {ending}.\n"
                f"Endings there are: {' '.join(WRITERS)}"
            )
        path.write_bytes(writer(self))
        return path

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": self.description}


def as_svg(drawing: Drawing) -> bytes:
    """A file of its own, with the style sheet inside."""
    text = svg.svg(
        drawing.picture,
        k=drawing.k,
        description=drawing.description,
        theme=drawing.file_theme,
    )
    return f"{text}\n".encode()


def as_html(drawing: Drawing) -> bytes:
    """A page that needs nothing else."""
    head = '<!doctype html><html lang="en"><meta charset="utf-8">'
    title = f"<title>{escape(drawing.picture.title)}</title>"
    return f"{head}{title}<body>{drawing.html()}</body></html>\n".encode()


def as_image(form: str) -> Callable[[Drawing], bytes]:
    """An image by matplotlib."""

    def write(drawing: Drawing) -> bytes:
        from nbgrad.render.figure import figure_bytes

        return figure_bytes(drawing.figure(), form)

    return write


WRITERS: dict[str, Callable[[Drawing], bytes]] = {
    ".svg": as_svg,
    ".html": as_html,
    ".png": as_image("png"),
    ".pdf": as_image("pdf"),
    ".txt": lambda drawing: f"{drawing.description}\n".encode(),
    ".json": lambda drawing: json.dumps(drawing.trace.to_dict(), indent=1).encode(),
}
