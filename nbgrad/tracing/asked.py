"""What may be asked of a picture: refused here, before anything is built, in words that help."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nbgrad import shapes
from nbgrad.errors import ShapeError, advise
from nbgrad.graph import Operand, Tensor, graph_of
from nbgrad.graph.operands import as_tensor
from nbgrad.reverse_mode.endpoints import as_list
from nbgrad.tracing.model import Trace


def asked_ys(ys: Any) -> list[Tensor]:
    """The ys as a list of tensors.

    Raises
    ------
    ValueError
        If there are none.
    TypeError
        If they are a trace, or text.
    """
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
    for y in each:
        if isinstance(y, str | bytes):
            raise TypeError(
                advise(
                    f"ys is a tensor, not the text {y!r}.",
                    advice="Pass the tensor itself, without quotation marks.",
                )
            )
    graph = graph_of(*each)
    return [as_tensor(y, graph) for y in each]


def check_weights(ys: Sequence[Tensor], grad_ys: Any) -> None:
    """Refuse a weight that is larger than its y.

    `gradients` itself finds out only where an operation on the way keeps the shape of what
    arrives; a product would add the elements up, and the picture would show no trace of them.

    Raises
    ------
    ValueError
        If a weight cannot be spread over its y.
    """
    weights = [None] * len(ys) if grad_ys is None else as_list(grad_ys)
    # How many there must be is for `gradients` to say.
    for i, (y, weight) in enumerate(zip(ys, weights, strict=False)):
        if weight is not None and not fits(shape_of_weight(weight), y.static_shape):
            raise ValueError(
                advise(
                    f"grad_ys[{i}] has shape {shapes.show(shape_of_weight(weight))}, and cannot "
                    f"weigh a y of shape {shapes.show(y.static_shape)}.",
                    y.op,
                    "Give one weight for each y, of its shape: grad_ys=[2.] for a single scalar.",
                )
            )


def shape_of_weight(weight: Any) -> shapes.Shape:
    """The shape of a weight, which may be a tensor, a variable or numbers."""
    if isinstance(weight, Operand):
        return weight.as_tensor().static_shape
    return np.shape(weight)


def fits(weight: shapes.Shape, y: shapes.Shape) -> bool:
    """Whether numbers of one shape can be spread over the other."""
    try:
        return shapes.compatible(shapes.broadcast(weight, y), y)
    except ShapeError:
        return False
