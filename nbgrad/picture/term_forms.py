"""The forms of terms: what one edge brings to an adjoint, written out, and along whole paths."""

from __future__ import annotations

from nbgrad.picture.facts import NEVER, Facts, scalar_number
from nbgrad.picture.forms import form, is_ratio
from nbgrad.picture.maps import repeated
from nbgrad.picture.reasons import wording
from nbgrad.picture.style import OFF, Style
from nbgrad.picture.text_width import clipped, text_width
from nbgrad.picture.theme import NAME, SMALL
from nbgrad.trace.model import Edge, Trace
from nbgrad.trace.numbers import exact, in_brackets, shaped, short


def first_fitting(texts: list[str], room: float) -> str:
    """The first text for which there is room; nothing where there is none."""
    return next((text for text in texts if text_width(text, SMALL) <= room), "")


@form("total")
def total(facts: Facts, of: str, room: float) -> Style:
    """The name of an adjoint: df/dx, or x with a bar."""
    node = facts.trace.node(of)
    text = facts.trace.total(node)
    if is_ratio(text, node):
        return Style(clipped(text, NAME, room), "text total")
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
    if each.contribution is None or each.local is None:
        words = cut_words(each)
        return Style(clipped(words, SMALL, room), "text cut-text", facts.end) if words else OFF
    local, arriving = each.local, facts.trace.total(facts.trace.node(each.target))
    if scalar_number(local.value) is not None:
        texts = [f"{arriving} · {local.symbol}", local.symbol]
    else:
        rule = local.formula
        if local.is_factor:
            rule = arriving if rule == "1" else f"{arriving} · {in_brackets(rule)}"
        texts = [f"{repeated_words(facts.trace, each)}{rule}", rule, local.formula, local.symbol]
    return Style(first_fitting(texts, room), "text local-text", facts.window(of)[0])


def repeated_words(trace: Trace, each: Edge) -> str:
    """What is summed because the operand was repeated: "Σ 8 rows of "."""
    found = repeated(trace, trace.node(each.source), each)
    return "" if found is None else f"Σ {found[0]} {found[1] or 'copies'} of "


def cut_words(each: Edge) -> str:
    """Why nothing is sent along an edge."""
    if each.cause == "stopped":
        return "‖ stopped"
    return wording(each.cause).chip


@form("product")
def product(facts: Facts, of: str, room: float) -> Style:
    """A term of an adjoint in numbers: `1 · 4 = +4`; of an array, its shape."""
    each = facts.trace.edge(of)
    sent = each.contribution
    if sent is None:
        return OFF
    since = facts.moments.contribution.get(of, NEVER)
    number = scalar_number(sent)
    if number is None:
        text = clipped(f"[{shaped(sent.shape)}]", SMALL, room)
        return Style(text, "text inbox adjoint-text", since)
    arriving, local = facts.trace.node(each.target).adjoint.value, each.local
    texts = [signed(number)]
    factor = scalar_number(local.value) if local is not None and local.is_factor else None
    arrived = scalar_number(arriving)
    if factor is not None and arrived is not None:
        numbers = f"{short(arrived)} · {in_brackets(short(factor))}"
        texts = [f"{numbers} = {signed(number)}", *texts]
    text = first_fitting(texts, room) or signed(number, 6)
    return Style(text, "text inbox adjoint-text", since, title=exact(sent))


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
def factor(facts: Facts, of: str, room: float) -> Style:
    """What a gradient is multiplied by along an edge of the reverse pass: `× y = 4`."""
    each = facts.trace.edge(of)
    local = each.local
    if each.contribution is None or local is None:
        words = cut_words(each)
        if facts.trace.node(each.source).role == "constant" or not words:
            return OFF
        return Style(clipped(words, SMALL, room), "text cut-text", facts.end)
    number = scalar_number(local.value)
    if not local.is_factor:
        texts = [local.formula, local.symbol]
    elif number is not None:
        value = short(number)
        texts = [f"× {in_brackets(local.formula)} = {value}", f"× {value}"][
            local.formula == value :
        ]
    else:
        texts = [f"× {in_brackets(local.formula)}"]
        if words := repeated_words(facts.trace, each):
            words = words.removesuffix(" of ")
            texts = [words] if local.formula == "1" else [f"{texts[0]}, {words}", *texts]
    return Style(first_fitting(texts, room), "text local-text", facts.window(of)[0])
