"""What the page alone shows, in Python, to hold it to: hints, and why an adjoint is what it is.

These are the twins of a part of `static/step_line.js`, and of `static/why.js`. A line is a row of
parts. Where paths are few and short, each is a term of an adjoint; else what each reader of the
node sends back to it. And what a stop cuts from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from nbgrad.picture.derivations import begins_with_seed
from nbgrad.picture.step_line import (
    Part,
    arrivals_at,
    filled,
    is_symbolic_product,
    parts_of,
    rule_of,
    rule_parts,
    sent_to,
    with_gap,
)
from nbgrad.picture.words import cause_words, why
from nbgrad.trace.folding import FOLD
from nbgrad.trace.formulas import bar
from nbgrad.trace.model import Edge, Node, Step, Trace
from nbgrad.trace.numbers import sign_before
from nbgrad.trace.paths import Path, Paths, is_summed


def step_line(trace: Trace, k: int) -> tuple[Part, ...]:
    """The sentence of step k, counted from 1, and what is done, if anything is to be said."""
    step = trace.steps[k - 1]
    said = hint_of_step(trace, step)
    return (*parts_of(trace, step), *[Part(said, "hint", before="; ")] * bool(said))


def hint_of_step(trace: Trace, step: Step) -> str:
    """What a step does, in few words."""
    node = trace.node(step.node)
    match step.kind:
        case "forward" if node.op_type == FOLD:
            return node.expression
        case "multiply":
            edge = trace.edge(step.edges[0])
            return hint(trace, edge, trace.node(edge.source), trace.node(edge.target))
        case "sum":
            return f"{len(arrivals_at(trace, node))} gradients meet at {node.label}, and add up"
    return ""


#: What an operation does with the gradient that arrives.
HINTS = {
    "Add": "add: passes the gradient on as it is",
    "AddN": "add: passes the gradient on as it is",
    "BiasAdd": "add: passes the gradient on as it is",
    "Sub": "subtract: passes the gradient on, to what is subtracted with its sign changed",
    "Mul": "multiply: passes on the gradient × the other input",
    "RealDiv": "divide: the gradient ÷ what is below the line, or × −above ÷ below²",
    "Neg": "minus: changes the sign of the gradient",
    "Square": "square: the gradient × twice the input",
    "Reciprocal": "1/x: the gradient × −(its own result)²",
    "Sqrt": "root: the gradient ÷ twice its own result",
    "Exp": "exp: the gradient × its own result",
    "Log": "log: the gradient ÷ the input",
    "Tanh": "tanh: the gradient × (1 − its own result²)",
    "Sigmoid": "σ: the gradient × its own result × (1 − that)",
    "Relu": "relu: passes the gradient on where the input is above 0",
    "Maximum": "max: passes the gradient on to the larger input alone",
    "Minimum": "min: passes the gradient on to the smaller input alone",
    "Select": "where: passes the gradient on to what was chosen",
    "Sum": "sum: each element gets the whole gradient",
    "Mean": "mean: each of {n} elements gets 1/{n} of the gradient",
    FOLD: "{does}: the gradient × the derivatives inside",
}


def hint(trace: Trace, edge: Edge, source: Node, target: Node) -> str:
    """What an operation does with the gradient, in few words."""
    if is_summed(trace, edge):
        return f"{source.label} was repeated: what its copies get adds up"
    if target.op_type == "MatMul" and len(target.shape) == 2 and "ᵀ" not in target.expression:
        rows, columns = target.shape
        other = next(e for e in trace.incoming(target) if e.position != edge.position)
        each, count = ("row", rows) if edge.position == 1 else ("column", columns)
        return f"each {each} of {trace.node(other.source).label} counts; the {count} {each}s add up"
    known = HINTS.get(target.op_type)
    if known is not None:
        n = max(1, source.value.array.size) // max(1, target.value.array.size)
        return known.format(n=n, does=target.expression)
    own = "the gradient × its local derivative", "its rule, with the gradient in it"
    return f"{target.symbol or target.op_type}: {own[not rule_of(edge).is_factor]}"


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
