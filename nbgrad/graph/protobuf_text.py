"""Values in the text form of Google's protocol buffers, as far as graphs need it."""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrad.dtypes import DType, as_dtype
from nbgrad.shapes import TensorShape

Attributes = dict[str, Any]

#: Where a dtype's name in the format is not just its own name in capitals.
ENUM_NAMES = {"float32": "DT_FLOAT", "float64": "DT_DOUBLE", "float16": "DT_HALF"}


def attribute_text(value: Any) -> str:
    """An attribute's value: `i: 3`, `type: DT_FLOAT`, `list { i: 1 i: 2 }`, …"""
    if isinstance(value, list | tuple) or value is None:
        return f"list {{ {' '.join(map(attribute_text, value or ()))} }}"
    if isinstance(value, np.ndarray):
        return f"tensor {{ {tensor_text(value)} }}"
    kinds: list[tuple[Any, Any]] = [
        (DType, lambda v: f"type: {enum_name(v)}"),
        (TensorShape, lambda v: f"shape {{ {shape_text(v)} }}"),
        (bool, lambda v: f"b: {str(v).lower()}"),
        (int, lambda v: f"i: {v}"),
        (float, lambda v: f"f: {v!r}"),
        (str | bytes, lambda v: f"s: {quoted(v)}"),
    ]
    for kind, text in kinds:
        if isinstance(value, kind):
            return text(value)
    raise TypeError(f"{value!r} cannot be an attribute of a node.")


def tensor_text(array: np.ndarray) -> str:
    """An array: dtype, shape, and the bytes of its elements."""
    dtype = as_dtype(array.dtype)
    head = f"dtype: {enum_name(dtype)} tensor_shape {{ {shape_text(TensorShape(array.shape))} }}"
    if dtype.name == "string":
        texts = (f"string_val: {quoted(text)}" for text in array.ravel().tolist())
        return " ".join([head, *texts])
    return f"{head} tensor_content: {quoted(array.tobytes())}"


def shape_text(shape: TensorShape) -> str:
    """A shape: one `dim` for each axis, of size −1 where that is unknown."""
    if shape.ndims is None:
        return "unknown_rank: true"
    sizes = (-1 if size is None else size for size in shape.as_list())
    return " ".join(f"dim {{ size: {size} }}" for size in sizes)


def enum_name(dtype: DType) -> str:
    return ENUM_NAMES.get(dtype.name, f"DT_{dtype.name.upper()}")


def quoted(text: str | bytes) -> str:
    """A text in quotes, with everything that is not plain ASCII as octal numbers."""
    data = text.encode() if isinstance(text, str) else text
    plain = (chr(b) if 32 <= b < 127 and b not in b'"\\' else f"\\{b:03o}" for b in data)
    return f'"{"".join(plain)}"'
