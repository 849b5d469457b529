"""The tensors of a question: those that a verb is given, and those of a graph that are shown.

Each is shown as a node, with three exceptions. A variable and its readings are one node. What lies
inside the branches of a `cond` is not shown, because only one of them has values: the choice
between them is one node, too. And a function with a gradient of its own is one node: no gradient
ever goes through its inside.

Pictures know the engine only through the trace: they have the types of arguments from here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from typing import Any, TypeVar

import numpy as np

from nbgrad.core import shapes
from nbgrad.core.attributes import constant_value
from nbgrad.core.endpoints import as_list, without_names
from nbgrad.core.errors import ShapeError, advise
from nbgrad.core.graph import Operand, Operation, Tensor, ancestors, graph_of
from nbgrad.core.notebook import get_default_session
from nbgrad.core.operands import ArrayLike, FeedDict, TensorLike, Tensors, as_tensor
from nbgrad.core.session import Session
from nbgrad.core.traits import Effect
from nbgrad.trace.formulas import Formula, express, function_name, result_count
from nbgrad.trace.model import Trace
from nbgrad.trace.records import Role

# fmt: off
__all__ = [
    "ArrayLike", "FeedDict", "Operand", "Session", "TensorLike", "Tensors", "advise", "as_list",
    "check_seeds", "default_xs", "get_default_session", "tensors_of_ys", "without_names",
]
# fmt: on

Item = TypeVar("Item")

# What a verb is given -------------------------------------------------------------------------


def tensors_of_ys(ys: Any) -> list[Tensor]:
    """The ys as a list of tensors; none at all and a trace are refused."""
    if isinstance(ys, Trace):
        advice = "To draw a trace, write Drawing.of(trace)."
        raise TypeError(advise("ys is a tensor to differentiate, not a trace.", advice=advice))
    each = as_list(ys)
    if not each:
        raise ValueError(advise("There is nothing to draw: ys is an empty list."))
    graph = graph_of(*each)
    return [as_tensor(y, graph) for y in each]


def default_xs(ys: Sequence[Tensor]) -> list[Tensor]:
    """The xs where none are named: all variables and placeholders behind the ys."""
    behind = shown_tensors({*ys})
    return [tensor for tensor in behind if is_movable(tensor) and tensor.dtype.is_trainable]


def check_seeds(ys: Sequence[Tensor], grad_ys: Any) -> None:
    """Refuse a seed that cannot be broadcast to the shape of its y.

    `gradients` finds out only where an operation on the way keeps the shape of what arrives; a
    product would add the elements up, and the picture would show no trace of them.
    """
    seeds = [None] * len(ys) if grad_ys is None else as_list(grad_ys)
    # `gradients` checks their number.
    for i, (y, seed) in enumerate(zip(ys, seeds, strict=False)):
        shape = seed.as_tensor().static_shape if isinstance(seed, Operand) else np.shape(seed)
        if seed is not None and not broadcasts_to(shape, y.static_shape):
            of_y, advice = shapes.show(y.static_shape), "Give one weight for each y, of its shape"
            problem = f"grad_ys[{i}] has shape {shapes.show(shape)}, and cannot weigh a y of shape"
            advice = f"{advice}: grad_ys=[2.] for a single scalar."
            raise ValueError(advise(f"{problem} {of_y}.", y.op, advice))


def broadcasts_to(seed: shapes.Shape, y: shapes.Shape) -> bool:
    try:
        return shapes.compatible(shapes.broadcast(seed, y), y)
    except ShapeError:
        return False


# What is shown --------------------------------------------------------------------------------


def shown_tensors(ends: Set[Tensor]) -> dict[Tensor, Formula | None]:
    """The ys and xs and every tensor that they depend on, in the order of creation.

    Of several results of one operation, those that are read, or are an end. Those that are known
    numbers are written as such; what they are made of is not shown.
    """
    hidden = {*hidden_results(ancestors(ends), ends)}
    needed = ancestors(ends, stop=hidden)
    numbers = known_numbers(needed, ends)
    seen = {tensor.op for tensor in ends}
    for op in reversed(needed):
        if op in seen and not any(tensor in numbers for tensor in op.outputs):
            seen |= {*(t.op for t in op.inputs if t not in hidden), *op.control_inputs}
    shown = [op for op in needed if op in seen]
    used = {tensor for op in shown for tensor in op.inputs}
    return {
        tensor: numbers.get(tensor)
        for op in shown
        if op.branch is None and not is_reading(op)
        for tensor in op.outputs
        if len(op.outputs) == 1 or tensor in ends or tensor in used
    }


def known_numbers(needed: Sequence[Operation], ends: Set[Tensor]) -> dict[Tensor, Formula]:
    """The scalars that `gradients` built of constants alone, each as a number.

    A constant that is an x is none of these: it is to be varied.
    """
    found: dict[Tensor, Formula] = {}
    for op in needed:
        built = any(part.startswith("gradients") for part in op.name.split("/")[:-1])
        if not built or not op.inputs or len(op.outputs) != 1 or op.outputs[0].static_shape != ():
            continue
        known = (t in found or constant_value(t) is not None for t in op.inputs)
        if ends.isdisjoint([*op.outputs, *op.inputs]) and all(known):
            number = express(op.outputs[0], found)
            if number.number is not None:
                found[op.outputs[0]] = number
    return found


def shown_as(tensor: Tensor) -> Tensor:
    """The tensor that stands for this one in a picture: of a reading, the variable."""
    return tensor.op.inputs[0] if is_reading(tensor.op) else tensor


def is_reading(op: Operation) -> bool:
    """Whether an operation does nothing but read a variable."""
    return op.type == "Identity" and op.inputs[0].op.is_variable


def with_readings(known: Mapping[Tensor, Item]) -> dict[Tensor, Item]:
    """Values of variables, and the same for their readings."""
    readings = {
        op.outputs[0]: what
        for tensor, what in known.items()
        if tensor.op.is_variable
        for op in tensor.consumers()
        if is_reading(op)
    }
    return {**known, **readings}


def initial_tensor(variable: Operation) -> Tensor | None:
    """The tensor that a variable is initialized with."""
    setting = (op for op in variable.outputs[0].consumers() if op.effect is Effect.SETS)
    return next((op.inputs[1] for op in setting), None)


def switches_into(op: Operation) -> list[Operation]:
    """For a choice between branches, where tensors from outside go into them."""
    inside = [tensor.op for tensor in op.inputs if tensor.op.branch is not None]
    return [
        each
        for each in ancestors(inside)
        if each.branch is not None and any(t.op.branch is None for t in each.inputs)
    ]


def arguments_of(op: Operation) -> Sequence[Tensor]:
    """The arguments of a function with a gradient of its own; else, all operands."""
    return op.inputs[result_count(op) :]


def is_bypassed(op: Operation, operand: Tensor) -> bool:
    """Whether a custom gradient's rule stands in place of the way through this operand."""
    return bool(function_name(op)) and operand not in map(shown_as, arguments_of(op))


def hidden_results(needed: Sequence[Operation], ends: Collection[Tensor]) -> Iterator[Tensor]:
    """Results whose computation is not shown: the function's own rule stands in its place.

    It is shown where a y or an x lies inside, or where something else reads a result.
    """
    there = set(needed)
    for op in needed:
        within = [t for t in op.inputs[: result_count(op)] if t not in arguments_of(op)]
        inside = ancestors(within, stop=arguments_of(op))
        if any(tensor in ends for each in inside for tensor in each.outputs):
            continue
        for tensor in within:
            if all(reader is op or reader not in there for reader in tensor.consumers()):
                yield tensor


def role_of(
    tensor: Tensor, ys: Sequence[Tensor], xs: Sequence[Tensor], numbers: Collection[Tensor]
) -> Role:
    """The part that a tensor plays in a picture."""
    if tensor in numbers:
        return "constant"
    if tensor.op.is_variable:
        return "variable"
    if not tensor.op.inputs:
        fixed = tensor.op.effect is Effect.CONSTANT and tensor not in xs
        return "constant" if fixed else "input"
    return "output" if tensor in ys else "operation"


def is_movable(tensor: Tensor) -> bool:
    """Whether a tensor is a place where a value is put in: a variable or a placeholder."""
    return not tensor.op.inputs and tensor.op.effect not in (Effect.CONSTANT, Effect.RANDOM)


def unique(items: Iterable[Item]) -> list[Item]:
    """The items in their order, each once."""
    return list(dict.fromkeys(items))
