"""Named lists that a graph carries along, such as that of its variables."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any


class GraphKeys:
    """Names of the standard collections of a graph."""

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
        """Append `value` to a named list of this graph."""
        self._collections.setdefault(name, []).append(value)

    def add_to_collections(self, names: Any, value: Any) -> None:
        """Append `value` to several named lists, once to each."""
        listed = [names] if isinstance(names, str) or not isinstance(names, Iterable) else names
        for name in dict.fromkeys(listed):
            self.add_to_collection(name, value)

    def get_collection(self, name: Any, scope: str | None = None) -> list[Any]:
        """A copy of a named list; with `scope`, of the items whose name matches it."""
        items = self._collections.get(name, [])
        if scope is None:
            return list(items)
        return [item for item in items if re.match(scope, getattr(item, "name", None) or "\0")]

    def get_collection_ref(self, name: Any) -> list[Any]:
        """A named list itself: what is done to it is done to the graph's."""
        return self._collections.setdefault(name, [])

    @property
    def collections(self) -> list[Any]:
        """The names of all lists."""
        return list(self._collections)

    def clear_collection(self, name: Any) -> None:
        """Empty a named list."""
        self._collections.pop(name, None)

    def get_all_collection_keys(self) -> list[Any]:
        """The names of all lists that hold something."""
        return [name for name, items in self._collections.items() if items]
