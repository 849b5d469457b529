"""Static shapes: what is known of a tensor's shape before any session runs.

Inside the engine a shape is a tuple of sizes in which None stands for a size that is not
known yet, or None alone where not even the rank is known. `nbgrad.tensor_shape` has the face that
TensorFlow's users know.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from nbgrad.errors import ShapeError

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


def merge(a: Shape, b: Shape) -> Shape:
    """All that two descriptions of one shape say together."""
    if a is None or b is None:
        return b if a is None else a
    if not compatible(a, b):
        raise ShapeError(f"Shapes {show(a)} and {show(b)} are not compatible")
    return tuple(n if m is None else m for m, n in zip(a, b, strict=True))


def broadcast(*shapes: Shape) -> Shape:
    """The shape of an element-wise result, by NumPy's broadcasting rule.

    Raises
    ------
    ShapeError
        If two known sizes differ and neither is 1.
    """
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


def assigned(ref: Shape, value: Shape) -> Shape:
    """The shape rule of an assignment: a variable keeps its shape.

    Raises
    ------
    ShapeError
        If the new value has another one.
    """
    if ref is None or value is None:
        return ref if value is None else value
    if len(ref) != len(value):
        raise ShapeError(f"Shapes must be equal rank, but are {len(ref)} and {len(value)}")
    for axis, (old, new) in enumerate(zip(ref, value, strict=True)):
        if None not in (old, new) and old != new:
            raise ShapeError(
                f"Dimension {axis} in both shapes must be equal, but are {old} and {new}. "
                f"Shapes are {brackets(ref)} and {brackets(value)}."
            )
    return ref


def same_as_first(*shapes: Shape, **_attributes: Any) -> Shape:
    """The shape of the first operand."""
    return shapes[0]


def normal_axes(axis: Any, rank: int) -> tuple[int, ...]:
    """Axes as sorted non-negative numbers; None means all of them.

    Raises
    ------
    ShapeError
        If an axis lies outside the rank.
    """
    if axis is None:
        return tuple(range(rank))
    axes = [axis] if not hasattr(axis, "__iter__") else list(axis)
    for a in axes:
        if not -rank <= int(a) < rank:
            raise ShapeError(f"Invalid reduction dimension {a} for input with {rank} dimensions.")
    return tuple(sorted({int(a) % rank for a in axes}))
