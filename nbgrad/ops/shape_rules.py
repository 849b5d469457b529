"""Shape rules that several operations share; what only one needs stands above its kernel.

A shape rule goes from the static shapes of the operands and the attributes to the shape of the
result. The first line of its docstring says that shape to whoever asks `help()` of a function
that builds such operations (see `docstrings`): it describes the result, not the rule.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from nbgrad.shapes import Shape, broadcast, normal_axes


def broadcast_operands(*shapes: Shape, **_attributes: Any) -> Shape:
    """The shape to which the operands broadcast."""
    return broadcast(*shapes)


def as_given(*_shapes: Shape, shape: Any, **_attributes: Any) -> Any:
    """The shape that `shape` says."""
    return shape


def scalar(*_shapes: Shape, **_attributes: Any) -> Shape:
    """A single number, of no axes."""
    return ()


def reduced(shape: Shape, *, axis: Any, keepdims: Any) -> Shape:
    """The shape of the operand without the reduced axes."""
    if shape is None:
        return () if axis is None and not keepdims else None
    gone = normal_axes(axis, len(shape))
    if keepdims:
        return tuple(1 if i in gone else size for i, size in enumerate(shape))
    return leaving_out(shape, gone)


def leaving_out(shape: tuple[int | None, ...], axes: Container[int]) -> Shape:
    """A shape without some of its axes."""
    return tuple(size for i, size in enumerate(shape) if i not in axes)
