"""Graphs, tensors and operations: what is to be computed, and nothing of how."""

from nbgrad.graph.default_graph import apply, get_default_graph, graph_of, reset_default_graph
from nbgrad.graph.defaults import default_sessions
from nbgrad.graph.expressions import Operand, session_for
from nbgrad.graph.graph import Graph
from nbgrad.graph.graph_def import name_of
from nbgrad.graph.operation import Branch, Operation
from nbgrad.graph.tensor import Tensor, shape_of
from nbgrad.graph.traversal import ancestors

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
