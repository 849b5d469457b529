"""The verb that checks a derivative: three witnesses, two precisions, and what to trust."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nbgrad.checks.precision import STEPS, DerivativeCheck, Estimates, Witnesses
from nbgrad.checks.report import Evidence, evidence_html, evidence_text, full, slopes_text
from nbgrad.core.session import Session
from nbgrad.core.typing import FeedDict, TensorLike, Tensors
from nbgrad.picture.charts import Errors
from nbgrad.picture.plots import Plot
from nbgrad.picture.reasons import why
from nbgrad.picture.result import Result
from nbgrad.picture.theme import Theme, check_theme, in_a_line
from nbgrad.picture.words import headline
from nbgrad.trace.evaluation import PRECISIONS, HeldGraph
from nbgrad.trace.model import Trace


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
    """Three witnesses to each derivative, and how many of its digits to trust.

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
    A rule that is no derivative (a straight-through estimator) has witnesses against it. So has
    a derivative that rounding has eaten, in which case none of them is right.

    References
    ----------
    C. J. F. Ridders (1982), "Accurate computation of F′(x) and F′(x)F″(x)", for the differences at
    h → 0.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     x = ng.Variable(3.0, name="x")
    ...     check = ng.check_gradient(ng.multiply(x, x, name="y"), x)
    >>> check.digits("x") > 10, check.digits("x", "float32") > 4
    (True, True)
    """
    graph = HeldGraph(ys, xs, grad_ys, stop_gradients, feed_dict, session)
    return GradientCheck(graph.run, Witnesses(graph).derivatives(), theme)


@dataclass(frozen=True)
class GradientCheck(Result):
    """What the witnesses say about the derivative with respect to each x.

    Attributes
    ----------
    trace
        The run that was checked.
    derivatives
        One for each x, in their order.
    theme
        "auto" follows JupyterLab or the reader's system; "light", "dark".
    """

    trace: Trace
    derivatives: tuple[DerivativeCheck, ...]
    theme: Theme = "auto"

    def __post_init__(self) -> None:
        check_theme(self.theme)

    def digits(self, x: str | None = None, precision: str = "float64") -> int:
        """The significant digits to trust: of the derivative with respect to x, or of all.

        Parameters
        ----------
        x
            The label of one of the xs; by default all of them, of which the fewest digits count.
        precision
            "float32" or "float64": what reverse mode is run in.

        Returns
        -------
        int
            0 where there is no gradient: nothing can be trusted.

        Raises
        ------
        KeyError
            If no x has this label.
        """
        asked = self.derivatives if x is None else [self.derivative(x)]
        return min((each.by[precision].digits if each.by else 0 for each in asked), default=0)

    def derivative(self, x: str) -> DerivativeCheck:
        """What the witnesses say about the derivative with respect to one x.

        Parameters
        ----------
        x
            Its label.

        Returns
        -------
        DerivativeCheck
            What each witness gives, in either precision.

        Raises
        ------
        KeyError
            If no x has this label.
        """
        node = self.trace.node(x).id
        found = next(
            (derivative for derivative in self.derivatives if derivative.node == node), None
        )
        if found is None:
            asked = ", ".join(
                self.trace.node(derivative.node).label for derivative in self.derivatives
            )
            raise KeyError(f"{x!r} is none of the xs. They are: {asked}")
        return found

    @property
    def title(self) -> str:
        """What a page that shows it is called."""
        return "Three witnesses"

    @property
    def text(self) -> str:
        """The witnesses in plain text."""
        return "\n\n".join(
            evidence_text(self._evidence(derivative)) for derivative in self.derivatives
        )

    def table(self, x: str | None = None) -> str:
        """The slopes by finite differences for the step sizes, in plain text.

        Parameters
        ----------
        x
            The label of one of the xs; by default the first.

        Returns
        -------
        str
            A line for each step size.

        Raises
        ------
        KeyError
            If no x has this label.
        """
        derivative = self.derivatives[0] if x is None else self.derivative(x)
        return slopes_text(self._evidence(derivative))

    def plot(self, x: str | None = None) -> Plot:
        """How far finite differences are from reverse mode, over the step size h.

        Parameters
        ----------
        x
            The label of one of the xs; by default the first.

        Returns
        -------
        Plot
            Both scales are logarithmic, with a curve for each precision.

        Raises
        ------
        KeyError
            If no x has this label.
        """
        derivative = self.derivatives[0] if x is None else self.derivative(x)
        errors = {precision: errors_of(estimates) for precision, estimates in derivative.by.items()}
        return Plot(Errors(STEPS, errors), self.theme)

    @property
    def html(self) -> str:
        """The witnesses as HTML, with the plots."""
        parts = [
            (self._evidence(each), self.plot(each.node).html if each.by else "")
            for each in self.derivatives
        ]
        return evidence_html(parts, self.theme)

    def __repr__(self) -> str:
        return in_a_line("GradientCheck", headline(self.trace))

    def _evidence(self, derivative: DerivativeCheck) -> Evidence:
        node = self.trace.node(derivative.node)
        where = "" if derivative.is_scalar else " along a random direction"
        title = f"{self.trace.total(node)}{where}"
        if not derivative.by:
            return Evidence(title, (), None, (why(self.trace, node),))
        both = [derivative.by[precision] for precision in PRECISIONS]
        return Evidence(
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
    """What each witness says, in either precision."""
    single, double = both
    yield "reverse mode", single.reverse, double.reverse
    yield "finite differences, h → 0", single.limit, double.limit
    if derivative.formula:
        yield "the printed formula", single.printed, double.printed
    again = f"reverse mode, last digits of the data changed {len(single.perturbed)} times"
    yield f"{again}: least", min(single.perturbed), min(double.perturbed)
    yield f"{again}: greatest", max(single.perturbed), max(double.perturbed)


def verdict(precision: str, estimates: Estimates) -> str:
    """What to make of it, in a sentence."""
    digits = estimates.digits
    if digits:
        count = "1 digit" if digits == 1 else f"{digits} digits"
        return f"{precision}: all witnesses agree on {count}."
    others = [estimates.limit, *estimates.perturbed]
    far = max(others, key=lambda other: abs(other - estimates.reverse))
    return (
        f"{precision}: no digit can be trusted. Reverse mode gives "
        f"{full(estimates.reverse, 'float32')}, another witness {full(far, 'float32')}."
    )


def errors_of(estimates: Estimates) -> list[float]:
    """The relative difference of each slope from reverse mode."""
    size = abs(estimates.reverse) or 1.0
    return [abs(slope - estimates.reverse) / size for slope in estimates.differences]
