"""The arguments that every verb takes: ys and their seeds, xs, stops, feeds, a session.

Pictures and widgets import the types and the checks from here: they know the engine only
through the trace.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nbgrad.core import shapes
from nbgrad.core.default_graph import graph_of
from nbgrad.core.endpoints import as_list, without_names
from nbgrad.core.errors import ShapeError, advise
from nbgrad.core.graph import Operand, Tensor
from nbgrad.core.operands import as_tensor
from nbgrad.core.session import Session, get_default_session
from nbgrad.core.typing import ArrayLike, FeedDict, TensorLike, Tensors
from nbgrad.trace.model import Trace
from nbgrad.trace.tensors import default_xs

__all__ = [
    "ArrayLike",
    "FeedDict",
    "Operand",
    "Session",
    "TensorLike",
    "Tensors",
    "advise",
    "as_list",
    "check_seeds",
    "default_xs",
    "get_default_session",
    "tensors_of_ys",
    "without_names",
]


def tensors_of_ys(ys: Any) -> list[Tensor]:
    """The ys as a list of tensors; none at all and a trace are refused."""
    if isinstance(ys, Trace):
        raise TypeError(
            advise(
                "ys is a tensor to differentiate, not a trace.",
                advice="To draw a trace, write Drawing.of(trace).",
            )
        )
    each = as_list(ys)
    if not each:
        raise ValueError(advise("There is nothing to draw: ys is an empty list."))
    graph = graph_of(*each)
    return [as_tensor(y, graph) for y in each]


def check_seeds(ys: Sequence[Tensor], grad_ys: Any) -> None:
    """Refuse a seed that cannot be broadcast to the shape of its y.

    `gradients` finds out only where an operation on the way keeps the shape of what arrives; a
    product would add the elements up, and the picture would show no trace of them.
    """
    seeds = [None] * len(ys) if grad_ys is None else as_list(grad_ys)
    # `gradients` checks their number.
    for i, (y, seed) in enumerate(zip(ys, seeds, strict=False)):
        if seed is not None and not broadcasts_to(shape_of_seed(seed), y.static_shape):
            raise ValueError(
                advise(
                    f"grad_ys[{i}] has shape {shapes.show(shape_of_seed(seed))}, and cannot "
                    f"weigh a y of shape {shapes.show(y.static_shape)}.",
                    y.op,
                    "Give one weight for each y, of its shape: grad_ys=[2.] for a single scalar.",
                )
            )


def shape_of_seed(seed: Any) -> shapes.Shape:
    """The shape of a seed, which may be a tensor, a variable or numbers."""
    if isinstance(seed, Operand):
        return seed.as_tensor().static_shape
    return np.shape(seed)


def broadcasts_to(seed: shapes.Shape, y: shapes.Shape) -> bool:
    try:
        return shapes.compatible(shapes.broadcast(seed, y), y)
    except ShapeError:
        return False
