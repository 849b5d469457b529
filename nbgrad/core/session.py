"""Sessions: run operations of a graph, and keep the values of its variables.

A run goes from feeds over a plan to values: `run` finds a runner made before, `_runner`
makes it ready the first time.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, TypeVar

import numpy as np

from nbgrad.core import running
from nbgrad.core.graph import Graph, Operand, Tensor, get_default_graph
from nbgrad.core.operands import ArrayLike, FeedDict, Fetches
from nbgrad.core.plan import Plan
from nbgrad.core.plan_builder import Generators, Variables, keep, plan_of
from nbgrad.core.running import Runner
from nbgrad.core.scopes import default_sessions

S = TypeVar("S", bound="Session")

#: Plans, and runs made ready, that a session keeps.
PLANS_KEPT = 256


class Session:
    """Runs operations of one graph, and holds the values of its variables.

    In a `with`, it is the default session, and behind it is closed.

    Parameters
    ----------
    target, config
        Accepted for TensorFlow's sake and ignored.
    graph
        The graph to run, by default the default graph.

    Examples
    --------
    >>> x = tf.placeholder(tf.float32)
    >>> with tf.Session() as session:
    ...     print(session.run({"square": x * x, "twice": 2 * x}, {x: 3.0}))
    {'square': np.float32(9.0), 'twice': np.float32(6.0)}
    """

    def __init__(self, target: str = "", graph: Graph | None = None, config: Any = None) -> None:
        if not isinstance(target, str):
            raise TypeError(
                f"target must be a string, but got {type(target)}\nWrite Session(graph=…)."
            )
        if graph is not None and not isinstance(graph, Graph):
            hint = "\nWrite tf.Graph(), which makes one." if graph is Graph else ""
            raise TypeError(f"graph must be a tf.Graph, but got {type(graph)}{hint}")
        self.graph = get_default_graph() if graph is None else graph
        self._variables: Variables = {}
        self._generators = Generators()
        self._plan = functools.lru_cache(PLANS_KEPT)(plan_of)
        self._runners: dict[Any, Runner] = {}
        self._entered: contextlib.ExitStack | None = None
        self._closed = False

    def run(
        self,
        fetches: Fetches,
        feed_dict: FeedDict | None = None,
        options: Any = None,
        run_metadata: Any = None,
    ) -> Any:
        """The values of what is fetched, in the structure in which it is given.

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
        InvalidArgumentError, FailedPreconditionError
            If an operation cannot work with what it received, a placeholder is not fed, or a
            variable has no value yet.
        RuntimeError
            If the session is closed or its graph is empty.
        """
        feeds = feed_dict or {}
        kind: Any = type(fetches)
        try:
            items: Any = fetches if kind is list or kind is tuple else (fetches,)
            key = (kind, *items, None, *feeds)
            run, values = self._runners[key], feeds.values()
        except (KeyError, TypeError, AttributeError):  # not made before
            fed = running.feeds_of(feed_dict, self.graph)
            run, values = self._runner(fetches, tuple(fed)), fed.values()
            if running.are_elements(fetches, feed_dict):
                if len(self._runners) >= PLANS_KEPT:
                    del self._runners[next(iter(self._runners))]  # the one made first
                self._runners[key] = run
        return run(*values)

    def _runner(self, fetches: Any, feeds: tuple[Tensor, ...]) -> Runner:
        """A run made ready: a function from the fed values to what is fetched."""
        if self._closed:
            raise RuntimeError("Attempted to use a closed Session.")
        if not self.graph.version:
            raise RuntimeError(
                "The Session graph is empty.  Add operations to the graph before calling run()."
            )
        elements, rebuild = running.flatten_fetches(fetches, self.graph)
        plan = self._plan(tuple(elements), feeds)
        return running.runner(plan, elements, feeds, rebuild, self._variables, self._generators)

    def plan(self, fetches: Fetches, feeds: Sequence[Operand | str] = ()) -> Plan:
        """The plan that `run` follows for these fetches and feeds; printed, it is Python."""
        elements, _ = running.flatten_fetches(fetches, self.graph)
        return self._plan(tuple(elements), tuple(running.as_feed(key, self.graph) for key in feeds))

    def make_callable(
        self,
        fetches: Fetches,
        feed_list: Sequence[Operand | str] | None = None,
        accept_options: bool = False,
    ) -> Callable[..., Any]:
        """A function that does what `run` does, without looking anything up.

        It takes the values of the tensors in `feed_list`, in this order, and returns what `run`
        would return for `fetches`.
        """
        if not isinstance(feed_list, list | tuple | None):
            raise TypeError("`feed_list` must be a list or tuple.")
        tensors = tuple(running.as_feed(key, self.graph) for key in feed_list or ())
        return self._runner(fetches, tensors)

    def load(self, variable: Operand, value: ArrayLike) -> None:
        """Give a variable a value, which is copied, without building an operation."""
        ref: Any = self.graph.as_graph_element(variable)
        keep(self._variables, ref.op, np.array(running.fed_array(ref, value)))

    def holds(self, variable: Operand) -> bool:
        """Whether a variable has a value in this session."""
        ref: Any = self.graph.as_graph_element(variable)
        return ref.op in self._variables

    def as_default(self: S) -> contextlib.AbstractContextManager[S]:
        """A `with` inside which `eval()` and `run()` of tensors and operations use this session.

        It yields the session, and does not close it.
        """
        return default_sessions.holding(self)

    def __enter__(self: S) -> S:
        if self._entered is not None:
            raise RuntimeError(
                "Session context managers are not re-entrant. Use `Session.as_default()` if you "
                "want to enter a session multiple times."
            )
        self._entered = self._entering()
        return self

    def _entering(self) -> contextlib.ExitStack:
        entered = contextlib.ExitStack()
        entered.enter_context(self.graph.as_default())
        entered.enter_context(self.as_default())
        return entered

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._entered is not None:
            self._entered.close()
            self._entered = None
        self.close()

    def close(self) -> None:
        """Let go of the variables; the session cannot run any more."""
        self._closed = True
        self._variables.clear()
        self._runners.clear()
