"""Labels and predictions, made comparable."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from nbgrad import shapes
from nbgrad.dtypes import float32
from nbgrad.graph import Tensor, graph_of
from nbgrad.graph.operands import as_tensor
from nbgrad.ops.copying.repetition import cast


@contextlib.contextmanager
def compared(
    scope: str | None, default: str, of_float32: bool = True, **pair: Any
) -> Iterator[tuple[Tensor, Tensor, str]]:
    """Labels and predictions as tensors of one dtype, in a name scope of their own.

    Raises
    ------
    ValueError
        If one is missing, or their shapes differ.
    """
    for name, value in pair.items():
        if value is None:
            raise ValueError(f"{name} must not be None.")
    labels, predictions = pair.values()
    graph = graph_of(predictions, labels)
    with graph.name_scope(scope or default) as prefix:
        prediction = as_tensor(predictions, graph, name="x")
        prediction = cast(prediction, float32) if of_float32 else prediction
        label = cast(as_tensor(labels, graph, name="x"), prediction.dtype)
        got, wanted = prediction.static_shape, label.static_shape
        if not shapes.compatible(got, wanted):
            raise ValueError(
                f"Shapes {shapes.show(got)} and {shapes.show(wanted)} are incompatible"
            )
        yield label, prediction, prefix
