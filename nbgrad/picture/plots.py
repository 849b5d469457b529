"""Plots in the colours of the pictures: a curve and its tangent, descents, losses, classes.

The verbs compute a chart (`charts`), data that can put itself on matplotlib's axes. In a notebook a
plot is an SVG that follows the page. matplotlib is imported when the first plot is shown.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np

from nbgrad.picture import needed_by
from nbgrad.picture.charts import Chart, Classes, Contours, CurveWithTangent, Losses
from nbgrad.picture.output.svg import css, themed
from nbgrad.picture.result import Image
from nbgrad.picture.theme import THEMES, Theme
from nbgrad.trace.evaluation import Surface
from nbgrad.trace.tensors import ArrayLike, FeedDict, Operand, Session, Tensors, advise

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Range = tuple[float, float]

# matplotlib finds its fonts once, before the first plot of all: nothing to warn a learner of.
logging.getLogger("matplotlib.font_manager").addFilter(lambda said: "font cache" not in said.msg)


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
    feed_dict, session, theme
        As for `nbgrad.draw`.

    Returns
    -------
    Plot

    Raises
    ------
    ValueError, TypeError
        If y or x is not a scalar, or `span` not a pair of numbers.

    Examples
    --------
    >>> x = tf.Variable(3.0, name="x")
    >>> print(ng.plot_curve(tf.square(x, name="y"), x))
    y as a function of x; at x = 3, y = 9 and dy/dx = 6
    """
    if span is not None and (not isinstance(span, Sequence | np.ndarray) or len(span) != 2):
        problem = f"span is a pair of numbers, from where to where, not {span!r}."
        raise TypeError(advise(problem, advice="As in span=(-1.0, 1.0)."))
    surface = Surface(y, [x], feed_dict, session)
    start = float(surface.start[0])
    low, high = span or (start - max(2.0, abs(start)), start + max(2.0, abs(start)))
    xs = np.linspace(low, high, 301)
    value, slope = surface.slopes([start])
    ys = np.array([surface.height([each]) for each in xs])
    check_plottable(ys, surface.labels)
    return Plot(CurveWithTangent(xs, ys, (start, value), slope[0], surface.labels), theme)


@runtime_checkable
class Descends(Protocol):
    """An optimizer, as `nbgrad.train` has them."""

    def descent(
        self, slopes: Callable[[np.ndarray], Sequence[float]], start: Sequence[float], steps: int
    ) -> np.ndarray:
        """The points that it passes."""


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
    r"""A scalar over two others from above: contours, gradients, and the descents of optimizers.

    Parameters
    ----------
    y, xs
        A scalar, and two scalars that it depends on.
    optimizers
        By name, optimizers, each of which goes downhill from where the xs stand; or the points
        of a descent that you made yourself, of shape [steps, 2].
    spans
        From where to where each x goes; by default around its value and every descent.
    steps
        How many steps each optimizer makes.
    feed_dict, session, theme
        As for `nbgrad.draw`. No variable of yours is changed.

    Returns
    -------
    Plot

    Raises
    ------
    ValueError, TypeError
        If there are not two xs, one of them or y is no scalar, or `optimizers` no dictionary.

    Examples
    --------
    >>> u, v = tf.Variable(3.0, name="u"), tf.Variable(2.0, name="v")
    >>> down = {"plain": tf.train.GradientDescentOptimizer(0.5)}
    >>> plot = ng.plot_contours(tf.add(u * u, v * v, name="f"), [u, v], down, steps=1)
    >>> print(plot.text.replace("; ", "\n"))
    contours of f over u and v, with gradients
    here u = 3, v = 2, f = 13, df/du = 6 and df/dv = 4
    plain goes from (3, 2) to (0, 0) in 1 step
    """
    if optimizers is not None and not isinstance(optimizers, Mapping):
        problem = f"optimizers is a dictionary, not of type {type(optimizers).__name__}."
        raise TypeError(advise(problem, advice='Give each a name: {"plain": optimizer}.'))
    surface = Surface(y, xs, feed_dict, session)
    if len(surface.xs) != 2:
        raise ValueError(advise(f"A contour plot has two xs, not {len(surface.xs)}."))
    descents = {
        who: each.descent(lambda at: surface.slopes([*at])[1], [*surface.start], steps)
        if isinstance(each, Descends)
        else np.asarray(each)
        for who, each in (optimizers or {}).items()
    }
    across, up = spans or spans_around([surface.start[None], *descents.values()])
    x, y_ = np.linspace(*across, 61), np.linspace(*up, 61)
    z = np.array([[surface.height([a, b]) for a in x] for b in y_])
    check_plottable(z, surface.labels)
    grid = np.meshgrid(x[4::8], y_[4::8])
    slopes = [surface.slopes([*each])[1] for each in zip(*map(np.ravel, grid), strict=True)]
    dx, dy = np.array(slopes).T.reshape(2, *grid[0].shape)
    start = float(surface.start[0]), float(surface.start[1])
    at = (*start, *surface.slopes([*start]))
    return Plot(Contours(x, y_, z, (*grid, dx, dy), descents, surface.labels, at), theme)


def plot_losses(
    losses: Mapping[str, Sequence[float]] | Sequence[float],
    *,
    log: bool = False,
    theme: Theme = "auto",
) -> Plot:
    """A plot of losses over the steps; several by name, to compare them.

    Parameters
    ----------
    losses
        The numbers, or several rows of numbers by name.
    log
        Whether the scale is logarithmic.
    theme
        As for `nbgrad.draw`.

    Returns
    -------
    Plot

    Raises
    ------
    ValueError
        If there are no losses.

    Examples
    --------
    >>> print(ng.plot_losses([4.0, 1.0, 0.25]))
    loss: from 4 to 0.25 in 2 steps
    """
    several = losses if isinstance(losses, Mapping) else {"loss": losses}
    rows = {name: [float(loss) for loss in each] for name, each in several.items()}
    empty = next((name for name, row in rows.items() if not row), None)
    if empty is not None or not rows:
        which = f": {empty!r} is empty" * bool(rows)
        raise ValueError(advise(f"There are no losses to plot{which}."))
    return Plot(Losses(rows, log), theme)


def plot_classes(
    points: ArrayLike,
    classes: ArrayLike,
    scores: Callable[[np.ndarray], ArrayLike] | None = None,
    *,
    theme: Theme = "auto",
) -> Plot:
    """Points of the plane by their class, and the sides that a model parts the plane into.

    Parameters
    ----------
    points, classes
        Of shape [n, 2], and for each point its class: 0, 1, …
    scores
        A function of points that gives each a row of scores, one for each class, such as
        `lambda at: session.run(logits, {x: at})`; the highest wins. Without it, only points.
    theme
        As for `nbgrad.draw`.

    Returns
    -------
    Plot

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> right = lambda at: [[-x, x] for x, _ in at]
    >>> print(ng.plot_classes([[-1.0, 0.0], [1.0, 0.0], [-2.0, 1.0]], [0, 1, 1], right))
    3 points: 1 of class 0, 2 of class 1; on the wrong side: 1
    """
    at, which = np.asarray(points, float), np.asarray(classes)
    if at.ndim != 2 or at.shape[1] != 2 or which.shape != at.shape[:1]:
        problem = f"points and classes have the shapes {[*at.shape]} and {[*which.shape]}."
        advice = "Give points of shape [n, 2], and a class for each: shape [n]."
        raise ValueError(advise(problem, advice=advice))
    across, up = spans_around([at], share=0.05, least=0.2)
    x, y = np.linspace(*across, 81), np.linspace(*up, 81)
    if scores is None:
        return Plot(Classes(at, which, x, y, None, None), theme)
    grid = np.stack(np.meshgrid(x, y), axis=-1)
    heights = np.asarray(scores(grid.reshape(-1, 2)), float)
    if heights.ndim != 2 or heights.shape[0] != 81 * 81 or heights.shape[1] < 2:
        problem = f"For {81 * 81} points, scores gave the shape {list(heights.shape)}."
        advice = "It gives each point a row, with one score for each class."
        raise ValueError(advise(problem, advice=advice))
    wrong = int((np.argmax(np.asarray(scores(at)), axis=1) != which).sum())
    return Plot(Classes(at, which, x, y, heights.reshape(81, 81, -1), wrong), theme)


def check_plottable(heights: np.ndarray, labels: Sequence[str]) -> None:
    if not np.isfinite(heights).any():
        *xs, y = labels
        problem = f"There is nothing to plot: no value of {y} over {' and '.join(xs)} is finite."
        advice = f"Plot where {y} is defined, or feed other values."
        raise ValueError(advise(problem, advice=advice))


def spans_around(
    ways: Sequence[np.ndarray], share: float = 0.25, least: float = 1.0
) -> tuple[Range, Range]:
    """Ranges that hold every point of some descents, with room."""
    points = np.concatenate(ways)
    points = points[np.isfinite(points).all(1)]
    low, high = points.min(0), points.max(0)
    room = np.maximum(share * (high - low), least)
    (a, b), (c, d) = zip(low - room, high + room, strict=True)
    return (float(a), float(b)), (float(c), float(d))


SETTINGS: Any = {
    "font.size": 10.5,
    "axes.unicode_minus": True,
    "svg.fonttype": "none",  # words stay words: they can be read aloud and copied
    "svg.hashsalt": "nbgrad",  # the same plot is the same to the byte
    "mathtext.default": "regular",
}


@dataclass(frozen=True, repr=False)
class Plot(Image):
    """A chart that shows itself in a notebook, and saves itself."""

    chart: Chart
    theme: Theme = "auto"

    @property
    def text(self) -> str:
        return self.chart.description

    title = description = text

    def figure(self) -> Figure:
        """The plot as a matplotlib figure, light unless dark is chosen."""
        with needed_by("A plot"):
            import matplotlib as mpl
            from matplotlib.figure import Figure

        colours = THEMES[self.file_theme]
        with mpl.rc_context(SETTINGS):
            made = Figure(figsize=self.chart.size, facecolor=colours["page"], layout="compressed")
            self.chart.put_on(made.add_subplot(), colours)
        return made

    def svg(self) -> str:
        """The plot as SVG, in fixed colours."""
        made, stream = self.figure(), io.StringIO()
        from matplotlib import rc_context

        with rc_context(SETTINGS):
            made.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
        text = stream.getvalue()
        return text[text.index("<svg") :]

    @property
    def html(self) -> str:
        text = self.svg()
        if self.theme == "auto":
            for role, colour in THEMES["light"].items():
                text = text.replace(colour.lower(), f"var(--nb-{role})")
        label = f'<svg role="img" aria-label="{escape(self.description)}"'
        # It keeps its size and scrolls: shrunk, its words would be too small to read.
        text = text.replace("<svg", f'{label} style="max-width:none"', 1)
        around = f'class="nbgrad nb-plot" style="overflow-x:auto"{themed(self.theme)}'
        return f"<div {around}><style>{css()}</style>{text}</div>"

    file_svg = svg
