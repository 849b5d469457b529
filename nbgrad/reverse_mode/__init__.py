"""The reverse pass: gradients as graphs, and why one is None."""

from nbgrad.reverse_mode.reverse_pass import (
    AggregationMethod,
    ReversePass,
    Step,
    UnconnectedGradients,
    gradients,
    operations_between,
    reverse_pass,
)

__all__ = [
    "AggregationMethod",
    "ReversePass",
    "Step",
    "UnconnectedGradients",
    "gradients",
    "operations_between",
    "reverse_pass",
]
