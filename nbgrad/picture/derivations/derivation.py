"""`ng.explain`: a derivative worked out as one does by hand.

What it returns is data: sections of equations, paths and remarks, which `typeset`
writes as text, as LaTeX and as HTML.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from re import sub
from typing import Any

from nbgrad.picture.derivations import (
    MOST_ELEMENTS,
    CutPath,
    Equation,
    Line,
    Remark,
    Section,
    Side,
    adjoint_symbol,
    after,
    begins_with_seed,
    bracketed,
    formula,
    local_number,
    local_symbol,
    multiplied,
    number,
    numbers_along,
    product_along,
    summed,
    symbolic_rule,
)
from nbgrad.picture.derivations.typeset import as_document, as_html, as_latex, as_text
from nbgrad.picture.result import Result, Writers
from nbgrad.picture.step_line import (
    Part,
    is_multiplied,
    is_symbolic_product,
    names_pattern,
    rule_of,
    sent_to,
)
from nbgrad.picture.theme import Theme
from nbgrad.picture.words import adjoint_result, kind_of, why
from nbgrad.trace import trace as trace_of
from nbgrad.trace.folding import Opened, folded, folds_of
from nbgrad.trace.formulas import latex_name
from nbgrad.trace.model import Edge, Node, Trace
from nbgrad.trace.numbers import is_number
from nbgrad.trace.paths import Path, counts, is_summed
from nbgrad.trace.tensors import FeedDict, Session, TensorLike, Tensors


def explain(
    ys: Tensors | Trace,
    x: Any,
    grad_ys: TensorLike | None = None,
    stop_gradients: Tensors | None = None,
    feed_dict: FeedDict | None = None,
    session: Session | None = None,
    *,
    theme: Theme = "auto",
    open: Opened = (),
) -> Derivation:
    """A derivative worked out as by hand: symbols, then numbers, then the result.

    Parameters
    ----------
    ys, x
        What is differentiated, and with respect to which one tensor; or a trace, and the label
        of a tensor in it.
    grad_ys, stop_gradients, feed_dict, session, theme
        As for `nbgrad.draw`.
    open
        Of more than 24 operations, those that belong together are written as one, as in a
        drawing: names of what is written out all the same, or "all".

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
      df/da = df/df · ∂f/∂a = df/df · cos(a) = 1 · cos(9) = 1 · (−0.9111) = −0.9111
      df/dx = df/da · ∂₁a/∂x + df/da · ∂₂a/∂x = df/da · x + df/da · x
          = (−0.9111) · 3 + (−0.9111) · 3 = (−2.733) + (−2.733) = −5.467
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
        return Derivation(ys, ys.node(x).id, theme, open)
    run = trace_of(ys, [x], grad_ys, stop_gradients, feed_dict, session)
    return Derivation(run, run.xs[0], theme, open)


@dataclass(frozen=True, repr=False)
class Derivation(Result):
    """The adjoint of a tensor, by its id or its label, worked out step by step."""

    trace: Trace
    of: str
    theme: Theme = "auto"
    open: Opened = ()

    @property
    def title(self) -> str:
        return adjoint_result(self.trace, self.trace.node(self.of))

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The derivation as data: titles, equations, paths and remarks."""
        return tuple(sections(self.trace, self.trace.node(self.of), self.open))

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


MANY = 24  # an explanation of more operations than this is one of their folds,
FEWEST = 3  # but not of fewer


def as_explained(trace: Trace, x: Node, opened: Opened) -> tuple[Trace, str]:
    """What is explained of a trace, with the folds that make it readable, and a word on them."""
    count, seen, folds = operation_count(trace), trace, folds_of(trace, opened)
    for depth in range(1, len(folds) + 1):
        further, _ = folded(trace, folds[:depth])
        is_hidden = all(node.id != x.id for node in further.nodes)
        if operation_count(seen) <= MANY or operation_count(further) < FEWEST or is_hidden:
            break
        seen = further
    shown = operation_count(seen)
    return seen, "" if shown == count else (
        f"Of {count} operations, those that belong together are written as one, which leaves "
        f'{shown}. explain(…, open="all") writes out each.'
    )


def operation_count(trace: Trace) -> int:
    return sum(bool(trace.incoming(node)) for node in trace.nodes)


def sections(trace: Trace, x: Node, opened: Opened) -> Iterator[Section]:
    """The parts of a derivation: both passes, the paths, the answer."""
    trace, words = as_explained(trace, x, opened)
    x, remark = trace.node(x.id), (Remark(words),) if words else ()
    yield Section("Forward pass", (*remark, *forward_equations(trace)))
    lines: list[Line] = []
    for node in nodes_between(trace, x):
        lines.append(adjoint_equation(trace, node))
        if node.stopped:
            lines.append(Remark(f"{node.label} is stopped: nothing goes on from here."))
    if lines:
        yield Section("Reverse pass", tuple(lines))
    yield Section(f"Path by path from {x.label}", tuple(path_lines(trace, x)))
    yield Section("Answer", (answer(trace, x),))


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


# Both passes --------------------------------------------------------------------------------


def forward_equations(trace: Trace) -> Iterator[Equation]:
    """`a = x · x = 3 · 3 = 9` for everything that is computed, `x = 3` for every input."""
    for node in trace.nodes:
        name, value = Part(node.label, latex=latex_name(node.label)), number(node.value, "value")
        if node.expression:
            latex = node.latex or rf"\text{{{node.expression}}}"
            operands = [trace.node(edge.source) for edge in trace.incoming(node)]
            substituted = in_scalars(Part(node.expression, "value", latex=latex), operands)
            middle = (substituted,) if substituted else ()
            yield Equation.of((name,), (Part(node.expression, latex=latex),), middle, (value,))
        elif node.label != value.text:
            yield Equation.of((name,), (value,))


def in_scalars(whole: Part, operands: Iterable[Node]) -> Part | None:
    r"""A formula with the numbers of its operands in place of their labels; scalars only.

    Examples
    --------
    >>> x, y = tf.constant(3.0, name="x"), tf.constant(-2.0, name="y")
    >>> nodes = ng.trace(tf.maximum(x, tf.nn.relu(y)), [x, y]).nodes[:2]
    >>> whole = Part("max(x, relu(y))", latex=r"\max(x, \operatorname{relu}\left(y\right))")
    >>> print(in_scalars(whole, nodes), in_scalars(whole, nodes).latex)
    max(3, relu(−2)) \max(3, \operatorname{relu}\left(-2\right))
    """
    nodes = [*operands]
    if not nodes or any(node.shape for node in nodes):
        return None
    numbers = {node.label: bracketed(number(node.value, "value")) for node in nodes}
    texts = {label: each.text for label, each in numbers.items()}
    latexes = {latex_name(label): each.latex for label, each in numbers.items()}
    return whole._replace(text=replaced(whole.text, texts), latex=replaced(whole.latex, latexes))


def replaced(formula: str, names: Mapping[str, str]) -> str:
    """A formula with other names; parentheses in others, or in LaTeX's braces, are left out."""
    formula = sub(names_pattern(names), lambda name: names[name[0]], formula)
    formula = sub(r"\{\\left\((-[^{}()]*)\\right\)\}", r"{\1}", formula)
    return sub(r"(?:\\left)?\(((?:\\left)?\([^()]*\))(?:\\right)?\)", r"\1", formula)


def adjoint_equation(trace: Trace, node: Node) -> Equation:
    """`df/dx = df/da · ∂a/∂x + … = df/da · y + … = 4 · 3 + … = 12 + … = 24`."""
    edges, adjoint = sent_to(trace, node), node.adjoint.value
    seed = [(number(node.seed, "adjoint"),)] if node.seed and node.id in trace.ys else []

    def with_factor(factor: Callable[[Trace, Edge], Part]) -> Side:
        return summed([*seed, *(term(trace, edge, factor) for edge in edges)])

    sides = [(adjoint_symbol(trace, node),), with_factor(local_symbol)]
    if not all(is_number(rule_of(edge).formula) for edge in edges):
        sides.append(with_factor(formula))  # a 1 stands among the numbers
    products = [local_number(edge) for edge in edges]
    substituted = [
        in_scalars(formula(trace, edge), map(trace.node, rule_of(edge).uses)) or product
        for edge, product in zip(edges, products, strict=True)
    ]
    for factors in (substituted, products):
        terms = [term_in_numbers(trace, *each) for each in zip(edges, factors, strict=True)]
        sides.append(summed([*seed, *terms]) if all(terms) else ())
    contributions = [e.contribution for e in edges if e.contribution is not None]
    if len(seed) + len(edges) > 1 and not any(each.shape for each in contributions):
        sides.append(summed([*seed, *((number(each, "adjoint"),) for each in contributions)]))
    if adjoint is not None:
        sides.append((number(adjoint, "adjoint"),))
    return Equation.of(*sides)


def term(trace: Trace, edge: Edge, factor: Callable[[Trace, Edge], Part]) -> Side:
    """`df/da · ∂a/∂x`, with a symbol or a formula as factor; a rule that is no factor by itself."""
    if not is_symbolic_product(edge):
        return symbolic_rule(trace, edge)
    arrived = adjoint_symbol(trace, trace.node(edge.target))
    return with_sum(trace, edge, multiplied([arrived, factor(trace, edge)]))


def with_sum(trace: Trace, edge: Edge, side: Side) -> Side:
    """A term with Σ before it where the operand was repeated, and its copies' shares add up."""
    return after("Σ ", side) if is_summed(trace, edge) else side


def term_in_numbers(trace: Trace, edge: Edge, factor: Part | None) -> Side:
    """`4 · 3`, where every number has room."""
    found = trace.node(edge.target).adjoint.value
    if factor is None or found is None or found.array.size > MOST_ELEMENTS:
        return ()
    if not rule_of(edge).is_factor or not is_multiplied(edge, trace.node(edge.target)):
        return ()
    return with_sum(trace, edge, multiplied([number(found, "adjoint"), factor]))


# Path by path, and the answer ---------------------------------------------------------------

PATHS_SHOWN = 12


def path_lines(trace: Trace, x: Node) -> Iterator[Line]:
    """One term for each path, and their sum."""
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
        yield path_term(trace, path)
    if every.count > PATHS_SHOWN and every.count > paths.count:
        yield Remark(f"{every.count - paths.count:,} more paths are cut.")
    if not every.count:
        yield Remark(f"No path leads from {x.label} to {goal}.")
    if len(paths) > 1 and paths.total is not None and not x.shape:
        terms = [(number(p.product, "adjoint"),) for p in paths if p.product is not None]
        yield Equation.of(
            (adjoint_symbol(trace, x),), summed(terms), (number(paths.total, "adjoint"),)
        )


def path_term(trace: Trace, path: Path) -> Equation | CutPath:
    """`x → a → f: ∂f/∂a · ∂a/∂x = 4 · 3 = 12`."""
    if path.cut is not None:
        return CutPath(str(path), cut_reason(trace, path, path.cut))
    first = (adjoint_symbol(trace, path.nodes[-1]),) if begins_with_seed(path) else ()
    symbolic = product_along(trace, path.edges[::-1], first, partial(local_symbol, trace))
    substituted = numbers_along(trace, path) if path.is_product else ()
    found = (number(path.product, "adjoint"),) if path.product is not None else ()
    return Equation.of(symbolic, substituted, found, path=str(path))


def cut_reason(trace: Trace, path: Path, edge: Edge) -> str:
    """The place where a path is cut, and the reason."""
    source, target = trace.node(edge.source), trace.node(edge.target)
    discrete = next((n for n in path.nodes if "int" in n.dtype or n.dtype == "bool"), None)
    if edge.cause == "stopped":
        return f"cut: {target.label} is stopped"
    if discrete is not None:
        return f"cut: {discrete.label} holds {kind_of(discrete)}"
    if edge.cause == "not differentiable":
        return f"cut: {target.op_type} has no derivative"
    return f"cut between {source.label} and {target.label}: no gradient goes that way"


def answer(trace: Trace, x: Node) -> Line:
    """The result; what is missing, zero or not finite comes with its reason."""
    if reason := why(trace, x):
        return Remark(reason, strong=True)
    value = x.adjoint.value
    found = (number(value, "adjoint"),) if value is not None else ()
    return Equation.of((adjoint_symbol(trace, x),), found)
