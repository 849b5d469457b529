"""Tensors and operations: the nodes of a graph, without any value.

A tensor is a name for a result that some session may compute.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nbgrad import shapes
from nbgrad.dtypes import DType
from nbgrad.errors import ShapeError, advise
from nbgrad.graph.expressions import Operand, session_for
from nbgrad.registry import Effect, OpDef
from nbgrad.shapes import Shape
from nbgrad.source import SourceLine
from nbgrad.tensor_shape import TensorShape, as_shape
from nbgrad.typing import FeedDict, ShapeLike

if TYPE_CHECKING:
    from nbgrad.graph.graph import Graph
    from nbgrad.graph.graph_def import NodeDef


@dataclass(eq=False)
class Branch:
    """One side of a `cond`: its operations run only where `predicate` has this value.

    Attributes
    ----------
    outer
        The branch that the `cond` itself stands in.
    doors
        The tensors from outside, as they are called inside.
    """

    predicate: Tensor
    value: bool
    outer: Branch | None
    doors: dict[Tensor, Tensor] = field(default_factory=dict)


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
