"""Live pictures for notebooks.

Read `explorer`, then `model` and `views`: what it computes, and what it shows. `entries` and
`code_line` have twins among the page's modules in `static`; `bundle` joins those, and puts them
where no kernel is.
"""

from __future__ import annotations

from nbgrad.core.operands import FeedDict, TensorLike, Tensors
from nbgrad.core.session import Session
from nbgrad.picture.result import check_choice
from nbgrad.trace.folding import Opened
from nbgrad.widgets.explorer import Explorer
from nbgrad.widgets.model import Model

__all__ = ["Explorer", "explore"]


def explore(
    ys: Tensors,
    xs: Tensors | None = None,
    grad_ys: TensorLike | None = None,
    stop_gradients: Tensors | None = None,
    feed_dict: FeedDict | None = None,
    session: Session | None = None,
    *,
    open: Opened = (),
    hide: str = "",
) -> Explorer:
    """A live picture of both passes, with a control for every input, seed and stop.

    Parameters
    ----------
    ys, grad_ys
        What to differentiate, and the seed of each y to begin with.
    xs
        With respect to what; by default all variables and placeholders behind the ys. A
        constant that is named here gets a control too.
    stop_gradients
        The tensors that are stopped to begin with.
    feed_dict
        Values to begin with; a placeholder that is not fed begins with ones.
    session
        Where variables have their values, by default the default session; a variable that it
        does not hold begins with its initial value.
    open
        Groups of operations, by the names on their cards, that begin unfolded; or "all".
    hide
        "adjoints", for a learner who is to find them; `explorer.answers` holds what was typed.

    Returns
    -------
    Explorer
        A widget. `explorer.value[x] = 2.0`, `explorer.seed(y, 2.0)`, `explorer.stop(t)`,
        `explorer.unfold("layer1")` and `explorer.seek(k)` do what its controls do;
        `explorer.trace` is what it shows.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with tf.Graph().as_default():
    ...     x = tf.Variable(3.0, name="x")
    ...     y = tf.square(x)
    ...     explorer = ng.explore(y)
    >>> explorer.value[x] = 5.0
    >>> print(explorer.code)
    tf.Session(graph=x.graph).run(tf.gradients(y, [x]), {x: 5.0})  # → [10.0]
    """
    check_choice("hide", hide, ("", "adjoints"))
    return Explorer(Model(ys, xs, grad_ys, feed_dict, session), stop_gradients, open, hide)
