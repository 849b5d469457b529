"""The default session: the one that was entered last, and how one is entered."""

from __future__ import annotations

import contextlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from types import TracebackType
from typing import Any, NoReturn, TypeVar

import numpy as np
from numpy import ndarray

from nbgrad.core.calls import Call, Generators
from nbgrad.core.default_graph import get_default_graph
from nbgrad.core.errors import (
    FailedPreconditionError,
    InvalidArgumentError,
    OpError,
    UnfedPlaceholderError,
    advise,
)
from nbgrad.core.feeds import Rebuild, as_feed, fed_array, fed_value, feeds_of, take_apart
from nbgrad.core.graph import Graph, Operand, Operation, Tensor
from nbgrad.core.plan import Plan, without_warnings, without_warnings_here
from nbgrad.core.scopes import default_sessions
from nbgrad.core.shapes import brackets
from nbgrad.core.typing import ArrayLike, FeedDict, Fetches

S = TypeVar("S", bound="SessionContext")


class SessionContext:
    """What `with` does to a session: inside it is the default, and behind it is closed."""

    graph: Graph
    _entered: contextlib.ExitStack | None = None

    def close(self) -> None:
        raise NotImplementedError

    def as_default(self: S) -> contextlib.AbstractContextManager[S]:
        """A `with` inside which `eval()` and `run()` of tensors and operations use this session.

        Returns
        -------
        context manager
            It yields the session, and does not close it.
        """
        return default_sessions.holding(self)

    def __enter__(self: S) -> S:
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


def get_default_session() -> Session | None:
    """The session that `eval()` and `run()` of tensors and operations use.

    Returns
    -------
    Session or None
        The innermost one entered with `with`, None outside of any.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Session() as session:
    ...     print(ng.get_default_session() is session)
    True
    """
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


#: From a value for each feed to what was fetched.
Answer = Callable[[Iterable[Any]], Any]


class Run:
    """A plan, how values get into it, and how its results are handed out.

    Parameters
    ----------
    plan
        The plan for `elements` from `feeds`.
    rebuild
        From the results to the structure that was asked for; None for a list.
    memory
        A session's variables and its random generators.
    """

    def __init__(
        self,
        plan: Plan,
        elements: Sequence[Tensor | Operation],
        feeds: Sequence[Tensor],
        rebuild: Rebuild | None,
        memory: tuple[Any, Any],
    ) -> None:
        self._plan = plan
        self._feeds = feeds
        self._rebuild = rebuild
        self._variables, self._generators = memory
        self._fed = [i for i, element in enumerate(elements) if element in feeds]

    def shielded(self) -> Answer:
        """The run as a function of the fed values, without NumPy's warnings."""
        return partial(
            without_warnings_here if self._plan.calls_python else without_warnings, self._go
        )

    def _go(self, values: Iterable[Any]) -> Any:
        try:
            fed = map(fed_value, self._feeds, values)
            results = self._plan.run(self._variables, self._generators, *fed)
        except Exception as error:
            failed = self._plan.failed_call(error.__traceback__)
            if failed is None:
                raise
            raise_with_operation(error, *failed)
        fetched = [own(value) if type(value) is ndarray else value for value in results]
        for i in self._fed:  # what was fed comes back as an array, also a number
            fetched[i] = np.asarray(fetched[i])
        return fetched if self._rebuild is None else self._rebuild(iter(fetched))


def own(array: np.ndarray) -> Any:
    """A fetched array as the caller's own: a number as a scalar, what is shared as a copy."""
    if array.ndim == 0:
        return array[()]
    return array if array.flags.writeable else array.copy()


Item = TypeVar("Item")


def cache_key(fetches: Any, feeds: Any) -> tuple[Any, ...]:
    """What a run made ready is kept under, to recognise what was asked before."""
    kind = type(fetches)
    return ((kind, *fetches) if kind is list or kind is tuple else fetches, *feeds)


def is_cacheable(fetches: Any, feed_dict: Any, feeds: Any) -> bool:
    """Whether fetches and feeds hold their tensors plainly: a name may come to mean another one."""
    items = [*fetches] if type(fetches) in (list, tuple) else [fetches]
    keys = [*(feed_dict or ())]
    plain = all(isinstance(item, Operand | Operation) for item in (*items, *keys))
    return plain and len(keys) == len(feeds)


class LRUCache(OrderedDict[Any, Item]):
    """So many things and no more: the one that was not used for longest is dropped (LRU)."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def use(self, key: Any) -> Item:
        """What is kept under a key, from now on the last to be dropped.

        Raises
        ------
        KeyError
            If nothing is.
        """
        found = self[key]
        self.move_to_end(key)
        return found

    def keep(self, key: Any, item: Item) -> Item:
        """Keep an item, and drop the one that was not used for longest."""
        self[key] = item
        if len(self) > self._most:
            self.popitem(last=False)
        return item


def raise_with_operation(error: Exception, call: Call, values: list[Any]) -> NoReturn:
    """Raise an error of a kernel again, with the operation and the user's line."""
    op = call.op
    if isinstance(error, UnfedPlaceholderError):
        missing = f"You must feed a value for placeholder tensor '{op.name}' {error.message}"
        raise InvalidArgumentError(None, op, advise(missing, op)) from None
    if isinstance(error, OpError):
        raise type(error)(None, op, advise(error.message, op)) from None
    if isinstance(error, KeyError) and isinstance(error.args[0], Operation):
        name = error.args[0].name
        raise FailedPreconditionError(
            None,
            op,
            advise(
                f"Attempting to use uninitialized value {name}",
                op,
                "Run tf.global_variables_initializer() in this session first. It covers only "
                "variables that exist already: build the initializer last.",
            ),
        ) from None
    sentence = str(error)
    if op.definition.elementwise and isinstance(error, ValueError):
        given = " vs. ".join(brackets(np.shape(value)) for value in values)
        sentence = f"Incompatible shapes: {given}"
    raise InvalidArgumentError(None, op, advise(sentence, op)) from error
