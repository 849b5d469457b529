"""`ng.explain`: a derivative worked out as one does by hand.

What it returns is data: sections of equations, paths and remarks (`terms`), which `typeset`
writes as text, as LaTeX and as HTML.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from nbgrad.picture.facts import is_kept_zero
from nbgrad.picture.reasons import kind_of, why, wording
from nbgrad.picture.result import Result, Writers
from nbgrad.picture.terms import (
    PLUS,
    SUM,
    Equation,
    Line,
    PathTerm,
    Piece,
    Remark,
    Section,
    Side,
    Symbols,
    as_one_number,
    bracketed,
    formula,
    is_factor,
    join_sides,
    number,
    product,
    summed,
)
from nbgrad.picture.theme import Theme
from nbgrad.picture.typeset import as_document, as_html, as_latex, as_text
from nbgrad.picture.words import adjoint_result, expression_in_numbers, with_numbers
from nbgrad.trace import trace as trace_of
from nbgrad.trace.arguments import FeedDict, Session, TensorLike, Tensors
from nbgrad.trace.model import Edge, Node, Trace
from nbgrad.trace.numbers import is_number
from nbgrad.trace.paths import Path, counts


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
    ys, x
        What is differentiated, and with respect to which one tensor; or a trace, and the label
        of a tensor in it.
    grad_ys, stop_gradients, feed_dict, session, theme
        As for `nbgrad.draw`.

    Returns
    -------
    Derivation
        It shows itself in a notebook, has `.text`, `.latex` and `.html`, and `save`s itself as
        .tex, .txt or .html. Where the gradient is None, it says why.

    Examples
    --------
    >>> x = tf.Variable(3.0, name="x")
    >>> a = tf.multiply(x, x, name="a")
    >>> print(ng.explain(tf.sin(a, name="f"), x))
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
    run = trace_of(ys, [x], grad_ys, stop_gradients, feed_dict, session)
    return Derivation(run, run.xs[0], theme)


@dataclass(frozen=True, repr=False)
class Derivation(Result):
    """One total derivative, worked out step by step.

    Attributes
    ----------
    trace
        The run it explains.
    of
        The id or the label of the tensor whose adjoint is derived.
    """

    trace: Trace
    of: str
    theme: Theme = "auto"

    @property
    def x(self) -> Node:
        """The node whose adjoint is derived."""
        return self.trace.node(self.of)

    @property
    def title(self) -> str:
        """`df/dx = 24`, or that it is None."""
        return adjoint_result(self.trace, self.x)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The derivation as data: titles, equations, paths and remarks."""
        return tuple(sections(self.trace, self.x))

    @property
    def text(self) -> str:
        return as_text(self.sections)

    @property
    def latex(self) -> str:
        """The derivation in LaTeX, to be put into a document that uses amsmath."""
        return as_latex(self.sections)

    @property
    def html(self) -> str:
        """The derivation as HTML with MathML, which needs no script and no network."""
        return as_html(self.sections, self.title, self.theme)

    def writers(self) -> Writers:
        return {".tex": lambda: as_document(self.sections, self.title), **super().writers()}


def sections(trace: Trace, x: Node) -> Iterator[Section]:
    """The parts of a derivation: both passes, the paths, the answer."""
    nodes = nodes_between(trace, x)
    symbols = Symbols(trace, bars=not all(is_factor(e) for n in nodes for e in sent_to(trace, n)))
    yield Section("Forward pass", tuple(forward_equations(trace)))
    if nodes:
        yield Section("Reverse pass", tuple(reverse_lines(symbols, nodes)))
    yield Section(f"Path by path from {x.label}", tuple(path_lines(symbols, x)))
    yield Section("Answer", (answer(symbols, x),))


def nodes_between(trace: Trace, x: Node) -> list[Node]:
    """The nodes on a way from x to a y that a gradient reached, from the ys back to x."""
    goals = set(trace.ys)
    ahead = counts(trace, goals, cut=False)
    if x.id not in ahead:
        ahead = counts(trace, goals, cut=True)
    seen = {x.id}
    for node in trace.nodes:
        if node.id in seen:
            seen.update(e.target for e in trace.outgoing(node) if e.target in ahead)
    between = [node for node in reversed(trace.nodes) if node.id in seen and node.id in ahead]
    return [node for node in between if node.adjoint.value is not None]


def sent_to(trace: Trace, node: Node) -> list[Edge]:
    """The edges that brought a contribution to a node's adjoint."""
    return [edge for edge in trace.outgoing(node) if edge.contribution is not None]


# Forward pass -------------------------------------------------------------------------------


def forward_equations(trace: Trace) -> Iterator[Equation]:
    """`a = x · x = 3 · 3 = 9` for everything that is computed, `x = 3` for every input."""
    symbols = Symbols(trace)
    for node in trace.nodes:
        name = Piece(node.label, symbols.label(node).latex)
        value = number(node.value, "value")
        if node.expression:
            expression = Piece(node.expression, node.latex)
            yield Equation.of((name,), (expression,), in_numbers(symbols, node), (value,))
        elif node.label != value.text:
            yield Equation.of((name,), (value,))


def in_numbers(symbols: Symbols, node: Node) -> Side:
    """A node's expression with numbers in place of labels; scalars only."""
    text = expression_in_numbers(symbols.trace, node)
    if not text:
        return ()
    operands = [symbols.trace.node(edge.source) for edge in symbols.trace.incoming(node)]
    numbers = [bracketed(number(each.value, "value")).latex for each in operands]
    labels = [symbols.label(each).latex for each in operands]
    latex = with_numbers(node.latex, dict(zip(labels, numbers, strict=True)))
    return (Piece(text, latex, "value"),)


# Reverse pass -------------------------------------------------------------------------------


def reverse_lines(symbols: Symbols, nodes: Sequence[Node]) -> Iterator[Line]:
    """For each node, what its readers send back to it, added up."""
    for node in nodes:
        yield adjoint_equation(symbols, node)
        if node.stopped:
            yield Remark(f"{node.label} is stopped: nothing goes on from here.")


def adjoint_equation(symbols: Symbols, node: Node) -> Equation:
    """`df/dx = df/da · ∂a/∂x + … = df/da · y + … = 4 · 3 + … = 12 + … = 24`."""
    trace, edges = symbols.trace, sent_to(symbols.trace, node)
    seeds = [node.seed] if node.seed is not None and node.id in trace.ys else []
    seed = [(number(each, "adjoint"),) for each in seeds]

    def with_factor(factor: Callable[[Edge], Piece]) -> Side:
        return join_sides([*seed, *(term(symbols, edge, factor) for edge in edges)], PLUS)

    contributions = [e.contribution for e in edges if e.contribution is not None]
    sides = [(symbols.total(node),), with_factor(symbols.local)]
    if not all(edge.local is None or is_number(edge.local.formula) for edge in edges):
        sides.append(with_factor(formula))  # a 1 stands among the numbers
    sides.append(terms_in_numbers(trace, edges, seed))
    if len(seed) + len(edges) > 1 and not any(each.shape for each in contributions):
        numbers = [number(each, "adjoint") for each in contributions]
        sides.append(join_sides([*seed, summed(numbers)], PLUS))
    if node.adjoint.value is not None:
        sides.append((number(node.adjoint.value, "adjoint"),))
    return Equation.of(*sides)


def term(symbols: Symbols, edge: Edge, factor: Callable[[Edge], Piece]) -> Side:
    """`df/da · ∂a/∂x`, with a symbol or a formula as factor; a rule that is no factor by itself."""
    if not is_factor(edge):
        return (formula(edge),)
    arrived = symbols.total(symbols.trace.node(edge.target))
    return summed_over_copies(symbols.trace, edge, product([arrived, factor(edge)]))


MOST_ELEMENTS = 9
"""The most elements of a tensor that a product of numbers has room for."""


def terms_in_numbers(trace: Trace, edges: Sequence[Edge], seed: Sequence[Side]) -> Side:
    """`4 · 3 + …`, where every number has room."""
    terms = list(seed)
    for edge in edges:
        arrived = trace.node(edge.target).adjoint.value
        local = edge.local.value if edge.local is not None else None
        if arrived is None or local is None or is_kept_zero(trace.node(edge.target), edge):
            return ()
        if max(arrived.array.size, local.array.size) > MOST_ELEMENTS:
            return ()
        factors = [number(arrived, "adjoint"), number(as_one_number(local), "local")]
        terms.append(summed_over_copies(trace, edge, product(factors)))
    return join_sides(terms, PLUS)


def summed_over_copies(trace: Trace, edge: Edge, term: Side) -> Side:
    """A term with Σ before it where the operand was repeated, and its copies' shares add up."""
    local = edge.local.value if edge.local is not None else None
    size = max(trace.node(edge.target).value.array.size, 1 if local is None else local.array.size)
    return (SUM, *term) if size > trace.node(edge.source).value.array.size else term


# Path by path, and the answer ---------------------------------------------------------------

PATHS_SHOWN = 12


def path_lines(symbols: Symbols, x: Node) -> Iterator[Line]:
    """One term for each path, and their sum."""
    trace = symbols.trace
    paths = trace.paths(x.id, most=PATHS_SHOWN)
    goal = " and ".join(trace.node(y).label for y in trace.ys)
    if paths.count > PATHS_SHOWN:
        products = sum(len(sent_to(trace, node)) for node in nodes_between(trace, x))
        yield Remark(
            f"{paths.count:,} paths lead from {x.label} to {goal}. The reverse pass adds "
            f"wherever paths meet, and so needed only {products} products."
        )
        return
    every = trace.paths(x.id, most=PATHS_SHOWN, cut=True)
    for path in (*paths, *(each for each in every if each.cut is not None)):
        yield path_term(symbols, path)
    if every.count > PATHS_SHOWN and every.count > paths.count:
        yield Remark(f"{every.count - paths.count:,} more paths are cut.")
    if not every.count:
        yield Remark(f"No path leads from {x.label} to {goal}.")
    if len(paths) > 1 and paths.total is not None:
        terms = [number(p.product, "adjoint") for p in paths if p.product is not None]
        yield Equation.of((symbols.total(x),), summed(terms), (number(paths.total, "adjoint"),))


def path_term(symbols: Symbols, path: Path) -> PathTerm:
    """`x → a → f: ∂f/∂a · ∂a/∂x = 4 · 3 = 12`."""
    if path.cut is not None:
        return PathTerm(str(path), None, cut_reason(symbols.trace, path, path.cut))
    edges, y = path.edges[::-1], path.nodes[-1]
    found = (number(path.product, "adjoint"),) if path.product is not None else ()
    if not found or not all(map(is_factor, edges)):
        rules = [(symbols.local(e) if is_factor(e) else formula(e),) for e in edges]
        return PathTerm(str(path), Equation.of(join_sides(rules, THEN), found))
    seeded = not edges or (y.seed is not None and (y.seed.array != 1).any())
    factors = [symbols.total(y)] if seeded else []
    numbers = [number(y.seed, "adjoint")] if seeded and y.seed is not None else []
    locals_ = [edge.local.value for edge in edges if edge.local and edge.local.value is not None]
    numbers += [number(as_one_number(each), "local") for each in locals_]
    fits = all(each.array.size <= MOST_ELEMENTS for each in locals_)
    symbolic = product([*factors, *map(symbols.local, edges)])
    return PathTerm(str(path), Equation.of(symbolic, product(numbers) if fits else (), found))


THEN = Piece(", then ", r",\; ")
"""Between rules that are no factors: what each of them does, in turn."""


def cut_reason(trace: Trace, path: Path, edge: Edge) -> str:
    """The place where a path is cut, and the reason."""
    source, target = trace.node(edge.source), trace.node(edge.target)
    reason = wording(edge.cause).cut
    discrete = next((n for n in path.nodes if "int" in n.dtype or n.dtype == "bool"), None)
    if reason:
        names = {"source": source.label, "target": target.label, "op_type": target.op_type}
        return "cut: " + reason.format(**names, kind=kind_of(source))
    if discrete is not None:
        return f"cut: {discrete.label} holds {kind_of(discrete)}"
    return f"cut between {source.label} and {target.label}: no gradient goes that way"


def answer(symbols: Symbols, x: Node) -> Line:
    """The result; what is missing, zero or not finite comes with its reason."""
    reason = why(symbols.trace, x)
    if reason:
        return Remark(reason, strong=True)
    value = x.adjoint.value
    found = (number(value, "adjoint"),) if value is not None else ()
    return Equation.of((Symbols(symbols.trace).total(x),), (symbols.total(x),), found)
