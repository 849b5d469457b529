"""The styles of a card: its numbers, the five states of its adjoint, the parts of a sum so far."""

from __future__ import annotations

from typing import TypeAlias

from nbgrad.picture.broadcast import lane_styles
from nbgrad.picture.facts import NEVER, Facts, arrivals, scalar_number
from nbgrad.picture.grids import SLOT
from nbgrad.picture.old_cards import (
    CONSTANT_PAD,
    HALOS,
    TOTAL_ROOM,
    WIDEST_CONSTANT,
    part_count,
)
from nbgrad.picture.reasons import wording
from nbgrad.picture.style import OFF, Style, Styles
from nbgrad.picture.text_width import END_PAD, clipped, pill_width, text_width
from nbgrad.picture.theme import NUMBER, SMALL
from nbgrad.trace.model import Node, Numbers, Trace
from nbgrad.trace.numbers import ROOM, exact, is_number, one_line, short

Parts: TypeAlias = list[tuple[int, Numbers]]
MOST_PARTS = 6  # the slot of a number has no room for more terms, however short


def card_styles(facts: Facts, node: Node, key: str) -> Styles:
    """Every style on the card of a node; `key` is the card's id."""
    is_y = node.id in facts.trace.ys
    styles = {
        key: Style(classes="card", title=card_title(facts.trace, node)),
        f"{key}.body": Style(classes=body_classes(facts.trace, node)),
    }
    for phase in (*HALOS, "seed") if is_y else HALOS:
        since, until = facts.window(f"{node.id}.{phase}")
        styles[f"{key}.halo.{phase}"] = Style(classes="halo", since=since, until=until)
    styles |= value_styles(facts, node, key)
    if node.role != "constant":
        # The parts of a sum, where there is one, and after how many steps each arrives.
        parts = arrivals(facts, node) if f"{node.id}.sum" in facts.active else []
        styles |= adjoint_styles(facts, node, key, parts)
        styles |= inbox_styles(facts, node, key, parts)
    if is_y:
        styles |= seed_styles(node, key)
    return styles


def body_classes(trace: Trace, node: Node) -> str:
    """The classes of a card's outline: its kind, and its state after the reverse pass."""
    kinds = {"input": "input", "variable": "input", "constant": "constant"}
    classes = ["body", kinds.get(node.role, ""), "output" if node.id in trace.ys else ""]
    if node.stopped:
        classes.append("stopped")
    elif node.adjoint.state == "none" and node.role != "constant":
        classes.append("unreached")
    return " ".join(filter(None, classes))


def card_title(trace: Trace, node: Node) -> str:
    """The tooltip of a card: every digit, the type, and the line that made it."""
    name = f"{node.label} = {node.expression}" if node.expression else node.label
    parts = [name, f"value {exact(node.value)} ({node.dtype})"]
    if node.role != "constant":
        parts.append(adjoint_title(trace, node))
    return "\n".join([*parts, node.line] if node.line else parts)


def adjoint_title(trace: Trace, node: Node) -> str:
    """The tooltip of an adjoint: every digit, or its state."""
    adjoint = node.adjoint
    if adjoint.value is not None:
        words = exact(adjoint.value)
    else:
        cause = f" ({adjoint.cause})" if adjoint.cause else ""
        words = ("None" if adjoint.state == "none" else "not run") + cause
    return f"{trace.total(node)} = {words}"


def value_styles(facts: Facts, node: Node, key: str) -> Styles:
    """The upper lane: a dot until the forward pass has come by, then the value."""
    since = facts.moments.value[node.id]
    style = OFF if node.shape else number_style(node.value, "value", since)
    wait = Style("·", "chip number value wait", until=since) if since else OFF
    cells = lane_styles(facts, node, f"{key}.value", "value", since)
    return {f"{key}.value": style, f"{key}.value.wait": wait} | cells


def number_style(numbers: Numbers, role: str, since: int) -> Style:
    """A scalar in its slot: smaller where it is long, on a badge where it is not finite."""
    number = numbers.array.item()
    texts = [short(number, room) for room in (ROOM, ROOM - 1, ROOM - 2)]
    fitting = (each for each in texts if text_width(each, SMALL, bold=True) <= SLOT - END_PAD / 2)
    text = next(fitting, texts[-1])
    classes = f"chip number {role}"
    if text in ("NaN", "∞", "−∞"):
        classes += " badge"
    elif text_width(text, NUMBER, bold=True) > SLOT:
        classes += " long"
    width = pill_width(text, bold=True, pad=2 * END_PAD)
    return Style(text, classes, since, width=width, title=exact(numbers))


def adjoint_styles(facts: Facts, node: Node, key: str, parts: Parts) -> Styles:
    """The lower lane, in one of the five states of an adjoint."""
    adjoint = node.adjoint
    since = NEVER if adjoint.state == "not run" else facts.moments.adjoint[node.id]
    until = min([since, *(k for k, _ in parts)])
    if adjoint.state == "none":
        style = word_style(f"None {wording(adjoint.cause).sign}".strip(), "none", since)
    elif adjoint.value is not None and not adjoint.value.shape:
        style = number_style(adjoint.value, "adjoint", since)
    elif adjoint.state == "not finite":
        style = word_style("not finite", "badge", since)
    elif adjoint.state == "zero":
        style = Style("0", "chip number adjoint", since)
    else:
        style = OFF
    total = clipped(facts.trace.total(node), SMALL, TOTAL_ROOM)
    cause = wording(adjoint.cause).sign if adjoint.state == "zero" else ""
    cells = lane_styles(facts, node, f"{key}.adjoint", "adjoint", since)
    return cells | {
        f"{key}.adjoint": style,
        f"{key}.adjoint.wait": Style("·", "chip number adjoint wait", until=until),
        f"{key}.adjoint.label": Style(total, "text quiet-text"),
        f"{key}.cause": Style(cause, "text quiet-text" if cause else "off", since),
    }


def word_style(words: str, state: str, since: int) -> Style:
    """A pill with words in the place of a number."""
    width = pill_width(words, bold=state == "badge", pad=2 * END_PAD)
    return Style(words, f"chip number adjoint {state}", since, width=width)


def inbox_styles(facts: Facts, node: Node, key: str, parts: Parts) -> Styles:
    """The styles of a partly filled sum: `12 + …` after one arrival of two."""
    size = part_count(facts.trace, node)
    if size < 2:
        return {}
    complete = facts.moments.adjoint[node.id]
    ends = [*(k for k, _ in parts[1:]), complete]
    terms = [] if node.shape else [short(scalar_number(each) or 0, 6) for _, each in parts]
    styles = {f"{key}.inbox.{n}": OFF for n in range(1, size + 1)}
    for n, ((since, _), until) in enumerate(zip(parts, ends, strict=False), start=1):
        if since >= complete:
            continue
        text = inbox_text(terms[:n], n, complete=n == len(parts))
        until = min(until, complete)  # a part that no step brought never comes
        styles[f"{key}.inbox.{n}"] = Style(text, "chip inbox", since, until, pill_width(text))
    return styles


def inbox_text(terms: list[str], arrived: int, *, complete: bool) -> str:
    """The parts of a sum so far, as many as there is room for; of arrays their number."""
    rest = "" if complete else " + …"
    best = f"{arrived} arrived"
    if not terms:
        return best if complete else f"{arrived}{rest}"
    text = sum_of(terms) + rest
    if arrived <= MOST_PARTS and text_width(text, SMALL) <= SLOT:
        return text
    for count in range(1, min(arrived - 1, MOST_PARTS) + 1):
        text = sum_of(["…", *terms[-count:]]) + rest
        if text_width(text, SMALL) > SLOT:
            break
        best = text
    return best


def sum_of(terms: list[str]) -> str:
    """Terms as a sum, with a difference where one is negative."""
    return " + ".join(terms).replace("+ −", "− ")


def seed_styles(node: Node, key: str) -> Styles:
    """The styles of a dial: its seed, or the one number that all of its seeds are."""
    if node.seed is None:
        return dict.fromkeys((f"{key}.seed", f"{key}.seed.line", f"{key}.seed.label"), OFF)
    seeds = node.seed.array
    same = seeds.size > 0 and bool((seeds == seeds.flat[0]).all())
    text = short(seeds.flat[0].item(), 5) if same else "…"
    width = max(26, pill_width(text, bold=True, pad=14))
    return {
        f"{key}.seed": Style(text, "chip seed", width=width, title=one_line(node.seed)),
        f"{key}.seed.line": Style(classes="reverse", width=1.5),
        f"{key}.seed.label": Style("seed" if node.shape == () else "seeds", "text quiet-text"),
    }


def constant_styles(node: Node, key: str) -> Styles:
    """The small box of a constant: `2`, or `k = 2` where the constant has a name."""
    value = short(node.value.array.item())
    room = WIDEST_CONSTANT - 2 * CONSTANT_PAD - text_width(f" = {value}", SMALL)
    label = clipped(node.label, SMALL, room)
    text = value if is_number(node.label) else f"{label} = {value}"
    title = f"constant {node.label}\nvalue {exact(node.value)} ({node.dtype})"
    return {
        key: Style(classes="card", title=title),
        f"{key}.value": Style(text, "text value-text"),
    }
