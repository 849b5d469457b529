"""Three witnesses to a derivative: reverse mode, finite differences, the printed formula.

They share little code, so where they agree to so many digits in one precision, and reverse mode
stays the same when the last digit of its data is changed, we trust those digits. Agreement of
two runs of the *same* computation proves nothing: an inverse of a nearly singular matrix is
noise in float64 as it is in float32, and repeats itself perfectly.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nbgrad.finite_differences import central_difference, extrapolated, weighed
from nbgrad.graph import Tensor, ancestors
from nbgrad.registry import Effect
from nbgrad.reverse_mode.endpoints import as_list
from nbgrad.session import get_default_session
from nbgrad.session.feeding import feeds_of
from nbgrad.tracing import formulas
from nbgrad.tracing.drawn import itself, with_readings
from nbgrad.tracing.record import Recorder
from nbgrad.witnesses.replaying import PRECISIONS, Replay

STEPS = tuple(10.0 ** (-k / 2) for k in range(2, 25))
"""Step sizes, two for each power of ten, relative to the size of x."""

SHAKES = 5

MOST = {"float32": 7, "float64": 15}
"""The decimal digits that a number of each precision has."""

LONGEST_FORMULA = 80


@dataclass(frozen=True)
class Statement:
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
    shaken
        By reverse mode, each time with the last digit of the data changed.
    digits
        How many significant digits all this leaves to trust.
    """

    reverse: float
    differences: tuple[float, ...]
    limit: float
    printed: float | None
    shaken: tuple[float, ...]
    digits: int


@dataclass(frozen=True)
class Hearing:
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
        The statement for "float32" and for "float64"; empty where there is no gradient.
    """

    node: str
    is_scalar: bool
    steps: tuple[float, ...]
    formula: str
    by: Mapping[str, Statement]


class Case:
    """One question, with everything held that no witness may change on its own.

    Held are variables, placeholders and random numbers, the weights of the ys, and, while an x
    moves, what is stopped: the derivative in question takes that for constant.
    """

    def __init__(
        self, ys: Any, xs: Any, grad_ys: Any, stop_gradients: Any, feed_dict: Any, session: Any
    ) -> None:
        self.recorder = recorder = Recorder(ys, xs, grad_ys, stop_gradients)
        self.sweep = recorder.sweep
        self.run = run = recorder.record(feed_dict, session or get_default_session())
        fed = feeds_of(feed_dict, recorder.graph)
        self.values = {t: run.node(recorder.ids[t]).value.array for t in recorder.nodes}
        self.held = {t: v for t, v in self.values.items() if t in fed or not_computed(t)}
        weights = recorder.values_of(self.sweep.seeds, {**fed, **self.held})
        self.weights = dict(zip(self.sweep.seeds, weights, strict=True))
        stops = {itself(tensor) for tensor in as_list(stop_gradients or [])}
        self.still = {t for t in self.values if t in stops or t.op.type == "StopGradient"}

    def hearings(self) -> tuple[Hearing, ...]:
        """All witnesses about every x."""
        return tuple(map(self.hearing, self.recorder.xs))

    def hearing(self, x: Tensor) -> Hearing:
        """All witnesses about one x."""
        node = self.recorder.ids[x]
        shape = self.values[x].shape
        total = self.recorder.totals.get(x)
        if total is None:
            return Hearing(node, not shape, STEPS, "", {})
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
            digits = min(MOST[precision], agreeing(reverse, others))
            by[precision] = Statement(reverse, differences, limit, printed, tuple(again), digits)
        return Hearing(node, not shape, STEPS, formula, by)

    def reverse(self, total: Tensor, direction: np.ndarray, precision: str) -> list[float]:
        """⟨v, Jᵀu⟩ by reverse mode: as it is, and with shaken data."""
        rng = np.random.default_rng(0)
        found = []
        for shake in (None, *[rng] * SHAKES):
            [gradient] = Replay([total], {**self.held, **self.weights}, precision, shake).run()
            found.append(float(np.vdot(direction, gradient)))
        return found

    def measured(
        self, x: Tensor, direction: np.ndarray, precision: str
    ) -> tuple[tuple[float, ...], float]:
        """⟨u, Jv⟩ by differences: for every step size, and the limit."""
        fixed = {t: self.values[t] for t in self.still if t is not x}
        held = {**self.held, **fixed, x: self.values[x]}
        replay = Replay(self.sweep.ys, held, precision).settle([x])
        start = self.values[x].astype("float64")
        size = max(1.0, float(np.abs(start).max(initial=0)))

        def slope(h: float) -> float:
            rates = central_difference(lambda at: replay.run({x: at}), start, direction, h)
            return weighed([*self.weights.values()], rates)

        with np.errstate(all="ignore"):
            return tuple(slope(h * size) for h in STEPS), extrapolated(slope, 0.4 * size)

    def formula(self, total: Tensor) -> str:
        """The gradient's own graph, printed, where it is short."""
        known = with_readings({t: self.recorder.labels[t] for t in self.held})
        if any(np.ndim(value) for value in self.values.values()) or self.still:
            return ""
        if len(ancestors([total], stop=known)) > LONGEST_FORMULA:
            return ""
        weights = {t: formulas.number(float(value)) for t, value in self.weights.items()}
        text = formulas.express(total, {**known, **weights}).text
        return text if len(text) <= LONGEST_FORMULA else ""

    def printed(self, formula: str, precision: str) -> float | None:
        """The value of the printed formula, computed from its text alone."""
        labels = {self.recorder.labels[t].text: v for t, v in self.held.items()}
        return formulas_value(formula, labels, precision) if formula else None


def not_computed(tensor: Tensor) -> bool:
    """Whether a tensor's value is given or drawn, and not computed from others."""
    effect = tensor.op.effect
    return effect.needs_session or (not tensor.op.inputs and effect is not Effect.CONSTANT)


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


FUNCTIONS: dict[str, Any] = {
    name: getattr(np, name)
    for name in ("sin", "cos", "tan", "exp", "log", "tanh", "sinh", "cosh", "sqrt", "abs", "sign")
}
SIGNS = {"·": "*", "−": "-", "^": "**", "²": "**2", "³": "**3"}


def formulas_value(formula: str, labels: Mapping[str, Any], precision: str) -> float | None:
    """What a printed formula comes to; None where it is not written in plain arithmetic."""
    names = {label: f"v{i}" for i, label in enumerate(labels)}
    values = {f"v{i}": np.dtype(precision).type(value) for i, value in enumerate(labels.values())}
    pattern = "|".join(sorted(map(re.escape, names), key=len, reverse=True)) or r"\b\B"
    code = re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", lambda found: names[found[0]], formula)
    for sign, python in SIGNS.items():
        code = code.replace(sign, python)
    try:
        with np.errstate(all="ignore"):
            return float(eval(code, {"__builtins__": {}}, {**FUNCTIONS, **values}))
    except Exception:
        return None  # a notation such as [x > 0], which is for people
