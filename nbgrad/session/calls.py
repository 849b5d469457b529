"""The lines of a plan: calls of NumPy kernels, on values that wait in numbered slots."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from nbgrad.graph import Operation
from nbgrad.nesting import leaves
from nbgrad.shapes import element_count

#: Values that are known to have no more elements wait for the end of a run to be let go.
SMALL = 1024

Guard = tuple[tuple["Slot", bool], ...]


class Slot(int):
    """The number of a place that holds a value during a run."""

    __slots__ = ()


class Call:
    """One line of a plan: `results = function(*arguments, **settings)`.

    Attributes
    ----------
    op
        The operation that it is for.
    arguments, results
        Slots.
    settings
        What else the function is given; slots may stand inside.
    fixed
        Whether no slot stands inside the settings.
    guard
        When it is made at all: where each of these slots has this truth, as a branch of a
        `cond` asks.
    forget
        What nobody reads afterwards, so that its memory can be used again.
    """

    __slots__ = (
        *("arguments", "fixed", "forget", "function", "guard", "op", "results", "settings"),
    )

    def __init__(
        self,
        op: Operation,
        function: Callable[..., Any],
        arguments: Sequence[Slot],
        settings: dict[str, Any],
        results: Sequence[Slot],
        guard: Guard = (),
        fixed: bool = True,
    ) -> None:
        self.op = op
        self.function = function
        self.arguments = arguments
        self.settings = settings
        self.results = results
        self.guard = guard
        self.fixed = fixed
        self.forget: tuple[Slot, ...] = ()

    def reads(self) -> Iterator[Slot]:
        yield from self.arguments
        if not self.fixed:
            yield from leaves(tuple(self.settings.values()), Slot)
        if self.guard:
            yield from (slot for slot, _ in self.guard)


def free_dead_values(calls: Sequence[Call], kept: set[Slot | None]) -> None:
    """Tell each call which large values nobody reads after it."""
    large = {slot for call in calls if not call.guard for slot in large_results(call)} - kept
    last: dict[Slot, Call] = {}
    for call in calls:
        for slot in (*call.results, *call.reads()):
            if slot in large:
                last[slot] = call
    for slot, call in last.items():
        # What a guarded call reads last is kept to the end: the call may not be made.
        if not call.guard:
            call.forget += (slot,)


def large_results(call: Call) -> Iterator[Slot]:
    """The results of a call that take memory worth speaking of, or may do so."""
    for slot, tensor in zip(call.results, call.op.outputs, strict=False):
        count = element_count(tensor.static_shape)
        if count is None or count > SMALL:
            yield slot
