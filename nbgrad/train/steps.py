"""The global step: a variable that counts the steps of training."""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrad.graph import Graph, get_default_graph
from nbgrad.graph.collecting import GraphKeys
from nbgrad.ops.state import Variable


def create_global_step(graph: Graph | None = None) -> Variable:
    """A new int64 variable "global_step", zero at first, for `minimize(…, global_step=…)`.

    Raises
    ------
    ValueError
        If the graph has one already.
    """
    graph = graph or get_default_graph()
    if get_global_step(graph) is not None:
        raise ValueError('"global_step" already exists.')
    with graph.as_default(), graph.name_scope(None):
        return Variable(
            np.int64(0),
            trainable=False,
            name="global_step",
            collections=[GraphKeys.GLOBAL_VARIABLES, GraphKeys.GLOBAL_STEP],
        )


def get_global_step(graph: Graph | None = None) -> Variable | None:
    """The graph's global step, or None."""
    found = (graph or get_default_graph()).get_collection(GraphKeys.GLOBAL_STEP)
    return found[0] if found else None


def get_or_create_global_step(graph: Graph | None = None) -> Variable:
    """The graph's global step, made now where there is none yet."""
    found = get_global_step(graph)
    return create_global_step(graph) if found is None else found


def global_step(sess: Any, global_step_tensor: Any) -> int:
    """The number of steps that a session has trained."""
    return int(sess.run(global_step_tensor))
