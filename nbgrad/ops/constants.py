"""Where values come from: constants and placeholders."""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrad.core import shapes
from nbgrad.core.default_graph import graph_of
from nbgrad.core.dtypes import as_dtype, float32, int32
from nbgrad.core.errors import InvalidArgumentError, UnfedPlaceholderError
from nbgrad.core.graph import Tensor
from nbgrad.core.registry import Effect, NotDifferentiable, RegisterGradient
from nbgrad.ops.define import as_given, attribute, operation
from nbgrad.ops.joining import concat


@operation(
    "Const",
    node="() dtype=dtype value=value",
    dtypes="->dtype",
    shape=lambda *, value, dtype: np.shape(value),
    effect=Effect.CONSTANT,
    symbol="const",
)
def _const(*, value, dtype):
    """z = a value"""
    return value


@operation(
    "Placeholder",
    node="() dtype=dtype shape=shape",
    dtypes="->dtype",
    shape=as_given,
    symbol="in",
)
def _placeholder(*, dtype, shape):
    """z = what is fed"""
    known = f" and shape {shapes.brackets(shape)}" if shape else ""
    short = {"float32": "float", "float64": "double"}.get(dtype.name, dtype.name)
    raise UnfedPlaceholderError(None, None, f"with dtype {short}{known}")


@operation(
    "PlaceholderWithDefault",
    node="(input) dtype=input shape=shape",
    dtypes="T->T",
    shape=as_given,
    name="PlaceholderWithDefault",
    symbol="in",
    text="{input}",
    inline="{input}",
)
def _placeholder_with_default(input, *, shape):
    """z = what is fed, or x"""
    return input


@RegisterGradient("PlaceholderWithDefault")
def _placeholder_with_default_grad(op, dz):
    return dz


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
