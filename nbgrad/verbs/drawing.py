"""The verb that draws: one run as a picture."""

from __future__ import annotations

from nbgrad.graph.typing import FeedDict, TensorLike, Tensors
from nbgrad.render.drawing import Detail, Drawing, LayoutName
from nbgrad.render.scene.style import Theme
from nbgrad.session import Session
from nbgrad.tracing import trace
from nbgrad.tracing.asked import asked_ys, check_weights
from nbgrad.tracing.drawn import default_xs
from nbgrad.tracing.fold_selection import Opened


def draw(
    ys: Tensors,
    xs: Tensors | None = None,
    grad_ys: TensorLike | None = None,
    stop_gradients: Tensors | None = None,
    feed_dict: FeedDict | None = None,
    session: Session | None = None,
    *,
    layout: LayoutName = "overlay",
    theme: Theme = "auto",
    detail: Detail = "auto",
    open: Opened = (),
) -> Drawing:
    """The picture of one forward and one reverse run.

    Parameters
    ----------
    ys, xs, grad_ys, stop_gradients, feed_dict, session
        As for `nbgrad.trace`; without xs, all variables and placeholders behind the ys.
    layout
        "overlay": both passes in one drawing. "mirror": the reverse pass below the forward graph.
        "tape": numbered rows, for print and for screen readers. "paths": a ribbon for each way
        from an x to a y, with its product.
    theme
        "light", "dark", or "auto", which follows the page.
    detail
        "all" shows every derivative and contribution also where they crowd the picture.
    open
        Name scopes, or labels of nodes, that are drawn in full where they would be folded into
        one card; or "all".

    Returns
    -------
    Drawing
        It shows itself in a notebook, and `save`s itself as .svg, .png, .pdf, .tex, .html, .txt
        or .json; `film()` shows its steps on one sheet.

    Raises
    ------
    InvalidArgumentError
        If a placeholder is not fed.
    LookupError
        If an operation on the way has no gradient rule.
    ValueError, TypeError
        If weights do not fit their ys, or there is no such layout, theme or detail.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     x = ng.Variable(3.0, name="x")
    ...     y = ng.multiply(x, x, name="y")
    ...     print(ng.draw(y).description.splitlines()[0])
    y = x · x = 9; dy/dx = 6.
    """
    tensors = asked_ys(ys)
    check_weights(tensors, grad_ys)
    if xs is None:
        xs = default_xs(tensors)
    run = trace(ys, xs, grad_ys, stop_gradients, feed_dict, session)
    return Drawing.of(run, layout=layout, theme=theme, detail=detail, open=open)
