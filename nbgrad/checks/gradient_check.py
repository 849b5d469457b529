"""The verb that checks a derivative: three estimates, two precisions, and what to trust."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from nbgrad.checks.precision import (
    PERTURBATIONS,
    STEPS,
    DerivativeCheck,
    Estimates,
    check_derivative,
)
from nbgrad.core.operands import FeedDict, TensorLike, Tensors
from nbgrad.core.session import Session
from nbgrad.picture.charts import Errors
from nbgrad.picture.plots import Plot
from nbgrad.picture.result import Result, fragment, one_line_repr, table_element
from nbgrad.picture.theme import Theme
from nbgrad.picture.words import aligned, headline, why
from nbgrad.trace.evaluation import PRECISIONS, EvaluationPoint
from nbgrad.trace.model import Trace
from nbgrad.trace.numbers import full, in_words, significant
from nbgrad.trace.record import Recorder


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
    recorder = Recorder(ys, xs, grad_ys, stop_gradients, session=session)
    point = EvaluationPoint(recorder, feed_dict, session)
    derivatives = tuple(check_derivative(point, x) for x in recorder.xs)
    return GradientCheck(point.trace, derivatives, theme)


@dataclass(frozen=True)
class GradientCheck(Result):
    """The estimates of the derivative with respect to each x, in the run that was checked."""

    trace: Trace
    derivatives: tuple[DerivativeCheck, ...]
    theme: Theme = "auto"

    title = "Estimates of derivatives"  # of a page that shows it

    def digits(self, x: str | None = None, precision: str = "float64") -> int:
        """The significant digits to trust of reverse mode in "float32" or "float64".

        They are those of the x of this label, or the fewest of all; 0 where there is no gradient.
        """
        chosen = self.derivatives if x is None else [self.derivative(x)]
        return min((each.by[precision].digits if each.by else 0 for each in chosen), default=0)

    def derivative(self, x: str | None = None) -> DerivativeCheck:
        """The estimates of the derivative with respect to the x of this label, or the first."""
        known = {each.node: each for each in self.derivatives}
        node = next(iter(known)) if x is None else self.trace.node(x).id
        if node not in known:
            labels = ", ".join(self.trace.node(key).label for key in known)
            raise KeyError(f"{x!r} is none of the xs. They are: {labels}")
        return known[node]

    @property
    def verdict(self) -> str:
        """The check in a line: "agrees: …", "differs: …", or that there is nothing to check."""
        if any(not each.by for each in self.derivatives):
            return "nothing to check: there is no gradient"
        wrong = [each.by["float64"] for each in self.derivatives if not each.by["float64"].digits]
        if wrong:
            return f"differs: {all_estimates('float64', wrong[0]).replace('Reverse', 'reverse', 1)}"
        return f"agrees: all estimates are the same on {digits_in_words(self.digits())}"

    @property
    def text(self) -> str:
        """The verdict, and the estimates in plain text."""
        return f"{self.verdict}\n" + "\n\n".join(map(self._text_of, self.derivatives))

    def table(self, x: str | None = None) -> str:
        """The slopes by finite differences in plain text, for the x of this label or the first."""
        every_second = slope_rows(self.derivative(x))[::2]
        return "\n".join(aligned([("h", *PRECISIONS), *every_second], SIDES))

    def plot(self, x: str | None = None) -> Plot:
        """A plot of the errors of finite differences over the step size h.

        It is of the x of this label, or of the first. Both scales are logarithmic.
        """
        errors = errors_of(self.derivative(x))
        if not errors:
            raise ValueError("There is nothing to plot: no difference is a finite number.")
        return Plot(Errors(STEPS, errors), self.theme)

    @property
    def html(self) -> str:
        """The estimates as HTML: tables in which the digits to trust stand out, and the plots."""
        parts = [f"<p><b>{escape(self.verdict)}</b></p>"]
        for each in self.derivatives:
            parts += [self._html_of(each), self.plot(each.node).html if errors_of(each) else ""]
        return fragment("nb-evidence", "".join(parts), self.theme, CSS)

    def __repr__(self) -> str:
        return one_line_repr("GradientCheck", f"{headline(self.trace)}; {self.verdict}")

    def _text_of(self, derivative: DerivativeCheck) -> str:
        """A line for each estimate, and the conclusion."""
        lines: list[tuple[str, ...]] = []
        if derivative.by:
            trusted = ("digits to trust", *(str(each.digits) for each in derivative.by.values()))
            lines = [("", *PRECISIONS), *rows(derivative), trusted]
        sentences = self._sentences(derivative)
        return "\n".join([self._heading(derivative), *aligned(lines, SIDES), *sentences])

    def _html_of(self, derivative: DerivativeCheck) -> str:
        """One table, the sentences below it, and the slopes folded away."""
        heading = escape(self._heading(derivative))
        sentences = "".join(f"<p>{escape(each)}</p>" for each in self._sentences(derivative))
        if not derivative.by:
            return f"<p><b>{heading}</b></p>{sentences}"
        digits = [each.digits for each in derivative.by.values()]
        body = [
            (escape(name), *map(in_bold, numbers, digits)) for name, *numbers in rows(derivative)
        ]
        foot = ("digits to trust", *(str(count or "none") for count in digits))
        summary = "<summary>finite differences for every step size h</summary>"
        slopes = precision_table("h", slope_rows(derivative))
        table = precision_table("estimate", body, foot, heading)
        return f"{table}{sentences}<details>{summary}{slopes}</details>"

    def _heading(self, derivative: DerivativeCheck) -> str:
        total = self.trace.total(self.trace.node(derivative.node))
        where = "" if derivative.is_scalar else " along a random direction"
        formula = f" = {derivative.formula}" if derivative.formula else ""
        return f"Estimates of {total}{where}{formula}"

    def _sentences(self, derivative: DerivativeCheck) -> Iterator[str]:
        """The conclusions, and why an estimate is not finite: differences, then reverse mode."""
        node = self.trace.node(derivative.node)
        if not derivative.by:
            yield why(self.trace, node)
            return
        yield from (verdict(precision, each) for precision, each in derivative.by.items())
        ys = " and ".join(self.trace.node(y).label for y in self.trace.ys)
        without = [p for p, each in derivative.by.items() if not np.isfinite(each.limit)]
        if derivative.jumps:
            here = "here" if node.shape else f"at {node.label} = {in_words(node.value)}"
            yield (
                f"{ys} jumps {here}, so there is no derivative, and finite differences have no "
                "limit: they divide the jump by an ever smaller h."
            )
        elif without:
            near = f"near {node.label} not all values of {ys} are finite"
            reason = near if np.isfinite(node.value.array).all() else f"{node.label} is not finite"
            yield f"Finite differences find no number in {' and '.join(without)}: {reason}."
        if node.adjoint.state == "not finite":
            yield why(self.trace, node)


def rows(derivative: DerivativeCheck) -> Iterator[tuple[str, ...]]:
    """The name of each estimate, and its number in either precision."""
    by = derivative.by.items()
    yield "reverse mode", *(full(each.reverse, p) for p, each in by)
    # In float32, with the digits that it shares with float64.
    digits = {"float32": max(1, derivative.by["float32"].limit_digits)}
    limits = (full(each.limit, p, digits.get(p)) for p, each in by)
    yield "finite differences, h → 0", *limits
    if derivative.formula:
        yield "the printed formula", *(full(each.printed, p) for p, each in by)
    again = f"reverse mode, last digits of the data changed {PERTURBATIONS} times"
    yield f"{again}: least", *(full(np.min(each.perturbed), p) for p, each in by)
    yield f"{again}: greatest", *(full(np.max(each.perturbed), p) for p, each in by)


def verdict(precision: str, estimates: Estimates) -> str:
    """The conclusion from the estimates, in a sentence."""
    digits, limit = estimates.digits, estimates.limit
    if not digits:
        return f"{precision}: no digit can be trusted. {all_estimates(precision, estimates)}."
    if not any([estimates.reverse, limit, *estimates.perturbed]):
        return f"{precision}: all estimates are 0."
    if precision == "float64":
        return f"float64: all estimates agree on {digits_in_words(digits)}."
    sentence = f"reverse mode agrees with the estimates in float64 on {digits_in_words(digits)}"
    if np.isfinite(limit) and estimates.limit_digits < digits:
        fewer = digits_in_words(estimates.limit_digits)
        sentence += f", finite differences in {precision} on {fewer}"
    return f"{precision}: {sentence}."


def all_estimates(precision: str, estimates: Estimates) -> str:
    """Every estimate, in a few digits."""
    ends = estimates.reverse, np.min(estimates.perturbed), np.max(estimates.perturbed)
    reverse, least, greatest = (significant(each, 7) for each in ends)
    digits = 7 if precision == "float64" else max(1, estimates.limit_digits)
    limit = significant(estimates.limit, digits)
    found = [f"Reverse mode gives {reverse}", f"finite differences {limit}"]
    if estimates.printed is not None:
        found.append(f"the printed formula {significant(estimates.printed, 7)}")
    if {least, greatest} != {reverse}:
        changed = "reverse mode with the last digits of the data changed"
        found.append(f"{changed} from {least} to {greatest}")
    return ", ".join(found)


def digits_in_words(digits: int) -> str:
    """A number of digits in words that fit behind "on"."""
    return "1 digit" if digits == 1 else f"{digits or 'no'} digits"


def errors_of(derivative: DerivativeCheck) -> dict[str, list[float]]:
    """The relative difference of each slope from reverse mode, where there are any numbers."""
    errors = {}
    for precision, each in derivative.by.items():
        size = abs(each.reverse) or 1.0
        errors[precision] = [abs(slope - each.reverse) / size for slope in each.differences]
    return {precision: each for precision, each in errors.items() if np.isfinite(each).any()}


# Tables of estimates ----------------------------------------------------------------------------

SIDES = "<" + ">" * len(PRECISIONS)  # names to the left, numbers to the right


def slope_rows(derivative: DerivativeCheck) -> list[tuple[str, ...]]:
    """For each step size, the texts of h and of the slopes."""
    single, double = (derivative.by[p].differences if derivative.by else () for p in PRECISIONS)
    return [
        (significant(h, 2), significant(low, 7), significant(high, 12))
        for h, low, high in zip(STEPS, single, double, strict=False)
    ]


CSS = """
.nb-evidence td{color:var(--nb-mute)}
.nb-evidence td b{color:var(--nb-adjoint)}
.nb-evidence tfoot td,.nb-evidence td:first-child{color:var(--nb-ink)}
.nb-evidence p{margin:.2em 0}
.nb-evidence{container-type:inline-size}
@container (max-width:520px){.nb-evidence :is(td,th){padding:.25em .3em;font-size:13px}}
.nb-evidence summary{cursor:pointer;color:var(--nb-mute)}
"""


def precision_table(
    first: str, rows: Sequence[Sequence[str]], foot: Sequence[str] = (), caption: str = ""
) -> str:
    """A table with a column for each precision."""
    *body, end = (
        f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>" for cells in (*rows, foot)
    )
    return table_element((first, *PRECISIONS), "".join(body), caption, end if foot else "")


def in_bold(text: str, digits: int) -> str:
    """A number whose first significant digits, the ones to trust, are set in bold."""
    found = re.match(rf"−?[0.]*(?:\.?\d){{1,{digits}}}" if digits else r"(?!)", text)
    end = found.end() if found else 0
    return f"<b>{text[:end]}</b>{text[end:]}" if end else text
