"""Names in a graph: made unique, kept in scopes, and looked up; and its named collections."""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from nbgrad.core.errors import did_you_mean

VALID_NAME = r"^[A-Za-z0-9.][A-Za-z0-9_.\\\-/]*$"
VALID_INNER_SCOPE = r"^[A-Za-z0-9_.\\\-/]*$"

Op = TypeVar("Op")


class Names:
    """The names taken in one graph, and the scope that new names go to."""

    def __init__(self) -> None:
        self.scope = ""
        self._taken: dict[str, int] = {}

    def unique(self, name: str) -> str:
        """`name` within the current scope, with `_1`, `_2`, … where it is taken.

        Names that differ only in case count as equal: some file systems cannot tell the
        files apart that tools write for them.

        Raises
        ------
        ValueError
            If the name is not valid.
        """
        if name.endswith("/"):
            return name[:-1]  # a scope's own name, to be used as it stands
        if not matches(VALID_NAME, name):
            raise ValueError(
                f"'{name}' is not a valid node name\nA name starts with a letter, a digit or a "
                "dot, and goes on with these and with _ - / \\."
            )
        return self._claim(f"{self.scope}/{name}" if self.scope else name)

    def _claim(self, name: str) -> str:
        taken = self._taken
        key = name.lower()
        count = taken.get(key, 0)
        taken[key] = count + 1
        if not count:
            return name
        candidate = f"{key}_{count}"
        while candidate in taken:
            count += 1
            candidate = f"{key}_{count}"
        taken[candidate] = 1
        # Where it stood, the search may start again: counting from one each time would make
        # the ten-thousandth "mul" ten thousand times slower to name than the first.
        taken[key] = count + 1
        return candidate if name == key else f"{name}_{count}"

    @contextlib.contextmanager
    def within(self, name: str | None) -> Iterator[str]:
        """A scope for the names given inside; yields its prefix, such as "layer/".

        A name that ends in "/" re-enters that very scope; None or "" leads to the top.
        """
        outer = self.scope
        if not name:
            self.scope = ""
        elif name.endswith("/"):
            self.scope = name[:-1]
        else:
            if not matches(VALID_INNER_SCOPE if outer else VALID_NAME, name):
                raise ValueError(f"'{name}' is not a valid scope name")
            self.scope = self._claim(f"{outer}/{name}" if outer else name)
        try:
            yield f"{self.scope}/" if self.scope else ""
        finally:
            self.scope = outer

    def copy(self) -> dict[str, int]:
        """The names taken so far, to be given back with `restore`."""
        return dict(self._taken)

    def restore(self, taken: dict[str, int]) -> None:
        """Forget every name taken since `copy`."""
        self._taken = taken


@functools.lru_cache(maxsize=4096)
def matches(pattern: str, name: str) -> bool:
    return re.match(pattern, name) is not None


def operation_named(name: Any, known: Mapping[str, Op]) -> Op:
    """The operation of this name.

    Raises
    ------
    TypeError, ValueError, KeyError
        If the name is no text, is a tensor's, or is unknown.
    """
    if not isinstance(name, str):
        kind = type(name).__name__
        raise TypeError(f"Operation names are strings (or similar), not {kind}.")
    if name not in known:
        if ":" in name:
            raise ValueError(f"Name {name!r} appears to refer to a Tensor, not a Operation.")
        raise KeyError(
            f"The name {name!r} refers to an Operation not in the graph.{similar(name, known)}"
        )
    return known[name]


def tensor_named(name: Any, known: Mapping[str, Any]) -> Any:
    """The tensor of this name, "mul:0": its operation, a colon, and which of its results.

    Raises
    ------
    TypeError, ValueError, KeyError
        If the name is no text, is an operation's, or is unknown.
    """
    if not isinstance(name, str):
        raise TypeError(f"Tensor names are strings (or similar), not {type(name).__name__}.")
    op_name, colon, index = name.rpartition(":")
    if not (colon and index.isdigit() and ":" not in op_name):
        form = 'Tensor names must be of the form "<op_name>:<output_index>".'
        if ":" in name:
            problem = "looks a like a Tensor name, but is not a valid one."
        elif name in known:
            problem = "refers to an Operation, not a Tensor."
        else:
            problem = "looks like an (invalid) Operation name, not a Tensor."
        raise ValueError(f"The name {name!r} {problem} {form}")
    problem = f"The name {name!r} refers to a Tensor which does not exist. The operation, "
    if op_name not in known:
        raise KeyError(
            f"{problem}{op_name!r}, does not exist in the graph.{similar(op_name, known)}"
        )
    outputs = known[op_name].outputs
    if int(index) >= len(outputs):
        raise KeyError(f"{problem}{op_name!r}, exists but only has {len(outputs)} outputs.")
    return outputs[int(index)]


def similar(name: str, known: Iterable[str]) -> str:
    question = did_you_mean(name, known)
    return f" {question}" if question else ""


class Collections:
    """The collections of a graph: anything, kept under a name, in the order of adding.

    A name is often one of `GraphKeys`.
    """

    def __init__(self) -> None:
        self._collections: dict[Any, list[Any]] = {}

    @property
    def collections(self) -> list[Any]:
        """The names of all collections."""
        return list(self._collections)

    def add_to_collection(self, name: Any, value: Any) -> None:
        """Append a value to a collection of this graph."""
        self._collections.setdefault(name, []).append(value)

    def add_to_collections(self, names: Any, value: Any) -> None:
        """Append a value to one or several collections of this graph, once to each."""
        several = [names] if isinstance(names, str) or not isinstance(names, Iterable) else names
        for name in dict.fromkeys(several):
            self.add_to_collection(name, value)

    def get_collection(self, name: Any, scope: str | None = None) -> list[Any]:
        """A copy of a collection of this graph, empty where there is none.

        `scope` is a regular expression that the names of the items must begin with.
        """
        items = self._collections.get(name, [])
        if scope is None:
            return list(items)
        return [item for item in items if re.match(scope, getattr(item, "name", None) or "\0")]

    def get_collection_ref(self, name: Any) -> list[Any]:
        """A collection of this graph itself: what is done to it is done to the graph's."""
        return self._collections.setdefault(name, [])

    def clear_collection(self, name: Any) -> None:
        """Empty a collection of this graph."""
        self._collections.pop(name, None)

    def get_all_collection_keys(self) -> list[Any]:
        """The names of all collections that hold something, in the order of their making."""
        return [name for name, items in self._collections.items() if items]
