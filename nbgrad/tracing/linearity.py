"""Whether a gradient rule multiplies what arrives, as derivatives do.

Every rule of nbgrad's own does. A rule that somebody wrote need not: one that clips the gradient
sends 1 where 4 arrives, and a picture that says "4 × 1 = 1" would be wrong.
"""

from __future__ import annotations

import numpy as np

from nbgrad.graph import Operation
from nbgrad.registry import gradient_rule
from nbgrad.tracing.functions import called

OURS = __name__.partition(".")[0]
TOLERANCE = 1e-4
"""Two ways to the same product in float32 differ by less."""


def is_ours(op: Operation) -> bool:
    """Whether an operation's gradient rule is the one that nbgrad has for it."""
    if called(op) or op.attributes.get("gradient") is not None:
        return False
    module = gradient_rule(op).__module__ or ""  # None in a program that `exec` runs without a name
    return module.partition(".")[0] == OURS


def is_product(sent: np.ndarray, arriving: np.ndarray, factor: np.ndarray) -> bool:
    """Whether what was sent is what arrived times the factor; True where it cannot be told."""
    with np.errstate(all="ignore"):
        product = arriving * factor
    if product.shape != np.shape(sent):
        return True  # summed over the repetitions of an operand
    return bool(np.allclose(sent, product, TOLERANCE, TOLERANCE, equal_nan=True))
