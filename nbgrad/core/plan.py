"""A plan: the operations that some fetches need, in order, ready to be run again and again.

A plan is a flat list of calls: a NumPy kernel, what it is called with, and where its result
goes. A plan that is used again is written out as a Python function, "the chain rule,
unrolled", and compiled. One that runs only once, or is very long, runs straight from the
list: Python's compiler takes longer for a line than NumPy does for its call.
"""

from __future__ import annotations

import keyword
import math
import operator
import re
from collections.abc import Callable, Sequence
from contextvars import Context
from types import TracebackType
from typing import Any

import numpy as np

from nbgrad.core.arrays import with_leaves
from nbgrad.core.calls import Call, Slot, free_dead_values
from nbgrad.core.graph import Operation, Tensor
from nbgrad.core.plan_builder import (
    GENERATORS,
    OPERATORS,
    UNKNOWN,
    VARIABLES,
    PlanBuilder,
    operator_expression,
    passed_on,
)
from nbgrad.core.registry import Effect

#: Longer plans always run from the list: compiling takes about 16 µs and 5 kB a line.
COMPILE_AT_MOST = 3000


#: How the two ways of running are known in a traceback.
COMPILED, INTERPRETED = "<plan>", "_run_from_list"


class Plan:
    """What to call, in which order, to get some fetches from some feeds.

    Attributes
    ----------
    calls
        The lines, in order.
    parameters, returned
        The slot of each feed and of each fetch; None for an operation without a result.
    values, hints
        What each slot holds before a run, and what it could be called.
    run
        A function of a session's variables and generators and the fed values, that returns
        the fetched ones. It writes itself out as Python when it is called again.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     x = ng.placeholder(ng.float32, name="x")
    ...     y = ng.sin(x * x, name="y")
    >>> print(ng.Session(graph=x.graph).plan(y, [x]))
    def run(variables, generators, x):
        mul = x * x
        y = sin(mul); del mul
        return [y]
    """

    def __init__(self, fetches: Sequence[Tensor | Operation], feeds: Sequence[Tensor]) -> None:
        builder = PlanBuilder(fetches, feeds)
        self.calls = builder.calls
        self.values = builder.values
        self.hints = builder.hints
        self.parameters = [builder.slots[tensor] for tensor in feeds]
        self.returned = [builder.slots[f] if isinstance(f, Tensor) else None for f in fetches]
        self.calls_python = any(call.op.effect is Effect.CALLS_PYTHON for call in self.calls)
        free_dead_values(self.calls, {*self.returned, *self.parameters})
        self._source: PlanSource | None = None
        self.run: Callable[..., list[Any]] = self._first_run

    def _first_run(self, *given: Any) -> list[Any]:
        self.run = self._run_from_list if len(self.calls) > COMPILE_AT_MOST else self._second_run
        return self._run_from_list(*given)

    def _second_run(self, *given: Any) -> list[Any]:
        scope = dict(self.source.scope)
        exec(compile(self.source.text, COMPILED, "exec"), scope)
        self.run = scope["run"]
        return self.run(*given)

    def _run_from_list(self, variables: Any, generators: Any, *fed: Any) -> list[Any]:
        """Run call by call, without being compiled."""
        values = self.values.copy()
        values[0], values[1] = variables, generators
        for slot, value in zip(self.parameters, fed, strict=True):
            values[slot] = value
        for position, call in enumerate(self.calls):  # noqa: B007 - `failed_call` reads it
            if call.guard and not all(bool(values[slot]) is truth for slot, truth in call.guard):
                continue
            arguments = [values[slot] for slot in call.arguments]
            settings = call.settings
            if not call.fixed:
                settings = {
                    key: with_leaves(value, Slot, values.__getitem__)
                    for key, value in settings.items()
                }
            result = call.function(*arguments, **settings)
            if call.op.definition.many:
                for i, slot in enumerate(call.results):
                    values[slot] = result[i]
            elif call.results:
                values[call.results[0]] = result
            for slot in call.forget:
                values[slot] = None
            arguments, result = [], None  # these too would live on, until the next call returns
        return [None if slot is None else values[slot] for slot in self.returned]

    @property
    def source(self) -> PlanSource:
        """The plan as Python source."""
        if self._source is None:
            self._source = PlanSource(self)
        return self._source

    def __str__(self) -> str:
        return self.source.text

    def failed_call(self, traceback: TracebackType | None) -> tuple[Call, list[Any]] | None:
        """The call that raised an error, and the values it was given; None if none did."""
        while traceback is not None:
            frame = traceback.tb_frame
            if frame.f_code.co_filename == COMPILED:
                call = self.calls[traceback.tb_lineno - 2]
                held = {**self.source.scope, **frame.f_locals}
                return call, [held.get(self.source.name(slot)) for slot in call.arguments]
            if frame.f_code.co_name == INTERPRETED:
                call = self.calls[frame.f_locals["position"]]
                return call, list(frame.f_locals.get("arguments", ()))
            traceback = traceback.tb_next
        return None


#: How the functions are written that belong to a plan, not to an operation.
WRITTEN = {operator.getitem: "{}[{}]", passed_on: "{}"}


class PlanSource:
    """A plan as Python source.

    Attributes
    ----------
    text
        The source: the line of call i is number i + 2.
    scope
        What the names in it stand for: kernels, constants, settings.
    """

    def __init__(self, plan: Plan) -> None:
        self.scope: dict[str, Any] = {}
        self._plan = plan
        self._names: dict[Slot, str] = {}
        self._functions: dict[Any, str] = {}
        self._taken = {"run", *keyword.kwlist}
        parameters = [self.name(slot) for slot in (VARIABLES, GENERATORS, *plan.parameters)]
        lines = [f"    {self._line(call)}" for call in plan.calls]
        returned = ", ".join("None" if s is None else self.name(s) for s in plan.returned)
        head = f"def run({', '.join(parameters)}):"
        self.text = "\n".join([head, *lines, f"    return [{returned}]"])

    def name(self, slot: Slot) -> str:
        """What a slot is called."""
        name = self._names.get(slot)
        if name is None:
            name = self._names[slot] = self._unique(self._plan.hints[slot])
            value = self._plan.values[slot]
            if value is not UNKNOWN:
                self.scope[name] = value
        return name

    def _line(self, call: Call) -> str:
        line = self._expression(call)
        if call.results:
            comma = "," if call.op.definition.many else ""
            line = f"{', '.join(map(self.name, call.results))}{comma} = {line}"
        if call.guard:
            conditions = (f"{'' if truth else 'not '}{self.name(s)}" for s, truth in call.guard)
            line = f"if {' and '.join(conditions)}: {line}"
        if call.forget:
            line += f"; del {', '.join(map(self.name, call.forget))}"
        return line

    def _expression(self, call: Call) -> str:
        given = [self.name(slot) for slot in call.arguments]
        if call.function in WRITTEN:
            return WRITTEN[call.function].format(*given)
        if call.function is call.op.definition.kernel and call.op.type in OPERATORS:
            return operator_expression(call.op.type, given)
        defaults = getattr(call.function, "__kwdefaults__", None) or {}  # need not be said again
        given += [
            f"{key}={self._setting(key, value)}"
            for key, value in call.settings.items()
            if not (key in defaults and value is defaults[key])
        ]
        return f"{self._function(call.function)}({', '.join(given)})"

    def _setting(self, key: str, value: Any) -> str:
        if isinstance(value, Slot):
            return self.name(value)
        if isinstance(value, tuple):
            items = [self._setting(key, item) for item in value]
            return f"({', '.join(items)}{',' if len(items) == 1 else ''})"
        if isinstance(value, slice):
            parts = (value.start, value.stop, value.step)
            return f"slice({', '.join(self._setting(key, part) for part in parts)})"
        if isinstance(value, int | str | type(None) | type(...)):
            return repr(value)
        if isinstance(value, float) and math.isfinite(value):
            return repr(value)
        name = self._unique(getattr(value, "name", key))
        self.scope[name] = value
        return name

    def _function(self, function: Any) -> str:
        if function not in self._functions:
            name = self._functions[function] = self._unique(function.__name__.lstrip("_"))
            self.scope[name] = function
        return self._functions[function]

    def _unique(self, hint: str) -> str:
        base = re.sub(r"\W", "_", hint)
        base = f"_{base}" if base[0].isdigit() else base
        name, count = base, 1
        while name in self._taken:
            name, count = f"{base}_{count}", count + 1
        self._taken.add(name)
        return name


#: Contexts that nobody is in. A run takes one out, as two threads cannot be in the same.
_free: list[Context] = []


def without_warnings(function: Callable[[Any], Any], argument: Any) -> Any:
    """What a function returns, run where NumPy does not warn and no other context is known."""
    try:
        context = _free.pop()
    except IndexError:
        context = Context()
        context.run(np.seterr, all="ignore")
    result = context.run(function, argument)
    _free.append(context)
    return result


def without_warnings_here(function: Callable[[Any], Any], argument: Any) -> Any:
    """The same in the caller's own context, which a learner's Python may need: to print, say."""
    with np.errstate(all="ignore"):
        return function(argument)
