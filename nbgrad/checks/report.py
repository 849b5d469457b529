"""A table of witnesses to a derivative, as text and as HTML.

It is told what to show as rows of numbers; it does not know how they were found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from nbgrad.picture.output.css import fragment
from nbgrad.picture.theme import Theme
from nbgrad.trace.model import DIGITS

KINDS = tuple(DIGITS)


@dataclass(frozen=True)
class Evidence:
    """The witnesses to one derivative.

    Attributes
    ----------
    title
        "df/dx".
    rows
        What each witness says: a name, and a number (or None) for float32 and float64.
    digits
        How many digits of each to trust.
    verdict
        The same in a sentence for each.
    slopes
        For each step size: h, and the slope in float32 and float64.
    formula
        The printed derivative, where it is short.
    """

    title: str
    rows: tuple[tuple[str, float | None, float | None], ...]
    digits: tuple[int, int] | None
    verdict: tuple[str, ...]
    slopes: tuple[tuple[float, float, float], ...] = ()
    formula: str = ""

    @property
    def heading(self) -> str:
        """What is witnessed, with its formula."""
        return f"{self.title} = {self.formula}" if self.formula else self.title


def full(value: float | None, kind: str) -> str:
    """A number with all digits that its precision has.

    Examples
    --------
    >>> full(1 / 3, "float32"), full(-2.0, "float64"), full(None, "float32")
    ('0.3333333', '−2.00000000000000', '–')
    """
    if value is None:
        return "–"
    text = f"{value:#.{DIGITS[kind]}g}".rstrip(".")
    return text.replace("-", "−").replace("nan", "NaN").replace("inf", "∞")


# Text ---------------------------------------------------------------------------------------


def evidence_text(evidence: Evidence) -> str:
    """A line for each witness, and what to make of it."""
    lines: list[tuple[str, ...]] = [("", *KINDS)]
    lines += [(name, full(a, KINDS[0]), full(b, KINDS[1])) for name, a, b in evidence.rows]
    if evidence.digits is not None:
        lines.append(("digits to trust", *map(str, evidence.digits)))
    table = aligned(lines) if evidence.rows else []
    return "\n".join([f"Witnesses to {evidence.heading}", *table, *evidence.verdict])


def slopes_text(evidence: Evidence) -> str:
    """The slopes for every second step size."""
    lines = [("h", *KINDS)]
    lines += [(f"{h:.0e}", f"{a:.7g}", f"{b:.10g}") for h, a, b in evidence.slopes[::2]]
    return "\n".join(aligned(lines)).replace("-", "−")


def aligned(lines: Sequence[Sequence[str]]) -> list[str]:
    """Columns of equal width, the first to the left and the others to the right."""
    first, *others = (max(map(len, column)) for column in zip(*lines, strict=True))
    return [
        "   ".join(
            [f"{line[0]:<{first}}", *(f"{t:>{w}}" for t, w in zip(line[1:], others, strict=True))]
        ).rstrip()
        for line in lines
    ]


# HTML ---------------------------------------------------------------------------------------

CSS = """
.nb-evidence td{color:var(--nb-mute)}
.nb-evidence td b{color:var(--nb-adjoint)}
.nb-evidence tfoot td,.nb-evidence td:first-child{color:var(--nb-ink)}
.nb-evidence p{margin:.2em 0}
.nb-evidence summary{cursor:pointer;color:var(--nb-mute)}
"""


def evidence_html(parts: Sequence[tuple[Evidence, str]], theme: Theme) -> str:
    """Tables in which the digits to trust stand out, each followed by its plot."""
    inside = "".join(html_of(evidence) + plot for evidence, plot in parts)
    return fragment("nb-evidence", inside, theme, CSS)


def html_of(evidence: Evidence) -> str:
    head = "".join(f'<th scope="col">{text}</th>' for text in ("witness", *KINDS))
    rows = "".join(html_rows(evidence))
    foot = ""
    if evidence.digits is not None:
        cells = "".join(f"<td>{count or 'none'}</td>" for count in evidence.digits)
        foot = f"<tfoot><tr><td>digits to trust</td>{cells}</tr></tfoot>"
    table = f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>{foot}" if rows else ""
    said = "".join(f"<p>{escape(sentence)}</p>" for sentence in evidence.verdict)
    return (
        f"<table><caption>Witnesses to {escape(evidence.heading)}</caption>{table}</table>{said}"
        + slopes_html(evidence)
    )


def html_rows(evidence: Evidence) -> Iterator[str]:
    digits = evidence.digits or (0, 0)
    for name, *values in evidence.rows:
        cells = "".join(
            f"<td>{trusted(full(value, kind), count)}</td>"
            for value, kind, count in zip(values, KINDS, digits, strict=True)
        )
        yield f"<tr><td>{escape(name)}</td>{cells}</tr>"


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


def slopes_html(evidence: Evidence) -> str:
    """The slopes for every step size, folded away."""
    if not evidence.slopes:
        return ""
    head = "".join(f'<th scope="col">{text}</th>' for text in ("h", *KINDS))
    rows = "".join(
        f"<tr><td>{h:.1e}</td><td>{a:.7g}</td><td>{b:.12g}</td></tr>".replace("-", "−")
        for h, a, b in evidence.slopes
    )
    return (
        "<details><summary>finite differences for every step size h</summary>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></details>"
    )
