"""Plans: the calls that some fetches need, as compiled Python: "the chain rule, unrolled".

`plan_builder` finds the calls; here they become a function that `print` shows. A long plan is
written in parts, each a function of its own, which share an object that holds values.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Iterator, Sequence
from types import CodeType, SimpleNamespace, TracebackType
from typing import Any, NamedTuple

from nbgrad.core.calls import Call, Slot, Slots, forget_dead_values
from nbgrad.core.dtypes import leaves
from nbgrad.core.graph import Operation, Tensor
from nbgrad.core.plan_builder import OPERATORS, PlanBuilder, operator_expression, same_value
from nbgrad.core.registry import Effect
from nbgrad.core.shapes import is_known

#: The most calls in one function: compiling needs some kilobytes a line until it is done.
PART = 256

#: The most terms of a sum, or entries of a tuple, that are written out.
MOST_WRITTEN = 16


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

    def __init__(self, fetches: Sequence[Tensor | Operation], feeds: Sequence[Tensor]) -> None:
        builder = PlanBuilder(fetches, feeds)
        self.calls = builder.calls
        self.values = builder.names.values
        self.parameters = [builder.slots[tensor] for tensor in feeds]
        self.returned = [builder.slots[f] if isinstance(f, Tensor) else None for f in fetches]
        self.calls_python = any(call.op.effect is Effect.CALLS_PYTHON for call in self.calls)
        forget_dead_values(self.calls, [*self.returned, *self.parameters])
        parameters = [builder.variables, builder.generators, *self.parameters]
        source = PlanSource(builder.names)
        self._functions = list(source.functions(self.calls, parameters, self.returned))
        names = dict(self.values)
        for function in self._functions:
            exec(compile(function.text, "<plan>", "exec"), names)
        self._calls_of: dict[CodeType, Sequence[Call]] = {
            names[function.name].__code__: function.calls for function in self._functions
        }
        self.run = names["run"]

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
            comma = "," if call.op.definition.many else ""
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
        if is_operator and len(given) <= MOST_WRITTEN and not may_repeat(op):
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


def may_repeat(op: Operation) -> bool:
    """Whether `+` could repeat a term of a sum whose terms must have one shape, unknown so far."""
    return op.type == "AddN" and not all(is_known(term.static_shape) for term in op.inputs)


def is_plain(value: Any) -> bool:
    """Whether `repr` of a value means that value again, whatever names there are."""
    kind = type(value)
    if kind is tuple:
        return len(value) <= MOST_WRITTEN and all(map(is_plain, value))
    if kind is float:
        return math.isfinite(value)
    return kind in (bool, str, type(None)) or (kind is int and value.bit_length() <= 64)
