"""Three witnesses to a derivative: reverse mode, finite differences, the printed formula.

They share little code, so where they agree to so many digits in one precision, and reverse mode
stays the same when the last digit of its data is changed, we trust those digits. Agreement of
two runs of the *same* computation proves nothing: an inverse of a nearly singular matrix is
noise in float64 as it is in float32, and repeats itself perfectly.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nbgrad.checks.finite_differences import central_difference, extrapolated, weighed
from nbgrad.core.graph import Tensor, ancestors
from nbgrad.trace import formulas
from nbgrad.trace.evaluation import PRECISIONS, HeldGraph, Reevaluation
from nbgrad.trace.model import DIGITS
from nbgrad.trace.tensors import with_readings

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


def agreeing(value: float, others: Sequence[float]) -> int:
    """The significant digits on which a value agrees with all the others; 0 for none.

    They agree on n digits if they are no further apart than 5 in the digit after these.

    Examples
    --------
    >>> agreeing(2.0, [2.0002, 1.9999]), agreeing(1.0, [-1.0]), agreeing(3.0, [3.0])
    (4, 0, 16)
    """
    apart = max(abs(value - other) for other in others)
    smallest = min(map(abs, [value, *others]))
    if not math.isfinite(apart):
        return 0
    if apart <= 5e-16 * smallest:
        return 16
    return max(0, math.floor(math.log10(5 * smallest / apart))) if smallest else 0


FUNCTIONS: dict[str, Callable[..., Any]] = {
    name: getattr(np, name)
    for name in ("sin", "cos", "tan", "exp", "log", "tanh", "sinh", "cosh", "abs", "sign")
}


INFIX: dict[str, tuple[int, Callable[[Any, Any], Any]]] = {
    "+": (1, np.add),
    "−": (1, np.subtract),
    "·": (2, np.multiply),
    "/": (2, np.divide),
    "^": (4, np.power),
}


SIGN, ROOT = 3, 5


RAISED = {"²": 2, "³": 3}


TOKEN = r"\d+\.?\d*(?:e[+−-]?\d+)?|[^\W\d]\w*|\S"


def value_of(formula: str, labels: Mapping[str, Any], precision: str) -> float:
    """What a formula comes to, computed from its text alone.

    Parameters
    ----------
    formula
        As `nbgrad.trace.formulas` prints it: "2 · x · y + cos(x)²".
    labels
        The numbers that stand for its names.
    precision
        "float32" or "float64".

    Raises
    ------
    ValueError
        If it is not written in plain arithmetic, as [x > 0] is not.

    Examples
    --------
    >>> value_of("−x² / 2 · √y", {"x": 3.0, "y": 4.0}, "float64")
    -9.0
    """
    with np.errstate(all="ignore"):
        return float(Reader(formula, labels, np.dtype(precision).type).whole())


class Reader:
    """The parts of a formula, taken from left to right by how tightly they bind."""

    def __init__(self, formula: str, labels: Mapping[str, Any], number: Callable[[Any], Any]):
        longest_first = sorted(labels, key=len, reverse=True)
        names = [rf"{re.escape(name)}(?![^\W²³])" for name in longest_first]
        self.parts: Iterator[str] = iter(re.findall("|".join([*names, TOKEN]), formula))
        self.labels, self.number = labels, number
        self.formula, self.next = formula, ""
        self.take()

    def take(self) -> str:
        """The part that is next; the one after it is next from now on."""
        taken, self.next = self.next, next(self.parts, "")
        return taken

    def expect(self, part: str) -> None:
        if self.take() != part:
            raise ValueError(f"{self.formula!r} is no plain arithmetic: {part!r} is missing.")

    def whole(self) -> Any:
        value = self.tighter_than(0)
        self.expect("")
        return value

    def tighter_than(self, binding: int) -> Any:
        """The value of what follows, up to an operator that binds no tighter."""
        value = self.operand()
        while self.next in RAISED or INFIX.get(self.next, (0, None))[0] > binding:
            sign = self.take()
            if sign in RAISED:
                value = np.power(value, self.number(RAISED[sign]))
            else:
                own, function = INFIX[sign]
                # A power of a power is written without brackets on the right: x^y^z.
                value = function(value, self.tighter_than(own - (sign == "^")))
        return value

    def operand(self) -> Any:
        """A number, a name, something in brackets, a function's value, or one of these signed."""
        part = self.take()
        if part in self.labels:
            return self.number(self.labels[part])
        if part[:1].isdigit():
            return self.number(part.replace("−", "-"))
        if part == "(":
            value = self.tighter_than(0)
            self.expect(")")
            return value
        if part == "|":
            value = self.tighter_than(0)
            self.expect("|")
            return np.abs(value)
        if part == "−":
            return np.negative(self.tighter_than(SIGN))
        if part == "√":
            return np.sqrt(self.tighter_than(ROOT))
        if part in FUNCTIONS and self.next == "(":
            return FUNCTIONS[part](self.operand())
        raise ValueError(f"{self.formula!r} is no plain arithmetic: {part!r} cannot be read.")
