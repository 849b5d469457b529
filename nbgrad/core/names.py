"""Names in a graph, unique and in scopes; and its named collections."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from typing import Any

VALID_NAME = re.compile(r"^[A-Za-z0-9.][A-Za-z0-9_.\\\-/]*$")
VALID_INNER_SCOPE = re.compile(r"^[A-Za-z0-9_.\\\-/]*$")


class Names:
    """The names taken in one graph, and the scope that new names go to."""

    def __init__(self) -> None:
        self.scope = ""
        self._taken: dict[str, int] = {}

    def unique(self, name: str) -> str:
        """`name` within the current scope, with `_1`, `_2`, … where it is taken.

        Names that differ only in case count as equal: some file systems cannot tell the
        files apart that tools write for them.
        """
        if name.endswith("/"):
            return name[:-1]  # a scope's own name, to be used as it stands
        if not VALID_NAME.match(name):
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

    def requested(self, name: str) -> str:
        """A name as it was given: without the number that `unique` put to it."""
        base, _, number = name.rpartition("_")
        numbered = number.isdecimal() and int(number) < self._taken.get(base.lower(), 0)
        return base if numbered else name

    def within(self, name: str | None) -> contextlib.AbstractContextManager[str]:
        """A scope for the names given inside; yields its prefix, such as "layer/".

        A name that ends in "/" re-enters that very scope; None or "" leads to the top.
        """
        return NameScope(self, name)

    def scope_called(self, name: str | None) -> str:
        """The scope that `within` enters."""
        if not name:
            return ""
        if name.endswith("/"):
            return name[:-1]
        if not (VALID_INNER_SCOPE if self.scope else VALID_NAME).match(name):
            raise ValueError(f"'{name}' is not a valid scope name")
        return self._claim(f"{self.scope}/{name}" if self.scope else name)

    def copy(self) -> dict[str, int]:
        """The names taken so far, to be given back with `restore`."""
        return dict(self._taken)

    def restore(self, taken: dict[str, int]) -> None:
        """Forget every name taken since `copy`."""
        self._taken = taken


class NameScope(contextlib.ContextDecorator):
    """The `with` of `Names.within`; no generator, as a reverse pass enters one an operation."""

    def __init__(self, names: Names, name: str | None) -> None:
        self._names = names
        self._name = name

    def __enter__(self) -> str:
        names = self._names
        self._outer = names.scope
        names.scope = names.scope_called(self._name)
        return f"{names.scope}/" if names.scope else ""

    def __exit__(self, *_error: object) -> None:
        self._names.scope = self._outer


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
