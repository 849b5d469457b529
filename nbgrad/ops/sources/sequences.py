"""Numbers in a row."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from nbgrad.dtypes import as_dtype, float32, int32
from nbgrad.errors import InvalidArgumentError
from nbgrad.graph import Tensor, graph_of
from nbgrad.graph.operands import as_tensor
from nbgrad.ops.calling import attribute
from nbgrad.ops.copying.repetition import ones_like
from nbgrad.ops.define import operation
from nbgrad.ops.elementwise.arithmetic import multiply
from nbgrad.ops.rearranging.concatenation import concat
from nbgrad.ops.rearranging.reshaping import reshape
from nbgrad.registry import NotDifferentiable


def _how_many(*, start, limit, delta, dtype):
    return (len(np.arange(start, limit, delta)),)


def _range_node(op, write):
    """Start, limit and step, all of the dtype of the result."""
    dtype = op.attributes["dtype"]
    bounds = [write.setting(op, key, dtype=dtype.name) for key in ("start", "limit", "delta")]
    if any(tensor.dtype is not dtype for tensor in op.inputs):
        write.refuse(op)
    write.node(op, "Range", bounds, Tidx=dtype)


@operation("Range", node=_range_node, dtypes="->dtype", shape=_how_many, name="range", symbol="0…n")
def _range(*, start, limit, delta, dtype):
    """z = start, start + δ, … up to a limit, which is excluded"""
    return np.arange(start, limit, delta).astype(dtype.as_numpy_dtype)


def range_(
    start: Any, limit: Any = None, delta: Any = 1, dtype: Any = None, name: str = "range"
) -> Tensor:
    """The numbers from a start, in steps, up to a limit, which is excluded.

    Parameters
    ----------
    start : number, or tensor of real numbers
        The first one; the limit if no other is given, and then the first is 0.
    limit : number, or tensor of real numbers, optional
        Where it ends.
    delta : number, or tensor of real numbers, default 1
        The step.
    dtype : DType, optional
        The dtype of the result, else that which holds them all.
    name : str, default "range"
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of dtype `dtype`, a vector. No gradient passes.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.range(3)), session.run(tf.range(1.0, 0.0, -0.5)))
    [0 1 2] [1.  0.5]
    """
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
    """A vector of `num` elements."""
    return (num,)


@operation(
    "LinSpace",
    node="(start, stop, num) T=start Tidx=num",
    dtypes="F,F->F",
    shape=_points,
    symbol="…",
)
def linspace(start, stop, *, num):
    """Numbers from a start to a stop, both included, at equal distances; no gradient passes.

    Raises
    ------
    InvalidArgumentError
        In a run, if `num` is below 1.

    >>> tf.linspace(0.0, 1.0, 5)
    [0.   0.25 0.5  0.75 1.  ]
    """
    if num < 1:
        raise InvalidArgumentError(None, None, f"Requires num > 0: {num}")
    return np.linspace(start, stop, num, dtype=start.dtype)


for _op_type in ("Range", "LinSpace"):
    NotDifferentiable(_op_type)


def meshgrid(*args: Any, indexing: str = "xy", name: str = "meshgrid") -> list[Tensor]:
    r"""The coordinates of all points of a grid, one tensor for each axis.

    Parameters
    ----------
    *args : tensor_like of numbers (float, complex, integer)
        Vectors of coordinates, one for each axis.
    indexing : str, default "xy"
        "xy": the first vector runs along columns, the second along rows. "ij": in their order.
    name : str, default "meshgrid"
        What the operations are called in the graph.

    Returns
    -------
    list of Tensor
        Of the same dtypes, and of one shape: the lengths of the vectors.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(*session.run(tf.meshgrid([1.0, 2.0], [10.0, 20.0])), sep="\n")
    [[1. 2.]
     [1. 2.]]
    [[10. 10.]
     [20. 20.]]
    """
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
