"""Roads: two lanes from an operand to its reader, a value going there and a gradient back.

A road is a single curve; see `placing` for the way that it takes. The **caption** of an operand,
its local derivative, stands in a strip above or below the card of its reader, which belongs to
that card alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import hypot

from nbgrad.picture.cards.faces import repeated
from nbgrad.picture.derivations import numbers_along, text_of
from nbgrad.picture.forms import (
    Facts,
    adjoint_since,
    edge_form,
    form,
    is_ratio,
    node_form,
    number_style,
    scalar_number,
)
from nbgrad.picture.scene import (
    NEVER,
    OFF,
    Bar,
    Curve,
    Element,
    Group,
    Point,
    Rule,
    Style,
    Text,
    straight,
)
from nbgrad.picture.step_line import NOTHING_ARRIVED, is_kept_zero, rule_of
from nbgrad.picture.theme import NAME, SMALL, clipped, first_fitting, pill_width, text_width
from nbgrad.picture.words import wording
from nbgrad.trace.formulas import bar
from nbgrad.trace.model import Edge, Local, Node, Numbers, Trace
from nbgrad.trace.numbers import exact, in_brackets, in_words, shaped, short
from nbgrad.trace.paths import Path, path_along

APART = 4.5  # from the middle of a road to each of its lanes
NARROW = 0.5  # of the length of a bend is at most between its two lanes
HEAD = 6.0  # a value's lane ends so far before the point of its head
STUB = 14.0  # from a stopped operation to its double bar


def lane(stations: Sequence[Point], side: float) -> tuple[Point, ...]:
    """The Bézier points of one lane of a road: above its middle for side −1, below for 1.

    Both lanes have the same bends. If one were only shifted down, they would come closer where
    these are steep, so each is moved sideways, too: the upper one towards the outside.
    """
    way = [stations[0]]
    for (x0, y0), (x1, y1) in pairwise(stations):
        aside = sideways(x1 - x0, abs(y1 - y0))
        late = (1 - side if y1 > y0 else 1 + side) / 2  # 1 where this lane bends after the other
        way += [(x0 + late * aside, y0), (x1 - (1 - late) * aside, y1)]
    ends = zip(way, way[1:], (*way[2:], stations[-1]), strict=False)
    corners = [at for before, at, after in ends if rises(before, at) or rises(at, after)]
    x, y = way[0][0], way[0][1] + side * APART
    curve = [(x, y)]
    for goal, height in (*corners, stations[-1]):
        middle, before, y = (x + goal) / 2, y, height + side * APART
        if goal > x or y != before:
            curve += [(middle, before), (middle, y), (goal, y)]
            x = goal
    return tuple((round(x, 1), round(y, 1)) for x, y in curve)


def rises(a: Point, b: Point) -> bool:
    return abs(a[1] - b[1]) > 0.1


def sideways(length: float, rise: float) -> float:
    """How far apart the lanes of a bend run sideways, so that they are as far apart as elsewhere.

    Two equal curves that rise by s for each pixel, one of them d higher and w further to the
    right, are (d + w s) / √(1 + s²) apart.
    """
    steepest, aside = 0.0, 0.0
    for _ in range(2):
        steepest = 1.5 * rise / max(1.0, length - aside)
        if not steepest:
            return 0.0
        aside = min(2 * APART * (hypot(1, steepest) - 1) / steepest, NARROW * length)
    return aside


def road_group(key: str, stations: Sequence[Point]) -> Group:
    """The two lanes of an edge that runs from left to right, and its double bar."""
    x, y = stations[-1]
    bar = x - STUB - 6, y + APART + 4
    children: tuple[Element, ...] = (
        Curve(f"{key}.forward", lane(stations, -1), "road forward", "filled"),
        Curve(f"{key}.reverse", backwards(lane(stations, 1)), "road reverse", "open"),
        Curve(f"{key}.stub", straight((x, y + APART), (x - STUB, y + APART)), "reverse"),
        Bar(f"{key}.stop", *bar, 22),
    )
    return Group(key, children, "edge", edge=key)


def upright_group(key: str, source: Point, target: Point) -> Group:
    """The two lanes of an edge between cards above each other; both ends have the same x."""
    (x, y), (_, end) = source, target
    way = 1 if end > y else -1
    left, right = x - APART, x + APART
    children: tuple[Element, ...] = (
        Curve(f"{key}.forward", straight((left, y), (left, end)), "road forward", "filled"),
        Curve(f"{key}.reverse", straight((right, end), (right, y)), "road reverse", "open"),
        Curve(f"{key}.stub", straight((right, end), (right, end - 8 * way)), "reverse"),
        Bar(f"{key}.stop", right + 4, end - (STUB - 3) * way, 14),
    )
    return Group(key, children, "edge", edge=key)


def glows(key: str, stations: Sequence[Point]) -> Curve:
    return Curve(f"{key}.glow", lane(stations, 0), "glow")


def backwards(points: Sequence[Point]) -> tuple[Point, ...]:
    return tuple(reversed(points))


def caption_text(key: str, at: Point) -> Text:
    """The local derivative of an edge, in the strip of its reader."""
    return Text(f"{key}.local", *at)


def road_rules(key: str, room: float | None) -> Iterator[Rule]:
    """What a road shows; with a room, its caption too."""
    for part in ("forward", "reverse", "glow", "stop", "stub"):
        yield Rule(f"{key}.{part}", part, key)
    yield Rule(key, "edge", key)
    if room is not None:
        yield Rule(f"{key}.local", "local", key, {"room": room})


@edge_form("edge")
def edge(facts: Facts, each: Edge) -> Style:
    """The tooltip of a road."""
    source, target = facts.trace.node(each.source), facts.trace.node(each.target)
    lines = [f"{source.label} → {target.label}"]
    if each.contribution is None:
        title = f"{lines[0]}: no gradient, {each.cause}" if each.cause else lines[0]
        return Style(classes="edge", title=title)
    if each.local is not None:
        found = "" if each.local.value is None else f" = {in_title(each.local.value)}"
        lines.append(f"{each.local.symbol} = {each.local.formula}{found}")
    kept = f", {NOTHING_ARRIVED}" * is_kept_zero(target, each)
    lines.append(f"brings {in_title(each.contribution)} to {source.label}{kept}")
    return Style(classes="edge", title="\n".join(lines))


def in_title(numbers: Numbers) -> str:
    return in_words(numbers) if numbers.shape else exact(numbers)


@edge_form("forward")
def forward_lane(facts: Facts, each: Edge) -> Style:
    """The value's lane of a road, at full strength once its reader has been computed."""
    return Style(classes="road forward", since=facts.moments.value[each.target])


@edge_form("reverse")
def reverse_lane(facts: Facts, each: Edge) -> Style:
    """The gradient's lane of a road; there is none where no gradient comes back."""
    if each.contribution is None:
        return OFF
    return Style(classes="road reverse", since=facts.window(each.id)[0])


@form("glow")
def glow(facts: Facts, of: str, width: float = 0) -> Style:
    since, until = facts.window(of)
    return Style(classes="glow", since=since, until=until, width=width)


@edge_form("stop")
def stop(facts: Facts, each: Edge) -> Style:
    return Style(classes="bar") if each.cause == "stopped" else OFF


@edge_form("stub")
def stub(facts: Facts, each: Edge) -> Style:
    """The short piece of the gradient's lane from a stopped operation to its bar."""
    return Style(classes="reverse") if each.cause == "stopped" else OFF


@edge_form("local")
def local(facts: Facts, each: Edge, room: float) -> Style:
    """The caption of an operand: its local derivative, or why it has none."""
    source = facts.trace.node(each.source)
    cut = wording(each.cause).caption if source.role != "constant" else ""
    if cut:
        words = "true/false" if source.dtype == "bool" else cut
        return Style(clipped(words, SMALL, room), "text cut-text", facts.end)
    if each.local is None:
        return OFF
    text = local_text(facts.trace, each, each.local, room)
    return Style(text, rule_look(each.local), facts.window(each.id)[0])


# A bar over a word would stand over its first letter only.
BARRED_WORD = re.compile(r".[\u0304\u0305][A-Za-z]")


def local_text(trace: Trace, each: Edge, found: Local, room: float) -> str:
    """A local derivative as a caption: `∂a/∂x = 3`, `∂ = −0.5344` where that is too wide.

    Where it is no factor, what it makes of the arriving gradient: `h̄ = c̄ W2ᵀ`.
    """
    source, target = trace.node(each.source), trace.node(each.target)
    number = scalar_number(found.value)
    if target.op_type == "Mean" and found.value is not None and found.value.array.size:
        number = found.value.array.flat[0].item()  # 1/n, for every element
    if number is not None and found.is_factor:
        texts = [f"{found.symbol} = {short(number)}", f"∂ = {short(number)}", short(number)]
    elif found.is_factor and found.formula != found.symbol:
        texts = [f"{found.symbol} = {found.formula}", f"∂ = {found.formula}", found.formula]
    elif found.formula != found.symbol:
        gets = "+=" if len(trace.outgoing(source)) > 1 else "="
        name, formula = bar(source.label), found.formula
        if BARRED_WORD.search(f"{name} {formula}"):
            name = trace.total(source)
            formula = formula.replace(bar(target.label), trace.total(target))
        texts = [f"{name} {gets} {formula}", formula]
    else:
        texts = []
    return first_fitting(texts, room)


@node_form("total")
def total(
    facts: Facts, node: Node, room: float, tightest: tuple[str, float] | None = None
) -> Style:
    """The name of an adjoint: df/dx, or x with a bar where there is no room or several ys.

    All of a picture are named in one way: df/dx fits where it fits on the `tightest`.
    """
    text = facts.trace.total(node)
    key, least = tightest or (node.id, room)
    widest = facts.trace.total(facts.trace.node(key))
    if is_ratio(text, node) and text_width(widest, NAME) <= least:
        return Style(text, "text total")
    return Style(clipped(node.label, NAME, room), "text total overlined")


@form("cursor")
def cursor(facts: Facts, of: str, phase: str) -> Style:
    since, until = facts.window(f"{of}.{phase}")
    return Style("▶", "text", since, until)


@edge_form("factors")
def factors(facts: Facts, each: Edge, room: float) -> Style:
    """What is multiplied in a term, in symbols: `df/db · ∂b/∂a`; or why there is no term."""
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
    return Style(first_fitting(texts, room), rule_look(local), facts.window(each.id)[0])


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


@edge_form("product")
def product(facts: Facts, each: Edge, room: float) -> Style:
    """A term of an adjoint in numbers: `1 · 4 = 4`; of an array, its shape."""
    sent = each.contribution
    if sent is None:
        return OFF
    since = facts.moments.contribution.get(each.id, NEVER)
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
    """A number as a term of a sum: +4, −0.25."""
    text = short(number, characters)
    return text if text.startswith("−") or text in ("0", "NaN", "∞") else f"+{text}"


@edge_form("factor")
def multiplier(facts: Facts, each: Edge, room: float) -> Style:
    """What a gradient is multiplied by along an edge of the reverse pass: `× y = 4`."""
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
    return Style(first_fitting(texts, room), rule_look(local), facts.window(each.id)[0])


# Along whole paths ------------------------------------------------------------------------------


def path_along_edges(facts: Facts, node: Node, edges: Sequence[str]) -> Path:
    return path_along(facts.trace, node, tuple(map(facts.trace.edge, edges)))


@node_form("ribbon")
def ribbon(facts: Facts, node: Node, number: int, edges: Sequence[str]) -> Style:
    """A ribbon along a path, thin where no gradient comes back."""
    path = path_along_edges(facts, node, edges)
    classes = f"ribbon path{number}" + (" cut" if path.cut else "")
    return Style(classes=classes, title=f"path {number}: {path}")


@node_form("path numbers")
def path_numbers(facts: Facts, node: Node, edges: Sequence[str], room: float) -> Style:
    """The seed where it is not 1, and the local derivatives, from the y back to the x."""
    path = path_along_edges(facts, node, edges)
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


@node_form("path product")
def path_product(facts: Facts, node: Node, edges: Sequence[str], room: float) -> Style:
    path = path_along_edges(facts, node, edges)
    if path.cut is not None:
        words = "cut ‖" if path.cut.cause == "stopped" else "cut"
        return Style(words, "chip number adjoint words", width=pill_width(words))
    since = facts.moments.contribution.get(edges[0], NEVER)
    return result(None if path.product is None else Numbers(path.product), "?", since, room)


@node_form("path sum")
def path_sum(facts: Facts, node: Node, room: float) -> Style:
    """The sum over the paths of an x, which is its adjoint."""
    return result(node.adjoint.value, "None", adjoint_since(facts, node), room)


def result(numbers: Numbers | None, otherwise: str, since: int, room: float) -> Style:
    """A number at the end of a line, or the shape of an array."""
    if numbers is not None and not numbers.shape:
        return number_style(numbers, "adjoint", since, room)
    words = otherwise if numbers is None else clipped(in_words(numbers), SMALL, room)
    return Style(words, "chip number adjoint words", since, width=pill_width(words))
