"""The verb that checks a derivative: three estimates, two precisions, and what to trust."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nbgrad.checks.precision import STEPS, DerivativeCheck, Estimates, check_derivative
from nbgrad.checks.report import Report, as_html, as_text, slopes_text
from nbgrad.core.session import Session
from nbgrad.core.typing import FeedDict, TensorLike, Tensors
from nbgrad.picture.charts import Errors
from nbgrad.picture.plots import Plot
from nbgrad.picture.reasons import why
from nbgrad.picture.result import Result
from nbgrad.picture.theme import Theme, check_theme, in_a_line
from nbgrad.picture.words import headline
from nbgrad.trace.evaluation import PRECISIONS, EvaluationPoint
from nbgrad.trace.model import Trace
from nbgrad.trace.numbers import full


def check_gradient(
    ys: Tensors,
    xs: Tensors,
    grad_ys: TensorLike | None = None,
    stop_gradients: Tensors | None = None,
    feed_dict: FeedDict | None = None,
    session: Session | None = None,
    *,
    theme: Theme = "auto",
) -> GradientCheck:
    """Three estimates of each derivative, and how many of its digits to trust.

    Reverse mode, finite differences over a range of step sizes and, where it is short, the
    printed derivative are computed in float32 and in float64, whatever the graph's own
    precision: the same operations run again, on the same numbers rounded. Reverse mode also
    runs with the last digit of the data changed. Digits on which all of them agree are trusted.

    Parameters
    ----------
    ys, xs, grad_ys, stop_gradients, feed_dict, session
        As for `nbgrad.trace`.
    theme
        "light", "dark", or "auto", which follows the page.

    Returns
    -------
    GradientCheck
        It shows itself in a notebook, has `.digits()`, `.plot()` and `.table()`, and `save`s
        itself as .txt or .html.

    Raises
    ------
    InvalidArgumentError
        If a placeholder is not fed.
    LookupError
        If an operation on the way has no gradient rule.

    Notes
    -----
    A rule that is no derivative (a straight-through estimator) is contradicted by the other
    estimates. So is a derivative that rounding has eaten, in which case none of them is right.

    References
    ----------
    C. J. F. Ridders (1982), "Accurate computation of F′(x) and F′(x)F″(x)", for the differences at
    h → 0.

    Examples
    --------
    >>> x = tf.Variable(3.0, name="x")
    >>> check = ng.check_gradient(tf.multiply(x, x, name="y"), x)
    >>> check.digits("x") > 10, check.digits("x", "float32") > 4
    (True, True)
    """
    point = EvaluationPoint(ys, xs, grad_ys, stop_gradients, feed_dict, session)
    derivatives = tuple(check_derivative(point, x) for x in point.recorder.xs)
    return GradientCheck(point.trace, derivatives, theme)


@dataclass(frozen=True)
class GradientCheck(Result):
    """The estimates of the derivative with respect to each x.

    Attributes
    ----------
    trace
        The run that was checked.
    derivatives
        One for each x, in their order.
    """

    trace: Trace
    derivatives: tuple[DerivativeCheck, ...]
    theme: Theme = "auto"

    def __post_init__(self) -> None:
        check_theme(self.theme)

    def digits(self, x: str | None = None, precision: str = "float64") -> int:
        """The significant digits to trust of reverse mode in "float32" or "float64".

        They are those of the x of this label, or the fewest of all; 0 where there is no gradient.
        """
        chosen = self.derivatives if x is None else [self.derivative(x)]
        return min((each.by[precision].digits if each.by else 0 for each in chosen), default=0)

    def derivative(self, x: str | None = None) -> DerivativeCheck:
        """The estimates of the derivative with respect to the x of this label, or the first.

        Raises
        ------
        KeyError
            If no x has this label.
        """
        if x is None:
            return self.derivatives[0]
        node = self.trace.node(x).id
        found = next((each for each in self.derivatives if each.node == node), None)
        if found is None:
            labels = ", ".join(self.trace.node(each.node).label for each in self.derivatives)
            raise KeyError(f"{x!r} is none of the xs. They are: {labels}")
        return found

    @property
    def title(self) -> str:
        """What a page that shows it is called."""
        return "Three estimates"

    @property
    def text(self) -> str:
        """The estimates in plain text."""
        return "\n\n".join(as_text(self._report(each)) for each in self.derivatives)

    def table(self, x: str | None = None) -> str:
        """The slopes by finite differences in plain text, for the x of this label or the first."""
        return slopes_text(self._report(self.derivative(x)))

    def plot(self, x: str | None = None) -> Plot:
        """How far finite differences are from reverse mode, over the step size h.

        It is of the x of this label, or of the first. Both scales are logarithmic.
        """
        errors = errors_of(self.derivative(x))
        if not errors:
            raise ValueError("There is nothing to plot: no difference is a finite number.")
        return Plot(Errors(STEPS, errors), self.theme)

    @property
    def html(self) -> str:
        """The estimates as HTML, with the plots."""
        parts = [
            (self._report(each), self.plot(each.node).html if errors_of(each) else "")
            for each in self.derivatives
        ]
        return as_html(parts, self.theme)

    def __repr__(self) -> str:
        return in_a_line("GradientCheck", headline(self.trace))

    def _report(self, derivative: DerivativeCheck) -> Report:
        node = self.trace.node(derivative.node)
        where = "" if derivative.is_scalar else " along a random direction"
        title = f"{self.trace.total(node)}{where}"
        if not derivative.by:
            return Report(title, (), None, (why(self.trace, node),))
        both = [derivative.by[precision] for precision in PRECISIONS]
        return Report(
            title,
            tuple(rows(derivative, both)),
            (both[0].digits, both[1].digits),
            tuple(verdict(*pair) for pair in zip(PRECISIONS, both, strict=True)),
            tuple(zip(STEPS, both[0].differences, both[1].differences, strict=True)),
            derivative.formula,
        )


def rows(
    derivative: DerivativeCheck, both: list[Estimates]
) -> Iterator[tuple[str, float | None, float | None]]:
    """The name of each estimate, and what it is in either precision."""
    single, double = both
    yield "reverse mode", single.reverse, double.reverse
    yield "finite differences, h → 0", single.limit, double.limit
    if derivative.formula:
        yield "the printed formula", single.printed, double.printed
    again = f"reverse mode, last digits of the data changed {len(single.perturbed)} times"
    yield f"{again}: least", min(single.perturbed), min(double.perturbed)
    yield f"{again}: greatest", max(single.perturbed), max(double.perturbed)


def verdict(precision: str, estimates: Estimates) -> str:
    """What to make of the estimates, in a sentence."""
    digits = estimates.digits
    if digits:
        count = "1 digit" if digits == 1 else f"{digits} digits"
        if precision == "float64":
            return f"float64: all estimates agree on {count}."
        return f"{precision}: reverse mode agrees with the estimates in float64 on {count}."
    others = [estimates.limit, *estimates.perturbed]
    far = max(others, key=lambda other: abs(other - estimates.reverse))
    return (
        f"{precision}: no digit can be trusted. Reverse mode gives "
        f"{full(estimates.reverse, 'float32')}, another estimate {full(far, 'float32')}."
    )


def errors_of(derivative: DerivativeCheck) -> dict[str, list[float]]:
    """The relative difference of each slope from reverse mode, where there are any numbers."""
    errors = {}
    for precision, each in derivative.by.items():
        size = abs(each.reverse) or 1.0
        errors[precision] = [abs(slope - each.reverse) / size for slope in each.differences]
    return {precision: each for precision, each in errors.items() if np.isfinite(each).any()}
