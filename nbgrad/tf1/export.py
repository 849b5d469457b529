"""A graph as TensorFlow describes graphs: nodes with names, inputs, attributes, as text.

TensorFlow runs what `graph.as_graph_def()` returns to the same values. `TABLE` has the types whose
node says more than its operands and their dtype; what takes several of TensorFlow's nodes is a
function below it. `str(GraphDef)` is the text form of protocol buffers, which
`google.protobuf.text_format` parses; it is written at the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeVar

import numpy as np

from nbgrad.core.dtypes import BY_NAME, DType, as_dtype, int32
from nbgrad.core.errors import advise
from nbgrad.core.graph import Operation, Tensor
from nbgrad.core.operands import tensors_in
from nbgrad.core.registry import OpDef
from nbgrad.core.scopes import Branch
from nbgrad.core.shapes import TensorShape, normal_axes

Function = TypeVar("Function", bound=Callable[..., Any])
Lines = list[str]

#: The inputs of a node and its attributes, each with where its value comes from. An attribute of
#: ours that stands among the inputs becomes a constant, and "axis or all" every axis where it is
#: None; "1,strides,1" are the numbers for height and width, between two ones; "#values" is how
#: many they are. Nodes that another one needs stand before it, with a name, as in "Step". A type
#: that is not here, and has no attributes, is written with its operands.
TABLE = """
Const | () dtype=dtype value=value
Placeholder VariableV2 | () dtype=dtype shape=shape
PlaceholderWithDefault | (input) dtype=input shape=shape
Fill | (shape, value) T=value index_type=shape
LinSpace | (start, stop, num) T=start Tidx=num
OneHot | (indices, depth, on_value, off_value) T=on_value TI=indices axis=axis

Cast | (x) SrcT=x DstT=dtype
CheckNumerics | (tensor) T=tensor message=message
PreventGradient | (input) T=input message=message
IdentityN | (*inputs) T=T
LeakyRelu | (features) T=features alpha=alpha
AddN | (*inputs) N=#inputs T=inputs
Real Imag Angle | (input) T=input Tout=Tout
Complex | (real, imag) T=real Tout=Tout
ComplexAbs | (x) T=x Tout=Tout

Shape Size | (input) T=input out_type=out_type
Reshape | (tensor, shape) T=tensor Tshape=shape
ExpandDims | (input, axis) T=input Tdim=axis
Squeeze | (input) T=input squeeze_dims=axis
Transpose | (a, perm or reversed) T=a Tperm=perm
ReverseV2 | (tensor, axis) T=tensor Tidx=axis
Roll | (input, shift, axis) T=input Tshift=shift Taxis=axis
BroadcastTo | (input, shape) T=input Tidx=shape
Tile | (input, multiples) T=input Tmultiples=multiples
MirrorPad | (tensor, paddings) T=tensor Tpaddings=paddings mode=mode
ConcatV2 | (*values, axis) N=#values T=values Tidx=axis
Split | (axis, value) T=value num_split=#outputs
SplitV | (value, size_splits, axis) T=value Tlen=size_splits num_split=#outputs
Pack | (*values) N=#values T=values axis=axis
Unpack | (value) T=value num=#outputs axis=axis

Sum Mean Prod Max Min EuclideanNorm |
    (input_tensor, axis or all) T=input_tensor Tidx=axis keep_dims=keepdims
All Any | (input_tensor, axis or all) Tidx=axis keep_dims=keepdims
Cumsum Cumprod | (x, axis) T=x Tidx=axis exclusive=exclusive reverse=reverse

GatherV2 | (params, indices, axis) Tparams=params Tindices=indices Taxis=axis
GatherNd | (params, indices) Tparams=params Tindices=indices
ScatterNd | (indices, updates, shape) T=updates Tindices=indices
ArgMax ArgMin | (input, axis) T=input Tidx=axis output_type=output_type
TopKV2 | (input, k) T=input
SegmentSum SegmentMean SegmentMax SegmentMin | (data, segment_ids) T=data Tindices=segment_ids
UnsortedSegmentSum UnsortedSegmentMax UnsortedSegmentMin |
    (data, segment_ids, num_segments) T=data Tindices=segment_ids Tnumsegments=num_segments

MatrixBandPart | (input, num_lower:int64, num_upper:int64) T=input Tindex=num_lower
MatrixInverse | (input) T=input adjoint=adjoint
MatrixSolve | (matrix, rhs) T=matrix adjoint=adjoint
MatrixTriangularSolve | (matrix, rhs) T=matrix lower=lower adjoint=adjoint
LogMatrixDeterminant | (input) T=input

Conv2D | (input, filter)
    T=input strides=1,strides,1 padding=padding dilations=1,dilations,1
Conv2DBackpropInput | (shape, filter, out_backprop)
    T=filter strides=1,strides,1 padding=padding dilations=1,dilations,1
Conv2DBackpropFilter | (input, shape, out_backprop)
    T=input strides=1,strides,1 padding=padding dilations=1,dilations,1
MaxPool | (input) T=input ksize=1,ksize,1 strides=1,strides,1 padding=padding
AvgPool | (value) T=value ksize=1,ksize,1 strides=1,strides,1 padding=padding
AvgPoolGrad | (shape, grad) T=grad ksize=1,ksize,1 strides=1,strides,1 padding=padding
SparseSoftmaxCrossEntropyWithLogits | (features, labels) T=features Tlabels=labels

IsVariableInitialized | (ref) dtype=ref
Assign | (ref, value) T=ref validate_shape=validate_shape
ScatterUpdate ScatterAdd ScatterSub ScatterMul ScatterDiv |
    (ref, indices, updates) T=ref Tindices=indices
ApplyMomentum | (var, accum, lr, grad, momentum) T=var use_nesterov=use_nesterov

Step | zeros: ZerosLike(x) T=x; above: Greater(x, zeros) T=x; Cast(above) SrcT=bool DstT=x
SumTo | Shape: Shape(x) T=x out_type=int32; axes: BroadcastGradientArgs(shape, Shape) T=int32;
    Sum: Sum(x, axes) T=x Tidx=int32; Reshape(Sum, shape) T=x Tshape=int32
MaxPoolGrad MaxPoolGradGrad |
    MaxPool: MaxPool(orig_input) T=orig_input ksize=1,ksize,1 strides=1,strides,1 padding=padding;
    (orig_input, MaxPool, grad) T=orig_input ksize=1,ksize,1 strides=1,strides,1 padding=padding
"""

#: For each type of operation its node in the table, or a function below.
NODES: dict[str, str | Callable[[Operation, NodeWriter], None]] = {
    op_type: node
    for types, _, node in (row.partition(" |") for row in re.split(r"\n+(?! )", TABLE.strip()))
    for op_type in types.split()
}
NODE = re.compile(r"(?:(\w+): )?(\w*)\((.*?)\)([^;]*)")

#: What TensorFlow's graphs have no node for, or none that does the same.
NOT_IN_TENSORFLOW = {
    *("Einsum", "InTopKV2", "InitializedValue", "MatrixDiag", "MirrorPadGrad", "Print", "PyFunc"),
    *("RandomShuffle", "Recurrence", "TileGrad", "UninitializedNames"),
}


def writes_nodes_of(*op_types: str) -> Callable[[Function], Function]:
    """Register a function that writes the nodes of these types."""

    def decorate(function: Function) -> Function:
        NODES.update(dict.fromkeys(op_types, function))
        return function

    return decorate


@dataclass
class NodeDef:
    """One node: an operation of TensorFlow's."""

    name: str
    op: str
    input: list[str]
    attr: dict[str, Any] = field(default_factory=dict)

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


class NodeWriter:
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
        node = NODES.get(op.type)
        if callable(node):
            node(op, self)
        elif not node and (op.type in NOT_IN_TENSORFLOW or op.definition.attributes):
            self.refuse(op)
        else:
            self.from_text(op, node or operands_alone(op.definition))

    def refuse(self, op: Operation) -> NoReturn:
        """Raise for an operation that TensorFlow has no counterpart of."""
        problem = f"TensorFlow's graphs have nothing that does what {op.type!r} does here."
        advice = "Build what is to be exported in a Graph of its own, without this operation."
        raise NotImplementedError(advise(problem, op, advice))

    def node(self, op: Operation, op_type: str, inputs: list[str], **attr) -> None:
        """Append the node that has an operation's name."""
        controls = [f"^{control.name}" for control in op.control_inputs]
        if op.branch is not None and not any(t.op.branch is op.branch for t in op.inputs):
            controls.append(f"^{self.pivot(op.branch)}")
        self.graph_def.node.append(NodeDef(op.name, op_type, [*inputs, *controls], attr))

    def pivot(self, branch: Branch) -> str:
        """A node that is alive only in one branch of a `cond`, for operations without operands."""
        if branch not in self._pivots:
            op, T = branch.predicate.op, branch.predicate.dtype  # noqa: N806 - TensorFlow's name
            outer = [] if branch.outer is None else [f"^{self.pivot(branch.outer)}"]
            inputs = [name_of(branch.predicate)] * 2 + outer
            label = f"switch_{str(branch.value)[0].lower()}"
            choice = self.helper(op, label, "Switch", inputs, T=T)
            taken = f"{choice}:1" if branch.value else choice
            self._pivots[branch] = self.helper(op, label, "Identity", [taken], T=T)
        return self._pivots[branch]

    def helper(self, op: Operation, label: str, op_type: str, inputs: list[str], **attr) -> str:
        """Append another node that an operation needs, and return its name."""
        name = base = f"{op.name}/{label}"
        count = 0
        while name in self._taken:
            count += 1
            name = f"{base}_{count}"
        self._taken.add(name)
        self.graph_def.node.append(NodeDef(name, op_type, inputs, attr))
        return name

    def constant(self, op: Operation, label: str, value, dtype: DType) -> str:
        """Append a constant that an operation reads, and return its name."""
        array = np.asarray(value, dtype.as_numpy_dtype)
        return self.helper(op, label, "Const", [], dtype=dtype, value=array)

    def vector(self, op: Operation, label: str, values: Sequence[Any], dtype: DType) -> str:
        """A vector of numbers, some of which are tensors or the names of nodes."""
        if all(isinstance(value, int) for value in values):
            return self.constant(op, label, list(values), dtype)
        names = [self.input_of(op, f"{label}_{i}", value, dtype) for i, value in enumerate(values)]
        return self.helper(op, label, "Pack", names, T=dtype, N=len(names), axis=0)

    def input_of(self, op: Operation, label: str, value, dtype: DType) -> str:
        """The name of the node that holds a value: a tensor's own, or that of a new constant."""
        if isinstance(value, Tensor):
            return name_of(value)
        return value if isinstance(value, str) else self.constant(op, label, value, dtype)

    def setting(self, op: Operation, key: str, fallback="", dtype="int32") -> str:
        """The name of the input that an attribute becomes: a constant, or the tensor it is."""
        value = op.attributes[key]
        if value is None:
            axes = range(len(op.inputs[0].static_shape or ()))
            value = list({"all": axes, "reversed": axes[::-1]}[fallback])
        return self.input_of(op, key, value, BY_NAME[dtype])

    def from_text(self, op: Operation, text: str) -> None:
        """Append the nodes that a text describes, in the language of `TABLE`."""
        known: dict[str, list[str]] = {}
        kinds: dict[str, Any] = {}
        for label, op_type, arguments, attributes in NODE.findall(text):
            for argument in filter(None, arguments.split(", ")):
                if argument in known:
                    continue
                key, _, fallback = argument.partition(" or ")
                key, _, dtype = key.partition(":")
                if key in op.attributes:
                    given, wanted = op.attributes[key], dtype or "int32"
                    kinds[key] = given.dtype if isinstance(given, Tensor) else BY_NAME[wanted]
                    known[argument] = [self.setting(op, key, fallback, wanted)]
                else:
                    operands = operands_called(op, key)
                    kinds[key.lstrip("*")] = operands[0].dtype if operands else None
                    known[argument] = [*map(name_of, operands)]
            inputs = [name for each in filter(None, arguments.split(", ")) for name in known[each]]
            pairs = (pair.split("=") for pair in attributes.split())
            attr = {key: attribute_value(op, source, kinds) for key, source in pairs}
            if label:
                known[label] = [self.helper(op, label, op_type, inputs, **attr)]
            else:
                self.node(op, op_type or op.type, inputs, **attr)


def operands_alone(definition: OpDef) -> str:
    """The node of an operation without attributes: its operands, and the dtype they share."""
    kinds = zip(definition.operands, definition.dtypes[0], strict=True)
    shared = next((f" T={name}" for name, kind in kinds if len(kind) == 1), "")
    return f"({', '.join(definition.operands)}){shared}"


def operands_called(op: Operation, name: str) -> list[Tensor]:
    """The operands of that name; all that are left for a name such as "*values"."""
    position = op.definition.operands.index(name)
    end = op.operand_count if name.startswith("*") else position + 1
    return list(op.inputs[position:end])


def attribute_value(op: Operation, source: str, kinds: dict[str, Any]) -> Any:
    """The value of a node's attribute: a dtype, a count, or an attribute of the operation."""
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


@writes_nodes_of("Range")
def write_range(op: Operation, write: NodeWriter) -> None:
    """Start, limit and step, all of the dtype of the result."""
    dtype = op.attributes["dtype"]
    bounds = [write.setting(op, key, dtype=dtype.name) for key in ("start", "limit", "delta")]
    if any(tensor.dtype is not dtype for tensor in op.inputs):
        write.refuse(op)
    write.node(op, "Range", bounds, Tidx=dtype)


@writes_nodes_of("Switch")
def write_switch(op: Operation, write: NodeWriter) -> None:
    """Switch sends to the one side or the other; the Identity is what arrives on this side."""
    [x], branch = op.inputs, op.attributes["branch"]
    inputs = [name_of(x), name_of(branch.predicate)]
    sides = write.helper(op, "Switch", "Switch", inputs, T=x.dtype)
    write.node(op, "Identity", [f"{sides}:1" if branch.value else sides], T=x.dtype)


@writes_nodes_of("Merge")
def write_merge(op: Operation, write: NodeWriter) -> None:
    """Merge takes what is alive; which branch is taken, the branches know."""
    _, true, false = map(name_of, op.inputs)
    write.node(op, "Merge", [false, true], T=op.outputs[0].dtype, N=2)


@writes_nodes_of("Pad")
def write_pad(op: Operation, write: NodeWriter) -> None:
    """Two operations of TensorFlow's: one fills with zeros, one with anything."""
    x, (paddings, value) = op.inputs[0], map(op.attributes.get, ("paddings", "constant_values"))
    if isinstance(value, int | float) and value == 0:
        write.from_text(op, "(tensor, paddings) T=tensor Tpaddings=paddings")
        return
    widths = write.setting(op, "paddings")
    kind = paddings.dtype if isinstance(paddings, Tensor) else int32
    filler = write.setting(op, "constant_values", dtype=x.dtype.name)
    write.node(op, "PadV2", [name_of(x), widths, filler], T=x.dtype, Tpaddings=kind)


@writes_nodes_of("MatMul")
def write_matmul(op: Operation, write: NodeWriter) -> None:
    """TensorFlow has an operation of its own for stacks of matrices."""
    if op.outputs[0].static_shape is not None and len(op.outputs[0].static_shape) > 2:
        write.from_text(op, "BatchMatMulV2(a, b) T=a adj_x=transpose_a adj_y=transpose_b")
    else:
        write.from_text(op, "(a, b) T=a transpose_a=transpose_a transpose_b=transpose_b")


@writes_nodes_of("RandomStandardNormal", "TruncatedNormal", "RandomUniform")
def write_random(op: Operation, write: NodeWriter) -> None:
    """The standard distribution, stretched and moved. TensorFlow draws other numbers from it."""
    dtype, settings = op.attributes["dtype"], op.attributes
    low = settings.get("mean", settings.get("minval"))
    width = settings["stddev"] if "stddev" in settings else settings["maxval"] - low
    seed = settings["seed"] or 0
    shape = write.setting(op, "shape")
    drawn = write.helper(op, op.type, op.type, [shape], T=int32, dtype=dtype, seed=seed, seed2=0)
    factor = write.constant(op, "width", width, dtype)
    stretched = write.helper(op, "mul", "Mul", [drawn, factor], T=dtype)
    write.node(op, "AddV2", [stretched, write.constant(op, "low", low, dtype)], T=dtype)


@writes_nodes_of("Spread")
def write_spread(op: Operation, write: NodeWriter) -> None:
    """Reshape to axes of size 1, unless there is nothing to be reshaped, then BroadcastTo."""
    x, shape, axis = op.inputs[0], op.attributes["shape"], op.attributes["axis"]
    dtype, name = x.dtype, name_of(x)
    if x.static_shape is None or (x.static_shape and isinstance(shape, Tensor)):
        write.refuse(op)
    if x.static_shape and len(x.static_shape) < len(shape):
        gone = normal_axes(axis, len(shape))
        kept = [1 if i in gone else size for i, size in enumerate(shape)]
        kept_name = write.constant(op, "kept", kept, int32)
        name = write.helper(op, "Reshape", "Reshape", [name, kept_name], T=dtype, Tshape=int32)
    write.node(op, "BroadcastTo", [name, write.setting(op, "shape")], T=dtype, Tidx=int32)


@writes_nodes_of("StridedSlice", "StridedSliceGrad")
def write_slice(op: Operation, write: NodeWriter) -> None:
    """Begin, end and step of each entry, and bits for what they cannot say."""
    entries = index if isinstance(index := op.attributes["index"], tuple) else (index,)
    tensors = list(tensors_in(entries))
    dtype = tensors[0].dtype if tensors else int32
    if any(t.static_shape != () or t.dtype is not dtype for t in tensors):
        write.refuse(op)
    masks = dict.fromkeys(("begin", "end", "ellipsis", "new_axis", "shrink_axis"), 0)
    columns: list[tuple[Any, ...]] = []
    for bit, entry in enumerate(entries):
        column: tuple[Any, ...] = (0, 0, 1)
        match entry:
            case int():
                column, marked = (entry, entry + 1, 1), ["shrink_axis"]
            case Tensor():
                one = write.constant(op, "one", 1, dtype)
                after = write.helper(op, "after", "AddV2", [name_of(entry), one], T=dtype)
                column, marked = (entry, after, 1), ["shrink_axis"]
            case None:
                marked = ["new_axis"]
            case slice():
                start, stop, step = entry.start, entry.stop, entry.step
                ends = (0 if v is None else v for v in (start, stop))
                column = (*ends, 1 if step is None else step)
                marked = ["begin"] * (start is None) + ["end"] * (stop is None)
            case _ if entry is Ellipsis:
                marked = ["ellipsis"]
            case _:
                write.refuse(op)
        columns.append(column)
        for name in marked:
            masks[name] |= 1 << bit
    rows = zip(*columns, strict=True) if columns else ((), (), ())
    labels = ("begin", "end", "strides")
    where = [write.vector(op, *row, dtype=dtype) for row in zip(labels, rows, strict=True)]
    x = op.inputs[0]
    inputs = [name_of(x), *where]
    if "shape" in op.attributes:
        inputs = [write.setting(op, "shape", dtype=dtype.name), *where, name_of(x)]
    bits = {f"{name}_mask": mask for name, mask in masks.items()}
    write.node(op, op.type, inputs, T=x.dtype, Index=dtype, **bits)


@writes_nodes_of("Softmax", "LogSoftmax", "SoftmaxCrossEntropyWithLogits")
def write_softmax(op: Operation, write: NodeWriter) -> None:
    """TensorFlow's operation knows the last axis alone."""
    rank = len(op.inputs[0].static_shape or (0,) * 9)
    if op.attributes["axis"] not in (None, -1, rank - 1):
        write.refuse(op)
    operands = op.definition.operands
    write.from_text(op, f"({', '.join(operands)}) T={operands[0]}")


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
