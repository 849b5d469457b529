"""Python's values as arrays of TensorFlow's types: what becomes a constant, and what cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from nbgrad.core.dtypes import DType, as_dtype, string


def constant_array(value: Any, dtype: DType | None = None) -> np.ndarray:
    """A Python value as an array of TensorFlow's type, which nobody else holds: arrays are copied.

    With `dtype` None, Python's floats become float32 and its integers int32 (int64 where
    they need it), while a NumPy array keeps its own type.
    """
    if value is None:
        raise ValueError("None values not supported.")
    given = isinstance(value, np.ndarray | np.generic)
    if given:
        array = np.asarray(value)
    else:
        array = array_of_python(value)
        if dtype is None:
            return narrowed(array)
    if dtype is None:
        as_dtype(array.dtype)
        return text_as_bytes(np.array(array))
    wanted = np.dtype(dtype.as_numpy_dtype)
    if not convertible(array, wanted):
        bad = value if not isinstance(value, list | tuple) else array.ravel().tolist()[0]
        kind = type(bad).__name__
        raise TypeError(f"Expected {dtype.name}, got {bad!r} of type {kind!r} instead.")
    return text_as_bytes(array) if dtype is string else array.astype(wanted, copy=given)


def array_of_python(value: Any) -> np.ndarray:
    try:
        array = np.array(value)
    except ValueError:
        array = None
    if array is not None and array.dtype.kind not in "USO":
        return array  # of numbers
    objects = np.array(value, dtype=object)
    shape, wanted = objects.shape, dense_shape(value)
    if array is None or (array.dtype == object and shape != wanted):
        raise ValueError(
            f"Argument must be a dense tensor: {value} - got shape {list(shape)}, but wanted "
            f"{list(wanted)}.\nIts rows have different lengths."
        )
    if not holds_text(value):
        raise TypeError(
            f"Failed to convert object of type {type(value)} to Tensor. Contents: {value}. "
            "Consider casting elements to a supported type."
        )
    # An array of bytes would drop zeros at their end.
    return objects if array.dtype.kind in "US" else array


def dense_shape(value: Any) -> tuple[int, ...]:
    """The shape of nested lists, if every row is like the first."""
    if not isinstance(value, list | tuple):
        return np.shape(value)
    return (len(value), *(dense_shape(value[0]) if value else ()))


def holds_text(value: Any) -> bool:
    """Whether there is text, and nothing else, in nested lists."""
    if isinstance(value, list | tuple):
        return all(map(holds_text, value))
    return isinstance(value, str | bytes) or (
        isinstance(value, np.ndarray) and all(map(holds_text, value.tolist()))
    )


def narrowed(array: np.ndarray) -> np.ndarray:
    """Python's 64-bit numbers as TensorFlow prefers them: float32, and int32 where they fit."""
    if array.dtype == np.float64:
        return array.astype(np.float32)
    if array.dtype == np.int64:
        small = array.astype(np.int32)
        return small if (small == array).all() else array
    as_dtype(array.dtype)
    return text_as_bytes(array)


def text_as_bytes(array: np.ndarray) -> np.ndarray:
    """Text as arrays of bytes objects, which is what TensorFlow gives back."""
    if array.dtype.kind not in "USO":
        return array
    flat = [e.encode() if isinstance(e, str) else e for e in array.ravel().tolist()]
    coded = np.empty(len(flat), dtype=object)
    coded[:] = flat
    return coded.reshape(array.shape)


def convertible(array: np.ndarray, wanted: np.dtype) -> bool:
    """Whether a constant may take this type: never from text, nor from 2.5 to an integer."""
    ranks = {"b": 0, "u": 1, "i": 1, "f": 2, "c": 3}
    if array.dtype.kind not in ranks or wanted.kind not in ranks:
        return array.dtype.kind in "USO" and wanted.kind == "O"
    if array.size == 0:
        return True
    if wanted.kind == "b":
        return array.dtype.kind == "b"
    return ranks[array.dtype.kind] <= ranks[wanted.kind]


#: What may hold leaves; `list | tuple` in a hot loop would be put together every time.
NESTS = (list, tuple)


def leaves(value: Any, kind: type) -> Iterator[Any]:
    """The items of one kind in nested lists, tuples and slices, in order."""
    if isinstance(value, kind):
        yield value
    elif isinstance(value, NESTS):
        for item in value:
            if isinstance(item, (kind, list, tuple, slice)):  # most are neither
                yield from leaves(item, kind)
    elif isinstance(value, slice):
        yield from leaves((value.start, value.stop, value.step), kind)


def with_leaves(value: Any, kind: type, by: Callable[[Any], Any]) -> Any:
    """The same nest with `by(leaf)` in place of each leaf of this kind."""
    if isinstance(value, kind):
        return by(value)
    if isinstance(value, list | tuple):
        return type(value)([with_leaves(item, kind, by) for item in value])
    if isinstance(value, slice):
        return slice(*with_leaves((value.start, value.stop, value.step), kind, by))
    return value
