"""The reverse pass: gradients as graphs, and why one is None."""

from nbgrad.reverse_mode.reverse_pass import ReversePass, Step, operations_between, reverse_pass
from nbgrad.reverse_mode.symbolic_gradients import (
    AggregationMethod,
    UnconnectedGradients,
    gradients,
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
