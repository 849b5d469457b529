"""Operations: the nodes of a graph, each a type applied to tensors."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeAlias, TypeVar

from nbgrad.core import shapes
from nbgrad.core.dtypes import DType, float64
from nbgrad.core.errors import OperatorNotAllowedInGraphError, ShapeError, advise
from nbgrad.core.registry import Effect, OpDef
from nbgrad.core.shapes import Shape, ShapeLike, TensorShape, as_shape, is_known
from nbgrad.core.source import SourceLine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from nbgrad.core.graph import Graph
    from nbgrad.tf1.export import NodeDef


@dataclass(eq=False)
class Branch:
    """One side of a `cond`: its operations run only where `predicate` has this value.

    Attributes
    ----------
    outer
        The branch that the `cond` itself stands in.
    switches
        The tensors from outside, as they are called inside.
    """

    predicate: Tensor
    value: bool
    outer: Branch | None
    switches: dict[Tensor, Tensor] = field(default_factory=dict)


class Operation:
    """A node of a graph: a type of operation applied to tensors.

    Parameters
    ----------
    graph, name
        Where it stands, and what it is called there.
    definition
        What its type means: an entry of the registry.
    inputs, operand_count
        The tensors it reads: `operand_count` operands, then tensors given for attributes.
    attributes
        What else determines it, such as the axis of a sum; a value may be a tensor.
    source
        The user's line that created it.

    Attributes
    ----------
    outputs
        The tensors it makes.
    control_inputs
        Operations that must run before it.
    index
        Its position in the order of creation.
    gradient_type
        The name of its gradient rule: its type, unless an override map was in force.
    branch
        The branch of a `cond` it belongs to, None for what always runs.
    device
        Always "": NumPy computes where Python runs.
    """

    __slots__ = (
        *("attributes", "branch", "control_inputs", "definition", "gradient_type", "graph"),
        *("index", "inputs", "name", "operand_count", "outputs", "source"),
    )
    device = ""

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
        self.control_inputs: tuple[Operation, ...] = ()
        self.gradient_type = definition.type
        self.branch: Branch | None = None
        self.source = source
        self.index = -1

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

    def get_attr(self, name: str) -> Any:
        """An attribute by name.

        Parameters
        ----------
        name
            As nbgrad or as TensorFlow calls it.

        Returns
        -------
        object
            Its value.

        Raises
        ------
        ValueError
            If the operation has none of that name.
        """
        if name in self.attributes:
            return self.attributes[name]
        with contextlib.suppress(NotImplementedError, KeyError):
            return self.node_def.attr[name]
        raise ValueError(f"Operation {self.name!r} has no attr named {name!r}.")

    @property
    def node_def(self) -> NodeDef:
        """Its node in TensorFlow's own description of graphs.

        Raises
        ------
        NotImplementedError
            If TensorFlow has no counterpart of it.
        """
        return self.graph.node_def_of(self)

    def values(self) -> tuple[Tensor, ...]:
        """The tensors it makes, as a tuple.

        Returns
        -------
        tuple of Tensor
            Those in `outputs`.
        """
        return tuple(self.outputs)

    def run(self, feed_dict: FeedDict | None = None, session: Any = None) -> None:
        """Run this operation.

        Parameters
        ----------
        feed_dict
            Values for tensors, as for `Session.run`.
        session
            By default the default session.

        Raises
        ------
        ValueError
            If there is no session.
        """
        session = session_for(session, "Cannot execute operation using `run()`", "run", ":")
        session.run(self, feed_dict)

    def __str__(self) -> str:
        try:
            return str(self.node_def)
        except NotImplementedError:
            return repr(self)

    def __repr__(self) -> str:
        return f"<tf.Operation '{self.name}' type={self.type}>"


class Operand:
    """What can stand in an expression: a tensor, or a variable that stands for one."""

    graph: Graph
    # NumPy gives way in `array * tensor`, and the tensor's __rmul__ is asked.
    __array_priority__ = 100

    def as_tensor(self) -> Tensor:
        """The tensor that this operand stands for."""
        raise TypeError(f"{type(self).__name__} stands for no tensor.")

    def as_graph_element(self) -> Tensor:
        """What a session fetches and feeds, and what `gradients` differentiates with respect to."""
        return self.as_tensor()

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
        return self.graph.apply("RealDiv", *as_real(self, other), name="truediv")

    def __rtruediv__(self, other: Any) -> Tensor:
        return self.graph.apply("RealDiv", *as_real(other, self), name="truediv")

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
        return self.graph.apply("LogicalAnd", self, other, name="and")

    def __or__(self, other: Any) -> Tensor:
        return self.graph.apply("LogicalOr", self, other, name="or")

    def __xor__(self, other: Any) -> Tensor:
        return self.graph.apply("LogicalXor", self, other, name="xor")

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

    def eval(self, feed_dict: FeedDict | None = None, session: Any = None) -> Any:
        """The value of this tensor or variable, as a session computes it.

        Parameters
        ----------
        feed_dict
            Values for tensors, as for `Session.run`.
        session
            By default the default session.

        Returns
        -------
        ndarray or NumPy scalar
            Of its shape and dtype.

        Raises
        ------
        ValueError
            If there is no session.
        """
        session = session_for(session, "Cannot evaluate tensor using `eval()`", "eval")
        return session.run(self, feed_dict)


def as_real(x: Any, y: Any) -> list[Any]:
    """Two operands of a true division: tensors of integers become float64.

    Raises
    ------
    TypeError
        If one is a tensor of integers and the other a number with a fraction.
    """
    integers = [
        isinstance(value, Operand) and value.as_tensor().dtype.is_integer for value in (x, y)
    ]
    if any(integers) and any(isinstance(value, float) for value in (x, y)):
        raise TypeError(
            "x and y must have the same dtype, got tf.int32 != tf.float32\nUse tf.cast."
        )
    return [
        value.graph.apply("Cast", value, dtype=float64) if integer else value
        for value, integer in zip((x, y), integers, strict=True)
    ]


def no_value_yet(operand: Operand, what: str, instead: str) -> OperatorNotAllowedInGraphError:
    """The error for using a tensor as if it had a value already."""
    return OperatorNotAllowedInGraphError(
        advise(
            f"{what} is not allowed in Graph execution. Use Eager execution or decorate this "
            "function with @tf.function.",
            operand.as_tensor().op,
            f"nbgrad knows neither: use {instead}, or run the tensor in a Session first.",
        )
    )


def session_for(session: Any, problem: str, method: str, colon: str = "") -> Any:
    """`session`, or else the default one.

    Raises
    ------
    ValueError
        If there is neither.
    """
    found = session or default_sessions.top
    if found is None:
        raise ValueError(
            f"{problem}: No default session is registered. Use `with sess.as_default(){colon}` or "
            f"pass an explicit session to `{method}(session=sess)`"
        )
    return found


class Tensor(Operand):
    """A result of an operation, to be computed by a session.

    Tensors compare by identity and may be keys of a dictionary, such as a feed.

    Parameters
    ----------
    op, value_index
        The operation that makes it, and which of that operation's results it is.
    dtype, shape
        The type of its elements, and its shape as far as that is known.

    Attributes
    ----------
    static_shape
        The shape as a tuple with None for unknown sizes, or None for an unknown rank.
    name
        Its name in the graph: the operation's, a colon, the index.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     x = ng.placeholder(ng.float32, [None, 3], name="x")
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
    def graph(self) -> Graph:  # type: ignore[override]
        """The graph it belongs to."""
        return self.op.graph

    @property
    def name(self) -> str:
        """Its name in the graph: the operation's, a colon, the index."""
        return f"{self.op.name}:{self.value_index}"

    @property
    def shape(self) -> TensorShape:
        """Its shape as far as that is known."""
        return TensorShape(self.static_shape)

    @property
    def device(self) -> str:
        """The device of its operation: "", NumPy computes where Python runs."""
        return self.op.device

    def get_shape(self) -> TensorShape:
        """Its shape as far as that is known, which is also `shape`.

        Returns
        -------
        TensorShape
            A new one, to be asked only: `set_shape` adds to what is known.
        """
        return self.shape

    def set_shape(self, shape: ShapeLike) -> None:
        """Add what is known about the shape.

        Parameters
        ----------
        shape
            Sizes, None for those that are not known.

        Raises
        ------
        ValueError
            If it contradicts what is known already.
        """
        try:
            known = as_shape(shape)
            shapes.assigned(self.static_shape, known)
            self.static_shape = shapes.merge(self.static_shape, known)
        except ShapeError as error:
            raise ValueError(advise(str(error), self.op)) from None

    def as_tensor(self) -> Tensor:
        return self

    def consumers(self) -> list[Operation]:
        """The operations that read this tensor; one that reads it twice is listed twice.

        Returns
        -------
        list of Operation
            In the order of creation.
        """
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
        place = self.op.definition.effect in (Effect.HOLDS, Effect.SETS, Effect.CHANGES)
        return f"{self.dtype.name}_ref" if place else self.dtype.name


def shape_of(tensor: Tensor) -> Any:
    """The shape of a tensor for use as an attribute: known numbers, or a tensor of them."""
    if is_known(tensor.static_shape):
        return tensor.static_shape
    return tensor.graph.apply("Shape", tensor)


TensorLike: TypeAlias = "Operand | npt.ArrayLike | Sequence[Any]"


"""A tensor or a variable, or what becomes a constant: numbers, text, arrays, nested lists of them.

A list may hold tensors too, all of one dtype; they are stacked. Python's floats become float32 and
its integers int32 (int64 where they need it), unless a tensor beside them asks for another type.
"""


ArrayLike: TypeAlias = "npt.ArrayLike"


"""A value that is known now: a number, text, an array, or nested lists of them."""


Tensors: TypeAlias = "Operand | Sequence[Operand]"


"""A tensor or a variable, or a flat list of them: the ys and the xs of `gradients`."""


InitializerLike: TypeAlias = "TensorLike | Callable[..., TensorLike] | type[Any]"


"""The start of a variable: a function of shape and dtype, such as `zeros_initializer()`.

Or its class, `zeros_initializer`; or a function of nothing, or the initial value itself.
"""


Fetches: TypeAlias = "Operand | Operation | str | Sequence[Fetches] | Mapping[Any, Fetches] | None"


"""What a session is asked for: a tensor, a variable, an operation or the name of one.

Or a list, tuple, named tuple or dictionary of these, nested as you like; the values come back in
the same structure. None is what `gradients` may give; a session refuses it, and says why it is so.
"""


FeedDict: TypeAlias = "Mapping[Any, Any]"


"""Values for a run: from tensors, variables or names of tensors to numbers, arrays or lists.

A key may also be a tuple of tensors, and its value a tuple of as many values.
"""


Setting: TypeAlias = "TensorLike | Callable[[], TensorLike]"


"""A setting of an optimiser, a scalar: a number, a tensor, or a function that returns either.

A tensor, such as a placeholder or a decay, is read again in every step; a function is called once,
while the graph is built.
"""


T = TypeVar("T")


class DefaultStack(threading.local, Generic[T]):
    """A stack of defaults, one for each thread."""

    def __init__(self) -> None:
        self.items: list[T] = []

    @property
    def top(self) -> T | None:
        return self.items[-1] if self.items else None

    @contextlib.contextmanager
    def holding(self, item: T) -> Iterator[T]:
        """`item` is the default inside the `with`."""
        self.items.append(item)
        try:
            yield item
        finally:
            # By identity and from the end: interactive sessions may close in any order.
            position = max(i for i, held in enumerate(self.items) if held is item)
            del self.items[position]


default_graphs: DefaultStack[Graph] = DefaultStack()


#: The sessions entered with `with`; a session is anything that can `run`.
default_sessions: DefaultStack[Any] = DefaultStack()
