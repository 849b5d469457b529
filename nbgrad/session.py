"""A session runs a graph: it turns fetches and feeds into a plan once, and keeps the variables."""

from __future__ import annotations

import contextlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

import numpy as np

from nbgrad.expressions import default_sessions
from nbgrad.failures import explain
from nbgrad.feeding import as_feed, fed_array, feeds_of
from nbgrad.fetching import take_apart
from nbgrad.graph import Graph, get_default_graph
from nbgrad.memory import Generators
from nbgrad.plan import Plan
from nbgrad.tensor import Operation, Tensor

#: Plans that a session keeps ready.
PLANS_KEPT = 256


class Session:
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
        self._plans: OrderedDict[Any, Plan] = OrderedDict()
        self._closed = False
        self._entered: contextlib.ExitStack | None = None

    def run(
        self, fetches: Any, feed_dict: Any = None, options: Any = None, run_metadata: Any = None
    ) -> Any:
        """The values of `fetches`, in the structure in which they were asked for.

        Parameters
        ----------
        fetches
            A tensor, variable, operation or name, or a nested list, tuple or dictionary of
            them. The value of an operation is None.
        feed_dict
            Values for tensors, which are used in place of what the graph would compute.

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
        self._check_open()
        elements, rebuild = take_apart(fetches, self.graph)
        feeds = feeds_of(feed_dict, self.graph)
        plan = self._plan(elements, tuple(feeds))
        values = self._execute(plan, list(feeds.values()))
        return rebuild(
            feeds[e] if e in feeds else own(v)  # type: ignore[index]
            for e, v in zip(elements, values, strict=True)
        )

    def plan(self, fetches: Any, feeds: Sequence[Any] = ()) -> Plan:
        """The plan for these fetches and feeds, a Python function to read.

        See `nbgrad.plan.Plan`.
        """
        elements, _ = take_apart(fetches, self.graph)
        return self._plan(elements, tuple(as_feed(key, self.graph) for key in feeds))

    def make_callable(
        self, fetches: Any, feed_list: Sequence[Any] | None = None, accept_options: bool = False
    ) -> Callable[..., Any]:
        """A function of the fed values, in the order of `feed_list`, that returns the fetches.

        It does what `run` does, without looking anything up.
        """
        self._check_open()
        elements, rebuild = take_apart(fetches, self.graph)
        tensors = [as_feed(key, self.graph) for key in feed_list or ()]
        plan = self._plan(elements, tuple(tensors))

        def run(*values: Any) -> Any:
            if len(values) != len(tensors):
                raise TypeError(f"This takes {len(tensors)} values, one for each fed tensor.")
            fed = [fed_array(t, v) for t, v in zip(tensors, values, strict=True)]
            return rebuild(own(value) for value in self._execute(plan, fed))

        return run

    def load(self, variable: Any, value: np.ndarray) -> None:
        """Give a variable a value, without building an operation."""
        ref = self.graph.as_graph_element(variable)
        array = np.array(fed_array(ref, value))  # type: ignore[arg-type]
        array.flags.writeable = False
        self._variables[ref.op] = array if array.ndim else array[()]  # type: ignore[union-attr]

    def holds(self, variable: Any) -> bool:
        """Whether a variable has a value in this session."""
        return self.graph.as_graph_element(variable).op in self._variables  # type: ignore[union-attr]

    def _plan(self, elements: list[Tensor | Operation], feeds: tuple[Tensor, ...]) -> Plan:
        key = (tuple(elements), feeds)
        plan = self._plans.get(key)
        if plan is None:
            plan = self._plans[key] = Plan(elements, feeds)
            if len(self._plans) > PLANS_KEPT:
                self._plans.popitem(last=False)
        else:
            self._plans.move_to_end(key)
        return plan

    def _execute(self, plan: Plan, fed: list[np.ndarray]) -> list[Any]:
        scalars = [array if array.ndim else array[()] for array in fed]
        try:
            # A learner meets infinities on purpose; the picture shows them, not a warning.
            with np.errstate(all="ignore"):
                return plan.run(self._variables, self._generators, *scalars)
        except Exception as error:
            failed = plan.failed_call(error.__traceback__)
            if failed is None:
                raise
            explain(error, *failed)

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

    def as_default(self) -> contextlib.AbstractContextManager[Session]:
        """`eval()` and `run()` of tensors and operations use this session inside the `with`."""
        return default_sessions.holding(self)

    def __enter__(self) -> Session:
        if self._entered is not None:
            raise RuntimeError(
                "Session context managers are not re-entrant. Use `Session.as_default()` if you "
                "want to enter a session multiple times."
            )
        self._entered = contextlib.ExitStack()
        self._entered.enter_context(self.graph.as_default())
        self._entered.enter_context(self.as_default())
        return self

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


class InteractiveSession(Session):
    """A session that is the default one from its creation until it is closed."""

    def __init__(self, target: str = "", graph: Graph | None = None, config: Any = None) -> None:
        super().__init__(target, graph, config)
        self._installed = contextlib.ExitStack()
        self._installed.enter_context(self.graph.as_default())
        self._installed.enter_context(self.as_default())

    def close(self) -> None:
        self._installed.close()
        super().close()


def own(value: Any) -> Any:
    """A fetched value as the caller's own: scalars as scalars, shared arrays as copies."""
    if not isinstance(value, np.ndarray):
        return value
    if value.ndim == 0:
        return value[()]
    return value if value.flags.writeable else value.copy()


def get_default_session() -> Session | None:
    """The innermost session entered with `with`, or None."""
    return default_sessions.top


def session_or_default(session: Session | None) -> Session:
    """`session`, or else the default one.

    Raises
    ------
    ValueError
        If there is neither.
    """
    found = session or get_default_session()
    if found is None:
        raise ValueError("No default session is registered. Pass a session explicitly.")
    return found
