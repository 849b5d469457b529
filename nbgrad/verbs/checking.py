"""The verb that checks a derivative: three witnesses, two precisions, and what to trust."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nbgrad.render.charts import Errors
from nbgrad.render.choices import chosen_theme, in_a_line
from nbgrad.render.evidence import Evidence, evidence_html, evidence_text, full, slopes_text
from nbgrad.render.plots import Plot
from nbgrad.render.prose import headline
from nbgrad.render.reasons import why
from nbgrad.render.saved import Saved, Writers, page
from nbgrad.render.style import Theme
from nbgrad.session import Session
from nbgrad.tracing.model import Trace
from nbgrad.witnesses import STEPS, Case, Hearing, Statement
from nbgrad.witnesses.replaying import PRECISIONS


@dataclass(frozen=True)
class GradientCheck(Saved):
    """What the witnesses say about the derivative with respect to each x.

    Attributes
    ----------
    trace
        The run that was checked.
    hearings
        One for each x, in their order.
    theme
        "auto" follows JupyterLab or the reader's system; "light", "dark".
    """

    trace: Trace
    hearings: tuple[Hearing, ...]
    theme: Theme = "auto"

    def __post_init__(self) -> None:
        chosen_theme(self.theme)

    def digits(self, x: str | None = None, precision: str = "float64") -> int:
        """The significant digits to trust: of the derivative with respect to x, or of all.

        Where there is no gradient, there is nothing to trust: 0.
        """
        asked = self.hearings if x is None else [self.hearing(x)]
        return min((h.by[precision].digits if h.by else 0 for h in asked), default=0)

    def hearing(self, x: str) -> Hearing:
        """The witnesses about the x with this label."""
        node = self.trace.node(x).id
        found = next((hearing for hearing in self.hearings if hearing.node == node), None)
        if found is None:
            asked = ", ".join(self.trace.node(hearing.node).label for hearing in self.hearings)
            raise KeyError(f"{x!r} is none of the xs. They are: {asked}")
        return found

    @property
    def text(self) -> str:
        """The witnesses in plain text."""
        return "\n\n".join(evidence_text(self._evidence(hearing)) for hearing in self.hearings)

    def table(self, x: str | None = None) -> str:
        """The slopes by finite differences for the step sizes, in plain text."""
        hearing = self.hearings[0] if x is None else self.hearing(x)
        return slopes_text(self._evidence(hearing))

    def plot(self, x: str | None = None) -> Plot:
        """How far finite differences are from reverse mode, over the step size h."""
        hearing = self.hearings[0] if x is None else self.hearing(x)
        errors = {precision: errors_of(statement) for precision, statement in hearing.by.items()}
        chart = Errors(STEPS, errors)
        return Plot(chart.description, chart, theme=self.theme)

    @property
    def html(self) -> str:
        """The witnesses as HTML, with the plots."""
        parts = [(self._evidence(h), self.plot(h.node).html if h.by else "") for h in self.hearings]
        return evidence_html(parts, self.theme)

    def writers(self) -> Writers:
        """What it can be saved as."""
        return {
            ".txt": lambda: f"{self.text}\n",
            ".html": lambda: page(self.html, "Three witnesses", self.theme),
        }

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return in_a_line("GradientCheck", headline(self.trace))

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.text}

    def _evidence(self, hearing: Hearing) -> Evidence:
        node = self.trace.node(hearing.node)
        where = "" if hearing.is_scalar else " along a random direction"
        title = f"{self.trace.total(node)}{where}"
        if not hearing.by:
            return Evidence(title, (), None, (why(self.trace, node),))
        both = [hearing.by[precision] for precision in PRECISIONS]
        return Evidence(
            title,
            tuple(rows(hearing, both)),
            (both[0].digits, both[1].digits),
            tuple(verdict(*pair) for pair in zip(PRECISIONS, both, strict=True)),
            tuple(zip(STEPS, both[0].differences, both[1].differences, strict=True)),
            hearing.formula,
        )


def rows(
    hearing: Hearing, both: list[Statement]
) -> Iterator[tuple[str, float | None, float | None]]:
    """What each witness says, in either precision."""
    single, double = both
    yield "reverse mode", single.reverse, double.reverse
    yield "finite differences, h → 0", single.limit, double.limit
    if hearing.formula:
        yield "the printed formula", single.printed, double.printed
    again = f"reverse mode, last digits of the data changed {len(single.shaken)} times"
    yield f"{again}: least", min(single.shaken), min(double.shaken)
    yield f"{again}: greatest", max(single.shaken), max(double.shaken)


def verdict(precision: str, statement: Statement) -> str:
    """What to make of it, in a sentence."""
    digits = statement.digits
    if digits:
        count = "1 digit" if digits == 1 else f"{digits} digits"
        return f"{precision}: all witnesses agree on {count}."
    others = [statement.limit, *statement.shaken]
    far = max(others, key=lambda other: abs(other - statement.reverse))
    return (
        f"{precision}: no digit can be trusted. Reverse mode gives "
        f"{full(statement.reverse, 'float32')}, another witness {full(far, 'float32')}."
    )


def errors_of(statement: Statement) -> list[float]:
    """The relative difference of each slope from reverse mode."""
    size = abs(statement.reverse) or 1.0
    return [abs(slope - statement.reverse) / size for slope in statement.differences]


def check_gradient(
    ys: Any,
    xs: Any,
    grad_ys: Any = None,
    stop_gradients: Any = None,
    feed_dict: Any = None,
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

    Notes
    -----
    A rule that is no derivative (a straight-through estimator) has witnesses against it. So has
    a derivative that rounding has eaten, in which case none of them is right.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     x = ng.Variable(3.0, name="x")
    ...     check = ng.check_gradient(ng.multiply(x, x, name="y"), x)
    >>> check.digits("x") > 10, check.digits("x", "float32") > 4
    (True, True)
    """
    case = Case(ys, xs, grad_ys, stop_gradients, feed_dict, session)
    return GradientCheck(case.run, case.hearings(), theme)
