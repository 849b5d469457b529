"""The variables of a graph, listed by their collections."""

from __future__ import annotations

from nbgrad.graph import get_default_graph
from nbgrad.graph.collecting import GraphKeys
from nbgrad.ops.state.variables import Variable


def global_variables(scope: str | None = None) -> list[Variable]:
    """The variables of the default graph, in the order of creation.

    Parameters
    ----------
    scope
        A regular expression that their names must begin with; None for all of them.

    Returns
    -------
    list of Variable
        Those in the collection `GraphKeys.GLOBAL_VARIABLES`.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     w, count = ng.Variable(1.0, name="w"), ng.Variable(0, trainable=False, name="count")
    ...     print([variable.name for variable in ng.global_variables()])
    ['w:0', 'count:0']
    """
    return get_default_graph().get_collection(GraphKeys.GLOBAL_VARIABLES, scope)


def local_variables(scope: str | None = None) -> list[Variable]:
    """The variables of the default graph that are listed as local, for counters and the like.

    Parameters
    ----------
    scope
        A regular expression that their names must begin with; None for all of them.

    Returns
    -------
    list of Variable
        Those in the collection `GraphKeys.LOCAL_VARIABLES`.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     hits = ng.Variable(0, collections=[ng.GraphKeys.LOCAL_VARIABLES], trainable=False)
    ...     print(len(ng.local_variables()), len(ng.global_variables()))
    1 0
    """
    return get_default_graph().get_collection(GraphKeys.LOCAL_VARIABLES, scope)


def trainable_variables(scope: str | None = None) -> list[Variable]:
    """The variables of the default graph that optimisers change by default.

    Parameters
    ----------
    scope
        A regular expression that their names must begin with; None for all of them.

    Returns
    -------
    list of Variable
        Those in the collection `GraphKeys.TRAINABLE_VARIABLES`.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     w, count = ng.Variable(1.0, name="w"), ng.Variable(0, trainable=False, name="count")
    ...     print([variable.name for variable in ng.trainable_variables()])
    ['w:0']
    """
    return get_default_graph().get_collection(GraphKeys.TRAINABLE_VARIABLES, scope)


def moving_average_variables(scope: str | None = None) -> list[Variable]:
    """The variables of the default graph that `train.ExponentialMovingAverage` follows.

    Parameters
    ----------
    scope
        A regular expression that their names must begin with; None for all of them.

    Returns
    -------
    list of Variable
        Those in the collection `GraphKeys.MOVING_AVERAGE_VARIABLES`.

    Examples
    --------
    >>> import nbgrad as ng
    >>> from nbgrad.variables.inventory import moving_average_variables
    >>> with ng.Graph().as_default():
    ...     w = ng.Variable(1.0, name="w", collections=[ng.GraphKeys.MOVING_AVERAGE_VARIABLES])
    ...     print([variable.name for variable in moving_average_variables()])
    ['w:0']
    """
    return get_default_graph().get_collection(GraphKeys.MOVING_AVERAGE_VARIABLES, scope)


def model_variables(scope: str | None = None) -> list[Variable]:
    """The variables of the default graph that a program listed as those of its model.

    Parameters
    ----------
    scope
        A regular expression that their names must begin with; None for all of them.

    Returns
    -------
    list of Variable
        Those in the collection `GraphKeys.MODEL_VARIABLES`.

    Examples
    --------
    >>> import nbgrad as ng
    >>> from nbgrad.variables.inventory import model_variables
    >>> with ng.Graph().as_default():
    ...     w = ng.Variable(1.0, name="w", collections=[ng.GraphKeys.MODEL_VARIABLES])
    ...     print([variable.name for variable in model_variables()])
    ['w:0']
    """
    return get_default_graph().get_collection(GraphKeys.MODEL_VARIABLES, scope)


# What programs from before TensorFlow 1.0 call them.
all_variables = global_variables
