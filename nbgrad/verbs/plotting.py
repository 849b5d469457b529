"""The verbs that plot: a curve with its tangent, contours with descents, losses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nbgrad.errors import advise
from nbgrad.graph import Graph, Operand
from nbgrad.graph.typing import ArrayLike, FeedDict, Tensors
from nbgrad.ops.sources.constants import placeholder
from nbgrad.ops.state.variables import Variable
from nbgrad.reevaluation.surface import Surface
from nbgrad.render.plots.charts import Contours, Curve, Losses
from nbgrad.render.plots.plot import Plot
from nbgrad.render.scene.style import Theme
from nbgrad.reverse_mode.endpoints import as_list
from nbgrad.session import Session
from nbgrad.train.optimizer import Optimizer
from nbgrad.variables.initialization import global_variables_initializer

Range = tuple[float, float]


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
    optimizers: Mapping[str, Optimizer | ArrayLike] | None = None,
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
        who: descent(surface, each, steps) if isinstance(each, Optimizer) else np.asarray(each)
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


def descent(surface: Surface, optimizer: Optimizer, steps: int) -> np.ndarray:
    """The points that an optimiser passes, in a graph of its own: yours stays as it is."""
    optimizer = optimizer.without_slots()  # what it remembers of your variables stays there
    with Graph().as_default(), Session() as session:
        variables = [Variable(start, name=f"x{i}") for i, start in enumerate(surface.start)]
        arriving = [placeholder(variable.dtype, []) for variable in variables]
        step = optimizer.apply_gradients(zip(arriving, variables, strict=True))
        session.run(global_variables_initializer())
        points = [surface.start]
        for _ in range(steps):
            _, slopes = surface.slopes([*points[-1]])
            session.run(step, dict(zip(arriving, slopes, strict=True)))
            points.append(np.array(session.run(as_list(variables))))
    return np.array(points)


def around(ways: Sequence[np.ndarray]) -> tuple[Range, Range]:
    """Ranges that hold every point of some descents, with room."""
    points = np.concatenate(ways)
    points = points[np.isfinite(points).all(1)]
    low, high = points.min(0), points.max(0)
    room = np.maximum(0.25 * (high - low), 1.0)
    (a, b), (c, d) = zip(low - room, high + room, strict=True)
    return (float(a), float(b)), (float(c), float(d))
