"""`ng.compare`: the same derivatives in total, with the other xs held constant, and path by path.

The total derivative lets everything change that depends on x. The partial one holds the other
xs constant, so that every path through one of them is cut. What is left is seen path by path.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from nbgrad.picture.derivations import Equation, number
from nbgrad.picture.derivations.derivation import path_term
from nbgrad.picture.derivations.typeset import html_side, html_sides
from nbgrad.picture.result import Result, fragment, one_line_repr, table_element
from nbgrad.picture.theme import Theme
from nbgrad.picture.words import aligned, headline, why
from nbgrad.trace.model import Node, Numbers, Trace
from nbgrad.trace.numbers import in_words
from nbgrad.trace.paths import Path
from nbgrad.trace.record import total_and_partial
from nbgrad.trace.tensors import FeedDict, Session, TensorLike, Tensors


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
    """The total derivatives, the partial ones, and the paths of both, side by side.

    Parameters
    ----------
    ys, xs, grad_ys, feed_dict, session, theme
        As for `nbgrad.draw`.
    stop_gradients
        What the partial derivatives hold constant beside the xs, for which they are as
        `stop_gradients=xs` makes them. The total ones hold nothing constant.

    Returns
    -------
    Comparison
        It shows itself in a notebook, with the place of the cut for each cut path, and `save`s
        itself as .txt or .html.

    Examples
    --------
    >>> a = tf.constant(0.0, name="a")
    >>> b = tf.multiply(2.0, a, name="b")
    >>> print(ng.compare(tf.add(a, b, name="f"), [a]))
    df/da, total and partial
    path by path               total   partial
    a → b → f: ∂f/∂b · ∂b/∂a       2         2
    a → f: ∂f/∂a                   1         1
    together                       3         3
    """
    total, partial = total_and_partial(ys, xs, grad_ys, stop_gradients, feed_dict, session)
    return Comparison(total, partial, theme)


@dataclass(frozen=True, repr=False)
class Comparison(Result):
    """Two runs, which differ in `stop_gradients` alone, three ways."""

    total: Trace
    partial: Trace
    theme: Theme = "auto"

    @property
    def derivatives(self) -> tuple[ComparedDerivative, ...]:
        """The comparison as data, one part for each x."""
        return tuple(
            compared_derivative(self.total, self.partial, self.total.node(x)) for x in self.total.xs
        )

    @property
    def title(self) -> str:
        return "Total, partial, per path"

    @property
    def text(self) -> str:
        return "\n\n".join(map(text_table, self.derivatives))

    @property
    def html(self) -> str:
        tables = "".join(map(html_table, self.derivatives))
        return fragment("nb-compare", tables, self.theme, CSS)

    def __repr__(self) -> str:
        return one_line_repr("Comparison", headline(self.total))


@dataclass(frozen=True)
class ComparedPath:
    """One path, what comes back along it, and the label of the node where a stop cuts it."""

    path: str
    equation: Equation | None
    total: str
    cut_at: str

    @property
    def partial(self) -> str:
        return "" if self.cut_at else self.total


@dataclass(frozen=True)
class ComparedDerivative:
    """The derivatives with respect to one x: their paths, and the two sums."""

    symbol: str
    held: str  # what the partial one holds constant
    paths: tuple[ComparedPath, ...]
    count: int  # of all paths; `paths` may list none
    sums: tuple[Numbers | None, Numbers | None]  # the adjoints
    reasons: tuple[str, ...] = ()  # why one is None, 0 or not finite

    @property
    def total(self) -> str:
        return "None" if self.sums[0] is None else in_words(self.sums[0])

    @property
    def partial(self) -> str:
        return "None" if self.sums[1] is None else in_words(self.sums[1])


PATHS_SHOWN = 20


def compared_derivative(total: Trace, partial: Trace, x: Node) -> ComparedDerivative:
    paths = total.paths(x.id, most=PATHS_SHOWN)
    stops = [node.id for node in partial.nodes if node.stopped and not total.node(node.id).stopped]
    others = dict.fromkeys((*total.xs, *stops))
    held = " and ".join(total.node(other).label for other in others if other != x.id)
    with_stops = partial.node(x.id)
    reasons = [why(total, x)]
    if (of_partial := why(partial, with_stops)) not in ("", *reasons):
        reasons.append(f"With {held} held constant, {of_partial}" if held else of_partial)
    return ComparedDerivative(
        symbol=total.total(x),
        held=held,
        paths=tuple(compared_path(total, partial, path) for path in paths),
        count=paths.count,
        sums=(x.adjoint.value, with_stops.adjoint.value),
        reasons=tuple(filter(None, reasons)),
    )


def compared_path(total: Trace, partial: Trace, path: Path) -> ComparedPath:
    """A path of the total derivative, and whether it is cut in the partial one."""
    cut = next((e for e in reversed(path.edges) if partial.edge(e.id).contribution is None), None)
    product = "" if path.product is None else in_words(Numbers(path.product))
    cut_at = total.node(cut.target).label if cut else ""
    found = path_term(total, path)
    equation = found if isinstance(found, Equation) else None
    return ComparedPath(str(path), equation, product, cut_at)


def text_table(derivative: ComparedDerivative) -> str:
    """A line for each path, and the sums below."""
    held = f" ({derivative.held} held constant)" if derivative.held else ""
    rows = [("path by path", "total", f"partial{held}")]
    for each in derivative.paths:
        product = each.equation.text_sides[0] if each.equation else ""
        partial = f"‖ cut at {each.cut_at}" if each.cut_at else each.partial
        rows.append((f"{each.path}: {product}", each.total, partial))
    if derivative.count > len(derivative.paths):
        rows.append((f"{derivative.count:,} paths", "", ""))
    rows.append(("together", derivative.total, derivative.partial))
    title = f"{derivative.symbol}, total and partial"
    return "\n".join([title, *aligned(rows, "<>>"), *derivative.reasons])


# HTML ---------------------------------------------------------------------------------------

CSS = """
.nb-compare table{width:100%}
.nb-compare th:first-child{width:60%}
.nb-compare td.number{color:var(--nb-adjoint)}
.nb-compare td.number s{color:var(--nb-mute)}
.nb-compare td.matrices{text-align:left;font-weight:400}
.nb-compare td.matrices .side{vertical-align:middle}
.nb-compare .cut{color:var(--nb-stop);font-style:normal}
.nb-compare .path{color:var(--nb-mute);font-size:13px}
.nb-compare{container-type:inline-size}
@container (max-width:520px){
  .nb-compare :is(table,caption,tbody,tfoot,tr,td){display:block}
  .nb-compare thead{display:none}
  .nb-compare tr{border-bottom:1px solid var(--nb-line);padding:.3em 0}
  .nb-compare td,.nb-compare td.number{border:0;padding:.1em 0;text-align:left}
  .nb-compare td.number::before{content:attr(data-head);color:var(--nb-mute);font-weight:400;
    display:inline-block;min-width:4.5em}
}
.nb-compare .reason{border-bottom:0;text-align:left;color:var(--nb-mute);font-weight:400}
"""


WAYS = ("total", "partial")


def html_table(derivative: ComparedDerivative) -> str:
    held = f"{escape(derivative.held)} held constant" if derivative.held else "nothing else held"
    heads = ("path by path", "total<br>everything may change", f"partial<br>{held}")
    rows = "".join(map(html_row, derivative.paths))
    if derivative.count > len(derivative.paths):
        rows += f'<tr><td colspan="3">{derivative.count:,} paths, too many to list</td></tr>'
    sums = "".join(map(html_cell, (derivative.total, derivative.partial), WAYS))
    reasons = "".join(
        f'<tr><td class="reason" colspan="3">{escape(reason)}</td></tr>'
        for reason in derivative.reasons
    )
    foot = f"<tr><td>together</td>{sums}</tr>{html_matrices(derivative)}{reasons}"
    return table_element(heads, rows, f"{escape(derivative.symbol)}, total and partial", foot)


def html_matrices(derivative: ComparedDerivative) -> str:
    """Sums that are arrays, each in a row of its own: beside each other they would be too wide."""
    total, partial = derivative.sums
    is_same = total == partial
    if is_same and derivative.count == 1:
        return ""  # it stands in the row of its only path
    named = {"total = partial": total} if is_same else dict(zip(WAYS, derivative.sums, strict=True))
    return "".join(
        f'<tr><td class="matrices" colspan="3">{name} = '
        f"{html_side((number(adjoint, 'adjoint'),))}</td></tr>"
        for name, adjoint in named.items()
        if adjoint is not None and adjoint.shape
    )


def html_cell(text: str, way: str) -> str:
    return f'<td class="number" data-head="{way}">{text}</td>'


def html_row(path: ComparedPath) -> str:
    partial = escape(path.partial)
    if path.cut_at:
        cut = f'<em class="cut">‖ cut at {escape(path.cut_at)}</em>'
        partial = f"<s>{escape(path.total)}</s> {cut}"
    cells = "".join(map(html_cell, (escape(path.total), partial), WAYS))
    name = f'<div class="path">{escape(path.path)}</div>'
    return (
        f"<tr><td>{name}{html_sides(path.equation.sides if path.equation else ())}</td>{cells}</tr>"
    )
