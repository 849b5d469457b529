"""Tensors and operations: the nodes of a graph, without any value.

A tensor is a name for a result that some session may compute. Its operators build operations
in its own graph, by name: `x * y` asks the graph for a "Mul" and knows nothing of NumPy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from nbgrad import shapes
from nbgrad.defaults import DefaultStack
from nbgrad.dtypes import DType
from nbgrad.errors import OperatorNotAllowedInGraphError, ShapeError, advise
from nbgrad.registry import OpDef
from nbgrad.shapes import Shape, TensorShape
from nbgrad.source import SourceLine

if TYPE_CHECKING:
    from nbgrad.graph import Graph

#: The sessions entered with `with`; a session is anything that can `run`.
default_sessions: DefaultStack[Any] = DefaultStack()


class Operand:
    """What can stand in an expression: a tensor, or a variable that stands for one."""

    graph: Graph
    # NumPy gives way in `array * tensor`, and the tensor's __rmul__ is asked.
    __array_priority__ = 100

    def as_tensor(self) -> Tensor:
        """The tensor that this operand stands for."""
        raise TypeError(f"{type(self).__name__} stands for no tensor.")

    def __add__(self, other: Any) -> Tensor:
        return self.graph.apply("AddV2", self, other, name="add")

    def __radd__(self, other: Any) -> Tensor:
        return self.graph.apply("AddV2", other, self, name="add")

    def __sub__(self, other: Any) -> Tensor:
        return self.graph.apply("Sub", self, other, name="sub")

    def __rsub__(self, other: Any) -> Tensor:
        return self.graph.apply("Sub", other, self, name="sub")

    def __mul__(self, other: Any) -> Tensor:
        return self.graph.apply("Mul", self, other, name="mul")

    def __rmul__(self, other: Any) -> Tensor:
        return self.graph.apply("Mul", other, self, name="mul")

    def __truediv__(self, other: Any) -> Tensor:
        return self.graph.apply("RealDiv", self, other, name="truediv")

    def __rtruediv__(self, other: Any) -> Tensor:
        return self.graph.apply("RealDiv", other, self, name="truediv")

    def __floordiv__(self, other: Any) -> Tensor:
        return self.graph.apply("FloorDiv", self, other, name="floordiv")

    def __rfloordiv__(self, other: Any) -> Tensor:
        return self.graph.apply("FloorDiv", other, self, name="floordiv")

    def __mod__(self, other: Any) -> Tensor:
        return self.graph.apply("FloorMod", self, other, name="mod")

    def __rmod__(self, other: Any) -> Tensor:
        return self.graph.apply("FloorMod", other, self, name="mod")

    def __pow__(self, other: Any) -> Tensor:
        return self.graph.apply("Pow", self, other, name="pow")

    def __rpow__(self, other: Any) -> Tensor:
        return self.graph.apply("Pow", other, self, name="pow")

    def __matmul__(self, other: Any) -> Tensor:
        return self.graph.apply("MatMul", self, other, name="matmul")

    def __rmatmul__(self, other: Any) -> Tensor:
        return self.graph.apply("MatMul", other, self, name="matmul")

    def __neg__(self) -> Tensor:
        return self.graph.apply("Neg", self)

    def __abs__(self) -> Tensor:
        return self.graph.apply("Abs", self)

    def __lt__(self, other: Any) -> Tensor:
        return self.graph.apply("Less", self, other)

    def __le__(self, other: Any) -> Tensor:
        return self.graph.apply("LessEqual", self, other)

    def __gt__(self, other: Any) -> Tensor:
        return self.graph.apply("Greater", self, other)

    def __ge__(self, other: Any) -> Tensor:
        return self.graph.apply("GreaterEqual", self, other)

    def __and__(self, other: Any) -> Tensor:
        return self.graph.apply("LogicalAnd", self, other)

    def __or__(self, other: Any) -> Tensor:
        return self.graph.apply("LogicalOr", self, other)

    def __invert__(self) -> Tensor:
        return self.graph.apply("LogicalNot", self)

    def __getitem__(self, index: Any) -> Tensor:
        return self.graph.apply("StridedSlice", self, index=index, name="strided_slice")

    def __bool__(self) -> NoReturn:
        raise no_value_yet(self, "using a `tf.Tensor` as a Python `bool`", "tf.where or tf.cond")

    def __iter__(self) -> NoReturn:
        raise no_value_yet(self, "iterating over `tf.Tensor`", "tf.unstack")

    def __len__(self) -> NoReturn:
        raise TypeError(
            f"len is not well defined for symbolic Tensors. ({self.as_tensor().name}) Please call "
            "`x.shape` rather than `len(x)` for shape information."
        )

    def __array__(self, *_args: Any, **_options: Any) -> NoReturn:
        raise NotImplementedError(
            f"Cannot convert a symbolic Tensor ({self.as_tensor().name}) to a numpy array.\n"
            "It has no value until a Session runs it: use Session().run(tensor), or nbgrad's "
            "own function in place of NumPy's."
        )

    def eval(self, feed_dict: Any = None, session: Any = None) -> Any:
        """The tensor's value, computed by `session` or by the default session.

        Raises
        ------
        ValueError
            If there is neither.
        """
        session = session or default_sessions.top
        if session is None:
            raise ValueError(
                "Cannot evaluate tensor using `eval()`: No default session is registered. Use "
                "`with sess.as_default()` or pass an explicit session to `eval(session=sess)`"
            )
        return session.run(self, feed_dict)


def no_value_yet(operand: Operand, what: str, instead: str) -> OperatorNotAllowedInGraphError:
    """The error for using a tensor as if it had a value already."""
    return OperatorNotAllowedInGraphError(
        advise(
            f"{what} is not allowed in Graph execution.",
            operand.as_tensor().op,
            f"It has no value until a Session runs it. Use {instead}, or run it first.",
        )
    )


class Tensor(Operand):
    """A result of an operation, to be computed by a session.

    Tensors compare by identity and may be keys of a dictionary, such as a feed.

    Attributes
    ----------
    op, value_index
        The operation that makes it, and which of that operation's results it is.
    dtype, shape
        The type of its elements, and its shape as far as that is known.
    name
        Its name in the graph: the operation's, a colon, the index.
    """

    __slots__ = ("_consumers", "_shape", "dtype", "op", "value_index")

    def __init__(self, op: Operation, value_index: int, dtype: DType, shape: Shape) -> None:
        self.op = op
        self.value_index = value_index
        self.dtype = dtype
        self._shape = shape
        self._consumers: list[Operation] = []

    @property
    def graph(self) -> Graph:  # type: ignore[override]
        return self.op.graph

    @property
    def name(self) -> str:
        return f"{self.op.name}:{self.value_index}"

    @property
    def shape(self) -> TensorShape:
        return TensorShape(self._shape)

    @property
    def static_shape(self) -> Shape:
        """The shape as a tuple with None for unknown sizes, or None for an unknown rank."""
        return self._shape

    def get_shape(self) -> TensorShape:
        return self.shape

    def set_shape(self, shape: Any) -> None:
        """Add what is known about the shape.

        Raises
        ------
        ValueError
            If it contradicts what is known already.
        """
        try:
            self._shape = shapes.merge(self._shape, shapes.as_shape(shape))
        except ShapeError as error:
            raise ValueError(advise(str(error), self.op)) from None

    def as_tensor(self) -> Tensor:
        return self

    def consumers(self) -> list[Operation]:
        """The operations that read this tensor; one that reads it twice is listed twice."""
        return list(self._consumers)

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __str__(self) -> str:
        shape = "" if self._shape is None else f", shape={shapes.show(self._shape)}"
        return f'Tensor("{self.name}"{shape}, dtype={self.dtype.name})'

    def __repr__(self) -> str:
        shape = shapes.show(self._shape)
        return f"<tf.Tensor '{self.name}' shape={shape} dtype={self.dtype.name}>"


class Operation:
    """A node of a graph: a type of operation applied to tensors.

    Attributes
    ----------
    graph, name
        Where it stands, and what it is called there.
    inputs
        The tensors it reads: `operand_count` operands, then tensors given for attributes.
    outputs
        The tensors it makes.
    attributes
        What else determines it, such as the axis of a sum; a value may be a tensor.
    control_inputs
        Operations that must run before it.
    index
        Its position in the order of creation.
    source
        The user's line that created it.
    gradient_type
        The name of its gradient rule: its type, unless an override map was in force.
    """

    __slots__ = (
        *("attributes", "control_inputs", "definition", "gradient_type", "graph", "index"),
        *("inputs", "name", "operand_count", "outputs", "source"),
    )

    def __init__(
        self,
        graph: Graph,
        definition: OpDef,
        name: str,
        inputs: tuple[Tensor, ...],
        operand_count: int,
        attributes: dict[str, Any],
        source: SourceLine,
    ) -> None:
        self.graph = graph
        self.definition = definition
        self.name = name
        self.inputs = inputs
        self.operand_count = operand_count
        self.outputs: list[Tensor] = []
        self.attributes = attributes
        self.control_inputs: list[Operation] = []
        self.gradient_type = definition.type
        self.source = source
        self.index = -1

    @property
    def type(self) -> str:
        return self.definition.type

    @property
    def line(self) -> str:
        """Where it was created, in words: "in cell [4]: y = x * x"."""
        return str(self.source)

    def get_attr(self, name: str) -> Any:
        """An attribute by name.

        Raises
        ------
        ValueError
            If the operation has none of that name.
        """
        if name not in self.attributes:
            raise ValueError(f'Operation "{self.name}" has no attr named "{name}".')
        return self.attributes[name]

    def values(self) -> tuple[Tensor, ...]:
        return tuple(self.outputs)

    def run(self, feed_dict: Any = None, session: Any = None) -> None:
        """Run this operation in `session` or in the default session.

        Raises
        ------
        ValueError
            If there is neither.
        """
        session = session or default_sessions.top
        if session is None:
            raise ValueError(
                "Cannot execute operation using `run()`: No default session is registered. Use "
                "`with sess.as_default()` or pass an explicit session to `run(session=sess)`"
            )
        session.run(self, feed_dict)

    def __repr__(self) -> str:
        return f"<tf.Operation '{self.name}' type={self.type}>"
