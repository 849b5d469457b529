"""Three witnesses to a derivative: reverse mode, finite differences, the printed formula.

They share little code, so where they agree to so many digits in one precision, and reverse mode
stays the same when the last digit of its data is changed, we trust those digits. Agreement of
two runs of the *same* computation proves nothing: an inverse of a nearly singular matrix is
noise in float64 as it is in float32, and repeats itself perfectly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from nbgrad.finite_differences import central_difference, extrapolated, weighed
from nbgrad.graph import Tensor, ancestors
from nbgrad.reevaluation import PRECISIONS, HeldGraph, Reevaluation
from nbgrad.tracing import formulas
from nbgrad.tracing.drawn import with_readings
from nbgrad.tracing.numbers import DIGITS
from nbgrad.witnesses.digits import agreeing
from nbgrad.witnesses.printed_formula import value_of

STEPS = tuple(10.0 ** (-k / 2) for k in range(2, 25))
"""Step sizes, two for each power of ten, relative to the size of x."""

PERTURBATIONS = 5

LONGEST_FORMULA = 80


@dataclass(frozen=True)
class Estimates:
    """What the witnesses say of one derivative, in one precision.

    Attributes
    ----------
    reverse
        By reverse mode.
    differences
        By central differences, for each step size h.
    limit
        By differences, extrapolated to h = 0.
    printed
        By evaluating the printed formula, where there is one.
    perturbed
        By reverse mode, each time with the last digit of the data changed.
    digits
        How many significant digits all this leaves to trust.
    """

    reverse: float
    differences: tuple[float, ...]
    limit: float
    printed: float | None
    perturbed: tuple[float, ...]
    digits: int


@dataclass(frozen=True)
class DerivativeCheck:
    """The witnesses to the derivative with respect to one x.

    Attributes
    ----------
    node, is_scalar
        The id of x in the trace. Of an array, the derivative along one random direction is
        measured.
    steps
        The step sizes.
    formula
        The printed derivative; empty where it is long, or x is an array.
    by
        The estimates for "float32" and for "float64"; empty where there is no gradient.
    """

    node: str
    is_scalar: bool
    steps: tuple[float, ...]
    formula: str
    by: Mapping[str, Estimates]


class Witnesses:
    """The three ways to a derivative of one question, all from the same held values."""

    def __init__(self, graph: HeldGraph) -> None:
        self.graph = graph

    def derivatives(self) -> tuple[DerivativeCheck, ...]:
        """All witnesses about every x."""
        return tuple(map(self.derivative, self.graph.recorder.xs))

    def derivative(self, x: Tensor) -> DerivativeCheck:
        """All witnesses about one x."""
        node = self.graph.recorder.ids[x]
        shape = self.graph.values[x].shape
        total = self.graph.recorder.totals.get(x)
        if total is None:
            return DerivativeCheck(node, not shape, STEPS, "", {})
        direction = random_direction(shape) if shape else np.ones(())
        measured = {p: self.measured(x, direction, p) for p in PRECISIONS}
        formula = self.formula(total)
        by = {}
        for precision in PRECISIONS:
            reverse, *again = self.reverse(total, direction, precision)
            differences, limit = measured[precision]
            printed = self.printed(formula, precision)
            # The differences of float64 are the better witness to float32 too.
            others = [*again, measured["float64"][1]] + ([] if printed is None else [printed])
            digits = min(DIGITS[precision], agreeing(reverse, others))
            by[precision] = Estimates(reverse, differences, limit, printed, tuple(again), digits)
        return DerivativeCheck(node, not shape, STEPS, formula, by)

    def reverse(self, total: Tensor, direction: np.ndarray, precision: str) -> list[float]:
        """⟨v, Jᵀu⟩ by reverse mode: as it is, and with perturbed data."""
        rng = np.random.default_rng(0)
        found, held = [], {**self.graph.held, **self.graph.weights}
        for perturbation in (None, *[rng] * PERTURBATIONS):
            [gradient] = Reevaluation([total], held, precision, perturbation).run()
            found.append(float(np.vdot(direction, gradient)))
        return found

    def measured(
        self, x: Tensor, direction: np.ndarray, precision: str
    ) -> tuple[tuple[float, ...], float]:
        """⟨u, Jv⟩ by differences: for every step size, and the limit."""
        fixed = {t: self.graph.values[t] for t in self.graph.still if t is not x}
        held = {**self.graph.held, **fixed, x: self.graph.values[x]}
        reevaluation = Reevaluation(self.graph.sweep.ys, held, precision).settle([x])
        start = self.graph.values[x].astype("float64")
        size = max(1.0, float(np.abs(start).max(initial=0)))

        def slope(h: float) -> float:
            rates = central_difference(lambda at: reevaluation.run({x: at}), start, direction, h)
            return weighed([*self.graph.weights.values()], rates)

        with np.errstate(all="ignore"):
            return tuple(slope(h * size) for h in STEPS), extrapolated(slope, 0.4 * size)

    def formula(self, total: Tensor) -> str:
        """The gradient's own graph, printed, where it is short."""
        known = with_readings({t: self.graph.recorder.labels[t] for t in self.graph.held})
        if any(np.ndim(value) for value in self.graph.values.values()) or self.graph.still:
            return ""
        if len(ancestors([total], stop=known)) > LONGEST_FORMULA:
            return ""
        weights = {t: formulas.number(float(value)) for t, value in self.graph.weights.items()}
        text = formulas.express(total, {**known, **weights}).text
        return text if len(text) <= LONGEST_FORMULA else ""

    def printed(self, formula: str, precision: str) -> float | None:
        """The value of the printed formula; None where it is not plain arithmetic."""
        labels = {self.graph.recorder.labels[t].text: v for t, v in self.graph.held.items()}
        try:
            return value_of(formula, labels, precision)
        except ValueError:
            return None


def random_direction(shape: tuple[int, ...]) -> np.ndarray:
    """A direction in which every element moves, the same one each time."""
    direction = np.random.default_rng(0).normal(size=shape)
    return direction / np.abs(direction).max(initial=1e-300)
