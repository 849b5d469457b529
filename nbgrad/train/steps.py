"""The global step: a variable that counts the steps of training."""

from __future__ import annotations

import numpy as np

from nbgrad.graph import Graph, Operand, get_default_graph
from nbgrad.graph.collecting import GraphKeys
from nbgrad.ops.state.variables import Variable
from nbgrad.session import Session


def create_global_step(graph: Graph | None = None) -> Variable:
    """A new variable that counts the steps of training, for `minimize(…, global_step=…)`.

    Parameters
    ----------
    graph
        By default the default graph.

    Returns
    -------
    Variable
        "global_step", a scalar of int64 that begins with zero and is not trained.

    Raises
    ------
    ValueError
        If the graph has one already.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     print(ng.train.create_global_step().name)
    global_step:0
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
    """The variable that counts the steps of training.

    Parameters
    ----------
    graph
        By default the default graph.

    Returns
    -------
    Variable or None
        None where the graph has none.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     print(ng.train.get_global_step())
    None
    """
    found = (graph or get_default_graph()).get_collection(GraphKeys.GLOBAL_STEP)
    return found[0] if found else None


def get_or_create_global_step(graph: Graph | None = None) -> Variable:
    """The variable that counts the steps of training, made now where there is none yet.

    Parameters
    ----------
    graph
        By default the default graph.

    Returns
    -------
    Variable
        A scalar of int64.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     step = ng.train.get_or_create_global_step()
    ...     print(ng.train.get_or_create_global_step() is step)
    True
    """
    found = get_global_step(graph)
    return create_global_step(graph) if found is None else found


def global_step(sess: Session, global_step_tensor: Operand | str) -> int:
    """The number of steps that a session has trained.

    Parameters
    ----------
    sess
        The session.
    global_step_tensor
        The variable that counts them.

    Returns
    -------
    int
        Its value in that session.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default(), ng.Session() as session:
    ...     step, w = ng.train.create_global_step(), ng.Variable(3.0)
    ...     descent = ng.train.GradientDescentOptimizer(0.25).minimize(w * w, global_step=step)
    ...     session.run(ng.global_variables_initializer())
    ...     session.run(descent)
    ...     print(ng.train.global_step(session, step))
    1
    """
    return int(sess.run(global_step_tensor))
