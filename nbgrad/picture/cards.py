"""The card of a node: its name, its value in the upper lane, its adjoint in the lower one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias

from nbgrad.picture.facts import NO_WINDOW, Facts, arrivals, scalar, wording
from nbgrad.picture.geometry import END_PAD, Place, clipped, pill_width, text_width
from nbgrad.picture.grids import (
    SLOT,
    grid_of,
    lane_elements,
    lane_styles,
    repeated_size,
    repeats_of,
)
from nbgrad.picture.scene import OFF, Box, Chip, Curve, Element, Group, Point, Style, Text
from nbgrad.picture.theme import NAME, NUMBER, SMALL
from nbgrad.trace.folding import FOLD
from nbgrad.trace.model import NEVER, Node, Numbers, Trace
from nbgrad.trace.numbers import exact, listed, shaped, short
from nbgrad.trace.symbols import is_number

HALOS = ("forward", "sum", "send")


"""The three occasions on which a card is at work."""


def card(trace: Trace, place: Place, *, seed_below: bool = False) -> Group:
    """Everything that the card of a node may ever show."""
    node = trace.node(place.node)
    key = place.id
    children = [*frame(trace, place, key, HALOS), *header(trace, place)]
    top = place.y + HEADER
    children += lane(trace, place, top, "value")
    if node.role != "constant":
        children += adjoint_lane(trace, place, top + lane_height(trace, node, "value"))
    if node.id in trace.ys:
        children += seed_dial(trace, place, below=seed_below)
    return Group(key, tuple(children), "card", node=node.id)


def frame(trace: Trace, place: Place, key: str, halos: tuple[str, ...]) -> list[Element]:
    """The outline of a card, double for an output, and its halos."""
    node = trace.node(place.node)
    radius = 14 if node.role in ("input", "variable") else 5
    size = (place.width, place.height, radius, "body stack")
    behind = [
        Box(f"{key}.stack.{n}", place.x + 4 * n, place.y + 4 * n, *size)
        for n in ((2, 1) if node.op_type == FOLD else ())
    ]
    outline = [
        *behind,
        *(Box(f"{place.id}.halo.{phase}", *grown(place, 5), 11, "halo") for phase in halos),
        Box(f"{key}.body", place.x, place.y, place.width, place.height, radius),
    ]
    if node.id in trace.ys:
        outline.append(Box(f"{key}.inner", *grown(place, -3), 3, "body output inner"))
    return [*outline]


def adjoint_lane(trace: Trace, place: Place, top: float) -> list[Element]:
    """The lower lane, with the cause of a zero and the parts of a sum."""
    cause = Text(f"{place.id}.cause", place.right - PAD - 14, top + 14.5, anchor="end")
    return [*lane(trace, place, top, "adjoint"), cause, *inbox(trace, place, top)]


def grown(place: Place, by: float) -> tuple[float, float, float, float]:
    """The rectangle of a card, larger on every side."""
    return place.x - by, place.y - by, place.width + 2 * by, place.height + 2 * by


def header(trace: Trace, place: Place) -> list[Element]:
    """Label and expression at the left; shape, sign or flag at the right; a rule below."""
    node, key = trace.node(place.node), place.id
    leaf = node.role in ("input", "variable")
    tail = fitted_tail(node, place.width)
    if node.role == "constant" and not is_number(node.label):
        tail = "" if node.shape else " constant"  # a shape takes the room
    classes = "text name input" if leaf else "text name"
    x, base = place.x + LEFT - 3, place.y + 16
    return [
        Text(f"{key}.name", x, base, fitted_label(node, place.width), classes, tail=tail),
        Text(f"{key}.corner", place.right - PAD, base, corner(node), "text symbol", "end"),
        *flag_and_rule(node, place, key, corner(node)),
    ]


def flag_and_rule(node: Node, place: Place, key: str, right: str = "") -> list[Element]:
    """The line below a header, and the flag of a node that was asked about, left of `right`."""
    ends = (place.x, place.y + HEADER), (place.right, place.y + HEADER)
    elements: list[Element] = [Curve(f"{key}.rule", straight(*ends), "rule")]
    if node.requested:
        x = place.right - PAD - 9 - text_width(f"{right} ", NAME) * bool(right)
        elements.append(Curve(f"{key}.flag", flag(x, place.y + 5), "flag"))
    return elements


def straight(a: Point, b: Point) -> tuple[Point, ...]:
    """A straight line as a Bézier curve."""
    return (a, a, b, b)


def flag(x: float, y: float) -> tuple[Point, ...]:
    """A pennant on its pole: this gradient was asked for."""
    corners = [(x, y + 12), (x, y), (x + 8, y + 3.5), (x, y + 7)]
    points = [corners[0]]
    for a, b in pairwise(corners):
        points += [a, b, b]
    return tuple(points)


def lane(trace: Trace, place: Place, top: float, role: str) -> list[Element]:
    """A lane: its rule, its label, the slot for a number, and below them the grid of an array."""
    node, key = trace.node(place.node), f"{place.id}.{role}"
    bottom = top + lane_height(trace, node, role) - 2 * bool(node.shape)
    x = place.x + 6.5
    return [
        Curve(f"{key}.lane", straight((x, top + 4.5), (x, bottom - 0.5)), f"lane {role}"),
        Text(f"{key}.label", place.x + LEFT, top + 15, role, "text quiet-text"),
        *note(trace, node, key, place.right - PAD, top + 15, role),
        Chip(key, place.right - PAD, top + 11, 16, "end"),
        Chip(f"{key}.wait", place.right - PAD, top + 11, 16, "end", "·"),
        *lane_elements(trace, node, key, place.x + LEFT, top + LANE + 1, role),
    ]


def note(trace: Trace, node: Node, key: str, x: float, y: float, role: str) -> Iterator[Element]:
    """What the cells of a thumbnail are, and how many parts an adjoint is the sum of."""
    grid, repeats = grid_of(node.shape), repeats_of(trace, node)
    if role == "value" and grid.note:
        yield Text(f"{key}.note", x, y, grid.note, "text quiet-text", "end")
    elif role == "adjoint" and repeats is not None and repeats.summed:
        yield Text(f"{key}.note", x, y, anchor="end")


def inbox(trace: Trace, place: Place, top: float) -> list[Element]:
    """What shows while only some of the parts of a sum have come: one chip for each number."""
    parts = sum(1 for _ in trace.outgoing(trace.node(place.node))) + (place.node in trace.ys)
    if parts < 2:
        return []
    x = place.right - PAD + 1
    return [Chip(f"{place.id}.inbox.{n}", x, top + 11, 16, "end") for n in range(1, parts + 1)]


def seed_dial(trace: Trace, place: Place, *, below: bool) -> list[Element]:
    """The weight that starts the reverse pass at an output: beside it, or below it."""
    key = place.id
    if below or any(trace.outgoing(trace.node(place.node))):
        x, y = place.right - 26, place.bottom + 20
        line = Curve(f"{key}.seed.line", straight((x, y), (x, place.bottom + 1)))
        label = Text(f"{key}.seed.label", x - 19, y + 4, anchor="end")
    else:
        x, y = place.right + 29, place.port + 4.5
        line = Curve(f"{key}.seed.line", straight((x, y), (place.right, y)), head="open")
        label = Text(f"{key}.seed.label", x, y + 26, anchor="middle")
    halo = Box(f"{key}.halo.seed", x - 18, y - 18, 36, 36, 18, "halo")
    return [halo, line, Chip(f"{key}.seed", x, y, 26), label]


Parts: TypeAlias = list[tuple[int, Numbers]]


def card_styles(facts: Facts, node: Node, key: str) -> dict[str, Style]:
    """Every style on the card of a node; `key` is the card's id."""
    is_y = node.id in facts.trace.ys
    styles = {
        key: Style(classes="card", title=told(facts.trace, node)),
        f"{key}.body": Style(classes=body_classes(facts.trace, node)),
    }
    for phase in (*HALOS, "seed") if is_y else HALOS:
        since, until = facts.active.get(f"{node.id}.{phase}", NO_WINDOW)
        styles[f"{key}.halo.{phase}"] = Style(classes="halo", since=since, until=until)
    styles |= value_styles(facts, node, key)
    if node.role != "constant":
        parts = parts_of_sum(facts, node)
        styles |= adjoint_styles(facts, node, key, parts)
        styles |= inbox_styles(facts, node, key, parts)
    if is_y:
        styles |= seed_styles(node, key)
    return styles


def body_classes(trace: Trace, node: Node) -> str:
    """The classes of a card's frame: its kind, and what became of it in the reverse pass."""
    classes = ["body"]
    if node.role in ("input", "variable"):
        classes.append("input")
    elif node.role == "constant":
        classes.append("constant")
    if node.id in trace.ys:
        classes.append("output")
    if node.stopped:
        classes.append("stopped")
    elif node.adjoint.state == "none" and node.role != "constant":
        classes.append("unreached")
    return " ".join(classes)


def told(trace: Trace, node: Node) -> str:
    """What hovering over a card says: every digit, the type, and the line that made it."""
    name = f"{node.label} = {node.expression}" if node.expression else node.label
    parts = [name, f"value {exact(node.value)} ({node.dtype})"]
    if node.role != "constant":
        parts.append(told_back(trace, node))
    return "\n".join([*parts, node.line] if node.line else parts)


def told_back(trace: Trace, node: Node) -> str:
    """What hovering over the card or row of an adjoint says."""
    return f"{trace.total(node)} = {adjoint_words(node)}"


def adjoint_words(node: Node) -> str:
    """An adjoint with every digit, or its state."""
    adjoint = node.adjoint
    if adjoint.value is None:
        why = f" ({adjoint.cause})" if adjoint.cause else ""
        return ("None" if adjoint.state == "none" else "not run") + why
    return exact(adjoint.value)


def value_styles(facts: Facts, node: Node, key: str) -> dict[str, Style]:
    """The upper lane: a dot until the forward pass has come by, then the value."""
    since = facts.moments.value[node.id]
    style = OFF if node.shape else number_style(node.value, "value", since)
    wait = Style("·", "chip number value wait", until=since) if since else OFF
    cells = lane_styles(facts, node, f"{key}.value", "value", since)
    return {f"{key}.value": style, f"{key}.value.wait": wait} | cells


def number_style(numbers: Numbers, role: str, since: int) -> Style:
    """A scalar in its slot: smaller where it is long, on a badge where it is not finite."""
    text = short(numbers.array.item())
    classes = f"chip number {role}"
    if text in ("NaN", "∞", "−∞"):
        classes += " badge"
    elif text_width(text, NUMBER, bold=True) > SLOT:
        classes += " long"
    width = pill_width(text, bold=True, pad=2 * END_PAD)
    return Style(text, classes, since, width=width, title=exact(numbers))


def adjoint_styles(facts: Facts, node: Node, key: str, parts: Parts) -> dict[str, Style]:
    """The lower lane, in one of the five states of an adjoint."""
    adjoint = node.adjoint
    since = NEVER if adjoint.state == "not run" else facts.moments.adjoint[node.id]
    until = min([since, *(k for k, _ in parts)])
    if adjoint.state == "none":
        style = words_style(f"None {wording(adjoint.cause).sign}".strip(), "none", since)
    elif adjoint.value is not None and not adjoint.value.shape:
        style = number_style(adjoint.value, "adjoint", since)
    elif adjoint.state == "not finite":
        style = words_style("not finite", "badge", since)
    elif adjoint.state == "zero":
        style = Style("0", "chip number adjoint", since)
    else:
        style = OFF
    cause = wording(adjoint.cause).sign if adjoint.state == "zero" else ""
    cells = lane_styles(facts, node, f"{key}.adjoint", "adjoint", since)
    return cells | {
        f"{key}.adjoint": style,
        f"{key}.adjoint.wait": Style("·", "chip number adjoint wait", until=until),
        f"{key}.adjoint.label": Style(facts.trace.total(node), "text quiet-text"),
        f"{key}.cause": Style(cause, "text quiet-text" if cause else "off", since),
    }


def words_style(words: str, state: str, since: int) -> Style:
    """A pill with words in the place of a number."""
    classes = f"chip number adjoint {state}"
    return Style(
        words, classes, since, width=pill_width(words, bold=state == "badge", pad=2 * END_PAD)
    )


def parts_of_sum(facts: Facts, node: Node) -> Parts:
    """What arrives for a sum, where there is one, and after how many steps."""
    return arrivals(facts, node) if f"{node.id}.sum" in facts.active else []


def inbox_styles(facts: Facts, node: Node, key: str, parts: Parts) -> dict[str, Style]:
    """What a partly filled sum holds: `12 + …` after one arrival of two."""
    size = sum(1 for _ in facts.trace.outgoing(node)) + (node.id in facts.trace.ys)
    if size < 2:
        return {}
    ends = [*(k for k, _ in parts[1:]), facts.moments.adjoint[node.id]]
    terms = [] if node.shape else [short(scalar(each) or 0, 6) for _, each in parts]
    styles = {f"{key}.inbox.{n}": OFF for n in range(1, size + 1)}
    for n, ((since, _), until) in enumerate(zip(parts, ends, strict=False), start=1):
        if since >= ends[-1]:
            continue
        text = inbox_text(terms[:n], n, complete=n == len(parts))
        until = min(until, ends[-1])  # a part that no step brought never comes
        styles[f"{key}.inbox.{n}"] = Style(text, "chip inbox", since, until, pill_width(text))
    return styles


MOST_PARTS = 6


"""The slot of a number has no room for more terms, however short."""


def inbox_text(terms: list[str], arrived: int, *, complete: bool) -> str:
    """The parts of a sum so far, as many as there is room for; of arrays their number."""
    if not terms:
        return f"{arrived} arrived" if complete else f"{arrived} + …"
    rest = "" if complete else " + …"
    text = joined(terms) + rest
    if arrived <= MOST_PARTS and text_width(text, SMALL) <= SLOT:
        return text
    best = f"{arrived} arrived"
    for count in range(1, min(arrived - 1, MOST_PARTS) + 1):
        text = joined(["…", *terms[-count:]]) + rest
        if text_width(text, SMALL) > SLOT:
            break
        best = text
    return best


def joined(terms: list[str]) -> str:
    """Terms as a sum, with a difference where one is negative."""
    return " + ".join(terms).replace("+ −", "− ")


def seed_styles(node: Node, key: str) -> dict[str, Style]:
    """The dial of an output: its weight, or the one number that all of its weights are."""
    if node.seed is None:
        return {name: OFF for name in (f"{key}.seed", f"{key}.seed.line", f"{key}.seed.label")}
    weights = node.seed.array
    same = weights.size > 0 and bool((weights == weights.flat[0]).all())
    text = short(weights.flat[0].item(), 5) if same else "…"
    width = max(26, pill_width(text, bold=True, pad=14))
    return {
        f"{key}.seed": Style(text, "chip seed", width=width, title=listed(node.seed)),
        f"{key}.seed.line": Style(classes="reverse", width=1.5),
        f"{key}.seed.label": Style("seed" if node.shape == () else "seeds", "text quiet-text"),
    }


HEADER = 22


LANE = 19


FOOT = 6


LEFT = 12


"""Where the text of a card begins, right of its lanes' rules."""


PAD = 10


"""From the end of its text to the border: room for the end of a pill, and air beside it."""


BESIDE_GRID = 8


"""From the cells of an array to the border; the texts in them end where other texts do."""


CARD = 116


WIDEST = 190


"""The least width of a card, and what a long label may stretch it to."""


FOLD_WIDEST = 250


"""A card that stands for several operations says so in full."""


PORT = 16


"""What an edge takes at the side of a card, at least."""


STUB_WIDEST = 76


CONSTANT_HEIGHT, CONSTANT_PAD = 22, 8


Lane = Literal["value", "adjoint"]


BOTH: tuple[Lane, ...] = ("value", "adjoint")


@dataclass(frozen=True)
class Size:
    """The outer size of a card, and where its edges are attached: `port` pixels from the top."""

    width: float
    height: float
    port: float


def card_size(trace: Trace, node: Node, ports: int, lanes: tuple[Lane, ...] = BOTH) -> Size:
    """The size of a node's card, which has at most `ports` edges on one side."""
    there = [each for each in lanes if each == "value" or node.role != "constant"]
    heights = [lane_height(trace, node, each) for each in there]
    # Between the lanes, where there are two; else in the middle of the one.
    port = HEADER + (heights[0] if len(heights) == 2 else heights[0] / 2)
    height = max(
        HEADER + sum(heights) + FOOT,
        2 * port - HEADER + 2,
        PORT * (ports - 1) + FOOT + HEADER,
    )
    return Size(round(card_width(trace, node)), round(height), round(port))


def lane_height(trace: Trace, node: Node, lane: str) -> float:
    """What a lane takes of a card, with the grid of an array and its repetitions."""
    return LANE + (repeated_size(trace, node, lane)[1] + 4 if node.shape else 0)


def card_width(trace: Trace, node: Node) -> float:
    """Wide enough for the header, for a lane's label beside its slot, and for the grids."""
    header = LEFT + text_width(headline(node), NAME, bold=True) + 16 + text_width(corner(node), 13)
    repeats = repeats_of(trace, node)
    slot = max(SLOT, text_width(repeats.note, SMALL) if repeats and repeats.summed else 0)
    lane = LEFT + text_width(widest_total(trace, node), SMALL) + 2 + slot + PAD
    wanted = min(max(CARD, header, lane), FOLD_WIDEST if node.op_type == FOLD else WIDEST)
    grids = max(repeated_size(trace, node, each)[0] for each in BOTH)
    return max(wanted, grids + LEFT + BESIDE_GRID)


def widest_total(trace: Trace, node: Node) -> str:
    """The longer of the two symbols that an adjoint may have, as its ys are weighed or not."""
    return f"d{trace.node(trace.ys[0]).label}/d{node.label}" if len(trace.ys) == 1 else node.label


def constant_size(node: Node) -> Size:
    """The size of the small box of a scalar constant."""
    width = 2 * CONSTANT_PAD + text_width(constant_text(node), SMALL)
    return Size(round(min(max(width, 26), 100)), CONSTANT_HEIGHT, CONSTANT_HEIGHT / 2)


def stub_width(label: str) -> int:
    """What the name of a source takes at the beginning of an edge from another row."""
    return min(pill_width(label), STUB_WIDEST)


def constant_text(node: Node) -> str:
    """What the box of a small constant says at its widest."""
    return node.label if is_number(node.label) else f"{node.label} = 0.001234"


def headline(node: Node) -> str:
    """The label with what it is made of: `a = x × x`."""
    return f"{node.label} = {node.expression}" if node.expression else node.label


def corner(node: Node) -> str:
    """What the right end of the header says: the shape, and the sign of the operation."""
    symbol = node.symbol if node.expression and len(node.symbol) == 1 else ""
    shape = f"[{shaped(node.shape)}]" if len(node.shape) == 1 else shaped(node.shape)
    return " ".join(part for part in (shape, symbol) if part)


def fitted_label(node: Node, width: float) -> str:
    """As much of a label as a header of this width has room for; hovering shows all of it."""
    room = width - LEFT - 14 - text_width(corner(node), 13)
    return clipped(node.label, NAME, room, bold=True)


def fitted_tail(node: Node, width: float) -> str:
    """As much of ` = expression` as a header of this width has room for."""
    used = LEFT + text_width(node.label, NAME, bold=True) + PAD + 8 + text_width(corner(node), 13)
    return clipped(f" = {node.expression}", NAME, width - used) if node.expression else ""


def is_small_constant(trace: Trace, node: Node) -> bool:
    """Whether a node is drawn as a small box beside each of its readers."""
    plain = node.role == "constant" and node.shape == () and not node.requested
    return plain and node.id not in trace.ys and any(trace.outgoing(node))
