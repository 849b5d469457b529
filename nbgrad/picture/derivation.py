"""What `ng.explain` returns: a derivative worked out as one does by hand.

It shows itself in a notebook and saves itself, as text, as LaTeX and as HTML; all three are
written from the same equations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from nbgrad.picture.facts import is_kept_zero, kind_of, why, wording
from nbgrad.picture.output.html import Result, Writers
from nbgrad.picture.terms import (
    PLUS,
    ROOM,
    SUMMED,
    Equation,
    Line,
    Piece,
    Section,
    Sentence,
    Side,
    Symbols,
    Walk,
    bracketed,
    equation,
    evened,
    formula,
    is_factor,
    joined,
    number,
    product,
    substituted,
)
from nbgrad.picture.theme import Theme, chosen_theme, in_a_line
from nbgrad.picture.typeset import as_document, as_html, as_latex, as_text
from nbgrad.picture.words import result, with_numbers
from nbgrad.trace.model import Edge, Node, Trace
from nbgrad.trace.numbers import listed
from nbgrad.trace.paths import Path, counts
from nbgrad.trace.symbols import is_number


@dataclass(frozen=True)
class Derivation(Result):
    """One total derivative, worked out step by step.

    Attributes
    ----------
    trace
        The run it explains.
    of
        The id or the label of the tensor whose adjoint is derived.
    theme
        "auto" follows JupyterLab or the reader's system; "light", "dark".
    """

    trace: Trace
    of: str
    theme: Theme = "auto"

    def __post_init__(self) -> None:
        chosen_theme(self.theme)

    @property
    def x(self) -> Node:
        """The node whose adjoint is derived."""
        return self.trace.node(self.of)

    @property
    def title(self) -> str:
        """`df/dx = 24`, or that it is None."""
        return result(self.trace, self.x)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The derivation as data: titles, equations, paths and sentences."""
        return tuple(sections(self.trace, self.x))

    @property
    def text(self) -> str:
        """The derivation in plain text."""
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
        """What it can be saved as."""
        return {".tex": lambda: as_document(self.sections, self.title), **super().writers()}

    def __repr__(self) -> str:
        return in_a_line("Derivation", self.title)


def sections(trace: Trace, x: Node) -> Iterator[Section]:
    """The whole derivation of one total derivative."""
    way = nodes_between(trace, x)
    symbols = Symbols(trace, bars=not all(map(is_factor, open_edges(trace, way))))
    yield Section("Forward pass", tuple(forward(trace)))
    back = tuple(reverse(trace, way, symbols))
    if back:
        yield Section("Reverse pass", back)
    yield Section(f"Path by path from {x.label}", tuple(path_by_path(trace, x, symbols)))
    yield Section("Answer", (answer(trace, x, symbols),))


def answer(trace: Trace, x: Node, symbols: Symbols) -> Line:
    """The result; what is missing, zero or not finite comes with its reason."""
    reason = why(trace, x)
    if reason:
        return Sentence(reason, strong=True)
    value = x.adjoint.value
    found = (number(value, "adjoint"),) if value is not None else ()
    return equation((Symbols(trace, bars=False).total(x),), (symbols.total(x),), found)


def nodes_between(trace: Trace, x: Node) -> list[Node]:
    """The nodes on a way from x to a y that a gradient reached, from the ys back to x."""
    goals = set(trace.ys)
    for cut in (False, True):
        ahead = counts(trace, goals, cut=cut)
        if x.id in ahead:
            break
    seen = {x.id}
    for node in trace.nodes:
        if node.id in seen:
            seen.update(e.target for e in trace.outgoing(node) if e.target in ahead)
    between = [node for node in reversed(trace.nodes) if node.id in seen and node.id in ahead]
    return [node for node in between if node.adjoint.value is not None]


def open_edges(trace: Trace, way: Sequence[Node]) -> list[Edge]:
    """The edges that brought a gradient to these nodes."""
    return [edge for node in way for edge in trace.outgoing(node) if edge.contribution is not None]


def forward(trace: Trace) -> Iterator[Equation]:
    """`a = x · x = 3 · 3 = 9` for everything that is computed."""
    for node in trace.nodes:
        name = Piece(node.label, Symbols(trace, bars=False).label(node).latex)
        if node.expression:
            written = Piece(node.expression, node.latex or node.expression)
            yield equation(
                (name,), (written,), numeric(trace, node), (number(node.value, "value"),)
            )
        elif node.label != listed(node.value):
            yield equation((name,), (number(node.value, "value"),))


def numeric(trace: Trace, node: Node) -> Side:
    """A node's expression with numbers in place of labels; scalars only."""
    text = with_numbers(trace, node)
    if not text:
        return ()
    symbols = Symbols(trace, bars=False)
    operands = [trace.node(edge.source) for edge in trace.incoming(node)]
    values = {symbols.label(each).latex: number(each.value, "value") for each in operands}
    latex = {label: bracketed(value).latex for label, value in values.items()}
    written = substituted(node.latex or node.expression, latex)
    written = re.sub(r"\\left\((\\left\([^()]*\\right\))\\right\)", r"\1", written)  # relu((−2))
    return (Piece(text, written, "value"),)


def reverse(trace: Trace, way: Sequence[Node], symbols: Symbols) -> Iterator[Line]:
    """For each node, what its readers send back to it, added up."""
    for node in way:
        yield total_of(trace, node, symbols)
        if node.stopped:
            yield Sentence(f"{node.label} is stopped: nothing goes on from here.")


def total_of(trace: Trace, node: Node, symbols: Symbols) -> Equation:
    """`df/dx = df/da · ∂a/∂x + … = df/da · y + … = 4 · 3 + … = 12 + … = 24`."""
    edges = [edge for edge in trace.outgoing(node) if edge.contribution is not None]
    seed = () if node.seed is None or node.id not in trace.ys else (number(node.seed, "adjoint"),)
    start: list[Side] = [seed] if seed else []
    sides = [
        joined(start + [symbolic(trace, edge, symbols) for edge in edges], PLUS),
        joined(start + [printed(trace, edge, symbols) for edge in edges], PLUS),
        in_numbers(trace, edges, start),
        joined(start + [sent(edge) for edge in edges], PLUS),
        (number(node.adjoint.value, "adjoint"),) if node.adjoint.value is not None else (),
    ]
    if all(edge.local is None or is_number(edge.local.formula) for edge in edges):
        del sides[1]  # ∂c/∂y is 1: the numbers say it
    arrays = any(edge.contribution is not None and edge.contribution.shape for edge in edges)
    if arrays or len(start) + len(edges) == 1:
        del sides[-2]  # there is nothing to add, or what was multiplied says enough
    return equation((symbols.total(node),), *sides)


def symbolic(trace: Trace, edge: Edge, symbols: Symbols) -> Side:
    """`df/da · ∂a/∂x`; of a rule that is no factor, the rule."""
    if not is_factor(edge):
        return (formula(edge),)
    target = trace.node(edge.target)
    return repeated(trace, edge, product([symbols.total(target), symbols.local(edge)]))


def printed(trace: Trace, edge: Edge, symbols: Symbols) -> Side:
    """`df/da · y`, with the rule in print."""
    if not is_factor(edge):
        return (formula(edge),)
    target = trace.node(edge.target)
    return repeated(trace, edge, product([symbols.total(target), formula(edge)]))


def in_numbers(trace: Trace, edges: Sequence[Edge], start: list[Side]) -> Side:
    """`4 · 3`, where every number has room."""
    terms = list(start)
    for edge in edges:
        arrived = trace.node(edge.target).adjoint.value
        local = edge.local.value if edge.local is not None else None
        if is_kept_zero(trace.node(edge.target), edge):
            return ()
        if arrived is None or local is None or max(arrived.array.size, local.array.size) > ROOM:
            return ()
        factors = [number(arrived, "adjoint"), number(evened(local), "local")]
        terms.append(repeated(trace, edge, product(factors)))
    return joined(terms, PLUS)


def repeated(trace: Trace, edge: Edge, term: Side) -> Side:
    """A term with Σ before it where the operand was repeated, and its copies' shares add up."""
    local = edge.local.value if edge.local is not None else None
    wide = max(trace.node(edge.target).value.array.size, 1 if local is None else local.array.size)
    return (SUMMED, *term) if wide > trace.node(edge.source).value.array.size else term


def sent(edge: Edge) -> Side:
    return () if edge.contribution is None else (bracketed(number(edge.contribution, "adjoint")),)


PATHS_SHOWN = 12


NOTHING_PASSES = "cut between {source} and {target}: no gradient goes that way"


def path_by_path(trace: Trace, x: Node, symbols: Symbols) -> Iterator[Line]:
    """One term for each path, and their sum."""
    paths = trace.paths(x.id, most=PATHS_SHOWN)
    total = trace.paths(x.id, most=0, cut=True).count
    if paths.count > PATHS_SHOWN:
        work = len(open_edges(trace, nodes_between(trace, x)))
        yield Sentence(
            f"{paths.count:,} paths lead from {x.label} to {goal(trace)}. The reverse pass adds "
            f"wherever paths meet, and so needed only {work} products."
        )
        return
    yield from (walk(trace, path, symbols) for path in paths)
    closed = [p for p in trace.paths(x.id, most=PATHS_SHOWN, cut=True) if p.cut is not None]
    yield from (walk(trace, path, symbols) for path in closed)
    if total > PATHS_SHOWN and total > paths.count:
        yield Sentence(f"{total - paths.count:,} more paths are cut.")
    if not total:
        yield Sentence(f"No path leads from {x.label} to {goal(trace)}.")
    if len(paths) > 1 and (result := paths.total) is not None:
        products = [p.product for p in paths if p.product is not None]
        terms = [(bracketed(number(each, "adjoint")),) for each in products]
        yield equation((symbols.total(x),), joined(terms, PLUS), (number(result, "adjoint"),))


def goal(trace: Trace) -> str:
    return " and ".join(trace.node(y).label for y in trace.ys)


def walk(trace: Trace, path: Path, symbols: Symbols) -> Walk:
    """`x → a → f: ∂f/∂a · ∂a/∂x = 4 · 3 = 12`."""
    if path.cut is not None:
        return Walk(str(path), None, cut_of(trace, path, path.cut))
    edges = path.edges[::-1]
    if path.product is None or not all(map(is_factor, edges)):
        known = () if path.product is None else (number(path.product, "adjoint"),)
        return Walk(str(path), equation((formulas_along(edges, symbols)), known))
    y = path.nodes[-1]
    weighed = not edges or (y.seed is not None and (y.seed.array != 1).any())
    seed = [symbols.total(y)] if weighed and len(trace.ys) else []
    numbers = [number(y.seed, "adjoint")] if weighed and y.seed is not None else []
    locals_ = [edge.local.value for edge in edges if edge.local and edge.local.value is not None]
    room = all(each.array.size <= ROOM for each in locals_)
    numbers += [number(evened(each), "local") for each in locals_]
    return Walk(
        str(path),
        equation(
            product([*seed, *(symbols.local(edge) for edge in edges)]),
            product(numbers) if room else (),
            (number(path.product, "adjoint"),),
        ),
    )


def formulas_along(edges: Sequence[Edge], symbols: Symbols) -> Side:
    """A path through rules that are no factors: what each of them does, in turn."""
    rules = [symbols.local(e) if is_factor(e) else formula(e) for e in edges]
    return joined(((rule,) for rule in rules), Piece(", then ", r",\; "))


def cut_of(trace: Trace, path: Path, edge: Edge) -> str:
    """Where and why a path is cut."""
    discrete = next((n for n in path.nodes if "int" in n.dtype or n.dtype == "bool"), None)
    words = wording(edge.cause).cut
    if not words and discrete is not None:
        return f"cut: {discrete.label} holds {kind_of(discrete)}"
    source, target = trace.node(edge.source), trace.node(edge.target)
    words = f"cut: {words}" if words else NOTHING_PASSES
    return words.format(
        source=source.label, target=target.label, op_type=target.op_type, kind=kind_of(source)
    )
