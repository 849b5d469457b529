"""Total, partial, per path: one question asked three ways, side by side.

The total derivative lets everything change that depends on x. The partial one holds the other
xs still, so that every path through one of them is cut. What is left is seen path by path.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from nbgrad.picture.derivation import Derivation, walk
from nbgrad.picture.output.html import Result
from nbgrad.picture.output.svg import fragment
from nbgrad.picture.terms import Equation, Symbols, text_of
from nbgrad.picture.theme import Theme, chosen_theme, in_a_line
from nbgrad.picture.typeset import html_sides, math
from nbgrad.picture.words import headline
from nbgrad.trace import trace
from nbgrad.trace.arguments import FeedDict, Session, TensorLike, Tensors
from nbgrad.trace.model import Node, Numbers, Trace
from nbgrad.trace.numbers import listed
from nbgrad.trace.paths import Path as Way
from nbgrad.trace.record import total_and_partial

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


def explain(
    ys: Tensors | Trace,
    x: Any,
    grad_ys: TensorLike | None = None,
    stop_gradients: Tensors | None = None,
    feed_dict: FeedDict | None = None,
    session: Session | None = None,
    *,
    theme: Theme = "auto",
) -> Derivation:
    """A derivative worked out as by hand: symbols, then numbers, then the result.

    Parameters
    ----------
    ys
        As for `nbgrad.gradients`; or a trace, and then x is the label of a tensor in it.
    x
        The one tensor with respect to which is differentiated.
    grad_ys, stop_gradients, feed_dict, session
        As for `nbgrad.trace`.
    theme
        "light", "dark", or "auto", which follows the page.

    Returns
    -------
    Derivation
        It shows itself in a notebook, has `.text`, `.latex` and `.html`, and `save`s itself as
        .tex, .txt or .html. Where the gradient is None, it says why.

    Raises
    ------
    InvalidArgumentError
        If a placeholder is not fed.
    LookupError
        If an operation on the way has no gradient rule.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     x = ng.Variable(3.0, name="x")
    ...     a = ng.multiply(x, x, name="a")
    ...     print(ng.explain(ng.sin(a, name="f"), x))
    Forward pass
      x = 3
      a = x · x = 3 · 3 = 9
      f = sin(a) = sin(9) = 0.4121
    <BLANKLINE>
    Reverse pass
      df/df = 1
      df/da = df/df · ∂f/∂a = df/df · cos(a) = 1 · (−0.9111) = −0.9111
      df/dx = df/da · ∂₁a/∂x + df/da · ∂₂a/∂x
            = df/da · x + df/da · x
            = (−0.9111) · 3 + (−0.9111) · 3
            = (−2.733) + (−2.733)
            = −5.467
    <BLANKLINE>
    Path by path from x
      x → a → f: ∂f/∂a · ∂₁a/∂x = (−0.9111) · 3 = −2.733
      x → a → f: ∂f/∂a · ∂₂a/∂x = (−0.9111) · 3 = −2.733
      df/dx = (−2.733) + (−2.733) = −5.467
    <BLANKLINE>
    Answer
      df/dx = −5.467
    """
    if isinstance(ys, Trace):
        return Derivation(ys, ys.node(x).id, theme)
    run = trace(ys, [x], grad_ys, stop_gradients, feed_dict, session)
    return Derivation(run, run.xs[0], theme)


def compare(
    ys: Tensors,
    xs: Tensors | None = None,
    grad_ys: TensorLike | None = None,
    stop_gradients: Tensors | None = None,
    feed_dict: FeedDict | None = None,
    session: Session | None = None,
    *,
    theme: Theme = "auto",
) -> Comparison:
    """Total, partial, per path: the same derivatives asked for in three ways, side by side.

    Parameters
    ----------
    ys, xs, grad_ys, stop_gradients, feed_dict, session
        As for `nbgrad.trace`. The partial derivatives hold the xs still, which is what
        `stop_gradients=xs` does; without xs, all variables and placeholders behind the ys.
    theme
        "light", "dark", or "auto", which follows the page.

    Returns
    -------
    Comparison
        It shows itself in a notebook, the cut paths struck through, and `save`s itself as .txt
        or .html.

    Raises
    ------
    InvalidArgumentError
        If a placeholder is not fed.
    LookupError
        If an operation on the way has no gradient rule.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     a = ng.constant(0.0, name="a")
    ...     b = ng.multiply(2.0, a, name="b")
    ...     print(ng.compare(ng.add(a, b, name="f"), [a]))
    df/da, three ways
    path                       total   partial
    a → b → f: ∂f/∂b · ∂b/∂a       2         2
    a → f: ∂f/∂a                   1         1
    together                       3         3
    """
    total, partial = total_and_partial(ys, xs, grad_ys, stop_gradients, feed_dict, session)
    return Comparison(total, partial, theme)
