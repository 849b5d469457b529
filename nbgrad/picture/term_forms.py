"""The forms of terms: what one edge brings to an adjoint, written out, and along whole paths."""

from __future__ import annotations

from collections.abc import Sequence

from nbgrad.picture.cards.faces import repeated
from nbgrad.picture.derivations.step_line import rule_of
from nbgrad.picture.derivations.terms import numbers_along, text_of
from nbgrad.picture.facts import NEVER, Facts, scalar_number
from nbgrad.picture.forms import adjoint_since, form, is_ratio, number_style
from nbgrad.picture.reasons import wording
from nbgrad.picture.style import OFF, Style
from nbgrad.picture.text_width import clipped, pill_width, text_width
from nbgrad.picture.theme import NAME, SMALL
from nbgrad.trace.model import Edge, Local, Numbers, Trace
from nbgrad.trace.numbers import in_brackets, in_words, shaped, short
from nbgrad.trace.paths import Path, path_along
from nbgrad.trace.symbols import bar


def first_fitting(texts: list[str], room: float) -> str:
    """The first text for which there is room; nothing where there is none."""
    return next((text for text in texts if text_width(text, SMALL) <= room), "")


@form("total")
def total(facts: Facts, of: str, room: float, tightest: tuple[str, float] | None = None) -> Style:
    """The name of an adjoint: df/dx, or x with a bar where there is no room or several ys.

    All of a picture are named in one way: df/dx fits where it fits on the `tightest`.
    """
    node = facts.trace.node(of)
    text = facts.trace.total(node)
    key, least = tightest or (of, room)
    widest = facts.trace.total(facts.trace.node(key))
    if is_ratio(text, node) and text_width(widest, NAME) <= least:
        return Style(text, "text total")
    return Style(clipped(node.label, NAME, room), "text total overlined")


@form("cursor")
def cursor(facts: Facts, of: str, phase: str) -> Style:
    """The mark before a row that is at work."""
    since, until = facts.window(f"{of}.{phase}")
    return Style("▶", "text", since, until)


@form("factors")
def factors(facts: Facts, of: str, room: float) -> Style:
    """What is multiplied in a term, in symbols: `df/db · ∂b/∂a`; or why there is no term."""
    each = facts.trace.edge(of)
    if each.contribution is None:
        return nothing_sent(facts, each, room)
    local, target = rule_of(each), facts.trace.node(each.target)
    rule = local.symbol if scalar_number(local.value) is not None else local.formula
    texts = [rule]
    if local.is_factor or rule == local.symbol:
        times = "" if rule == "1" else f" · {in_brackets(rule)}"
        # Whatever is left out, a factor never stands alone: it is not the term.
        texts = [f"{name}{times}" for name in (facts.trace.total(target), bar(target.label), "…")]
    if words := repeated_words(facts.trace, each):
        texts = [*(f"{words}{text}" for text in texts), *(f"Σ {text}" for text in texts)]
    return Style(first_fitting(texts, room), rule_look(local), facts.window(of)[0])


def rule_look(local: Local) -> str:
    """How a rule looks: one that is no factor says what an adjoint is, in its colour."""
    return "text local-text" if local.is_factor else "text adjoint-text"


def repeated_words(trace: Trace, each: Edge) -> str:
    """What is summed because the operand was repeated: "Σ 8 rows of "."""
    found = repeated(trace, trace.node(each.source), each)
    return "" if found is None else f"Σ {found[0]} {found[1] or 'copies'} of "


def nothing_sent(facts: Facts, each: Edge, room: float) -> Style:
    """Why nothing is sent along an edge."""
    words = "‖ stopped" if each.cause == "stopped" else wording(each.cause).caption
    return Style(clipped(words, SMALL, room), "text cut-text", facts.end) if words else OFF


@form("product")
def product(facts: Facts, of: str, room: float) -> Style:
    """A term of an adjoint in numbers: `1 · 4 = 4`; of an array, its shape."""
    each = facts.trace.edge(of)
    sent = each.contribution
    if sent is None:
        return OFF
    since = facts.moments.contribution.get(of, NEVER)
    number = scalar_number(sent)
    if number is None:
        text = clipped(f"[{shaped(sent.shape)}]", SMALL, room)
        return Style(text, "text inbox adjoint-text", since)
    texts = [signed(number)]
    arrived = scalar_number(facts.trace.node(each.target).adjoint.value)
    factor = scalar_number(rule_of(each).value)
    if factor is not None and arrived is not None:
        numbers = f"{short(arrived)} · {in_brackets(short(factor))}"
        texts = [f"{numbers} = {short(number)}", *texts]
    text = first_fitting(texts, room) or signed(number, 6)
    return Style(text, "text inbox adjoint-text", since)


def signed(number: object, characters: int = 9) -> str:
    """A number as a term of a sum.

    Examples
    --------
    >>> signed(4.0), signed(-0.25)
    ('+4', '−0.25')
    """
    text = short(number, characters)
    return text if text.startswith("−") or text in ("0", "NaN", "∞") else f"+{text}"


@form("factor")
def multiplier(facts: Facts, of: str, room: float) -> Style:
    """What a gradient is multiplied by along an edge of the reverse pass: `× y = 4`."""
    each = facts.trace.edge(of)
    if each.contribution is None:
        is_constant = facts.trace.node(each.source).role == "constant"
        return OFF if is_constant else nothing_sent(facts, each, room)
    local = rule_of(each)
    number = scalar_number(local.value)
    if not local.is_factor:
        texts = [local.formula, f"× {local.symbol}"]
    elif number is not None:
        value = short(number)
        texts = [f"× {value}"]
        if local.formula != value:
            texts = [f"× {in_brackets(local.formula)} = {value}", *texts]
    else:
        texts = [f"× {in_brackets(local.formula)}"]
        if words := repeated_words(facts.trace, each):
            words = words.removesuffix(" of ")
            texts = [words] if local.formula == "1" else [f"{texts[0]}, {words}", *texts]
    return Style(first_fitting(texts, room), rule_look(local), facts.window(of)[0])


# Along whole paths ------------------------------------------------------------------------------


def path_along_edges(facts: Facts, of: str, edges: Sequence[str]) -> Path:
    """The path from a node along these edges, with its numbers."""
    trace = facts.trace
    return path_along(trace, trace.node(of), tuple(map(trace.edge, edges)))


@form("ribbon")
def ribbon(facts: Facts, of: str, number: int, edges: Sequence[str]) -> Style:
    """A ribbon along a path, thin where no gradient comes back."""
    path = path_along_edges(facts, of, edges)
    classes = f"ribbon path{number}" + (" cut" if path.cut else "")
    return Style(classes=classes, title=f"path {number}: {path}")


@form("path numbers")
def path_numbers(facts: Facts, of: str, edges: Sequence[str], room: float) -> Style:
    """The seed where it is not 1, and the local derivatives, from the y back to the x."""
    path = path_along_edges(facts, of, edges)
    if path.cut is not None:
        z, x = (facts.trace.node(key).label for key in (path.cut.target, path.cut.source))
        words = f"nothing passes from {z} to {x}: {path.cut.cause}"
        return Style(clipped(words, SMALL, room), "text cut-text")
    if path.is_product:
        text = text_of(numbers_along(facts.trace, path))
    else:
        text = rules_along(facts.trace, path, room)
    since = facts.moments.contribution.get(edges[0], NEVER)
    return Style(clipped(text, SMALL, room), "text", since)


def rules_along(trace: Trace, path: Path, room: float) -> str:
    """The rules along a path of arrays, from its x on: `Xᵀ ā, ā = z̄, z̄ = h̄ · [z > 0]`."""
    rules: list[str] = []
    for each in path.edges:
        source, target = trace.node(each.source), trace.node(each.target)
        rule = "" if each.local is None else each.local.formula
        if each.local is not None and each.local.is_factor:
            rule = bar(target.label) + ("" if rule == "1" else f" · {in_brackets(rule)}")
        gets = "+=" if len(trace.outgoing(source)) > 1 else "="
        name = f"{bar(source.label)} {gets} " if rules else ""
        rules.append(f"{name}{repeated_words(trace, each)}{rule}")
    texts = [", ".join(rules)]
    texts += [f"{', '.join(rules[:n])}, …" for n in range(len(rules) - 1, 0, -1)]
    return first_fitting(texts, room) or rules[0]


@form("path product")
def path_product(facts: Facts, of: str, edges: Sequence[str], room: float) -> Style:
    """The product of a path."""
    path = path_along_edges(facts, of, edges)
    if path.cut is not None:
        words = "cut ‖" if path.cut.cause == "stopped" else "cut"
        return Style(words, "chip number adjoint words", width=pill_width(words))
    since = facts.moments.contribution.get(edges[0], NEVER)
    return result(None if path.product is None else Numbers(path.product), "?", since, room)


@form("path sum")
def path_sum(facts: Facts, of: str, room: float) -> Style:
    """The sum over the paths of an x, which is its adjoint."""
    node = facts.trace.node(of)
    return result(node.adjoint.value, "None", adjoint_since(facts, node), room)


def result(numbers: Numbers | None, otherwise: str, since: int, room: float) -> Style:
    """A number at the end of a line, or the shape of an array."""
    if numbers is not None and not numbers.shape:
        return number_style(numbers, "adjoint", since, room)
    words = otherwise if numbers is None else clipped(in_words(numbers), SMALL, room)
    return Style(words, "chip number adjoint words", since, width=pill_width(words))
