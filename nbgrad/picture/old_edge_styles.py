"""The styles of an edge: its lines, and the texts of its chips as fully as there is room.

The upper chip is the local derivative, `∂a/∂x = x = 3`. The lower one is what the gradient became
on its way, `4×3 = 12`: arriving gradient times local derivative.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from nbgrad.picture.facts import NEVER, Facts, Window, is_kept_zero, magnitude, scalar_number
from nbgrad.picture.old_edges import Connector
from nbgrad.picture.reasons import NOTHING_ARRIVED, wording
from nbgrad.picture.style import OFF, Style, Styles
from nbgrad.picture.text_width import PILL, clipped, pill_width
from nbgrad.picture.theme import SMALL
from nbgrad.trace.folding import FOLD
from nbgrad.trace.model import Edge, Local, Node, Numbers
from nbgrad.trace.numbers import FEW, ROOM, in_brackets, is_number, one_line, shaped, short
from nbgrad.trace.symbols import bar

THIN = "\u200a"  # a hair space: a formula may become a little tighter before it is cut short


def edge_styles(facts: Facts, edge: Edge, room: float) -> Styles:
    """Every style of an edge, its chips no wider than `room`."""
    key = edge.id
    source, target = facts.trace.node(edge.source), facts.trace.node(edge.target)
    since, until = facts.window(key)
    faded = source.adjoint.state == "none" and source.role != "constant"
    forward = "forward unreached" if faded and edge.cause != "stopped" else "forward"
    reverse = OFF
    if edge.contribution is not None:
        reverse = Style(classes="reverse", since=since, width=stroke_width(edge.contribution))
    local, contribution = chip_styles(facts, edge, room)
    return {
        key: Style(classes="edge", title=edge_title(source, target, edge)),
        f"{key}.glow": Style(classes="glow", since=since, until=until),
        f"{key}.forward": Style(classes=forward, width=1.5),
        f"{key}.reverse": reverse,
        f"{key}.stop": Style(classes="bar") if edge.cause == "stopped" else OFF,
        f"{key}.local": local,
        f"{key}.contribution": contribution,
    }


def edge_title(source: Node, target: Node, edge: Edge) -> str:
    """The tooltip of an edge."""
    lines = [f"{source.label} → {target.label}"]
    if edge.contribution is None:
        return f"{lines[0]}: no gradient, {edge.cause}" if edge.cause else lines[0]
    if edge.local is not None:
        value = f" = {one_line(edge.local.value)}" if edge.local.value is not None else ""
        lines.append(f"{edge.local.symbol} = {edge.local.formula}{value}")
    lines.append(f"brings {one_line(edge.contribution)} to {source.label}")
    return "\n".join(lines)


def stroke_width(contribution: Numbers) -> float:
    """The width of a gradient's arrow: 1.5 up to a magnitude of 1, and one more for each power."""
    greatest = magnitude(contribution)
    if greatest == 0:
        return 1.2
    return round(1.5 + max(0.0, min(4.0, math.log10(greatest))), 1)


def connector_styles(facts: Facts, connectors: Iterable[Connector]) -> Styles:
    """The gradients that come back at the connectors out of cards."""
    styles = {}
    for connector in connectors:
        if connector.leaves:
            edges = map(facts.trace.edge, connector.edges)
            carried = [edge.id for edge in edges if edge.contribution is not None]
            since = min((facts.window(key)[0] for key in carried), default=0)
            style = Style(classes="reverse", since=since, width=1.5) if carried else OFF
            styles[f"{connector.id}.reverse"] = style
    return styles


# The texts of chips -----------------------------------------------------------------------------


def chip_styles(facts: Facts, edge: Edge, room: float) -> tuple[Style, Style]:
    """The styles of an edge's two chips."""
    source, target = facts.trace.node(edge.source), facts.trace.node(edge.target)
    quiet = " quiet" if facts.chips_once else ""
    since, until = facts.window(edge.id)
    window = (since, until if facts.chips_once else NEVER)
    local = contribution = OFF
    cut = wording(edge.cause).chip if source.role != "constant" else ""
    if cut:
        cut = "true/false" if source.dtype == "bool" else cut
        local = chip_style(cut, f"chip local cut{quiet}", (facts.end, NEVER))
    if edge.contribution is not None:
        text = contribution_text(source, target, edge, room)
        contribution = chip_style(text, f"chip contribution{quiet}", window)
        if edge.local is not None:
            local = chip_style(local_text(edge.local, room), f"chip local{quiet}", window)
    return local, contribution


def chip_style(text: str, classes: str, window: Window) -> Style:
    """A chip that fits around its text."""
    return Style(text, classes, *window, width=pill_width(text))


def first_that_fits(texts: Iterable[str], room: float) -> str:
    """The first text that fits on a chip in this room, or as much of the last as does."""
    text = ""
    for text in texts:
        if pill_width(text) <= room:
            return text
    return clipped(text, SMALL, room - PILL)


def local_text(local: Local, room: float) -> str:
    """The local derivative in symbols and numbers: `∂a/∂x = x = 3`."""
    number = scalar_number(local.value)
    if local.is_factor and number is not None:
        return first_that_fits(local_equations(local, number), room)
    sign = " =" if local.is_factor else ":"
    texts = [f"{local.symbol}{sign} {local.formula}", local.formula, local.symbol]
    return first_that_fits(texts, room)


def local_equations(local: Local, number: float) -> Iterator[str]:
    """`∂a/∂x = x = 3`, from loose to tight and without the formula."""
    formula = "" if is_number(local.formula) else f"{local.formula} = "
    yield from loose_and_tight(f"{local.symbol} = {formula}{short(number)}")
    for digits in (ROOM, FEW):
        yield from loose_and_tight(f"{local.symbol} = {short(number, digits)}")
    yield short(number)


def loose_and_tight(text: str) -> Iterator[str]:
    """A text, and the same with less between its words."""
    yield text
    yield text.replace(" ", THIN)


def contribution_text(source: Node, target: Node, edge: Edge, room: float) -> str:
    """The gradient times the local derivative: numbers for scalars, else symbols."""
    local = edge.local
    result = only_number(edge.contribution)
    if result is not None:
        if result == 0 and is_kept_zero(target, edge):
            return first_that_fits([f"0, {NOTHING_ARRIVED}", "0"], room)
        return first_that_fits(scalar_products(source, target, local, result), room)
    shape = f"[{shaped(source.shape)}]"
    if local is None or is_fold_rule(target, local):
        return shape
    symbols = [product_in_symbols(source, target, local)]
    if local.is_factor:
        # A long formula is on the chip above, or where one hovers: here its symbol stands for it.
        symbols.append(f"{bar(target.label)}·{local.symbol}")
    texts = [text for each in symbols for text in (f"{each} {shape}", each)]
    return first_that_fits([*texts, shape], room)


def is_fold_rule(target: Node, local: Local) -> bool:
    """Whether an edge leads through several operations, whose derivative has no formula."""
    return target.op_type == FOLD and not local.is_factor


def only_number(numbers: Numbers | None) -> float | None:
    """The number in an array of one element, and None for anything else."""
    return numbers.array.item() if numbers is not None and numbers.array.size == 1 else None


def scalar_products(
    source: Node, target: Node, local: Local | None, result: float
) -> Iterator[str]:
    """A number that was sent: as a product of numbers, `4×3 = 12`, of symbols, and by itself."""
    if local is not None:
        arriving, factor = only_number(target.adjoint.value), only_number(local.value)
        if arriving is not None and factor is not None:
            for room in (ROOM, FEW, FEW - 1):
                a, b, c = (short(number, room) for number in (arriving, factor, result))
                yield from loose_and_tight(f"{a}×{in_brackets(b)} = {c}")
        if not is_fold_rule(target, local):
            yield f"{product_in_symbols(source, target, local)} = {short(result)}"
    yield f"= {short(result)}"


def product_in_symbols(source: Node, target: Node, local: Local) -> str:
    """The contribution of an edge in symbols: `b̄·y`; the rule itself where it is no product.

    An operand that was repeated to fit gets the sum over its repetitions: `Σ z̄`.
    """
    if not local.is_factor:
        return local.formula
    repeated = source.value.array.size < target.value.array.size
    arriving = f"Σ {bar(target.label)}" if repeated else bar(target.label)
    if local.formula == "1":
        return arriving
    if " · " in local.formula:
        return f"{arriving} · {local.formula}"
    simple = not any(sign in local.formula for sign in "+−/")
    return f"{arriving}·{local.formula}" if simple else f"{arriving}·({local.formula})"
