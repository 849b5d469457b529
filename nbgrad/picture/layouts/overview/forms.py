"""The forms of an overview: tints, widths of lines, and the one number of a block.

Magnitudes are compared by their logarithms: the largest |gradient| of the graph has the strongest
tint and the thickest line, one of a thousandth the weakest.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from nbgrad.picture.forms import Facts, adjoint_since, body, fitting, form, magnitude
from nbgrad.picture.scene import NEVER, OFF, Style
from nbgrad.picture.theme import SMALL, text_width
from nbgrad.trace.model import Node, Numbers
from nbgrad.trace.numbers import exact, short

DECADES = 3  # from the weakest tint to the strongest
WEAKEST, STRONGEST = 0.05, 0.45  # tints, behind ink
THIN, THICKER = 0.8, 2.2  # a line's width, and what the largest contribution adds
MOST_NAMED = 3  # so many xs are named above the picture
WEAK = 0.4  # lines of less strength are paler


def strength(size: float, scale: float) -> float:
    """How a magnitude compares with the largest: 1, and 0 from a thousandth of it on.

    Examples
    --------
    >>> [round(strength(size, 10.0), 2) for size in (10, 1, 0.1, 1e-9)]
    [1.0, 0.67, 0.33, 0.0]
    """
    if not size or not scale:
        return 0.0
    return min(1.0, max(0.0, 1 + math.log10(size / scale) / DECADES))


def tint_of(size: float, scale: float) -> float:
    """The opacity of a tint."""
    return round(WEAKEST + (STRONGEST - WEAKEST) * strength(size, scale), 3)


def nodes_of(facts: Facts, of: str, members: Sequence[str]) -> list[Node]:
    """The nodes of a block: one, or those of a group."""
    return [facts.trace.node(key) for key in members or (of,)]


def adjoints(nodes: Iterable[Node]) -> list[tuple[Node, Numbers]]:
    """The nodes that a gradient has come to, with what came."""
    return [(node, node.adjoint.value) for node in nodes if node.adjoint.value is not None]


@form("block")
def block_outline(facts: Facts, of: str) -> Style:
    """The outline of a block."""
    style = body(facts, facts.trace.node(of))
    return style._replace(classes=f"{style.classes} block")


@form("block tint")
def block_tint(facts: Facts, of: str, members: Sequence[str] = ()) -> Style:
    """The tint of a block by its largest |gradient|; by |value| where there is no gradient."""
    nodes = nodes_of(facts, of, members)
    found = adjoints(nodes)
    if found:
        size = max(magnitude(numbers) for _, numbers in found)
        since = max(adjoint_since(facts, node) for node, _ in found)
        tint = tint_of(size, facts.gradient_scale)
        return Style(classes="tint", since=since, tint=tint) if size else OFF
    size = max(magnitude(node.value) for node in nodes)
    since = max(facts.moments.value[node.id] for node in nodes)
    tint = round(tint_of(size, facts.size_scale) / 6, 3)  # far weaker than any large gradient
    return Style(classes="tint value", since=since, tint=tint) if size else OFF


@form("block number")
def block_number(facts: Facts, of: str, room: float, lane: str = "adjoint") -> Style:
    """The number of a block: its gradient; its value where there is none. Of an array, max |…|."""
    node = facts.trace.node(of)
    numbers, role, since = node.adjoint.value, "adjoint", adjoint_since(facts, node)
    if numbers is None or lane == "value":
        numbers, role, since = node.value, "value", facts.moments.value[of]
    if numbers.shape:
        text = largest_text(magnitude(numbers), room)
    else:
        text = fitting(numbers.array.item(), room, SMALL)
    # On a tint of the adjoint's colour only ink is read.
    look = "text block-number value-text" if role == "value" else "text block-number"
    return Style(text, look, since)


def largest_text(size: float, room: float) -> str:
    """The largest magnitude of several, in words."""
    return f"max {fitting(size, room - 28, SMALL)}"


@form("ends")
def ends(facts: Facts, of: str, members: Sequence[str], room: float) -> Style:
    """The ys, and the xs with the largest |gradient|, as many as there is room for."""
    nodes = nodes_of(facts, of, members)
    found = [(n, numbers) for n, numbers in adjoints(nodes) if n.id not in facts.trace.ys]
    found = [(node, numbers) for node, numbers in found if magnitude(numbers)]
    found.sort(key=lambda each: -magnitude(each[1]))
    parts = [
        f"{node.label} = {one_number(node.value)}" for node in nodes if node.id in facts.trace.ys
    ]
    gradients = [f"{node.label} {one_number(numbers)}" for node, numbers in found[:MOST_NAMED]]
    text, between = "", ""
    for part in [*parts, *gradients]:
        if part in gradients[:1]:
            between = f"{between and '; '}largest |gradient|: "
        if text_width(f"{text}{between}{part}", SMALL) > room:
            break
        text, between = f"{text}{between}{part}", ", "
    return Style(text, "text", facts.end)


def one_number(numbers: Numbers) -> str:
    """A number, or the largest magnitude of several."""
    if numbers.shape:
        return f"max {short(magnitude(numbers))}"
    return short(numbers.array.item())


@form("group number")
def group_number(facts: Facts, of: str, members: Sequence[str], room: float) -> Style:
    """The largest |gradient| in a group."""
    found = adjoints(nodes_of(facts, of, members))
    if not found:
        return Style("no gradient", "text", facts.end)
    since = max(adjoint_since(facts, node) for node, _ in found)
    size = max(magnitude(numbers) for _, numbers in found)
    return Style(largest_text(size, room), "text block-number", since)


@form("group")
def group_title(facts: Facts, of: str, members: Sequence[str], name: str) -> Style:
    """The tooltip of a group: how many nodes, and where the largest gradient is."""
    nodes = nodes_of(facts, of, members)
    lines = [f"{name}: {len(nodes)} nodes"]
    if found := adjoints(nodes):
        node, numbers = max(found, key=lambda each: magnitude(each[1]))
        size = repr(magnitude(numbers)).replace("-", "−") if numbers.shape else exact(numbers)
        lines.append(f"largest |gradient|: {size}, of {node.label}")
    return Style(classes="card", title="\n".join(lines))


@form("flow")
def flow(facts: Facts, of: str, edges: Sequence[str]) -> Style:
    """A line: as thick as the largest contribution that it brings, solid where it brings none."""
    found = [(key, facts.trace.edge(key).contribution) for key in edges]
    brought = [(key, numbers) for key, numbers in found if numbers is not None]
    if not brought:
        since = min(facts.moments.value[facts.trace.edge(key).target] for key in edges)
        return Style(classes="road no-flow", since=since)
    strong = strength(max(magnitude(numbers) for _, numbers in brought), facts.gradient_scale)
    since = min((facts.moments.contribution.get(key, NEVER) for key, _ in brought), default=NEVER)
    classes = "road flow weak" if strong < WEAK else "road flow"
    return Style(classes=classes, since=since, width=round(THIN + THICKER * strong, 2))


@form("scale tint")
def scale_tint(facts: Facts, of: str, decade: int) -> Style:
    """A field of the scale of tints: the largest |gradient|, or a tenth of it for each decade."""
    scale = facts.gradient_scale
    return Style(classes="tint", tint=tint_of(scale / 10**decade, scale)) if scale else OFF


@form("scale number")
def scale_number(facts: Facts, of: str, decade: int) -> Style:
    """What a field of the scale of tints stands for."""
    scale = facts.gradient_scale
    text = short(float(f"{scale / 10**decade:.2g}"), 6)
    return Style(text, "text adjoint-text") if scale else OFF
