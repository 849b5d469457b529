"""The forms in which a picture shows numbers: the one evaluator of styles.

A `style.Rule` names a form, the node or edge whose numbers it reads, and options. A form is a
function of the facts of a trace, that id and these options, and returns a `Style`. Whatever in a
picture depends on a number is computed here, or by a form that another module adds to `FORMS`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from nbgrad.picture.derivations.why import wording
from nbgrad.picture.scene import NEVER, OFF, Style
from nbgrad.picture.theme import (
    END_PAD,
    NAME,
    NUMBER,
    SMALL,
    clipped,
    clipped_name,
    pill_width,
    text_width,
)
from nbgrad.trace.model import Node, Numbers, Trace
from nbgrad.trace.numbers import exact, magnitudes, short

Window = tuple[int, int]
NO_WINDOW: Window = (NEVER, NEVER)
PHASES = {"forward": "forward", "sum": "sum", "seed": "seed", "multiply": "send", "stop": "send"}


@dataclass(frozen=True)
class Moments:
    """For each node and edge, the number of steps after which a part of it is known.

    Leaves have their value from the start (0). What needs no reverse pass to be known, an
    adjoint that is None, shows when the last step has run.
    """

    value: dict[str, int]
    adjoint: dict[str, int]
    contribution: dict[str, int]


def moments_of(trace: Trace) -> Moments:
    """The step after which each value, adjoint and contribution of a trace is known."""
    value = {node.id: 0 for node in trace.nodes}
    adjoint = {node.id: len(trace.steps) for node in trace.nodes}
    contribution: dict[str, int] = {}
    for k, step in enumerate(trace.steps, start=1):
        match step.kind:
            case "forward":
                value[step.node] = k
            case "seed" | "sum":
                adjoint[step.node] = k
            case "multiply":
                contribution[step.edges[0]] = k
    sums = {step.node for step in trace.steps if step.kind in ("seed", "sum")}
    for edge in trace.edges:
        # A single contribution is the adjoint; several wait for their sum.
        if edge.id in contribution and edge.source not in sums:
            adjoint[edge.source] = contribution[edge.id]
    return Moments(value, adjoint, contribution)


@dataclass(frozen=True)
class Facts:
    """A trace, and the times of its steps.

    Attributes
    ----------
    active
        For "n3.forward", "n3.sum", "n3.send", "n3.seed" and "e3.0": the window of steps in which
        the card or edge is at work.
    labels
        The adjoints that are named beside their number: id, room, and number of the column.
    found
        What a form found out about the whole picture, by name: it is asked again for each card.
    """

    trace: Trace
    moments: Moments
    active: dict[str, Window]
    labels: tuple[tuple[str, float, int], ...] = ()
    found: dict[str, Any] = field(default_factory=dict)

    @property
    def end(self) -> int:
        return len(self.trace.steps)

    @cached_property
    def gradient_scale(self) -> float:
        """The largest finite magnitude in any adjoint, of numbers too."""
        found = (node.adjoint.value for node in self.trace.nodes)
        return largest(numbers for numbers in found if numbers is not None)

    @cached_property
    def size_scale(self) -> float:
        """The largest finite magnitude in any value, of numbers too."""
        return largest(node.value for node in self.trace.nodes)

    def window(self, key: str) -> Window:
        """The steps in which a card or an edge is at work."""
        return self.active.get(key, NO_WINDOW)


def facts_of(trace: Trace, rules: Iterable[tuple[str, str, str, Mapping[str, Any]]] = ()) -> Facts:
    """The facts about a trace, found once for each picture, whose rules say which names it has."""
    labels = (
        (of, options["room"], options["column"])
        for _, form, of, options in rules
        if form == "label"
    )
    return Facts(trace, moments_of(trace), active_windows(trace), tuple(labels))


def active_windows(trace: Trace) -> dict[str, Window]:
    """The window of steps in which each card and edge is at work."""
    found: dict[str, Window] = {}
    for k, step in enumerate(trace.steps, start=1):
        at_work = trace.edge(step.edges[0]).target if step.kind == "multiply" else step.node
        keys = [f"{at_work}.{PHASES[step.kind]}"]
        keys += step.edges if step.kind == "multiply" else ()
        for key in keys:
            found[key] = (found.get(key, (k, k))[0], k + 1)
    return found


def largest(tensors: Iterable[Numbers]) -> float:
    """The largest finite magnitude in some tensors."""
    return max(map(magnitude, tensors), default=0.0)


def magnitude(numbers: Numbers) -> float:
    """The largest finite magnitude in a tensor."""
    if numbers.shape == ():  # most are, and Python is quicker with a single number
        number = numbers.array.item()
        size = 0.0 if isinstance(number, bytes) else float(abs(number))
        return size if math.isfinite(size) else 0.0
    sizes = magnitudes(numbers.array)
    return float(sizes.max(initial=0, where=np.isfinite(sizes)))


def scalar_number(numbers: Numbers | None) -> float | None:
    """The number in a scalar, and None for anything else."""
    return numbers.array.item() if numbers is not None and numbers.shape == () else None


Form = Callable[..., Style]

#: Every form, by the name that rules call it.
FORMS: dict[str, Form] = {}

NOT_FINITE = ("NaN", "∞", "−∞")


def form(name: str) -> Callable[[Form], Form]:
    """Add a function to the forms."""

    def add(function: Form) -> Form:
        FORMS[name] = function
        return function

    return add


def fitting(number: object, room: float, size: float = NUMBER, *, bold: bool = True) -> str:
    """A number with as many of its digits as there is room for: it loses digits, never size."""
    texts = [short(number, characters) for characters in (9, 8, 7, 6, 5)]
    return next((t for t in texts if text_width(t, size, bold=bold) <= room), texts[-1])


# Cards ------------------------------------------------------------------------------------------


@form("card")
def card(facts: Facts, of: str) -> Style:
    """The tooltip of a card: every digit, the type, and the line that made it."""
    node = facts.trace.node(of)
    name = f"{node.label} = {node.expression}" if node.expression else node.label
    parts = [name, f"value {exact(node.value)} ({node.dtype})"]
    if node.role != "constant":
        parts.append(adjoint_title(facts.trace, node))
    return Style(classes="card", title="\n".join([*parts, node.line] if node.line else parts))


def adjoint_title(trace: Trace, node: Node) -> str:
    """The tooltip of an adjoint: every digit, or its state."""
    adjoint = node.adjoint
    if adjoint.value is not None:
        words = exact(adjoint.value)
    else:
        cause = f" ({adjoint.cause})" if adjoint.cause else ""
        words = ("None" if adjoint.state == "none" else "not run") + cause
    return f"{trace.total(node)} = {words}"


@form("body")
def body(facts: Facts, of: str) -> Style:
    """The outline of a card: its kind, and its state after the reverse pass."""
    node = facts.trace.node(of)
    kinds = {"input": "input", "variable": "input", "constant": "constant"}
    classes = ["body", kinds.get(node.role, ""), "output" if of in facts.trace.ys else ""]
    if node.stopped:
        classes.append("stopped")
    elif node.adjoint.state == "none" and node.role != "constant":
        classes.append("unreached")
    return Style(classes=" ".join(filter(None, classes)))


@form("halo")
def halo(facts: Facts, of: str, phase: str) -> Style:
    """The halo of a card while it is at work."""
    since, until = facts.window(f"{of}.{phase}")
    return Style(classes="halo", since=since, until=until)


@form("value")
def value(facts: Facts, of: str, room: float) -> Style:
    """A value in its lane, since its step of the forward pass."""
    numbers = facts.trace.node(of).value
    return OFF if numbers.shape else number_style(numbers, "value", facts.moments.value[of], room)


@form("adjoint")
def adjoint(facts: Facts, of: str, room: float) -> Style:
    """An adjoint in its lane, in one of its five states."""
    node = facts.trace.node(of)
    since = adjoint_since(facts, node)
    numbers = node.adjoint.value
    if node.adjoint.state == "none":
        return word_style(f"None {wording(node.adjoint.cause).sign}".strip(), "none", since)
    if numbers is not None and not numbers.shape:
        return number_style(numbers, "adjoint", since, room)
    return OFF


def adjoint_since(facts: Facts, node: Node) -> int:
    """The step after which an adjoint is known."""
    return NEVER if node.adjoint.state == "not run" else facts.moments.adjoint[node.id]


def number_style(numbers: Numbers, role: str, since: int, room: float) -> Style:
    """A scalar in its slot, on a badge where it is not finite."""
    text = fitting(numbers.array.item(), room)
    classes = f"chip number {role}"
    size = NUMBER
    if text in NOT_FINITE:
        classes, size = f"{classes} badge", SMALL
    width = 2 * END_PAD + text_width(text, size, bold=True)
    return Style(text, classes, since, width=round(width), title=exact(numbers))


def word_style(words: str, state: str, since: int) -> Style:
    """A pill with words in the place of a number."""
    return Style(words, f"chip number adjoint {state}", since, width=pill_width(words))


@form("waiting")
def waiting(facts: Facts, of: str, lane: str) -> Style:
    """The dot of a number that is not known yet."""
    node = facts.trace.node(of)
    until = facts.moments.value[of] if lane == "value" else adjoint_since(facts, node)
    return Style("·", f"chip number {lane} wait", until=until) if until else OFF


@form("label")
def label(facts: Facts, of: str, room: float, column: int) -> Style:
    """The name of an adjoint: df/dx, or x with a bar, or nothing where the number needs the room.

    Every card says df/dx where that fits on all of them; a column is without names where one is
    too long.
    """
    node = facts.trace.node(of)
    total = facts.trace.total(node)
    if is_ratio(total, node) and all_totals_fit(facts):
        return Style(total, "text total")
    if column not in columns_without_names(facts):
        return Style(clipped(node.label, NAME, room - 24), "text total overlined")
    return OFF


def all_totals_fit(facts: Facts) -> bool:
    """Whether df/dx stands beside its number on every card."""
    if "totals" not in facts.found:
        trace = facts.trace
        facts.found["totals"] = all(
            lane_fits(facts, of, room, trace.total(trace.node(of))) for of, room, _ in facts.labels
        )
    return bool(facts.found["totals"])


def columns_without_names(facts: Facts) -> set[int]:
    """The columns in which a name with a bar does not stand beside its number."""
    if "columns" not in facts.found:
        facts.found["columns"] = {
            column
            for of, room, column in facts.labels
            if not lane_fits(facts, of, room, facts.trace.node(of).label)
        }
    columns: set[int] = facts.found["columns"]
    return columns


@form("adjoint head")
def adjoint_head(facts: Facts, of: str, room: float) -> Style:
    """The head of a column of adjoints: df/d… where there is one y, of seed 1."""
    node = facts.trace.node(of)
    total = facts.trace.total(node)
    text = f"{total.removesuffix(node.label)}…" if is_ratio(total, node) else ""
    fits = text and text_width(text, SMALL) <= room
    return Style(text if fits else "gradient", "text adjoint-text")


def is_ratio(total: str, node: Node) -> bool:
    """Whether the symbol of an adjoint is df/dx, and not x with a bar."""
    return total.startswith("d") and total.endswith(f"/d{node.label}")


def lane_fits(facts: Facts, of: str, room: float, name: str) -> bool:
    """Whether a name stands beside the adjoint of a node in its lane."""
    style = adjoint(facts, of, room)
    sign = cause(facts, of).text
    taken = style.width - (1 if "none" in style.classes else 2) * END_PAD if style.text else 0
    beside = text_width(sign, SMALL) + 6 if sign else 0
    return text_width(name, NAME) + 5 + beside + taken <= room


@form("cause")
def cause(facts: Facts, of: str) -> Style:
    """Why an adjoint is zero, left of the 0."""
    node = facts.trace.node(of)
    sign = wording(node.adjoint.cause).sign if node.adjoint.state == "zero" else ""
    return Style(sign, "text quiet-text", adjoint_since(facts, node)) if sign else OFF


@form("seed")
def seed(facts: Facts, of: str) -> Style:
    """The seed in its dial, or the one number that all of its seeds are."""
    node = facts.trace.node(of)
    if node.seed is None:
        return OFF
    seeds = node.seed.array
    same = seeds.size > 0 and bool((seeds == seeds.flat[0]).all())
    text = short(seeds.flat[0].item(), 5) if same else "…"
    width = max(26, pill_width(text, bold=True, pad=14))
    return Style(text, "chip seed", width=width, title=exact(node.seed))


@form("seed line")
def seed_line(facts: Facts, of: str) -> Style:
    """The arrow from the dial to its card."""
    node = facts.trace.node(of)
    return OFF if node.seed is None else Style(classes="road reverse", since=seed_step(facts, of))


@form("seed label")
def seed_label(facts: Facts, of: str) -> Style:
    """The word beside the dial."""
    node = facts.trace.node(of)
    words = "seed" if node.shape == () else "seeds"
    return OFF if node.seed is None else Style(words, "text quiet-text")


def seed_step(facts: Facts, of: str) -> int:
    return facts.window(f"{of}.seed")[0]


# Roads ------------------------------------------------------------------------------------------


@form("inbox")
def inbox(facts: Facts, of: str, room: float) -> Style:
    """What one reader brings to an adjoint: a row of the inbox; the rows sum to the adjoint."""
    each = facts.trace.edge(of)
    if each.cause == "stopped":
        return Style("cut ‖", "text inbox cut-text")
    if each.contribution is None:
        return Style("–", "text inbox quiet-text", facts.end)
    since = facts.moments.contribution.get(of, NEVER)
    if each.contribution.shape:
        name = clipped_name(facts.trace.node(each.target).label, SMALL, room)
        return Style(name, "text inbox adjoint-text", since)
    return signed_row(each.contribution, since, room)


@form("inbox seed")
def inbox_seed(facts: Facts, of: str, room: float) -> Style:
    """The row of a seed, in the inbox of a y that other operations read."""
    found = facts.trace.node(of).seed
    if found is None:
        return OFF
    since = seed_step(facts, of)
    if found.shape:
        return Style("seed", "text inbox adjoint-text", since)
    return signed_row(found, since, room)


def signed_row(numbers: Numbers, since: int, room: float) -> Style:
    """A term of a sum, with its sign."""
    number = numbers.array.item()
    text = fitting(number, room, SMALL, bold=False)
    sign = "" if text.startswith("−") or text in NOT_FINITE else "+"
    if sign:
        text = fitting(number, room - text_width(sign, SMALL), SMALL, bold=False)
    return Style(f"{sign}{text}", "text inbox adjoint-text", since)


@form("inbox waiting")
def inbox_waiting(facts: Facts, of: str) -> Style:
    """The dot in a row of an inbox that nothing has come to yet."""
    each = facts.trace.edge(of)
    if each.cause == "stopped":
        return OFF
    until = facts.moments.contribution.get(of, facts.end)
    return Style("·", "text inbox quiet-text", until=until)
