"""The registry: what each type of operation means.

An entry (`definitions`) holds the NumPy kernel that computes it, the rules for its shape and its
dtype, and how it is written (`notation`). Gradient rules (`gradient_rules`) are kept by name
beside it, so that a learner may replace one (`RegisterGradient`, `gradient_override_map`).
Everything that computes, draws or explains an operation looks here; there is no second table.
"""

from nbgrad.registry.definitions import (
    REQUIRED,
    Cells,
    Effect,
    Kernel,
    OpDef,
    complete,
    complete_with,
    definition_of,
    kinds_for,
    operation_types,
    parse_signature,
    register,
)
from nbgrad.registry.gradient_rules import (
    GradientRule,
    NoGradient,
    NotDifferentiable,
    RegisterGradient,
    gradient_rule,
    is_differentiable,
    rules,
)
from nbgrad.registry.notation import (
    Binds,
    Notation,
    Template,
)

__all__ = [
    "REQUIRED",
    "Binds",
    "Cells",
    "Effect",
    "GradientRule",
    "Kernel",
    "NoGradient",
    "NotDifferentiable",
    "Notation",
    "OpDef",
    "RegisterGradient",
    "Template",
    "complete",
    "complete_with",
    "definition_of",
    "gradient_rule",
    "is_differentiable",
    "kinds_for",
    "operation_types",
    "parse_signature",
    "register",
    "rules",
]
