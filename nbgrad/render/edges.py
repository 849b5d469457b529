"""An edge: the value's lane, the gradient's lane beside it, and the chips that say what happened.

The upper chip is the local derivative, `∂a/∂x = x = 3`. The lower one is what the gradient became
on its way, `4×3 = 12`: arriving gradient times local derivative.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from nbgrad.render.curves import lane
from nbgrad.render.measure import PAD, clipped, pill_width
from nbgrad.render.numbers import FEW, ROOM, listed, shaped, short
from nbgrad.render.parts import (
    NO_WINDOW,
    NOTHING_ARRIVED,
    Facts,
    carries,
    is_kept_zero,
    scalar,
)
from nbgrad.render.picture import OFF, Bar, Chip, Curve, Element, Group, Look
from nbgrad.render.routes import Route
from nbgrad.render.style import SMALL
from nbgrad.tracing.folding import FOLD
from nbgrad.tracing.moments import NEVER
from nbgrad.tracing.numbers import Numbers
from nbgrad.tracing.parts import Cause, Edge, Local, Node
from nbgrad.tracing.symbols import bar

CHIP = 16
THIN = "\u200a"
"""A hair space: a formula may become a little tighter before it is cut short."""

BAR = 19
FLOATING = 128
"""How wide a chip may be that shows for a moment, above everything else."""

CLEAR = 5
"""So much narrower than its gap is the widest chip."""


def room_of(route: Route, *, floating: bool) -> float:
    """How wide the chips of an edge may be."""
    return max(route.room - CLEAR, FLOATING if floating else 0)


def edge_lines(route: Route) -> Group:
    """The lanes of an edge side by side, its glow, and the double bar at its end."""
    glow, *rest = reverse_lines(route, 1)
    return Group(f"{route.id}.lines", (glow, forward_line(route, -1), *rest), "edge", edge=route.id)


def forward_line(route: Route, side: int = 0) -> Curve:
    """The lane of the value: above the middle of the route for side −1, below it for 1."""
    return Curve(f"{route.id}.forward", lane(route.points, side), head="filled")


def reverse_lines(route: Route, side: int = 0) -> tuple[Element, ...]:
    """The lane of the gradient, with its glow, and the double bar where it is stopped."""
    key = route.id
    x, y = route.points[-1]
    line = tuple(reversed(lane(route.points, side)))
    return (
        Curve(f"{key}.glow", line),
        Curve(f"{key}.reverse", line, head="open"),
        Bar(f"{key}.stop", x - 15, y, BAR),
    )


def edge_chips(route: Route) -> Group:
    """The chips of an edge, above and below its lanes."""
    key = route.id
    children = (
        Chip(f"{key}.local", *route.local, CHIP),
        Chip(f"{key}.contribution", *route.contribution, CHIP),
    )
    return Group(key, children, "edge", edge=key)


#: What a chip says where an operation lets no gradient through, in a word that fits.
CUTS: dict[Cause, str] = {"integer": "integer", "not differentiable": "no slope"}


def edge_looks(facts: Facts, edge: Edge, room: float) -> dict[str, Look]:
    """How an edge looks in one state of its graph, its chips no wider than `room`."""
    key = edge.id
    source, target = facts.trace.node(edge.source), facts.trace.node(edge.target)
    since, until = facts.active.get(key, NO_WINDOW)
    quiet = " quiet" if facts.chips_once else ""
    window = (since, until if facts.chips_once else NEVER)
    cut = edge.cause in CUTS and source.role != "constant"
    faded = source.adjoint.state == "none" and source.role != "constant"
    looks = {
        key: Look(classes="edge", title=told(source, target, edge)),
        f"{key}.glow": Look(classes="glow", since=since, until=until),
        f"{key}.forward": Look(
            classes="forward unreached" if faded and edge.cause != "stopped" else "forward",
            width=1.5,
        ),
        f"{key}.reverse": OFF,
        f"{key}.stop": Look(classes="bar") if edge.cause == "stopped" else OFF,
        f"{key}.local": OFF,
        f"{key}.contribution": OFF,
    }
    if cut:
        word = "true/false" if source.dtype == "bool" else CUTS[edge.cause]
        looks[f"{key}.local"] = pill(word, f"chip local cut{quiet}", (facts.end, NEVER))
    if edge.contribution is not None:
        looks[f"{key}.reverse"] = Look(
            classes="reverse", since=since, width=stroke(edge.contribution)
        )
        text = contribution_text(source, target, edge, room)
        looks[f"{key}.contribution"] = pill(text, f"chip contribution{quiet}", window)
        if edge.local is not None:
            text = local_text(edge.local, room)
            looks[f"{key}.local"] = pill(text, f"chip local{quiet}", window)
    return looks


def pill(text: str, classes: str, window: tuple[int, int]) -> Look:
    """A chip that fits around its text."""
    return Look(text, classes, *window, width=pill_width(text))


def stroke(contribution: Numbers) -> float:
    """The width of a gradient's arrow: 1.5 up to a magnitude of 1, and one more for each power."""
    with np.errstate(invalid="ignore"):
        size = np.abs(contribution.array.astype(float))
    size = size[np.isfinite(size)]
    greatest = float(size.max()) if size.size else 0.0
    if greatest == 0:
        return 1.2
    return round(1.5 + max(0.0, min(4.0, math.log10(greatest))), 1)


def local_text(local: Local, room: float) -> str:
    """The local derivative in symbols and numbers, as fully as there is room for."""
    number = scalar(local.value)
    if not local.is_factor or number is None:
        sign = " =" if local.is_factor else ":"
        return fitting([f"{local.symbol}{sign} {local.formula}", local.formula, local.symbol], room)
    formula = [] if is_written_out(local.formula) else [local.formula]
    full = " = ".join([local.symbol, *formula, short(number)])
    loose = [full, *(f"{local.symbol} = {short(number, digits)}" for digits in (ROOM, FEW))]
    tries = [text for each in loose for text in (each, each.replace(" ", THIN))]
    return fitting([*tries, short(number)], room)


def is_written_out(formula: str) -> bool:
    """Whether a formula is already a number: `1`, `2`, `−1`."""
    return formula.replace("−", "").replace(".", "").isdigit()


def contribution_text(source: Node, target: Node, edge: Edge, room: float) -> str:
    """What arrived times the local derivative: in numbers for scalars, else in symbols."""
    local = edge.local
    result = only(edge.contribution)
    if result is not None:
        if is_kept_zero(target, edge):
            return fitting([f"0, {NOTHING_ARRIVED}", "0"], room)
        tries = iter(()) if local is None else number_products(target, local, result)
        found = next((text for text in tries if pill_width(text) <= room), None)
        symbols = []
        if local is not None and not is_fold_rule(target, local):
            symbols = [f"{product(source, target, local)} = {short(result)}"]
        return found or fitting([*symbols, f"= {short(result)}"], room)
    shape = f"[{shaped(source.shape)}]"
    if local is None or is_fold_rule(target, local):
        return shape
    symbol = product(source, target, local)
    return fitting([f"{symbol} {shape}", symbol, shape], room)


def is_fold_rule(target: Node, local: Local) -> bool:
    """Whether what happens on the way is that of several operations, and has no formula."""
    return target.op_type == FOLD and not local.is_factor


def only(numbers: Numbers | None) -> float | None:
    """The number in an array of one element, and None for anything else."""
    return numbers.array.item() if numbers is not None and numbers.array.size == 1 else None


def number_products(target: Node, local: Local, result: float) -> Iterator[str]:
    """`4×3 = 12`, from all digits and loose to few digits and tight."""
    arriving, factor = only(target.adjoint.value), only(local.value)
    if arriving is None or factor is None:
        return
    for room in (ROOM, FEW, FEW - 1):
        a, b, c = (short(number, room) for number in (arriving, factor, result))
        loose = f"{a}×{in_product(b)} = {c}"
        yield from (loose, loose.replace(" ", THIN))


def in_product(number: str) -> str:
    """A number as the second factor of a product."""
    return f"({number})" if number.startswith("−") else number


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


def fitting(tries: list[str], room: float) -> str:
    """The first text that fits on a chip in this room, or as much of the last as does."""
    fits = (text for text in tries if pill_width(text) <= room)
    return next(fits, None) or clipped(tries[-1], SMALL, room - PAD)


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
