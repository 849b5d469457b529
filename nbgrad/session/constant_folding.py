"""What a plan need not compute in every run, because nobody can tell the difference.

A result that is the operand itself needs no call: an identity, a product with ones. A result
of constants alone is computed once. Both give the very bits that computing would give.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nbgrad.graph import Operation
from nbgrad.shapes import element_count, is_known

#: What stands for a value that only a run will tell.
UNKNOWN = object()

#: Larger constants are computed in every run rather than kept with the plan.
MOST_ELEMENTS = 16_384


def unchanged_operand(op: Operation, values: Sequence[Any]) -> int | None:
    """The position of the operand that the result is, whatever it is; None if there is none.

    `values` holds the value of each operand that is known, and UNKNOWN.
    """
    definition = op.definition
    if not definition.inline:
        return None
    if definition.passes_on(len(values)):
        return 0
    z = op.outputs[0]
    for i, name in enumerate(definition.operands):
        if definition.notation.neutral.get(name) == 1 and z.dtype.is_floating and is_one(values[i]):
            x = op.inputs[1 - i]
            # A one with more axes would repeat x.
            if is_known(x.static_shape) and x.static_shape == z.static_shape:
                return 1 - i
    return None


def is_one(value: Any) -> bool:
    """Whether a constant is the number one, or an array of nothing else."""
    if value is UNKNOWN or value.size > MOST_ELEMENTS:
        return False
    return bool(np.all(value == 1))


def fold_constants(op: Operation, values: Sequence[Any], settings: dict[str, Any]) -> Any:
    """The result of an operation on constants, or UNKNOWN where it is better computed in a run."""
    definition = op.definition
    count = element_count(op.outputs[0].static_shape)
    # A learner's own kernel may print, or count its calls: it is called in every run.
    ours = definition.kernel.__module__.startswith("nbgrad.")
    if not values or definition.many or not ours or count is None or count > MOST_ELEMENTS:
        return UNKNOWN
    try:
        with np.errstate(all="ignore"):
            return constant(definition.kernel(*values, **settings))
    except Exception:
        return UNKNOWN  # it will fail in the run, which says so to whoever asked for it


def constant(value: Any) -> Any:
    """A value that many runs share: an array that cannot be written, or a scalar."""
    if not isinstance(value, np.ndarray):
        return value
    if value.ndim == 0 and value.dtype != object:
        return value[()]  # NumPy computes faster with its scalars than with 0-d arrays
    value = value.view()
    value.flags.writeable = False
    return value
