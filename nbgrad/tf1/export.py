"""A graph as TensorFlow's own description of graphs: nodes with names, inputs and attributes.

`str(graph.as_graph_def())` is a text that TensorFlow parses (`google.protobuf.text_format`)
and runs to the same values. How an operation is written there, its registration says: see
`nbgrad.core.registry.OpDef.node`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

import numpy as np

from nbgrad.core.dtypes import BY_NAME, DType, as_dtype
from nbgrad.core.errors import advise
from nbgrad.core.graph import Operation, Tensor
from nbgrad.core.registry import Effect
from nbgrad.core.scopes import Branch
from nbgrad.core.shapes import TensorShape


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
    >>> import nbgrad as ng
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


class Writer:
    """Writes the nodes of one graph."""

    def __init__(self) -> None:
        self.graph_def = GraphDef()
        self._taken: set[str] = set()
        self._pivots: dict[Branch, str] = {}

    def operations(self, ops: Iterable[Operation]) -> GraphDef:
        ops = list(ops)
        self._taken.update(op.name for op in ops)
        for op in ops:
            self.operation(op)
        return self.graph_def

    def operation(self, op: Operation) -> None:
        """Append the node of an operation, and before it the constants it reads."""
        written = op.definition.node or default_spelling(op)
        if callable(written):
            written(op, self)
        elif written:
            self.spelled(op, written)
        else:
            self.refuse(op)

    def refuse(self, op: Operation) -> NoReturn:
        """Raise for an operation that TensorFlow has no counterpart of."""
        raise NotImplementedError(
            advise(
                f"TensorFlow's graphs have nothing that does what {op.type!r} does here.",
                op,
                "Build what is to be exported in a Graph of its own, without this operation.",
            )
        )

    def node(self, op: Operation, op_type: str, inputs: list[str], **attr: Any) -> None:
        """Append the node that has an operation's name."""
        controls = [f"^{control.name}" for control in op.control_inputs]
        if op.branch is not None and not any(t.op.branch is op.branch for t in op.inputs):
            controls.append(f"^{self.pivot(op.branch)}")
        self.graph_def.node.append(NodeDef(op.name, op_type, [*inputs, *controls], attr))

    def pivot(self, branch: Branch) -> str:
        """A node that is alive only in one branch of a `cond`, for what has no operand to tell."""
        if branch not in self._pivots:
            predicate = branch.predicate
            outer = [] if branch.outer is None else [f"^{self.pivot(branch.outer)}"]
            inputs = [name_of(predicate), name_of(predicate), *outer]
            label = f"switch_{str(branch.value)[0].lower()}"
            choice = self.helper(predicate.op, label, "Switch", inputs, T=predicate.dtype)
            taken = f"{choice}:1" if branch.value else choice
            self._pivots[branch] = self.helper(
                predicate.op, label, "Identity", [taken], T=predicate.dtype
            )
        return self._pivots[branch]

    def helper(
        self, op: Operation, label: str, op_type: str, inputs: list[str], **attr: Any
    ) -> str:
        """Append another node that an operation needs, and return its name."""
        name = base = f"{op.name}/{label}"
        count = 0
        while name in self._taken:
            count += 1
            name = f"{base}_{count}"
        self._taken.add(name)
        self.graph_def.node.append(NodeDef(name, op_type, inputs, attr))
        return name

    def constant(self, op: Operation, label: str, value: Any, dtype: DType) -> str:
        """Append a constant that an operation reads, and return its name."""
        array = np.asarray(value, dtype.as_numpy_dtype)
        return self.helper(op, label, "Const", [], dtype=dtype, value=array)

    def vector(self, op: Operation, label: str, values: Sequence[Any], dtype: DType) -> str:
        """A vector of numbers, some of which are tensors or the names of nodes."""
        if all(isinstance(value, int) for value in values):
            return self.constant(op, label, list(values), dtype)
        names = [
            name_of(value)
            if isinstance(value, Tensor)
            else value
            if isinstance(value, str)
            else self.constant(op, f"{label}_{i}", value, dtype)
            for i, value in enumerate(values)
        ]
        return self.helper(op, label, "Pack", names, T=dtype, N=len(names), axis=0)

    def setting(self, op: Operation, key: str, fallback: str = "", dtype: str = "int32") -> str:
        """The name of the input that an attribute becomes: a constant, or the tensor it is."""
        value = op.attributes[key]
        if isinstance(value, Tensor):
            return name_of(value)
        if value is None:
            rank = len(op.inputs[0].static_shape or ())
            value = {"all": range(rank), "reversed": range(rank)[::-1]}[fallback]
            value = list(value)
        return self.constant(op, key, value, BY_NAME[dtype])

    def spelled(self, op: Operation, spelling: str) -> None:
        """Append the node that a spelling such as "Fill(shape, value) T=value" describes."""
        name, _, rest = spelling.partition("(")
        arguments, _, attributes = rest.partition(")")
        inputs: list[str] = []
        kinds: dict[str, Any] = {}
        for argument in filter(None, (part.strip() for part in arguments.split(","))):
            key, _, fallback = argument.partition(" or ")
            key, _, dtype = key.partition(":")
            if key in op.attributes:
                given = op.attributes[key]
                kinds[key] = given.dtype if isinstance(given, Tensor) else BY_NAME[dtype or "int32"]
                inputs.append(self.setting(op, key, fallback, dtype or "int32"))
            else:
                operands = operands_called(op, key)
                kinds[key.lstrip("*")] = operands[0].dtype if operands else None
                inputs += map(name_of, operands)
        attr = {}
        for pair in attributes.split():
            key, _, source = pair.partition("=")
            attr[key] = found(op, source, kinds)
        self.node(op, name or op.type, inputs, **attr)


def default_spelling(op: Operation) -> str | Callable[..., None]:
    """How an operation without attributes is written: its operands, and the dtype they share."""
    definition = op.definition
    several = definition.many and definition.effect is not Effect.CHANGES
    if (
        definition.attributes
        or several
        or definition.effect in (Effect.PEEKS, Effect.LEAVES_BRANCH)
    ):
        return ""
    kinds = definition.dtypes[0]
    shared = [
        name for name, kind in zip(definition.operands, kinds, strict=False) if len(kind) == 1
    ]
    dtype = f" T={shared[0].lstrip('*')}" if shared else ""
    return f"({', '.join(definition.operands)}){dtype}"


def operands_called(op: Operation, name: str) -> list[Tensor]:
    """The operands of that name; all that are left for a name such as "*values"."""
    position = op.definition.operands.index(name)
    end = op.operand_count if name.startswith("*") else position + 1
    return list(op.inputs[position:end])


def found(op: Operation, source: str, kinds: dict[str, Any]) -> Any:
    """What an attribute of a node is: a dtype, a count, or an attribute of the operation."""
    if source.startswith("#"):
        name = source[1:]
        return len(op.outputs) if name == "outputs" else len(operands_called(op, f"*{name}"))
    if source in kinds:
        return kinds[source]
    if source.startswith("1,"):  # height and width, between the axes of examples and channels
        return [1, *op.attributes[source[2:-2]], 1]
    if source not in op.attributes:
        return BY_NAME[source]
    value = op.attributes[source]
    if source == "shape":
        return TensorShape(value)
    if source.endswith("_type"):
        return as_dtype(value)
    return list(value) if isinstance(value, tuple) else value


def name_of(tensor: Tensor) -> str:
    """A tensor as a node names its inputs: "split:1", and "mul" for "mul:0"."""
    index = f":{tensor.value_index}" if tensor.value_index else ""
    return tensor.op.name + index


Attributes = dict[str, Any]


Lines = list[str]


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


def attribute_lines(value: Any) -> Lines:
    """An attribute's value: `i: 3`, `type: DT_FLOAT`, `list { i: 1 i: 2 }`, …"""
    if isinstance(value, list | tuple) or value is None:
        return block("list", [line for item in value or () for line in attribute_lines(item)])
    if isinstance(value, np.ndarray):
        return block("tensor", tensor_lines(value))
    if isinstance(value, TensorShape):
        return block("shape", shape_lines(value))
    kinds: list[tuple[Any, Any]] = [
        (DType, lambda v: f"type: {enum_name(v)}"),
        (bool, lambda v: f"b: {written(v)}"),
        (int, lambda v: f"i: {v}"),
        (float, lambda v: f"f: {written(np.float32(v))}"),
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
    return [*head, *(f"{name}: {written(each)}" for each in numbers.ravel().tolist())]


def written(value: Any) -> str:
    """A number, a truth value or a text."""
    if isinstance(value, bool):
        return str(value).lower()
    return (
        quoted(value)
        if isinstance(value, bytes)
        else repr(value if isinstance(value, int) else float(value))
    )


def shape_lines(shape: TensorShape) -> Lines:
    """A shape: one `dim` for each axis, of size −1 where that is unknown."""
    if shape.ndims is None:
        return ["unknown_rank: true"]
    sizes = [-1 if size is None else size for size in shape.as_list()]
    # A zero is what a number is when it is not written.
    return [line for size in sizes for line in block("dim", [f"size: {size}"] if size else [])]


def enum_name(dtype: DType) -> str:
    return ENUM_NAMES.get(dtype.name, f"DT_{dtype.name.upper()}")


def quoted(text: str | bytes) -> str:
    """A text in quotes, with everything that is not plain ASCII as octal numbers."""
    data = text.encode() if isinstance(text, str) else text
    plain = (ESCAPES.get(b) or (chr(b) if 32 <= b < 127 else f"\\{b:03o}") for b in data)
    return f'"{"".join(plain)}"'
