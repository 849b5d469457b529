"""The controls of an explorer: its fields, and their entries."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from nbgrad.core.dtypes import DType

Kind = Literal["input", "seed"]


class EntryError(ValueError):
    """An entry of a field that is no number, or not one of the field's dtype.

    Attributes
    ----------
    entry
        The field and the cell, as in `W[1, 0]` or `seed of y`.
    """

    def __init__(self, problem: str, entry: str) -> None:
        super().__init__(f"{problem} in {entry}")
        self.entry = entry


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
        "input", or "seed" for a grad_ys.
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


def field_for(key: str, kind: Kind, dtype: DType, value: Any) -> Field:
    """The field for a tensor that stands at `value`.

    The slider reaches a good way beyond the largest element, and to ±5 (a seed: ±2) at least.
    """
    if dtype.is_bool:
        return Field(key, kind, np.shape(value), 0, 1, 1)
    at_least = 5.0 if kind == "input" else 2.0
    largest = float(np.max(np.abs(np.asarray(value, float)), initial=0))
    reach = max(at_least, nice_number(1.25 * largest) if math.isfinite(largest) else 0)
    step = 1.0 if dtype.is_integer else reach / 50
    return Field(key, kind, np.shape(value), -reach, reach, step)


def nice_number(value: float) -> float:
    """The smallest 1, 2 or 5 times a power of ten that is not below the number."""
    if value <= 0:
        return 0
    power = 10.0 ** math.floor(math.log10(value))
    return next(m * power for m in (1, 2, 5, 10) if m * power >= value * (1 - 1e-9))


# From numbers to entries -------------------------------------------------------------------------


#: All whole numbers up to here are numbers of JavaScript too.
SAFE = 2**53 - 1


def as_entries(value: Any) -> list[float | str]:
    """The elements of an array as fields show them.

    ∞, NaN and whole numbers beyond `SAFE` are words: no number of the page's language is they.
    """
    array = np.asarray(value)
    if array.dtype.kind in "biu":
        return [n if abs(n) <= SAFE else str(n) for n in map(int, array.ravel())]
    # The shortest number that is the same in the array's own precision: 0.1, not 0.10000000149.
    texts = [str(element) for element in array.ravel()]
    return [as_json_number(float(t)) if math.isfinite(float(t)) else t for t in texts]


def as_json_number(value: float) -> float:
    """Whole numbers without their point, as people write them."""
    return int(value) if value == int(value) and abs(value) < 1e15 else value


# And back ----------------------------------------------------------------------------------------


def from_entries(name: str, entries: Any, dtype: DType, shape: tuple[int, ...]) -> np.ndarray:
    """The entries of one tensor's fields, as an array.

    Raises
    ------
    EntryError
        If an entry is no number of this dtype.
    ValueError
        If there are not as many entries as cells.
    """
    each = list(entries) if isinstance(entries, list | tuple) else [entries]
    if len(each) != math.prod(shape):
        raise ValueError(f"{len(each)} entries for {name}, which takes {math.prod(shape)}")
    numbers = []
    for i, entry in enumerate(each):
        try:
            numbers.append(number_of(entry, dtype))
        except (TypeError, ValueError, OverflowError) as error:
            raise EntryError(str(error), f"{name}{cell(shape, i)}") from None
    with np.errstate(over="ignore"):  # 1e39 is ∞ in float32, and the picture says so
        exact = np.array(numbers, dtype=float if dtype.is_floating else object)
        return exact.astype(dtype.as_numpy_dtype).reshape(shape)


def number_of(entry: Any, dtype: DType) -> float:
    """An entry as a number of this dtype, a whole one to the last digit.

    Raises
    ------
    TypeError, ValueError, OverflowError
        If it is none, in Python's own words where it has some.
    """
    number = float(entry)
    if dtype.is_floating:
        return number
    lowest, highest = (0, 1) if dtype.is_bool else (dtype.min, dtype.max)
    if math.isfinite(number) and number.is_integer():
        is_text = isinstance(entry, str) and entry.strip().lstrip("+-").isdecimal()
        whole = int(entry) if is_text or isinstance(entry, int | np.integer) else int(number)
        if lowest <= whole <= highest:
            return whole
    what = "0 (False) or 1 (True)" if dtype.is_bool else f"a whole number of {dtype.name}"
    raise ValueError(f"{entry} is not {what}")


def cell(shape: tuple[int, ...], flat: int) -> str:
    """The place of an element as Python writes it; "" for a scalar.

    Examples
    --------
    >>> cell((2, 3), 4), cell((), 0)
    ('[1, 1]', '')
    """
    return str([int(i) for i in np.unravel_index(flat, shape)]) if shape else ""
