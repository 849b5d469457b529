"""The program of a question: all that makes its trace again, for other numbers, as plain data.

A trace says what was; a program says how to find it again, for any inputs, seeds and stops: the
forward calls, each operation's rule as such calls, and the texts of nodes and edges. It is JSON,
and no object of the engine is in it: `program_run` runs it with the kernels alone, and so does a
page with kernels of its own. `docs/program.md` explains every field.

Rules are built once more, on placeholders for what arrives, in the graph's scratch space; one
plan of everything gives the calls.
"""

from __future__ import annotations

import base64
import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from nbgrad.core.calls import Call, Guard, Slot
from nbgrad.core.dtypes import DType
from nbgrad.core.gradients import apply_rule, match_shape
from nbgrad.core.graph import Graph, Operation, Tensor, ancestors
from nbgrad.core.plan_builder import PlanBuilder, same_value
from nbgrad.core.registry import Effect
from nbgrad.core.reverse import RuleStep, blocking_reason
from nbgrad.core.running import fed_value
from nbgrad.trace.causes import cause_of_nothing_sent
from nbgrad.trace.formulas import function_name
from nbgrad.trace.local_derivatives import SymbolicEdge, edges_between
from nbgrad.trace.model import Node, plain
from nbgrad.trace.numbers import Numbers
from nbgrad.trace.record import Recorder
from nbgrad.trace.symbols import partial
from nbgrad.trace.tensors import arguments_of, is_movable, shown_as

#: The number of the format that is written here; `program_run` reads no other.
FORMAT = 1

#: The dtypes that a page has arrays for.
PAGE_DTYPES = frozenset(
    "float64 float32 int64 int32 int16 int8 uint32 uint16 uint8 bool".split()  # noqa: SIM905
)

#: Arrays of more elements are written as their bytes.
MOST_WRITTEN = 32

#: Whole numbers beyond it are no longer exact where all numbers are of double precision.
LARGEST_WHOLE = 2**53

#: What a call may do besides computing results from operands.
PURE = (Effect.NONE, Effect.CONSTANT, Effect.ENTERS_BRANCH, Effect.LEAVES_BRANCH)

#: What a node has that nobody needs to be told.
NODE_DEFAULTS = {"dtype": "float32", "expression": "", "elementwise": False, "cells": ""}
NODE_DEFAULTS |= {"subscripts": "", "symbol": "", "line": ""}


def program_of(
    recorder: Recorder,
    values: Mapping[Tensor, Any] | None = None,
    seeds: Sequence[Any] | None = None,
    kernels: Collection[str] | None = None,
) -> dict[str, Any]:
    """The program of what a recorder was made for, where nothing is stopped.

    Parameters
    ----------
    recorder
        The ys with respect to the xs.
    values
        The value of all that is given and not computed; else the recorder's fixed ones.
    seeds
        The seed of each y; else those that the recorder was made with.
    kernels
        The types of operations that can be computed where the program runs; None for all.
    """
    if recorder.stopped:
        raise ValueError("A program is of a recorder without stops: they are given when it runs.")
    given = recorder.fixed_values({}) if values is None else values
    if seeds is None:
        seeds = recorder.values_of(recorder.reverse.seeds, given)
    fed = {tensor: fed_value(tensor, value) for tensor, value in given.items()}
    return Writer(recorder, fed, kernels).program(seeds)


class Writer:
    """Writes one program; a slot of the plan becomes a number, and every tensor has its own."""

    def __init__(
        self, recorder: Recorder, values: Mapping[Tensor, Any], kernels: Collection[str] | None
    ) -> None:
        self._recorder, self._values, self._kernels = recorder, values, kernels
        self._reverse = reverse = recorder.reverse
        self._between = set(reverse.between)
        graph = reverse.graph
        with graph.scratch():
            self._began = graph.next_index
            self._steps = {step.op: on_placeholders(step, graph) for step in reverse.steps}
            rules = [*self._steps.values()]
            edges = edges_between(recorder.computed, recorder.labels, rules, recorder.tracked)
            self._plan = PlanBuilder(self._fetches(edges), [*values, *self._arriving()])
        self._edges = edges
        self._numbers: dict[Slot, int] = {}
        self._tensors: dict[Tensor, int] = {}
        self._unsupported: dict[str, None] = {}
        self._taken: set[int] = set()
        self._next = itertools.count()
        self._copies: list[Any] = []

    def _fetches(self, edges: Sequence[SymbolicEdge]) -> list[Tensor]:
        """Everything that a run needs: the values shown, what is sent, the factors."""
        sent = (dx for step in self._steps.values() for dx in self._wanted(step))
        carried = (tensor for edge in edges for tensor in (edge.sent, edge.factor))
        results = (z for op in self._reverse.between for z in op.outputs)
        found = [*self._recorder.nodes, *results, *self._reverse.ys, *sent, *carried]
        return [tensor for tensor in dict.fromkeys(found) if tensor is not None]

    def _arriving(self) -> Iterator[Tensor]:
        """The placeholders for what arrives at the operations."""
        return (dz for step in self._steps.values() for dz in step.dzs if dz is not None)

    def _wanted(self, step: RuleStep) -> list[Tensor | None]:
        """What a rule sends; nothing where nobody looks at what arrives."""
        pairs = zip(step.op.inputs, step.sent, strict=True)
        return [dx if x.op in self._recorder.tracked else None for x, dx in pairs]

    # The parts ------------------------------------------------------------------------------

    def program(self, seeds: Sequence[Any]) -> dict[str, Any]:
        """The whole program."""
        recorder, reverse = self._recorder, self._reverse
        used = self._used()
        given = [tensor for tensor in self._values if self._plan.slots[tensor] in used]
        inputs = [self._input(tensor) for tensor in given]
        forward, rules = self._calls()
        operations = [self._operation(op, rules) for op in reverse.between]
        nodes = [*map(self._node, recorder.nodes, recorder.blanks.nodes)]
        index = {op: k for k, op in enumerate(reverse.between)}
        edges = [self._edge(edge, index) for edge in self._edges]
        ys = [self._y(y, seed) for y, seed in zip(reverse.ys, seeds, strict=True)]
        held = (
            (number, self._plan.names.values.get(slot)) for slot, number in self._numbers.items()
        )
        return {
            "format": FORMAT,
            "inputs": inputs,
            "constants": [[k, as_array(value)] for k, value in held if is_value(value)],
            "forward": forward + self._copies,
            "operations": operations,
            "integers": self._integers(),
            "nodes": nodes,
            "edges": edges,
            "ys": ys,
            "xs": [*recorder.blanks.xs],
            "unsupported": [*self._unsupported],
        }

    def _used(self) -> set[Slot]:
        """The slots that anything is read from."""
        ends = [*self._recorder.nodes, *self._reverse.ys]
        read = {slot for call in self._plan.calls for slot in call.reads()}
        sent = (dx for step in self._steps.values() for dx in self._wanted(step) if dx is not None)
        carried = (t for edge in self._edges for t in (edge.sent, edge.factor) if t is not None)
        return read | {self._plan.slots[tensor] for tensor in (*ends, *sent, *carried)}

    def _input(self, tensor: Tensor) -> dict[str, Any]:
        """A tensor that is given: a variable, a placeholder, a random draw."""
        recorder, value = self._recorder, np.asarray(self._values[tensor])
        shown = tensor in recorder.ids
        dtype = tensor.dtype
        leaf = is_movable(tensor) or (tensor in recorder.xs and not tensor.op.inputs)
        real = dtype.is_floating or dtype.is_integer or dtype.is_bool
        self._check_dtype(dtype.name, tensor.op, value)
        return without_defaults(
            {
                "node": recorder.ids.get(tensor),
                "label": recorder.labels[tensor].text if shown else "",
                "slot": self._own(tensor),
                "value": as_array(value),
                "movable": shown and leaf and real,
            },
            {"node": None, "label": "", "movable": False},
        )

    def _operation(self, op: Operation, rules: Mapping[Operation, list[Any]]) -> dict[str, Any]:
        """An operation between xs and ys, with its rule if a gradient comes to it."""
        reverse, tracked = self._reverse, self._recorder.tracked
        step = self._steps.get(op)
        rule = None
        if step is not None:
            rule = {
                "arriving": [None if dz is None else self._own(dz) for dz in step.dzs],
                "calls": rules.get(op, []),
                "sent": [None if dx is None else self._slot(dx) for dx in self._wanted(step)],
            }
        ends = op in reverse.stopped
        return without_defaults(
            {
                "name": op.name,
                "inputs": [self._own(x) if x.op in tracked else None for x in op.inputs],
                "outputs": [self._own(z) for z in op.outputs],
                "node": self._recorder.ids.get(shown_as(op.outputs[0])),
                "ends": ends,
                "blocks": "stopped" if ends else blocking_reason(op, reverse),
                "untrained": [i for i, z in enumerate(op.outputs) if not z.dtype.is_trainable],
                "function": self._arguments(op) if function_name(op) else None,
                "rule": rule,
            },
            {"node": None, "ends": False, "untrained": [], "function": None, "rule": None}
            | {"blocks": "stopped" if ends else "rule"},
        )

    def _arguments(self, op: Operation) -> list[int]:
        """Of a function with a gradient of its own: its arguments among the tensors shown."""
        arguments = map(shown_as, arguments_of(op))
        return [self._own(x) for x in arguments if x in self._plan.slots]

    def _integers(self) -> list[int]:
        """The integers between xs and ys that something on the way to a y reads."""
        towards_ys = set(ancestors(self._reverse.ys))
        results = [z for op in self._reverse.between for z in op.outputs]
        whole = (z for z in results if not z.dtype.is_trainable)
        return [self._own(z) for z in whole if not towards_ys.isdisjoint(z.consumers())]

    def _node(self, tensor: Tensor, blank: Node) -> dict[str, Any]:
        """A node without its numbers, and where its value stands."""
        whole = plain(blank)
        for name in ("value", "adjoint", "seed", "shape", "stopped", "requested"):
            del whole[name]
        defaults = {
            "latex": blank.expression,
            "path": blank.name.rpartition(":")[0],
            **NODE_DEFAULTS,
        }
        self._check_dtype(tensor.dtype.name, tensor.op)
        return {**without_defaults(whole, defaults), "slot": self._own(tensor)}

    def _edge(self, edge: SymbolicEdge, index: Mapping[Operation, int]) -> dict[str, Any]:
        """An edge as it is when nothing is stopped, and where its numbers stand."""
        recorder, reverse, op = self._recorder, self._reverse, edge.target.op
        blank, source = recorder.blank_edge(edge), recorder.labels[edge.source].text
        whole: dict[str, Any] = {
            "source": blank.source,
            "target": blank.target,
            "position": edge.position,
            "operation": index.get(op),
        }
        local = blank.local
        if edge.sent is None or local is None:
            nothing = cause_of_nothing_sent(op, edge.source, reverse)
            return without_defaults({**whole, "nothing": nothing}, {"operation": None})
        switch = self._switch(edge)
        whole |= {
            "switch": switch and index[switch],
            "sent": self._slot(edge.sent),
            "factor": None if edge.factor is None else self._slot(edge.factor),
            "symbol": local.symbol,
            "formula": local.formula,
            "latex": local.latex,
            "uses": [*local.uses],
            "gate": edge.gate,
            "whole": [edge.whole.text, edge.whole.latex]
            if edge.whole and edge.factor is not None
            else None,
        }
        symbol = partial(recorder.labels[edge.target].text, source)
        defaults = {"symbol": symbol, "latex": local.formula, "uses": [], "gate": False}
        defaults |= {"operation": None, "switch": None, "factor": None, "whole": None}
        return without_defaults(whole, defaults)

    def _switch(self, edge: SymbolicEdge) -> Operation | None:
        """Of an edge into a `cond`: the operation by which its value goes into a branch."""
        found = (
            op
            for op, step in self._steps.items()
            if op.effect is Effect.ENTERS_BRANCH and step.sent[0] is edge.sent
        )
        return next(found, None)

    def _y(self, y: Tensor, seed: Any) -> dict[str, Any]:
        """A y, and what its reverse pass starts with."""
        node = self._recorder.ids[shown_as(y)]
        return {"node": node, "slot": self._own(y), "seed": as_array(seed)}

    # Calls ----------------------------------------------------------------------------------

    def _calls(self) -> tuple[list[Any], dict[Operation, list[Any]]]:
        """The forward calls, and those of the rules, each with the operation it belongs to."""
        owners = self._owners()
        forward: list[Any] = []
        rules: dict[Operation, list[Any]] = {}
        for call in self._plan.calls:
            if call.function is call.op.definition.shares:
                continue  # what it would share, each operation does for itself
            if call.op.index < self._began:
                forward.append(self._call(call, call.op))
                continue
            for op in owners.get(call.results[0], ()):
                rules.setdefault(op, []).append(self._call(call, op))
        return forward, rules

    def _owners(self) -> dict[Slot, dict[Operation, None]]:
        """For each slot that rules use, the operations whose rules they are."""
        sent = ((op, dx) for op, step in self._steps.items() for dx in self._wanted(step))
        along = (
            (self._switch(edge) or edge.target.op, tensor)
            for edge in self._edges
            for tensor in (edge.sent, edge.factor)
        )
        owners: dict[Slot, dict[Operation, None]] = {}
        for op, tensor in (*sent, *along):
            if tensor is not None:
                owners.setdefault(self._plan.slots[tensor], {})[op] = None
        for call in reversed(self._plan.calls):
            found = [owners[result] for result in call.results if result in owners]
            for slot in call.reads():
                owners.setdefault(slot, {}).update(*found[:1])
        return owners

    def _call(self, call: Call, owner: Operation) -> list[Any]:
        """A call as `[type, arguments, results, attributes, guard]`, as far as there are any."""
        op, settings = call.op, call.settings
        self._check_call(call, owner)
        op_type = "Identity" if call.function is same_value else op.type
        defaults = op.definition.kernel.__kwdefaults__ or {}
        attributes = {
            key: self._attribute(value)
            for key, value in settings.items()
            if key != "shared" and not (key in defaults and is_default(value, defaults[key]))
        }
        if op.type in ("StridedSlice", "StridedSliceGrad"):
            index = attributes["index"]
            attributes["index"] = index if isinstance(index, list) else [index]
        if op.type == "IdentityN":
            attributes = {}
        arguments, results = (
            [self._number(slot) for slot in each] for each in (call.arguments, call.results)
        )
        return shortened([op_type, arguments, results, attributes, self._guard(call.guard)])

    def _attribute(self, value: Any) -> Any:
        """An attribute as JSON; `{"slot": 7}` stands for what a run finds."""
        if isinstance(value, Slot):
            return {"slot": self._number(value)}
        if isinstance(value, slice):
            return {"slice": [*map(self._attribute, (value.start, value.stop, value.step))]}
        if isinstance(value, list | tuple):
            return [*map(self._attribute, value)]
        if isinstance(value, DType):
            return value.name
        if value is Ellipsis:
            return "..."
        if isinstance(value, np.ndarray | np.generic):
            return self._attribute(value.tolist())
        if isinstance(value, float) and not np.isfinite(value):
            return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
        return value if value is None or isinstance(value, bool | int | float | str) else None

    def _check_call(self, call: Call, owner: Operation) -> None:
        """Name what cannot be computed where there are these kernels alone."""
        op = call.op
        kernel = call.function is op.definition.kernel or call.function is same_value
        known = self._kernels is None or op.type in self._kernels or call.function is same_value
        if op.effect not in PURE or not kernel or not known:
            self._unsupported[f"{op.type} (created {owner.line})"] = None
        for z in op.outputs:
            self._check_dtype(z.dtype.name, owner)

    def _check_dtype(self, dtype: str, op: Operation, value: Any = None) -> None:
        large = value is not None and dtype == "int64" and np.any(np.abs(value) > LARGEST_WHOLE)
        if dtype not in PAGE_DTYPES or large:
            self._unsupported[f"{dtype} (created {op.line})"] = None

    # Slots ----------------------------------------------------------------------------------

    def _number(self, slot: Slot) -> int:
        """The number of a slot of the plan."""
        if slot not in self._numbers:
            self._numbers[slot] = next(self._next)
        return self._numbers[slot]

    def _slot(self, tensor: Tensor) -> int:
        """Where the value of a tensor stands; several may share it."""
        return self._number(self._plan.slots[tensor])

    def _own(self, tensor: Tensor) -> int:
        """The slot that is this tensor's alone, so that gradients can be collected under it."""
        if tensor not in self._tensors:
            number = self._slot(tensor)
            if number in self._taken:
                number = self._copy(number, tensor)
            self._taken.add(number)
            self._tensors[tensor] = number
        return self._tensors[tensor]

    def _copy(self, number: int, tensor: Tensor) -> int:
        """The number of a new slot, with the call that copies another into it."""
        guard = self._guard(self._plan.guard(tensor.op.branch))
        copy = next(self._next)
        self._copies.append(shortened(["Identity", [number], [copy], {}, guard]))
        return copy

    def _guard(self, guard: Guard) -> list[Any]:
        """What a call in a branch of a `cond` waits for."""
        return [[self._number(slot), truth] for slot, truth in guard]


def on_placeholders(step: RuleStep, graph: Graph) -> RuleStep:
    """An operation's turn once more, on placeholders for what arrives."""
    op = step.op
    with graph.inside(op.branch):
        arriving = [
            None
            if dz is None
            else graph.apply("Placeholder", dtype=dz.dtype, shape=dz.static_shape)
            for dz in step.dzs
        ]
        dxs = apply_rule(op, arriving)
        return RuleStep(op, arriving, dxs, [match_shape(op, i, dx) for i, dx in enumerate(dxs)])


def shortened(call: list[Any]) -> list[Any]:
    """A call without empty parts at its end."""
    while not call[-1]:
        call.pop()
    return call


def is_value(value: Any) -> bool:
    """Whether what a plan holds is a value, and no kernel or setting."""
    return isinstance(value, np.ndarray | np.generic | bytes)


def as_array(value: Any) -> dict[str, Any]:
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
    return type(value) is type(default) and bool(value == default)
