"""The two passes of a derivation, each step from symbols by way of numbers to its result."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nbgrad.render.derivations.terms import (
    PLUS,
    ROOM,
    SUMMED,
    Equation,
    Line,
    Piece,
    Sentence,
    Side,
    Symbols,
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
from nbgrad.render.scene.facts import is_kept_zero
from nbgrad.render.scene.number_format import listed
from nbgrad.render.words.prose import with_numbers
from nbgrad.tracing.model import Trace
from nbgrad.tracing.parts import Edge, Node
from nbgrad.tracing.paths import counts
from nbgrad.tracing.symbols import is_number


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
