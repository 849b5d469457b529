"""A graph as TensorFlow describes graphs: nodes with names, inputs, attributes, as text.

`str(GraphDef)` is the text form of protocol buffers, which `google.protobuf.text_format` parses.
`export` writes the nodes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nbgrad.core.dtypes import DType, as_dtype
from nbgrad.core.shapes import TensorShape

Lines = list[str]

#: Where a dtype's name in the format is not just its own name in capitals.
ENUM_NAMES = {"float32": "DT_FLOAT", "float64": "DT_DOUBLE", "float16": "DT_HALF"}

#: The field that holds single elements of a dtype; the smaller integers share that of int32.
FIELDS = {
    **{"float16": "half_val", "float32": "float_val", "float64": "double_val"},
    **{name: f"{name}_val" for name in ("bool", "string", "int64", "uint32", "uint64")},
    **{"complex64": "scomplex_val", "complex128": "dcomplex_val"},
}
ELEMENT_BY_ELEMENT = {"float16", "bool", "string", "complex64", "complex128"}

#: What is written with a letter; everything else that is not plain ASCII becomes a number.
ESCAPES = {ord(c): rf"\{letter}" for c, letter in zip("\n\r\t\"'\\", "nrt\"'\\", strict=True)}


@dataclass
class NodeDef:
    """One node: an operation of TensorFlow's."""

    name: str
    op: str
    input: list[str]
    attr: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return "".join(f"{line}\n" for line in self.lines())

    def lines(self) -> Lines:
        """Its text form, line by line."""
        lines = [f"name: {quoted(self.name)}", f"op: {quoted(self.op)}"]
        lines += [f"input: {quoted(name)}" for name in self.input]
        for key, value in sorted(self.attr.items()):
            lines += block("attr", [f"key: {quoted(key)}", *block("value", attribute_lines(value))])
        return lines


@dataclass
class GraphDef:
    """The nodes of a graph, in the order of creation. As a string: TensorFlow's text form.

    Examples
    --------
    >>> with ng.Graph().as_default() as graph:
    ...     y = ng.reduce_sum(ng.placeholder(ng.float32, [2], name="x"), axis=0, name="y")
    >>> for node in graph.as_graph_def().node:
    ...     print(node.name, node.op, node.input)
    x Placeholder []
    y/axis Const []
    y Sum ['x', 'y/axis']
    """

    node: list[NodeDef] = field(default_factory=list)

    def __str__(self) -> str:
        # The version of the format that TensorFlow 1.15 writes.
        lines = [line for node in self.node for line in block("node", node.lines())]
        return "".join(f"{line}\n" for line in [*lines, *block("versions", ["producer: 134"])])


def block(name: str, lines: Lines) -> Lines:
    """A message inside another one."""
    return [f"{name} {{", *(f"  {line}" for line in lines), "}"]


def attribute_lines(value) -> Lines:
    """An attribute's value: `i: 3`, `type: DT_FLOAT`, `list { i: 1 i: 2 }`, …"""
    match value:
        case None | list() | tuple():
            return block("list", [line for item in value or () for line in attribute_lines(item)])
        case np.ndarray():
            return block("tensor", tensor_lines(value))
        case TensorShape():
            return block("shape", shape_lines(value))
        case DType():
            return [f"type: {enum_name(value)}"]
        case bool():
            return [f"b: {scalar_text(value)}"]
        case int():
            return [f"i: {value}"]
        case float():
            return [f"f: {scalar_text(np.float32(value))}"]
        case str() | bytes():
            return [f"s: {quoted(value)}"]
    raise TypeError(f"{value!r} cannot be an attribute of a node.")


def tensor_lines(array: np.ndarray) -> Lines:
    """An array: dtype, shape, and its elements, as bytes where there are several numbers."""
    dtype = as_dtype(array.dtype)
    shape = block("tensor_shape", shape_lines(TensorShape(array.shape)))
    head = [f"dtype: {enum_name(dtype)}", *shape]
    if array.size > 1 and dtype.name not in ELEMENT_BY_ELEMENT:
        return [*head, f"tensor_content: {quoted(array.tobytes())}"]
    name = FIELDS.get(dtype.name, "int_val")
    numbers = array.view(np.uint16) if dtype.name == "float16" else array
    if dtype.is_complex:
        numbers = np.stack([array.real, array.imag], -1)
    return [*head, *(f"{name}: {scalar_text(each)}" for each in numbers.ravel().tolist())]


def scalar_text(value) -> str:
    """A number, a truth value or a text."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, bytes):
        return quoted(value)
    return repr(value if isinstance(value, int) else float(value))


def shape_lines(shape: TensorShape) -> Lines:
    """A shape: one `dim` for each axis, of size −1 where that is unknown."""
    if shape.ndims is None:
        return ["unknown_rank: true"]
    sizes = [-1 if size is None else size for size in shape.as_list()]
    # A number that is not written is zero.
    return [line for size in sizes for line in block("dim", [f"size: {size}"] if size else [])]


def enum_name(dtype: DType) -> str:
    return ENUM_NAMES.get(dtype.name, f"DT_{dtype.name.upper()}")


def quoted(text: str | bytes) -> str:
    """A text in quotes, with everything that is not plain ASCII as octal numbers."""
    data = text.encode() if isinstance(text, str) else text
    plain = (ESCAPES.get(b) or (chr(b) if 32 <= b < 127 else f"\\{b:03o}") for b in data)
    return f'"{"".join(plain)}"'
