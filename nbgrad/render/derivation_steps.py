"""The steps of a derivation, each from symbols by way of numbers to its result."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nbgrad.render.derivation_terms import (
    PLUS,
    SUMMED,
    Equation,
    Piece,
    Side,
    Symbols,
    bracketed,
    equation,
    formula,
    joined,
    number,
    product,
    substituted,
)
from nbgrad.render.numbers import listed
from nbgrad.render.prose import with_numbers
from nbgrad.render.reasons import why
from nbgrad.tracing.model import Edge, Node, Numbers, Trace
from nbgrad.tracing.paths import Path, counts

PATHS_SHOWN = 12

ROOM = 9
"""Elements of a tensor that a product of numbers has room for."""


@dataclass(frozen=True)
class Sentence:
    """Words between the equations; `strong` ones are the answer."""

    text: str
    strong: bool = False

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Walk:
    """One path with its product; a path that is cut has none."""

    path: str
    equation: Equation | None
    cut: str = ""

    def __str__(self) -> str:
        return f"{self.path}: {self.equation or self.cut}"


Line = Equation | Sentence | Walk


@dataclass(frozen=True)
class Section:
    """A part of a derivation."""

    title: str
    lines: tuple[Line, ...]


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


def is_factor(edge: Edge) -> bool:
    return edge.local is not None and edge.local.is_factor


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
    if any(edge.contribution is not None and edge.contribution.shape for edge in edges):
        del sides[-2]  # of arrays, what was multiplied says enough
    return equation((symbols.total(node),), *sides)


def is_number(text: str) -> bool:
    return text.lstrip("−").replace(".", "").isdigit()


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
        if arrived is None or local is None or max(arrived.array.size, local.array.size) > ROOM:
            return ()
        factors = [number(arrived, "adjoint"), number(evened(local), "local")]
        terms.append(repeated(trace, edge, product(factors)))
    return joined(terms, PLUS)


def evened(numbers: Numbers) -> Numbers:
    """A factor that is the same everywhere, as that one number."""
    first = numbers.array.ravel()[:1]
    even = first.size and (numbers.array == first).all()
    return Numbers(first[0]) if even else numbers


def repeated(trace: Trace, edge: Edge, term: Side) -> Side:
    """A term with Σ before it where the operand was repeated, and its copies' shares add up."""
    local = edge.local.value if edge.local is not None else None
    wide = max(trace.node(edge.target).value.array.size, 1 if local is None else local.array.size)
    return (SUMMED, *term) if wide > trace.node(edge.source).value.array.size else term


def sent(edge: Edge) -> Side:
    return () if edge.contribution is None else (bracketed(number(edge.contribution, "adjoint")),)


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


CUTS = {
    "stopped": "cut: {target} is stopped",
    "integer": "cut: {source} holds integers",
    "not differentiable": "cut: {op_type} has no derivative",
}


def cut_of(trace: Trace, path: Path, edge: Edge) -> str:
    """Where and why a path is cut."""
    integer = next((node for node in path.nodes if "int" in node.dtype), None)
    if edge.cause not in CUTS and integer is not None:
        return f"cut: {integer.label} holds integers"
    source, target = trace.node(edge.source), trace.node(edge.target)
    words = CUTS.get(edge.cause, "cut between {source} and {target}: no gradient goes that way")
    return words.format(source=source.label, target=target.label, op_type=target.op_type)


def answer(trace: Trace, x: Node, symbols: Symbols) -> Line:
    """The result; what is missing, zero or not finite comes with its reason."""
    reason = why(trace, x)
    if reason:
        return Sentence(reason, strong=True)
    value = x.adjoint.value
    found = (number(value, "adjoint"),) if value is not None else ()
    return equation((Symbols(trace, bars=False).total(x),), (symbols.total(x),), found)
