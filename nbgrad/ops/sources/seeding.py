"""The seed of a graph, with which its random numbers repeat."""

from __future__ import annotations

from nbgrad.graph import get_default_graph


def set_random_seed(seed: int | None) -> None:
    """Make every random operation of the default graph repeat its numbers in each new session.

    Parameters
    ----------
    seed : int or None
        Another number gives other numbers; None makes every session different again.

    Returns
    -------
    None
        The seed is kept by the graph.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     ng.set_random_seed(1)
    ...     x = ng.random_normal([])
    ...     print(ng.Session().run(x) == ng.Session().run(x))
    True
    """
    get_default_graph().seed = seed
