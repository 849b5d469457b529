"""Attributes of operations: their normal form, and what is known of them before any run."""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrad.core.dtypes import as_dtype
from nbgrad.core.errors import advise
from nbgrad.core.operators import (
    Operators,
    as_index,
    holds_tensor,
    replace_tensors,
    tensors_in,
)
from nbgrad.core.shapes import Dimension, TensorShape


def attribute(key: str, value: Any) -> Any:
    """An attribute in its normal form: dtypes as DType, sequences as tuples of Python numbers.

    A constant counts as its value; a sequence that holds other tensors becomes one tensor.
    """
    if key == "index":
        return as_index(value)  # NumPy's own form, with slices; tensors may stand inside
    if key.endswith(("dtype", "_type")) and value is not None:
        return as_dtype(value)
    if isinstance(value, Operators):
        tensor = value.as_tensor()
        check_whole(key, tensor, tensor.dtype.name)
        value = constant_value(tensor)
        if value is None:
            return tensor
    if key == "shape":
        check_known(value)
    if isinstance(value, TensorShape):
        value = value.as_list()
    if isinstance(value, list | tuple) and holds_tensor(value):
        parts = tuple(attribute(key, item) for item in value)
        tensor = next(tensors_in(parts), None)
        return parts if tensor is None else tensor.graph.apply("Pack", *parts)
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, list | tuple | range):
        return tuple(attribute(key, item) for item in value)
    check_whole(key, value, PYTHON_DTYPES.get(type(value)))
    return value.value if isinstance(value, Dimension) else value


#: The attributes that are whole numbers, or lists of them.
WHOLE = {
    *("shape", "axis", "perm", "multiples", "paddings", "shift", "size_splits", "num_split"),
    *("depth", "k", "num", "num_segments", "num_rows", "num_cols", "num_lower", "num_upper"),
    *("begin", "size", "rows", "columns", "batch_shape"),
}
SIZE_UNKNOWN = "A size that only a run tells is tf.shape(x)[0]; in reshape, -1 takes what is left."
PYTHON_DTYPES = {float: "float32", complex: "complex64", str: "string"}


def check_known(shape: Any) -> None:
    """Refuse a shape with a size that only a run tells; -1 says so in `reshape`."""
    if isinstance(shape, TensorShape) and not shape.is_fully_defined():
        sentence = f"Cannot convert a partially known TensorShape to a Tensor: {shape}"
        raise ValueError(advise(sentence, advice=SIZE_UNKNOWN))
    if isinstance(shape, list | tuple) and any(size is None for size in shape):
        kind = f"object of type {type(shape)} to Tensor. Contents: {shape}"
        sentence = f"Failed to convert {kind}. Consider casting elements to a supported type."
        raise TypeError(advise(sentence, advice=SIZE_UNKNOWN))


def check_whole(key: str, value: Any, dtype: str | None) -> None:
    """Refuse what is of another dtype than integers for an attribute that is whole."""
    if key not in WHOLE or dtype is None or "int" in dtype:
        return
    allowed = "not in list of allowed values: int32, int64"
    sentence = f"Value passed to parameter {key!r} has DataType {dtype} {allowed}"
    if key == "depth":
        sentence = f"Expected int32, got {value!r} of type {type(value).__name__!r} instead."
    advice = f"{value!r} is no whole number: 6 // 2 is, 6 / 2 is not."
    raise TypeError(advise(sentence, advice=advice))


# What is known before any run


def constant_value(tensor: Any) -> Any:
    """The value of a tensor as far as it is known without running anything, else None."""
    if tensor.op.type == "Const":
        return tensor.op.attributes["value"]
    return None


def known_sizes(tensor: Any) -> tuple[int | None, ...] | None:
    """The sizes in a tensor of them, None for each that is known only in a run.

    A single size, or a vector of them; None if there is no telling how many they are.
    """
    op = tensor.op
    length = tensor.static_shape
    found: tuple[int | None, ...] | None = None
    match op.type:
        case "Const":
            found = tuple(np.ravel(op.attributes["value"]).tolist())
        case "Shape":
            found = op.inputs[0].static_shape
        case "Cast" | "Identity":
            found = known_sizes(op.inputs[0])
        case "Pack" | "ConcatV2":
            parts = [known_sizes(part) for part in op.inputs[: op.operand_count]]
            found = None if None in parts else tuple(s for part in parts for s in part or ())
        case "StridedSlice" if (sizes := known_sizes(op.inputs[0])) is not None:
            index = op.attributes["index"]
            [index] = index if isinstance(index, tuple) and len(index) == 1 else [index]
            if isinstance(index, int | slice) and not holds_tensor(index):
                part = sizes[index]
                found = part if isinstance(part, tuple) else (part,)
    if found is None and length is not None and None not in length and len(length) < 2:
        return (None,) * (length[0] or 0) if length else (None,)
    return found


#: The attributes that a shape rule also takes where they are known in part, or not at all.
SIZES = {"shape", "k", "depth", "num", "num_segments", "start", "limit", "delta"}


def static_attribute(name: str, value: Any) -> tuple[Any, bool]:
    """An attribute for a shape rule, and whether it is known before a run.

    A shape that only a run will tell is handed on as far as it is known, with None for the rest.
    """
    unknown = False

    def known(tensor: Any) -> Any:
        nonlocal unknown
        value = constant_value(tensor)
        if value is not None:
            return tuple(value.tolist()) if np.ndim(value) else value.item()
        if name in SIZES:
            sizes = known_sizes(tensor)
            if sizes is not None:
                return sizes if tensor.static_shape else sizes[0]
        unknown = True
        return None

    return replace_tensors(value, known), not unknown
