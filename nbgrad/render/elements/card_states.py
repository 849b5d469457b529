"""How a card looks in one state of its graph: its numbers, or why it has none."""

from __future__ import annotations

from typing import TypeAlias

from nbgrad.render.elements.cards import HALOS
from nbgrad.render.scene.facts import NO_WINDOW, Facts, arrivals, scalar
from nbgrad.render.scene.geometry import END_PAD
from nbgrad.render.scene.measure import pill_width, text_width
from nbgrad.render.scene.number_format import exact, listed, short
from nbgrad.render.scene.picture import OFF, Look
from nbgrad.render.scene.style import NUMBER, SMALL
from nbgrad.render.tensors.grid_sizes import SLOT
from nbgrad.render.tensors.grids import lane_looks
from nbgrad.render.words.reasons import wording
from nbgrad.tracing.model import Trace
from nbgrad.tracing.moments import NEVER
from nbgrad.tracing.numbers import Numbers
from nbgrad.tracing.parts import Node

Parts: TypeAlias = list[tuple[int, Numbers]]


def card_looks(facts: Facts, node: Node, key: str) -> dict[str, Look]:
    """Every look on the card of a node; `key` is the card's id."""
    is_y = node.id in facts.trace.ys
    looks = {
        key: Look(classes="card", title=told(facts.trace, node)),
        f"{key}.body": Look(classes=body_classes(facts.trace, node)),
    }
    for phase in (*HALOS, "seed") if is_y else HALOS:
        since, until = facts.active.get(f"{node.id}.{phase}", NO_WINDOW)
        looks[f"{key}.halo.{phase}"] = Look(classes="halo", since=since, until=until)
    looks |= value_looks(facts, node, key)
    if node.role != "constant":
        parts = parts_of_sum(facts, node)
        looks |= adjoint_looks(facts, node, key, parts)
        looks |= inbox_looks(facts, node, key, parts)
    if is_y:
        looks |= seed_looks(node, key)
    return looks


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


def value_looks(facts: Facts, node: Node, key: str) -> dict[str, Look]:
    """The upper lane: a dot until the forward pass has come by, then the value."""
    since = facts.moments.value[node.id]
    look = OFF if node.shape else number_look(node.value, "value", since)
    wait = Look("·", "chip number value wait", until=since) if since else OFF
    cells = lane_looks(facts, node, f"{key}.value", "value", since)
    return {f"{key}.value": look, f"{key}.value.wait": wait} | cells


def number_look(numbers: Numbers, role: str, since: int) -> Look:
    """A scalar in its slot: smaller where it is long, on a badge where it is not finite."""
    text = short(numbers.array.item())
    classes = f"chip number {role}"
    if text in ("NaN", "∞", "−∞"):
        classes += " badge"
    elif text_width(text, NUMBER, bold=True) > SLOT:
        classes += " long"
    width = pill_width(text, bold=True, pad=2 * END_PAD)
    return Look(text, classes, since, width=width, title=exact(numbers))


def adjoint_looks(facts: Facts, node: Node, key: str, parts: Parts) -> dict[str, Look]:
    """The lower lane, in one of the five states of an adjoint."""
    adjoint = node.adjoint
    since = NEVER if adjoint.state == "not run" else facts.moments.adjoint[node.id]
    until = min([since, *(k for k, _ in parts)])
    if adjoint.state == "none":
        look = words_look(f"None {wording(adjoint.cause).sign}".strip(), "none", since)
    elif adjoint.value is not None and not adjoint.value.shape:
        look = number_look(adjoint.value, "adjoint", since)
    elif adjoint.state == "not finite":
        look = words_look("not finite", "badge", since)
    elif adjoint.state == "zero":
        look = Look("0", "chip number adjoint", since)
    else:
        look = OFF
    cause = wording(adjoint.cause).sign if adjoint.state == "zero" else ""
    cells = lane_looks(facts, node, f"{key}.adjoint", "adjoint", since)
    return cells | {
        f"{key}.adjoint": look,
        f"{key}.adjoint.wait": Look("·", "chip number adjoint wait", until=until),
        f"{key}.adjoint.label": Look(facts.trace.total(node), "text quiet-text"),
        f"{key}.cause": Look(cause, "text quiet-text" if cause else "off", since),
    }


def words_look(words: str, state: str, since: int) -> Look:
    """A pill with words in the place of a number."""
    classes = f"chip number adjoint {state}"
    return Look(
        words, classes, since, width=pill_width(words, bold=state == "badge", pad=2 * END_PAD)
    )


def parts_of_sum(facts: Facts, node: Node) -> Parts:
    """What arrives for a sum, where there is one, and after how many steps."""
    return arrivals(facts, node) if f"{node.id}.sum" in facts.active else []


def inbox_looks(facts: Facts, node: Node, key: str, parts: Parts) -> dict[str, Look]:
    """What a partly filled sum holds: `12 + …` after one arrival of two."""
    size = sum(1 for _ in facts.trace.outgoing(node)) + (node.id in facts.trace.ys)
    if size < 2:
        return {}
    ends = [*(k for k, _ in parts[1:]), facts.moments.adjoint[node.id]]
    terms = [] if node.shape else [short(scalar(each) or 0, 6) for _, each in parts]
    looks = {f"{key}.inbox.{n}": OFF for n in range(1, size + 1)}
    for n, ((since, _), until) in enumerate(zip(parts, ends, strict=False), start=1):
        if since >= ends[-1]:
            continue
        text = inbox_text(terms[:n], n, complete=n == len(parts))
        until = min(until, ends[-1])  # a part that no step brought never comes
        looks[f"{key}.inbox.{n}"] = Look(text, "chip inbox", since, until, pill_width(text))
    return looks


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


def seed_looks(node: Node, key: str) -> dict[str, Look]:
    """The dial of an output: its weight, or the one number that all of its weights are."""
    if node.seed is None:
        return {name: OFF for name in (f"{key}.seed", f"{key}.seed.line", f"{key}.seed.label")}
    weights = node.seed.array
    same = weights.size > 0 and bool((weights == weights.flat[0]).all())
    text = short(weights.flat[0].item(), 5) if same else "…"
    width = max(26, pill_width(text, bold=True, pad=14))
    return {
        f"{key}.seed": Look(text, "chip seed", width=width, title=listed(node.seed)),
        f"{key}.seed.line": Look(classes="reverse", width=1.5),
        f"{key}.seed.label": Look("seed" if node.shape == () else "seeds", "text quiet-text"),
    }
