"""TensorFlow's element types, each over one of NumPy's, and Python's values as arrays of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np

from nbgrad.core.errors import advise

DTypeLike: TypeAlias = "DType | str | type[Any] | np.dtype[Any]"
"""A type of elements: `nbgrad.float32`, "float32", `numpy.float32` or Python's `float`."""


integers_carry_gradients = False  # `nbgrad.config` decides


class DType:
    """The type of a tensor's elements, such as `nbgrad.float32`.

    Equal to whatever names the same type: `nbgrad.float32 == "float32" == np.float32`.

    Attributes
    ----------
    name, as_numpy_dtype, as_datatype_enum
        "float32", NumPy's scalar type, and its number in TensorFlow's files.
    one
        The number 1 of this type, None for text.
    is_floating, is_integer, is_complex, is_bool
        What kind of type it is.
    is_inexact
        Whether it holds real or complex numbers.
    is_trainable
        Whether gradients flow through it: through real and complex numbers. Integers are steps,
        without a slope; `config(integer_gradients=True)` makes them flow there too.

    Examples
    --------
    >>> tf.float32 == "float32", tf.float32.size, tf.int32.is_trainable
    (True, 4, False)
    """

    def __init__(self, name: str, numpy_type: Any, number: int) -> None:
        self.name = name
        self.as_numpy_dtype = numpy_type
        self.as_datatype_enum = number
        self.one: Any = None if numpy_type is np.object_ else numpy_type(1)
        kind = np.dtype(numpy_type).kind
        self.is_floating = kind == "f"
        self.is_integer = kind in "iu"
        self.is_complex = kind == "c"
        self.is_bool = kind == "b"
        self.is_inexact = kind in "fc"

    @property
    def is_trainable(self) -> bool:
        return self.is_inexact or (self.is_integer and integers_carry_gradients)

    @property
    def base_dtype(self) -> DType:
        """The type itself: there are no types of references here."""
        return self

    @property
    def real_dtype(self) -> DType:
        """The type of a complex number's parts; of any other type, itself."""
        return {"complex64": float32, "complex128": float64}.get(self.name, self)

    def is_compatible_with(self, other: DTypeLike) -> bool:
        """Whether a value of the other type is one of this type: whether they are the same."""
        return self == other

    @property
    def size(self) -> int:
        """Bytes per element."""
        return np.dtype(self.as_numpy_dtype).itemsize

    @property
    def min(self) -> Any:
        """The smallest number of this type."""
        return self._range.min

    @property
    def max(self) -> Any:
        """The largest number of this type."""
        return self._range.max

    @property
    def _range(self) -> Any:
        return (np.iinfo if self.is_integer else np.finfo)(self.as_numpy_dtype)

    @property
    def limits(self) -> tuple[Any, Any]:
        """The range that it has in a picture: all that it holds, or what is between 0 and 1."""
        return (0, 1) if self.is_floating else (self.min, self.max)

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        try:
            return as_dtype(other) is self  # type: ignore[arg-type]
        except TypeError:
            return False

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f"tf.{self.name}"

    def __str__(self) -> str:
        return f"<dtype: {self.name!r}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return as_dtype, (self.name,)  # one object per type, also after a copy


float16 = half = DType("float16", np.float16, 19)
float32 = DType("float32", np.float32, 1)
float64 = double = DType("float64", np.float64, 2)
complex64 = DType("complex64", np.complex64, 8)
complex128 = DType("complex128", np.complex128, 18)
int8 = DType("int8", np.int8, 6)
int16 = DType("int16", np.int16, 5)
int32 = DType("int32", np.int32, 3)
int64 = DType("int64", np.int64, 9)
uint8 = DType("uint8", np.uint8, 4)
uint16 = DType("uint16", np.uint16, 17)
uint32 = DType("uint32", np.uint32, 22)
uint64 = DType("uint64", np.uint64, 23)
bool_ = DType("bool", np.bool_, 10)
string = DType("string", np.object_, 7)

ALL = (
    *(float16, float32, float64, complex64, complex128, bool_, string),
    *(int8, int16, int32, int64, uint8, uint16, uint32, uint64),
)
BY_NAME = {dtype.name: dtype for dtype in ALL} | {"float": float32, "double": float64}
BY_NUMPY = {np.dtype(dtype.as_numpy_dtype): dtype for dtype in ALL}
#: Python's own types, as TensorFlow reads them.
BY_PYTHON: dict[Any, DType] = {float: float32, int: int32, bool: bool_, str: string, bytes: string}


def as_dtype(value: DTypeLike | None) -> DType:
    """The type of elements that a DType, "float32", np.float32 or float names: one object each.

    Raises
    ------
    TypeError
        If it names no type of elements.

    Examples
    --------
    >>> tf.as_dtype("float32"), tf.as_dtype(int)
    (tf.float32, tf.int32)
    """
    if isinstance(value, DType):
        return value
    if isinstance(value, str) and value in BY_NAME:
        return BY_NAME[value]
    if isinstance(value, type) and value in BY_PYTHON:
        return BY_PYTHON[value]
    try:
        numpy_type = np.dtype(value)
    except TypeError:
        numpy_type = None
    if numpy_type is not None and numpy_type.kind in "US":
        return string
    if value is not None and numpy_type in BY_NUMPY:
        return BY_NUMPY[numpy_type]
    raise TypeError(advise(f"Cannot convert value {value!r} to a TensorFlow DType."))


# Python's values as arrays: what becomes a constant, and what cannot ----------------------------


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
        bad = array.ravel().tolist()[0] if array.ndim else value
        kind = type(bad).__name__
        raise TypeError(f"Expected {dtype.name}, got {bad!r} of type {kind!r} instead.")
    return text_as_bytes(array) if dtype is string else array.astype(wanted, copy=given)


def array_filled(value: int, shape: Sequence[int], dtype: DType) -> np.ndarray:
    """An array of zeros or of ones; the zero among texts is the empty one, and there is no one."""
    if dtype is string and value:
        raise TypeError(f"Expected string, got {value} of type 'int' instead.")
    return np.full(shape, b"" if dtype is string else value, dtype.as_numpy_dtype)


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
