"""The verb that draws: one run as a picture."""

from __future__ import annotations

from typing import Any

from nbgrad.endpoints import as_list
from nbgrad.graph import graph_of
from nbgrad.operands import as_tensor
from nbgrad.render.drawing import Detail, Drawing
from nbgrad.render.style import Theme
from nbgrad.session import Session
from nbgrad.tracing import trace
from nbgrad.tracing.drawn import default_xs


def draw(
    ys: Any,
    xs: Any = None,
    grad_ys: Any = None,
    stop_gradients: Any = None,
    feed_dict: Any = None,
    session: Session | None = None,
    *,
    theme: Theme = "auto",
    detail: Detail = "auto",
) -> Drawing:
    """The picture of one forward and one reverse run.

    Parameters
    ----------
    ys, xs, grad_ys, stop_gradients, feed_dict, session
        As for `nbgrad.trace`; without xs, all variables and placeholders behind the ys.
    theme
        "light", "dark", or "auto", which follows the page.
    detail
        "all" shows every derivative and contribution also where they crowd the picture.

    Returns
    -------
    Drawing
        It shows itself in a notebook, and `save`s itself as .svg, .png, .pdf, .html, .txt or
        .json.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     x = ng.Variable(3.0, name="x")
    ...     y = ng.multiply(x, x, name="y")
    ...     print(ng.draw(y).description.splitlines()[0])
    y = x · x = 9; dy/dx = 6.
    """
    if xs is None:
        graph = graph_of(*as_list(ys))
        xs = default_xs([as_tensor(y, graph) for y in as_list(ys)])
    run = trace(ys, xs, grad_ys, stop_gradients, feed_dict, session)
    return Drawing.of(run, theme=theme, detail=detail)
