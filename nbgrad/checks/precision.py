"""Three estimates of a derivative: by reverse mode, finite differences, the printed formula.

They share little code, so where they agree to so many digits in one precision, and reverse mode
stays the same when the last digit of its data is changed, we trust those digits. Agreement of
two runs of the *same* computation proves nothing: an inverse of a nearly singular matrix is
noise in float64 as it is in float32, and repeats itself perfectly.
"""

from __future__ import annotations

import ast
import contextlib
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nbgrad.core.graph import Tensor, ancestors
from nbgrad.trace import formulas
from nbgrad.trace.evaluation import PRECISIONS, Evaluation, EvaluationPoint
from nbgrad.trace.formulas import ON_THE_LINE, SUPERSCRIPTS
from nbgrad.trace.numbers import DIGITS
from nbgrad.trace.tensors import with_readings

#: Step sizes, two for each power of ten, relative to the size of x.
STEPS = tuple(10.0 ** (-k / 2) for k in range(2, 25))

#: How often the last digit of the data is changed.
PERTURBATIONS = 5

#: A formula of more characters, or made by more operations, is not printed.
LONGEST_FORMULA = 80


@dataclass(frozen=True)
class Estimates:
    """The estimates of one derivative, in one precision."""

    reverse: float  # by reverse mode
    differences: tuple[float, ...]  # by central differences, for each step size h
    limit: float  # the same extrapolated to h = 0
    printed: float | None  # by evaluating the printed formula, where there is one
    perturbed: tuple[float, ...]  # by reverse mode, each with the last digit of the data changed
    digits: int  # how many significant digits of reverse mode all this leaves to trust
    limit_digits: int  # how many digits of `limit` agree with the one in float64


@dataclass(frozen=True)
class DerivativeCheck:
    """The estimates of the derivative with respect to one x."""

    node: str  # the id of x in the trace
    is_scalar: bool  # of an array, the derivative along one random direction is estimated
    formula: str  # the printed derivative; empty where it is long, or x is an array
    by: Mapping[str, Estimates]  # for "float32" and "float64"; empty where there is no gradient

    @property
    def jumps(self) -> bool:
        """Whether the function jumps here: it changes by as much however small h is."""
        return bool(self.by) and is_jump(self.by["float64"].differences)


def check_derivative(point: EvaluationPoint, x: Tensor) -> DerivativeCheck:
    """All estimates of the derivative with respect to one x."""
    node, shape = point.recorder.ids[x], point.values[x].shape
    total = point.recorder.totals.get(x)
    if total is None:
        return DerivativeCheck(node, not shape, "", {})
    direction = np.ones(())
    if shape:  # one in which every element moves, the same one each time
        direction = np.random.default_rng(0).normal(size=shape)
        direction /= np.abs(direction).max(initial=1e-300)
    measured = {p: by_differences(point, x, direction, p) for p in PRECISIONS}
    formula = printed_derivative(point, total)
    numbers = {point.recorder.labels[t].text: value for t, value in point.fixed.items()}
    by = {}
    for precision in PRECISIONS:
        reverse, *perturbed = by_reverse_mode(point, total, direction, precision)
        differences, limit = measured[precision]
        printed = None
        with contextlib.suppress(ValueError):  # what is not plain arithmetic
            printed = value_of(formula, numbers, precision)
        # Differences in float32 are too coarse to judge by; those in float64 are not.
        others = [*perturbed, measured["float64"][1], *([] if printed is None else [printed])]
        digits = digits_in_common(reverse, others, DIGITS[precision])
        shown = digits_in_common(limit, [measured["float64"][1]], DIGITS[precision])
        by[precision] = Estimates(
            reverse, differences, limit, printed, tuple(perturbed), digits, shown
        )
    return DerivativeCheck(node, not shape, formula, by)


def by_reverse_mode(
    point: EvaluationPoint, total: Tensor, direction: np.ndarray, precision: str
) -> list[float]:
    """⟨v, Jᵀu⟩ by reverse mode: as it is, and with the last digit of the data changed."""
    rng = np.random.default_rng(0)
    evaluation = Evaluation([total], {**point.fixed, **point.seeds}, precision)
    perturbed = [evaluation.run_perturbed(rng) for _ in range(PERTURBATIONS)]
    return [float(np.vdot(direction, gradient)) for [gradient] in (evaluation.run(), *perturbed)]


def by_differences(
    point: EvaluationPoint, x: Tensor, direction: np.ndarray, precision: str
) -> tuple[tuple[float, ...], float]:
    """⟨u, Jv⟩ by differences: for every step size, and the limit."""
    stopped = {t: point.values[t] for t in point.stopped if t is not x}
    fixed = {**point.fixed, **stopped, x: point.values[x]}
    evaluation = Evaluation(point.reverse.ys, fixed, precision, [x])
    start = point.values[x].astype("float64")
    size = max(1.0, float(np.abs(start).max(initial=0)))

    def slope(h: float) -> float:
        rates = central_difference(lambda at: evaluation.run({x: at}), start, direction, h)
        return inner_product([*point.seeds.values()], rates)

    with np.errstate(all="ignore"):
        slopes = tuple(slope(h * size) for h in STEPS)
        return slopes, math.nan if is_jump(slopes) else extrapolated(slope, 0.4 * size)


def digits_in_common(value: float, others: Sequence[float], most: int = 15) -> int:
    """The significant digits on which a value agrees with all the others; 0 for none.

    All are rounded to `most` digits first, as they are shown. They agree on n digits if they are
    no further apart than half a unit of the n-th digit of the largest.

    >>> digits_in_common(2.0, [2.0002, 1.9999]), digits_in_common(10.0, [9.999998], most=7)
    (4, 7)
    """
    if not all(map(math.isfinite, [value, *others])):
        return 0
    value, *others = (float(f"{each:.{most - 1}e}") for each in [value, *others])
    apart = max(abs(value - other) for other in others)
    if apart == 0:
        return most
    leading = math.floor(math.log10(max(map(abs, [value, *others]))))
    # A last digit that no binary fraction holds must not count as one unit more.
    return min(most, max(0, leading + 1 - math.ceil(math.log10(2 * apart) - 1e-9)))


# Finite differences -----------------------------------------------------------------------------

# Derivatives measured from values alone, without the chain rule. A central difference errs by a
# multiple of h², and by what rounding makes of it: a machine's last digit, divided by h.
# Extrapolation takes h from afar and reaches further than any one h.


def central_difference(
    function: Callable[[Any], Sequence[Any]], x: Any, direction: Any, h: float
) -> list[Any]:
    """The slope of each result of a function at x along a direction v, an array like x.

    It is (f(x + h·v) − f(x − h·v)) / 2h, which differs from J·v by a multiple of h².
    """
    ahead, behind = function(x + h * direction), function(x - h * direction)
    return [(a - b) / (2 * h) for a, b in zip(ahead, behind, strict=True)]


def is_jump(slopes: Sequence[float]) -> bool:
    """Whether slopes are those of a jump, divided by ever smaller steps."""
    changes = np.multiply(slopes, STEPS)[len(STEPS) // 2 :]
    return bool(changes.all() and np.allclose(changes, changes[0], rtol=1e-3, atol=0))


def inner_product(us: Sequence[Any], zs: Sequence[Any]) -> float:
    """⟨u, z⟩, summed over pairs of arrays of one shape."""
    return float(sum(np.vdot(u, z) for u, z in zip(us, zs, strict=True)))


def extrapolated(slope: Callable[[float], float], h: float, rows: int = 10) -> float:
    """The limit of a central difference for h → 0, by Ridders' extrapolation; nan for none.

    From the largest h it is halved `rows` − 1 times, which divides the error by four each time, so
    (4 · finer − coarser) / 3 has none of second order; and so on for the fourth, the sixth …
    The entry that its neighbours contradict least wins.

    References
    ----------
    C. J. F. Ridders (1982), "Accurate computation of F′(x) and F′(x)F″(x)", Advances in
    Engineering Software 4.
    """
    best, error = math.nan, math.inf
    for start in (h, h / 1e2, h / 1e4):  # a large step is the exact one, unless it crosses a kink
        above: list[float] = []
        for i in range(rows):
            row = [slope(start / 2**i)]
            for order, coarser in enumerate(above, start=1):
                row.append((4**order * row[-1] - coarser) / (4**order - 1))
                doubt = max(abs(row[-1] - row[-2]), abs(row[-1] - coarser))
                if doubt < error or math.isnan(best):
                    best, error = row[-1], doubt
            above = row
    return best


# The printed formula ----------------------------------------------------------------------------


def printed_derivative(point: EvaluationPoint, total: Tensor) -> str:
    """The gradient's own graph, printed, where it is short."""
    known = with_readings({t: point.recorder.labels[t] for t in point.fixed})
    if point.stopped or any(np.ndim(value) for value in point.values.values()):
        return ""
    if len(ancestors([total], stop=known)) > LONGEST_FORMULA:
        return ""
    seeds = {t: formulas.of_number(float(value)) for t, value in point.seeds.items()}
    text = formulas.express(total, {**known, **seeds}).text
    return text if len(text) <= LONGEST_FORMULA else ""


FUNCTIONS: dict[str, Any] = {
    name: getattr(np, name)
    for name in ("sin", "cos", "tan", "exp", "log", "tanh", "sinh", "cosh", "abs", "sign", "sqrt")
}
OPERATORS: dict[type, Any] = {
    **{ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply},
    **{ast.Div: np.divide, ast.Pow: np.power},
}
POWER = f"⁻?[{SUPERSCRIPTS}]+(?:·[{SUPERSCRIPTS}]+)?"
AS_PYTHON = str.maketrans({"·": "*", "−": "-", "^": "**"})


def value_of(formula: str, names: Mapping[str, Any], precision: str) -> float:
    """The value of a formula, computed from its text alone; `names` are the numbers in it.

    A ValueError if it is not written in plain arithmetic, as [x > 0] is not.

    >>> value_of("−x² / 2 · √y", {"x": 3.0, "y": 4.0}, "float64")
    -9.0
    """
    number = np.dtype(precision).type
    # A label need be no Python name, as h₁ is none: the k-th name is written _k.
    longest_first = sorted(names, key=len, reverse=True)
    places = {name: f"_{k}" for k, name in enumerate(longest_first)}
    values = {places[name]: number(names[name]) for name in names}
    labels = "|".join(rf"(?<!\w){re.escape(name)}(?![^\W{SUPERSCRIPTS}])" for name in longest_first)
    text = re.sub(labels, lambda found: places[found[0]], formula) if names else formula
    try:
        # Arithmetic as people write it in Python's syntax: · and −, x⁻², |x| and √x.
        text = re.sub(POWER, lambda found: f"**({found[0].translate(ON_THE_LINE)})", text)
        text = re.sub(r"√(?=\()", "sqrt", re.sub(r"\|([^|]*)\|", r"abs(\1)", text))
        text = re.sub(r"√(\w+)", r"sqrt(\1)", text).translate(AS_PYTHON)
        tree = ast.parse(text, mode="eval")
        with np.errstate(all="ignore"):
            return float(computed(tree.body, values, number))
    except (SyntaxError, KeyError):
        raise ValueError(f"{formula!r} is no plain arithmetic.") from None


def computed(node: ast.expr, values: Mapping[str, Any], number: Any) -> Any:
    """The value of a Python expression, if it is made of numbers, known names and arithmetic."""
    match node:
        case ast.Constant(value=int() | float() as value):
            return number(value)
        case ast.Name(id=name):
            return values[name]
        case ast.BinOp(left, operator, right):
            function = OPERATORS[type(operator)]
            return function(computed(left, values, number), computed(right, values, number))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return np.negative(computed(operand, values, number))
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]):
            return FUNCTIONS[name](computed(argument, values, number))
    raise KeyError(type(node))
