"""Entries: what a learner writes for inputs and seeds, as arrays; so does `static/entries.js`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from nbgrad.core.dtypes import DType

Kind = Literal["input", "seed"]

#: A tensor of more elements has no entries: it is shared as an array.
MOST_CELLS = 36

#: All whole numbers up to here are numbers of JavaScript too.
SAFE = 2**53 - 1


class EntryError(ValueError):
    """An entry that is no number, or not one of its tensor's dtype: which, as in `W[1, 0]`."""

    def __init__(self, problem: str, entry: str) -> None:
        super().__init__(problem)
        self.entry = entry


def entries_of(arrays: Mapping[str, np.ndarray], kind: Kind) -> dict[str, Any]:
    """The entries of arrays that are small enough; a large seed of equal elements has one."""
    entries = {}
    for label, array in arrays.items():
        if array.size <= MOST_CELLS:
            entries[label] = as_entries(array)
        elif kind == "seed" and (array == array.flat[0]).all():
            entries[label] = as_entries(array.flat[0])
    return entries


def as_entries(value: Any) -> list[float | str]:
    """The elements of an array as they are written.

    ∞, NaN and whole numbers beyond `SAFE` are words: no number of the page's language is they.
    """
    array = np.asarray(value)
    if array.dtype.kind in "biu":
        return [n if abs(n) <= SAFE else str(n) for n in map(int, array.ravel())]

    def as_json_number(text: str) -> float | str:
        """Whole numbers without their point, as people write them."""
        value = float(text)
        if not math.isfinite(value):
            return text
        return int(value) if value == int(value) and abs(value) < 1e15 else value

    # The shortest number that is the same in the array's own precision: 0.1, not 0.10000000149.
    return [as_json_number(str(element)) for element in array.ravel()]


def from_entries(
    name: str, entries: Any, dtype: DType, good: np.ndarray
) -> tuple[np.ndarray, EntryError | None]:
    """The entries of one tensor as an array, and what is wrong with the first that is no number.

    In its place is the last good number, and so it is everywhere if there are too few or too many.
    """
    each = list(entries) if isinstance(entries, list | tuple) else [entries]
    if len(each) == 1 and good.size > MOST_CELLS:
        each *= good.size  # one entry for them all
    if len(each) != good.size:
        problem = f"{len(each)} entries for {name}, which takes {good.size}"
        return good, EntryError(problem, name)
    numbers, wrong = [], None
    for i, (entry, last) in enumerate(zip(each, good.ravel().tolist(), strict=True)):
        try:
            numbers.append(number_of(entry, dtype))
        except (TypeError, ValueError, OverflowError) as error:
            index = [int(k) for k in np.unravel_index(i, good.shape)]
            place = f"{name}{index or ''}"
            stays = f"{place} stays {as_entries(np.asarray(last, good.dtype))[0]}"
            wrong = wrong or EntryError(f"{error}; {stays.replace('-', '−')}", place)
            numbers.append(last)
    with np.errstate(over="ignore"):  # 1e39 is ∞ in float32, and the picture says so
        exact = np.array(numbers, dtype=float if dtype.is_floating else object)
        return exact.astype(dtype.as_numpy_dtype).reshape(good.shape), wrong


def number_of(entry: Any, dtype: DType) -> float:
    """An entry as a number of this dtype, a whole one to the last digit; errors if it is none."""
    try:
        number = float(entry)
    except (TypeError, ValueError):
        raise ValueError(f"“{str(entry).strip()}” is no number") from None
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
