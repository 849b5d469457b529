"""How a trace shows itself. What paints it lies above all this, and is put here from there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol


class OnPage(Protocol):
    """A result that shows itself on a page, prints as text, and saves itself."""

    def save(self, path: str | Path) -> Path: ...

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]: ...


class Showing:
    """An object that shows itself as another does, which is made when it is looked at."""

    painter: Callable[[Any], OnPage] | None = None

    def _shown(self) -> OnPage:
        if Showing.painter is None:
            raise RuntimeError("Nothing is known that shows this: import nbgrad first.")
        return Showing.painter(self)

    def save(self, path: str | Path) -> Path:
        """Write it to a file, in the form that the ending of its name says, as a drawing does."""
        return self._shown().save(path)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        return self._shown()._repr_mimebundle_(**kwargs)
