"""TensorFlow 1's face: its names, its order of arguments, its descriptions of graphs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nbgrad.core.graph import Operation, export_with

if TYPE_CHECKING:
    from nbgrad.tf1.export import GraphDef


def graph_def(operations: Sequence[Operation]) -> "GraphDef":
    """The GraphDef of some operations; what writes it loads when it is first needed."""
    from nbgrad.tf1.export import Writer

    return Writer().operations(operations)


export_with(graph_def)
