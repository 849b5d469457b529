"""One size of a static shape, which may be unknown."""

from __future__ import annotations

from typing import Any


class Dimension:
    """One size of a shape, known or not.

    Arithmetic with an unknown size gives an unknown size.

    Parameters
    ----------
    value
        A number, None for a size that is not known.

    Examples
    --------
    >>> import nbgrad as ng
    >>> ng.Dimension(3) * 2, ng.Dimension(None) + 1
    (Dimension(6), Dimension(None))
    """

    def __init__(self, value: int | Dimension | None) -> None:
        self.value = None if value is None else int(value)

    def __int__(self) -> int:
        if self.value is None:
            raise TypeError("__int__ returned non-int (type NoneType)")
        return self.value

    __index__ = __int__

    def __eq__(self, other: object) -> bool:
        theirs = other.value if isinstance(other, Dimension) else other
        return self.value == theirs

    def __hash__(self) -> int:
        return hash(self.value)

    def __add__(self, other: Any) -> Dimension:
        return Dimension(self._with(other, lambda a, b: a + b))

    def __sub__(self, other: Any) -> Dimension:
        return Dimension(self._with(other, lambda a, b: a - b))

    def __mul__(self, other: Any) -> Dimension:
        return Dimension(self._with(other, lambda a, b: a * b))

    def __floordiv__(self, other: Any) -> Dimension:
        return Dimension(self._with(other, lambda a, b: a // b))

    __radd__, __rmul__ = __add__, __mul__

    def _with(self, other: Any, combine: Any) -> int | None:
        theirs = other.value if isinstance(other, Dimension) else other
        return None if self.value is None or theirs is None else combine(self.value, theirs)

    def __str__(self) -> str:
        return "?" if self.value is None else str(self.value)

    def __repr__(self) -> str:
        return f"Dimension({self.value})"


def as_size(value: Any) -> int | None:
    if isinstance(value, Dimension):
        return value.value
    return None if value is None or value == -1 else int(value)
