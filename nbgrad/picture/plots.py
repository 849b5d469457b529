"""Plots in the colours of the pictures: what is a value there is a value here.

A plot is data and a function that puts them on matplotlib's axes in the colours of a theme. In a
notebook it is an SVG that follows the page, as the pictures do. matplotlib is imported when the
first plot is shown.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np

from nbgrad.picture.output.svg import css, themed
from nbgrad.picture.result import Result, Writers, images
from nbgrad.picture.theme import LIGHT, THEMES, Theme, chosen_theme, in_a_line
from nbgrad.trace.arguments import ArrayLike, FeedDict, Operand, Session, Tensors, advise
from nbgrad.trace.evaluation import Surface
from nbgrad.trace.numbers import short

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


SERIES = (("ink", "o", "-"), ("local", "s", "--"), ("stop", "^", ":"), ("value", "D", "-."))


"""Colour, marker and line of the first, second, … of several series."""


MARKERS = 12


"""At most about so many markers on a line; more would hide it."""


@dataclass(frozen=True)
class Curve:
    """A function of one number, and its tangent where we stand."""

    x: np.ndarray
    y: np.ndarray
    at: tuple[float, float]
    slope: float
    labels: tuple[str, str]

    @property
    def description(self) -> str:
        """The tangent in words."""
        (x, y), (here, there) = self.labels, map(short, self.at)
        slope = short(self.slope)
        return f"{y} as a function of {x}; at {x} = {here}, {y} = {there} and d{y}/d{x} = {slope}"

    def __call__(self, axes: Axes, colours: Colours) -> None:
        """Put it on axes."""
        x0, y0 = self.at
        axes.plot(self.x, self.y, color=colours["value"], lw=2, label=self.labels[1])
        low, high = limits(self.y)
        symbol = f"d{self.labels[1]}/d{self.labels[0]} = {short(self.slope)}"
        if np.isfinite(self.slope):
            tangent = y0 + self.slope * (self.x - x0)
            style: dict[str, Any] = {"color": colours["adjoint"], "lw": 1.8, "ls": (0, (5, 3.5))}
            axes.plot(self.x, tangent, label=f"tangent, slope {symbol}", **style)
        axes.plot(x0, y0, "o", ms=8, color=colours["value"], mec=colours["page"], mew=1.5)
        axes.set(xlabel=self.labels[0], ylabel=self.labels[1], ylim=(low, high))
        axes.legend(labelcolor=colours["ink"], loc="best")


@dataclass(frozen=True)
class Contours:
    """A function of two numbers from above, its gradients, and ways downhill."""

    x: np.ndarray
    y: np.ndarray
    z: np.ndarray
    arrows: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
    descents: Mapping[str, np.ndarray]
    labels: tuple[str, str, str]

    @property
    def description(self) -> str:
        """Where each descent began and ended."""
        first, second, name = self.labels
        ways = [
            f"{who} goes from ({point(way[0])}) to ({point(way[-1])}) in {len(way) - 1} steps"
            for who, way in self.descents.items()
        ]
        return "; ".join([f"contours of {name} over {first} and {second}, with gradients", *ways])

    def __call__(self, axes: Axes, colours: Colours) -> None:
        """Put it on axes."""
        from matplotlib.colors import to_rgba

        levels = levels_of(self.z)
        strengths = np.linspace(0.25, 0.8, len(levels))
        lines = [to_rgba(colours["value"], float(strength)) for strength in strengths]
        drawn = axes.contour(self.x, self.y, self.z, levels=levels, colors=lines, linewidths=1.1)
        # Every other one is as many as can be read.
        marked = axes.clabel(drawn, levels[1::2].tolist(), fmt=short, fontsize=8, inline_spacing=3)
        for height in marked:
            height.set(color=colours["value"])
        x, y, dx, dy = self.arrows
        size = np.hypot(dx, dy)
        with np.errstate(all="ignore"):
            scale = np.where(size > 0, np.sqrt(size / np.nanmax(size)) / size, 0)
        style: dict[str, Any] = {"angles": "xy", "alpha": 0.75, "width": 0.003, "headwidth": 4}
        axes.quiver(x, y, dx * scale, dy * scale, color=colours["adjoint"], scale=17, **style)
        for (who, way), (role, marker, line) in zip(self.descents.items(), cycle(), strict=False):
            every = max(1, len(way) // MARKERS)
            style = {"color": colours[role], "marker": marker, "ls": line}
            axes.plot(way[:, 0], way[:, 1], ms=5, lw=1.8, markevery=every, label=who, **style)
        axes.set(xlabel=self.labels[0], ylabel=self.labels[1], title=self.labels[2])
        axes.set(xlim=(self.x.min(), self.x.max()), ylim=(self.y.min(), self.y.max()))
        if 1 / 3 < np.ptp(self.x) / np.ptp(self.y) < 3:
            axes.set_aspect("equal")  # so that a gradient stands upright on its contour
        if self.descents:
            axes.legend(labelcolor=colours["ink"], loc="best")


@dataclass(frozen=True)
class Losses:
    """Numbers that should fall, step by step."""

    losses: Mapping[str, Sequence[float]]
    log: bool
    label: str = "loss"

    @property
    def description(self) -> str:
        """From where to where each of them fell."""
        return "; ".join(
            f"{who}: {self.label} from {short(each[0])} to {short(each[-1])} "
            f"in {len(each) - 1} steps"
            for who, each in self.losses.items()
        )

    def __call__(self, axes: Axes, colours: Colours) -> None:
        """Put it on axes."""
        for (who, each), (role, marker, line) in zip(self.losses.items(), cycle(), strict=False):
            every = max(1, len(each) // MARKERS)
            style: dict[str, Any] = {"color": colours[role], "marker": marker, "ls": line}
            axes.plot(each, ms=5, lw=1.8, markevery=every, label=who, **style)
        if self.log:
            axes.set_yscale("log")
        axes.set(xlabel="step", ylabel=self.label)
        axes.legend(labelcolor=colours["ink"], loc="best")


@dataclass(frozen=True)
class Errors:
    """How far finite differences are from reverse mode, for each step size and precision.

    On the right h is too large (the curve bends between x − h and x + h), on the left too small
    (rounding is all that is left of f(x + h) − f(x − h)): the best h lies between.
    """

    h: Sequence[float]
    errors: Mapping[str, Sequence[float]]

    @property
    def description(self) -> str:
        """Where each of the curves has its lowest point."""
        lowest = []
        for who, each in self.errors.items():
            i = int(np.nanargmin(each))
            lowest.append(f"{who} is closest, to {each[i]:.0e}, at h = {self.h[i]:.0e}")
        text = "; ".join(["relative difference from reverse mode against h", *lowest])
        return text.replace("e-", "e−")

    def __call__(self, axes: Axes, colours: Colours) -> None:
        """Put it on axes."""
        looks = (("adjoint", "s", "--"), ("value", "o", "-"))
        for (who, each), (role, marker, line) in zip(self.errors.items(), looks, strict=False):
            seen = np.clip(np.asarray(each, float), 1e-17, None)
            style: dict[str, Any] = {"color": colours[role], "marker": marker, "ls": line}
            axes.loglog(self.h, seen, ms=5, lw=1.6, label=who, **style)
        axes.set(xlabel="step size h", ylabel="difference from reverse mode")
        axes.legend(labelcolor=colours["ink"], loc="best")


def cycle() -> list[tuple[str, str, str]]:
    """The looks of several series; after four, they repeat."""
    return [*SERIES] * 8


def point(each: np.ndarray) -> str:
    return ", ".join(short(float(number)) for number in each)


def limits(values: np.ndarray) -> tuple[float, float]:
    """A range that shows a curve with some room around it."""
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    room = 0.08 * (high - low) or max(abs(high), 1.0) * 0.1
    return low - room, high + room


def levels_of(z: np.ndarray, count: int = 12) -> np.ndarray:
    """Heights for contours, denser in the valley: their squares are evenly spaced."""
    finite = z[np.isfinite(z)]
    low, high = float(finite.min()), float(finite.max())
    heights: np.ndarray = low + (high - low or 1.0) * np.linspace(0.02, 1, count) ** 2
    return heights


Range = tuple[float, float]


@runtime_checkable
class Descends(Protocol):
    """An optimizer, as `nbgrad.train` has them."""

    def descent(
        self, slopes: Callable[[np.ndarray], Sequence[float]], start: Sequence[float], steps: int
    ) -> np.ndarray:
        """The points that it passes."""


def plot_curve(
    y: Tensors,
    x: Operand,
    span: Range | None = None,
    feed_dict: FeedDict | None = None,
    session: Session | None = None,
    *,
    theme: Theme = "auto",
) -> Plot:
    """A scalar as a function of another, with the tangent whose slope is the derivative.

    Parameters
    ----------
    y, x
        Two scalars.
    span
        From where to where x goes; by default a few units around its value.
    feed_dict, session
        As for `nbgrad.trace`.
    theme
        "light", "dark", or "auto", which follows the page.

    Returns
    -------
    Plot
        It shows itself in a notebook, and `save`s itself as .png, .pdf, .svg, .html or .txt.

    Raises
    ------
    ValueError
        If y or x is not a scalar.
    TypeError
        If `span` is not a pair of numbers.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     x = ng.Variable(3.0, name="x")
    ...     print(ng.plot_curve(ng.square(x, name="y"), x))
    y as a function of x; at x = 3, y = 9 and dy/dx = 6
    """
    if span is not None:
        check_span("span", span)
    surface = Surface(y, [x], feed_dict, session)
    start = float(surface.start[0])
    low, high = span or (start - max(2.0, abs(start)), start + max(2.0, abs(start)))
    xs = np.linspace(low, high, 301)
    value, slope = surface.slopes([start])
    ys = np.array([surface.height([each]) for each in xs])
    labels = (surface.labels[0], surface.labels[-1])
    chart = Curve(xs, ys, (start, value), slope[0], labels)
    return Plot(chart.description, chart, theme=theme)


def plot_contours(
    y: Tensors,
    xs: Sequence[Operand],
    optimizers: Mapping[str, Descends | ArrayLike] | None = None,
    spans: tuple[Range, Range] | None = None,
    steps: int = 40,
    feed_dict: FeedDict | None = None,
    session: Session | None = None,
    *,
    theme: Theme = "auto",
) -> Plot:
    """A scalar over two others from above: contours, gradients, and ways downhill.

    Parameters
    ----------
    y, xs
        A scalar, and two scalars that it depends on.
    optimizers
        By name, optimisers, each of which goes downhill from where the xs stand; or the points
        of a descent that you made yourself, of shape [steps, 2].
    spans
        From where to where each x goes; by default around its value and every descent.
    steps
        How many steps each optimiser makes.
    feed_dict, session
        As for `nbgrad.trace`. No variable of yours is changed.
    theme
        "light", "dark", or "auto", which follows the page.

    Returns
    -------
    Plot
        It shows itself in a notebook, and `save`s itself as .png, .pdf, .svg, .html or .txt.

    Raises
    ------
    ValueError
        If there are not two xs, or one of them or y is not a scalar.
    TypeError
        If `optimizers` is not a dictionary.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     u, v = ng.Variable(3.0, name="u"), ng.Variable(2.0, name="v")
    ...     down = {"plain": ng.train.GradientDescentOptimizer(0.5)}
    ...     plot = ng.plot_contours(ng.add(u * u, v * v, name="f"), [u, v], down, steps=1)
    >>> print(plot)
    contours of f over u and v, with gradients; plain goes from (3, 2) to (0, 0) in 1 steps
    """
    if optimizers is not None and not isinstance(optimizers, Mapping):
        raise TypeError(
            advise(
                f"optimizers is a dictionary, not of type {type(optimizers).__name__}.",
                advice='Give each a name: {"plain": optimizer}.',
            )
        )
    surface = Surface(y, xs, feed_dict, session)
    if len(surface.xs) != 2:
        raise ValueError(advise(f"A contour plot has two xs, not {len(surface.xs)}."))
    descents = {
        who: each.descent(lambda at: surface.slopes([*at])[1], [*surface.start], steps)
        if isinstance(each, Descends)
        else np.asarray(each)
        for who, each in (optimizers or {}).items()
    }
    across, up = spans or around([surface.start[None], *descents.values()])
    x, y_ = np.linspace(*across, 61), np.linspace(*up, 61)
    z = np.array([[surface.height([a, b]) for a in x] for b in y_])
    grid = np.meshgrid(x[4::8], y_[4::8])
    slopes = [surface.slopes([*each])[1] for each in zip(*map(np.ravel, grid), strict=True)]
    dx, dy = np.array(slopes).T.reshape(2, *grid[0].shape)
    labels = (surface.labels[0], surface.labels[1], surface.labels[-1])
    chart = Contours(x, y_, z, (*grid, dx, dy), descents, labels)
    return Plot(chart.description, chart, size=(6.4, 5.2), theme=theme)


def plot_losses(
    losses: Mapping[str, Sequence[float]] | Sequence[float],
    *,
    log: bool = False,
    theme: Theme = "auto",
) -> Plot:
    """How a loss fell, step by step; several by name, to compare them.

    Parameters
    ----------
    losses
        The numbers, or several rows of numbers by name.
    log
        Whether the scale is logarithmic.
    theme
        "light", "dark", or "auto", which follows the page.

    Returns
    -------
    Plot
        It shows itself in a notebook, and `save`s itself as .png, .pdf, .svg, .html or .txt.

    Raises
    ------
    ValueError
        If there are no losses.

    Examples
    --------
    >>> import nbgrad as ng
    >>> print(ng.plot_losses([4.0, 1.0, 0.25]))
    loss: loss from 4 to 0.25 in 2 steps
    """
    several = losses if isinstance(losses, Mapping) else {"loss": losses}
    rows = {who: [float(v) for v in each] for who, each in several.items()}
    empty = next((who for who, row in rows.items() if not row), None)
    if empty is not None or not rows:
        raise ValueError(
            advise(f"There are no losses to plot{f': {empty!r} is empty' * bool(rows)}.")
        )
    chart = Losses(rows, log)
    return Plot(chart.description, chart, theme=theme)


def check_span(name: str, span: Any) -> None:
    """Refuse what is not a pair of numbers.

    Raises
    ------
    TypeError
        Saying what was given.
    """
    if not isinstance(span, Sequence | np.ndarray) or len(span) != 2:
        raise TypeError(
            advise(
                f"{name} is a pair of numbers, from where to where, not {span!r}.",
                advice=f"As in {name}=(-1.0, 1.0).",
            )
        )


def around(ways: Sequence[np.ndarray]) -> tuple[Range, Range]:
    """Ranges that hold every point of some descents, with room."""
    points = np.concatenate(ways)
    points = points[np.isfinite(points).all(1)]
    low, high = points.min(0), points.max(0)
    room = np.maximum(0.25 * (high - low), 1.0)
    (a, b), (c, d) = zip(low - room, high + room, strict=True)
    return (float(a), float(b)), (float(c), float(d))
