"""The line of a step: symbols, numbers, result, each in its role.

A line is a row of parts. What a part says is a text, or names a number of the trace and the form
in which it is written: so the same row is filled with the numbers of any run, here and on a page.
An array in a line is its formula and its shape.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

import numpy as np

from nbgrad.trace.folding import FOLD
from nbgrad.trace.formulas import SUPERSCRIPTS, bar
from nbgrad.trace.model import Edge, Local, Node, Numbers, Step, Trace
from nbgrad.trace.numbers import in_brackets, in_words, is_number, shaped, sign_before
from nbgrad.trace.paths import is_summed


class Part(NamedTuple):
    """A part of a sentence or of an equation; without a text, the sign before it is left out too.

    An equation is written in LaTeX as well, where an array, of which a text has the shape, is a
    matrix.
    """

    text: str = ""
    role: str = ""  # "value", "adjoint", "local", "stop"; "mute" aside
    form: str = ""  # of a number: a key of `FORMS`
    of: str = ""  # and the id of its node or edge
    before: str = ""  # the sign, or the words, that join it to the part before
    strong: bool = False  # whether it is the result
    cut: bool = False  # whether a stop has cut it off
    latex: str = ""
    array: Numbers | None = None

    def __str__(self) -> str:
        return f"{self.before}{self.text}"


def by_itself(numbers: Numbers | None) -> str:
    """A number by itself, or an array's shape."""
    return "" if numbers is None else in_words(numbers)


def factor(numbers: Numbers | None) -> str:
    """A number inside a formula: in brackets where it is negative."""
    return in_brackets(by_itself(numbers))


def sent_to(trace: Trace, node: Node) -> list[Edge]:
    """The edges that brought a contribution to a node's adjoint."""
    return [edge for edge in trace.outgoing(node) if edge.contribution is not None]


def rule_of(edge: Edge) -> Local:
    """The rule of an edge along which a gradient went."""
    if edge.local is None:
        raise ValueError(f"No gradient went along {edge.id}, which therefore has no rule to print.")
    return edge.local


def is_symbolic_product(edge: Edge) -> bool:
    """Whether the symbols say what an edge carried: `df/da · ∂a/∂x`, not a rule by itself."""
    rule = rule_of(edge)
    return rule.is_factor or rule.formula == rule.symbol


def is_multiplied(edge: Edge, target: Node) -> bool:
    """Whether a contribution is the product of its numbers: for 0 · ∞ a rule may send 0."""
    numbers = (target.adjoint.value, rule_of(edge).value)
    factors_are_finite = all(np.isfinite(each.array).all() for each in numbers if each is not None)
    sent = edge.contribution
    return factors_are_finite or sent is None or not np.isfinite(sent.array).all()


#: The number that a part names: of a node, or of an edge and its target; and how it is written.
OF_NODE: dict[str, Callable[[Node], str]] = {
    "value": lambda node: by_itself(node.value),
    "value factor": lambda node: factor(node.value),
    "adjoint": lambda node: by_itself(node.adjoint.value),
    "seed": lambda node: by_itself(node.seed or node.adjoint.value),
    "seed term": lambda node: factor(node.seed),
}
OF_EDGE: dict[str, Callable[[Edge, Node], str]] = {
    "arrived": lambda edge, z: factor(z.adjoint.value) if is_multiplied(edge, z) else "",
    "local": lambda edge, z: factor(rule_of(edge).value) if is_multiplied(edge, z) else "",
    "local factor": lambda edge, _: factor(rule_of(edge).value),
    "contribution": lambda edge, _: by_itself(edge.contribution),
    "term": lambda edge, _: factor(edge.contribution),
    "nothing arrived": lambda edge, z: NOTHING_ARRIVED if is_kept_zero(z, edge) else "",
}


def filled(part: Part, trace: Trace) -> Part:
    if part.form in OF_NODE:
        return part._replace(text=OF_NODE[part.form](trace.node(part.of)))
    if part.form:
        edge = trace.edge(part.of)
        return part._replace(text=OF_EDGE[part.form](edge, trace.node(edge.target)))
    return part


# The parts of each kind of step --------------------------------------------------------------


def parts_of(trace: Trace, step: Step) -> Iterator[Part]:
    """The parts of a step's sentence that have something to say, with their numbers."""
    found = (filled(part, trace) for part in template(trace, step))
    return (part for part in found if part.text)


def sentence(trace: Trace, step: Step) -> str:
    """One step as a sentence."""
    return "".join(map(str, parts_of(trace, step)))


def template(trace: Trace, step: Step) -> Iterator[Part]:
    """The parts of a step's sentence; where there is a number, which one and in which form."""
    node = trace.node(step.node)
    match step.kind:
        case "forward":
            yield from forward_parts(trace, node)
        case "seed":
            yield Part(f"The reverse pass starts at {node.label} with its seed: ")
            yield Part(trace.total(node), "adjoint")
            before = sign_before(node.value)
            yield Part("", "adjoint", "seed", node.id, before, strong=True)
        case "multiply":
            yield from multiply_parts(trace, trace.edge(step.edges[0]))
        case "sum":
            yield from sum_parts(trace, node)
        case "stop":
            yield Part(node.label)
            yield Part("is stopped", "stop", before=" ")
            yield Part(trace.total(node), "adjoint", before=": its own gradient arrives, ")
            yield Part("", "adjoint", "adjoint", node.id, sign_before(node.value))
            yield Part("and nothing leaves", before=", ")


def forward_parts(trace: Trace, node: Node) -> Iterator[Part]:
    """`a = x · x = 3 · 3 = 9`; `u = X W, 2×2 = 2×3 · 3×2`."""
    operands = [trace.node(edge.source) for edge in trace.incoming(node)]
    yield Part(node.label)
    if node.op_type == FOLD:
        yield Part("", "value", "value", node.id, sign_before(node.value), strong=True)
        return
    yield Part(node.expression or node.op_type, before=" = ")
    if not any(each.shape for each in operands):
        yield from in_numbers(node.expression, operands)
    role, before = "mute" if node.shape else "value", sign_before(node.value, leaf=False)
    yield Part("", role, "value", node.id, before, strong=not node.shape)
    shapes = product_of_shapes(node.expression, {each.label: each.shape for each in operands})
    yield Part(shapes, "mute", before=" = ")


def in_numbers(expression: str, operands: Sequence[Node]) -> Iterator[Part]:
    """An expression of scalars with their values in place of their labels, if it has any."""
    places = {each.label: each.id for each in operands}
    if all(map(is_number, places)):
        return
    before, pieces = " = ", re.split(f"({names_pattern(places)})", expression)
    for i, piece in enumerate(pieces):
        if not piece:
            continue
        if i % 2:
            # In the parentheses of a function, a negative number needs none of its own.
            alone = pieces[i - 1].endswith(("(", ", ")) and pieces[i + 1].startswith((")", ","))
            form = "value" if alone else "value factor"
            yield Part("", "value", form, places[piece], before)
        else:
            yield Part(piece, "value", before=before)
        before = ""


def names_pattern(names: Iterable[str]) -> str:
    """What finds these labels in an expression, in text or LaTeX, as whole names."""
    labels = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    return rf"(?<![\w\\.])(?<!mathrm\{{)(?:{labels})(?![^\W{SUPERSCRIPTS}]|\()"


def multiply_parts(trace: Trace, edge: Edge) -> Iterator[Part]:
    """`df/dx = df/da · ∂a/∂x = 4 · 3 = 12`; `dL/dW = Xᵀ · dL/da, 3×5 = 3×8 · 8×5`."""
    source, target, rule = trace.node(edge.source), trace.node(edge.target), rule_of(edge)
    arriving, sigma = trace.total(target), "Σ " * is_summed(trace, edge)
    scalar = not (target.shape or source.shape)
    before = " gets " if len(arrivals_at(trace, source)) > 1 else " = "
    yield Part(trace.total(source), "adjoint")
    if is_symbolic_product(edge):
        yield Part(arriving, "adjoint", before=f"{before}{sigma}")
        yield Part(rule.symbol, "local", before=" · ")
        if scalar and rule.is_factor:
            yield Part("", "adjoint", "arrived", edge.id, " = ")
            yield Part("", "local", "local", edge.id, " · ")
        elif not scalar and rule.formula != rule.symbol and not is_number(rule.formula):
            yield Part(arriving, "adjoint", before=f" = {sigma}")
            yield Part(bracketed_sum(rule.formula), "local", before=" · ")
    else:
        yield from rule_parts(rule.formula, bar(target.label), arriving, before)
    role, before = ("adjoint", " = ") if scalar else ("mute", ", ")
    yield Part("", role, "contribution", edge.id, before, strong=not source.shape)
    if sigma:
        yield Part(in_words(target.value), "mute", before=" = Σ ")
    elif not rule.is_factor:
        shapes = {n.label: n.shape for n in (trace.node(key) for key in rule.uses)}
        shapes[bar(target.label)] = target.shape
        yield Part(product_of_shapes(rule.formula, shapes), "mute", before=" = ")
    yield Part("", "", "nothing arrived", edge.id, ", ")


def rule_parts(formula: str, barred: str, arriving: str, before: str) -> Iterator[Part]:
    """A rule that is no factor, with what arrives in its place: `Xᵀ · dL/da`."""
    words = formula.split(" ")
    if (
        barred in words
        and "Σ" not in words
        and all(re.fullmatch(r"[^\W_]\S*", word) for word in words)
    ):
        formula = formula.replace(" ", " · ")  # a product of matrices, and nothing else
    for i, piece in enumerate(re.split(f"({re.escape(barred)})", formula)):
        role, text = ("adjoint", arriving) if i % 2 else ("local", piece)
        yield Part(text, role, before=before)
        before = "" if text else before


def bracketed_sum(formula: str) -> str:
    """A formula as a factor: in brackets where it is a sum or begins with a sign."""
    outside = re.sub(r"\([^()]*\)", "", re.sub(r"\([^()]*\)", "", formula))
    return f"({formula})" if re.search(r" [+−] |^−", outside) else formula


def product_of_shapes(formula: str, shapes: Mapping[str, tuple[int, ...]]) -> str:
    """`3×8 · 8×5` for `Xᵀ ā`; nothing for what is no product of two matrices."""
    found = []
    for word in re.split(r" · | ", formula):
        shape = shapes.get(word.removesuffix("ᵀ"), ())
        if len(shape) < 2:
            return ""
        found.append((*shape[:-2], *shape[:-3:-1]) if word.endswith("ᵀ") else shape)
    is_product = len(found) == 2 and found[0][-1] == found[1][-2]
    return " · ".join(map(shaped, found)) if is_product else ""


def arrivals_at(trace: Trace, node: Node) -> list[Part]:
    """What meets at a node as terms of a sum: its seed, and what came along each edge, in turn."""
    # The last node is the first to send; ids are numbered in the order of creation.
    edges = sorted(sent_to(trace, node), key=lambda edge: (-int(edge.target[1:]), edge.position))
    is_seeded = node.seed is not None and node.id in trace.ys
    seed = [Part("", "adjoint", "seed term", node.id)] * is_seeded
    return [*seed, *(Part("", "adjoint", "term", edge.id) for edge in edges)]


MOST_TERMS = 6  # of a sum that are all written
Term = TypeVar("Term")


def with_gap(terms: Sequence[Term], gap: Term, most: int = MOST_TERMS) -> Sequence[Term]:
    """The terms of a sum; of very many the first and the last, with a gap between them."""
    return terms if len(terms) <= most else [*terms[: (most + 1) // 2], gap, terms[-1]]


def sum_parts(trace: Trace, node: Node) -> Iterator[Part]:
    """`df/dx gets 4 · 3 = 12, so 12 + 12 = 24`: what came last, and all parts."""
    terms = arrivals_at(trace, node)
    last = trace.edge(terms[-1].of)
    yield Part(trace.total(node), "adjoint")
    if node.shape or trace.node(last.target).shape or not rule_of(last).is_factor:
        yield Part("gets", before=" ")
    else:
        yield Part("", "adjoint", "arrived", last.id, " gets ")
        yield Part("", "local", "local", last.id, " · ")
        yield Part("", "adjoint", "contribution", last.id, " = ")
        yield Part("so", before=", ")
    for i, term in enumerate(with_gap(terms, Part("…"))):
        yield term._replace(before=" + " if i else " ")
    yield Part("", "adjoint", "adjoint", node.id, " = ", strong=True)


NOTHING_ARRIVED = "because nothing arrived"


def is_kept_zero(target: Node, edge: Edge) -> bool:
    """Whether zero was sent because nothing arrived, though the factor is not finite."""
    arriving, local = target.adjoint.value, edge.local
    if arriving is None or local is None or local.value is None or edge.contribution is None:
        return False
    nothing = not arriving.array.any() and not edge.contribution.array.any()
    return nothing and not bool(np.isfinite(local.value.array).all())
