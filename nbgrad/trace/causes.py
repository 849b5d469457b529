"""Why an adjoint is None, exactly zero, or not finite: the cause, and where it lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nbgrad.core.absence import absence, is_stop
from nbgrad.core.graph import Operation, Tensor
from nbgrad.core.reverse import ReversePass
from nbgrad.trace.model import Adjoint, Cause, Numbers
from nbgrad.trace.symbols import arguments_of, called
from nbgrad.trace.tensors import itself

#: What a trace says of each kind of absence; whatever else it is, no path leads there.
CAUSES: dict[str, Cause] = {
    "stopped": "stopped",
    "integer": "integer",
    "not differentiable": "not differentiable",
    "rule": "not differentiable",
}


def cause_of_none(tensor: Tensor, sweep: ReversePass) -> tuple[Cause, Tensor | None]:
    """Why no gradient reached a tensor, and the tensor where its way was cut."""
    reason = absence(tensor, sweep)
    cause = CAUSES.get(reason.kind) if reason else None
    if reason is None or cause is None or all(is_replaced(op, tensor) for op in reason.at):
        return "no path", None
    return cause, reason.at[0].outputs[0]


def why_kept(op: Operation, operand: Tensor, sweep: ReversePass) -> Cause:
    """Why an operation that a gradient reached sent none to one of its operands."""
    if op in sweep.stopped or is_stop(op):
        return "stopped"
    if not operand.dtype.is_trainable:
        return "integer"
    if operand.op not in sweep.between or is_replaced(op, operand):
        return "no path"
    return "not differentiable"


def is_replaced(op: Operation, operand: Tensor) -> bool:
    """Whether a custom gradient's rule stands in place of the way through this operand."""
    return bool(called(op)) and operand not in map(itself, arguments_of(op))


@dataclass(frozen=True)
class Arrival:
    """One contribution to an adjoint: along which edge it came, from which adjoint.

    Attributes
    ----------
    node
        The id of the node whose operation sent it.
    above
        The adjoint of that node.
    value
        The contribution.
    gate
        Whether the sender's rule chooses by a comparison.
    """

    node: str
    above: Adjoint
    value: Any
    gate: bool


def adjoint_with_cause(node: str, value: Any, seed: Any, arrivals: Sequence[Arrival]) -> Adjoint:
    """An adjoint with its state and, where it is zero or not finite, the cause.

    Parameters
    ----------
    node
        The id of the node whose adjoint it is.
    value
        Its numbers.
    seed
        What came from outside, for a y, else None.
    arrivals
        What came from the operations that read the node.
    """
    if not np.isfinite(value).all():
        cause, at = why_not_finite(node, arrivals)
        return Adjoint("not finite", cause, at, Numbers(value))
    if np.size(value) and not np.any(value):
        cause, at = why_zero(node, seed, arrivals)
        return Adjoint("zero", cause, at, Numbers(value))
    return Adjoint("number", value=Numbers(value))


def why_not_finite(node: str, arrivals: Sequence[Arrival]) -> tuple[Cause, str | None]:
    """Whether ∞ or NaN began at this node's operations, or came from further on."""
    for arrival in arrivals:
        if not np.isfinite(arrival.value).all():
            if arrival.above.state == "not finite":
                return "came from above", arrival.above.at
            return "began here", arrival.node
    return "began here", node


def why_zero(node: str, seed: Any, arrivals: Sequence[Arrival]) -> tuple[Cause, str | None]:
    """Whether terms cancelled, a factor was zero, a unit was off, or nothing but zero came."""
    terms = [arrival.value for arrival in arrivals] + ([] if seed is None else [seed])
    if any(np.any(term) for term in terms):
        return "terms cancel", node
    for arrival in arrivals:
        if arrival.above.state != "zero":
            return "unit off" if arrival.gate else "times zero", arrival.node
    if not arrivals:
        return "seed zero", node
    return arrivals[0].above.cause, arrivals[0].above.at


def arrivals_at(
    edges: Sequence[Any], values: Mapping[Tensor, Any], ids: Mapping[Tensor, str], adjoints: Any
) -> list[Arrival]:
    """The contributions that a run sent along the edges out of one tensor."""
    return [
        Arrival(ids[edge.target], adjoints[edge.target], values[edge.sent], edge.gate)
        for edge in edges
        if edge.sent is not None
    ]
