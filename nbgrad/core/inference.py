"""What is known before any run: dtypes and shapes of results, and values of some tensors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from nbgrad.core.dtypes import BY_NAME, DType
from nbgrad.core.errors import ShapeError, advise
from nbgrad.core.operands import holds_tensor, replace_tensors
from nbgrad.core.shapes import Shape, brackets


def output_kinds_and_shapes(op: Any) -> Iterable[tuple[str, Shape]]:
    """For each result of an operation, the kind of its dtype, and what is known of its shape."""
    definition, attributes = op.definition, op.attributes
    kinds = definition.dtypes[1]
    if not kinds:
        return ()
    if len(op.inputs) > op.operand_count:
        attributes = {}
        for key, value in op.attributes.items():
            attributes[key], known = static_attribute(key, value)
            if not known:
                return [(kind, None) for kind in kinds]
    in_shapes = [t.static_shape for t in op.inputs[: op.operand_count]]
    try:
        found = definition.shape(*in_shapes, **attributes)
    except ShapeError as error:
        given = ", ".join(map(brackets, in_shapes))
        raise ValueError(
            advise(f"{error} for '{op.name}' (op: '{op.type}') with input shapes: {given}.", op)
        ) from None
    if not isinstance(found, list):
        return ((kinds[0], found),)
    return zip(kinds + kinds[-1:] * (len(found) - len(kinds)), found, strict=True)


def output_dtype(
    kind: str, position: int, dtypes: dict[str, DType], attributes: dict[str, Any]
) -> DType:
    """What a letter, a dtype's name or an attribute's name on the right of "->" stands for.

    An attribute may hold one dtype for all results, or one for each.
    """
    found: Any = dtypes.get(kind) or attributes.get(kind) or BY_NAME[kind]
    return found[position] if isinstance(found, tuple) else found


def constant_value(tensor: Any) -> Any:
    """The value of a tensor as far as it is known without running anything, else None."""
    if tensor.op.type == "Const":
        return tensor.op.attributes["value"]
    return None


def known_sizes(tensor: Any) -> tuple[int | None, ...] | None:
    """What is known of the sizes in a tensor of them, None for each that only a run will tell.

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
        if name == "shape":
            sizes = known_sizes(tensor)
            if sizes is not None:
                return sizes if tensor.static_shape else sizes[0]
        unknown = True
        return None

    return replace_tensors(value, known), not unknown
