"""Why an adjoint is what it is: the twin in Python of `static/why.js`, to hold it to.

A line of parts, as that of a step: symbols, numbers, result. Where paths are few and short, each
is a term; else what each reader of the node sends back to it. And what a stop cuts from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from nbgrad.picture.derivations import begins_with_seed
from nbgrad.picture.step_line import (
    Part,
    filled,
    is_symbolic_product,
    rule_of,
    rule_parts,
    sent_to,
    with_gap,
)
from nbgrad.picture.words import cause_words, why
from nbgrad.trace.formulas import bar
from nbgrad.trace.model import Edge, Node, Trace
from nbgrad.trace.numbers import sign_before
from nbgrad.trace.paths import Path, Paths, is_summed

MOST_PATHS = 4  # so many paths are written out,
LONGEST = 54  # if their symbols are no longer than this


class Share(NamedTuple):
    """What an adjoint has from one path, or through one reader.

    Attributes
    ----------
    symbols, numbers
        Its parts; there are no numbers where it is an array, or not their product.
    edges
        Along which it came; none of a seed.
    """

    symbols: tuple[Part, ...]
    numbers: tuple[Part, ...]
    edges: tuple[Edge, ...] = ()


def why_line(trace: Trace, key: str) -> tuple[Part, ...]:
    """An adjoint as a sum over all paths out, or why there is none."""
    node = trace.node(key)
    if node.adjoint.value is None:
        return (Part(why(trace, node).removesuffix(".")),)
    total = Part(trace.total(node), "adjoint")
    shares = shares_of(trace, node)
    hint = Part(hint_of_sum(trace, node), "hint", before="; ")
    if not any(share.edges for share in shares):
        seed = filled(Part("", "adjoint", "adjoint", key, sign_before(node.value), True), trace)
        return (total, seed, hint)
    sums = map(sum_of, sum_sides(shares))
    parts = (filled(part, trace) for part in chain(*sums, [sum_result(node), hint]))
    return (total, *(part for part in parts if part.text))


def sum_sides(shares: Sequence[Share]) -> list[list[tuple[Part, ...]]]:
    """The sides of a sum: symbols, and numbers where all terms have them and they say more."""
    symbols, numbers = [share.symbols for share in shares], [share.numbers for share in shares]
    say_more = len(numbers) > 1 or len(numbers[0]) > 1
    return [symbols, numbers] if say_more and all(numbers) else [symbols]


def hint_of_sum(trace: Trace, node: Node) -> str:
    """The reason for an unusual adjoint; of any other, how many paths add up to it."""
    if reason := cause_words(trace, node):
        return reason
    goal = " or ".join(trace.node(y).label for y in trace.ys if y != node.id)
    seeded = node.id in trace.ys
    count = trace.paths(node.id, most=0).count - seeded
    if seeded:
        paths = f"its seed, and {count:,} path{'s' * (count > 1)} to {goal}"
        return paths if count else "the seed of the reverse pass"
    lead = "the only path" if count == 1 else f"{count:,} paths lead"
    return f"{lead} from {node.label} to {goal}"


def sum_result(node: Node) -> Part:
    """What all shares add up to."""
    before = sign_before(node.value, leaf=False)
    role = "mute" if node.shape else "adjoint"
    return Part("", role, "adjoint", node.id, before, strong=not node.shape)


def sum_of(sides: Sequence[tuple[Part, ...]]) -> Iterator[Part]:
    """Sides in a row, with a plus between them; of very many, most are left out."""
    for n, side in enumerate(with_gap(sides, (Part("…"),))):
        first, *others = side
        yield first._replace(before=f"{' + ' if n else ' = '}{first.before}")
        yield from others


# Shares -----------------------------------------------------------------------------------------


def shares_of(trace: Trace, node: Node) -> list[Share]:
    """What an adjoint is the sum of: the products along all paths, or what its readers send."""
    paths = trace.paths(node.id, most=MOST_PATHS)
    if paths.count <= MOST_PATHS and are_products_of_scalars(paths):
        shares = [share_of_path(trace, path) for path in sorted(paths, key=turn_of_path)]
        symbols = (str(part) for share in shares for part in share.symbols)
        if len("".join(symbols)) + 3 * (len(shares) - 1) <= LONGEST:
            return shares
    seed = [Share(SEED, seed_term(node))] * (node.seed is not None and node.id in trace.ys)
    edges = sorted(sent_to(trace, node), key=turn_of)
    return [*seed, *(share_of_edge(trace, edge) for edge in edges)]


def turn_of(edge: Edge) -> tuple[int, int]:
    """When an edge sends: the last node is the first, and ids are numbered as nodes were made."""
    return -int(edge.target[1:]), edge.position


def turn_of_path(path: Path) -> tuple[int, ...]:
    """When what comes along a path arrives; a seed is there from the start."""
    return turn_of(path.edges[0]) if path.edges else ()


def are_products_of_scalars(paths: Paths) -> bool:
    """Whether along all paths numbers are multiplied, and nothing but numbers."""
    nodes = (node for path in paths for node in path.nodes)
    locals_ = (edge.local for path in paths for edge in path.edges)
    return not any(node.shape for node in nodes) and all(
        local is not None and local.is_factor and local.value is not None and not local.value.shape
        for local in locals_
    )


SEED = (Part("seed", "adjoint"),)


def seed_term(y: Node) -> tuple[Part, ...]:
    """The seed of a y, as a factor."""
    return (Part("", "adjoint", "seed term", y.id),)


def share_of_path(trace: Trace, path: Path) -> Share:
    """The product along a path, from its y back to its x: `∂f/∂b · ∂b/∂x`."""
    edges, y = path.edges[::-1], path.nodes[-1]
    seeded = begins_with_seed(path)
    # An adjoint that more than its seed went into is no factor of this path.
    start = trace.total(y) if not sent_to(trace, y) else f"seed {y.label}" if edges else "seed"
    symbols = [Part(start, "adjoint")] * seeded
    symbols += [Part(rule_of(edge).symbol, "local") for edge in edges]
    numbers = [*seed_term(y)] * seeded
    numbers += [Part("", "local", "local factor", edge.id) for edge in edges]
    return Share(in_product(symbols), in_product(numbers) if path.is_product else (), path.edges)


def in_product(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Factors in a row."""
    first, *others = parts
    return (first, *(part._replace(before=" · ") for part in others))


def share_of_edge(trace: Trace, edge: Edge) -> Share:
    """What one reader sends back: `dL/da · ∂a/∂x`; alone `∂L/∂x`, where L starts with 1."""
    source, target, rule = trace.node(edge.source), trace.node(edge.target), rule_of(edge)
    arriving, sigma = trace.total(target), "Σ " * is_summed(trace, edge)
    if not is_symbolic_product(edge):
        parts = rule_parts(rule.formula, bar(target.label), arriving, "")
        return Share(tuple(part for part in parts if part.text), (), (edge,))
    one = target.id in trace.ys and not sent_to(trace, target) and arriving != bar(target.label)
    symbols = [Part(arriving, "adjoint")] * (not one) + [Part(rule.symbol, "local")]
    symbols[0] = symbols[0]._replace(before=sigma)
    numbers = [Part("", "adjoint", "arrived", edge.id)] * (not one)
    numbers += [Part("", "local", "local", edge.id)]
    scalar = rule.is_factor and not (target.shape or source.shape)
    return Share(in_product(symbols), in_product(numbers) if scalar else (), (edge,))


# With a stop, and without -----------------------------------------------------------------------

Lines = tuple[tuple[Part, ...], tuple[Part, ...]]


def first_changed(whole: Trace, stopped: Trace) -> str | None:
    """The id of the first x whose adjoint another trace's stops change."""
    changed = (x for x in whole.xs if whole.node(x).adjoint.value != stopped.node(x).adjoint.value)
    return next(changed, None)


def compared_lines(whole: Trace, stopped: Trace, key: str) -> Lines:
    """An adjoint in total, and below it under stops, with what they cut struck through.

    Both traces are of one run; there are no lines where nothing arrived without stops either.

    """
    before, after = whole.node(key), stopped.node(key)
    shares = shares_of(whole, before) if before.adjoint.value is not None else []
    if not any(share.edges for share in shares):
        return (), ()
    total = Part(whole.total(before), "adjoint", before=" ")
    sides = sum_sides(shares)
    sums = chain(*map(sum_of, sides), [sum_result(before)])
    top = (Part("total", "mute"), total, *(filled(part, whole) for part in sums))
    cuts = [cut_edge(stopped, share) is not None for share in shares]
    struck = chain(*(sum_of(marked(whole, stopped, side, cuts)) for side in sides))
    result = filled(sum_result(after), stopped) if after.adjoint.value is not None else NONE
    changed = before.adjoint.value != after.adjoint.value
    end = partial_result(whole, stopped, shares, key) if changed else ()
    bottom = (Part("partial", "stop", strong=True), total, *struck, result, *end)
    return tuple(part for part in top if part.text), tuple(part for part in bottom if part.text)


NONE = Part("None", "adjoint", before=" = ", strong=True)


def cut_edge(stopped: Trace, share: Share) -> Edge | None:
    """The first edge of a share, seen from y, along which nothing comes under stops."""
    edges = (stopped.edge(edge.id) for edge in reversed(share.edges))
    return next((edge for edge in edges if edge.contribution is None), None)


def marked(
    whole: Trace, stopped: Trace, sides: Sequence[tuple[Part, ...]], cuts: Sequence[bool]
) -> list[tuple[Part, ...]]:
    """Terms with their numbers; those that are cut have the old ones, and are struck through."""
    return [
        tuple(filled(part, whole if cut else stopped)._replace(cut=cut) for part in side)
        for side, cut in zip(sides, cuts, strict=True)
    ]


def partial_result(
    whole: Trace, stopped: Trace, shares: Sequence[Share], key: str
) -> Iterator[Part]:
    """`, was 3: the path through b is cut`."""
    node = whole.node(key)
    if not node.shape:
        yield filled(Part("", "mute", "adjoint", key, ", was "), whole)
    found = [edge for share in shares if (edge := cut_edge(stopped, share)) is not None]
    places = {edge.target for edge in found if edge.cause == "stopped"}
    places = places or {each.id for each in stopped.nodes if each.stopped}
    count = whole.paths(key, most=0).count - stopped.paths(key, most=0).count
    through = f" through {stopped.node(*places).label}" if len(places) == 1 else ""
    several = f"the path{through} is" if count == 1 else f"{count:,} paths{through} are"
    if count:
        the = "the " if through and count > 1 else ""
        yield Part(f"{the}{several} cut", "mute", before=", " if node.shape else ": ")
