"""From a graph to a Trace: build the reverse pass once, then run it for any numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from nbgrad.graph import Tensor, ancestors, graph_of
from nbgrad.ops.subscripts import subscripts_of
from nbgrad.registry import Effect
from nbgrad.reverse_mode import reverse_pass
from nbgrad.reverse_mode.endpoints import as_list
from nbgrad.session import Session
from nbgrad.session.feeding import feeds_of
from nbgrad.tracing import formulas
from nbgrad.tracing.causes import adjoint_with_cause, arrivals_at, cause_of_none, why_kept
from nbgrad.tracing.drawn import drawn_tensors, initial_value, itself, role_of, with_readings
from nbgrad.tracing.functions import called, result_count
from nbgrad.tracing.labels import SUBSCRIPTS, labels_of
from nbgrad.tracing.linearity import is_product
from nbgrad.tracing.model import Trace
from nbgrad.tracing.numbers import Numbers
from nbgrad.tracing.parts import Adjoint, Edge, Local, Node
from nbgrad.tracing.settled import settled_among
from nbgrad.tracing.steps import steps_of
from nbgrad.tracing.symbolic_edges import SymbolicEdge, edges_between, followed

Item = TypeVar("Item")


class Recorder:
    """Traces of one question, "ys with respect to xs under these stops", for any numbers.

    The reverse pass and the local derivatives are built once, in the graph's scratch space;
    `record` only runs them. So moving a slider builds nothing.

    Parameters
    ----------
    ys, xs, grad_ys, stop_gradients
        As for `nbgrad.gradients`.
    held_still
        Values of variables and random tensors that are not to be drawn anew.
    """

    def __init__(
        self,
        ys: Any,
        xs: Any,
        grad_ys: Any = None,
        stop_gradients: Any = None,
        held_still: Mapping[Tensor, Any] | None = None,
    ) -> None:
        graph = graph_of(*as_list(ys), *as_list(xs))
        with graph.scratch():
            self.sweep = sweep = reverse_pass(ys, xs, grad_ys, stop_gradients)
            self.ys = unique(itself(y) for y in sweep.ys)
            self.xs = unique(itself(x) for x in sweep.xs)
            self.nodes = drawn_tensors(sweep.ys, sweep.xs)
            ends = {*sweep.ys, *sweep.xs}
            numbers = settled_among(ancestors(ends), ends)
            self.settled = {tensor: numbers[tensor] for tensor in self.nodes if tensor in numbers}
            self.labels = labels_of(self.nodes, self.xs, self.settled)
            self.ids = {tensor: f"n{i}" for i, tensor in enumerate(self.nodes)}
            computed = [tensor for tensor in self.nodes if tensor not in self.settled]
            self.symbolic_edges = edges_between(computed, self.labels, sweep)
            told = followed(sweep)
            self.totals = {t: sweep.total(t) for t in self.nodes if t.op in told}
        self.graph = graph
        self.stopped = {itself(tensor).op for tensor in as_list(stop_gradients or [])}
        self.into = grouped(self.symbolic_edges, lambda edge: edge.target)
        self.out_of = grouped(self.symbolic_edges, lambda edge: edge.source)
        self.seeds = grouped(zip(sweep.ys, sweep.seeds, strict=True), lambda pair: itself(pair[0]))
        self.blank_nodes = {tensor: self._blank_node(tensor) for tensor in self.nodes}
        self._blank_edges = {edge: self._blank_edge(edge) for edge in self.symbolic_edges}
        blanks = [*self.blank_nodes.values()], [*self._blank_edges.values()]
        reached = {self.ids[tensor] for tensor, total in self.totals.items() if total is not None}
        self._steps = tuple(steps_of(*blanks, [self.ids[y] for y in self.ys], reached))
        # Weights may depend on variables too, though they are not drawn.
        self._given = ancestors([*sweep.ys, *sweep.xs, *sweep.seeds])
        self._variables = [op.outputs[0] for op in self._given if op.is_variable]
        self._session = Session(graph=graph)
        self.held_still = self._initial_values() if held_still is None else held_still
        self._wanted = unique(
            tensor
            for tensor in (
                *self.nodes,
                *self.totals.values(),
                *sweep.seeds,
                *(carried for edge in self.symbolic_edges for carried in (edge.sent, edge.factor)),
            )
            if tensor is not None
        )

    def _blank_node(self, tensor: Tensor) -> Node:
        """The node without its numbers."""
        op = tensor.op
        known = tensor in self.settled
        operands = [] if known else [self._written(x) for x in formulas.operands(op)]
        written = formulas.on_card(op, operands) if operands else formulas.name("")
        total = self.totals.get(tensor)
        adjoint = Adjoint("not run")
        if total is None and (tensor in self.xs or op in self.sweep.between):
            cause, at = cause_of_none(tensor, self.sweep)
            adjoint = Adjoint("none", cause, None if at is None else self.ids.get(itself(at)))
        return Node(
            id=self.ids[tensor],
            name=tensor.name,
            label=self.labels[tensor].text,
            expression=written.text,
            latex=written.latex,
            op_type=op.type,
            symbol=called(op) or op.definition.notation.symbol,
            role=role_of(tensor, self.ys, self.xs, self.settled),
            shape=(),
            dtype=tensor.dtype.name,
            line=op.line,
            requested=tensor in self.xs,
            stopped=op in self.stopped and bool(op.inputs),
            value=Numbers(np.zeros(())),
            adjoint=adjoint,
            elementwise=op.definition.elementwise,
            cells=op.definition.cells,
            subscripts=subscripts_of(op),
        )

    def _written(self, operand: Tensor) -> formulas.Formula:
        """An operand by its label; what is not drawn, as what it is made from."""
        label = self.labels.get(itself(operand))
        if label is None:
            return formulas.express(operand, with_readings(self.labels))
        return formulas.name(label.text)

    def _blank_edge(self, edge: SymbolicEdge) -> Edge:
        """The edge without its numbers."""
        source, target = self.ids[edge.source], self.ids[edge.target]
        ends = (f"e{target[1:]}.{edge.position}", source, target, edge.position)
        op = edge.target.op
        if edge.sent is None or edge.formula is None:
            arrived = self.sweep.reached(op) and op in self.sweep.between
            cause = why_kept(op, edge.source, self.sweep) if arrived else "no path"
            return Edge(*ends, cause=cause)
        twins = [e for e in self.into[edge.target] if e.source == edge.source]
        # As a derivative of x·x, "∂a/∂x = x" is false: it is the first operand's share.
        operand = str(edge.position - result_count(op) + 1)
        place = operand.translate(SUBSCRIPTS) if len(twins) > 1 else ""
        symbol = f"∂{place}{self.labels[edge.target].text}/∂{self.labels[edge.source].text}"
        formula = edge.formula
        uses = tuple(self.ids[tensor] for tensor in edge.uses)
        is_factor = edge.factor is not None
        return Edge(*ends, Local(symbol, formula.text, formula.latex, is_factor, uses=uses))

    def _initial_values(self) -> dict[Tensor, Any]:
        """Values to hold still: initial ones of variables, and one draw of each random tensor."""
        start = {variable: initial_value(variable.op) for variable in self._variables}
        start |= {t: t for op in self._given if op.effect is Effect.RANDOM for t in op.outputs}
        known = {tensor: source for tensor, source in start.items() if source is not None}
        if not known:
            return {}
        return dict(zip(known, self._session.run(list(known.values())), strict=True))

    def record(self, feed_dict: Any = None, session: Session | None = None) -> Trace:
        """The trace for these numbers.

        Parameters
        ----------
        feed_dict
            Values for any tensors or variables.
        session
            Where variables have their values; those it does not hold take their initial ones.
        """
        feeds = dict(self.held_still)
        if session is not None:
            held = [variable for variable in self._variables if session.holds(variable)]
            feeds.update(zip(held, session.run(held), strict=True))
        feeds.update(feeds_of(feed_dict, self.graph))
        values = dict(zip(self._wanted, self.values_of(self._wanted, feeds), strict=True))
        return self._trace(values)

    def values_of(self, tensors: Sequence[Tensor], feeds: Mapping[Tensor, Any]) -> list[Any]:
        """The values of some tensors, given those that are not computed."""
        # In a session of our own: looking must not assign to anybody's variables.
        fed = {}
        for tensor, value in feeds.items():
            if tensor.op.is_variable:
                self._session.load(tensor, value)
            else:
                fed[tensor] = value
        return self._session.run(list(tensors), fed)

    def _trace(self, values: Mapping[Tensor, Any]) -> Trace:
        adjoints: dict[Tensor, Adjoint] = {}
        nodes = []
        # From the last node to the first: the cause of a zero may lie further on.
        for tensor in reversed(self.nodes):
            seed = self._seed(tensor, values)
            blank, total = self.blank_nodes[tensor], self.totals.get(tensor)
            adjoint = blank.adjoint
            if total is not None:
                arrivals = arrivals_at(self.out_of.get(tensor, ()), values, self.ids, adjoints)
                adjoint = adjoint_with_cause(blank.id, values[total], seed, arrivals)
            adjoints[tensor] = adjoint
            value = Numbers(values[tensor])
            nodes.append(
                replace(
                    blank,
                    value=value,
                    shape=value.shape,
                    adjoint=adjoint,
                    seed=None if seed is None else Numbers(seed),
                )
            )
        return Trace(
            nodes=tuple(reversed(nodes)),
            edges=tuple(self._edge(edge, values) for edge in self.symbolic_edges),
            steps=self._steps,
            ys=tuple(self.ids[y] for y in self.ys),
            xs=tuple(self.ids[x] for x in self.xs),
        )

    def _seed(self, tensor: Tensor, values: Mapping[Tensor, Any]) -> Any:
        """The weight of a y; of one that is listed twice, the sum."""
        weights = [values[seed] for _, seed in self.seeds.get(tensor, ())]
        return sum(weights[1:], weights[0]) if weights else None

    def _edge(self, edge: SymbolicEdge, values: Mapping[Tensor, Any]) -> Edge:
        blank = self._blank_edges[edge]
        if edge.sent is None or blank.local is None:
            return blank
        sent, local = values[edge.sent], blank.local
        if edge.factor is not None:
            factor = values[edge.factor]
            local = replace(local, value=Numbers(factor))
            if edge.whole is not None and not self._multiplies(edge, factor, values):
                formula, latex = edge.whole.text, edge.whole.latex
                local = replace(local, formula=formula, latex=latex, is_factor=False, value=None)
        return replace(blank, local=local, contribution=Numbers(sent))

    def _multiplies(self, edge: SymbolicEdge, factor: Any, values: Mapping[Tensor, Any]) -> bool:
        """Whether the rule that a person wrote has multiplied what arrived."""
        arriving = self.totals.get(edge.target)
        if arriving is None or edge.sent is None:
            return True
        return is_product(values[edge.sent], values[arriving], factor)


def unique(items: Iterable[Item]) -> list[Item]:
    """The items in their order, each once."""
    return list(dict.fromkeys(items))


def grouped(items: Iterable[Item], key: Callable[[Item], Tensor]) -> dict[Tensor, list[Item]]:
    """The items in lists by key."""
    groups: dict[Tensor, list[Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups
