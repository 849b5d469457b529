"""Plots in the colours of the pictures: what is a value there is a value here.

A plot is data and a function that puts them on matplotlib's axes in the colours of a theme. In a
notebook it is an SVG that follows the page, as the pictures do. matplotlib is imported when the
first plot is shown.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from nbgrad.render.output.css import css, themed
from nbgrad.render.output.result import Result, Writers, images
from nbgrad.render.scene.choices import chosen_theme, in_a_line
from nbgrad.render.scene.style import LIGHT, THEMES, Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Colours = Mapping[str, str]

LOOK: Any = {
    "font.size": 10.5,
    "axes.unicode_minus": True,
    "svg.fonttype": "none",  # words stay words: they can be read aloud and copied
    "svg.hashsalt": "nbgrad",  # the same plot is the same to the byte
    "mathtext.default": "regular",
}


@dataclass(frozen=True)
class Plot(Result):
    """A plot that shows itself in a notebook, and saves itself.

    Attributes
    ----------
    description
        What is to be seen, in words.
    paint
        Puts it on axes, in given colours.
    size
        Width and height in inches.
    theme
        "auto" follows JupyterLab or the reader's system; "light", "dark".
    """

    description: str
    paint: Callable[[Axes, Colours], None]
    size: tuple[float, float] = (6.4, 4.0)
    theme: Theme = "auto"

    def __post_init__(self) -> None:
        chosen_theme(self.theme)

    def figure(self, theme: Theme | None = None) -> Figure:
        """The plot as a matplotlib figure, light unless dark is asked for."""
        import matplotlib as mpl
        from matplotlib.figure import Figure

        colours = THEMES["dark" if (theme or self.theme) == "dark" else "light"]
        with mpl.rc_context(LOOK):
            made = Figure(figsize=self.size, facecolor=colours["page"], layout="constrained")
            axes = made.add_subplot()
            dress(axes, colours)
            self.paint(axes, colours)
            if (legend := axes.get_legend()) is not None:
                legend.get_frame().set(facecolor=colours["page"], edgecolor=colours["line"])
        return made

    def svg(self, theme: Theme | None = None) -> str:
        """The plot as SVG, in fixed colours."""
        import matplotlib as mpl

        stream = io.StringIO()
        with mpl.rc_context(LOOK):
            nothing = {"Date": None, "Creator": None}
            self.figure(theme).savefig(stream, format="svg", metadata=nothing)
        text = stream.getvalue()
        return text[text.index("<svg") :]

    @property
    def title(self) -> str:
        """What is to be seen, in words."""
        return self.description

    @property
    def text(self) -> str:
        """What is to be seen, in words."""
        return self.description

    @property
    def html(self) -> str:
        """The plot inline, in the colours of the page."""
        text = self.svg("light" if self.theme == "auto" else self.theme)
        if self.theme == "auto":
            for role, colour in LIGHT.items():
                text = text.replace(colour.lower(), f"var(--nb-{role})")
        label = f'<svg role="img" aria-label="{escape(self.description)}"'
        text = text.replace("<svg", f'{label} style="max-width:100%;height:auto"', 1)
        return f'<div class="nbgrad nb-plot"{themed(self.theme)}><style>{css()}</style>{text}</div>'

    def writers(self) -> Writers:
        """What it can be saved as."""
        return {
            ".svg": self.svg,
            **images(self.figure),
            **super().writers(),
        }

    def __repr__(self) -> str:
        return in_a_line("Plot", self.description)


def dress(axes: Axes, colours: Colours) -> None:
    """Axes as calm as the pictures: two thin lines, quiet numbers."""
    axes.set_facecolor(colours["page"])
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(colours["line"])
    axes.tick_params(colors=colours["mute"], labelcolor=colours["mute"], which="both")
    for axis in (axes.xaxis, axes.yaxis):
        axis.label.set_color(colours["ink"])
    axes.title.set_color(colours["ink"])
