"""Tables of estimates, as text and as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from nbgrad.picture.output.css import fragment
from nbgrad.picture.theme import Theme
from nbgrad.picture.words import aligned
from nbgrad.trace.evaluation import PRECISIONS
from nbgrad.trace.numbers import significant


@dataclass(frozen=True)
class Report:
    """The estimates of one derivative, in float32 and in float64."""

    title: str  # "df/dx"
    rows: tuple[tuple[str, str, str], ...]  # an estimate's name and its numbers as shown
    digits: tuple[int, int] | None  # how many to trust
    verdict: tuple[str, ...]
    slopes: tuple[tuple[float, float, float], ...] = ()  # each after its h
    formula: str = ""

    @property
    def heading(self) -> str:
        """The derivative that is estimated, with its formula."""
        formula = f" = {self.formula}" if self.formula else ""
        return f"Three estimates of {self.title}{formula}"


def slope_rows(slopes: Iterable[tuple[float, float, float]]) -> Iterator[tuple[str, ...]]:
    """For each step size, the texts of h and of the slopes."""
    for h, single, double in slopes:
        yield significant(h, 2), significant(single, 7), significant(double, 12)


SIDES = "<" + ">" * len(PRECISIONS)  # names to the left, numbers to the right

# Text ---------------------------------------------------------------------------------------


def report_text(report: Report) -> str:
    """A line for each estimate, and the conclusion."""
    lines: list[tuple[str, ...]] = [("", *PRECISIONS), *report.rows]
    if report.digits is not None:
        lines.append(("digits to trust", *map(str, report.digits)))
    table = aligned(lines, SIDES) if report.rows else []
    return "\n".join([report.heading, *table, *report.verdict])


def slopes_text(report: Report) -> str:
    """The slopes for every second step size."""
    return "\n".join(aligned([("h", *PRECISIONS), *slope_rows(report.slopes[::2])], SIDES))


# HTML ---------------------------------------------------------------------------------------

CSS = """
.nb-evidence td{color:var(--nb-mute)}
.nb-evidence td b{color:var(--nb-adjoint)}
.nb-evidence tfoot td,.nb-evidence td:first-child{color:var(--nb-ink)}
.nb-evidence p{margin:.2em 0}
.nb-evidence summary{cursor:pointer;color:var(--nb-mute)}
"""


def reports_html(parts: Sequence[tuple[Report, str]], theme: Theme) -> str:
    """Tables in which the digits to trust stand out, each followed by its plot."""
    inside = "".join(report_html(report) + plot for report, plot in parts)
    return fragment("nb-evidence", inside, theme, CSS)


def report_html(report: Report) -> str:
    """One table, the sentences below it, and the slopes folded away."""
    digits = report.digits or (0, 0)
    rows = [(escape(name), *map(trusted, numbers, digits)) for name, *numbers in report.rows]
    foot = ("digits to trust", *(str(count or "none") for count in digits))
    caption = f"<caption>{escape(report.heading)}</caption>"
    verdict = "".join(f"<p>{escape(sentence)}</p>" for sentence in report.verdict)
    html = precision_table("estimate", rows, foot, caption) if rows else f"<table>{caption}</table>"
    if report.slopes:
        summary = "<summary>finite differences for every step size h</summary>"
        slopes = precision_table("h", [*slope_rows(report.slopes)])
        verdict += f"<details>{summary}{slopes}</details>"
    return html + verdict


def precision_table(
    first: str, rows: Sequence[Sequence[str]], foot: Sequence[str] = (), caption: str = ""
) -> str:
    """A table with a column for each precision."""
    head = "".join(f'<th scope="col">{text}</th>' for text in (first, *PRECISIONS))
    body, ends = ("".join(map(table_row, part)) for part in (rows, [foot] if foot else []))
    end = f"<tfoot>{ends}</tfoot>" if ends else ""
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody>{end}</table>"


def table_row(cells: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def trusted(text: str, digits: int) -> str:
    """A number whose first significant digits, the ones to trust, are set in bold.

    Examples
    --------
    >>> trusted("0.3333217", 4), trusted("−12.5", 0)
    ('<b>0.3333</b>217', '−12.5')
    """
    found = re.match(rf"−?[0.]*(?:\.?\d){{1,{digits}}}" if digits else r"(?!)", text)
    end = found.end() if found else 0
    return f"<b>{text[:end]}</b>{text[end:]}" if end else text
