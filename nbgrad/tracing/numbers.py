"""Numbers of a trace: arrays that compare by value and survive JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

DIGITS = {"float32": 7, "float64": 15}
"""The significant decimal digits that a number of each precision has."""


@dataclass(frozen=True, eq=False)
class Numbers:
    """The elements of a tensor: a read-only NumPy array that compares by value."""

    array: np.ndarray

    def __post_init__(self) -> None:
        # A view: freezing must not lock an array that belongs to the caller.
        frozen = np.asarray(self.array).view()
        frozen.flags.writeable = False
        object.__setattr__(self, "array", frozen)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.array.shape

    @property
    def dtype(self) -> str:
        return str(self.array.dtype)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Numbers):
            return NotImplemented
        same_kind = self.dtype == other.dtype and self.shape == other.shape
        return same_kind and bool(((self.array == other.array) | both_nan(self, other)).all())

    __hash__ = None  # type: ignore[assignment]

    def to_dict(self) -> dict[str, Any]:
        """Shape, dtype and the elements in row-major order; ∞ and NaN as words, as JSON wants."""
        elements = [as_json(e) for e in self.array.ravel().tolist()]
        return {"dtype": self.dtype, "shape": list(self.shape), "elements": elements}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Numbers:
        elements = [WORDS.get(e, e) if isinstance(e, str) else e for e in data["elements"]]
        return cls(np.array(elements, dtype=data["dtype"]).reshape(data["shape"]))


WORDS = {"NaN": np.nan, "Infinity": np.inf, "-Infinity": -np.inf}


def as_json(element: Any) -> Any:
    """An element of a tensor as a JSON value: non-finite numbers become words."""
    if not isinstance(element, float) or np.isfinite(element):
        return element
    return "NaN" if np.isnan(element) else "Infinity" if element > 0 else "-Infinity"


def both_nan(a: Numbers, b: Numbers) -> np.ndarray:
    """Where both hold NaN: a trace read back from JSON equals the one that was written."""
    return (a.array != a.array) & (b.array != b.array)
