"""Drafting a plan: from the operations that some fetches need to the calls that compute them."""

from __future__ import annotations

import keyword
import math
import operator
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from nbgrad.calls import GENERATORS, VARIABLES, Call, Name
from nbgrad.graph import ancestors
from nbgrad.memory import update, update_all, write
from nbgrad.operands import replace_tensors
from nbgrad.tensor import Branch, Operation, Tensor


class Draft:
    """Writes the calls of one plan, and gives every tensor a readable name of its own."""

    def __init__(self, fetches: Sequence[Tensor | Operation], feeds: Sequence[Tensor]) -> None:
        self.calls: list[Call] = []
        self.constants: dict[str, Any] = {}
        self.names: dict[Tensor, Name] = {}
        self._taken = {str(VARIABLES), str(GENERATORS), "run", *keyword.kwlist}
        self._shared: dict[Any, Name] = {}
        self.parameters = [self._name(tensor) for tensor in feeds]
        needed = ancestors(fetches, stop=feeds)
        read = {tensor for op in needed for tensor in values_read(op)}.union(fetches)
        for op in needed:
            fed = op.outputs and all(tensor in self.names for tensor in op.outputs)
            # A variable that is only assigned to need not have a value yet.
            unread = op.definition.stateful == "reads" and op.outputs[0] not in read
            if not (fed or unread):
                self._add(op)

    def _add(self, op: Operation) -> None:
        """Append the call that does what `op` does, or name what needs no call."""
        function, results = op.definition.kernel, op.outputs
        match op.definition.stateful:
            case "constant":
                self.names[results[0]] = self._constant(op.name, op.attributes["value"])
                return
            case "reads":
                self._read(op, self._name(results[0]))
                return
            case "enters":
                self.names[results[0]] = self.names[op.inputs[0]]
                return
            case "merges":
                self._merge(op)
                return
        arguments = [self._argument(op, tensor) for tensor in values_read(op)]
        settings = {key: self._setting(key, value) for key, value in op.attributes.items()}
        match op.definition.stateful:
            case "writes":
                arguments = [VARIABLES, self._reference(op.inputs[0]), *arguments]
                function = write
            case "updates":
                references = tuple(self._reference(ref) for ref in op.inputs[: len(results)])
                kernel = self._share(function)
                function = update_all if op.definition.many else update
                target = references if op.definition.many else references[0]
                arguments = [VARIABLES, target, kernel, *arguments]
            case "peeks":
                arguments = [self._peek(op, t) for t in op.inputs if is_variable(t)] + arguments
            case "random":
                settings["generator"] = generator = Name(self._unique(f"{op.name}_generator"))
                drawn = (GENERATORS, self._share(op, f"{op.name}_op"))
                self._call(op, operator.getitem, drawn, {}, (generator,))
        self._call(op, function, tuple(arguments), settings, tuple(map(self._name, results)))

    def _call(
        self,
        op: Operation,
        function: Any,
        arguments: tuple[Any, ...],
        settings: dict[str, Any],
        results: tuple[Name, ...],
        branch: Branch | None = None,
    ) -> None:
        guard = self._guard(branch or op.branch)
        self.calls.append(Call(op, self._share(function), arguments, settings, results, guard))

    def _guard(self, branch: Branch | None) -> tuple[tuple[Name, bool], ...]:
        if branch is None:
            return ()
        return (*self._guard(branch.outer), (self.names[branch.predicate], branch.value))

    def _merge(self, op: Operation) -> None:
        """The value of whichever branch was taken, under one name."""
        result = (self._name(op.outputs[0]),)
        for tensor, branch in zip(op.inputs[1:], op.attributes["branches"], strict=True):
            self._call(op, passed_on, (self.names[tensor],), {}, result, branch)

    def _argument(self, op: Operation, tensor: Tensor) -> Name:
        if op.control_inputs and tensor.op.definition.stateful == "reads":
            # After a control dependency a variable is read anew; elsewhere it is what it was
            # when the run began.
            return self._read(op, Name(self._unique(f"{tensor.op.name}_now")), tensor)
        return self.names[tensor]

    def _read(self, op: Operation, result: Name, ref: Tensor | None = None) -> Name:
        read = (VARIABLES, self._reference(ref or op.outputs[0]))
        self._call(op, operator.getitem, read, {}, (result,))
        return result

    def _peek(self, op: Operation, ref: Tensor) -> Name:
        """The value of a variable, or None where it has none yet."""
        result = Name(self._unique(f"{ref.op.name}_or_none"))
        self._call(op, dict.get, (VARIABLES, self._reference(ref)), {}, (result,))
        return result

    def _reference(self, ref: Tensor) -> Name:
        return self._share(ref.op, f"{ref.op.name}_ref")

    def _setting(self, key: str, value: Any) -> Any:
        value = replace_tensors(value, self.names.__getitem__)
        return value if is_literal(value) else self._constant(getattr(value, "name", key), value)

    def _constant(self, hint: str, value: Any) -> Any:
        if isinstance(value, np.ndarray) and value.ndim == 0 and value.dtype != object:
            value = value[()]  # NumPy computes faster with its scalars than with 0-d arrays
        if isinstance(value, Name):
            return value
        name = Name(self._unique(hint))
        self.constants[name.text] = value
        return name

    def _share(self, item: Any, hint: str = "") -> Name:
        """The one name of a function, an operation or another object that many lines use."""
        if item not in self._shared:
            self._shared[item] = self._constant(hint or item.__name__.lstrip("_"), item)
        return self._shared[item]

    def _name(self, tensor: Tensor) -> Name:
        if tensor not in self.names:
            index = f"_{tensor.value_index}" if len(tensor.op.outputs) > 1 else ""
            self.names[tensor] = Name(self._unique(f"{tensor.op.name}{index}"))
        return self.names[tensor]

    def _unique(self, hint: str) -> str:
        base = re.sub(r"\W", "_", hint)
        base = f"_{base}" if base[0].isdigit() else base
        name, count = base, 1
        while name in self._taken:
            name, count = f"{base}_{count}", count + 1
        self._taken.add(name)
        return name


def values_read(op: Operation) -> Sequence[Tensor]:
    """The operands whose value an operation reads; an assignment does not read its variable."""
    operands = op.inputs[: op.operand_count]
    match op.definition.stateful:
        case "writes":
            return operands[1:]
        case "peeks":
            return [tensor for tensor in operands if not is_variable(tensor)]
        case "updates":
            return operands[len(op.outputs) :]
    return operands


def is_variable(tensor: Tensor) -> bool:
    """Whether a tensor is a variable itself, not one of its readings."""
    return tensor.op.definition.stateful == "reads"


def is_literal(value: Any) -> bool:
    """Whether a setting can be written into the plan as it prints."""
    if isinstance(value, tuple):
        return all(is_literal(item) for item in value)
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int | str | slice | Name | type(None) | type(...))


def passed_on(value: Any) -> Any:
    """A value as it is."""
    return value
