"""The structure of a trace: all that is known of it before there is any number."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import numpy as np

from nbgrad.core.default_graph import graph_of
from nbgrad.core.endpoints import as_list
from nbgrad.core.gradients import reverse_pass
from nbgrad.core.graph import Tensor, ancestors
from nbgrad.trace import formulas
from nbgrad.trace.causes import cause_of_none, why_kept
from nbgrad.trace.labels import labels_of
from nbgrad.trace.local_derivatives import SymbolicEdge, edges_between, followed
from nbgrad.trace.model import Adjoint, Edge, Local, Node, Numbers, Step
from nbgrad.trace.paths import grouped, unique
from nbgrad.trace.subscripts import kind_of_cells, subscripts_of
from nbgrad.trace.symbols import called, operand_number, partial, result_count
from nbgrad.trace.tensors import drawn_tensors, itself, role_of, settled_among, with_readings


class TraceStructure:
    """The nodes, edges and steps of every trace of one question, without numbers.

    The reverse pass and the local derivatives are built in the graph's scratch space.
    """

    def __init__(self, ys: Any, xs: Any, grad_ys: Any, stop_gradients: Any) -> None:
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
            cells=kind_of_cells(op),
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
        operand = operand_number(edge, self.into[edge.target], first=result_count(op))
        symbol = partial(self.labels[edge.target].text, self.labels[edge.source].text, operand)
        formula = edge.formula
        uses = tuple(self.ids[tensor] for tensor in edge.uses)
        is_factor = edge.factor is not None
        return Edge(*ends, Local(symbol, formula.text, formula.latex, is_factor, uses=uses))


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
