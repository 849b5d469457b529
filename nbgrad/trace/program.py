"""The program of a question: all that makes its trace again, for other numbers, as plain data.

A trace says what was; a program says how to find it again, for any inputs, seeds and stops: the
forward calls, each operation's rule as such calls, and the texts of nodes and edges. It is JSON,
for a page with kernels of its own; `docs/program.md` explains every field.

Rules are built once more, on placeholders for what arrives, in the graph's scratch space; one
plan of everything gives the calls.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain, count
from typing import Any

import numpy as np

from nbgrad.core.dtypes import DType
from nbgrad.core.gradients import blocking_reason
from nbgrad.core.graph import Operation, Tensor, ancestors
from nbgrad.core.plan import Call, Guard, Slot, same_value
from nbgrad.core.plan_builder import PlanBuilder
from nbgrad.core.reverse import RuleStep, apply_rule, match_shape
from nbgrad.core.running import fed_value
from nbgrad.core.traits import Effect
from nbgrad.trace.assembly import cause_of_nothing_sent
from nbgrad.trace.formulas import function_name, partial
from nbgrad.trace.model import Node
from nbgrad.trace.numbers import Numbers, as_json
from nbgrad.trace.record import Recorder, SymbolicEdge
from nbgrad.trace.records import plain
from nbgrad.trace.tensors import arguments_of, is_movable, shown_as

#: The number of the format that is written here; a page reads no other.
FORMAT = 1

# What is left out of an entry, because most would say it. -----------------------------------

INPUT_DEFAULTS = {"node": None, "label": "", "movable": False}
OPERATION_DEFAULTS: dict[str, Any] = {
    **dict.fromkeys(["node", "function", "rule"]),
    **{"ends": False, "blocks": "rule", "untrained": []},
}
NODE_DEFAULTS: dict[str, Any] = {
    **dict.fromkeys(["expression", "cells", "subscripts", "symbol", "line"], ""),
    **{"dtype": "float32", "elementwise": False},
}
EDGE_DEFAULTS: dict[str, Any] = {
    **dict.fromkeys(["operation", "switch", "factor", "whole"]),
    **{"uses": [], "gate": False},
}

#: The dtypes that a page has arrays for.
PAGE_DTYPES = {
    *("float64", "float32", "bool"),
    *("int64", "int32", "int16", "int8", "uint32", "uint16", "uint8"),
}

#: Arrays of more elements are written as their bytes.
MOST_WRITTEN = 32

#: Larger whole numbers are not exact where all numbers are of double precision.
LARGEST_WHOLE = 2**53

#: What operations may be besides functions of their operands.
PURE = (Effect.NONE, Effect.CONSTANT, Effect.ENTERS_BRANCH, Effect.LEAVES_BRANCH)

#: What a node has only in a run.
OF_A_RUN = ("value", "adjoint", "seed", "shape", "stopped", "requested")


def program_of(
    recorder: Recorder,
    values: Mapping[Tensor, Any] | None = None,
    seeds: Sequence[Any] | None = None,
    kernels: Collection[str] | None = None,
) -> dict[str, Any]:
    """The program of what a recorder was made for, where nothing is stopped.

    `values` are those of all that is given and not computed, else the recorder's fixed ones;
    `kernels` the types of operations that can be computed where the program runs, None for all.
    """
    if recorder.stopped:
        raise ValueError("A program is of a recorder without stops: they are given when it runs.")
    given = recorder.fixed_values({}) if values is None else values
    if seeds is None:
        seeds = recorder.values_of(recorder.reverse.seeds, given)
    fed = {tensor: fed_value(tensor, value) for tensor, value in given.items()}
    return ProgramWriter(recorder, fed, kernels).program(seeds)


class ProgramWriter:
    """Writes the program of one recorder."""

    def __init__(
        self, recorder: Recorder, values: Mapping[Tensor, Any], kernels: Collection[str] | None
    ) -> None:
        self._recorder, self._values = recorder, values
        self._reverse = reverse = recorder.reverse
        self._refused: list[Operation] = []
        self._indices = {op: k for k, op in enumerate(reverse.between)}
        with reverse.graph.scratch():
            self._began = reverse.graph.next_index
            self._steps = {step.op: self._on_placeholders(step) for step in reverse.steps}
            steps = [*self._steps.values()]
            self._switches = {s.sent[0]: s.op for s in steps if s.op.effect is Effect.ENTERS_BRANCH}
            self._edges = recorder.edges_through(steps)
            arriving = (dz for step in steps for dz in step.dzs if dz is not None)
            self._plan = PlanBuilder([*self._needed()], [*values, *arriving])
        self._calls = CallWriter(self._plan, kernels)
        for op in self._refused:
            self._calls.refuse(f"the gradient rule of {op.type}", op)

    def _on_placeholders(self, step: RuleStep) -> RuleStep:
        """An operation's turn once more, on placeholders for what arrives.

        It sends nothing where nobody looks at what arrives, such as to a constant.
        """
        op, tracked = step.op, self._recorder.tracked
        with op.graph.inside(op.branch):
            arriving = [None if dz is None else placeholder_like(dz) for dz in step.dzs]
            try:
                dxs = apply_rule(op, arriving)
            except Exception:  # a learner's own rule may ask more of what arrives
                self._refused.append(op)
                arriving, dxs = step.dzs, step.dxs
            sent = [
                match_shape(op, i, dx) if x.op in tracked else None
                for i, (x, dx) in enumerate(zip(op.inputs, dxs, strict=True))
            ]
        return RuleStep(op, arriving, dxs, sent)

    def _needed(self) -> Iterator[Tensor]:
        """Everything that a run finds: the values shown, what is sent, the factors."""
        results = chain.from_iterable(op.outputs for op in self._reverse.between)
        sent = (tensor for _, tensor in self._sent())
        yield from chain(self._recorder.nodes, self._reverse.ys, results, sent)

    def _sent(self) -> Iterator[tuple[Operation, Tensor]]:
        """What the rules send and the factors, each with the operation whose rule finds it."""
        for op, step in self._steps.items():
            yield from ((op, dx) for dx in step.sent if dx is not None)
        for edge in self._edges:
            op = self._sender(edge)
            yield from ((op, each) for each in (edge.sent, edge.factor) if each is not None)

    def _sender(self, edge: SymbolicEdge) -> Operation:
        """The operation whose rule sends along an edge; into a `cond`, that of the way in."""
        return self._switches.get(edge.sent, edge.target.op)

    def program(self, seeds: Sequence[Any]) -> dict[str, Any]:
        """The whole program."""
        recorder, reverse, own = self._recorder, self._reverse, self._calls.own_slot
        read = {slot for call in self._plan.calls for slot in call.reads()}
        read |= {self._plan.slots[tensor] for tensor in self._needed()}
        inputs = [self._input(given) for given in self._values if self._plan.slots[given] in read]
        forward, rules = self._forward_and_rules()
        parts = {
            "operations": [self._operation(op, rules.get(op, [])) for op in reverse.between],
            "integers": self._integers(),
            "nodes": [*map(self._node, recorder.nodes, recorder.blank.nodes)],
            "edges": [*map(self._edge, self._edges)],
            "ys": [
                {"node": recorder.ids[shown_as(y)], "slot": own(y), "seed": array_as_json(seed)}
                for y, seed in zip(reverse.ys, seeds, strict=True)
            ],
            "xs": [*recorder.blank.xs],
        }
        # Constants and copies are known when all the others have asked for their slots.
        return {
            "format": FORMAT,
            "inputs": inputs,
            "constants": self._calls.constants(),
            "forward": forward + self._calls.copies,
            **parts,
            "unsupported": [*self._calls.unsupported],
        }

    def _input(self, tensor: Tensor) -> dict[str, Any]:
        """A tensor that is given: a variable, a placeholder, a random draw."""
        recorder, value, dtype = self._recorder, self._values[tensor], tensor.dtype
        shown = tensor in recorder.ids
        leaf = is_movable(tensor) or (tensor in recorder.xs and not tensor.op.inputs)
        real = dtype.is_floating or dtype.is_integer or dtype.is_bool
        self._calls.check_dtype(tensor, tensor.op, value)
        whole = {
            "node": recorder.ids.get(tensor),
            "label": recorder.labels[tensor].text if shown else "",
            "slot": self._calls.own_slot(tensor),
            "value": array_as_json(value),
            "movable": shown and leaf and real,
        }
        return without_defaults(whole, INPUT_DEFAULTS)

    def _operation(self, op: Operation, calls: list[Any]) -> dict[str, Any]:
        """An operation between xs and ys, with its rule if a gradient comes to it."""
        own, slot = self._calls.own_slot, self._calls.slot
        tracked, step = self._recorder.tracked, self._steps.get(op)
        ends = op in self._reverse.stopped
        arguments = map(shown_as, arguments_of(op)) if function_name(op) else ()
        whole: dict[str, Any] = {
            "name": op.name,
            "inputs": [own(x) if x.op in tracked else None for x in op.inputs],
            "outputs": [own(z) for z in op.outputs],
            "node": self._recorder.ids.get(shown_as(op.outputs[0])),
            "ends": ends,
            # An end is a stop in every run, and needs no other reason.
            "blocks": "rule" if ends else blocking_reason(op, self._reverse),
            "untrained": [i for i, z in enumerate(op.outputs) if not z.dtype.is_trainable],
            "function": [own(x) for x in arguments if x in self._plan.slots] or None,
        }
        if step:
            arriving, sent = [*map(slot, step.dzs)], [*map(slot, step.sent)]
            whole["rule"] = {"arriving": arriving, "calls": calls, "sent": sent}
        return without_defaults(whole, OPERATION_DEFAULTS)

    def _integers(self) -> list[int]:
        """The integers between xs and ys that something on the way to a y reads."""
        towards_ys = set(ancestors(self._reverse.ys))
        results = chain.from_iterable(op.outputs for op in self._reverse.between)
        whole = (z for z in results if not z.dtype.is_trainable)
        return [self._calls.own_slot(z) for z in whole if not towards_ys.isdisjoint(z.consumers())]

    def _node(self, tensor: Tensor, blank: Node) -> dict[str, Any]:
        """A node without its numbers, and where its value stands."""
        self._calls.check_dtype(tensor, tensor.op, tensor.op.attributes.get("value"))
        whole = {key: value for key, value in plain(blank).items() if key not in OF_A_RUN}
        name = blank.name.rpartition(":")[0]
        defaults = {**NODE_DEFAULTS, "latex": blank.expression, "path": name}
        return {**without_defaults(whole, defaults), "slot": self._calls.own_slot(tensor)}

    def _edge(self, edge: SymbolicEdge) -> dict[str, Any]:
        """An edge as it is when nothing is stopped, and where its numbers stand."""
        recorder, op = self._recorder, edge.target.op
        blank = recorder.blank_edge(edge)
        local, sender, by_rule = blank.local, self._sender(edge), edge.whole
        whole: dict[str, Any] = {
            "source": blank.source,
            "target": blank.target,
            "position": edge.position,
            "operation": self._indices.get(op),
        }
        if edge.sent is None or local is None:
            whole["nothing"] = cause_of_nothing_sent(op, edge.source, self._reverse)
            return without_defaults(whole, EDGE_DEFAULTS)
        whole |= {
            "switch": None if sender is op else self._indices[sender],
            "sent": self._calls.slot(edge.sent),
            "factor": self._calls.slot(edge.factor),
            "symbol": local.symbol,
            "formula": local.formula,
            "latex": local.latex,
            "uses": [*local.uses],
            "gate": edge.gate,
            "whole": [by_rule.text, by_rule.latex] if by_rule and edge.factor is not None else None,
        }
        # Most symbols and formulas are as one would write them.
        symbol = partial(recorder.labels[edge.target].text, recorder.labels[edge.source].text)
        usual = {"symbol": symbol, "latex": local.formula}
        return without_defaults(whole, EDGE_DEFAULTS | usual)

    def _forward_and_rules(self) -> tuple[list[Any], dict[Operation, list[Any]]]:
        """The forward calls, and those of the rules, each with the operation it belongs to."""
        owners = self._owners()
        forward: list[Any] = []
        rules: dict[Operation, list[Any]] = {}
        for call in self._plan.calls:
            if call.function is call.op.definition.shares:
                continue  # what it would share, each operation does for itself
            if call.op.index < self._began:
                forward.append(self._calls.call(call, call.op))
            else:
                for op in dict.fromkeys(op for slot in call.results for op in owners.get(slot, ())):
                    rules.setdefault(op, []).append(self._calls.call(call, op))
        return forward, rules

    def _owners(self) -> dict[Slot, dict[Operation, None]]:
        """For each slot that rules use, the operations whose rules they are."""
        owners: dict[Slot, dict[Operation, None]] = {}
        for op, tensor in self._sent():
            owners.setdefault(self._plan.slots[tensor], {})[op] = None
        for call in reversed(self._plan.calls):
            for found in [owners[result] for result in call.results if result in owners]:
                for slot in call.reads():
                    owners.setdefault(slot, {}).update(found)
        return owners


def placeholder_like(z: Tensor) -> Tensor:
    made: Tensor = z.graph.apply("Placeholder", dtype=z.dtype, shape=z.static_shape)
    return made


# Calls and slots --------------------------------------------------------------------------------


class CallWriter:
    """Writes the calls of one plan; remembers what cannot be computed with some kernels alone.

    A plan names its slots, and two tensors may share one where nothing needs to be computed. Here
    they have numbers; a tensor under which gradients are collected has one of its own.
    """

    def __init__(self, plan: PlanBuilder, kernels: Collection[str] | None) -> None:
        self.copies: list[Any] = []  # into second slots, for tensors that need one of their own
        self.unsupported: dict[str, None] = {}  # in order, with the lines that made it
        self._plan, self._kernels = plan, kernels
        self._next = count()
        self._numbers: dict[Slot, int] = defaultdict(self._next.__next__)
        self._own: dict[Tensor, int] = {}
        self._taken: set[int] = set()

    def slot(self, tensor: Tensor | None) -> int | None:
        """Where the value of a tensor stands, if there is one; several may share it."""
        return None if tensor is None else self._numbers[self._plan.slots[tensor]]

    def own_slot(self, tensor: Tensor) -> int:
        """The slot that is this tensor's alone, so that gradients can be collected under it."""
        if tensor not in self._own:
            number = self._numbers[self._plan.slots[tensor]]
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
        held = ([number, values.get(slot)] for slot, number in self._numbers.items())
        # Beside values, a plan holds kernels and settings.
        kinds = (np.ndarray, np.generic, bytes)
        return [[slot, array_as_json(value)] for slot, value in held if isinstance(value, kinds)]

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
        slots = ([self._numbers[slot] for slot in each] for each in (call.arguments, call.results))
        attributes = self._attributes(call, op_type)
        return without_empty_end([op_type, *slots, attributes, self._guard(call.guard)])

    def _guard(self, guard: Guard) -> list[Any]:
        return [[self._numbers[slot], truth] for slot, truth in guard]

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
            return {"slot": self._numbers[value]}
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
    return Numbers(value).to_dict(MOST_WRITTEN)


def without_defaults(whole: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """The entries that say something."""
    return {k: v for k, v in whole.items() if k not in defaults or not is_default(v, defaults[k])}


def is_default(value: Any, default: Any) -> bool:
    """Whether it is the default itself, and not 0 for False."""
    return type(value) is type(default) and bool(value == default)
