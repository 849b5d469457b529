"""A plan: the operations that some fetches need, in order, ready to be run again and again.

A plan is a flat list of calls: a NumPy kernel, what it is called with, and the name of what
it gives. A plan that is used again is written out as a Python function, "the chain rule,
unrolled", and compiled. One that runs only once, or is very long, runs straight from the
list: Python's compiler takes longer for a line than NumPy does for its call.
"""

from __future__ import annotations

import keyword
import math
import operator
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any

import numpy as np

from nbgrad.graph import ancestors
from nbgrad.operands import replace_tensors
from nbgrad.tensor import Operation, Tensor

#: Longer plans always run from the list: compiling takes about 16 µs and 5 kB a line.
COMPILE_AT_MOST = 3000


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

    `forget` names what nobody reads afterwards, so that its memory can be used again.
    """

    op: Operation
    function: Name
    arguments: tuple[Any, ...]
    settings: dict[str, Any]
    results: tuple[Name, ...]
    forget: tuple[Name, ...] = ()

    def __str__(self) -> str:
        given = [repr(argument) for argument in self.arguments]
        given += [f"{key}={value!r}" for key, value in self.settings.items()]
        line = f"{self.function}({', '.join(given)})"
        if self.results:
            comma = "," if self.op.definition.many else ""
            line = f"{', '.join(map(repr, self.results))}{comma} = {line}"
        if self.forget:
            line += f"; del {', '.join(map(repr, self.forget))}"
        return line

    def reads(self) -> Iterator[Name]:
        return names_in((self.arguments, tuple(self.settings.values())))


class Plan:
    """What to call, in which order, to get some fetches from some feeds.

    Attributes
    ----------
    calls
        The lines, in order.
    parameters
        The name of each feed.
    returned
        The name of each fetch; None for an operation without a result.
    constants
        What is the same in every run: kernels, constants of the graph, settings.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     x = ng.placeholder(ng.float32, name="x")
    ...     y = ng.sin(x * x, name="y")
    >>> print(ng.Session(graph=x.graph).plan(y, [x]))
    def run(variables, generators, x):
        mul = multiply(x, x)
        y = sin(mul); del mul
        return [y]
    """

    def __init__(self, fetches: Sequence[Tensor | Operation], feeds: Sequence[Tensor]) -> None:
        draft = Draft(fetches, feeds)
        self.parameters = draft.parameters
        self.constants = draft.constants
        self.returned = [draft.names.get(f) if isinstance(f, Tensor) else None for f in fetches]
        self.calls = forgetting(draft.calls, {*self.returned, *self.parameters})
        self._interpret = from_list(self)
        self._compiled: Callable[..., list[Any]] | None = None
        self._runs = 0

    def run(self, variables: Any, generators: Any, *fed: Any) -> list[Any]:
        """The fetches' values, given a session's variables and generators and the feeds."""
        if self._compiled is not None:
            return self._compiled(variables, generators, *fed)
        self._runs += 1
        if self._runs == 2 and len(self.calls) <= COMPILE_AT_MOST:
            self._compiled = compiled(self)
        return self._interpret(variables, generators, *fed)

    def __str__(self) -> str:
        head = ", ".join(map(repr, [VARIABLES, GENERATORS, *self.parameters]))
        lines = [f"    {call}" for call in self.calls]
        return "\n".join([f"def run({head}):", *lines, f"    return {self.returned!r}"])

    def failed_call(self, traceback: TracebackType | None) -> tuple[Call, list[Any]] | None:
        """The call that raised an error, and the values it was given; None if none did."""
        while traceback is not None:
            frame = traceback.tb_frame
            if frame.f_code.co_filename == COMPILED:
                call = self.calls[traceback.tb_lineno - 2]
                held = {**self.constants, **frame.f_locals}
                return call, [held.get(str(argument)) for argument in call.arguments]
            if frame.f_code.co_name == INTERPRETED:
                call = self.calls[frame.f_locals["position"]]
                return call, list(frame.f_locals.get("arguments", ()))
            traceback = traceback.tb_next
        return None


COMPILED, INTERPRETED = "<plan>", "run_from_list"


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
        """Append the call that does what `op` does."""
        function, results = op.definition.kernel, op.outputs
        arguments = [self._argument(op, tensor) for tensor in values_read(op)]
        settings = {key: self._setting(key, value) for key, value in op.attributes.items()}
        match op.definition.stateful:
            case "constant":
                self.names[results[0]] = self._constant(op.name, settings["value"])
                return
            case "reads":
                self._read(op, self._name(results[0]))
                return
            case "writes":
                arguments = [VARIABLES, self._reference(op.inputs[0]), *arguments]
                function = write
            case "updates":
                reference, kernel = self._reference(op.inputs[0]), self._share(function)
                arguments = [VARIABLES, reference, kernel, *arguments]
                function = update
            case "random":
                settings["generator"] = generator = Name(self._unique(f"{op.name}_generator"))
                drawn = (GENERATORS, self._share(op, f"{op.name}_op"))
                self.calls.append(Call(op, self._share(operator.getitem), drawn, {}, (generator,)))
        names = tuple(self._name(tensor) for tensor in results)
        self.calls.append(Call(op, self._share(function), tuple(arguments), settings, names))

    def _argument(self, op: Operation, tensor: Tensor) -> Name:
        if op.control_inputs and tensor.op.definition.stateful == "reads":
            # After a control dependency a variable is read anew; elsewhere it is what it was
            # when the run began.
            return self._read(tensor.op, Name(self._unique(f"{tensor.op.name}_now")))
        return self.names[tensor]

    def _read(self, op: Operation, result: Name) -> Name:
        read = (VARIABLES, self._reference(op.outputs[0]))
        self.calls.append(Call(op, self._share(operator.getitem), read, {}, (result,)))
        return result

    def _reference(self, ref: Tensor) -> Name:
        return self._share(ref.op, f"{ref.op.name}_ref")

    def _setting(self, key: str, value: Any) -> Any:
        value = replace_tensors(value, self.names.__getitem__)
        simple = (int, str, tuple, slice, Name, type(None))
        if isinstance(value, simple) or (isinstance(value, float) and math.isfinite(value)):
            return value
        return self._constant(getattr(value, "name", key), value)

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
    return operands[1:] if op.definition.stateful in ("writes", "updates") else operands


def write(variables: dict[Operation, Any], ref: Operation, value: Any) -> Any:
    """Make `value` the value of a variable, as a copy that nobody can change."""
    kept = np.array(value)
    kept.flags.writeable = False
    variables[ref] = value = kept if kept.ndim else kept[()]
    return value


def update(variables: dict[Operation, Any], ref: Operation, kernel: Any, *values: Any) -> Any:
    """Make what a kernel computes from a variable's value the variable's value."""
    return write(variables, ref, kernel(variables[ref], *values))


def names_in(value: Any) -> Iterator[Name]:
    """The names in the arguments of a call, also within tuples and slices."""
    if isinstance(value, Name):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from names_in(item)
    elif isinstance(value, slice):
        yield from names_in((value.start, value.stop, value.step))


def forgetting(calls: list[Call], kept: set[Name | None]) -> list[Call]:
    """The calls, each knowing which results nobody reads after it."""
    made = {name for call in calls for name in call.results} - kept
    last = {name: i for i, call in enumerate(calls) for name in (*call.results, *call.reads())}
    forgotten: dict[int, list[Name]] = {}
    for name, i in last.items():
        if name in made:
            forgotten.setdefault(i, []).append(name)
    return [replace(call, forget=tuple(forgotten.get(i, ()))) for i, call in enumerate(calls)]


def compiled(plan: Plan) -> Callable[..., list[Any]]:
    """The plan as a Python function."""
    scope = dict(plan.constants)
    exec(compile(str(plan), COMPILED, "exec"), scope)
    run: Callable[..., list[Any]] = scope["run"]
    return run


def from_list(plan: Plan) -> Callable[..., list[Any]]:
    """The plan run call by call, without being compiled."""

    def fill(value: Any, values: dict[str, Any]) -> Any:
        if isinstance(value, Name):
            return values[value.text]
        if isinstance(value, tuple):
            return tuple(fill(item, values) for item in value)
        if isinstance(value, slice):
            return slice(*(fill(v, values) for v in (value.start, value.stop, value.step)))
        return value

    def run_from_list(variables: Any, generators: Any, *fed: Any) -> list[Any]:
        values = {**plan.constants, "variables": variables, "generators": generators}
        values.update(zip((name.text for name in plan.parameters), fed, strict=True))
        for position, call in enumerate(plan.calls):  # noqa: B007 - `failed_call` reads it
            arguments = [fill(argument, values) for argument in call.arguments]
            settings = {key: fill(value, values) for key, value in call.settings.items()}
            result = values[call.function.text](*arguments, **settings)
            if call.op.definition.many:
                values.update(zip((name.text for name in call.results), result, strict=True))
            elif call.results:
                values[call.results[0].text] = result
            for name in call.forget:
                del values[name.text]
        return [None if name is None else values[name.text] for name in plan.returned]

    return run_from_list
