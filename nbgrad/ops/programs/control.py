"""Order without values: operations that only wait for others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nbgrad.graph import Graph, Operand, Operation, Tensor, get_default_graph, graph_of
from nbgrad.ops.copying.repetition import identity
from nbgrad.ops.define import operation


@operation("NoOp", dtypes="->", symbol="·")
def _no_op():
    return None


def no_op(name: str | None = None) -> Operation:
    """An operation that does nothing, after its control dependencies.

    Parameters
    ----------
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Operation
        Fetched, it gives None.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.no_op()))
    None
    """
    result: Operation = get_default_graph().apply("NoOp", name=name)
    return result


def group(*inputs: Any, name: str | None = None) -> Operation:
    """An operation that runs all of its inputs.

    Parameters
    ----------
    *inputs : Tensor, Variable or Operation, or lists of them
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Operation
        Fetched, it gives None.

    Raises
    ------
    TypeError
        If one of the inputs is no tensor, variable or operation.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default(), ng.Session() as session:
    ...     a, b = ng.Variable(1.0), ng.Variable(2.0)
    ...     session.run(ng.group(a.initializer, b.initializer))
    ...     print(session.run(a + b))
    3.0
    """
    flat = [item for i in inputs for item in (i if isinstance(i, list | tuple) else [i])]
    for item in flat:
        if not isinstance(item, Operand | Operation):
            raise TypeError(
                f"Expected tf.group() expected Tensor arguments not '{item}' with type "
                f"'{type(item)}'\nIt takes tensors, variables and operations."
            )
    graph = home_of(flat)
    with graph.control_dependencies(flat):
        result: Operation = graph.apply("NoOp", name=name or "group_deps")
    return result


def tuple_(
    tensors: Sequence[Any], name: str | None = None, control_inputs: Sequence[Any] | None = None
) -> list[Tensor | None]:
    """The tensors of a list, none of which is to be had before all are computed.

    Parameters
    ----------
    tensors : list of Tensor or None
    name : str, optional
        What the operations are called in the graph.
    control_inputs : list of Tensor or Operation, optional
        What must have run before, too.

    Returns
    -------
    list of Tensor or None
        Of the same dtypes and shapes; what was None is None still.

    Raises
    ------
    ValueError
        If the list holds no tensor at all.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(*session.run(tf.tuple([tf.constant(1.0), tf.constant(2.0)])))
    1.0 2.0
    """
    present = [tensor for tensor in tensors if tensor is not None]
    if not present:
        raise ValueError(f"Must have at least one Tensor: {[*tensors]}")
    graph = home_of(present)
    with graph.name_scope(name or "tuple"):
        with graph.control_dependencies([*present, *(control_inputs or ())]):
            gate = graph.apply("NoOp", name="group_deps")
        with graph.control_dependencies([gate]):
            return [None if t is None else identity(t, name="control_dependency") for t in tensors]


def home_of(items: Sequence[Any]) -> Graph:
    """The graph of the first tensor or operation in a list."""
    for item in items:
        if isinstance(item, Operation):
            return item.graph
    return graph_of(*items)
