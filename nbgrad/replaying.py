"""A run once more, in another precision: the same operations, kernels and numbers.

Nothing is rebuilt. A plan keeps its constants in a table, and NumPy's kernels compute in the
precision of what they are given; so we round what goes in, and run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nbgrad.dtypes import DType, as_dtype
from nbgrad.plan import Plan
from nbgrad.tensor import Operation, Tensor
from nbgrad.tracing.drawn import is_variable

PRECISIONS = ("float32", "float64")
COMPLEX = {"float32": "complex64", "float64": "complex128"}


class Replay:
    """Some tensors of a graph as a function of others, in one precision.

    Parameters
    ----------
    fetches
        The tensors to compute.
    held
        The values of those that are not computed: variables, placeholders, random numbers.
    precision
        "float32" or "float64".
    shake
        If given, the last digit of the data is changed at random. What an answer loses by that
        it never had. Data are the tensors held and the arrays that stand in the graph; a lone
        constant belongs to the formula, like the 2 of x².
    """

    def __init__(
        self,
        fetches: Sequence[Tensor],
        held: Mapping[Tensor, Any],
        precision: str,
        shake: np.random.Generator | None = None,
    ) -> None:
        self.precision = precision
        self.shake = shake
        put_in = {tensor: self.prepared(value) for tensor, value in held.items()}
        self.variables = {t.op: value for t, value in put_in.items() if is_variable(t.op)}
        self.held = {t: value for t, value in put_in.items() if not is_variable(t.op)}
        self.plan = Plan(list(fetches), tuple(self.held))
        for name, value in self.plan.constants.items():
            lone = not np.shape(value) if isinstance(value, np.ndarray | np.generic) else True
            ready = rounded(value, precision) if lone else self.prepared(value)
            self.plan.constants[name] = ready

    def prepared(self, value: Any) -> Any:
        """A value as it goes in."""
        value = rounded(value, self.precision)
        return value if self.shake is None else shaken(value, self.shake)

    def run(self, moved: Mapping[Tensor, Any] | None = None) -> list[np.ndarray]:
        """The values of the fetches, where some of the tensors held have others."""
        variables: dict[Operation, Any] = dict(self.variables)
        held = dict(self.held)
        for tensor, value in (moved or {}).items():
            if is_variable(tensor.op):
                variables[tensor.op] = rounded(value, self.precision)
            else:
                held[tensor] = rounded(value, self.precision)
        with np.errstate(all="ignore"):
            return self.plan.run(variables, {}, *held.values())


def rounded(value: Any, precision: str) -> Any:
    """A number, an array or a dtype in another precision; anything else as it is."""
    if isinstance(value, np.ndarray | np.generic):
        if value.dtype.kind == "f":
            return value.astype(precision)
        return value.astype(COMPLEX[precision]) if value.dtype.kind == "c" else value
    if isinstance(value, DType):
        name = precision if value.is_floating else COMPLEX[precision]
        return as_dtype(name) if value.is_floating or value.is_complex else value
    if isinstance(value, tuple):
        return tuple(rounded(item, precision) for item in value)
    return value


def shaken(value: Any, rng: np.random.Generator) -> Any:
    """Floating-point numbers, each up to one unit in its last place away."""
    if not isinstance(value, np.ndarray | np.generic) or value.dtype.kind != "f":
        return value
    change = rng.uniform(-1, 1, value.shape) * np.finfo(value.dtype).eps
    return (value * (1 + change)).astype(value.dtype)
