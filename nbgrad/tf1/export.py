"""A graph's operations as the nodes of TensorFlow's graphs, which runs them to the same values.

`TABLE` has the types whose node says more than its operands and their dtype; what depends on more
than that is a function at the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn, TypeVar

import numpy as np

from nbgrad.core.dtypes import BY_NAME, DType, as_dtype, int32
from nbgrad.core.errors import advise
from nbgrad.core.graph import Operation, Tensor
from nbgrad.core.operators import tensors_in
from nbgrad.core.registry import OpDef
from nbgrad.core.scopes import Branch
from nbgrad.core.shapes import TensorShape, normal_axes
from nbgrad.tf1.graph_def import GraphDef, NodeDef

Function = TypeVar("Function", bound=Callable[..., Any])

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

Merge | (if_false, if_true) T=if_true N=2

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
            self.nodes(op, node or operands_alone(op.definition))

    def refuse(self, op: Operation) -> NoReturn:
        """Raise for an operation that TensorFlow has no counterpart of."""
        problem = f"TensorFlow's graphs have nothing that does what {op.type!r} does here."
        advice = "Build what is to be exported in a Graph of its own, without this operation."
        raise NotImplementedError(advise(problem, op, advice))

    def nodes(self, op: Operation, text: str, **more) -> None:
        """Append what a text describes in the language of `TABLE`, the operation's own node last.

        `more` are values that count as attributes of the operation.
        """
        given = {**op.attributes, **more}
        known: dict[str, list[str]] = {}  # the names of inputs
        kinds: dict[str, Any] = {}
        for label, op_type, arguments, attributes in NODE.findall(text):
            inputs: list[str] = []
            for argument in filter(None, arguments.split(", ")):
                if argument not in known:
                    key, _, fallback = argument.partition(" or ")
                    key, _, dtype = key.partition(":")
                    value = (
                        every_axis(op, fallback) if given.get(key, 0) is None else given.get(key)
                    )
                    operands = [value] if key in given else operands_called(op, key)
                    kind = as_dtype(given.get(dtype, dtype or int32))
                    known[argument] = [self.input_of(op, key, each, kind) for each in operands]
                    kinds[key.lstrip("*")] = (
                        getattr(operands[0], "dtype", kind) if operands else None
                    )
                inputs += known[argument]
            pairs = (pair.split("=") for pair in attributes.split())
            attr = {key: attribute_value(op, source, kinds, given) for key, source in pairs}
            if label:
                known[label] = [self.helper(op, label, op_type, inputs, **attr)]
            else:
                self.node(op, op_type or op.type, inputs, **attr)

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
        name, count = f"{op.name}/{label}", 0
        while name in self._taken:
            count += 1
            name = f"{op.name}/{label}_{count}"
        self._taken.add(name)
        self.graph_def.node.append(NodeDef(name, op_type, inputs, attr))
        return name

    def input_of(self, op: Operation, label: str, value, dtype: DType) -> str:
        """The name of the node that holds a value: a tensor's own, or that of a new constant."""
        if isinstance(value, str):
            return value  # it is a name
        if isinstance(value, Tensor):
            return name_of(value)
        array = np.asarray(value, dtype.as_numpy_dtype)
        return self.helper(op, label, "Const", [], dtype=dtype, value=array)

    def vector(self, op: Operation, label: str, values: Sequence[Any], dtype: DType) -> str:
        """A vector of numbers, some of which are tensors or the names of nodes."""
        if all(isinstance(value, int) for value in values):
            return self.input_of(op, label, list(values), dtype)
        names = [self.input_of(op, f"{label}_{i}", value, dtype) for i, value in enumerate(values)]
        return self.helper(op, label, "Pack", names, T=dtype, N=len(names), axis=0)


def every_axis(op: Operation, which: str) -> list[int]:
    """Every axis of an operation's first operand, for an attribute that is None."""
    return list(range(len(op.inputs[0].static_shape or ())))[:: -1 if which == "reversed" else 1]


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


def attribute_value(op: Operation, source: str, kinds: dict[str, Any], given) -> Any:
    """The value of a node's attribute: a dtype, a count, or an attribute of the operation."""
    if source.startswith("#"):
        name = source[1:]
        return len(op.outputs) if name == "outputs" else len(operands_called(op, f"*{name}"))
    if source in kinds:
        return kinds[source]
    if source.startswith("1,"):  # height and width, between the axes of examples and channels
        return [1, *given[source[2:-2]], 1]
    if source not in given:
        return int(source) if source.isdigit() else BY_NAME[source]
    value = given[source]
    if source == "shape":
        return TensorShape(value)
    if source.endswith("_type"):
        return as_dtype(value)
    return list(value) if isinstance(value, tuple) else value


def name_of(tensor: Tensor) -> str:
    """A tensor as a node names its inputs: "split:1", and "mul" for "mul:0"."""
    return tensor.op.name + (f":{tensor.value_index}" if tensor.value_index else "")


# What depends on more than a row of the table can say


def writes_nodes_of(*op_types: str) -> Callable[[Function], Function]:
    """Register a function that writes the nodes of these types."""

    def decorate(function: Function) -> Function:
        NODES.update(dict.fromkeys(op_types, function))
        return function

    return decorate


@writes_nodes_of("Range")
def write_range(op: Operation, write: NodeWriter) -> None:
    """Start, limit and step, all of the dtype of the result."""
    if any(tensor.dtype is not op.attributes["dtype"] for tensor in op.inputs):
        write.refuse(op)
    write.nodes(op, "(start:dtype, limit:dtype, delta:dtype) Tidx=dtype")


@writes_nodes_of("Switch")
def write_switch(op: Operation, write: NodeWriter) -> None:
    """Switch sends to the one side or the other; the Identity is what arrives on this side."""
    branch, dtype = op.attributes["branch"], op.inputs[0].dtype
    inputs = [name_of(op.inputs[0]), name_of(branch.predicate)]
    sides = write.helper(op, "Switch", "Switch", inputs, T=dtype)
    write.node(op, "Identity", [f"{sides}:1" if branch.value else sides], T=dtype)


@writes_nodes_of("Pad")
def write_pad(op: Operation, write: NodeWriter) -> None:
    """Two operations of TensorFlow's: one fills with zeros, one with anything."""
    value = op.attributes["constant_values"]
    zeros = isinstance(value, int | float) and value == 0
    inputs = "tensor, paddings" if zeros else "tensor, paddings, constant_values:kind"
    op_type = "Pad" if zeros else "PadV2"
    write.nodes(op, f"{op_type}({inputs}) T=tensor Tpaddings=paddings", kind=op.inputs[0].dtype)


@writes_nodes_of("MatMul")
def write_matmul(op: Operation, write: NodeWriter) -> None:
    """TensorFlow has an operation of its own for stacks of matrices."""
    stacked = op.outputs[0].static_shape is not None and len(op.outputs[0].static_shape) > 2
    plain = "(a, b) T=a transpose_a=transpose_a transpose_b=transpose_b"
    stack = "BatchMatMulV2(a, b) T=a adj_x=transpose_a adj_y=transpose_b"
    write.nodes(op, stack if stacked else plain)


@writes_nodes_of("RandomStandardNormal", "TruncatedNormal", "RandomUniform")
def write_random(op: Operation, write: NodeWriter) -> None:
    """The standard distribution, stretched and moved. TensorFlow draws other numbers from it."""
    settings = op.attributes
    low = settings.get("mean", settings.get("minval"))
    width = settings["stddev"] if "stddev" in settings else settings["maxval"] - low
    drawn = f"{op.type}: {op.type}(shape) T=int32 dtype=dtype seed=seed seed2=0"
    moved = f"mul: Mul({op.type}, width:dtype) T=dtype; AddV2(mul, low:dtype) T=dtype"
    write.nodes(op, f"{drawn}; {moved}", width=width, low=low, seed=settings["seed"] or 0)


@writes_nodes_of("Spread")
def write_spread(op: Operation, write: NodeWriter) -> None:
    """Reshape to axes of size 1, unless there is nothing to be reshaped, then BroadcastTo."""
    known, shape = op.inputs[0].static_shape, op.attributes["shape"]
    if known is None or (known and isinstance(shape, Tensor)):
        write.refuse(op)
    if not known or len(known) == len(shape):
        write.nodes(op, "BroadcastTo(x, shape) T=x Tidx=int32")
        return
    gone = normal_axes(op.attributes["axis"], len(shape))
    kept = [1 if i in gone else size for i, size in enumerate(shape)]
    reshaped = "Reshape: Reshape(x, kept) T=x Tshape=int32"
    write.nodes(op, f"{reshaped}; BroadcastTo(Reshape, shape) T=x Tidx=int32", kept=kept)


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
                one = write.input_of(op, "one", 1, dtype)
                after = write.helper(op, "after", "AddV2", [name_of(entry), one], T=dtype)
                column, marked = (entry, after, 1), ["shrink_axis"]
            case None:
                marked = ["new_axis"]
            case slice(start=start, stop=stop, step=step):
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
    names = {key: write.vector(op, key, row, dtype) for key, row in zip(labels, rows, strict=True)}
    x = op.definition.operands[0]
    inputs = f"{x}, begin, end, strides"
    if "shape" in op.attributes:
        inputs = f"shape:Index, begin, end, strides, {x}"
    bits = {f"{name}_mask": mask for name, mask in masks.items()}
    texts = " ".join(f"{name}={name}" for name in ["Index", *bits])
    write.nodes(op, f"({inputs}) T={x} {texts}", Index=dtype, **names, **bits)


@writes_nodes_of("Softmax", "LogSoftmax", "SoftmaxCrossEntropyWithLogits")
def write_softmax(op: Operation, write: NodeWriter) -> None:
    """TensorFlow's operation knows the last axis alone."""
    rank = len(op.inputs[0].static_shape or (0,) * 9)
    if op.attributes["axis"] not in (None, -1, rank - 1):
        write.refuse(op)
    operands = op.definition.operands
    write.nodes(op, f"({', '.join(operands)}) T={operands[0]}")
