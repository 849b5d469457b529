"""Graphs: operations, the tensors that they make, and the order in which they were created.

An operation is a type (see `registry`) applied to tensors, a tensor is one of its results. No
value is kept here: values belong to the runs of a session.

A graph only grows at its end, so whatever reads a tensor was created after it: the order of
creation is a topological order. Nothing sorts, and nothing recurses.
"""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nbgrad.core import shapes
from nbgrad.core.arrays import constant_array
from nbgrad.core.dtypes import DType, as_dtype, string
from nbgrad.core.errors import ShapeError, advise
from nbgrad.core.inference import output_dtype, output_kinds_and_shapes
from nbgrad.core.names import Collections, operation_named, tensor_named
from nbgrad.core.operands import tensors_in, typed_operands
from nbgrad.core.operators import Operators
from nbgrad.core.registry import Effect, OpDef, definition_of
from nbgrad.core.scopes import Branch, Scopes, default_graphs, session_for
from nbgrad.core.shapes import Shape, ShapeLike, TensorShape, as_shape
from nbgrad.core.source import SourceLine, user_line


class Operand(Operators["Tensor"]):
    """What can stand in an expression: a tensor, or a variable that stands for one."""

    @property
    def graph(self) -> Graph:
        """The graph it belongs to."""
        raise NotImplementedError

    def as_tensor(self) -> Tensor:
        """The tensor that it is or stands for."""
        raise TypeError(f"{type(self).__name__} stands for no tensor.")

    def as_graph_element(self) -> Tensor:
        """What a session fetches and feeds, and what `gradients` differentiates with respect to."""
        return self.as_tensor()

    def eval(self, feed_dict: Mapping[Any, Any] | None = None, session: Any = None) -> Any:
        """Its value, as a session computes it; by default the default session."""
        session = session_for(session, "Cannot evaluate tensor using `eval()`", "eval")
        return session.run(self, feed_dict)


class Tensor(Operand):
    """A result of an operation, to be computed by a session.

    Tensors compare by identity and may be keys of a dictionary, such as a feed.

    Attributes
    ----------
    op, value_index
        The operation that makes it, and which of that operation's results it is.
    dtype, static_shape
        The type of its elements, and its shape as far as it is known: a tuple with None for
        unknown sizes, or None for an unknown rank.

    Examples
    --------
    >>> x = tf.placeholder(tf.float32, [None, 3], name="x")
    >>> print(x.name, x.dtype.name, x.shape, x.op.type)
    x:0 float32 (?, 3) Placeholder
    """

    def __init__(self, op: Operation, value_index: int, dtype: DType, shape: Shape) -> None:
        self.op = op
        self.value_index = value_index
        self.dtype = dtype
        self.static_shape = shape
        self._consumers: list[Operation] = []

    @property
    def graph(self) -> Graph:
        """The graph it belongs to."""
        return self.op.graph

    @property
    def name(self) -> str:
        """Its name in the graph: the operation's, a colon, the index."""
        return f"{self.op.name}:{self.value_index}"

    @property
    def shape(self) -> TensorShape:
        """Its shape as far as that is known; `set_shape` adds to it."""
        return TensorShape(self.static_shape)

    @property
    def device(self) -> str:
        """The device of its operation: "", NumPy computes where Python runs."""
        return self.op.device

    def get_shape(self) -> TensorShape:
        """Its shape as far as that is known, which is also `shape`."""
        return self.shape

    def set_shape(self, shape: ShapeLike) -> None:
        """Add what is known about the shape; it must not contradict what is known already."""
        try:
            known = as_shape(shape)
            shapes.assigned(self.static_shape, known)
            self.static_shape = shapes.merge(self.static_shape, known)
        except ShapeError as error:
            raise ValueError(advise(str(error), self.op)) from None

    def as_tensor(self) -> Tensor:
        return self

    def consumers(self) -> list[Operation]:
        """The operations that read it, in the order of creation; one that does so twice, twice."""
        return list(self._consumers)

    def __str__(self) -> str:
        shape = "" if self.static_shape is None else f", shape={shapes.show(self.static_shape)}"
        return f'Tensor("{self.name}"{shape}, dtype={self._dtype_name})'

    def __repr__(self) -> str:
        shape = shapes.show(self.static_shape)
        return f"<tf.Tensor '{self.name}' shape={shape} dtype={self._dtype_name}>"

    @property
    def _dtype_name(self) -> str:
        """Its dtype; as in TensorFlow, that of a variable and of its assignments says so."""
        place = self.op.effect in (Effect.HOLDS, Effect.SETS, Effect.CHANGES)
        return f"{self.dtype.name}_ref" if place else self.dtype.name


@dataclass(eq=False, repr=False, slots=True)
class Operation:
    """A node of a graph: a type of operation applied to tensors."""

    graph: Graph
    definition: OpDef  # what its type means: an entry of the registry
    name: str
    inputs: tuple[Tensor, ...]  # its operands, and then the tensors given for attributes
    operand_count: int
    attributes: dict[str, Any]  # what else determines it, such as the axis of a sum
    source: SourceLine  # the user's line that created it
    index: int  # its position in the order of creation
    gradient_type: str  # the name of its gradient rule: its type, unless a map overrides it
    outputs: list[Tensor] = field(default_factory=list)
    control_inputs: tuple[Operation, ...] = ()  # what must run before it
    branch: Branch | None = None  # the side of a `cond` it belongs to, None for what always runs

    @property
    def type(self) -> str:
        """The type of operation, such as "Mul"."""
        return self.definition.type

    @property
    def effect(self) -> Effect:
        """What it needs or does besides making results of operands."""
        return self.definition.effect

    @property
    def is_variable(self) -> bool:
        """Whether it is a variable itself, not one of its readings."""
        return self.effect is Effect.HOLDS

    @property
    def line(self) -> str:
        """Where it was created, in words such as "in cell [4]: y = x * x"."""
        return str(self.source)

    @property
    def device(self) -> str:
        """Always "": NumPy computes where Python runs."""
        return ""

    @property
    def node_def(self) -> Any:
        """Its node in TensorFlow's own description of graphs, where TensorFlow has such a one."""
        return _export([self]).node[-1]

    def get_attr(self, name: str) -> Any:
        """An attribute by the name that nbgrad or TensorFlow has for it."""
        if name in self.attributes:
            return self.attributes[name]
        with contextlib.suppress(NotImplementedError, KeyError):
            return self.node_def.attr[name]
        raise ValueError(f"Operation {self.name!r} has no attr named {name!r}.")

    def values(self) -> tuple[Tensor, ...]:
        """The tensors it makes, as a tuple."""
        return tuple(self.outputs)

    def run(self, feed_dict: Mapping[Any, Any] | None = None, session: Any = None) -> None:
        """Run this operation in a session; by default in the default session."""
        session = session_for(session, "Cannot execute operation using `run()`", "run", ":")
        session.run(self, feed_dict)

    def __str__(self) -> str:
        try:
            return str(self.node_def)
        except NotImplementedError:
            return repr(self)

    def __repr__(self) -> str:
        return f"<tf.Operation '{self.name}' type={self.type}>"


class Graph(Scopes, Collections):
    """Operations and tensors, waiting for a session to run them.

    Attributes
    ----------
    finalized
        Whether it refuses every new operation.
    seed
        What `set_random_seed` set, None for nothing.
    reasons_for_none
        What the latest calls of `gradients` have to say of each None that they gave.

    Examples
    --------
    >>> graph = tf.Graph()
    >>> with graph.as_default():
    ...     y = tf.constant(2.0) * 3.0
    >>> print([op.name for op in graph.get_operations()])
    ['Const', 'mul/y', 'mul']
    """

    building_function = False  # TensorFlow's question; functions are not built as graphs here

    def __init__(self) -> None:
        Scopes.__init__(self)
        Collections.__init__(self)
        self._operations: list[Operation] = []
        self._created = 0  # also counts what was forgotten: no two operations share an index
        self.finalized = False
        self.seed: int | None = None
        self.reasons_for_none: deque[Callable[[], list[Any]]] = deque(maxlen=4)

    def apply(self, op_type: str, *values: Any, name: str | None = None, **attributes: Any) -> Any:
        """Build an operation in this graph, as `nbgrad.apply` does in that of its operands."""
        definition = definition_of(op_type)
        if self.finalized:
            raise RuntimeError("Graph is finalized and cannot be modified.")
        name = self._names.unique(name or definition.default_name)
        # Most operations are given no attributes; they share what their type has.
        attributes = definition.attributes | attributes if attributes else definition.attributes
        tensors, dtypes = typed_operands(definition, values, self, name)
        if self._uses_branches:
            tensors = self._inside_branch(definition, tensors)
        inputs = tuple(tensors)
        if attributes:
            inputs += tuple(tensors_in(tuple(attributes.values())))
        op = Operation(
            *(self, definition, name, inputs, len(tensors), attributes, user_line()),
            index=self._created,
            gradient_type=op_type,
        )
        op.outputs = [
            Tensor(op, i, output_dtype(kind, i, dtypes, attributes), shape)
            for i, (kind, shape) in enumerate(output_kinds_and_shapes(op))
        ]
        self._put_in_scope(op)
        self._append(op)
        return result_of(op)

    def constant(self, value: Any, dtype: DType | None = None, name: str = "Const") -> Tensor:
        """A constant of this graph, read-only: what is shared must not change."""
        array = constant_array(value, dtype).view()
        array.flags.writeable = False
        return self.apply("Const", value=array, dtype=as_dtype(array.dtype), name=name)

    def _append(self, op: Operation) -> None:
        self._created += 1
        for tensor in op.inputs:
            tensor._consumers.append(op)
        self._operations.append(op)
        self._by_name[op.name] = op

    @contextlib.contextmanager
    def scratch(self) -> Iterator[None]:
        """A `with` after which the graph forgets the operations built inside.

        They stay alive, and can be run, for as long as somebody holds them. Tracing and
        exploring build their reverse passes here, so that looking at a graph never changes
        it, and a finalized graph can be looked at too.
        """
        mark, names, finalized = len(self._operations), self._names.copy(), self.finalized
        self.finalized = False
        try:
            yield
        finally:
            self.finalized = finalized
            self._names.restore(names)
            for op in reversed(self._operations[mark:]):
                del self._by_name[op.name]
                for tensor in op.inputs:
                    tensor._consumers.pop()
            del self._operations[mark:]

    @property
    def version(self) -> int:
        """A number that grows with the graph."""
        return len(self._operations)

    @property
    def next_index(self) -> int:
        """The index of the next operation; larger than `version` once something was forgotten."""
        return self._created

    def get_operations(self) -> list[Operation]:
        """All operations, in the order of creation."""
        return list(self._operations)

    def get_operation_by_name(self, name: str) -> Operation:
        """The operation of this name, such as "mul"."""
        operation: Operation = operation_named(name, self._by_name)
        return operation

    def get_tensor_by_name(self, name: str) -> Tensor:
        """The tensor of this name, such as "mul:0"."""
        tensor: Tensor = tensor_named(name, self._by_name)
        return tensor

    def as_graph_element(
        self,
        obj: Operand | Operation | str | bytes,
        allow_tensor: bool = True,
        allow_operation: bool = True,
    ) -> Tensor | Operation:
        """The tensor or operation of this graph that something is, stands for or names."""
        if isinstance(obj, str | bytes):
            name = obj.decode() if isinstance(obj, bytes) else obj
            if allow_tensor and (":" in name or not allow_operation):
                return self.get_tensor_by_name(name)
            return self.get_operation_by_name(name)
        element: Any = obj.as_graph_element() if isinstance(obj, Operand) else obj
        kinds = {"Tensor": allow_tensor, "Operation": allow_operation}
        kind = type(element).__name__
        if not isinstance(element, Tensor | Operation) or not kinds[kind]:
            wanted = " or ".join(kind for kind, allowed in kinds.items() if allowed)
            raise TypeError(f"Can not convert a {type(obj).__name__} into a {wanted}.")
        if element.graph is not self:
            raise ValueError(f"{kind} {element} is not an element of this graph.")
        return element

    def as_graph_def(self, from_version: int | None = None, add_shapes: bool = False) -> Any:
        """The graph in TensorFlow's own description, whose text form TensorFlow can run.

        Both arguments are accepted for TensorFlow's sake and ignored.
        """
        return _export(self._operations)

    def finalize(self) -> None:
        """Refuse every new operation from now on."""
        self.finalized = True

    def as_default(self) -> contextlib.AbstractContextManager[Graph]:
        """A `with` inside which operations without a tensor among their operands go here."""
        return default_graphs.holding(self)


def result_of(op: Operation) -> Any:
    """What building an operation returns: its tensor, its tensors, or itself."""
    if op.definition.many:
        return op.outputs
    return op.outputs[0] if op.outputs else op


def ancestors(
    tensors: Iterable[Tensor | Operation], stop: Iterable[Tensor] = ()
) -> list[Operation]:
    """Every operation that `tensors` depend on, in the order of creation.

    Nothing is looked for behind a tensor of `stop`.
    """
    seen: set[Operation] = set()
    cut = set(stop)
    waiting = [t.op if isinstance(t, Tensor) else t for t in tensors if t not in cut]
    while waiting:
        op = waiting.pop()
        if op not in seen:
            seen.add(op)
            waiting += [t.op for t in op.inputs if t not in cut]
            waiting += op.control_inputs
    return sorted(seen, key=lambda op: op.index)


def shape_of(tensor: Tensor) -> Any:
    """The shape of a tensor for use as an attribute: known numbers, or a tensor of them."""
    if shapes.is_known(tensor.static_shape):
        return tensor.static_shape
    return tensor.graph.apply("Shape", tensor)


def zeros_like(tensor: Tensor) -> Tensor:
    """Zeros of a tensor's shape and dtype; a constant where the shape is known."""
    shape: Any = tensor.static_shape
    if shapes.is_known(shape) and tensor.dtype is not string:
        zeros = np.zeros(shape, tensor.dtype.as_numpy_dtype)
        return tensor.graph.constant(zeros, name="zeros_like")
    return tensor.graph.apply("ZerosLike", tensor)


_export: Callable[[Sequence[Operation]], Any]


def export_with(write: Callable[[Sequence[Operation]], Any]) -> None:
    """Say what writes operations as a GraphDef of TensorFlow's; `nbgrad.tf1` does."""
    global _export
    _export = write
