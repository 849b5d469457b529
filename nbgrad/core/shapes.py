"""Static shapes: what is known of a tensor's shape before any session runs.

Inside the engine a shape is a tuple of sizes in which None stands for a size that is not
known yet, or None alone where not even the rank is known. `TensorShape` and `Dimension` are the
face of it that TensorFlow's users know.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from nbgrad.core.errors import ShapeError

if TYPE_CHECKING:
    import numpy as np


Shape = tuple[int | None, ...] | None


def show(shape: Shape, unknown: str = "?") -> str:
    """A shape as Python writes a tuple, "(2, ?)", or "<unknown>"."""
    if shape is None:
        return "<unknown>"
    sizes = [unknown if d is None else str(d) for d in shape]
    return f"({sizes[0]},)" if len(sizes) == 1 else f"({', '.join(sizes)})"


def brackets(shape: Shape) -> str:
    """A shape as TensorFlow writes it in its messages, "[2,?]"."""
    if shape is None:
        return "<unknown>"
    return "[" + ",".join("?" if d is None else str(d) for d in shape) + "]"


def is_known(shape: Shape) -> bool:
    return shape is not None and None not in shape


def element_count(shape: Shape) -> int | None:
    if shape is None or None in shape:
        return None
    return math.prod(shape)  # type: ignore[arg-type]


def compatible(a: Shape, b: Shape) -> bool:
    """Whether one tensor could have both shapes."""
    if a is None or b is None or a == b:
        return True
    return len(a) == len(b) and all(
        m is None or n is None or m == n for m, n in zip(a, b, strict=True)
    )


def merge_shapes(a: Shape, b: Shape) -> Shape:
    """The one shape that two partly known shapes describe together."""
    if a is None or b is None:
        return b if a is None else a
    if not compatible(a, b):
        raise ShapeError(f"Shapes {show(a)} and {show(b)} are not compatible")
    return tuple(n if m is None else m for m, n in zip(a, b, strict=True))


def broadcast(*shapes: Shape) -> Shape:
    """The shape of an element-wise result, by NumPy's broadcasting rule."""
    if len(set(shapes)) == 1:
        return shapes[0]
    if None in shapes:
        return None
    known: Sequence[tuple[int | None, ...]] = [s for s in shapes if s is not None]
    rank = max((len(s) for s in known), default=0)
    columns = [[s[i - rank + len(s)] for s in known if i >= rank - len(s)] for i in range(rank)]
    return tuple(broadcast_size(column) for column in columns)


def broadcast_size(sizes: Iterable[int | None]) -> int | None:
    wide = dict.fromkeys(size for size in sizes if size != 1)
    known = [size for size in wide if size is not None]
    if len(known) > 1:
        raise ShapeError(f"Dimensions must be equal, but are {known[0]} and {known[1]}")
    # An unknown size beside a known one must be that one or 1; the result is the known one.
    return known[0] if known else None if wide else 1


def check_equal(a: Shape, b: Shape, remark: str = "") -> None:
    """Refuse two shapes that no tensor has both of, in the words of TensorFlow's shape rules."""
    if a is None or b is None:
        return
    if len(a) != len(b):
        raise ShapeError(f"Shapes must be equal rank, but are {len(a)} and {len(b)}")
    for axis, (m, n) in enumerate(zip(a, b, strict=True)):
        if None not in (m, n) and m != n:
            raise ShapeError(
                f"Dimension {axis} in both shapes must be equal, but are {m} and {n}. "
                f"Shapes are {brackets(a)} and {brackets(b)}.{remark}"
            )


def assigned(ref: Shape, value: Shape) -> Shape:
    """The shape rule of an assignment: a variable keeps its shape."""
    check_equal(ref, value)
    return value if ref is None else ref


def same_as_first(*shapes: Shape, **_attributes: Any) -> Shape:
    """The shape of the first operand."""
    return shapes[0]


def normal_axes(axis: Any, rank: int) -> tuple[int, ...]:
    """Axes as sorted non-negative numbers; None means all of them."""
    if axis is None:
        return tuple(range(rank))
    axes = [axis] if not hasattr(axis, "__iter__") else list(axis)
    for a in axes:
        if not -rank <= int(a) < rank:
            raise ShapeError(f"Invalid reduction dimension {a} for input with {rank} dimensions.")
    return tuple(sorted({int(a) % rank for a in axes}))


def as_given(*_shapes: Shape, shape: Any, **_attributes: Any) -> Any:
    """The shape that the attribute `shape` says."""
    return shape


def scalar_shape(*_shapes: Shape, **_attributes: Any) -> Shape:
    """The shape of a single number."""
    return ()


def if_known(rule: Callable[..., Any]) -> Callable[..., Any]:
    """A shape rule for operands of known shapes, whose result else is not known either."""
    return lambda *shapes, **attributes: None if None in shapes else rule(*shapes, **attributes)


def must_agree(a: int | None, b: int | None) -> None:
    """Refuse two sizes that are known and differ."""
    if None not in (a, b) and a != b:
        raise ShapeError(f"Dimensions must be equal, but are {a} and {b}")


def must_have_rank(shape: Shape, rank: int) -> None:
    """Refuse a known shape with more or fewer axes."""
    if shape is not None and len(shape) != rank:
        raise ShapeError(f"Shape must be rank {rank} but is rank {len(shape)}")


def must_have_axes(shape: Shape, least: int) -> Shape:
    """The shape, refused if it is known and has fewer axes."""
    if shape is not None and len(shape) < least:
        raise ShapeError(f"Shape must be at least rank {least} but is rank {len(shape)}")
    return shape


def size_given(size: int | None, position: int) -> int | None:
    """A size of the result that is an operand in TensorFlow, which says its position."""
    if size is not None and size < 0:
        given = f"Dimension size, given by scalar input {position},"
        raise ShapeError(f"{given} must be non-negative but is {size}")
    return size


def all_equal(*shapes: Shape) -> Shape:
    """The one shape that some tensors have."""
    one: Shape = None
    for i, each in enumerate(shapes):
        check_equal(one, each, f"\n\tFrom merging shape {i - 1} with other shapes.")
        one = merge_shapes(one, each)
    return one


def leaving_out(shape: tuple[int | None, ...], axes: Container[int]) -> Shape:
    """A shape without some of its axes."""
    return tuple(size for i, size in enumerate(shape) if i not in axes)


class Dimension:
    """One size of a shape, known or not; arithmetic with an unknown size gives an unknown size.

    Examples
    --------
    >>> tf.Dimension(3) * 2, tf.Dimension(None) + 1
    (Dimension(6), Dimension(None))
    """

    def __init__(self, value: int | Dimension | None) -> None:
        self.value = as_size(value)

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
        return self._with(other, operator.add)

    def __sub__(self, other: Any) -> Dimension:
        return self._with(other, operator.sub)

    def __mul__(self, other: Any) -> Dimension:
        return self._with(other, operator.mul)

    def __floordiv__(self, other: Any) -> Dimension:
        return self._with(other, operator.floordiv)

    __radd__, __rmul__ = __add__, __mul__

    def _with(self, other: Any, combine: Callable[[int, int], int]) -> Dimension:
        theirs = other.value if isinstance(other, Dimension) else other
        known = self.value is not None and theirs is not None
        return Dimension(combine(self.value, theirs) if known else None)  # type: ignore[arg-type]

    def __str__(self) -> str:
        return "?" if self.value is None else str(self.value)

    def __repr__(self) -> str:
        return f"Dimension({self.value})"


class TensorShape:
    """The shape of a tensor as far as it is known.

    Parameters
    ----------
    dims
        Sizes, None for those that are not known; None alone for an unknown rank.

    Examples
    --------
    >>> print(tf.TensorShape([None, 3]), tf.TensorShape(None))
    (?, 3) <unknown>
    """

    def __init__(self, dims: ShapeLike) -> None:
        self._dims = as_shape(dims)

    @property
    def ndims(self) -> int | None:
        """The number of axes, None where that is unknown."""
        return None if self._dims is None else len(self._dims)

    rank = ndims

    @property
    def dims(self) -> list[Dimension] | None:
        """The sizes as a list of `Dimension`, None for an unknown rank."""
        return None if self._dims is None else [Dimension(d) for d in self._dims]

    def as_list(self) -> list[int | None]:
        """The sizes as a list, None for those that are not known."""
        if self._dims is None:
            raise ValueError("as_list() is not defined on an unknown TensorShape.")
        return list(self._dims)

    def num_elements(self) -> int | None:
        """The product of the sizes, None where one is not known."""
        return element_count(self._dims)

    def is_fully_defined(self) -> bool:
        """Whether the rank and every size are known."""
        return is_known(self._dims)

    def is_compatible_with(self, other: ShapeLike) -> bool:
        """Whether one tensor could have both shapes."""
        return compatible(self._dims, as_shape(other))

    def merge_with(self, other: ShapeLike) -> TensorShape:
        """The one shape that this and another describe together; they must not contradict."""
        return TensorShape(merge_shapes(self._dims, as_shape(other)))

    def concatenate(self, other: ShapeLike) -> TensorShape:
        """The sizes of this shape, and then those of another."""
        theirs = as_shape(other)
        return TensorShape(None if None in (self._dims, theirs) else self._dims + theirs)  # type: ignore[operator]

    def with_rank(self, rank: int) -> TensorShape:
        """The same shape, once it is known to have so many axes."""
        return self.merge_with([None] * rank)

    def __getitem__(self, key: Any) -> Any:
        kind: Any = TensorShape if isinstance(key, slice) else Dimension
        return kind(None if self._dims is None else self._dims[key])

    def __iter__(self) -> Iterator[Dimension]:
        if self._dims is None:
            raise ValueError("Cannot iterate over a shape with unknown rank.")
        return (Dimension(d) for d in self._dims)

    def __len__(self) -> int:
        if self._dims is None:
            raise ValueError("Cannot take the length of shape with unknown rank.")
        return len(self._dims)

    def __bool__(self) -> bool:
        return self._dims is not None

    def __eq__(self, other: object) -> bool:
        try:
            return self._dims == as_shape(other)
        except TypeError:
            return NotImplemented

    def __hash__(self) -> int:
        return hash(self._dims)

    def __str__(self) -> str:
        return show(self._dims)

    def __repr__(self) -> str:
        return f"TensorShape({self.dims})"


ShapeLike: TypeAlias = (
    "TensorShape | Dimension | int | Sequence[int | Dimension | None] | np.ndarray | None"
)
"""A shape: a list of sizes, None for a size that is not known; None alone for an unknown rank.

A number n alone stands for [n].
"""


def as_shape(value: Any) -> Shape:
    """A shape from None, a number, a TensorShape or a sequence of sizes."""
    if value is None:
        return None
    if isinstance(value, TensorShape):
        return value._dims
    if isinstance(value, int | Dimension):
        value = [value]
    return tuple(as_size(d) for d in value)


def as_size(value: Any) -> int | None:
    """A size, None where it is not known; refused is what is no whole number, or below 0."""
    if value is None or isinstance(value, Dimension):
        return None if value is None else value.value
    size = int(value)
    if not isinstance(value, str | bytes) and size != value:
        raise ValueError(f"Ambiguous dimension: {value}\nA size is a whole number: 5 // 2 is 2.")
    if size < 0:
        raise ValueError(f"Dimension {size} must be >= 0\nNone stands for an unknown size.")
    return size
