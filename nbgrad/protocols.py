"""What the lower floors of the house need to know of what stands on higher ones."""

from __future__ import annotations

from typing import Protocol


class OperationLike(Protocol):
    """An operation, for those who write errors about it or look up its gradient rule."""

    name: str
    gradient_type: str

    @property
    def type(self) -> str: ...

    @property
    def line(self) -> str: ...
