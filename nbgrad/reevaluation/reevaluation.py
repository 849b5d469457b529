"""A run once more, in another precision: the same operations, kernels and rules.

Nothing is rebuilt. NumPy's kernels compute in the precision of what they are given; so we round
what goes in, and call them in the order of creation. It is a session in thirty lines, slow and
plain, and for that a second opinion on the fast one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from nbgrad.dtypes import DType, as_dtype
from nbgrad.graph import Branch, Operation, Tensor, ancestors
from nbgrad.graph.operands import replace_tensors
from nbgrad.registry import Effect
from nbgrad.tracing.numbers import DIGITS

PRECISIONS = tuple(DIGITS)
COMPLEX = {"float32": "complex64", "float64": "complex128"}


class Reevaluation:
    """Some tensors of a graph as a function of others, in one precision.

    Parameters
    ----------
    fetches
        The tensors to compute.
    held
        The values of those that are not computed: variables, placeholders, random numbers.
    precision
        "float32" or "float64".
    perturbation
        If given, the last digit of the data is changed at random. What an answer loses by that
        it never had. Data are the tensors held and the arrays that stand in the graph; a lone
        constant belongs to the formula, like the 2 of x².
    """

    def __init__(
        self,
        fetches: Sequence[Tensor],
        held: Mapping[Tensor, Any],
        precision: str,
        perturbation: np.random.Generator | None = None,
    ) -> None:
        self.fetches = list(fetches)
        self.precision = precision
        known = {tensor: self.rounded(value) for tensor, value in held.items()}
        needed = [op for op in ancestors(fetches, stop=held) if op.outputs]
        for op in needed:
            if op.effect is Effect.CONSTANT and op.outputs[0] not in known:
                known[op.outputs[0]] = self.rounded(op.attributes["value"])
        if perturbation is not None:
            data = {t for t, value in known.items() if t in held or np.ndim(value)}
            known = {t: perturbed(v, perturbation) if t in data else v for t, v in known.items()}
        self.known = known
        self.operations = [
            op for op in needed if op.effect is not Effect.CONSTANT and not op.effect.needs_session
        ]

    def settle(self, moving: Sequence[Tensor]) -> Reevaluation:
        """Compute now, once, whatever does not depend on the tensors that will move."""
        depends, later = set(moving), []
        with np.errstate(all="ignore"):
            for op in self.operations:
                if depends.isdisjoint((*op.inputs, *predicates(op.branch))):
                    self._compute(op, self.known)
                else:
                    depends.update(op.outputs)
                    later.append(op)
        self.operations = later
        return self

    def run(self, moved: Mapping[Tensor, Any] | None = None) -> list[Any]:
        """The values of the fetches, where some of the tensors held have others."""
        values = {**self.known, **{t: self.rounded(v) for t, v in (moved or {}).items()}}
        with np.errstate(all="ignore"):
            for op in self.operations:
                self._compute(op, values)
        return [values[tensor] for tensor in self.fetches]

    def _compute(self, op: Operation, values: dict[Tensor, Any]) -> None:
        """Add what one operation makes of its operands, unless it is known, or not to run."""
        if op.outputs[0] in values or not is_taken(op.branch, values):
            return
        operands = [values.get(tensor) for tensor in op.inputs[: op.operand_count]]
        settings = {
            key: self.rounded(replace_tensors(value, values.__getitem__))
            for key, value in op.attributes.items()
        }
        result = op.definition.kernel(*operands, **settings)
        values.update(zip(op.outputs, result if op.definition.many else [result], strict=True))

    def rounded(self, value: Any) -> Any:
        """A number, an array or a dtype in this precision; anything else as it is."""
        complex_name = COMPLEX[self.precision]
        if isinstance(value, np.ndarray | np.generic):
            kind = {"f": self.precision, "c": complex_name}.get(value.dtype.kind)
            return value if kind is None else value.astype(kind)[()]
        if isinstance(value, DType):
            name = self.precision if value.is_floating else complex_name
            return as_dtype(name) if value.is_trainable else value
        if isinstance(value, tuple) and type(value) is tuple:
            return tuple(map(self.rounded, value))
        return value


def is_taken(branch: Branch | None, values: Mapping[Tensor, Any]) -> bool:
    """Whether the operations of a branch run, given what was computed so far."""
    while branch is not None:
        if bool(values.get(branch.predicate)) is not branch.value:
            return False
        branch = branch.outer
    return True


def predicates(branch: Branch | None) -> Iterator[Tensor]:
    """What decides whether the operations of a branch run."""
    while branch is not None:
        yield branch.predicate
        branch = branch.outer


def perturbed(value: Any, rng: np.random.Generator) -> Any:
    """Floating-point numbers, each up to one unit in its last place away."""
    if not isinstance(value, np.ndarray | np.generic) or value.dtype.kind != "f":
        return value
    change = rng.uniform(-1, 1, value.shape) * np.finfo(value.dtype).eps
    return (value * (1 + change)).astype(value.dtype)
