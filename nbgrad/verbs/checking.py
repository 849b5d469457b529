"""The verb that checks a derivative: three witnesses, two precisions, and what to trust."""

from __future__ import annotations

from nbgrad.graph.typing import FeedDict, TensorLike, Tensors
from nbgrad.reevaluation import HeldGraph
from nbgrad.render.scene.style import Theme
from nbgrad.session import Session
from nbgrad.verbs.gradient_check import GradientCheck
from nbgrad.witnesses import Witnesses


def check_gradient(
    ys: Tensors,
    xs: Tensors,
    grad_ys: TensorLike | None = None,
    stop_gradients: Tensors | None = None,
    feed_dict: FeedDict | None = None,
    session: Session | None = None,
    *,
    theme: Theme = "auto",
) -> GradientCheck:
    """Three witnesses to each derivative, and how many of its digits to trust.

    Reverse mode, finite differences over a range of step sizes and, where it is short, the
    printed derivative are computed in float32 and in float64, whatever the graph's own
    precision: the same operations run again, on the same numbers rounded. Reverse mode also
    runs with the last digit of the data changed. Digits on which all of them agree are trusted.

    Parameters
    ----------
    ys, xs, grad_ys, stop_gradients, feed_dict, session
        As for `nbgrad.trace`.
    theme
        "light", "dark", or "auto", which follows the page.

    Returns
    -------
    GradientCheck
        It shows itself in a notebook, has `.digits()`, `.plot()` and `.table()`, and `save`s
        itself as .txt or .html.

    Raises
    ------
    InvalidArgumentError
        If a placeholder is not fed.
    LookupError
        If an operation on the way has no gradient rule.

    Notes
    -----
    A rule that is no derivative (a straight-through estimator) has witnesses against it. So has
    a derivative that rounding has eaten, in which case none of them is right.

    References
    ----------
    C. J. F. Ridders (1982), "Accurate computation of F′(x) and F′(x)F″(x)", for the differences at
    h → 0.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     x = ng.Variable(3.0, name="x")
    ...     check = ng.check_gradient(ng.multiply(x, x, name="y"), x)
    >>> check.digits("x") > 10, check.digits("x", "float32") > 4
    (True, True)
    """
    graph = HeldGraph(ys, xs, grad_ys, stop_gradients, feed_dict, session)
    return GradientCheck(graph.run, Witnesses(graph).derivatives(), theme)
