"""The graph of a new operation: that of its operands, or else the default graph."""

from __future__ import annotations

from typing import Any

from nbgrad.core.graph import Graph, Operand
from nbgrad.core.operands import tensors_in
from nbgrad.core.scopes import default_graphs
from nbgrad.core.typing import TensorLike


def apply(op_type: str, *operands: TensorLike, name: str | None = None, **attributes: Any) -> Any:
    """Build an operation by the name of its type, in the graph of its operands.

    Parameters
    ----------
    op_type
        A registered type, such as "Mul"; `nbgrad.operations()` lists them.
    *operands
        Tensors, or what becomes constants.
    name
        The name of the operation, by default its type's.
    **attributes
        What else determines it, such as the axis of a sum.

    Returns
    -------
    Tensor, list of Tensor or Operation
        Its result; a list where there are several, the operation itself where there is none.

    Raises
    ------
    LookupError
        If there is no such type.
    TypeError, ValueError
        If operands or attributes do not fit it, or each other.

    Examples
    --------
    >>> print(ng.apply("Mul", ng.constant(3.0), 2.0))
    Tensor("Mul:0", shape=(), dtype=float32)
    """
    graph = graph_of(*operands, *attributes.values())
    return graph.apply(op_type, *operands, name=name, **attributes)


def graph_of(*values: Any) -> Graph:
    """The graph of the first tensor among `values`, or the default graph."""
    for value in values:
        if isinstance(value, Operand):
            return value.graph
        for tensor in tensors_in(value):
            return tensor.graph
    return get_default_graph()


_first_graph = Graph()


def get_default_graph() -> Graph:
    """The graph that new operations go to, where no operand says otherwise.

    It is the innermost one entered with `with graph.as_default()`, or the first of all.

    Examples
    --------
    >>> with tf.Graph().as_default() as graph:
    ...     print(tf.get_default_graph() is graph)
    True
    """
    return default_graphs.top or _first_graph


def reset_default_graph() -> None:
    """Start over with an empty default graph; not inside `with graph.as_default():`.

    Examples
    --------
    >>> tf.reset_default_graph()
    >>> tf.get_default_graph().get_operations()
    []
    """
    global _first_graph
    if default_graphs.items:
        raise AssertionError(
            "Do not use tf.reset_default_graph() to clear nested graphs. If you need a cleared "
            "graph, exit the nesting and create a new graph."
        )
    _first_graph = Graph()
