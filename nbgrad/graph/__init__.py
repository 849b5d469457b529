"""Graphs, tensors and operations: what is to be computed, and nothing of how."""

from nbgrad.graph.expressions import Operand, default_sessions, session_for
from nbgrad.graph.graph import (
    Graph,
    ancestors,
    apply,
    get_default_graph,
    graph_of,
    reset_default_graph,
    shape_of,
)
from nbgrad.graph.graph_def import name_of
from nbgrad.graph.tensor import Branch, Operation, Tensor

__all__ = [
    "Branch",
    "Graph",
    "Operand",
    "Operation",
    "Tensor",
    "ancestors",
    "apply",
    "default_sessions",
    "get_default_graph",
    "graph_of",
    "name_of",
    "reset_default_graph",
    "session_for",
    "shape_of",
]
