"""Names in a graph; what the `with` blocks around a line do to its operations.

`name_scope` names them, `control_dependencies` makes them wait for others,
`gradient_override_map` gives them another gradient rule, a branch of a `cond` lets them run
only when it is taken. None of these touches an operation that exists already.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import gc
import re
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from nbgrad.core.errors import Lines, advise
from nbgrad.core.registry import OpDef
from nbgrad.core.traits import Effect

T = TypeVar("T")
Self = TypeVar("Self", bound="Scopes")

VALID_NAME = re.compile(r"^[A-Za-z0-9.][A-Za-z0-9_.\\\-/]*$")
is_valid_name = functools.lru_cache(1024)(VALID_NAME.match)
VALID_INNER_SCOPE = re.compile(r"^[A-Za-z0-9_.\\\-/]*$")


@contextlib.contextmanager
def changed(it: Any, **attributes: Any) -> Iterator[None]:
    """A `with` inside which attributes of an object have other values."""
    before = {name: getattr(it, name) for name in attributes}
    vars(it).update(attributes)
    try:
        yield
    finally:
        vars(it).update(before)


@contextlib.contextmanager
def collector_paused() -> Iterator[None]:
    """A `with` in which Python does not look for garbage; what a reverse pass builds is none."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class Names:
    """The names taken in one graph, and the scope that new names go to."""

    def __init__(self) -> None:
        self.scope = ""
        self.taken: dict[str, int] = {}  # with the number to try next

    def unique(self, name: str) -> str:
        """`name` within the current scope, with `_1`, `_2`, … where it is taken.

        Names that differ only in case count as equal: some file systems cannot tell the
        files apart that tools write for them.
        """
        if name.endswith("/"):
            return name[:-1]  # a scope's own name, to be used as it stands
        if not is_valid_name(name):
            raise ValueError(
                f"'{name}' is not a valid node name\nA name starts with a letter, a digit or a "
                "dot, and goes on with these and with _ - / \\."
            )
        return self.claim(name)

    def claim(self, name: str) -> str:
        if self.scope:
            name = f"{self.scope}/{name}"
        taken = self.taken
        key = name.lower()
        count = taken.get(key)
        if count is None:
            taken[key] = 1
            return name
        while (candidate := f"{key}_{count}") in taken:
            count += 1
        taken[candidate] = 1
        # Where it stood, the search may start again: counting from one each time would make
        # the ten-thousandth "mul" ten thousand times slower to name than the first.
        taken[key] = count + 1
        return candidate if name == key else f"{name}_{count}"

    def requested(self, name: str) -> str:
        """A name as it was given: without the number that `unique` put to it."""
        base, _, number = name.rpartition("_")
        numbered = number.isdecimal() and int(number) < self.taken.get(base.lower(), 0)
        return base if numbered else name

    def scope_called(self, name: str | None) -> str:
        """The scope that a `with` of this name enters."""
        if not name:
            return ""
        if name.endswith("/"):
            return name[:-1]
        if not (VALID_INNER_SCOPE if self.scope else VALID_NAME).match(name):
            raise ValueError(f"'{name}' is not a valid scope name")
        return self.claim(name)


class Scopes:
    """The blocks in force while a graph is built, innermost last."""

    # What else a graph has.
    _operations: list[Any]
    apply: Callable[..., Any]
    as_graph_element: Callable[..., Any]

    def __init__(self) -> None:
        self.names = Names()
        self._lookup = Lookup()
        self._controllers: list[Controller] = []
        self._overrides: dict[str, Override] = {}
        self._uses_branches = False
        self.branch: Branch | None = None
        # The user's lines that new operations stand in, None to look for them at each: a reverse
        # pass stands in one, but for what a learner's rule builds.
        self.lines: Lines | None = None

    def as_default(self: Self) -> contextlib.AbstractContextManager[Self]:
        """A `with` inside which operations without a tensor among their operands go here."""
        return default_graphs.holding(self)

    def _put_in_scope(self, op: Any) -> None:
        """Let the blocks in force have their effect on a new operation."""
        if self._controllers:
            sources = {tensor.op for tensor in op.inputs}
            for controller in self._controllers:
                controller.govern(op, sources)
        if self._overrides and op.type in self._overrides:
            override = self._overrides[op.type]
            op.gradient_type, override.used = override.rule, True

    @contextlib.contextmanager
    def name_scope(self, name: str | None) -> Iterator[str]:
        """A `with` inside which the names of new operations begin with "name/"; it yields that.

        A name that ends in "/" enters that very scope again; None or "" leads to the top.
        """
        scope = self.names.scope_called(name)
        with changed(self.names, scope=scope):
            yield f"{scope}/" if scope else ""

    def get_name_scope(self) -> str:
        """The scope that new names go to, such as "layer"; "" outside of any."""
        return self.names.scope

    def requested_name(self, name: str) -> str:
        """The name that an operation was given: "x" of "x_1", when "x" was taken."""
        return self.names.requested(name)

    def unique_name(self, name: str, mark_as_used: bool = True) -> str:
        """The name that an operation would get now, which is taken from then on if so marked."""
        names = self.names if mark_as_used else copy.deepcopy(self.names)
        return names.unique(name)

    @contextlib.contextmanager
    def control_dependencies(self, control_inputs: Iterable[Any] | None) -> Iterator[None]:
        """A `with` inside which new operations run after others, though they read nothing of them.

        `control_inputs` are tensors, variables or operations; None lifts every such rule.
        """
        controllers = []
        if control_inputs is not None:
            elements = [self.as_graph_element(item) for item in control_inputs]
            ops = [getattr(element, "op", element) for element in elements]
            controllers = [*self._controllers, Controller(ops)]
        with changed(self, _controllers=controllers):
            yield

    @contextlib.contextmanager
    def gradient_override_map(self, op_type_map: Mapping[str, str]) -> Iterator[None]:
        """A `with` inside which new operations get their gradient from the rule of another name.

        The map leads from types of operations to names given to `RegisterGradient`. It warns
        where it had no effect: where no operation of a type in it was created.
        """
        pairs = op_type_map.items() if isinstance(op_type_map, Mapping) else [(None, None)]
        if not all(isinstance(text, str) for pair in pairs for text in pair):
            raise TypeError("op_type_map must be a dictionary mapping strings to strings")
        inner = {op_type: Override(rule) for op_type, rule in op_type_map.items()}
        with changed(self, _overrides={**self._overrides, **inner}):
            yield
        for op_type, override in inner.items():
            if not override.used:
                warnings.warn(
                    f"gradient_override_map({{{op_type!r}: {override.rule!r}}}) had no effect:\n"
                    f"no operation of type {op_type!r} was created inside its `with` block.\n"
                    "Create the operation there, and look up its type with `tensor.op.type`.",
                    stacklevel=3,  # the learner's `with`
                )

    @contextlib.contextmanager
    def scratch(self) -> Iterator[None]:
        """A `with` after which the graph forgets the operations built inside.

        They stay alive, and can be run, for as long as somebody holds them. Tracing and
        exploring build their reverse passes here, so that looking at a graph never changes
        it, and a finalized graph can be looked at too.
        """
        mark = len(self._operations)
        names = changed(self.names, taken=dict(self.names.taken))
        try:
            with changed(self, finalized=False), names:
                yield
        finally:
            del self._operations[mark:]
            if self._lookup.count > mark:
                self._lookup = Lookup()

    @property
    def lookup(self) -> Lookup:
        """Where operations are found; brought up to date when somebody asks, and few graphs are."""
        for op in self._operations[self._lookup.count :]:
            self._lookup.add(op)
        return self._lookup

    def inside(self, branch: Branch | None) -> contextlib.AbstractContextManager[None]:
        """A `with` inside which new operations run only when that branch of a `cond` is taken."""
        self._uses_branches = self._uses_branches or branch is not None
        return changed(self, branch=branch)

    def _inside_branch(self, definition: OpDef, tensors: tuple[Any, ...]) -> tuple[Any, ...]:
        """The operands of a new operation, as they may be used in the branch in force."""
        if definition.effect in (Effect.ENTERS_BRANCH, Effect.LEAVES_BRANCH):
            return tensors  # the switches themselves
        changes = definition.effect in (Effect.SETS, Effect.CHANGES, Effect.PEEKS)
        # To be changed, a variable is a place and not a value: it passes no switch.
        return tuple(
            t if changes and t.op.is_variable else self._through_switches(t) for t in tensors
        )

    def _through_switches(self, tensor: Any) -> Any:
        """A tensor from outside enters each branch through a switch of its own.

        The switch is where a gradient finds out whether the branch was taken at all.
        """
        branch = self.branch
        if tensor.op.branch is branch:
            return tensor
        if branch is None:
            raise ValueError(
                advise(
                    f"Operation {tensor.op.name!r} has been marked as not fetchable.",
                    tensor.op,
                    "It is inside a branch of tf.cond, which may not run. Use what cond returns.",
                )
            )
        switch = branch.switches.get(tensor)
        # A switch built in the graph's scratch space is gone from the graph by now.
        if switch is None or self.lookup.by_name.get(switch.op.name) is not switch.op:
            with self.inside(branch.outer):
                outside = self._through_switches(tensor)
            switch = branch.switches[tensor] = self.apply("Switch", outside, branch=branch)
        return switch


class Lookup:
    """The operations of a graph by name, and those that read each tensor, in order."""

    def __init__(self) -> None:
        self.count = 0
        self.by_name: dict[str, Any] = {}
        self.readers: dict[Any, list[Any]] = {}

    def add(self, op: Any) -> None:
        self.count += 1
        self.by_name[op.name] = op
        for x in op.inputs:
            self.readers.setdefault(x, []).append(op)


@dataclass(eq=False)
class Branch:
    """One side of a `cond`: its operations run only where `predicate` has this value."""

    predicate: Any
    value: bool
    outer: Branch | None  # the one that the `cond` itself stands in
    switches: dict[Any, Any] = field(default_factory=dict)  # for each tensor outside, that inside


class Controller:
    """The operations named in one `control_dependencies`, and those created under it."""

    def __init__(self, ops: Sequence[Any]) -> None:
        self.ops = list(dict.fromkeys(ops))
        self._governed: set[Any] = set()

    def govern(self, op: Any, sources: set[Any]) -> None:
        """Let `op` wait for this controller's operations, unless what it reads does already."""
        if self._governed.isdisjoint(sources):
            known = {*sources, *op.control_inputs}
            op.control_inputs += tuple(c for c in self.ops if c not in known)
        self._governed.add(op)


@dataclass
class Override:
    """The gradient rule that one type of operation is to have, and whether any got it."""

    rule: str
    used: bool = False


class DefaultStack(threading.local, Generic[T]):
    """A stack of defaults, such as the graphs entered with `with`; one for each thread."""

    def __init__(self) -> None:
        self.items: list[T] = []

    @property
    def top(self) -> T | None:
        return self.items[-1] if self.items else None

    @contextlib.contextmanager
    def holding(self, item: T) -> Iterator[T]:
        """`item` is the default inside the `with`."""
        self.items.append(item)
        try:
            yield item
        finally:
            # By identity and from the end: interactive sessions may close in any order.
            position = max(i for i, held in enumerate(self.items) if held is item)
            del self.items[position]


#: The graphs, and the sessions, entered with `with`; a session is anything that can `run`.
default_graphs: DefaultStack[Any] = DefaultStack()
default_sessions: DefaultStack[Any] = DefaultStack()


def session_for(session: Any, problem: str, method: str, colon: str = "") -> Any:
    """`session`, or else the default one."""
    found = session or default_sessions.top
    if found is None:
        raise ValueError(
            f"{problem}: No default session is registered. Use `with sess.as_default(){colon}` or "
            f"pass an explicit session to `{method}(session=sess)`"
        )
    return found
