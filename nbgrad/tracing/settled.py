"""Numbers that a derivative's graph computes from constants alone: `3 − 1`, the seed of ones.

A program does not say them, the gradient rules do; so a picture shows them as the constants
that they are.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from nbgrad.graph import Operation, Tensor
from nbgrad.graph.operands import constant_value
from nbgrad.tracing.formulas import Formula, express

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
