"""The default session: the one that was entered last, and how one is entered."""

from __future__ import annotations

import contextlib
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from nbgrad.graph import Graph, default_sessions

if TYPE_CHECKING:
    from nbgrad.session.session import Session

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
