"""An edge: the value's lane, the gradient's lane beside it, and the chips that say what happened.

The upper chip is the local derivative, `∂a/∂x = x = 3`. The lower one is what the gradient became
on its way, `4×3 = 12`: arriving gradient times local derivative.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nbgrad.picture.cards import STUB_WIDEST, straight
from nbgrad.picture.facts import (
    NO_WINDOW,
    NOTHING_ARRIVED,
    Facts,
    carries,
    is_kept_zero,
    magnitude,
    scalar,
    wording,
)
from nbgrad.picture.geometry import OFFSET, PILL, Place, clipped, lane, pill_width
from nbgrad.picture.layout import OUT, Layout, Route
from nbgrad.picture.scene import OFF, Bar, Box, Chip, Curve, Element, Group, Point, Style, Text
from nbgrad.picture.theme import SMALL
from nbgrad.trace.folding import FOLD
from nbgrad.trace.model import NEVER, Edge, Local, Node, Numbers, Trace
from nbgrad.trace.numbers import FEW, ROOM, exact, listed, shaped, short
from nbgrad.trace.symbols import bar, in_brackets, is_number

CHIP = 16


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


def edge_styles(facts: Facts, edge: Edge, room: float) -> dict[str, Style]:
    """How an edge styles in one state of its graph, its chips no wider than `room`."""
    key = edge.id
    source, target = facts.trace.node(edge.source), facts.trace.node(edge.target)
    since, until = facts.active.get(key, NO_WINDOW)
    quiet = " quiet" if facts.chips_once else ""
    window = (since, until if facts.chips_once else NEVER)
    cut = wording(edge.cause).chip if source.role != "constant" else ""
    faded = source.adjoint.state == "none" and source.role != "constant"
    styles = {
        key: Style(classes="edge", title=told(source, target, edge)),
        f"{key}.glow": Style(classes="glow", since=since, until=until),
        f"{key}.forward": Style(
            classes="forward unreached" if faded and edge.cause != "stopped" else "forward",
            width=1.5,
        ),
        f"{key}.reverse": OFF,
        f"{key}.stop": Style(classes="bar") if edge.cause == "stopped" else OFF,
        f"{key}.local": OFF,
        f"{key}.contribution": OFF,
    }
    if cut:
        word = "true/false" if source.dtype == "bool" else cut
        styles[f"{key}.local"] = pill(word, f"chip local cut{quiet}", (facts.end, NEVER))
    if edge.contribution is not None:
        styles[f"{key}.reverse"] = Style(
            classes="reverse", since=since, width=stroke(edge.contribution)
        )
        text = contribution_text(source, target, edge, room)
        styles[f"{key}.contribution"] = pill(text, f"chip contribution{quiet}", window)
        if edge.local is not None:
            text = local_text(edge.local, room)
            styles[f"{key}.local"] = pill(text, f"chip local{quiet}", window)
    return styles


def pill(text: str, classes: str, window: tuple[int, int]) -> Style:
    """A chip that fits around its text."""
    return Style(text, classes, *window, width=pill_width(text))


def stroke(contribution: Numbers) -> float:
    """The width of a gradient's arrow: 1.5 up to a magnitude of 1, and one more for each power."""
    greatest = magnitude(contribution)
    if greatest == 0:
        return 1.2
    return round(1.5 + max(0.0, min(4.0, math.log10(greatest))), 1)


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


LENGTH = 15


HEIGHT = 17


@dataclass(frozen=True)
class Stub:
    """An end of one or more edges between rows, with the name of what is at the other end."""

    id: str
    edges: tuple[str, ...]
    at: Point
    text: str
    leaves: bool


def stubs_of(trace: Trace, layout: Layout) -> list[Stub]:
    """Every stub of a picture: those that leave, and those that arrive."""
    return [*leaving(trace, layout), *arriving(trace, layout)]


def leaving(trace: Trace, layout: Layout) -> list[Stub]:
    """One for each card that is read in another row."""
    found = []
    for key, at in layout.stubs.items():
        node = trace.node(key.removesuffix(".out"))
        edges = [e for e in trace.outgoing(node) if is_apart(trace, layout, e.id)]
        readers = dict.fromkeys(trace.node(edge.target).label for edge in edges)
        text = clipped(f"{', '.join(readers)} ↵", SMALL, OUT - LENGTH - PILL)
        found.append(Stub(key, tuple(edge.id for edge in edges), at, text, leaves=True))
    return found


def arriving(trace: Trace, layout: Layout) -> list[Stub]:
    """One for each edge that comes from another row."""
    found = []
    for key, route in layout.routes.items():
        if is_apart(trace, layout, key):
            label = trace.node(trace.edge(key).source).label
            text = clipped(label, SMALL, STUB_WIDEST - PILL)
            found.append(Stub(f"{key}.from", (key,), route.points[0], text, leaves=False))
    return found


def is_apart(trace: Trace, layout: Layout, key: str) -> bool:
    """Whether the ends of an edge stand in different rows."""
    edge = trace.edge(key)
    out = f"{edge.source}.out"
    if out not in layout.stubs or key not in layout.routes:
        return False
    return layout.routes[key].points[0][0] != layout.places[edge.source].right


def stub_lines(
    stubs: list[Stub], sides: tuple[int | None, int | None] = (-1, 1), name: str = "name"
) -> list[Element]:
    """Their arrows and names.

    Parameters
    ----------
    sides
        On which side of the middle the value's and the gradient's arrow are; None for no arrow.
    name
        How the ids of the names end.
    """
    drawn: list[Element] = []
    for stub in stubs:
        (x, y), width = stub.at, pill_width(stub.text)
        middle = x + LENGTH + width / 2 if stub.leaves else x - width / 2
        forward, back = sides if stub.leaves else (None, None)
        if forward is not None:
            ends = (x, y + forward * OFFSET), (x + LENGTH, y + forward * OFFSET)
            drawn.append(Curve(f"{stub.id}.forward", straight(*ends), "forward"))
        if back is not None:
            ends = (x + LENGTH, y + back * OFFSET), (x, y + back * OFFSET)
            drawn.append(Curve(f"{stub.id}.reverse", straight(*ends), head="open"))
        pill = Chip(f"{stub.id}.{name}", middle, y, HEIGHT, "middle", stub.text)
        drawn.append(pill._replace(classes="chip stub", width=width))
    return drawn


def stub_styles(facts: Facts, stubs: list[Stub]) -> dict[str, Style]:
    """The gradients that come back at the stubs out of cards."""
    styles = {}
    for stub in filter(lambda each: each.leaves, stubs):
        carried = [key for key in stub.edges if facts.trace.edge(key).contribution is not None]
        since = min((facts.active.get(key, NO_WINDOW)[0] for key in carried), default=0)
        style = Style(classes="reverse", since=since, width=1.5) if carried else OFF
        styles[f"{stub.id}.reverse"] = style
    return styles


def constant(place: Place) -> Group:
    """A box with a text in its middle: constants have a value, and no adjoint."""
    x = place.x + place.width / 2
    children = (
        Box(f"{place.id}.body", place.x, place.y, place.width, place.height, 4, "body constant"),
        Text(f"{place.id}.value", x, place.y + place.height / 2 + 4, anchor="middle"),
    )
    return Group(place.id, children, "card", node=place.node)


def constant_styles(node: Node, key: str) -> dict[str, Style]:
    """What the box says: `2`, or `k = 2` where the constant has a name."""
    value = node.value.array.item()
    text = short(value) if is_number(node.label) else f"{node.label} = {short(value)}"
    title = f"constant {node.label}\nvalue {exact(node.value)} ({node.dtype})"
    return {
        key: Style(classes="card", title=title),
        f"{key}.value": Style(text, "text value-text"),
    }
