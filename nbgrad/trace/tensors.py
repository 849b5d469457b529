"""What of a graph is drawn: every tensor as a node, with three exceptions.

A variable and its readings are one node. What lies inside the branches of a `cond` is not
drawn, because only one of them has values: the choice between them is one node, too. And a
function with a gradient of its own is one node: no gradient ever goes through its inside.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from nbgrad.core.graph import Operation, Tensor, ancestors
from nbgrad.core.inference import constant_value
from nbgrad.core.registry import Effect
from nbgrad.trace.formulas import Formula, express
from nbgrad.trace.model import Role
from nbgrad.trace.symbols import replaced


def drawn_tensors(ys: Sequence[Tensor], xs: Sequence[Tensor]) -> list[Tensor]:
    """Every tensor that a y depends on, and every x, in the order of creation.

    Of several results of one operation, those that are used or asked about.
    """
    asked = {*ys, *xs}
    needed = seen_behind(asked)
    shown = (op for op in needed if op.branch is None and not is_reading(op))
    used = {tensor for op in needed for tensor in op.inputs}
    return [
        tensor
        for op in shown
        for tensor in op.outputs
        if len(op.outputs) == 1 or tensor in asked or tensor in used
    ]


def seen_behind(asked: Collection[Tensor]) -> list[Operation]:
    """The operations behind some tensors, but for those that a picture passes over."""
    hidden = {*replaced(ancestors(asked), asked)}
    needed = ancestors(asked, stop=hidden)
    numbers = settled_among(needed, asked)
    seen = {tensor.op for tensor in asked}
    for op in reversed(needed):
        if op in seen and not any(tensor in numbers for tensor in op.outputs):
            seen |= {*(t.op for t in op.inputs if t not in hidden), *op.control_inputs}
    return [op for op in needed if op in seen]


def switches_into(op: Operation) -> list[Operation]:
    """For a choice between branches, where tensors from outside go into them."""
    inside, switches = [t.op for t in op.inputs if t.op.branch is not None], []
    for each in ancestors(inside):
        if each.branch is not None and any(t.op.branch is None for t in each.inputs):
            switches.append(each)
    return switches


def itself(tensor: Tensor) -> Tensor:
    """The tensor that stands for this one in a picture: of a reading, the variable it reads."""
    return tensor.op.inputs[0] if is_reading(tensor.op) else tensor


def is_reading(op: Operation) -> bool:
    """Whether an operation does nothing but read a variable."""
    return op.type == "Identity" and op.inputs[0].op.is_variable


def role_of(
    tensor: Tensor, ys: Sequence[Tensor], xs: Sequence[Tensor], settled: Collection[Tensor] = ()
) -> Role:
    """The part that a tensor plays in a picture."""
    if tensor in settled:
        return "constant"
    if tensor.op.is_variable:
        return "variable"
    if not tensor.op.inputs:
        fixed = tensor.op.effect is Effect.CONSTANT and tensor not in xs
        return "constant" if fixed else "input"
    return "output" if tensor in ys else "operation"


def with_readings(known: Mapping[Tensor, Any]) -> dict[Tensor, Any]:
    """What is known of variables, known of their readings too."""
    readings = {
        op.outputs[0]: what
        for tensor, what in known.items()
        if tensor.op.is_variable
        for op in tensor.consumers()
        if is_reading(op)
    }
    return {**known, **readings}


def is_movable(tensor: Tensor) -> bool:
    """Whether a tensor is a place where a value is put in: a variable or a placeholder."""
    return not tensor.op.inputs and tensor.op.effect not in (Effect.CONSTANT, Effect.RANDOM)


def default_xs(ys: Sequence[Tensor]) -> list[Tensor]:
    """The xs of a question that names none: all variables and placeholders behind the ys."""
    behind = drawn_tensors(ys, [])
    return [tensor for tensor in behind if is_movable(tensor) and tensor.dtype.is_trainable]


def initial_value(variable: Operation) -> Tensor | None:
    """The tensor that a variable is initialised with."""
    for op in variable.outputs[0].consumers():
        if op.effect is Effect.SETS:
            return op.inputs[1]
    return None


SCOPE = "gradients"


"""What `gradients` calls the scope of everything that it builds."""


def settled_among(needed: Sequence[Operation], asked: Collection[Tensor]) -> dict[Tensor, Formula]:
    """The scalars that are known without running anything, each as a number."""
    found: dict[Tensor, Formula] = {}
    for op in needed:
        tensor = op.outputs[0] if len(op.outputs) == 1 else None
        if tensor is None or tensor in asked or not op.inputs or tensor.static_shape != ():
            continue
        built = any(part.startswith(SCOPE) for part in op.name.split("/")[:-1])
        if built and all(t in found or constant_value(t) is not None for t in op.inputs):
            number = express(tensor, found)
            if number.number is not None:
                found[tensor] = number
    return found
