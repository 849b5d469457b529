"""The lines of a plan: calls of NumPy kernels, on values that go by names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nbgrad.tensor import Operation


@dataclass(frozen=True)
class Name:
    """A place in a plan that holds a value during a run; it prints as itself."""

    text: str

    def __repr__(self) -> str:
        return self.text


#: The two things of a session that a plan reaches for.
VARIABLES, GENERATORS = Name("variables"), Name("generators")


@dataclass(frozen=True)
class Call:
    """One line of a plan: `results = function(*arguments, **settings)`.

    `guard` says when it is made at all: where each of these names has this truth, as a branch
    of a `cond` asks. `forget` names what nobody reads afterwards, so that its memory can be
    used again.
    """

    op: Operation
    function: Name
    arguments: tuple[Any, ...]
    settings: dict[str, Any]
    results: tuple[Name, ...]
    guard: tuple[tuple[Name, bool], ...] = ()
    forget: tuple[Name, ...] = ()

    def __str__(self) -> str:
        given = [repr(argument) for argument in self.arguments]
        given += [f"{key}={value!r}" for key, value in self.settings.items()]
        line = f"{self.function}({', '.join(given)})"
        if self.results:
            comma = "," if self.op.definition.many else ""
            line = f"{', '.join(map(repr, self.results))}{comma} = {line}"
        if self.guard:
            conditions = (f"{name}" if truth else f"not {name}" for name, truth in self.guard)
            line = f"if {' and '.join(conditions)}: {line}"
        if self.forget:
            line += f"; del {', '.join(map(repr, self.forget))}"
        return line

    def reads(self) -> Iterator[Name]:
        return names_in((self.arguments, tuple(self.settings.values()), self.guard))


def names_in(value: Any) -> Iterator[Name]:
    """The names in the arguments of a call, also within tuples and slices."""
    if isinstance(value, Name):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from names_in(item)
    elif isinstance(value, slice):
        yield from names_in((value.start, value.stop, value.step))


def filled_in(value: Any, values: Mapping[str, Any]) -> Any:
    """An argument with the values in place of their names."""
    if isinstance(value, Name):
        return values[value.text]
    if isinstance(value, tuple):
        return tuple(filled_in(item, values) for item in value)
    if isinstance(value, slice):
        parts = (value.start, value.stop, value.step)
        return slice(*(filled_in(part, values) for part in parts))
    return value


def forgetting(calls: Sequence[Call], kept: set[Name | None]) -> list[Call]:
    """The calls, each knowing which results nobody reads after it."""
    made = {name for call in calls for name in call.results} - kept
    # What a guarded call makes or reads last is kept to the end: it may not have happened.
    made -= {name for call in calls if call.guard for name in (*call.results, *call.reads())}
    last = {name: i for i, call in enumerate(calls) for name in (*call.results, *call.reads())}
    forgotten: dict[int, list[Name]] = {}
    for name, i in last.items():
        if name in made:
            forgotten.setdefault(i, []).append(name)
    return [replace(call, forget=tuple(forgotten.get(i, ()))) for i, call in enumerate(calls)]
