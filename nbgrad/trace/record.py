"""From a graph to a Trace: what was built once is run for any numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from nbgrad.core.default_graph import graph_of
from nbgrad.core.endpoints import as_list
from nbgrad.core.feeds import feeds_of
from nbgrad.core.graph import Tensor, ancestors
from nbgrad.core.operands import as_tensor
from nbgrad.core.registry import Effect
from nbgrad.core.session import Session, get_default_session
from nbgrad.trace.causes import adjoint_with_cause, arrivals_at
from nbgrad.trace.local_derivatives import SymbolicEdge, is_product
from nbgrad.trace.model import Adjoint, Edge, Numbers, Trace
from nbgrad.trace.paths import unique
from nbgrad.trace.structure import TraceStructure
from nbgrad.trace.tensors import default_xs, initial_value


class Recorder(TraceStructure):
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
        super().__init__(ys, xs, grad_ys, stop_gradients)
        sweep = self.sweep
        # Weights may depend on variables too, though they are not drawn.
        self._given = ancestors([*sweep.ys, *sweep.xs, *sweep.seeds])
        self._variables = [op.outputs[0] for op in self._given if op.is_variable]
        self._session = Session(graph=self.graph)
        self._held_still = held_still
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

    def held_still(self, feeds: Mapping[Tensor, Any]) -> Mapping[Tensor, Any]:
        """Values to hold still, found once: what is fed may decide the shape of a random tensor."""
        if self._held_still is None:
            self._held_still = self._initial_values(feeds)
        return self._held_still

    def _initial_values(self, feeds: Mapping[Tensor, Any]) -> dict[Tensor, Any]:
        """The initial values of variables, and one draw of each random tensor."""
        starts = {variable: initial_value(variable.op) for variable in self._variables}
        known = {tensor: start for tensor, start in starts.items() if start is not None}
        held = dict(zip(known, self.values_of(list(known.values()), feeds), strict=True))
        drawn = [t for op in self._given if op.effect is Effect.RANDOM for t in op.outputs]
        return held | dict(zip(drawn, self.values_of(drawn, {**held, **feeds}), strict=True))

    def record(self, feed_dict: Any = None, session: Session | None = None) -> Trace:
        """The trace for these numbers.

        Parameters
        ----------
        feed_dict
            Values for any tensors or variables.
        session
            Where variables have their values; those it does not hold take their initial ones.
        """
        given = feeds_of(feed_dict, self.graph)
        feeds = dict(self.held_still(given))
        if session is not None:
            held = [variable for variable in self._variables if session.holds(variable)]
            feeds.update(zip(held, session.run(held), strict=True))
        feeds.update(given)
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


def total_and_partial(
    ys: Any,
    xs: Any = None,
    grad_ys: Any = None,
    stop_gradients: Any = None,
    feed_dict: Any = None,
    session: Session | None = None,
) -> tuple[Trace, Trace]:
    """Two traces of one run, of the total and of the partial derivatives.

    The partial ones hold the other xs fixed, which is what `stop_gradients=xs` does.
    """
    if xs is None:
        graph = graph_of(*as_list(ys))
        xs = default_xs([as_tensor(y, graph) for y in as_list(ys)])
    stops = as_list(stop_gradients or [])
    free = Recorder(ys, xs, grad_ys, stops)
    still = free.held_still(feeds_of(feed_dict, free.graph))
    held = Recorder(ys, xs, grad_ys, [*stops, *as_list(xs)], held_still=still)
    session = session or get_default_session()
    return free.record(feed_dict, session), held.record(feed_dict, session)
