"""Giving variables their initial values, and asking which have none yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from nbgrad.graph import Operand, Operation, Tensor, graph_of
from nbgrad.ops.define import operation
from nbgrad.ops.programs.control import group
from nbgrad.ops.state.variables import Variable
from nbgrad.registry import Effect
from nbgrad.variables.inventory import global_variables, local_variables


def variables_initializer(var_list: Iterable[Variable], name: str = "init") -> Operation:
    """An operation that gives each variable of a list its initial value.

    Parameters
    ----------
    var_list
        The variables.
    name
        The name of the operation.

    Returns
    -------
    Operation
        To be run once in each session.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default(), ng.Session() as session:
    ...     w = ng.Variable(3.0)
    ...     session.run(ng.variables_initializer([w]))
    ...     print(session.run(w))
    3.0
    """
    return group(*(variable.initializer for variable in var_list), name=name)


def global_variables_initializer() -> Operation:
    """An operation that gives every variable created so far its initial value.

    A variable created later is not covered: build this last.

    Returns
    -------
    Operation
        To be run once in each session.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default(), ng.Session() as session:
    ...     w = ng.Variable(3.0)
    ...     session.run(ng.global_variables_initializer())
    ...     print(session.run(w))
    3.0
    """
    return variables_initializer(global_variables())


def local_variables_initializer() -> Operation:
    """An operation that gives every local variable created so far its initial value.

    Returns
    -------
    Operation
        To be run once in each session, for the collection `GraphKeys.LOCAL_VARIABLES`.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default(), ng.Session() as session:
    ...     hits = ng.Variable(7, collections=[ng.GraphKeys.LOCAL_VARIABLES], trainable=False)
    ...     session.run(ng.local_variables_initializer())
    ...     print(session.run(hits))
    7
    """
    return variables_initializer(local_variables(), name="init")


initialize_all_variables = global_variables_initializer
initialize_local_variables = local_variables_initializer
initialize_variables = variables_initializer


def is_variable_initialized(variable: Operand) -> Tensor:
    """Whether a variable has a value in the session that runs this.

    Parameters
    ----------
    variable
        The variable.

    Returns
    -------
    Tensor
        A scalar of truth value.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     print(ng.Session().run(ng.is_variable_initialized(ng.Variable(3.0))))
    False
    """
    ref = variable.as_graph_element() if isinstance(variable, Operand) else variable
    result: Tensor = graph_of(variable).apply("IsVariableInitialized", ref)
    return result


@operation(
    "UninitializedNames",
    dtypes="A->string",
    shape=lambda *_refs, names: (None,),
    effect=Effect.PEEKS,
    symbol="not ready",
)
def _uninitialized_names(*refs: Any, names: Sequence[str]) -> np.ndarray:
    missing = [name.encode() for name, value in zip(names, refs, strict=True) if value is None]
    return np.array(missing, dtype=object)


def report_uninitialized_variables(
    var_list: Iterable[Variable] | None = None, name: str = "report_uninitialized_variables"
) -> Tensor:
    """The names of those variables that have no value in the session that runs this.

    Parameters
    ----------
    var_list
        The variables to ask after; by default all of the default graph, local ones too.
    name
        The name of the operation.

    Returns
    -------
    Tensor
        A vector of text, its length unknown before the run.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     w = ng.Variable(3.0, name="w")
    ...     print(ng.Session().run(ng.report_uninitialized_variables()))
    [b'w']
    """
    variables = global_variables() + local_variables() if var_list is None else list(var_list)
    refs = [variable.as_graph_element() for variable in variables]
    names = (*(variable.op.name for variable in variables),)
    result: Tensor = graph_of(*refs).apply("UninitializedNames", *refs, names=names, name=name)
    return result
