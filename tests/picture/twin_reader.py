"""Reading the text twin: from words and a table back to the graph and its numbers.

This is the proof that the words leave nothing out, and lets a table that somebody has pasted
into an e-mail be compared with a trace.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nbgrad.picture.words import CONSTANT, HEADS

Printed = Any
"""Numbers as printed: a float, nested lists of floats, or the words of a summary."""

STEPS = {
    "seed": r"The reverse pass starts at (?P<node>.+?) with its seed",
    "stop": r"(?P<node>.+?) is stopped: its own gradient arrives",
    "sum": r"(?P<total>[^ ]+) gets [^∂]*(?:, so [^∂]*)?$",
    "multiply": r"[^ ]+ (?:=|gets) .*?(?P<total>d\w+/d\w+|\w\u0304\w*)",
    "forward": r"(?P<node>.+?) = ",
}
"""The kinds of steps, and in each the name of its node, or the symbol of that node's adjoint."""


@dataclass(frozen=True)
class ReadNode:
    """One row of the table."""

    name: str
    shape: tuple[int, ...]
    value: Printed
    state: str
    cause: str
    at: str
    adjoint: Printed
    seed: Printed


@dataclass(frozen=True)
class ReadEdge:
    """One operand of one node, and what went back to it."""

    source: str
    target: str
    position: int
    contribution: Printed
    cause: str
    formula: str
    local: Printed


@dataclass(frozen=True)
class Reading:
    """A graph with its numbers, as far as a text tells."""

    nodes: tuple[ReadNode, ...]
    edges: tuple[ReadEdge, ...]
    steps: tuple[tuple[str, str], ...]


def read(text: str) -> Reading:
    """The graph and the numbers that the text twin of a picture tells.

    Raises
    ------
    ValueError
        If there is no such table in the text.
    """
    lines = text.splitlines()
    head = next((i for i, line in enumerate(lines) if columns(line) == [*HEADS]), None)
    if head is None:
        raise ValueError(f"This text has no table of a graph. It would start with: {HEADS[0]} | …")
    rows = [columns(line) for line in lines[head + 2 :] if line.count(" |") >= len(HEADS) - 2]
    return Reading(
        nodes=tuple(read_node(row) for row in rows),
        edges=tuple(edge for row in rows for edge in read_edges(row)),
        steps=tuple(read_steps(lines[:head])),
    )


def columns(line: str) -> list[str]:
    """The cells of a row."""
    cells = [cell.strip() for cell in re.split(r" \|(?: |$)", line)]
    return cells + [""] * (len(HEADS) - len(cells))


def read_node(row: list[str]) -> ReadNode:
    name, _, shape, value, adjoint, _ = row
    found = re.fullmatch(r"(?P<text>.*?)(?: \((?P<notes>[a-z].*)\))?", adjoint)
    assert found is not None  # the pattern takes everything
    text, notes = found["text"], (found["notes"] or "").split("; ")
    seed = next((note[5:] for note in notes if note.startswith("seed ")), "")
    reason = next((note for note in notes if note and not re.match(r"seed [^z]", note)), "")
    cause, _, at = reason.partition(" at ")
    state = {"None": "none", "not run": "not run", CONSTANT: "not run"}.get(text) or state_of(
        text, cause
    )
    return ReadNode(
        name=name,
        shape=tuple(map(int, shape.strip("[]").split("×"))) if shape else (),
        value=printed(value),
        state=state,
        cause=cause,
        at=at,
        adjoint=None if state in ("none", "not run") else printed(text),
        seed=printed(seed) if seed and seed != "zero" else None,
    )


def state_of(text: str, cause: str) -> str:
    """Whether an adjoint with numbers is zero, not finite, or ordinary."""
    if not cause:
        return "number"
    not_finite = ("value not finite", "began here", "came from above")
    return "not finite" if cause in not_finite else "zero"


def read_edges(row: list[str]) -> Iterator[ReadEdge]:
    target, *_, sent = row
    for position, each in enumerate(sent.split("; ") if sent else []):
        source, _, text = each.partition(": ")
        if not is_printed(text):
            cause = {"nothing": "", "constant": "no path"}.get(text, text)
            yield ReadEdge(source, target, position, None, cause, "", None)
            continue
        number, _, rule = text.partition(" (")
        formula, _, local = rule[:-1].removeprefix("× ").partition(" = ")
        factor = printed(local or formula) if rule.startswith("×") else None
        yield ReadEdge(source, target, position, printed(number), "", formula, factor)


def read_steps(lines: list[str]) -> Iterator[tuple[str, str]]:
    """The kind of each numbered sentence, and the node that it is about."""
    for line in lines:
        numbered = re.match(r"\d+\. (.*)", line)
        for kind, pattern in STEPS.items() if numbered else ():
            is_adjoint = numbered and re.match(r"d\w+/d\w+ |\w\u0304", numbered[1])
            if kind == "forward" and is_adjoint:
                continue
            if numbered and (found := re.match(pattern, numbered[1])):
                named = found.groupdict()
                total = (named.get("total") or "").replace("\u0304", "")
                yield kind, named.get("node") or total.rpartition("/d")[2]
                break


def is_printed(text: str) -> bool:
    return bool(re.match(r"[−\d\[∞]|NaN|min |empty|True|False", text))


def printed(text: str) -> Printed:
    """A number as a picture prints it, taken back.

    Examples
    --------
    >>> printed("−1.2e−7"), printed("[[1, 2], [3, ∞]]"), printed("min 0, mean 1, max 2")
    (-1.2e-07, [[1.0, 2.0], [3.0, inf]], 'min 0, mean 1, max 2')
    """
    if text.startswith("["):
        inside, depth, start, items = text[1:-1], 0, 0, []
        for i, character in enumerate(inside):
            depth += (character == "[") - (character == "]")
            if depth == 0 and inside[i : i + 2] == ", ":
                items.append(inside[start:i])
                start = i + 2
        return [printed(item) for item in [*items, inside[start:]] if item]
    plain = text.replace("−", "-").replace("∞", "inf").replace("NaN", "nan")
    try:
        return float(plain)
    except ValueError:
        return text
