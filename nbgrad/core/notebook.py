"""The notebook at hand: its settings, its default graph and its default session."""

from __future__ import annotations

import os
from typing import Any, Literal

import numpy as np

from nbgrad.core import dtypes, graph
from nbgrad.core.graph import Graph
from nbgrad.core.scopes import default_graphs, default_sessions
from nbgrad.core.session import Session

Unchanged = Literal["unchanged"]

_static: bool | None = None  # unless it is set, the environment decides


def config(
    *,
    static: bool | Unchanged | None = "unchanged",
    integer_gradients: bool | Unchanged = "unchanged",
    plain_numbers: bool | Unchanged = "unchanged",
) -> None:
    """Settings of the notebook at hand; what is not named stays as it is.

    Parameters
    ----------
    static
        True makes every explorer that is displayed from now on a still picture; False makes it
        live; None leaves that to the environment variable NBGRAD_STATIC.
    integer_gradients
        Whether integers carry gradients, in their own dtype, as they did in TensorFlow up to 1.8.
        By default their gradient is None, as in every TensorFlow since: a function of whole numbers
        takes steps and has no slope, and an update rounded to whole numbers goes nowhere. Programs
        written in 2018 and before may need True; they run as well with 1.0 in place of 1.
    plain_numbers
        Whether NumPy prints a number as the number, as it did up to 1.26: `[5.0]`, and not
        `[np.float32(5.0)]`. It is NumPy's own print option, and so holds for the whole notebook.

    Examples
    --------
    >>> w = tf.Variable([[1, 2]])
    >>> y = tf.matmul(w, [[2], [1]])
    >>> print(tf.gradients(y, w))
    [None]
    >>> ng.config(integer_gradients=True)
    >>> print(*tf.Session().run(tf.gradients(y, w)))
    [[2 1]]
    >>> ng.config(integer_gradients=False)
    """
    global _static
    if static != "unchanged":
        _static = static
    if integer_gradients != "unchanged":
        dtypes.integers_carry_gradients = integer_gradients
    if plain_numbers != "unchanged":
        np.set_printoptions(legacy="1.25" if plain_numbers else False)


def is_static() -> bool:
    """Whether explorers stand still."""
    return os.environ.get("NBGRAD_STATIC", "") not in ("", "0") if _static is None else _static


def reset_default_graph() -> None:
    """Start over with an empty default graph; not inside `with graph.as_default():`.

    Examples
    --------
    >>> tf.reset_default_graph()
    >>> tf.get_default_graph().get_operations()
    []
    """
    if default_graphs.items:
        raise AssertionError(
            "Do not use tf.reset_default_graph() to clear nested graphs. If you need a cleared "
            "graph, exit the nesting and create a new graph."
        )
    graph.first_graph = Graph()


class InteractiveSession(Session):
    """A session that is the default one from its creation until it is closed.

    Parameters
    ----------
    target, config
        Accepted for TensorFlow's sake and ignored.
    graph
        The graph to run, by default the default graph. It too is the default until then.

    Examples
    --------
    >>> session = tf.InteractiveSession()
    >>> print((tf.constant(2.0) * 3.0).eval())
    6.0
    >>> session.close()
    """

    def __init__(self, target: str = "", graph: Graph | None = None, config: Any = None) -> None:
        super().__init__(target, graph, config)
        self._installed = self._entering()

    def close(self) -> None:
        """Let go of the variables, and no longer be the default."""
        self._installed.close()
        super().close()


def get_default_session() -> Session | None:
    """The session that `eval()` and `run()` of tensors and operations use.

    It is the innermost one entered with `with`, None outside of any.

    Examples
    --------
    >>> with tf.Session() as session:
    ...     print(tf.get_default_session() is session)
    True
    """
    return default_sessions.top
