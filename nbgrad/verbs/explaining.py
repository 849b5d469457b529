"""The verbs that explain: a derivative worked out by hand, and asked for three ways."""

from __future__ import annotations

from typing import Any

from nbgrad.graph import graph_of
from nbgrad.graph.operands import as_tensor
from nbgrad.graph.typing import FeedDict, TensorLike, Tensors
from nbgrad.render.derivations.comparison import Comparison
from nbgrad.render.derivations.derivation import Derivation
from nbgrad.render.scene.style import Theme
from nbgrad.reverse_mode.endpoints import as_list
from nbgrad.session import Session, get_default_session
from nbgrad.session.feeding import feeds_of
from nbgrad.tracing import Trace, trace
from nbgrad.tracing.drawn import default_xs
from nbgrad.tracing.record import Recorder


def explain(
    ys: Tensors | Trace,
    x: Any,
    grad_ys: TensorLike | None = None,
    stop_gradients: Tensors | None = None,
    feed_dict: FeedDict | None = None,
    session: Session | None = None,
    *,
    theme: Theme = "auto",
) -> Derivation:
    """A derivative worked out as by hand: symbols, then numbers, then the result.

    Parameters
    ----------
    ys
        As for `nbgrad.gradients`; or a trace, and then x is the label of a tensor in it.
    x
        The one tensor with respect to which is differentiated.
    grad_ys, stop_gradients, feed_dict, session
        As for `nbgrad.trace`.
    theme
        "light", "dark", or "auto", which follows the page.

    Returns
    -------
    Derivation
        It shows itself in a notebook, has `.text`, `.latex` and `.html`, and `save`s itself as
        .tex, .txt or .html. Where the gradient is None, it says why.

    Raises
    ------
    InvalidArgumentError
        If a placeholder is not fed.
    LookupError
        If an operation on the way has no gradient rule.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     x = ng.Variable(3.0, name="x")
    ...     a = ng.multiply(x, x, name="a")
    ...     print(ng.explain(ng.sin(a, name="f"), x))
    Forward pass
      x = 3
      a = x · x = 3 · 3 = 9
      f = sin(a) = sin(9) = 0.4121
    <BLANKLINE>
    Reverse pass
      df/df = 1
      df/da = df/df · ∂f/∂a = df/df · cos(a) = 1 · (−0.9111) = −0.9111
      df/dx = df/da · ∂₁a/∂x + df/da · ∂₂a/∂x
            = df/da · x + df/da · x
            = (−0.9111) · 3 + (−0.9111) · 3
            = (−2.733) + (−2.733)
            = −5.467
    <BLANKLINE>
    Path by path from x
      x → a → f: ∂f/∂a · ∂₁a/∂x = (−0.9111) · 3 = −2.733
      x → a → f: ∂f/∂a · ∂₂a/∂x = (−0.9111) · 3 = −2.733
      df/dx = (−2.733) + (−2.733) = −5.467
    <BLANKLINE>
    Answer
      df/dx = −5.467
    """
    if isinstance(ys, Trace):
        return Derivation(ys, ys.node(x).id, theme)
    run = trace(ys, [x], grad_ys, stop_gradients, feed_dict, session)
    return Derivation(run, run.xs[0], theme)


def compare(
    ys: Tensors,
    xs: Tensors | None = None,
    grad_ys: TensorLike | None = None,
    stop_gradients: Tensors | None = None,
    feed_dict: FeedDict | None = None,
    session: Session | None = None,
    *,
    theme: Theme = "auto",
) -> Comparison:
    """Total, partial, per path: the same derivatives asked for in three ways, side by side.

    Parameters
    ----------
    ys, xs, grad_ys, stop_gradients, feed_dict, session
        As for `nbgrad.trace`. The partial derivatives hold the xs still, which is what
        `stop_gradients=xs` does; without xs, all variables and placeholders behind the ys.
    theme
        "light", "dark", or "auto", which follows the page.

    Returns
    -------
    Comparison
        It shows itself in a notebook, the cut paths struck through, and `save`s itself as .txt
        or .html.

    Raises
    ------
    InvalidArgumentError
        If a placeholder is not fed.
    LookupError
        If an operation on the way has no gradient rule.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     a = ng.constant(0.0, name="a")
    ...     b = ng.multiply(2.0, a, name="b")
    ...     print(ng.compare(ng.add(a, b, name="f"), [a]))
    df/da, three ways
    path                       total   partial
    a → b → f: ∂f/∂b · ∂b/∂a       2         2
    a → f: ∂f/∂a                   1         1
    together                       3         3
    """
    graph = graph_of(*as_list(ys))
    if xs is None:
        xs = default_xs([as_tensor(y, graph) for y in as_list(ys)])
    stops = as_list(stop_gradients or [])
    session = session or get_default_session()
    free = Recorder(ys, xs, grad_ys, stops)
    still = free.held_still(feeds_of(feed_dict, graph))
    held = Recorder(ys, xs, grad_ys, [*stops, *as_list(xs)], held_still=still)
    total, partial = (each.record(feed_dict, session) for each in (free, held))
    return Comparison(total, partial, theme)
