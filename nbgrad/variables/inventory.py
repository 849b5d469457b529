"""The variables of a graph: listing them, giving them their initial values, asking after them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from nbgrad.graph import Operand, Operation, Tensor, get_default_graph, graph_of
from nbgrad.graph.collecting import GraphKeys
from nbgrad.ops.control import group
from nbgrad.ops.define import operation
from nbgrad.ops.state import Variable


def global_variables(scope: str | None = None) -> list[Variable]:
    """The variables of the default graph, in the order of creation."""
    return get_default_graph().get_collection(GraphKeys.GLOBAL_VARIABLES, scope)


def local_variables(scope: str | None = None) -> list[Variable]:
    """Those in the collection `LOCAL_VARIABLES`, for counters and the like."""
    return get_default_graph().get_collection(GraphKeys.LOCAL_VARIABLES, scope)


def trainable_variables(scope: str | None = None) -> list[Variable]:
    """Those that optimisers change by default."""
    return get_default_graph().get_collection(GraphKeys.TRAINABLE_VARIABLES, scope)


def variables_initializer(var_list: Iterable[Variable], name: str = "init") -> Operation:
    """An operation that gives each variable of a list its initial value."""
    return group(*(variable.initializer for variable in var_list), name=name)


def global_variables_initializer() -> Operation:
    """An operation that gives every variable created so far its initial value.

    A variable created later is not covered: build this last.
    """
    return variables_initializer(global_variables())


def local_variables_initializer() -> Operation:
    """The same for the collection `LOCAL_VARIABLES`."""
    return variables_initializer(local_variables(), name="init")


# What programs from before TensorFlow 1.0 call them.
all_variables = global_variables
initialize_all_variables = global_variables_initializer
initialize_local_variables = local_variables_initializer
initialize_variables = variables_initializer


def is_variable_initialized(variable: Any) -> Tensor:
    """Whether a variable has a value in the session that runs this."""
    ref = variable.as_graph_element() if isinstance(variable, Operand) else variable
    result: Tensor = graph_of(variable).apply("IsVariableInitialized", ref)
    return result


@operation(
    "UninitializedNames",
    dtypes="A->string",
    shape=lambda *_refs, names: (None,),
    stateful="peeks",
    symbol="not ready",
)
def _uninitialized_names(*refs: Any, names: Sequence[str]) -> np.ndarray:
    missing = [name.encode() for name, value in zip(names, refs, strict=True) if value is None]
    return np.array(missing, dtype=object)


def report_uninitialized_variables(
    var_list: Iterable[Variable] | None = None, name: str = "report_uninitialized_variables"
) -> Tensor:
    """The names of those variables that have no value in the session that runs this."""
    variables = global_variables() + local_variables() if var_list is None else list(var_list)
    refs = [variable.as_graph_element() for variable in variables]
    names = (*(variable.op.name for variable in variables),)
    result: Tensor = graph_of(*refs).apply("UninitializedNames", *refs, names=names, name=name)
    return result
