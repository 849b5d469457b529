"""Applying the gradient rule of an operation, and checking what it returns."""

from __future__ import annotations

from collections.abc import Sequence

from nbgrad import shapes
from nbgrad.errors import advise
from nbgrad.graph import Operand, Operation, Tensor, shape_of
from nbgrad.ops.copying.repetition import identity, sum_to, zeros_like
from nbgrad.ops.elementwise.complex_numbers import conj
from nbgrad.registry import Effect, gradient_rule


def zeros_if_trainable(tensor: Tensor, dz: Tensor | None) -> Tensor | None:
    """A gradient, or zeros for an output that received nothing beside one that did."""
    return zeros_like(tensor) if dz is None and tensor.dtype.is_trainable else dz


def apply_rule(op: Operation, dzs: Sequence[Tensor | None]) -> list[Tensor | None]:
    """What an operation's gradient rule makes of what arrived: one gradient per input.

    Raises
    ------
    LookupError
        If there is no rule.
    ValueError
        If the rule returns another number of gradients.
    """
    rule = gradient_rule(op)
    # TensorFlow sends the conjugate of a complex derivative back. Rules are written for the
    # derivative itself: conjugating what arrives and what leaves makes the one of the other.
    turned = conjugated if any(z.dtype.is_complex for z in op.outputs) else list
    try:
        returned = rule(op, *turned(dzs))
    except (TypeError, ValueError) as error:
        problem = unfit(op, dzs)
        if not problem:
            raise
        raise type(error)(f"{error}\n{problem}") from None
    dxs = list(returned) if isinstance(returned, list | tuple) else [returned]
    # Tensors given for attributes (an axis, a shape) come after the operands: no slope.
    attributes = len(op.inputs) - op.operand_count
    if len(dxs) == op.operand_count:
        dxs += [None] * attributes
    if len(dxs) != len(op.inputs):
        raise ValueError(
            advise(
                f'Num gradients {len(dxs)} generated for op name: "{op.name}" op: "{op.type}" do '
                f"not match num inputs {len(op.inputs)}",
                op,
                "Return one gradient for each input, None where nothing flows.",
            )
        )
    for dx in dxs:
        if dx is not None and not isinstance(dx, Operand):
            raise AttributeError(
                advise(
                    f"{type(dx).__name__!r} object has no attribute 'op'",
                    op,
                    "A gradient rule returns tensors: build it from nbgrad operations.",
                )
            )
    return turned([None if dx is None else dx.as_tensor() for dx in dxs])


def conjugated(gradients: Sequence[Tensor | None]) -> list[Tensor | None]:
    return [None if each is None else conj(each) for each in gradients]


def unfit(op: Operation, dzs: Sequence[Tensor | None]) -> str:
    """What is wrong with what arrived, where it is: a weight that does not fit its y."""
    for z, dz in zip(op.outputs, dzs, strict=True):
        if dz is None:
            continue
        if dz.dtype is not z.dtype:
            arrived, wanted = dz.dtype.name, z.dtype.name
        elif not shapes.compatible(dz.static_shape, z.static_shape):
            arrived, wanted = (f"shape {shapes.show(t.static_shape)}" for t in (dz, z))
        else:
            continue
        return (
            f"This is the gradient rule of {op.name!r}, created {op.line}: a gradient of {arrived} "
            f"arrived at its result, which is of {wanted}. Give grad_ys of each y's shape and "
            "dtype (1., not 1)."
        )
    return ""


def match_shape(op: Operation, position: int, dx: Tensor | None) -> Tensor | None:
    """A gradient in the shape of its input.

    An element-wise operation repeats an operand to fit the other; whatever was repeated
    received many gradients, which are summed here, once for all rules.

    Raises
    ------
    ValueError
        If any other rule returned a gradient of the wrong shape.
    """
    if dx is None:
        return None
    x = op.inputs[position]
    wanted, got = x.static_shape, dx.static_shape
    if shapes.is_known(wanted) and wanted == got:
        return dx
    if op.definition.elementwise and len(op.inputs) > 1:
        if wanted is not None and got is not None and len(got) < len(wanted):
            # Nothing was repeated: somebody gave a number as the gradient of a vector.
            raise misshapen(
                op,
                f"Cannot reshape a tensor with {shapes.element_count(got)} elements to shape "
                f"{shapes.brackets(wanted)} ({shapes.element_count(wanted)} elements)",
            )
        # TensorFlow's name for the last of the operations that do this there.
        label = "Reshape" if position == 0 else f"Reshape_{position}"
        summed: Tensor = sum_to(dx, shape_of(x), name=label)
        summed.set_shape(wanted)
        return summed
    if not shapes.compatible(wanted, got):
        raise misshapen(
            op,
            "Incompatible shapes between op input and calculated input gradient.  Forward "
            f"operation: {op.name}.  Input index: {position}. Original input shape: "
            f"{shapes.show(wanted)}.  Calculated input gradient shape: {shapes.show(got)}",
        )
    dx.set_shape(wanted)
    return dx


def gated(op: Operation, gradients: Sequence[Tensor | None]) -> list[Tensor | None]:
    """What leaves one operation together, under TensorFlow's names for it.

    There nothing goes on before all is there. Here it makes no difference: a run changes no
    variable before it has read it.
    """
    apart = op.definition.effect is Effect.LEAVES_BRANCH  # each goes into a branch of its own
    if apart or sum(dx is not None for dx in gradients) < 2:
        return list(gradients)
    label = "tuple/control_dependency"
    return [None if dx is None else identity(dx, name=label) for dx in gradients]


def misshapen(op: Operation, sentence: str) -> ValueError:
    """The error for a gradient that has not the shape of what it is the gradient of."""
    advice = "A rule, and each of the grad_ys, gives a gradient the shape of what it is for."
    return ValueError(advise(sentence, op, advice))
