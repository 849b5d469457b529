"""A plan as a Python function: a name for every slot, a line for every call."""

from __future__ import annotations

import keyword
import math
import operator
import re
from typing import TYPE_CHECKING, Any

from nbgrad.session.calls import Call, Slot
from nbgrad.session.constant_folding import UNKNOWN
from nbgrad.session.plan_builder import GENERATORS, VARIABLES, passed_on

if TYPE_CHECKING:
    from nbgrad.session.plan import Plan

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
        if call.function is call.op.definition.kernel and call.op.definition.inline:
            return call.op.definition.expression(given)
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
