"""`ng.compare`: the same derivatives in total, with the other xs held constant, and path by path.

The total derivative lets everything change that depends on x. The partial one holds the other
xs constant, so that every path through one of them is cut. What is left is seen path by path.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from nbgrad.picture.derivation import path_term
from nbgrad.picture.output.css import fragment
from nbgrad.picture.result import Result
from nbgrad.picture.terms import Equation, Symbols, text_of
from nbgrad.picture.theme import Theme, one_line_repr
from nbgrad.picture.typeset import html_sides
from nbgrad.picture.words import aligned, headline
from nbgrad.trace.arguments import FeedDict, Session, TensorLike, Tensors
from nbgrad.trace.model import Node, Numbers, Trace
from nbgrad.trace.numbers import one_line
from nbgrad.trace.paths import Path
from nbgrad.trace.record import total_and_partial


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
    ys, xs, grad_ys, stop_gradients, feed_dict, session, theme
        As for `nbgrad.draw`. The partial derivatives hold the xs constant, which is what
        `stop_gradients=xs` does.

    Returns
    -------
    Comparison
        It shows itself in a notebook, the cut paths struck through, and `save`s itself as .txt
        or .html.

    Examples
    --------
    >>> a = tf.constant(0.0, name="a")
    >>> b = tf.multiply(2.0, a, name="b")
    >>> print(ng.compare(tf.add(a, b, name="f"), [a]))
    df/da, three ways
    path                       total   partial
    a → b → f: ∂f/∂b · ∂b/∂a       2         2
    a → f: ∂f/∂a                   1         1
    together                       3         3
    """
    total, partial = total_and_partial(ys, xs, grad_ys, stop_gradients, feed_dict, session)
    return Comparison(total, partial, theme)


@dataclass(frozen=True, repr=False)
class Comparison(Result):
    """The same derivatives three ways: in total, with the other xs held constant, path by path.

    Attributes
    ----------
    total, partial
        The two runs; they differ in `stop_gradients` alone.
    """

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
    """One path, with what comes back along it in either case; "" in `partial` if it is cut."""

    path: str
    equation: Equation | None
    total: str
    partial: str
    cut_at: str


@dataclass(frozen=True)
class ComparedDerivative:
    """The derivatives with respect to one x: their paths, and the two sums.

    `held` names the other xs; `count` is the number of paths, of which `paths` may list none.
    """

    symbol: str
    held: str
    paths: tuple[ComparedPath, ...]
    count: int
    total: str
    partial: str


PATHS_SHOWN = 20


def compared_derivative(total: Trace, partial: Trace, x: Node) -> ComparedDerivative:
    paths = total.paths(x.id, most=PATHS_SHOWN)
    return ComparedDerivative(
        symbol=total.total(x),
        held=" and ".join(total.node(other).label for other in total.xs if other != x.id),
        paths=tuple(compared_path(total, partial, path) for path in paths),
        count=paths.count,
        total=adjoint_text(x),
        partial=adjoint_text(partial.node(x.id)),
    )


def compared_path(total: Trace, partial: Trace, path: Path) -> ComparedPath:
    """A path of the total derivative, and whether it is cut in the partial one."""
    cut = next((e for e in reversed(path.edges) if partial.edge(e.id).contribution is None), None)
    product = "" if path.product is None else one_line(Numbers(path.product))
    return ComparedPath(
        str(path),
        path_term(Symbols(total), path).equation,
        product,
        "" if cut else product,
        total.node(cut.target).label if cut else "",
    )


def adjoint_text(node: Node) -> str:
    value = node.adjoint.value
    return "None" if value is None else one_line(value)


# Text ---------------------------------------------------------------------------------------


def text_table(derivative: ComparedDerivative) -> str:
    """A line for each path, and the sums below."""
    return "\n".join(
        [f"{derivative.symbol}, three ways", *aligned([*text_rows(derivative)], "<>><")]
    )


def text_rows(derivative: ComparedDerivative) -> Iterator[tuple[str, str, str, str]]:
    held = f"({derivative.held} held constant)" if derivative.held else ""
    yield "path", "total", "partial", held
    for each in derivative.paths:
        product = text_of(each.equation.sides[0]) if each.equation else ""
        partial, note = ("–", f"‖ cut at {each.cut_at}") if each.cut_at else (each.partial, "")
        yield f"{each.path}: {product}", each.total, partial, note
    if derivative.count > len(derivative.paths):
        yield f"{derivative.count:,} paths", "", "", ""
    yield "together", derivative.total, derivative.partial, ""


# HTML ---------------------------------------------------------------------------------------

CSS = """
.nb-compare th:nth-child(2),.nb-compare .product{text-align:left}
.nb-compare td.number{color:var(--nb-adjoint)}
.nb-compare math{font-size:15px}
"""


def html_table(derivative: ComparedDerivative) -> str:
    held = f"<br>{escape(derivative.held)} held constant" if derivative.held else ""
    heads = ("path", "along it", "total<br>everything may change", f"partial{held}")
    head = "".join(f'<th scope="col">{text}</th>' for text in heads)
    rows = "".join(map(html_row, derivative.paths))
    if derivative.count > len(derivative.paths):
        rows += f'<tr><td colspan="4">{derivative.count:,} paths, too many to list</td></tr>'
    return (
        f"<table><caption>{escape(derivative.symbol)}, three ways</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"
        f'<tfoot><tr><td>together</td><td></td><td class="number">{escape(derivative.total)}</td>'
        f'<td class="number">{escape(derivative.partial)}</td></tr></tfoot></table>'
    )


def html_row(path: ComparedPath) -> str:
    name, partial = escape(path.path), escape(path.partial)
    if path.cut_at:
        name = f"<s>{name}</s>"
        partial = f"<s>{escape(path.total)}</s> <em>‖ cut at {escape(path.cut_at)}</em>"
    return (
        f'<tr><td>{name}</td><td class="product">{html_sides(path.equation)}</td>'
        f'<td class="number">{escape(path.total)}</td><td class="number">{partial}</td></tr>'
    )
