"""A session runs a graph: it turns fetches and feeds into a plan once, and keeps the variables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nbgrad.graph import Graph, Operand, Operation, Tensor, get_default_graph
from nbgrad.graph.typing import ArrayLike, FeedDict, Fetches
from nbgrad.session.default_session import SessionContext
from nbgrad.session.feeding import as_feed, fed_array, feeds_of
from nbgrad.session.fetching import take_apart
from nbgrad.session.memory import Generators
from nbgrad.session.plan import Plan
from nbgrad.session.run_cache import LRUCache, cache_key, is_cacheable
from nbgrad.session.running import Answer, Run

#: Plans, and runs made ready, that a session keeps.
PLANS_KEPT = 256


class Session(SessionContext):
    """Runs operations of one graph, and holds the values of its variables.

    Parameters
    ----------
    target, config
        Accepted for TensorFlow's sake and ignored.
    graph
        The graph to run, by default the default graph.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     x = ng.placeholder(ng.float32)
    ...     with ng.Session() as session:
    ...         print(session.run({"square": x * x, "twice": 2 * x}, {x: 3.0}))
    {'square': np.float32(9.0), 'twice': np.float32(6.0)}
    """

    def __init__(self, target: str = "", graph: Graph | None = None, config: Any = None) -> None:
        self.graph = graph or get_default_graph()
        self._variables: dict[Operation, Any] = {}
        self._generators = Generators()
        self._plans: LRUCache[Plan] = LRUCache(PLANS_KEPT)
        self._runs: LRUCache[Answer] = LRUCache(PLANS_KEPT)
        self._closed = False

    def run(
        self,
        fetches: Fetches,
        feed_dict: FeedDict | None = None,
        options: Any = None,
        run_metadata: Any = None,
    ) -> Any:
        """The values of what was asked for, in the structure in which it was asked for.

        Only what the fetches need is computed, each operation once; a feed counts for this run
        only.

        Parameters
        ----------
        fetches
            A tensor, variable, operation or name, or a nested list, tuple or dictionary of
            them. The value of an operation is None.
        feed_dict
            Values for tensors, which are used in place of what the graph would compute.
        options, run_metadata
            Accepted for TensorFlow's sake and ignored.

        Returns
        -------
        object
            Arrays, and NumPy's scalars for tensors without axes, each of the dtype of its tensor.

        Raises
        ------
        TypeError, ValueError
            If a fetch or a feed is not of this graph, or does not fit.
        InvalidArgumentError
            If an operation cannot work with what it received, or a placeholder is not fed.
        FailedPreconditionError
            If a variable has no value yet.
        RuntimeError
            If the session is closed or its graph is empty.
        """
        feeds = feed_dict or {}
        try:
            run = self._runs.use(cache_key(fetches, feeds.keys()))
        except (KeyError, TypeError, AttributeError):  # never asked before, or not so plainly
            feeds = feeds_of(feed_dict, self.graph)
            run = self._made_ready(fetches, tuple(feeds))
            if is_cacheable(fetches, feed_dict, feeds):
                self._runs.keep(cache_key(fetches, feed_dict or ()), run)
        return run(feeds.values())

    def plan(self, fetches: Fetches, feeds: Sequence[Operand | str] = ()) -> Plan:
        """What `run` would do for these fetches and feeds: a Python function to read.

        Parameters
        ----------
        fetches
            As for `run`.
        feeds
            The tensors to be fed.

        Returns
        -------
        Plan
            `print` shows it.

        Raises
        ------
        TypeError, ValueError
            If a fetch or a feed is not of this graph.
        """
        elements, _ = take_apart(fetches, self.graph)
        return self._plan(elements, tuple(as_feed(key, self.graph) for key in feeds))

    def make_callable(
        self,
        fetches: Fetches,
        feed_list: Sequence[Operand | str] | None = None,
        accept_options: bool = False,
    ) -> Callable[..., Any]:
        """A function that does what `run` does, without looking anything up.

        Parameters
        ----------
        fetches
            As for `run`.
        feed_list
            The tensors to be fed; the function takes their values, in this order.
        accept_options
            Accepted for TensorFlow's sake and ignored.

        Returns
        -------
        function
            From the fed values to what `run` would return.

        Raises
        ------
        TypeError, ValueError
            If a fetch or a feed is not of this graph; the function raises what `run` does.
        RuntimeError
            If the session is closed or its graph is empty.
        """
        tensors = tuple(as_feed(key, self.graph) for key in feed_list or ())
        run, count = self._made_ready(fetches, tensors), len(tensors)

        def call(*values: Any) -> Any:
            if len(values) != count:
                raise TypeError(f"This takes {count} values, one for each fed tensor.")
            return run(values)

        return call

    def _made_ready(self, fetches: Any, feeds: tuple[Tensor, ...]) -> Answer:
        self._check_open()
        elements, rebuild = take_apart(fetches, self.graph)
        memory = self._variables, self._generators
        return Run(self._plan(elements, feeds), elements, feeds, rebuild, memory).shielded()

    def load(self, variable: Operand, value: ArrayLike) -> None:
        """Give a variable a value, without building an operation.

        Parameters
        ----------
        variable
            A variable of this graph.
        value
            An array of its shape, or what becomes one; it is copied.

        Raises
        ------
        ValueError
            If the value does not fit.
        """
        ref = self.graph.as_graph_element(variable)
        array = np.array(fed_array(ref, value))  # type: ignore[arg-type]
        array.flags.writeable = False
        self._variables[ref.op] = array if array.ndim else array[()]  # type: ignore[union-attr]

    def holds(self, variable: Operand) -> bool:
        """Whether a variable has a value in this session.

        Parameters
        ----------
        variable
            A variable of this graph.

        Returns
        -------
        bool
            True once it was initialised, assigned or loaded.
        """
        return self.graph.as_graph_element(variable).op in self._variables  # type: ignore[union-attr]

    def _plan(self, elements: list[Tensor | Operation], feeds: tuple[Tensor, ...]) -> Plan:
        key = (tuple(elements), feeds)
        try:
            return self._plans.use(key)
        except KeyError:
            return self._plans.keep(key, Plan(elements, feeds))

    def _check_open(self) -> None:
        if self._closed:
            raise RuntimeError("Attempted to use a closed Session.")
        if not self.graph.get_operations():
            raise RuntimeError(
                "The Session graph is empty.  Add operations to the graph before calling run()."
            )

    def close(self) -> None:
        """Let go of the variables; the session cannot run any more."""
        self._closed = True
        self._variables.clear()
        self._runs.clear()
