"""Operations: the nodes of a graph, each a type applied to tensors."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nbgrad.graph.expressions import session_for
from nbgrad.graph.typing import FeedDict
from nbgrad.registry import Effect, OpDef
from nbgrad.source import SourceLine

if TYPE_CHECKING:
    from nbgrad.graph.graph import Graph
    from nbgrad.graph.graph_def import NodeDef
    from nbgrad.graph.tensor import Tensor


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
