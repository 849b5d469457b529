"""The default graph and the default session: the innermost `with` decides."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from nbgrad.graph.graph import Graph

T = TypeVar("T")


class DefaultStack(threading.local, Generic[T]):
    """A stack of defaults, one for each thread."""

    def __init__(self) -> None:
        self.items: list[T] = []

    @property
    def top(self) -> T | None:
        return self.items[-1] if self.items else None

    @contextlib.contextmanager
    def holding(self, item: T) -> Iterator[T]:
        """`item` is the default inside the `with`."""
        self.items.append(item)
        try:
            yield item
        finally:
            # By identity and from the end: interactive sessions may close in any order.
            position = max(i for i, held in enumerate(self.items) if held is item)
            del self.items[position]


default_graphs: DefaultStack[Graph] = DefaultStack()

#: The sessions entered with `with`; a session is anything that can `run`.
default_sessions: DefaultStack[Any] = DefaultStack()
