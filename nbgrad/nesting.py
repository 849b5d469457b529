"""What stands inside nested lists, tuples and slices, as in the index `[[i, 0], :n]`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any


def leaves(value: Any, kind: type) -> Iterator[Any]:
    """What is of this kind: the value itself, or what it holds, in order."""
    if isinstance(value, kind):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from leaves(item, kind)
    elif isinstance(value, slice):
        yield from leaves((value.start, value.stop, value.step), kind)


def with_leaves(value: Any, kind: type, by: Callable[[Any], Any]) -> Any:
    """The same nest with `by(leaf)` in place of each leaf of this kind."""
    if isinstance(value, kind):
        return by(value)
    if isinstance(value, list | tuple):
        return type(value)([with_leaves(item, kind, by) for item in value])
    if isinstance(value, slice):
        return slice(*with_leaves((value.start, value.stop, value.step), kind, by))
    return value
