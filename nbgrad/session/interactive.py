"""A session for a prompt or a notebook, which needs no `with`."""

from __future__ import annotations

import contextlib
from typing import Any

from nbgrad.graph import Graph
from nbgrad.session.session import Session


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
    >>> import nbgrad as ng
    >>> session = ng.InteractiveSession(graph=ng.Graph())
    >>> print((ng.constant(2.0) * 3.0).eval())
    6.0
    >>> session.close()
    """

    def __init__(self, target: str = "", graph: Graph | None = None, config: Any = None) -> None:
        super().__init__(target, graph, config)
        self._installed = contextlib.ExitStack()
        self._installed.enter_context(self.graph.as_default())
        self._installed.enter_context(self.as_default())

    def close(self) -> None:
        """Let go of the variables, and no longer be the default."""
        self._installed.close()
        super().close()
