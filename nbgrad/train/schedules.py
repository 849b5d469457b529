"""How learning rates are built that change with the global step."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from nbgrad.graph import Tensor, graph_of
from nbgrad.graph.operands import as_tensor
from nbgrad.graph.typing import TensorLike
from nbgrad.ops.copying.repetition import cast

Schedule = Callable[..., Tensor]


def schedule(scope: str) -> Callable[[Schedule], Schedule]:
    """A decorator: the schedule's operations get a scope, its arguments become tensors."""

    def decorate(formula: Schedule) -> Schedule:
        @functools.wraps(formula)
        def build(learning_rate: Any, global_step: Any, *args: Any, **options: Any) -> Tensor:
            if global_step is None:
                raise ValueError(f"global_step is required for {formula.__name__}.")
            name = options.pop("name", None)
            graph = graph_of(global_step, learning_rate)
            with graph.as_default(), graph.name_scope(name or scope):
                rate = as_tensor(as_float(learning_rate), graph, name="learning_rate")
                step = cast(as_tensor(global_step, graph, name="step"), rate.dtype)
                return formula(rate, step, *args, **options)

        return build

    return decorate


def as_float(value: Any) -> Any:
    return float(value) if isinstance(value, int) else value


def number(value: TensorLike, like: Any) -> Tensor:
    """A setting as a tensor of the learning rate's dtype."""
    tensor = as_tensor(as_float(value), like.graph)
    return tensor if tensor.dtype is like.dtype else cast(tensor, like.dtype)
