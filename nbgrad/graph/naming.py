"""Names of operations: unique in a graph, grouped by scopes, valid for TensorFlow."""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Iterator

VALID_NAME = r"^[A-Za-z0-9.][A-Za-z0-9_.\\\-/]*$"
VALID_INNER_SCOPE = r"^[A-Za-z0-9_.\\\-/]*$"


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
        if not fits(VALID_NAME, name):
            raise ValueError(
                f"'{name}' is not a valid node name\nA name starts with a letter, a digit or a "
                "dot, and goes on with these and with _ - / \\."
            )
        full = f"{self.scope}/{name}" if self.scope else name
        return self._claim(full)

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
            if not fits(VALID_INNER_SCOPE if outer else VALID_NAME, name):
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
def fits(pattern: str, name: str) -> bool:
    return re.match(pattern, name) is not None
