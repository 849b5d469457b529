"""From a graph to a Trace: nodes, edges and steps are built once, and run for any numbers.

`Recorder.__init__` builds all that is known before there is any number, in the graph's scratch
space; `Recorder.record` fills it with the numbers of one run. An edge is one operand position of
one operation: what the reverse pass sends along it, and the derivative, which is the gradient rule
once more, with ones arriving.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nbgrad.core.endpoints import as_list, without_names
from nbgrad.core.errors import is_ours
from nbgrad.core.graph import Operation, Tensor, ancestors, graph_of
from nbgrad.core.notebook import get_default_session
from nbgrad.core.registry import gradient_rule
from nbgrad.core.reverse import RuleStep, apply_rule, match_shape, reverse_pass
from nbgrad.core.running import feeds_of
from nbgrad.core.session import Session
from nbgrad.core.traits import Effect
from nbgrad.ops.sources import ones_like, zeros_like
from nbgrad.trace import formulas
from nbgrad.trace.assembly import (
    Carried,
    Run,
    assembled,
    cause_of_none,
    cause_of_nothing_sent,
    steps_of,
)
from nbgrad.trace.cells import KINDS, subscripts_of
from nbgrad.trace.formulas import Formula, bar
from nbgrad.trace.labels import labels_of, paths_of
from nbgrad.trace.model import Adjoint, Edge, Local, Node, Numbers, Trace
from nbgrad.trace.records import grouped
from nbgrad.trace.tensors import (
    default_xs,
    initial_tensor,
    role_of,
    shown_as,
    shown_tensors,
    switches_into,
    tensors_of_ys,
    unique,
    with_readings,
)

#: Operations that only repeat their operand, or that places of elements do not matter to.
BY_ELEMENT = ("Spread", "BroadcastTo", "Fill", "ZerosLike", "OnesLike", "Shape", "Size")


class Recorder:
    """Traces of ys with respect to xs under some stops, for any numbers.

    Tensors may be given by their names in the graph of a session; xs that are None are the default.
    It has for each tensor shown, `nodes`, its label, the id of its node, and its adjoint; `blank`
    is the trace without its numbers.
    """

    def __init__(
        self,
        ys: Any,
        xs: Any,
        grad_ys: Any = None,
        stop_gradients: Any = None,
        fixed_values: Mapping[Tensor, Any] | None = None,
        session: Session | None = None,
    ) -> None:
        ys, xs, stop_gradients = without_names(session, ys, xs, stop_gradients)
        if xs is None:
            xs = default_xs(tensors_of_ys(ys))
        self.graph = graph = graph_of(*as_list(ys), *as_list(xs))
        with graph.scratch():
            self.reverse = reverse = reverse_pass(ys, xs, grad_ys, stop_gradients)
            self.ys = unique(map(shown_as, reverse.ys))
            self.xs = unique(map(shown_as, reverse.xs))
            shown = shown_tensors({*reverse.ys, *reverse.xs})
            self.nodes = [*shown]
            self.ids = {tensor: f"n{i}" for i, tensor in enumerate(shown)}
            self._numbers = {tensor: number for tensor, number in shown.items() if number}
            self._paths = paths_of(self.nodes)
            self.labels = labels_of(self.nodes, self.xs, self._numbers)
            self._known = with_readings(self.labels)
            # The operations whose adjoints are shown: what comes to a constant is of no use.
            self.tracked = {*reverse.between, *(y.op for y in self.ys)}
            self.edges = self.edges_through(reverse.steps)
            self.totals = {t: reverse.total(t) for t in self.nodes if t.op in self.tracked}
        self.stopped = {shown_as(tensor).op for tensor in as_list(stop_gradients or [])}
        self._alike = grouped(self.edges, lambda edge: (edge.target, edge.source))
        self.blank = self._blank()
        self._fixed_values = fixed_values
        self._session = Session(graph=graph)
        # Seeds may depend on variables too, though they are not shown.
        self._behind = ancestors([*reverse.ys, *reverse.xs, *reverse.seeds])
        self._variables = [op.outputs[0] for op in self._behind if op.is_variable]
        carried = (tensor for edge in self.edges for tensor in (edge.sent, edge.factor))
        needed = (*self.nodes, *self.totals.values(), *reverse.seeds, *carried)
        self._fetches = unique(tensor for tensor in needed if tensor is not None)

    # What is known before there is any number ---------------------------------------------------

    def _blank(self) -> Trace:
        """The trace without its numbers."""
        nodes, edges = map(self._blank_node, self.nodes), map(self.blank_edge, self.edges)
        ys, xs = (tuple(self.ids[tensor] for tensor in ends) for ends in (self.ys, self.xs))
        reached = {self.ids[tensor] for tensor, total in self.totals.items() if total is not None}
        blank = Trace(tuple(nodes), tuple(edges), (), ys, xs)
        return replace(blank, steps=tuple(steps_of(blank, reached)))

    def _blank_node(self, tensor: Tensor) -> Node:
        """The node without its numbers."""
        op = tensor.op
        known = tensor in self._numbers
        operands = []
        for x in () if known else formulas.operands(op):
            if shown_as(x) in self.labels:
                operands.append(formulas.of_name(self.labels[shown_as(x)].text))
            else:  # written as what it is made from
                operands.append(formulas.express(x, self._known))
        formula = formulas.on_card(op, operands) if operands else Formula("", "")
        adjoint = Adjoint("not run")
        if self.totals.get(tensor) is None and (tensor in self.xs or op in self.reverse.between):
            cause, at = cause_of_none(tensor, self.reverse)
            adjoint = Adjoint("none", cause, None if at is None else self.ids.get(shown_as(at)))
        return Node(
            id=self.ids[tensor],
            name=tensor.name,
            label=self.labels[tensor].text,
            expression=formula.text,
            latex=formula.latex,
            op_type=op.type,
            symbol=formulas.function_name(op) or op.definition.notation.symbol,
            role=role_of(tensor, self.ys, self.xs, self._numbers),
            shape=(),
            dtype=tensor.dtype.name,
            line=op.line,
            requested=tensor in self.xs,
            stopped=op in self.stopped and bool(op.inputs) and not known,
            value=Numbers(np.zeros(())),
            adjoint=adjoint,
            elementwise=op.definition.elementwise,
            cells=KINDS.get(op.type, ""),
            subscripts=subscripts_of(op),
            path=self._paths[op.name],
        )

    def blank_edge(self, edge: SymbolicEdge) -> Edge:
        """The edge without its numbers."""
        source, target = self.ids[edge.source], self.ids[edge.target]
        ends = (f"e{target[1:]}.{edge.position}", source, target, edge.position)
        op, formula = edge.target.op, edge.formula
        if edge.sent is None or formula is None:
            arrived = self.reverse.reached(op) and op in self.reverse.between
            nothing = cause_of_nothing_sent(op, edge.source, self.reverse)
            return Edge(*ends, cause=nothing if arrived else "no path")
        operand = formulas.operand_number(
            edge, self._alike[edge.target, edge.source], formulas.result_count(op)
        )
        symbol = formulas.partial(
            self.labels[edge.target].text, self.labels[edge.source].text, operand
        )
        uses = tuple(self.ids[tensor] for tensor in edge.uses)
        is_factor = edge.factor is not None
        return Edge(*ends, Local(symbol, formula.text, formula.latex, is_factor, uses=uses))

    def edges_through(self, rule_steps: Sequence[RuleStep]) -> list[SymbolicEdge]:
        """The edges, for these turns of operations; builds others in the current graph."""
        steps = {step.op: step for step in rule_steps}
        edges: list[SymbolicEdge] = []
        for z in self.nodes:
            if z in self._numbers:
                continue
            if any(operand.op.branch is not None for operand in z.op.inputs):
                edges += self._edges_of_choice(z, steps)
                continue
            sources = enumerate(map(shown_as, z.op.inputs))
            bare = [SymbolicEdge(x, z, position) for position, x in sources if x in self.labels]
            step = steps.get(z.op)
            edges += bare if step is None else self._derived(bare, z, step)
        return edges

    def _edges_of_choice(
        self, z: Tensor, steps: Mapping[Operation, RuleStep]
    ) -> Iterator[SymbolicEdge]:
        """The edges into what `cond` returns: its predicate, and what its branches read."""
        predicate = shown_as(z.op.inputs[0])
        if predicate in self.labels:
            yield SymbolicEdge(predicate, z, 0)
        through = formulas.of_name(f"{bar(self.labels[z].text)} through the branch taken")
        for position, switch in enumerate(switches_into(z.op), start=1):
            source = shown_as(switch.inputs[0])
            if source in self.labels:
                sent = steps[switch].sent[0] if switch in steps else None
                formula = None if sent is None else through
                yield SymbolicEdge(source, z, position, sent, formula=formula, gate=True)

    def _derived(
        self, edges: Sequence[SymbolicEdge], z: Tensor, step: RuleStep
    ) -> Iterator[SymbolicEdge]:
        """The edges into z with what is sent along them, and the derivative."""
        sent, rules = sent_through(z, step)
        ones, arriving = ones_like(z), step.dzs[z.value_index]
        factors = apply_rule(z.op, gradient_of_one_result(z, ones, step))
        # Two ways to read a rule: with ones arriving it is the factor, else the whole.
        as_factor = ChainMap({ones: formulas.of_number(1)}, self._known)
        barred = formulas.of_name(bar(self._known[z].text))
        as_whole = ChainMap({} if arriving is None else {arriving: barred}, self._known)
        for edge in edges:
            rule, factor = rules[edge.position], factors[edge.position]
            if z.op.inputs[edge.position].op not in self.tracked or rule is None or factor is None:
                yield edge
                continue
            inside = operations_inside(factor, as_factor)
            by_element = all(map(is_by_element, inside))
            read = (factor, as_factor) if by_element else (rule, as_whole)
            formula = formulas.express(factor, as_factor) if by_element else None
            whole = None
            if not by_element or not has_builtin_rule(z.op):
                whole = formulas.express(rule, as_whole)
            yield replace(
                edge,
                sent=sent[edge.position],
                factor=factor if by_element else None,
                formula=formula or whole,
                whole=whole,
                gate=any(map(is_choice, inside)),
                uses=tensors_used(*read),
            )

    # Runs -------------------------------------------------------------------------------------

    def fixed_values(self, feeds: Mapping[Tensor, Any]) -> Mapping[Tensor, Any]:
        """The initial values of variables, and one draw of each random tensor.

        They are found in the first run: what is fed may decide the shape of a random tensor.
        """
        if self._fixed_values is None:
            starts = {variable: initial_tensor(variable.op) for variable in self._variables}
            known = {tensor: start for tensor, start in starts.items() if start is not None}
            found = dict(zip(known, self.values_of(list(known.values()), feeds), strict=True))
            # What is drawn inside a branch of `cond` has no value where the other one is taken.
            drawn = (op for op in self._behind if op.effect is Effect.RANDOM and op.branch is None)
            random = [t for op in drawn for t in op.outputs]
            draws = self.values_of(random, {**found, **feeds})
            self._fixed_values = found | dict(zip(random, draws, strict=True))
        return self._fixed_values

    def values_given(self, feed_dict: Any, session: Session | None) -> dict[Tensor, Any]:
        """The values of all tensors that are given and not computed.

        Variables have their values in the session, by default the default one; those it does not
        hold take their initial ones.
        """
        fed = feeds_of(feed_dict, self.graph)
        values = dict(self.fixed_values(fed))
        if session := session or get_default_session():
            unfed = (variable for variable in self._variables if variable not in fed)
            if held := [*filter(session.holds, unfed)]:
                values.update(zip(held, session.run(held), strict=True))
        return {**values, **fed}

    def values_of(self, tensors: Sequence[Tensor], feeds: Mapping[Tensor, Any]) -> list[Any]:
        """The values of some tensors, given those of others; variables may be among them."""
        # In a session of its own: a trace must not assign to the user's variables.
        fed = {}
        for tensor, value in feeds.items():
            if tensor.op.is_variable:
                self._session.load(tensor, value)
            else:
                fed[tensor] = value
        return self._session.run(list(tensors), fed)

    def record(self, feed_dict: Any = None, session: Session | None = None) -> Trace:
        """The trace for these values of any tensors or variables; see `values_given`."""
        feeds = self.values_given(feed_dict, session)
        values = dict(zip(self._fetches, self.values_of(self._fetches, feeds), strict=True))
        return assembled(self.blank, self._run(values))

    def _run(self, values: Mapping[Tensor, Any]) -> Run:
        """The numbers of a run, each at the node or the edge that it belongs to."""
        ids, carried = self.ids, {}
        seeds: dict[str, Any] = {}
        for y, seed in zip(self.reverse.ys, self.reverse.seeds, strict=True):
            # A y that is listed twice starts with the sum of its seeds.
            key = ids[shown_as(y)]
            seeds[key] = seeds[key] + values[seed] if key in seeds else values[seed]
        totals = {ids[z]: values[total] for z, total in self.totals.items() if total is not None}
        for edge, blank in zip(self.edges, self.blank.edges, strict=True):
            if edge.sent is not None:
                whole = (edge.whole.text, edge.whole.latex) if edge.whole else None
                factor = None if edge.factor is None else values[edge.factor]
                carried[blank.id] = Carried(values[edge.sent], factor, edge.gate, whole)
        return Run({ids[z]: values[z] for z in self.nodes}, totals, seeds, carried)


def total_and_partial(
    ys: Any, xs: Any, grad_ys: Any, stop_gradients: Any, feed_dict: Any, session: Session | None
) -> tuple[Trace, Trace]:
    """Two traces of one run, of the total derivatives, which stop nowhere, and of the partial ones.

    These stop where asked, and hold the other xs fixed, which is what `stop_gradients=xs` does.
    """
    total = Recorder(ys, xs, grad_ys, session=session)
    fixed = total.fixed_values(feeds_of(feed_dict, total.graph))
    stops = [*as_list(stop_gradients or []), *total.reverse.xs]
    partly = Recorder(ys, total.reverse.xs, grad_ys, stops, fixed, session)
    return total.record(feed_dict, session), partly.record(feed_dict, session)


# Edges ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SymbolicEdge:
    """One operand position of one operation, seen from a result that is shown."""

    source: Tensor
    target: Tensor
    position: int
    sent: Tensor | None = None  # by the reverse pass
    factor: Tensor | None = None  # of what arrives, where the rule multiplies by element
    formula: Formula | None = None  # the factor, or else the whole rule
    whole: Formula | None = None  # of a user's rule: does it multiply?
    gate: bool = False  # whether the rule chooses by a comparison, as relu does
    uses: tuple[Tensor, ...] = ()  # the tensors that the formula reads


def operations_inside(derivative: Tensor, known: Container[Tensor]) -> list[Operation]:
    """The operations that compute a derivative from what is known, in the order of creation."""
    waiting, found = [derivative], set[Operation]()
    while waiting:
        tensor = waiting.pop()
        if tensor not in known and tensor.op not in found:
            found.add(tensor.op)
            waiting += tensor.op.inputs
    return sorted(found, key=lambda op: op.index)


def tensors_used(derivative: Tensor, known: ChainMap[Tensor, Formula]) -> tuple[Tensor, ...]:
    """The tensors that a derivative is computed from; `known` begins with what arrives."""
    inside = operations_inside(derivative, known)
    operands = [t for op in inside for t in formulas.operands(op)] or [derivative]
    arriving, nodes = known.maps
    return tuple(unique(shown_as(t) for t in operands if t in nodes and t not in arriving))


def sent_through(z: Tensor, step: RuleStep) -> tuple[list[Tensor | None], list[Tensor | None]]:
    """The gradients sent to each operand by way of one result, in its shape and before.

    A rule is linear in what arrives at all results, so the share of one is what it sends when
    nothing arrives at the others.
    """
    if len(z.op.outputs) == 1:
        return step.sent, step.dxs
    dxs = apply_rule(z.op, gradient_of_one_result(z, step.dzs[z.value_index], step))
    return [match_shape(z.op, i, dx) for i, dx in enumerate(dxs)], dxs


def gradient_of_one_result(
    z: Tensor, gradient: Tensor | None, step: RuleStep
) -> list[Tensor | None]:
    """A gradient for one result of an operation, and zeros for the others."""
    return [
        gradient if other is z else None if dz is None else zeros_like(other)
        for other, dz in zip(z.op.outputs, step.dzs, strict=True)
    ]


def is_choice(op: Operation) -> bool:
    """Whether an operation looks only on which side of a threshold a number lies."""
    return op.type == "Step" or any(tensor.dtype.is_bool for tensor in op.inputs)


def is_by_element(op: Operation) -> bool:
    """Whether an operation leaves every element in its place."""
    if op.type == "Select":  # its condition may also choose between whole rows
        return op.inputs[0].static_shape == op.outputs[0].static_shape
    return op.definition.elementwise or op.type in BY_ELEMENT or not op.inputs


def has_builtin_rule(op: Operation) -> bool:
    """Whether an operation's gradient rule is nbgrad's: it multiplies where it looks so."""
    by_learner = formulas.function_name(op) or op.attributes.get("gradient") is not None
    return not by_learner and is_ours(gradient_rule(op))
