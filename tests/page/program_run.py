"""A program, run: forward, and back from the last operation to the first, to a Trace.

No graph is needed for it, and no gradient rule: rules are calls like any others. The page does
the same with kernels of its own (`widgets/static/program.js`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from nbgrad.core.dtypes import BY_NAME
from nbgrad.core.registry import REQUIRED, OpDef, definition_of
from nbgrad.trace.assembly import CAUSES, Carried, Run, assembled, steps_of
from nbgrad.trace.formulas import partial
from nbgrad.trace.model import Adjoint, Edge, Local, Node, Numbers, Trace
from nbgrad.trace.program import FORMAT, NODE_DEFAULTS
from nbgrad.trace.records import grouped

Values = dict[int, Any]

#: Words that stand for numbers which JSON has not.
NOT_FINITE = {"NaN": np.nan, "Infinity": np.inf, "-Infinity": -np.inf}


def run_program(
    program: Mapping[str, Any],
    inputs: Mapping[str, Any] | None = None,
    seeds: Mapping[str, Any] | None = None,
    stopped: Collection[str] = (),
) -> Trace:
    """The trace of a program for some inputs and seeds, by label, and the ids of stopped nodes.

    What is not given has the value that stands in the program.

    Raises
    ------
    ValueError
        If the program is of another format.
    """
    if program.get("format") != FORMAT:
        raise ValueError(
            f"A program of format {program.get('format')!r} cannot be run; this nbgrad runs format "
            f"{FORMAT}."
        )
    return ProgramRun(program, stopped).trace(inputs or {}, seeds or {})


class ProgramRun:
    """One run of a program: what has a value, and what the reverse pass has reached.

    Attributes
    ----------
    values
        For each slot its value; none where the branch of a `cond` was not taken.
    received
        For each slot of a tensor, the gradients that came to it.
    stepped
        The indices of the operations whose rule was applied.
    """

    def __init__(self, program: Mapping[str, Any], stopped: Collection[str]) -> None:
        self._program = program
        self._operations: Sequence[Any] = program["operations"]
        self._stops = {operation_name(n["name"]) for n in program["nodes"] if n["id"] in stopped}
        self._of_result = {z: k for k, op in enumerate(self._operations) for z in op["outputs"]}
        self.values: Values = {}
        self.received: dict[int, list[Any]] = {}
        self.stepped: set[int] = set()

    def trace(self, inputs: Mapping[str, Any], seeds: Mapping[str, Any]) -> Trace:
        """The trace for these inputs and seeds."""
        program, labels = self._program, {n["id"]: n["label"] for n in self._program["nodes"]}
        with np.errstate(all="ignore"):
            for given in program["inputs"]:
                value = inputs.get(given.get("label"))
                self.values[given["slot"]] = kernel_value(given["value"], value)
            self.values |= {slot: kernel_value(value) for slot, value in program["constants"]}
            make_calls(program["forward"], self.values)
            starts = [
                (y, kernel_value(y["seed"], seeds.get(labels[y["node"]]))) for y in program["ys"]
            ]
            self._reverse(starts)
            return assembled(self._blank(), self._run(starts))

    # The reverse pass -----------------------------------------------------------------------

    def _reverse(self, starts: Sequence[tuple[Any, Any]]) -> None:
        """Send gradients from the ys back, operation by operation, from the last to the first."""
        for y, seed in starts:
            self._receive(y["slot"], seed)
        for k, op in reversed([*enumerate(self._operations)]):
            rule = op.get("rule")
            if self._is_stopped(op) or not self._reached(op) or rule is None:
                continue
            for z, arriving in zip(op["outputs"], rule["arriving"], strict=True):
                if arriving is not None:
                    found = z in self.received
                    self.values[arriving] = (
                        self._total(z) if found else zeros_like_value(self.values.get(z))
                    )
            make_calls(rule["calls"], self.values)
            for x, dx in zip(op["inputs"], rule["sent"], strict=True):
                if dx is not None:
                    self._receive(x, self.values.get(dx))
            self.stepped.add(k)

    def _receive(self, slot: int, gradient: Any) -> None:
        self.received.setdefault(slot, []).append(gradient)

    def _reached(self, op: Mapping[str, Any]) -> bool:
        """Whether any gradient has come to an operation's outputs."""
        return any(z in self.received for z in op["outputs"])

    def _is_stopped(self, op: Mapping[str, Any]) -> bool:
        """Whether nothing is sent behind an operation."""
        return op.get("ends", False) or op["name"] in self._stops

    def _total(self, slot: int) -> Any:
        """What a tensor has received, added up; None in a branch that was not taken."""
        first, *others = self.received[slot]
        for gradient in others:
            first = None if first is None or gradient is None else first + gradient
        return first

    # Why there is no gradient -----------------------------------------------------------------

    def _cause_of_none(self, slot: int) -> Adjoint:
        """Why no gradient reached a tensor, and the node where its way was cut."""
        found = [*self._blockers(slot)]
        kind = found[0][0] if found else ""
        at = [op for each, op in found if each == kind]
        if kind not in CAUSES or all(slot not in op.get("function", [slot]) for op in at):
            return Adjoint("none", "no path")
        return Adjoint("none", CAUSES[kind], at[0].get("node"))

    def _blockers(self, slot: int) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The operations on the ways from a tensor to the ys that let nothing through."""
        waiting, seen = deque([slot]), {slot}
        while waiting:
            here = waiting.popleft()
            if here in self._untrained:
                if here in self._program["integers"]:
                    yield "integer", self._operations[self._of_result[here]]
                continue
            for op in self._consumers.get(here, ()):
                if self._reached(op):
                    yield "stopped" if self._is_stopped(op) else op.get("blocks", "rule"), op
                else:
                    new = [z for z in op["outputs"] if z not in seen]
                    seen.update(new)
                    waiting.extend(new)

    @cached_property
    def _untrained(self) -> set[int]:
        """The tensors that carry no gradient."""
        return {op["outputs"][i] for op in self._operations for i in op.get("untrained", ())}

    @cached_property
    def _consumers(self) -> dict[int, list[Any]]:
        """The operations that read each tensor, in the order of creation."""
        pairs = ((x, op) for op in self._operations for x in op["inputs"] if x is not None)
        grouped_pairs = grouped(pairs, lambda pair: pair[0])
        return {x: [op for _, op in found] for x, found in grouped_pairs.items()}

    # The trace ------------------------------------------------------------------------------

    def _run(self, starts: Sequence[tuple[Any, Any]]) -> Run:
        """The numbers, each at the node or the edge that it belongs to."""
        seeds: dict[str, Any] = {}
        for y, seed in starts:
            key = y["node"]
            seeds[key] = seeds[key] + seed if key in seeds else seed
        nodes = {node["id"]: node["slot"] for node in self._program["nodes"]}
        values = {key: self.values[slot] for key, slot in nodes.items()}
        totals = {key: self._total(z) for key, z in nodes.items() if z in self.received}
        carried = {
            edge_id(edge): self._carried(edge)
            for edge in self._program["edges"]
            if self._carries(edge)
        }
        return Run(values, totals, seeds, carried)

    def _carries(self, edge: Mapping[str, Any]) -> bool:
        return "sent" in edge and edge.get("switch", edge.get("operation")) in self.stepped

    def _carried(self, edge: Mapping[str, Any]) -> Carried:
        factor, whole = edge.get("factor"), edge.get("whole")
        return Carried(
            self.values[edge["sent"]],
            None if factor is None else self.values[factor],
            edge.get("gate", False),
            whole and (whole[0], whole[1]),
        )

    def _blank(self) -> Trace:
        """The trace without its numbers, under these stops."""
        program = self._program
        nodes = tuple(self._node(node) for node in program["nodes"])
        labels = {node.id: node.label for node in nodes}
        edges = tuple(self._edge(edge, labels) for edge in program["edges"])
        ys = tuple(dict.fromkeys(y["node"] for y in program["ys"]))
        reached = {node["id"] for node in program["nodes"] if node["slot"] in self.received}
        blank = Trace(nodes, edges, (), ys, tuple(program["xs"]))
        return replace(blank, steps=tuple(steps_of(blank, reached)))

    def _node(self, node: Mapping[str, Any]) -> Node:
        """A node without its numbers."""
        given = {**NODE_DEFAULTS, "latex": node.get("expression", ""), **node}
        slot, name = given.pop("slot"), operation_name(node["name"])
        requested = node["id"] in self._program["xs"]
        adjoint = Adjoint("not run")
        if slot not in self.received and (requested or slot in self._of_result):
            adjoint = self._cause_of_none(slot)
        computed = node["role"] in ("operation", "output")
        return Node(
            **{"path": name, **given},
            shape=(),
            requested=requested,
            stopped=computed and name in self._stops,
            value=Numbers(np.zeros(())),
            adjoint=adjoint,
        )

    def _edge(self, edge: Mapping[str, Any], labels: Mapping[str, str]) -> Edge:
        """An edge without its numbers."""
        source, target = edge["source"], edge["target"]
        ends = (edge_id(edge), source, target, edge["position"])
        if not self._carries(edge):
            return Edge(*ends, cause=self._cause_of_nothing_sent(edge))
        symbol = edge.get("symbol", partial(labels[target], labels[source]))
        formula = edge["formula"]
        latex, uses = edge.get("latex", formula), tuple(edge.get("uses", ()))
        return Edge(*ends, Local(symbol, formula, latex, "factor" in edge, uses=uses))

    def _cause_of_nothing_sent(self, edge: Mapping[str, Any]) -> Any:
        """Why an edge carried nothing."""
        if "operation" not in edge or not self._reached(self._operations[edge["operation"]]):
            return "no path"
        if self._is_stopped(self._operations[edge["operation"]]):
            return "stopped"
        return edge.get("nothing", "not differentiable")


def edge_id(edge: Mapping[str, Any]) -> str:
    """The id of an edge: that of its target, and its position."""
    return f"e{edge['target'][1:]}.{edge['position']}"


def operation_name(tensor_name: str) -> str:
    """The name of the operation that makes a tensor: of "split:1", "split"."""
    return tensor_name.rpartition(":")[0]


# Values and calls ---------------------------------------------------------------------------


def kernel_value(data: Mapping[str, Any], given: Any = None) -> Any:
    """An array of a program, or one given in its place, as a kernel takes it."""
    array = Numbers.from_dict(dict(data)).array if given is None else np.asarray(given)
    return array.astype(data["dtype"], copy=False)[()]


def zeros_like_value(like: Any) -> Any:
    """Zeros in the shape of a value; nothing where there is none."""
    return None if like is None else np.zeros_like(like)[()]


def make_calls(calls: Sequence[list[Any]], values: Values) -> None:
    """Make calls in their order; not those in a branch that is not taken."""
    for call in calls:
        op_type, arguments, results = call[:3]
        attributes = call[3] if len(call) > 3 else {}
        guard = call[4] if len(call) > 4 else []
        if not all(bool(values.get(slot)) is truth for slot, truth in guard):
            continue
        operands = [values.get(slot) for slot in arguments]
        if any(operand is None for operand in operands):
            continue
        definition = definition_of(op_type)
        found = definition.kernel(*operands, **settings(definition, attributes, values))
        values.update(zip(results, found if definition.dtypes.many else [found], strict=True))


def settings(definition: OpDef, given: Mapping[str, Any], values: Values) -> dict[str, Any]:
    """The keyword arguments of a kernel; what it needs and is not given is None."""
    needed = {key: None for key, value in definition.attributes.items() if value is REQUIRED}
    return needed | {key: setting(value, values) for key, value in given.items()}


def setting(value: Any, values: Values) -> Any:
    """An attribute as a kernel takes it."""
    match value:
        case {"slot": slot}:
            return values[slot]
        case {"slice": parts}:
            return slice(*(setting(part, values) for part in parts))
        case list():
            return tuple(setting(item, values) for item in value)
        case "...":
            return Ellipsis
        case str():
            return BY_NAME.get(value, NOT_FINITE.get(value, value))
    return value
