"""Graphs: operations, the tensors that they make, and the order in which they were created.

An operation is a type (see `registry`) applied to tensors, a tensor is one of its results. No
value is kept here: values belong to the runs of a session.

A graph only grows at its end, so whatever reads a tensor was created after it: the order of
creation is a topological order. Nothing sorts, and nothing recurses.

Read `Graph.apply`. What TensorFlow's users find beside, `face` has; names, and what the
`with` blocks around a line do, stand in `scopes`, and operands become tensors in `operands`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from nbgrad.core.dtypes import DType, as_dtype, constant_array
from nbgrad.core.errors import user_lines
from nbgrad.core.face import GraphFace, OperationFace, TensorFace
from nbgrad.core.operands import operand_tensors, outputs_of
from nbgrad.core.operators import Operators, tensors_in
from nbgrad.core.registry import OpDef, definition_of
from nbgrad.core.scopes import Scopes, default_graphs
from nbgrad.core.shapes import Shape, is_known
from nbgrad.core.traits import Effect


class Graph(GraphFace["Tensor", "Operation"], Scopes):
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

    def __init__(self) -> None:
        super().__init__()
        self._operations: list[Operation] = []
        self._collections: dict[Any, list[Any]] = {}
        self.next_index = 0  # counts what was forgotten, too: no two operations share an index
        self.finalized = False
        self.seed: int | None = None
        self.reasons_for_none: deque[Callable[[], list[Any]]] = deque(maxlen=4)

    def apply(self, op_type: str, *values: Any, name: str | None = None, **attributes: Any) -> Any:
        """Build an operation in this graph, as `nbgrad.apply` does in that of its operands."""
        return self.add(definition_of(op_type), values, name, attributes)

    def add(
        self, definition: OpDef, values: tuple[Any, ...], name: str | None, given: dict[str, Any]
    ) -> Any:
        """The same for a type of operation whose definition is at hand."""
        if self.finalized:
            raise RuntimeError("Graph is finalized and cannot be modified.")
        names = self.names
        name = names.unique(name) if name else names.claim(definition.default_name)
        inputs = values
        for value in values:
            if type(value) is not Tensor or value.graph is not self:  # most are
                inputs = operand_tensors(definition, values, self, name)
                break
        if self._uses_branches:
            inputs = self._inside_branch(definition, inputs)
        attributes = definition.attributes  # shared by all that are given none
        if given:
            if unknown := given.keys() - attributes.keys():
                raise TypeError(f"{definition.type!r} has no attribute {sorted(unknown)[0]!r}.")
            attributes = attributes | given
        if attributes:
            inputs += tuple(tensors_in(tuple(attributes.values())))
        op = Operation(self, definition, name, inputs, len(values), attributes)
        outputs = op.outputs = [
            Tensor(op, i, dtype, shape) for i, (dtype, shape) in enumerate(outputs_of(op))
        ]
        if self._controllers or self._overrides:
            self._put_in_scope(op)
        self.next_index += 1
        self._operations.append(op)
        # Its tensor, its tensors, or itself where it makes none.
        return outputs if definition.dtypes.many else outputs[0] if outputs else op

    def constant(self, value: Any, dtype: DType | None = None, name: str = "Const") -> Tensor:
        """A constant of this graph, read-only: what is shared must not change."""
        array = constant_array(value, dtype)
        array.flags.writeable = False
        return self.apply("Const", value=array, dtype=dtype or as_dtype(array.dtype), name=name)


class Operation(OperationFace["Tensor"]):
    """A node of a graph: a type of operation applied to tensors."""

    __slots__ = (
        *("graph", "definition", "name", "inputs", "operand_count", "attributes", "index"),
        *("gradient_type", "source", "caller", "branch", "outputs", "control_inputs"),
    )
    outputs: list[Tensor]

    def __init__(
        self,
        graph: Graph,
        definition: OpDef,
        name: str,
        inputs: tuple[Tensor, ...],
        operand_count: int,
        attributes: dict[str, Any],
    ) -> None:
        self.graph = graph
        self.definition = definition  # what its type means: an entry of the registry
        self.name = name
        self.inputs = inputs  # its operands, and then the tensors given for attributes
        self.operand_count = operand_count
        self.attributes = attributes  # what else determines it, such as the axis of a sum
        self.index = graph.next_index  # its position in the order of creation
        self.gradient_type = definition.type  # the name of its rule; a map may override it
        self.branch = graph.branch  # the side of a `cond` it belongs to, None for what always runs
        self.control_inputs: tuple[Operation, ...] = ()  # what must run before it
        # The user's line that created it, and that of the user's function that it stands in.
        self.source, self.caller = graph.lines or user_lines(above=3)

    @property
    def type(self) -> str:
        """The type of operation, such as "Mul"."""
        return self.definition.type

    @property
    def effect(self) -> Effect:
        """Its needs and effects besides computing results from operands."""
        return self.definition.effect

    @property
    def is_variable(self) -> bool:
        """Whether it is a variable itself, not one of its readings."""
        return self.effect is Effect.HOLDS


class Operand(Operators["Tensor"]):
    """An operand of an expression: a tensor, or a variable that stands for one."""

    graph: Graph

    def as_tensor(self) -> Tensor:
        """The tensor that it is or stands for."""
        raise TypeError(f"{type(self).__name__} stands for no tensor.")


class Tensor(TensorFace, Operand):
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
        self.graph = op.graph
        self.value_index = value_index
        self.dtype = dtype
        self.static_shape = shape

    def as_tensor(self) -> Tensor:
        return self


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
    if is_known(tensor.static_shape):
        return tensor.static_shape
    return tensor.graph.apply("Shape", tensor)


def graph_of(*values: Any) -> Graph:
    """The graph of the first tensor among `values`, or the default graph."""
    for value in values:
        if isinstance(value, Operand):
            return value.graph
        for tensor in tensors_in(value):
            return tensor.graph
    return get_default_graph()


first_graph = Graph()  # `nbgrad.core.notebook` puts another one in its place


def get_default_graph() -> Graph:
    """The graph that new operations go to, where no operand says otherwise.

    It is the innermost one entered with `with graph.as_default()`, or the first of all.

    Examples
    --------
    >>> with tf.Graph().as_default() as graph:
    ...     print(tf.get_default_graph() is graph)
    True
    """
    return default_graphs.top or first_graph
