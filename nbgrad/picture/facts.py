"""Facts about a trace that all styles need: when each card is at work, and what is known when."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from nbgrad.trace.model import Edge, Node, Numbers, Trace
from nbgrad.trace.numbers import magnitudes

NEVER = 10**9  # the number of a step that never comes
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


def is_kept_zero(target: Node, edge: Edge) -> bool:
    """Whether zero was sent because nothing arrived, though the factor is not finite."""
    arriving, local = target.adjoint.value, edge.local
    if arriving is None or local is None or local.value is None or edge.contribution is None:
        return False
    nothing = not arriving.array.any() and not edge.contribution.array.any()
    return nothing and not bool(np.isfinite(local.value.array).all())


def scalar_number(numbers: Numbers | None) -> float | None:
    """The number in a scalar, and None for anything else."""
    return numbers.array.item() if numbers is not None and numbers.shape == () else None
