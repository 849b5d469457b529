"""Plans: the calls that some fetches need, as data and as compiled Python that `print` shows.

`plan_builder` finds the calls. A long plan is written in parts, each a function of its own, which
share an object that holds values.
"""

from __future__ import annotations

import keyword
import math
import operator
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import CodeType, SimpleNamespace, TracebackType
from typing import Any, NamedTuple

from nbgrad.core.dtypes import leaves
from nbgrad.core.graph import Operation
from nbgrad.core.shapes import element_count, is_known
from nbgrad.core.traits import Effect

#: The kernels that are nothing but a Python operator, as a plan writes them; of any number of
#: operands, what stands between them. Where it is "{}", the result is the operand.
OPERATORS = {
    "Identity": "{}",
    "StopGradient": "{}",
    "PreventGradient": "{}",
    "PlaceholderWithDefault": "{}",
    "Add": "{} + {}",
    "AddV2": "{} + {}",
    "AddN": " + ",
    "Sub": "{} - {}",
    "Mul": "{} * {}",
    "RealDiv": "{} / {}",
    "Neg": "-{}",
}

#: The most calls in one function: compiling needs some kilobytes a line until it is done.
PART = 256

#: The most terms of a sum, or entries of a tuple, that are written out.
MOST_WRITTEN = 16


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


def same_value(value: Any) -> Any:
    """The value itself, unchanged."""
    return value


class Plan:
    """The calls that compute some fetches from some feeds, in order.

    Attributes
    ----------
    calls
        The calls as data, in order: operation, slots of arguments, settings, slots of results.
    values
        What some slots hold from the beginning: constants, kernels, settings.
    parameters, returned
        The slot of each feed and of each fetch; None for an operation without a result.
    run
        A function of a session's variables and generators and the fed values, that returns
        the fetched ones.

    Examples
    --------
    >>> x = tf.placeholder(tf.float32, name="x")
    >>> y = tf.sin(x * x, name="y")
    >>> print(tf.Session().plan(y, [x]))
    def run(variables, generators, x):
        mul = x * x
        y = sin(mul); del mul
        return [y]
    """

    def __init__(
        self,
        calls: list[Call],
        names: Slots,
        session: Sequence[Slot],
        parameters: list[Slot],
        returned: list[Slot | None],
    ) -> None:
        self.calls, self.values = calls, names.values
        self.parameters, self.returned = parameters, returned
        self.calls_python = any(call.op.effect is Effect.CALLS_PYTHON for call in self.calls)
        forget_dead_values(self.calls, [*self.returned, *self.parameters])
        source = PlanSource(names)
        self._functions = list(source.functions(calls, [*session, *parameters], returned))
        namespace = dict(self.values)
        for function in self._functions:
            exec(compile(function.text, "<plan>", "exec"), namespace)
        self._calls_of: dict[CodeType, Sequence[Call]] = {
            namespace[function.name].__code__: function.calls for function in self._functions
        }
        self.run = namespace["run"]

    def __str__(self) -> str:
        return "\n\n".join(function.text for function in self._functions)

    def failed_call(self, traceback: TracebackType | None) -> tuple[Call, list[Any]] | None:
        """The call that raised an error, and the values it was given; None if none did."""
        while traceback is not None:
            frame, line = traceback.tb_frame, traceback.tb_lineno
            calls = self._calls_of.get(frame.f_code, ())
            if 0 <= line - 2 < len(calls):
                found = {**self.values, **frame.f_locals}
                found |= vars(found.get("values", SimpleNamespace()))
                call = calls[line - 2]
                return call, [found.get(slot) for slot in call.arguments]
            traceback = traceback.tb_next
        return None


class PlanFunction(NamedTuple):
    """A function of a plan's source; the line of its call i is number i + 2."""

    name: str
    text: str
    calls: Sequence[Call]


class PlanSource:
    """Writes calls as Python source."""

    def __init__(self, names: Slots) -> None:
        self._names = names
        self._shared: set[Slot | None] = set()

    def functions(
        self, calls: Sequence[Call], parameters: Sequence[Slot], returned: Sequence[Slot | None]
    ) -> Iterator[PlanFunction]:
        """The function `run`; where there are many calls, before it the parts that it calls."""
        if len(calls) <= PART:
            body = [*map(self._line, calls), self._return(returned)]
            yield function("run", parameters, body, calls)
            return
        parts = [calls[i : i + PART] for i in range(0, len(calls), PART)]
        self._shared = {*parameters, *returned, *used_in_several(parts)} - self._names.values.keys()
        holder = self._names.shared(SimpleNamespace)
        body = [f"values = {holder}({', '.join(f'{slot}={slot}' for slot in parameters)})"]
        for part in parts:
            name = self._names.new("part")
            yield function(name, ["values"], map(self._line, part), part)
            body.append(f"{name}(values)")
        yield function("run", parameters, [*body, self._return(returned)], ())

    def _return(self, slots: Sequence[Slot | None]) -> str:
        return f"return [{', '.join('None' if s is None else self._place(s) for s in slots)}]"

    def _place(self, slot: Slot) -> str:
        # An attribute: shorter to read than an item of a dictionary, and a little to compile.
        return f"values.{slot}" if slot in self._shared else slot

    def _line(self, call: Call) -> str:
        line = self._expression(call)
        if call.results:
            comma = "," if call.op.definition.dtypes.many else ""
            line = f"{', '.join(map(self._place, call.results))}{comma} = {line}"
        if call.guard:
            tests = (f"{'' if truth else 'not '}{self._place(s)}" for s, truth in call.guard)
            line = f"if {' and '.join(tests)}: {line}"
        if call.forget:
            line += f"; del {', '.join(map(self._place, call.forget))}"
        return line

    def _expression(self, call: Call) -> str:
        given = [self._place(slot) for slot in call.arguments]
        op = call.op
        if call.function is operator.getitem:
            return f"{given[0]}[{given[1]}]"
        if call.function is same_value:
            return given[0]
        is_operator = call.function is op.definition.kernel and op.type in OPERATORS
        if is_operator and len(given) <= MOST_WRITTEN and not needs_kernel(op):
            return operator_expression(op.type, given)
        defaults = getattr(call.function, "__kwdefaults__", None) or {}  # need not be written
        given += [
            f"{key}={self._setting(key, value)}"
            for key, value in call.settings.items()
            if not (key in defaults and value is defaults[key])
        ]
        return f"{self._names.shared(call.function)}({', '.join(given)})"

    def _setting(self, key: str, value: Any) -> str:
        """A setting as it is written: plain values as they are, and everything else by name."""
        kind = type(value)
        if kind is Slot:
            return self._place(value)
        if next(leaves(value, Slot), None) is None:
            return repr(value) if is_plain(value) else self._names.holding(value, key)
        if kind is slice:
            parts = (value.start, value.stop, value.step)
            return f"slice({', '.join(self._setting(key, part) for part in parts)})"
        items = "".join(f"{self._setting(key, item)}, " for item in value)
        return f"[{items}]" if kind is list else f"({items})"


def function(
    name: str, parameters: Sequence[str], body: Iterable[str], calls: Sequence[Call]
) -> PlanFunction:
    head = f"def {name}({', '.join(parameters)}):"
    return PlanFunction(name, "\n    ".join([head, *body]), calls)


def used_in_several(parts: Sequence[Sequence[Call]]) -> Iterator[Slot]:
    """The slots that more than one part reads or writes."""
    home: dict[Slot, int] = {}
    for i, part in enumerate(parts):
        for call in part:
            for slot in (*call.results, *call.reads()):
                if home.setdefault(slot, i) != i:
                    yield slot


def operator_expression(op_type: str, operands: Sequence[str]) -> str:
    """The Python expression of an operation in `OPERATORS`, for operands of these names."""
    text = OPERATORS[op_type]
    return text.format(*operands) if "{" in text else text.join(operands)


def needs_kernel(op: Operation) -> bool:
    """Whether a kernel does what its operator does not, or not as fast."""
    shapes = [operand.static_shape for operand in op.inputs]
    if op.type == "AddN":  # it refuses terms that differ, which + repeats
        return not all(map(is_known, shapes))
    ranks = [None if shape is None else len(shape) for shape in shapes]
    return op.type == "AddV2" and ranks == [4, 1]  # images and a bias


def is_plain(value: Any) -> bool:
    """Whether `repr` of a value means that value again, whatever names there are."""
    kind = type(value)
    if kind is tuple:
        return len(value) <= MOST_WRITTEN and all(map(is_plain, value))
    if kind is float:
        return math.isfinite(value)
    return kind in (bool, str, type(None)) or (kind is int and value.bit_length() <= 64)
