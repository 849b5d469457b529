"""From a graph to a Trace: nodes, edges and steps are built once, and run for any numbers.

`Recorder.__init__` builds all that is known before there is any number, in the graph's scratch
space; `Recorder.record` fills it with the numbers of one run.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
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
from nbgrad.trace.causes import Arrival, adjoint_with_cause, cause_of_none, cause_of_nothing_sent
from nbgrad.trace.formulas import Formula, function_name, result_count
from nbgrad.trace.labels import labels_of, paths_of
from nbgrad.trace.local_derivatives import (
    SymbolicEdge,
    edges_between,
    is_product,
    tracked_operations,
)
from nbgrad.trace.model import Adjoint, Edge, Local, Node, Numbers, Step, Trace
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
            computed = [tensor for tensor in self.nodes if tensor not in self._numbers]
            self.edges = edges_between(computed, self.labels, reverse)
            tracked = tracked_operations(reverse)
            self.totals = {t: reverse.total(t) for t in self.nodes if t.op in tracked}
        self._stopped = {shown_as(tensor).op for tensor in as_list(stop_gradients or [])}
        self._into = grouped(self.edges, lambda edge: edge.target)
        self._alike = grouped(self.edges, lambda edge: (edge.target, edge.source))
        self._out_of = grouped(self.edges, lambda edge: edge.source)
        pairs = zip(reverse.ys, reverse.seeds, strict=True)
        self._seeds = grouped(pairs, lambda pair: shown_as(pair[0]))
        self._blank_nodes = {tensor: self._blank_node(tensor) for tensor in self.nodes}
        self._blank_edges = {edge: self._blank_edge(edge) for edge in self.edges}
        reached = {self.ids[tensor] for tensor, total in self.totals.items() if total is not None}
        blanks = [*self._blank_nodes.values()], [*self._blank_edges.values()]
        self._steps = tuple(steps_of(*blanks, [self.ids[y] for y in self.ys], reached))
        self._prepare_runs(fixed_values)

    # What is known before there is any number ---------------------------------------------------

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
            stopped=op in self._stopped and bool(op.inputs),
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

    def _blank_edge(self, edge: SymbolicEdge) -> Edge:
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
        return Trace(
            nodes=tuple(self._nodes(values)),
            edges=tuple(self._edge(edge, values) for edge in self.edges),
            steps=self._steps,
            ys=tuple(self.ids[y] for y in self.ys),
            xs=tuple(self.ids[x] for x in self.xs),
        )

    def _nodes(self, values: Mapping[Tensor, Any]) -> list[Node]:
        """The nodes with their values and adjoints."""
        adjoints: dict[Tensor, Adjoint] = {}
        nodes = []
        culprits = self._culprits(values)
        # From the last node to the first: the cause of a zero may lie further on.
        for tensor in reversed(self.nodes):
            blank, total = self._blank_nodes[tensor], self.totals.get(tensor)
            # A y that is listed twice starts with the sum of its seeds.
            seeds = [values[seed] for _, seed in self._seeds.get(tensor, ())]
            seed = sum(seeds[1:], seeds[0]) if seeds else None
            adjoint = blank.adjoint
            if total is not None:
                arrivals = [
                    Arrival(
                        self.ids[e.target],
                        adjoints[e.target],
                        values[e.sent],
                        e.gate,
                        culprits.get(e.target),
                    )
                    for e in self._out_of.get(tensor, ())
                    if e.sent is not None
                ]
                adjoint = adjoint_with_cause(blank.id, values[total], seed, arrivals)
            adjoints[tensor] = adjoint
            value = Numbers(values[tensor])
            seed = None if seed is None else Numbers(seed)
            nodes.append(replace(blank, value=value, shape=value.shape, adjoint=adjoint, seed=seed))
        return nodes[::-1]

    def _culprits(self, values: Mapping[Tensor, Any]) -> dict[Tensor, str]:
        """For each tensor with an operand that is ∞ or NaN, the id of the node where that arose."""
        totals = (self.totals.get(tensor) for tensor in self.nodes)
        if all(total is None or all_finite(values[total]) for total in totals):
            return {}
        culprits: dict[Tensor, str] = {}
        behind: dict[Tensor, str] = {}
        for tensor in self.nodes:
            sources = (edge.source for edge in self._into.get(tensor, ()))
            known = next((culprits[each] for each in sources if each in culprits), None)
            if known is not None:
                behind[tensor] = known
            if not all_finite(values[tensor]):
                culprits[tensor] = known or self.ids[tensor]
        return behind

    def _edge(self, edge: SymbolicEdge, values: Mapping[Tensor, Any]) -> Edge:
        """The edge with its local derivative and what was sent along it."""
        blank = self._blank_edges[edge]
        if edge.sent is None or blank.local is None:
            return blank
        sent, local = values[edge.sent], blank.local
        if edge.factor is not None:
            local = replace(local, value=Numbers(values[edge.factor]))
            if edge.whole is not None and not self._multiplies(edge, values):
                text, latex = edge.whole.text, edge.whole.latex
                local = replace(local, formula=text, latex=latex, is_factor=False, value=None)
        return replace(blank, local=local, contribution=Numbers(sent))

    def _multiplies(self, edge: SymbolicEdge, values: Mapping[Any, Any]) -> bool:
        """Whether a learner's own rule has multiplied the gradient by a factor."""
        arriving = self.totals.get(edge.target)
        return arriving is None or is_product(
            values[edge.sent], values[arriving], values[edge.factor]
        )


def all_finite(value: Any) -> bool:
    """Whether there is neither ∞ nor NaN in a value; text and integers hold none."""
    return np.asarray(value).dtype.kind not in "fc" or bool(np.isfinite(value).all())


def steps_of(
    nodes: Sequence[Node], edges: Sequence[Edge], ys: Sequence[str], reached: Collection[str]
) -> Iterator[Step]:
    """The forward pass, and the reverse pass through the nodes that it reached."""
    carrying = tuple(edge for edge in edges if edge.local is not None)
    into = grouped(carrying, lambda edge: edge.target)
    out_of = grouped(carrying, lambda edge: edge.source)
    computed = (node for node in nodes if node.role in ("operation", "output"))
    yield from (Step("forward", node.id) for node in computed)
    yield from (Step("seed", y) for y in ys)
    for node in reversed(nodes):
        if node.id not in reached:
            continue
        arrived = out_of.get(node.id, ())
        if len(arrived) + (node.id in ys) > 1:
            yield Step("sum", node.id, tuple(edge.id for edge in arrived))
        sent = into.get(node.id, ())
        yield from (Step("multiply", node.id, (edge.id,)) for edge in sent)
        if not sent and node.stopped:
            yield Step("stop", node.id)


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
