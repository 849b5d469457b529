"""The lines of a plan as data: kernels, what they are called with, and where their results go.

Besides kernels, they call what reaches a session: its variables, its random generators.
"""

from __future__ import annotations

import keyword
import re
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nbgrad.core.dtypes import leaves
from nbgrad.core.errors import invalid
from nbgrad.core.graph import Operation
from nbgrad.core.shapes import brackets, compatible, element_count

#: Values that are known to have no more elements wait for the end of a run to be let go.
SMALL = 1024


class Slot(str):
    """The name of a value during a run; a plan says in `values` which are there when it begins."""

    __slots__ = ()


#: What a call waits for, if it is in a branch of a `cond`: that these slots have this truth.
Guard = tuple[tuple[Slot, bool], ...]


@dataclass(eq=False, slots=True)
class Call:
    """One line of a plan: `results = function(*arguments, **settings)`."""

    op: Operation  # that it is for
    function: Callable[..., Any]
    arguments: Sequence[Slot]
    settings: dict[str, Any]  # what else the function is given; slots may stand inside
    results: Sequence[Slot]
    guard: Guard = ()  # when it is made at all
    forget: tuple[Slot, ...] = ()  # what nobody reads afterwards, so that its memory is free again

    def reads(self) -> Iterator[Slot]:
        """The slots that it reads."""
        yield from self.arguments
        if self.settings:
            yield from leaves(tuple(self.settings.values()), Slot)
        for slot, _ in self.guard:
            yield slot


def forget_dead_values(calls: Sequence[Call], kept: Collection[Slot | None]) -> None:
    """Tell each call which large values nobody reads after it."""
    large = {slot for call in calls if not call.guard for slot in large_results(call)}
    large.difference_update(kept)
    if not large:
        return
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
    """The results of a call that take much memory, or may do so."""
    for slot, tensor in zip(call.results, call.op.outputs, strict=False):
        count = element_count(tensor.static_shape)
        if count is None or count > SMALL:
            yield slot


class Slots:
    """Names for the values of a plan, each given out once."""

    def __init__(self) -> None:
        # What is there when a run begins: constants, kernels, settings that are not written out.
        self.values: dict[str, Any] = {}
        # What a plan's own text says, and what Python would not take for a name.
        self._taken = dict.fromkeys([*keyword.kwlist, "__debug__", "run", "slice", "values"], 1)
        self._shared: dict[Any, Slot] = {}

    def new(self, hint: str) -> Slot:
        """A slot that is called something like `hint`."""
        base = hint.replace("/", "_")
        if not (base.isascii() and base.isidentifier()):
            base = NO_LETTER.sub("_", base).strip("_") or "value"
            base = f"_{base}" if base[0].isdigit() else base
        name, count = base, self._taken.get(base, 0)
        while name in self._taken:
            name, count = f"{base}_{count}", count + 1
        self._taken[base] = self._taken[name] = max(count, 1)
        return Slot(name)

    def holding(self, value: Any, hint: str) -> Slot:
        """A new slot that holds a value from the beginning."""
        slot = self.new(hint)
        self.values[slot] = value
        return slot

    def shared(self, item: Any, hint: str = "shared") -> Slot:
        """The one slot of a function, an operation or a tuple of them that many calls use."""
        if item not in self._shared:
            name = getattr(item, "__name__", hint)
            self._shared[item] = self.holding(item, name.strip("_") or "function")
        return self._shared[item]


NO_LETTER = re.compile(r"[^0-9A-Za-z_]")


# What calls do to a session ------------------------------------------------------------------

Variables = dict[Operation, Any]


def write(variables: Variables, ref: Operation, value: Any, validate_shape: bool = True) -> Any:
    """Make `value` the value of a variable, as a copy that nobody can change."""
    shape = ref.outputs[0].static_shape
    if validate_shape and not compatible(shape, np.shape(value)):
        raise invalid(
            "Assign requires shapes of both tensors to match. "
            f"lhs shape= {brackets(shape)} rhs shape= {brackets(np.shape(value))}"
        )
    return keep(variables, ref, np.array(value))


def update(variables: Variables, ref: Operation, kernel: Any, *values: Any, **settings: Any) -> Any:
    """Make what a kernel computes from a variable's value the variable's value."""
    before = variables[ref]
    return keep(variables, ref, checked(before, kernel(before, *values, **settings)))


def update_all(
    variables: Variables,
    refs: tuple[Operation, ...],
    kernel: Any,
    *values: Any,
    **settings: Any,
) -> list[Any]:
    """The same for several variables that change together, such as a weight and its momentum."""
    before = [variables[ref] for ref in refs]
    after = kernel(*before, *values, **settings)
    return [
        keep(variables, ref, checked(old, new))
        for ref, old, new in zip(refs, before, after, strict=True)
    ]


def keep(variables: Variables, ref: Operation, value: Any) -> Any:
    """Store a value that is the session's own from now on: nobody may change it in place."""
    if isinstance(value, np.ndarray):
        value.setflags(write=False)
        value = value if value.ndim else value[()]
    variables[ref] = value
    return value


def checked(before: Any, after: Any) -> Any:
    """A variable's new value, which has the shape of the old one."""
    if np.shape(after) != np.shape(before):
        raise invalid(
            f"var and delta do not have the same shape{brackets(np.shape(before))} "
            f"{brackets(np.shape(after))}"
        )
    return after


class Generators(dict[Operation, Any]):  # NumPy loads its generators when they are first named
    """One random generator for each random operation, made when it is first drawn from."""

    def __missing__(self, op: Operation) -> np.random.Generator:
        graph_seed, op_seed = op.graph.seed, op.attributes["seed"]
        if graph_seed is None and op_seed is None:
            generator = np.random.default_rng()
        else:
            # As TensorFlow pairs its two seeds: either alone makes the sequence repeat, and
            # under the graph's seed every operation has a sequence of its own.
            of_graph = 0 if graph_seed is None else graph_seed
            of_op = zlib.crc32(op.name.encode()) if op_seed is None else op_seed
            generator = np.random.default_rng([abs(of_graph), abs(of_op)])
        self[op] = generator
        return generator
