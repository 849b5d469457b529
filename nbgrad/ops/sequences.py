"""Numbers in a row."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from nbgrad.dtypes import as_dtype, float32, int32
from nbgrad.errors import InvalidArgumentError
from nbgrad.graph import Tensor, graph_of
from nbgrad.graph.operands import as_tensor
from nbgrad.ops.arrays import ones_like
from nbgrad.ops.calling import attribute
from nbgrad.ops.concatenation import concat
from nbgrad.ops.define import operation
from nbgrad.ops.elementwise import multiply
from nbgrad.ops.reshaping import reshape
from nbgrad.registry import NotDifferentiable


def _how_many(*, start, limit, delta, dtype):
    return (len(np.arange(start, limit, delta)),)


@operation("Range", dtypes="->dtype", shape=_how_many, name="range", symbol="0…n")
def _range(*, start, limit, delta, dtype):
    """z = start, start + δ, … up to a limit, which is excluded"""
    return np.arange(start, limit, delta).astype(dtype.as_numpy_dtype)


def range_(
    start: Any, limit: Any = None, delta: Any = 1, dtype: Any = None, name: str = "range"
) -> Tensor:
    """The numbers from `start` (0 if only a limit is given) in steps of `delta`."""
    first, last = (0, start) if limit is None else (start, limit)
    bounds = {"start": first, "limit": last, "delta": delta}
    given = {key: attribute(key, value) for key, value in bounds.items()}
    graph = graph_of(*given.values())
    wanted = as_dtype(dtype) if dtype is not None else common_dtype([first, last, delta])
    result: Tensor = graph.apply("Range", dtype=wanted, name=name, **given)
    return result


def order_of(*spans: tuple[Any, Any]) -> Any:
    """The axes in some spans, one after the other; a tensor if only a run will tell."""
    if all(isinstance(bound, int) for span in spans for bound in span):
        return tuple(i for span in spans for i in range(*span))
    return concat([range_(first, end) for first, end in spans], 0)


def common_dtype(values: list[Any]) -> Any:
    """The dtype that holds them all: a tensor's or an array's own, else int32 or float32."""
    own = [as_dtype(v.dtype) for v in values if hasattr(v, "dtype")]
    if own:
        return max(own, key=lambda dtype: (dtype.is_floating, dtype.size))
    return float32 if any(isinstance(v, float) for v in values) else int32


def _points(_start, _stop, *, num):
    return (num,)


@operation(
    "LinSpace",
    node="(start, stop, num) T=start Tidx=num",
    dtypes="F,F->F",
    shape=_points,
    symbol="…",
)
def linspace(start, stop, *, num):
    """z = num points from start to stop, both included, at equal distances"""
    if num < 1:
        raise InvalidArgumentError(None, None, f"Requires num > 0: {num}")
    return np.linspace(start, stop, num, dtype=start.dtype)


for _op_type in ("Range", "LinSpace"):
    NotDifferentiable(_op_type)


def meshgrid(*args: Any, indexing: str = "xy", name: str = "meshgrid") -> list[Tensor]:
    """The coordinates of all points of a grid, one tensor for each axis."""
    graph = graph_of(*args)
    with graph.name_scope(name):
        lines = [as_tensor(each, graph, name="line") for each in args]
        order = list(range(len(lines)))
        if indexing == "xy" and len(lines) > 1:
            order[:2] = [1, 0]
        shaped = [
            reshape(line, [-1 if i == place else 1 for i in range(len(lines))])
            for line, place in zip(lines, order, strict=True)
        ]
        whole = functools.reduce(multiply, map(ones_like, shaped))
        return [multiply(each, whole) for each in shaped]
