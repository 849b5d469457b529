"""The calls of a program as plain data, and the numbers of their slots.

A plan names its slots, and two tensors may share one where nothing needs to be computed. A program
numbers them; a tensor under which gradients are collected has a number of its own.
"""

from __future__ import annotations

import base64
import itertools
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from nbgrad.core.dtypes import DType
from nbgrad.core.graph import Operation, Tensor
from nbgrad.core.plan import Call, Guard, Slot, same_value
from nbgrad.core.plan_builder import PlanBuilder
from nbgrad.core.registry import Effect
from nbgrad.trace.numbers import Numbers, as_json

#: The dtypes that a page has arrays for.
PAGE_DTYPES = frozenset(
    {
        *("float64", "float32", "int64", "int32", "int16", "int8"),
        *("uint32", "uint16", "uint8", "bool"),
    }
)

#: Arrays of more elements are written as their bytes.
MOST_WRITTEN = 32

#: Larger whole numbers are not exact where all numbers are of double precision.
LARGEST_WHOLE = 2**53

#: What operations may be besides functions of their operands.
PURE = (Effect.NONE, Effect.CONSTANT, Effect.ENTERS_BRANCH, Effect.LEAVES_BRANCH)


class CallWriter:
    """Writes the calls of one plan; remembers what cannot be computed with some kernels alone."""

    def __init__(self, plan: PlanBuilder, kernels: Collection[str] | None) -> None:
        self.copies: list[Any] = []  # into second slots, for tensors that need one of their own
        self.unsupported: dict[str, None] = {}  # in order, with the lines that made it
        self._plan, self._kernels = plan, kernels
        self._next = itertools.count()
        self._numbers: dict[Slot, int] = {}
        self._own: dict[Tensor, int] = {}
        self._taken: set[int] = set()

    def slot(self, tensor: Tensor | None) -> int | None:
        """Where the value of a tensor stands, if there is one; several may share it."""
        return None if tensor is None else self._number(self._plan.slots[tensor])

    def own_slot(self, tensor: Tensor) -> int:
        """The slot that is this tensor's alone, so that gradients can be collected under it."""
        if tensor not in self._own:
            number = self._number(self._plan.slots[tensor])
            if number in self._taken:
                guard = self._guard(self._plan.guard(tensor.op.branch))
                shared, number = number, next(self._next)
                self.copies.append(without_empty_end(["Identity", [shared], [number], {}, guard]))
            self._taken.add(number)
            self._own[tensor] = number
        return self._own[tensor]

    def constants(self) -> list[Any]:
        """The slots that hold a value from the beginning, each with it."""
        values = self._plan.names.values
        held = ((number, values.get(slot)) for slot, number in self._numbers.items())
        # Beside values, a plan holds kernels and settings.
        kinds = (np.ndarray, np.generic, bytes)
        return [
            [number, array_as_json(value)] for number, value in held if isinstance(value, kinds)
        ]

    def _number(self, slot: Slot) -> int:
        if slot not in self._numbers:
            self._numbers[slot] = next(self._next)
        return self._numbers[slot]

    # Calls ----------------------------------------------------------------------------------

    def call(self, call: Call, owner: Operation) -> list[Any]:
        """A call as `[type, arguments, results, attributes, guard]`, as far as there are any."""
        op, merges = call.op, call.function is same_value
        known = merges or self._kernels is None or op.type in self._kernels
        is_function = op.effect in PURE and (merges or call.function is op.definition.kernel)
        if not (known and is_function):
            self.refuse(op.type, owner)
        for z in op.outputs:
            self.check_dtype(z, owner)
        op_type = "Identity" if merges else op.type
        arguments, results = ([*map(self._number, each)] for each in (call.arguments, call.results))
        attributes = self._attributes(call, op_type)
        return without_empty_end([op_type, arguments, results, attributes, self._guard(call.guard)])

    def _guard(self, guard: Guard) -> list[Any]:
        return [[self._number(slot), truth] for slot, truth in guard]

    def _attributes(self, call: Call, op_type: str) -> dict[str, Any]:
        if op_type == "IdentityN":
            return {}  # they say whose gradient it has, and the rule is written out
        defaults = call.op.definition.kernel.__kwdefaults__ or {}
        found = {
            key: self._attribute(value)
            for key, value in call.settings.items()
            if key != "shared" and not (key in defaults and is_default(value, defaults[key]))
        }
        if "index" in found and not isinstance(found["index"], list):
            found["index"] = [found["index"]]
        return found

    def _attribute(self, value: Any) -> Any:
        """An attribute as JSON; `{"slot": 7}` stands for what a run finds."""
        if isinstance(value, Slot):
            return {"slot": self._number(value)}
        if isinstance(value, slice):
            return {"slice": [*map(self._attribute, (value.start, value.stop, value.step))]}
        if isinstance(value, list | tuple):
            return [*map(self._attribute, value)]
        if isinstance(value, np.ndarray | np.generic):
            return self._attribute(value.tolist())
        if isinstance(value, DType):
            return value.name
        if value is Ellipsis:
            return "..."
        # What is left is the learner's own Python, which no program holds.
        return as_json(value) if isinstance(value, bool | int | float | str) else None

    def check_dtype(self, tensor: Tensor, owner: Operation, value: Any = None) -> None:
        """Name what there are no arrays for."""
        dtype = tensor.dtype.name
        large = dtype == "int64" and value is not None and np.any(np.abs(value) > LARGEST_WHOLE)
        if dtype not in PAGE_DTYPES or large:
            self.refuse(dtype, owner)

    def refuse(self, what: str, owner: Operation) -> None:
        """Name what stands in the way, with the line that made it."""
        self.unsupported[f"{what} (created {owner.line})"] = None


def without_empty_end(call: list[Any]) -> list[Any]:
    """A call without empty parts at its end."""
    while not call[-1]:
        call.pop()
    return call


def array_as_json(value: Any) -> dict[str, Any]:
    """An array as `Numbers.to_dict` has it; a large one as its bytes."""
    numbers = Numbers(value)
    array = numbers.array
    if array.size <= MOST_WRITTEN or numbers.dtype not in PAGE_DTYPES:
        return numbers.to_dict()
    wide = array.astype(np.float64) if numbers.dtype == "int64" else array
    little = wide.astype(wide.dtype.newbyteorder("<"))
    text = base64.b64encode(little.tobytes()).decode()
    return {"dtype": numbers.dtype, "shape": [*array.shape], "base64": text}


def without_defaults(whole: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """The entries that say something."""
    return {k: v for k, v in whole.items() if k not in defaults or not is_default(v, defaults[k])}


def is_default(value: Any, default: Any) -> bool:
    """Whether it is the default itself, and not 0 for False."""
    return type(value) is type(default) and bool(value == default)
