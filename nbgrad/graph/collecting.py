"""Named lists that a graph carries along, such as that of its variables."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any


class GraphKeys:
    """Names of the standard collections of a graph.

    Attributes
    ----------
    GLOBAL_VARIABLES, LOCAL_VARIABLES, TRAINABLE_VARIABLES
        Where variables are listed: all but local ones, local ones, those that optimisers change.
    REGULARIZATION_LOSSES
        What the regularizers of `get_variable` returned.
    TRAIN_OP, GLOBAL_STEP
        What optimisers made, and the variable that counts the steps.
    MODEL_VARIABLES, MOVING_AVERAGE_VARIABLES, LOSSES, UPDATE_OPS, SUMMARIES
        For programs of your own.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default() as graph:
    ...     w = ng.Variable(1.0, name="w")
    ...     print([v.name for v in graph.get_collection(ng.GraphKeys.TRAINABLE_VARIABLES)])
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


class Collections:
    """The collections of a graph: anything, listed under a name, in the order of adding."""

    def __init__(self) -> None:
        self._collections: dict[Any, list[Any]] = {}

    def add_to_collection(self, name: Any, value: Any) -> None:
        """Append a value to a named list of this graph.

        Parameters
        ----------
        name
            The name of the list, such as one of `GraphKeys`.
        value
            Whatever is to be listed.
        """
        self._collections.setdefault(name, []).append(value)

    def add_to_collections(self, names: Any, value: Any) -> None:
        """Append a value to several named lists of this graph, once to each.

        Parameters
        ----------
        names
            The name of a list, or several.
        value
            Whatever is to be listed.
        """
        listed = [names] if isinstance(names, str) or not isinstance(names, Iterable) else names
        for name in dict.fromkeys(listed):
            self.add_to_collection(name, value)

    def get_collection(self, name: Any, scope: str | None = None) -> list[Any]:
        """A copy of a named list of this graph.

        Parameters
        ----------
        name
            The name of the list, such as one of `GraphKeys`.
        scope
            A regular expression that the names of the items must begin with.

        Returns
        -------
        list
            In the order of adding; empty where there is no such list.
        """
        items = self._collections.get(name, [])
        if scope is None:
            return list(items)
        return [item for item in items if re.match(scope, getattr(item, "name", None) or "\0")]

    def get_collection_ref(self, name: Any) -> list[Any]:
        """A named list of this graph itself: what is done to it is done to the graph's.

        Parameters
        ----------
        name
            The name of the list, such as one of `GraphKeys`.

        Returns
        -------
        list
            A new one where there was none.
        """
        return self._collections.setdefault(name, [])

    @property
    def collections(self) -> list[Any]:
        """The names of all lists."""
        return list(self._collections)

    def clear_collection(self, name: Any) -> None:
        """Empty a named list of this graph.

        Parameters
        ----------
        name
            The name of the list, such as one of `GraphKeys`.
        """
        self._collections.pop(name, None)

    def get_all_collection_keys(self) -> list[Any]:
        """The names of all lists that hold something.

        Returns
        -------
        list
            In the order of their making.
        """
        return [name for name, items in self._collections.items() if items]
