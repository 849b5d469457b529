"""Where a reverse pass starts and where it leads: ys with their weights, and xs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nbgrad.core.dtypes import int32
from nbgrad.core.errors import advise
from nbgrad.core.graph import Graph
from nbgrad.core.operands import as_tensor, foreign
from nbgrad.core.tensor import Operand, Operation, Tensor, shape_of
from nbgrad.ops.copying import identity


def as_list(value: Any) -> list[Any]:
    """A list of what may be given singly or in a list."""
    return list(value) if isinstance(value, list | tuple) else [value]


def tensor_of_y(y: Any, graph: Graph) -> Tensor:
    """A y as a tensor; what is none yet becomes a new constant, which depends on nothing."""
    if y is None:
        raise not_a_tensor(y, "ys")
    return as_tensor(y, graph, name="y")


def tensor_of_x(x: Any, ys: Sequence[Tensor], graph: Graph) -> Tensor:
    """An x as the tensor to differentiate with respect to: a variable itself, not a reading.

    Raises
    ------
    TypeError
        If it is a list of tensors, or an operation.
    ValueError
        If it is of another graph than the ys.
    """
    if x is None:
        raise not_a_tensor(x, "xs")
    inside = x.values() if isinstance(x, dict) else x if isinstance(x, list | tuple) else ()
    if any(isinstance(item, Operand) for item in inside):
        raise TypeError(
            advise(
                "List of Tensors when single Tensor expected",
                advice="xs is a tensor, or a flat list of tensors.",
            )
        )
    if not isinstance(x, Operand):
        return as_tensor(x, graph, name="x_0")
    tensor = x.as_graph_element()
    if tensor.graph is not graph:
        raise foreign(tensor, ys[0])
    return tensor


def operation_of_stop(item: Any) -> Operation:
    """The operation behind which a reverse pass does not go."""
    if not isinstance(item, Operand):
        raise not_a_tensor(item, "stop_gradients")
    return item.as_graph_element().op


def not_a_tensor(item: Any, argument: str) -> AttributeError:
    """The error for something else in the place of a tensor."""
    return AttributeError(
        advise(
            f"{type(item).__name__!r} object has no attribute 'op'",
            advice=f"{argument} takes tensors and variables, and this is {item!r}.",
        )
    )


def seeds(ys: Sequence[Tensor], grad_ys: Any) -> list[Tensor]:
    """What each y starts with.

    Raises
    ------
    ValueError
        If there are not as many weights as ys.
    TypeError
        If a weight's dtype is no gradient for its y.
    """
    weights = [None] * len(ys) if grad_ys is None else as_list(grad_ys)
    if len(weights) != len(ys):
        raise ValueError(
            advise(
                f"Passed {len(weights)} grad_ys for {len(ys)} ys",
                advice="Give one weight for each y, of its shape; for a single vector y that is "
                "a list of one list: grad_ys=[[10., 100.]].",
            )
        )
    return [
        ones_for(i, y) if weight is None else weight_for(i, y, weight)
        for i, (y, weight) in enumerate(zip(ys, weights, strict=True))
    ]


def ones_for(i: int, y: Tensor) -> Tensor:
    """Ones of y's shape: the sum of its elements is what is differentiated."""
    if y.dtype.is_complex:
        raise TypeError(
            advise(
                f"Gradients of complex tensors must set grad_ys (y.dtype = {y.dtype!r})",
                y.op,
                "A complex y has no one direction to grow in: say with grad_ys which.",
            )
        )
    if not (y.dtype.is_floating or y.dtype.is_integer):
        raise TypeError(
            advise(
                f"Expected {y.dtype.name}, got 1 of type 'int' instead.",
                y.op,
                "Truth values and texts have no slope: differentiate what they were made from.",
            )
        )
    graph, sizes = y.graph, shape_of(y)
    if isinstance(sizes, tuple):
        sizes = graph.constant(list(sizes), int32, "Shape")
    one = graph.constant(1, y.dtype, f"grad_ys_{i}")
    ones: Tensor = graph.apply("Fill", one, shape=sizes)
    return ones


def weight_for(i: int, y: Tensor, weight: Any) -> Tensor:
    """The weight given for y, as a tensor of its own."""
    grad_y = as_tensor(weight, y.graph, name="grad_y")
    real = grad_y.dtype.is_floating or grad_y.dtype.is_integer
    if not (real or (y.dtype.is_complex and grad_y.dtype.is_complex)):
        raise TypeError(
            advise(
                f"Gradient type {grad_y.dtype.name} generated for real or integer-valued tensor "
                f"{y} with type {y.dtype.name} must be real or integer",
                y.op,
                f"grad_ys[{i}] weighs it: give numbers of its dtype.",
            )
        )
    weighed: Tensor = identity(grad_y, name=f"grad_ys_{i}")
    return weighed
