"""What the chips of an edge say, as fully as there is room; and what hovering over it says.

The local derivative, `∂a/∂x = x = 3`, and what the gradient became on its way, `4×3 = 12`:
arriving gradient times local derivative.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nbgrad.render.scene.facts import NOTHING_ARRIVED, carries, is_kept_zero, scalar
from nbgrad.render.scene.measure import PILL, clipped, pill_width
from nbgrad.render.scene.number_format import FEW, ROOM, listed, shaped, short
from nbgrad.render.scene.style import SMALL
from nbgrad.tracing.folded_trace import FOLD
from nbgrad.tracing.numbers import Numbers
from nbgrad.tracing.parts import Edge, Local, Node
from nbgrad.tracing.symbols import bar, in_brackets, is_number

THIN = "\u200a"
"""A hair space: a formula may become a little tighter before it is cut short."""


def local_text(local: Local, room: float) -> str:
    """The local derivative in symbols and numbers, as fully as there is room for."""
    number = scalar(local.value)
    if local.is_factor and number is not None:
        return fitting(equations(local, number), room)
    sign = " =" if local.is_factor else ":"
    return fitting([f"{local.symbol}{sign} {local.formula}", local.formula, local.symbol], room)


def equations(local: Local, number: float) -> Iterator[str]:
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
    """What arrived times the local derivative: in numbers for scalars, else in symbols."""
    local = edge.local
    result = only(edge.contribution)
    if result is not None:
        if result == 0 and is_kept_zero(target, edge):
            return fitting([f"0, {NOTHING_ARRIVED}", "0"], room)
        return fitting(results(source, target, local, result), room)
    shape = f"[{shaped(source.shape)}]"
    if local is None or is_fold_rule(target, local):
        return shape
    symbol = product(source, target, local)
    # A long formula is on the chip above, or where one hovers: here its symbol stands for it.
    symbols = [symbol, f"{bar(target.label)}·{local.symbol}"] if local.is_factor else [symbol]
    tries = [text for each in symbols for text in (f"{each} {shape}", each)]
    return fitting([*tries, shape], room)


def is_fold_rule(target: Node, local: Local) -> bool:
    """Whether what happens on the way is that of several operations, and has no formula."""
    return target.op_type == FOLD and not local.is_factor


def only(numbers: Numbers | None) -> float | None:
    """The number in an array of one element, and None for anything else."""
    return numbers.array.item() if numbers is not None and numbers.array.size == 1 else None


def results(source: Node, target: Node, local: Local | None, result: float) -> Iterator[str]:
    """A number that was sent: as a product of numbers, of symbols, and by itself."""
    if local is not None:
        yield from number_products(target, local, result)
        if not is_fold_rule(target, local):
            yield f"{product(source, target, local)} = {short(result)}"
    yield f"= {short(result)}"


def number_products(target: Node, local: Local, result: float) -> Iterator[str]:
    """`4×3 = 12`, from all digits and loose to few digits and tight."""
    arriving, factor = only(target.adjoint.value), only(local.value)
    if arriving is None or factor is None:
        return
    for room in (ROOM, FEW, FEW - 1):
        a, b, c = (short(number, room) for number in (arriving, factor, result))
        yield from loose_and_tight(f"{a}×{in_brackets(b)} = {c}")


def product(source: Node, target: Node, local: Local) -> str:
    """What travels along an edge, in symbols: `b̄·y`; the rule itself where it is no product.

    An operand that was repeated to fit gets the sum over its repetitions: `Σ z̄`.
    """
    if not local.is_factor:
        return local.formula
    repeated = source.value.array.size < target.value.array.size
    arriving = f"Σ {bar(target.label)}" if repeated else bar(target.label)
    if local.formula == "1":
        return arriving
    simple = not any(sign in local.formula for sign in "+−/")
    if " · " in local.formula:
        return f"{arriving} · {local.formula}"
    return f"{arriving}·{local.formula}" if simple else f"{arriving}·({local.formula})"


def fitting(tries: Iterable[str], room: float) -> str:
    """The first text that fits on a chip in this room, or as much of the last as does."""
    text = ""
    for text in tries:
        if pill_width(text) <= room:
            return text
    return clipped(text, SMALL, room - PILL)


def told(source: Node, target: Node, edge: Edge) -> str:
    """What hovering over an edge says."""
    way = f"{source.label} → {target.label}"
    if not carries(edge):
        return f"{way}: no gradient, {edge.cause}" if edge.cause else way
    lines = [way]
    if edge.local is not None:
        value = f" = {listed(edge.local.value)}" if edge.local.value is not None else ""
        lines.append(f"{edge.local.symbol} = {edge.local.formula}{value}")
    if edge.contribution is not None:
        lines.append(f"brings {listed(edge.contribution)} to {source.label}")
    return "\n".join(lines)
