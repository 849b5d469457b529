"""The scopes and collections of the default graph, as functions: `with tf.name_scope("layer"):`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import Any

from nbgrad.core.default_graph import get_default_graph, graph_of
from nbgrad.core.graph import Operand, Operation
from nbgrad.core.typing import TensorLike


def name_scope(
    name: str | None, default_name: str | None = None, values: Iterable[TensorLike] | None = None
) -> contextlib.AbstractContextManager[str]:
    """A `with` inside which the names of new operations begin with "name/"; it yields the prefix.

    Where `name` is None, `default_name` counts. One that ends in "/" enters that very scope again;
    "" leads to the top. `values` are tensors whose graph it is, in place of the default graph.

    >>> with tf.name_scope("layer"):
    ...     print(tf.constant(1.0, name="bias").name)
    layer/bias:0
    """
    graph = graph_of(*(values or ()))
    return graph.name_scope(default_name if name is None else name)


def control_dependencies(
    control_inputs: Iterable[Operand | Operation] | None,
) -> contextlib.AbstractContextManager[None]:
    """A `with` inside which new operations run after others, though they read nothing of them.

    These are tensors, variables or operations; None lifts every such rule. An operation created
    before is not affected, even if it is used inside.

    >>> w = tf.Variable(1.0)
    >>> with tf.control_dependencies([w.assign(5.0)]):
    ...     after = w.read_value()
    >>> with tf.Session() as session:
    ...     session.run(w.initializer)
    ...     print(session.run(after))
    5.0
    """
    return get_default_graph().control_dependencies(control_inputs)


def add_to_collection(name: Any, value: Any) -> None:
    """Append a value to a named list of the default graph.

    >>> tf.add_to_collection("numbers", 1)
    >>> print(tf.get_collection("numbers"))
    [1]
    """
    get_default_graph().add_to_collection(name, value)


def add_to_collections(names: Any, value: Any) -> None:
    """Append a value to several named lists of the default graph, once to each.

    >>> tf.add_to_collections(["numbers", "odd"], 1)
    >>> print(tf.get_collection("numbers"))
    [1]
    """
    get_default_graph().add_to_collections(names, value)


def get_collection(key: Any, scope: str | None = None) -> list[Any]:
    """A copy of a named list of the default graph, in the order of adding.

    With `scope`, a regular expression, only the items whose names begin so.

    >>> tf.add_to_collection("numbers", 1)
    >>> print(tf.get_collection("numbers"))
    [1]
    """
    return get_default_graph().get_collection(key, scope)


def get_collection_ref(key: Any) -> list[Any]:
    """A named list of the default graph, not a copy: changing it changes the graph's.

    >>> tf.get_collection_ref("numbers").append(1)
    >>> print(tf.get_collection("numbers"))
    [1]
    """
    return get_default_graph().get_collection_ref(key)


class GraphKeys:
    """Names of the standard collections of a graph.

    Attributes
    ----------
    GLOBAL_VARIABLES, LOCAL_VARIABLES, TRAINABLE_VARIABLES
        All variables but local ones, the local ones, those that optimisers change.
    REGULARIZATION_LOSSES, LOSSES
        What the regularizers of `get_variable` returned, and the losses of `tf.losses`.
    TRAIN_OP, GLOBAL_STEP
        What optimisers made, and the variable that counts the steps.
    MODEL_VARIABLES, MOVING_AVERAGE_VARIABLES, UPDATE_OPS, SUMMARIES
        For programs of your own.

    Examples
    --------
    >>> w = tf.Variable(1.0, name="w")
    >>> print([v.name for v in tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES)])
    ['w:0']
    """

    GLOBAL_VARIABLES = "variables"
    LOCAL_VARIABLES = "local_variables"
    MODEL_VARIABLES = "model_variables"
    TRAINABLE_VARIABLES = "trainable_variables"
    MOVING_AVERAGE_VARIABLES = "moving_average_variables"
    REGULARIZATION_LOSSES = "regularization_losses"
    LOSSES = "losses"
    UPDATE_OPS = "update_ops"
    TRAIN_OP = "train_op"
    GLOBAL_STEP = "global_step"
    SUMMARIES = "summaries"
    METRIC_VARIABLES = "metric_variables"
    ACTIVATIONS = "activations"
    WEIGHTS = "weights"
    BIASES = "biases"
