"""The reverse pass: from ys back to xs, one gradient rule for each operation between them."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from nbgrad.errors import advise
from nbgrad.graph import Graph, Operation, Tensor, ancestors, graph_of
from nbgrad.ops.arrays import zeros_like
from nbgrad.ops.reductions import add_n
from nbgrad.registry import is_differentiable
from nbgrad.reverse_mode.endpoints import (
    as_list,
    operation_of_stop,
    seeds,
    tensor_of_x,
    tensor_of_y,
)
from nbgrad.reverse_mode.rules import apply_rule, gated, match_shape, zeros_if_trainable
from nbgrad.typing import TensorLike, Tensors


class UnconnectedGradients(enum.Enum):
    """What `gradients` gives for an x that no y depends on.

    Attributes
    ----------
    NONE
        None.
    ZERO
        Zeros of x's shape and dtype.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     x, y = ng.constant(1.0), ng.constant(2.0)
    ...     [dx] = ng.gradients(y, x, unconnected_gradients=ng.UnconnectedGradients.ZERO)
    ...     print(ng.Session().run(dx))
    0.0
    """

    NONE = "none"
    ZERO = "zero"


class AggregationMethod:
    """Ways to add several contributions, accepted for TensorFlow's sake: one is used."""

    ADD_N = DEFAULT = 0
    EXPERIMENTAL_TREE = 1
    EXPERIMENTAL_ACCUMULATE_N = 2


def gradients(
    ys: TensorLike,
    xs: TensorLike,
    grad_ys: TensorLike | None = None,
    name: str = "gradients",
    colocate_gradients_with_ops: bool = False,
    gate_gradients: bool = False,
    aggregation_method: int | None = None,
    stop_gradients: Tensors | None = None,
    unconnected_gradients: UnconnectedGradients | str = UnconnectedGradients.NONE,
) -> list[Tensor | None]:
    """For each x, a new tensor: the sum over all ys of grad_y · ∂y/∂x.

    Parameters
    ----------
    ys, xs
        A tensor or variable, or a list of them.
    grad_ys
        The weight of each y, of its shape; ones where it is None. The weights are constant
        factors: no product rule is applied to them.
    name
        The scope of the new operations.
    colocate_gradients_with_ops, gate_gradients, aggregation_method
        Accepted for TensorFlow's sake; they change no number.
    stop_gradients
        Tensors to take as constants: a gradient arrives at them, and nothing is sent on by
        the operations that made them. It binds this call only.
    unconnected_gradients
        "none" or "zero": what to give for an x that no y depends on.

    Returns
    -------
    list of Tensor or None
        One for each x, of its shape and dtype; None where no gradient can reach it.

    Raises
    ------
    LookupError
        If an operation on the way has no gradient rule.
    ValueError, TypeError
        If the arguments do not fit each other.

    Notes
    -----
    The total derivative by reverse accumulation; with every other x in `stop_gradients`, the
    partial one.

    References
    ----------
    A. Griewank and A. Walther (2008), "Evaluating derivatives", second edition, chapter 3.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     a = ng.constant(0.0)
    ...     b = 2 * a
    ...     total = ng.gradients(a + b, [a, b])
    ...     partial = ng.gradients(a + b, [a, b], stop_gradients=[a, b])
    ...     print([float(g) for g in ng.Session().run(total + partial)])
    [3.0, 1.0, 1.0, 1.0]
    """
    if aggregation_method not in (None, 0, 1, 2):
        raise ValueError(f"Invalid aggregation_method specified {aggregation_method}.")
    absent = what_is_absent(unconnected_gradients)
    sweep = reverse_pass(ys, xs, grad_ys, stop_gradients, name, gate_gradients)
    if not all(x in sweep.received for x in sweep.xs):
        sweep.graph.unanswered.append(sweep)  # for whoever asks why
    return [sweep.total(x, absent) for x in sweep.xs]


def reverse_pass(
    ys: Any,
    xs: Any,
    grad_ys: Any = None,
    stop_gradients: Any = None,
    name: str = "gradients",
    gate: bool = False,
) -> ReversePass:
    """Send gradients from `ys` back to `xs`, keeping every step so that it can be drawn."""
    ys, xs = as_list(ys), as_list(xs)
    stops = [] if stop_gradients is None else as_list(stop_gradients)
    graph = graph_of(*ys, *xs)
    began = graph.next_index
    with graph.name_scope(name or "gradients"):
        ys = [tensor_of_y(y, graph) for y in ys]
        xs = [tensor_of_x(x, ys, graph) for x in xs]
        between = operations_between(xs, ys)
        stopped = {operation_of_stop(t) for t in stops} | leaves(xs, between)
        sweep = ReversePass(graph, ys, xs, stopped, between, began)

        # Seed. Each y receives grad_y from outside: ones, unless the caller weighs it.
        for y, grad_y in zip(ys, seeds(ys, grad_ys), strict=True):
            sweep.seeds.append(grad_y)
            sweep.receive(y, grad_y)

        # Sweep. Whatever reads a tensor was created after it. So, walking from the last
        # operation to the first, we meet each one after its outputs have received it all.
        for op in reversed(between):
            with graph.inside(op.branch):
                dzs = [sweep.total(z) for z in op.outputs]
                if op in stopped or not sweep.reached(op) or not is_differentiable(op):
                    continue
                dzs = [zeros_if_trainable(z, dz) for z, dz in zip(op.outputs, dzs, strict=True)]
                with graph.name_scope(f"{op.name}_grad"):
                    dxs = apply_rule(op, dzs)
                    sent = [match_shape(op, i, dx) for i, dx in enumerate(dxs)]
                    sent = gated(op, sent) if gate else sent
            for x, dx in zip(op.inputs, sent, strict=True):
                sweep.receive(x, dx)
            sweep.steps.append(Step(op, dzs, dxs, sent))
    return sweep


class Step(NamedTuple):
    """One operation's turn in a reverse pass.

    Attributes
    ----------
    op
        The operation.
    dzs
        The gradient that had reached each of its outputs.
    dxs
        What its rule made of them, one for each input.
    sent
        The same, in the shape of each input: what left.
    """

    op: Operation
    dzs: list[Tensor | None]
    dxs: list[Tensor | None]
    sent: list[Tensor | None]


@dataclass(eq=False)
class ReversePass:
    """The record of a reverse pass: what every tensor received, and every step.

    Attributes
    ----------
    ys, xs, seeds
        What is differentiated, with respect to what, and what each y started with.
    stopped
        The operations behind which nothing was sent.
    between
        The operations that lie between, in the order of creation.
    began
        The index of the first operation made for it.
    steps
        Their turns, in the order in which they came.
    received
        The contributions that came to each tensor.
    """

    graph: Graph
    ys: list[Tensor]
    xs: list[Tensor]
    stopped: set[Operation]
    between: list[Operation]
    began: int
    seeds: list[Tensor] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    received: dict[Tensor, list[Tensor]] = field(default_factory=dict)
    _totals: dict[Tensor, Tensor] = field(default_factory=dict)

    def receive(self, tensor: Tensor, gradient: Tensor | None) -> None:
        """Put a contribution into a tensor's inbox."""
        if gradient is not None:
            self.received.setdefault(tensor, []).append(gradient)

    def reached(self, op: Operation) -> bool:
        """Whether any gradient has come to an operation's outputs."""
        return any(z in self.received for z in op.outputs)

    def total(self, tensor: Tensor, absent: Callable[[Tensor], Any] = lambda _: None) -> Any:
        """The adjoint of a tensor: one gradient for each path, added up.

        This sum is the chain rule for functions of several variables.
        """
        if tensor not in self.received:
            return absent(tensor)
        if tensor not in self._totals:
            inbox = self.received[tensor]
            self._totals[tensor] = inbox[0] if len(inbox) == 1 else add_n(inbox)
        return self._totals[tensor]


def operations_between(xs: Sequence[Tensor], ys: Sequence[Tensor]) -> list[Operation]:
    """The operations that gradients from `ys` to `xs` pass, in the order of creation.

    They depend on an x, and a y depends on them. Only real and complex numbers carry a
    gradient: what depends on an x through integers alone does not count.
    """
    reached = {x.op for x in xs}
    before_ys = ancestors(ys)
    for op in before_ys:
        if any(t.op in reached and t.dtype.is_trainable for t in op.inputs):
            reached.add(op)
    return [op for op in before_ys if op in reached]


def leaves(xs: Sequence[Tensor], between: Sequence[Operation]) -> set[Operation]:
    """The operations of those xs behind which no other x lies: the pass ends there."""
    inside = set(between)
    return {x.op for x in xs if not any(t.op in inside for t in x.op.inputs)}


def what_is_absent(choice: Any) -> Callable[[Tensor], Any]:
    """What to give for an x that received nothing.

    Raises
    ------
    ValueError
        If the choice is none of `UnconnectedGradients`.
    """
    try:
        chosen = UnconnectedGradients(choice)
    except ValueError:
        raise ValueError(
            advise(
                f"Unknown value for unconnected_gradients: {choice!r}",
                advice='Choose "none" or "zero".',
            )
        ) from None
    return zeros_like if chosen is UnconnectedGradients.ZERO else lambda _: None
