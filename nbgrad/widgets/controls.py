"""What an explorer lets a learner move: which fields there are, and what they stand at."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from nbgrad.graph import Tensor

Kind = Literal["input", "weight"]

#: A tensor of more elements has no fields; it can be set from Python.
MOST_CELLS = 36


@dataclass(frozen=True)
class Field:
    """A slider and number fields for one tensor.

    Attributes
    ----------
    key
        The label of the tensor.
    kind
        "input", or "weight" for a grad_ys.
    shape
        The tensor's shape; () for a single field.
    min, max, step
        The slider's ends and its step.
    """

    key: str
    kind: Kind
    shape: tuple[int, ...]
    min: float
    max: float
    step: float

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def field_for(key: str, kind: Kind, tensor: Tensor, value: Any) -> Field:
    """The field for a tensor that stands at `value`.

    The slider reaches a good way beyond the largest element, and to ±5 (a weight: ±2) at least.
    """
    at_least = 5.0 if kind == "input" else 2.0
    largest = float(np.max(np.abs(value), initial=0))
    reach = max(at_least, nice(1.25 * largest) if math.isfinite(largest) else 0)
    step = 1.0 if tensor.dtype.is_integer else reach / 50
    return Field(key, kind, np.shape(value), -reach, reach, step)


def nice(value: float) -> float:
    """The next 1, 2 or 5 times a power of ten that is not smaller."""
    if value <= 0:
        return 0
    power = 10.0 ** math.floor(math.log10(value))
    return next(m * power for m in (1, 2, 5, 10) if m * power >= value * (1 - 1e-9))


def as_entries(value: Any) -> list[float | str]:
    """The elements of an array as fields show them: ∞ and NaN as words, as messages want."""
    # The shortest number that is the same in the array's own precision: 0.1, not 0.10000000149.
    texts = [str(element) for element in np.asarray(value).ravel()]
    return [number(float(t)) if math.isfinite(float(t)) else t for t in texts]


def number(value: float) -> float:
    """Whole numbers without their point, as people write them."""
    return int(value) if value == int(value) and abs(value) < 1e15 else value
