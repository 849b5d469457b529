"""A graph as TensorFlow's own description of graphs: nodes with names, inputs and attributes.

`str(GraphDef)` is the text form of protocol buffers, which `google.protobuf.text_format` parses.
What each node says is decided in `nbgrad.tf1.export`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nbgrad.core.dtypes import DType, as_dtype
from nbgrad.core.shapes import TensorShape

Attributes = dict[str, Any]
Lines = list[str]


@dataclass
class NodeDef:
    """One node: an operation of TensorFlow's."""

    name: str
    op: str
    input: list[str]
    attr: Attributes = field(default_factory=dict)

    def __str__(self) -> str:
        return "".join(f"{line}\n" for line in self.lines())

    def lines(self) -> list[str]:
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
        lines += block("versions", ["producer: 134"])
        return "".join(f"{line}\n" for line in lines)


#: Where a dtype's name in the format is not just its own name in capitals.
ENUM_NAMES = {"float32": "DT_FLOAT", "float64": "DT_DOUBLE", "float16": "DT_HALF"}


#: The field that holds single elements of a dtype; the smaller integers share that of int32.
FIELDS = {
    "float16": "half_val",
    "float32": "float_val",
    "float64": "double_val",
    "bool": "bool_val",
    "string": "string_val",
    "int64": "int64_val",
    "uint32": "uint32_val",
    "uint64": "uint64_val",
    "complex64": "scomplex_val",
    "complex128": "dcomplex_val",
}


ELEMENT_BY_ELEMENT = {"float16", "bool", "string", "complex64", "complex128"}


#: What is written with a letter; everything else that is not plain ASCII becomes a number.
ESCAPES = {ord("\n"): r"\n", ord("\r"): r"\r", ord("\t"): r"\t"} | {
    ord(c): f"\\{c}" for c in "\"'\\"
}


def block(name: str, lines: Lines) -> Lines:
    """A message inside another one."""
    return [f"{name} {{", *(f"  {line}" for line in lines), "}"]


def attribute_lines(value) -> Lines:
    """An attribute's value: `i: 3`, `type: DT_FLOAT`, `list { i: 1 i: 2 }`, …"""
    if isinstance(value, list | tuple) or value is None:
        return block("list", [line for item in value or () for line in attribute_lines(item)])
    if isinstance(value, np.ndarray):
        return block("tensor", tensor_lines(value))
    if isinstance(value, TensorShape):
        return block("shape", shape_lines(value))
    kinds: list[tuple[Any, Any]] = [
        (DType, lambda v: f"type: {enum_name(v)}"),
        (bool, lambda v: f"b: {scalar_text(v)}"),
        (int, lambda v: f"i: {v}"),
        (float, lambda v: f"f: {scalar_text(np.float32(v))}"),
        (str | bytes, lambda v: f"s: {quoted(v)}"),
    ]
    for kind, text in kinds:
        if isinstance(value, kind):
            return [text(value)]
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
