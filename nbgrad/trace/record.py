"""From a graph to a Trace: nodes, edges and steps are built once, and run for any numbers.

`Recorder.__init__` builds all that is known before there is any number, in the graph's scratch
space; `Recorder.record` fills it with the numbers of one run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nbgrad.core.default_graph import graph_of
from nbgrad.core.endpoints import as_list, without_names
from nbgrad.core.gradients import reverse_pass
from nbgrad.core.graph import Tensor, ancestors
from nbgrad.core.operands import as_tensor
from nbgrad.core.registry import Effect
from nbgrad.core.running import feeds_of
from nbgrad.core.session import Session, get_default_session
from nbgrad.trace import formulas
from nbgrad.trace.assembly import Blanks, Carried, Run, assembled, steps_of
from nbgrad.trace.causes import cause_of_none, cause_of_nothing_sent
from nbgrad.trace.formulas import Formula, function_name, result_count
from nbgrad.trace.labels import labels_of, paths_of
from nbgrad.trace.local_derivatives import SymbolicEdge, edges_between, tracked_operations
from nbgrad.trace.model import Adjoint, Edge, Local, Node, Numbers, Trace
from nbgrad.trace.records import grouped
from nbgrad.trace.subscripts import kind_of_cells, subscripts_of
from nbgrad.trace.symbols import operand_number, partial
from nbgrad.trace.tensors import (
    default_xs,
    initial_tensor,
    known_numbers,
    role_of,
    shown_as,
    shown_tensors,
    unique,
    with_readings,
)


class Recorder:
    """Traces of ys with respect to xs under some stops, for any numbers.

    Everything is built when it is made; `record` only runs it, so moving a slider builds nothing.

    Attributes
    ----------
    reverse
        The reverse pass.
    nodes, edges
        The tensors shown, and the edges between them.
    labels, ids, totals
        For each tensor shown its label, the id of its node, and its adjoint.
    computed, tracked
        The tensors shown that are more than a number; the operations whose adjoints are.
    stopped
        The operations in stop_gradients.
    blanks
        The trace without its numbers.
    """

    def __init__(
        self,
        ys: Any,
        xs: Any,
        grad_ys: Any = None,
        stop_gradients: Any = None,
        fixed_values: Mapping[Tensor, Any] | None = None,
    ) -> None:
        self.graph = graph = graph_of(*as_list(ys), *as_list(xs))
        with graph.scratch():
            self.reverse = reverse = reverse_pass(ys, xs, grad_ys, stop_gradients)
            self.ys = unique(map(shown_as, reverse.ys))
            self.xs = unique(map(shown_as, reverse.xs))
            self.nodes = shown_tensors(reverse.ys, reverse.xs)
            self.ids = {tensor: f"n{i}" for i, tensor in enumerate(self.nodes)}
            ends = {*reverse.ys, *reverse.xs}
            numbers = known_numbers(ancestors(ends), ends)
            self._numbers = {tensor: numbers[tensor] for tensor in self.nodes if tensor in numbers}
            self._paths = paths_of(self.nodes)
            self.labels = labels_of(self.nodes, self.xs, self._numbers)
            self.computed = [tensor for tensor in self.nodes if tensor not in self._numbers]
            self.tracked = tracked_operations(reverse)
            self.edges = edges_between(self.computed, self.labels, reverse.steps, self.tracked)
            self.totals = {t: reverse.total(t) for t in self.nodes if t.op in self.tracked}
        self.stopped = {shown_as(tensor).op for tensor in as_list(stop_gradients or [])}
        self._alike = grouped(self.edges, lambda edge: (edge.target, edge.source))
        self.blanks = self._blanks()
        self._prepare_runs(fixed_values)

    # What is known before there is any number ---------------------------------------------------

    def _blanks(self) -> Blanks:
        """The trace without its numbers."""
        nodes = [self._blank_node(tensor) for tensor in self.nodes]
        edges = [self.blank_edge(edge) for edge in self.edges]
        ys, xs = (tuple(self.ids[tensor] for tensor in ends) for ends in (self.ys, self.xs))
        reached = {self.ids[tensor] for tensor, total in self.totals.items() if total is not None}
        return Blanks(nodes, edges, tuple(steps_of(nodes, edges, ys, reached)), ys, xs)

    def _blank_node(self, tensor: Tensor) -> Node:
        """The node without its numbers."""
        op = tensor.op
        known = tensor in self._numbers
        operands = [] if known else [self._operand_formula(x) for x in formulas.operands(op)]
        formula = formulas.on_card(op, operands) if operands else Formula("", "")
        total = self.totals.get(tensor)
        adjoint = Adjoint("not run")
        if total is None and (tensor in self.xs or op in self.reverse.between):
            cause, at = cause_of_none(tensor, self.reverse)
            adjoint = Adjoint("none", cause, None if at is None else self.ids.get(shown_as(at)))
        return Node(
            id=self.ids[tensor],
            name=tensor.name,
            label=self.labels[tensor].text,
            expression=formula.text,
            latex=formula.latex,
            op_type=op.type,
            symbol=function_name(op) or op.definition.notation.symbol,
            role=role_of(tensor, self.ys, self.xs, self._numbers),
            shape=(),
            dtype=tensor.dtype.name,
            line=op.line,
            requested=tensor in self.xs,
            stopped=op in self.stopped and bool(op.inputs) and not known,
            value=Numbers(np.zeros(())),
            adjoint=adjoint,
            elementwise=op.definition.elementwise,
            cells=kind_of_cells(op),
            subscripts=subscripts_of(op),
            path=self._paths[op.name],
        )

    def _operand_formula(self, operand: Tensor) -> Formula:
        """An operand by its label; what is not shown, as what it is made from."""
        label = self.labels.get(shown_as(operand))
        if label is None:
            return formulas.express(operand, with_readings(self.labels))
        return formulas.of_name(label.text)

    def blank_edge(self, edge: SymbolicEdge) -> Edge:
        """The edge without its numbers."""
        source, target = self.ids[edge.source], self.ids[edge.target]
        ends = (f"e{target[1:]}.{edge.position}", source, target, edge.position)
        op = edge.target.op
        if edge.sent is None or edge.formula is None:
            arrived = self.reverse.reached(op) and op in self.reverse.between
            nothing = cause_of_nothing_sent(op, edge.source, self.reverse)
            return Edge(*ends, cause=nothing if arrived else "no path")
        operand = operand_number(
            edge, self._alike[edge.target, edge.source], first=result_count(op)
        )
        symbol = partial(self.labels[edge.target].text, self.labels[edge.source].text, operand)
        formula = edge.formula
        uses = tuple(self.ids[tensor] for tensor in edge.uses)
        is_factor = edge.factor is not None
        return Edge(*ends, Local(symbol, formula.text, formula.latex, is_factor, uses=uses))

    # Runs -------------------------------------------------------------------------------------

    def _prepare_runs(self, fixed_values: Mapping[Tensor, Any] | None) -> None:
        reverse = self.reverse
        # Seeds may depend on variables too, though they are not shown.
        self._behind = ancestors([*reverse.ys, *reverse.xs, *reverse.seeds])
        self._variables = [op.outputs[0] for op in self._behind if op.is_variable]
        self._session = Session(graph=self.graph)
        self._fixed_values = fixed_values
        carried = (tensor for edge in self.edges for tensor in (edge.sent, edge.factor))
        needed = (*self.nodes, *self.totals.values(), *reverse.seeds, *carried)
        self._fetches = unique(tensor for tensor in needed if tensor is not None)

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
        """The trace for these values of any tensors or variables.

        Variables have their values in the session; those it does not hold take their initial ones.
        """
        fed = feeds_of(feed_dict, self.graph)
        feeds = dict(self.fixed_values(fed))
        if session is not None:
            held = [variable for variable in self._variables if session.holds(variable)]
            feeds.update(zip(held, session.run(held), strict=True))
        feeds.update(fed)
        values = dict(zip(self._fetches, self.values_of(self._fetches, feeds), strict=True))
        return assembled(self.blanks, self._run(values))

    def _run(self, values: Mapping[Tensor, Any]) -> Run:
        """The numbers of a run, each at the node or the edge that it belongs to."""
        ids = self.ids
        seeds: dict[str, Any] = {}
        for y, seed in zip(self.reverse.ys, self.reverse.seeds, strict=True):
            # A y that is listed twice starts with the sum of its seeds.
            key = ids[shown_as(y)]
            seeds[key] = seeds[key] + values[seed] if key in seeds else values[seed]
        totals = {ids[z]: values[total] for z, total in self.totals.items() if total is not None}
        carried = {
            blank.id: Carried(
                values[edge.sent],
                None if edge.factor is None else values[edge.factor],
                edge.gate,
                None if edge.whole is None else (edge.whole.text, edge.whole.latex),
            )
            for edge, blank in zip(self.edges, self.blanks.edges, strict=True)
            if edge.sent is not None
        }
        return Run({ids[z]: values[z] for z in self.nodes}, totals, seeds, carried)


def total_and_partial(
    ys: Any,
    xs: Any = None,
    grad_ys: Any = None,
    stop_gradients: Any = None,
    feed_dict: Any = None,
    session: Session | None = None,
) -> tuple[Trace, Trace]:
    """Two traces of one run, of the total and of the partial derivatives.

    The total ones stop nowhere. The partial ones stop where asked, and hold the other xs fixed,
    which is what `stop_gradients=xs` does.
    """
    ys, xs, stop_gradients = without_names(session, ys, xs, stop_gradients)
    if xs is None:
        graph = graph_of(*as_list(ys))
        xs = default_xs([as_tensor(y, graph) for y in as_list(ys)])
    stops = as_list(stop_gradients or [])
    total = Recorder(ys, xs, grad_ys)
    fixed = total.fixed_values(feeds_of(feed_dict, total.graph))
    partial = Recorder(ys, xs, grad_ys, [*stops, *as_list(xs)], fixed)
    session = session or get_default_session()
    return total.record(feed_dict, session), partial.record(feed_dict, session)
