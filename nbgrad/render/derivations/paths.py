"""A derivation path by path: one product for each, and their sum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nbgrad.render.derivations.steps import nodes_between, open_edges
from nbgrad.render.derivations.terms import (
    PLUS,
    ROOM,
    Line,
    Piece,
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
)
from nbgrad.render.words.reasons import kind_of, wording
from nbgrad.tracing.model import Trace
from nbgrad.tracing.parts import Edge, Node
from nbgrad.tracing.paths import Path

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
