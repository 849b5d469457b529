"""TensorFlow 1's face: its names, its argument orders, and what it keeps around a graph.

An argument without a type takes what TensorFlow's does: a tensor, an array, numbers, a list. An
older name stands for today's, as `dim` for `axis`, `keep_dims` for `keepdims`, `input` for `value`,
`filters` for `filter`. What matters to devices or to speed alone is taken, and has no effect;
`name` is what the operation is called in the graph.

- `tensors`, `math`, `linalg`, `random`, `nn` with `convolution`, `losses`: functions made of
  operations. What TensorFlow has as a module (`tf.math`, …) is the module here.
- `base_layer`, `layers`: layers that make variables; `rnn_cell`: recurrent cells.
- `variables`, `initializers`, `variable_scope`: what a graph remembers; `summary`: scalars.
- `control`: branches, order, Python functions; `loops`: what is unrolled, cells too.
- `debugging`: assertions; `metrics`: averages over batches.
- `signatures`: TensorFlow's order of arguments; `graph_def`, `export`: a graph as a GraphDef.
"""

import importlib
from collections.abc import Sequence
from types import ModuleType
from typing import TYPE_CHECKING

from nbgrad.core.face import export_with
from nbgrad.core.graph import Operation

if TYPE_CHECKING:
    from nbgrad.tf1.graph_def import GraphDef


#: What `tf` has as modules, each of which loads when it is first named.
MODULES = {"debugging", "initializers", "layers", "linalg", "losses"}
MODULES |= {"math", "metrics", "nn", "random", "summary"}


def __getattr__(name: str) -> ModuleType:
    if name in MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def graph_def(operations: Sequence[Operation]) -> "GraphDef":
    """The GraphDef of some operations; the writer is imported when it is first needed."""
    from nbgrad.tf1.export import NodeWriter

    return NodeWriter().operations(operations)


export_with(graph_def)
