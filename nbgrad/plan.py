"""A plan: the operations that some fetches need, in order, ready to be run again and again.

A plan is a flat list of calls: a NumPy kernel, what it is called with, and the name of what
it gives. A plan that is used again is written out as a Python function, "the chain rule,
unrolled", and compiled. One that runs only once, or is very long, runs straight from the
list: Python's compiler takes longer for a line than NumPy does for its call.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

from nbgrad.calls import GENERATORS, VARIABLES, Call, filled_in, forgetting
from nbgrad.drafting import Draft
from nbgrad.tensor import Operation, Tensor

#: Longer plans always run from the list: compiling takes about 16 µs and 5 kB a line.
COMPILE_AT_MOST = 3000

#: How the two ways of running are known in a traceback.
COMPILED, INTERPRETED = "<plan>", "run_from_list"


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


def compiled(plan: Plan) -> Callable[..., list[Any]]:
    """The plan as a Python function."""
    scope = dict(plan.constants)
    exec(compile(str(plan), COMPILED, "exec"), scope)
    run: Callable[..., list[Any]] = scope["run"]
    return run


def from_list(plan: Plan) -> Callable[..., list[Any]]:
    """The plan run call by call, without being compiled."""

    def run_from_list(variables: Any, generators: Any, *fed: Any) -> list[Any]:
        values = {**plan.constants, "variables": variables, "generators": generators}
        values.update(zip((name.text for name in plan.parameters), fed, strict=True))
        for position, call in enumerate(plan.calls):  # noqa: B007 - `failed_call` reads it
            if not all(bool(values[name.text]) is truth for name, truth in call.guard):
                continue
            arguments = [filled_in(argument, values) for argument in call.arguments]
            settings = {key: filled_in(value, values) for key, value in call.settings.items()}
            result = values[call.function.text](*arguments, **settings)
            if call.op.definition.many:
                values.update(zip((name.text for name in call.results), result, strict=True))
            elif call.results:
                values[call.results[0].text] = result
            for name in call.forget:
                del values[name.text]
        return [None if name is None else values[name.text] for name in plan.returned]

    return run_from_list
