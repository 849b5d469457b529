"""The forms in which a picture shows numbers: the one evaluator of styles.

A `Rule` names a form, the node or edge whose numbers it reads, and options. A form is a function
of the facts of a trace, that node or edge, and these options, and returns a `Style`. Whatever in a
picture depends on a number is computed here, or by a form that another module adds to `FORMS`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, NamedTuple, TypeVar

import numpy as np

from nbgrad.picture.scene import NEVER, OFF, Rule, Style
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
from nbgrad.picture.words import wording
from nbgrad.trace.model import Edge, Node, Numbers, Trace
from nbgrad.trace.numbers import exact, magnitudes, short

Window = tuple[int, int]
PHASES = {"forward": "forward", "sum": "sum", "seed": "seed", "multiply": "send", "stop": "send"}


class Moments(NamedTuple):
    """For each node and edge, the number of steps after which a part of it is known.

    Leaves have their value from the start (0). What needs no reverse pass to be known, an
    adjoint that is None, shows when the last step has run.
    """

    value: dict[str, int]
    adjoint: dict[str, int]
    contribution: dict[str, int]


@dataclass(frozen=True)
class Facts:
    """A trace, and what forms find out about it once for the whole picture, which has these rules.

    Nothing of it is written to, but it is asked again and again.
    """

    trace: Trace
    rules: tuple[Rule, ...] = ()

    @property
    def end(self) -> int:
        return len(self.trace.steps)

    @cached_property
    def moments(self) -> Moments:
        """The step after which each value, adjoint and contribution of the trace is known."""
        value = {node.id: 0 for node in self.trace.nodes}
        adjoint = dict.fromkeys(value, self.end)
        contribution: dict[str, int] = {}
        sums = set()
        for k, step in enumerate(self.trace.steps, start=1):
            if step.kind == "forward":
                value[step.node] = k
            elif step.kind in ("seed", "sum"):
                adjoint[step.node] = k
                sums.add(step.node)
            elif step.kind == "multiply":
                contribution[step.edges[0]] = k
        for edge in self.trace.edges:
            # A single contribution is the adjoint; several wait for their sum.
            if edge.id in contribution and edge.source not in sums:
                adjoint[edge.source] = contribution[edge.id]
        return Moments(value, adjoint, contribution)

    @cached_property
    def active(self) -> dict[str, Window]:
        """The steps in which a card or edge is at work: of "n3.forward", "n3.seed", "e3.0"."""
        found: dict[str, Window] = {}
        for k, step in enumerate(self.trace.steps, start=1):
            sends = step.kind == "multiply"
            at_work = self.trace.edge(step.edges[0]).target if sends else step.node
            for key in (f"{at_work}.{PHASES[step.kind]}", *step.edges * sends):
                found[key] = (found.get(key, (k, k))[0], k + 1)
        return found

    def window(self, key: str) -> Window:
        return self.active.get(key, (NEVER, NEVER))

    @cached_property
    def gradient_scale(self) -> float:
        """The largest finite magnitude in any adjoint, of numbers too."""
        found = (node.adjoint.value for node in self.trace.nodes)
        return largest(numbers for numbers in found if numbers is not None)

    @cached_property
    def size_scale(self) -> float:
        """The largest finite magnitude in any value, of numbers too."""
        return largest(node.value for node in self.trace.nodes)

    @cached_property
    def labels(self) -> list[tuple[Node, float, int]]:
        """The adjoints that are named beside their number, with their room and their column."""
        options = ((rule.of, rule.options) for rule in self.rules if rule.form == "label")
        return [(self.trace.node(of), each["room"], each["column"]) for of, each in options]

    @cached_property
    def all_totals_fit(self) -> bool:
        """Whether df/dx stands beside its number on every card."""
        total = self.trace.total
        return all(lane_fits(self, node, room, total(node)) for node, room, _ in self.labels)

    @cached_property
    def columns_without_names(self) -> set[int]:
        """The columns in which a name with a bar does not stand beside its number."""
        fits = (
            (column, lane_fits(self, node, room, node.label)) for node, room, column in self.labels
        )
        return {column for column, it_fits in fits if not it_fits}


def largest(tensors: Iterable[Numbers]) -> float:
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
    return numbers.array.item() if numbers is not None and numbers.shape == () else None


Form = Callable[..., Style]
F = TypeVar("F", bound=Form)

#: Every form, by the name that rules call it.
FORMS: dict[str, Form] = {}

NOT_FINITE = ("NaN", "∞", "−∞")


def form(name: str, part: Callable[[Trace, str], Any] = lambda _, of: of) -> Callable[[F], F]:
    """Add a function of the facts, an id, or a part of the trace by its id, and options."""

    def add(function: F) -> F:
        FORMS[name] = lambda facts, of, *others, **options: function(
            facts, part(facts.trace, of), *others, **options
        )
        return function

    return add


node_form, edge_form = (partial(form, part=part) for part in (Trace.node, Trace.edge))


def fitting(number: object, room: float, size: float = NUMBER, *, bold: bool = True) -> str:
    """A number with as many of its digits as there is room for: it loses digits, never size."""
    texts = [short(number, characters) for characters in (9, 8, 7, 6, 5)]
    return next((t for t in texts if text_width(t, size, bold=bold) <= room), texts[-1])


# Cards ------------------------------------------------------------------------------------------


@node_form("card")
def card(facts: Facts, node: Node) -> Style:
    """The tooltip of a card: every digit, the type, and the line that made it."""
    name = f"{node.label} = {node.expression}" if node.expression else node.label
    parts = [name, f"value {exact(node.value)} ({node.dtype})"]
    if node.role != "constant":
        parts.append(adjoint_title(facts.trace, node))
    return Style(classes="card", title="\n".join([*parts, node.line] if node.line else parts))


def adjoint_title(trace: Trace, node: Node) -> str:
    """The tooltip of an adjoint: every digit, or its state."""
    adjoint = node.adjoint
    cause = f" ({adjoint.cause})" if adjoint.cause else ""
    words = ("None" if adjoint.state == "none" else "not run") + cause
    if adjoint.value is not None:
        words = exact(adjoint.value)
    return f"{trace.total(node)} = {words}"


@node_form("body")
def body(facts: Facts, node: Node) -> Style:
    """The outline of a card: its kind, and its state after the reverse pass."""
    kinds = {"input": "input", "variable": "input", "constant": "constant"}
    classes = ["body", kinds.get(node.role, ""), "output" if node.id in facts.trace.ys else ""]
    if node.stopped:
        classes.append("stopped")
    elif node.adjoint.state == "none" and node.role != "constant":
        classes.append("unreached")
    return Style(classes=" ".join(filter(None, classes)))


@form("halo")
def halo(facts: Facts, of: str, phase: str) -> Style:
    since, until = facts.window(f"{of}.{phase}")
    return Style(classes="halo", since=since, until=until)


@node_form("value")
def value(facts: Facts, node: Node, room: float) -> Style:
    since = facts.moments.value[node.id]
    return OFF if node.shape else number_style(node.value, "value", since, room)


@node_form("adjoint")
def adjoint(facts: Facts, node: Node, room: float) -> Style:
    """An adjoint in its lane, in one of its five states."""
    since = adjoint_since(facts, node)
    numbers = node.adjoint.value
    if node.adjoint.state == "none":
        return word_style(f"None {wording(node.adjoint.cause).sign}".strip(), "none", since)
    if numbers is not None and not numbers.shape:
        return number_style(numbers, "adjoint", since, room)
    return OFF


def adjoint_since(facts: Facts, node: Node) -> int:
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


@node_form("waiting")
def waiting(facts: Facts, node: Node, lane: str) -> Style:
    """The dot of a number that is not known yet."""
    until = facts.moments.value[node.id] if lane == "value" else adjoint_since(facts, node)
    return Style("·", f"chip number {lane} wait", until=until) if until else OFF


@node_form("label")
def label(facts: Facts, node: Node, room: float, column: int) -> Style:
    """The name of an adjoint: df/dx, or x with a bar, or nothing where the number needs the room.

    Every card says df/dx where that fits on all of them; a column is without names where one is
    too long.
    """
    total = facts.trace.total(node)
    if is_ratio(total, node) and facts.all_totals_fit:
        return Style(total, "text total")
    if column not in facts.columns_without_names:
        return Style(clipped(node.label, NAME, room - 24), "text total overlined")
    return OFF


@node_form("adjoint head")
def adjoint_head(facts: Facts, node: Node, room: float) -> Style:
    """The head of a column of adjoints: df/d… where there is one y, of seed 1."""
    total = facts.trace.total(node)
    text = f"{total.removesuffix(node.label)}…" if is_ratio(total, node) else ""
    fits = text and text_width(text, SMALL) <= room
    return Style(text if fits else "gradient", "text adjoint-text")


def is_ratio(total: str, node: Node) -> bool:
    """Whether the symbol of an adjoint is df/dx, and not x with a bar."""
    return total.startswith("d") and total.endswith(f"/d{node.label}")


def lane_fits(facts: Facts, node: Node, room: float, name: str) -> bool:
    """Whether a name stands beside the adjoint of a node in its lane."""
    style, sign = adjoint(facts, node, room), cause(facts, node).text
    taken = style.width - (1 if "none" in style.classes else 2) * END_PAD if style.text else 0
    beside = text_width(sign, SMALL) + 6 if sign else 0
    return text_width(name, NAME) + 5 + beside + taken <= room


@node_form("cause")
def cause(facts: Facts, node: Node) -> Style:
    """Why an adjoint is zero, left of the 0."""
    sign = wording(node.adjoint.cause).sign if node.adjoint.state == "zero" else ""
    return Style(sign, "text quiet-text", adjoint_since(facts, node)) if sign else OFF


@node_form("seed")
def seed(facts: Facts, node: Node) -> Style:
    """The seed in its dial, or the one number that all of its seeds are."""
    if node.seed is None:
        return OFF
    seeds = node.seed.array
    same = seeds.size > 0 and bool((seeds == seeds.flat[0]).all())
    text = short(seeds.flat[0].item(), 5) if same else "…"
    width = max(26, pill_width(text, bold=True, pad=14))
    return Style(text, "chip seed", width=width, title=exact(node.seed))


@node_form("seed line")
def seed_line(facts: Facts, node: Node) -> Style:
    since = facts.window(f"{node.id}.seed")[0]
    return OFF if node.seed is None else Style(classes="road reverse", since=since)


@node_form("seed label")
def seed_label(facts: Facts, node: Node) -> Style:
    words = "seed" if node.shape == () else "seeds"
    return OFF if node.seed is None else Style(words, "text quiet-text")


@edge_form("inbox")
def inbox(facts: Facts, each: Edge, room: float) -> Style:
    """What one reader brings to an adjoint: a row of the inbox; the rows sum to the adjoint."""
    if each.cause == "stopped":
        return Style("cut ‖", "text inbox cut-text")
    if each.contribution is None:
        return Style("–", "text inbox quiet-text", facts.end)
    since = facts.moments.contribution.get(each.id, NEVER)
    if each.contribution.shape:
        name = clipped_name(facts.trace.node(each.target).label, SMALL, room)
        return Style(name, "text inbox adjoint-text", since)
    return signed_row(each.contribution, since, room)


@node_form("inbox seed")
def inbox_seed(facts: Facts, node: Node, room: float) -> Style:
    """The row of a seed, in the inbox of a y that other operations read."""
    if node.seed is None:
        return OFF
    since = facts.window(f"{node.id}.seed")[0]
    if node.seed.shape:
        return Style("seed", "text inbox adjoint-text", since)
    return signed_row(node.seed, since, room)


def signed_row(numbers: Numbers, since: int, room: float) -> Style:
    """A term of a sum, with its sign."""
    number = numbers.array.item()
    text = fitting(number, room, SMALL, bold=False)
    sign = "" if text.startswith("−") or text in NOT_FINITE else "+"
    if sign:
        text = fitting(number, room - text_width(sign, SMALL), SMALL, bold=False)
    return Style(f"{sign}{text}", "text inbox adjoint-text", since)


@edge_form("inbox waiting")
def inbox_waiting(facts: Facts, each: Edge) -> Style:
    """The dot in a row of an inbox that nothing has come to yet."""
    if each.cause == "stopped":
        return OFF
    until = facts.moments.contribution.get(each.id, facts.end)
    return Style("·", "text inbox quiet-text", until=until)
