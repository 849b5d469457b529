"""Total, partial, per path: one question asked three ways, side by side.

The total derivative lets everything change that depends on x. The partial one holds the other
xs still, so that every path through one of them is cut. What is left is seen path by path.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from nbgrad.render.derivations.forms import html_sides, math
from nbgrad.render.derivations.paths import walk
from nbgrad.render.derivations.terms import Equation, Symbols, text_of
from nbgrad.render.output.css import fragment
from nbgrad.render.output.result import Result
from nbgrad.render.scene.choices import chosen_theme, in_a_line
from nbgrad.render.scene.number_format import listed
from nbgrad.render.scene.style import Theme
from nbgrad.render.words.prose import headline
from nbgrad.tracing.model import Trace
from nbgrad.tracing.numbers import Numbers
from nbgrad.tracing.parts import Node
from nbgrad.tracing.paths import Path as Way

WAYS_SHOWN = 20


@dataclass(frozen=True)
class Row:
    """One path, with what comes back along it in either case; empty where it is cut."""

    path: str
    equation: Equation | None
    total: str
    partial: str
    cut_at: str


@dataclass(frozen=True)
class Question:
    """The derivatives with respect to one x: their paths, and the two sums."""

    symbol: str
    held: str
    rows: tuple[Row, ...]
    count: int
    total: str
    partial: str


@dataclass(frozen=True)
class Comparison(Result):
    """The same derivatives three ways: in total, with the other xs held still, path by path.

    Attributes
    ----------
    total, partial
        The two runs; they differ in `stop_gradients` alone.
    theme
        "auto" follows JupyterLab or the reader's system; "light", "dark".
    """

    total: Trace
    partial: Trace
    theme: Theme = "auto"

    def __post_init__(self) -> None:
        chosen_theme(self.theme)

    @property
    def questions(self) -> tuple[Question, ...]:
        """The comparison as data, one part for each x."""
        return tuple(question(self, self.total.node(x)) for x in self.total.xs)

    @property
    def title(self) -> str:
        """What a page that shows it is called."""
        return "Total, partial, per path"

    @property
    def text(self) -> str:
        """The comparison as a table in plain text; a cut path says where it is cut."""
        return "\n\n".join(text_table(each) for each in self.questions)

    @property
    def html(self) -> str:
        """The comparison as HTML tables; the cut paths are struck through."""
        tables = "".join(map(html_table, self.questions))
        return fragment("nb-compare", tables, self.theme, CSS)

    def __repr__(self) -> str:
        return in_a_line("Comparison", headline(self.total))


def question(comparison: Comparison, x: Node) -> Question:
    """What is to be said about one x."""
    total, partial = comparison.total, comparison.partial
    paths = total.paths(x.id, most=WAYS_SHOWN)
    held = [total.node(other).label for other in total.xs if other != x.id]
    return Question(
        symbol=total.total(x),
        held=" and ".join(held),
        rows=tuple(row(total, partial, path) for path in paths),
        count=paths.count,
        total=gradient(x),
        partial=gradient(partial.node(x.id)),
    )


def row(total: Trace, partial: Trace, path: Way) -> Row:
    """A path of the total derivative, and whether it is cut in the partial one."""
    cut = next((e for e in reversed(path.edges) if partial.edge(e.id).contribution is None), None)
    product = "" if path.product is None else listed(Numbers(path.product))
    return Row(
        str(path),
        walk(total, path, Symbols(total, bars=False)).equation,
        product,
        "" if cut else product,
        total.node(cut.target).label if cut else "",
    )


def gradient(node: Node) -> str:
    value = node.adjoint.value
    return "None" if value is None else listed(value)


# Text ---------------------------------------------------------------------------------------


def text_table(question: Question) -> str:
    """Columns of equal width, a line for each path and the sums below."""
    lines = [*text_rows(question)]
    widths = [max(len(line[i]) for line in lines) for i in range(3)]
    written = [
        f"{path:<{widths[0]}}   {total:>{widths[1]}}   {partial:>{widths[2]}}{note}"
        for path, total, partial, note in lines
    ]
    return "\n".join(line.rstrip() for line in [f"{question.symbol}, three ways", *written])


def text_rows(question: Question) -> Iterator[tuple[str, str, str, str]]:
    yield "path", "total", "partial", f"   ({question.held} held still)" if question.held else ""
    for each in question.rows:
        product = text_of(each.equation.sides[0]) if each.equation else ""
        note = f"   ‖ cut at {each.cut_at}" if each.cut_at else ""
        yield f"{each.path}: {product}", each.total, "–" if note else each.partial, note
    if question.count > len(question.rows):
        yield f"{question.count:,} paths", "", "", ""
    yield "together", question.total, question.partial, ""


# HTML ---------------------------------------------------------------------------------------

CSS = """
.nb-compare th:nth-child(2),.nb-compare .product{text-align:left}
.nb-compare td.number{color:var(--nb-adjoint)}
.nb-compare math{font-size:15px}
"""


def html_table(question: Question) -> str:
    held = f"<br>{escape(question.held)} held still" if question.held else ""
    heads = ("path", "along it", "total<br>everything may change", f"partial{held}")
    head = "".join(f'<th scope="col">{text}</th>' for text in heads)
    rows = "".join(map(html_row, question.rows))
    if question.count > len(question.rows):
        rows += f'<tr><td colspan="4">{question.count:,} paths, too many to list</td></tr>'
    return (
        f"<table><caption>{escape(question.symbol)}, three ways</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"
        f'<tfoot><tr><td>together</td><td></td><td class="number">{escape(question.total)}</td>'
        f'<td class="number">{escape(question.partial)}</td></tr></tfoot></table>'
    )


def html_row(row: Row) -> str:
    sides = row.equation.sides if row.equation else ()
    product = html_sides([math(side, "=" if i else "") for i, side in enumerate(sides)])
    cut = f"<s>{escape(row.total)}</s> <em>‖ cut at {escape(row.cut_at)}</em>"
    partial = cut if row.cut_at else escape(row.partial)
    path = f"<s>{escape(row.path)}</s>" if row.cut_at else escape(row.path)
    return (
        f'<tr><td>{path}</td><td class="product">{product}</td>'
        f'<td class="number">{escape(row.total)}</td><td class="number">{partial}</td></tr>'
    )
