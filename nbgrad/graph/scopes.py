"""The scopes and collections of the default graph, as functions: `with tf.name_scope("layer"):`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import Any

from nbgrad.graph.graph import get_default_graph, graph_of


def name_scope(
    name: str | None, default_name: str | None = None, values: Iterable[Any] | None = None
) -> contextlib.AbstractContextManager[str]:
    """Names given inside begin with "name/"; yields that prefix.

    Parameters
    ----------
    name
        The scope; where it is None, `default_name`.
    values
        Tensors whose graph it is; by default the default graph.
    """
    graph = graph_of(*(values or ()))
    return graph.name_scope(default_name if name is None else name)


def control_dependencies(
    control_inputs: Iterable[Any] | None,
) -> contextlib.AbstractContextManager[None]:
    """Operations created inside run after `control_inputs`; see `Graph.control_dependencies`."""
    return get_default_graph().control_dependencies(control_inputs)


def add_to_collection(name: Any, value: Any) -> None:
    """Append `value` to a named list of the default graph."""
    get_default_graph().add_to_collection(name, value)


def add_to_collections(names: Any, value: Any) -> None:
    """Append `value` to several named lists of the default graph."""
    get_default_graph().add_to_collections(names, value)


def get_collection(key: Any, scope: str | None = None) -> list[Any]:
    """A copy of a named list of the default graph."""
    return get_default_graph().get_collection(key, scope)


def get_collection_ref(key: Any) -> list[Any]:
    """A named list of the default graph itself."""
    return get_default_graph().get_collection_ref(key)
